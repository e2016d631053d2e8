package production_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/production"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
)

var (
	ctx  = context.Background()
	noon = sitetest.Noon
)

const canvasCode, mugCode = "4006381333931", "4006381333948"

// shop is a site with a workshop: ten blank canvases in A-01-1-A, and an order of three portraits on canvas.
type shop struct {
	*sitetest.Site
	t                testing.TB
	tx               *sql.Tx
	canvas, portrait inventory.ItemID
	lot              inventory.LotID
	job              string // "J-1"
	bench            staff.StationID
	step             scan.Step
}

const order, line = "O-1001", "O-1001.1"

func open(t testing.TB, tx *sql.Tx) *shop {
	s := &shop{Site: sitetest.New(t, tx), t: t, tx: tx}
	s.canvas, s.portrait = s.Item("CANVAS", canvasCode), s.Item("PORTRAIT", mugCode)
	s.Stock(s.canvas, s.Bins[0], 10)
	flow, err := studio.SaveFlow(ctx, tx, studio.Flow{Name: "As it is", Asks: "Photo", Making: studio.Workshop}, s.Staff)
	s.must(err)
	s.must(studio.SetCustom(ctx, tx, studio.CustomItem{SKU: s.sku(s.portrait), Flow: flow, Blank: s.sku(s.canvas), Instructions: "Rough side."}, s.Staff))
	_, err = studio.Ask(ctx, tx, []studio.Wanted{{Ref: line, Document: order, Warehouse: s.Warehouse, Item: s.portrait, SKU: "PORTRAIT", Product: "Portrait", Pieces: 3, Due: noon}}, 0, noon)
	s.must(err)
	station, err := staff.AddStation(ctx, tx, staff.Station{Warehouse: int64(s.Warehouse), Code: "K-9", Name: "Bench", Kind: "office"})
	s.must(err)
	s.bench = station.ID
	return s
}

func (s *shop) sku(item inventory.ItemID) (sku string) {
	s.must(s.tx.QueryRow(`select sku from items where id = $1`, item).Scan(&sku))
	return sku
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) approve() {
	hash := files.Hash(strings.Repeat("ab", 32))
	s.must(studio.Send(ctx, s.tx, s.Warehouse, line, []studio.File{{Hash: hash, Preview: hash, Name: "cat.png", Type: "image/png", Width: 100, Height: 100, Bytes: 1}}, studio.From{At: noon}))
}

// release hands the order down as the office does.
func (s *shop) release() {
	s.t.Helper()
	lots, err := production.Ask(ctx, s.tx, []production.Wanted{{Ref: line, Document: order, Warehouse: s.Warehouse, Due: noon, Quantity: 3}}, noon)
	s.must(err)
	s.lot = lots[line].Lot
	s.must(picking.Ask(ctx, s.tx, picking.Demand{Ref: order, Warehouse: s.Warehouse, Due: noon, ShipComplete: true,
		Lines: []picking.DemandLine{{Ref: line, Line: 1, Item: s.portrait, Lot: s.lot, Quantity: 3, Straight: lots[line].Straight}}}, noon))
	works, err := production.Of(ctx, s.tx, order)
	s.must(err)
	if len(works) != 1 {
		s.t.Fatalf("%d work orders", len(works))
	}
	s.job = works[0].ID.String()
}

func (s *shop) pull(code string) scan.Step { return s.press(code, "") }

func (s *shop) press(code, action string) scan.Step {
	s.t.Helper()
	step, err := production.Take(ctx, s.tx, s.Warehouse, scan.Scan{Key: uuid.New(), Code: code, Staff: s.Staff, Station: s.bench, At: noon}, action)
	s.must(err)
	s.step = step
	return step
}

// does checks what each scan says.
func (s *shop) does(pairs ...string) {
	s.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		code, action := pairs[i], ""
		if strings.HasPrefix(code, "scrap ") {
			code, action = "", code
		}
		if step := s.press(code, action); !strings.Contains(step.Message, pairs[i+1]) {
			s.t.Fatalf("%s: %q, want %q", pairs[i], step.Message, pairs[i+1])
		}
	}
}

