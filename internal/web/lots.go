package web

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

const (
	expiringDays   = 30
	mostItemLabels = 500
)

func lotHref(id inventory.LotID) string { return fmt.Sprintf("/stock/lots/%d", id) }

// lotWords is a lot as the floor reads it.
func lotWords(code string, expires time.Time) string {
	if expires.Year() <= 1 {
		return "Lot " + code
	}
	return "Lot " + code + ", good until " + expires.Format("2 Jan 2006")
}

// lineLot is the lot, or the number of the one piece, that came.
func lineLot(l inventory.ReceiptLine) string {
	if l.Serial {
		return "Serial " + l.Lot
	}
	return lotWords(l.Lot, l.Expires)
}

func lotCell(b inventory.Balance) ui.Cell {
	if b.Lot == 0 {
		return ui.Text("")
	}
	return ui.Go(b.LotCode, lotHref(b.Lot))
}

func comesAs(l inventory.ExpectedLine) string {
	words := ""
	if l.SSCC != "" {
		words = "pallet " + l.SSCC
	}
	if l.Lot != "" {
		if words != "" {
			words += ", "
		}
		words += lotWords(l.Lot, l.Expires)
	}
	return words
}

// lotTone says how a lot stands.
func lotTone(l inventory.Lot, today time.Time) (ui.Tone, string) {
	switch {
	case l.ExpiresOn.IsZero():
		return ui.Plain, "no date"
	case l.ExpiresOn.Before(today.Truncate(24 * time.Hour)):
		return ui.Halted, "expired"
	case l.Blocked:
		return ui.Halted, "too old to be sold"
	case l.ExpiresOn.Before(today.AddDate(0, 0, expiringDays)):
		return ui.Asks, "expires soon"
	}
	return ui.Good, "good"
}

