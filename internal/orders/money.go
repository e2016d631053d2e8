package orders

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/currency"

	"tote/internal/fault"
)

// Money is an amount in the minor unit of its currency: {1250, "EUR"} is 12.50 EUR.
type Money struct {
	Minor    int64
	Currency string
}

// maxMinor bounds every single amount, so that sums of a few thousand cannot overflow.
const maxMinor = 1_000_000_000_00

// decimals is the number of digits after the point (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.
func decimals(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale
}

// Amount is the number without the currency, always with a point: "12.50".
func (m Money) Amount() string {
	digits, sign, scale := m.Minor, "", decimals(m.Currency)
	if digits < 0 {
		digits, sign = -digits, "-"
	}
	if scale == 0 {
		return sign + strconv.FormatInt(digits, 10)
	}
	unit := int64(1)
	for range scale {
		unit *= 10
	}
	return fmt.Sprintf("%s%d.%0*d", sign, digits/unit, scale, digits%unit)
}

// String is the amount with its currency: "12.50 EUR".
func (m Money) String() string { return m.Amount() + " " + m.Currency }

// ParseMoney reads an amount as people type it: "12", "12.5", "12,50". It is never negative, has no
// separators of thousands and no more digits after the point than the currency has.
func ParseMoney(text, code string) (Money, error) {
	scale := decimals(code)
	whole, part, found := strings.Cut(strings.Replace(strings.TrimSpace(text), ",", ".", 1), ".")
	if !digitsOnly(whole) || (found && !digitsOnly(part)) {
		return Money{}, fault.New(fault.Invalid, "%q is not an amount of money. Write it like %s.", short(text), Money{1250, code}.Amount())
	}
	if len(part) > scale {
		return Money{}, fault.New(fault.Invalid, "%q has more than %d digits after the point.", short(text), scale)
	}
	minor, err := strconv.ParseInt(whole+part+strings.Repeat("0", scale-len(part)), 10, 64)
	if err != nil || minor > maxMinor {
		return Money{}, fault.New(fault.Invalid, "%q is more than %s, the most one amount can be.", short(text), Money{maxMinor, code})
	}
	return Money{minor, code}, nil
}

func digitsOnly(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// shippingCharge is the base plus so much for every started kilogram.
func (s Settings) shippingCharge(weightG int64) int64 {
	return s.ShippingBase + (weightG+999)/1000*s.ShippingPerKg
}

// tax on an amount, rounded half up.
func (s Settings) tax(minor int64) int64 { return (minor*int64(s.TaxPermille) + 500) / 1000 }
