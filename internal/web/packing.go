package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/production"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/packing"
	"tote/picking"
	"tote/shipping"
)

const mostToPack = 30 // that stand beside the packing screen

func (a *App) packingStart(c *fiber.Ctx) error {
	waiting, err := packing.Waiting(c.UserContext(), a.DB, a.house(c), "", mostToPack)
	if err != nil {
		return err
	}
	benches, err := a.benches(c)
	if err != nil {
		return err
	}
	return a.showStep(c, "/packing", a.asksBench(c, packing.Idle(), benches), chooseBench("/packing", benches), packingWaiting(waiting, a.Now()))
}

func (a *App) packingStartScan(c *fiber.Ctx) error {
	if answered, err := a.takeBench(c, "/packing"); answered || err != nil {
		return err
	}
	benches, err := a.benches(c)
	if err != nil {
		return err
	}
	var waiting []picking.Report
	err = a.takeScan(c, "/packing", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if step, err = packing.Bring(ctx, tx, a.house(c), p.Scan); err != nil {
			return step, err
		}
		if err := a.unlessBench(c, tx, p, step); err != nil {
			return step, err
		}
		waiting, err = packing.Waiting(ctx, tx, a.house(c), "", mostToPack)
		return a.asksBench(c, step, benches), err
	}, func() templ.Component { return chooseBench("/packing", benches) }, func() templ.Component { return packingWaiting(waiting, a.Now()) })
	return a.orBench(c, "/packing", err)
}

// benchView is what stands beside the scans of one order.
type benchView struct {
	packing.View
	Fill   packing.Suggestion // once it is worked out
	Plan   []filling          // Fill as it is drawn
	Misfit bool               // the open carton stands in a box that no plan has
	preset packing.TypeID     // the box that is suggested for the open carton
	ask    packing.Question
	Papers []print.Job
	Manage bool
	Made   []madePiece
	With   []packing.Wanted // the materials of the carton
}

// filled works out how to fill the cartons: after the transaction, so that no scan waits for it.
func (v benchView) filled() benchView {
	open, _ := v.Open()
	var fits bool
	v.Fill, fits = packing.SuggestIn(v.ask, open.Type)
	v.preset = v.Fill.Preset()
	if open.Sealing {
		v.Fill = packing.Suggest(v.ask.Without(open.Lines))
		v.Plan = fillings(v.Fill, nil)
		for i := range v.Plan {
			v.Plan[i].Waits = true
		}
		return v
	}
	if v.Misfit = !fits; fits {
		v.Plan = fillings(v.Fill, open.Lines)
	}
	return v
}

// toPack reports that something lies in totes.
func (v benchView) toPack() bool {
	return slices.ContainsFunc(v.Lines, func(l packing.Line) bool { return l.ToPack > 0 })
}

// drawable reports that there are boxes to draw a plan in, and that the carton was begun in one of them.
func (v benchView) drawable() bool { return len(v.Boxes) > 0 && !v.Misfit }

// undrawn says what to do without a drawing.
func (v benchView) undrawn() string {
	open, begun := v.Open()
	if len(v.Boxes) == 0 || !begun {
		return "No box is set up in this house, so none is drawn: take one that everything goes into. A manager adds boxes in the set-up."
	}
	return fmt.Sprintf("%s is not a box of the plan, which is %s, and not all goes into it. Fill it and press Carton full: what is left is drawn then. Or choose the box of the plan below.",
		open.Box, cartonsWanted(v.Fill))
}

// due is what the plan lays into the open carton next.
func (v benchView) due() (layStep, bool) {
	if len(v.Plan) == 0 || v.Plan[0].Waits {
		return layStep{}, false
	}
	return v.Plan[0].Due()
}

// follow makes the screen ask for what the plan lays in next, so that picture and instruction are one.
func (v benchView) follow(step scan.Step) scan.Step {
	if due, ok := v.due(); ok {
		return v.Follow(step, due.SKU, due.Left)
	}
	if len(v.Plan) > 1 && v.Plan[0].Drawn() {
		return v.Planned(step)
	}
	return step
}

// box is the one of the open carton, or the one that is suggested for it.
func (v benchView) box(open packing.Carton) packing.TypeID {
	if open.Type != 0 {
		return open.Type
	}
	return v.preset
}

// madePiece is what was made for a line, as it must look.
type madePiece struct {
	production.WorkOrder
	Files []production.File
}

