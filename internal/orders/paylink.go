package orders

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// PayTogether makes a link where several orders of one customer are paid at once. The same key again gives the same link.
func PayTogether(ctx context.Context, tx *sql.Tx, key string, numbers []Number, by staff.ID, at time.Time) (page PayPage, err error) {
	defer fault.Wrap(&err, "orders.PayTogether(%v)", numbers)
	if key == "" || wrongText(key, maxKey, false) != "" {
		return page, fault.New(fault.Invalid, "The form lost its key. Open it anew and fill it in again.")
	}
	numbers = slices.Clone(numbers)
	slices.Sort(numbers)
	if numbers = slices.Compact(numbers); len(numbers) == 0 {
		return page, fault.Fields{{Name: "orders", Message: "Choose at least one order."}}
	}
	list, err := lockPaid(ctx, tx, numbers)
	if err != nil {
		return page, err
	}
	page.Several = true
	err = tx.QueryRowContext(ctx, `select token from pay_links where submission = $1`, key).Scan(&page.Token)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return page, err
	}
	for _, o := range list {
		if o.open() <= 0 {
			return page, fault.Fields{{Name: "orders", Message: "Nothing is open on " + o.ref() + "."}}
		}
	}
	page.Token = rand.Text()
	return page, insertPayLink(ctx, tx, page.Token, key, list, by, at)
}

func insertPayLink(ctx context.Context, tx *sql.Tx, token, key string, list []order, by staff.ID, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `insert into pay_links (token, submission, customer_id, made_by, made_at) values ($1, $2, $3, $4, $5)`,
		token, key, list[0].customer, nobody(by), at); err != nil {
		return err
	}
	ids, story := make([]ID, len(list)), make([]event, len(list))
	for i, o := range list {
		ids[i], story[i] = o.id, event{o.id, "pay link made", "for " + names(list)}
	}
	if _, err := tx.ExecContext(ctx, `insert into pay_link_orders (token, order_id) select $1, unnest($2::bigint[])`, token, pg.Array(ids)); err != nil {
		return err
	}
	return tell(ctx, tx, by, at, story...)
}
