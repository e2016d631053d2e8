package inventory_test

import (
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// model is inventory as one would explain it at the coffee machine: no SQL, one piece at a time.
type model struct {
	stock       map[spot]int64
	allocatable map[inventory.LocationID]bool
	physical    map[inventory.LocationID]bool
	inHand      map[inventory.LocationID]bool // totes
	promises    []*promise
	picked      map[string]int64 // by order line
}

type spot struct {
	item inventory.ItemID
	lot  inventory.LotID
	at   inventory.LocationID
}

type promise struct {
	inventory.Want
	held int64
}

// move does all movements or none.
func (m *model) move(all []inventory.Movement) bool {
	left := map[spot]int64{}
	for _, v := range all {
		from, to := spot{v.Item, v.Lot, v.From}, spot{v.Item, v.Lot, v.To}
		left[from] -= v.Quantity
		left[to] += v.Quantity
		if m.physical[v.From] && m.stock[from]+left[from] < 0 {
			return false
		}
	}
	for s, change := range left {
		if m.physical[s.at] {
			m.stock[s] += change
		}
	}
	for _, v := range all {
		if m.inHand[v.To] {
			m.picked[v.Ref] += v.Quantity
		}
		if m.inHand[v.From] {
			m.picked[v.Ref] -= v.Quantity
		}
	}
	return true
}

// free is how many more pieces could be promised to this one.
func (m *model) free(p *promise) int64 {
	var all, lot int64
	for s, n := range m.stock {
		if m.allocatable[s.at] && s.item == p.Item {
			all += n
			if s.lot == p.Lot {
				lot += n
			}
		}
	}
	for _, o := range m.promises {
		if o.Item == p.Item {
			all -= o.held
			if o.Lot == p.Lot {
				lot -= o.held
			}
		}
	}
	if p.Lot == 0 {
		return all
	}
	return min(all, lot)
}

// settle takes piece by piece from the last in rank, what is in a tote last of all, and gives to the first.
func (m *model) settle() {
	slices.SortFunc(m.promises, func(a, b *promise) int {
		switch {
		case a.Priority != b.Priority:
			return b.Priority - a.Priority
		case !a.Due.Equal(b.Due):
			return a.Due.Compare(b.Due)
		}
		return a.Since.Compare(b.Since)
	})
	for _, evenPicked := range []bool{false, true} {
		for _, p := range slices.Backward(m.promises) {
			for p.held > 0 && m.free(p) < 0 && (evenPicked || p.held > m.picked[p.Ref]) {
				p.held--
			}
		}
	}
	for _, p := range m.promises {
		for p.held < p.Quantity && m.free(p) > 0 {
			p.held++
		}
	}
}

// end takes so much off a promise: what was sent comes off what it holds, what is no longer wanted only if it must.
func (m *model) end(ref string, quantity int64, sent bool) {
	m.promises = slices.DeleteFunc(m.promises, func(p *promise) bool {
		if p.Ref != ref {
			return false
		}
		if p.Quantity -= quantity; sent {
			p.held = max(p.held-quantity, 0)
		} else {
			p.held = max(min(p.held, p.Quantity), 0)
		}
		return p.Quantity <= 0
	})
}

// floor is the machine: the model beside the real thing.
type floor struct {
	*model
	t      *testing.T
	tx     *sql.Tx
	site   *sitetest.Site
	goods  []spot // item and lot; the place is filled in
	places []inventory.LocationID
	scans  []done
	lines  int
}

type done struct {
	scan uuid.UUID
	back []inventory.Movement
	gone bool // taken back already
}

func newFloor(t *testing.T) *floor {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	f := &floor{t: t, tx: tx, site: s, model: &model{stock: map[spot]int64{}, allocatable: map[inventory.LocationID]bool{},
		physical: map[inventory.LocationID]bool{}, inHand: map[inventory.LocationID]bool{}, picked: map[string]int64{}}}
	mug, print := s.Item("MUG"), s.Item("PRINT")
	if _, err := tx.ExecContext(ctx, `insert into lots (id, item_id, code) values (1, $1, 'V1'), (2, $1, 'V2')`, print); err != nil {
		t.Fatal(err)
	}
	f.goods = []spot{{item: mug}, {item: print, lot: 1}, {item: print, lot: 2}, {item: print}}
	for _, l := range append(slices.Clone(s.Bins[:3]), s.Totes[:2]...) {
		f.allocatable[l] = true
	}
	f.inHand[s.Totes[0]], f.inHand[s.Totes[1]] = true, true
	f.places = append(append(slices.Clone(s.Bins[:3]), s.Totes[:2]...), s.Dock, s.Hold)
	for _, l := range f.places {
		f.physical[l] = true
	}
	return f
}

// try moves in both worlds, and they must agree on whether that is possible.
func (f *floor) try(t *rapid.T, all ...inventory.Movement) bool {
	want := f.move(all)
	err := inventory.Move(ctx, f.tx, all...)
	if (err == nil) != want || (err != nil && !errors.Is(err, fault.Conflict)) {
		t.Fatalf("Move(%+v) = %v, the model says %v", all, err, want)
	}
	if want {
		f.remember(all)
	}
	return want
}

func (f *floor) remember(all []inventory.Movement) {
	d := done{scan: all[0].Scan}
	for _, v := range slices.Backward(all) {
		v.From, v.To = v.To, v.From
		d.back = append(d.back, v)
	}
	f.scans = append(f.scans, d)
}

func (f *floor) draw(t *rapid.T, from, to []inventory.LocationID, most int64) inventory.Movement {
	g := rapid.SampledFrom(f.goods).Draw(t, "goods")
	m := f.site.Movement(g.item, rapid.Int64Range(1, most).Draw(t, "quantity"),
		rapid.SampledFrom(from).Draw(t, "from"), rapid.SampledFrom(to).Draw(t, "to"))
	m.Lot = g.lot
	return m
}

func (f *floor) receive(t *rapid.T) {
	m := f.draw(t, []inventory.LocationID{f.site.Supplier}, []inventory.LocationID{f.site.Dock, f.site.Bins[0]}, 9)
	m.Reason = inventory.ReasonReceive
	f.try(t, m)
}

func (f *floor) carry(t *rapid.T) {
	m := f.draw(t, f.places, f.places, 6)
	if m.From == m.To {
		t.Skip("nowhere")
	}
	f.try(t, m)
}

func (f *floor) carryTwo(t *rapid.T) {
	a, b := f.draw(t, f.places, f.places, 4), f.draw(t, f.places, f.places, 4)
	if a.From == a.To || b.From == b.To {
		t.Skip("nowhere")
	}
	b.Scan, b.Leg = a.Scan, 1
	f.try(t, a, b)
}

func (f *floor) lose(t *rapid.T) {
	f.try(t, f.draw(t, f.places, []inventory.LocationID{f.site.Lost}, 3))
}

func (f *floor) adjust(t *rapid.T) {
	m := f.draw(t, f.places, f.places, 3)
	m.From, m.Scan = 0, uuid.Nil
	by := m.Quantity * rapid.SampledFrom([]int64{1, -1}).Draw(t, "sign")
	mirror := m
	if mirror.From = f.site.Found; by < 0 {
		mirror.From, mirror.To = m.To, f.site.Lost
	}
	want := f.move([]inventory.Movement{mirror})
	if err := inventory.Adjust(ctx, f.tx, m, by, "counted"); (err == nil) != want {
		t.Fatalf("Adjust(%+v, %d) = %v, the model says %v", m, by, err, want)
	}
}

func (f *floor) reserve(t *rapid.T) {
	var all []inventory.Want
	for range rapid.IntRange(1, 3).Draw(t, "lines") {
		g := rapid.SampledFrom(f.goods).Draw(t, "goods")
		f.lines++
		ref := fmt.Sprintf("O-%d.%d", f.lines/3, f.lines)
		if len(f.promises) > 0 && rapid.IntRange(0, 9).Draw(t, "raise") == 0 {
			p := rapid.SampledFrom(f.promises).Draw(t, "line")
			ref, g = p.Ref, spot{item: p.Item, lot: p.Lot}
		}
		if slices.ContainsFunc(all, func(w inventory.Want) bool { return w.Ref == ref }) {
			continue
		}
		all = append(all, inventory.Want{Ref: ref, Document: fmt.Sprintf("O-%d", f.lines/3), Warehouse: f.site.Warehouse,
			Item: g.item, Lot: g.lot, Quantity: rapid.Int64Range(1, 6).Draw(t, "quantity"), Priority: rapid.IntRange(0, 2).Draw(t, "priority"),
			Due:   sitetest.Noon.AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "due")),
			Since: sitetest.Noon.Add(time.Duration(f.lines) * time.Second)})
	}
	if _, err := inventory.Reserve(ctx, f.tx, all...); err != nil {
		t.Fatal(err)
	}
	for _, w := range all {
		i := slices.IndexFunc(f.promises, func(p *promise) bool { return p.Ref == w.Ref })
		if i < 0 {
			f.promises = append(f.promises, &promise{Want: w})
			continue
		}
		f.promises[i].Quantity += w.Quantity
		f.promises[i].Priority, f.promises[i].Due = w.Priority, w.Due
	}
}

