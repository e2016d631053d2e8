package web

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/limiter"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
)

// webOrderView is the order form as a customer fills it in, with what it costs once that can be said.
type webOrderView struct {
	orderFormView
	Shop    orders.Shop
	Cost    *orders.Priced
	Designs bool // there are some to begin with
}

func (v webOrderView) money(minor int64) orders.Money {
	return orders.Money{Minor: minor, Currency: v.Cost.Currency}
}

// sums is what the order costs, with what of it is not on the shelf.
func (v webOrderView) sums() sums {
	s := sums{Shipping: v.money(v.Cost.Shipping), Tools: v.money(v.Cost.Tools), Tax: v.money(v.Cost.Tax), Total: v.money(v.Cost.Total())}
	for i, l := range v.Cost.Lines {
		line := sumLine{Quantity: l.Quantity, Name: l.Name, Sum: v.money(l.Quantity * l.Price), Chosen: l.Chosen, Note: v.money(l.Price).Amount() + " each" + breakWords(l.Break)}
		if v.Cost.Waits[i] {
			line.Note += "; not on the shelf now"
		}
		if m := v.Cost.Materials[i]; m.Blank != "" {
			line.Detail = "Made for you of: " + m.Blank
		} else if m.Made {
			line.Detail = "Made for you."
		}
		s.Lines = append(s.Lines, line)
	}
	return s
}

func (v webOrderView) total() string { return v.money(v.Cost.Total()).String() }

// mostChoices is how many items fit in a choice; more are typed with suggestions.
const mostChoices = 300

func itemAndPrice(p orders.Price) string { return p.Name + ", " + p.Amount.String() }

// choices are the items as one choice, or none when there are too many.
func (v webOrderView) choices() []ui.Option {
	if len(v.Items) > mostChoices {
		return nil
	}
	list := []ui.Option{{Label: "Choose"}}
	for _, item := range v.Items {
		list = append(list, ui.Option{Value: item.SKU, Label: itemAndPrice(item)})
	}
	return list
}

// ways are the carriers and services; the only one needs no choice.
func (v webOrderView) ways() []ui.Option {
	if list := v.trips(); len(list) != 2 {
		return list
	}
	return v.trips()[1:]
}

// waits reports that something of the order is not on the shelf now.
func (v webOrderView) waits() bool { return slices.Contains(v.Cost.Waits, true) }

func (a *App) webOrderPage(c *fiber.Ctx) error {
	form, err := begunWith(c, func(id orders.DesignID) (orders.Design, error) {
		return orders.GalleryDesign(c.UserContext(), a.DB, id)
	})
	if err != nil {
		return err
	}
	return a.showWebOrder(c, form, spareLines, nil)
}

func (a *App) showWebOrder(c *fiber.Ctx, form ui.Form, lines int, quote *orders.Priced) error {
	shop, err := orders.OpenShop(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	v := webOrderView{orderFormView{Form: form, Lines: lines, Carriers: shop.Carriers, Items: shop.Items, Country: shop.Country, Path: "/order"}, shop, quote, false}
	designs, err := orders.Gallery(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	v.Designs = len(designs) > 0
	if v.lineOptionsView, err = a.options(c, form, lines); err != nil {
		return err
	}
	return a.show(c, webOrderPage(ui.Page{Title: "Your order", House: shop.Company}, v))
}

// webOrderForm is the one order form without what is not a customer's to say.
func (a *App) webOrderForm(c *fiber.Ctx) (orders.Form, ui.Form, error) {
	f, form, err := a.readOrderForm(c)
	f.Channel, f.Customer, f.Priority, f.Promised = orders.Web, "", "", ""
	if f.Recipient == "" {
		f.Recipient = f.Name
	}
	for i := range f.Lines {
		f.Lines[i].Price = ""
	}
	return f, form, err
}

// orderOnWeb shows what the order costs and, once the customer has seen that, places it.
func (a *App) orderOnWeb(c *fiber.Ctx) error {
	f, form, err := a.webOrderForm(c)
	if err != nil && fault.FieldsOf(err) == nil {
		return err
	}
	action := c.FormValue("action")
	if more, asked := moreRows(c); asked {
		return a.showWebOrder(c, refills(form), len(f.Lines)+more, nil)
	}
	var why error // it was not placed
	if action == "place" && err == nil {
		placed, refusal := a.placeOnWeb(c, f, form.Key)
		if refusal == nil {
			return c.Redirect("/journey/"+placed.Journey+"?said=placed", fiber.StatusSeeOther)
		}
		why = refusal
	}
	quote, err := a.quote(c, f, err)
	if err = cmp.Or(why, err); err == nil {
		return a.showWebOrder(c, form, len(f.Lines)+1, quote)
	}
	refusal, ok := refused(form, err)
	if !ok {
		return err
	}
	c.Status(answers[fault.KindOf(err)].Status)
	return a.showWebOrder(c, ownFields(refusal), len(f.Lines)+1, quote)
}

// quote prices the form; bad is what decode refused.
func (a *App) quote(c *fiber.Ctx, f orders.Form, bad error) (*orders.Priced, error) {
	var quote orders.Priced
	err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		quote, err = orders.PriceOnWeb(ctx, tx, f, a.Now())
		return err
	})
	if err = bothFaults(bad, err); err != nil {
		return nil, err
	}
	return &quote, nil
}

