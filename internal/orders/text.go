package orders

import (
	"net/mail"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"tote/internal/fault"
)

// tidy is text as it is kept: without spaces around it, line ends as "\n".
func tidy(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

var wrongText = fault.WrongText

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
