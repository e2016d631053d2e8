// Package print brings papers to the printers of a station: queue, states, reprints.
//
// A paper is made once and kept; printing it again prints the same bytes. A printer belongs to a station, one for
// labels and one for sheets: a raw printer at an address that takes PDF on port 9100, or the browser of whoever works
// there. A print job is queued, sending, printed, failed or cancelled. A raw printer that is down, slow or breaks off
// is tried again with growing pauses. Nobody can tell whether a printer printed what it took: a job counts as printed
// when the printer has taken all of it, and prints twice only when the program died between that and the note of it.
package print

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"

	"tote/internal/fault"
	"tote/internal/pg"
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
	ItemLabels    Kind = "item labels"    // ref: the receipt's line, RC-7/12, and how many: RC-7/12×24
)

// Stock is what a printer holds: labels or sheets.
type Stock string

const (
	Label Stock = "label"
	Sheet Stock = "sheet"
)

// stock is what a kind of paper is printed on.
func (k Kind) stock() Stock {
	if k == ShippingLabel || k == ItemLabels {
		return Label
	}
	return Sheet
}

// Paper makes a paper once: the one of this kind, ref and resolution that is there already is answered, and draw is
// not called. made says whether it was made now.
func Paper(ctx context.Context, tx *sql.Tx, kind Kind, ref string, dpi int, draw func(w io.Writer) error) (id PaperID, made bool, err error) {
	defer fault.Wrap(&err, "print.Paper(%s, %s)", kind, ref)
	if id, err = livePaper(ctx, tx, kind, ref, dpi); id != 0 || err != nil {
		return id, false, err
	}
	var pdf bytes.Buffer
	if err := draw(&pdf); err != nil {
		return 0, false, err
	}
	sum := sha256.Sum256(pdf.Bytes())
	err = tx.QueryRowContext(ctx, `
		insert into papers (kind, ref, dpi, pdf, sha256) values ($1, $2, $3, $4, $5)
		on conflict (kind, ref, dpi) where not void do nothing
		returning id`, kind, ref, dpi, pdf.Bytes(), sum[:]).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) { // somebody else made it at this moment
		id, err = livePaper(ctx, tx, kind, ref, dpi)
		return id, false, err
	}
	return id, true, err
}

// Fresh makes a paper whose contents change, such as a pick list: the one there is answered while it says the same,
// else it becomes void and a new one is made.
func Fresh(ctx context.Context, tx *sql.Tx, kind Kind, ref string, dpi int, draw func(w io.Writer) error) (id PaperID, err error) {
	defer fault.Wrap(&err, "print.Fresh(%s, %s)", kind, ref)
	var pdf bytes.Buffer
	if err := draw(&pdf); err != nil {
		return 0, err
	}
	sum := sha256.Sum256(pdf.Bytes())
	if _, err := tx.ExecContext(ctx, `
		update papers set void = true
		where kind = $1 and ref = $2 and dpi = $3 and not void and sha256 <> $4`, kind, ref, dpi, sum[:]); err != nil {
		return 0, err
	}
	id, _, err = Paper(ctx, tx, kind, ref, dpi, func(w io.Writer) error {
		_, err := w.Write(pdf.Bytes())
		return err
	})
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
		update print_jobs set state = 'cancelled' where state in ('queued', 'failed') and paper_id in (select id from gone)`, ref)
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

// ReadFor is a paper as PDF for somebody of a warehouse: one that was never asked for there does not exist for him.
func ReadFor(ctx context.Context, q pg.Querier, id PaperID, warehouse int64) (pdf []byte, err error) {
	defer fault.Wrap(&err, "print.ReadFor(%d)", id)
	err = q.QueryRowContext(ctx, `
		select p.pdf from papers p
		where p.id = $1 and exists (
			select from print_jobs j left join stations s on s.id = j.station_id left join staff w on w.id = j.staff_id
			where j.paper_id = p.id and coalesce(s.warehouse_id, w.warehouse_id) = $2)`, id, warehouse).Scan(&pdf)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no such paper here.")
	}
	return pdf, err
}