func (a *App) placeOnWeb(c *fiber.Ctx, f orders.Form, key string) (placed orders.Placed, err error) {
	if c.Locals(tooMany) != nil {
		return placed, fault.New(fault.Conflict, "Many orders came from your connection within an hour. Wait a little, then send this one again.")
	}
	seen, err := strconv.ParseInt(c.FormValue("total"), 10, 64)
	if err != nil {
		return placed, fault.New(fault.Conflict, "Please look at the total, then order.")
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		placed, err = orders.PlaceOnWeb(ctx, tx, orders.Submission{Key: key, Form: f, At: a.Now()}, orders.Agreed{Total: seen, Spec: c.FormValue("spec"), Checked: c.FormValue("checked") == "on"})
		return err
	})
	return placed, err
}

// ownFields names mistakes by the fields that this page has.
func ownFields(form ui.Form) ui.Form {
	form = trips(form)
	form.Errors = slices.DeleteFunc(form.Errors, func(e ui.FieldError) bool { return e.Name == "recipient" && form.Error("name") != "" })
	return form
}

// tooMany marks a request that comes after too many others of its kind.
const tooMany = "too-many"

// tooManyFiles marks one whose files come after too many others.
const tooManyFiles = "too-many-files"

// fewFiles marks forms of a connection that has sent enough files for an hour: nobody fills our disk from outside.
func fewFiles() fiber.Handler {
	return limiter.New(limiter.Config{
		Max:        60,
		Expiration: time.Hour,
		Next: func(c *fiber.Ctx) bool {
			multi, err := c.MultipartForm()
			return err != nil || len(multi.File) == 0
		},
		LimitReached: func(c *fiber.Ctx) error {
			c.Locals(tooManyFiles, true)
			return c.Next()
		},
	})
}

// fewOrders marks orders from a connection that has placed enough of them for an hour: a robot's, mostly.
func fewOrders() fiber.Handler {
	return limiter.New(limiter.Config{
		Max:        30,
		Expiration: time.Hour,
		Next:       func(c *fiber.Ctx) bool { return c.FormValue("action") != "place" },
		LimitReached: func(c *fiber.Ctx) error {
			c.Locals(tooMany, true) // the form itself answers, so that nothing typed is lost
			return c.Next()
		},
	})
}

// unions have codes like countries and no addresses.
var unions = []string{"EU", "EZ", "UN"}

// countries are the countries of ISO 3166-1 by their English names.
var countries = sync.OnceValue(func() []ui.Option {
	var list []ui.Option
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || region.Canonicalize().String() != code || slices.Contains(unions, code) {
				continue
			}
			if name := display.English.Regions().Name(region); name != "" { // one that is no more has none
				list = append(list, ui.Option{Value: code, Label: name})
			}
		}
	}
	english := collate.New(language.English)
	slices.SortFunc(list, func(x, y ui.Option) int { return english.CompareString(x.Label, y.Label) })
	return append([]ui.Option{{Label: "Choose"}}, list...)
})
