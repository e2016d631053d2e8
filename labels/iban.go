package labels

import "strings"

// iban checks an international bank account number: a country, two check digits, the account; modulo 97 with the first
// four characters last and letters as numbers from 10 (ISO 13616, ISO 7064).
func iban(s string) bool {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if len(s) <= 4 || len(s) > 34 || !countryLetters[s[:2]] || !digits(s[2:4]) {
		return false
	}
	rest := 0
	for _, c := range s[4:] + s[:4] {
		n := strings.IndexRune(letters, c)
		if n < 0 {
			return false
		}
		if n > 9 {
			rest = rest * 10
		}
		rest = (rest*10 + n) % 97
	}
	return rest == 1
}
