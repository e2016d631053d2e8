package shipping_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
	"tote/picking/picktest"
	"tote/shipping"
)

// request asks for so many of the first line of an order.
func (f *floor) request(ref string, n int64) shipping.Request {
	return shipping.Request{Ref: ref, Submission: key().String(), At: noon.Add(48 * time.Hour),
		Lines: []shipping.RequestLine{{Ref: ref + ".1", Quantity: n, Reason: "damaged"}}}
}

func (f *floor) announced(ref string, n int64) shipping.ReturnID {
	f.T.Helper()
	id, err := shipping.Authorise(ctx, f.Tx, f.request(ref, n))
	f.must(err)
	return id
}

// sku is what a person types when the item has no barcode.
func (f *floor) sku(item inventory.ItemID) (sku string) {
	f.T.Helper()
	f.one(&sku, `select sku from items where id = $1`, item)
	return sku
}

func (f *floor) count(id shipping.ReturnID, code string) scan.Step {
	f.T.Helper()
	step, err := shipping.ReceiveReturn(ctx, f.Tx, id, f.by(code))
	f.must(err)
	return step
}

func (f *floor) press(id shipping.ReturnID, action string) scan.Step {
	f.T.Helper()
	step, err := shipping.DecideReturn(ctx, f.Tx, id, action, f.by(""))
	f.must(err)
	return step
}

func (f *floor) judge(id shipping.ReturnID, verdict string) scan.Step {
	f.T.Helper()
	step, err := shipping.Judge(ctx, f.Tx, id, verdict, "", f.by(""))
	f.must(err)
	return step
}

func (f *floor) inspect(id shipping.ReturnID, code string) scan.Step {
	f.T.Helper()
	step, err := shipping.Inspect(ctx, f.Tx, id, f.by(code))
	f.must(err)
	return step
}

// received counts n mugs and finishes.
func (f *floor) received(id shipping.ReturnID, n int) {
	f.T.Helper()
	for range n {
		f.right(f.count(id, f.sku(f.mug)))
	}
	if step := f.press(id, "finish-short"); step.Result != scan.Done {
		f.T.Fatalf("finishing answers %+v", step)
	}
}

// judged gives n mugs a verdict.
func (f *floor) judged(id shipping.ReturnID, verdict string, n int) {
	f.T.Helper()
	f.right(f.inspect(id, f.sku(f.mug)))
	if n > 1 {
		f.right(f.inspect(id, fmt.Sprintf("+%d", n)))
	}
	f.right(f.judge(id, verdict))
}

func (f *floor) ret(id shipping.ReturnID) shipping.Return {
	f.T.Helper()
	r, err := shipping.FindReturn(ctx, f.Tx, id)
	f.must(err)
	return r
}

