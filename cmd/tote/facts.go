package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"tote/internal/fault"
	"tote/internal/mail"
	"tote/internal/orders"
	"tote/internal/orders/checkout"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/inventory"
	"tote/picking"
	"tote/shipping"
)

// facts is the one table of who hears of what. Every consumer bears hearing a fact twice. Without an account for cards,
// cards is nil; without one for labels, systems has those of the house alone.
func facts(db *sql.DB, post mail.Sender, cards *checkout.Stripe, systems shipping.Systems) map[string][]outbox.Consumer {
	letter := inTx(db, "mail")
	progress := inTx(db, "orders")(orders.Progress)
	invoice := inTx(db, "invoices")(func(ctx context.Context, tx *sql.Tx, ref string) error {
		return orders.IssueInvoices(ctx, tx, ref, time.Now())
	})
	return map[string][]outbox.Consumer{
		"quote.made":          {letter(mail.QuoteMade)},
		"quote.reminded":      {again(db, mail.QuoteReminded)},
		"customer.asked":      {again(db, mail.CustomerAsked)},
		"picture.asked":       {letter(mail.PictureAsked)},
		"picture.refused":     {letter(mail.PictureTurnedDown)},
		"proof.ready":         {letter(mail.ProofReady)},
		"proof.reminded":      {again(db, mail.ProofReminded)},
		"proof.overdue":       {letter(mail.ProofOverdue)},
		"artwork.approved":    {letter(mail.ArtworkApproved)},
		"artwork.changed":     {proofed(db)},
		"production.changed":  {progress},
		"order.placed":        {letter(mail.OrderPlaced)},
		"order.paid":          {letter(mail.OrderPaid), invoice},
		"order.cancelled":     {letter(mail.OrderCancelled)},
		"order.late":          {letter(mail.OrderLate)},
		"department.warned":   {again(db, mail.DepartmentWarned)},
		"order.released":      {letter(mail.OrderDelayed), joins(db), inTx(db, "groups")(orders.JoinGroup)},
		"demand.changed":      {progress},
		"demand.shorted":      {letter(mail.OrderDelayed), progress},
		inventory.FactLost:    {letter(mail.OrderDelayed), unplanned(db), progress},
		inventory.FactFilled:  {progress, joins(db)},
		inventory.FactCounted: {unblocked(db)},
		"carton.closed":       {progress, {Name: "papers", Do: print.Closed(db)}},
		"carton.voided":       {progress},
		"shipment.booked":     {progress},
		"shipment.dispatched": {letter(mail.ShipmentDispatched), progress, invoice},
		"shipment.delivered":  {letter(mail.ShipmentDelivered), progress},
		"shipment.exception":  {progress},
		"refund.asked":        {givesBack(db, cards)},
		"feedback.asked":      {letter(mail.FeedbackAsked)},
		"feedback.reminded":   {letter(mail.FeedbackReminded)},
		"return.authorised":   {letter(mail.ReturnAuthorised)},
		"return.received":     {letter(mail.ReturnReceived)},
		"return.undelivered":  {letter(mail.ReturnUndelivered)},
		"return.settled":      {tellsSettled(db)},
		shipping.FactLabel:    {{Name: "carriers", Do: shipping.Sells(db, systems)}},
		shipping.FactRates:    {{Name: "rates", Do: shipping.Asks(db, systems)}},
		shipping.FactBought:   {{Name: "papers", Do: print.Closed(db)}},
		"letter.queued":       {sends(post)},
		"print.requested":     {{Name: "printer", Do: print.Requested(db)}},
	}
}

// inTx makes consumers of functions that write in a transaction.
func inTx(db *sql.DB, consumer string) func(func(context.Context, *sql.Tx, string) error) outbox.Consumer {
	return func(do func(ctx context.Context, tx *sql.Tx, ref string) error) outbox.Consumer {
		return outbox.Consumer{Name: consumer, Do: func(ctx context.Context, f outbox.Fact) error {
			return pg.InTx(ctx, db, func(tx *sql.Tx) error { return do(ctx, tx, f.Ref) })
		}}
	}
}

