package mail

import (
	"fmt"
	"golang.org/x/text/currency"
)

func money(minor int64, code string) string {
	unit, err := currency.ParseISO(code)
	scale := 2
	if err == nil {
		scale, _ = currency.Standard.Rounding(unit)
	}
	div := int64(1)
	for range scale {
		div *= 10
	}
	if scale == 0 {
		return fmt.Sprintf("%d %s", minor, code)
	}
	return fmt.Sprintf("%d.%0*d %s", minor/div, scale, minor%div, code)
}
