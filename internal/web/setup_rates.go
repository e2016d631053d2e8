package web

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/shipping"
)

// ratesRoutes are the lines of what carriers take, and of which of them takes what.
func ratesRoutes() []route {
	return []route{
		{"GET", "/setup/carriers/:code/rates", managers, (*App).ratesPage},
		{"GET", "/setup/carriers/:code/rates.csv", managers, (*App).writeRates},
		{"GET", "/setup/carriers/:code/rates/csv", managers, (*App).ratesCSV},
		{"POST", "/setup/carriers/:code/rates/csv", managers, (*App).readRates},
		{"POST", "/setup/carriers/:code/rates/drop", managers, (*App).dropRates},
		{"GET", "/setup/shipping/rules", managers, (*App).carrierRules},
		{"POST", "/setup/shipping/rules", managers, (*App).saveCarrierRules},
		{"POST", "/shipments/:id/carrier", numberers, (*App).chooseCarrier},
	}
}

func (a *App) carrierOf(c *fiber.Ctx) (shipping.Carrier, error) {
	return shipping.FindCarrier(c.UserContext(), a.DB, strings.Clone(c.Params("code")))
}

func ratesPath(k shipping.Carrier) string { return carrierPath(k) + "/rates" }

func (a *App) ratesPage(c *fiber.Ctx) error {
	k, err := a.carrierOf(c)
	if err != nil {
		return err
	}
	table, err := shipping.RateTable(c.UserContext(), a.DB, k.Code)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Service"}, {Title: "To"}, {Title: "Up to, g", Number: true}, {Title: "A parcel costs", Number: true}, {Title: "Working days"}}}
	for _, b := range table {
		days := "as usual"
		if b.Days >= 0 {
			days = strconv.Itoa(b.Days)
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Text(b.Service), ui.Text(strings.Join(b.Places, ", ")), ui.Num(b.UpToG), ui.Text(orders.Money{Minor: b.Minor, Currency: b.Currency}.String()), ui.Text(days)})
	}
	p := a.page(c, "Rates of "+k.Name)
	p.Lead = "What a parcel costs by place and weight. Carriers in use are compared by it."
	p.Back = backTo(k.Name, carrierPath(k))
	send := ui.Link{Label: "Send CSV", Href: ratesPath(k) + "/csv", Icon: "file"}
	if len(table) > 0 {
		p.Actions = []ui.Link{send, {Label: "Get CSV", Href: ratesPath(k) + ".csv", Icon: "down"}}
	}
	return a.show(c, ratesPage(p, k, t, ui.Empty("ship", "No rates yet", "Without them "+k.Name+" takes what names it, and is not compared.", send)))
}

// rateTable tells what the file of a carrier's rates holds.
func rateTable(k shipping.Carrier, currency string) csvTable {
	return csvTable{
		Title: "Rates of " + k.Name + " from a CSV file", Path: ratesPath(k) + "/csv", Back: ratesPath(k),
		Columns: []csvColumn{
			{"service", "one of " + strings.Join(k.Services, ", ")}, {"to", "countries (DE AT), countries with the beginning of their postcodes (DE-24), or * for everywhere else; what names more of the postcode counts"},
			{"up_to_g", "the greatest weight of a parcel in grams; what is heavier goes in several"}, {"price", "of one parcel in " + currency}, {"days", "working days on the road; may be empty"},
		},
		Example: "service,to,up_to_g,price,days\n" + k.Services[0] + ",DE,2000,4.90,2\n" + k.Services[0] + ",AT CH,2000,9.90,4\n" + k.Services[0] + ",*,2000,19.90,\n",
	}
}

func (a *App) ratesCSV(c *fiber.Ctx) error {
	k, err := a.carrierOf(c)
	if err != nil {
		return err
	}
	s, err := a.settings(c)
	if err != nil {
		return err
	}
	return a.showCSV(c, rateTable(k, s.Currency), nil)
}

func (a *App) readRates(c *fiber.Ctx) error {
	k, err := a.carrierOf(c)
	if err != nil {
		return err
	}
	s, err := a.settings(c)
	if err != nil {
		return err
	}
	return a.takeCSV(c, rateTable(k, s.Currency), func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		n, err := shipping.ReadRates(ctx, tx, k, s.Currency, func(text string) (int64, error) {
			m, err := orders.ParseMoney(text, s.Currency)
			return m.Minor, err
		}, file)
		if err != nil {
			return "", err
		}
		return "The table has " + ui.Count(int64(n), "line", "lines") + ".", staff.Audit(ctx, tx, a.who(c), "set rates", k.Code, n)
	})
}

func (a *App) writeRates(c *fiber.Ctx) error {
	k, err := a.carrierOf(c)
	if err != nil {
		return err
	}
	return a.csv(c, "rates-"+k.Code+".csv", func(out io.Writer) error {
		return shipping.WriteRates(c.UserContext(), a.DB, k.Code, func(minor int64, currency string) string {
			return orders.Money{Minor: minor, Currency: currency}.Amount()
		}, out)
	})
}

