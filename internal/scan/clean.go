package scan

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
)

// GS separates the fields of a GS1 element string. Scanners send it as one control character, which
// most keyboard wedges cannot type.
const GS = "\x1d"

// longest is how many bytes of a scan are looked at; no code on a label comes near it.
const longest = 4096

// substitutes are what sites set their scanners to send instead of GS.
var substitutes = strings.NewReplacer("^]", GS, `\x1D`, GS, `\x1d`, GS, "␝", GS, "<GS>", GS, "{GS}", GS)

// tilde is a GS1 element string whose separator is the tilde that DataWedge is often set to.
var tilde = regexp.MustCompile(`^(?:\][A-Za-z][0-9])?[0-9(].*~[0-9]{2}`)

// Clean makes what a scanner, a camera or a hand sent fit to be looked up, stored and printed: blanks
// and line ends around it go, the substitutes for GS become GS. Text with other control or invisible
// characters, longer than 4,096 bytes or empty is refused with fault.Invalid.
func Clean(raw string) (string, error) {
	if len(raw) > longest {
		return "", fault.New(fault.Invalid, "That code is too long to be one of ours (%d characters). Scan one label at a time.", utf8.RuneCountInString(raw))
	}
	code := strings.TrimFunc(raw, func(r rune) bool { return r != rune(GS[0]) && (unicode.IsSpace(r) || r == '\ufeff') })
	if code == "" {
		return "", fault.New(fault.Invalid, "Nothing was read. Scan again.")
	}
	if !utf8.ValidString(code) {
		return "", fault.New(fault.Invalid, "The code came through damaged. Scan it again; if that keeps happening, check the scanner's character set.")
	}
	code = substitutes.Replace(code)
	if tilde.MatchString(code) {
		code = strings.ReplaceAll(code, "~", GS)
	}
	for _, r := range code {
		if r != rune(GS[0]) && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)) {
			return "", fault.New(fault.Invalid, "The code holds characters that no label has. Scan it again; if that keeps happening, check the scanner's settings.")
		}
	}
	return code, nil
}
