// Package arch holds the drawing of docs/design.md as data: which package may know which. Its test
// compares it with what the packages import.
package arch

import "slices"

// Groups of packages that are allowed together.
var (
	ground = []string{"internal/fault", "internal/pg", "internal/staff", "internal/scan", "internal/outbox", "internal/files", "internal/sheet"}
	floor  = []string{"labels", "inventory", "picking", "packing", "shipping"}
	office = []string{"internal/orders", "internal/production", "internal/studio"}
	out    = []string{"internal/mail", "internal/print"}
)

// arrows says for every package on the drawing which others it may import. A sub-package may what its
// parent may, and the two may know each other; pure sub-packages are listed by themselves.
var arrows = map[string][]string{
	// ground
	"internal/fault":  {},
	"internal/pg":     {"internal/fault"},
	"internal/staff":  {"internal/fault", "internal/pg", "internal/sheet"},
	"internal/scan":   {"internal/fault", "internal/pg", "internal/staff"},
	"internal/outbox": {"internal/fault", "internal/pg"},
	"internal/files":  {"internal/fault", "internal/pg"},
	"internal/sheet":  {"internal/fault"},
	"migrations":      {"internal/fault", "internal/pg"},

	// floor: each stage knows the stages before it, nobody knows the office
	"labels":        {"internal/fault"},
	"labels/qr":     {"internal/fault"},
	"inventory":     list(ground, "labels"),
	"picking":       list(ground, "labels", "inventory"),
	"picking/route": {},
	"packing":       list(ground, "labels", "inventory", "picking"),
	"packing/boxes": {},
	"shipping":      list(ground, "labels", "inventory", "picking", "packing"),

	"shipping/easypost": {"internal/fault", "shipping"},

	// office
	"internal/studio":          list(ground, "inventory"),
	"internal/production":      list(ground, "labels", "inventory", "picking", "internal/studio"),
	"internal/orders":          list(ground, join(floor, []string{"internal/production", "internal/studio"})...),
	"internal/orders/checkout": {"internal/fault", "internal/orders"},
	"internal/trace":           list(ground, join(floor, office)...),
	"internal/mail":            list(ground, join(floor, office, []string{"internal/trace"})...),
	"internal/print":           list(ground, join(floor, office, []string{"internal/trace"})...),

	// edges
	"internal/web": list(ground, join(floor, office, out, []string{"internal/trace"})...),
	"internal/api": list(ground, join(floor, office, out, []string{"internal/trace"})...),

	// wires
	"internal/demo": list(ground, join(floor, office, out, []string{"internal/trace", "migrations"})...),
	"cmd/tote":      list(ground, join(floor, office, out, []string{"internal/trace", "internal/web", "internal/api", "internal/demo", "migrations", "picking/route", "packing/boxes"})...),

	// tests
	"internal/pgtest": {"internal/pg", "internal/outbox", "migrations"},
	"internal/arch":   {},
}

// helpers of tests, beside the packages whose tables they fill, may use a test database.
var helpers = []string{"inventory/sitetest", "picking/picktest", "packing/packtest", "shipping/shiptest", "internal/orders/ordertest", "internal/web/webtest"}

// owners says who alone may use a library, by the prefix of its import path. Tests are free.
var owners = map[string][]string{
	"github.com/lib/pq":                   {"internal/pg"},
	"github.com/riverqueue/river":         {"internal/outbox"},
	"github.com/pressly/goose":            {"migrations"},
	"github.com/gofiber/fiber":            {"internal/web", "internal/api"},
	"github.com/valyala/fasthttp":         {"internal/web", "internal/api"},
	"github.com/danielgtaylor/huma":       {"internal/api"},
	"github.com/a-h/templ":                {"internal/web"},
	"github.com/boombuler/barcode":        {"labels"},
	"github.com/jung-kurt/gofpdf":         {"labels"},
	"github.com/stripe/stripe-go":         {"internal/orders/checkout"},
	"github.com/wneessen/go-mail":         {"internal/mail"},
	"github.com/emersion/go-smtp":         {"internal/mail"},
	"github.com/alexedwards/argon2id":     {"internal/staff"},
	"github.com/go-co-op/gocron":          {"cmd/tote"},
	"github.com/alecthomas/kong":          {"cmd/tote"},
	"github.com/prometheus/client_golang": {"cmd/tote"},
	"github.com/stretchr/testify":         {},
	"github.com/alexedwards/scs":          {},
}

// environment is who may read the environment: everybody else is told by the command.
var environment = []string{"cmd/tote", "internal/pgtest"}

func list(some []string, more ...string) []string { return append(slices.Clone(some), more...) }

func join(lists ...[]string) []string { return slices.Concat(lists...) }
