package inventory_test

import (
	"strings"
	"testing"
	"time"

	"tote/internal/scan"
	"tote/inventory"
)

// A lot of what lies in the bin may be named before the screen asks: what follows is of it, and nothing is counted yet.
func TestALotIsNamedWithoutBeingAskedFor(t *testing.T) {
	c, _, a, b := atFirst(t)
	c.lot(c.tracked("TEA", phoneCode, byLot), "240517", c.Bins[0], 2)
	c.scan("X-SKIP", scan.Right)
	c.scan("B-A-01-1-A", scan.Right)
	c.says(c.scan("A", scan.Right), "Test JAM, lot A: scan its pieces")
	c.says(c.scan(jamCode, scan.Right), "lot A: 1 so far.")
	c.says(c.scan("6", scan.Right), "lot A: 6 in all.")
	step := c.scan("(10)B", scan.Right)
	c.says(step, "Test JAM, lot B: scan its pieces, or type how many there are.")
	if !step.Here || step.Quantity != 0 {
		t.Errorf("in hand is %+v", step)
	}
	c.says(c.scan("3", scan.Right), "lot B: 3 in all.")
	c.says(c.scan("C", scan.Wrong), "choose Another lot")
	c.says(c.scan("B-A-01-1-B", scan.Wrong), "This is A-01-1-B")
	c.scan("X-LOT", scan.Right)
	c.says(c.scan("240517", scan.Right), "Test TEA, lot 240517: scan its pieces")
	c.scan("2", scan.Right)
	c.says(c.scan("240517", scan.Right), "lot 240517: scan its pieces") // and not so many pieces of tea
	c.says(c.scan("B-A-01-1-A", scan.Done), "1 fewer Test JAM, lot B than")
	if na, nb := c.ofLot(a, c.Bins[0]), c.ofLot(b, c.Bins[0]); na != 6 || nb != 3 {
		t.Errorf("the books have %d of A and %d of B", na, nb)
	}
	c.lawful()
}

// Two items may have lots of one name: the item says which, and the one in hand has said it.
func TestALotOfTwoItemsWantsTheItemFirst(t *testing.T) {
	c, _, _, _ := atFirst(t)
	c.lot(c.tracked("TEA", phoneCode, byLot), "A", c.Bins[0], 2)
	c.scan("X-SKIP", scan.Right)
	c.scan("B-A-01-1-A", scan.Right)
	c.says(c.scan("A", scan.Wrong), "Two items in A-01-1-A have a lot A. Scan the item first.")
	c.scan("(01)"+phoneCode+"(10)A", scan.Right)
	c.scan("X-LOT", scan.Right)
	c.scan("(01)"+jamCode+"(10)B", scan.Right)
	c.says(c.scan("A", scan.Right), "Test JAM, lot A")
}

// A lot that the books have elsewhere is asked about once, and the screen says where.
func TestALotOfAnotherBinIsAskedAbout(t *testing.T) {
	c, jam, _, _ := atFirst(t)
	far := c.lot(jam, "FAR", c.Bins[5], 7)
	gone, err := inventory.AddLot(ctx, c.tx, jam, "GONE")
	if err != nil {
		t.Fatal(err)
	}
	for lot, n := range map[string]string{"A": "6", "B": "4"} {
		c.scan("(01)"+jamCode+"(10)"+lot, scan.Right)
		c.scan(n, scan.Right)
	}
	step := c.scan("(01)"+jamCode+"(10)FAR", scan.Decide)
	c.says(step, "The books have lot FAR of it in "+c.code(c.Bins[5])+", not in A-01-1-A. Scan it again if it is right.")
	if step.Next != "Lot FAR, here?" || step.Choices[0].Code != "X-OK" {
		t.Errorf("it asks %q and offers %+v", step.Next, step.Choices)
	}
	c.says(c.show(), "The books have lot FAR")
	c.says(c.scan(mugCode, scan.Wrong), "This is the barcode of Test MUG")
	c.says(c.scan("3", scan.Wrong), "Say first whether lot FAR is right") // and no lot 3
	c.says(c.scan("X-SKIP", scan.Right), "Not counted.")
	c.scan("(01)"+jamCode+"(10)FAR", scan.Decide)
	c.says(c.scan("FAR", scan.Right), "+1 Test JAM, lot FAR: 1 so far.")
	c.scan("X-UNDO", scan.Right)
	c.scan("(01)"+jamCode+"(10)FAR", scan.Right) // asked once
	c.says(c.scan("(01)"+jamCode+"(10)GONE", scan.Decide), "The books have no more of lot GONE.")
	c.says(c.scan("X-OK", scan.Right), "lot GONE: 1 so far.")
	c.says(c.scan("B-A-01-1-A", scan.Done), "1 more Test JAM, lot FAR, 1 more Test JAM, lot GONE than")
	if f, g := c.ofLot(far, c.Bins[0]), c.ofLot(gone, c.Bins[0]); f != 1 || g != 1 {
		t.Errorf("the books have %d and %d here", f, g)
	}
	c.lawful()
}

