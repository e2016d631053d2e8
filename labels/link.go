package labels

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// readLink reads a GS1 Digital Link: https://any.example/any/path, then the
// primary key, its qualifiers in their order, and data attributes behind the
// question mark: …/01/09521234543213/10/ABC?17=261231. It answers nil elements
// for a web address that is none.
func (r rules) readLink(text string) (Elements, error) {
	text, _, _ = strings.Cut(text, "#")
	address, query, _ := strings.Cut(text, "?")
	scheme, rest, _ := strings.Cut(address, "://")
	host, path, found := strings.Cut(rest, "/")
	if !found || !validHost(host) || !webSchemes[scheme] {
		return nil, nil
	}
	all, err := r.readPath(strings.Split(path, "/"))
	if err != nil || all == nil {
		return nil, err
	}
	return r.readQuery(all, query)
}

// webSchemes are the spellings of the scheme the standard knows: all small for
// addresses, all capitals for dense QR codes.
var webSchemes = map[string]bool{"http": true, "https": true, "HTTP": true, "HTTPS": true}

// validHost refuses what no host name, address or port is made of.
func validHost(host string) bool {
	return host != "" && strings.Trim(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.:[]") == ""
}

// readPath looks from the right for the last primary key; what follows it must
// be its qualifiers in one of the orders the dictionary allows.
func (r rules) readPath(segments []string) (Elements, error) {
	for i := len(segments) - 2; i >= 0; i -= 2 {
		key := r.spec(segments[i])
		if key == nil || !key.key {
			continue
		}
		all := make(Elements, 0, (len(segments)-i)/2)
		for j := i; j < len(segments); j += 2 {
			value, err := url.PathUnescape(segments[j+1])
			if err != nil {
				return nil, err
			}
			if all, err = r.add(all, segments[j], value); err != nil {
				return nil, err
			}
		}
		if !key.allows(all[1:]) {
			return nil, fmt.Errorf("the parts after (%s) are not in their order", key.ai)
		}
		return all, nil
	}
	return nil, nil
}

// allows reports whether the qualifiers are some of one of the key's
// sequences, in its order.
func (s *spec) allows(qualifiers Elements) bool {
	for _, sequence := range s.paths {
		left := strings.Split(sequence, ",")
		taken := 0
		for _, ai := range left {
			if taken < len(qualifiers) && qualifiers[taken].AI == ai {
				taken++
			}
		}
		if taken == len(qualifiers) {
			return true
		}
	}
	return len(qualifiers) == 0
}

// misplaced reports whether ai belongs into the path behind the key, beside
// the qualifiers that are there, and not behind the question mark.
func (s *spec) misplaced(ai string, qualifiers Elements) bool {
	for _, sequence := range s.paths {
		order := strings.Split(sequence, ",")
		fits := slices.Contains(order, ai)
		for _, q := range qualifiers {
			fits = fits && slices.Contains(order, q.AI)
		}
		if fits {
			return true
		}
	}
	return false
}

// readQuery adds the data attributes. A name that is not all digits belongs to
// the web site, not to GS1.
func (r rules) readQuery(path Elements, query string) (Elements, error) {
	all, key := path, dictionary()[path[0].AI]
	for _, pair := range strings.Split(query, "&") {
		ai, raw, _ := strings.Cut(pair, "=")
		if !digits(ai) {
			continue
		}
		value, err := url.QueryUnescape(raw)
		if err != nil {
			return nil, err
		}
		if s := r.spec(ai); s == nil || !s.query && !s.key || key.misplaced(ai, path[1:]) {
			return nil, fmt.Errorf("(%s) is no data attribute", ai)
		}
		if all.Get(ai) != "" {
			return nil, fmt.Errorf("(%s) stands there twice", ai)
		}
		if all, err = r.add(all, ai, value); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// add appends an element of a link.
func (r rules) add(all Elements, ai, value string) (Elements, error) {
	s := r.spec(ai)
	if s == nil {
		return nil, fmt.Errorf("(%s) is no application identifier", ai)
	}
	if r.short && s.ai == "01" && gtinLength(len(value)) {
		value = pad14(value)
	}
	if err := s.read(value); err != nil {
		return nil, fmt.Errorf("(%s) %s: %w", s.ai, s.title, err)
	}
	return append(all, Element{s.ai, value}), nil
}

// isCheck reports whether err is about a check digit alone.
func isCheck(err error) bool { return errors.Is(err, errCheck) }
