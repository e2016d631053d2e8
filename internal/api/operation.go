package api

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"tote/internal/staff"
)

// operation is one line of the table in routes.go.
type operation struct {
	Method string
	Path   string
	ID     string // of the operation in the document
	Says   string // one sentence
	Tag    string
	Roles  []staff.Role
	add    func(*API, huma.API, operation)
}

// largest is how long a body may be.
const largest = 1 << 20

func (o operation) huma(status int) huma.Operation {
	return huma.Operation{
		Method: o.Method, Path: o.Path, OperationID: o.ID, Summary: o.Says, Tags: []string{o.Tag}, DefaultStatus: status,
		Security:        []map[string][]string{{"token": {}}},
		Metadata:        map[string]any{rolesOf: o.Roles},
		MaxBodyBytes:    largest,
		BodyReadTimeout: 0,
		Responses:       map[string]*huma.Response{},
	}
}

// refusals are what an operation may answer besides what it is asked for; any of them is a problem.
func refusals(to huma.API, op *huma.Operation) {
	schema := to.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problem](), true, "Problem")
	op.Responses["default"] = &huma.Response{Description: "Refused, or failed", Content: map[string]*huma.MediaType{problemType: {Schema: schema}}}
}

// found is the answer of a reading operation.
type found[O any] struct{ Body O }

// read is an operation that changes nothing.
func read[I, O any](do func(a *API, ctx context.Context, in *I) (O, error)) func(*API, huma.API, operation) {
	return func(a *API, to huma.API, o operation) {
		op := o.huma(http.StatusOK)
		refusals(to, &op)
		op.Middlewares = huma.Middlewares{carry}
		huma.Register(to, op, func(ctx context.Context, in *I) (*found[O], error) {
			out, err := do(a, ctx, in)
			if err != nil {
				return nil, a.problemOf(fiberOf(ctx), err)
			}
			return &found[O]{out}, nil
		})
	}
}

// sent is the input of a writing operation: with the key it is repeated under and the body as it came.
type sent[I any] interface {
	*I
	repeat() (key string, body []byte)
}

// answer writes what was made, or what was stored when it was made.
type answer struct{ Body func(huma.Context) }

// write is an operation with an effect. do runs in a transaction, which may run again; its answer is stored in the
// same transaction under the request's key.
func write[I, O any, P sent[I]](status int, do func(a *API, ctx context.Context, tx *sql.Tx, in *I) (O, error)) func(*API, huma.API, operation) {
	return writing[I, O, P](status, do, func(*API, context.Context, *I) error { return nil }, func(*huma.Operation) {})
}

// takeFile is write for an operation whose body is a file: keep looks at it before the transaction begins.
func takeFile[I, O any, P sent[I]](status int, keep func(a *API, ctx context.Context, in *I) error, do func(a *API, ctx context.Context, tx *sql.Tx, in *I) (O, error)) func(*API, huma.API, operation) {
	return writing[I, O, P](status, do, keep, func(op *huma.Operation) {
		op.MaxBodyBytes, op.Middlewares = largestFile, append(op.Middlewares, inTurn)
	})
}

func writing[I, O any, P sent[I]](status int, do func(a *API, ctx context.Context, tx *sql.Tx, in *I) (O, error), before func(a *API, ctx context.Context, in *I) error, change func(*huma.Operation)) func(*API, huma.API, operation) {
	return func(a *API, to huma.API, o operation) {
		op := o.huma(status)
		schema := to.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[O](), true, o.ID+"-answer")
		op.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
		refusals(to, &op)
		op.Middlewares = huma.Middlewares{carry}
		change(&op)
		huma.Register(to, op, func(ctx context.Context, in *I) (*answer, error) {
			c := fiberOf(ctx)
			if err := before(a, ctx, in); err != nil {
				return nil, a.problemOf(c, err)
			}
			key, body := P(in).repeat()
			r := request{token: who(ctx).token, key: key, method: o.Method, path: c.Path(), body: body}
			given, err := a.once(ctx, r, func(tx *sql.Tx) (reply, error) {
				out, err := do(a, ctx, tx, in)
				if err != nil {
					return reply{}, err
				}
				text, err := json.Marshal(out)
				return reply{status: status, body: text}, err
			})
			if err != nil {
				return nil, a.problemOf(c, err)
			}
			return &answer{given.write}, nil
		})
	}
}

func (r reply) write(ctx huma.Context) {
	ctx.SetHeader("Content-Type", "application/json")
	if r.repeated {
		ctx.SetHeader("Idempotency-Replayed", "true")
	}
	ctx.SetStatus(r.status)
	_, _ = ctx.BodyWriter().Write(r.body)
}
