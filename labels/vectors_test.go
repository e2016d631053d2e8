package labels

import (
	"encoding/json"
	"os"
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
		if otherwise[v.In] != "" {
			continue
		}
		all, err := readBracketed(v.In)
		if err == nil {
			err = all.Check()
		}
		if (err == nil) != v.OK {
			t.Errorf("line %d %q: %v, want ok %v", v.Line, v.In, err, v.OK)
		}
	}
}

func TestDigitalLinkVectors(t *testing.T) {
	for _, v := range engineVectors(t, "dl.parseDLuri") {
		if otherwise[v.In] != "" {
			continue
		}
		all, err := readLink(v.In)
		if (err == nil && all != nil) != v.OK || v.OK && engine(all) != v.Out {
			t.Errorf("line %d %q: %q, %v, want ok %v, %q %q", v.Line, v.In, engine(all), err, v.OK, v.Out, v.Settings)
		}
	}
}

// A raw scan agrees when the elements are the engine's, or the text is, or
// both say that it is not GS1 data.
func TestScanVectors(t *testing.T) {
	for _, v := range engineVectors(t, "scandata.ProcessScanData") {
		if otherwise[v.In] != "" {
			continue
		}
		c, err := Parse(v.In)
		if got := engine(c.Elements); err != nil && v.OK || !v.OK && got != "" || v.OK && !sameScan(v.Out, c) {
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

// otherwise names the vectors we answer otherwise, and why.
var otherwise = map[string]string{
	"(89)ABC(89)ABC(89)ABC":                                  "engine set to allow unknown identifiers; we cannot know where their values end",
	"https://example.com/01/09520123456788?99=XYZ&89=ABC123": "the same",
	"https://a/gtin/12312312312333":                          "engine set to allow names for identifiers, which the standard has dropped",
	"https://a/gtin/12312312312333/ser/ABC123":               "the same",
	"https://a/sscc/006141411234567890":                      "the same",
	"https://a/01/2112345678900":                             "given twice, with short GTINs allowed and not; we allow them",
	"https://a/01/416000336108":                              "the same",
	"https://a/01/02345673":                                  "the same",
	"https://a/8004/9520614141234567?01=2112345678900":       "the same",
	"https://a/8004/9520614141234567?01=02345673":            "the same",
	"]E0123456789012":                                        "some readers send UPC-A with its twelve digits",
	"]Q1":                                                    "an empty symbol; we ask for another scan",
	"]d1":                                                    "the same",
	"]J0":                                                    "the same",
}

// An exception that is no longer needed must go.
func TestOtherwiseIsUsed(t *testing.T) {
	seen := map[string]bool{}
	for _, set := range []string{"ai.validateAIs", "dl.parseDLuri", "scandata.ProcessScanData"} {
		for _, v := range engineVectors(t, set) {
			seen[v.In] = true
		}
	}
	for in := range otherwise {
		if !seen[in] {
			t.Errorf("no vector reads %q", in)
		}
	}
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
