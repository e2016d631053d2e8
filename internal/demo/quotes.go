package demo

import (
	"context"
	"database/sql"
	"fmt"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
)

// quote makes quotes for schools: one that was accepted, one that is over, and one that its customer still has to answer.
func (h *house) quote(ctx context.Context, d dataset, all []buyer) error {
	now := h.at
	accepted, err := h.quoteFor(ctx, all[1], d.sales[1], 30)
	if err != nil {
		return err
	}
	if err := pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		q, err := orders.ReadQuote(ctx, tx, accepted, now)
		if err != nil {
			return err
		}
		_, err = orders.AcceptQuote(ctx, tx, orders.Acceptance{Token: q.Token, As: q.Name, Agreed: true, At: now})
		return err
	}); err != nil {
		return err
	}
	h.at = now.AddDate(0, 0, -40)
	if _, err := h.quoteFor(ctx, all[2], d.sales[2], 10); err != nil {
		return err
	}
	h.at = now
	_, err = h.quoteFor(ctx, all[3], d.sales[3], 30)
	return err
}

// quoteFor quotes what a real order was of, a tenth below the price list, valid for so many days.
func (h *house) quoteFor(ctx context.Context, b buyer, s sale, days int) (n orders.QuoteNumber, err error) {
	form := orders.QuoteForm{ValidUntil: h.at.AddDate(0, 0, days).Format("2006-01-02"), Words: "As we spoke on the phone: a tenth less than in our list, for your new classrooms.",
		Form: orders.Form{Customer: b.code, Recipient: b.name, Company: b.company, Street: b.street, City: b.city, Postcode: b.postcode, Country: b.country, Carrier: "own", Service: "standard"}}
	err = pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		form.Lines = nil
		for _, l := range s.lines {
			var minor int64
			if err := tx.QueryRowContext(ctx, `select p.amount_minor from prices p join items i on i.id = p.item_id where i.sku = $1`, sku(l.product)).Scan(&minor); err != nil {
				return err
			}
			minor = minor * 9 / 10
			form.Lines = append(form.Lines, orders.FormLine{SKU: sku(l.product), Quantity: fmt.Sprint(l.quantity), Price: fmt.Sprintf("%d.%02d", minor/100, minor%100)})
		}
		n, err = orders.MakeQuote(ctx, tx, orders.QuoteSubmission{Key: "quote for " + b.code, Form: form, Warehouse: h.warehouse, By: h.people[staff.Sales].ID, At: h.at})
		return err
	})
	return n, err
}
