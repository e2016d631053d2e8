package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"tote/internal/staff"
)

// A route is one line of the table below: who may do what where.
type route struct {
	Method string
	Path   string
	Access access
	Do     func(*App, *fiber.Ctx) error
}

// access says who may use a route. An access with roles asks for one of them; admin may everything.
type access struct {
	open    bool // no session is looked at: customers' links, files, health
	visitor bool // a session is looked at but nobody need be signed in: the sign-in itself
	roles   []staff.Role
}

var (
	public  = access{open: true}
	visitor = access{visitor: true}
	anyone  = only(staff.Roles...)

	receivers      = only(staff.Receiver, staff.Clerk, staff.Manager)
	pickers        = only(staff.Picker, staff.Manager)
	counters       = only(staff.Receiver, staff.Picker, staff.Clerk, staff.Manager)
	sorters        = only(staff.Picker, staff.Packer, staff.Manager)
	packers        = only(staff.Packer, staff.Manager)
	printing       = only(staff.Receiver, staff.Picker, staff.Packer, staff.Shipper, staff.Clerk, staff.Manager)
	office         = only(staff.Clerk, staff.Manager)
	managers       = only(staff.Manager)
	sellers        = only(staff.Sales, staff.Clerk, staff.Manager)
	admins         = only()
	shippers       = only(staff.Shipper, staff.Manager)
	stackers       = only(staff.Packer, staff.Shipper, staff.Manager)
	studioSees     = only(staff.ImageProcessor, staff.Artist, staff.ArtControl, staff.Production, staff.Fulfiller, staff.ClientSupport, staff.Sales, staff.Clerk, staff.Manager)
	imageCheckers  = only(staff.ImageProcessor, staff.Manager)
	artists        = only(staff.Artist, staff.Manager)
	makers         = only(staff.Production, staff.Manager)
	fulfillers     = only(staff.Fulfiller, staff.Manager)
	fulfilmentSees = only(staff.Fulfiller, staff.ClientSupport, staff.Clerk, staff.Manager)
	productionSees = only(staff.Production, staff.Fulfiller, staff.ClientSupport, staff.Clerk, staff.Manager)
	controllers    = only(staff.ArtControl, staff.Manager)
	supporters     = only(staff.ClientSupport, staff.Clerk, staff.Manager)
	callers        = only(staff.ArtControl, staff.ClientSupport, staff.Manager)
	drivers        = only(staff.Driver, staff.Shipper, staff.Manager)
	numberers      = only(staff.Shipper, staff.Packer, staff.Clerk, staff.Manager)
	// troubleshooters work off what stands in shipments' way
	troubleshooters = only(staff.Shipper, staff.ClientSupport, staff.Clerk, staff.Manager)
	returners       = only(staff.Receiver, staff.Shipper, staff.Clerk, staff.Manager)
)

// only lets these roles in, and admin.
func only(roles ...staff.Role) access { return access{roles: roles} }

// allows reports whether a member may; it is asked with a member who is signed in.
func (a access) allows(m staff.Member) bool { return a.open || a.visitor || m.May(a.roles...) }

