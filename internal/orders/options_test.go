package orders_test

import (
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/packing"
)

// someone is a member of staff.
func someone(t *testing.T, tx *sql.Tx, s site) (by staff.ID) {
	t.Helper()
	if err := tx.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Olga', $2, 'x', '{admin}', $1) returning id`, s.warehouse, staff.NewBadge()).Scan(&by); err != nil {
		t.Fatal(err)
	}
	return by
}

// withOptions gives the bowl a colour, a volume and words, and a photo that need not be sent.
func withOptions(t *testing.T, tx *sql.Tx, s site) (colour orders.OptionID) {
	t.Helper()
	by := someone(t, tx, s)
	for i, f := range []orders.OptionForm{
		{Name: "Colour", Kind: "choice", Required: true, Position: "1", Choices: []orders.ChoiceForm{{Value: "Red"}, {Value: "Gold", Surcharge: "2.50"}}},
		{Name: "Volume", Kind: "number", Required: true, Position: "2", Least: "100", Most: "500", Unit: "ml"},
		{Name: "Words", Kind: "text", Position: "3", Most: "20"},
		{Name: "Photo", Kind: "file", Position: "4"},
	} {
		id, err := orders.SaveOption(ctx, tx, s.bowl, 0, f, by, noon)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			colour = id
		}
	}
	return colour
}

func bowls(quantity string, options map[string]string) orders.Form {
	f := form()
	f.Lines = []orders.FormLine{{SKU: bowlSKU, Quantity: quantity, Options: options}}
	return f
}

func readsAs(t *testing.T, tx *sql.Tx, n orders.Number, line int, want string) orders.Line {
	t.Helper()
	v, err := orders.Read(ctx, tx, n)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, c := range v.Lines[line-1].Chosen {
		words = append(words, c.String())
	}
	if got := strings.Join(words, "; "); got != want {
		t.Errorf("line %d of %s reads %q, want %q", line, n, got, want)
	}
	return v.Lines[line-1]
}

func TestWhatIsChosenIsPricedAndKeptByValue(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	colour := withOptions(t, tx, s)
	f := bowls("2", map[string]string{"Colour": " Gold ", "Volume": "0330", "Words": "To Anna,\r\nwith love", "Photo": ""})
	p := s.place(t, tx, "k1", f)
	const want = "Colour: Gold; Volume: 330 ml; Words: To Anna,\nwith love"
	if l := readsAs(t, tx, p.Number, 1, want); l.Price.Minor != 1500 {
		t.Errorf("a golden bowl costs %s, want 12.50 and 2.50", l.Price)
	}
	by := someone(t, tx, s)
	if _, err := orders.SaveOption(ctx, tx, s.bowl, colour, orders.OptionForm{Name: "Paint", Kind: "choice", Choices: []orders.ChoiceForm{{Value: "Blue", Surcharge: "9"}}}, by, noon); err != nil {
		t.Fatal(err)
	}
	readsAs(t, tx, p.Number, 1, want)
	if again := s.place(t, tx, "k1", f); !again.Repeated {
		t.Error("the same form again made another order")
	}
	f.Lines[0].Options["Words"] = "To Anne"
	if _, err := orders.Place(ctx, tx, s.sent("k1", f)); !errors.Is(err, fault.Conflict) {
		t.Errorf("other words under the same key: %v, want a conflict", err)
	}
}

func TestAPriceOfItsOwnHoldsTheSurcharges(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	withOptions(t, tx, s)
	f := bowls("1", map[string]string{"Colour": "Gold", "Volume": "100"})
	f.Lines[0].Price = "20"
	p := s.place(t, tx, "k1", f)
	if l := readsAs(t, tx, p.Number, 1, "Colour: Gold; Volume: 100 ml"); l.Price.Minor != 2000 {
		t.Errorf("the price is %s, want 20.00 as typed", l.Price)
	}
}

