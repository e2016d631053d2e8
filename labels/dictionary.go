package labels

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// The GS1 Barcode Syntax Dictionary, (c) GS1 AISBL, Apache-2.0 (see
// gs1/LICENSE-APACHE-2.0.txt), unchanged.
//
//go:embed gs1/gs1-syntax-dictionary.txt
var dictionaryText string

// spec is one application identifier: how its value is built, what may and
// must stand beside it.
type spec struct {
	ai    string
	fixed bool // pre-defined length: no separator follows
	parts []part
	title string
	req   [][]string // each: alternatives like "01+21" or "35nn"
	ex    []string   // patterns that may not stand beside it
	key   bool       // primary key of a Digital Link
	paths []string   // its qualifiers there, in order: "22,10,21"
	query bool       // may be a data attribute of a Digital Link
}

// part is one component of a value.
type part struct {
	set      byte // N digits, X character set 82, Y 39, Z base64url
	min, max int
	optional bool
	linters  []string
}

// dictionary returns every application identifier by its digits.
var dictionary = sync.OnceValue(func() map[string]*spec {
	all := make(map[string]*spec, 600)
	for line := range strings.Lines(dictionaryText) {
		entry, title, _ := strings.Cut(line, "#")
		if f := strings.Fields(entry); len(f) > 1 {
			addSpecs(all, f, strings.TrimSpace(title))
		}
	}
	return all
})

func addSpecs(all map[string]*spec, fields []string, title string) {
	first, last, ranged := strings.Cut(fields[0], "-")
	if !ranged {
		last = first
	}
	lo, _ := strconv.Atoi(first)
	hi, _ := strconv.Atoi(last)
	s := readSpec(fields[1:], title)
	for n := lo; n <= hi; n++ {
		one := s
		one.ai = fmt.Sprintf("%0*d", len(first), n)
		all[one.ai] = &one
	}
}

func readSpec(fields []string, title string) spec {
	s := spec{title: title}
	for _, f := range fields {
		key, value, _ := strings.Cut(f, "=")
		switch {
		case key == "req":
			s.req = append(s.req, strings.Split(value, ","))
		case key == "ex":
			s.ex = append(s.ex, strings.Split(value, ",")...)
		case key == "dlpkey":
			s.key = true
			s.paths = append(s.paths, strings.Split(value, "|")...)
		case strings.ContainsAny(f[:1], "NXYZ["):
			s.parts = append(s.parts, readPart(f))
		default:
			s.fixed = strings.Contains(f, "*")
			s.query = strings.Contains(f, "?")
		}
	}
	return s
}

// readPart reads "N14,csum,gcppos2", "X..20", "[N4],hhmi".
func readPart(f string) part {
	shape, rest, _ := strings.Cut(f, ",")
	p := part{optional: shape[0] == '['}
	shape = strings.Trim(shape, "[]")
	p.set = shape[0]
	if n, ok := strings.CutPrefix(shape[1:], ".."); ok {
		p.min = 1
		p.max, _ = strconv.Atoi(n)
	} else {
		p.min, _ = strconv.Atoi(shape[1:])
		p.max = p.min
	}
	if rest != "" {
		p.linters = strings.Split(rest, ",")
	}
	return p
}

// length is the fixed length of the values of a pre-defined identifier.
func (s *spec) length() int {
	n := 0
	for _, p := range s.parts {
		n += p.max
	}
	return n
}

// identify finds the application identifier data begins with. No identifier
// begins another, so the first that fits is the one.
func identify(data string) (*spec, bool) {
	for n := 2; n <= 4 && n <= len(data); n++ {
		if s, ok := dictionary()[data[:n]]; ok {
			return s, true
		}
	}
	return nil, false
}
