package orders

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
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

// isCountry reports that code is a country of ISO 3166-1 in two capital letters.
func isCountry(code string) bool {
	if len(code) != 2 || strings.ToUpper(code) != code {
		return false
	}
	region, err := language.ParseRegion(code)
	return err == nil && region.IsCountry() && region.Canonicalize().String() == code
}
