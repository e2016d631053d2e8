// Package orders is what customers asked for, from request to thanks: the form, prices, payments,
// terms, holds, the customer's journey and feedback.
//
// An order is placed once per submission, paid or trusted, then handed down to the floor by value in
// one transaction: a picking.Demand and a shipping.Plan. From there the floor works on the order's
// reference ("O-1001") alone; what happens there comes back as facts, and Progress recomputes the
// order's stage from the floor's own tables.
//
// Locks are taken in one order everywhere: the customer, then his orders by number, then what the
// floor owns. Whoever decides about money or release holds the customer's row.
package orders

import (
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
)

// ID is an order's row; people see its Number.
type ID int64

// CustomerID is a customer's row; people see the code.
type CustomerID int64

// Number is what an order is called: numbers rise in the order of placing, gaps are allowed.
type Number int64

// String is the number as it is printed and scanned: "O-1001".
func (n Number) String() string { return "O-" + strconv.FormatInt(int64(n), 10) }

// Line is the reference of the order's line of that position, counted from one: "O-1001.2".
func (n Number) Line(line int) string { return n.String() + "." + strconv.Itoa(line) }

// ParseNumber reads an order's reference as typed or scanned: "O-1001", "o-1001" or "1001".
func ParseNumber(ref string) (Number, error) {
	digits := strings.TrimSpace(ref)
	if len(digits) > 2 && (digits[0] == 'O' || digits[0] == 'o') && digits[1] == '-' {
		digits = digits[2:]
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 || strings.HasPrefix(digits, "+") {
		return 0, fault.New(fault.NotFound, "%q is not an order number. It looks like O-1001.", short(ref))
	}
	return Number(n), nil
}

// Stage is how far an order is.
type Stage string

// The stages, in the order an order goes through them.
const (
	PendingPayment Stage = "pending payment"
	OnHold         Stage = "on hold"
	Artwork        Stage = "artwork" // pictures, proofs, the customer's approval
	Production     Stage = "production"
	Released       Stage = "released"
	BackOrdered    Stage = "back-ordered"
	Picking        Stage = "picking"
	Picked         Stage = "picked"
	Packed         Stage = "packed"
	Shipped        Stage = "shipped"
	Delivered      Stage = "delivered"
	Cancelled      Stage = "cancelled"
)

// Stages lists every stage in order.
var Stages = []Stage{PendingPayment, OnHold, Artwork, Production, Released, BackOrdered, Picking, Picked, Packed, Shipped, Delivered, Cancelled}

// Over reports that nothing more will happen to the goods of an order at this stage.
func (s Stage) Over() bool { return s == Shipped || s == Delivered || s == Cancelled }

// Channel is the way an order came in.
type Channel string

// The channels.
const (
	Web    Channel = "web"   // the customer filled in the form
	Phone  Channel = "phone" // staff filled in the form
	API    Channel = "api"
	CSV    Channel = "csv"
	Quoted Channel = "quote" // the customer accepted a quote

	Replaced Channel = "return" // it stands in for what came back, and costs nothing
)

// Address is where parcels go.
type Address struct {
	Recipient, Company, Street, Street2, City, Postcode, Region, Country, Phone string
}

// Lines is the address as written on a parcel, without empty lines.
func (a Address) Lines() []string {
	town := strings.TrimSpace(a.Postcode + " " + a.City)
	if a.Region != "" {
		town += ", " + a.Region
	}
	var out []string
	for _, line := range []string{a.Recipient, a.Company, a.Street, a.Street2, town, a.Country} {
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}

// short cuts text that somebody typed for use in a message.
func short(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// day is the last moment of the day that t falls on in zone: what is promised for a day is late after it.
func day(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 23, 59, 59, 0, zone)
}
