package shipping_test

import (
	"slices"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/labels"
	"tote/packing"
	"tote/picking/picktest"
	"tote/shipping"
)

// pallet begins one and answers it with its SSCC.
func (f *floor) pallet() (shipping.PalletID, string) {
	f.T.Helper()
	step, err := shipping.StartPallet(ctx, f.Tx, f.Warehouse, f.by("X-NEW"))
	f.must(err)
	f.right(step)
	all, err := shipping.Pallets(ctx, f.Tx, f.Warehouse, 10)
	f.must(err)
	if step.Goto != all[0].ID.Path() || !strings.Contains(step.Message, "Pallet …"+all[0].SSCC[12:]) {
		f.T.Fatalf("a new pallet leads to %s with %q, want %s", step.Goto, step.Message, all[0].ID.Path())
	}
	// A pallet is begun for good: there it is taken apart, and nothing is undone here.
	step.Recent = nil
	shown, err := shipping.ShowPallets(ctx, f.Tx, f.Staff)
	f.must(err)
	if got := undoable(shown); len(shown.Recent) == 0 || got != nil {
		f.T.Errorf("of %+v the list of pallets would undo %q", shown.Recent, got)
	}
	return all[0].ID, all[0].SSCC
}

func (f *floor) stack(id shipping.PalletID, code string) scan.Step {
	f.T.Helper()
	step, err := shipping.Stack(ctx, f.Tx, id, f.Warehouse, f.by(code))
	f.must(err)
	return step
}

// TestAPalletWaitsForItsTruckAsOne: the list at the door names it once, with what stands on it, beside the loose parcels.
func TestAPalletWaitsForItsTruckAsOne(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(3, f.mug))
	a, b, c := f.pack("O-1001", 1), f.pack("O-1001", 1), f.pack("O-1001", 1)
	id, sscc := f.pallet()
	f.right(f.stack(id, a.sscc))
	f.right(f.stack(id, b.sscc))
	list, err := shipping.ForTruck(ctx, f.Tx, f.Dock, 10)
	f.must(err)
	if len(list) != 2 {
		t.Fatalf("%d rows wait, want the pallet and a parcel: %+v", len(list), list)
	}
	if p := list[0]; p.Pallet != sscc || p.Number != "" || p.Place != "" || p.Ref != "O-1001" || !slices.Equal(p.Numbers, []string{a.number, b.number}) {
		t.Errorf("the pallet is %+v", p)
	}
	if p := list[1]; p.Pallet != "" || p.Number != c.number || p.Place == "" {
		t.Errorf("the parcel is %+v", p)
	}
	f.right(f.load(f.Dock, list[0].Pallet)) // what the list names is what can be scanned
}

// TestOnlyTheOwnFleetDelivers: what another carrier brings is not on the list of our drivers.
func TestOnlyTheOwnFleetDelivers(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(1, f.mug))
	c := f.packed("O-1002", "manual", picktest.Of(1, f.mug))
	f.exec(`update shipments set state = 'dispatched', numbered_at = booked_at, tracking_number = 'PRT00712345', dispatched_at = booked_at, expected_on = booked_at where id = $1`, c.shipment)
	drops, err := shipping.OnTheRoad(ctx, f.Tx, f.Warehouse, 10)
	f.must(err)
	step, err := shipping.ShowDeliveries(ctx, f.Tx, f.Warehouse, f.Staff)
	f.must(err)
	if len(drops) != 1 || drops[0].Ref != "O-1001" || !slices.Equal(step.Detail, []string{"1 parcel on the road"}) {
		t.Errorf("on the road are %v, %+v", step.Detail, drops)
	}
}