func (s *shop) work() production.WorkOrder {
	s.t.Helper()
	works, err := production.Of(ctx, s.tx, order)
	s.must(err)
	return works[0]
}

func (s *shop) lawful() {
	s.t.Helper()
	for _, check := range []func(context.Context, pg.Querier) ([]inventory.Law, error){production.Check, picking.Check, inventory.Check, studio.Check} {
		laws, err := check(ctx, s.tx)
		s.must(err)
		for _, l := range laws {
			if l.Count > 0 {
				s.t.Errorf("%s: %v", l.Name, l.Examples)
			}
		}
	}
}

func (s *shop) stock(item inventory.ItemID, at inventory.LocationID) int64 {
	s.t.Helper()
	n, err := inventory.OnHand(ctx, s.tx, item, at)
	s.must(err)
	return n
}

func TestPiecesAreMadeCheckedAndReadyToPack(t *testing.T) {
	s := open(t, pgtest.Tx(t))
	if lots, err := production.Ask(ctx, s.tx, []production.Wanted{{Ref: line, Document: order, Warehouse: s.Warehouse, Due: noon, Quantity: 3}}, noon); err != nil || len(lots) > 0 {
		t.Fatalf("something is made that nobody approved: %v, %v", lots, err)
	}
	s.approve()
	s.release()
	s.does(canvasCode, "Scan a work order first", s.job, "J-"+s.job[2:]+" is started: 3 × Portrait.")
	if s.step.Next != "Scan the bin" || s.step.Target != "A-01-1-A" || s.step.Quantity != 3 {
		t.Errorf("the screen says %+v", s.step)
	}
	s.does("X-OK", "There are no blanks on your bench", canvasCode, "Scan the bin first", "B-A-01-1-B", "is not in A-01-1-B by the books",
		"B-A-01-1-A", "A-01-1-A: take 3", mugCode, "Take Test CANVAS", canvasCode, "+1 Test CANVAS, 1 of 3", canvasCode, "2 of 3", "4", "Only 2 can be made", "T-1", "Nothing is made",
		"1", "1 made", "scrap misprint", "1 scrapped: misprint")
	if w := s.work(); w.Made != 0 || w.Scrapped != 1 || w.Wanted() != 2 {
		t.Errorf("after a misprint: %+v", w)
	}
	s.does("X-OK", "1 made", "T-1", "1 good into T-1, 1 of 3", "B-A-01-1-A", "take 2", canvasCode, "3 of 4", canvasCode, "4 of 4", canvasCode, "Scan the bin first",
		"X-OK", "2 made", "T-1", "is finished: 3 good in T-1, ready to be packed")
	if !(s.stock(s.canvas, s.Bins[0]) == 6 && s.stock(s.portrait, s.Totes[0]) == 3) {
		t.Errorf("%d blanks are left, %d portraits in the tote", s.stock(s.canvas, s.Bins[0]), s.stock(s.portrait, s.Totes[0]))
	}
	hand, err := picking.HandOf(ctx, s.tx, order)
	s.must(err)
	if hand.State != picking.Picked {
		t.Errorf("the order is %s, want picked: it needs no putaway", hand.State)
	}
	s.does(s.job, "is finished: all 3 pieces are good")
	s.lawful()
}

func TestAScanIsTakenBackAtTheBench(t *testing.T) {
	s := open(t, pgtest.Tx(t))
	s.approve()
	s.release()
	s.does(s.job, "started", "B-A-01-1-A", "take 3", canvasCode, "1 of 3", "X-UNDO", "Taken back: 1 drawn")
	if s.stock(s.canvas, s.Bins[0]) != 10 {
		t.Errorf("%d blanks in the bin", s.stock(s.canvas, s.Bins[0]))
	}
	s.lawful()
	s.does("X-UNDO", "nothing to take back", "B-A-01-1-A", "take 3", canvasCode, "1 of 3", "1", "1 made", "X-UNDO", "Taken back: 1 made", "X-UNDO", "Taken back: 1 drawn",
		"B-A-01-1-A", "take 3", canvasCode, "1 of 3", "1", "1 made", "T-1", "1 good", "X-UNDO", "Take them out at packing")
	s.lawful()
}

