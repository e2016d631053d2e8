package mail

import (
	"context"
	"database/sql"
	"net/mail"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
)

// QuoteMade sends a quote to whom it is for.
func QuoteMade(ctx context.Context, tx *sql.Tx, ref string) error {
	return quoteLetter(ctx, tx, ref, "quote.made")
}

// QuoteReminded sends it once more; when is what tells this time from others.
func QuoteReminded(ctx context.Context, tx *sql.Tx, ref, when string) error {
	return quoteLetter(ctx, tx, ref, "quote.reminded "+when)
}

func quoteLetter(ctx context.Context, tx *sql.Tx, ref, about string) (err error) {
	defer fault.Wrap(&err, "mail.quoteLetter(%s)", ref)
	entry, err := find(Quote)
	if err != nil {
		return err
	}
	q, err := readQuote(ctx, tx, ref)
	if err != nil || q.State != orders.QuoteOpen {
		return err // answered or withdrawn meanwhile
	}
	d, err := quoteDraft(ctx, tx, q)
	if err != nil {
		return err
	}
	d.Fact = fact(about, ref)
	return d.send(ctx, tx, entry)
}

func readQuote(ctx context.Context, q pg.Querier, ref string) (orders.Quote, error) {
	n, err := orders.ParseQuoteNumber(ref)
	if err != nil {
		return orders.Quote{}, err
	}
	return orders.ReadQuote(ctx, q, n, time.Time{}) // one that runs out while its letter is on the way is told of all the same
}

func gatherQuote(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	found, err := readQuote(ctx, q, ref)
	if err != nil {
		return nil, err
	}
	d, err := quoteDraft(ctx, q, found)
	return []draft{d}, err
}

// quoteDraft is written in the language of the customer with that address, if there is one already.
func quoteDraft(ctx context.Context, q pg.Querier, of orders.Quote) (d draft, err error) {
	h, err := readHouse(ctx, q)
	if err != nil {
		return d, err
	}
	var own orders.Language
	err = q.QueryRowContext(ctx, `select language from customers where lower(email) = lower($1)`, of.Email).Scan(&own)
	if err != nil && err != sql.ErrNoRows {
		return d, err
	}
	lines := make(list, len(of.Lines))
	for i, g := range of.Lines {
		lines[i] = goods{g.Quantity, g.Name, g.Sum(), g.Detail}
	}
	d = draft{company: of.Company, values: values{
		"customer": words(of.Name), "company": words(of.Company), "quote": words(of.Number.String()), "reference": words(of.Form.Reference), "words": paragraph(of.Words),
		"lines": lines, "total": sums{of.Goods, of.Shipping, orders.Money{}, of.Tax, of.Total}, "pictures": either(len(of.Mockups) > 0), "several": either(len(of.Mockups) > 1),
		"until": day(of.Until.In(of.Zone)), "link": link(h.base + "/quote/" + of.Token)}}
	d.Letter = Letter{Kind: Quote, Ref: of.Number.String(), To: mail.Address{Name: displayName(of.Name), Address: of.Email},
		From: mail.Address{Name: displayName(of.Company), Address: h.from}, Language: orders.LanguageFor(own, h.language, of.Form.Country), Zone: zoneOf(of.Form.Country, of.Zone.String())}
	return d, nil
}
