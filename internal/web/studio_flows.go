package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/internal/web/ui"
)

func (a *App) flowsPage(c *fiber.Ctx) error {
	list, err := studio.Flows(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Flow"}, {Title: "Steps"}, {Title: "Items", Number: true}, {Title: "State"}}}
	for _, f := range list {
		steps := strings.Join(f.Steps(), " → ")
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(f.Name, flowPath(f.ID)), ui.Text(steps), ui.Num(int64(f.Items)), ui.Show(activeChip(!f.Retired))})
	}
	p := a.page(c, "Flows")
	p.Lead = "Which steps a custom product goes through before it may be made."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "New flow", Href: "/setup/flows/new", Icon: "plus"}}
	return a.show(c, flowsPage(p, t))
}

func flowPath(id studio.FlowID) string { return fmt.Sprintf("/setup/flows/%d", id) }

type flowForm struct {
	Name         string `form:"name,max=60" label:"The name"`
	Asks         string `form:"asks,max=60" label:"What the customer sends"`
	PictureCheck bool   `form:"picture_check"`
	Art          bool   `form:"art"`
	ArtControl   bool   `form:"art_control"`
	Approval     bool   `form:"approval"`
	ApprovalOf   string `form:"approval_of,max=10"`
	LeastPPI     int    `form:"least_ppi,max=6" label:"The least"`
	GoodPPI      int    `form:"good_ppi,max=6" label:"The good"`
	Making       string `form:"making,max=10"`
	Partner      int64  `form:"partner,max=18" label:"The partner"`
	Goods        string `form:"goods,max=10"`
	Retired      bool   `form:"retired"`
}

// flowView is a flow with the items that go its way.
type flowView struct {
	ID    studio.FlowID
	Form  ui.Form
	Item  ui.Form
	Items []studio.CustomItem

	Partners []studio.Partner
}

func flowID(c *fiber.Ctx) (studio.FlowID, error) {
	if c.Params("flow") == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(c.Params("flow"), 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.NotFound, "There is no such flow.")
	}
	return studio.FlowID(n), nil
}

func (a *App) flowPage(c *fiber.Ctx) error {
	id, err := flowID(c)
	if err != nil {
		return err
	}
	f := studio.Flow{Asks: "Uploaded Images", PictureCheck: true, Art: true, ArtControl: true, Approval: true, ApprovalOf: studio.OneOf, LeastPPI: 150, GoodPPI: 300, Making: studio.Workshop}
	if id != 0 {
		if f, err = studio.ReadFlow(c.UserContext(), a.DB, id); err != nil {
			return err
		}
	}
	return a.showFlow(c, flowView{ID: id, Form: flowValues(f)})
}

// flowValues is a flow as its form.
func flowValues(f studio.Flow) ui.Form {
	values := map[string]string{"name": f.Name, "asks": f.Asks, "approval_of": string(f.ApprovalOf), "least_ppi": strconv.Itoa(f.LeastPPI), "good_ppi": strconv.Itoa(f.GoodPPI), "making": string(f.Making), "goods": toUs}
	if f.Partner != 0 {
		values["partner"] = strconv.FormatInt(int64(f.Partner), 10)
	}
	if f.Straight {
		values["goods"] = toCustomer
	}
	for name, on := range map[string]bool{"picture_check": f.PictureCheck, "art": f.Art, "art_control": f.ArtControl, "approval": f.Approval, "retired": f.Retired} {
		if on {
			values[name] = "on"
		}
	}
	return ui.Form{Values: values}
}

// Where the goods of a partner go, in the form of a flow.
const toUs, toCustomer = "us", "customer"

func (a *App) showFlow(c *fiber.Ctx, v flowView) (err error) {
	title := "New flow"
	if v.Partners, err = studio.Partners(c.UserContext(), a.DB); err != nil {
		return err
	}
	if v.ID != 0 {
		f, err := studio.ReadFlow(c.UserContext(), a.DB, v.ID)
		if err != nil {
			return err
		}
		title = f.Name
		if v.Items, err = studio.CustomItems(c.UserContext(), a.DB, v.ID); err != nil {
			return err
		}
	}
	p := a.page(c, title)
	p.Lead = "Jobs under way keep the steps they began with."
	p.Back = backTo("Flows", "/setup/flows")
	return a.show(c, flowPage(p, v))
}