func TestWrongOptionsAreNamed(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	withOptions(t, tx, s)
	f := bowls("1", map[string]string{"Colour": "Pink", "Volume": "501", "Words": strings.Repeat("x", 21), "Photo": strings.Repeat("A", 26), "Size": "L"})
	f.Lines = append(f.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "1"}, orders.FormLine{SKU: mugSKU, Quantity: "1", Options: map[string]string{"Colour": "Red"}})
	_, err := f.Check(ctx, tx, s.warehouse, noon)
	wrong := fault.FieldsOf(err)
	for name, says := range map[string]string{
		"lines.0.options.Colour": "There is: Red, Gold", "lines.0.options.Volume": "from 100 to 500 ml", "lines.0.options.Words": "20",
		"lines.0.options.Photo": "Choose it again", "lines.0.options.Size": "no option", "lines.1.options.Colour": "missing", "lines.1.options.Volume": "missing",
		"lines.2.options.Colour": "no option",
	} {
		if !strings.Contains(wrong.Of(name), says) {
			t.Errorf("%s: %q, want %q in it", name, wrong.Of(name), says)
		}
	}
	if len(wrong) != 8 {
		t.Errorf("%d faults: %v", len(wrong), wrong)
	}
}

func TestPiecesOfAnItemCountTogetherForItsBreaks(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	withOptions(t, tx, s)
	if err := orders.SetPrices(ctx, tx, orders.PriceForm{SKU: bowlSKU, Amount: "11", From: "5"}, orders.PriceForm{SKU: bowlSKU, Amount: "10", From: "20"}); err != nil {
		t.Fatal(err)
	}
	red, gold := map[string]string{"Colour": "Red", "Volume": "100"}, map[string]string{"Colour": "Gold", "Volume": "100"}
	for _, c := range []struct {
		reds, golds         string
		from, redAt, goldAt int64
	}{{"2", "2", 0, 1250, 1500}, {"2", "3", 5, 1100, 1350}, {"1", "19", 20, 1000, 1250}} {
		f := bowls(c.reds, red)
		f.Lines = append(f.Lines, orders.FormLine{SKU: bowlSKU, Quantity: c.golds, Options: gold}, orders.FormLine{SKU: mugSKU, Quantity: "30"})
		d, err := f.Check(ctx, tx, s.warehouse, noon)
		if err != nil {
			t.Fatal(err)
		}
		if r, g := d.Lines[0], d.Lines[1]; r.Price != c.redAt || g.Price != c.goldAt || r.Break != c.from || g.Break != c.from {
			t.Errorf("%s and %s: %d from %d and %d from %d, want %d and %d from %d", c.reds, c.golds, r.Price, r.Break, g.Price, g.Break, c.redAt, c.goldAt, c.from)
		}
	}
	if l := readsAs(t, tx, s.place(t, tx, "k1", bowls("7", red)).Number, 1, "Colour: Red; Volume: 100 ml"); l.Break != 5 || l.Price.Minor != 1100 {
		t.Errorf("stored at %s from %d, want 11.00 from 5", l.Price, l.Break)
	}
}

func TestAFileOfTheFormIsTheJobsPicture(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	withOptions(t, tx, s)
	custom(t, tx, s)
	hash := files.Hash(strings.Repeat("cd", 32))
	token, err := orders.KeepFile(ctx, tx, studio.File{Hash: hash, Preview: hash, Name: "anna.jpg", Type: "image/jpeg", Width: 800, Height: 600, Bytes: 99}, noon)
	if err != nil {
		t.Fatal(err)
	}
	p := s.place(t, tx, "k1", bowls("1", map[string]string{"Colour": "Red", "Volume": "100", "Photo": token}))
	readsAs(t, tx, p.Number, 1, "Colour: Red; Volume: 100 ml; Photo: anna.jpg")
	v, err := studio.Read(ctx, tx, s.warehouse, p.Number.Line(1))
	if err != nil {
		t.Fatal(err)
	}
	if v.State == studio.AwaitingPicture || len(v.Pictures) != 1 || v.Pictures[0].Hash != hash || v.Pictures[0].Name != "anna.jpg" {
		t.Errorf("the job is %s with %v", v.State, v.Pictures)
	}
	if v.Detail != "Red" {
		t.Errorf("its files are named after %q, want the colour alone", v.Detail)
	}
	spec, err := orders.SpecificationOf(ctx, tx, p.Number.Line(1))
	if err != nil || len(spec) != 3 || spec[2].Preview != hash {
		t.Errorf("%v, %v", spec, err)
	}
}

