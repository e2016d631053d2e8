package api

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Check proves the laws of what is kept for repeated requests. It repairs nothing.
func Check(ctx context.Context, q pg.Querier) (_ []pg.Law, err error) {
	defer fault.Wrap(&err, "api.Check()")
	return pg.ProveAll(ctx, q, [2]string{"a key that was used keeps the whole answer", `
		select format('key %s of token %s: status %s', key, token_id, status) from api_requests where status not between 200 and 599`})
}
