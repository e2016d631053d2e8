// Package production makes what is not on the shelf: work orders, benches, quality checks, remakes.
//
// A work order ("J-5") is what a line of an order asks to be made, after its artwork was approved. It carries the approved
// files by their SHA-256 and gives its pieces a lot of their own, so that nothing else can be packed for that line. Blanks
// are promised to it when it is released, go from their bin to the workshop by scan, and come out as pieces or as scrap:
//
//	bin ──drawn──► workshop ──passed──► a tote of the order, ready to be packed
//	                   └─────scrapped──► scrap, and one more blank is wanted
//
// Finished pieces need no putaway: the order waits for them. A piece that a partner prints has a work order too, with the
// same files and a lot of its own; it is handed over by a fulfiller, and comes to a bench here or goes straight to the
// customer:
//
//	waiting ──► handed ──► accepted ──► sent ──► over
//	   ▲──────────┴───────────┘ refused, stopped, or pieces were spoiled
package production

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/inventory"
	"tote/labels"
)

// ID is a work order's number; people see "J-5".
type ID int64

// String is the number as it is printed and scanned.
func (id ID) String() string { return labels.WorkOrderCode(int64(id)).String() }

// ParseID reads a work order as typed or scanned: "J-5", "j-5" or "5".
func ParseID(ref string) (ID, error) {
	digits := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(ref)), "J-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.NotFound, "There is no such work order. Its number looks like J-5.")
	}
	return ID(n), nil
}

// State is how far a work order is.
type State string

// The states.
const (
	Open      State = "open"
	Started   State = "started"
	Finished  State = "finished"
	Cancelled State = "cancelled"
)

// WorkOrder is what is to be made.
type WorkOrder struct {
	ID            ID
	Ref, Document string
	Warehouse     inventory.WarehouseID
	Item          inventory.ItemID
	SKU, Product  string
	Lot           inventory.LotID
	Blank         inventory.ItemID // 0: made of nothing we keep
	BlankName     string
	BlankSKU      string
	Instructions  string
	Notes         string // what was chosen for the line, an option on each line
	Pieces        int64
	Due           time.Time
	State         State
	Drawn         int64 // blanks taken from bins
	Made          int64 // and not looked at yet
	Good          int64
	Scrapped      int64

	Partner       studio.PartnerID // 0: made here
	PartnerName   string
	PartnerDays   int
	Straight      bool // from the partner to the customer, never here
	With          With
	Number        string    // the partner's own
	Since         time.Time // it is there
	Handed        time.Time // last; zero: never
	Again         int64     // spoiled pieces that the partner was not asked for anew yet
	Fulfiller     staff.ID  // 0: nobody yet
	FulfillerName string
}

// Wanted is how many blanks are still to be taken.
func (w WorkOrder) Wanted() int64 {
	if w.Blank == 0 {
		return 0
	}
	return max(0, w.Pieces+w.Scrapped-w.Drawn)
}

// ToMake is how many pieces are still to be made.
func (w WorkOrder) ToMake() int64 { return w.Pieces - w.Good - w.Made }

// AtBench is how many pieces can be made of what was drawn.
func (w WorkOrder) AtBench() int64 {
	if w.Blank == 0 {
		return w.ToMake() - w.Again
	}
	return min(w.ToMake(), w.Drawn-w.Scrapped-w.Good-w.Made)
}

const columns = `w.id, w.ref, w.document, w.warehouse_id, w.item_id, w.sku, w.product, w.lot_id, coalesce(w.blank_id, 0), coalesce(b.name, ''), coalesce(b.sku, ''), w.instructions, w.notes,
	w.pieces, w.due, w.state, w.drawn, w.made, w.good, w.scrapped, coalesce(w.partner_id, 0), coalesce(p.name, ''), coalesce(p.days, 0), w.straight, w.partner_state,
	w.partner_number, coalesce(w.partner_since, w.created_at), coalesce(w.handed_at, '0001-01-01 00:00Z'), w.again, coalesce(w.fulfiller_id, 0), coalesce(fs.name, '')`

const source = ` from work_orders w left join items b on b.id = w.blank_id left join partners p on p.id = w.partner_id left join staff fs on fs.id = w.fulfiller_id `

func (w *WorkOrder) fields() []any {
	return []any{&w.ID, &w.Ref, &w.Document, &w.Warehouse, &w.Item, &w.SKU, &w.Product, &w.Lot, &w.Blank, &w.BlankName, &w.BlankSKU, &w.Instructions, &w.Notes,
		&w.Pieces, &w.Due, &w.State, &w.Drawn, &w.Made, &w.Good, &w.Scrapped, &w.Partner, &w.PartnerName, &w.PartnerDays, &w.Straight, &w.With,
		&w.Number, &w.Since, &w.Handed, &w.Again, &w.Fulfiller, &w.FulfillerName}
}