// again sends a letter each time that the fact is put; its moment tells the times apart.
func again(db *sql.DB, do func(ctx context.Context, tx *sql.Tx, ref, when string) error) outbox.Consumer {
	return outbox.Consumer{Name: "mail", Do: func(ctx context.Context, f outbox.Fact) error {
		var about struct{ At string }
		if err := json.Unmarshal(f.Data, &about); err != nil {
			return err
		}
		return pg.InTx(ctx, db, func(tx *sql.Tx) error { return do(ctx, tx, f.Ref, about.At) })
	}}
}

// tellsSettled writes to the customer what became of a return.
func tellsSettled(db *sql.DB) outbox.Consumer {
	return outbox.Consumer{Name: "mail", Do: func(ctx context.Context, f outbox.Fact) error {
		key, err := orders.SettlementKey(f.Data)
		if err != nil {
			return err
		}
		return pg.InTx(ctx, db, func(tx *sql.Tx) error { return mail.ReturnTold(ctx, tx, f.Ref, key) })
	}}
}

// givesBack asks Stripe to give money back to a card, outside of any transaction, and records what came of it.
func givesBack(db *sql.DB, cards *checkout.Stripe) outbox.Consumer {
	return outbox.Consumer{Name: "cards", Do: func(ctx context.Context, f outbox.Fact) error {
		refund, err := orders.RefundOf(ctx, db, f.Ref)
		if err != nil || !refund.Asked {
			return err
		}
		if cards == nil {
			return fault.New(fault.Unavailable, "%s waits for the key of the account for cards (TOTE_STRIPE_KEY).", refund.ID)
		}
		id, err := cards.GiveBack(ctx, refund)
		if fault.KindOf(err) == fault.Unavailable || fault.KindOf(err) == fault.Other && err != nil {
			return err // tried again
		}
		refused := err
		return pg.InTx(ctx, db, func(tx *sql.Tx) error {
			if refused != nil {
				return orders.RefundRefused(ctx, tx, refund.ID, fault.Message(refused), time.Now())
			}
			return orders.RefundSent(ctx, tx, refund.ID, id, time.Now())
		})
	}}
}

// proofed lets an order go on whose artwork is further.
func proofed(db *sql.DB) outbox.Consumer {
	return outbox.Consumer{Name: "orders", Do: func(ctx context.Context, f outbox.Fact) error {
		return pg.InTx(ctx, db, func(tx *sql.Tx) error { return orders.ArtworkChanged(ctx, tx, f.Ref, time.Now()) })
	}}
}

// unplanned takes lines that lost their promise off the lists that planned them.
func unplanned(db *sql.DB) outbox.Consumer {
	return outbox.Consumer{Name: "picking", Do: func(ctx context.Context, f outbox.Fact) error {
		var lost inventory.Promises
		if err := json.Unmarshal(f.Data, &lost); err != nil {
			return err
		}
		return pg.InTx(ctx, db, func(tx *sql.Tx) error {
			for _, l := range lost.Lines {
				if err := picking.Lost(ctx, tx, l.Ref); err != nil {
					return err
				}
			}
			return nil
		})
	}}
}

// unblocked lets picking plan again what lies in a bin that was counted.
func unblocked(db *sql.DB) outbox.Consumer {
	return outbox.Consumer{Name: "picking", Do: func(ctx context.Context, f outbox.Fact) error {
		var c inventory.Counted
		if err := json.Unmarshal(f.Data, &c); err != nil {
			return err
		}
		return pg.InTx(ctx, db, func(tx *sql.Tx) error { return picking.Counted(ctx, tx, c) })
	}}
}

// sends sends the letters that are due, the new one among them. A letter that cannot leave now has its
// own time to be tried again, so the fact is done with.
func sends(post mail.Sender) outbox.Consumer {
	return outbox.Consumer{Name: "post", Do: func(ctx context.Context, _ outbox.Fact) error {
		_, err := post.Drain(ctx)
		return err
	}}
}
