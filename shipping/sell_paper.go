package shipping

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
	"tote/packing"
)

// fetch gets the bought label's papers: the PDF, and what the label printer of its station takes.
func (o asked) fetch(ctx context.Context, db *sql.DB, system System) error {
	pdf, err := system.Paper(ctx, o.remote, PDF)
	if err != nil {
		return err
	}
	dots, how, err := o.dots(ctx, system)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, db, func(tx *sql.Tx) error {
		paper, err := keep(ctx, tx, PDF, pdf)
		if err != nil {
			return err
		}
		printable, err := keep(ctx, tx, how, dots)
		if err != nil {
			return err
		}
		if err := o.set(ctx, tx, `paper = $3, dots = $4, error = '', claimed_until = null`, paper, printable); err != nil {
			return err
		}
		return tellLabel(ctx, tx, FactBought, o.carton)
	})
}

// dotsTries is how often a carrier is asked for what a label printer takes: then the PDF does not wait for it any more.
const dotsTries = 4

// dots is the label as a label printer takes it: ZPL for 203 dots per inch, which is what carriers write it for, else a picture.
// It is empty where the carrier draws neither.
func (o asked) dots(ctx context.Context, system System) (body []byte, f Format, err error) {
	formats := []Format{ZPL, PNG}
	if o.dpi != labels.DPI203 {
		formats = []Format{PNG}
	}
	for _, f := range formats {
		body, err := system.Paper(ctx, o.remote, f)
		if err == nil {
			return body, f, nil
		}
		if errors.Is(err, fault.Unavailable) && o.attempts <= dotsTries {
			return nil, "", err
		}
	}
	return nil, "", nil
}

// keep stores what a carrier drew by its hash, once; nothing has none.
func keep(ctx context.Context, tx *sql.Tx, f Format, body []byte) (hash []byte, err error) {
	if len(body) == 0 {
		return nil, nil
	}
	sum := sha256.Sum256(body)
	_, err = tx.ExecContext(ctx, `insert into carrier_papers (hash, format, body) values ($1, $2, $3) on conflict do nothing`, sum[:], string(f), body)
	return sum[:], err
}

// Bought is a label as its carrier drew it.
type Bought struct {
	PDF    []byte // nil until it is here
	Dots   []byte // for a label printer, nil where the carrier draws nothing of the kind
	Format Format // of the dots: ZPL of 203 dots per inch, or PNG
}

// BoughtLabel is a carrier's own label of a carton. sold says that its carrier sells it, so that no other may be printed.
func BoughtLabel(ctx context.Context, q pg.Querier, carton packing.CartonID) (b Bought, sold bool, err error) {
	err = q.QueryRowContext(ctx, `
		select p.body, d.body, coalesce(d.format, '') from carrier_labels l
		left join carrier_papers p on p.hash = l.paper left join carrier_papers d on d.hash = l.dots
		where l.carton_id = $1 and l.state not in ('cancelled')`, carton).Scan(&b.PDF, &b.Dots, &b.Format)
	if errors.Is(err, sql.ErrNoRows) {
		return b, false, nil
	}
	return b, err == nil, err
}
