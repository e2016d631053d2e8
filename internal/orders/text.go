package orders

import (
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// tidy is text as it is kept: without spaces around it, line ends as "\n".
func tidy(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// wrongText says what is wrong with typed text, or "": it must be readable, at most so many
// characters long and, unless it may have several lines, on one line.
func wrongText(text string, most int, severalLines bool) string {
	if !utf8.ValidString(text) {
		return "contains characters that are not text (send it as UTF-8)"
	}
	if n := utf8.RuneCountInString(text); n > most {
		return fmt.Sprintf("is %d characters long; at most %d fit", n, most)
	}
	for _, r := range text {
		switch {
		case severalLines && (r == '\n' || r == '\t'):
		case r == '\n' || r == '\r':
			return "must be on one line"
		case unicode.IsControl(r):
			return fmt.Sprintf("contains a control character (U+%04X); take it out", r)
		}
	}
	return ""
}

// isEmail reports that text can be the recipient of a letter: one plain address in ASCII.
func isEmail(text string) bool {
	for _, r := range text {
		if r > unicode.MaxASCII {
			return false
		}
	}
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text && len(text) <= 254
}

// countryCode is the two capital letters of a country that was written as a code or by its English name; what is
// neither stays as it is.
func countryCode(text string) string {
	if region, err := language.ParseRegion(text); err == nil && region.IsCountry() {
		return region.Canonicalize().String()
	}
	if code, known := countryNames()[strings.ToLower(text)]; known {
		return code
	}
	return text
}

// countryNames are the codes of all countries by their English names in small letters.
var countryNames = sync.OnceValue(func() map[string]string {
	codes, names := map[string]string{}, display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if code := string([]rune{a, b}); isCountry(code) {
				if name := names.Name(language.MustParseRegion(code)); name != "" {
					codes[strings.ToLower(name)] = code
				}
			}
		}
	}
	return codes
})

// isCountry reports that code is a country of ISO 3166-1 in two capital letters.
func isCountry(code string) bool {
	if len(code) != 2 || strings.ToUpper(code) != code {
		return false
	}
	region, err := language.ParseRegion(code)
	return err == nil && region.IsCountry() && region.Canonicalize().String() == code
}
