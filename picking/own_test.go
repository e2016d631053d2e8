package picking_test

import (
	"strings"
	"testing"
	"time"

	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

// free is a list of three mugs and a cap that nobody has.
func free(t *testing.T) (*picktest.Floor, picking.ListID) {
	t.Helper()
	f, mug, hat := shop(t)
	f.Ask(f.Demand("O-1", picktest.Of(3, mug), picktest.Of(1, hat)))
	lists, err := picking.Plan(ctx, f.Tx, f.Warehouse, sitetest.Noon, "O-1")
	ok(t, err)
	return f, lists[0]
}

// scans is a scan of a list by somebody.
func scans(t *testing.T, f *picktest.Floor, list picking.ListID, who staff.ID, code string) scan.Step {
	t.Helper()
	step, err := picking.Take(ctx, f.Tx, list, picktest.By(who, code))
	ok(t, err)
	return step
}

func owner(t *testing.T, f *picktest.Floor, list picking.ListID) (state picking.ListState, who staff.ID) {
	t.Helper()
	ok(t, f.Tx.QueryRow(`select state, coalesce(picker_id, 0) from pick_lists where id = $1`, list).Scan(&state, &who))
	return state, who
}

func TestAFreeListIsBegunByItsCode(t *testing.T) {
	f, list := free(t)
	step, err := picking.Begin(ctx, f.Tx, f.Warehouse, scan.Step{}, picktest.By(f.Staff, list.String()))
	if ok(t, err); step.Goto != list.Path() {
		t.Errorf("%+v", step)
	}
	if state, who := owner(t, f, list); state != picking.ListStarted || who != f.Staff {
		t.Errorf("the list is %s, with %d", state, who)
	}
	eva := f.Hire("Eva") // it is not hers by scanning it
	if _, err := picking.Begin(ctx, f.Tx, f.Warehouse, scan.Step{}, picktest.By(eva, list.String())); err != nil {
		t.Error(err)
	}
	if _, who := owner(t, f, list); who != f.Staff {
		t.Errorf("the list went to %d", who)
	}
}

func TestAListThatIsKeptForSomebodyAsksOthersAndBeginsForHim(t *testing.T) {
	f, list := free(t)
	eva := f.Hire("Eva")
	ok(t, picking.Assign(ctx, f.Tx, list, eva, 0))
	_, err := picking.Begin(ctx, f.Tx, f.Warehouse, scan.Step{}, picktest.By(f.Staff, list.String()))
	ok(t, err)
	if state, who := owner(t, f, list); state != picking.ListReleased || who != eva {
		t.Errorf("the list is %s, with %d", state, who)
	}
	step, err := picking.Show(ctx, f.Tx, list, f.Staff)
	if ok(t, err); step.Next != "Take this list over?" || step.Detail[0] != "It is kept for Eva." {
		t.Errorf("%+v", step)
	}
	if step := scans(t, f, list, eva, "T-1"); step.Result != scan.Right {
		t.Errorf("%+v", step)
	}
	if state, who := owner(t, f, list); state != picking.ListStarted || who != eva {
		t.Errorf("after a scan of hers the list is %s, with %d", state, who)
	}
}

func TestTakingAListIsAnsweredByOKByItsCodeOrByTheButton(t *testing.T) {
	for _, yes := range []string{"X-OK", "X-TAKEOVER", "the list"} {
		t.Run(yes, func(t *testing.T) { takes(t, yes) })
	}
}

func takes(t *testing.T, yes string) {
	f, list := free(t)
	eva := f.Hire("Eva")
	code := strings.Replace(yes, "the list", list.String(), 1)
	step, err := picking.Show(ctx, f.Tx, list, f.Staff)
	ok(t, err)
	if step.Next != "Take this list?" || !strings.Contains(strings.Join(step.Detail, " "), "Scan "+list.String()+" again, or X-OK.") {
		t.Errorf("%+v", step)
	}
	says(t, f, list, "T-1", scan.Wrong, "Nobody has this list. Scan "+list.String()+" or X-OK to take it.", "Take this list?")
	says(t, f, list, code, scan.Right, list.String()+" is yours now.", "Scan an empty tote")
	f.Scan(list, "T-1")
	if step := scans(t, f, list, f.Hire("Ida"), "T-1"); step.Result != scan.Wrong || step.Message != "Ada is picking this list. Scan "+list.String()+" or X-OK to take it over." {
		t.Errorf("%s: %+v", yes, step)
	}
	later := picktest.By(eva, code)
	later.At = later.At.Add(time.Minute)
	step, err = picking.Take(ctx, f.Tx, list, later)
	if ok(t, err); step.Message != list.String()+" is yours now, not Ada's any more." {
		t.Errorf("%s: %+v", yes, step)
	}
}

// Who had the list and does not know that it was taken from him answers another question with X-OK, or the screen before.
func TestOKOnAScreenOfYesterdayTakesNothingOver(t *testing.T) {
	f, list := free(t)
	eva := f.Hire("Eva")
	f.Scan(list, "X-OK", "T-1", "B-A-01-1-A")
	scans(t, f, list, eva, list.String())
	step := f.Scan(list, "X-OK")
	if step.Result != scan.Wrong || step.Next != "Take this list over?" {
		t.Errorf("%+v", step)
	}
	if _, who := owner(t, f, list); who != eva {
		t.Errorf("the list went back to %d", who)
	}
	if step = f.Scan(list, "X-OK"); step.Result != scan.Right {
		t.Errorf("the second time it is meant: %+v", step)
	}
}

func TestTwoWhoTakeAFreeListAtOnceAreNotBothGivenIt(t *testing.T) {
	f, list := free(t)
	eva := f.Hire("Eva")
	f.Scan(list, "X-OK")
	if step := scans(t, f, list, eva, "X-OK"); step.Result != scan.Wrong || step.Next != "Take this list over?" {
		t.Errorf("she was asked whether she takes a free list: %+v", step)
	}
	if step := scans(t, f, list, eva, "X-OK"); step.Result != scan.Right {
		t.Errorf("now she knows: %+v", step)
	}
}

func TestAGivenBackListSaysHowMuchIsPicked(t *testing.T) {
	f, list := free(t)
	f.Scan(list, "X-OK", "T-1", "B-A-01-1-A", mugCode, "X-GIVEBACK")
	step, err := picking.Show(ctx, f.Tx, list, f.Staff)
	if ok(t, err); step.Detail[0] != "Nobody has it now. 1 of 4 is picked." {
		t.Errorf("%+v", step)
	}
	r, err := picking.Progress(ctx, f.Tx, "O-1")
	ok(t, err)
	if got, want := r["O-1"].Waiting(), list.String()+" waits for a picker, 1 of 4 is picked"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	f.Scan(list, "X-OK", "T-1", "B-A-01-1-A", mugCode, "X-GIVEBACK")
	if step, err = picking.Show(ctx, f.Tx, list, f.Staff); err != nil || step.Detail[0] != "Nobody has it now. 2 of 4 are picked." {
		t.Errorf("%+v, %v", step, err)
	}
}

func TestAFinishedListLeadsEverybodyOn(t *testing.T) {
	f, list := free(t)
	f.Scan(list, "X-OK", "T-1")
	f.PickAll(list, "T-1")
	if step := scans(t, f, list, f.Hire("Eva"), "X-OK"); step.Message != "There is nothing to pick now. Ask again later." {
		t.Errorf("%+v", step)
	}
}
