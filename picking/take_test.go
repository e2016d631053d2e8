package picking_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/picking"
	"tote/picking/picktest"
)

var ctx = context.Background()

const (
	mugCode  = "4006381333931"
	caseCode = "14006381333938" // twelve mugs
	capCode  = "9521234543213"
)

// shop is a floor with mugs (10 in A-01-1-A) and caps (5 in B-02-1-A).
func shop(t *testing.T) (f *picktest.Floor, mug, hat inventory.ItemID) {
	f = picktest.New(t, pgtest.Tx(t))
	mug, hat = f.Item("MUG"), f.Item("CAP")
	for code, b := range map[string]inventory.Barcode{mugCode: {Item: mug, Quantity: 1}, caseCode: {Item: mug, Quantity: 12}, capCode: {Item: hat, Quantity: 1}} {
		b.Code = code
		if err := inventory.AddBarcode(ctx, f.Tx, b); err != nil {
			t.Fatal(err)
		}
	}
	f.Stock(mug, f.Bins[0], 10)
	f.Stock(hat, f.Bins[6], 5)
	return f, mug, hat
}

func TestTheWalk(t *testing.T) {
	f, mug, hat := shop(t)
	list := f.Begin("O-1", picktest.Of(1, hat), picktest.Of(2, mug))
	for _, s := range []struct {
		code, message, next, target string
		result                      scan.Result
		done                        int64
	}{
		{"T-1", "Into tote T-1.", "Scan the bin", "A-01-1-A", scan.Right, 0},
		{"B-A-01-1-A", "A-01-1-A is right. Take 2 Test MUG.", "Scan the item", "A-01-1-A", scan.Right, 0},
		{mugCode, "A-01-1-A: +1 Test MUG, 1 of 2", "Scan the item", "A-01-1-A", scan.Right, 1},
		{mugCode, "A-01-1-A: +1 Test MUG, 2 of 2", "Scan the bin", "B-02-1-A", scan.Right, 2},
		{"b-b-02-1-a", "B-02-1-A is right. Take 1 Test CAP.", "Scan the item", "B-02-1-A", scan.Right, 2},
		{capCode, "B-02-1-A: +1 Test CAP, 1 of 1", "Carry the tote to packing", "T-1", scan.Done, 3},
		{capCode, list.String() + " is finished. Ask for new work.", "Carry the tote to packing", "T-1", scan.Wrong, 3},
	} {
		step := f.Scan(list, s.code)
		if step.Result != s.result || step.Message != s.message || step.Next != s.next || step.Target != s.target || step.Done != s.done || step.Total != 3 {
			t.Errorf("%s: %+v", s.code, step)
		}
	}
	if m, c := f.OnHand(mug, f.Totes[0]), f.OnHand(hat, f.Totes[0]); m != 2 || c != 1 {
		t.Errorf("the tote holds %d mugs and %d caps, want 2 and 1", m, c)
	}
	if s := f.State("O-1"); s != picking.Picked {
		t.Errorf("O-1 is %s, want picked", s)
	}
	lawful(t, f.Tx)
}

func TestWrongScansStopHardAndCountNothing(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug))
	wrong := func(code, want string) {
		t.Helper()
		step := f.Scan(list, code)
		if step.Result != scan.Wrong || step.Message != want || step.Done != 0 {
			t.Errorf("%q: %s %q, want wrong %q", code, step.Result, step.Message, want)
		}
	}
	wrong("B-A-01-1-A", "This is bin A-01-1-A. Scan an empty tote.")
	wrong("T-99", "There is no tote T-99 in this warehouse. Take another one.")
	f.Scan(list, "T-1")
	wrong("B-B-02-1-A", "This is bin B-02-1-A. Go to bin A-01-1-A.")
	wrong(mugCode, "This is Test MUG. Scan the bin A-01-1-A first.")
	wrong("O-1001", "This is an order. Scan the bin A-01-1-A first.")
	f.Scan(list, "B-A-01-1-A")
	wrong(capCode, "This is Test CAP. Take Test MUG.")
	wrong("B-B-02-1-A", "This is bin B-02-1-A. Take Test MUG.")
	wrong(caseCode, "That would be 12. The list asks for 2 Test MUG.")
	wrong("4006381333930", "The barcode was misread: the check digit is wrong. Scan it again. Take Test MUG.")
	wrong("no such code", "No item has the barcode no such code. Look for another barcode on it, or ask a clerk to add this one. Take Test MUG.")
	wrong("+2", "Scan one Test MUG first, then type how many more.")
	wrong("X-PRINT", "X-PRINT does nothing here.")
	var n, counted int
	if err := f.Tx.QueryRow(`select count(*), (select count(*) from pick_counts) from scans where result = 'wrong'`).Scan(&n, &counted); err != nil {
		t.Fatal(err)
	}
	if n != 12 || counted != 0 {
		t.Errorf("%d wrong scans logged, %d counted; want 12 and 0", n, counted)
	}
}