func TestALateChangeIsRefused(t *testing.T) {
	s := open(t, pgtest.Tx(t))
	s.approve()
	s.release()
	s.must(production.Amend(ctx, s.tx, line, 2, noon))
	if w := s.work(); w.Pieces != 2 || w.Wanted() != 2 {
		t.Errorf("after two are wanted: %+v", w)
	}
	s.must(picking.Change(ctx, s.tx, order, line, 2))
	s.lawful()
	s.does(s.job, "started")
	for what, err := range map[string]error{"fewer": production.Amend(ctx, s.tx, line, 1, noon), "none": production.Cancel(ctx, s.tx, order, noon)} {
		if fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "It is too late: O-1001.1 is being made") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestACancelledWorkOrderFreesItsBlanks(t *testing.T) {
	s := open(t, pgtest.Tx(t))
	s.approve()
	s.release()
	s.must(production.Cancel(ctx, s.tx, order, noon))
	s.must(production.Cancel(ctx, s.tx, order, noon))
	s.does(s.job, "was cancelled. Throw its paper away")
	s.lawful()
}

func TestNothingIsMadeOfChangedFiles(t *testing.T) {
	s := open(t, pgtest.Tx(t))
	s.approve()
	s.release()
	if _, err := s.tx.Exec(`savepoint before`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.tx.Exec(`update work_files set hash = repeat('f', 64)`); err != nil {
		t.Fatal(err)
	}
	s.does(s.job, "are not those that were approved")
}

func TestAHeldOrderGetsNoPieces(t *testing.T) {
	s := open(t, pgtest.Tx(t))
	s.approve()
	s.release()
	s.does(s.job, "started", "B-A-01-1-A", "take 3", canvasCode, "1 of 3", "1", "1 made")
	s.must(picking.Hold(ctx, s.tx, order, "the address is wrong"))
	s.does("T-1", "O-1001 is held: the address is wrong")
	s.must(picking.Unhold(ctx, s.tx, order))
	s.does("T-1", "1 good into T-1")
	s.lawful()
}

// TestRandomWorkAtTheBenchKeepsEveryLaw scans and presses whatever there is, in any order.
func TestRandomWorkAtTheBenchKeepsEveryLaw(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tx := pgtest.Tx(t)
		defer func() { _ = tx.Rollback() }()
		s := open(t, tx)
		s.approve()
		s.release()
		for range rapid.IntRange(1, 30).Draw(r, "scans") {
			code := rapid.SampledFrom([]string{s.job, "B-A-01-1-A", canvasCode, canvasCode, "1", "2", "X-OK", "T-1", "T-2", "X-UNDO", "X-SKIP", mugCode, "B-A-01-1-B",
				"scrap misprint", "scrap damaged", "J-999999", "garbage"}).Draw(r, "code")
			action := ""
			if strings.HasPrefix(code, "scrap ") {
				code, action = "", code
			}
			if _, err := production.Take(ctx, tx, s.Warehouse, scan.Scan{Key: uuid.New(), Code: code, Staff: s.Staff, Station: s.bench, At: noon}, action); err != nil {
				r.Fatalf("%s%s: %v", code, action, err)
			}
		}
		s.lawful()
		if t.Failed() {
			r.FailNow()
		}
	})
}