func lotsTable(all []inventory.Lot, items bool) ui.Table {
	t := ui.Table{Columns: []ui.Column{{Title: "Lot"}, {Title: "Good until"}, {Title: "Received"}, {Title: "On hand", Number: true}, {Title: "State"}}}
	if items {
		t.Columns = append(t.Columns, ui.Column{Title: "Item"})
	}
	for _, l := range all {
		row := []ui.Cell{ui.Go(l.Code, lotHref(l.ID)), ui.Text(dayOf(l.ExpiresOn)), ui.Text(dayOf(l.ReceivedOn)), ui.Num(l.OnHand), ui.Show(lotState(l))}
		if items {
			row = append(row, ui.Go(l.Name, itemHref(l.Item)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// expiringPage lists what has expired, what is too old to be sold, and what will be soon.
func (a *App) expiringPage(c *fiber.Ctx) error {
	all, err := inventory.Expiring(c.UserContext(), a.DB, a.house(c), expiringDays, mostLists)
	if err != nil {
		return err
	}
	p := a.page(c, "What expires")
	p.Lead = fmt.Sprintf("Lots that are too old to be sold, and those whose last good day is within %d days. What is too old is promised to nobody.", expiringDays)
	p.Back = backTo("Stock", "/stock")
	return a.show(c, listPage(p, lotsTable(all, true), ui.Empty("stock", "Nothing expires soon", "Items whose lots have a last good day are listed here in time.", ui.Link{Label: "Stock", Href: "/stock"})))
}

// lot reads the lot of the path, with what this warehouse has of it.
func (a *App) lot(c *fiber.Ctx) (l inventory.Lot, err error) {
	id, err := number(c, "lot")
	if err != nil {
		return l, err
	}
	return inventory.LotOf(c.UserContext(), a.DB, a.house(c), inventory.LotID(id))
}

func (a *App) lotPage(c *fiber.Ctx) error { return a.showLot(c, ui.Form{}) }

func (a *App) showLot(c *fiber.Ctx, form ui.Form) error {
	l, err := a.lot(c)
	if err != nil {
		return err
	}
	all, err := inventory.Places(c.UserContext(), a.DB, a.house(c), l.Item)
	if err != nil {
		return err
	}
	v := itemStock{}
	if v.Blocks, err = picking.BlocksOf(c.UserContext(), a.DB, a.house(c), l.Item); err != nil {
		return err
	}
	for _, b := range all {
		if b.Lot == l.ID {
			v.Places = append(v.Places, b)
		}
	}
	if form.Values == nil && !l.ExpiresOn.IsZero() {
		form.Values = map[string]string{"expires_on": l.ExpiresOn.Format(time.DateOnly)}
	}
	p := a.page(c, "Lot "+l.Code)
	if l.Serial {
		p.Title = "No. " + l.Code
	}
	p.Lead = l.Name + " · " + l.SKU
	p.Back = backTo(l.Name, itemHref(l.Item))
	return a.show(c, lotPage(p, l, v, form, a.mayAdjust(c), a.mayCount(c)))
}

// saveLot corrects the last good day.
func (a *App) saveLot(c *fiber.Ctx) error {
	l, err := a.lot(c)
	if err != nil {
		return err
	}
	var f struct {
		Expires string `form:"expires_on,max=20" label:"The last good day"`
	}
	form, err := decode(c, &f)
	var day time.Time
	if err == nil && f.Expires != "" {
		var ok bool
		if day, ok = inventory.ReadDay(f.Expires, a.Now()); !ok {
			err = fault.Fields{{Name: "expires_on", Message: "Give a day like 2027-03-31 or 31.03.2027."}}
		}
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return inventory.EditLot(ctx, tx, l.ID, day) })
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showLot(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, lotHref(l.ID), "The day is stored.")
}

// quarantineLot takes all of a lot out of the bins.
func (a *App) quarantineLot(c *fiber.Ctx) error {
	l, err := a.lot(c)
	if err != nil {
		return err
	}
	var n int64
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		n, err = picking.QuarantineLot(ctx, tx, a.house(c), l.ID, inventory.Movement{Staff: a.who(c), At: a.Now()})
		return err
	})
	if err != nil {
		return err
	}
	return a.done(c, lotHref(l.ID), ui.Count(n, "piece is", "pieces are")+" in quarantine by the books. Carry them there.")
}

// printReceived prints labels of what came on a line, at the printer of the station; the number proposed is what came.
func (a *App) printReceived(c *fiber.Ctx) error {
	r, err := a.receipt(c)
	if err != nil {
		return err
	}
	var f struct {
		Line  int64 `form:"line"`
		Count int64 `form:"count,max=4" label:"The number of labels"`
	}
	if _, err := decode(c, &f); err != nil {
		return err
	}
	if f.Count < 1 || f.Count > mostItemLabels {
		return fault.New(fault.Invalid, "Print from 1 to %d labels at once.", mostItemLabels)
	}
	lines, err := inventory.ReceiptLines(c.UserContext(), a.DB, r.ID)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.ID == f.Line && l.ID != 0 {
			return a.printLine(c, r, l, f.Count)
		}
	}
	return fault.New(fault.NotFound, "This line is not on the receipt any more. Load the page again.")
}

// receivedLabel is the label of a piece that came on a line, with its lot or serial number and its day.
func (a *App) receivedLabel(c *fiber.Ctx, l inventory.ReceiptLine) (label labels.ItemLabel, err error) {
	i, err := inventory.ItemByID(c.UserContext(), a.DB, l.Item)
	if err != nil {
		return label, err
	}
	if label, err = a.labelFor(c, i, itemLabelForm{}); err != nil || l.Lot == "" {
		return label, err
	}
	label.Lot, label.Expires = l.Lot, l.Expires
	if i.Tracking == inventory.BySerial {
		label.Lot, label.Serial = "", l.Lot
	}
	if _, err := labels.Draw(0, label); err != nil { // a number that no GS1 symbol holds is words
		return labels.ItemLabel{Name: label.Name + ", " + lineLot(l), SKU: label.SKU, GTIN: label.GTIN}, nil
	}
	return label, nil
}

// labelTab says where the answer of a form that prints labels opens: in a tab of its own where no printer stands, for the
// answer is the labels themselves then.
func (a *App) labelTab(c *fiber.Ctx, q pg.Querier) (templ.Attributes, error) {
	who, _ := a.session(c)
	stands, err := print.Stands(c.UserContext(), q, who.StationID(), print.ItemLabel)
	if stands {
		return nil, err
	}
	return ui.InATab, err
}

func (a *App) printLine(c *fiber.Ctx, r inventory.Receipt, l inventory.ReceiptLine, n int64) error {
	who, _ := a.session(c)
	label, err := a.receivedLabel(c, l)
	if err != nil {
		return err
	}
	press, err := a.press(c)
	if err != nil {
		return err
	}
	dpi := dpiOf(who)
	var job print.JobID
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		paper, err := print.Fresh(ctx, tx, print.ItemLabel, fmt.Sprintf("%s/%d×%d", r.ID, l.ID, n), dpi, func() (print.Content, error) {
			all := make([]labels.Paper, n)
			for i := range all {
				all[i] = label
			}
			return print.Drawn(dpi, all...)
		})
		if err != nil {
			return err
		}
		job, err = print.Request(ctx, tx, paper, press)
		return err
	})
	if err != nil {
		return err
	}
	to := r.ID.Path()
	if !r.Open {
		to += "/lines"
	}
	j, err := print.JobOf(c.UserContext(), a.DB, job, who.Member)
	if err == nil && j.Browser() { // no printer stands here: the paper is shown to be printed from the browser
		return c.Redirect(paperHref(j.Paper), fiber.StatusSeeOther)
	}
	return a.done(c, to, ui.Count(n, "label is", "labels are")+" on the way to the printer.")
}
