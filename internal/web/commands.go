package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"tote/internal/print"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
	"tote/picking"
)

// commandSheet prints the buttons on paper: a sheet of what every screen knows, and one for each job that knows more.
func (a *App) commandSheet(c *fiber.Ctx) error {
	w, err := a.warehouse(c)
	if err != nil {
		return err
	}
	boxes, err := packing.Types(c.UserContext(), a.DB, w.ID)
	if err != nil {
		return err
	}
	size := sheetIn(w.Country)
	return a.sheet(c, print.CommandBarcodes, "commands", "all", labels.CommandSheet{Sheet: size},
		labels.CommandSheet{Sheet: size, Title: "Receiving", Commands: inventory.ReceivingCommands()},
		labels.CommandSheet{Sheet: size, Title: "Picking", Commands: picking.Commands()},
		labels.CommandSheet{Sheet: size, Title: "Packing", Commands: packing.Commands(boxes)},
		labels.CommandSheet{Sheet: size, Title: "Counting", Commands: inventory.CountingCommands()},
		labels.CommandSheet{Sheet: size, Title: "Moving", Commands: inventory.MovingCommands()})
}

// sheetIn is the paper of a country's office printers.
func sheetIn(country string) labels.Sheet {
	if slices.Contains([]string{"US", "CA", "MX", "PH", "CL", "CO"}, country) {
		return labels.Letter
	}
	return labels.A4
}