func TestManyBenchesMakeNoMoreThanIsWanted(t *testing.T) {
	db := pgtest.DB(t)
	var s *shop
	var people []staff.ID
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		s = open(t, tx)
		s.approve()
		s.release()
		for i := range 8 {
			var id staff.ID
			if err := tx.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ($1, $2, 'x', '{production}', $3) returning id`,
				fmt.Sprint("Maker ", i), staff.NewBadge(), s.Warehouse).Scan(&id); err != nil {
				return err
			}
			people = append(people, id)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i, who := range people {
		wait.Go(func() {
			for _, code := range []string{s.job, "B-A-01-1-A", canvasCode, "X-OK", fmt.Sprintf("T-%d", 1+i%4), "B-A-01-1-A", canvasCode, "1", fmt.Sprintf("T-%d", 1+i%4)} {
				if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
					_, err := production.Take(ctx, tx, s.Warehouse, scan.Scan{Key: uuid.New(), Code: code, Staff: who, Station: s.bench, At: noon}, "")
					return err
				}); err != nil {
					t.Errorf("%s: %v", code, err)
				}
			}
		})
	}
	wait.Wait()
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		s.tx = tx
		if w := s.work(); w.State != production.Finished || w.Good != 3 || w.Drawn != 3 {
			t.Errorf("after eight benches: %+v", w)
		}
		s.lawful()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestUncheckedPiecesStayInSight: another paper does not make somebody forget pieces that nobody has looked at.
func TestUncheckedPiecesStayInSight(t *testing.T) {
	s := open(t, pgtest.Tx(t))
	s.approve()
	s.release()
	const other = "O-1002.1"
	_, err := studio.Ask(ctx, s.tx, []studio.Wanted{{Ref: other, Document: "O-1002", Warehouse: s.Warehouse, Item: s.portrait, SKU: "PORTRAIT", Product: "Portrait", Pieces: 1, Due: noon}}, 0, noon)
	s.must(err)
	hash := files.Hash(strings.Repeat("cd", 32))
	s.must(studio.Send(ctx, s.tx, s.Warehouse, other, []studio.File{{Hash: hash, Preview: hash, Name: "dog.png", Type: "image/png", Width: 100, Height: 100, Bytes: 1}}, studio.From{At: noon}))
	_, err = production.Ask(ctx, s.tx, []production.Wanted{{Ref: other, Document: "O-1002", Warehouse: s.Warehouse, Due: noon, Quantity: 1}}, noon)
	s.must(err)
	works, err := production.Of(ctx, s.tx, "O-1002")
	s.must(err)
	second := works[0].ID.String()
	s.does(s.job, "is started", "B-A-01-1-A", "take 3", canvasCode, "1 of 3", "1", "1 made",
		second, "1 of "+s.job+" are made and nobody has looked at them. Scan a tote for the good ones, or X-SKIP",
		s.job, "goes on here", "X-SKIP", "off your bench", second, second+" is started")
}

// TestCheckFindsDamageOfWork: files, pieces and blanks that are not what the work order says are named.
func TestCheckFindsDamageOfWork(t *testing.T) {
	s := open(t, pgtest.Tx(t))
	s.approve()
	s.release()
	s.lawful()
	for name, damage := range map[string]string{
		"what is made is what was approved, byte for byte":                              `update work_files set hash = repeat('e', 64)`,
		"a work order counts what its scans say":                                        `update work_orders set drawn = 1`,
		"an open work order holds or waits for its blanks, one that is over holds none": `delete from reservations where ref like 'J-%'`,
		"blanks leave the shelf for the workshop, and come back as pieces or scrap":     `update work_orders set drawn = 1`,
		"a line goes straight from its partner exactly when its work order says so":     `update demand_lines set straight = true`,
		"good pieces went into totes or parcels of their order, in their own lot":       `update work_orders set drawn = 1, good = 1`,
	} {
		s.exec(`savepoint damage`)
		s.exec(`set local session_replication_role = replica`)
		s.exec(damage)
		laws, err := production.Check(ctx, s.tx)
		s.must(err)
		found := false
		for _, l := range laws {
			found = found || l.Name == name && l.Count > 0
		}
		if !found {
			t.Errorf("nobody noticed: %s", damage)
		}
		s.exec(`rollback to savepoint damage`)
	}
}
