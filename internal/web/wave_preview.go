package web

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/picking"
)

const (
	mostSearched = 10 * time.Second // while somebody waits for a page
	byHand       = "By hand"        // the name of a wave without a template
	mostSketched = 100              // lists that a preview names
	mostRefs     = 200              // orders of one reason that are named
)

// previewView is a wave before it is released.
type previewView struct {
	Template picking.Template // 0: none
	Sketch   *picking.Sketch  // nil: nothing is asked for yet
	Form     ui.Form          // what was typed, without a template
	Choices  templateChoices
	Map      floorMap
	Drawn    bool
	Changed  bool  // since it was looked at
	Slots    int64 // of put-walls that are free
}

// previewPage shows what a template would release now, or asks what to release without one.
func (a *App) previewPage(c *fiber.Ctx) error {
	id := idQuery(c, "template")
	if id == 0 && (c.Query("order") != "" || c.QueryBool("ready")) {
		return a.previewAsked(c)
	}
	if id == 0 {
		return a.showPreview(c, previewView{Form: ui.Form{Values: templateValues(picking.Template{Method: picking.Cluster, Shortage: picking.LeaveOrders, Active: true})}})
	}
	t, err := picking.TemplateByID(c.UserContext(), a.DB, a.house(c), picking.TemplateID(id))
	if err != nil {
		return err
	}
	s, err := a.draw(c, t.Spec())
	if err != nil {
		return err
	}
	return a.showPreview(c, previewView{Template: t, Sketch: &s})
}

// previewWave shows what was typed without a template.
func (a *App) previewWave(c *fiber.Ctx) error {
	t, _, form, err := a.readTemplate(c, picking.Template{})
	t.Name = byHand
	t, err = checked(t, err)
	v := previewView{Form: form}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		v.Form = form
		return a.showPreview(c, v)
	}
	if err != nil {
		return err
	}
	s, err := a.draw(c, t.Spec())
	if err != nil {
		return err
	}
	v.Sketch = &s
	return a.showPreview(c, v)
}

// draw sketches a wave in one snapshot, and no longer than somebody waits.
func (a *App) draw(c *fiber.Ctx, spec picking.WaveSpec) (s picking.Sketch, err error) {
	spec.Search = min(spec.Search, mostSearched)
	err = a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		s, err = picking.Draw(ctx, tx, a.house(c), spec, a.Now())
		return err
	})
	return s, err
}

func (a *App) showPreview(c *fiber.Ctx, v previewView) (err error) {
	if v.Template.ID == 0 {
		if v.Choices, err = a.tickable(c, picking.Filter{}); err != nil {
			return err
		}
	}
	if v.Sketch != nil {
		drawing, err := v.Sketch.Drawing()
		if err != nil {
			return err
		}
		marks, err := inventory.FloorMarks(c.UserContext(), a.DB, a.house(c))
		if err != nil {
			return err
		}
		v.Map, v.Drawn = drawn(drawing, marks, -1)
		if v.Sketch.SlotsNeeded() > 0 {
			walls, err := picking.Walls(c.UserContext(), a.DB, a.house(c))
			if err != nil {
				return err
			}
			v.Slots = picking.FreeSlots(walls)
		}
	}
	p := a.page(c, "Release now")
	p.Lead = "Nothing happens before you press Release."
	p.Back = backTo("Waves", "/waves")
	if v.Template.ID != 0 {
		p.Title = v.Template.Name
	}
	return a.show(c, previewPage(p, v))
}

// hidden are the names of what was typed, for the form that releases it.
func (v previewView) hidden() []string {
	names := slices.Sorted(maps.Keys(v.Form.Values))
	return slices.DeleteFunc(names, func(n string) bool { return n == "version" || n == "template" || n == "name" || n == "seen" })
}

func (v previewView) lengths() []length {
	all := []length{{"This wave", v.Sketch.Planned, true}}
	for _, r := range v.Sketch.ByRules {
		how, _, _ := strings.Cut(policyWords[r.Policy], ":")
		all = append(all, length{"The same lists, " + how, r.Planned, false})
	}
	return append(all, []length{{"The same in the order of arrival, sorted by the bins’ names", v.Sketch.First, false},
		{"One list an order, sorted by the bins’ names", v.Sketch.Named, false}}...)
}

