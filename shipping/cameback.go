package shipping

import (
	"context"
	"database/sql"
	"fmt"

	"tote/internal/pg"
)

// ParcelBack is whether a parcel sc, of which nobody said that it was delivered, came back to us and was counted.
const ParcelBack = `(sc.delivered_at is null and exists (
	    select from returns r where r.submission = 'undelivered carton ' || sc.carton_id and r.received_at is not null))`

// IsBack is whether a shipment s ended with us: whatever of it was not delivered came back and was counted.
const IsBack = `(s.state = 'exception' and exists (
	    select from shipment_cartons sc where sc.shipment_id = s.id and sc.void_at is null and sc.delivered_at is null)
	and not exists (
	    select from shipment_cartons sc where sc.shipment_id = s.id and sc.void_at is null and sc.delivered_at is null and not ` + ParcelBack + `))`

// StateNow is the state of a shipment s as people see it: one that ended with us came back.
const StateNow = `case when ` + IsBack + ` then 'came back' else s.state end`

func isBack(ctx context.Context, q pg.Querier, id ID) (yes bool, err error) {
	err = q.QueryRowContext(ctx, `select `+IsBack+` from shipments s where s.id = $1`, id).Scan(&yes)
	return yes, err
}

// home ends the trouble of a shipment whose parcel was counted; pieces that should have been in it and were not are a trouble
// of their own, until they come or a person closes it with what became of them.
func (c *counting) home(ctx context.Context) error {
	if c.ret.Origin != "carrier" {
		return nil
	}
	ids, err := pg.Values[ID](c.tx.QueryContext(ctx, `
		select sc.shipment_id from shipment_cartons sc join returns r on r.submission = 'undelivered carton ' || sc.carton_id
		where r.id = $1 and sc.void_at is null`, c.ret.ID))
	if err != nil || len(ids) == 0 {
		return err
	}
	id := ids[0]
	if _, err := Track(ctx, c.tx, Event{Shipment: id, At: c.scan.At, Kind: "exception", Source: "scan", Key: "came back " + c.ret.ID.String(),
		Note: fmt.Sprintf("Came back to us: %s", c.ret.ID), Staff: c.scan.Staff}, c.scan.At); err != nil {
		return err
	}
	return c.missing(ctx, id)
}

// missing settles what the parcel's coming settles and raises what is not in it.
func (c *counting) missing(ctx context.Context, id ID) error {
	mine := c.ret.ID.String() + ": "
	if _, err := c.tx.ExecContext(ctx, `
		update troubles set settled_at = $2, settled_by = $3, how = 'came back'
		where shipment_id = $1 and settled_at is null and (strpos(note, 'did not come back') = 0 or strpos(note, $4) > 0)`,
		id, c.scan.At, sql.NullInt64{Int64: int64(c.scan.Staff), Valid: c.scan.Staff != 0}, mine); err != nil || c.ret.Received == c.ret.Units {
		return err
	}
	_, err := c.tx.ExecContext(ctx, `
		insert into troubles (shipment_id, what, note, since) values ($1, $2, $3, $4)
		on conflict (shipment_id, what) where settled_at is null do update set note = left(troubles.note || ' ' || excluded.note, 500)`,
		id, Returned, fmt.Sprintf("%s%d of %d did not come back.", mine, c.ret.Units-c.ret.Received, c.ret.Units), c.scan.At)
	return err
}
