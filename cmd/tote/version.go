package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// commit is the commit of this build as "make build" stamps it; go build alone leaves it to what Go noted itself.
var commit string

// version is "tote version".
type version struct{}

func (version) Run() error {
	fmt.Println(release())
	return nil
}

// release names this build: the commit it was made from, with a mark when files had been changed.
func release() string {
	return fmt.Sprintf("tote %s, %s %s/%s", cmp.Or(commit, noted(), "of an unknown commit"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// noted is the commit that Go wrote into the program when it was built in a clone.
func noted() (revision string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	changed := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+changes"
		}
	}
	if revision == "" {
		return ""
	}
	return revision + changed
}
