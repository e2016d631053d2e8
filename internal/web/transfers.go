package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// transferRoutes are stock that goes from one warehouse to another.
func transferRoutes() []route {
	return []route{
		{"GET", "/transfers", counters, (*App).transfersPage},
		{"POST", "/transfers", office, (*App).askTransfer},
		{"GET", "/transfers/new", office, (*App).newTransfer},
		{"GET", "/transfers/:transfer", counters, (*App).transferPage},
		{"POST", "/transfers/:transfer/take", counters, (*App).takeForTransfer},
		{"POST", "/transfers/:transfer/put-back", counters, (*App).putBackFromTransfer},
		{"POST", "/transfers/:transfer/send", office, (*App).sendTransfer},
		{"POST", "/transfers/:transfer/cancel", office, (*App).cancelTransfer},
	}
}

func transferPath(id inventory.TransferID) string { return fmt.Sprintf("/transfers/%d", id) }

func transferState(s inventory.TransferState) templ.Component {
	tone := map[inventory.TransferState]ui.Tone{inventory.TransferOpen: ui.Busy, inventory.TransferSent: ui.Busy, inventory.TransferReceived: ui.Good}[s]
	return ui.Status(tone, transferWords(s))
}

func transferWords(s inventory.TransferState) string {
	switch s {
	case inventory.TransferOpen:
		return "being taken"
	case inventory.TransferSent:
		return "on its way"
	}
	return string(s)
}

// transfersPage lists what this warehouse sends and receives.
func (a *App) transfersPage(c *fiber.Ctx) error {
	state := inventory.TransferState(oneOf(c.Query("state"), "open", "sent", "received", "cancelled"))
	all, err := inventory.Transfers(c.UserContext(), a.DB, a.house(c), state, inventory.TransferID(idQuery(c, "after")), pageRows+1)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/transfers", Query: queryOf(c, "state"), Columns: []ui.Column{{Title: "Transfer"}, {Title: "From"}, {Title: "To"}, {Title: "Items", Number: true},
		{Title: "Taken", Number: true}, {Title: "Arrived", Number: true}, {Title: "State"}, {Title: "Asked"}}}
	if len(all) > pageRows {
		all = all[:pageRows]
		t.More = strconv.FormatInt(int64(all[pageRows-1].ID), 10)
	}
	for _, r := range all {
		came := ui.Text("–")
		if !r.SentAt.IsZero() {
			came = ui.Text(fmt.Sprintf("%d of %d", r.Came, r.Ready))
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(r.ID.String(), transferPath(r.ID)), ui.Text(r.FromName), ui.Text(r.ToName), ui.Num(r.Items),
			ui.Text(fmt.Sprintf("%d of %d", r.Ready, r.Pieces)), came, ui.Show(transferState(r.State)), ui.Text(dayOf(r.AskedAt))})
	}
	p := a.page(c, "Transfers")
	p.Lead = "Stock between this warehouse and others: what leaves here, and what comes."
	p.Back = backTo("Stock", "/stock")
	who, _ := a.session(c)
	if office.allows(who.Member) {
		p.Actions = []ui.Link{{Label: "New transfer", Href: "/transfers/new", Icon: "plus"}}
	}
	return a.show(c, transfersPage(p, t, state))
}

func (a *App) newTransfer(c *fiber.Ctx) error {
	return a.showTransferForm(c, ui.Form{Values: map[string]string{"lines.0.sku": c.Query("sku")}}, 0)
}

func (a *App) showTransferForm(c *fiber.Ctx, form ui.Form, typed int) error {
	all, err := inventory.Warehouses(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	to := []ui.Option{{Value: "", Label: "Choose"}}
	for _, w := range all {
		if w.ID != a.house(c) {
			to = append(to, ui.Option{Value: strconv.FormatInt(int64(w.ID), 10), Label: w.Name})
		}
	}
	p := a.page(c, "New transfer")
	p.Lead = "What goes to another warehouse. Then its pieces are taken out of their bins, and sent."
	p.Back = backTo("Transfers", "/transfers")
	return a.show(c, transferFormPage(p, form, to, typed+blankLines))
}

func (a *App) askTransfer(c *fiber.Ctx) error {
	var f struct {
		To    int64  `form:"to,max=18" label:"The warehouse"`
		Note  string `form:"note,max=500" label:"The note"`
		Lines []struct {
			SKU      string `form:"sku,max=40" label:"The SKU"`
			Quantity int64  `form:"quantity,max=12" label:"The quantity"`
		} `form:"lines"`
	}
	form, err := decode(c, &f)
	var id inventory.TransferID
	if err == nil {
		t := inventory.Transfer{From: a.house(c), To: inventory.WarehouseID(f.To), Note: f.Note}
		for _, l := range f.Lines {
			t.Lines = append(t.Lines, inventory.TransferLine{SKU: l.SKU, Quantity: l.Quantity})
		}
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			if id, err = inventory.AskTransfer(ctx, tx, t, a.who(c), a.Now()); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), "transfer asked", id.String(), f)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showTransferForm(c, form, len(f.Lines))
	}
	if err != nil {
		return err
	}
	return a.done(c, transferPath(id), id.String()+" is asked for. Take its pieces out of their bins.")
}