func TestAPictureTooSmallForItsPrintIsAFaultOfItsField(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	withOptions(t, tx, s)
	custom(t, tx, s)
	exec(t, tx, `update custom_items set print_width_mm = 200, print_height_mm = 300`)
	exec(t, tx, `update flows set least_ppi = 150, good_ppi = 300`)
	hash := files.Hash(strings.Repeat("cd", 32))
	token, err := orders.KeepFile(ctx, tx, studio.File{Hash: hash, Preview: hash, Name: "anna.jpg", Type: "image/jpeg", Width: 80, Height: 60, Bytes: 99}, noon)
	if err != nil {
		t.Fatal(err)
	}
	_, err = orders.Place(ctx, tx, s.sent("k1", bowls("1", map[string]string{"Colour": "Red", "Volume": "100", "Photo": token})))
	if says := fault.FieldsOf(err).Of("lines.0.options.Photo"); !strings.Contains(says, "send a larger one") {
		t.Errorf("%v", err)
	}
}

func TestAnEditKeepsWhatWasChosenAndAddsLines(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	colour := withOptions(t, tx, s)
	p := s.place(t, tx, "k1", bowls("1", map[string]string{"Colour": "Gold", "Volume": "100"}))
	by := someone(t, tx, s)
	if _, err := orders.SaveOption(ctx, tx, s.bowl, colour, orders.OptionForm{Name: "Colour", Kind: "choice", Required: true, Choices: []orders.ChoiceForm{{Value: "Blue"}}}, by, noon); err != nil {
		t.Fatal(err)
	}
	e, err := orders.ForEdit(ctx, tx, p.Number)
	if err != nil {
		t.Fatal(err)
	}
	if e.Form.Lines[0].Options["Colour"] != "Gold" {
		t.Errorf("the form to change it says %v", e.Form.Lines[0].Options)
	}
	e.Form.Lines[0].Options = map[string]string{"Colour": "Blue", "Volume": "100"}
	if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, by, noon); !strings.Contains(fault.FieldsOf(err).Of("lines.0.options"), "stays as it was ordered") {
		t.Errorf("another colour for a line that was ordered: %v", err)
	}
	e.Form.Lines[0].Options = nil
	e.Form.Lines = append(e.Form.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "2", Options: map[string]string{"Colour": "Gold", "Volume": "100"}})
	if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, by, noon); fault.FieldsOf(err).Of("lines.1.options.Colour") == "" {
		t.Errorf("a colour that is no more: %v", err)
	}
	e.Form.Lines[1].Options["Colour"] = "Blue"
	if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, by, noon); err != nil {
		t.Fatal(err)
	}
	readsAs(t, tx, p.Number, 1, "Colour: Gold; Volume: 100 ml")
	readsAs(t, tx, p.Number, 2, "Colour: Blue; Volume: 100 ml")
}

