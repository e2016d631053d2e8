package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tote/internal/fault"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var columns = []Column{{Name: "sku", Required: true}, {Name: "name", Required: true}, {Name: "weight_g", Also: []string{"weight"}}}

func TestReadForgivesHowSpreadsheetsWrite(t *testing.T) {
	for name, text := range map[string]string{
		"plain":     "sku,name,weight_g\nA-1,Blue mug,310\n",
		"semicolon": "SKU;Name;Weight G\r\nA-1;Blue mug;310\r\n",
		"tab, BOM":  "\ufeffSKU\tNAME\tweight\nA-1\tBlue mug\t310",
		"other order, unknown column, blank lines": "weight,remark,name,sku\n\n310,x, Blue mug ,A-1\n,,,\n",
	} {
		rows, err := Read(strings.NewReader(text), columns...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := []string{rows[0].Get("sku"), rows[0].Get("name"), rows[0].Get("weight_g")}
		if diff := cmp.Diff([]string{"A-1", "Blue mug", "310"}, got); diff != "" || len(rows) != 1 {
			t.Errorf("%s: %d rows %s", name, len(rows), diff)
		}
	}
}

func TestReadNamesEveryBadLine(t *testing.T) {
	for text, want := range map[string][]string{
		"sku,name\nA\nB,b\nC,c,c\n":             {"line 2", "line 4"},
		"sku,name\nA,a\nB,\"half a file":        {"line 3"},
		"sku\nA\n":                              {"line 1"},
		"sku,name\nA,a\x00b\nB,b\n":             {"line 2"},
		"sku,name\nA,\"two\nlines\"\nB,b\x07\n": {"line 4"},
	} {
		_, err := Read(strings.NewReader(text), columns...)
		var got []string
		for _, f := range fault.FieldsOf(err) {
			got = append(got, f.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// Ten thousand bad rows: the first are explained, all are named, and the answer still fits a screen.
func TestReadNamesTenThousandBadLines(t *testing.T) {
	var text strings.Builder
	text.WriteString("sku,name\n")
	for i := range 10_000 {
		fmt.Fprintf(&text, "A-%d\n", i)
	}
	text.WriteString("A,good\nB\n")
	_, err := Read(strings.NewReader(text.String()), columns...)
	bad := fault.FieldsOf(err)
	if len(bad) != told+1 || bad[0].Name != "line 2" {
		t.Fatalf("%d faults, want %d", len(bad), told+1)
	}
	if want := "9951 more lines are wrong too: 52–10001, 10003."; bad[told].Message != want {
		t.Errorf("the last says %q, want %q", bad[told].Message, want)
	}
}

func TestReadRefusesWhatIsNoTable(t *testing.T) {
	for _, text := range []string{"", "sku,name\n", "\xff\xfe\x00", "\n\n"} {
		if _, err := Read(strings.NewReader(text), columns...); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v, want a refusal", text, err)
		}
	}
}

func TestCellsAreCheckedByTheirMeaning(t *testing.T) {
	rows, err := Read(strings.NewReader("sku,name,weight_g\nA,,-1\n"), columns...)
	if err != nil {
		t.Fatal(err)
	}
	var bad fault.Fields
	rows[0].Text(&bad, "name", 10)
	rows[0].Int(&bad, "weight_g", 0, 100, 0)
	rows[0].OneOf(&bad, "sku", "b", "c")
	if len(bad) != 3 {
		t.Errorf("faults: %v, want three", bad)
	}
}

func TestWhatIsWrittenReadsBackAndRunsNoFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOf(rapid.SampledFrom([]rune("=+-@'\" ,;\tab1éß…"))).Draw(t, "cell")
		var out bytes.Buffer
		if err := Write(&out, []string{"sku", "name"}, [][]string{{"x", cell}}); err != nil {
			t.Fatal(err)
		}
		rows, err := Read(&out, columns...)
		if err != nil {
			t.Fatal(err)
		}
		if got := rows[0].Get("name"); got != strings.TrimSpace(cell) {
			t.Fatalf("%q came back as %q", cell, got)
		}
	})
}
