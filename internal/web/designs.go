package web

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/studio"
	"tote/internal/web/ui"
)

func designPath(id orders.DesignID) string { return fmt.Sprintf("/setup/designs/%d", id) }

// designsPage shows the designs to the office: to change them, and to begin an order with one.
func (a *App) designsPage(c *fiber.Ctx) error {
	list, err := orders.Designs(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	p := a.page(c, "Designs")
	p.Lead = "Ready-made starts of an order: an item, what is chosen of it, and how that looks. Customers see them in their gallery."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "New design", Href: "/setup/designs/new", Icon: "plus"}}
	return a.show(c, designsPage(p, list))
}

// designView is a design as its form.
type designView struct {
	ID      orders.DesignID
	Form    ui.Form
	Preview files.Hash
	Items   []orders.Price
	Options []orders.Option // of the SKU that was typed, but files
}

func (v designView) path() string {
	if v.ID == 0 {
		return "/setup/designs"
	}
	return designPath(v.ID)
}

// option is the field of an option that the design may choose.
func (v designView) option(o orders.Option) ui.Field {
	form := orderFormView{Form: v.Form}
	f := form.option(0, o)
	f.Name = "options." + o.Name
	f.Value, f.Error, f.Required = v.Form.Get(f.Name), v.Form.Error(f.Name), false
	if o.Kind == orders.OptionChoice {
		f.Options[0].Label = "The customer chooses"
	}
	return f
}

func designID(c *fiber.Ctx) (orders.DesignID, error) {
	if c.Params("design") == "" {
		return 0, nil
	}
	n, err := number(c, "design")
	return orders.DesignID(n), err
}

func (a *App) designPage(c *fiber.Ctx) error {
	id, err := designID(c)
	if err != nil {
		return err
	}
	v := designView{ID: id, Form: ui.Form{Values: map[string]string{}}}
	if id != 0 {
		d, err := orders.ReadDesign(c.UserContext(), a.DB, id)
		if err != nil {
			return err
		}
		v.Preview, v.Form.Values["name"], v.Form.Values["sku"] = d.Preview, d.Name, d.SKU
		if d.Retired {
			v.Form.Values["retired"] = "on"
		}
		for name, value := range d.Options {
			v.Form.Values["options."+name] = value
		}
	}
	return a.showDesign(c, v)
}

func (a *App) showDesign(c *fiber.Ctx, v designView) (err error) {
	if v.Items, err = orders.Offered(c.UserContext(), a.DB); err != nil {
		return err
	}
	sku := v.Form.Get("sku")
	known, err := orders.OptionsBySKU(c.UserContext(), a.DB, sku)
	if err != nil {
		return err
	}
	v.Options = slices.DeleteFunc(known[sku], func(o orders.Option) bool { return o.Kind == orders.OptionFile })
	p := a.page(c, "New design")
	if v.ID != 0 {
		p.Title = "Design"
		p.Actions = []ui.Link{{Label: "Order it", Href: fmt.Sprintf("/orders/new?design=%d", v.ID), Icon: "order"}}
	}
	p.Lead = "What is left open, the customer chooses."
	p.Back = backTo("Designs", "/setup/designs")
	return a.show(c, designPage(p, v))
}

func (a *App) saveDesign(c *fiber.Ctx) error {
	id, err := designID(c)
	if err != nil {
		return err
	}
	var f orders.DesignForm
	form, bad := decode(c, &f)
	preview, err := a.designPicture(c)
	if err != nil && fault.FieldsOf(err) == nil {
		return err
	}
	f.Preview = preview
	if c.FormValue("action") == "options" {
		return a.showDesign(c, designView{ID: id, Form: refills(form), Preview: preview})
	}
	if bad = bothFaults(bad, err); bad == nil {
		bad = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			_, err := orders.SaveDesign(ctx, tx, id, f, a.who(c), a.Now())
			return err
		})
	}
	if fault.KindOf(bad) != fault.NotFound {
		if refusal, again := refused(form, bad); again {
			c.Status(answers[fault.KindOf(bad)].Status)
			return a.showDesign(c, designView{ID: id, Form: refusal, Preview: preview})
		}
	}
	if bad != nil {
		return bad
	}
	return a.done(c, "/setup/designs", f.Name+" is stored.")
}

// designPicture is the picture that came with the form, else the one that it had.
func (a *App) designPicture(c *fiber.Ctx) (files.Hash, error) {
	had := files.Hash(c.FormValue("preview"))
	if had != "" {
		if a.Files == nil {
			return "", fault.Fields{{Name: "picture", Message: "Pictures are not kept here."}}
		}
		if _, err := a.Files.Get(had); fault.KindOf(err) == fault.NotFound {
			return "", fault.Fields{{Name: "picture", Message: "The picture is not here any more. Choose it again."}}
		} else if err != nil {
			return "", err
		}
	}
	form, err := c.MultipartForm()
	if err != nil || len(form.File["picture"]) == 0 || form.File["picture"][0].Filename == "" {
		return had, nil
	}
	sent := form.File["picture"][0]
	hash, err := a.mockup(sent)
	if kind := fault.KindOf(err); kind == fault.Invalid || kind == fault.Unavailable {
		return had, fault.Fields{{Name: "picture", Message: studio.CleanName(sent.Filename) + ": " + fault.Message(err)}}
	}
	return hash, err
}

// begunWith is an order form that begins with the design that the address names; read is how whoever asks may find it.
func begunWith(c *fiber.Ctx, read func(orders.DesignID) (orders.Design, error)) (ui.Form, error) {
	form := ui.Form{Values: map[string]string{}}
	id := idQuery(c, "design")
	if id == 0 {
		return form, nil
	}
	d, err := read(orders.DesignID(id))
	putLines(form.Values, []orders.FormLine{d.Line()})
	return form, err
}

// designGallery shows customers the designs that they may order.
func (a *App) designGallery(c *fiber.Ctx) error {
	shop, err := orders.OpenShop(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	list, err := orders.Gallery(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	prices := map[string]string{}
	for _, i := range shop.Items {
		prices[i.SKU] = i.Amount.String()
	}
	return a.show(c, designGalleryPage(ui.Page{Title: "Get inspired", House: shop.Company}, list, prices))
}

// galleryPicture answers the picture of a design, where customers may see it.
func (a *App) galleryPicture(c *fiber.Ctx) error {
	if _, err := orders.OpenShop(c.UserContext(), a.DB); err != nil {
		return err
	}
	id, err := number(c, "design")
	if err != nil {
		return err
	}
	d, err := orders.GalleryDesign(c.UserContext(), a.DB, orders.DesignID(id))
	if err != nil {
		return err
	}
	if a.Files == nil {
		return fault.New(fault.NotFound, "There is no such picture.")
	}
	return a.sendPicture(c, d.Preview)
}

// presetWords is what a design chooses, in the order of the names.
func presetWords(d orders.Design) string {
	var words []string
	for name, value := range d.Options {
		words = append(words, name+": "+value)
	}
	slices.Sort(words)
	return strings.Join(words, "; ")
}
