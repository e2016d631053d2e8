package web

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
	"tote/shipping"
)

const returnsShown = 50

func returnPath(id shipping.ReturnID) string { return fmt.Sprintf("/returns/%d", id) }

func (a *App) returnsPage(c *fiber.Ctx) error {
	f := shipping.ReturnFilter{Warehouse: a.house(c), Search: clean(c.Query("q")), Limit: returnsShown + 1}
	switch state := c.Query("state"); state {
	case "settle":
		f.Open = true
	case "undelivered":
		f.Origin = "carrier"
	default:
		f.State = shipping.ReturnState(state)
	}
	if n, err := strconv.ParseInt(c.Query("after"), 10, 64); err == nil {
		f.Before = shipping.ReturnID(n)
	}
	list, err := shipping.Returns(c.UserContext(), a.DB, f)
	if err != nil {
		return err
	}
	zone, err := a.clock(c)
	if err != nil {
		return err
	}
	p := a.page(c, "Returns")
	p.Lead = "Goods on their way back, and what becomes of them."
	who, _ := a.session(c)
	if returners.allows(who.Member) {
		p.Actions = append(p.Actions, ui.Link{Label: "Receive a return", Href: "/returns/receive", Icon: "scan"})
	}
	if office.allows(who.Member) {
		p.Actions = append(p.Actions, ui.Link{Label: "New return", Href: "/returns/new", Icon: "plus"})
	}
	return a.show(c, returnsPage(p, returnTable(list, f, zone), returnFilters(f), f.Search))
}

func returnFilters(f shipping.ReturnFilter) []ui.FilterLink {
	links := []ui.FilterLink{{Label: "All", Href: "/returns", Current: f.State == "" && !f.Open && f.Origin == ""}}
	for _, s := range shipping.ReturnStates {
		links = append(links, ui.FilterLink{Label: returnWord(s), Href: "/returns?state=" + url.QueryEscape(string(s)), Current: f.State == s})
	}
	return append(links, ui.FilterLink{Label: "to settle", Href: "/returns?state=settle", Current: f.Open},
		ui.FilterLink{Label: "undelivered", Href: "/returns?state=undelivered", Current: f.Origin != ""})
}

func returnTable(list []shipping.Return, f shipping.ReturnFilter, zone *time.Location) ui.Table {
	t := ui.Table{Path: "/returns", Query: url.Values{}, Columns: []ui.Column{{Title: "Return"}, {Title: "State"}, {Title: "Order"}, {Title: "Announced", Number: true},
		{Title: "Came", Number: true}, {Title: "Decided", Number: true}, {Title: "Since"}}}
	switch {
	case f.Open:
		t.Query.Set("state", "settle")
	case f.Origin != "":
		t.Query.Set("state", "undelivered")
	case f.State != "":
		t.Query.Set("state", string(f.State))
	}
	if f.Search != "" {
		t.Query.Set("q", f.Search)
	}
	if len(list) > returnsShown {
		list = list[:returnsShown]
		t.More = strconv.FormatInt(int64(list[returnsShown-1].ID), 10)
	}
	for _, r := range list {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(r.ID.String(), returnPath(r.ID)), ui.Show(returnStatus(r)),
			ui.Show(orderLinks([]string{r.Ref})), ui.Num(r.Units), ui.Num(r.Received), ui.Num(r.Decided), ui.Text(moment(r.Authorised, zone))})
	}
	return t
}

func returnTone(s shipping.ReturnState) ui.Tone {
	switch s {
	case shipping.Authorised:
		return ui.Busy
	case shipping.Received:
		return ui.Asks
	case shipping.Inspected:
		return ui.Good
	}
	return ui.Plain
}

func returnWord(s shipping.ReturnState) string {
	switch s {
	case shipping.Authorised:
		return "expected"
	case shipping.Received:
		return "to inspect"
	case shipping.Inspected:
		return "done"
	}
	return "withdrawn"
}

