package inventory

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// TransferPick says in words what is taken for a transfer: the bin and the item as scanned or typed, the lot where more
// than one lies there.
type TransferPick struct {
	Place, Item, Lot string
	Quantity         int64
}

// lockTransfer locks a transfer that a warehouse still prepares; those who change it take turns by it.
func lockTransfer(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id TransferID) (Transfer, error) {
	var state TransferState
	err := tx.QueryRowContext(ctx, `select state from transfers where id = $1 and warehouse_id = $2 for no key update`, id, warehouse).Scan(&state)
	switch {
	case err == sql.ErrNoRows:
		return Transfer{}, noTransfer(id)
	case err != nil:
		return Transfer{}, err
	case state != TransferOpen:
		return Transfer{}, fault.New(fault.Conflict, "%s is %s already: nothing can be changed about it.", id, state)
	}
	return TransferByID(ctx, tx, warehouse, id)
}

// TakeForTransfer takes pieces out of a bin: they are on their way by the books. Only what is promised to nobody goes, and
// nothing that a pick list leads to. The same key twice counts once. as says who, where, by which key and when.
func TakeForTransfer(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id TransferID, p TransferPick, plans Plans, as Movement) (err error) {
	defer fault.Wrap(&err, "inventory.TakeForTransfer(%d)", id)
	t, err := lockTransfer(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	var again bool
	if err := tx.QueryRowContext(ctx, `select exists (select from transfer_takes where key = $1)`, as.Scan).Scan(&again); err != nil || again {
		return err
	}
	line, place, err := t.read(ctx, tx, p)
	if err != nil {
		return err
	}
	from, err := t.pileFor(ctx, tx, line, place, p, plans)
	if err != nil {
		return err
	}
	transit, err := Standing(ctx, tx, warehouse, Transit)
	if err != nil {
		return err
	}
	as.Warehouse, as.Item, as.Lot, as.Quantity, as.From, as.To = warehouse, line.Item, from.lot, p.Quantity, from.place, transit
	as.Reason, as.Ref = ReasonTransfer, id.String()
	if err := Move(ctx, tx, as); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into transfer_takes (transfer_id, item_id, lot_id, location_id, quantity, key, staff_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, line.Item, from.lot, from.place, p.Quantity, as.Scan, as.Staff, as.At)
	return err
}

// read finds the line and the bin that were meant.
func (t Transfer) read(ctx context.Context, q pg.Querier, p TransferPick) (line TransferLine, place Location, err error) {
	var bad fault.Fields
	if line, err = t.lineOf(ctx, q, p.Item); err != nil {
		if fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.NotFound {
			return line, place, err
		}
		bad.Add("item", "%s", fault.Message(err))
	}
	code, err := labels.Parse(p.Place)
	if err == nil {
		place, err = FindLocation(ctx, q, t.From, code)
	}
	switch kind := fault.KindOf(err); {
	case kind == fault.Invalid || kind == fault.NotFound:
		bad.Add("place", "%s", fault.Message(err))
	case err != nil:
		return line, place, err
	case place.Kind != Bin || !place.Allocatable:
		bad.Add("place", "%s serves no orders. Take from a pickable or overstock bin.", place.Code)
	}
	switch {
	case p.Quantity < 1:
		bad.Add("quantity", "Say how many pieces, from 1.")
	case line.Item != 0 && p.Quantity > line.Left():
		bad.Add("quantity", "Only %d of %s are still to be taken for %s.", line.Left(), line.SKU, t.ID)
	}
	return line, place, bad.Err()
}

// lineOf is the line of an item by its barcode or SKU.
func (t Transfer) lineOf(ctx context.Context, q pg.Querier, typed string) (TransferLine, error) {
	var item ItemID
	for _, l := range t.Lines {
		if strings.EqualFold(l.SKU, strings.TrimSpace(typed)) {
			return l, nil
		}
	}
	code, err := labels.Parse(typed)
	if err != nil {
		return TransferLine{}, err
	}
	it, _, err := FindBarcode(ctx, q, code)
	if err != nil {
		return TransferLine{}, err
	}
	item = it.ID
	for _, l := range t.Lines {
		if l.Item == item {
			return l, nil
		}
	}
	return TransferLine{}, fault.New(fault.Invalid, "%s is not on %s.", it.Name, t.ID)
}

// pileFor is what lies in the bin of the item and lot, locked, if so much of it may go.
func (t Transfer) pileFor(ctx context.Context, tx *sql.Tx, line TransferLine, place Location, p TransferPick, plans Plans) (shelved, error) {
	keys := []key{{t.From, line.Item}}
	all, err := lockStocks(ctx, tx, 0, keys)
	if err != nil {
		return shelved{}, err
	}
	lots, err := lotCodes(ctx, tx, line.Item, strings.TrimSpace(p.Lot))
	if err != nil {
		return shelved{}, err
	}
	var found []shelved
	for _, s := range all {
		if s.place == place.ID && (p.Lot == "" || s.lot == lots) {
			found = append(found, s)
		}
	}
	switch {
	case len(found) == 0 && p.Lot != "":
		return shelved{}, fault.Fields{{Name: "lot", Message: "No good pieces of lot " + clip(p.Lot) + " of " + line.SKU + " lie in " + place.Code + "."}}
	case len(found) == 0:
		return shelved{}, fault.Fields{{Name: "place", Message: "No good pieces of " + line.SKU + " lie in " + place.Code + "."}}
	case len(found) > 1:
		return shelved{}, fault.Fields{{Name: "lot", Message: "Several lots of " + line.SKU + " lie in " + place.Code + ". Say which one you take."}}
	}
	piles, _, err := pilesOf(ctx, tx, keys)
	if err != nil {
		return shelved{}, err
	}
	spare, err := found[0].spare(ctx, tx, piles[keys[0]], plans)
	if err == nil && spare < p.Quantity {
		err = fault.New(fault.Conflict, "%s holds %d of %s, and %d of them may go: the rest is promised to orders or on a pick list.", place.Code, found[0].onHand, line.SKU, max(0, spare))
	}
	return found[0], err
}

// lotCodes is the lot of an item by its code; -1 when there is none of that name.
func lotCodes(ctx context.Context, q pg.Querier, item ItemID, code string) (id LotID, err error) {
	if code == "" || wrongLotCode(code) {
		return -1, nil
	}
	err = q.QueryRowContext(ctx, `select coalesce(max(id), -1) from lots where item_id = $1 and code = $2`, item, code).Scan(&id)
	return id, err
}

// PutBackFromTransfer brings what was taken for an open transfer back into the bin where it lay.
func PutBackFromTransfer(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id TransferID, take int64, as Movement) (err error) {
	defer fault.Wrap(&err, "inventory.PutBackFromTransfer(%d, %d)", id, take)
	if _, err := lockTransfer(ctx, tx, warehouse, id); err != nil {
		return err
	}
	var key uuid.UUID
	err = tx.QueryRowContext(ctx, `
		update transfer_takes set put_back_at = $3 where id = $1 and transfer_id = $2 and put_back_at is null returning key`, take, id, as.At).Scan(&key)
	if err == sql.ErrNoRows {
		return fault.New(fault.NotFound, "That was put back already. Load the page again.")
	}
	if err != nil {
		return err
	}
	as.Ref = id.String()
	return Reverse(ctx, tx, key, as)
}

// CancelTransfer gives up an open transfer: all that was taken goes back into its bins.
func CancelTransfer(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id TransferID, as Movement) (err error) {
	defer fault.Wrap(&err, "inventory.CancelTransfer(%d)", id)
	t, err := lockTransfer(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	for _, k := range t.Takes {
		as.Scan = uuid.New()
		if err := PutBackFromTransfer(ctx, tx, warehouse, id, k.ID, as); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `update transfers set state = 'cancelled', ended_at = $2 where id = $1`, id, as.At)
	return err
}

// TransferSource is a bin where pieces of a transfer's item lie that may serve it.
type TransferSource struct {
	Item     ItemID
	Place    string
	Lot      string
	Expires  time.Time
	Quantity int64
}

// TransferSources lists for each item that is still to be taken the bins where it lies, in the order in which stock
// leaves by itself: what expires first, overstock first, at most ten of each.
func TransferSources(ctx context.Context, q pg.Querier, t Transfer) (all []TransferSource, err error) {
	defer fault.Wrap(&err, "inventory.TransferSources(%d)", t.ID)
	var items []int64
	for _, l := range t.Lines {
		if l.Left() > 0 {
			items = append(items, int64(l.Item))
		}
	}
	all, err = list(ctx, q, func(s *TransferSource) []any {
		return []any{&s.Item, &s.Place, &s.Lot, &s.Expires, &s.Quantity}
	}, `
		select item_id, place, lot, expires, on_hand from (
			select b.item_id, l.code as place, o.code as lot, coalesce(o.expires_on, '0001-01-01') as expires, b.on_hand,
			       row_number() over (partition by b.item_id order by o.expires_on nulls last, l.use <> 'overstock', l.sequence, l.code) as n
			from balances b join locations l on l.id = b.location_id join lots o on o.id = b.lot_id
			where b.warehouse_id = $1 and b.item_id = any($2) and l.kind = 'bin' and b.allocatable and b.on_hand > 0 and l.active and not o.blocked
		) s where n <= 10 order by item_id, n`, t.From, pg.Array(items))
	for i := range all {
		all[i].Expires = orNever(all[i].Expires)
	}
	return all, err
}