// madeFor is what was made for an order, with its pictures; nothing is asked twice for an order from the shelves.
func madeFor(ctx context.Context, q pg.Querier, ref string) (list []madePiece, err error) {
	works, err := production.Of(ctx, q, ref)
	for _, w := range works {
		if w.State == production.Cancelled || w.Straight {
			continue
		}
		m := madePiece{WorkOrder: w}
		if m.Files, err = production.Files(ctx, q, w.ID); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, err
}

// refOf is the demand of the path.
func refOf(c *fiber.Ctx) (string, error) {
	ref, err := url.PathUnescape(c.Params("ref"))
	if err != nil || ref == "" || len(ref) > 64 {
		return "", fault.New(fault.NotFound, "There is no page at this address. Look in the menu.")
	}
	return ref, nil
}

func (a *App) readBench(c *fiber.Ctx, q pg.Querier, ref string) (v benchView, err error) {
	ctx := context.WithoutCancel(c.UserContext())
	if v.View, err = packing.Read(ctx, q, ref, a.house(c)); err != nil {
		return v, err
	}
	v.Manage = a.mayManage(c)
	if v.ask, err = packing.ReadQuestion(ctx, q, ref, a.house(c)); err != nil {
		return v, err
	}
	if v.Papers, err = print.JobsFor(ctx, q, ssccs(v.Cartons)...); err != nil {
		return v, err
	}
	if v.With, err = packing.WantedAt(ctx, q, ref); err != nil {
		return v, err
	}
	v.Made, err = madeFor(ctx, q, ref)
	return v, err
}

func ssccs(cartons []packing.Carton) (all []string) {
	for _, k := range cartons {
		if k.SSCC != "" && k.State != packing.Void {
			all = append(all, k.SSCC)
		}
	}
	return all
}

func (a *App) packingPage(c *fiber.Ctx) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	v, err := a.readBench(c, a.DB, ref)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	step, err := packing.Show(c.UserContext(), a.DB, ref, who.ID, who.StationID())
	if err != nil {
		return err
	}
	return a.showBench(c, v, step)
}

// showBench draws the bench of one order; to who stands at no packing station it shows those there are first.
func (a *App) showBench(c *fiber.Ctx, v benchView, step scan.Step) error {
	benches, err := a.benches(c)
	if err != nil {
		return err
	}
	v = v.filled()
	job := packing.Path(v.Ref)
	return a.showStep(c, job, a.asksBench(c, v.follow(step), benches), chooseBench(job, benches), benchBeside(v))
}

// packingScan answers the trigger at a bench. The scan that closes a carton books it and asks for its papers in the
// same transaction, so that the last right scan prints.
func (a *App) packingScan(c *fiber.Ctx) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	if answered, err := a.takeBench(c, packing.Path(ref)); answered || err != nil {
		return err
	}
	var v benchView
	step, moved, err := a.answerScan(c, packing.Path(ref), func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if v.View, err = packing.Read(ctx, tx, ref, a.house(c)); err != nil {
			return step, err
		}
		if step, err = a.pack(c, ctx, tx, v.View, p); err != nil {
			return step, err
		}
		if err := a.unlessBench(c, tx, p, step); err != nil {
			return step, err
		}
		if step.Goto != "" {
			return step, nil
		}
		v, err = a.readBench(c, tx, ref)
		return step, err
	})
	if err != nil || moved {
		return a.orBench(c, packing.Path(ref), err)
	}
	return a.showBench(c, v, step)
}

func (a *App) pack(c *fiber.Ctx, ctx context.Context, tx *sql.Tx, bench packing.View, p pull) (scan.Step, error) {
	ref := bench.Ref
	if box, ok := strings.CutPrefix(p.Action, "box:"); ok {
		id, err := strconv.ParseInt(box, 10, 64)
		if err != nil {
			return scan.Step{}, fault.New(fault.NotFound, "There is no such box here. Load the page again.")
		}
		return packing.Choose(ctx, tx, ref, packing.TypeID(id), p.Scan)
	}
	if t, ok := packing.TroubleOf(p.Action); ok {
		return packing.Stop(ctx, tx, ref, t, p.Scan, a.holder(ctx, tx, ref, p))
	}
	if p.Action == "print" || isPrint(p.Code) {
		return packing.PrintAgain(ctx, tx, ref, p.Scan, func(k packing.Carton) error { return papersAgain(ctx, tx, k.SSCC, p.Scan) })
	}
	switch p.Action {
	case "undo":
		return packing.Undo(ctx, tx, ref, p.Undo, p.Scan)
	case "weigh":
		p.Code = typedWeight(c.FormValue("weight"))
		if err := preset(c, ctx, tx, bench, p.Scan); err != nil {
			return scan.Step{}, err
		}
		if wrong, err := sayUsed(c, ctx, tx, ref, p.Code); wrong != "" || err != nil {
			return refusal(ctx, tx, ref, p, wrong, err)
		}
	}
	step, err := packing.Put(ctx, tx, ref, p.Scan)
	if err != nil || step.Replayed || !packing.Closes(p.Code) {
		return step, err
	}
	return step, print.Parcels(ctx, tx, ref, p.At)
}

// holder is how the order behind a demand is held for a packer.
func (a *App) holder(ctx context.Context, tx *sql.Tx, ref string, p pull) func(reason string) error {
	return func(reason string) error {
		n, err := orders.ParseNumber(ref)
		if err != nil {
			return fault.New(fault.Conflict, "%s is no order. Ask a manager what to do.", ref)
		}
		return orders.Hold(ctx, tx, n, orders.HoldStock, reason, p.Staff, p.At)
	}
}

