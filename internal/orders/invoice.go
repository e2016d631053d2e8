package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Series is a row of numbers without gaps.
type Series string

// The series.
const (
	Invoices    Series = "INV"
	CreditNotes Series = "CN"
)

// InvoiceNumber is what an invoice or a credit note is called.
type InvoiceNumber struct {
	Series Series
	N      int64
}

// String is the number as it is printed: "INV-1001".
func (n InvoiceNumber) String() string { return string(n.Series) + "-" + strconv.FormatInt(n.N, 10) }

// ParseInvoice reads a number as it is printed.
func ParseInvoice(text string) (n InvoiceNumber, err error) {
	series, digits, _ := strings.Cut(strings.ToUpper(text), "-")
	n.N, err = strconv.ParseInt(digits, 10, 64)
	n.Series = Series(series)
	if err != nil || n.N < 1 || (n.Series != Invoices && n.Series != CreditNotes) || !digitsOnly(digits) {
		return n, fault.New(fault.NotFound, "%q is not the number of an invoice or a credit note. They look like INV-1001 and CN-1001.", short(text))
	}
	return n, nil
}

// Invoice is an invoice or a credit note as lists show it.
type Invoice struct {
	Number InvoiceNumber
	Order  Number
	Issued time.Time
	Due    time.Time // a day; zero: nothing is to be paid
	Total  Money     // as printed: what a credit note is about is not below zero either
}

// Document is all that an invoice or a credit note prints, kept as it was issued. Amounts are in the minor unit; a credit
// note has what is given back above zero.
type Document struct {
	Series    Series         `json:"series"`
	Number    int64          `json:"number"`
	Issued    string         `json:"issued"`        // a day, 2026-11-27
	Due       string         `json:"due,omitempty"` // a day
	Seller    Seller         `json:"seller"`
	Buyer     []string       `json:"buyer"`
	Order     Number         `json:"order"`
	Reference string         `json:"reference,omitempty"` // the customer's own
	Ordered   string         `json:"ordered"`             // a day
	Delivered string         `json:"delivered,omitempty"` // a day; "" = not yet
	Corrects  []string       `json:"corrects,omitempty"`  // the invoices that a credit note, or a further invoice, is about
	Why       string         `json:"why,omitempty"`
	Lines     []DocumentLine `json:"lines"`
	Goods     int64          `json:"goods_minor"`
	Shipping  int64          `json:"shipping_minor"`
	Tools     int64          `json:"tools_minor,omitempty"` // charged once
	Permille  int64          `json:"tax_permille"`
	Tax       int64          `json:"tax_minor"`
	Total     int64          `json:"total_minor"`
	Paid      int64          `json:"paid_minor"` // of the order, when it was issued
	Open      int64          `json:"open_minor"`
	Currency  string         `json:"currency"`
}

// Seller is us on a paper of money.
type Seller struct {
	Company   string `json:"company"`
	Legal     string `json:"legal,omitempty"`
	TaxNumber string `json:"tax_number,omitempty"`
	Bank      string `json:"bank,omitempty"`
}

// DocumentLine is a line of an order on a paper.
type DocumentLine struct {
	Ref      string `json:"ref"`
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Price    int64  `json:"price_minor"` // for one
	Sum      int64  `json:"sum_minor"`
}

func (d Document) number() InvoiceNumber { return InvoiceNumber{d.Series, d.Number} }

// sign is how the paper counts on what an order owes.
func (d Document) sign() int64 {
	if d.Series == CreditNotes {
		return -1
	}
	return 1
}

const invoiceColumns = `i.series, i.number, o.number, i.issued_at, i.due_on, i.total_minor, i.currency`

func queryInvoices(ctx context.Context, q pg.Querier, where string, args ...any) (list []Invoice, err error) {
	rows, err := q.QueryContext(ctx, `select `+invoiceColumns+` from invoices i join orders o on o.id = i.order_id `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i Invoice
		var due sql.NullTime
		if err := rows.Scan(&i.Number.Series, &i.Number.N, &i.Order, &i.Issued, &due, &i.Total.Minor, &i.Total.Currency); err != nil {
			return nil, err
		}
		i.Due = due.Time
		list = append(list, i)
	}
	return list, rows.Err()
}

// readInvoices reads the order's invoices and credit notes, the oldest first.
func (v *View) readInvoices(ctx context.Context, q pg.Querier) (err error) {
	v.Invoices, err = queryInvoices(ctx, q, `where i.order_id = $1 order by i.issued_at, i.series desc, i.number`, v.ID)
	return err
}

// InvoicesOf lists a customer's invoices and credit notes, the newest first.
func InvoicesOf(ctx context.Context, q pg.Querier, customer CustomerID, limit int) (list []Invoice, err error) {
	defer fault.Wrap(&err, "orders.InvoicesOf(%d)", customer)
	return queryInvoices(ctx, q, `where o.customer_id = $1 order by i.issued_at desc, i.series, i.number desc limit $2`, customer, limit)
}

// ReadDocument reads a paper as it was issued.
func ReadDocument(ctx context.Context, q pg.Querier, n InvoiceNumber) (d Document, err error) {
	defer fault.Wrap(&err, "orders.ReadDocument(%s)", n)
	var snapshot []byte
	err = q.QueryRowContext(ctx, `select snapshot from invoices where series = $1 and number = $2`, n.Series, n.N).Scan(&snapshot)
	if errors.Is(err, sql.ErrNoRows) {
		return d, fault.New(fault.NotFound, "There is no %s.", n)
	}
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(snapshot, &d)
}

// DocumentByToken reads a paper of the order of a customer's link; one of another order does not exist there.
func DocumentByToken(ctx context.Context, q pg.Querier, token string, n InvoiceNumber) (d Document, err error) {
	defer fault.Wrap(&err, "orders.DocumentByToken")
	v, err := byToken(ctx, q, token)
	if err != nil {
		return d, err
	}
	if d, err = ReadDocument(ctx, q, n); err == nil && d.Order != v.Number {
		return Document{}, fault.New(fault.NotFound, "There is no %s.", n)
	}
	return d, err
}

// documents reads the papers of an order.
func documents(ctx context.Context, q pg.Querier, id ID) ([]Document, error) {
	all, err := pg.Values[string](q.QueryContext(ctx, `
		select snapshot::text from invoices where order_id = $1 and payment_id is null order by issued_at, series desc, number`, id))
	if err != nil {
		return nil, err
	}
	list := make([]Document, len(all))
	for i, text := range all {
		if err := json.Unmarshal([]byte(text), &list[i]); err != nil {
			return nil, fmt.Errorf("a paper of order %d: %w", id, err)
		}
	}
	return list, nil
}