// A piece of another bin comes over without a question, and the screen says from where.
func TestAPieceOfAnotherBinIsSaidToComeOver(t *testing.T) {
	c := &teller{desk: newDesk(t)}
	phone := c.tracked("PHONE", phoneCode, bySerial)
	c.lot(phone, "S1", c.Bins[0], 1)
	c.lot(phone, "S3", c.Bins[5], 1)
	c.ask(c.Bins[0], 0)
	c.scan("B-A-01-1-A", scan.Right)
	c.says(c.scan("S1", scan.Right), "+1 Test PHONE, serial S1: 1 so far.")
	c.says(c.scan("S1", scan.Wrong), "counted already")
	c.says(c.scan("]C101"+phoneCode+"21S3", scan.Right), "The books have it in "+c.code(c.Bins[5])+": it comes over when the count is booked.")
	c.says(c.scan("B-A-01-1-A", scan.Done), "1 more Test PHONE, serial S3")
	c.lawful()
}

// code is the name of a place.
func (c *teller) code(l inventory.LocationID) string {
	c.t.Helper()
	place, err := inventory.LocationByID(ctx, c.tx, l)
	if err != nil {
		c.t.Fatal(err)
	}
	return place.Code
}

// Nothing but zeros is asked about once where the books have something, however it was said.
func TestABinIsNotEmptyByOneWord(t *testing.T) {
	for _, said := range [][]string{{"X-EMPTY"}, {mugCode, "0", "B-A-01-1-A"}, {"B-A-01-1-A"}} {
		for _, yes := range []string{"X-EMPTY", "X-OK", "B-A-01-1-A"} {
			t.Run(strings.Join(append(said, yes), " "), func(t *testing.T) {
				c := toCount(t, 4)
				c.scan("B-A-01-1-A", scan.Right)
				last := said[len(said)-1]
				for _, code := range said[:len(said)-1] {
					c.scan(code, scan.Right)
				}
				step := c.scan(last, scan.Decide)
				c.says(step, "You have counted nothing in A-01-1-A.")
				if n := c.OnHand(c.mug, c.Bins[0]); step.Next != "Is A-01-1-A really empty?" || n != 4 {
					t.Errorf("it asks %q, %d mugs", step.Next, n)
				}
				c.says(c.scan("X-SKIP", scan.Right), "Go on.")
				c.scan(last, scan.Decide)
				c.scan(yes, scan.Done)
				if n := c.OnHand(c.mug, c.Bins[0]); n != 0 {
					t.Errorf("%d mugs", n)
				}
				c.lawful()
			})
		}
	}
}

// Where the books have nothing either, one word is enough; of one item the question names no bin that is empty.
func TestAnEmptyBinIsEmptyByOneWord(t *testing.T) {
	c := &teller{desk: newDesk(t)}
	c.ask(c.Bins[0], 0)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan("X-EMPTY", scan.Done)
	c.ask(c.Bins[0], c.mug)
	c.scan("B-A-01-1-A", scan.Right)
	if step := c.scan("B-A-01-1-A", scan.Decide); step.Next != "Really none of it in A-01-1-A?" {
		t.Errorf("it asks %q", step.Next)
	}
}

// A question is asked with its answers for as long as it is open, also by a page that is opened again; "take back" is
// one of them.
func TestAQuestionStaysWithItsAnswers(t *testing.T) {
	c := toCount(t, 4)
	open := func(next, says string, step scan.Step, codes ...string) {
		t.Helper()
		for _, s := range []scan.Step{step, c.show(), c.scan("T-99x", scan.Wrong), c.show()} {
			if s.Next != next || len(s.Choices) < len(codes) {
				t.Fatalf("it asks %q and offers %+v, want %q and %v", s.Next, s.Choices, next, codes)
			}
			for i, code := range codes {
				if s.Choices[i].Code != code {
					t.Errorf("it offers %+v, want %v", s.Choices, codes)
				}
			}
		}
		c.says(c.show(), says)
	}
	shut := func(codes ...string) {
		t.Helper()
		for _, choice := range c.show().Choices {
			for _, code := range codes {
				if choice.Style == scan.Answer && choice.Code == code {
					t.Errorf("%s outlives its question", choice.Label)
				}
			}
		}
	}
	open("Count A-01-1-B?", "Nobody asked for a count of A-01-1-B", c.scan("B-A-01-1-B", scan.Decide), "X-OK", "X-SKIP")
	c.says(c.scan("X-UNDO", scan.Right), "Scan a bin to count.")
	shut("X-OK", "X-SKIP")
	c.scan("B-A-01-1-B", scan.Decide)
	c.scan("X-SKIP", scan.Right)
	shut("X-OK", "X-SKIP")
	grace := &teller{desk: c.desk, by: c.colleague("Grace")}
	grace.scan("B-A-01-1-A", scan.Right)
	open("Take over A-01-1-A?", "Grace counts A-01-1-A", c.scan("B-A-01-1-A", scan.Decide), "X-OK", "X-SKIP")
	grace.scan("X-SKIP", scan.Right)
	shut("X-OK") // nobody counts it any more
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(mugCode, scan.Right)
	c.scan("0", scan.Right)
	open("Is A-01-1-A really empty?", "You have counted nothing", c.scan("B-A-01-1-A", scan.Decide), "X-EMPTY", "X-SKIP")
	c.says(c.scan("X-UNDO", scan.Right), "Go on.")
	shut("X-EMPTY")
	c.says(c.scan("X-UNDO", scan.Right), "Taken back: 0")
}

