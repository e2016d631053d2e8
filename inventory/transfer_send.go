package inventory

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/staff"
)

// SendTransfer says that what was taken has left: the other warehouse expects it under the transfer's number, lot by
// lot. With the SSCC of its pallet it is received there by one scan.
func SendTransfer(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id TransferID, sscc string, due time.Time, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "inventory.SendTransfer(%d)", id)
	t, err := lockTransfer(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	if len(t.Takes) == 0 {
		return fault.New(fault.Conflict, "Nothing was taken for %s yet. Take it out of its bins first.", id)
	}
	if sscc != "" && !isSSCC(sscc) {
		return fault.Fields{{Name: "sscc", Message: quoted(sscc) + " is no SSCC: it has 18 digits, the last one checks the others."}}
	}
	lines, err := list(ctx, tx, func(l *ExpectedLine) []any { return []any{&l.SKU, &l.Quantity, &l.Lot, &l.Expires} }, `
		select i.sku, sum(k.quantity)::bigint, o.code, coalesce(o.expires_on, '0001-01-01')
		from transfer_takes k join items i on i.id = k.item_id join lots o on o.id = k.lot_id
		where k.transfer_id = $1 and k.put_back_at is null group by i.id, o.id order by i.sku, o.code`, id)
	if err != nil {
		return err
	}
	for i := range lines {
		lines[i].SSCC, lines[i].Expires = sscc, orNever(lines[i].Expires)
	}
	ids, err := Expect(ctx, tx, ExpectedReceipt{Number: id.String(), Kind: "asn", Warehouse: t.To, Supplier: t.FromName, DueOn: due, Lines: lines, transfer: true})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `update transfers set state = 'sent', sent_by = $2, sent_at = $3, expected_id = $4 where id = $1`, id, by, at, ids[0])
	return err
}

