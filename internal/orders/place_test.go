package orders_test

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

func TestAnOrderIsPricedByUs(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.place(t, tx, "k1", form())
	if want := (orders.Money{Minor: 1785, Currency: "EUR"}); p.Total != want {
		t.Errorf("total = %v, want %v", p.Total, want)
	}
	f := form()
	f.Lines = []orders.FormLine{{SKU: bowlSKU, Quantity: "2", Price: "10"}, {SKU: mugSKU, Quantity: "2"}} // 2.2 kg: three started
	if got := s.place(t, tx, "k2", f).Total.Minor; got != 4403 {
		t.Errorf("total with a price of one's own = %d, want 4403 (30.00 + 7.00 + 7.03)", got)
	}
}

func TestOrderNumbersRise(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	first, second := s.place(t, tx, "k1", form()), s.place(t, tx, "k2", form())
	if second.Number <= first.Number {
		t.Errorf("%s was placed after %s", second.Number, first.Number)
	}
	if first.Customer != second.Customer {
		t.Error("one e-mail became two customers")
	}
	if first.Journey == second.Journey || len(first.Journey) < 26 {
		t.Errorf("journey tokens %q and %q", first.Journey, second.Journey)
	}
}

func TestTheSameSubmissionIsTheSameOrder(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	first := s.place(t, tx, "k1", form())
	again := s.place(t, tx, "k1", form())
	if !again.Repeated || again.Number != first.Number {
		t.Errorf("the second sending became %s (repeated: %v), want %s", again.Number, again.Repeated, first.Number)
	}
	f := form()
	f.Lines[0].Quantity = "3"
	if _, err := orders.Place(ctx, tx, s.sent("k1", f)); !errors.Is(err, fault.Conflict) {
		t.Errorf("other content under the same key: %v, want a conflict", err)
	}
	if n := count(t, tx, `select count(*) from orders`); n != 1 {
		t.Errorf("%d orders, want 1", n)
	}
}

