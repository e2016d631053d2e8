package labels

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// inSet reports whether a character may stand in a component of the given set
// (GS1 General Specifications 7.11).
func inSet(set byte, r rune) bool {
	switch set {
	case 'N':
		return r >= '0' && r <= '9'
	case 'Y':
		return strings.ContainsRune(set39, r)
	case 'Z':
		return strings.ContainsRune(set64, r)
	}
	return strings.ContainsRune(set82, r)
}

const (
	set39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ#-/"
	set64 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_="
	set82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`
)

// linters are the dictionary's checks of content by name, in the words of its
// reference routines. Only Check asks all of them: a warehouse does not refuse
// an item because a country was renamed.
var linters = map[string]func(string) error{
	"csum":           rule(checked, "the check digit is wrong"),
	"csumalpha":      rule(checkedPair, "the check characters are wrong"),
	"yymmdd":         func(s string) error { return dateRule("20"+s, false) },
	"yymmd0":         func(s string) error { return dateRule("20"+s, true) },
	"yyyymmdd":       func(s string) error { return dateRule(s, false) },
	"yyyymmd0":       func(s string) error { return dateRule(s, true) },
	"hh":             rule(func(s string) bool { return inRange(s, 0, 23) }, "there is no such hour"),
	"mi":             rule(func(s string) bool { return inRange(s, 0, 59) }, "there is no such minute"),
	"ss":             rule(func(s string) bool { return inRange(s, 0, 59) }, "there is no such second"),
	"hhmi":           rule(clock, "there is no such time of day"),
	"nonzero":        rule(func(s string) bool { return digits(s) && strings.Trim(s, "0") != "" }, "it must not be zero"),
	"zero":           rule(func(s string) bool { return s != "" && strings.Trim(s, "0") == "" }, "it must be zero"),
	"nozeroprefix":   rule(func(s string) bool { return only(s, 'N') && !strings.HasPrefix(s, "0") }, "it must not begin with a zero"),
	"hasnondigit":    rule(func(s string) bool { return !digits(s) && s != "" }, "it must not be all digits"),
	"yesno":          oneOf("0", "1"),
	"winding":        oneOf("0", "1", "9"),
	"hyphen":         rule(func(s string) bool { return s != "" && strings.Trim(s, "-") == "" }, "only a hyphen may stand there"),
	"iso5218":        oneOf("0", "1", "2", "9"),
	"mediatype":      rule(func(s string) bool { return inRange(s, 1, 10) || inRange(s, 80, 99) }, "there is no such medium"),
	"pieceoftotal":   rule(pieceOfTotal, "the piece is not one of the total"),
	"posinseqslash":  rule(placeOfTotal, "the place is not one of the total"),
	"pcenc":          rule(percentEncoded, "a percent sign begins no character"),
	"latitude":       rule(func(s string) bool { return len(s) == 10 && digits(s) && s <= "1800000000" }, "there is no such latitude"),
	"longitude":      rule(func(s string) bool { return len(s) == 10 && digits(s) && s <= "3600000000" }, "there is no such longitude"),
	"importeridx":    rule(func(s string) bool { return len(s) == 1 && strings.Contains(set64[:64], s) }, "there is no such importer index"),
	"iso3166":        listed(countries, "there is no such country"),
	"iso3166999":     rule(func(s string) bool { return s == "999" || countries[s] }, "there is no such country"),
	"iso3166alpha2":  listed(countryLetters, "there is no such country"),
	"iso4217":        listed(currencies, "there is no such currency"),
	"packagetype":    listed(packageTypes, "there is no such kind of package"),
	"iban":           rule(iban, "it is no bank account"),
	"couponcode":     coupon,
	"couponposoffer": positiveOffer,
	"gcppos1":        func(s string) error { return companyPrefix(s) },
	"gcppos2":        func(s string) error { return companyPrefix(s[min(1, len(s)):]) },
	"csetnumeric":    rule(func(s string) bool { return only(s, 'N') }, "there is more than digits"),
	"cset39":         rule(func(s string) bool { return only(s, 'Y') }, "a character is not in set 39"),
	"cset64":         rule(base64url, "it is not base64url"),
	"cset82":         rule(func(s string) bool { return only(s, 'X') }, "a character is not in set 82"),
}

// companyPrefix asks whether GS1 has given out the company prefix that a key begins with. Which were given out is
// known to GS1's own register alone, so here all of them pass.
var companyPrefix = func(string) error { return nil }

func listed(list map[string]bool, complaint string) func(string) error {
	return rule(func(s string) bool { return list[s] }, complaint)
}

func rule(ok func(string) bool, complaint string) func(string) error {
	err := errors.New(complaint)
	return func(s string) error {
		if ok(s) {
			return nil
		}
		return err
	}
}

func oneOf(values ...string) func(string) error {
	return func(s string) error {
		for _, v := range values {
			if s == v {
				return nil
			}
		}
		return fmt.Errorf("only %s may stand there", strings.Join(values, ", "))
	}
}

func only(s string, set byte) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !inSet(set, r) }) < 0
}

// inRange reports whether s is exactly two digits from lo to hi.
func inRange(s string, lo, hi int) bool {
	if len(s) != 2 || !digits(s) {
		return false
	}
	n := int(s[0]-'0')*10 + int(s[1]-'0')
	return lo <= n && n <= hi
}

func clock(s string) bool {
	return len(s) == 4 && inRange(s[:2], 0, 23) && inRange(s[2:], 0, 59)
}

// dateRule checks YYYYMMDD; day 00 stands for the last day of the month where
// dayless is set.
func dateRule(s string, dayless bool) error {
	if len(s) != 8 || !digits(s) {
		return errors.New("a date has two digits each for month and day")
	}
	if dayless && strings.HasSuffix(s, "00") {
		s = s[:6] + "01"
	}
	if _, err := time.Parse("20060102", s); err != nil {
		return errors.New("there is no such day")
	}
	return nil
}

// pieceOfTotal is "piece of total" in two halves of one length: 0203.
func pieceOfTotal(s string) bool {
	half := len(s) / 2
	if !digits(s) || len(s)%2 == 1 {
		return false
	}
	piece, total := s[:half], s[half:]
	return strings.Trim(piece, "0") != "" && piece <= total
}

// placeOfTotal is "2/3".
func placeOfTotal(s string) bool {
	place, total, _ := strings.Cut(s, "/")
	if !digits(place) || !digits(total) || place[0] == '0' || total[0] == '0' {
		return false
	}
	return len(place) < len(total) || len(place) == len(total) && place <= total
}

func percentEncoded(s string) bool {
	for i := range len(s) {
		if s[i] == '%' && (i+2 >= len(s) || unhex(s[i+1]) < 0 || unhex(s[i+2]) < 0) {
			return false
		}
	}
	return true
}

func unhex(c byte) int {
	return strings.IndexByte("0123456789abcdef", c|0x20)
}

func base64url(s string) bool {
	body := strings.TrimRight(s, "=")
	return len(s)-len(body) <= 2 && only(body, 'Z') && !strings.Contains(body, "=") && (len(s) == len(body) || len(s)%3 == 0)
}

// checkedPair checks the two check characters of a global model number: every
// character before them weighted by the primes from the right, modulo 1021
// (GS1 General Specifications 7.9.5).
func checkedPair(s string) bool {
	const pairs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	if len(s) < 2 || !only(s, 'X') {
		return false
	}
	sum, prime, body := 0, 2, s[:len(s)-2]
	for i := len(body) - 1; i >= 0; i-- {
		sum += strings.IndexByte(set82, body[i]) * prime
		prime = primeAfter(prime)
	}
	sum %= 1021
	return s[len(s)-2:] == string([]byte{pairs[sum>>5], pairs[sum&31]})
}

func primeAfter(n int) int {
	for n++; ; n++ {
		d := 2
		for d*d <= n && n%d != 0 {
			d++
		}
		if d*d > n {
			return n
		}
	}
}
