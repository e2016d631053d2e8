package web

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/web/ui"
)

type contactsForm struct {
	Contacts []struct {
		Key        int    `form:"key,max=2" label:"The stage"` // the place in orders.ContactKeys, from 1
		Department string `form:"department,max=60" label:"The department"`
		Contact    string `form:"contact,max=120" label:"The contact"`
	} `form:"contacts"`
}

func (f contactsForm) contacts() map[string]orders.Contact {
	all := map[string]orders.Contact{}
	for _, c := range f.Contacts {
		if c.Key >= 1 && c.Key <= len(orders.ContactKeys) {
			all[orders.ContactKeys[c.Key-1]] = orders.Contact{Department: c.Department, Contact: c.Contact}
		}
	}
	return all
}

// contactTitle names a stage as the journey page does.
func contactTitle(key string) string {
	if key == "" {
		return "Whoever answers for everything else"
	}
	return orders.JourneyTitles[key]
}

// contactsPage asks who answers for which stage of the journey.
func (a *App) contactsPage(c *fiber.Ctx) error {
	s, err := a.settings(c)
	if err != nil {
		return err
	}
	values := map[string]string{}
	for i, key := range orders.ContactKeys {
		values[fmt.Sprintf("contacts.%d.department", i)] = s.Contacts[key].Department
		values[fmt.Sprintf("contacts.%d.contact", i)] = s.Contacts[key].Contact
	}
	return a.showContacts(c, ui.Form{Values: values})
}

func (a *App) showContacts(c *fiber.Ctx, form ui.Form) error {
	p := a.page(c, "Contacts for customers")
	p.Lead = "Whom the journey page names at each stage, with an e-mail address or a telephone number. Stages left empty name whoever answers for everything else."
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, contactsPage(p, form))
}

func (a *App) saveContacts(c *fiber.Ctx) error {
	var f contactsForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := orders.SaveContacts(ctx, tx, f.contacts()); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), "edit contacts", "settings", f.contacts())
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showContacts(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/contacts", "Customers see them from now on.")
}
