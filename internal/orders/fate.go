package orders

import (
	"fmt"

	"tote/shipping"
)

// Fate is where the parcels of an order that left have ended so far.
type Fate struct {
	Parcels, Handed, Back int64
}

// fateOf counts the parcels of orders o that have left: all, delivered ones, and those that came back undelivered.
const fateOf = `(
	select count(*), count(*) filter (where sc.delivered_at is not null), count(*) filter (where ` + shipping.ParcelBack + `)
	from shipment_orders so join shipments s on s.id = so.shipment_id and s.dispatched_at is not null
	join shipment_cartons sc on sc.shipment_id = s.id and sc.void_at is null join cartons k on k.id = sc.carton_id and k.ref = so.ref
	where so.ref = 'O-' || o.number and o.stage = 'shipped')`

// Ended reports that none is on the road any more, and that some came back.
func (f Fate) Ended() bool { return f.Back > 0 && f.Handed+f.Back == f.Parcels }

// Word is the stage as people say it once something came back: the stage itself tells only that all of it left.
func (f Fate) Word(s Stage) string {
	switch {
	case s != Shipped || f.Back == 0:
		return string(s)
	case f.Back == f.Parcels:
		return "came back"
	case f.Handed == 0:
		return fmt.Sprintf("shipped, %d came back", f.Back)
	}
	return fmt.Sprintf("partly delivered, %d came back", f.Back)
}

// Fate counts the parcels that the view has read.
func (v View) Fate() (f Fate) {
	for _, s := range v.Shipments {
		if !s.Gone() {
			continue
		}
		for _, p := range s.Parcels {
			f.Parcels++
			switch {
			case !p.Handed.IsZero():
				f.Handed++
			case p.Back:
				f.Back++
			}
		}
	}
	return f
}
