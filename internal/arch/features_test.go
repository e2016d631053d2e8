package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testNamed   = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)\w+(?:/[\w-]+)?`)
	testWritten = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
)

// stock is every row that a stock order needs from its form to the doorstep and back.
const stock = `A1 A2 A3 A6 A7 A8 A9 S1 S3 C1 C2 C4 D1 D2 D5 D6 E2 E3 E7 F1 F2 F3 F5 G1 G9 G11 G12 G14 G15 G16 G17 G19 O7
	H1 H2 H3 H4 I1 I3 I4 I8 J1 J2 L1 K1 K3 K4 M1 M2 M4 M5 M6 M10 M11`

// TestFeaturesNameTestsThatExist holds docs/features.md to the code: each row stands there once, has a page, and
// every test it names is there; a story is named as TestStories/its-file.
func TestFeaturesNameTestsThatExist(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "features.md"))
	if err != nil {
		t.Fatal(err)
	}
	written, seen := testsWritten(t), map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		row := strings.TrimSpace(cells[0])
		if len(cells) < 2 || row == "row" || strings.Trim(row, "-: ") == "" {
			continue
		}
		if len(cells) != 4 || strings.TrimSpace(cells[3]) == "" {
			t.Errorf("%s: a row has four cells and a page", row)
			continue
		}
		if seen[row] {
			t.Errorf("%s stands there twice", row)
		}
		seen[row] = true
		named := testNamed.FindAllString(cells[2], -1)
		if len(named) == 0 {
			t.Errorf("%s names no test", row)
		}
		for _, name := range named {
			if !written[name] {
				t.Errorf("%s: there is no %s", row, name)
			}
		}
	}
	for row := range strings.FieldsSeq(stock) {
		if !seen[row] {
			t.Errorf("%s is missing", row)
		}
	}
}

// testsWritten is the name of every test of the project, and of every story.
func testsWritten(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "node_modules":
			return filepath.SkipDir
		case strings.HasSuffix(path, ".txtar"):
			all["TestStories/"+strings.TrimSuffix(d.Name(), ".txtar")] = true
		case strings.HasSuffix(path, "_test.go"):
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range testWritten.FindAllStringSubmatch(string(source), -1) {
				all[m[1]] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