// routes is the table of everything that answers. There is no route outside of it.
func routes() []route {
	return slices.Concat(
		[]route{
			{"GET", "/livez", public, (*App).livez},
			{"GET", "/readyz", public, (*App).readyz},
			{"GET", "/metrics", public, (*App).metrics}, // its own rule: a token, or this machine
			{"GET", "/favicon.svg", public, (*App).favicon},
			{"GET", "/favicon.ico", public, (*App).favicon}, // beside a PDF a browser asks for this one
			{"GET", "/assets/:file", public, (*App).asset},

			{"GET", "/welcome", visitor, (*App).welcome},
			{"POST", "/welcome", visitor, (*App).found},
			{"GET", "/sign-in", visitor, (*App).signInPage},
			{"POST", "/sign-in", visitor, (*App).signIn},
			{"GET", "/sign-in/desk", visitor, (*App).deskSignInPage},
			{"POST", "/sign-in/desk", visitor, (*App).deskSignIn},
			{"POST", "/sign-out", visitor, (*App).signOut},
			{"GET", "/sign-in/station", anyone, (*App).stationPage},
			{"POST", "/sign-in/station", anyone, (*App).takeStation},
			{"GET", "/sign-in/warehouse", anyone, (*App).choosePage},
			{"POST", "/sign-in/warehouse", anyone, (*App).chooseWarehouse},

			{"GET", "/", visitor, (*App).front},
			{"GET", "/menu", anyone, (*App).menu},
			{"GET", "/home", office, (*App).home},
			{"POST", "/scan", anyone, (*App).scanAnything},
		},
		[]route{
			{"GET", "/receiving", receivers, (*App).receivingStart},
			{"POST", "/receiving/scan", receivers, (*App).receivingStartScan},
			{"GET", "/receiving/expected", receivers, (*App).expectedList},
			{"POST", "/receiving/expected", office, (*App).addExpected},
			{"GET", "/receiving/expected/new", office, (*App).expectedForm},
			{"GET", "/receiving/expected.csv", office, (*App).writeExpectedCSV},
			{"GET", "/receiving/expected/csv", office, (*App).expectedCSV},
			{"POST", "/receiving/expected/csv", office, (*App).readExpectedCSV},
			{"GET", "/receiving/expected/:expected", receivers, (*App).expectedPage},
			{"POST", "/receiving/expected/:expected/close", office, (*App).closeExpected},
			{"GET", "/receiving/inspections", receivers, (*App).inspectionsPage},
			{"GET", "/receiving/inspections/:inspection", receivers, (*App).inspectionPage},
			{"POST", "/receiving/inspections/:inspection", receivers, (*App).judge},
			{"GET", "/receiving/:receipt", receivers, (*App).receivingPage},
			{"POST", "/receiving/:receipt/scan", receivers, (*App).receivingScan},
			{"GET", "/receiving/:receipt/lines", receivers, (*App).receiptPage},
			{"POST", "/receiving/:receipt/labels", receivers, (*App).printReceived},
			{"POST", "/receiving/:receipt/note", receivers, (*App).noteLine},
			{"POST", "/receiving/:receipt/barcodes", office, (*App).nameStranger},
			{"POST", "/receiving/:receipt/match", receivers, (*App).matchReceipt},
			{"GET", "/photos/:hash", anyone, (*App).photo},

			{"GET", "/putaway", receivers, (*App).putawayPage},
			{"POST", "/putaway/scan", receivers, (*App).putawayScan},
		},
		[]route{
			{"GET", "/stock", anyone, (*App).stockPage},
			{"GET", "/stock.csv", office, (*App).writeItemStockCSV},
			{"GET", "/stock/bins.csv", office, (*App).writeBinStockCSV},
			{"GET", "/stock/opening", managers, (*App).openingPage},
			{"POST", "/stock/opening", managers, (*App).readOpening},
			{"GET", "/stock/expiring", anyone, (*App).expiringPage},
			{"GET", "/stock/lots/:lot", anyone, (*App).lotPage},
			{"POST", "/stock/lots/:lot", office, (*App).saveLot},
			{"POST", "/stock/lots/:lot/quarantine", counters, (*App).quarantineLot},
			{"GET", "/stock/movements", anyone, (*App).movementsPage},
			{"GET", "/stock/at", office, (*App).stockAtPage},
			{"GET", "/stock/at.csv", office, (*App).writeStockAt},
			{"GET", "/ledger", managers, (*App).ledgerPage},
			{"POST", "/ledger/check", managers, (*App).checkNow},
			{"GET", "/stock/items/:id", anyone, (*App).itemPage},
			{"POST", "/stock/items/:id/adjust", office, (*App).adjust},
			{"POST", "/stock/items/:id/face", office, (*App).setFace},
			{"GET", "/stock/bins/:id", anyone, (*App).binPage},
			{"POST", "/stock/bins/:id/count", counters, (*App).askCount},

			{"GET", "/counting", counters, (*App).countingPage},
			{"POST", "/counting/scan", counters, (*App).countingScan},
			{"GET", "/counts", counters, (*App).countsPage},
			{"POST", "/counts/round", managers, (*App).askRound},
			{"GET", "/counts/:count", counters, (*App).countPage},
			{"POST", "/counts/:count/cancel", office, (*App).cancelCount},
			{"POST", "/counts/:count/book", managers, (*App).bookCount},
			{"POST", "/counts/:count/round/cancel", managers, (*App).cancelRound},

			{"GET", "/moving", counters, (*App).movingPage},
			{"POST", "/moving/scan", counters, (*App).movingScan},

			{"GET", "/replenishing", counters, (*App).replenishingPage},
			{"POST", "/replenishing/scan", counters, (*App).replenishingScan},
			{"GET", "/replenishment", counters, (*App).replenishmentPage},
			{"POST", "/replenishment", counters, (*App).replenish},
			{"POST", "/replenishment/:id/cancel", office, (*App).cancelReplenishment},
			{"GET", "/replenishment/faces", office, (*App).facesPage},
			{"GET", "/replenishment/faces.csv", office, (*App).writeFacesCSV},
			{"GET", "/replenishment/faces/csv", managers, (*App).facesCSV},
			{"POST", "/replenishment/faces/csv", managers, (*App).readFacesCSV},
		},
		letterTemplateRoutes(),
		questionRoutes(),
		feedbackRoutes(),
		setupRoutes(),
		orderRoutes(),
		quoteRoutes(),
		studioRoutes(),
		moneyRoutes(),
		togetherRoutes(),
		departmentRoutes(),
		traceRoutes(),
		[]route{
			{"GET", "/workshop", makers, (*App).workshopPage},
			{"POST", "/workshop/scan", makers, (*App).workshopScan},
			{"GET", "/fulfilment", fulfilmentSees, (*App).fulfilmentPage},
			{"GET", "/fulfilment/:job", fulfilmentSees, (*App).fulfilmentJobPage},
			{"GET", "/fulfilment/:job/files.zip", fulfilmentSees, (*App).fulfilmentFiles},
			{"GET", "/fulfilment/:job/order.pdf", fulfilmentSees, (*App).fulfilmentSheet},
			{"GET", "/fulfilment/:job/files/:hash", fulfilmentSees, (*App).workFile},
			{"POST", "/fulfilment/:job/hand-over", fulfillers, (*App).handOver},
			{"POST", "/fulfilment/:job/answer", fulfillers, (*App).partnerAnswered},
			{"POST", "/fulfilment/:job/take-back", fulfillers, (*App).takeHandOverBack},
			{"POST", "/fulfilment/:job/on-the-way", fulfillers, (*App).partnerSentToUs},
			{"POST", "/fulfilment/:job/sent", fulfillers, (*App).partnerSentStraight},
			{"POST", "/fulfilment/:job/fulfiller", managers, (*App).assignFulfiller},
			{"GET", "/setup/partners", managers, (*App).partnersPage},
			{"GET", "/setup/partners/new", managers, (*App).partnerPage},
			{"POST", "/setup/partners", managers, (*App).savePartner},
			{"POST", "/setup/partners/fulfillers/:id", managers, (*App).saveFulfiller},
			{"GET", "/setup/partners/:partner", managers, (*App).partnerPage},
			{"POST", "/setup/partners/:partner", managers, (*App).savePartner},
			{"GET", "/tools", productionSees, (*App).toolsPage},
			{"POST", "/tools/kinds", managers, (*App).saveToolKind},
			{"POST", "/tools/kinds/:kind", managers, (*App).saveToolKind},
			{"GET", "/tools/:tool", productionSees, (*App).toolPage},
			{"POST", "/tools/:tool/begin", makers, (*App).beginTool},
			{"POST", "/tools/:tool/kept", makers, (*App).keepTool},
			{"POST", "/tools/:tool/ended", makers, (*App).endTool},
			{"GET", "/production", productionSees, (*App).productionPage},
			{"GET", "/production/:job", productionSees, (*App).workOrderPage},
			{"GET", "/production/:job/traveller.pdf", productionSees, (*App).travellerPaper},
			{"GET", "/production/:job/files/:hash", productionSees, (*App).workFile},
		},
		[]route{
			{"GET", "/picking", pickers, (*App).pickingStart},
			{"POST", "/picking/scan", pickers, (*App).pickingStartScan},
			{"GET", "/picking/lists", pickers, (*App).pickingLists},
			{"GET", "/picking/lists/:id", anyone, (*App).pickListPage},
			{"POST", "/picking/lists/take-back", managers, (*App).takeBackLoose},
			{"POST", "/picking/lists/:id/take-back", managers, (*App).takeBackList},
			{"POST", "/picking/blocks/:block/clear", managers, (*App).unblock},
			{"GET", "/picking/:id", pickers, (*App).pickingPage},
			{"POST", "/picking/:id/scan", pickers, (*App).pickingScan},
			{"POST", "/picking/:id/assign", managers, (*App).assignList},
			{"GET", "/picking/:id/paper.pdf", pickers, (*App).pickPaper},
			{"POST", "/picking/:id/print", pickers, (*App).printList},

			{"GET", "/packing", packers, (*App).packingStart},
			{"POST", "/packing/scan", packers, (*App).packingStartScan},
			{"GET", "/packing/cartons/:id", printing, (*App).cartonPage},
			{"POST", "/packing/cartons/:id/label", packers, (*App).printLabel},
			{"POST", "/packing/cartons/:id/void", managers, (*App).voidCarton},
			{"POST", "/packing/cartons/:id/photo", packers, (*App).addCartonPhoto},
			{"GET", "/packing/:ref", packers, (*App).packingPage},
			{"POST", "/packing/:ref/scan", packers, (*App).packingScan},
			{"GET", "/packing/:ref/papers", packers, (*App).packingPapers},

			{"GET", "/print", printing, (*App).printQueue},
			{"GET", "/print/papers/:id", printing, (*App).paper},
			{"GET", "/print/papers/:id/look", printing, (*App).paperView},
			{"GET", "/print/papers/:id/pages/:page", printing, (*App).paperPicture},
			{"POST", "/print/:id/retry", printing, (*App).retryJob},
			{"POST", "/print/:id/cancel", printing, (*App).cancelJob},
			{"POST", "/print/:id/reprint", printing, (*App).reprintJob},
			{"POST", "/print/:id/shown", printing, (*App).showJob},
			{"POST", "/print/:id/came-out", printing, (*App).jobCameOut},
			{"POST", "/print/:id/take-back", printing, (*App).takeJobBack},
			{"POST", "/print/:id/elsewhere", printing, (*App).jobElsewhere},
		},
		waveRoutes(),
		shippingRoutes(),
		exceptionRoutes(),
		ratesRoutes(),
		transferRoutes(),
		tourRoutes(),
		palletRoutes(),
	)
}
