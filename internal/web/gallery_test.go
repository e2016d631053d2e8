package web

import (
	"context"
	"io"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/web/ui"
)

// gallery shows the parts of internal/web/ui as pages of every audience put them together.
func gallery() []route {
	return []route{
		{"GET", "/gallery/list", anyone, (*App).galleryList},
		{"GET", "/gallery/order", anyone, (*App).galleryOrder},
		{"GET", "/gallery/form", anyone, (*App).galleryForm},
		{"GET", "/gallery/empty", anyone, (*App).galleryEmpty},
		{"GET", "/gallery/menu", anyone, (*App).galleryMenu},
		{"GET", "/gallery/journey", public, (*App).galleryJourney},
	}
}

func (a *App) compose(c *fiber.Ctx, layout templ.Component, parts ...templ.Component) error {
	c.SetUserContext(templ.WithChildren(c.UserContext(), templ.Join(parts...)))
	return a.show(c, layout)
}

var gallerySections = []ui.Link{
	{Label: "Home", Href: "/home", Icon: "home"}, {Label: "Orders", Href: "/gallery/list", Icon: "order"},
	{Label: "Stock", Href: "/stock", Icon: "stock"}, {Label: "Receiving", Href: "/receiving", Icon: "receive"},
	{Label: "Picking", Href: "/picking", Icon: "pick"}, {Label: "Packing", Href: "/packing", Icon: "pack"},
	{Label: "Shipping", Href: "/shipping", Icon: "ship"}, {Label: "Returns", Href: "/returns", Icon: "return"},
	{Label: "Letters", Href: "/inbox", Icon: "letter"}, {Label: "Set-up", Href: "/setup", Icon: "setup"},
}

func (a *App) galleryPage(c *fiber.Ctx, title string) ui.Page {
	p := a.page(c, title)
	p.Nav = gallerySections
	return p
}

func (a *App) galleryList(c *fiber.Ctx) error {
	p := a.galleryPage(c, "Orders")
	p.Lead = "What customers asked for, and where it stands."
	p.Actions = []ui.Link{{Label: "New order", Href: "/orders/new", Icon: "plus"}, {Label: "CSV", Href: "/orders.csv", Icon: "file"}}
	t := ui.Table{
		Columns: []ui.Column{{Title: "Order", Sort: "number"}, {Title: "Customer", Sort: "customer"}, {Title: "Stage"}, {Title: "Promised", Sort: "promised"}, {Title: "Lines", Number: true, Sort: "lines"}, {Title: "Total", Number: true}},
		Sort:    "-promised", Path: "/gallery/list", Query: url.Values{"view": {"open"}}, More: "x", Before: "y", Of: 4288,
		Totals: []ui.Cell{ui.Text("Together"), {}, {}, {}, ui.Num(31), ui.Text("£1,204.50")},
	}
	stages := []templ.Component{ui.Status(ui.Busy, "picking"), ui.Status(ui.Good, "shipped"), ui.Status(ui.Asks, "pending payment"), ui.Status(ui.Halted, "on hold"), ui.Status(ui.Plain, "new")}
	for i, name := range []string{"Ada Obi", "Łukasz Żółć", "Panagiotis Papadopoulos Trading & Sons", "名前 太郎", "Zoë 🎈"} {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go("O-100"+string(rune('1'+i)), "/orders/1"), ui.Text(name), ui.Show(stages[i]), ui.Text("24 Nov 2026"), ui.Num(int64(i*3 + 1)), ui.Text("£240.90")})
	}
	return a.compose(c, ui.Office(p),
		templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			_, err := w.Write([]byte(`<div class="tools">`))
			if err == nil {
				err = templ.Join(ui.Search("/gallery/list", "", "Number, name or SKU"), ui.Filters([]ui.FilterLink{
					{Label: "Open", Href: "?view=open", Count: 318, Counted: true, Current: true}, {Label: "Late", Href: "?view=late", Count: 4, Counted: true},
					{Label: "On hold", Href: "?view=held", Count: 2, Counted: true}, {Label: "All", Href: "?view=all"},
				})).Render(ctx, w)
			}
			if err == nil {
				_, err = w.Write([]byte(`</div>`))
			}
			return err
		}), ui.List(t))
}

