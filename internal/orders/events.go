package orders

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
)

// event is a line of an order's own story.
type event struct {
	order  ID
	what   string // "placed", "paid", "held" …
	detail string
}

// tell adds to the stories of orders.
func tell(ctx context.Context, tx *sql.Tx, by staff.ID, at time.Time, story ...event) error {
	if len(story) == 0 {
		return nil
	}
	ids, whats, details := make([]ID, len(story)), make([]string, len(story)), make([]string, len(story))
	for i, e := range story {
		ids[i], whats[i], details[i] = e.order, e.what, e.detail
	}
	_, err := tx.ExecContext(ctx, `
		insert into order_events (order_id, at, staff_id, what, detail)
		select u.id, $4, $5, u.what, u.detail
		from unnest($1::bigint[], $2::text[], $3::text[]) with ordinality as u(id, what, detail, n)
		order by u.n`, pg.Array(ids), pg.Array(whats), pg.Array(details), at, nobody(by))
	return err
}

// fact is something that became true of an order.
func fact(name string, n Number) outbox.Fact {
	return outbox.Fact{Name: name, Ref: n.String(), Data: json.RawMessage(`{}`)}
}

// nobody is a staff id as a column takes it: null when it was the customer or a machine.
func nobody(by staff.ID) any {
	if by == 0 {
		return nil
	}
	return int64(by)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
