package orders_test

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

const fileHead = "order,name,email,recipient,street,city,postcode,country,carrier,service,sku,quantity\n"

// fileRow is a good row of a file of orders.
func fileRow(order, sku, quantity string) string {
	return order + ",Ann,ann@example.com,Ann Archer,Marktplatz 1,Berlin,10117,DE,own,standard," + sku + "," + quantity + "\n"
}

func (s site) load(tx *sql.Tx, file string) (orders.Loaded, error) {
	return orders.PlaceCSV(ctx, tx, strings.NewReader(file), s.warehouse, 0, noon)
}

func TestRowsOfOneKeyAreOneOrder(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	file := fileHead + fileRow("A", mugSKU, "2") + fileRow("B", mugSKU, "1") + "A,,,,,,,,,,BOWL-1,3\n"
	l, err := s.load(tx, file)
	if err != nil {
		t.Fatal(err)
	}
	if l.Made != 2 || len(l.Orders) != 2 {
		t.Fatalf("loaded %+v, want two orders", l)
	}
	if n := count(t, tx, `select count(*) from order_lines where order_id = $1`, l.Orders[0].ID); n != 2 {
		t.Errorf("order A has %d lines, want 2", n)
	}
	again, err := s.load(tx, file)
	if err != nil {
		t.Fatal(err)
	}
	if again.Made != 0 || again.Repeated != 2 || again.Orders[1].Number != l.Orders[1].Number {
		t.Errorf("the same file again: %+v, want the same two orders", again)
	}
	if n := count(t, tx, `select count(*) from orders`); n != 2 {
		t.Errorf("%d orders, want 2", n)
	}
}

// TestABadFileStoresNothing has one good order and one of each kind of bad row.
func TestABadFileStoresNothing(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	file := fileHead + fileRow("A", mugSKU, "1") + // 2
		fileRow("B", "NONE", "1") + // 3
		fileRow("C", mugSKU, "0") + // 4
		strings.Replace(fileRow("A", mugSKU, "1"), "Berlin", "Bonn", 1) + // 5: another city for the same order
		strings.Replace(fileRow("D", mugSKU, "1"), "DE", "XX", 1) + // 6
		fileRow("A", "", "") // 7
	_, err := s.load(tx, file)
	var lines []string
	for _, f := range fault.FieldsOf(err) {
		lines = append(lines, f.Name)
	}
	if want := []string{"line 3", "line 4", "line 5", "line 6", "line 7", "line 7"}; !slices.Equal(lines, want) {
		t.Errorf("bad rows %v, want %v\n%v", lines, want, err)
	}
	if n := count(t, tx, `select (select count(*) from orders) + (select count(*) from customers)`); n != 0 {
		t.Errorf("%d rows stored by a refused file", n)
	}
}

func TestHalfAFileStoresNothing(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	whole := fileHead + fileRow("A", mugSKU, "1") + fileRow("B", mugSKU, "1")
	for _, cut := range []string{whole[:len(whole)-20], "", "order\n", "\x00\x01", whole + "\"", fileHead} {
		if _, err := s.load(tx, cut); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.30q…: %v, want a refusal", cut, err)
		}
	}
	if n := count(t, tx, `select count(*) from orders`); n != 0 {
		t.Errorf("%d orders stored", n)
	}
}

func TestTenThousandBadRowsAreEachNamed(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	var file strings.Builder
	file.WriteString(fileHead)
	for i := range 10_000 {
		file.WriteString(fileRow(fmt.Sprint(i), "NONE-"+fmt.Sprint(i), "1"))
	}
	began := time.Now()
	_, err := s.load(tx, file.String())
	faults := fault.FieldsOf(err)
	if len(faults) != 10_000 || faults[9_999].Name != "line 10001" {
		t.Fatalf("%d rows named", len(faults))
	}
	if took := time.Since(began); took > 30*time.Second { // a fifth of a second where nobody else computes
		t.Errorf("took %v", took)
	}
}

func TestNaughtyFilesAreKeptOrRefused(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	for _, text := range naughty(t) {
		var file bytes.Buffer
		w := csv.NewWriter(&file)
		w.Write(strings.Split(strings.TrimSpace(fileHead), ","))
		w.Write([]string{text, text, "ann@example.com", text, text, text, "10117", "DE", "own", "standard", mugSKU, "1"})
		w.Flush()
		if _, err := s.load(tx, file.String()); err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("%q: %v", text, err)
		}
	}
}

// TestTheRealOrdersLoadInSeconds loads the 4,288 real orders as one customer on terms: every order is
// stored and released.
func TestTheRealOrdersLoadInSeconds(t *testing.T) {
	raw, err := os.ReadFile("../demo/data/items.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	db := pgtest.DB(t)
	s := set(t, db)
	var file strings.Builder
	file.WriteString("order,customer,recipient,street,city,postcode,country,carrier,service,sku,quantity\n")
	items := map[string]bool{}
	for _, r := range rows {
		items[r[2][:20]] = true
		fmt.Fprintf(&file, "%s,BIG,Ann Archer,Marktplatz 1,Berlin,10117,DE,own,standard,%s,%s\n", r[0], r[2][:20], r[1])
	}
	var l orders.Loaded
	for sku := range items {
		exec(t, db, `with i as (insert into items (sku, name, weight_g) values ($1, $1, 300) returning id)
			insert into prices (item_id, currency, amount_minor) select id, 'EUR', 100 from i`, sku)
	}
	began := time.Now()
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
		customer(t, tx, "BIG", "90000000")
		l, err = orders.PlaceCSV(ctx, tx, strings.NewReader(file.String()), s.warehouse, 0, noon)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	t.Logf("%d orders, %d lines in %v", l.Made, len(rows), took)
	if l.Made != 4288 || l.Released != 4288 {
		t.Errorf("made %d, released %d, want 4288 of both", l.Made, l.Released)
	}
	if n := count(t, db, `select count(*) from order_lines`); n != len(rows) {
		t.Errorf("%d lines, want %d", n, len(rows))
	}
	if took > 2*time.Minute { // three seconds on a machine of two idle cores; tests share theirs
		t.Errorf("took %v", took)
	}
}
