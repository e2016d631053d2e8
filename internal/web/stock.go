package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/trace"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// stockPage lists items with what there is of them.
func (a *App) stockPage(c *fiber.Ctx) error {
	rows, err := inventory.Stock(c.UserContext(), a.DB, a.house(c), c.Query("q"), c.Query("after"), pageRows+1)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/stock", Query: queryOf(c, "q"), Columns: []ui.Column{{Title: "Item"}, {Title: "SKU"}, {Title: "On hand", Number: true},
		{Title: "Promised", Number: true}, {Title: "Free", Number: true}, {Title: "Places", Number: true}, {Title: "Home"}}}
	if len(rows) > pageRows {
		rows = rows[:pageRows]
		t.More = rows[pageRows-1].SKU
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(r.Name, itemHref(r.ID)), ui.Text(r.SKU), ui.Num(r.OnHand), ui.Num(r.Held), ui.Num(r.Free), ui.Num(r.Bins), ui.Text(r.Home)})
	}
	p := a.page(c, "Stock")
	p.Lead = "What is here, what of it is promised, and what is free."
	p.Actions = []ui.Link{{Label: "Ledger", Href: "/stock/movements", Icon: "file"}}
	if a.mayCount(c) {
		p.Actions = append(p.Actions, ui.Link{Label: "Counts", Href: "/counts", Icon: "count"}, ui.Link{Label: "Transfers", Href: "/transfers", Icon: "ship"}, ui.Link{Label: "Replenishment", Href: "/replenishment", Icon: "refill"})
	}
	p.Actions = append(p.Actions, ui.Link{Label: "Expiring", Href: "/stock/expiring", Icon: "count"}, ui.Link{Label: "Places", Href: "/setup/locations", Icon: "place"})
	if who, _ := a.session(c); a.may(who.Member, "/ledger") {
		p.Actions = append(p.Actions, ui.Link{Label: "Do the books hold?", Href: "/ledger", Icon: "count"})
	}
	var files []ui.Link
	if a.mayAdjust(c) {
		files = append(files, ui.Link{Label: "Stock at a time", Href: "/stock/at", Icon: "count"})
		files = append(files, ui.Link{Label: "CSV by item", Href: "/stock.csv?q=" + url.QueryEscape(c.Query("q")), Icon: "down"}, ui.Link{Label: "CSV by bin", Href: "/stock/bins.csv", Icon: "down"})
	}
	if who, _ := a.session(c); a.may(who.Member, "/stock/opening") {
		files = append(files, ui.Link{Label: "Opening stock", Href: "/stock/opening", Icon: "file"})
	}
	return a.show(c, stockPage(p, t, c.Query("q"), files))
}

func (a *App) writeItemStockCSV(c *fiber.Ctx) error {
	return a.csv(c, "stock-by-item.csv", func(out io.Writer) error {
		return inventory.ExportItemStock(c.UserContext(), a.DB, a.house(c), c.Query("q"), out)
	})
}

func (a *App) writeBinStockCSV(c *fiber.Ctx) error {
	return a.csv(c, "stock-by-bin.csv", func(out io.Writer) error {
		return inventory.ExportStock(c.UserContext(), a.DB, a.house(c), out)
	})
}

var openingTable = csvTable{
	Title: "Opening stock from a CSV file", Path: "/stock/opening", Back: "/stock",
	Columns: []csvColumn{
		{"sku", "an item that exists"}, {"bin", "a bin that exists, and holds none of the item by the books yet"}, {"quantity", "whole pieces, from 1, as counted on the shelf"},
		{"lot", "its lot or serial number, if the item is tracked"}, {"expires_on", "the last good day of the lot, like 2027-03-31, if the item expires"},
	},
	Example: "sku,bin,quantity,lot,expires_on\nMUG-BLUE,A-07-3-B,120,,\nMUG-RED,A-07-3-C,96,,\nGLAZE-CLEAR,A-07-4-A,480,L2611,2027-03-31\n",
}

func (a *App) openingPage(c *fiber.Ctx) error { return a.showCSV(c, openingTable, nil) }

// readOpening books what was on the shelves before the site began.
func (a *App) readOpening(c *fiber.Ctx) error {
	return a.takeCSV(c, openingTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		o, err := inventory.OpeningStock(ctx, tx, a.house(c), file, a.who(c), a.Now())
		return ui.Count(int64(o.Units), "piece is", "pieces are") + " on the books now, in " + ui.Count(int64(o.Bins), "bin", "bins") + ".", err
	})
}

