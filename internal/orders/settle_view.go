package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/shipping"
)

// Owed is a line of a return with goods that were inspected and are not settled with the customer.
type Owed struct {
	shipping.ReturnLine
	Price   Money  // of one piece, with tax, as the order has it
	Custom  bool   // made for this customer: nothing on a shelf replaces it
	Suggest Remedy // "" where a person must think
	options map[string]string
	tool    string
	price   int64 // without tax
	rate    Settings
}

// Worth is what so many pieces cost with tax.
func (o Owed) Worth(pieces int64) Money {
	net := o.price * pieces
	return Money{net + o.rate.tax(net), o.Price.Currency}
}

// Owing lists the lines of a return that may be settled with its customer now.
func Owing(ctx context.Context, q pg.Querier, r shipping.Return) (list []Owed, err error) {
	defer fault.Wrap(&err, "orders.Owing(%s)", r.ID)
	n, err := ParseNumber(r.Ref)
	if err != nil {
		return nil, err
	}
	var id ID
	var net, tax int64
	var currency string
	err = q.QueryRowContext(ctx, `select id, goods_minor + shipping_minor + tools_minor, tax_minor, currency from orders where number = $1`, n).
		Scan(&id, &net, &tax, &currency)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil // the floor was asked by somebody else's system, which settles it
	}
	if err != nil {
		return nil, err
	}
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return nil, err
	}
	if settings.TaxPermille, err = taxedAt(ctx, q, net, tax, settings); err != nil {
		return nil, err
	}
	lines, err := linesOf(ctx, q, id)
	if err != nil {
		return nil, err
	}
	custom, err := pg.Values[string](q.QueryContext(ctx, `select ref from art_jobs where document = $1 and state <> 'cancelled'`, r.Ref))
	if err != nil {
		return nil, err
	}
	back, err := shipping.ReturnLines(ctx, q, r.ID)
	for _, b := range back {
		if b.Owed() > 0 {
			list = append(list, owed(b, lines, custom, settings, currency, r.Origin))
		}
	}
	return list, err
}

func owed(b shipping.ReturnLine, lines []line, custom []string, rate Settings, currency, origin string) Owed {
	o := Owed{ReturnLine: b, rate: rate}
	for _, l := range lines {
		if l.ref == b.Ref {
			o.price, o.options, o.tool = l.price, formOptions(l.chosen), l.tool
		}
	}
	for _, ref := range custom {
		o.Custom = o.Custom || ref == b.Ref
	}
	o.Price.Currency = currency
	o.Price = o.Worth(1)
	o.Suggest = Remedy(b.Wish)
	if o.Custom && b.Wish != "" {
		o.Suggest = RemedyRefund
	}
	// Broken, and the customer names no fault of ours: who pays is not for a program to say.
	if b.Spoiled && (b.Reason == "changed mind" || b.Reason == "other") && origin != "carrier" {
		o.Suggest = ""
	}
	return o
}

// Settlement is what a customer got for units of a return.
type Settlement struct {
	SKU, Name   string
	What        Remedy
	Quantity    int64
	Amount      Money
	Replacement Number // 0: none
	Reason      string
	By          string
	At          time.Time
}

// Settlements lists what was settled of a return, newest first; of one form where a key is given.
func Settlements(ctx context.Context, q pg.Querier, id shipping.ReturnID, key string) (_ []Settlement, err error) {
	defer fault.Wrap(&err, "orders.Settlements(%s)", id)
	return pg.Collect(func(s *Settlement) []any {
		return []any{&s.SKU, &s.Name, &s.What, &s.Quantity, &s.Amount.Minor, &s.Amount.Currency, &s.Replacement, &s.Reason, &s.By, &s.At}
	})(q.QueryContext(ctx, `
		select i.sku, i.name, s.what, s.quantity, s.amount_minor, first.currency, coalesce(o.number, 0), s.reason, coalesce(p.name, ''), s.at
		from settlements s
		join return_lines l on l.id = s.line_id
		join items i on i.id = l.item_id
		join returns r on r.id = s.return_id
		join orders first on 'O-' || first.number = r.ref
		left join orders o on o.id = s.order_id
		left join staff p on p.id = s.staff_id
		where s.return_id = $1 and ($2 = '' or s.submission = $2)
		order by s.id desc`, id, key))
}

// settlementKey and SettlementKey write and read which settling a fact is about.
func settlementKey(key string) []byte {
	text, _ := json.Marshal(map[string]string{"settling": key}) // a string always marshals
	return text
}

// SettlementKey is the key of the form that a fact return.settled is about.
func SettlementKey(data []byte) (string, error) {
	var about struct{ Settling string }
	err := json.Unmarshal(data, &about)
	return about.Settling, err
}
