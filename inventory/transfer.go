package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// TransferID names stock that one warehouse sends to another, printed as TR-7.
type TransferID int64

func (id TransferID) String() string { return "TR-" + strconv.FormatInt(int64(id), 10) }

// TransferState is how far a transfer has come.
type TransferState string

// The states. While a transfer is open its pieces are taken out of bins; sent, the other warehouse expects them;
// received, the other dock has counted them, or said that no more will come.
const (
	TransferOpen      TransferState = "open"
	TransferSent      TransferState = "sent"
	TransferReceived  TransferState = "received"
	TransferCancelled TransferState = "cancelled"
)

// Transfer is stock that one warehouse sends to another.
type Transfer struct {
	ID               TransferID
	From, To         WarehouseID
	FromName, ToName string
	State            TransferState
	Note             string
	AskedBy, SentBy  string
	AskedAt          time.Time
	SentAt, EndedAt  time.Time  // zero: not yet
	Expected         ExpectedID // at the other warehouse, once it is sent
	Lines            []TransferLine
	Takes            []TransferTake // what lies ready or left, in the order in which it was taken
}

// TransferLine is one item of it: how much was asked for, taken, and counted at the other dock.
type TransferLine struct {
	Item      ItemID
	SKU, Name string
	Quantity  int64
	Taken     int64
	Arrived   int64
	Damaged   int64 // of what arrived
}

// Left is how much is still to be taken.
func (l TransferLine) Left() int64 { return max(0, l.Quantity-l.Taken) }

// Missing is how much less arrived than was sent; below zero more did.
func (l TransferLine) Missing() int64 { return l.Taken - l.Arrived }

// TransferTake is so many pieces out of one bin.
type TransferTake struct {
	ID                   int64
	Item                 ItemID
	SKU, Name, Lot, From string
	Quantity             int64
	By                   string
	At                   time.Time
}

// Taken is how many pieces lie ready or left; Arrived how many the other dock counted.
func (t Transfer) Taken() (n int64) {
	for _, l := range t.Lines {
		n += l.Taken
	}
	return n
}

// Arrived is how many pieces the other dock counted.
func (t Transfer) Arrived() (n int64) {
	for _, l := range t.Lines {
		n += l.Arrived
	}
	return n
}

// AskTransfer notes what is to be sent to another warehouse. Lines name their item by SKU; mistakes are fault.Fields
// named to, note, lines.0.sku, lines.0.quantity …
func AskTransfer(ctx context.Context, tx *sql.Tx, t Transfer, by staff.ID, at time.Time) (id TransferID, err error) {
	defer fault.Wrap(&err, "inventory.AskTransfer(%d, %d)", t.From, t.To)
	if err := t.check(ctx, tx); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into transfers (warehouse_id, to_id, note, asked_by, asked_at) values ($1, $2, $3, $4, $5) returning id`,
		t.From, t.To, t.Note, by, at).Scan(&id)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		insert into transfer_lines (transfer_id, item_id, quantity) select $1, item, quantity from unnest($2::bigint[], $3::bigint[]) l (item, quantity)`,
		id, pg.Array(column(t.Lines, func(l TransferLine) int64 { return int64(l.Item) })), pg.Array(column(t.Lines, func(l TransferLine) int64 { return l.Quantity })))
	return id, err
}

func (t *Transfer) check(ctx context.Context, q pg.Querier) error {
	var bad fault.Fields
	var there bool
	if err := q.QueryRowContext(ctx, `select exists (select from warehouses where id = $1 and id <> $2)`, t.To, t.From).Scan(&there); err != nil {
		return err
	}
	if !there {
		bad.Add("to", "Choose the warehouse that the goods go to.")
	}
	if t.Note = strings.TrimSpace(t.Note); !plainWords(t.Note, 500) {
		bad.Add("note", "Say why on one line of at most 500 characters.")
	}
	if len(t.Lines) == 0 {
		bad.Add("lines.0.sku", "Name at least one item.")
	}
	items, err := itemsBySKU(ctx, q, skusOf([]ExpectedReceipt{{Lines: column(t.Lines, func(l TransferLine) ExpectedLine { return ExpectedLine{SKU: l.SKU} })}}))
	if err != nil {
		return err
	}
	for i := range t.Lines {
		l := &t.Lines[i]
		sku := fmt.Sprintf("lines.%d.sku", i)
		if l.Item = items[strings.ToLower(l.SKU)]; l.Item == 0 {
			bad.Add(sku, "There is no item %s.", quoted(l.SKU))
		} else if slices.ContainsFunc(t.Lines[:i], func(o TransferLine) bool { return o.Item == l.Item }) {
			bad.Add(sku, "%s stands in a line above already.", quoted(l.SKU))
		}
		if l.Quantity < 1 || l.Quantity > MostUnits {
			bad.Add(fmt.Sprintf("lines.%d.quantity", i), "The quantity must be a whole number from 1 to %d.", MostUnits)
		}
	}
	return bad.Err()
}

// seenBy is the condition that a warehouse ($1) knows of a transfer: its own, and what is on its way to it or came. What
// another only prepares, or does not send, does not exist for it.
const seenBy = `(t.warehouse_id = $1 or t.to_id = $1 and t.state in ('sent', 'received'))`