// TestAReturnFromPageToShelf is the whole way back of three mugs: one as new, one to look at, one broken.
func TestAReturnFromPageToShelf(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(3, f.mug))
	id := f.announced("O-1001", 3)

	step, err := shipping.StartReturn(ctx, f.Tx, f.Warehouse, f.by(id.String()))
	f.must(err)
	if f.right(step); step.Goto != fmt.Sprintf("/returns/%d/receive", id) {
		t.Fatalf("the slip leads to %q", step.Goto)
	}
	for n := range int64(3) {
		step = f.right(f.count(id, f.sku(f.mug)))
		if step.Done != n+1 || step.Total != 3 {
			t.Errorf("after scan %d the screen says %d of %d", n+1, step.Done, step.Total)
		}
	}
	step = f.count(id, "X-OK")
	if step.Result != scan.Done || step.Goto != fmt.Sprintf("/returns/%d/inspect", id) {
		t.Fatalf("finishing answers %+v", step)
	}
	if n := f.OnHand(f.mug, f.Returned); n != 3 {
		t.Errorf("%d mugs lie at the returns desk, want 3", n)
	}
	free := func() int64 {
		a, err := inventory.Available(ctx, f.Tx, f.Warehouse, f.mug)
		f.must(err)
		return a.Free
	}
	before := free()

	step = f.right(f.inspect(id, f.sku(f.mug)))
	if step.Target != "Test MUG" || len(step.Choices) < 4 || !strings.HasPrefix(step.Choices[0].Label, "A") {
		t.Errorf("with a mug in hand the screen says %+v", step)
	}
	f.right(f.judge(id, "A-restock"))
	f.right(f.inspect(id, f.sku(f.mug)))
	f.right(f.judge(id, "C-quarantine"))
	f.right(f.inspect(id, f.sku(f.mug)))
	step = f.judge(id, "D-scrap")
	if step.Result != scan.Done || !step.Finished {
		t.Errorf("the last verdict answers %+v", step)
	}
	if r := f.ret(id); r.State != shipping.Inspected || r.Decided != 3 {
		t.Errorf("the return is %+v", r)
	}
	if n := f.OnHand(f.mug, f.Scrap); n != 0 {
		t.Errorf("scrap is not a place of stock, and holds %d", n)
	}
	if now := free(); now != before {
		t.Errorf("before anything is put away %d mugs may be sold, were %d: K4", now, before)
	}
	tasks, err := inventory.PutawayTasks(ctx, f.Tx, f.Warehouse, 0, 10)
	f.must(err)
	if len(tasks) != 1 || tasks[0].Ref != id.String() || tasks[0].Quantity != 1 {
		t.Fatalf("the putaway tasks are %+v", tasks)
	}
	for _, code := range []string{f.sku(f.mug), "B-A-01-1-A"} {
		step, err := inventory.PutAway(ctx, f.Tx, f.Warehouse, f.by(code))
		f.must(err)
		f.right(step)
	}
	if now := free(); now != before+1 {
		t.Errorf("after putaway %d mugs may be sold, want %d", now, before+1)
	}
	for _, name := range []string{"return.authorised", "return.received", "return.inspected"} {
		if n := facts(t, f.Tx, name); n != 1 {
			t.Errorf("%s was said %d times", name, n)
		}
	}
	lawful(t, f.Tx)
}

// TestAReturnIsFoundByWhateverIsOnTheParcel: slip, order, tracking number, SSCC.
func TestAReturnIsFoundByWhateverIsOnTheParcel(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.sent("O-1001", picktest.Of(3, f.mug))
	f.sent("O-1002", picktest.Of(1, f.mug))
	id := f.announced("O-1001", 1)
	start := func(code string) scan.Step {
		step, err := shipping.StartReturn(ctx, f.Tx, f.Warehouse, f.by(code))
		f.must(err)
		return step
	}
	for _, code := range []string{id.String(), strings.ToLower(id.String()), "O-1001", "O-1001.1", c.number, c.sscc, "]C100" + c.sscc} {
		if step := start(code); step.Goto != fmt.Sprintf("/returns/%d/receive", id) {
			t.Errorf("%s leads to %q: %s", code, step.Goto, step.Message)
		}
	}
	other := f.announced("O-1001", 1)
	step := start("O-1001")
	if step.Result != scan.Decide || len(step.Choices) != 2 || step.Choices[0].Code == "" {
		t.Errorf("two returns of one order: %+v", step)
	}
	f.must(shipping.Withdraw(ctx, f.Tx, other))
	for code, words := range map[string]string{
		"R-999999": "No return of R-999999 is announced", "O-1002": "No return of O-1002 is announced", "O-7777": "No return of O-7777", other.String(): "was withdrawn",
		"B-A-01-1-A": "is a bin", "4006381333931": "is an item", "nonsense": "Nothing of ours goes by nonsense",
	} {
		f.wrong(start(code), words)
	}
	f.received(id, 1)
	f.wrong(start(id.String()), "has come completely already")
}

