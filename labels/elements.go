package labels

import (
	"errors"
	"fmt"
	"strings"
)

// gs ends a value of variable length: FNC1 in the symbol, ASCII 29 on the wire.
const gs = "\x1d"

// Element is one piece of GS1 data: an application identifier and its value.
type Element struct {
	AI    string `json:"ai"`
	Value string `json:"value"`
}

// Elements is GS1 data as it was read.
type Elements []Element

// Get is the value of an identifier, "" when it is not there.
func (e Elements) Get(ai string) string {
	for _, x := range e {
		if x.AI == ai {
			return x.Value
		}
	}
	return ""
}

// String writes the elements for a person: (01)09521234543213(10)ABC. A
// bracket inside a value stands behind a backslash.
func (e Elements) String() string {
	var b strings.Builder
	for _, x := range e {
		b.WriteString("(" + x.AI + ")" + strings.ReplaceAll(x.Value, "(", `\(`))
	}
	return b.String()
}

// Data writes the elements as a scanner sends them, without the leading FNC1:
// a separator after every value of variable length but the last.
func (e Elements) Data() string {
	var b strings.Builder
	for i, x := range e {
		b.WriteString(x.AI + x.Value)
		if s := dictionary()[x.AI]; i < len(e)-1 && (s == nil || !s.fixed) {
			b.WriteString(gs)
		}
	}
	return b.String()
}

// errCheck marks data whose only fault is a check digit: it was meant to be
// what it looks like.
var errCheck = errors.New("the check digit is wrong")

// readElements reads an element string, the form in which scanners send GS1
// data: identifiers and values run together, separators where they must be.
func readElements(data string) (Elements, error) {
	data = strings.TrimPrefix(data, gs)
	if data == "" {
		return nil, errors.New("there is nothing after the symbology")
	}
	var all Elements
	for data != "" {
		s, ok := identify(data)
		if !ok {
			return nil, fmt.Errorf("%q begins with no application identifier", clip(data))
		}
		value, rest := s.cut(data[len(s.ai):])
		if err := s.read(value); err != nil {
			return nil, fmt.Errorf("(%s) %s: %w", s.ai, s.title, err)
		}
		all = append(all, Element{s.ai, value})
		data = rest
	}
	return all, nil
}

// cut takes the identifier's value off the front of data. A separator after a
// value of pre-defined length is not needed and does no harm.
func (s *spec) cut(data string) (value, rest string) {
	if n := s.length(); s.fixed && len(data) > n && !strings.Contains(data[:n], gs) {
		return data[:n], strings.TrimPrefix(data[n:], gs)
	}
	value, rest, _ = strings.Cut(data, gs)
	return value, rest
}

// read checks that a value is built as its identifier says: lengths, character
// sets, check digits.
func (s *spec) read(value string) error {
	return s.walk(value, func(p part, piece string) error {
		if at := strings.IndexFunc(piece, func(r rune) bool { return !inSet(p.set, r) }); at >= 0 {
			return fmt.Errorf("%q may not stand there", piece[at:at+1])
		}
		for _, l := range p.linters {
			if (l == "csum" || l == "csumalpha") && linters[l](piece) != nil {
				return errCheck
			}
		}
		return nil
	})
}

// walk hands each component of a value to fn with its piece of the value.
func (s *spec) walk(value string, fn func(p part, piece string) error) error {
	for _, p := range s.parts {
		if value == "" && p.optional {
			return nil
		}
		n := min(len(value), p.max)
		if n < p.min {
			return fmt.Errorf("%d characters are missing", p.min-n)
		}
		if err := fn(p, value[:n]); err != nil {
			return err
		}
		value = value[n:]
	}
	if value != "" {
		return fmt.Errorf("it is %d characters too long", len(value))
	}
	return nil
}

// readBracketed reads GS1 data as it is printed for people: (01)…(10)….
func (r rules) readBracketed(text string) (Elements, error) {
	var all Elements
	for text != "" {
		ai, rest, ok := strings.Cut(strings.TrimPrefix(text, "("), ")")
		s := r.spec(ai)
		if !ok || text[0] != '(' || s == nil {
			return nil, fmt.Errorf("%q begins with no application identifier in brackets", clip(text))
		}
		var value string
		value, text = cutBracketed(rest)
		if err := s.read(value); err != nil {
			return nil, fmt.Errorf("(%s) %s: %w", s.ai, s.title, err)
		}
		all = append(all, Element{ai, value})
	}
	return all, nil
}

// cutBracketed takes a value off the front of text: up to the next bracket
// that does not stand behind a backslash.
func cutBracketed(text string) (value, rest string) {
	end := 0
	for end < len(text) && (text[end] != '(' || end > 0 && text[end-1] == '\\') {
		end++
	}
	return strings.ReplaceAll(text[:end], `\(`, "("), text[end:]
}
