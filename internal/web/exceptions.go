package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/web/ui"
	"tote/shipping"
)

// exceptionRoutes are the lines of what stands in shipments' way, and of carriers that tell it.
func exceptionRoutes() []route {
	return []route{
		{"POST", "/hooks/easypost", public, (*App).easypostHook}, // its own rule: a signature
		{"GET", "/manifests", printing, (*App).manifestsPage},
		{"GET", "/manifests/:manifest/paper.pdf", printing, (*App).manifestPaper},
		{"GET", "/manifests/:manifest/carrier.pdf", printing, (*App).carrierManifest},
		{"GET", "/exceptions", troubleshooters, (*App).exceptionsPage},
		{"GET", "/exceptions/:trouble", troubleshooters, (*App).exceptionPage},
		{"POST", "/exceptions/:trouble/called", troubleshooters, (*App).exceptionCalled},
		{"POST", "/exceptions/:trouble/settle", troubleshooters, (*App).settleException},
		{"POST", "/exceptions/:trouble/resend", troubleshooters, (*App).resendException},
		{"POST", "/exceptions/:trouble/address", supporters, (*App).correctAddress},
		{"POST", "/exceptions/:trouble/label", supporters, (*App).labelAgain},
		{"POST", "/exceptions/:trouble/return", office, (*App).takeExceptionBack},
	}
}

// easypostHook hears EasyPost. 400 to what is forged or broken; 200 once it is stored, again and again; anything else makes
// EasyPost send it again.
func (a *App) easypostHook(c *fiber.Ctx) error {
	if a.Parcels == nil {
		return fault.New(fault.NotFound, "No labels are bought here.")
	}
	r, err := a.Parcels.Event(c.Request().Body(), strings.Clone(c.Get("X-Hmac-Signature")))
	if fault.KindOf(err) == fault.Invalid {
		return c.Status(fiber.StatusBadRequest).SendString(fault.Message(err))
	}
	if err != nil {
		return err
	}
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return shipping.Hear(ctx, tx, r, a.Now()) }); err != nil {
		return err
	}
	return c.SendString("Heard.")
}

const exceptionsShown = 200

func exceptionPath(id shipping.TroubleID) string { return fmt.Sprintf("/exceptions/%d", id) }

func (a *App) exceptionsPage(c *fiber.Ctx) error {
	f := shipping.Queue{Warehouse: a.house(c), What: shipping.Trouble(clean(c.Query("what"))), Limit: exceptionsShown}
	list, err := shipping.Problems(c.UserContext(), a.DB, f)
	if err != nil {
		return err
	}
	counts, err := shipping.CountTroubles(c.UserContext(), a.DB, f.Warehouse)
	if err != nil {
		return err
	}
	days, err := shipping.StillDays(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	p := a.page(c, "Exceptions")
	p.Lead = fmt.Sprintf("Parcels that need somebody. A parcel is here too when nothing was heard of it for %s.", ui.Count(int64(days), "day", "days"))
	if len(list) == exceptionsShown {
		p.Lead += fmt.Sprintf(" The %d oldest are shown.", exceptionsShown)
	}
	p.Back = backTo("Shipping", "/shipments")
	links := []ui.FilterLink{{Label: "All", Href: "/exceptions", Current: f.What == ""}}
	for _, what := range shipping.Troubles {
		links = append(links, ui.FilterLink{Label: string(what), Href: "/exceptions?what=" + url.QueryEscape(string(what)), Current: f.What == what, Count: counts[what], Counted: true})
	}
	return a.show(c, exceptionsPage(p, a.exceptionTable(list), links))
}

func (a *App) exceptionTable(list []shipping.Problem) ui.Table {
	t := ui.Table{Path: "/exceptions", Query: url.Values{}, Columns: []ui.Column{{Title: "What"}, {Title: "Shipment"}, {Title: "Orders"}, {Title: "To"}, {Title: "For"}, {Title: "Who must act"}, {Title: "Last done"}}}
	for _, p := range list {
		who, _ := p.What.Turn()
		done := "nothing yet"
		if len(p.Acts) > 0 {
			done = p.Acts[0].What + " by " + p.Acts[0].By
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(string(p.What), exceptionPath(p.ID)), ui.Go(p.Shipment.String(), shipmentPath(p.Shipment)), ui.Show(orderLinks(p.Orders)), ui.Text(p.Recipient),
			ui.Text(ui.Age(a.Now().Sub(p.Since))), ui.Text(who), ui.Text(done)})
	}
	return t
}

// exceptionView is the page of one.
type exceptionView struct {
	shipping.Problem
	Shipment shipping.Shipment
	Address  shipping.Address
	Supports bool    // may correct the address and ask for labels
	Office   bool    // may make returns
	Form     ui.Form // a refused act, whichever
	Refused  string  // which
}

// form is what was typed into one of the page's forms.
func (v exceptionView) form(which string) ui.Form {
	if v.Refused == which {
		return v.Form
	}
	return ui.Form{}
}