// Get reads a work order of a warehouse.
func Get(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id ID) (w WorkOrder, err error) {
	defer fault.Wrap(&err, "production.Get(%d)", id)
	return get(ctx, q, warehouse, id, "")
}

func get(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id ID, lock string) (w WorkOrder, err error) {
	err = q.QueryRowContext(ctx, `select `+columns+source+`where w.id = $1 and w.warehouse_id = $2`+lock, id, warehouse).Scan(w.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no work order J-%d here.", id)
	}
	return w, err
}

// File is an approved file that is made.
type File struct {
	Version int
	Proof   int
	Hash    files.Hash
	Preview files.Hash
	Name    string
	Type    string
	Pixels  string // "2400 × 3600"
}

// Files are those that a work order makes, in the order of their proofs.
func Files(ctx context.Context, q pg.Querier, id ID) (_ []File, err error) {
	defer fault.Wrap(&err, "production.Files(%d)", id)
	return pg.Collect(func(f *File) []any {
		return []any{&f.Version, &f.Proof, &f.Hash, &f.Preview, &f.Name, &f.Type, &f.Pixels}
	})(q.QueryContext(ctx, `
		select f.version, v.proof, f.hash, v.preview, v.name, v.media_type, v.width || ' × ' || v.height
		from work_files f join work_orders w on w.id = f.work_order_id join art_jobs j on j.ref = w.ref
		join art_versions v on v.job_id = j.id and v.number = f.version and v.hash = f.hash
		where f.work_order_id = $1 order by v.proof`, id))
}

// OnBench is what a person's bench holds, 0 for nothing.
func OnBench(ctx context.Context, q pg.Querier, who staff.ID) (id ID, err error) {
	defer fault.Wrap(&err, "production.OnBench(%d)", who)
	err = q.QueryRowContext(ctx, `select coalesce(max(work_order_id), 0) from makers where staff_id = $1`, who).Scan(&id)
	return id, err
}

// Queue says which work orders a list shows.
type Queue struct {
	Warehouse inventory.WarehouseID
	States    []State
	Here      bool // only what is made in this house
	After     ID
	Limit     int
}

// List shows work orders, the most urgent first.
func List(ctx context.Context, q pg.Querier, f Queue) (_ []WorkOrder, err error) {
	defer fault.Wrap(&err, "production.List")
	return pg.Collect((*WorkOrder).fields)(q.QueryContext(ctx, `
		select `+columns+source+`
		where w.warehouse_id = $1 and w.state = any($2) and ($3 = 0 or (w.due, w.id) > (select due, id from work_orders where id = $3))
		  and (not $5 or w.partner_id is null)
		order by w.due, w.id limit $4`, f.Warehouse, pg.Array(f.States), f.After, f.Limit, f.Here))
}

// Of is the work orders of a document.
func Of(ctx context.Context, q pg.Querier, document string) (_ []WorkOrder, err error) {
	defer fault.Wrap(&err, "production.Of(%q)", document)
	return pg.Collect((*WorkOrder).fields)(q.QueryContext(ctx, `select `+columns+source+`where w.document = $1 order by w.id`, document))
}

// Count is what a scan at a bench did.
type Count struct {
	Kind     string // started, drawn, made, scrapped, passed
	Quantity int64
	Reason   string
	By       string
	Station  string
	At       time.Time
	Undone   bool
}

// Counts is the story of a work order, oldest first.
func Counts(ctx context.Context, q pg.Querier, id ID) (_ []Count, err error) {
	defer fault.Wrap(&err, "production.Counts(%d)", id)
	return pg.Collect(func(c *Count) []any {
		return []any{&c.Kind, &c.Quantity, &c.Reason, &c.By, &c.Station, &c.At, &c.Undone}
	})(q.QueryContext(ctx, `
		select c.kind, c.quantity, c.reason, s.name, coalesce(t.name, ''), c.at, c.undone_by is not null
		from work_counts c join staff s on s.id = c.staff_id left join stations t on t.id = c.station_id
		where c.work_order_id = $1 order by c.id`, id))
}

func changed(w WorkOrder) outbox.Fact {
	return outbox.Fact{Name: "production.changed", Ref: w.Ref, Data: []byte(`{}`)}
}
