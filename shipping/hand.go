package shipping

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// hand is what a person scanned and has not decided upon.
type hand struct {
	item     inventory.ItemID
	name     string
	quantity int64
	tracking inventory.Tracking
	lot      inventory.LotID
	lotCode  string
	named    bool // somebody said which lot, or that there is none
	perishes bool // the item has lots with a last good day
	old      bool // the lot is past it
	expires  time.Time
}

func (h hand) tracked() bool {
	return h.tracking == inventory.ByLot || h.tracking == inventory.BySerial
}

func (h hand) word() string {
	if h.tracking == inventory.BySerial {
		return "serial number"
	}
	return "lot"
}

// handOf reads what a person holds at a return; nothing is an empty hand.
func handOf(ctx context.Context, q pg.Querier, id ReturnID, who staff.ID) (h hand, err error) {
	var lot sql.NullInt64
	err = q.QueryRowContext(ctx, `
		select i.id, i.name, h.quantity, i.tracking, i.expires, h.lot_id, coalesce(o.code, ''), coalesce(o.expires_on < current_date, false), coalesce(o.expires_on, '0001-01-01')
		from return_hands h join items i on i.id = h.item_id left join lots o on o.id = h.lot_id
		where h.return_id = $1 and h.staff_id = $2`, id, who).
		Scan(&h.item, &h.name, &h.quantity, &h.tracking, &h.perishes, &lot, &h.lotCode, &h.old, &h.expires)
	if errors.Is(err, sql.ErrNoRows) {
		return hand{}, nil
	}
	h.lot, h.named = inventory.LotID(lot.Int64), lot.Valid
	return h, err
}
