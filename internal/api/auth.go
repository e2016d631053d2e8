package api

import (
	"context"
	"database/sql"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// caller is who asks, and when.
type caller struct {
	staff.Member
	token int64
	at    time.Time
}

// house is the warehouse the caller works in.
func (c caller) house() inventory.WarehouseID { return inventory.WarehouseID(c.Warehouse) }

type callerKey struct{}

// who is the caller of an operation; authenticated has put it there.
func who(ctx context.Context) caller { return ctx.Value(callerKey{}).(caller) }

// rolesOf is where the table's roles travel with an operation.
const rolesOf = "roles"

// authenticated lets those in whom the table lets in: 401 without a valid token, 403 without a role.
func (a *API) authenticated(ctx huma.Context, next func(huma.Context)) {
	c := humafiber.Unwrap(ctx)
	scheme, secret, _ := strings.Cut(ctx.Header("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || secret == "" {
		_ = a.Fail(c, refuse(http.StatusUnauthorized, "Send a token: Authorization: Bearer tote_…", "", nil))
		return
	}
	token, err := staff.TokenOf(ctx.Context(), a.DB, strings.TrimSpace(secret))
	if err != nil {
		p := a.problemOf(c, err)
		if fault.KindOf(err) == fault.Forbidden {
			p = refuse(http.StatusUnauthorized, p.Detail, "", nil)
		}
		_ = a.Fail(c, p)
		return
	}
	if roles, _ := ctx.Operation().Metadata[rolesOf].([]staff.Role); !token.Member.May(roles...) {
		_ = a.Fail(c, fault.New(fault.Forbidden, "%s may not do that. Ask a manager for a token that may.", token.Member.Name))
		return
	}
	if at := a.Now(); token.Stale(at) {
		if err := pg.InTx(ctx.Context(), a.DB, func(tx *sql.Tx) error { return staff.NoteUse(ctx.Context(), tx, token.ID, at) }); err != nil {
			_ = a.Fail(c, err)
			return
		}
	}
	next(huma.WithValue(ctx, callerKey{}, caller{Member: token.Member, token: token.ID, at: a.Now().UTC()}))
}