// TestNoMoreIsAnnouncedThanWasSent: K1, with every mistake named.
func TestNoMoreIsAnnouncedThanWasSent(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(3, f.mug), picktest.Of(1, f.towel))
	f.packed("O-1002", "own", picktest.Of(1, f.mug))
	f.announced("O-1001", 2)
	ask := func(change func(*shipping.Request)) error {
		r := f.request("O-1001", 1)
		change(&r)
		_, err := shipping.Authorise(ctx, f.Tx, r)
		return err
	}
	line := func(l shipping.RequestLine) func(*shipping.Request) {
		return func(r *shipping.Request) { r.Lines = []shipping.RequestLine{l} }
	}
	for field, change := range map[string]func(*shipping.Request){
		"lines.0.quantity|At most 1 of Test MUG can come back: 3 were sent, 2 are announced": line(shipping.RequestLine{Ref: "O-1001.1", Quantity: 2, Reason: "damaged"}),
		"lines.0.quantity|Give a quantity from 1":                                            line(shipping.RequestLine{Ref: "O-1001.1", Quantity: 0, Reason: "damaged"}),
		"lines.0.reason|Choose why":                                                          line(shipping.RequestLine{Ref: "O-1001.1", Quantity: 1, Reason: "because"}),
		"lines.0.quantity|Nothing of O-1002.1 has left":                                      line(shipping.RequestLine{Ref: "O-1002.1", Quantity: 1, Reason: "other"}),
		"lines.0.note|control characters":                                                    line(shipping.RequestLine{Ref: "O-1001.1", Quantity: 1, Reason: "other", Note: "a\x00b"}),
		"lines|Say what comes back":                                                          func(r *shipping.Request) { r.Lines = nil },
		"lines.1.ref|stands there twice":                                                     func(r *shipping.Request) { r.Lines = append(r.Lines, r.Lines[0]) },
		"lines.0.quantity|could be sent back until 22 Nov":                                   func(r *shipping.Request) { r.Within = 10 * time.Hour },
	} {
		name, words, _ := strings.Cut(field, "|")
		if err := ask(change); !strings.Contains(fault.FieldsOf(err).Of(name), words) {
			t.Errorf("%s: %v, want %q", name, err, words)
		}
	}
	if err := ask(func(r *shipping.Request) { r.Ref = "O-1002" }); !isKind(err, fault.Conflict) {
		t.Errorf("a return of what is still here: %v", err)
	}
	if err := ask(func(r *shipping.Request) { r.Submission = "" }); !isKind(err, fault.Invalid) {
		t.Errorf("a form without its key: %v", err)
	}
	if err := ask(func(r *shipping.Request) { r.Within = 50 * time.Hour }); err != nil {
		t.Errorf("two days after dispatch, within 50 hours: %v", err)
	}
	lawful(t, f.Tx)
}

// TestTheSameFormMakesOneReturn, however often it is sent.
func TestTheSameFormMakesOneReturn(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(1, f.mug))
	r := f.request("O-1001", 1)
	first, err := shipping.Authorise(ctx, f.Tx, r)
	f.must(err)
	second, err := shipping.Authorise(ctx, f.Tx, r)
	f.must(err)
	if first != second || facts(t, f.Tx, "return.authorised") != 1 {
		t.Errorf("one form made %s and %s", first, second)
	}
	r.Ref = "O-1003"
	f.sent("O-1003", picktest.Of(1, f.mug))
	if _, err := shipping.Authorise(ctx, f.Tx, r); !isKind(err, fault.Conflict) {
		t.Errorf("the form of one order was used for another: %v", err)
	}
}

