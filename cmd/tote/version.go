package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is "tote version".
type version struct{}

func (version) Run() error {
	fmt.Println(release())
	return nil
}

// release names this build: the commit it was made from, with a mark when files had been changed.
func release() string {
	revision, changed := "unknown", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				revision = s.Value[:min(12, len(s.Value))]
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = "+changes"
			}
		}
	}
	return fmt.Sprintf("tote %s%s, %s %s/%s", revision, changed, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
