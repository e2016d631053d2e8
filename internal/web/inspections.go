package web

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"tote/internal/web/ui"
	"tote/inventory"
)

func inspectionPath(id inventory.InspectionID) string {
	return fmt.Sprintf("/receiving/inspections/%d", id)
}

// inspectionsPage lists what somebody is to look at.
func (a *App) inspectionsPage(c *fiber.Ctx) error {
	all, err := inventory.Inspections(c.UserContext(), a.DB, a.house(c), 0, mostLists)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Item"}, {Title: "Lot"}, {Title: "Pieces", Number: true}, {Title: "Place"}, {Title: "Receipt"}}}
	for _, i := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(i.Name, inspectionPath(i.ID)), ui.Text(i.LotCode), ui.Num(i.Left()), ui.Text(i.PlaceCode), ui.Go(i.Receipt.String(), i.Receipt.Path()+"/lines")})
	}
	p := a.page(c, "To be inspected")
	p.Lead = "Goods that came in and are looked at before they are put away. Until then no order gets them."
	p.Back = backTo("Receiving", "/receiving")
	return a.show(c, listPage(p, t, ui.Empty("receive", "Nothing waits to be inspected", "An item or a supplier says which receipts are looked at.", ui.Link{Label: "Receive", Href: "/receiving"})))
}

func (a *App) inspection(c *fiber.Ctx) (i inventory.Inspection, err error) {
	id, err := number(c, "inspection")
	if err != nil {
		return i, err
	}
	return inventory.InspectionOf(c.UserContext(), a.DB, a.house(c), inventory.InspectionID(id))
}

func (a *App) inspectionPage(c *fiber.Ctx) error { return a.showInspection(c, ui.Form{}) }

func (a *App) showInspection(c *fiber.Ctx, form ui.Form) error {
	i, err := a.inspection(c)
	if err != nil {
		return err
	}
	p := a.page(c, i.Name)
	p.Lead = i.SKU
	p.Back = backTo("To be inspected", "/receiving/inspections")
	return a.show(c, inspectionPage(p, i, form))
}

type judgeForm struct {
	Verdict  string `form:"verdict,max=6" label:"The verdict"`
	Quantity int64  `form:"quantity,max=8" label:"The number of pieces"`
	Reason   string `form:"reason,max=500" label:"The reason"`
}

// judge passes goods or fails them, with a reason and a photo.
func (a *App) judge(c *fiber.Ctx) error {
	i, err := a.inspection(c)
	if err != nil {
		return err
	}
	var f judgeForm
	form, err := decode(c, &f)
	if err == nil {
		photo, photoErr := a.uploadedPhoto(c)
		if err = photoErr; err == nil {
			err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
				return inventory.Judge(ctx, tx, a.house(c), i.ID, inventory.Judgement{Passed: f.Verdict == "pass", Quantity: f.Quantity, Reason: f.Reason,
					Photo: string(photo), Staff: a.who(c), At: a.Now()})
			})
		}
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showInspection(c, form)
	}
	if err != nil {
		return err
	}
	said := ui.Count(f.Quantity, "piece", "pieces") + " passed: to be put away."
	if f.Verdict != "pass" {
		said = ui.Count(f.Quantity, "piece", "pieces") + " failed. Put them into quarantine."
	}
	to := "/receiving/inspections"
	if f.Quantity < i.Left() {
		to = inspectionPath(i.ID)
	}
	return a.done(c, to, said)
}
