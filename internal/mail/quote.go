package mail

import (
	"context"
	"database/sql"
	"net/mail"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
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
	n, err := orders.ParseQuoteNumber(ref)
	if err != nil {
		return err
	}
	q, err := orders.ReadQuote(ctx, tx, n, time.Time{}) // one that runs out while its letter is on the way is told of all the same
	if err != nil {
		return err
	}
	if q.State != orders.QuoteOpen {
		return nil // answered or withdrawn meanwhile
	}
	l := Letter{Kind: Quote, Fact: fact(about, ref), Ref: ref, To: mail.Address{Name: displayName(q.Name), Address: q.Email}}
	l.From.Name = displayName(q.Company)
	var base string
	if err := tx.QueryRowContext(ctx, `select base_url, mail_from from settings`).Scan(&base, &l.From.Address); err != nil {
		return err
	}
	lines := make([]goods, len(q.Lines))
	for i, g := range q.Lines {
		lines[i] = goods{g.Quantity, g.Name, g.Sum().String()}
	}
	tax := ""
	if q.Tax.Minor != 0 {
		tax = q.Tax.String()
	}
	return send(ctx, tx, l, struct {
		Quote, Greet, Company, Journey, Reference, Words, Link string
		Lines                                                  []goods
		Goods, Shipping, Tax, Total                            string
		Pictures                                               int64
		Until                                                  time.Time
	}{ref, q.Name, q.Company, "", q.Form.Reference, q.Words, strings.TrimRight(base, "/") + "/quote/" + q.Token,
		lines, q.Goods.String(), q.Shipping.String(), tax, q.Total.String(), int64(len(q.Mockups)), q.Until.In(q.Zone)})
}
