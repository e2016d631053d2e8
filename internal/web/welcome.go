package web

import (
	"database/sql"

	"github.com/gofiber/fiber/v2"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/ui"
)

// welcomeForm is orders.Site as it is posted.
type welcomeForm struct {
	Company   string `form:"company" label:"Company"`
	Code      string `form:"code,max=8" label:"Code"`
	Warehouse string `form:"warehouse" label:"Warehouse"`
	Street    string `form:"street" label:"Street"`
	City      string `form:"city" label:"City"`
	Postcode  string `form:"postcode,max=16" label:"Postcode"`
	Country   string `form:"country,max=2" label:"Country"`
	TimeZone  string `form:"time_zone,max=60" label:"Time zone"`
	GS1Prefix string `form:"gs1_prefix,max=10" label:"GS1 company prefix"`
	Currency  string `form:"currency,max=3" label:"Currency"`
	MailFrom  string `form:"mail_from,max=254" label:"Sender of letters"`
	Admin     string `form:"admin,max=80" label:"Name"`
	PIN       string `form:"pin,max=12" label:"PIN"`
}

func (f welcomeForm) site(baseURL string) orders.Site {
	return orders.Site{Company: f.Company, Code: f.Code, Warehouse: f.Warehouse, Street: f.Street, City: f.City, Postcode: f.Postcode,
		Country: f.Country, TimeZone: f.TimeZone, GS1Prefix: f.GS1Prefix, Currency: f.Currency, BaseURL: baseURL, MailFrom: f.MailFrom,
		Admin: f.Admin, PIN: f.PIN}
}

// unfounded reports whether nobody has set this site up yet. Once it is, it is never asked again.
func (a *App) unfounded(c *fiber.Ctx) (bool, error) {
	if a.founded.Load() {
		return false, nil
	}
	empty, err := orders.Unfounded(c.UserContext(), a.DB)
	if err == nil && !empty {
		a.founded.Store(true)
	}
	return empty, err
}

// welcome is the first page of an empty database; later it leads to the sign-in.
func (a *App) welcome(c *fiber.Ctx) error {
	empty, err := a.unfounded(c)
	if err != nil {
		return err
	}
	if !empty {
		return c.Redirect("/sign-in", fiber.StatusSeeOther)
	}
	return a.show(c, welcomePage(ui.Form{}))
}

func (a *App) found(c *fiber.Ctx) error {
	var typed welcomeForm
	form, err := decode(c, &typed)
	var admin staff.Member
	if err == nil {
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
			admin, err = orders.Found(c.UserContext(), tx, typed.site(c.BaseURL()))
			return err
		})
	}
	delete(form.Values, "pin")
	if form, bad := refused(form, err); bad {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.show(c, welcomePage(form))
	}
	if err != nil {
		return err
	}
	a.founded.Store(true)
	return a.show(c, welcomedPage(admin))
}
