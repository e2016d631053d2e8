package fault

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// WrongText says what is wrong with typed text, or "": it must be readable, at most so many
// characters long and, unless it may have several lines, on one line.
func WrongText(text string, most int, severalLines bool) string {
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
