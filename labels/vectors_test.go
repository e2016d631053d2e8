package labels

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The vectors are the test tables of GS1's own syntax engine and linters,
// values only (testdata/gs1, Apache-2.0).
type vector struct {
	Fn, In, Out, Sym, Linter string
	OK                       bool
	Line                     int
	Settings                 []string `json:"settings_since_test_start"`
}

func engineVectors(t *testing.T, set string) []vector {
	t.Helper()
	var file struct{ Sets map[string][]vector }
	readVectors(t, "testdata/gs1/syntax-engine-vectors.json", &file)
	if len(file.Sets[set]) == 0 {
		t.Fatalf("there are no vectors in %s", set)
	}
	return file.Sets[set]
}

func readVectors(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// engine writes elements in the engine's own notation, ^ for FNC1.
func engine(e Elements) string {
	if len(e) == 0 {
		return ""
	}
	return "^" + strings.ReplaceAll(e.Data(), gs, "^")
}

func TestBracketedVectors(t *testing.T) {
	for _, v := range engineVectors(t, "ai.parseAIdata") {
		all, err := readBracketed(v.In)
		if (err == nil) != v.OK || v.OK && engine(all) != v.Out {
			t.Errorf("line %d %q: %q, %v, want ok %v, %q", v.Line, v.In, engine(all), err, v.OK, v.Out)
		}
	}
}

func TestElementStringVectors(t *testing.T) {
	for _, v := range engineVectors(t, "ai.processAIdata") {
		body, found := strings.CutPrefix(v.In, "^")
		all, err := readElements(strings.ReplaceAll(body, "^", gs))
		for _, x := range all {
			if e := dictionary()[x.AI].lint(x.Value); e != nil {
				err = e
			}
		}
		if (err == nil && found) != v.OK {
			t.Errorf("line %d %q: %v, want ok %v", v.Line, v.In, err, v.OK)
		}
	}
}

func TestPairVectors(t *testing.T) {
	for _, v := range engineVectors(t, "ai.validateAIs") {
		all, err := readBracketed(v.In)
		if err == nil {
			err = all.Check()
		}
		if agrees := (err == nil) == v.OK; !v.differs(t, agrees) && !agrees {
			t.Errorf("line %d %q: %v, want ok %v", v.Line, v.In, err, v.OK)
		}
	}
}

func TestDigitalLinkVectors(t *testing.T) {
	for _, v := range engineVectors(t, "dl.parseDLuri") {
		all, err := readLink(v.In)
		agrees := (err == nil && all != nil) == v.OK && (!v.OK || engine(all) == v.Out)
		if !v.differs(t, agrees) && !agrees {
			t.Errorf("line %d %q: %q, %v, want ok %v, %q %q", v.Line, v.In, engine(all), err, v.OK, v.Out, v.Settings)
		}
	}
}

// A raw scan agrees when the elements are the engine's, or the text is, or
// both say that it is not GS1 data.
func TestScanVectors(t *testing.T) {
	for _, v := range engineVectors(t, "scandata.ProcessScanData") {
		c, err := Parse(v.In)
		agrees := engine(c.Elements) == ""
		if v.OK {
			agrees = err == nil && sameScan(v.Out, c)
		}
		if !v.differs(t, agrees) && !agrees {
			t.Errorf("line %d %q: %+v, %v, want ok %v, %q", v.Line, v.In, c, err, v.OK, v.Out)
		}
	}
}

func sameScan(want string, c Code) bool {
	got := engine(c.Elements)
	first, composite, two := strings.Cut(want, "|^")
	switch {
	case two:
		return got == "^01"+pad14(first)+strings.ReplaceAll(composite, "|", "")
	case strings.HasPrefix(want, "^"):
		return got == want
	case strings.HasPrefix(strings.ToLower(want), "http"):
		all, _ := readLink(want)
		return got == engine(all)
	case digits(want):
		return got == "^01"+pad14(want)
	}
	return c.Kind == KindUnknown && c.Value == strings.Replace(want, `\^`, "^", 1)
}

// otherwise names the vectors we answer otherwise, by the line of their test
// table, and why.
var otherwise = map[string]string{
	"validateAIrepeats 2059":       "engine set to allow unknown identifiers; we cannot know where their values end",
	"test_parseDLuri 1767":         "the same",
	"test_parseDLuri 1437":         "engine set to allow names for identifiers, which the standard has dropped",
	"test_parseDLuri 1438":         "the same",
	"test_parseDLuri 1439":         "the same",
	"test_parseDLuri 1454":         "engine set to refuse GTINs without their leading zeros; we take them",
	"test_parseDLuri 1464":         "the same",
	"test_parseDLuri 1474":         "the same",
	"test_parseDLuri 1489":         "the same",
	"test_parseDLuri 1499":         "the same",
	"test_testProcessScanData 930": "some readers send UPC-A with its twelve digits",
	"test_testProcessScanData 852": "an empty symbol; we ask for another scan",
	"test_testProcessScanData 879": "the same",
	"test_testProcessScanData 894": "the same",
}

// differs reports whether we answer a vector otherwise on purpose, and fails
// when we do not any more: an exception that is not needed must go.
func (v vector) differs(t *testing.T, agrees bool) bool {
	t.Helper()
	why := otherwise[v.Fn+" "+strconv.Itoa(v.Line)]
	if why != "" && agrees {
		t.Errorf("line %d %q agrees, but is excepted: %s", v.Line, v.In, why)
	}
	return why != ""
}

func TestLinterVectors(t *testing.T) {
	var file struct{ Vectors []vector }
	readVectors(t, "testdata/gs1/linter-vectors.json", &file)
	for _, v := range file.Vectors {
		check := linters[v.Linter]
		if check == nil {
			continue
		}
		if err := check(v.In); (err == nil) != v.OK {
			t.Errorf("%s(%q): %v, want ok %v", v.Linter, v.In, err, v.OK)
		}
	}
}