const transferColumns = `
	select t.id, t.warehouse_id, t.to_id, f.name, o.name, t.state, t.note, a.name, coalesce(s.name, ''), t.asked_at,
	       coalesce(t.sent_at, '0001-01-01'), coalesce(t.ended_at, '0001-01-01'), coalesce(t.expected_id, 0)
	from transfers t join warehouses f on f.id = t.warehouse_id join warehouses o on o.id = t.to_id
	     join staff a on a.id = t.asked_by left join staff s on s.id = t.sent_by `

func (t *Transfer) fields() []any {
	return []any{&t.ID, &t.From, &t.To, &t.FromName, &t.ToName, &t.State, &t.Note, &t.AskedBy, &t.SentBy, &t.AskedAt, &t.SentAt, &t.EndedAt, &t.Expected}
}

// TransferByID reads a transfer that a warehouse sends or receives.
func TransferByID(ctx context.Context, q pg.Querier, warehouse WarehouseID, id TransferID) (t Transfer, err error) {
	defer fault.Wrap(&err, "inventory.TransferByID(%d, %d)", warehouse, id)
	all, err := list(ctx, q, (*Transfer).fields, transferColumns+`where t.id = $2 and `+seenBy, warehouse, id)
	if err == nil && len(all) == 0 {
		err = noTransfer(id)
	}
	if err != nil {
		return t, err
	}
	return all[0], all[0].fill(ctx, q)
}

func noTransfer(id TransferID) error {
	return fault.New(fault.NotFound, "There is no transfer %s here. Go back to the list.", id)
}

func (t *Transfer) fill(ctx context.Context, q pg.Querier) (err error) {
	t.SentAt, t.EndedAt = orNever(t.SentAt), orNever(t.EndedAt)
	t.Lines, err = list(ctx, q, func(l *TransferLine) []any {
		return []any{&l.Item, &l.SKU, &l.Name, &l.Quantity, &l.Taken, &l.Arrived, &l.Damaged}
	}, `
		select i.id, i.sku, i.name, l.quantity,
		       coalesce((select sum(k.quantity)::bigint from transfer_takes k where k.transfer_id = t.id and k.item_id = i.id and k.put_back_at is null), 0),
		       coalesce(r.arrived, 0), coalesce(r.damaged, 0)
		from transfers t join transfer_lines l on l.transfer_id = t.id join items i on i.id = l.item_id
		     left join lateral (
			select sum(r.quantity)::bigint as arrived, (sum(r.quantity) filter (where r.condition = 'damaged'))::bigint as damaged
			from expected_lines e join receipt_lines r on r.expected_line_id = e.id where e.expected_id = t.expected_id and e.item_id = i.id) r on true
		where t.id = $1 order by i.sku`, t.ID)
	if err != nil {
		return err
	}
	t.Takes, err = list(ctx, q, func(k *TransferTake) []any {
		return []any{&k.ID, &k.Item, &k.SKU, &k.Name, &k.Lot, &k.From, &k.Quantity, &k.By, &k.At}
	}, `
		select k.id, i.id, i.sku, i.name, o.code, l.code, k.quantity, s.name, k.at
		from transfer_takes k join items i on i.id = k.item_id join lots o on o.id = k.lot_id join locations l on l.id = k.location_id join staff s on s.id = k.staff_id
		where k.transfer_id = $1 and k.put_back_at is null order by k.id`, t.ID)
	return err
}

func orNever(t time.Time) time.Time {
	if t.Year() <= 1 {
		return time.Time{}
	}
	return t
}

// TransferRow is a line of the list of transfers.
type TransferRow struct {
	Transfer
	Items, Pieces, Ready, Came int64 // how many items and pieces were asked for, lie ready or left, and came
}

// Transfers lists what a warehouse sends and receives, the newest first: those before one, or from the newest on if that
// is 0. A state of "" is any.
func Transfers(ctx context.Context, q pg.Querier, warehouse WarehouseID, state TransferState, before TransferID, limit int) (all []TransferRow, err error) {
	defer fault.Wrap(&err, "inventory.Transfers(%d)", warehouse)
	all, err = list(ctx, q, func(r *TransferRow) []any {
		return append(r.fields(), &r.Items, &r.Pieces, &r.Ready, &r.Came)
	}, `
		select p.*, l.items, l.pieces, k.taken, c.came from (`+transferColumns+`
			where `+seenBy+` and ($2 = '' or t.state = $2) and ($3 = 0 or t.id < $3) order by t.id desc limit $4) p (id, from_id, to_id, from_name, to_name, state, note, asked_by, sent_by, asked_at, sent_at, ended_at, expected_id),
		lateral (select count(*) as items, coalesce(sum(quantity), 0)::bigint as pieces from transfer_lines where transfer_id = p.id) l,
		lateral (select coalesce(sum(quantity), 0)::bigint as taken from transfer_takes where transfer_id = p.id and put_back_at is null) k,
		lateral (select coalesce(sum(r.quantity), 0)::bigint as came from expected_lines e join receipt_lines r on r.expected_line_id = e.id where e.expected_id = p.expected_id) c
		order by p.id desc`, warehouse, state, before, limit)
	for i := range all {
		all[i].SentAt, all[i].EndedAt = orNever(all[i].SentAt), orNever(all[i].EndedAt)
	}
	return all, err
}