func (a *App) galleryOrder(c *fiber.Ctx) error {
	p := a.galleryPage(c, "Order O-1001")
	p.Back = &ui.Link{Label: "Orders", Href: "/gallery/list"}
	p.Lead = "Next: pick two lines from list P-104."
	p.Actions = []ui.Link{{Label: "Hold", Href: "#", Icon: "warning"}, {Label: "Packing slip", Href: "#", Icon: "print"}}
	p.Flash = &ui.Flash{Tone: ui.Good, Message: "Payment of £240.90 recorded."}
	return a.compose(c, ui.Office(p),
		panel("What and when", ui.Facts([]ui.Fact{{Word: "Customer", Value: "Ada Obi", Href: "#"}, {Word: "Promised", Value: "24 Nov 2026"}, {Word: "Carrier", Value: "Own fleet, next day"}})),
		panel("The story", ui.Timeline([]ui.Event{
			{What: "Ordered by web form", Who: "Ada Obi · 21 Nov, 09:12", When: ui.Past}, {What: "Paid £240.90 by card", Who: "Milo Brandt · 21 Nov, 09:20", Href: "#", When: ui.Past},
			{What: "Picking into T-12", Who: "since 10:41", When: ui.Now}, {What: "Packed", When: ui.Next}, {What: "Shipped", When: ui.Next},
		})))
}

func (a *App) galleryForm(c *fiber.Ctx) error {
	p := a.galleryPage(c, "New order")
	p.Back = &ui.Link{Label: "Orders", Href: "/gallery/list"}
	f := ui.Form{Values: map[string]string{"name": "Ada Obi", "quantity": "two", "gift": "on"}, Errors: []ui.FieldError{
		{Name: "quantity", Message: "Quantity must be a whole number, such as 12."}, {Name: "street", Message: "Give the street and number."}}}
	return a.compose(c, ui.Office(p), ui.Errors(f),
		ui.Input(f.Field("name", "Customer", ui.Fills("name"))),
		ui.Input(f.Field("street", "Street", ui.Fills("address-line1"))),
		ui.Input(f.Field("quantity", "Quantity", ui.Number, ui.Help("In pieces, not cases."))),
		ui.Select(f.Field("service", "Service", ui.Choose(ui.Option{Value: "std", Label: "Standard, 2 days"}, ui.Option{Value: "next", Label: "Next day"}))),
		ui.TextArea(f.Field("notes", "Notes", ui.Optional)),
		ui.Check(f.Field("gift", "Pack as a gift", ui.Optional)),
		ui.Submit("Place the order", ui.Link{Label: "Cancel", Href: "/gallery/list"}))
}

func (a *App) galleryEmpty(c *fiber.Ctx) error {
	p := a.galleryPage(c, "Returns")
	return a.compose(c, ui.Office(p), ui.Message(&ui.Flash{Tone: ui.Asks, Message: "Two returns wait for an inspection since yesterday."}),
		ui.Empty("return", "No returns yet", "A return appears here when a customer starts one from the journey page, or when you scan a parcel that came back.", ui.Link{Label: "Start a return", Href: "#"}))
}

func (a *App) galleryMenu(c *fiber.Ctx) error {
	return a.show(c, menuPage(a.page(c, "What would you like to do?"), []ui.Tile{
		{Label: "Receive", Href: "#", Icon: "receive", Count: 3, Note: "oldest 2 h"}, {Label: "Put away", Href: "#", Icon: "putaway", Count: 12, Note: "oldest 40 min"},
		{Label: "Pick", Href: "#", Icon: "pick", Count: 318, Note: "4 late", Late: true}, {Label: "Pack", Href: "#", Icon: "pack", Count: 0},
		{Label: "Load", Href: "#", Icon: "load", Count: 7}, {Label: "Returns", Href: "#", Icon: "return", Count: 1}, {Label: "Stock", Href: "#", Icon: "stock", None: true}, {Label: "Orders", Href: "#", Icon: "order", Count: 412},
	}))
}

func (a *App) galleryJourney(c *fiber.Ctx) error {
	return a.compose(c, ui.Customer(ui.Page{Title: "Your order is on its way", House: "Tote Demo", Lead: "O-1001 · expected Tuesday, 24 November"}),
		ui.Timeline([]ui.Event{
			{What: "Ordered", Who: "Saturday, 21 November", When: ui.Past}, {What: "Paid", Who: "Saturday, 21 November", When: ui.Past},
			{What: "With the carrier", Who: "Own fleet · TOTE0000012345", Href: "#", When: ui.Now}, {What: "Delivered", When: ui.Next},
		}),
		ui.Facts([]ui.Fact{{Word: "Carrier", Value: "Own fleet"}, {Word: "Parcel", Value: "1 of 1"}}))
}

func panel(heading string, inside templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Panel(heading).Render(templ.WithChildren(ctx, inside), w)
	})
}
