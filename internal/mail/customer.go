package mail

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
)

// CustomerAsked sends the link to all orders of the customer called code; when is what tells this time from others.
func CustomerAsked(ctx context.Context, tx *sql.Tx, code, when string) (err error) {
	defer fault.Wrap(&err, "mail.CustomerAsked(%s)", code)
	entry, err := find(MyOrders)
	if err != nil {
		return err
	}
	d, id, err := customerDraft(ctx, tx, code)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	token, err := orders.NewCustomerLink(ctx, tx, id)
	if err != nil {
		return err
	}
	d.Fact, d.values["link"] = fact("customer.asked "+when, code), link(d.base+"/my/"+token)
	return d.send(ctx, tx, entry)
}

func gatherCustomer(ctx context.Context, q pg.Querier, code string) ([]draft, error) {
	d, _, err := customerDraft(ctx, q, code)
	return []draft{d}, err
}

func customerDraft(ctx context.Context, q pg.Querier, code string) (d draft, id orders.CustomerID, err error) {
	h, err := readHouse(ctx, q)
	if err != nil {
		return d, 0, err
	}
	var name, email, country string
	var own orders.Language
	err = q.QueryRowContext(ctx, `
		select c.id, c.name, c.email, c.language, coalesce((select o.country from orders o where o.customer_id = c.id order by o.id desc limit 1), '')
		from customers c where c.code = $1`, code).Scan(&id, &name, &email, &own, &country)
	if errors.Is(err, sql.ErrNoRows) {
		return d, 0, fault.New(fault.NotFound, "There is no such customer.")
	}
	d = draft{company: h.company, base: h.base, values: values{"customer": words(name), "company": words(h.company), "link": link(h.base + "/my/example")}}
	d.Letter = Letter{Kind: MyOrders, Ref: code, To: mail.Address{Name: displayName(name), Address: email}, From: mail.Address{Name: displayName(h.company), Address: h.from},
		Language: orders.LanguageFor(own, h.language, country), Zone: zoneOf(country, "UTC")}
	return d, id, err
}
