package web

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/production"
	"tote/internal/web/ui"
)

const toolsShown = 200

func toolPath(id production.ToolID) string { return "/tools/" + id.String() }

// toolTones are the states of tools as the lists colour them.
var toolTones = map[production.ToolState]ui.Tone{
	production.ToolWanted: ui.Asks, production.ToolBegun: ui.Busy, production.ToolMade: ui.Good, production.ToolLost: ui.Halted, production.ToolBroken: ui.Halted,
	production.ToolRetired: ui.Plain, production.ToolCancelled: ui.Plain,
}

// toolsView is the list of tools, and their kinds.
type toolsView struct {
	Table    ui.Table
	Kinds    []production.ToolKind
	Currency string
	Manages  bool
	Failed   production.KindID // whose form was refused; 0 with errors: the new one
	Form     ui.Form
}

// form is the form of a kind: as it was refused, else as it is stored.
func (v toolsView) form(k production.ToolKind) ui.Form {
	if v.Failed == k.ID && len(v.Form.Errors) > 0 {
		return v.Form
	}
	if k.ID == 0 {
		return ui.Form{Values: map[string]string{}}
	}
	values := map[string]string{"name": k.Name, "price": orders.Money{Minor: k.Price, Currency: v.Currency}.Amount(), "instructions": k.Instructions, "skus": strings.Join(k.SKUs, ", ")}
	if k.Retired {
		values["retired"] = "on"
	}
	return ui.Form{Values: values}
}

func (a *App) toolsPage(c *fiber.Ctx) error { return a.showTools(c, 0, ui.Form{}) }

func (a *App) showTools(c *fiber.Ctx, failed production.KindID, form ui.Form) error {
	who, _ := a.session(c)
	v := toolsView{Manages: managers.allows(who.Member), Failed: failed, Form: form}
	list, err := production.Tools(c.UserContext(), a.DB, idQuery(c, "customer"), toolsShown)
	if err != nil {
		return err
	}
	if v.Kinds, err = production.ToolKinds(c.UserContext(), a.DB); err != nil {
		return err
	}
	settings, err := orders.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	v.Currency = settings.Currency
	v.Table = ui.Table{Columns: []ui.Column{{Title: "Tool"}, {Title: "Kind"}, {Title: "Customer"}, {Title: "State"}, {Title: "Kept at"}, {Title: "Waiting", Number: true}, {Title: "Asked by"}}}
	for _, t := range list {
		v.Table.Rows = append(v.Table.Rows, []ui.Cell{ui.Go(t.ID.String(), toolPath(t.ID)), ui.Text(t.KindName), ui.Text(t.CustomerName), ui.Show(ui.Status(toolTones[t.State], string(t.State))),
			ui.Text(orDash(t.Place)), ui.Num(t.Waiting), ui.Text(t.Document)})
	}
	p := a.page(c, "Tools")
	p.Lead = "Stamps and moulds with customers’ brands: made and charged once, used for every order after."
	return a.show(c, toolsPage(p, v))
}

