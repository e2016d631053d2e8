// Package api is the verbs of Tote as a JSON API with its OpenAPI document: the functions the pages call,
// for programs.
//
// An operation is a line of the table in routes.go: method, path, who may, and a handler that decodes, calls
// one function of a trade in a transaction and answers. Who asks is told by a bearer token, which acts as a
// member of staff. A wrong scan is an answer (200), as it is on a screen; everything that is refused is
// problem+json (RFC 9457).
package api

import (
	"database/sql"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"tote/internal/files"
)

// Prefix is where the API is mounted; every answer below it is JSON, errors too.
const Prefix = "/api"

// version begins every path behind the prefix. A change that breaks clients makes a new one.
const version = "/v1"

// Deps is what the API needs from the program around it.
type Deps struct {
	DB      *sql.DB
	Log     *slog.Logger     // nil logs to the default
	Now     func() time.Time // nil is the machine's clock
	Release string           // of Tote, for the document
	Files   *files.Store     // nil: no artwork is sent or fetched
}

// API answers requests.
type API struct{ Deps }

// New readies the API.
func New(d Deps) *API {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	return &API{d}
}

// Mount adds the operations, the document and its page to the routes of Prefix.
func (a *API) Mount(app *fiber.App, r fiber.Router) {
	r.Use(plain)
	v1 := r.Group(version, wholeBody)
	operations := humafiber.NewWithGroup(app, v1, a.config())
	operations.UseMiddleware(a.authenticated)
	for _, o := range routes() {
		o.add(a, operations, o)
	}
	document, err := json.Marshal(operations.OpenAPI())
	if err != nil {
		panic(err) // the document is made of constants and types: a test would have met this
	}
	v1.Get("/openapi.json", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "application/openapi+json")
		return c.Send(document)
	})
}

func (a *API) config() huma.Config {
	release := a.Release
	if release == "" {
		release = "unreleased"
	}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI:  "3.1.0",
			Info:     &huma.Info{Title: "Tote", Version: release, Description: description},
			Servers:  []*huma.Server{{URL: Prefix + version}},
			Tags:     tags,
			Security: []map[string][]string{{"token": {}}},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "A token of `tote token`. It acts as a member of staff and may what the member may."}},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
}

const description = `A warehouse from the order form to the doorstep and back.

**Tokens.** Send ` + "`Authorization: Bearer tote_…`" + `. A token acts as a member of staff in the member's warehouse.

**Repeats.** Every POST but a scan wants an ` + "`Idempotency-Key`" + `. The same key with the same body is answered with the
stored answer, byte for byte, and does nothing; with another body it is refused. What was refused had no effect and may be
sent again under its key. Keys are kept for thirty days. A scan is known by the ` + "`key`" + ` in its body, for ever.

**Scans.** What a scanner read goes to the job it was pulled for and is answered with the step: was it right, and what comes
next. A wrong scan is an answer, not an error.

**Refusals** are problem+json. ` + "`detail`" + ` is a sentence for a person; ` + "`errors`" + ` names the fields as the order form does
(` + "`lines.0.quantity`" + `).

**Lists** answer a page and the cursor of the ` + "`next`" + ` one. Times are UTC; money is in the minor unit of its currency.`
