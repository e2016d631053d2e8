package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
	"tote/inventory"
)

func optionsPath(item inventory.ItemID) string { return fmt.Sprintf("/setup/items/%d/options", item) }

func optionPath(o orders.Option) string {
	if o.ID == 0 {
		return optionsPath(o.Item)
	}
	return fmt.Sprintf("%s/%d", optionsPath(o.Item), o.ID)
}

// itemOptions lists what may be chosen of an item.
func (a *App) itemOptions(c *fiber.Ctx) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	list, err := orders.AllOptions(c.UserContext(), a.DB, i.ID)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Option"}, {Title: "Kind"}, {Title: "What may be chosen"}, {Title: "Must be given"}, {Title: "State"}}}
	for _, o := range list {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(o.Name, optionPath(o)), ui.Text(optionKindWords(o)), ui.Text(optionWords(o)), ui.Text(mustWords(o.Required)), ui.Show(activeChip(!o.Retired))})
	}
	p := a.page(c, "Options of "+i.Name)
	p.Lead = "What is chosen of it on the order form. Orders that were placed keep what was chosen."
	p.Back = backTo(i.Name, itemPath(i))
	p.Actions = []ui.Link{{Label: "New option", Href: optionsPath(i.ID) + "/new", Icon: "plus"}, {Label: "Designs", Href: "/setup/designs", Icon: "picture"}}
	return a.show(c, listPage(p, t, ui.Empty("order", "No options yet", "A colour, a size, a volume, words to be drawn, a picture: fields that the order form has for this item.",
		ui.Link{Label: "New option", Href: optionsPath(i.ID) + "/new"})))
}

func mustWords(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func optionKindWords(o orders.Option) string {
	if o.Run {
		return "sizes"
	}
	return string(o.Kind)
}

// optionWords says what may be chosen.
func optionWords(o orders.Option) string {
	if o.Kind != orders.OptionChoice {
		return optionHelp(orders.Option{Kind: o.Kind, Least: o.Least, Most: o.Most, Unit: o.Unit})
	}
	words := make([]string, len(o.Choices))
	for i, choice := range o.Choices {
		words[i] = choiceWords(choice)
	}
	return strings.Join(words, "; ")
}

// optionView is an option as its form.
type optionView struct {
	orders.Option
	Form ui.Form
	Rows int // for choices
}

// optionOf is the option that a path names; a new one has no number.
func (a *App) optionOf(c *fiber.Ctx) (i inventory.Item, o orders.Option, err error) {
	if i, err = a.item(c); err != nil {
		return i, o, err
	}
	o.Item = i.ID
	if c.Params("option") == "" {
		return i, o, nil
	}
	id, err := number(c, "option")
	if err != nil {
		return i, o, err
	}
	o, err = orders.ReadOption(c.UserContext(), a.DB, i.ID, orders.OptionID(id))
	return i, o, err
}

func (a *App) optionPage(c *fiber.Ctx) error {
	i, o, err := a.optionOf(c)
	if err != nil {
		return err
	}
	form := ui.Form{Values: map[string]string{"kind": string(orders.OptionChoice)}}
	if o.ID != 0 {
		form.Values = optionValues(o)
	}
	return a.showOption(c, i, optionView{o, form, len(o.Choices) + spareLines})
}

func optionValues(o orders.Option) map[string]string {
	v := map[string]string{"name": o.Name, "kind": string(o.Kind), "help": o.Help, "position": strconv.Itoa(o.Position), "unit": o.Unit}
	for name, on := range map[string]bool{"required": o.Required, "run": o.Run, "retired": o.Retired} {
		if on {
			v[name] = "on"
		}
	}
	if o.Kind == orders.OptionNumber {
		v["least"] = strconv.FormatInt(o.Least, 10)
	}
	if o.Kind == orders.OptionNumber || o.Kind == orders.OptionText {
		v["most"] = strconv.FormatInt(o.Most, 10)
	}
	for i, choice := range o.Choices {
		v[fmt.Sprintf("choices.%d.value", i)] = choice.Value
		if choice.Surcharge.Minor > 0 {
			v[fmt.Sprintf("choices.%d.surcharge", i)] = choice.Surcharge.Amount()
		}
	}
	return v
}

func (a *App) showOption(c *fiber.Ctx, i inventory.Item, v optionView) error {
	p := a.page(c, "New option")
	if v.ID != 0 {
		p.Title = v.Name
	}
	p.Lead = "Of " + i.Name + ", " + i.SKU + "."
	p.Back = backTo("Options of "+i.Name, optionsPath(i.ID))
	return a.show(c, optionPage(p, v))
}

func (a *App) saveOption(c *fiber.Ctx) error {
	i, o, err := a.optionOf(c)
	if err != nil {
		return err
	}
	var f orders.OptionForm
	form, err := decode(c, &f)
	if c.FormValue("action") == "add" {
		return a.showOption(c, i, optionView{o, ui.Form{Values: form.Values}, len(f.Choices) + 2*spareLines})
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			_, err := orders.SaveOption(ctx, tx, i.ID, o.ID, f, a.who(c), a.Now())
			return err
		})
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(fiber.StatusUnprocessableEntity)
			return a.showOption(c, i, optionView{o, refusal, len(f.Choices) + spareLines})
		}
	}
	if err != nil {
		return err
	}
	return a.done(c, optionsPath(i.ID), f.Name+" is stored. New orders are asked for it like this.")
}

func optionKinds() []ui.Option {
	words := map[orders.OptionKind]string{orders.OptionChoice: "A choice of values", orders.OptionNumber: "A number", orders.OptionText: "A text", orders.OptionFile: "A picture"}
	list := make([]ui.Option, 0, len(orders.OptionKinds))
	for _, k := range orders.OptionKinds {
		list = append(list, ui.Option{Value: string(k), Label: words[k]})
	}
	return list
}
