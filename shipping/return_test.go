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
	"tote/picking/picktest"
	"tote/shipping"
)

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
	f.right(f.count(id, f.sku(f.mug)))
	if step := start(id.String()); step.Goto != fmt.Sprintf("/returns/%d/receive", id) { // all is counted, the counting not finished
		t.Errorf("the slip leads to %q: %s", step.Goto, step.Message)
	}
	f.press(id, "finish")
	if step := start(id.String()); step.Goto != fmt.Sprintf("/returns/%d/inspect", id) {
		t.Errorf("the slip of what is to be inspected leads to %q: %s", step.Goto, step.Message)
	}
	f.wrong(start("O-1001"), "has come completely already") // another parcel of the order
	f.judged(id, "D-scrap", 1)
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
