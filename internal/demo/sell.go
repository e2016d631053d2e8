package demo

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
)

// table writes rows as the CSV file that a user would upload.
func table(header []string, rows [][]string) io.Reader {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(header)
	w.WriteAll(rows) // a bytes.Buffer takes everything
	return &b
}

// price enters the price list.
func (h *house) price(ctx context.Context, tx *sql.Tx, d dataset) error {
	r := newRand(3)
	forms := make([]orders.PriceForm, len(d.products))
	for i, p := range d.products {
		minor := priceMinor(p, r)
		forms[i] = orders.PriceForm{SKU: sku(i), Amount: fmt.Sprintf("%d.%02d", minor/100, minor%100)}
	}
	return orders.SetPrices(ctx, tx, forms...)
}

// customers loads the file of buyers; schools buy on terms.
func (h *house) customers(ctx context.Context, tx *sql.Tx, all []buyer) error {
	rows := make([][]string, len(all))
	for i, b := range all {
		terms, limit := "no", ""
		if b.onTerms {
			terms, limit = "yes", "1500.00"
		}
		rows[i] = []string{b.code, b.name, b.email, b.phone, terms, limit}
	}
	header := []string{"code", "name", "email", "phone", "on_terms", "credit_limit"}
	_, err := orders.LoadCustomers(ctx, tx, table(header, rows), h.people[staff.Clerk].ID, h.at)
	return err
}

var orderColumns = []string{"order", "sku", "quantity", "customer", "recipient", "company", "street", "city", "postcode", "country",
	"carrier", "service", "priority", "notes"}

// orderFile writes real orders, from the from-th on, as the file that a shop would upload.
func orderFile(sales []sale, from int, all []buyer) io.Reader {
	var rows [][]string
	for i, s := range sales {
		n := from + i
		b := all[n%len(all)]
		service, priority, note := "standard", "0", ""
		if n%12 == 0 {
			service, priority = "express", "5"
		}
		if n%25 == 0 {
			note = "Gift: please leave the invoice out."
		}
		for _, l := range s.lines {
			rows = append(rows, []string{s.id, sku(l.product), strconv.FormatInt(l.quantity, 10), b.code, b.name, b.company, b.street,
				b.city, b.postcode, b.country, "own", service, priority, note})
		}
	}
	return table(orderColumns, rows)
}

// sell uploads a day's orders and records the payments that came in: the schools pay later, and one buyer in eight
// has not paid yet.
func (h *house) sell(ctx context.Context, sales []sale, from int, all []buyer) ([]orders.Placed, error) {
	var placed []orders.Placed
	err := pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		loaded, err := orders.PlaceCSV(ctx, tx, orderFile(sales, from, all), h.warehouse, h.people[staff.Clerk].ID, h.at)
		placed = loaded.Orders
		return err
	})
	if err != nil {
		return nil, err
	}
	return placed, h.collect(ctx, placed, sevenOfEight)
}

// Which buyers pay, by the place of their order in the file.
func sevenOfEight(i int) bool { return i%8 != 5 }
func everybody(int) bool      { return true }

func (h *house) collect(ctx context.Context, placed []orders.Placed, pays func(int) bool) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		for i, p := range placed {
			if p.Released || !pays(i) {
				continue
			}
			_, err := orders.Pay(ctx, tx, orders.Payment{
				Key: "demo:" + p.Number.String(), Orders: []orders.Number{p.Number}, Amount: p.Total.Amount(),
				Method: orders.Methods[i%2], Reference: fmt.Sprintf("TX-%06d", int(p.Number)*7%1000000), By: h.people[staff.Clerk].ID,
				At: h.at.Add(time.Duration(i) * time.Second),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
