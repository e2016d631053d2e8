package picking

import (
	"context"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// The commands that only picking knows, beside labels.CommandUndo, …Skip, …Short, and …New for another tote when this
// one is full.
const (
	CommandTakeOver = "TAKEOVER" // I go on with this list
	CommandUnload   = "UNLOAD"   // the cart is full: what lies on it goes to packing, the walk goes on
	CommandGiveBack = "GIVEBACK" // somebody else goes on with this list
	CommandNo       = "NO"       // no, the bin is not empty
)

// Problem is why a picker cannot take what the list asks for.
type Problem struct {
	Command string // EMPTY, scanned as X-EMPTY
	Label   string // the button
	Reason  string // as the shorted task keeps it
	Gone    bool   // the books are wrong: what they say is left in the bin is not there, unless that is too much to believe
}

// Problems are the ways a pick can come out short. Only an empty bin changes the books: what they still show there is
// booked to lost, up to what one person's count may book (inventory.NeedsRecount). In every other case the stock stays on the books where it lies, but this item is not planned from
// this bin again until a manager has looked.
var Problems = []Problem{
	{"EMPTY", "Bin is empty", "bin is empty", true},
	{"DAMAGED", "Damaged", "damaged", false},
	{"UNREACHABLE", "Cannot reach", "cannot reach", false},
	{"MISPLACED", "Wrong item in the bin", "wrong item in the bin", false},
	{"UNLABELLED", "No label", "no label", false},
	{"OTHER", "Other problem", "other problem", false},
}

// Commands are the command barcodes that only picking knows.
func Commands() (list []labels.Command) {
	list = []labels.Command{{Name: CommandTakeOver, Words: "I go on with this list"}, {Name: CommandUnload, Words: "The cart is full"},
		{Name: CommandGiveBack, Words: "Give the list back"}, {Name: CommandNo, Words: "No, the bin is not empty"}}
	for _, p := range Problems {
		list = append(list, labels.Command{Name: p.Command, Words: p.Label})
	}
	return list
}

// Show is the screen of a list as it is now.
func Show(ctx context.Context, q pg.Querier, list ListID, who staff.ID) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "picking.Show(%s)", list)
	j, err := readJob(ctx, q, list, labels.Code{})
	if err != nil {
		return scan.Step{}, err
	}
	step := j.step(who)
	if j.news != "" && j.picker == who {
		step.Result, step.Message = scan.Right, j.news
	}
	if step.Recent, err = scan.Last(ctx, q, list.String(), 5); err != nil {
		return step, err
	}
	return step, markUndoable(ctx, q, list, who, step.Recent)
}

// heavy is from where a list wants more than one tote: as many grams as one person lifts all day.
const heavy = 15_000

// handBack leaves a list to somebody else, on the walk and before it.
var handBack = scan.Choice{Label: "Give the list back", Code: command(CommandGiveBack), Style: scan.Problem}

// step is what to do now.
func (j job) step(who staff.ID) scan.Step {
	s := scan.Step{Title: "Picking " + j.list.String(), Done: j.done, Total: j.total}
	if j.toteCode != "" {
		s.Title += " · tote " + j.toteCode
	}
	switch fill := j.toFill(); {
	case j.confirm != 0 && j.picker == who:
		return j.putIn(s)
	case j.asked != 0 && j.picker == who:
		return j.askEmpty(s)
	case j.over():
		return j.end(s)
	case j.picker != who:
		return j.foreign(s)
	case fill.position != 0:
		s.Next, s.Expect = "Scan an empty tote", []string{string(labels.KindTote)}
		s.Target = fmt.Sprintf("Place %d of %d", fill.position, j.places)
		s.Detail = []string{fmt.Sprintf("for %s, %d %s %s", fill.document, fill.units, units(fill.units), fill.which)}
		s.Choices = []scan.Choice{handBack}
		return s
	case j.wantsTote():
		s.Next, s.Expect = "Scan an empty tote", []string{string(labels.KindTote)}
		s.Detail = []string{fmt.Sprintf("%d %s for %s", j.total-j.done, units(j.total-j.done), j.whose())}
		if j.weightG > heavy {
			s.Detail = append(s.Detail, fmt.Sprintf("%d kg in all: more than one tote. X-NEW when one is full.", (j.weightG+500)/1000))
		}
		s.Choices = []scan.Choice{handBack}
		return s
	}
	return j.walkOn(s)
}