func TestHostileScansAreRefused(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(1, mug))
	f.Scan(list, "T-1", "B-A-01-1-A")
	for _, code := range []string{"", "a\x00b", "\x1b[2J", strings.Repeat("9", 5000), "\xff\xfe"} {
		if _, err := picking.Take(ctx, f.Tx, list, picktest.By(f.Staff, code)); !errors.Is(err, fault.Invalid) {
			t.Errorf("%.20q: %v, want invalid", code, err)
		}
	}
	for _, code := range []string{"📦🐛", strings.Repeat("9", 4000), "'; drop table scans --", "+99999999999999999999", "+-1", "+0"} {
		if step := f.Scan(list, code); step.Result != scan.Wrong || step.Done != 0 {
			t.Errorf("%.20q: %+v, want wrong", code, step)
		}
	}
}

func TestTypingHowManyMore(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(5, mug))
	step := f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	if len(step.Choices) == 0 || step.Choices[0].Code != "+4" {
		t.Fatalf("choices %+v, want +4 first", step.Choices)
	}
	if step = f.Scan(list, "+5"); step.Result != scan.Wrong || step.Message != "That would be 6. The list asks for 5 Test MUG." {
		t.Errorf("+5 of 4 left: %+v", step)
	}
	if step = f.Scan(list, "+4"); !step.Finished || step.Done != 5 {
		t.Errorf("+4: %+v", step)
	}
}

func TestAPackCountsWhatItHolds(t *testing.T) {
	f, mug, _ := shop(t)
	f.Stock(mug, f.Bins[0], 20)
	list := f.Begin("O-1", picktest.Of(13, mug))
	if step := f.Scan(list, "T-1", "B-A-01-1-A", caseCode); step.Done != 12 {
		t.Errorf("a case: %+v", step)
	}
	if step := f.Scan(list, caseCode); step.Result != scan.Wrong {
		t.Errorf("a second case: %+v", step)
	}
	if step := f.Scan(list, mugCode); !step.Finished {
		t.Errorf("the last mug: %+v", step)
	}
}

func TestLinesThatRepeatAnItemStayApart(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(1, mug), picktest.Of(2, mug))
	step := f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	if step.Next != "Scan the item" || step.Quantity != 2 {
		t.Errorf("after the first line: %+v, want the item again without the bin", step)
	}
	if step = f.Scan(list, mugCode, mugCode); !step.Finished {
		t.Errorf("in the end: %+v", step)
	}
	var lines string
	if err := f.Tx.QueryRow(`select string_agg(ref || '=' || quantity, ' ' order by ref) from tote_lines`).Scan(&lines); err != nil || lines != "O-1.1=1 O-1.2=2" {
		t.Errorf("tote lines %q, %v", lines, err)
	}
}

func TestATakenToteIsRefusedAndSaysByWhom(t *testing.T) {
	f, mug, _ := shop(t)
	first := f.Begin("O-1", picktest.Of(1, mug))
	f.Scan(first, "T-1")
	eva := f.Hire("Eva")
	f.Ask(f.Demand("O-2", picktest.Of(1, mug)))
	second := f.Work(eva)
	step, err := picking.Take(ctx, f.Tx, second, picktest.By(eva, "T-1"))
	if want := "Tote T-1 is in use: Ada fills it for " + first.String() + ". Take another one."; err != nil || step.Message != want {
		t.Errorf("%q, %v; want %q", step.Message, err, want)
	}
	f.Scan(first, "B-A-01-1-A", mugCode)
	step, err = picking.Take(ctx, f.Tx, second, picktest.By(eva, "T-1"))
	if want := "Tote T-1 is in use: goods of O-1 lie in it, picked by Ada. Take another one."; err != nil || step.Message != want {
		t.Errorf("%q, %v; want %q", step.Message, err, want)
	}
}

func TestAFullToteIsChangedOnTheWay(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(3, mug))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	if step := f.Scan(list, "X-NEW"); step.Next != "Scan an empty tote" {
		t.Errorf("X-NEW: %+v", step)
	}
	f.Scan(list, "T-2", "B-A-01-1-A", mugCode)
	if step := f.Scan(list, "T-1", mugCode); step.Result != scan.Done {
		t.Errorf("back to the first tote: %+v", step)
	}
	if a, b := f.OnHand(mug, f.Totes[0]), f.OnHand(mug, f.Totes[1]); a != 2 || b != 1 {
		t.Errorf("totes hold %d and %d, want 2 and 1", a, b)
	}
}

