package inventory

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/staff"
)

// Round asks for many counts at once: of all bins below a location of the tree, of those with an item or with items of
// a class in them, or what fits all that is given.
type Round struct {
	Warehouse WarehouseID
	Under     LocationID // 0: the whole warehouse
	Item      ItemID     // 0: all that is in the bin; else it alone, wherever it lies
	Class     Class      // "": of any
	Empty     bool       // also bins that hold nothing by the books; one that is named is counted in any case
	Staff     staff.ID
	At        time.Time
}

// AskRound asks for the counts of a round. It answers for how many bins, and how many of them waited to be counted
// already and wait on. A round of nothing is refused.
func AskRound(ctx context.Context, tx *sql.Tx, r Round) (bins, waited int64, err error) {
	defer fault.Wrap(&err, "inventory.AskRound(%d, %d, %q)", r.Under, r.Item, r.Class)
	if err := r.check(ctx, tx); err != nil {
		return 0, 0, err
	}
	if err := planning(ctx, tx, r.Warehouse); err != nil {
		return 0, 0, err
	}
	err = tx.QueryRowContext(ctx, `
		with recursive below as (
			select id from locations where warehouse_id = $1 and (id = $2 or $2 = 0)
			union
			select c.id from locations c join below b on c.parent_id = b.id
		), wanted as (
			select l.id from locations l join below using (id)
			where l.kind = 'bin' and l.active and ($3 = 0 and $4 = '' and ($8 or l.id = $2) or exists (
				select from balances b left join item_classes k on k.warehouse_id = b.warehouse_id and k.item_id = b.item_id
				where b.location_id = l.id and b.on_hand > 0 and ($3 = 0 or b.item_id = $3) and ($4 = '' or coalesce(k.class, 'C') = $4)))
		), joined as (
			update count_tasks t set again_at = greatest(t.again_at, $6) from wanted w
			where t.location_id = w.id and t.state = 'open' and (t.item_id is null or t.item_id = nullif($3, 0))
			returning t.location_id
		), made as (
			insert into count_tasks (warehouse_id, location_id, item_id, reason, asked_by, asked_at, again_at)
			select $1, w.id, nullif($3, 0), $7, nullif($5::bigint, 0), $6, $6 from wanted w
			where not exists (select from joined j where j.location_id = w.id)
			on conflict (location_id, coalesce(item_id, 0)) where state = 'open' do update set again_at = greatest(count_tasks.again_at, excluded.again_at)
		)
		select (select count(*) from wanted), (select count(distinct location_id) from joined)`,
		r.Warehouse, r.Under, r.Item, string(r.Class), r.Staff, r.At, CountRound, r.Empty).Scan(&bins, &waited)
	if err != nil {
		return 0, 0, err
	}
	if bins == 0 {
		return 0, 0, fault.New(fault.NotFound, "No bin fits that, so nothing waits to be counted. Choose another place, item or class.")
	}
	return bins, waited, staff.Audit(ctx, tx, r.Staff, "count.round", "counts", map[string]any{"location": r.Under, "item": r.Item, "class": r.Class, "bins": bins})
}

func (r Round) check(ctx context.Context, tx *sql.Tx) error {
	if r.Under == 0 && r.Item == 0 && r.Class == "" {
		return fault.New(fault.Invalid, "Say what is to be counted: a place, an item or a class.")
	}
	if r.Class != "" && !r.Class.Known() {
		return fault.Fields{{Name: "class", Message: "Choose class A, B or C."}}
	}
	if r.Under == 0 {
		return nil
	}
	l, err := LocationByID(ctx, tx, r.Under)
	if err == nil && l.Warehouse != r.Warehouse {
		err = fault.New(fault.NotFound, "There is no such place in this warehouse.")
	}
	return err
}