func (a *App) dropRates(c *fiber.Ctx) error {
	k, err := a.carrierOf(c)
	if err != nil {
		return err
	}
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		if err := shipping.DropRates(ctx, tx, k.Code); err != nil {
			return err
		}
		return staff.Audit(ctx, tx, a.who(c), "drop rates", k.Code, nil)
	}); err != nil {
		return err
	}
	return a.done(c, ratesPath(k), k.Name+" is not compared any more.")
}

type carrierRulesForm struct {
	Rules []struct {
		Place   int64  `form:"place,max=3" label:"The place"`
		Tag     string `form:"tag,max=40" label:"The tag"`
		Country string `form:"country,max=2" label:"The country"`
		Asked   string `form:"asked,max=40" label:"The service"`
		FromG   int64  `form:"from_g,max=8" label:"The lower weight"`
		ToG     int64  `form:"to_g,max=8" label:"The greater weight"`
		Does    string `form:"does,max=80" label:"What it does"`
	} `form:"rules"`
}

// rules are the rows that do something, by their places, and the row of each.
func (f carrierRulesForm) rules() (rules []shipping.Rule, rows []int) {
	for i, r := range f.Rules {
		if r.Does != "" {
			rows = append(rows, i)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(f.Rules[a].Place, f.Rules[b].Place) })
	for _, i := range rows {
		r := f.Rules[i]
		rule := shipping.Rule{Tag: r.Tag, Country: r.Country, Asked: r.Asked, FromG: r.FromG, ToG: r.ToG, Does: r.Does}
		if carrier, service, named := strings.Cut(r.Does, "/"); named {
			rule.Does, rule.Carrier, rule.Service = "carrier", carrier, service
		}
		rules = append(rules, rule)
	}
	return rules, rows
}

func ruleField(i int, of string) string { return fmt.Sprintf("rules.%d.%s", i, of) }

const spareRules = 2

func (a *App) carrierRules(c *fiber.Ctx) error {
	rules, err := shipping.Rules(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	values := map[string]string{}
	for i, r := range rules {
		values[ruleField(i, "place")], values[ruleField(i, "tag")], values[ruleField(i, "country")], values[ruleField(i, "asked")] = strconv.Itoa(10*(i+1)), r.Tag, r.Country, r.Asked
		values[ruleField(i, "from_g")], values[ruleField(i, "to_g")], values[ruleField(i, "does")] = some(r.FromG), some(r.ToG), r.Does
		if r.Does == "carrier" {
			values[ruleField(i, "does")] = r.Carrier + "/" + r.Service
		}
	}
	return a.showCarrierRules(c, ui.Form{Values: values}, len(rules)+spareRules)
}

func (a *App) showCarrierRules(c *fiber.Ctx, form ui.Form, rows int) error {
	all, err := shipping.Carriers(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	does := []ui.Option{{Value: "", Label: "Nothing: not a rule"}, {Value: "cheapest", Label: "The cheapest in time"}, {Value: "ordered", Label: "As ordered"}}
	p := a.page(c, "Which carrier takes what")
	p.Lead = "The first rule that fits an order decides, by its place. Without one it goes as ordered; an order that names no carrier goes with the cheapest that keeps its promise."
	p.Back = backTo("Carriers", "/setup/carriers")
	return a.show(c, carrierRulesPage(p, form, rows, append(does, waysOf(all)...)))
}

// waysOf are the carriers in use with their services.
func waysOf(all []shipping.Carrier) (ways []ui.Option) {
	for _, k := range all {
		for _, s := range k.Services {
			if k.Active {
				ways = append(ways, ui.Option{Value: k.Code + "/" + s, Label: k.Name + ", " + s})
			}
		}
	}
	return ways
}

func (a *App) saveCarrierRules(c *fiber.Ctx) error {
	var f carrierRulesForm
	form, err := decode(c, &f)
	rules, rows := f.rules()
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := shipping.SetRules(ctx, tx, rules); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), "set carrier rules", "", rules)
		})
		err = rowsOf(err, rows)
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showCarrierRules(c, form, len(f.Rules))
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/shipping/rules", "The rules are stored. They hold for orders that go to the floor from now on.")
}

// rowsOf names mistakes of rules by the rows of the form they came from.
func rowsOf(err error, rows []int) error {
	var bad fault.Fields
	if !errors.As(err, &bad) {
		return err
	}
	for i, f := range bad {
		var n int
		var of string
		if _, e := fmt.Sscanf(f.Name, "rules.%d.%s", &n, &of); e == nil && n < len(rows) {
			bad[i].Name = ruleField(rows[n], of)
		}
	}
	return bad
}

// chooseCarrier lets a person send a shipment another way.
func (a *App) chooseCarrier(c *fiber.Ctx) error {
	s, err := a.shipmentOf(c)
	if err != nil {
		return err
	}
	var in struct {
		Way string `form:"way,max=80" label:"The carrier"`
	}
	form, err := decode(c, &in)
	if err == nil {
		carrier, service, _ := strings.Cut(in.Way, "/")
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return shipping.ChooseCarrier(ctx, tx, s.ID, carrier, service, a.who(c), a.Now())
		})
	}
	if form, again := refused(form, err); again {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showShipmentWith(c, func(v *shipmentView) { v.Way = form })
	}
	if err != nil {
		return err
	}
	return a.done(c, shipmentPath(s.ID), "It goes another way.")
}
