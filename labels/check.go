package labels

import (
	"fmt"
	"strings"
)

// Check reports what in well-built GS1 data breaks GS1's rules of content: a
// month 13, a batch number without an item, two identifiers that exclude each
// other, one identifier twice with different values. Parse reads such data all
// the same, for the parcel is on the table; whoever prints or sends such data
// checks it first.
//
// A symbol may lean on another symbol of the same parcel for an identifier it
// requires, so the elements of all of them belong into one Check.
func (e Elements) Check() error { return rules{}.check(e) }

func (r rules) check(e Elements) error {
	for i, x := range e {
		s := r.spec(x.AI)
		if s == nil {
			return fmt.Errorf("(%s) is no application identifier", x.AI)
		}
		if err := s.lint(x.Value); err != nil {
			return fmt.Errorf("(%s) %s: %w", s.ai, s.title, err)
		}
		if got := e.Get(x.AI); got != x.Value && i > 0 {
			return fmt.Errorf("(%s) stands there twice, as %s and as %s", x.AI, clip(got), clip(x.Value))
		}
		if err := e.pairs(s); err != nil {
			return err
		}
	}
	return e.signed()
}

// lint applies the dictionary's content checks, as far as we hold them.
func (s *spec) lint(value string) error {
	if err := s.read(value); err != nil {
		return err
	}
	return s.walk(value, func(p part, piece string) error {
		for _, l := range p.linters {
			if check := linters[l]; check != nil {
				if err := check(piece); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// pairs checks what must and what may not stand beside s.
func (e Elements) pairs(s *spec) error {
	for _, pattern := range s.ex {
		if other := e.match(pattern, s.ai); other != "" {
			return fmt.Errorf("(%s) may not stand beside (%s)", s.ai, other)
		}
	}
	for _, choices := range s.req {
		if !e.hasOne(choices, s.ai) {
			return fmt.Errorf("(%s) needs %s beside it", s.ai, strings.Join(choices, " or "))
		}
	}
	return nil
}

// hasOne reports whether all of one of the choices ("01+21", "35nn") is there.
func (e Elements) hasOne(choices []string, self string) bool {
	for _, choice := range choices {
		found := true
		for _, pattern := range strings.Split(choice, "+") {
			found = found && e.match(pattern, self) != ""
		}
		if found {
			return true
		}
	}
	return false
}

// match finds an identifier other than self that fits a pattern; n stands for
// any digit.
func (e Elements) match(pattern, self string) string {
	for _, x := range e {
		if x.AI != self && len(x.AI) == len(pattern) && x.AI[:len(strings.TrimRight(pattern, "n"))] == strings.TrimRight(pattern, "n") {
			return x.AI
		}
	}
	return ""
}

// signed checks that a digital signature (8030) stands beside keys that carry
// a serial number of their own.
func (e Elements) signed() error {
	if e.Get("8030") == "" {
		return nil
	}
	for _, ai := range []string{"253", "255", "8003"} {
		if s := dictionary()[ai]; e.Get(ai) != "" && len(e.Get(ai)) <= s.length()-s.parts[len(s.parts)-1].max {
			return fmt.Errorf("(8030) needs a serial number in (%s)", ai)
		}
	}
	return nil
}