// What was asked of the piece in hand is taken back before what was counted.
func TestTakingBackAQuestionTakesBackNoCount(t *testing.T) {
	c, _, _, _ := atFirst(t)
	c.scan("(01)"+jamCode+"(10)A", scan.Right)
	c.scan("(01)"+jamCode+"(10)TYPO", scan.Decide)
	c.says(c.scan("X-UNDO", scan.Right), "Not counted.")
	c.says(c.scan("(01)"+jamCode+"(10)A", scan.Right), "lot A: 2 so far.")
}

// What was asked of a piece ends when a colleague takes the bin over, whether they keep it or leave it.
func TestAQuestionEndsWithTheBin(t *testing.T) {
	for want, then := range map[string]string{"Grace counts A-01-1-A now, not you": "", "Scan a bin to count.": "X-SKIP"} {
		t.Run(want, func(t *testing.T) {
			c, _, _, _ := atFirst(t)
			c.scan(jamCode, scan.Decide)
			grace := &teller{desk: c.desk, by: c.colleague("Grace")}
			grace.scan("B-A-01-1-A", scan.Decide)
			grace.scan("X-OK", scan.Right)
			if then != "" {
				grace.scan(then, scan.Right)
			}
			c.says(c.scan("A", scan.Wrong), want)
			c.scan("B-A-01-1-B", scan.Decide) // nobody asked for it: the bin is a bin again
			c.lawful()
		})
	}
}

// Before a bin is scanned a code is one of a bin; and who lost theirs to a colleague is told so.
func TestACodeBeforeTheBinIsAnsweredByTheBin(t *testing.T) {
	c := toCount(t, 4)
	c.says(c.scan("A-99", scan.Wrong), "A-99 is no bin here. Scan a bin to count.")
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(mugCode, scan.Right)
	grace := &teller{desk: c.desk, by: c.colleague("Grace")}
	grace.scan("B-A-01-1-A", scan.Decide)
	grace.scan("X-OK", scan.Right)
	for _, code := range []string{mugCode, "+1", "3"} {
		c.says(c.scan(code, scan.Wrong), "Grace counts A-01-1-A now, not you. Scan another bin.")
	}
	grace.scan("X-SKIP", scan.Right)
	c.says(c.scan(mugCode, scan.Wrong), "Scan the bin first")
}

// Whatever was refused since, the last scan that counted is on the screen with its Undo, also when the page is opened again.
func TestWhatWasRefusedDoesNotTakeTheUndoAway(t *testing.T) {
	c := toCount(t, 4)
	c.scan("B-A-01-1-A", scan.Right)
	counted, _ := c.keyed(mugCode, scan.Right)
	var step scan.Step
	for range 7 {
		step = c.scan("T-99x", scan.Wrong)
	}
	for _, s := range []scan.Step{step, c.show()} {
		if n := len(s.Recent); n != 5 || s.Recent[4].Key != counted || !s.Recent[4].Undoable {
			t.Fatalf("the last scans are %+v", s.Recent)
		}
	}
	step, err := inventory.UndoCount(ctx, c.tx, c.Warehouse, step.Recent[4].Key, c.scanOf("undo"))
	if err != nil {
		t.Fatal(err)
	}
	c.says(step, "Taken back: 1 Test MUG")
}