func (v previewView) facts() []ui.Fact {
	s := v.Sketch
	return []ui.Fact{{Word: "Orders", Value: thousands(s.Orders)}, {Word: "Lines", Value: thousands(s.Lines)}, {Word: "Pieces", Value: thousands(s.Units)},
		{Word: "Weight", Value: kilos(s.WeightG)}, {Word: "Lists", Value: thousands(int64(len(s.Lists)))}, {Word: "To walk", Value: metres(s.Planned)},
		{Word: "Time", Value: minutes(s.Seconds) + " for one picker"}}
}

// minutes writes how long a work takes.
func minutes(seconds int64) string {
	switch n := (seconds + 59) / 60; {
	case n < 90:
		return fmt.Sprintf("%d min", n)
	default:
		return fmt.Sprintf("%d h %d min", n/60, n%60)
	}
}

// releaseWave draws once more what was previewed and puts it on the floor. A form that is sent twice releases one wave;
// one that shows what is not so any more is shown anew.
func (a *App) releaseWave(c *fiber.Ctx) error {
	t, f, form, err := a.readTemplate(c, picking.Template{})
	if f.Template != 0 {
		t, err = picking.TemplateByID(c.UserContext(), a.DB, a.house(c), picking.TemplateID(f.Template))
	} else {
		t.Name = byHand
		t, err = checked(t, err)
	}
	if form, again := refused(form, err); again && f.Template == 0 {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showPreview(c, previewView{Form: form})
	}
	if err != nil {
		return err
	}
	key, err := formKey(form)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	press := scan.Scan{Key: key, Code: fmt.Sprintf("release %d %s", t.ID, t.Name), Staff: who.ID, Station: who.StationID(), At: a.Now()}
	sketch, err := a.draw(c, t.Spec())
	if err != nil {
		return err
	}
	var step scan.Step
	release := func(ctx context.Context, tx *sql.Tx) (err error) {
		step, err = scan.Once(ctx, tx, press, fmt.Sprintf("waves-%d", who.ID), func() (scan.Step, error) {
			if f.Seen != "" && f.Seen != sketch.Digest() {
				return scan.Step{}, errLookAgain
			}
			again := sketch.Copy() // a transaction may run twice
			wave, err := picking.Release(ctx, tx, a.house(c), &again, who.ID, a.Now())
			return scan.Step{Result: scan.Right, Message: fmt.Sprintf("%s is on the floor.", wave), Goto: wavePath(wave)}, err
		})
		return err
	}
	if err = a.inTx(c, release); fault.KindOf(err) == fault.Conflict {
		err = a.inTx(c, release) // the same press, sent twice at once, took the orders meanwhile: its wave is the answer
	}
	if fault.KindOf(err) == fault.Conflict {
		c.Status(fiber.StatusConflict)
		return a.showPreview(c, previewView{Template: t, Form: form, Sketch: &sketch, Changed: true})
	}
	if err != nil {
		return err
	}
	return a.done(c, step.Goto, step.Message)
}

var errLookAgain = fault.New(fault.Conflict, "What would be released has changed.")

// A reason is why orders are left out, and which.
type reason struct {
	Reason string
	Refs   []string
	More   int // that are not named
}

// Count is how many orders are left out for it.
func (r reason) Count() int { return len(r.Refs) + r.More }

// byReason groups what is left out, the most frequent reason first.
func byReason(all []picking.LeftOut) (reasons []reason) {
	at := map[string]int{}
	for _, l := range all {
		i, known := at[l.Reason]
		if !known {
			i = len(reasons)
			at[l.Reason] = i
			reasons = append(reasons, reason{Reason: l.Reason})
		}
		if len(reasons[i].Refs) < mostRefs {
			reasons[i].Refs = append(reasons[i].Refs, l.Ref)
		} else {
			reasons[i].More++
		}
	}
	slices.SortStableFunc(reasons, func(a, b reason) int { return cmp.Compare(b.Count(), a.Count()) })
	return reasons
}
