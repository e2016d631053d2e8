package labels

import (
	"strconv"
	"strings"

	"tote/internal/fault"
)

// CheckDigit is GS1's check digit (modulo 10) for the digits that precede it:
// weights 3, 1, 3, 1 … from the right (GS1 General Specifications 7.9.1). It
// answers false when data is empty or not all digits.
func CheckDigit(data string) (byte, bool) {
	if !digits(data) {
		return 0, false
	}
	sum, weight := 0, 3
	for i := len(data) - 1; i >= 0; i-- {
		sum += int(data[i]-'0') * weight
		weight = 4 - weight
	}
	return byte('0' + (10-sum%10)%10), true
}

// checked reports whether the last digit of s is the check digit of the rest.
func checked(s string) bool {
	if len(s) < 2 {
		return false
	}
	d, ok := CheckDigit(s[:len(s)-1])
	return ok && d == s[len(s)-1]
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// pad14 writes a GTIN-8, -12 or -13 as GTIN-14, the form in which GTINs are
// kept and compared.
func pad14(gtin string) string {
	return strings.Repeat("0", max(0, 14-len(gtin))) + gtin
}

// GTIN13 makes a GTIN-13 from its first twelve digits: company prefix and item
// reference.
func GTIN13(first12 string) (string, error) {
	d, ok := CheckDigit(first12)
	if !ok || len(first12) != 12 {
		return "", fault.New(fault.Invalid, "A GTIN-13 is made of 12 digits and a check digit; %q is not 12 digits.", clip(first12))
	}
	return first12 + string(d), nil
}

// NormalGTIN checks a GTIN of 8, 12, 13 or 14 digits and returns its GTIN-14.
func NormalGTIN(gtin string) (string, error) {
	switch {
	case !digits(gtin) || !gtinLength(len(gtin)):
		return "", fault.New(fault.Invalid, "%q is not a GTIN: a GTIN has 8, 12, 13 or 14 digits.", clip(gtin))
	case !checked(gtin):
		return "", fault.New(fault.Invalid, "The check digit of GTIN %s is wrong. Scan or type it again.", gtin)
	}
	return pad14(gtin), nil
}

func gtinLength(n int) bool { return n == 8 || n == 12 || n == 13 || n == 14 }

// ShortGTIN is a GTIN-14 as it stands on the item: as GTIN-13, or GTIN-8 where
// six zeros lead; an outer case keeps its 14 digits.
func ShortGTIN(gtin14 string) string {
	switch {
	case strings.HasPrefix(gtin14, "000000") && len(gtin14) == 14:
		return gtin14[6:]
	case strings.HasPrefix(gtin14, "0") && len(gtin14) == 14:
		return gtin14[1:]
	}
	return gtin14
}

// SSCC makes the 18 digits that name a logistic unit: extension digit (0-9),
// GS1 company prefix (7 to 10 digits), serial reference in the digits that are
// left of 17, check digit. A serial must not come again within twelve months;
// whoever hands out serials sees to that.
func SSCC(extension int, companyPrefix string, serial int64) (string, error) {
	room := 16 - len(companyPrefix)
	ref := strconv.FormatInt(serial, 10)
	switch {
	case extension < 0 || extension > 9:
		return "", fault.New(fault.Invalid, "The extension digit of an SSCC is 0 to 9, not %d.", extension)
	case !digits(companyPrefix) || room < 6 || room > 9:
		return "", fault.New(fault.Invalid, "A GS1 company prefix has 7 to 10 digits; %q has not.", clip(companyPrefix))
	case serial < 0 || len(ref) > room:
		return "", fault.New(fault.Invalid, "The serial numbers of company prefix %s are used up (%d does not fit in %d digits).", companyPrefix, serial, room)
	}
	body := strconv.Itoa(extension) + companyPrefix + strings.Repeat("0", room-len(ref)) + ref
	d, _ := CheckDigit(body)
	return body + string(d), nil
}

// clip shortens what a message quotes.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}
