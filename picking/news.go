package picking

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/pg"
)

// tell keeps a sentence for the picker of a list until his next right scan, behind what he has not heard yet. Wrong scans say
// it too: they may be wrong because of it.
func tell(ctx context.Context, tx *sql.Tx, list ListID, sentence string) error {
	_, err := tx.ExecContext(ctx, `update pick_lists set news = ltrim(news || ' ' || $2) where id = $1 and state = 'started'`, list, sentence)
	return err
}

// sentence ends what was said with a full stop, so that more can follow.
func sentence(said string) string {
	if said == "" || strings.ContainsRune(".!?", rune(said[len(said)-1])) {
		return said
	}
	return said + "."
}

// walker is a started list with an order that is still to be picked on it.
type walker struct {
	list   ListID
	demand DemandID
	ref    string
}

// walkers are the lists on their way that pick of some orders now.
func walkers(ctx context.Context, q pg.Querier, demands ...demand) ([]walker, error) {
	return pg.Collect(func(w *walker) []any { return []any{&w.list, &w.demand, &w.ref} })(q.QueryContext(ctx, `
		select distinct p.id, d.id, d.ref
		from pick_lists p join pick_tasks t on t.list_id = p.id join demands d on d.id = t.demand_id
		where p.state in ('released', 'started') and t.state = 'open' and d.id = any($1)
		order by p.id, d.id`, pg.Column(demands, func(d demand) DemandID { return d.id })))
}

// takenOff tells pickers which of their orders are gone since before, and frees the places on their carts: a tote in
// which nothing lies is for anybody again.
func takenOff(ctx context.Context, tx *sql.Tx, before []walker) error {
	for len(before) > 0 {
		list, mine := before[0].list, 1
		for mine < len(before) && before[mine].list == list {
			mine++
		}
		if err := takenOffList(ctx, tx, list, before[:mine]); err != nil {
			return err
		}
		before = before[mine:]
	}
	return nil
}

func takenOffList(ctx context.Context, tx *sql.Tx, list ListID, before []walker) error {
	gone, err := pg.Values[string](tx.QueryContext(ctx, `
		select d.ref from pick_lists p, demands d
		where p.id = $1 and p.state in ('released', 'started') and d.id = any($2)
			and not exists (select from pick_tasks where list_id = p.id and demand_id = d.id and state = 'open')
		order by d.id`, list, pg.Column(before, func(w walker) DemandID { return w.demand })))
	if err != nil || len(gone) == 0 {
		return err
	}
	freed, err := freePlaces(ctx, tx, list, gone)
	if err != nil {
		return err
	}
	was, are := "was", "is"
	if len(gone) > 1 {
		was = "were"
	}
	if len(freed) > 1 {
		are = "are"
	}
	said := fmt.Sprintf("%s %s taken off your walk.", words(gone), was)
	if len(freed) > 0 {
		said += fmt.Sprintf(" %s %s free again.", words(freed), are)
	}
	return tell(ctx, tx, list, said)
}

// freePlaces gives up the places of orders that left a cart, except where something lies in the tote. It answers the
// empty totes with their places.
func freePlaces(ctx context.Context, tx *sql.Tx, list ListID, refs []string) ([]string, error) {
	freed, err := pg.Values[string](tx.QueryContext(ctx, `
		with off as (
			update cart_totes c set active = false
			from demands d
			where c.list_id = $1 and c.active and d.id = c.demand_id and d.ref = any($2)
				and not exists (select from tote_lines t where t.tote_id = c.tote_id)
			returning c.position, c.tote_id)
		select format('%s at place %s', l.code, off.position) from off join locations l on l.id = off.tote_id order by off.position`,
		list, pg.Array(refs)))
	if err != nil {
		return nil, err
	}
	return freed, closeGaps(ctx, tx, list)
}

// closeGaps numbers the places of a cart anew on which no tote stands yet.
func closeGaps(ctx context.Context, tx *sql.Tx, list ListID) error {
	left, err := pg.Values[DemandID](tx.QueryContext(ctx, `
		select demand_id from cart_totes
		where list_id = $1 and active
			and not exists (select from cart_totes where list_id = $1 and tote_id is not null)
			and not exists (select from pick_counts where list_id = $1)
		order by position`, list))
	if err != nil || len(left) == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from cart_totes where list_id = $1`, list); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into cart_totes (list_id, position, demand_id) select $1, n, id from unnest($2::bigint[]) with ordinality as d (id, n)`,
		list, pg.Array(left))
	return err
}