// reckonTransfers compares what the other dock counted of transfers with what was sent, once it expects no more, and books
// the difference where the goods came from: missing pieces are lost on the way, others found. What came later on, or was
// taken back, is booked by the difference to what was booked before.
func reckonTransfers(ctx context.Context, tx *sql.Tx, expected []ExpectedID, by staff.ID, at time.Time) error {
	for _, id := range expected {
		var t TransferID
		err := tx.QueryRowContext(ctx, `
			select t.id from transfers t join expected_receipts e on e.id = t.expected_id
			where t.expected_id = $1 and e.state <> 'open' for no key update of t`, id).Scan(&t)
		if err == sql.ErrNoRows {
			continue
		}
		if err != nil {
			return err
		}
		if err := reckon(ctx, tx, t, Movement{Reason: ReasonAdjust, Ref: t.String(), Staff: by, At: at}); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update transfers set state = 'received', ended_at = coalesce(ended_at, $2) where id = $1`, t, at); err != nil {
			return err
		}
	}
	return nil
}

// onTheWay is, for each transfer, item and lot that left, what was taken and what the ledger says is gone for good into
// transit: less what was lost, more than it what was found. Negative gaps are missing pieces.
var onTheWay = onTheWayOf(`m.ref ~ '^TR-[0-9]{1,15}$'`, `true`)

func onTheWayOf(movement, take string) string {
	return `(
	select transfer_id, item_id, lot_id, sum(taken)::bigint as taken, sum(moved)::bigint as moved, sum(gap)::bigint as gap
	from (
		select k.transfer_id, k.item_id, k.lot_id, k.quantity as taken, 0 as moved, 0 as gap from transfer_takes k where k.put_back_at is null and ` + take + `
		union all
		select substring(m.ref from 4)::bigint, m.item_id, m.lot_id, 0,
		       case when o.physical then case when t.kind = 'transit' then m.quantity else -m.quantity end else 0 end,
		       case when o.physical then 0 when t.kind = 'transit' then m.quantity else -m.quantity end
		from movements m join locations f on f.id = m.from_id join locations t on t.id = m.to_id
		     join locations o on o.id = case when t.kind = 'transit' then f.id else t.id end
		where ` + movement + ` and 'transit' in (f.kind, t.kind)
	) both_sides group by transfer_id, item_id, lot_id
)`
}

// reckon books the difference of one transfer. It is known by item; it is booked on the lots that were sent, the latest
// first.
func reckon(ctx context.Context, tx *sql.Tx, id TransferID, m Movement) error {
	var places [3]LocationID
	if err := tx.QueryRowContext(ctx, `select warehouse_id from transfers where id = $1`, id).Scan(&m.Warehouse); err != nil {
		return err
	}
	for i, k := range []Kind{Transit, Lost, Found} {
		var err error
		if places[i], err = Standing(ctx, tx, m.Warehouse, k); err != nil {
			return err
		}
	}
	type row struct {
		item               ItemID
		lot                LotID
		taken, gap, missed int64 // missed: of the item, by all its lots together
	}
	rows, err := list(ctx, tx, func(r *row) []any { return []any{&r.item, &r.lot, &r.taken, &r.gap, &r.missed} }, `
		select w.item_id, w.lot_id, w.taken, w.gap, (sum(w.taken) over (partition by w.item_id))::bigint - coalesce((
			select sum(r.quantity)::bigint from transfers t join expected_lines e on e.expected_id = t.expected_id join receipt_lines r on r.expected_line_id = e.id
			where t.id = $1 and e.item_id = w.item_id), 0)
		from `+onTheWayOf(`m.ref = 'TR-' || $1::bigint`, `k.transfer_id = $1`)+` w order by w.item_id, w.lot_id desc`, id)
	if err != nil {
		return err
	}
	var moves []Movement
	left := map[ItemID]int64{}
	for _, r := range rows {
		missed, seen := left[r.item]
		if !seen {
			missed = r.missed
		}
		share := min(missed, r.taken) // of it on this lot; all of it where more came than was sent
		left[r.item] = missed - share
		m.Item, m.Lot = r.item, r.lot
		switch by := -share - r.gap; {
		case by < 0:
			m.Quantity, m.From, m.To, m.Note = -by, places[0], places[1], "did not arrive"
			moves = append(moves, m)
		case by > 0:
			m.Quantity, m.From, m.To, m.Note = by, places[2], places[0], "arrived beyond what was sent"
			moves = append(moves, m)
		}
	}
	if len(moves) == 0 {
		return nil
	}
	return Move(ctx, tx, moves...)
}

var transferLaws = []law{
	{"what a transfer took out of bins is what went on its way", `
		select format('TR-%s, item %s lot %s: %s taken, %s moved', transfer_id, item_id, lot_id, taken, moved) from ` + onTheWay + ` w where taken <> moved`},
	{"what a transfer sent is expected at the other warehouse, once", `
		select format('TR-%s, item %s: %s sent, %s expected', transfer_id, item_id, coalesce(sent, 0), coalesce(expected, 0))
		from (
			select t.id as transfer_id, k.item_id, sum(k.quantity) as sent from transfers t join transfer_takes k on k.transfer_id = t.id and k.put_back_at is null
			where t.state in ('sent', 'received') group by 1, 2
		) s
		full join (
			select t.id as transfer_id, l.item_id, sum(l.quantity) as expected
			from transfers t join expected_receipts e on e.id = t.expected_id and e.warehouse_id = t.to_id join expected_lines l on l.expected_id = e.id group by 1, 2
		) x using (transfer_id, item_id)
		where coalesce(sent, 0) <> coalesce(expected, 0)`},
	{"of a transfer that is over no piece is lost or doubled", `
		select format('TR-%s, item %s: %s sent, %s beside, %s arrived', w.transfer_id, w.item_id, sum(w.taken), sum(w.gap), coalesce(r.arrived, 0))
		from ` + onTheWay + ` w join transfers t on t.id = w.transfer_id and t.state = 'received'
		left join lateral (
			select sum(r.quantity) as arrived from expected_lines e join receipt_lines r on r.expected_line_id = e.id
			where e.expected_id = t.expected_id and e.item_id = w.item_id) r on true
		where not exists (select from receipt_expected re join receipts o on o.id = re.receipt_id and o.state = 'open' where re.expected_id = t.expected_id)
		group by w.transfer_id, w.item_id, r.arrived having sum(w.taken) + sum(w.gap) <> coalesce(r.arrived, 0)`},
	{"a transfer is over when the other warehouse expects no more, and a cancelled one took nothing", `
		select format('TR-%s is %s, its receipt %s', t.id, t.state, e.state) from transfers t join expected_receipts e on e.id = t.expected_id
		where (t.state = 'received') <> (e.state <> 'open')
		union all
		select format('TR-%s is cancelled and holds %s', t.id, k.quantity) from transfers t join transfer_takes k on k.transfer_id = t.id and k.put_back_at is null
		where t.state = 'cancelled'`},
}