// transferView is the page of one transfer, from this or from the other end.
type transferView struct {
	Transfer inventory.Transfer
	Lines    ui.Table
	Ours     bool // it leaves here
	MaySend  bool
	Sources  []inventory.TransferSource
	Zone     *time.Location
	Form     ui.Form // what was typed and refused
	Which    string  // of which form: take, send
}

func (v transferView) open() bool { return v.Ours && v.Transfer.State == inventory.TransferOpen }

// form is what was typed into a form of the page.
func (v transferView) form(which string) ui.Form {
	if v.Which == which {
		return v.Form
	}
	return ui.Form{}
}

// sourcesOf are the bins of a line: first those that are offered at once, two and more until they hold what is left to
// be taken, then the others.
func (v transferView) sourcesOf(l inventory.TransferLine) (first, others []inventory.TransferSource) {
	var there int64
	for _, s := range v.Sources {
		switch {
		case s.Item != l.Item:
		case len(first) < 2 || there < l.Left():
			first, there = append(first, s), there+s.Quantity
		default:
			others = append(others, s)
		}
	}
	return first, others
}

// transfer reads the transfer of the path: TR-7 or 7.
func (a *App) transfer(c *fiber.Ctx) (inventory.TransferID, error) {
	typed := strings.TrimPrefix(strings.ToUpper(c.Params("transfer")), "TR-")
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil {
		id = 0
	}
	_, err = inventory.TransferByID(c.UserContext(), a.DB, a.house(c), inventory.TransferID(id))
	return inventory.TransferID(id), err
}

func (a *App) transferPage(c *fiber.Ctx) error { return a.showTransfer(c, transferView{}) }

func (a *App) showTransfer(c *fiber.Ctx, v transferView) error {
	id, err := a.transfer(c)
	if err != nil {
		return err
	}
	if v.Transfer, err = inventory.TransferByID(c.UserContext(), a.DB, a.house(c), id); err != nil {
		return err
	}
	who, _ := a.session(c)
	v.Ours, v.MaySend, v.Lines = v.Transfer.From == a.house(c), office.allows(who.Member), transferLines(v.Transfer)
	if v.Zone, err = a.clock(c); err != nil {
		return err
	}
	if v.open() {
		if v.Sources, err = inventory.TransferSources(c.UserContext(), a.DB, v.Transfer); err != nil {
			return err
		}
	}
	p := a.page(c, id.String())
	p.Lead = v.Transfer.FromName + " to " + v.Transfer.ToName
	p.Back = backTo("Transfers", "/transfers")
	return a.show(c, transferPage(p, v))
}

func transferLines(t inventory.Transfer) ui.Table {
	left := !t.SentAt.IsZero()
	table := ui.Table{Columns: []ui.Column{{Title: "Item"}, {Title: "SKU"}, {Title: "Asked", Number: true}, {Title: "Taken", Number: true}}}
	if left {
		table.Columns = append(table.Columns, ui.Column{Title: "Arrived", Number: true}, ui.Column{Title: "Difference"})
	} else {
		table.Columns = append(table.Columns, ui.Column{Title: "To do"})
	}
	for _, l := range t.Lines {
		row := []ui.Cell{ui.Go(l.Name, itemHref(l.Item)), ui.Text(l.SKU), ui.Num(l.Quantity), ui.Num(l.Taken)}
		if left {
			row = append(row, ui.Num(l.Arrived))
		}
		table.Rows = append(table.Rows, append(row, ui.Show(transferDifference(t, l))))
	}
	return table
}