// returnView is the page of one return.
type returnView struct {
	shipping.Return
	Lines     []shipping.ReturnLine
	Extras    []shipping.Extra
	Decisions []shipping.Decision
	Packed    []packing.Carton // with photos of how they left
	Owed      []orders.Owed
	Settled   []orders.Settlement
	Settle    ui.Form // a refused settling
	Zone      *time.Location
	Receives  bool
	Clerk     bool
}

// returnOf reads the return of the path; another warehouse's does not exist here.
func (a *App) returnOf(c *fiber.Ctx) (shipping.Return, error) {
	id, err := number(c, "id")
	if err != nil {
		return shipping.Return{}, err
	}
	r, err := shipping.FindReturn(c.UserContext(), a.DB, shipping.ReturnID(id))
	if err == nil && r.Warehouse != a.house(c) {
		err = fault.New(fault.NotFound, "%s belongs to another warehouse.", r.ID)
	}
	return r, err
}

func (a *App) returnPage(c *fiber.Ctx) error { return a.showReturn(c, ui.Form{}) }

func (a *App) showReturn(c *fiber.Ctx, settle ui.Form) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	v := returnView{Return: r, Settle: settle, Receives: returners.allows(who.Member), Clerk: office.allows(who.Member)}
	if v.Zone, err = a.clock(c); err != nil {
		return err
	}
	if err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.Lines, err = shipping.ReturnLines(ctx, tx, r.ID); err != nil {
			return err
		}
		if v.Extras, err = shipping.Extras(ctx, tx, r.ID); err != nil {
			return err
		}
		if v.Decisions, err = shipping.Decisions(ctx, tx, r.ID); err != nil {
			return err
		}
		if v.Packed, err = photographed(ctx, tx, r.Ref); err != nil {
			return err
		}
		if v.Settled, err = orders.Settlements(ctx, tx, r.ID, ""); err != nil || !v.Clerk {
			return err
		}
		v.Owed, err = orders.Owing(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	p := a.page(c, r.ID.String())
	p.Back = backTo("Returns", "/returns")
	p.Actions = v.actions()
	return a.show(c, returnPage(p, v))
}

func (v returnView) actions() []ui.Link {
	var links []ui.Link
	switch {
	case v.Receives && v.State == shipping.Authorised:
		links = append(links, ui.Link{Label: "Count the parcel", Href: returnPath(v.ID) + "/receive", Icon: "scan"})
	case v.Receives && v.State == shipping.Received:
		links = append(links, ui.Link{Label: "Inspect", Href: returnPath(v.ID) + "/inspect", Icon: "scan"})
	}
	if v.State != shipping.Withdrawn && v.Origin != "carrier" {
		links = append(links, ui.Link{Label: "Slip", Href: returnPath(v.ID) + "/slip.pdf", Icon: "print"},
			ui.Link{Label: "Label", Href: returnPath(v.ID) + "/label.pdf", Icon: "print"})
	}
	return links
}

// slip draws the paper of a return.
func (a *App) slip(ctx context.Context, q pg.Querier, r shipping.Return) (paper labels.ReturnSlip, err error) {
	lines, err := shipping.ReturnLines(ctx, q, r.ID)
	if err != nil {
		return paper, err
	}
	n, err := orders.ParseNumber(r.Ref)
	if err != nil {
		return paper, err
	}
	paper = labels.ReturnSlip{Sheet: labels.A4, Return: int64(r.ID), Order: int64(n)}
	for _, l := range lines {
		paper.Lines = append(paper.Lines, labels.ReturnLine{SKU: l.SKU, Name: l.Name, Quantity: l.Quantity, Reason: l.Reason})
	}
	sent, err := shipping.Of(ctx, q, r.Ref)
	if err != nil {
		return paper, err
	}
	if len(sent) > 0 {
		paper.From = sent[len(sent)-1].ShipTo
	}
	w, err := inventory.WarehouseByID(ctx, q, r.Warehouse)
	paper.To = []string{w.Company, "Returns " + r.ID.String(), w.Street, strings.TrimSpace(w.Postcode + " " + w.City), w.Country}
	return paper, err
}

