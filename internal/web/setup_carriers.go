package web

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/shipping"
)

// carriersPage lists who takes parcels to people.
func (a *App) carriersPage(c *fiber.Ctx) error {
	all, err := shipping.Carriers(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Carrier"}, {Title: "Code"}, {Title: "Numbers"}, {Title: "Services"}, {Title: "Working days", Number: true}, {Title: "Tracking page"}, {Title: "State"}}}
	for _, k := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(k.Name, carrierPath(k)), ui.Text(k.Code), ui.Text(adapterWords[k.Adapter]), ui.Text(strings.Join(k.Services, ", ")),
			ui.Num(int64(k.TransitDays)), ui.Text(orDash(hostOf(k.TrackingURL))), ui.Show(activeChip(k.Active))})
	}
	p := a.page(c, "Carriers")
	p.Lead = "Who takes parcels to people. Orders are offered those in use."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "New carrier", Href: "/setup/carriers/new", Icon: "plus"}, {Label: "Which takes what", Href: "/setup/shipping/rules", Icon: "ship"}}
	return a.show(c, listPage(p, t, ui.Empty("ship", "No carrier yet", "Add the first one, so that orders can be taken.", ui.Link{Label: "New carrier", Href: "/setup/carriers/new"})))
}

// adapterWords say how a carrier's numbers come about.
var adapterWords = map[string]string{"own": "our own", "manual": "entered by hand", "easypost": "on labels bought through EasyPost"}

func carrierPath(k shipping.Carrier) string { return "/setup/carriers/" + k.Code }

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// hostOf is the site of an address.
func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "//")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

type carrierForm struct {
	Code        string `form:"code,max=24" label:"The code"`
	Name        string `form:"name,max=60" label:"The name"`
	Adapter     string `form:"adapter,max=10" label:"The kind"`
	Theirs      string `form:"theirs,max=40" label:"The name at EasyPost"`
	Services    string `form:"services,max=900" label:"The list of services"`
	TransitDays int    `form:"transit_days,max=3" label:"The days on the road"`
	LeavesAt    string `form:"leaves_at,max=5" label:"The time"`
	TrackingURL string `form:"tracking_url,max=300" label:"The address"`
	Inactive    bool   `form:"inactive"`
}

func (f carrierForm) carrier() shipping.Carrier {
	return shipping.Carrier{Code: f.Code, Name: f.Name, Adapter: f.Adapter, Theirs: f.Theirs, Services: strings.Split(f.Services, ","), TransitDays: f.TransitDays,
		TrackingURL: f.TrackingURL, LeavesAt: f.LeavesAt, Active: !f.Inactive}
}

func carrierValues(k shipping.Carrier) map[string]string {
	values := map[string]string{"name": k.Name, "theirs": k.Theirs, "services": strings.Join(k.Services, ", "), "transit_days": strconv.Itoa(k.TransitDays), "leaves_at": k.LeavesAt, "tracking_url": k.TrackingURL}
	if !k.Active {
		values["inactive"] = "on"
	}
	return values
}

func (a *App) newCarrier(c *fiber.Ctx) error {
	return a.showCarrier(c, shipping.Carrier{}, ui.Form{Values: map[string]string{"adapter": "manual", "services": "standard", "transit_days": "2"}})
}

func (a *App) editCarrier(c *fiber.Ctx) error {
	k, err := shipping.FindCarrier(c.UserContext(), a.DB, c.Params("code"))
	if err != nil {
		return err
	}
	return a.showCarrier(c, k, ui.Form{Values: carrierValues(k)})
}

func (a *App) showCarrier(c *fiber.Ctx, k shipping.Carrier, form ui.Form) error {
	p := a.page(c, "New carrier")
	p.Back = backTo("Carriers", "/setup/carriers")
	if k.Code != "" {
		p.Title, p.Lead = k.Name, k.Code+": numbers are "+adapterWords[k.Adapter]+"."
		p.Actions = []ui.Link{{Label: "Rates", Href: ratesPath(k), Icon: "file"}}
	}
	return a.show(c, carrierPage(p, k, form))
}

// sampleNumber stands for a parcel's number where a page shows what a link will look like.
const sampleNumber = "1Z999AA10123456784"

func (a *App) addCarrier(c *fiber.Ctx) error {
	return a.saveCarrier(c, shipping.Carrier{}, "add carrier", shipping.AddCarrier)
}

func (a *App) changeCarrier(c *fiber.Ctx) error {
	k, err := shipping.FindCarrier(c.UserContext(), a.DB, c.Params("code"))
	if err != nil {
		return err
	}
	return a.saveCarrier(c, k, "edit carrier", shipping.EditCarrier)
}

// saveCarrier stores what was typed of a carrier; was is as it is stored, or empty for a new one.
func (a *App) saveCarrier(c *fiber.Ctx, was shipping.Carrier, verb string, store func(context.Context, *sql.Tx, shipping.Carrier) error) error {
	var f carrierForm
	form, err := decode(c, &f)
	if was.Code != "" {
		f.Code = was.Code
	}
	k := f.carrier()
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := store(ctx, tx, k); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), verb, k.Code, f)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showCarrier(c, was, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/carriers", k.Name+" is stored.")
}