// TestAPalletIsLoadedWithAllThatStandsOnIt from the first parcel to the truck, and back off it.
func TestAPalletIsLoadedWithAllThatStandsOnIt(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(3, f.mug))
	a, b, c := f.pack("O-1001", 1), f.pack("O-1001", 1), f.pack("O-1001", 1)
	id, sscc := f.pallet()
	f.wrong(f.load(f.Dock, sscc), "Nothing stands on this pallet")
	f.right(f.stack(id, a.sscc))
	f.right(f.stack(id, b.number))
	step := f.right(f.stack(id, c.sscc))
	if step.Done != 3 || !strings.Contains(strings.Join(step.Detail, " "), "3 parcels for Anna Berg, Kiel") {
		t.Errorf("the screen: %+v", step)
	}
	f.right(f.stack(id, "X-UNDO")) // c is off again
	p, err := shipping.FindPallet(ctx, f.Tx, id, f.Warehouse)
	f.must(err)
	label, err := p.Label(ctx, f.Tx)
	f.must(err)
	if label.SSCC != sscc || label.Weight != p.WeightG || p.WeightG == 0 || label.To[0] != "Anna Berg" || label.Order != "O-1001" {
		t.Errorf("the label: %+v", label)
	}
	if code, err := labels.Parse(sscc); err != nil || code.Kind != labels.KindSSCC {
		t.Errorf("%s is read as %s, %v", sscc, code.Kind, err)
	}
	f.wrong(f.load(f.Dock, a.sscc), "stands on the pallet …"+sscc[12:])
	first := f.by("]C100" + sscc)
	step, err = shipping.Load(ctx, f.Tx, f.Dock, first)
	f.must(err)
	if f.right(step); step.Done != 2 || !strings.Contains(step.Message, "The pallet with 2 parcels of O-1001 is on.") {
		t.Errorf("loaded: %+v", step)
	}
	f.wrong(f.load(f.Dock, sscc), "is on this truck already")
	f.wrong(f.load(f.door2, sscc), "was loaded at")
	f.wrong(f.stack(id, c.sscc), "on the truck at")
	f.wrong(f.stack(id, "X-UNDO"), "on the truck at")
	step, err = shipping.TakeApart(ctx, f.Tx, id, f.Warehouse, f.by(""))
	f.must(err)
	f.wrong(step, "on the truck at")
	lawful(t, f.Tx)
	f.right(f.load(f.Dock, "X-UNDO"))
	f.one(&step.Done, `select count(*) from shipment_cartons where manifest_id is not null`)
	if step.Done != 0 {
		t.Errorf("%d parcels stayed on the truck", step.Done)
	}
	f.right(f.load(f.Dock, sscc))
	f.right(f.load(f.Dock, c.sscc))
	f.right(f.dispatch(f.Dock))
	lawful(t, f.Tx)
}

// TestWhatMustNotStandOnAPallet: other shipments, open and loaded parcels, what stands on another one, strangers.
func TestWhatMustNotStandOnAPallet(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	a, b := f.packed("O-1001", "own", picktest.Of(1, f.mug)), f.packed("O-1002", "own", picktest.Of(1, f.mug))
	d := f.packed("O-1003", "own", picktest.Of(1, f.mug))
	f.right(f.load(f.Dock, d.sscc))
	id, sscc := f.pallet()
	other, _ := f.pallet()
	f.right(f.stack(id, a.sscc))
	for _, w := range []struct {
		on          shipping.PalletID
		code, words string
	}{
		{id, a.sscc, "stands on this pallet already"}, {other, a.sscc, "stands on the pallet …" + sscc[12:]}, {id, b.sscc, "Begin another pallet"},
		{other, d.sscc, "is on a truck already"}, {id, sscc, "No parcel goes by"}, {id, "4006381333931", "No parcel goes by"}, {id, "X-NEW", "No parcel goes by"},
	} {
		f.wrong(f.stack(w.on, w.code), w.words)
	}
	if _, err := shipping.Stack(ctx, f.Tx, id, f.Warehouse+1, f.by(b.sscc)); !isKind(err, fault.NotFound) {
		t.Errorf("another warehouse's pallet: %v", err)
	}
	step, err := shipping.StartPallet(ctx, f.Tx, f.Warehouse, f.by(a.sscc))
	if f.must(err); step.Goto != id.Path() {
		t.Errorf("a parcel on a pallet leads to %q", step.Goto)
	}
	step, err = shipping.StartPallet(ctx, f.Tx, f.Warehouse, f.by(b.sscc))
	f.must(err)
	f.wrong(step, "nor a parcel on one")
	key := f.by("")
	for range 2 { // sent twice
		if step, err = shipping.TakeApart(ctx, f.Tx, id, f.Warehouse, key); err != nil || step.Result != scan.Done {
			t.Fatalf("taken apart: %+v %v", step, err)
		}
	}
	f.wrong(f.stack(id, a.sscc), "was taken apart")
	f.wrong(f.load(f.Dock, sscc), "was taken apart")
	f.right(f.stack(other, a.sscc))
	lawful(t, f.Tx)
}

// TestOneParcelOntoTwoPallets at once, while another hand loads them: it stands on one, and wholly on one truck or none.
func TestOneParcelOntoTwoPallets(t *testing.T) {
	var pallets [2]shipping.PalletID
	var ssccs [2]string
	db, f := committed(t, func(f *floor) {
		f.packed("O-1001", "own", picktest.Of(1, f.mug))
		for i := range pallets {
			pallets[i], ssccs[i] = f.pallet()
		}
	})
	c := f.cartons["O-1001"][0]
	steps := make([]scan.Step, 6)
	var all []func(f *floor) error
	for i := range steps {
		s, load := f.by(c.sscc), f.by(ssccs[i%2])
		all = append(all, func(f *floor) (err error) {
			steps[i], err = shipping.Stack(ctx, f.Tx, pallets[i%2], f.Warehouse, s)
			return err
		}, func(f *floor) (err error) { _, err = shipping.Load(ctx, f.Tx, f.Dock, load); return err })
	}
	for _, err := range race(t, db, f, all...) {
		if err != nil {
			t.Error(err)
		}
	}
	on := 0
	for _, s := range steps {
		if s.Result == scan.Right {
			on++
		}
	}
	if on != 1 {
		t.Errorf("the parcel stands on %d pallets", on)
	}
	lawful(t, db)
}

