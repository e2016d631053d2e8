package picking_test

import (
	"testing"

	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/picking"
	"tote/picking/picktest"
)

// A damaged label is typed as it stands on the sign, also in an aisle whose letter is the prefix of a label.
func TestABinsNameIsTypedInEveryAisle(t *testing.T) {
	f := picktest.New(t, pgtest.Tx(t))
	for _, name := range []string{"B-09-2-A", "C-07", "T-05-1", "P-04", "K-03", "O-12", "S-0123456789", "R-1", "J-2-2"} {
		bin := f.Place(inventory.Location{Kind: inventory.Bin, Code: name})
		f.Stock(f.Item("ITEM-"+name[:1]), bin, 1)
	}
	f.Place(inventory.Location{Kind: inventory.Tote, Code: "T-9"})
	names := stocked(t, f)
	var lines []picktest.Line
	for _, item := range names {
		lines = append(lines, picktest.Of(1, item))
	}
	list := f.Begin("O-1", lines...)
	step := f.Scan(list, "T-9")
	for range lines {
		at := step.Target
		says(t, f, list, at, scan.Right, at+" is right. Take 1 "+step.Detail[0]+".", "Scan the item")
		step = f.Scan(list, mark(t, f, names[at]))
	}
	if !step.Finished {
		t.Errorf("%+v", step)
	}
	lawful(t, f.Tx)
}

func stocked(t *testing.T, f *picktest.Floor) map[string]inventory.ItemID {
	t.Helper()
	rows, err := f.Tx.Query(`select l.code, b.item_id from balances b join locations l on l.id = b.location_id where l.warehouse_id = $1 and l.kind = 'bin'`, f.Warehouse)
	ok(t, err)
	defer rows.Close()
	names := map[string]inventory.ItemID{}
	for rows.Next() {
		var name string
		var item inventory.ItemID
		ok(t, rows.Scan(&name, &item))
		names[name] = item
	}
	ok(t, rows.Err())
	return names
}

func mark(t *testing.T, f *picktest.Floor, item inventory.ItemID) (sku string) {
	t.Helper()
	ok(t, f.Tx.QueryRow(`select sku from items where id = $1`, item).Scan(&sku))
	return sku
}

func TestAWrongBinIsNamedHoweverItIsRead(t *testing.T) {
	f, mug, hat := shop(t)
	f.Place(inventory.Location{Kind: inventory.Bin, Code: "C-07"})
	f.Place(inventory.Location{Kind: inventory.Zone, Code: "WEST"})
	list := f.Begin("O-1", picktest.Of(1, mug), picktest.Of(1, hat))
	f.Scan(list, "T-1")
	wrong := func(code, message string) {
		t.Helper()
		if step := f.Scan(list, code); step.Result != scan.Wrong || step.Message != message {
			t.Errorf("%s: %s %q, want %q", code, step.Result, step.Message, message)
		}
	}
	for _, code := range []string{"A-02-1-B", "a-02-1-b", "B-A-02-1-B"} {
		wrong(code, "This is bin A-02-1-B. Go to bin A-01-1-A.")
	}
	for _, code := range []string{"B-02-1-A", "B-B-02-1-A"} {
		wrong(code, "This is bin B-02-1-A. Go to bin A-01-1-A.")
	}
	wrong("c-07", "This is bin C-07. Go to bin A-01-1-A.")
	wrong("D-1", "This is dock D-1. Go to bin A-01-1-A.")
	wrong("WEST", "This is zone WEST. Go to bin A-01-1-A.")
	wrong("A-99-9-Z", "No item has the barcode A-99-9-Z. Look for another barcode on it, or ask a clerk to add this one. Scan the bin A-01-1-A first.")
	wrong("B-A-99-9-Z", "There is no location B-A-99-9-Z in this warehouse. Check the label and scan it again. Go to bin A-01-1-A.")
	f.Scan(list, "A-01-1-A")
	wrong("A-02-1-B", "This is bin A-02-1-B. Take Test MUG.")
	f.Scan(list, mugCode)
	says(t, f, list, "B-02-1-A", scan.Right, "B-02-1-A is right. Take 1 Test CAP.", "Scan the item")
	step := f.Scan(list, "X-UNDO") // the mug, though the name of a bin was typed since
	if step.Result != scan.Right || step.Target != "A-01-1-A" {
		t.Errorf("%+v", step)
	}
}

// Where one bin's name is another's label, the label keeps its meaning: nobody is let into a wrong bin by it.
func TestANameThatIsAnothersLabelIsThatLabel(t *testing.T) {
	f, _, hat := shop(t)
	f.Place(inventory.Location{Kind: inventory.Bin, Code: "02-1-A"})
	f.Place(inventory.Location{Kind: inventory.Bin, Code: "T-2"})
	list := f.Begin("O-1", picktest.Of(1, hat)) // in B-02-1-A
	f.Scan(list, "T-1")
	says(t, f, list, "B-02-1-A", scan.Wrong, "This is bin 02-1-A. Go to bin B-02-1-A.", "Scan the bin")
	says(t, f, list, "T-2", scan.Right, "Into tote T-2.", "Scan the bin")
	says(t, f, list, "B-B-02-1-A", scan.Right, "B-02-1-A is right. Take 1 Test CAP.", "Scan the item")
}

func TestAZoneAndAPutWallAreTypedByName(t *testing.T) {
	f, mug, _ := shop(t)
	zone := f.Place(inventory.Location{Kind: inventory.Zone, Code: "B-WEST"})
	_, err := f.Tx.Exec(`update locations set parent_id = $2 where id = $1`, f.Bins[0], zone)
	ok(t, err)
	f.Ask(f.Demand("O-1", picktest.Of(1, mug)))
	for _, name := range []string{"b-west", "B-B-WEST"} {
		step, err := picking.Begin(ctx, f.Tx, f.Warehouse, scan.Step{}, picktest.By(f.Staff, name))
		if ok(t, err); step.Goto == "" {
			t.Errorf("%s: %+v", name, step)
		}
	}
	f.Place(inventory.Location{Kind: inventory.Wall, Code: "B-W1"})
	f.Place(inventory.Location{Kind: inventory.Wall, Code: "W2"})
	for _, name := range []string{"w2", "B-W1", "B-W2", "B-B-W1"} {
		step, err := picking.Sort(ctx, f.Tx, f.Warehouse, picktest.By(f.Staff, name))
		if ok(t, err); step.Result != scan.Right {
			t.Errorf("%s: %+v", name, step)
		}
	}
}
