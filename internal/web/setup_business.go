package web

import (
	"database/sql"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
)

type businessForm struct {
	Company              string `form:"company" label:"The company"`
	Currency             string `form:"currency,max=3" label:"The currency"`
	BaseURL              string `form:"base_url" label:"The address"`
	MailFrom             string `form:"mail_from" label:"The sender"`
	TaxPermille          int64  `form:"tax_permille,max=6" label:"The tax"`
	ShippingBase         int64  `form:"shipping_base,max=9" label:"The charge of an order"`
	ShippingPerKg        int64  `form:"shipping_per_kg,max=9" label:"The charge of a kilogram"`
	PromiseDays          int    `form:"promise_days,max=6" label:"The promise"`
	FeedbackDays         int    `form:"feedback_days,max=6" label:"The question"`
	FeedbackFallbackDays int    `form:"feedback_fallback_days,max=6" label:"The question without a delivery"`
	ReminderDays         int    `form:"reminder_days,max=6" label:"The reminder"`
	ReturnDays           int    `form:"return_days,max=6" label:"The time for returns"`
	WebWarehouse         int64  `form:"web_warehouse,max=18" label:"The warehouse"`
	HowToPay             string `form:"how_to_pay,max=1000,lines" label:"How to pay"`
	LegalLines           string `form:"legal_lines,max=1000,lines" label:"Who you are"`
	TaxNumber            string `form:"tax_number,max=60" label:"The tax number"`
	BankDetails          string `form:"bank_details,max=1000,lines" label:"The bank account"`
}

// settings are what is stored; a house that was not set up yet has none.
func (a *App) settings(c *fiber.Ctx) (orders.Settings, error) {
	s, err := orders.LoadSettings(c.UserContext(), a.DB)
	if fault.KindOf(err) == fault.NotFound {
		return orders.Settings{}, nil
	}
	return s, err
}

func (a *App) businessPage(c *fiber.Ctx) error {
	s, err := a.settings(c)
	if err != nil {
		return err
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	return a.showBusiness(c, ui.Form{Values: map[string]string{"company": s.Company, "currency": s.Currency, "base_url": s.BaseURL, "mail_from": s.MailFrom,
		"tax_permille": whole(s.TaxPermille), "shipping_base": whole(s.ShippingBase), "shipping_per_kg": whole(s.ShippingPerKg),
		"promise_days": whole(int64(s.PromiseDays)), "feedback_days": whole(int64(s.FeedbackDays)),
		"feedback_fallback_days": whole(int64(s.FeedbackFallbackDays)), "return_days": whole(int64(s.ReturnDays)),
		"reminder_days": whole(int64(s.ReminderDays)), "web_warehouse": whole(int64(s.WebWarehouse)), "how_to_pay": s.HowToPay,
		"legal_lines": s.LegalLines, "tax_number": s.TaxNumber, "bank_details": s.BankDetails}})
}

func (a *App) showBusiness(c *fiber.Ctx, form ui.Form) error {
	p := a.page(c, "Business")
	p.Lead = "How this house does business: money, promises, letters."
	p.Back = backTo("Set-up", "/setup")
	houses, err := inventory.Warehouses(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	choice := []ui.Option{{Value: "0", Label: "Nobody: there is no form for customers"}}
	for _, h := range houses {
		choice = append(choice, ui.Option{Value: strconv.FormatInt(int64(h.ID), 10), Label: h.Name})
	}
	return a.show(c, businessPage(p, form, choice))
}

// saveBusiness keeps the settings; who is named on the journey page stays as it is.
func (a *App) saveBusiness(c *fiber.Ctx) error {
	var f businessForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.storeBusiness(c, f)
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showBusiness(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/business", "The settings hold from now on.")
}

func (a *App) storeBusiness(c *fiber.Ctx, f businessForm) error {
	s, err := a.settings(c)
	if err != nil {
		return err
	}
	s.Company, s.Currency, s.BaseURL, s.MailFrom, s.TaxPermille = f.Company, f.Currency, f.BaseURL, f.MailFrom, f.TaxPermille
	s.ShippingBase, s.ShippingPerKg, s.PromiseDays = f.ShippingBase, f.ShippingPerKg, f.PromiseDays
	s.FeedbackDays, s.FeedbackFallbackDays, s.ReturnDays = f.FeedbackDays, f.FeedbackFallbackDays, f.ReturnDays
	s.ReminderDays, s.WebWarehouse, s.HowToPay = f.ReminderDays, inventory.WarehouseID(f.WebWarehouse), f.HowToPay
	s.LegalLines, s.TaxNumber, s.BankDetails = f.LegalLines, f.TaxNumber, f.BankDetails
	who, _ := a.session(c)
	return pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
		if err := orders.SaveSettings(c.UserContext(), tx, s); err != nil {
			return err
		}
		return staff.Audit(c.UserContext(), tx, who.ID, "edit settings", "settings", f)
	})
}
