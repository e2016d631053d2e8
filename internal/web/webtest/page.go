package webtest

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Page is what a browser without script makes of an answer: its words, its links and its forms.
type Page struct {
	Address *url.URL
	Status  int
	Words   string // all that can be read, single-spaced
	Links   []Link
	Forms   []*Form
	Result  string // what a scanning screen says of the last scan; "" for other pages
	Onward  string // where a finished scanning screen leads by itself
}

// Link is a link with what can be read on it.
type Link struct{ Words, To string }

// Form is a form as the page was sent: what it would post, and what can be typed into.
type Form struct {
	Action, Method string
	Files          bool              // it is sent as multipart
	Kinds          map[string]string // of its fields: text, hidden, select, textarea, file …
	Values         url.Values
	Buttons        []Button
	Scans          bool // it is the scan field of a scanning screen
}

// Button sends its form, with a value of its own or to an address of its own.
type Button struct{ Words, Name, Value, Action string }

// Has reports whether the form has every one of these fields: pairs of name and value.
func (f *Form) Has(fields [][2]string) bool {
	for _, field := range fields {
		if f.Kinds[field[0]] == "" {
			return false
		}
	}
	return true
}

// reader takes an answer apart, element by element.
type reader struct {
	*Page
	form   *Form
	words  strings.Builder
	spans  []span // open elements whose words matter
	choice string // the name of the open select
	chosen bool
}

type span struct {
	element string
	from    int
	done    func(words string)
}

// ReadPage reads HTML that was answered at an address. Pages of this site are well-formed enough for the decoder of
// the standard library; what is not is an error.
func ReadPage(address *url.URL, status int, body []byte) (*Page, error) {
	r := &reader{Page: &Page{Address: address, Status: status}}
	d := xml.NewDecoder(bytes.NewReader(bytes.Map(readable, body)))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			r.Words = Single(r.words.String())
			return r.Page, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Name.Local] = a.Value
			}
			r.open(token.Name.Local, attributes)
		case xml.EndElement:
			r.close(token.Name.Local)
		case xml.CharData:
			r.words.Write(token)
		}
	}
}

// readable leaves out what XML cannot hold, though a browser shows it.
func readable(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
		return utf8.RuneError
	}
	return r
}

// Single is text with every run of white space as one blank.
func Single(s string) string { return strings.Join(strings.Fields(s), " ") }

func (r *reader) span(element string, done func(words string)) {
	r.spans = append(r.spans, span{element, r.words.Len(), done})
}

func (r *reader) open(element string, a map[string]string) {
	if result, screen := a["data-result"]; screen {
		r.Result, r.Onward = result, a["data-goto"]
	}
	switch element {
	case "style", "script", "svg":
		from := r.words.Len()
		r.span(element, func(string) { r.forget(from) })
	case "a":
		r.span(element, func(words string) { r.Links = append(r.Links, Link{words, a["href"]}) })
	case "form":
		r.form = &Form{Action: a["action"], Method: a["method"], Files: a["enctype"] != "", Kinds: map[string]string{}, Values: url.Values{}, Scans: a["data-scan"] == "queue"}
		r.Forms = append(r.Forms, r.form)
	case "p", "div", "li", "td", "th", "h1", "h2", "dt", "dd", "br", "button", "label", "option", "tr", "small":
		r.words.WriteByte(' ')
	}
	if r.form != nil {
		r.field(element, a)
	}
}

// forget drops what nobody reads.
func (r *reader) forget(from int) {
	words := r.words.String()[:from]
	r.words.Reset()
	r.words.WriteString(words)
}

func (r *reader) field(element string, a map[string]string) {
	f, name := r.form, a["name"]
	switch element {
	case "input":
		f.Kinds[name] = cmp.Or(a["type"], "text")
		_, checked := a["checked"]
		if kind := a["type"]; (kind == "checkbox" || kind == "radio") && !checked || kind == "file" {
			return
		}
		f.Values.Set(name, a["value"])
		if a["type"] == "checkbox" && a["value"] == "" {
			f.Values.Set(name, "on")
		}
	case "textarea":
		f.Kinds[name] = element
		from := r.words.Len()
		r.span(element, func(string) { f.Values.Set(name, r.words.String()[from:]) })
	case "select":
		f.Kinds[name] = element
		r.choice, r.chosen = name, false
	case "option":
		if _, selected := a["selected"]; selected || !r.chosen {
			f.Values.Set(r.choice, a["value"])
			r.chosen = true
		}
	case "button":
		if a["type"] != "button" {
			r.span(element, func(words string) { f.Buttons = append(f.Buttons, Button{words, name, a["value"], a["formaction"]}) })
		}
	}
}

func (r *reader) close(element string) {
	if n := len(r.spans) - 1; n >= 0 && r.spans[n].element == element {
		r.spans[n].done(Single(r.words.String()[r.spans[n].from:]))
		r.spans = r.spans[:n]
	}
	if element == "form" {
		r.form = nil
	}
	switch element {
	case "p", "div", "li", "td", "th", "h1", "h2", "dt", "dd", "button", "label", "option", "small":
		r.words.WriteByte(' ')
	}
}