// putIn asks for the tote that something belongs into.
func (j job) putIn(s scan.Step) scan.Step {
	s.Next, s.Target, s.Expect = "Put it in and scan the tote", j.confirmAs, []string{string(labels.KindTote), string(labels.KindCommand)}
	if j.confirmAt.position != 0 {
		s.Detail = []string{fmt.Sprintf("place %d, for %s", j.confirmAt.position, j.confirmAt.document)}
	}
	s.Choices = []scan.Choice{button("Undo", labels.CommandUndo), {Label: "Tote is full", Code: command(labels.CommandNew), Style: scan.Problem}}
	return s
}

// whose are the orders of a list, in words.
func (j job) whose() string {
	if j.method.mixed() {
		return "several orders, to be sorted"
	}
	return j.stops[0].document
}

// askEmpty is the question whether a bin is empty.
func (j job) askEmpty(s scan.Step) scan.Step {
	s.Next, s.Target, s.Result = "Is this bin empty?", j.askedCode, scan.Decide
	s.Detail = []string{"Scan the bin again if it is."}
	s.Expect = []string{string(labels.KindLocation), string(labels.KindCommand)}
	s.Choices = []scan.Choice{{Label: "Yes, it is empty", Code: command(labels.CommandOK), Style: scan.Answer},
		{Label: "No, something is left", Code: command(CommandNo), Style: scan.Answer}}
	return s
}

// walkOn is the step at or on the way to a bin.
func (j job) walkOn(s scan.Step) scan.Step {
	now := j.stops[0]
	s.Target, s.Quantity, s.Into = now.binCode, now.left(), j.into(now)
	s.Detail = []string{now.name, now.sku}
	if now.barcode != "" {
		s.Detail[1] += " · " + labels.ShortGTIN(now.barcode)
	}
	if now.lotCode != "" {
		s.Detail[1] += " · lot " + now.lotCode
	}
	s.Next, s.Expect = "Scan the bin", []string{string(labels.KindLocation)}
	if s.Here = j.here(); s.Here {
		s.Next, s.Expect = "Scan the item", []string{string(labels.KindGTIN), string(labels.KindUnknown)}
		if now.proof == ProofBin {
			s.Next, s.Expect = "Take them, then scan the bin again", []string{string(labels.KindLocation), string(labels.KindGTIN)}
		}
	}
	if s.Here && now.picked > 0 && now.proof != ProofUnit { // the button is no X-OK: pressed twice, it must not answer what comes next
		s.Choices = append(s.Choices, scan.Choice{Label: fmt.Sprintf("All %d", now.quantity), Code: fmt.Sprintf("+%d", now.left()), Style: scan.Bar})
		s.Detail = append(s.Detail, fmt.Sprintf("X-OK is all %d. Typed, 3 is three in all, +3 three more.", now.quantity))
	}
	s.Choices = append(s.Choices, button("Skip", labels.CommandSkip))
	for _, p := range Problems {
		s.Choices = append(s.Choices, scan.Choice{Label: p.Label, Code: command(p.Command), Style: scan.Problem})
	}
	s.Choices = append(s.Choices, scan.Choice{Label: "Tote is full", Code: command(labels.CommandNew), Style: scan.Problem})
	if j.method == Cluster {
		s.Choices = append(s.Choices, scan.Choice{Label: "Cart is full", Code: command(CommandUnload), Style: scan.Problem})
	}
	s.Choices = append(s.Choices, handBack)
	return s
}

// into is where the present units go: the tote, on a cart with its place and order.
func (j job) into(now stop) string {
	if now.position != 0 {
		return fmt.Sprintf("tote %s, place %d", now.toteCode, now.position)
	}
	return "tote " + now.toteCode
}

func (j job) end(s scan.Step) scan.Step {
	s.Finished = true
	s.Next = "This list is finished"
	switch {
	case j.state == ListCancelled && j.done == 0:
		s.Next = "There is nothing to pick on this list"
	case j.method.mixed() && j.toteCode != "":
		s.Next, s.Target = "Carry the tote to the put-wall", j.toteCode
	case j.method == Cluster:
		s.Next = "Carry the totes to packing"
	case j.toteCode != "":
		s.Next, s.Target = "Carry the tote to packing", j.toteCode
	}
	s.Expect = []string{string(labels.KindList), string(labels.KindLocation), string(labels.KindCommand)}
	s.Choices = []scan.Choice{{Label: "Next list", Code: command(labels.CommandOK), Style: scan.Answer}}
	return s
}

func button(label, name string) scan.Choice {
	return scan.Choice{Label: label, Code: command(name), Style: scan.Bar}
}

func command(name string) string { return labels.CommandCode(name).String() }

func units(n int64) string {
	if n == 1 {
		return "unit"
	}
	return "units"
}
