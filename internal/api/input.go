package api

import (
	"context"
	"net/url"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
)

// The types below are embedded in the inputs of operations. Huma looks into exported ones only.

type fiberKey struct{}

// carry takes the request itself along to the handler.
func carry(ctx huma.Context, next func(huma.Context)) {
	next(huma.WithValue(ctx, fiberKey{}, humafiber.Unwrap(ctx)))
}

func fiberOf(ctx context.Context) *fiber.Ctx { return ctx.Value(fiberKey{}).(*fiber.Ctx) }

// Keyed is the key of a request that must not count twice.
type Keyed struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128" pattern:"^[!-~]+$" doc:"Made by the client, one for each request it means; the same for every repeat."`
}

// Press is the input of an operation without a body.
type Press struct{ Keyed }

func (p *Press) repeat() (string, []byte) { return p.Key, nil }

// Post is the input of an operation with one.
type Post[B any] struct {
	Keyed
	RawBody []byte
	Body    B
}

func (p *Post[B]) repeat() (string, []byte) { return p.Key, p.RawBody }

// Put is the input of an operation that may be repeated by its nature: it says how things shall be.
type Put[B any] struct {
	Key     string `header:"Idempotency-Key" required:"false" minLength:"1" maxLength:"128" pattern:"^[!-~]+$" doc:"Wanted only by who needs the same answer to a repeat."`
	RawBody []byte
	Body    B
}

func (p *Put[B]) repeat() (string, []byte) { return p.Key, p.RawBody }

// segment is a text of the path as it was meant: "A%2F7" is A/7.
func segment(text string) string {
	if meant, err := url.PathUnescape(text); err == nil {
		return meant
	}
	return text
}

// Gone is the input of an operation that takes something away.
type Gone struct {
	Key string `header:"Idempotency-Key" required:"false" minLength:"1" maxLength:"128" pattern:"^[!-~]+$" doc:"Wanted only by who needs the same answer to a repeat."`
}

func (g *Gone) repeat() (string, []byte) { return g.Key, nil }