// TestAParcelIsUnpackedWhileItIsLoaded: who closed it is not asked; it is on the truck or in the tote.
func TestAParcelIsUnpackedWhileItIsLoaded(t *testing.T) {
	db, f := committed(t, func(f *floor) { f.packed("O-1001", "own", picktest.Of(1, f.mug)) })
	c := f.cartons["O-1001"][0]
	load, open := f.by(c.sscc), f.by("")
	open.Station = f.Station
	var step scan.Step
	errs := race(t, db, f,
		func(f *floor) (err error) { step, err = shipping.Load(ctx, f.Tx, f.Dock, load); return err },
		func(f *floor) error {
			if _, err := packing.VoidCarton(ctx, f.Tx, c.id, "T-1", "wrong box", open); err != nil {
				return err
			}
			return shipping.Unbook(ctx, f.Tx, c.id, noon)
		})
	if errs[0] != nil || errs[1] != nil && !isKind(errs[1], fault.Conflict) {
		t.Fatalf("%v", errs)
	}
	if (step.Result == scan.Right) == (errs[1] == nil) {
		t.Errorf("loaded: %s; unpacked: %v", step.Message, errs[1])
	}
	lawful(t, db)
}

// A pallet is handed over as it was loaded, with one scan at the customer's door: at the driver's stop, or without a tour. The
// parcels name it, and its label is a pallet's no more once it is taken apart.
func TestAPalletIsHandedOverWithOneScan(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(3, f.mug))
	a, b, c := f.pack("O-1001", 1), f.pack("O-1001", 1), f.pack("O-1001", 1)
	other := f.packed("O-1002", "own", picktest.Of(1, f.mug))
	id, sscc := f.pallet()
	_, empty := f.pallet()
	f.right(f.stack(id, a.sscc))
	f.right(f.stack(id, b.sscc))
	deliver := func(code string) scan.Step {
		t.Helper()
		step, err := shipping.DeliverScan(ctx, f.Tx, f.Warehouse, f.by(code))
		f.must(err)
		return step
	}
	f.wrong(deliver(sscc), "has not left the house")
	f.right(f.load(f.Dock, sscc))
	f.right(f.load(f.Dock, c.sscc))
	f.right(f.load(f.Dock, other.sscc))
	f.right(f.dispatch(f.Dock))
	tours, err := shipping.Tours(ctx, f.Tx, f.Warehouse)
	f.must(err)
	at := func(shipment shipping.ID, code string) scan.Step {
		t.Helper()
		step, err := shipping.ScanAtStop(ctx, f.Tx, f.stop(tours[0].Manifest, shipment), f.by(code))
		f.must(err)
		return step
	}
	f.wrong(at(other.shipment, sscc), "This pallet does not belong here: it goes to Anna Berg")
	f.wrong(at(a.shipment, empty), "Nothing stands on this pallet")
	f.right(at(a.shipment, sscc))
	f.wrong(at(a.shipment, sscc), "scanned already")
	f.wrong(at(a.shipment, a.sscc), "is scanned already")
	if stop := f.stop(tours[0].Manifest, a.shipment); stop.Scanned != 2 || stop.Parcels != 3 {
		t.Errorf("at the stop %d of %d parcels are scanned", stop.Scanned, stop.Parcels)
	}
	drops, err := shipping.OnTheRoad(ctx, f.Tx, f.Warehouse, 10)
	f.must(err)
	if len(drops) != 4 || drops[0].Pallet != sscc || drops[2].Pallet != "" {
		t.Errorf("on the road: %+v", drops)
	}
	f.wrong(deliver(empty), "Nothing stands on this pallet")
	if step := f.right(deliver(sscc)); !strings.Contains(step.Message, "The pallet with 2 parcels is delivered. 1 parcel of it still") {
		t.Errorf("handed over: %s", step.Message)
	}
	f.wrong(deliver(sscc), "was delivered already")
	f.wrong(deliver(a.sscc), "was delivered already")
	f.right(deliver(c.sscc))
	if s := f.shipment(a.shipment); s.State != shipping.Delivered {
		t.Errorf("with the last parcel it is %s", s.State)
	}
	all, err := shipping.Parcels(ctx, f.Tx, a.shipment)
	f.must(err)
	if all[0].Pallet != id || all[0].PalletSSCC != sscc || all[2].Pallet != 0 {
		t.Errorf("the parcels stand on %+v", all)
	}
	lawful(t, f.Tx)
}
