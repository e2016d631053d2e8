package shipping_test

import (
	"fmt"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/picking/picktest"
	"tote/shipping"
)

// tour is a truck of the own fleet on its way, with two parcels for one door and one for another.
func tour(t *testing.T) (*floor, shipping.ManifestID) {
	t.Helper()
	f := newFloor(t, pgtest.Tx(t))
	f.picked("O-1001", "own", picktest.Of(2, f.mug))
	f.pack("O-1001", 1)
	f.pack("O-1001", 1)
	f.packed("O-1002", "own", picktest.Of(1, f.mug))
	for _, ref := range []string{"O-1001", "O-1002"} {
		for _, c := range f.cartons[ref] {
			f.right(f.load(f.Dock, c.sscc))
		}
	}
	f.right(f.dispatch(f.Dock))
	tours, err := shipping.Tours(ctx, f.Tx, f.Warehouse)
	f.must(err)
	if len(tours) != 1 || tours[0].Stops != 2 || tours[0].Parcels != 3 {
		t.Fatalf("the tours are %+v", tours)
	}
	return f, tours[0].Manifest
}

func (f *floor) stop(m shipping.ManifestID, id shipping.ID) shipping.Stop {
	f.T.Helper()
	stops, err := shipping.Stops(ctx, f.Tx, m, id)
	f.must(err)
	if len(stops) != 1 {
		f.T.Fatalf("%d stops at %s", len(stops), id)
	}
	return stops[0]
}

// J3: what a driver scans, hands over with a signature, brings back, and does not find anybody for.
func TestADriverHandsOverWithProof(t *testing.T) {
	f, m := tour(t)
	a, b, other := f.cartons["O-1001"][0], f.cartons["O-1001"][1], f.cartons["O-1002"][0]
	at := func(code string) (says string) {
		t.Helper()
		step, err := shipping.ScanAtStop(ctx, f.Tx, f.stop(m, a.shipment), f.by(code))
		f.must(err)
		return string(step.Result) + " " + step.Message
	}
	for _, x := range []struct{ code, says string }{
		{a.sscc, "belongs here"}, {a.sscc, "is scanned already"}, {a.number, "is scanned already"}, {other.number, "does not belong here: it goes to Anna Berg"},
		{"4006381333931", "No parcel of this tour"}, {strings.Repeat("9", 3000), "No parcel of this tour"},
	} {
		if said := at(x.code); !strings.Contains(said, x.says) {
			t.Errorf("%.20s is answered %q, want %q", x.code, said, x.says)
		}
	}
	d := shipping.Doorstep{Manifest: m, Shipment: a.shipment, Submission: "one", Staff: f.Staff, At: noon,
		Parcels: []shipping.Handed{{Carton: a.id, Outcome: "delivered"}, {Carton: b.id, Outcome: "refused"}}}
	fields := fault.FieldsOf(shipping.HandOver(ctx, f.Tx, d))
	for _, name := range []string{"recipient", "proof", "parcels.1.reason"} {
		if fields.Of(name) == "" {
			t.Errorf("%s is not asked for: %v", name, fields)
		}
	}
	d.Recipient, d.Signature, d.Parcels[1].Reason = "Jonas Berg", "abc", "box is wet"
	f.must(shipping.HandOver(ctx, f.Tx, d))
	f.must(shipping.HandOver(ctx, f.Tx, d)) // the same form again
	proofs, err := shipping.Proofs(ctx, f.Tx, a.shipment)
	f.must(err)
	if len(proofs) != 1 || proofs[0].Outcome != "partly" || proofs[0].Recipient != "Jonas Berg" || !strings.Contains(fmt.Sprint(proofs[0].Parcels), b.number+" refused: box is wet") {
		t.Errorf("the proof is %+v", proofs)
	}
	if s := f.shipment(a.shipment); s.State != shipping.Exception || fmt.Sprint(f.problems(a.shipment)) != "[failed delivery]" {
		t.Errorf("with a refused parcel it is %s, %v", s.State, f.problems(a.shipment))
	}
	if said := at(a.sscc); !strings.Contains(said, "was handed over already") {
		t.Errorf("delivered, it is answered %q", said)
	}
	d.Submission = "two"
	if err := shipping.HandOver(ctx, f.Tx, d); !isKind(err, fault.Conflict) {
		t.Errorf("a parcel was handed over twice: %v", err)
	}

	nobody := shipping.Doorstep{Manifest: m, Shipment: other.shipment, Submission: "three", Note: "Card in the letter box.", Staff: f.Staff, At: noon}
	f.must(shipping.HandOver(ctx, f.Tx, nobody))
	if s := f.stop(m, other.shipment); s.Tried != "nobody home: Card in the letter box." || s.Parcels != 1 {
		t.Errorf("the stop is %+v", s)
	}
	f.must(shipping.HandOver(ctx, f.Tx, shipping.Doorstep{Manifest: m, Shipment: other.shipment, Submission: "four", Recipient: "Anna", Photo: "def", Staff: f.Staff, At: noon.Add(1),
		Parcels: []shipping.Handed{{Carton: other.id, Outcome: "delivered"}}}))
	if s := f.shipment(other.shipment); s.State != shipping.Delivered || len(f.problems(other.shipment)) != 0 {
		t.Errorf("on the second try it is %s, %v", s.State, f.problems(other.shipment))
	}
	lawful(t, f.Tx)
}
