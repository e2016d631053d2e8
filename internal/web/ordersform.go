package web

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
	"tote/inventory"
)

// orderFormView is the order form, empty, refused or of an order that is changed.
type orderFormView struct {
	Form     ui.Form
	Lines    int // rows shown
	Carriers []orders.Carrier
	Items    []orders.Price
	Free     map[inventory.ItemID]int64 // of each item, to promise
	Country  string                     // most orders go to
	Path     string                     // where it is sent
	Back     ui.Link
	Number   orders.Number // of the order that is changed; 0 for a new one
	Fixed    int           // lines it has already: their item stays
	Seen     int64
	Chosen   [][]orders.Chosen // for them
	OnFloor  bool              // only address and smaller quantities can change
	Quoted   bool              // it is a quote's: when it is due and how urgent it is comes with the order
	lineOptionsView
}

// itemWords are what stands beside a SKU while it is typed.
func (v orderFormView) itemWords(p orders.Price) string {
	return itemAndPrice(p) + ", " + strconv.FormatInt(v.Free[p.Item], 10) + " free"
}

// choices fills in what may be chosen.
func (a *App) choices(c *fiber.Ctx, v *orderFormView) (err error) {
	if v.Carriers, err = orders.Carriers(c.UserContext(), a.DB); err != nil {
		return err
	}
	if v.Items, err = orders.Offered(c.UserContext(), a.DB); err != nil {
		return err
	}
	ids := make([]inventory.ItemID, len(v.Items))
	for i, item := range v.Items {
		ids[i] = item.Item
	}
	if v.Free, err = inventory.FreeOf(c.UserContext(), a.DB, a.house(c), ids...); err != nil {
		return err
	}
	if v.lineOptionsView, err = a.options(c, v.Form, v.Lines); err != nil {
		return err
	}
	all, err := inventory.Warehouses(c.UserContext(), a.DB)
	for _, w := range all {
		if w.ID == a.house(c) {
			v.Country = w.Country
		}
	}
	return err
}

const spareLines = 3 // empty rows below those that are filled in

// trips are the carriers and services as one choice.
func (v orderFormView) trips() []ui.Option {
	list := []ui.Option{{Value: "", Label: "Choose"}}
	for _, c := range v.Carriers {
		for _, s := range c.Services {
			list = append(list, ui.Option{Value: c.Code + "/" + s, Label: c.Name + ", " + s})
		}
	}
	return list
}

// stamped tells that the item of line i may be made with its customer's stamp.
func (v orderFormView) stamped(i int) bool {
	sku := v.Form.Get(lineField(i, "sku"))
	return slices.ContainsFunc(v.Items, func(p orders.Price) bool { return p.Tool != "" && p.SKU == sku })
}

// line is a field of line i.
func (v orderFormView) line(i int, name, label string, with ...func(*ui.Field)) ui.Field {
	f := v.Form.Field(fmt.Sprintf("lines.%d.%s", i, name), label, with...)
	f.Required = true // an empty line is left out; "(optional)" beside each of its fields would only be noise
	return f
}

func (a *App) newOrderPage(c *fiber.Ctx) error {
	form, err := begunWith(c, func(id orders.DesignID) (orders.Design, error) { return orders.ReadDesign(c.UserContext(), a.DB, id) })
	if err != nil {
		return err
	}
	if code := c.Query("customer"); code != "" {
		form.Values["customer"] = code
	}
	return a.showOrderForm(c, form, spareLines)
}

func (a *App) showOrderForm(c *fiber.Ctx, form ui.Form, lines int) error {
	v := orderFormView{Form: form, Lines: lines, Path: "/orders", Back: ui.Link{Label: "Cancel", Href: "/orders"}}
	if err := a.choices(c, &v); err != nil {
		return err
	}
	p := a.page(c, "New order")
	p.Lead = "The same form for orders by phone, mail and at the counter."
	p.Actions = []ui.Link{{Label: "Begin with a design", Href: "/setup/designs", Icon: "picture"}}
	p.Back = &ui.Link{Label: "Orders", Href: "/orders"}
	return a.show(c, orderFormPage(p, v))
}

