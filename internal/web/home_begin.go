package web

import (
	"github.com/gofiber/fiber/v2"

	"tote/internal/trace"
)

// A beginning is a part of a new warehouse that has to be set up, what for, and where.
type beginning struct {
	Part      trace.Part
	Name, Why string
	Href      string
	Done      bool
}

// beginnings are the parts in their order: what stands further down needs what stands above it.
func beginnings() []beginning {
	return []beginning{
		{Part: trace.Bins, Name: "Locations", Why: "the bins where goods lie; all at once from a file", Href: "/setup/locations"},
		{Part: trace.Totes, Name: "Totes", Why: "what pickers fill; print their labels", Href: "/setup/totes"},
		{Part: trace.Items, Name: "Items", Why: "what is kept, with barcodes, sizes and weights", Href: "/setup/items"},
		{Part: trace.Prices, Name: "Prices", Why: "what one piece costs when an order says nothing else", Href: "/prices"},
		{Part: trace.Boxes, Name: "Boxes", Why: "what parcels are packed into", Href: "/setup/boxes"},
		{Part: trace.Carriers, Name: "Carriers", Why: "who takes parcels to people, and where customers follow them", Href: "/setup/carriers"},
		{Part: trace.Printers, Name: "Stations and printers", Why: "where labels and slips come out", Href: "/setup/stations"},
		{Part: trace.People, Name: "People", Why: "who works here; print their badges", Href: "/setup/staff"},
		{Part: trace.Opening, Name: "Opening stock", Why: "what lies on the shelves already; or receive it", Href: "/stock/opening"},
	}
}

// stillToSetUp is what a new warehouse has to set up, with what is done ticked; nothing once all is done, and for
// whoever cannot set up. A warehouse that is ready stays so and is not asked again.
func (a *App) stillToSetUp(c *fiber.Ctx) ([]beginning, error) {
	who, _ := a.session(c)
	if _, ready := a.ready.Load(who.Warehouse); ready || !managers.allows(who.Member) {
		return nil, nil
	}
	done, err := trace.Ready(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return nil, err
	}
	list, missing := beginnings(), 0
	for i := range list {
		list[i].Done = done[list[i].Part]
		if !list[i].Done {
			missing++
		}
	}
	if missing == 0 {
		a.ready.Store(who.Warehouse, true)
		return nil, nil
	}
	return list, nil
}
