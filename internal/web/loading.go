package web

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/shipping"
)

func shippingRoutes() []route {
	return []route{
		{"GET", "/loading", shippers, (*App).loadingStart},
		{"POST", "/loading/scan", shippers, (*App).loadingStartScan},
		{"GET", "/loading/:door", shippers, (*App).loadingPage},
		{"POST", "/loading/:door/scan", shippers, (*App).loadingScan},
		{"GET", "/deliveries", shippers, (*App).deliveriesPage},
		{"POST", "/deliveries/scan", shippers, (*App).deliveriesScan},

		{"GET", "/shipments", anyone, (*App).shipmentsPage},
		{"GET", "/shipments/:id", anyone, (*App).shipmentPage},
		{"POST", "/shipments/:id/number", numberers, (*App).enterNumber},
		{"POST", "/shipments/:id/events", numberers, (*App).addEvent},

		{"GET", "/returns", anyone, (*App).returnsPage},
		{"GET", "/returns/new", office, (*App).newReturnPage},
		{"POST", "/returns", office, (*App).authoriseReturn},
		{"GET", "/returns/receive", returners, (*App).returnStart},
		{"POST", "/returns/receive/scan", returners, (*App).returnStartScan},
		{"GET", "/returns/:id", anyone, (*App).returnPage},
		{"GET", "/returns/:id/slip.pdf", anyone, (*App).returnSlip},
		{"GET", "/returns/:id/label.pdf", anyone, (*App).returnLabel},
		{"POST", "/returns/:id/note", returners, (*App).noteVerdict},
		{"POST", "/returns/:id/settle", office, (*App).settleReturn},
		{"POST", "/returns/:id/withdraw", office, (*App).withdrawReturn},
		{"GET", "/returns/:id/receive", returners, (*App).receiveReturnPage},
		{"POST", "/returns/:id/receive/scan", returners, (*App).receiveReturnScan},
		{"GET", "/returns/:id/inspect", returners, (*App).inspectPage},
		{"POST", "/returns/:id/inspect/scan", returners, (*App).inspectScan},

		{"GET", "/journey/:token/returns/:id/slip.pdf", public, (*App).journeySlip},
		{"GET", "/journey/:token/returns/:id/label.pdf", public, (*App).journeyReturnLabel},

		{"GET", "/letters", office, (*App).lettersPage},
		{"GET", "/letters/:id", office, (*App).letterPage},
		{"GET", "/letters/:id/html", office, (*App).letterHTML},
		{"GET", "/letters/:id/files/:n", office, (*App).letterFile},
		{"POST", "/letters/:id/retry", office, (*App).retryLetter},
		{"POST", "/letters/:id/cancel", office, (*App).cancelLetter},
		{"GET", "/inbox", anyone, (*App).inboxPage},
		{"GET", "/inbox/:id", anyone, (*App).inboxLetter},
		{"GET", "/inbox/:id/html", anyone, (*App).inboxHTML},
		{"GET", "/inbox/:id/raw", anyone, (*App).inboxRaw},
		{"GET", "/inbox/:id/files/:n", anyone, (*App).inboxFile},
	}
}

func (a *App) loadingStart(c *fiber.Ctx) error {
	step, err := shipping.ShowLoadingStart(c.UserContext(), a.DB, a.who(c))
	if err != nil {
		return err
	}
	beside, err := a.yard(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	return a.showStep(c, "/loading", step, beside)
}

func (a *App) loadingStartScan(c *fiber.Ctx) error {
	var beside templ.Component
	return a.takeScan(c, "/loading", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if step, err = shipping.StartLoading(ctx, tx, a.house(c), p.Scan); err != nil {
			return step, err
		}
		beside, err = a.yard(ctx, tx, a.house(c))
		return step, err
	}, func() templ.Component { return beside })
}

// yard is what stands beside the question for the door: every door, and the trucks that left last.
func (a *App) yard(ctx context.Context, q pg.Querier, house inventory.WarehouseID) (templ.Component, error) {
	doors, err := shipping.Doors(ctx, q, house)
	if err != nil {
		return nil, err
	}
	gone, err := shipping.Manifests(ctx, q, house, 5)
	return yardPanel(doors, gone), err
}