func (a *App) returnSlip(c *fiber.Ctx) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	paper, err := a.slip(c.UserContext(), a.DB, r)
	if err != nil {
		return err
	}
	return a.pdf(c, "return-"+r.ID.String(), paper)
}

// returnLabel is the label alone, for a label printer.
func (a *App) returnLabel(c *fiber.Ctx) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	slip, err := a.slip(c.UserContext(), a.DB, r)
	if err != nil {
		return err
	}
	return a.pdf(c, "return-label-"+r.ID.String(), slip.Label())
}

func (a *App) withdrawReturn(c *fiber.Ctx) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return shipping.Withdraw(ctx, tx, r.ID) }); err != nil {
		return err
	}
	return a.done(c, returnPath(r.ID), r.ID.String()+" is withdrawn.")
}

// returnForm is what a clerk fills in; customers have their own on the page of their order.
type returnForm struct {
	Order string           `form:"order,max=20" label:"The order"`
	Note  string           `form:"note,max=1000,lines" label:"The note"`
	Lines []returnFormLine `form:"lines"`
}

type returnFormLine struct {
	Ref      string `form:"ref,max=40"`
	Quantity int64  `form:"quantity" label:"The quantity"`
	Reason   string `form:"reason,max=40" label:"The reason"`
	Wish     string `form:"wish,max=20" label:"What is wanted"`
	Note     string `form:"note,max=500" label:"The note"`
}

// request is the form as the floor wants it; lines that nothing is asked of are left out, and at says
// which line of the form each one was.
func (f returnForm) request(ref, key string, now time.Time) (r shipping.Request, at []int) {
	r = shipping.Request{Ref: ref, Submission: "form " + key, Note: f.Note, At: now}
	for i, l := range f.Lines {
		if l.Quantity != 0 {
			r.Lines = append(r.Lines, shipping.RequestLine{Ref: l.Ref, Quantity: l.Quantity, Reason: l.Reason, Wish: l.Wish, Note: l.Note})
			at = append(at, i)
		}
	}
	return r, at
}

// replaced names the fields of the request as they are named in the form.
func replaced(err error, at []int) error {
	fields := fault.FieldsOf(err)
	if fields == nil {
		return err
	}
	moved := make(fault.Fields, len(fields))
	for i, f := range fields {
		moved[i] = f
		rest, ok := strings.CutPrefix(f.Name, "lines.")
		digits, field, nested := strings.Cut(rest, ".")
		if n, wrong := strconv.Atoi(digits); ok && nested && wrong == nil && n < len(at) {
			moved[i].Name = fmt.Sprintf("lines.%d.%s", at[n], field)
		}
	}
	return moved
}

func (a *App) newReturnPage(c *fiber.Ctx) error {
	return a.showNewReturn(c, clean(c.Query("order")), ui.Form{})
}

func (a *App) showNewReturn(c *fiber.Ctx, order string, form ui.Form) error {
	v := returnFormView{Form: form}
	if order != "" {
		n, err := orders.ParseNumber(order)
		if err == nil {
			v.Ref = n.String()
			v.Lines, err = shipping.CanReturn(c.UserContext(), a.DB, v.Ref)
		}
		if refusal, ok := refused(form, err); ok {
			v.Form = refusal
		} else if err != nil {
			return err
		}
	}
	p := a.page(c, "New return")
	p.Back = backTo("Returns", "/returns")
	return a.show(c, newReturnPage(p, v))
}

// returnFormView is the form of a new return.
type returnFormView struct {
	Ref   string
	Lines []shipping.Returnable
	Form  ui.Form
}