// readOrderForm reads the posted form. What decode refused is named beside what the order's own check
// finds, so that every bad field is told at once.
func (a *App) readOrderForm(c *fiber.Ctx) (f orders.Form, form ui.Form, err error) {
	unkept := a.takeFiles(c)
	form, err = decode(c, &f)
	f.Lines, err = a.spread(c, f.Lines, &form, bothFaults(err, unkept))
	f.Channel = orders.Phone
	f.Carrier, f.Service, _ = strings.Cut(c.FormValue("trip"), "/")
	form.Values["trip"] = showable(c.FormValue("trip"))
	return f, form, err
}

func (a *App) placeOrder(c *fiber.Ctx) error {
	f, form, bad := a.readOrderForm(c)
	if bad != nil && fault.FieldsOf(bad) == nil {
		return bad
	}
	if more, asked := moreRows(c); asked {
		return a.showOrderForm(c, refills(form), len(f.Lines)+more)
	}
	if c.FormValue("action") == "customer" {
		return a.fillIn(c, f.Customer, refills(form), len(f.Lines)+spareLines)
	}
	var placed orders.Placed
	err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if bad != nil {
			_, err := f.Check(ctx, tx, a.house(c), a.Now())
			return bothFaults(bad, err)
		}
		placed, err = orders.Place(ctx, tx, orders.Submission{Key: form.Key, Form: f, Warehouse: a.house(c), By: a.who(c), At: a.Now()})
		return err
	})
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showOrderForm(c, trips(refusal), len(f.Lines)+spareLines)
	}
	if err != nil {
		return err
	}
	return a.done(c, orderPath(placed.Number), placedSays(placed))
}

// fillIn puts the address of the customer's last order into the fields that are empty.
func (a *App) fillIn(c *fiber.Ctx, customer string, form ui.Form, lines int) error {
	h, err := orders.HabitOf(c.UserContext(), a.DB, customer)
	if refusal, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showOrderForm(c, refusal, lines)
	}
	if err != nil {
		return err
	}
	to := h.ShipTo
	for name, value := range map[string]string{"recipient": to.Recipient, "company": to.Company, "street": to.Street, "street2": to.Street2, "city": to.City, "postcode": to.Postcode,
		"region": to.Region, "phone": to.Phone} {
		form.Values[name] = cmp.Or(form.Values[name], value)
	}
	if form.Values["street"] == to.Street && to.Country != "" { // the page offers the house's own country where none was chosen
		form.Values["country"] = to.Country
	}
	if h.Carrier != "" && strings.Trim(form.Values["trip"], "/") == "" {
		form.Values["trip"] = h.Carrier + "/" + h.Service
	}
	return a.showOrderForm(c, form, lines)
}

// moreRows is how many empty lines a form wants below those that are filled in, when that is all it was sent for.
func moreRows(c *fiber.Ctx) (rows int, asked bool) {
	switch c.FormValue("action") {
	case "add":
		return 2 * spareLines, true
	case "options": // an item was chosen: its options are to be seen
		return spareLines - 1, true
	}
	return 0, false
}

// refills is a form as it was typed, blamed for nothing yet but for files that could not be kept.
func refills(form ui.Form) ui.Form {
	blamed := slices.DeleteFunc(slices.Clone(form.Errors), func(e ui.FieldError) bool { return !strings.Contains(e.Name, ".options.") })
	return ui.Form{Values: form.Values, Key: form.Key, Errors: blamed}
}

// bothFaults is what decode refused and what the check of the rest found.
func bothFaults(bad, found error) error {
	if bad == nil || found != nil && fault.FieldsOf(found) == nil {
		return found
	}
	all := slices.Clone(fault.FieldsOf(bad))
	for _, f := range fault.FieldsOf(found) {
		if all.Of(f.Name) == "" {
			all.Add(f.Name, "%s", f.Message)
		}
	}
	return all
}

