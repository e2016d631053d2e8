package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/internal/web/ui"
)

func partnerPath(id studio.PartnerID) string { return fmt.Sprintf("/setup/partners/%d", id) }

// partnersPage lists who prints for us, and who hands them work.
func (a *App) partnersPage(c *fiber.Ctx) error {
	list, err := studio.Partners(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	people, err := production.Fulfillers(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Partner"}, {Title: "E-mail"}, {Title: "Phone"}, {Title: "Days", Number: true}, {Title: "Flows", Number: true}, {Title: "State"}}}
	for _, k := range list {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(k.Name, partnerPath(k.ID)), ui.Text(orDash(k.Email)), ui.Text(orDash(k.Phone)), ui.Num(int64(k.Days)), ui.Num(int64(k.Flows)), ui.Show(activeChip(!k.Retired))})
	}
	p := a.page(c, "Printing partners")
	p.Lead = "Who prints pieces for you elsewhere. A flow names its partner."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "New partner", Href: "/setup/partners/new", Icon: "plus"}}
	return a.show(c, partnersPage(p, t, people))
}

func partnerID(c *fiber.Ctx) (studio.PartnerID, error) {
	if c.Params("partner") == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(c.Params("partner"), 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.NotFound, "There is no such partner.")
	}
	return studio.PartnerID(n), nil
}

func (a *App) partnerPage(c *fiber.Ctx) error {
	id, err := partnerID(c)
	if err != nil {
		return err
	}
	k := studio.Partner{Days: 5}
	if id != 0 {
		if k, err = studio.ReadPartner(c.UserContext(), a.DB, id); err != nil {
			return err
		}
	}
	values := map[string]string{"name": k.Name, "email": k.Email, "phone": k.Phone, "note": k.Note, "days": strconv.Itoa(k.Days)}
	if k.Retired {
		values["retired"] = "on"
	}
	return a.showPartner(c, id, k.Name, ui.Form{Values: values})
}

func (a *App) showPartner(c *fiber.Ctx, id studio.PartnerID, name string, form ui.Form) error {
	p, action := a.page(c, name), "/setup/partners"
	if id == 0 {
		p.Title = "New partner"
	} else {
		action = partnerPath(id)
	}
	p.Back = backTo("Printing partners", "/setup/partners")
	return a.show(c, partnerPage(p, action, id != 0, form))
}

func (a *App) savePartner(c *fiber.Ctx) error {
	id, err := partnerID(c)
	if err != nil {
		return err
	}
	var in struct {
		Name    string `form:"name,max=60" label:"The name"`
		Email   string `form:"email,max=200" label:"The address"`
		Phone   string `form:"phone,max=60" label:"The number"`
		Days    int    `form:"days,max=4" label:"The number of days"`
		Note    string `form:"note,max=2000,lines" label:"The note"`
		Retired bool   `form:"retired"`
	}
	form, err := decode(c, &in)
	k := studio.Partner{ID: id, Name: in.Name, Email: in.Email, Phone: in.Phone, Note: in.Note, Days: in.Days, Retired: in.Retired}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			k.ID, err = studio.SavePartner(ctx, tx, k, a.who(c))
			return err
		})
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(fiber.StatusUnprocessableEntity)
			return a.showPartner(c, id, "Partner", refusal)
		}
	}
	if err != nil {
		return err
	}
	return a.done(c, partnerPath(k.ID), "The partner is stored. Flows can name it.")
}

func (a *App) saveFulfiller(c *fiber.Ctx) error {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "There is no such fulfiller here.")
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return production.SetAway(ctx, tx, a.house(c), staff.ID(id), c.FormValue("away") == "on", a.who(c), a.Now())
	})
	if err != nil {
		return err
	}
	return a.done(c, "/setup/partners", "It is stored.")
}
