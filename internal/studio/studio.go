// Package studio is artwork: customers' pictures checked, artists' queues, versions, quality control, customer approval.
//
// A job is the artwork of one line of an order ("O-1001.2"). It goes the way its flow says:
//
//	awaiting picture → picture check → art → art control → approval → approved
//	                     ↓     ↑        ↑        │            │
//	                   picture refused  └────────┴────────────┘ sent back, to the same artist
//
// Each upload of an artist is a version: the very bytes, named by their SHA-256, kept for ever. A decision names the
// versions it was made of, and what may be produced is what an approving decision names: no column says "approved"
// without one. A mailed link shows a proof and decides nothing; a person's post does.
//
// Locks are taken in one order: the jobs by id, then the settings' row, whose lock hands out work to artists.
package studio

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// JobID is a job's row; people see its Ref.
type JobID int64

// State is how far a job is.
type State string

// The states, in the order of a job that needs everything.
const (
	AwaitingPicture State = "awaiting picture" // the customer's turn to send one
	PictureCheck    State = "picture check"
	PictureRefused  State = "picture refused" // the customer sends another, or insists
	Art             State = "art"             // with an artist, or waiting for one with room
	ArtControl      State = "art control"
	Approval        State = "approval" // the customer's turn
	Approved        State = "approved"
	Cancelled       State = "cancelled"
)

// Open lists the states in which somebody still has something to do.
var Open = []State{AwaitingPicture, PictureCheck, PictureRefused, Art, ArtControl, Approval}

// Why says how a job came to its artist.
type Why string

// The tabs of an artist.
const (
	New          Why = "new"
	FromControl  Why = "control"  // sent back by quality control
	FromCustomer Why = "customer" // a correction, or a refusal
)

// Whys lists them in the order of the tabs.
var Whys = []Why{New, FromControl, FromCustomer}

// A Job as commands need it, read under its lock.
type Job struct {
	ID                      JobID
	Ref, Document           string // "O-1001.2" of "O-1001"
	Warehouse               inventory.WarehouseID
	Item                    inventory.ItemID
	SKU, Product, Detail    string
	Pieces                  int64
	Due                     time.Time
	Asks                    string
	PictureCheck, Art       bool
	ArtControl, Approval    bool
	ApprovalOf              ApprovalOf
	LeastPPI, GoodPPI       int
	PrintWidth, PrintHeight int // mm; 0: no size
	State                   State
	Why                     Why
	Artist                  staff.ID // 0: nobody yet
	Since                   time.Time
	Round, Reminded         int
	Overdue                 bool
	Decision                int64 // by which it was approved
}

const jobColumns = `j.id, j.ref, j.document, j.warehouse_id, j.item_id, j.sku, j.product, j.detail, j.pieces, j.due, j.asks, j.image_check, j.art, j.art_control,
	j.approval, j.approval_of, j.least_ppi, j.good_ppi, j.print_width_mm, j.print_height_mm, j.state, j.why, coalesce(j.artist_id, 0), j.since, j.round,
	j.reminded, j.overdue_at is not null, coalesce(j.decision_id, 0)`

func (j *Job) fields() []any {
	return []any{&j.ID, &j.Ref, &j.Document, &j.Warehouse, &j.Item, &j.SKU, &j.Product, &j.Detail, &j.Pieces, &j.Due, &j.Asks, &j.PictureCheck, &j.Art, &j.ArtControl,
		&j.Approval, &j.ApprovalOf, &j.LeastPPI, &j.GoodPPI, &j.PrintWidth, &j.PrintHeight, &j.State, &j.Why, &j.Artist, &j.Since, &j.Round,
		&j.Reminded, &j.Overdue, &j.Decision}
}

// Line is the position of the job's line in its order, "2" of "O-1001.2".
func (j Job) Line() string {
	_, line, _ := strings.Cut(j.Ref, ".")
	return line
}

// errNoJob is the answer to a job that does not exist, or not in this warehouse.
func errNoJob(ref string) error {
	return fault.New(fault.NotFound, "There is no artwork for %q.", short(ref))
}

// Get reads the job of an order's line, as a warehouse sees it.
func Get(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, ref string) (j Job, err error) {
	defer fault.Wrap(&err, "studio.Get(%q)", short(ref))
	err = q.QueryRowContext(ctx, `select `+jobColumns+` from art_jobs j where j.ref = $1 and j.warehouse_id = $2`, ref, warehouse).Scan(j.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoJob(ref)
	}
	return j, err
}

// lock locks the jobs of these lines, by id, and reads them. One that does not exist in the warehouse is NotFound.
func lock(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, refs ...string) ([]Job, error) {
	list, err := pg.Collect((*Job).fields)(tx.QueryContext(ctx, `
		select `+jobColumns+` from art_jobs j where j.ref = any($1) and j.warehouse_id = $2 order by j.id for update`, pg.Array(refs), warehouse))
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, j := range list {
		known[j.Ref] = true
	}
	for _, ref := range refs {
		if !known[ref] {
			return nil, errNoJob(ref)
		}
	}
	return list, nil
}

// lockOne is lock for one job.
func lockOne(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, ref string) (Job, error) {
	list, err := lock(ctx, tx, warehouse, ref)
	if err != nil {
		return Job{}, err
	}
	return list[0], nil
}

// fact is something that became true of a job.
func (j Job) fact(name string) outbox.Fact {
	return outbox.Fact{Name: name, Ref: j.Ref, Data: []byte(`{"round":` + strconv.Itoa(j.Round) + `}`)}
}

// nobody is a staff id as a column takes it: null when it was the customer or the program.
func nobody(by staff.ID) any {
	if by == 0 {
		return nil
	}
	return int64(by)
}

func short(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func tidy(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }
