package inventory

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Tracking says how pieces of an item are told apart: not at all, by the lot they were made in, or each by a serial
// number, which is a lot of one piece.
type Tracking string

const (
	Untracked Tracking = "none"
	ByLot     Tracking = "lot"
	BySerial  Tracking = "serial"
)

// Removal says in which order the stock of an item leaves.
type Removal string

const (
	FEFO    Removal = "fefo"    // what expires first; then what came first
	FIFO    Removal = "fifo"    // what came first
	Closest Removal = "closest" // what lies nearest on the walk
)

// Known reports whether there is such an order.
func (r Removal) Known() bool { return r == FEFO || r == FIFO || r == Closest }

// The limits of what is said about an item's lots.
const (
	maxShelfDays = 3650
	maxPercent   = 1000
	maxEvery     = 1000
)

// checkCare checks what an item says about its lots and about the dock.
func checkCare(bad *fault.Fields, i Item) Item {
	if i.Tracking == "" {
		i.Tracking = Untracked
	}
	if i.Tracking != Untracked && i.Tracking != ByLot && i.Tracking != BySerial {
		bad.Add("tracking", "An item is tracked as none, lot or serial.")
	}
	if i.Expires && i.Tracking == Untracked {
		bad.Add("expires", "Only what is tracked by lot or serial can expire: choose how it is tracked.")
	}
	if i.Removal != "" && !i.Removal.Known() {
		bad.Add("removal", "Stock leaves as fefo, fifo or closest; empty is as the warehouse says.")
	}
	checkRange(bad, "shelf_days", "The days it must still be good", i.ShelfDays, maxShelfDays, "days")
	checkPercent(bad, i.OverPercent)
	checkRange(bad, "inspect_every", "Every how many receipts somebody looks", i.InspectEvery, maxEvery, "receipts")
	return i
}

func checkPercent(bad *fault.Fields, percent *int64) {
	if percent != nil {
		checkRange(bad, "over_percent", "What is taken beyond the order", *percent, maxPercent, "%")
	}
}

// mayTrack refuses to change how an item is told apart while there is stock that would not fit it: pieces without a
// lot may stay beside lots, but lots cannot become serials, nor lose their name.
func mayTrack(ctx context.Context, q pg.Querier, i Item) error {
	var has Tracking
	var there int64
	err := q.QueryRowContext(ctx, `
		select i.tracking, coalesce((select sum(b.on_hand) from balances b where b.item_id = i.id), 0)::bigint
		from items i where i.id = $1`, i.ID).Scan(&has, &there)
	switch {
	case err == sql.ErrNoRows:
		return fault.New(fault.NotFound, "This item does not exist any more. Go back to the list.")
	case err != nil:
		return err
	case has == i.Tracking || there == 0 || has == Untracked && i.Tracking == ByLot:
		return nil
	}
	bad := fault.Fields{}
	bad.Add("tracking", "%d pieces are here that are tracked as %s. Sell or write them off first, or leave it.", there, has)
	return bad
}

// tooOld is the condition, for a lot l and its item i, that it may not be promised any more: it is past its day, or
// has fewer days left than the item asks for. The day itself is good. The clock is the database's.
const tooOld = `(l.expires_on is not null and l.expires_on - i.shelf_days < current_date)`

// Freshen blocks lots that became too old to be promised, and frees those that no longer are, because somebody
// corrected a date: of these items, or of all. What was promised out of a blocked lot is promised anew, by rank; who
// loses it learns it by a fact. It answers how many lots changed.
func Freshen(ctx context.Context, tx *sql.Tx, items ...ItemID) (n int, err error) {
	defer fault.Wrap(&err, "inventory.Freshen(%d)", len(items))
	keys, err := list(ctx, tx, (*key).fields, `
		select distinct b.warehouse_id, l.item_id
		from lots l join items i on i.id = l.item_id join balances b on b.item_id = l.item_id and b.lot_id = l.id
		where l.blocked <> `+tooOld+` and (coalesce(cardinality($1::bigint[]), 0) = 0 or i.id = any($1))`, pg.Array(items))
	if err != nil {
		return 0, err
	}
	if keys, err = lockItems(ctx, tx, keys); err != nil {
		return 0, err
	}
	done, err := tx.ExecContext(ctx, `
		update lots l set blocked = `+tooOld+` from items i
		where i.id = l.item_id and l.blocked <> `+tooOld+` and (coalesce(cardinality($1::bigint[]), 0) = 0 or i.id = any($1))`, pg.Array(items))
	if err != nil {
		return 0, err
	}
	changed, err := done.RowsAffected()
	if err == nil && changed > 0 {
		_, err = settle(ctx, tx, keys)
	}
	return int(changed), err
}
