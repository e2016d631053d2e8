package inventory_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/labels"
)

func parse(t *testing.T, code string) labels.Code {
	t.Helper()
	c, err := labels.Parse(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func count(t *testing.T, q pg.Querier, table string) (n int) {
	t.Helper()
	if err := q.QueryRowContext(ctx, `select count(*) from `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestImportItems(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	const table = "\ufeffSKU;Name;Length;width_mm;HEIGHT;weight;barcode;home bin\r\n" +
		"IMP-1;Blue mug;120;90;100;310;4006381333931 14006381333938*12;A-01-1-A\r\n" +
		"IMP-2;=cmd()|'x';;;;;;\r\n"
	n, err := inventory.ImportItems(ctx, tx, s.Warehouse, strings.NewReader(table))
	if err != nil || n != 2 {
		t.Fatalf("ImportItems = %d, %v", n, err)
	}
	for code, quantity := range map[string]int64{"4006381333931": 1, "]E04006381333931": 1, "(01)14006381333938": 12, "imp-1": 1} {
		i, q, err := inventory.FindBarcode(ctx, tx, parse(t, code))
		if err != nil || q != quantity || i.SKU != "IMP-1" || i.WeightG != 310 {
			t.Errorf("FindBarcode(%s) = %+v, %d, %v", code, i, q, err)
		}
	}
	// a second file changes what it names and leaves the rest
	if n, err := inventory.ImportItems(ctx, tx, s.Warehouse, strings.NewReader("sku,name,weight_g\nimp-1,Green mug,300\n")); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	i, err := inventory.FindItem(ctx, tx, "IMP-1")
	if err != nil || i.Name != "Green mug" || i.WeightG != 300 || i.LengthMM != 120 {
		t.Errorf("after the second file %+v, %v", i, err)
	}
	var out bytes.Buffer
	if err := inventory.ExportItems(ctx, tx, s.Warehouse, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "04006381333931 14006381333938*12,A-01-1-A") || !strings.Contains(out.String(), ",'=cmd()|'x',") {
		t.Errorf("exported:\n%s", out.String())
	}
	if n, err := inventory.ImportItems(ctx, tx, s.Warehouse, &out); n != 2 || err != nil {
		t.Errorf("the export does not read back: %d, %v", n, err)
	}
}

func TestImportItemsNamesEveryBadLineAndStoresNothing(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	other := s.Item("OTHER", "4006381333931")
	before := count(t, tx, "items")
	const table = `sku,name,weight_g,barcodes,home
GOOD-1,Good,1,,
,no sku,1,,
A B,bad sku,1,,
C-1,,1,,
D-1,heavy,-5,,
E-1,check digit,1,4006381333932,
F-1,taken,1,4006381333931,
good-1,twice,1,,
H-1,ours,1,B-A-01,
I-1,homeless,1,,Z-99
J-1,many,1,ABC*0,
K-1,code is an sku,1,GOOD-1,
`
	n, err := inventory.ImportItems(ctx, tx, s.Warehouse, strings.NewReader(table))
	var lines []string
	for _, f := range fault.FieldsOf(err) {
		t.Log(f.Message)
		lines = append(lines, f.Name)
	}
	want := []string{"line 3", "line 4", "line 5", "line 6", "line 7", "line 8", "line 9", "line 10", "line 11", "line 12", "line 13"}
	if diff := cmp.Diff(want, lines); diff != "" || n != 0 {
		t.Errorf("bad lines: %s", diff)
	}
	if i, err2 := inventory.ItemByID(ctx, tx, other); err2 != nil || !strings.Contains(fault.Message(err), i.Name) {
		t.Errorf("the refusal of line 8 does not name %s: %v", i.Name, err2)
	}
	if after := count(t, tx, "items"); after != before {
		t.Errorf("%d items stored", after-before)
	}
}

func TestImportRefusesHalfATableAndTenThousandBadRows(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	_, err := inventory.ImportItems(ctx, tx, s.Warehouse, strings.NewReader("sku,name\nA-1,\"half"))
	if !errors.Is(err, fault.Invalid) {
		t.Errorf("half a table: %v", err)
	}
	var table strings.Builder
	table.WriteString("sku,name,weight_g\n")
	for i := range 10_000 {
		fmt.Fprintf(&table, "X-%d,,heavy\n", i)
	}
	start := time.Now()
	_, err = inventory.ImportItems(ctx, tx, s.Warehouse, strings.NewReader(table.String()))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
	if m := fault.Message(err); !strings.Contains(m, "Line 2:") || !strings.Contains(m, "–10001") || len(m) > 8000 {
		t.Errorf("the answer has %d characters: %.200s", len(m), m)
	}
}

func TestImportLocations(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	const table = `code,kind,parent,use,x_mm,y_mm,z_mm,sequence
q-01-1-a,bin,Q-01-1,overstock,100,200,300,7
Q,zone,,,,,,
Q-01,bay,Q,,100,200,,
Q-01-1,level,Q-01,,100,200,300,
T-77,tote,,,,,,
`
	if n, err := inventory.ImportLocations(ctx, tx, s.Warehouse, strings.NewReader(table)); n != 5 || err != nil {
		t.Fatalf("ImportLocations = %d, %v", n, err)
	}
	bin, err := inventory.FindLocation(ctx, tx, s.Warehouse, parse(t, "b-q-01-1-a"))
	if err != nil || bin.Use != inventory.Overstock || bin.ZMM != 300 || bin.Sequence != 7 || bin.Parent == 0 {
		t.Errorf("the bin is %+v, %v", bin, err)
	}
	// a second file changes the use, and promises follow
	mug := s.Item("MUG")
	s.Stock(mug, bin.ID, 3)
	if _, err := inventory.Reserve(ctx, tx, want(s, "O-1.1", mug, 2)); err != nil {
		t.Fatal(err)
	}
	if n, err := inventory.ImportLocations(ctx, tx, s.Warehouse, strings.NewReader("code,use\nQ-01-1-A,hospital\n")); n != 1 || err != nil {
		t.Fatalf("ImportLocations = %d, %v", n, err)
	}
	if a, err := inventory.Available(ctx, tx, s.Warehouse, mug); err != nil || a.Held != 0 || a.Short != 2 || a.OnHand != 3 {
		t.Errorf("in hospital: %+v, %v", a, err)
	}
	var out bytes.Buffer
	if err := inventory.ExportLocations(ctx, tx, s.Warehouse, &out); err != nil {
		t.Fatal(err)
	}
	if n, err := inventory.ImportLocations(ctx, tx, s.Warehouse, &out); err != nil || n < 5 {
		t.Errorf("the export does not read back: %d, %v", n, err)
	}
	if b := broken(t, tx); len(b) > 0 {
		t.Errorf("broken: %q", b)
	}
}

func TestImportLocationsRefusesLoopsAndStrangers(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	for _, table := range []string{
		"code,kind,parent\nX-1,bin,NOWHERE\n",
		"code,kind,parent\nX-1,bin,\nX-1,bin,\n",
		"code,kind,parent\nX-1,shed,\n",
		"code,kind,parent\nSUPPLIER-2,supplier,\n",
		"code,kind,parent\nC-1,cart,C-2\nC-2,cart,C-1\n",
		"code,kind,x_mm\nX-1,bin,-1\n",
		"code,kind,parent\nZ-1,zone,A-01-1-A\n",
	} {
		if n, err := inventory.ImportLocations(ctx, tx, s.Warehouse, strings.NewReader(table)); !errors.Is(err, fault.Invalid) {
			t.Errorf("%q: %d, %v", table, n, err)
		}
	}
}

// What bins take comes with the table of locations and goes out with it; an empty cell leaves it, "class" takes it back.
func TestLimitsInTheTableOfLocations(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	send := func(rows string) error {
		_, err := inventory.ImportLocations(ctx, tx, s.Warehouse, strings.NewReader("code,kind,max_weight_g,max_volume_ml,max_pieces,max_packages,mixing\n"+rows))
		return err
	}
	if err := send("A-01-1-A,bin,500,,7,0,item\nZ-1,bin,,,9,,\n"); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := inventory.ExportLocations(ctx, tx, s.Warehouse, &out); err != nil || !strings.Contains(out.String(), ",500,,7,0,item\n") || !strings.Contains(out.String(), ",,,9,,\n") {
		t.Errorf("%v %s", err, out.String())
	}
	if err := send("A-01-1-A,bin,,,class,,mixed\n"); err != nil {
		t.Fatal(err)
	}
	if l, err := inventory.OwnLimits(ctx, tx, s.Bins[0]); err != nil || l.WeightG != 500 || l.Pieces != inventory.AsClass || l.Mixing != inventory.Mixed {
		t.Errorf("%+v, %v", l, err)
	}
	if err := send("A,aisle,5,,,,\nA-01-1-B,bin,-1,,,,heap\n"); len(fault.FieldsOf(err)) < 2 {
		t.Errorf("taken: %v", err)
	}
}