// TestWhatWasNotAnnouncedStandsInQuarantine, after a person said so.
func TestWhatWasNotAnnouncedStandsInQuarantine(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 1)
	f.right(f.count(id, f.sku(f.mug)))

	step := f.count(id, f.sku(f.mug))
	if step.Result != scan.Decide || !strings.Contains(step.Message, "one too many") || len(step.Choices) != 2 {
		t.Fatalf("one too many answers %+v", step)
	}
	shown, err := shipping.ShowReturn(ctx, f.Tx, id, f.Staff)
	f.must(err)
	if len(shown.Choices) != 2 {
		t.Errorf("after a reload the question is gone: %+v", shown)
	}
	f.right(f.press(id, "leave"))
	if n := f.ret(id).Received; n != 1 {
		t.Errorf("leaving it counted %d", n)
	}
	step = f.count(id, f.sku(f.towel))
	if step.Result != scan.Decide || !strings.Contains(step.Message, "is not part of") {
		t.Fatalf("a foreign item answers %+v", step)
	}
	extra := f.by("")
	step, err = shipping.DecideReturn(ctx, f.Tx, id, "extra", extra)
	f.must(err)
	f.right(step)
	f.wrong(f.press(id, "extra"), "Scan the item first")
	all, err := shipping.Extras(ctx, f.Tx, id)
	f.must(err)
	if len(all) != 1 || all[0].Quantity != 1 || !strings.Contains(all[0].Note, "not announced in R-") {
		t.Errorf("the extras are %+v", all)
	}
	var quarantine inventory.LocationID
	f.one(&quarantine, `select id from locations where warehouse_id = $1 and kind = 'quarantine'`, f.Warehouse)
	if n := f.OnHand(f.towel, quarantine); n != 1 {
		t.Errorf("%d towels stand in quarantine, want 1", n)
	}
	lawful(t, f.Tx)
	step, err = shipping.UndoReturn(ctx, f.Tx, id, extra.Key, f.by(""))
	f.must(err)
	f.right(step)
	if n := f.OnHand(f.towel, quarantine); n != 0 {
		t.Errorf("after undo %d towels stand in quarantine", n)
	}
	f.wrong(f.count(id, "4006381333931"), "No item has the barcode")
	lawful(t, f.Tx)
}

// TestAMissingUnitIsAskedFor before the counting ends without it, and a second parcel may bring it.
func TestAMissingUnitIsAskedFor(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	f.wrong(f.press(id, "finish"), "Nothing was counted yet")
	f.right(f.count(id, f.sku(f.mug)))
	step := f.press(id, "finish")
	if step.Result != scan.Decide || !strings.Contains(step.Message, "1 of 2 units are missing") {
		t.Fatalf("finishing short answers %+v", step)
	}
	f.right(f.press(id, "keep"))
	if step := f.press(id, "finish-short"); step.Result != scan.Done {
		t.Fatalf("finishing without it answers %+v", step)
	}
	f.judged(id, "B-restock", 1)
	if r := f.ret(id); r.State != shipping.Inspected {
		t.Errorf("the return is %s", r.State)
	}
	f.right(f.count(id, f.sku(f.mug)))
	if r := f.ret(id); r.State != shipping.Authorised || r.Received != 2 {
		t.Errorf("with the second parcel open the return is %+v", r)
	}
	f.right(f.press(id, "finish"))
	if r := f.ret(id); r.State != shipping.Received {
		t.Errorf("then it is %s", r.State)
	}
	lawful(t, f.Tx)
}

// TestCountingAndVerdictsCanBeTakenBack until the goods have moved on.
func TestCountingAndVerdictsCanBeTakenBack(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	first := f.by(f.sku(f.mug))
	step, err := shipping.ReceiveReturn(ctx, f.Tx, id, first)
	f.must(err)
	f.right(step)
	f.right(f.count(id, "X-UNDO"))
	if r := f.ret(id); r.Received != 0 || f.OnHand(f.mug, f.Returned) != 0 {
		t.Errorf("after undo the return is %+v", r)
	}
	step, err = shipping.UndoReturn(ctx, f.Tx, id, first.Key, f.by(""))
	f.must(err)
	f.wrong(step, "taken back already")
	f.received(id, 2)
	f.wrong(f.count(id, "X-UNDO"), "is finished")

	for _, verdict := range []string{"A-restock", "C-quarantine", "D-scrap"} {
		f.judged(id, verdict, 2)
		if r := f.ret(id); r.State != shipping.Inspected {
			t.Errorf("after %s the return is %s", verdict, r.State)
		}
		f.right(f.inspect(id, "X-UNDO"))
		if r := f.ret(id); r.State != shipping.Received || r.Decided != 0 || f.OnHand(f.mug, f.Returned) != 2 {
			t.Errorf("after taking %s back the return is %+v", verdict, r)
		}
		lawful(t, f.Tx)
	}
	if tasks, err := inventory.PutawayTasks(ctx, f.Tx, f.Warehouse, 0, 10); err != nil || len(tasks) != 0 {
		t.Errorf("work is left over: %+v, %v", tasks, err)
	}
	f.judged(id, "A-restock", 1)
	for _, code := range []string{f.sku(f.mug), "B-A-01-1-A"} {
		step, err := inventory.PutAway(ctx, f.Tx, f.Warehouse, f.by(code))
		f.must(err)
		f.right(step)
	}
	f.wrong(f.inspect(id, "X-UNDO"), "was put away already")
	lawful(t, f.Tx)
}

