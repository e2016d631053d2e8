package production_test

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/picking"
)

// outside is the shop whose portraits are printed by a partner and come back to it, with a fulfiller.
func outside(t testing.TB, tx *sql.Tx, straight bool) (s *shop, fred staff.ID) {
	s = open(t, tx)
	fred = s.fulfiller("Fred")
	partner, err := studio.SavePartner(ctx, tx, studio.Partner{Name: "Print & Co", Days: 5}, s.Staff)
	s.must(err)
	flows, err := studio.Flows(ctx, tx)
	s.must(err)
	f := flows[0]
	f.Making, f.Partner, f.Straight = studio.ByPartner, partner, straight
	_, err = studio.SaveFlow(ctx, tx, f, s.Staff)
	s.must(err)
	s.approve()
	s.release()
	return s, fred
}

func (s *shop) fulfiller(name string) (id staff.ID) {
	s.t.Helper()
	s.must(s.tx.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ($1, $2, 'x', '{fulfiller}', $3) returning id`, name, staff.NewBadge(), s.Warehouse).Scan(&id))
	return id
}

func (s *shop) handsOver(number string) error {
	return production.HandOver(ctx, s.tx, s.Warehouse, s.work().ID, number, s.Staff, noon)
}

// refuses checks that something is a Conflict that says why.
func (s *shop) refuses(err error, words string) {
	s.t.Helper()
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), words) {
		s.t.Errorf("it says %v, want a conflict with %q", err, words)
	}
}

func (s *shop) stands(with production.With, state production.State) {
	s.t.Helper()
	if w := s.work(); w.With != with || w.State != state {
		s.t.Errorf("it is %s and %s, want %s and %s", w.With, w.State, with, state)
	}
	s.lawful()
}

func TestPiecesOfAPartnerComeToABenchAreCheckedAndPacked(t *testing.T) {
	s, fred := outside(t, pgtest.Tx(t), false)
	if w := s.work(); w.Fulfiller != fred || w.PartnerName != "Print & Co" || w.Blank != 0 || w.Wanted() != 0 {
		t.Errorf("the work order is %+v", w)
	}
	s.does(s.job, "was not handed to Print & Co yet. Put it aside and call Fred.")
	id := s.work().ID
	s.refuses(production.OnTheWay(ctx, s.tx, s.Warehouse, id, "", fred, noon), "waits to be handed over")
	s.must(s.handsOver("PC-77"))
	s.stands(production.Handed, production.Started)
	s.must(production.Accept(ctx, s.tx, s.Warehouse, id, fred, noon))
	s.must(production.OnTheWay(ctx, s.tx, s.Warehouse, id, "by van, on Friday", fred, noon))
	s.stands(production.Sent, production.Started)
	s.does(s.job, "came from Print & Co: count, then look at each piece.", "T-1", "Nothing is made", "scrap misprint", "Say first how many came", "4", "Only 3", "X-OK", "3 came. Look at them",
		"scrap misprint", "Print & Co is asked for another one.", "T-1", "2 good into T-1, 2 of 3", "X-OK", "was not asked for the spoiled ones again yet. Call Fred.")
	s.stands(production.Waiting, production.Started)
	s.must(s.handsOver("PC-78"))
	if deeds, err := production.Deeds(ctx, s.tx, id); err != nil || deeds[len(deeds)-1].Pieces != 1 {
		t.Errorf("asked anew: %+v, %v", deeds, err)
	}
	s.does("1", "1 came", "T-1", "is finished: 3 good in T-1, ready to be packed")
	s.stands(production.Over, production.Finished)
	if hand, err := picking.HandOf(ctx, s.tx, order); err != nil || hand.State != picking.Picked || s.stock(s.portrait, s.Totes[0]) != 3 {
		t.Errorf("the order is %v, %v, %d in the tote", hand.State, err, s.stock(s.portrait, s.Totes[0]))
	}
}

func TestWhatAPartnerHasIsTakenBackOnlyByWord(t *testing.T) {
	s, fred := outside(t, pgtest.Tx(t), true)
	id := s.work().ID
	s.must(s.handsOver("PC-77"))
	s.refuses(s.handsOver("PC-78"), "is with Print & Co as PC-77 already")
	s.refuses(production.Cancel(ctx, s.tx, order, noon), "is with Print & Co already, as PC-77. Ask them to stop it; when they did, Fred says so")
	s.refuses(production.MayReaddress(ctx, s.tx, order), "has the old address")
	s.must(production.TakeBack(ctx, s.tx, s.Warehouse, id, fred, noon))
	s.stands(production.Waiting, production.Open)
	s.must(s.handsOver(""))
	s.must(production.Accept(ctx, s.tx, s.Warehouse, id, fred, noon))
	s.refuses(production.TakeBack(ctx, s.tx, s.Warehouse, id, fred, noon), "is being made by Print & Co already")
	if err := production.Refuse(ctx, s.tx, s.Warehouse, id, " ", fred, noon); fault.FieldsOf(err).Of("reason") == "" {
		t.Errorf("refused for no reason: %v", err)
	}
	s.must(production.Refuse(ctx, s.tx, s.Warehouse, id, "the file is too small", fred, noon))
	s.stands(production.Waiting, production.Open)
	s.must(s.handsOver("PC-79"))
	s.must(production.Stopped(ctx, s.tx, s.Warehouse, id, "Mrs Print, by phone", fred, noon))
	s.must(production.MayReaddress(ctx, s.tx, order))
	s.must(production.Cancel(ctx, s.tx, order, noon))
	s.stands(production.Over, production.Cancelled)
	s.refuses(s.handsOver("PC-80"), "is cancelled already")
	s.does(s.job, "was cancelled")
}

func TestNothingElseIsHandedOver(t *testing.T) {
	s, _ := outside(t, pgtest.Tx(t), true)
	s.must(picking.Hold(ctx, s.tx, order, "the address is wrong"))
	s.refuses(s.handsOver(""), "is on hold: the address is wrong")
	s.must(picking.Unhold(ctx, s.tx, order))
	if _, err := s.tx.Exec(`update work_files set hash = repeat('f', 64)`); err != nil {
		t.Fatal(err)
	}
	s.refuses(s.handsOver(""), "are not those that were approved")
	if err := production.HandOver(ctx, s.tx, s.Warehouse+1, s.work().ID, "", s.Staff, noon); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another warehouse's: %v", err)
	}
}

func TestAFulfillerIsWhoHasLeastToDo(t *testing.T) {
	s, fred := outside(t, pgtest.Tx(t), false)
	fay := s.fulfiller("Fay")
	s.must(production.SetAway(ctx, s.tx, s.Warehouse, fred, true, s.Staff, noon))
	if w := s.work(); w.Fulfiller != fay {
		t.Errorf("while Fred is away %s has it", w.FulfillerName)
	}
	s.must(s.handsOver(""))
	s.must(production.SetAway(ctx, s.tx, s.Warehouse, fay, true, s.Staff, noon))
	if w := s.work(); w.Fulfiller != fay {
		t.Errorf("what the partner has went from Fay to %q", w.FulfillerName)
	}
	if _, err := s.tx.Exec(`update staff set active = false where id = $1`, fay); err != nil {
		t.Fatal(err)
	}
	s.must(production.HandOut(ctx, s.tx, noon))
	if w := s.work(); w.Fulfiller != 0 {
		t.Errorf("Fay left, Fred is away, and %q has it", w.FulfillerName)
	}
	s.must(production.SetAway(ctx, s.tx, s.Warehouse, fred, false, s.Staff, noon))
	if w := s.work(); w.Fulfiller != fred {
		t.Errorf("Fred is back, and %q has it", w.FulfillerName)
	}
	if err := production.Assign(ctx, s.tx, s.Warehouse, s.work().ID, fay, s.Staff, noon); fault.FieldsOf(err).Of("fulfiller") == "" {
		t.Errorf("somebody who left: %v", err)
	}
	lines, err := production.Lines(ctx, s.tx, s.Warehouse, fred, noon.AddDate(0, 0, 6))
	if err != nil || lines[production.WithPartner].Count != 1 || lines[production.WithPartner].Late != 1 || len(lines) != 1 {
		t.Errorf("Fred's queue is %+v, %v", lines, err)
	}
	if w := s.work(); w.Late(noon.AddDate(0, 0, -1)) || !w.Late(noon.AddDate(0, 0, 6)) {
		t.Error("six days at a partner who needs five are not late")
	}
}

func TestAPartnerInUseStays(t *testing.T) {
	s, _ := outside(t, pgtest.Tx(t), false)
	list, err := studio.Partners(ctx, s.tx)
	if err != nil || len(list) != 1 || list[0].Flows != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	p := list[0]
	p.Retired = true
	if _, err := studio.SavePartner(ctx, s.tx, p, s.Staff); fault.FieldsOf(err).Of("retired") == "" {
		t.Errorf("retired while a flow prints there: %v", err)
	}
	for field, bad := range map[string]studio.Partner{"name": {Name: "print & co"}, "email": {Name: "New", Email: "nobody"}, "days": {Name: "New", Days: 366}, "phone": {Name: "New", Phone: "\x01"}} {
		if _, err := studio.SavePartner(ctx, s.tx, bad, s.Staff); fault.FieldsOf(err).Of(field) == "" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := studio.SaveFlow(ctx, s.tx, studio.Flow{Name: "Two", Asks: "Photo", Making: studio.ByPartner}, s.Staff); fault.FieldsOf(err).Of("partner") == "" {
		t.Errorf("a flow of no partner: %v", err)
	}
}

func TestPiecesWaitForTheirStamp(t *testing.T) {
	s := open(t, pgtest.Tx(t))
	var customer int64
	s.must(s.tx.QueryRow(`insert into customers (code, name, email) values ('ANN', 'Ann Archer', 'ann@example.com') returning id`).Scan(&customer))
	kind, err := production.SaveKind(ctx, s.tx, production.ToolKind{Name: "Brass stamp", Price: 4000, SKUs: []string{s.sku(s.portrait)}}, s.Staff)
	s.must(err)
	s.must(production.UseTool(ctx, s.tx, line, order, customer, kind, 4000, s.Staff, noon))
	s.approve()
	s.release()
	list, err := production.Tools(ctx, s.tx, customer, 9)
	if err != nil || len(list) != 1 || list[0].Hash != "abababababababababababababababababababababababababababababababab" {
		t.Fatalf("the stamp is %+v, %v", list, err)
	}
	tool := list[0].ID
	s.does(s.job, "Wait for the brass stamp "+tool.String()+" of Ann Archer")
	if w := s.work(); w.State != production.Open {
		t.Errorf("without its stamp the work order is %s", w.State)
	}
	s.must(production.BeginTool(ctx, s.tx, tool, s.Staff, noon))
	s.does(s.job, "it is not made yet")
	if err := production.KeepTool(ctx, s.tx, tool, " ", s.Staff, noon); fault.FieldsOf(err).Of("place") == "" {
		t.Errorf("kept nowhere: %v", err)
	}
	s.must(production.KeepTool(ctx, s.tx, tool, "Drawer 4", s.Staff, noon))
	s.does(s.job, "is started: 3 × Portrait. Use "+tool.String()+", Brass stamp of Ann Archer. It is kept at Drawer 4.")
	if !strings.Contains(strings.Join(s.step.Detail, " "), "kept at Drawer 4") {
		t.Errorf("the bench shows %v", s.step.Detail)
	}
	paper, err := production.Paper(ctx, s.tx, s.Warehouse, s.work().ID, time.UTC)
	if err != nil || !strings.HasPrefix(paper.Instructions, "Use "+tool.String()) {
		t.Errorf("the traveller says %q, %v", paper.Instructions, err)
	}
	s.does("B-A-01-1-A", "take 3", canvasCode, "1 of 3", "1", "1 made")
	s.lawful()
	s.exec(`update tools set state = 'wanted', place = ''`)
	laws, err := production.Check(ctx, s.tx)
	s.must(err)
	for _, l := range laws {
		if l.Name == "nothing is made before its stamp is" && l.Count != 1 {
			t.Error("nobody noticed pieces that were made without their stamp")
		}
	}
}

// partnerDamages breaks each law that is about partners.
var partnerDamages = map[string]string{
	"where a work order is with its partner is what its story says":                 `update work_orders set partner_state = 'accepted'`,
	"what waits to be handed over is with no partner, and what is over asks nobody": `update work_orders set state = 'open'`,
	"a line goes straight from its partner exactly when its work order says so":     `update demand_lines set straight = true`,
	"good pieces went into totes or parcels of their order, in their own lot":       `update work_orders set good = 1`,
}

func TestCheckFindsDamageAtPartners(t *testing.T) {
	s, _ := outside(t, pgtest.Tx(t), false)
	s.must(s.handsOver("PC-77"))
	s.lawful()
	for name, damage := range partnerDamages {
		s.exec(`savepoint damage`)
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

func (s *shop) exec(query string) {
	s.t.Helper()
	if _, err := s.tx.Exec(query); err != nil {
		s.t.Fatal(err)
	}
}

func TestOneOfManyHandsOver(t *testing.T) {
	db := pgtest.DB(t)
	var s *shop
	var id production.ID
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { s, _ = outside(t, tx, false); id = s.work().ID; return nil }); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	said := make([]error, 8)
	for i := range said {
		wait.Go(func() {
			said[i] = pg.InTx(ctx, db, func(tx *sql.Tx) error {
				if i == 7 {
					return production.Cancel(ctx, tx, order, noon)
				}
				return production.HandOver(ctx, tx, s.Warehouse, id, fmt.Sprint("PC-", i), s.Staff, noon)
			})
		})
	}
	wait.Wait()
	won := 0
	for _, err := range said {
		if err == nil {
			won++
		} else if fault.KindOf(err) != fault.Conflict {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of eight won", won)
	}
}
