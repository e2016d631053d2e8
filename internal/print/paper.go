// Package print brings papers to the printers of a station: queue, states, reprints.
//
// A paper is made once and kept; printing it again prints the same bytes. A printer belongs to a station, one for
// labels and one for sheets: a raw printer at an address that takes PDF or ZPL on port 9100, one that speaks IPP, or the
// browser of whoever works there.
//
// A print job is queued, sending, taken (the printer has it and is not done), printed, unsure, failed or cancelled. A
// printer that is off, busy or out of paper is tried again with growing pauses as long as it has got nothing. One that
// breaks off while it is given a paper, and a program that dies meanwhile, leave the job unsure: nobody can tell what came
// out, so a person looks and says; no label is printed twice by itself. A raw printer says nothing of what it did with
// what it took: its job counts as printed then.
package print

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/labels"
)

// PaperID names a paper, JobID a print job.
type (
	PaperID int64
	JobID   int64
)

// Kind says what a paper is.
type Kind string

// The kinds of papers.
const (
	ShippingLabel Kind = "shipping label" // ref: the carton's SSCC
	PackingSlip   Kind = "packing slip"   // ref: the carton's SSCC
	PickList      Kind = "pick list"      // ref: P-104
	ItemLabel     Kind = "item label"     // ref: the SKU, with what else the label says; of a receipt's line RC-7/12×24
	Calibration   Kind = "calibration"    // ref: the station's code

	// Labels of what stays in the house: ref: the warehouse's code and what they are of, MAIN · T-1 to T-12.
	LocationLabel   Kind = "location label"
	ToteLabel       Kind = "tote label"
	PalletLabel     Kind = "pallet label"
	StationLabel    Kind = "station label"
	Badge           Kind = "badge"
	CommandBarcodes Kind = "command barcodes"
)

// Stock is what a printer holds: labels or sheets.
type Stock string

const (
	Label Stock = "label"
	Sheet Stock = "sheet"
)

// stock is what a kind of paper is printed on.
func (k Kind) stock() Stock {
	switch k {
	case ShippingLabel, ItemLabel, Calibration, LocationLabel, ToteLabel, PalletLabel, StationLabel, Badge:
		return Label
	}
	return Sheet
}

// Content is a paper as it is kept: what each kind of printer is sent, and the plan that the screen shows.
type Content struct {
	PDF  []byte
	ZPL  []byte // empty for what label printers cannot print
	Plan []byte
}

// Drawn draws papers for printers of a resolution.
func Drawn(dpi int, papers ...labels.Paper) (Content, error) {
	d, err := labels.Draw(dpi, papers...)
	if err != nil {
		return Content{}, err
	}
	c := Content{PDF: d.PDF(), Plan: d.Plan()}
	if d.Label() {
		c.ZPL = d.ZPL()
	}
	return c, nil
}

func (c Content) sum() []byte {
	sum := sha256.Sum256(c.PDF)
	return sum[:]
}

// Paper makes a paper once: the one of this kind, ref and resolution that is there already is answered, and draw is
// not called. made says whether it was made now.
func Paper(ctx context.Context, tx *sql.Tx, kind Kind, ref string, dpi int, draw func() (Content, error)) (id PaperID, made bool, err error) {
	defer fault.Wrap(&err, "print.Paper(%s, %s)", kind, ref)
	if id, err = livePaper(ctx, tx, kind, ref, dpi); id != 0 || err != nil {
		return id, false, err
	}
	c, err := draw()
	if err != nil {
		return 0, false, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into papers (kind, ref, dpi, pdf, zpl, plan, sha256) values ($1, $2, $3, $4, nullif($5::bytea, ''), nullif($6::bytea, ''), $7)
		on conflict (kind, ref, dpi) where not void do nothing
		returning id`, kind, ref, dpi, c.PDF, c.ZPL, c.Plan, c.sum()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) { // somebody else made it at this moment
		id, err = livePaper(ctx, tx, kind, ref, dpi)
		return id, false, err
	}
	return id, true, err
}

// Fresh makes a paper whose contents change, such as a pick list: the one there is answered while it says the same,
// else it becomes void and a new one is made.
func Fresh(ctx context.Context, tx *sql.Tx, kind Kind, ref string, dpi int, draw func() (Content, error)) (id PaperID, err error) {
	defer fault.Wrap(&err, "print.Fresh(%s, %s)", kind, ref)
	c, err := draw()
	if err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `
		update papers set void = true
		where kind = $1 and ref = $2 and dpi = $3 and not void and sha256 <> $4`, kind, ref, dpi, c.sum()); err != nil {
		return 0, err
	}
	id, _, err = Paper(ctx, tx, kind, ref, dpi, func() (Content, error) { return c, nil })
	return id, err
}

func livePaper(ctx context.Context, q pg.Querier, kind Kind, ref string, dpi int) (id PaperID, err error) {
	err = q.QueryRowContext(ctx, `select id from papers where kind = $1 and ref = $2 and dpi = $3 and not void`, kind, ref, dpi).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// VoidPapers makes the papers of a ref void, such as those of a carton that was unpacked; what of them still waits to
// be printed is cancelled.
func VoidPapers(ctx context.Context, tx *sql.Tx, ref string) (err error) {
	defer fault.Wrap(&err, "print.VoidPapers(%s)", ref)
	_, err = tx.ExecContext(ctx, `
		with gone as (
			update papers set void = true where ref = $1 and not void returning id)
		update print_jobs set state = 'cancelled' where state in ('queued', 'failed', 'unsure') and paper_id in (select id from gone)`, ref)
	return err
}

// Read is a paper as PDF.
func Read(ctx context.Context, q pg.Querier, id PaperID) (pdf []byte, err error) {
	defer fault.Wrap(&err, "print.Read(%d)", id)
	err = q.QueryRowContext(ctx, `select pdf from papers where id = $1`, id).Scan(&pdf)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no such paper.")
	}
	return pdf, err
}

// ReadFor is a paper for somebody of a warehouse: one that was never asked for there does not exist for him, nor does a
// badge that somebody else asked for.
func ReadFor(ctx context.Context, q pg.Querier, id PaperID, who staff.Member) (c Content, err error) {
	defer fault.Wrap(&err, "print.ReadFor(%d)", id)
	err = q.QueryRowContext(ctx, `
		select p.pdf, p.zpl, p.plan from papers p
		where p.id = $1 and exists (
			select from print_jobs j left join stations s on s.id = j.station_id left join staff w on w.id = j.staff_id
			where j.paper_id = p.id and coalesce(s.warehouse_id, w.warehouse_id) = $2 and (p.kind <> 'badge' or j.staff_id = $3 or $4))`,
		id, who.Warehouse, who.ID, who.May(staff.Admin)).Scan(&c.PDF, &c.ZPL, &c.Plan)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no such paper here.")
	}
	return c, err
}

// Drawing is the plan of a paper, for the screen.
func (c Content) Drawing() (labels.Drawing, error) {
	if len(c.Plan) == 0 {
		return labels.Drawing{}, fault.New(fault.NotFound, "This paper was made before pictures were kept. Open its PDF.")
	}
	d, err := labels.ReadPlan(c.Plan)
	if err != nil {
		return d, fmt.Errorf("print.Drawing: %w", err)
	}
	return d, nil
}