// problemOf reads the trouble of the path, unless somebody settled it; another warehouse's does not exist here.
func (a *App) problemOf(c *fiber.Ctx) (p shipping.Problem, err error) {
	id, err := number(c, "trouble")
	if err != nil {
		return p, err
	}
	list, err := shipping.Problems(c.UserContext(), a.DB, shipping.Queue{Warehouse: a.house(c), Trouble: shipping.TroubleID(id), Limit: 1})
	if err == nil && len(list) == 0 {
		return p, fault.New(fault.NotFound, "There is no such exception: it was settled, or never was. Look in the list.")
	}
	if err != nil {
		return p, err
	}
	return list[0], nil
}

func (a *App) exceptionPage(c *fiber.Ctx) error { return a.showException(c, "", ui.Form{}) }

func (a *App) showException(c *fiber.Ctx, which string, form ui.Form) error {
	problem, err := a.problemOf(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	v := exceptionView{Problem: problem, Supports: supporters.allows(who.Member), Office: office.allows(who.Member), Form: form, Refused: which}
	if v.Shipment, err = shipping.Find(c.UserContext(), a.DB, problem.Shipment); err != nil {
		return err
	}
	if v.Address, err = shipping.AddressOf(c.UserContext(), a.DB, problem.Shipment); err != nil {
		return err
	}
	zone, err := a.clock(c)
	if err != nil {
		return err
	}
	p := a.page(c, problem.Shipment.String()+": "+string(problem.What))
	p.Back = backTo("Exceptions", "/exceptions")
	return a.show(c, exceptionPage(p, v, zone))
}

type exceptionForm struct {
	Note      string `form:"note,max=500,lines" label:"The note"`
	Number    string `form:"number,max=40" label:"The number"`
	Recipient string `form:"recipient,max=80" label:"The recipient"`
	Company   string `form:"company,max=80" label:"The company"`
	Street    string `form:"street,max=100" label:"The street"`
	Street2   string `form:"street2,max=100" label:"The second line"`
	Postcode  string `form:"postcode,max=20" label:"The postcode"`
	City      string `form:"city,max=80" label:"The town"`
	Region    string `form:"region,max=60" label:"The region"`
	Country   string `form:"country,max=2" label:"The country"`
	Phone     string `form:"phone,max=40" label:"The phone number"`
}

// act does something about the trouble of the path; a refused form is shown again.
func (a *App) act(c *fiber.Ctx, which, to, says string, do func(ctx context.Context, tx *sql.Tx, by shipping.Acting, in exceptionForm) error) error {
	problem, err := a.problemOf(c)
	if err != nil {
		return err
	}
	var in exceptionForm
	form, err := decode(c, &in)
	if err == nil {
		key, bad := formKey(form)
		if err = bad; err == nil {
			by := shipping.Acting{Trouble: problem.ID, Submission: key.String(), Note: in.Note, Staff: a.who(c), At: a.Now()}
			err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return do(ctx, tx, by, in) })
		}
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showException(c, which, refusal)
	}
	if err != nil {
		return err
	}
	if to == "" {
		to = shipmentPath(problem.Shipment)
	}
	return a.done(c, to, says)
}

func (a *App) exceptionCalled(c *fiber.Ctx) error {
	return a.act(c, "called", "/exceptions/"+strings.Clone(c.Params("trouble")), "The call is noted.", func(ctx context.Context, tx *sql.Tx, by shipping.Acting, _ exceptionForm) error {
		return shipping.Called(ctx, tx, by)
	})
}

func (a *App) settleException(c *fiber.Ctx) error {
	return a.act(c, "settle", "/exceptions", "It is off the list.", func(ctx context.Context, tx *sql.Tx, by shipping.Acting, _ exceptionForm) error {
		return shipping.Settle(ctx, tx, by)
	})
}

func (a *App) resendException(c *fiber.Ctx) error {
	return a.act(c, "resend", "", "It is on its way again.", func(ctx context.Context, tx *sql.Tx, by shipping.Acting, in exceptionForm) error {
		return shipping.Resend(ctx, tx, by, in.Number)
	})
}

func (a *App) correctAddress(c *fiber.Ctx) error {
	return a.act(c, "address", "", "The address is corrected.", func(ctx context.Context, tx *sql.Tx, by shipping.Acting, in exceptionForm) error {
		return shipping.Correct(ctx, tx, by, shipping.Address{Name: in.Recipient, Company: in.Company, Street: in.Street, Street2: in.Street2, City: in.City,
			Postcode: in.Postcode, Region: in.Region, Country: in.Country, Phone: in.Phone})
	})
}

func (a *App) labelAgain(c *fiber.Ctx) error {
	problem, err := a.problemOf(c)
	if err != nil {
		return err
	}
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return shipping.WantLabelAgain(ctx, tx, problem.Shipment) }); err != nil {
		return err
	}
	return a.done(c, shipmentPath(problem.Shipment), "The carrier is asked for the label again.")
}

func (a *App) takeExceptionBack(c *fiber.Ctx) error {
	return a.act(c, "return", "/returns", "The return is announced. Receiving scans its slip, or the parcel.", func(ctx context.Context, tx *sql.Tx, by shipping.Acting, _ exceptionForm) error {
		_, err := shipping.TakeBack(ctx, tx, by)
		return err
	})
}
