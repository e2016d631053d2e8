package mail

import (
	"context"
	"fmt"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/inventory"
)

// owed are the facts that must have made a letter: each query gives the references of those that have
// none. One that is still on its way to us is not owed yet.
var owed = []struct{ law, fact, missing string }{
	{"every order was confirmed", "order.placed", `
		select 'O-' || number from orders o
		where not exists (select from letters l where l.kind = 'order confirmation' and l.fact = 'order.placed O-' || o.number)`},
	{"every shipment that left was announced", "shipment.dispatched", `
		select 'SH-' || id from shipments s
		where s.dispatched_at is not null and not exists (select from letters l where l.kind = 'tracking' and l.fact = 'shipment.dispatched SH-' || s.id)`},
	{"every delivery was told", "shipment.delivered", `
		select 'SH-' || id from shipments s
		where s.state = 'delivered' and not exists (select from letters l where l.kind = 'delivered' and l.fact = 'shipment.delivered SH-' || s.id)`},
	{"every return has its slip", "return.authorised", `
		select 'R-' || id from returns r
		where r.origin <> 'carrier' and not exists (select from letters l where l.kind = 'return authorised' and l.fact = 'return.authorised R-' || r.id)`},
	{"every returned parcel was acknowledged", "return.received", `
		select 'R-' || id from returns r
		where r.origin <> 'carrier' and r.received_at is not null and not exists (select from letters l where l.kind = 'return received' and l.fact = 'return.received R-' || r.id)`},
	{"every parcel that came back undelivered was told", "return.undelivered", `
		select 'R-' || id from returns r
		where r.origin = 'carrier' and not exists (select from letters l where l.kind = 'came back undelivered' and l.fact = 'return.undelivered R-' || r.id)`},
	{"every settlement of a return was told", "return.settled", `
		select distinct 'R-' || s.return_id from settlements s
		where s.submission <> 'before' -- of the time before they were written down
		  and not exists (select from letters l where l.kind = 'return settled' and l.fact = 'return.settled R-' || s.return_id || '/' || s.submission)`},
}

// Check proves that every fact that must make a letter made one, and that none lies about.
func Check(ctx context.Context, q pg.Querier) (all []inventory.Law, err error) {
	defer fault.Wrap(&err, "mail.Check()")
	coming, err := outbox.Undelivered(ctx, q, "mail")
	if err != nil {
		return nil, err
	}
	onTheWay := map[string]bool{}
	for _, f := range coming {
		onTheWay[f.Name+" "+f.Ref] = true
	}
	for _, o := range owed {
		refs, err := pg.Values[string](q.QueryContext(ctx, o.missing))
		if err != nil {
			return nil, err
		}
		l := inventory.Law{Name: o.law}
		for _, ref := range refs {
			if onTheWay[o.fact+" "+ref] {
				continue
			}
			if l.Count++; l.Count <= 5 {
				l.Examples = append(l.Examples, fmt.Sprintf("%s %s has no letter", o.fact, ref))
			}
		}
		all = append(all, l)
	}
	overdue, err := inventory.Prove(ctx, q, "no letter is overdue for an hour", `
		select format('letter %s to %s (%s)', id, recipient, kind) from letters
		where state in ('queued', 'sending') and next_try_at < now() - interval '1 hour'
		  and (from_hour is null or within_hours(now() - interval '1 hour', zone, from_hour, to_hour) < now())`)
	if err != nil {
		return nil, err
	}
	fitting, err := checkWordings(ctx, q)
	return append(all, overdue, fitting), err
}

// checkWordings finds those that were right when they were saved and do not fit their letter any more: the shipped one
// is sent in their place, and somebody should know.
func checkWordings(ctx context.Context, q pg.Querier) (inventory.Law, error) {
	law := inventory.Law{Name: "every wording in force fits its letter"}
	for _, k := range kinds {
		for _, l := range orders.Languages {
			t, err := inForce(ctx, q, k, l)
			if err != nil {
				return law, err
			}
			if wrong := checkWording(k, t.Subject, t.Body); wrong != nil {
				law.Count++
				law.Examples = append(law.Examples, fmt.Sprintf("%s in %s: %v", k.Kind, l, wrong))
			}
		}
	}
	return law, nil
}