func (f *floor) line(t *rapid.T) *promise {
	if len(f.promises) == 0 {
		t.Skip("nothing is promised")
	}
	return rapid.SampledFrom(f.promises).Draw(t, "line")
}

func (f *floor) release(t *rapid.T) {
	p, n := f.line(t), rapid.Int64Range(1, 4).Draw(t, "quantity")
	if err := inventory.Release(ctx, f.tx, p.Ref, n); err != nil {
		t.Fatal(err)
	}
	f.end(p.Ref, n, false)
}

func (f *floor) pick(t *rapid.T) {
	p := f.line(t)
	m := f.draw(t, f.site.Bins[:3], f.site.Totes[:2], 3)
	m.Item, m.Lot, m.Ref, m.Reason = p.Item, p.Lot, p.Ref, inventory.ReasonPick
	f.try(t, m)
}

func (f *floor) ship(t *rapid.T) {
	p := f.line(t)
	m := f.draw(t, f.site.Totes[:2], []inventory.LocationID{f.site.Customer}, 3)
	m.Item, m.Lot, m.Ref, m.Reason = p.Item, p.Lot, p.Ref, inventory.ReasonShip
	want := f.move([]inventory.Movement{m})
	if err := inventory.Ship(ctx, f.tx, m); (err == nil) != want {
		t.Fatalf("Ship(%+v) = %v, the model says %v", m, err, want)
	}
	if want {
		f.end(p.Ref, m.Quantity, true)
	}
}