// A lot that was named and never counted is asked about once before it is missing, however that is answered.
func TestALotThatWasNamedIsNotMissingWithoutAWord(t *testing.T) {
	for _, yes := range []string{"X-OK", "B-A-01-1-A"} {
		t.Run(yes, func(t *testing.T) {
			c, _, a, b := atFirst(t)
			c.scan("A", scan.Right)
			c.scan("6", scan.Right)
			c.scan("B", scan.Right)
			step := c.scan("B-A-01-1-A", scan.Decide)
			c.says(step, "Nothing was counted of Test JAM, lot B. Scan A-01-1-A again if none of it is there.")
			for _, s := range []scan.Step{step, c.show(), c.scan("T-99x", scan.Wrong)} {
				var answers []string
				for _, choice := range s.Choices {
					if choice.Style == scan.Answer {
						answers = append(answers, choice.Label)
					}
				}
				if got := strings.Join(answers, ", "); s.Next != "None of it in A-01-1-A?" || got != "None of it, No, I go on counting" {
					t.Errorf("it asks %q and offers %q", s.Next, got)
				}
			}
			if n := c.ofLot(b, c.Bins[0]); n != 4 {
				t.Errorf("%d of B before it was answered", n)
			}
			c.says(c.scan("X-SKIP", scan.Right), "Go on.")
			c.scan("B-A-01-1-A", scan.Decide)
			c.says(c.scan("X-UNDO", scan.Right), "Go on.")
			c.scan("B-A-01-1-A", scan.Decide)
			c.says(c.scan(yes, scan.Done), "4 fewer Test JAM, lot B than")
			if na, nb := c.ofLot(a, c.Bins[0]), c.ofLot(b, c.Bins[0]); na != 6 || nb != 0 {
				t.Errorf("the books have %d of A and %d of B", na, nb)
			}
			c.lawful()
		})
	}
}

// What is counted or said not to be there answers the question before it is asked, or after; where nothing was counted
// at all, one question is enough.
func TestALotThatWasNamedIsAskedAboutOnce(t *testing.T) {
	c, _, _, _ := atFirst(t)
	c.scan("B", scan.Right)
	c.says(c.scan("B-A-01-1-A", scan.Decide), "You have counted nothing in A-01-1-A.")
	c.scan("X-SKIP", scan.Right)
	c.scan("A", scan.Right)
	c.scan("6", scan.Right)
	c.scan("B", scan.Right)
	c.scan("B-A-01-1-A", scan.Decide)
	c.says(c.scan(jamCode, scan.Right), "+1 Test JAM, lot B: 1 so far.")
	c.scan("0", scan.Right)
	c.says(c.scan("B-A-01-1-A", scan.Done), "4 fewer Test JAM, lot B than")
	c.lawful()
}

// A short number right after digits that are no barcode may be the rest of one: it is a number when it is typed again.
func TestTheRestOfABarcodeIsNoNumber(t *testing.T) {
	c := toCount(t, 4)
	at := time.Duration(0)
	scanned := func(code string, after time.Duration, want scan.Result) scan.Step {
		t.Helper()
		at += after
		c.later = at
		return c.scan(code, want)
	}
	scanned("B-A-01-1-A", 0, scan.Right)
	scanned(mugCode, time.Second, scan.Right)
	for _, part := range []string{mugCode[:12], mugCode[:10], "]E0" + mugCode[:9], "4006381333932"} {
		scanned(part, time.Minute, scan.Wrong)
		c.says(scanned("3", 3*time.Second, scan.Wrong), "That may be the rest of a barcode: scan it again. If you meant 3 in all, type it once more.")
		c.says(scanned(part, time.Second, scan.Wrong), "arcode")
		c.says(scanned("0013", 0, scan.Wrong), "If you meant 13 in all")
		c.says(scanned("3", time.Second, scan.Right), "Test MUG: 3 in all.")
	}
	scanned(mugCode[:12], time.Minute, scan.Wrong)
	c.says(scanned("+3", time.Second, scan.Right), "+3 Test MUG")
	scanned(mugCode[:12], time.Minute, scan.Wrong)
	c.says(scanned("5", 4*time.Second, scan.Right), "Test MUG: 5 in all.") // nobody's scanner is that slow
	grace := &teller{desk: c.desk, by: c.colleague("Grace"), later: at}
	grace.scan(mugCode[:12], scan.Wrong)
	c.says(scanned("4", 0, scan.Right), "Test MUG: 4 in all.") // that was a colleague's
	c.says(scanned("B-A-01-1-A", 0, scan.Done), "as the books say")
	c.lawful()
}

// After digits too few for half a barcode, after other codes and after a barcode that is known, a number is one at once.
func TestANumberIsNotTakenForTheRestOfABarcode(t *testing.T) {
	for other, want := range map[string]scan.Result{"40063": scan.Right, "T-99x": scan.Wrong, hatCode: scan.Wrong} {
		t.Run(other, func(t *testing.T) {
			c := &teller{desk: newDesk(t)}
			c.ask(c.Bins[1], c.mug)
			c.scan("B-A-01-1-B", scan.Right)
			c.scan(mugCode, scan.Right)
			c.scan(other, want)
			c.says(c.scan("3", scan.Right), "Test MUG: 3 in all.")
		})
	}
}
