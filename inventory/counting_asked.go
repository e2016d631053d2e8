package inventory

import (
	"context"
	"database/sql"
	"regexp"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/labels"
)

// What the counting screen may have asked; a second scan of the same bin, or X-OK, says yes.
const (
	asksUnasked   = "unasked"   // nobody asked for a count of this bin
	asksColleague = "colleague" // somebody else counts it
	asksEmpty     = "empty"     // nothing was counted: is the bin empty?
	asksNone      = "none"      // an item moved meanwhile and was not counted after it
	asksNamed     = "named"     // a lot was named and nothing of it counted: is none of it there?
	asksNew       = "new lot"   // nobody knows this lot: is there such a one?
	asksNotHere   = "not here"  // the books do not have this lot here
)

// openQuestion is one that is open: the instruction, the sentence and the answers.
type openQuestion struct {
	next, says string
	answers    []scan.Choice
}

// opened is the question that a person was asked about a bin, as long as it is one; a zero one is none. What is asked
// of the lot in hand has a screen of its own.
func opened(ctx context.Context, q pg.Querier, c count, h talker) (open openQuestion, err error) {
	yes := func(label, code string) scan.Choice {
		return scan.Choice{Label: label, Code: "X-" + code, Style: scan.Answer}
	}
	leave := yes("Leave it", labels.CommandSkip)
	switch h.question {
	case asksUnasked:
		l, err := LocationByID(ctx, q, h.bin)
		return openQuestion{"Count " + l.Code + "?", "Nobody asked for a count of " + l.Code + ". Scan it again to count it.",
			[]scan.Choice{yes("Count it", labels.CommandOK), leave}}, err
	case asksColleague:
		other, err := countWhere(ctx, q, `where c.location_id = $1 and c.state = 'open'`, h.bin)
		if err != nil || other.ID == 0 {
			return openQuestion{}, err
		}
		return openQuestion{"Take over " + other.Code + "?",
			other.By + " counts " + other.Code + " since " + other.Claimed.UTC().Format("15:04") + " UTC. Scan it again to take it over.",
			[]scan.Choice{yes("Take it over", labels.CommandOK), leave}}, nil
	case asksEmpty:
		open = openQuestion{"Is " + c.Code + " really empty?", "You have counted nothing in " + c.Code + ". Scan it again if nothing is in it.",
			[]scan.Choice{yes("Yes, nothing is in it", commandEmpty), yes("No, I go on counting", labels.CommandSkip)}}
		if !c.Whole {
			open.next, open.says = "Really none of it in "+c.Code+"?", "You have counted nothing in "+c.Code+". Scan it again if none of it is there."
			open.answers[0].Label = "Yes, none of it"
		}
	case asksNamed:
		t, err := handled(ctx, q, h, nil)
		return openQuestion{"None of it in " + c.Code + "?", "Nothing was counted of " + t.what() + ". Scan " + c.Code + " again if none of it is there.",
			[]scan.Choice{yes("None of it", labels.CommandOK), yes("No, I go on counting", labels.CommandSkip)}}, err
	case asksNone:
		t, err := handled(ctx, q, h, nil)
		return openQuestion{"How many are there?", t.what() + " was taken or brought meanwhile. Count all of it again, then scan the bin.",
			[]scan.Choice{{Label: "None of it", Code: "0", Style: scan.Answer}}}, err
	}
	return open, nil
}

// put draws the question onto a screen: it stays, with its answers, until it is answered.
func (o openQuestion) put(step *scan.Step) {
	if o.next == "" {
		return
	}
	if step.Result == "" {
		step.Result = scan.Decide
	}
	if step.Message == "" {
		step.Message = o.says
	}
	step.Next = o.next
	step.Choices = append(step.Choices, o.answers...)
}

// dropped leaves a question without an answer.
func (c *counter) dropped() verdict {
	if c.hand.waits() {
		c.hand = talker{}
		return right("Not counted. %s", c.instruction())
	}
	c.hand.question, c.hand.bin = "", 0
	return right("Go on. %s", c.instruction())
}

// askEmpty asks once whether nothing at all is there.
func (c *counter) askEmpty() verdict {
	c.hand = talker{question: asksEmpty}
	return ask()
}

// lost tells somebody who goes on counting a bin that it is a colleague's by now.
func (c *counter) lost(ctx context.Context, code labels.Code) (_ verdict, lost bool, err error) {
	if _, err := FindLocation(ctx, c.tx, c.warehouse, code); fault.KindOf(err) != fault.NotFound {
		return verdict{}, false, err
	}
	var by, bin string
	err = c.tx.QueryRowContext(ctx, `
		select s.name, l.code from counts mine join counts o on o.location_id = mine.location_id and o.state = 'open' and o.id > mine.id
		join staff s on s.id = o.staff_id join locations l on l.id = o.location_id
		where mine.id = (select max(id) from counts where staff_id = $1) and mine.state = 'cancelled'`,
		c.scan.Staff).Scan(&by, &bin)
	if err == sql.ErrNoRows {
		return verdict{}, false, nil
	}
	return wrong("%s counts %s now, not you. Scan another bin.", by, bin), err == nil, err
}

// half is what may be the first part of a barcode that was cut in two; no more than mostRest digits are left of it then.
var half = regexp.MustCompile(`^(\][A-Za-z][0-9])?[0-9]{6,}$`)

const mostRest = 4

// cutInTwo reports that a number is likely the rest of a barcode: within three seconds before it came digits that are no
// barcode here. Typed again it is a number, for then another number came before it.
func (c *counter) cutInTwo(ctx context.Context) (bool, error) {
	if len(c.scan.Code) > mostRest || c.hand.question == asksNone { // a number is what was asked
		return false, nil
	}
	var before string
	var refused bool
	err := c.tx.QueryRowContext(ctx, `
		select raw, result = 'wrong' and at between $2::timestamptz - interval '3 seconds' and $2 from scans where ref = $1 order by id desc limit 1`,
		counting(c.scan.Staff), c.scan.At).Scan(&before, &refused)
	if err == sql.ErrNoRows {
		return false, nil
	}
	if err != nil || !refused || !half.MatchString(before) {
		return false, err
	}
	code, err := labels.Parse(before)
	if err != nil {
		return true, nil // nobody can read it
	}
	switch _, _, err = FindBarcode(ctx, c.tx, code); fault.KindOf(err) {
	case fault.NotFound, fault.Invalid:
		return true, nil
	}
	return false, err
}
