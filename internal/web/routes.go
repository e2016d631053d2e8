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

	receivers = only(staff.Receiver, staff.Clerk, staff.Manager)
	office    = only(staff.Clerk, staff.Manager)
	managers  = only(staff.Manager)
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
			{"GET", "/assets/:file", public, (*App).asset},

			{"GET", "/sign-in", visitor, (*App).signInPage},
			{"POST", "/sign-in", visitor, (*App).signIn},
			{"POST", "/sign-out", visitor, (*App).signOut},
			{"GET", "/sign-in/station", anyone, (*App).stationPage},
			{"POST", "/sign-in/station", anyone, (*App).takeStation},

			{"GET", "/", visitor, (*App).front},
			{"GET", "/menu", anyone, (*App).menu},
			{"POST", "/scan", anyone, (*App).scanAnything},
		},
		[]route{
			{"GET", "/receiving", receivers, (*App).receivingStart},
			{"POST", "/receiving/scan", receivers, (*App).receivingStartScan},
			{"GET", "/receiving/expected", receivers, (*App).expectedList},
			{"POST", "/receiving/expected", office, (*App).addExpected},
			{"GET", "/receiving/expected/new", office, (*App).expectedForm},
			{"GET", "/receiving/expected/csv", office, (*App).expectedCSV},
			{"POST", "/receiving/expected/csv", office, (*App).readExpectedCSV},
			{"GET", "/receiving/expected/:expected", receivers, (*App).expectedPage},
			{"POST", "/receiving/expected/:expected/close", office, (*App).closeExpected},
			{"GET", "/receiving/:receipt", receivers, (*App).receivingPage},
			{"POST", "/receiving/:receipt/scan", receivers, (*App).receivingScan},
			{"GET", "/receiving/:receipt/lines", receivers, (*App).receiptPage},
			{"POST", "/receiving/:receipt/note", receivers, (*App).noteLine},
			{"POST", "/receiving/:receipt/match", receivers, (*App).matchReceipt},
			{"GET", "/photos/:hash", anyone, (*App).photo},

			{"GET", "/putaway", receivers, (*App).putawayPage},
			{"POST", "/putaway/scan", receivers, (*App).putawayScan},
		},
	)
}