func (a *App) saveToolKind(c *fiber.Ctx) error {
	id, err := production.KindID(0), error(nil)
	if c.Params("kind") != "" {
		n, bad := strconv.ParseInt(c.Params("kind"), 10, 64)
		if bad != nil || n < 1 {
			return fault.New(fault.NotFound, "There is no such kind of tool.")
		}
		id = production.KindID(n)
	}
	var in struct {
		Name         string `form:"name,max=60" label:"The name"`
		Price        string `form:"price,max=20" label:"The price"`
		Instructions string `form:"instructions,max=2000,lines" label:"The instructions"`
		SKUs         string `form:"skus,max=2000" label:"The items"`
		Retired      bool   `form:"retired"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			settings, err := orders.LoadSettings(ctx, tx)
			if err != nil {
				return err
			}
			price, err := orders.ParseMoney(in.Price, settings.Currency)
			if err != nil {
				return fault.Fields{{Name: "price", Message: fault.Message(err)}}
			}
			_, err = production.SaveKind(ctx, tx, production.ToolKind{ID: id, Name: in.Name, Price: price.Minor, Instructions: in.Instructions,
				SKUs: strings.FieldsFunc(in.SKUs, func(r rune) bool { return r == ',' || r == ' ' }), Retired: in.Retired}, a.who(c))
			return err
		})
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(fiber.StatusUnprocessableEntity)
			return a.showTools(c, id, refusal)
		}
	}
	if err != nil {
		return err
	}
	return a.done(c, "/tools", "It is stored. Lines of these items may be ordered with it.")
}

// toolView is the page of a tool.
type toolView struct {
	production.Tool
	Deeds  []production.Deed
	Charge orders.Money
	Zone   *time.Location
	May    bool
	Of     string // what was refused
	Form   ui.Form
}

func (a *App) tool(c *fiber.Ctx) (t production.Tool, err error) {
	id, err := production.ParseTool(c.Params("tool"))
	if err != nil {
		return t, err
	}
	return production.GetTool(c.UserContext(), a.DB, id)
}

func (a *App) toolPage(c *fiber.Ctx) error { return a.showTool(c, "", ui.Form{}) }

func (a *App) showTool(c *fiber.Ctx, of string, form ui.Form) (err error) {
	who, _ := a.session(c)
	v := toolView{May: makers.allows(who.Member), Of: of, Form: form}
	if v.Tool, err = a.tool(c); err != nil {
		return err
	}
	if v.Deeds, err = production.ToolDeeds(c.UserContext(), a.DB, v.ID); err != nil {
		return err
	}
	settings, err := orders.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	v.Charge = orders.Money{Minor: v.Charged, Currency: settings.Currency}
	if v.Zone, err = a.zone(c); err != nil {
		return err
	}
	p := a.page(c, v.ID.String()+", "+v.KindName)
	p.Lead = v.CustomerName
	p.Back = backTo("Tools", "/tools")
	return a.show(c, toolPage(p, v))
}

// changeTool runs what somebody does with a tool, and shows the page again.
func (a *App) changeTool(c *fiber.Ctx, of string, form ui.Form, err error, says string, do func(ctx context.Context, tx *sql.Tx, id production.ToolID) error) error {
	t, missing := a.tool(c)
	if missing != nil {
		return missing
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return do(ctx, tx, t.ID) })
	}
	if refusal, again := refused(form, err); again {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showTool(c, of, refusal)
	}
	if err != nil {
		return err
	}
	return a.done(c, toolPath(t.ID), says)
}

func (a *App) beginTool(c *fiber.Ctx) error {
	return a.changeTool(c, "begin", ui.Form{}, nil, "It is begun.", func(ctx context.Context, tx *sql.Tx, id production.ToolID) error {
		return production.BeginTool(ctx, tx, id, a.who(c), a.Now())
	})
}

func (a *App) keepTool(c *fiber.Ctx) error {
	var in struct {
		Place string `form:"place,max=60" label:"The place"`
	}
	form, err := decode(c, &in)
	return a.changeTool(c, "kept", form, err, "It is kept there. What waited for it can be made.", func(ctx context.Context, tx *sql.Tx, id production.ToolID) error {
		return production.KeepTool(ctx, tx, id, in.Place, a.who(c), a.Now())
	})
}

func (a *App) endTool(c *fiber.Ctx) error {
	var in struct {
		How   string `form:"how,max=10"`
		Again bool   `form:"again"`
	}
	form, err := decode(c, &in)
	return a.changeTool(c, "ended", form, err, "It is noted.", func(ctx context.Context, tx *sql.Tx, id production.ToolID) error {
		return production.EndTool(ctx, tx, id, production.ToolState(in.How), in.Again, a.who(c), a.Now())
	})
}

func (v toolView) facts() []ui.Fact {
	facts := []ui.Fact{{Word: "Customer", Value: v.CustomerName}, {Word: "Asked by", Value: v.Document, Href: "/orders/" + v.Document}, {Word: "Charged", Value: v.Charge.String()},
		{Word: "Kept at", Value: orDash(v.Place)}, {Word: "Waiting", Value: ui.Count(v.Waiting, "work order", "work orders")}}
	if v.Hash != "" {
		facts = append(facts, ui.Fact{Word: "File", Value: string(v.Hash)})
	}
	return facts
}

func (v toolView) events() (list []ui.Event) {
	for i := len(v.Deeds) - 1; i >= 0; i-- {
		d := v.Deeds[i]
		what := sentence(d.What)
		if d.Detail != "" {
			what += ": " + d.Detail
		}
		list = append(list, ui.Event{What: what, Who: strings.TrimPrefix(d.By+", ", ", ") + d.At.In(v.Zone).Format("2 Jan 2006, 15:04"), When: ui.Past})
	}
	return list
}

// says is the present of a tool in a sentence.
func (v toolView) says() string {
	switch v.State {
	case production.ToolWanted:
		return "Waits to be made. Its orders wait for it."
	case production.ToolBegun:
		return "Is being made."
	case production.ToolMade:
		return "Is kept at " + v.Place + "."
	case production.ToolCancelled:
		return "Was never made: its order was cancelled."
	}
	return "Is " + string(v.State) + "."
}