func transferDifference(t inventory.Transfer, l inventory.TransferLine) templ.Component {
	switch {
	case t.State == inventory.TransferOpen && l.Left() > 0:
		return ui.Status(ui.Busy, fmt.Sprintf("%d to take", l.Left()))
	case t.State == inventory.TransferOpen:
		return ui.Status(ui.Good, "taken")
	case t.SentAt.IsZero():
		return ui.Status(ui.Plain, "–")
	case l.Missing() < 0:
		return ui.Status(ui.Asks, fmt.Sprintf("%d too many", -l.Missing()))
	case l.Missing() > 0 && t.State == inventory.TransferSent:
		return ui.Status(ui.Busy, fmt.Sprintf("%d on the way", l.Missing()))
	case l.Missing() > 0:
		return ui.Status(ui.Halted, fmt.Sprintf("%d missing", l.Missing()))
	case l.Damaged > 0:
		return ui.Status(ui.Halted, fmt.Sprintf("%d damaged", l.Damaged))
	}
	return ui.Status(ui.Good, "none")
}

// by is who does it, where and when, by the form's key: sent twice, it counts once.
func (a *App) by(c *fiber.Ctx, key uuid.UUID) inventory.Movement {
	who, _ := a.session(c)
	return inventory.Movement{Staff: who.ID, Station: who.StationID(), Scan: key, At: a.Now()}
}

func (a *App) takeForTransfer(c *fiber.Ctx) error {
	id, err := a.transfer(c)
	if err != nil {
		return err
	}
	var f struct {
		Place    string `form:"place,max=80" label:"The bin"`
		Item     string `form:"item,max=80" label:"The item"`
		Lot      string `form:"lot,max=60" label:"The lot"`
		Quantity int64  `form:"quantity,max=12" label:"The quantity"`
	}
	form, err := decode(c, &f)
	var key uuid.UUID
	if err == nil {
		key, err = formKey(form)
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return inventory.TakeForTransfer(ctx, tx, a.house(c), id, inventory.TransferPick{Place: f.Place, Item: f.Item, Lot: f.Lot, Quantity: f.Quantity}, picking.PlannedAt, a.by(c, key))
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		form.Key = "" // what is typed now is another take
		return a.showTransfer(c, transferView{Form: form, Which: "take"})
	}
	if err != nil {
		return err
	}
	return a.done(c, transferPath(id), fmt.Sprintf("%d of %s taken out of %s.", f.Quantity, f.Item, f.Place))
}

func (a *App) putBackFromTransfer(c *fiber.Ctx) error {
	id, err := a.transfer(c)
	if err != nil {
		return err
	}
	var f struct {
		Take int64 `form:"take,max=18" label:"What was taken"`
	}
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return inventory.PutBackFromTransfer(ctx, tx, a.house(c), id, f.Take, a.by(c, uuid.New()))
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showTransfer(c, transferView{Form: form, Which: "back"})
	}
	if err != nil {
		return err
	}
	return a.done(c, transferPath(id), "It lies in its bin again.")
}

func (a *App) sendTransfer(c *fiber.Ctx) error {
	id, err := a.transfer(c)
	if err != nil {
		return err
	}
	var f struct {
		SSCC  string `form:"sscc,max=30" label:"The pallet"`
		DueOn string `form:"due_on,max=10" label:"The day"`
	}
	form, err := decode(c, &f)
	var due time.Time
	if err == nil {
		due, err = dueDay(f.DueOn)
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := inventory.SendTransfer(ctx, tx, a.house(c), id, ssccTyped(f.SSCC), due, a.who(c), a.Now()); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), "transfer sent", id.String(), f)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showTransfer(c, transferView{Form: form, Which: "send"})
	}
	if err != nil {
		return err
	}
	return a.done(c, transferPath(id), id.String()+" is on its way. The other dock receives it under this number.")
}

// ssccTyped is the number of a pallet's label, scanned with what stands before it or typed.
func ssccTyped(typed string) string {
	if code, err := labels.Parse(typed); err == nil && code.SSCC() != "" {
		return code.SSCC()
	}
	return typed
}

func (a *App) cancelTransfer(c *fiber.Ctx) error {
	id, err := a.transfer(c)
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		if err := inventory.CancelTransfer(ctx, tx, a.house(c), id, a.by(c, uuid.New())); err != nil {
			return err
		}
		return staff.Audit(ctx, tx, a.who(c), "transfer cancelled", id.String(), nil)
	})
	if form, again := refused(ui.Form{}, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showTransfer(c, transferView{Form: form, Which: "cancel"})
	}
	if err != nil {
		return err
	}
	return a.done(c, transferPath(id), id.String()+" is cancelled. What was taken belongs back into its bins.")
}
