package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
)

const pageRows = 50 // rows of one page of a list

// expectedList shows what suppliers have promised, with how much of it came.
func (a *App) expectedList(c *fiber.Ctx) error {
	f := inventory.ExpectedFilter{State: oneOf(c.Query("state"), inventory.ExpectedOpen, inventory.ExpectedReceived, inventory.ExpectedClosed),
		Search: c.Query("q"), Limit: pageRows + 1}
	if after, err := strconv.ParseInt(c.Query("after"), 10, 64); err == nil {
		f.After = inventory.ExpectedID(after)
	}
	all, err := inventory.ExpectedList(c.UserContext(), a.DB, a.house(c), f)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/receiving/expected", Query: queryOf(c, "state", "q"), Columns: []ui.Column{
		{Title: "Number"}, {Title: "Supplier"}, {Title: "Due"}, {Title: "Lines", Number: true}, {Title: "Pieces", Number: true}, {Title: "Trucks", Number: true}, {Title: "State"}}}
	if len(all) > pageRows {
		all = all[:pageRows]
		t.More = strconv.FormatInt(int64(all[pageRows-1].ID), 10)
	}
	for _, e := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(e.Number, expectedHref(e.ID)), ui.Text(e.Supplier), ui.Text(dayOf(e.DueOn)),
			ui.Text(fmt.Sprintf("%d of %d", e.Full, e.LineCount)), ui.Text(fmt.Sprintf("%d of %d", e.Arrived, e.Units)),
			ui.Num(int64(e.Receipts)), ui.Show(ui.Status(expectedTone(e.State), e.State))})
	}
	p := a.page(c, "Expected receipts")
	p.Lead = "Purchase orders and shipping notices, and how much of them came."
	p.Back = backTo("Receiving", "/receiving")
	if who, _ := a.session(c); office.allows(who.Member) {
		p.Actions = []ui.Link{{Label: "New", Href: "/receiving/expected/new", Icon: "plus"}, {Label: "Send CSV", Href: "/receiving/expected/csv", Icon: "file"},
			{Label: "Get CSV", Href: "/receiving/expected.csv", Icon: "down"}}
	}
	return a.show(c, expectedListPage(p, t, f))
}

func expectedHref(id inventory.ExpectedID) string {
	return "/receiving/expected/" + strconv.FormatInt(int64(id), 10)
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Format("2 Jan 2006")
}

// expected reads the expected receipt of the path.
func (a *App) expected(c *fiber.Ctx) (e inventory.ExpectedReceipt, err error) {
	id, err := number(c, "expected")
	if err != nil {
		return e, err
	}
	return inventory.ExpectedByID(c.UserContext(), a.DB, a.house(c), inventory.ExpectedID(id))
}

func (a *App) expectedPage(c *fiber.Ctx) error { return a.showExpected(c, ui.Form{}) }

func (a *App) showExpected(c *fiber.Ctx, form ui.Form) error {
	e, err := a.expected(c)
	if err != nil {
		return err
	}
	trucks, err := inventory.ReceiptsOf(c.UserContext(), a.DB, e.ID)
	if err != nil {
		return err
	}
	p := a.page(c, e.Number)
	p.Lead = kindWords(e.Kind) + map[bool]string{true: " from ", false: " to "}[e.Kind == "asn"] + e.Supplier
	p.Back = backTo("Expected receipts", "/receiving/expected")
	who, _ := a.session(c)
	return a.show(c, expectedPage(p, e, trucks, expectedLines(e), form, office.allows(who.Member)))
}

func expectedLines(e inventory.ExpectedReceipt) ui.Table {
	t := ui.Table{Columns: []ui.Column{{Title: "Item"}, {Title: "SKU"}, {Title: "Expected", Number: true}, {Title: "Good", Number: true},
		{Title: "Damaged", Number: true}, {Title: "Difference"}, {Title: "Comes as"}}}
	var expected, good, damaged int64
	for _, l := range e.Lines {
		state := ui.Status(ui.Good, "none")
		switch {
		case l.Over() > 0:
			state = ui.Status(ui.Asks, fmt.Sprintf("%d too many", l.Over()))
		case l.Arrived() == 0:
			state = ui.Status(ui.Plain, "not here yet")
		case l.Short() > 0:
			state = ui.Status(ui.Busy, fmt.Sprintf("%d missing", l.Short()))
		case l.Damaged > 0:
			state = ui.Status(ui.Halted, fmt.Sprintf("%d damaged", l.Damaged))
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(l.Name, itemHref(l.Item)), ui.Text(l.SKU), ui.Num(l.Quantity), ui.Num(l.Good), ui.Num(l.Damaged), ui.Show(state), ui.Text(comesAs(l))})
		expected, good, damaged = expected+l.Quantity, good+l.Good, damaged+l.Damaged
	}
	t.Totals = []ui.Cell{ui.Text("Together"), ui.Text(""), ui.Num(expected), ui.Num(good), ui.Num(damaged), ui.Text(""), ui.Text("")}
	return t
}

func itemHref(id inventory.ItemID) string {
	return "/stock/items/" + strconv.FormatInt(int64(id), 10)
}

type closeForm struct {
	Reason string `form:"reason,max=500" label:"The reason"`
}