func TestSkipComesBackAtTheEnd(t *testing.T) {
	f, mug, hat := shop(t)
	list := f.Begin("O-1", picktest.Of(1, mug), picktest.Of(1, hat))
	if step := f.Scan(list, "T-1", "X-SKIP"); step.Target != "B-02-1-A" {
		t.Fatalf("after the skip: %+v", step)
	}
	if step := f.Scan(list, "B-B-02-1-A", capCode); step.Target != "A-01-1-A" || step.Finished {
		t.Fatalf("the skipped stop: %+v", step)
	}
	if step := f.Scan(list, "X-SKIP"); step.Result != scan.Wrong {
		t.Errorf("skip of the last stop: %+v", step)
	}
	if step := f.Scan(list, "B-A-01-1-A", mugCode); !step.Finished {
		t.Errorf("in the end: %+v", step)
	}
}

func TestAnotherPickerMustTakeTheListOver(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug))
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	eva := f.Hire("Eva")
	shown, err := picking.Show(ctx, f.Tx, list, eva)
	if err != nil || shown.Result != scan.Decide || shown.Detail[0] != "Ada has picked 1 of 2." {
		t.Fatalf("Eva is shown %+v, %v", shown, err)
	}
	step, _ := picking.Take(ctx, f.Tx, list, picktest.By(eva, mugCode))
	if step.Result != scan.Wrong || step.Message != "Ada is picking this list. Scan "+list.String()+" or X-OK to take it over." {
		t.Errorf("Eva's scan: %+v", step)
	}
	step, err = picking.TakeOver(ctx, f.Tx, list, picktest.By(eva, ""))
	if err != nil || step.Result != scan.Right || step.Next != "Scan the item" || step.Done != 1 {
		t.Fatalf("the take-over: %+v, %v", step, err)
	}
	var n int
	if f.Tx.QueryRow(`select count(*) from audit where staff_id = $1 and subject = $2`, eva, list.String()).Scan(&n); n != 1 {
		t.Errorf("the take-over has %d audit rows, want 1", n)
	}
	if step = f.Scan(list, mugCode); step.Result != scan.Wrong {
		t.Errorf("Ada after it: %+v", step)
	}
	if step, _ = picking.Take(ctx, f.Tx, list, picktest.By(eva, mugCode)); !step.Finished {
		t.Errorf("Eva in the end: %+v", step)
	}
}

func TestAReloadShowsTheSameStep(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(3, mug))
	step := f.Scan(list, "T-1", "B-A-01-1-A", mugCode)
	shown, err := picking.Show(ctx, f.Tx, list, f.Staff)
	if err != nil || shown.Next != step.Next || shown.Target != step.Target || shown.Quantity != 2 || shown.Into != "tote T-1" || shown.Done != 1 {
		t.Errorf("shown %+v, %v; was %+v", shown, err, step)
	}
	if again := f.Work(f.Staff); again != list {
		t.Errorf("asking for work gives %s, want %s back", again, list)
	}
}

func TestTheSameScanCountsOnce(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(3, mug))
	f.Scan(list, "T-1", "B-A-01-1-A")
	s := picktest.By(f.Staff, mugCode)
	first, err1 := picking.Take(ctx, f.Tx, list, s)
	again, err2 := picking.Take(ctx, f.Tx, list, s)
	if err1 != nil || err2 != nil || first.Done != 1 || again.Done != 1 || again.Message != first.Message || !again.Replayed {
		t.Errorf("first %+v %v, again %+v %v", first, err1, again, err2)
	}
}

func TestTheBooksKnowOfLess(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug))
	f.Scan(list, "T-1", "B-A-01-1-A")
	f.Move(f.Movement(mug, 10, f.Bins[0], f.Bins[1]))
	step := f.Scan(list, mugCode)
	if step.Result != scan.Wrong || !strings.Contains(step.Message, "A-01-1-A") || step.Done != 0 {
		t.Errorf("%+v, want a stop that names the bin", step)
	}
}

// TestATornBinLabelIsTypedAsItStandsOnTheScreen: the name of the bin does as its label would.
func TestATornBinLabelIsTypedAsItStandsOnTheScreen(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug))
	step := f.Scan(list, "T-1")
	if step = f.Scan(list, strings.ToLower(step.Target)); step.Result != scan.Right || step.Next != "Scan the item" {
		t.Fatalf("the bin's name, typed: %+v", step)
	}
	if step = f.Scan(list, step.Target); step.Result != scan.Right || step.Done != 0 {
		t.Errorf("typed once more: %+v", step)
	}
	if step = f.Scan(list, mugCode); step.Done != 1 {
		t.Errorf("the item after it: %+v", step)
	}
}
