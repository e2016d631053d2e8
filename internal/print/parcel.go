package print

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/labels"
	"tote/packing"
	"tote/picking"
	"tote/shipping"
)

// Parcels sees to it that every closed carton of a demand is booked and has its label and packing slip on their way
// to the printers of its station, once. It runs in the transaction that closed the carton; the consumer of
// carton.closed repeats it for cartons closed by other ways. The caller holds the demand's lock.
//
// How many cartons there are is known when the last one is closed: labels made before say "Package 2". Those of them
// that are not printed yet are made anew.
func Parcels(ctx context.Context, tx *sql.Tx, ref string, at time.Time) (err error) {
	defer fault.Wrap(&err, "print.Parcels(%s)", ref)
	all, err := packing.Parcels(ctx, tx, ref)
	if err != nil {
		return err
	}
	for _, p := range all {
		if _, err := shipping.Book(ctx, tx, p.ID, at); err != nil {
			return err
		}
	}
	for _, p := range all {
		if err := label(ctx, tx, p, at); err != nil {
			return err
		}
	}
	return nil
}

// Closed is the consumer of carton.closed: what the one who closed the carton has done already is not done again.
func Closed(db *sql.DB) func(context.Context, outbox.Fact) error {
	return func(ctx context.Context, f outbox.Fact) error {
		var closed packing.ClosedFact
		if err := json.Unmarshal(f.Data, &closed); err != nil {
			return err
		}
		return pg.InTx(ctx, db, func(tx *sql.Tx) error {
			if _, err := picking.Lock(ctx, tx, closed.Ref); err != nil {
				return err
			}
			return Parcels(ctx, tx, closed.Ref, time.Now())
		})
	}
}

// label makes and requests what is missing of a parcel's papers.
func label(ctx context.Context, tx *sql.Tx, p packing.Parcel, at time.Time) error {
	shown, err := shipping.Label(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	papers := map[Kind]func() (Content, error){
		ShippingLabel: func() (Content, error) { return Drawn(p.DPI, shown) },
		PackingSlip:   func() (Content, error) { return slip(ctx, tx, p, shown, at) },
	}
	bought, sold, err := shipping.BoughtLabel(ctx, tx, p.ID)
	switch {
	case err != nil:
		return err
	case sold && bought.PDF == nil:
		delete(papers, ShippingLabel) // comes when the carrier has sold it
	case sold:
		papers[ShippingLabel] = func() (Content, error) { return asBought(bought, p.DPI), nil }
	}
	for kind, draw := range papers {
		if shown.Packages > 0 {
			if err := renew(ctx, tx, kind, p, draw); err != nil {
				return err
			}
		}
		paper, made, err := Paper(ctx, tx, kind, p.SSCC, p.DPI, draw)
		if err != nil {
			return err
		}
		if made {
			if _, err := Request(ctx, tx, paper, scan.Scan{Staff: p.Packer, Station: p.Station, At: at}); err != nil {
				return err
			}
		}
	}
	return nil
}

// asBought is a label that a carrier drew: its PDF as it is, for a label printer its ZPL as it is, or its picture dot by dot.
// Where it has no dots of this printer's size the browser prints the PDF.
func asBought(b shipping.Bought, dpi int) Content {
	c := Content{PDF: b.PDF}
	switch {
	case b.Format == shipping.ZPL && dpi == labels.DPI203:
		c.ZPL = b.Dots
	case b.Format == shipping.PNG:
		c.ZPL, _ = labels.PictureZPL(b.Dots, dpi) // of another size it is none
	}
	return c
}

// renew takes back a parcel's paper that nobody has seen yet, when it would say something else now.
func renew(ctx context.Context, tx *sql.Tx, kind Kind, p packing.Parcel, draw func() (Content, error)) error {
	var unseen PaperID
	var sum []byte
	err := tx.QueryRowContext(ctx, `
		select p.id, p.sha256 from papers p
		where p.kind = $1 and p.ref = $2 and p.dpi = $3 and not p.void
			and not exists (select from print_jobs j where j.paper_id = p.id and j.state in ('sending', 'taken', 'unsure', 'printed'))
		for update`, kind, p.SSCC, p.DPI).Scan(&unseen, &sum)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if now, err := draw(); err != nil || bytes.Equal(now.sum(), sum) {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		with gone as (
			update print_jobs set state = 'cancelled' where paper_id = $1 and state in ('queued', 'failed'))
		update papers set void = true where id = $1`, unseen)
	return err
}

// slip draws the packing slip of one parcel.
func slip(ctx context.Context, q pg.Querier, p packing.Parcel, shown labels.ShippingLabel, at time.Time) (Content, error) {
	lines, err := packing.SlipLines(ctx, q, p.ID)
	if err != nil {
		return Content{}, err
	}
	code, err := labels.Parse(p.Ref)
	if err != nil {
		return Content{}, err
	}
	return Drawn(p.DPI, labels.PackingSlip{From: shown.From, To: shown.To, Order: code.Number, Package: shown.Package,
		Of: shown.Packages, Shipped: at, Lines: lines, Link: shown.TrackingURL})
}