func (a *App) authoriseReturn(c *fiber.Ctx) error {
	var in returnForm
	form, err := decode(c, &in)
	var id shipping.ReturnID
	if err == nil {
		id, err = a.authorise(c, in, form)
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showNewReturn(c, in.Order, refusal)
	}
	if err != nil {
		return err
	}
	return a.done(c, returnPath(id), id.String()+" is announced. Its slip goes to the customer by mail.")
}

// authorise asks the floor for a return's number, in the name of whoever is signed in.
func (a *App) authorise(c *fiber.Ctx, in returnForm, form ui.Form) (id shipping.ReturnID, err error) {
	key, err := formKey(form)
	if err != nil {
		return 0, err
	}
	n, err := orders.ParseNumber(in.Order)
	if err != nil {
		return 0, err
	}
	r, at := in.request(n.String(), key.String(), a.Now())
	r.Staff = a.who(c)
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		id, err = shipping.Authorise(ctx, tx, r)
		return err
	})
	return id, replaced(err, at)
}

func (a *App) returnStart(c *fiber.Ctx) error {
	step, err := shipping.ShowReturnStart(c.UserContext(), a.DB, a.house(c), a.who(c))
	if err != nil {
		return err
	}
	beside, err := a.returnDesk(c.UserContext(), a.DB, a.house(c), shipping.ReturnID(c.QueryInt("inspected")))
	if err != nil {
		return err
	}
	if n := c.QueryInt("inspected"); n > 0 && step.Message == "" && len(step.Recent) > 0 && step.Recent[0].Undoable {
		step.Result, step.Message = step.Recent[0].Result, step.Recent[0].Message // the verdict that led here stands large above its Undo
	}
	return a.showStep(c, "/returns/receive", step, beside)
}

func (a *App) returnStartScan(c *fiber.Ctx) error {
	var beside templ.Component
	return a.takeScan(c, "/returns/receive", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		switch p.Action {
		case "":
			step, err = shipping.StartReturn(ctx, tx, a.house(c), p.Scan)
		case "undo":
			step, err = shipping.UndoLastVerdict(ctx, tx, a.house(c), p.Undo, p.Scan)
		default:
			step, err = shipping.DecideReturnStart(ctx, tx, a.house(c), p.Action, p.Scan)
		}
		if err != nil {
			return step, err
		}
		beside, err = a.returnDesk(ctx, tx, a.house(c), 0)
		return step, err
	}, func() templ.Component { return beside })
}

// returnDesk lists what was counted and waits for a verdict, below the return whose last verdict led here.
func (a *App) returnDesk(ctx context.Context, q pg.Querier, house inventory.WarehouseID, done shipping.ReturnID) (templ.Component, error) {
	list, err := shipping.Returns(ctx, q, shipping.ReturnFilter{Warehouse: house, State: shipping.Received, Limit: 10})
	if err != nil || done == 0 {
		return returnDesk(list, shipping.Return{}), err
	}
	r, err := shipping.FindReturn(ctx, q, done)
	switch {
	case fault.KindOf(err) == fault.NotFound || err == nil && (r.Warehouse != house || r.State != shipping.Inspected):
		return returnDesk(list, shipping.Return{}), nil
	}
	return returnDesk(list, r), err
}

func (a *App) receiveReturnPage(c *fiber.Ctx) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	step, err := shipping.ShowReturn(c.UserContext(), a.DB, r.ID, a.who(c))
	if err != nil {
		return err
	}
	return a.showStep(c, returnPath(r.ID)+"/receive", step)
}

func (a *App) receiveReturnScan(c *fiber.Ctx) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	return a.takeScan(c, returnPath(r.ID)+"/receive", func(ctx context.Context, tx *sql.Tx, p pull) (scan.Step, error) {
		switch p.Action {
		case "":
			return shipping.ReceiveReturn(ctx, tx, r.ID, p.Scan)
		case "undo":
			return shipping.UndoReturn(ctx, tx, r.ID, p.Undo, p.Scan)
		}
		return shipping.DecideReturn(ctx, tx, r.ID, p.Action, p.Scan)
	})
}