func TestAnOptionThatMakesNoSenseIsRefused(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	withOptions(t, tx, s)
	by := someone(t, tx, s)
	two := []orders.ChoiceForm{{Value: "S"}, {Value: "s", Surcharge: "x"}}
	if _, err := orders.SaveOption(ctx, tx, s.bowl, 0, orders.OptionForm{Name: "Size", Kind: "choice", Run: true, Choices: []orders.ChoiceForm{{Value: "S"}}}, by, noon); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		f     orders.OptionForm
		field string
	}{
		{orders.OptionForm{Kind: "text"}, "name"}, {orders.OptionForm{Name: "a.b", Kind: "text"}, "name"}, {orders.OptionForm{Name: "colour", Kind: "text"}, "name"},
		{orders.OptionForm{Name: "X", Kind: "rainbow"}, "kind"}, {orders.OptionForm{Name: "X", Kind: "choice"}, "choices.0.value"},
		{orders.OptionForm{Name: "X", Kind: "choice", Choices: two}, "choices.1.value"}, {orders.OptionForm{Name: "X", Kind: "choice", Choices: two}, "choices.1.surcharge"},
		{orders.OptionForm{Name: "X", Kind: "number", Least: "5", Most: "4"}, "most"}, {orders.OptionForm{Name: "X", Kind: "number", Least: "5.5"}, "least"},
		{orders.OptionForm{Name: "X", Kind: "text", Most: "1001"}, "most"}, {orders.OptionForm{Name: "X", Kind: "text", Position: "-1"}, "position"},
		{orders.OptionForm{Name: "X", Kind: "choice", Run: true, Choices: two[:1]}, "run"},
	} {
		if _, err := orders.SaveOption(ctx, tx, s.bowl, 0, c.f, by, noon); fault.FieldsOf(err).Of(c.field) == "" {
			t.Errorf("%+v: %v, want a fault of %s", c.f, err, c.field)
		}
	}
	if _, err := orders.SaveOption(ctx, tx, s.mug, 1, orders.OptionForm{Name: "X", Kind: "text"}, by, noon); !errors.Is(err, fault.NotFound) {
		t.Errorf("an option of another item: %v", err)
	}
}

func TestAFileOfOrdersCarriesOptions(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	withOptions(t, tx, s)
	const head = "order,sku,quantity,options,name,email,recipient,street,city,postcode,country,carrier,service\n"
	const rest = ",Ann Archer,ann@example.com,Ann Archer,Marktplatz 1,Berlin,10117,DE,own,standard\n"
	l, err := orders.PlaceCSV(ctx, tx, strings.NewReader(head+"A,"+bowlSKU+",1,Colour=Gold; Volume = 100;Words=1+1=2"+rest), s.warehouse, 0, noon)
	if err != nil {
		t.Fatal(err)
	}
	readsAs(t, tx, l.Orders[0].Number, 1, "Colour: Gold; Volume: 100 ml; Words: 1+1=2")
	_, err = orders.PlaceCSV(ctx, tx, strings.NewReader(head+"A,"+bowlSKU+",1,Colour"+rest+"B,"+bowlSKU+",1,Colour=Pink;Volume=100;Volume=200"+rest), s.warehouse, 0, noon)
	for line, says := range map[string]string{"line 2": "written like Colour=Red", "line 3": "stands twice"} {
		if wrong := fault.FieldsOf(err); !strings.Contains(wrong.Of(line), says) {
			t.Errorf("%s: %v, want %q", line, wrong, says)
		}
	}
}