// door is the dock of the path; another warehouse's does not exist here.
func (a *App) door(c *fiber.Ctx) (inventory.LocationID, error) {
	id, err := number(c, "door")
	if err != nil {
		return 0, err
	}
	l, err := inventory.LocationByID(c.UserContext(), a.DB, inventory.LocationID(id))
	if err == nil && (l.Warehouse != a.house(c) || l.Kind != inventory.Dock) {
		err = noPage()
	}
	return l.ID, err
}

func doorPath(id inventory.LocationID) string { return fmt.Sprintf("/loading/%d", id) }

func (a *App) loadingPage(c *fiber.Ctx) error {
	door, err := a.door(c)
	if err != nil {
		return err
	}
	step, err := shipping.ShowLoading(c.UserContext(), a.DB, door)
	if err != nil {
		return err
	}
	beside, err := dockside(c.UserContext(), a.DB, door)
	if err != nil {
		return err
	}
	return a.showStep(c, doorPath(door), step, beside)
}

const mostListed = 100 // parcels beside a scanning screen

// dockside is what stands beside the scans at a door: the parcels that are still to be loaded.
func dockside(ctx context.Context, q pg.Querier, door inventory.LocationID) (templ.Component, error) {
	waiting, err := shipping.ForTruck(ctx, q, door, mostListed)
	return waitingPanel(waiting), err
}

func (a *App) loadingScan(c *fiber.Ctx) error {
	door, err := a.door(c)
	if err != nil {
		return err
	}
	var beside templ.Component
	return a.takeScan(c, doorPath(door), func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if step, err = loadingStep(ctx, tx, door, p); err != nil {
			return step, err
		}
		beside, err = dockside(ctx, tx, door)
		return step, err
	}, func() templ.Component { return beside })
}

func loadingStep(ctx context.Context, tx *sql.Tx, door inventory.LocationID, p pull) (scan.Step, error) {
	switch p.Action {
	case "undo":
		return shipping.Unload(ctx, tx, door, p.Undo, p.Scan)
	case "dispatch", "dispatch-rest":
		return shipping.DispatchDoor(ctx, tx, door, p.Action == "dispatch-rest", p.Scan)
	case "keep":
		return shipping.KeepLoading(ctx, tx, door, p.Scan)
	case "":
		return shipping.Load(ctx, tx, door, p.Scan)
	}
	return scan.Step{}, noButton()
}

func (a *App) deliveriesPage(c *fiber.Ctx) error {
	step, err := shipping.ShowDeliveries(c.UserContext(), a.DB, a.house(c), a.who(c))
	if err != nil {
		return err
	}
	beside, err := onTheRoad(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	return a.showStep(c, "/deliveries", step, beside)
}

func (a *App) deliveriesScan(c *fiber.Ctx) error {
	var beside templ.Component
	return a.takeScan(c, "/deliveries", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if p.Action != "" {
			return step, noButton()
		}
		if step, err = shipping.DeliverScan(ctx, tx, a.house(c), p.Scan); err != nil {
			return step, err
		}
		beside, err = onTheRoad(ctx, tx, a.house(c))
		return step, err
	}, func() templ.Component { return beside })
}

// onTheRoad is what stands beside the scans at the doorstep: where the parcels go.
func onTheRoad(ctx context.Context, q pg.Querier, house inventory.WarehouseID) (templ.Component, error) {
	drops, err := shipping.OnTheRoad(ctx, q, house, mostListed)
	return roadPanel(drops), err
}

// clock is the time zone of the warehouse somebody works in.
func (a *App) clock(c *fiber.Ctx) (*time.Location, error) {
	house, err := a.warehouse(c)
	return house.Clock(), err
}

// moment writes a time in the office's short way; none is "".
func moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2 Jan 2006, 15:04")
}

// onDay writes a day; none is "".
func onDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("Mon, 2 Jan 2006")
}

func noButton() error {
	return fault.New(fault.Invalid, "There is no such button here. Load the page again.")
}

func noPage() error {
	return fault.New(fault.NotFound, "There is no page at this address. Look in the menu.")
}