// closeExpected says that nothing more will come.
func (a *App) closeExpected(c *fiber.Ctx) error {
	e, err := a.expected(c)
	if err != nil {
		return err
	}
	var f closeForm
	form, err := decode(c, &f)
	if err == nil {
		who, _ := a.session(c)
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
			if err := inventory.CloseExpected(c.UserContext(), tx, e.Warehouse, e.Number, f.Reason, who.ID, a.Now()); err != nil {
				return err
			}
			return staff.Audit(c.UserContext(), tx, who.ID, "close expected", e.Number, map[string]string{"reason": f.Reason})
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showExpected(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, expectedHref(e.ID), e.Number+" is closed.")
}

type expectedInput struct {
	Number   string `form:"number,max=40" label:"The number"`
	Kind     string `form:"kind,max=8" label:"The kind"`
	Supplier string `form:"supplier,max=120" label:"The supplier"`
	DueOn    string `form:"due_on,max=10" label:"The day"`
	Lines    []struct {
		SKU      string `form:"sku,max=40" label:"The SKU"`
		Quantity int64  `form:"quantity,max=12" label:"The quantity"`
		SSCC     string `form:"sscc,max=40" label:"The SSCC"`
		Lot      string `form:"lot,max=60" label:"The lot"`
		Expires  string `form:"expires_on,max=10" label:"The last good day"`
	} `form:"lines"`
}

func (a *App) expectedForm(c *fiber.Ctx) error { return a.showExpectedForm(c, ui.Form{}, 0) }

const blankLines = 4 // offered beyond those that were typed

func (a *App) showExpectedForm(c *fiber.Ctx, form ui.Form, typed int) error {
	p := a.page(c, "New expected receipt")
	p.Lead = "What a supplier has promised. Many at once are sent as a CSV file."
	p.Back = backTo("Expected receipts", "/receiving/expected")
	return a.show(c, expectedFormPage(p, form, typed+blankLines))
}

func (a *App) addExpected(c *fiber.Ctx) error {
	var f expectedInput
	form, err := decode(c, &f)
	var ids []inventory.ExpectedID
	if err == nil {
		e, bad := f.expected(a.house(c))
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
			if ids, err = inventory.Expect(c.UserContext(), tx, e); err != nil && len(fault.FieldsOf(err)) == 0 {
				return err
			}
			return append(bad, fault.FieldsOf(err)...).Err()
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showExpectedForm(c, form, len(f.Lines))
	}
	if err != nil {
		return err
	}
	return a.done(c, expectedHref(ids[0]), f.Number+" is expected.")
}

// expected is what the form describes; days that are none are named.
func (f expectedInput) expected(house inventory.WarehouseID) (e inventory.ExpectedReceipt, bad fault.Fields) {
	e = inventory.ExpectedReceipt{Number: f.Number, Kind: f.Kind, Supplier: f.Supplier, Warehouse: house, DueOn: dayTyped(&bad, "due_on", f.DueOn)}
	for i, l := range f.Lines {
		e.Lines = append(e.Lines, inventory.ExpectedLine{SKU: l.SKU, Quantity: l.Quantity, SSCC: ssccTyped(l.SSCC), Lot: l.Lot,
			Expires: dayTyped(&bad, fmt.Sprintf("lines.%d.expires_on", i), l.Expires)})
	}
	return e, bad
}

func dueDay(text string) (time.Time, error) {
	var bad fault.Fields
	return dayTyped(&bad, "due_on", text), bad.Err()
}

// dayTyped is the day of a field, none when it is empty.
func dayTyped(bad *fault.Fields, name, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 2000 || t.Year() > 2999 {
		bad.Add(name, "The day is written like 2026-12-31.")
	}
	return t
}

func (a *App) expectedCSV(c *fiber.Ctx) error { return a.showCSV(c, expectedTable, nil) }

// readExpectedCSV takes a file of expected receipts, all or nothing.
func (a *App) readExpectedCSV(c *fiber.Ctx) error {
	return a.takeCSV(c, expectedTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		added, same, err := inventory.ImportExpected(ctx, tx, a.house(c), file)
		told := ui.Count(int64(added), "expected receipt", "expected receipts") + " added."
		if same > 0 {
			told += " " + ui.Count(int64(same), "was", "were") + " there before and stayed as they are."
		}
		return told, err
	})
}

func (a *App) writeExpectedCSV(c *fiber.Ctx) error {
	return a.csv(c, "expected-receipts.csv", func(out io.Writer) error {
		return inventory.ExportExpected(c.UserContext(), a.DB, a.house(c), out)
	})
}

var expectedTable = csvTable{
	Title: "Expected receipts from a CSV file", Path: "/receiving/expected/csv", Back: "/receiving/expected",
	Columns: []csvColumn{
		{"number", "of the purchase order or notice; rows with the same number belong together"},
		{"supplier", "the same in every row of a number"},
		{"sku", "an item that exists"},
		{"quantity", "whole pieces, from 1"},
		{"due_on", "a day like 2026-12-31; may be missing"},
		{"kind", "po or asn; may be missing"},
		{"sscc", "of the pallet it comes on, 18 digits; may be missing"},
		{"lot, expires_on", "its lot and the lot's last good day; may be missing"},
	},
	Example: "number,supplier,sku,quantity,due_on\nPO-1001,Potter & Sons,MUG-BLUE,24,2026-12-01\nPO-1001,Potter & Sons,MUG-RED,12,2026-12-01\n",
}
