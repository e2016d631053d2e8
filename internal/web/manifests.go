package web

import (
	"fmt"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"tote/internal/web/ui"
	"tote/shipping"
)

const manifestsShown = 100

// manifestsPage lists the trucks that left, with their papers.
func (a *App) manifestsPage(c *fiber.Ctx) error {
	all, err := shipping.Manifests(c.UserContext(), a.DB, a.house(c), manifestsShown)
	if err != nil {
		return err
	}
	zone, err := a.clock(c)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/manifests", Query: url.Values{}, Columns: []ui.Column{{Title: "Truck"}, {Title: "Carrier"}, {Title: "Door"}, {Title: "Left"}, {Title: "By"}, {Title: "Parcels", Number: true}, {Title: "Paper"}}}
	for _, m := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Text(m.ID.String()), ui.Text(m.Carrier), ui.Text(m.Door), ui.Text(moment(m.Dispatched, zone)), ui.Text(m.By), ui.Num(m.Parcels), ui.Go("Manifest", manifestPath(m.ID))})
	}
	p := a.page(c, "Manifests")
	p.Lead = "What each truck took, for its driver to sign. The newest first."
	p.Back = backTo("Shipping", "/shipments")
	return a.show(c, listPage(p, t, ui.Empty("load", "No truck has left yet", "The paper of a truck is here as soon as it is dispatched.", ui.Link{Label: "Shipments", Href: "/shipments"})))
}

func manifestPath(id shipping.ManifestID) string {
	return "/manifests/" + id.String()[len("M-"):] + "/paper.pdf"
}

// manifestPaper answers the paper of one truck.
func (a *App) manifestPaper(c *fiber.Ctx) error {
	id, err := number(c, "manifest")
	if err != nil {
		return err
	}
	m, err := shipping.ManifestPaper(c.UserContext(), a.DB, a.house(c), shipping.ManifestID(id))
	if err != nil {
		return err
	}
	return a.pdf(c, "manifest-"+m.Number, m)
}

// carrierManifest answers the carrier's own paper of a truck.
func (a *App) carrierManifest(c *fiber.Ctx) error {
	id, err := number(c, "manifest")
	if err != nil {
		return err
	}
	pdf, err := shipping.CarrierManifest(c.UserContext(), a.DB, a.house(c), shipping.ManifestID(id))
	if err != nil {
		return err
	}
	c.Type("pdf")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("inline; filename=%q", fmt.Sprintf("carrier-M-%d.pdf", id)))
	return c.Send(pdf)
}