// item reads the item of the path.
func (a *App) item(c *fiber.Ctx) (i inventory.Item, err error) {
	id, err := number(c, "id")
	if err != nil {
		return i, err
	}
	return inventory.ItemByID(c.UserContext(), a.DB, inventory.ItemID(id))
}

// itemStock is everything a page tells about the stock of one item.
type itemStock struct {
	Item      inventory.Item
	Available inventory.Availability
	Places    []inventory.Balance
	Lots      []inventory.Lot
	Barcodes  []inventory.Barcode
	Faces     []inventory.PickFace
	Blocks    []picking.Block // bins pickers could not take it from
	Home      string
	History   []inventory.Line
	Zone      *time.Location
	All       string // the list that is shown whole: places, promises
	MayAdjust bool
	MayCount  bool
}

// What the page of an item or bin shows of its ledger lines and of its lists, before one asks for all.
const (
	shortHistory = 15
	shortList    = 10
)

func (a *App) itemPage(c *fiber.Ctx) error { return a.showItem(c, ui.Form{}) }

func (a *App) showItem(c *fiber.Ctx, form ui.Form) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	v := itemStock{Item: i, All: c.Query("all"), MayAdjust: a.mayAdjust(c), MayCount: a.mayCount(c)}
	if v.Zone, err = a.clock(c); err != nil {
		return err
	}
	err = pg.InReadTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
		if v.Available, err = inventory.Available(c.UserContext(), tx, a.house(c), i.ID); err != nil {
			return err
		}
		if v.Places, err = inventory.Places(c.UserContext(), tx, a.house(c), i.ID); err != nil {
			return err
		}
		if v.Lots, err = inventory.Lots(c.UserContext(), tx, a.house(c), i.ID, pageRows); err != nil {
			return err
		}
		if v.Barcodes, err = inventory.Barcodes(c.UserContext(), tx, i.ID); err != nil {
			return err
		}
		if v.Faces, err = inventory.PickFaces(c.UserContext(), tx, a.house(c), i.ID); err != nil {
			return err
		}
		if v.Home, err = inventory.HomeOf(c.UserContext(), tx, a.house(c), i.ID); err != nil {
			return err
		}
		if v.Blocks, err = picking.BlocksOf(c.UserContext(), tx, a.house(c), i.ID); err != nil {
			return err
		}
		v.History, err = inventory.History(c.UserContext(), tx, inventory.About{Warehouse: a.house(c), Item: i.ID}, shortHistory)
		return err
	})
	if err != nil {
		return err
	}
	p := a.page(c, i.Name)
	p.Lead = i.SKU
	p.Back = backTo("Stock", "/stock")
	if v.MayAdjust {
		p.Actions = []ui.Link{{Label: "Edit", Href: fmt.Sprintf("/setup/items/%d", i.ID), Icon: "setup"}}
	}
	return a.show(c, itemPage(p, v, form))
}

func (a *App) mayAdjust(c *fiber.Ctx) bool {
	who, _ := a.session(c)
	return office.allows(who.Member)
}

func (a *App) mayCount(c *fiber.Ctx) bool {
	who, _ := a.session(c)
	return counters.allows(who.Member)
}

// binStock is everything a page tells about one place.
type binStock struct {
	Place     inventory.Location
	Contents  []inventory.Balance
	History   []inventory.Line
	Counts    []inventory.CountTask // that it waits for
	Zone      *time.Location
	MayAdjust bool
	MayCount  bool
}

func (a *App) binPage(c *fiber.Ctx) error {
	l, err := a.location(c)
	if err != nil {
		return err
	}
	v := binStock{Place: l, MayAdjust: a.mayAdjust(c), MayCount: a.mayCount(c) && l.Kind == inventory.Bin}
	if v.Zone, err = a.clock(c); err != nil {
		return err
	}
	err = pg.InReadTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
		if v.Contents, err = inventory.Contents(c.UserContext(), tx, l.ID); err != nil {
			return err
		}
		if v.Counts, err = openCounts(c.UserContext(), tx, l); err != nil {
			return err
		}
		v.History, err = inventory.History(c.UserContext(), tx, inventory.About{Warehouse: a.house(c), Location: l.ID}, shortHistory)
		return err
	})
	if err != nil {
		return err
	}
	p := a.page(c, l.Code)
	p.Lead = placeWords(l)
	p.Back = backTo("Stock", "/stock")
	if l.Kind == inventory.Tote {
		if p.Actions, err = a.toteActions(c, l.ID); err != nil {
			return err
		}
		if len(p.Actions) > 0 && p.Actions[0].Href == "/sorting" {
			p.Lead += " · goods of several orders, to be sorted"
		}
	}
	if v.MayAdjust {
		p.Actions = append(p.Actions, ui.Link{Label: "Edit", Href: fmt.Sprintf("/setup/locations/%d", l.ID), Icon: "setup"})
	}
	return a.show(c, binPage(p, v))
}