func (a *App) saveFlow(c *fiber.Ctx) error {
	id, err := flowID(c)
	if err != nil {
		return err
	}
	var f flowForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			id, err = studio.SaveFlow(ctx, tx, studio.Flow{ID: id, Name: f.Name, Asks: f.Asks, PictureCheck: f.PictureCheck, Art: f.Art, ArtControl: f.ArtControl, Approval: f.Approval,
				ApprovalOf: studio.ApprovalOf(f.ApprovalOf), LeastPPI: f.LeastPPI, GoodPPI: f.GoodPPI,
				Making: studio.Making(f.Making), Partner: studio.PartnerID(f.Partner), Straight: f.Goods == toCustomer, Retired: f.Retired}, a.who(c))
			return err
		})
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(fiber.StatusUnprocessableEntity)
			old, _ := flowID(c)
			return a.showFlow(c, flowView{ID: old, Form: refusal})
		}
	}
	if err != nil {
		return err
	}
	return a.done(c, flowPath(id), "The flow is stored. New orders go this way.")
}

func (a *App) setFlowItem(c *fiber.Ctx) error {
	id, err := flowID(c)
	if err != nil {
		return err
	}
	var in struct {
		SKU          string `form:"sku,max=40" label:"The SKU"`
		Width        int    `form:"width,max=6" label:"The width"`
		Height       int    `form:"height,max=6" label:"The height"`
		Blank        string `form:"blank,max=40" label:"The blank"`
		Instructions string `form:"instructions,max=2000,lines" label:"The instructions"`
		Drop         bool   `form:"drop"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			f, err := studio.ReadFlow(ctx, tx, id)
			if err != nil {
				return err
			}
			if in.Drop {
				f.ID = 0
			}
			return studio.SetCustom(ctx, tx, studio.CustomItem{SKU: in.SKU, Flow: f.ID, Width: in.Width, Height: in.Height, Blank: in.Blank, Instructions: in.Instructions}, a.who(c))
		})
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(fiber.StatusUnprocessableEntity)
			f, err := studio.ReadFlow(c.UserContext(), a.DB, id)
			if err != nil {
				return err
			}
			return a.showFlow(c, flowView{ID: id, Form: flowValues(f), Item: refusal})
		}
	}
	if err != nil {
		return err
	}
	if in.Drop {
		return a.done(c, flowPath(id), in.SKU+" is an item like any other from its next order on.")
	}
	return a.done(c, flowPath(id), in.SKU+" goes this way from its next order on.")
}

// studioSetupView is how the studio works, and its artists.
type studioSetupView struct {
	Form    ui.Form
	Artists []studio.Artist
	Failed  staff.ID // whose form was refused
	Artist  ui.Form
}

func (a *App) studioSetupPage(c *fiber.Ctx) error { return a.showStudioSetup(c, studioSetupView{}) }

// showStudioSetup shows the settings, as they are unless a form of them was refused.
func (a *App) showStudioSetup(c *fiber.Ctx, v studioSetupView) error {
	s, err := studio.LoadSettings(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	if v.Form.Values == nil {
		v.Form.Values = map[string]string{"most_open": strconv.Itoa(s.MostOpen), "remind_hours": strconv.Itoa(s.RemindHours),
			"reminders": strconv.Itoa(s.Reminders), "link_days": strconv.Itoa(s.LinkDays)}
	}
	if v.Artists, err = studio.Artists(c.UserContext(), a.DB, a.house(c)); err != nil {
		return err
	}
	p := a.page(c, "Studio")
	p.Lead = "How work is handed to artists, and how long customers are waited for."
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, studioSetupPage(p, v))
}

func (a *App) saveStudio(c *fiber.Ctx) error {
	var in struct {
		MostOpen    int `form:"most_open,max=6" label:"The number of jobs"`
		RemindHours int `form:"remind_hours,max=6" label:"The number of hours"`
		Reminders   int `form:"reminders,max=6" label:"The number of reminders"`
		LinkDays    int `form:"link_days,max=6" label:"The number of days"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return studio.SaveSettings(ctx, tx, studio.Settings(in), a.who(c), a.Now())
		})
	}
	if refusal, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showStudioSetup(c, studioSetupView{Form: refusal})
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/studio", "The studio works like this from now on.")
}

func (a *App) saveArtist(c *fiber.Ctx) error {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "There is no such artist here.")
	}
	var in struct {
		MostOpen string `form:"most_open,max=6"`
		Away     bool   `form:"away"`
	}
	form, err := decode(c, &in)
	var most *int
	if n, bad := strconv.Atoi(in.MostOpen); in.MostOpen != "" && bad == nil {
		most = &n
	} else if in.MostOpen != "" && err == nil {
		err = fault.Fields{{Name: "most_open", Message: "Write a whole number, or leave it empty."}}
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return studio.SetArtist(ctx, tx, a.house(c), staff.ID(id), most, in.Away, a.who(c), a.Now())
		})
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(fiber.StatusUnprocessableEntity)
			return a.showStudioSetup(c, studioSetupView{Failed: staff.ID(id), Artist: refusal})
		}
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/studio", "It is stored.")
}