// trips names the one choice of the page for the two fields behind it.
func trips(form ui.Form) ui.Form {
	seen := false
	form.Errors = slices.DeleteFunc(slices.Clone(form.Errors), func(e ui.FieldError) bool {
		both := e.Name == "carrier" || e.Name == "service"
		again := both && seen
		seen = seen || both
		return again
	})
	for i, e := range form.Errors {
		if e.Name == "carrier" || e.Name == "service" {
			form.Errors[i].Name = "trip"
		}
	}
	return form
}

func placedSays(p orders.Placed) string {
	switch {
	case p.Repeated:
		return "This form was sent before: it is order " + p.Number.String() + "."
	case p.Released:
		return p.Number.String() + " is placed, " + p.Total.String() + ", and on the floor already."
	}
	return p.Number.String() + " is placed: " + p.Total.String() + "."
}

func (a *App) editOrderPage(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	e, err := orders.ForEdit(c.UserContext(), a.DB, n)
	if err != nil {
		return err
	}
	return a.showEdit(c, n, formOf(e.Form), e, len(e.Form.Lines))
}

// formOf is an order's form as the page keeps what was typed.
func formOf(f orders.Form) ui.Form {
	v := map[string]string{
		"email": f.Email, "phone": f.Phone, "reference": f.Reference, "recipient": f.Recipient, "company": f.Company,
		"street": f.Street, "street2": f.Street2, "city": f.City, "postcode": f.Postcode, "region": f.Region, "country": f.Country,
		"trip": f.Carrier + "/" + f.Service, "notes": f.Notes, "priority": f.Priority, "promised": f.Promised,
	}
	if f.ShipAsReady {
		v["ship_as_ready"] = "on"
	}
	putLines(v, f.Lines)
	return ui.Form{Values: v}
}

func (a *App) showEdit(c *fiber.Ctx, n orders.Number, form ui.Form, e orders.Editable, lines int) error {
	order, err := orders.Read(c.UserContext(), a.DB, n)
	if err != nil {
		return err
	}
	v := orderFormView{Form: form, Lines: lines, Path: orderPath(n) + "/edit", Back: ui.Link{Label: "Cancel", Href: orderPath(n)},
		Number: n, Fixed: len(order.Lines), Seen: e.Seen, OnFloor: !order.Released.IsZero()}
	if !v.OnFloor {
		v.Lines += spareLines
	}
	if err := a.choices(c, &v); err != nil {
		return err
	}
	for _, l := range order.Lines {
		v.Chosen = append(v.Chosen, l.Chosen)
	}
	p := a.page(c, "Change "+n.String())
	p.Back = &ui.Link{Label: n.String(), Href: orderPath(n)}
	p.Lead = "A quantity of 0 takes a line out."
	if v.OnFloor {
		p.Lead = "The order is on the floor: its address and smaller quantities can change. 0 takes a line out."
	}
	return a.show(c, orderFormPage(p, v))
}

func (a *App) editOrder(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	f, form, err := a.readOrderForm(c)
	if err != nil && fault.FieldsOf(err) == nil {
		return err
	}
	seen, _ := strconv.ParseInt(c.FormValue("seen"), 10, 64) // a form without it was not made here, and is a conflict
	e := orders.Editable{Form: f, Seen: seen}
	if more, asked := moreRows(c); asked {
		return a.showEdit(c, n, refills(form), e, len(f.Lines)+more-spareLines+1)
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return orders.Edit(ctx, tx, n, e, a.house(c), a.who(c), a.Now())
		})
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showEdit(c, n, trips(refusal), e, len(f.Lines))
	}
	if err != nil {
		return err
	}
	return a.done(c, orderPath(n), "The order is changed.")
}
