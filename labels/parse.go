package labels

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
)

// MaxLength is the longest code Parse reads, in bytes.
const MaxLength = 4096

// Parse reads whatever a scanner or a person sent. It refuses only what cannot
// be a code at all: nothing, too much, control characters, broken text. All
// else is some kind of Code, KindUnknown in the end.
func Parse(raw string) (Code, error) { return lenient.parse(raw) }

func (r rules) parse(raw string) (Code, error) {
	text, aim, err := tidy(raw)
	if err != nil {
		return Code{}, err
	}
	if text == "" {
		return Code{}, fault.New(fault.Invalid, "The code is empty. Scan it again.")
	}
	c := r.read(text, aim)
	c.Text, c.Symbology = strings.ReplaceAll(text, gs, "^"), aim
	if c.Kind == KindUnknown {
		c.Value = c.Text
	}
	return c, nil
}

// tidy checks and trims what came in, writes every kind of separator as GS and
// takes off the AIM symbology identifier.
func tidy(raw string) (text, aim string, err error) {
	if len(raw) > MaxLength {
		return "", "", fault.New(fault.Invalid, "The code is too long (%d characters). Scan one barcode at a time.", len(raw))
	}
	text = strings.Trim(raw, " \t\r\n")
	if !utf8.ValidString(text) || strings.ContainsFunc(text, forbidden) {
		return "", "", fault.New(fault.Invalid, "The code holds characters that no barcode of ours has. Scan it again.")
	}
	if len(text) >= 3 && text[0] == ']' && strings.IndexByte(symbologies, text[1]) >= 0 && text[2] < utf8.RuneSelf {
		text, aim = text[3:], text[:3]
	}
	return substitutes.Replace(text), aim, nil
}

func forbidden(r rune) bool { return unicode.IsControl(r) && r != 0x1d }

// symbologies are the letters of ISO/IEC 15424 that scanners send.
const symbologies = "ACDEFGHIJKLMNOPQRSTUXZdehmoz"

// substitutes are what wedges type for the GS character, which has no key.
var substitutes = strings.NewReplacer("^]", gs, `\x1D`, gs, `\x1d`, gs, "<GS>", gs, "<gs>", gs)

// read tries the forms in the order in which they can be told apart.
func (r rules) read(text, aim string) Code {
	switch {
	case gs1Symbol(aim):
		return gs1(strings.ReplaceAll(text, "~", gs))
	case strings.HasPrefix(aim, "]E"):
		return r.retail(text)
	}
	if c := ours(text); c.Kind != "" {
		return c
	}
	switch {
	case digits(text) && gtinLength(len(text)):
		return gtin(text)
	case digits(text) && len(text) == 18:
		return sscc(text)
	case strings.HasPrefix(text, "("):
		return r.bracketed(text)
	case strings.Contains(text, "://"):
		return r.link(text)
	}
	return plain(text)
}

// gs1Symbol tells the symbols that hold nothing but GS1 data: GS1-128, GS1
// DataMatrix, GS1 QR, DataBar and composite, GS1 DotCode.
func gs1Symbol(aim string) bool {
	switch aim {
	case "]C1", "]d2", "]Q3", "]e0", "]J1":
		return true
	}
	return false
}

// gs1 reads an element string that cannot be anything else.
func gs1(data string) Code {
	all, err := readElements(data)
	if err != nil {
		return damaged(err)
	}
	return Code{Elements: all}.named(KindGS1)
}

// named sets kind and value by what the elements name.
func (c Code) named(other Kind) Code {
	if v := c.Elements.Get("00"); v != "" {
		c.Kind, c.Value = KindSSCC, v
	} else if v := c.Elements.Get("01"); v != "" {
		c.Kind, c.Value = KindGTIN, v
	} else {
		c.Kind, c.Value = other, c.Elements.String()
	}
	return c
}

// damaged and unknown get their text from Parse.
func damaged(err error) Code {
	return Code{Kind: KindUnknown, Damaged: true, Reason: err.Error()}
}

func unknown() Code { return Code{Kind: KindUnknown} }

