package picking

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Hand is a demand in the hands of the trades behind picking: packing and shipping lock it by Lock and read it here.
type Hand struct {
	ID           DemandID
	Ref          string
	State        State
	Held         string // why no work may be done on it; "" = it may
	ShipComplete bool
}

// Lock locks a demand for packing or shipping and answers how far it is. Lists are not locked by it, so whoever holds
// it must not go back to them.
func Lock(ctx context.Context, tx *sql.Tx, ref string) (_ Hand, err error) {
	defer fault.Wrap(&err, "picking.Lock(%s)", ref)
	d, err := lockDemand(ctx, tx, ref)
	return Hand{d.id, d.ref, d.state, d.held, d.shipComplete}, err
}

// HandOf reads a demand as Lock does, without locking it.
func HandOf(ctx context.Context, q pg.Querier, ref string) (_ Hand, err error) {
	defer fault.Wrap(&err, "picking.HandOf(%s)", ref)
	var d demand
	err = q.QueryRowContext(ctx, `select `+demandColumns+` from demands d where d.ref = $1`, ref).Scan(d.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "%s is not on the floor.", ref)
	}
	return Hand{d.id, d.ref, d.state, d.held, d.shipComplete}, err
}

// MarkPacked says that all that was picked for a demand lies in closed cartons.
func MarkPacked(ctx context.Context, tx *sql.Tx, ref string) (err error) {
	defer fault.Wrap(&err, "picking.MarkPacked(%s)", ref)
	result, err := tx.ExecContext(ctx, `
		update demands d set state = 'packed'
		where d.ref = $1 and d.state = 'picked'
			and not exists (select from tote_lines l where l.demand_id = d.id)`, ref)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "%s is not ready to be closed: something of it is still in a tote or being picked.", ref)
}

// Unpack says that a closed carton was opened again: what was in it lies in a tote again.
func Unpack(ctx context.Context, tx *sql.Tx, ref string) (err error) {
	defer fault.Wrap(&err, "picking.Unpack(%s)", ref)
	_, err = tx.ExecContext(ctx, `update demands set state = 'picked' where ref = $1 and state = 'packed'`, ref)
	return err
}

// MarkShipped counts units of a line that left the house. When all that was picked has left, the demand is shipped,
// or open again for what is still asked for.
func MarkShipped(ctx context.Context, tx *sql.Tx, ref string, units map[string]int64) (err error) {
	defer fault.Wrap(&err, "picking.MarkShipped(%s)", ref)
	d, err := lockDemand(ctx, tx, ref)
	if err != nil {
		return err
	}
	for line, n := range units {
		if _, err := tx.ExecContext(ctx, `update demand_lines set shipped = shipped + $3 where demand_id = $1 and ref = $2`, d.id, line, n); err != nil {
			return err
		}
	}
	return settle(ctx, tx, d)
}