func (f *floor) undo(t *rapid.T) {
	if len(f.scans) == 0 {
		t.Skip("nothing to take back")
	}
	d := &f.scans[rapid.IntRange(0, len(f.scans)-1).Draw(t, "scan")]
	want := !d.gone && f.move(d.back)
	err := inventory.Reverse(ctx, f.tx, d.scan, inventory.Movement{Scan: uuid.New(), At: sitetest.Noon, Staff: f.site.Staff})
	if (err == nil) != want || (err != nil && !errors.Is(err, fault.Conflict)) {
		t.Fatalf("Reverse(%s) = %v, the model says %v", d.scan, err, want)
	}
	d.gone = d.gone || want
}

func (f *floor) use(t *rapid.T) {
	bin := rapid.SampledFrom(f.site.Bins[:3]).Draw(t, "bin")
	use := rapid.SampledFrom([]inventory.Use{inventory.Pickable, inventory.Hospital, inventory.Overstock}).Draw(t, "use")
	if err := inventory.SetUse(ctx, f.tx, bin, use); err != nil {
		t.Fatal(err)
	}
	f.allocatable[bin] = use != inventory.Hospital
}

// compare settles the model and holds it against the tables and the laws.
func (f *floor) compare(t *rapid.T) {
	f.settle()
	want, got := map[spot]int64{}, map[spot]int64{}
	for s, n := range f.stock {
		if n != 0 {
			want[s] = n
		}
	}
	for _, at := range f.places {
		all, err := inventory.Contents(ctx, f.tx, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range all {
			got[spot{b.Item, b.Lot, at}] += b.OnHand
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(spot{})); diff != "" {
		t.Fatalf("stock: model -, tables +\n%s", diff)
	}
	wantHeld, gotHeld := map[string][2]int64{}, map[string][2]int64{}
	for _, p := range f.promises {
		wantHeld[p.Ref] = [2]int64{p.held, p.Quantity}
	}
	for _, g := range f.goods {
		a, err := inventory.Available(ctx, f.tx, f.site.Warehouse, g.item)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range a.HeldBy {
			gotHeld[h.Ref] = [2]int64{h.Held, h.Wanted}
		}
	}
	if diff := cmp.Diff(wantHeld, gotHeld); diff != "" {
		t.Fatalf("promises (held, wanted): model -, tables +\n%s", diff)
	}
	if b := broken(f.t, f.tx); len(b) > 0 {
		t.Fatalf("broken: %q", b)
	}
}

// A few hundred steps of random work leave the tables as the plain model says, with every law holding after each.
// go test -run RandomWork -rapid.checks 2000 walks farther.
func TestRandomWorkKeepsEveryLaw(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		defer flag.Set("rapid.checks", f.DefValue)
		if err := flag.Set("rapid.checks", "20"); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		f := newFloor(t)
		defer f.tx.Rollback()
		r.Repeat(map[string]func(*rapid.T){
			"":         f.compare,
			"receive":  f.receive,
			"carry":    f.carry,
			"carryTwo": f.carryTwo,
			"lose":     f.lose,
			"adjust":   f.adjust,
			"reserve":  f.reserve,
			"release":  f.release,
			"pick":     f.pick,
			"ship":     f.ship,
			"undo":     f.undo,
			"use":      f.use,
		})
	})
}
