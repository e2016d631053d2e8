package webtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Violation is a finding of axe-core on a page.
type Violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v Violation) String() string {
	s := fmt.Sprintf("%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		s += "\n  " + n.HTML + "\n    " + n.Summary
	}
	return s
}

// Accessible fails the test for every serious or critical finding of axe-core on the page.
func (b *Browser) Accessible() {
	b.t.Helper()
	file := filepath.Join(root(), "internal", "web", "assets", "node_modules", "axe-core", "axe.min.js")
	axe, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatalf("axe-core is missing: run “make assets”: %v", err)
	}
	Eval[bool](b, string(axe)+";true")
	raw := Eval[string](b, `axe.run(document, {resultTypes: ["violations"]}).then((r) => JSON.stringify(
		r.violations.filter((v) => v.impact === "serious" || v.impact === "critical")))`)
	var found []Violation
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range found {
		b.t.Errorf("%s: %s", Eval[string](b, "location.pathname"), v)
	}
}
