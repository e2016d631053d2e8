package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
)

// page is what a browser without script makes of an answer: its words, its links and its forms.
type page struct {
	address *url.URL
	status  int
	words   string // all that can be read, single-spaced
	links   []link
	forms   []*form
	result  string // what a scanning screen says of the last scan; "" for other pages
	onward  string // where a finished scanning screen leads
}

type link struct{ words, to string }

type form struct {
	action  string
	files   bool // it is sent as multipart
	names   map[string]bool
	values  url.Values
	buttons []button
	scans   bool // it is the scan field of a scanning screen
}

type button struct{ words, name, value, action string }

// has reports whether the form has every one of these fields.
func (f *form) has(fields [][2]string) bool {
	for _, field := range fields {
		if !f.names[field[0]] {
			return false
		}
	}
	return true
}

// reader takes an answer apart, element by element.
type reader struct {
	*page
	form   *form
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

func readPage(address *url.URL, status int, body []byte) (*page, error) {
	r := &reader{page: &page{address: address, status: status}}
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			r.page.words = single(r.words.String())
			return r.page, nil
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

func single(s string) string { return strings.Join(strings.Fields(s), " ") }

func (r *reader) span(element string, done func(words string)) {
	r.spans = append(r.spans, span{element, r.words.Len(), done})
}

func (r *reader) open(element string, a map[string]string) {
	if result, screen := a["data-result"]; screen {
		r.result, r.onward = result, a["data-goto"]
	}
	switch element {
	case "style", "script", "svg":
		from := r.words.Len()
		r.span(element, func(string) { r.forget(from) })
	case "a":
		r.span(element, func(words string) { r.links = append(r.links, link{words, a["href"]}) })
	case "form":
		r.form = &form{action: a["action"], files: a["enctype"] != "", names: map[string]bool{}, values: url.Values{}, scans: a["data-scan"] == "queue"}
		r.forms = append(r.forms, r.form)
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
		f.names[name] = true
		_, checked := a["checked"]
		if kind := a["type"]; (kind == "checkbox" || kind == "radio") && !checked || kind == "file" {
			return
		}
		f.values.Set(name, a["value"])
		if a["type"] == "checkbox" && a["value"] == "" {
			f.values.Set(name, "on")
		}
	case "textarea":
		f.names[name] = true
		from := r.words.Len()
		r.span(element, func(string) { f.values.Set(name, r.words.String()[from:]) })
	case "select":
		f.names[name] = true
		r.choice, r.chosen = name, false
	case "option":
		if _, selected := a["selected"]; selected || !r.chosen {
			f.values.Set(r.choice, a["value"])
			r.chosen = true
		}
	case "button":
		if a["type"] != "button" {
			r.span(element, func(words string) { f.buttons = append(f.buttons, button{words, name, a["value"], a["formaction"]}) })
		}
	}
}

func (r *reader) close(element string) {
	if n := len(r.spans) - 1; n >= 0 && r.spans[n].element == element {
		r.spans[n].done(single(r.words.String()[r.spans[n].from:]))
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