// What was chosen reaches the bench, its paper and the floor by value.
func TestTheSpecificationReachesTheBenchAndTheFloor(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	withOptions(t, tx, s)
	custom(t, tx, s)
	hash := files.Hash(strings.Repeat("cd", 32))
	token, err := orders.KeepFile(ctx, tx, studio.File{Hash: hash, Preview: hash, Name: "anna.jpg", Type: "image/jpeg", Width: 800, Height: 600, Bytes: 99}, noon)
	if err != nil {
		t.Fatal(err)
	}
	p := s.place(t, tx, "k1", bowls("1", map[string]string{"Colour": "Gold", "Volume": "330", "Words": "To Anna", "Photo": token}))
	if _, err := orders.Pay(ctx, tx, orders.Payment{Key: "p1", Orders: []orders.Number{p.Number}, Amount: p.Total.Amount(), Method: "bank transfer", Reference: "r", At: noon}); err != nil {
		t.Fatal(err)
	}
	if err := orders.ArtworkChanged(ctx, tx, p.Number.Line(1), noon); err != nil {
		t.Fatal(err)
	}
	const want = "Colour: Gold\nVolume: 330 ml\nWords: To Anna\nPhoto: anna.jpg"
	works, err := production.Of(ctx, tx, p.Number.String())
	if err != nil || len(works) != 1 || works[0].Notes != want {
		t.Fatalf("the bench is told %v, %v", works, err)
	}
	paper, err := production.Paper(ctx, tx, s.warehouse, works[0].ID, noon.Location())
	if err != nil || paper.Notes != want {
		t.Errorf("the traveller says %q, %v", paper.Notes, err)
	}
	if count(t, tx, `select count(*) from demand_lines where ref = $1 and notes = $2`, p.Number.Line(1), want) != 1 {
		t.Error("the floor is not told")
	}
	bench, err := packing.Read(ctx, tx, p.Number.String(), s.warehouse)
	if err != nil || bench.Lines[0].Notes != want {
		t.Errorf("packing sees %v, %v", bench.Lines, err)
	}
	lawful(t, tx)
}

// Two who set the same option or design up at once get one of it, and the others a sentence.
func TestManyWhoSetTheSameUpAtOnceMakeOne(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	var by staff.ID
	if err := db.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Olga', $2, 'x', '{admin}', $1) returning id`, s.warehouse, staff.NewBadge()).Scan(&by); err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func(tx *sql.Tx) error{
		"options": func(tx *sql.Tx) error {
			_, err := orders.SaveOption(ctx, tx, s.bowl, 0, orders.OptionForm{Name: "Colour", Kind: "text"}, by, noon)
			return err
		},
		"designs": func(tx *sql.Tx) error {
			_, err := orders.SaveDesign(ctx, tx, 0, orders.DesignForm{Name: "Sunny", SKU: bowlSKU, Preview: files.Hash(strings.Repeat("cd", 32))}, by, noon)
			return err
		},
	} {
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = pg.InTx(ctx, db, do) })
		}
		all.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else if fault.FieldsOf(err).Of("name") == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if made != 1 {
			t.Errorf("%d %s were made", made, name)
		}
	}
}

func TestADesignIsCheckedLikeAnOrder(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	withOptions(t, tx, s)
	by := someone(t, tx, s)
	_, err := orders.SaveDesign(ctx, tx, 0, orders.DesignForm{Name: " ", SKU: bowlSKU, Options: map[string]string{"Colour": "Pink", "Volume": "9", "Photo": "x", "Size": "L", "Words": ""}}, by, noon)
	wrong := fault.FieldsOf(err)
	for _, name := range []string{"name", "picture", "options.Colour", "options.Volume", "options.Photo", "options.Size"} {
		if wrong.Of(name) == "" {
			t.Errorf("%s is not named in %v", name, wrong)
		}
	}
	if len(wrong) != 6 {
		t.Errorf("%d faults: %v", len(wrong), wrong)
	}
	f := orders.DesignForm{Name: "Sunny", SKU: bowlSKU, Preview: files.Hash(strings.Repeat("cd", 32)), Options: map[string]string{"Colour": "Gold"}}
	id, err := orders.SaveDesign(ctx, tx, 0, f, by, noon)
	if err != nil {
		t.Fatal(err)
	}
	d, err := orders.GalleryDesign(ctx, tx, id)
	if err != nil || d.Line().SKU != bowlSKU || d.Line().Options["Colour"] != "Gold" {
		t.Errorf("%+v, %v", d, err)
	}
	exec(t, tx, `delete from prices where item_id = $1`, s.bowl)
	if _, err := orders.GalleryDesign(ctx, tx, id); !errors.Is(err, fault.NotFound) {
		t.Errorf("a design of what customers cannot order: %v", err)
	}
}
