package labels

import (
	"encoding/json"
	"errors"
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
		all, err := v.settings().readBracketed(v.In)
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
		all, err := v.settings().readBracketed(v.In)
		if err == nil {
			err = v.settings().check(all)
		}
		if (err == nil) != v.OK {
			t.Errorf("line %d %q: %v, want ok %v", v.Line, v.In, err, v.OK)
		}
	}
}

func TestDigitalLinkVectors(t *testing.T) {
	for _, v := range engineVectors(t, "dl.parseDLuri") {
		all, err := v.settings().readLink(v.In)
		if (err == nil && all != nil) != v.OK || v.OK && engine(all) != v.Out {
			t.Errorf("line %d %q: %q, %v, want ok %v, %q %q", v.Line, v.In, engine(all), err, v.OK, v.Out, v.Settings)
		}
	}
}

// A raw scan agrees when the elements are the engine's, or the text is, or
// both say that it is not GS1 data, or that there is nothing in it.
func TestScanVectors(t *testing.T) {
	for _, v := range engineVectors(t, "scandata.ProcessScanData") {
		c, err := v.settings().parse(v.In)
		agrees := engine(c.Elements) == ""
		switch {
		case v.OK && v.Out == "":
			agrees = err != nil && strings.Contains(err.Error(), "empty")
		case v.OK:
			agrees = err == nil && sameScan(v.Out, c)
		}
		if !agrees {
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
		all, _ := rules{}.readLink(want)
		return got == engine(all)
	case digits(want):
		return got == "^01"+pad14(want)
	}
	return c.Kind == KindUnknown && c.Value == strings.Replace(want, `\^`, "^", 1)
}

// settings are the engine's, as its tests had set them when a vector's turn came.
func (v vector) settings() rules {
	var r rules
	for _, s := range v.Settings {
		on := strings.Contains(s, "true")
		switch {
		case strings.Contains(s, "permitConvenienceAlphas"):
			r.names = on
		case strings.Contains(s, "PermitZeroSuppressedGTIN"):
			r.short = on
		case strings.Contains(s, "PermitUnknownAIs"):
			r.unlisted = on
		case strings.Contains(s, "UNKNOWN_AI_NOT_DL_ATTR"):
			r.attached = !on
		}
	}
	return r
}

// What GS1 has given out only its register knows: the vectors about it tell what it answered.
func TestLinterVectors(t *testing.T) {
	var file struct {
		Vectors []struct {
			Linter, In, Error string
			OK                bool
		}
	}
	readVectors(t, "testdata/gs1/linter-vectors.json", &file)
	everybody := companyPrefix
	defer func() { companyPrefix = everybody }()
	seen := map[string]bool{}
	for _, v := range file.Vectors {
		check := linters[v.Linter]
		if v.Linter == "linter" {
			continue // the shape of all others
		}
		if check == nil {
			t.Fatalf("there is no check %s", v.Linter)
		}
		companyPrefix = everybody
		if strings.Contains(v.Error, "GCP_PREFIX") || strings.Contains(v.Error, "GCP_DATASOURCE") {
			companyPrefix = func(string) error { return errors.New(v.Error) }
		}
		seen[v.Linter] = true
		if err := check(v.In); (err == nil) != v.OK {
			t.Errorf("%s(%q): %v, want ok %v", v.Linter, v.In, err, v.OK)
		}
	}
	if len(seen) != len(linters) {
		t.Errorf("%d of %d checks have vectors", len(seen), len(linters))
	}
}

// What the engine writes into symbols and links reads back as what it was given.
func TestWhatTheEngineWritesIsRead(t *testing.T) {
	for _, v := range engineVectors(t, "scandata.GenerateScanData") {
		if !v.OK {
			continue
		}
		c, err := v.settings().parse(v.Out)
		if err != nil || !wrote(v.In, c) {
			t.Errorf("line %d %q: %+v, %v, want %q", v.Line, v.Out, c, err, v.In)
		}
	}
	for _, v := range engineVectors(t, "dl.GenerateDLuri") {
		if !v.OK {
			continue
		}
		r := v.settings()
		want, err := r.readBracketed(v.In)
		got, lerr := r.readLink(v.Out)
		if err != nil || lerr != nil || !sameElements(got, want) {
			t.Errorf("line %d %q: %v, %v %v, want %v", v.Line, v.Out, got, err, lerr, want)
		}
	}
}

// wrote reports whether a scan is what the engine was given to write: a text with ^ behind a backslash, a GTIN maybe
// without its check digit, or elements, a composite's second part behind "|".
func wrote(given string, c Code) bool {
	if c.Kind == KindUnknown {
		return c.Value == strings.Replace(given, `\^`, "^", 1)
	}
	first, composite, _ := strings.Cut(given, "|")
	if digits(first) {
		if d, ok := CheckDigit(first); ok && !checked(first) {
			first += string(d)
		}
		first = "01" + pad14(first)
	}
	bare := func(s string) string { return strings.ReplaceAll(s, "^", "") }
	return bare(first+composite) == bare(engine(c.Elements))
}

// sameElements takes the order of a link for no difference, nor what was said twice.
func sameElements(got, want Elements) bool {
	for _, x := range want {
		if got.Get(x.AI) != x.Value {
			return false
		}
	}
	for _, x := range got {
		if want.Get(x.AI) != x.Value {
			return false
		}
	}
	return len(got) > 0
}
