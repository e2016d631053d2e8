package web

import (
	"strings"

	"tote/internal/orders"
)

// names is what a customer writes with a transfer.
func (v payView) names() string {
	names := make([]string, 0, len(v.Orders))
	for _, o := range v.Orders {
		if o.Open.Minor > 0 {
			names = append(names, o.Number.String())
		}
	}
	return strings.Join(names, ", ")
}

func (v orderView) cardBack() orders.Money {
	return orders.Money{Minor: v.CardBack, Currency: v.Total.Currency}
}

// owes says what a customer owes, or is owed.
func (v customerView) owes() string {
	if v.Debt < 0 {
		return v.Code + " has paid " + orders.Money{Minor: -v.Debt, Currency: v.Currency}.String() + " too much on orders that were released."
	}
	return v.Code + " owes " + orders.Money{Minor: v.Debt, Currency: v.Currency}.String() + " on orders that were released."
}

// mayCredit reports that the order has left, so that what it costs is changed by a credit alone.
func (v orderView) mayCredit() bool {
	return (v.Stage == orders.Shipped || v.Stage == orders.Delivered) && v.Total.Minor > 0
}

func paperWord(i orders.Invoice) string {
	if i.Number.Series == orders.CreditNotes {
		return "Credit note"
	}
	return "Invoice"
}
