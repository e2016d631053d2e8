package shipping

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// buy buys the label. The carrier's id of the consignment is on record before anything is paid: whoever comes after this
// process buys the same one, and the carrier sells it once.
func (o asked) buy(ctx context.Context, db *sql.DB, system System) error {
	q, err := o.open(ctx, system)
	if err != nil {
		return o.refused(ctx, db, err)
	}
	if q.ID == "" || q.Reference != o.reference {
		return fault.New(fault.Unavailable, "The carrier answered about another parcel. It will be asked again.")
	}
	if err := o.update(ctx, db, `remote_id = $3`, q.ID); err != nil {
		return err
	}
	id := q.ID
	if q.Sold == nil {
		rate, err := o.rate(q)
		if err != nil {
			return o.refused(ctx, db, err)
		}
		if q, err = system.Buy(ctx, id, rate); err != nil {
			return o.refused(ctx, db, o.doubt(ctx, system, id, err, &q))
		}
	}
	if q.ID != id || q.Sold == nil || q.Sold.Number == "" {
		return fault.New(fault.Unavailable, "The carrier’s answer names no label. It will be asked again.")
	}
	return pg.InTx(ctx, db, func(tx *sql.Tx) error { return o.record(ctx, tx, *q.Sold, time.Now()) })
}

// open is the consignment at the carrier: the one an earlier try opened, or a new one.
func (o asked) open(ctx context.Context, system System) (Quote, error) {
	if o.remote != "" {
		return system.Find(ctx, o.remote)
	}
	if o.attempts > 1 {
		q, err := system.Find(ctx, o.reference)
		if !errors.Is(err, fault.NotFound) {
			return q, err
		}
	}
	return system.Rate(ctx, o.consignment)
}

// rate is the offer of the service that was asked for.
func (o asked) rate(q Quote) (Rate, error) {
	i := slices.IndexFunc(q.Rates, func(r Rate) bool {
		return r.offers(o.theirs, o.service)
	})
	if i >= 0 {
		return q.Rates[i], nil
	}
	says := ""
	if len(q.Says) > 0 {
		says = " It says: " + strings.Join(q.Says, "; ")
	}
	return Rate{}, fault.New(fault.Conflict, "%s does not offer %s for this parcel.%s", o.theirs, o.service, says)
}

// doubt looks again after a refusal: a label that was sold to an earlier, unanswered call is refused too.
func (o asked) doubt(ctx context.Context, system System, id string, refusal error, q *Quote) error {
	if !errors.Is(refusal, fault.Conflict) {
		return refusal
	}
	found, err := system.Find(ctx, id)
	if err != nil {
		return err
	}
	if found.Sold == nil {
		return refusal
	}
	*q = found
	return nil
}
