package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// decimal is a number as it was written: n / 10^places. Nothing is rounded.
type decimal struct {
	n      int64
	places int
}

// parseDecimal reads a JSON number.
func parseDecimal(text string) (decimal, error) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimRight(whole+fraction, "0")
	places := len(fraction) - (len(whole+fraction) - len(digits))
	if strings.Trim(digits, "-0") == "" {
		return decimal{}, nil
	}
	if exponent != "" {
		e, err := strconv.Atoi(exponent)
		if err != nil || e > 1000 || e < -1000 {
			return decimal{}, fmt.Errorf("%s is too large or too fine a number", short(text))
		}
		places -= e
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return decimal{}, fmt.Errorf("%s has more digits than lengths can have", short(text))
	}
	d := decimal{n, max(places, 0)}
	if places < 0 {
		if d, err = d.times10(-places); err != nil {
			return d, fmt.Errorf("%s is too large a number", short(text))
		}
	}
	return d, nil
}

var errTooLarge = fmt.Errorf("the numbers are too large, or have too many digits, to be added up exactly")

// times10 is the number with its n multiplied by 10^k; places are left.
func (d decimal) times10(k int) (decimal, error) {
	for ; k > 0 && d.n != 0; k-- {
		if d.n > math.MaxInt64/10 || d.n < math.MinInt64/10 {
			return d, errTooLarge
		}
		d.n *= 10
	}
	return d, nil
}

// scaled is the number in units of 10^-places.
func (d decimal) scaled(places int) (int64, error) {
	s, err := d.times10(places - d.places)
	return s.n, err
}

// compare is negative when d is below e.
func (d decimal) compare(e decimal) (int, error) {
	places := max(d.places, e.places)
	a, err := d.scaled(places)
	if err != nil {
		return 0, err
	}
	b, err := e.scaled(places)
	return cmp.Compare(a, b), err
}

// whole is the number as an index.
func (d decimal) whole() (int, bool) {
	return int(d.n), d.places == 0 && d.n >= 0 && d.n <= math.MaxInt32
}

func (d decimal) String() string { return string(written(d.n, d.places)) }

// written is n / 10^places in decimal, without needless zeros.
func written(n int64, places int) json.RawMessage {
	sign, digits := "", strconv.FormatInt(n, 10)
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	if places > 0 {
		if len(digits) <= places {
			digits = strings.Repeat("0", places-len(digits)+1) + digits
		}
		digits = digits[:len(digits)-places] + "." + digits[len(digits)-places:]
		digits = strings.TrimRight(strings.TrimRight(digits, "0"), ".")
	}
	return json.RawMessage(sign + digits)
}

// short is a text of somebody else's, fit for a sentence.
func short(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}