func TestManySendingsAtOnceMakeOneOrder(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	numbers := make([]orders.Number, 20)
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() {
			if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				p, err := orders.Place(ctx, tx, s.sent("k1", form()))
				numbers[i] = p.Number
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if slices.Sort(numbers); len(slices.Compact(numbers)) != 1 {
		t.Errorf("the sendings were answered with several orders: %v", numbers)
	}
	if n := count(t, db, `select count(*) from orders`); n != 1 {
		t.Errorf("%d orders, want 1", n)
	}
	if n := count(t, db, `select count(*) from order_lines`); n != 1 {
		t.Errorf("%d lines, want 1", n)
	}
}

// TestABadFormNamesEveryBadField empties or spoils every mandatory field in turn, then all at once.
func TestABadFormNamesEveryBadField(t *testing.T) {
	spoil := map[string]func(*orders.Form){
		"name":             func(f *orders.Form) { f.Name = "" },
		"email":            func(f *orders.Form) { f.Email = "ann at example" },
		"recipient":        func(f *orders.Form) { f.Recipient = " " },
		"street":           func(f *orders.Form) { f.Street = "" },
		"city":             func(f *orders.Form) { f.City = "Ber\x00lin" },
		"postcode":         func(f *orders.Form) { f.Postcode = "" },
		"country":          func(f *orders.Form) { f.Country = "XX" },
		"carrier":          func(f *orders.Form) { f.Carrier = "pigeon" },
		"service":          func(f *orders.Form) { f.Service = "" },
		"priority":         func(f *orders.Form) { f.Priority = "x" },
		"promised":         func(f *orders.Form) { f.Promised = "2026-11-19" },
		"notes":            func(f *orders.Form) { f.Notes = "bell\a" },
		"reference":        func(f *orders.Form) { f.Reference = strings.Repeat("x", 81) },
		"lines.0.sku":      func(f *orders.Form) { f.Lines[0].SKU = "NONE" },
		"lines.0.quantity": func(f *orders.Form) { f.Lines[0].Quantity = "0" },
		"lines.0.price":    func(f *orders.Form) { f.Lines[0].Price = "-1" },
	}
	tx := pgtest.Tx(t)
	s := set(t, tx)
	worst, names := form(), []string{}
	for name, damage := range spoil {
		f := form()
		damage(&f)
		_, err := orders.Place(ctx, tx, s.sent("bad "+name, f))
		if got := fieldNames(err); !slices.Equal(got, []string{name}) {
			t.Errorf("with a bad %s the fields named are %v (%v)", name, got, err)
		}
		damage(&worst)
		names = append(names, name)
	}
	_, err := orders.Place(ctx, tx, s.sent("worst", worst))
	slices.Sort(names)
	if diff := cmp.Diff(names, fieldNames(err)); diff != "" {
		t.Errorf("with everything bad (-want +got):\n%s", diff)
	}
	if n := count(t, tx, `select (select count(*) from orders) + (select count(*) from customers)`); n != 0 {
		t.Errorf("%d rows stored by refused forms", n)
	}
}

func fieldNames(err error) []string {
	var names []string
	for _, f := range fault.FieldsOf(err) {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return names
}

func TestAFormWithoutLinesIsRefused(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	f := form()
	f.Lines = nil
	if _, err := orders.Place(ctx, tx, s.sent("k", f)); !slices.Equal(fieldNames(err), []string{"lines"}) {
		t.Errorf("an order of nothing: %v", err)
	}
}

func TestACustomerWeHaveIsFoundByCodeOrEmail(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	id := customer(t, tx, "ACME", "")
	for _, who := range []string{"acme", "ACME", "Acme@Example.com"} {
		f := form()
		f.Customer, f.Name, f.Email = who, "", ""
		if p := s.place(t, tx, who, f); p.Customer != id {
			t.Errorf("%q is customer %d, want %d", who, p.Customer, id)
		}
	}
	f := form()
	f.Customer = "nobody"
	if _, err := orders.Place(ctx, tx, s.sent("k", f)); !slices.Equal(fieldNames(err), []string{"customer"}) {
		t.Errorf("an unknown customer: %v", err)
	}
}

// TestNaughtyStringsAreKeptOrRefused types every naughty string into every text field of the form.
func TestNaughtyStringsAreKeptOrRefused(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	kept := 0
	for i, text := range naughty(t) {
		f := form()
		f.Recipient, f.Company, f.Street, f.City, f.Notes, f.Reference = text, text, text, text, text, text
		p, err := orders.Place(ctx, tx, s.sent(string(rune('a'+i%26))+strings.Repeat("x", i/26), f))
		if err != nil {
			if len(fault.FieldsOf(err)) == 0 {
				t.Fatalf("%q: %v is no refusal", text, err)
			}
			continue
		}
		var recipient, notes string
		if err := tx.QueryRowContext(ctx, `select recipient, notes from orders where id = $1`, p.ID).Scan(&recipient, &notes); err != nil {
			t.Fatal(err)
		}
		if want := strings.TrimSpace(text); recipient != want || notes != want {
			t.Errorf("%q is kept as %q and %q", text, recipient, notes)
		}
		kept++
	}
	if kept < 300 {
		t.Errorf("only %d naughty strings were kept", kept)
	}
}

func TestNaughtyStringsInOtherFieldsAreRefused(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	for _, text := range naughty(t) {
		if strings.TrimSpace(text) == "" {
			continue
		}
		f := form()
		f.Customer, f.Email, f.Country, f.Carrier, f.Service, f.Priority, f.Promised = text, text, text, text, text, text, text
		f.Lines = []orders.FormLine{{SKU: text, Quantity: text, Price: text}}
		if _, err := orders.Place(ctx, tx, s.sent("k", f)); len(fault.FieldsOf(err)) == 0 {
			t.Fatalf("%q: %v", text, err)
		}
	}
}

// TestACountryIsTakenAsPeopleWriteIt: in small letters, by its name, and as Britons abbreviate theirs.
func TestACountryIsTakenAsPeopleWriteIt(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	for typed, want := range map[string]string{"de": "DE", "Germany": "DE", "uk": "GB", "united kingdom": "GB", " FR ": "FR"} {
		f := form()
		f.Country = typed
		placed, err := orders.Place(ctx, tx, s.sent("from "+typed, f))
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			continue
		}
		var got string
		if err := tx.QueryRow(`select country from orders where number = $1`, placed.Number).Scan(&got); err != nil || got != want {
			t.Errorf("%q is kept as %q, want %q (%v)", typed, got, want, err)
		}
	}
	f := form()
	f.Country = "Atlantis"
	if _, err := orders.Place(ctx, tx, s.sent("from nowhere", f)); !strings.Contains(fault.Message(err), `"Atlantis" is no country`) {
		t.Errorf("Atlantis: %v", err)
	}
}