func (a *App) inspectPage(c *fiber.Ctx) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	step, err := shipping.ShowInspection(c.UserContext(), a.DB, r.ID, a.who(c))
	if err != nil {
		return err
	}
	last, err := a.lastVerdict(c.UserContext(), a.DB, r)
	if err != nil {
		return err
	}
	return a.showStep(c, returnPath(r.ID)+"/inspect", step, last)
}

// lastVerdict is where a note is written and a photo taken of what was just decided, beside how it was packed.
func (a *App) lastVerdict(ctx context.Context, q pg.Querier, r shipping.Return) (templ.Component, error) {
	packed, err := photographed(ctx, q, r.Ref)
	if err != nil {
		return nil, err
	}
	all, err := shipping.Decisions(ctx, q, r.ID)
	if err != nil || len(all) == 0 {
		return packedPhotos(packed), err
	}
	return templ.Join(verdictNote(r.ID, all[0], true), packedPhotos(packed)), nil
}

type verdictForm struct {
	Scan uuid.UUID `form:"scan,max=40" label:"The verdict"`
	Note string    `form:"note,max=500" label:"The note"`
	Back bool      `form:"inspecting"` // to the inspection, not to the return
}

// noteVerdict keeps a note and a photo of goods that were decided upon.
func (a *App) noteVerdict(c *fiber.Ctx) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	var f verdictForm
	if _, err := decode(c, &f); err != nil {
		return err
	}
	photo, err := a.uploadedPhoto(c)
	if err != nil {
		return err
	}
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return shipping.NoteVerdict(ctx, tx, r.ID, f.Scan, f.Note, string(photo))
	}); err != nil {
		return err
	}
	to := returnPath(r.ID)
	if f.Back && r.State == shipping.Received {
		to += "/inspect"
	}
	return a.done(c, to, "Noted.")
}

func (a *App) inspectScan(c *fiber.Ctx) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	var last templ.Component
	return a.takeScan(c, returnPath(r.ID)+"/inspect", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if step, err = a.inspect(ctx, tx, r.ID, p); err != nil {
			return step, err
		}
		last, err = a.lastVerdict(ctx, tx, r)
		return step, err
	}, func() templ.Component { return last })
}

func (a *App) inspect(ctx context.Context, tx *sql.Tx, id shipping.ReturnID, p pull) (scan.Step, error) {
	switch p.Action {
	case "":
		return shipping.Inspect(ctx, tx, id, p.Scan)
	case "undo":
		return shipping.UndoJudge(ctx, tx, id, p.Undo, p.Scan)
	}
	return shipping.Judge(ctx, tx, id, p.Action, "", p.Scan)
}

// journeySlip is the slip of one of the customer's own returns, journeyReturnLabel its label alone.
func (a *App) journeySlip(c *fiber.Ctx) error {
	return a.journeyPaper(c, "return-", func(slip labels.ReturnSlip) labels.Paper { return slip })
}

func (a *App) journeyReturnLabel(c *fiber.Ctx) error {
	return a.journeyPaper(c, "return-label-", func(slip labels.ReturnSlip) labels.Paper { return slip.Label() })
}

func (a *App) journeyPaper(c *fiber.Ctx, name string, of func(labels.ReturnSlip) labels.Paper) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	var paper labels.ReturnSlip
	var r shipping.Return
	if err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) error {
		j, err := orders.ReadJourney(ctx, tx, c.Params("token"), a.Now())
		if err != nil {
			return err
		}
		r, err = shipping.FindReturn(ctx, tx, shipping.ReturnID(id))
		if err != nil {
			return err
		}
		if r.Ref != j.Number.String() {
			return noPage()
		}
		paper, err = a.slip(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := labels.WritePDF(&out, 300, of(paper)); err != nil {
		return err
	}
	c.Type("pdf")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("inline; filename=%q", name+r.ID.String()+".pdf"))
	return c.Send(out.Bytes())
}
