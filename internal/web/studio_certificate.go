package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/studio"
	"tote/inventory"
	"tote/labels"
)

// zone is the clock of the warehouse that somebody works in.
func (a *App) zone(c *fiber.Ctx) (*time.Location, error) {
	w, err := inventory.WarehouseByID(c.UserContext(), a.DB, a.house(c))
	return w.Clock(), err
}

// artworkCertificate is what a customer keeps of his approval.
func (a *App) artworkCertificate(c *fiber.Ctx) error {
	v, err := a.artworkOf(c.UserContext(), a.DB, c)
	if err != nil {
		return err
	}
	return a.certificate(c, v.View)
}

// certificate draws which files of a job were approved, by whom and when.
func (a *App) certificate(c *fiber.Ctx, v studio.View) error {
	if v.State != studio.Approved {
		return fault.New(fault.NotFound, "Nothing of %s is approved yet.", v.Ref)
	}
	w, err := inventory.WarehouseByID(c.UserContext(), a.DB, v.Warehouse)
	if err != nil {
		return err
	}
	order, err := labels.Parse(v.Document)
	if err != nil {
		return err
	}
	paper := labels.Certificate{From: []string{w.Company, w.Street, strings.TrimSpace(w.Postcode + " " + w.City)}, Order: order.Number, Line: v.Ref, Product: v.Product, Pieces: v.Pieces}
	for _, d := range v.Decisions {
		if d.ID == v.Decision {
			paper.Approved, paper.At, paper.Ticks = approvedBy(d), d.At.In(w.Clock()), d.Ticks
		}
	}
	for _, f := range v.Released() {
		paper.Files = append(paper.Files, labels.CertifiedFile{Name: studio.Letter(f.Proof) + ", " + f.Name, Pixels: f.Pixels(), SHA256: string(f.Hash)})
	}
	return a.pdf(c, "approval "+v.Ref, paper)
}

func approvedBy(d studio.Decision) string {
	switch {
	case d.How != "":
		return d.Name + ", by " + d.How + ", recorded by " + d.ByName
	case d.Name != "":
		return d.Name
	}
	return "the house: this product needs no approval by its customer"
}