var bareWeight = regexp.MustCompile(`^[0-9]{1,4}(?:[.,][0-9]*)?$`)

// typedWeight is a weight as the bench reads it; a number without a unit is kilograms. A longer one is no weight but
// a barcode that was scanned while the cursor stood in the field.
func typedWeight(typed string) string {
	typed = strings.TrimSpace(typed)
	if bareWeight.MatchString(typed) {
		return typed + " kg"
	}
	return typed
}

// packingPapers is the state of an order's papers, for the page to ask again while they are under way.
func (a *App) packingPapers(c *fiber.Ctx) error {
	ref, err := refOf(c)
	if err != nil {
		return err
	}
	v, err := a.readBench(c, a.DB, ref)
	if err != nil {
		return err
	}
	return a.show(c, benchPapers(v))
}

// carton reads the carton of the path; another warehouse's does not exist here.
func (a *App) carton(c *fiber.Ctx) (k packing.Carton, err error) {
	id, err := number(c, "id")
	if err != nil {
		return k, err
	}
	k, err = packing.CartonByID(c.UserContext(), a.DB, packing.CartonID(id))
	if err == nil && k.Warehouse != a.house(c) {
		err = fault.New(fault.NotFound, "There is no carton %s here.", packing.CartonID(id))
	}
	return k, err
}

func (a *App) cartonPage(c *fiber.Ctx) error { return a.showCarton(c, ui.Form{}) }

func (a *App) showCarton(c *fiber.Ctx, form ui.Form) error {
	k, err := a.carton(c)
	if err != nil {
		return err
	}
	all, err := packing.Cartons(c.UserContext(), a.DB, k.Ref)
	if err != nil {
		return err
	}
	for _, with := range all {
		if with.ID == k.ID {
			k.Lines, k.Materials = with.Lines, with.Materials
		}
	}
	var papers []print.Job
	if k.SSCC != "" {
		if papers, err = print.JobsFor(c.UserContext(), a.DB, k.SSCC); err != nil {
			return err
		}
	}
	p := a.page(c, fmt.Sprintf("Carton %s", k.ID))
	p.Lead = fmt.Sprintf("Carton %d of %s", k.Number, k.Ref)
	p.Back = backTo("Packing "+k.Ref, packing.Path(k.Ref))
	return a.show(c, cartonPage(p, k, papers, form, a.mayManage(c), a.mayPack(c)))
}

// printLabel prints a carton's papers, again if they were printed before. Before everything in it is verified there
// is none, and the answer is 422.
func (a *App) printLabel(c *fiber.Ctx) error {
	k, err := a.carton(c)
	if err != nil {
		return err
	}
	press, err := a.press(c)
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		if err := packing.Printable(ctx, tx, k.ID); err != nil {
			return err
		}
		if k.State == packing.Closed {
			if err := print.Parcels(ctx, tx, k.Ref, a.Now()); err != nil {
				return err
			}
		}
		return papersAgain(ctx, tx, k.SSCC, press)
	})
	if err != nil {
		return err
	}
	return a.done(c, cartonHref(k.ID), "Label and slip are in the print queue.")
}

type voidForm struct {
	Tote   string `form:"tote" label:"The tote"`
	Reason string `form:"reason,max=500" label:"The reason"`
}

// voidCarton empties a closed carton into a tote; its label must not be used any more.
func (a *App) voidCarton(c *fiber.Ctx) error {
	k, err := a.carton(c)
	if err != nil {
		return err
	}
	var f voidForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.unpack(c, k, form, f)
	}
	if form, bad := refused(form, err); bad {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showCarton(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, packing.Path(k.Ref), fmt.Sprintf("Carton %s is void. Put everything into tote %s and take the label off.", k.ID, strings.ToUpper(f.Tote)))
}

func (a *App) unpack(c *fiber.Ctx, k packing.Carton, form ui.Form, f voidForm) error {
	key, err := formKey(form)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	return a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		s := scan.Scan{Key: key, Staff: who.ID, Station: who.StationID(), At: a.Now()}
		if _, err := packing.VoidCarton(ctx, tx, k.ID, f.Tote, f.Reason, s); err != nil {
			return err
		}
		if err := shipping.Unbook(ctx, tx, k.ID, s.At); err != nil {
			return err
		}
		return print.VoidPapers(ctx, tx, k.SSCC)
	})
}

func cartonHref(id packing.CartonID) string { return fmt.Sprintf("/packing/cartons/%d", id) }

// cartonTone is how a carton's state is shown.
func cartonTone(k packing.Carton) (ui.Tone, string) {
	switch k.State {
	case packing.Open:
		return ui.Busy, "open"
	case packing.Closed:
		return ui.Good, "closed"
	case packing.Shipped:
		return ui.Good, "shipped"
	}
	return ui.Halted, "void"
}
