package shipping

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Number is what a person read on the carrier's own label or page.
type Number struct {
	Carrier  string            // who it really is: DHL
	Number   string            // its number for the whole shipment; empty: that of its first parcel, or it travels under ours
	Expected time.Time         // the day it should be there; zero: by the carrier's usual days
	Parcels  map[string]string // our package number → the carrier's number of that parcel alone
	Staff    staff.ID
	At       time.Time
}

// EnterNumber records the carrier's number of a shipment that goes with somebody else, and whose it is,
// until it leaves. Mistakes are fault.Fields named carrier, number, expected or a package number.
func EnterNumber(ctx context.Context, tx *sql.Tx, id ID, n Number) (err error) {
	defer fault.Wrap(&err, "shipping.EnterNumber(%s)", id)
	var state State
	var how, current string
	err = tx.QueryRowContext(ctx, `
		select s.state, c.adapter, coalesce(s.tracking_number, '') from shipments s join carriers c on c.code = s.carrier
		where s.id = $1 for no key update of s`, id).Scan(&state, &how, &current)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.NotFound, "There is no shipment %s.", id)
	case err != nil:
		return err
	case ways[how].Remote:
		return fault.New(fault.Conflict, "%s is numbered by the label its carrier sells. If the label does not come, choose another carrier.", id)
	case ways[how].Ours:
		return fault.New(fault.Conflict, "%s goes with our own fleet, which numbers by itself.", id)
	case state == Planned:
		return fault.New(fault.Conflict, "%s has no closed parcel yet. Enter the number when it is packed.", id)
	case state != Booked:
		return fault.New(fault.Conflict, "%s is %s: its number cannot change any more.", id, state)
	}
	if err := n.check(); err != nil {
		return err
	}
	return n.record(ctx, tx, id)
}

func (n Number) check() error {
	var bad fault.Fields
	if wrong := wrongText(n.Carrier, 60); wrong != "" || n.Carrier == "" {
		bad.Add("carrier", "Say who carries it: DHL, UPS … (up to 60 characters).")
	}
	if !plainNumber(n.Number) {
		bad.Add("number", "A tracking number has up to 40 letters, digits and dashes. Copy it from the carrier's label.")
	}
	if !n.Expected.IsZero() && (n.Expected.Before(n.At.AddDate(0, 0, -1)) || n.Expected.After(n.At.AddDate(0, 6, 0))) {
		bad.Add("expected", "The expected day lies between today and half a year from now.")
	}
	for ours, theirs := range n.Parcels {
		if !plainNumber(theirs) {
			bad.Add(ours, "The number of parcel %s has up to 40 letters, digits and dashes.", clip(ours))
		}
	}
	return bad.Err()
}

// plainNumber says whether s can be printed as Code 128 and scanned back; empty is fine.
func plainNumber(s string) bool {
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return len(s) <= 40
}

func (n Number) record(ctx context.Context, tx *sql.Tx, id ID) error {
	ours, err := packagesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := n.fits(ctx, tx, id, ours); err != nil {
		return err
	}
	theirs := make([]string, len(ours)) // what each package is followed by
	for i, o := range ours {
		theirs[i] = cmp.Or(n.Parcels[o], n.Number, o)
	}
	if _, err := tx.ExecContext(ctx, `
		update shipments s set carrier_name = $2, numbered_at = $4, numbered_by = nullif($5::bigint, 0), expected_on = $6, tracking_number = $3
		where s.id = $1`, id, n.Carrier, cmp.Or(n.Number, theirs[0]), n.At, n.Staff, sql.NullTime{Time: n.Expected, Valid: !n.Expected.IsZero()}); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update shipment_cartons sc set tracking_number = p.theirs
		from unnest($2::text[], $3::text[]) p (ours, theirs)
		where p.ours = sc.package_number and sc.shipment_id = $1 and sc.void_at is null`, id, pg.Array(ours), pg.Array(theirs))
	return err
}

// packagesOf are our numbers of a shipment's packages, in their order.
func packagesOf(ctx context.Context, q pg.Querier, id ID) ([]string, error) {
	return list(ctx, q, func(s *string) []any { return []any{s} }, `
		select package_number from shipment_cartons where shipment_id = $1 and void_at is null order by package_number`, id)
}

// fits refuses numbers for packages that are not there, and numbers that mean another package or shipment.
func (n Number) fits(ctx context.Context, q pg.Querier, id ID, ours []string) error {
	var bad fault.Fields
	field := map[string]string{} // where each number was typed
	if n.Number != "" {
		field[n.Number] = "number"
	}
	for _, o := range slices.Sorted(maps.Keys(n.Parcels)) {
		switch theirs := n.Parcels[o]; {
		case theirs == "" || theirs == n.Number:
		case !slices.Contains(ours, o):
			bad.Add(o, "There is no parcel %s in %s. Look at its page again.", clip(o), id)
		case field[theirs] != "":
			bad.Add(o, "Another parcel has the number %s already.", theirs)
		default:
			field[theirs] = o
		}
	}
	type taken struct {
		number string
		by     ID
	}
	others, err := list(ctx, q, func(t *taken) []any { return []any{&t.number, &t.by} }, `
		select s.tracking_number, s.id from shipments s
		where s.id <> $1 and s.tracking_number = any($2) and s.state <> 'cancelled' and s.planned_at > $3::timestamptz - interval '1 year'
		union
		select sc.tracking_number, s.id from shipment_cartons sc join shipments s on s.id = sc.shipment_id
		where s.id <> $1 and sc.tracking_number = any($2) and sc.void_at is null and s.state <> 'cancelled' and s.planned_at > $3::timestamptz - interval '1 year'`,
		id, pg.Array(slices.Collect(maps.Keys(field))), n.At)
	for _, t := range others {
		if name := field[t.number]; bad.Of(name) == "" {
			bad.Add(name, "%s has this number already. Check which of the two is right.", t.by)
		}
	}
	if err != nil {
		return err
	}
	return bad.Err()
}
