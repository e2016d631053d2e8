// Package web is Tote in a browser: pages for the handheld, for the office and for customers.
package web

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/files"
	"tote/internal/orders/checkout"
	"tote/internal/pg"
	"tote/shipping/easypost"
)

// Deps is what the pages need from the program around them. What is nil is not offered.
type Deps struct {
	DB      *sql.DB
	Log     *slog.Logger     // nil logs to the default
	Now     func() time.Time // nil is the machine's clock
	TLS     bool             // served over https: cookies say Secure
	Proxies []string         // addresses of trusted proxies, whose X-Forwarded-For names the client

	// Files keeps photos; nil keeps none.
	Files *files.Store
	// Cards takes payments by card; nil takes none.
	Cards *checkout.Stripe
	// Parcels is the account that sells labels; nil hears nothing of parcels.
	Parcels *easypost.Account
	// Inbox says that letters arrive in an inbox of our own, which has a page.
	Inbox bool
	// Personas are the people of a demo, shown on the sign-in page with their badges and PINs.
	Personas func(ctx context.Context, q pg.Querier) ([]Persona, error)
	// Live and Ready answer /livez and /readyz; nil is well.
	Live, Ready func(ctx context.Context) error
	// Metrics answers /metrics to MetricsToken, or to this machine itself where that is empty.
	Metrics      http.Handler
	MetricsToken string
	// Mounts are parts that guard themselves, such as the JSON API, by the prefix of their paths.
	Mounts map[string]Mount
}

// Mount is a part of the program with routes of its own below a prefix.
type Mount interface {
	Mount(app *fiber.App, below fiber.Router)
	// Fail answers an error of a request below the prefix, whoever met it.
	Fail(c *fiber.Ctx, err error) error
}

// Persona is somebody a visitor of the demo can be.
type Persona struct {
	Name, Does, Badge, PIN string
}

// App answers requests.
type App struct {
	Deps
	table []route
	fixed map[string]route

	founded atomic.Bool // somebody has set this site up
	ready   sync.Map    // warehouses, by id, of which every part is set up
}

const (
	bodyLimit    = 4 << 20
	readTimeout  = 15 * time.Second
	writeTimeout = 60 * time.Second
	idleTimeout  = 120 * time.Second
	patience     = 30 * time.Second // for one handler
)

// New builds the program's pages from the table in routes.go.
func New(deps Deps) *fiber.App { return build(deps, routes()) }

func build(deps Deps, table []route) *fiber.App {
	a := &App{Deps: deps, table: table, fixed: fixed(table)}
	a.setDefaults()
	app := fiber.New(fiber.Config{
		AppName:                      "Tote",
		Immutable:                    true, // strings outlive their request
		BodyLimit:                    bodyLimit,
		StreamRequestBody:            true, // so that limitBody can answer instead of the connection being cut
		DisablePreParseMultipartForm: true,
		ReadBufferSize:               16 << 10,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		DisableStartupMessage:        true,
		EnableTrustedProxyCheck:      true,
		TrustedProxies:               a.Proxies,
		ProxyHeader:                  proxyHeader(a.Proxies),
		EnableIPValidation:           true,
		ErrorHandler:                 a.fail,
	})
	app.Use(a.logged, a.recovered, secured(a.TLS), limitBody, a.timed, sameOrigin)
	app.Post("/order", fewOrders(), fewFiles())
	app.Post("/my", a.fewLinks())
	for _, r := range table {
		app.Add(r.Method, r.Path, a.guarded(r))
		if r.Method == fiber.MethodGet {
			app.Add(fiber.MethodHead, r.Path, a.guarded(r))
		}
	}
	for prefix, part := range a.Mounts {
		part.Mount(app, app.Group(prefix))
	}
	return app
}

func (a *App) setDefaults() {
	if a.Log == nil {
		a.Log = slog.Default()
	}
	if a.Now == nil {
		a.Now = time.Now
	}
}

// proxyHeader is read only from trusted proxies; without any, the peer is the client.
func proxyHeader(proxies []string) string {
	if len(proxies) == 0 {
		return ""
	}
	return fiber.HeaderXForwardedFor
}