// TestInspectionNonsenseIsAnAnswer.
func TestInspectionNonsenseIsAnAnswer(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	f.wrong(f.inspect(id, f.sku(f.mug)), "was not counted to the end")
	f.received(id, 2)
	f.wrong(f.judge(id, "A-restock"), "Scan an item first")
	f.wrong(f.inspect(id, f.sku(f.towel)), "waits for a verdict")
	f.wrong(f.inspect(id, "4006381333931"), "No item has the barcode")
	f.right(f.inspect(id, f.sku(f.mug)))
	for _, n := range []string{"+0", "+3", "+-1", "+99999999999999999999"} {
		f.wrong(f.inspect(id, n), "Type +1 to +2")
	}
	for _, v := range []string{"C-restock", "D-restock", "E-scrap", "A", "", "A-sell", strings.Repeat("x", 3000)} {
		f.wrong(f.judge(id, v), "is no verdict")
	}
	step, err := shipping.Judge(ctx, f.Tx, id, "A-restock", "a\x00b", f.by(""))
	f.must(err)
	f.wrong(step, "control characters")
	lawful(t, f.Tx)
}

// TestPackBarcodesCountTheirUnits, and a pack that is more than announced is asked about as a whole.
func TestPackBarcodesCountTheirUnits(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	pack, err := labels.GTIN13("200000000001")
	f.must(err)
	f.must(inventory.AddBarcode(ctx, f.Tx, inventory.Barcode{Code: pack, Item: f.mug, Quantity: 3}))
	f.sent("O-1001", picktest.Of(5, f.mug))
	id := f.announced("O-1001", 4)
	if step := f.right(f.count(id, pack)); step.Done != 3 {
		t.Errorf("a pack of three counted %d", step.Done)
	}
	if step := f.count(id, pack); step.Result != scan.Decide || !strings.Contains(step.Message, "pack of 3") {
		t.Errorf("a second pack answers %+v", step)
	}
	lawful(t, f.Tx)
}

// TestReturnsAnnouncedAtOnce never exceed what was sent.
func TestReturnsAnnouncedAtOnce(t *testing.T) {
	db, f := committed(t, func(f *floor) { f.sent("O-1001", picktest.Of(3, f.mug)) })
	var all []func(f *floor) error
	for range 12 {
		r := f.request("O-1001", 1)
		all = append(all, func(f *floor) error { _, err := shipping.Authorise(ctx, f.Tx, r); return err })
	}
	made := 0
	for _, err := range race(t, db, f, all...) {
		switch {
		case err == nil:
			made++
		case !strings.Contains(fault.Message(err), "At most"):
			t.Error(err)
		}
	}
	if made != 3 {
		t.Errorf("%d returns of one were authorised for three mugs", made)
	}
	lawful(t, db)
}

// TestTwoPeopleAtOneReturn count and judge at the same time; every unit counts once.
func TestTwoPeopleAtOneReturn(t *testing.T) {
	var id shipping.ReturnID
	db, f := committed(t, func(f *floor) {
		f.sent("O-1001", picktest.Of(4, f.mug))
		id = f.announced("O-1001", 4)
	})
	sku := ""
	if err := db.QueryRow(`select sku from items where id = $1`, f.mug).Scan(&sku); err != nil {
		t.Fatal(err)
	}
	var all []func(f *floor) error
	for range 8 {
		s := f.by(sku)
		all = append(all, func(f *floor) error { _, err := shipping.ReceiveReturn(ctx, f.Tx, id, s); return err })
	}
	for _, err := range race(t, db, f, all...) {
		if err != nil {
			t.Error(err)
		}
	}
	r, err := shipping.FindReturn(ctx, db, id)
	if err != nil || r.Received != 4 {
		t.Errorf("eight scans counted %d of four: %v", r.Received, err)
	}
	lawful(t, db)
}