// ours reads the codes this house prints: a letter, a dash, a number or name.
func ours(text string) Code {
	if len(text) < 3 || text[1] != '-' {
		return Code{}
	}
	upper := strings.ToUpper(text)
	for _, p := range prefixes {
		switch {
		case p.letter != upper[0]:
		case p.numbered:
			return number(p.kind, upper[2:])
		case shaped(p.kind, upper[2:]):
			return Code{Kind: p.kind, Value: upper[2:]}
		}
	}
	return Code{}
}

// number reads what follows the prefix of a numbered kind; an order may name
// one of its lines behind a dot.
func number(k Kind, s string) Code {
	s, line, lined := strings.Cut(s, ".")
	n, err := strconv.ParseInt(s, 10, 64)
	if !digits(s) || err != nil || n == 0 {
		return Code{}
	}
	c := numbered(k, n)
	if lined {
		c.Line, err = strconv.Atoi(line)
		if !digits(line) || err != nil || c.Line == 0 || k != KindOrder {
			return Code{}
		}
	}
	return c
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// shaped reports whether s can be the name of a location, a badge or a command.
func shaped(k Kind, s string) bool {
	extra := ""
	switch k {
	case KindLocation:
		extra = "-._/"
	case KindBadge:
		if len(s) < 10 || len(s) > 26 {
			return false
		}
	case KindCommand:
		box, ofBox := strings.CutPrefix(s, commandBox)
		return len(s) <= 20 && (strings.Trim(s, capitals) == "" || ofBox && box != "" && strings.Trim(box, capitals+"0123456789") == "")
	}
	return len(s) <= 40 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && !strings.ContainsRune(extra, r)
	})
}

func gtin(text string) Code {
	if !checked(text) {
		return damaged(errCheck)
	}
	return GTINCode(text)
}

func sscc(text string) Code {
	if !checked(text) {
		return damaged(errCheck)
	}
	return SSCCCode(text)
}

// retail reads what EAN and UPC symbols send: 13 digits or 8, maybe with an
// add-on of 2 or 5 digits, maybe with the rest of a composite symbol.
func (r rules) retail(text string) Code {
	text, rest, _ := strings.Cut(text, "|]e0")
	if digits(text) && (len(text) == 15 || len(text) == 18) {
		text = text[:13]
	}
	if !digits(text) || !gtinLength(len(text)) || len(text) == 14 || len(text) == 12 && !r.upc12 {
		return damaged(errors.New("an EAN or UPC symbol has 8, 12 or 13 digits"))
	}
	c := gtin(text)
	if c.Damaged || rest == "" {
		return c
	}
	more, err := readElements(rest)
	if err != nil {
		return damaged(err)
	}
	c.Elements = append(c.Elements, more...)
	return c
}

func (r rules) bracketed(text string) Code {
	all, err := r.readBracketed(text)
	switch {
	case err == nil:
		return Code{Elements: all}.named(KindGS1)
	case isCheck(err):
		return damaged(err)
	}
	return unknown()
}

func (r rules) link(text string) Code {
	all, err := r.readLink(text)
	switch {
	case isCheck(err):
		return damaged(err)
	case err != nil || all == nil:
		return unknown()
	}
	return Code{Elements: all}.named(KindDigitalLink)
}

// plain reads text without any mark of its own. Scanners that send no
// symbology identifier leave GS1 data bare: it is taken as such when it has a
// separator, or begins with a GTIN or SSCC whose check digit is right, and
// reads to its end.
func plain(text string) Code {
	key := strings.TrimPrefix(text, gs)
	sure := len(key) >= 16 && (key[:2] == "01" || key[:2] == "02") && checked(key[2:16]) ||
		len(key) >= 20 && key[:2] == "00" && checked(key[2:20])
	if sure {
		key = strings.ReplaceAll(key, "~", gs)
	}
	if strings.Contains(text, gs) {
		return gs1(key)
	}
	if all, err := readElements(key); sure && err == nil {
		return Code{Elements: all}.named(KindGS1)
	}
	return unknown()
}