// toteActions lead from a tote to the orders whose goods are in it: to the bench who packs, and to the order's page.
func (a *App) toteActions(c *fiber.Ctx, tote inventory.LocationID) (links []ui.Link, err error) {
	who, _ := a.session(c)
	refs, err := trace.InTote(c.UserContext(), a.DB, int64(tote))
	if len(refs) > 1 && a.may(who.Member, "/sorting") {
		links = append(links, ui.Link{Label: "Sort it", Href: "/sorting", Icon: "sort"})
	}
	for _, ref := range refs {
		if bench := "/packing/" + ref; len(refs) == 1 && a.may(who.Member, bench) {
			links = append(links, ui.Link{Label: "Pack " + ref, Href: bench, Icon: "pack"})
		}
		links = append(links, ui.Link{Label: ref, Href: "/orders/" + ref, Icon: "order"})
	}
	return links, err
}

// location reads the location of the path; another warehouse's does not exist here.
func (a *App) location(c *fiber.Ctx) (l inventory.Location, err error) {
	id, err := number(c, "id")
	if err != nil {
		return l, err
	}
	l, err = inventory.LocationByID(c.UserContext(), a.DB, inventory.LocationID(id))
	if err == nil && l.Warehouse != a.house(c) {
		err = fault.New(fault.NotFound, "%s belongs to another warehouse.", l.Code)
	}
	return l, err
}

func placeWords(l inventory.Location) string {
	words := []string{string(l.Kind)}
	if l.Kind == inventory.Bin {
		words = append(words, string(l.Use), string(l.BinClass))
	}
	if !l.Active {
		words = append(words, "out of use")
	}
	return strings.Join(words, " · ")
}

type adjustForm struct {
	Place  string `form:"place,max=40" label:"The place"`
	Lot    string `form:"lot,max=60" label:"The lot"`
	By     int64  `form:"quantity,max=12" label:"The difference"`
	Reason string `form:"reason,max=200" label:"The reason"`
}

// adjust corrects what the books say of one item in one place.
func (a *App) adjust(c *fiber.Ctx) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	var f adjustForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.adjustTo(c, i, f, form)
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showItem(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, itemHref(i.ID), fmt.Sprintf("%s in %s: %+d.", i.Name, strings.ToUpper(f.Place), f.By))
}

func (a *App) adjustTo(c *fiber.Ctx, i inventory.Item, f adjustForm, form ui.Form) error {
	key, err := formKey(form)
	if err != nil {
		return err
	}
	code, err := labels.Parse(f.Place)
	if err != nil {
		return fault.Fields{{Name: "place", Message: "Name the place, as on its label."}}
	}
	who, _ := a.session(c)
	return pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
		place, err := inventory.FindLocation(c.UserContext(), tx, a.house(c), code)
		if fault.KindOf(err) == fault.NotFound || err == nil && !place.Physical {
			return fault.Fields{{Name: "place", Message: "There is no place " + f.Place + " that holds stock here."}}
		}
		if err != nil {
			return err
		}
		lot, err := inventory.LotNamed(c.UserContext(), tx, i, f.Lot)
		if err != nil {
			return err
		}
		return inventory.Adjust(c.UserContext(), tx, inventory.Movement{Warehouse: a.house(c), Item: i.ID, Lot: lot, To: place.ID, Staff: who.ID, Scan: key, At: a.Now()}, f.By, f.Reason)
	})
}

func idQuery(c *fiber.Ctx, name string) int64 {
	n, err := strconv.ParseInt(c.Query(name), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func placeHref(id inventory.LocationID) string {
	return "/stock/bins/" + strconv.FormatInt(int64(id), 10)
}

// refHref leads to the document of a movement: a receipt, or else to all movements of the document.
func refHref(ref string) string {
	if n, ok := strings.CutPrefix(ref, "RC-"); ok {
		return "/receiving/" + url.PathEscape(n) + "/lines"
	}
	return "/stock/movements?ref=" + url.QueryEscape(ref)
}

// waiterHref is the page of an order, of the order whose line an item is promised to, or of a quote.
func waiterHref(ref string) string {
	if strings.HasPrefix(ref, "Q-") {
		return "/quotes/" + url.PathEscape(ref)
	}
	order, _, _ := strings.Cut(ref, ".")
	if n, err := orders.ParseNumber(order); err == nil {
		return orderPath(n)
	}
	return refHref(ref)
}
