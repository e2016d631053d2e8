package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// Form is what a page of fields shows: what was typed, what is wrong, and the key that makes a repeat harmless.
type Form struct {
	Values map[string]string // what was typed, by field name ("lines.0.sku")
	Errors []FieldError      // in the order of the fields
	Key    string            // idempotency key of this rendered form; "" makes a fresh one
	Search bool              // it asks for something and stores nothing
}

// FieldError is a sentence about one field.
type FieldError struct {
	Name    string // field name; "" for the form as a whole
	Message string
}

// Field is one input with its words.
type Field struct {
	Name         string
	Label        string
	Help         string
	Value        string
	Error        string
	Type         string // input type; "text" when empty
	Mode         string // inputmode: "numeric", "none"
	Autocomplete string // what a browser may fill in: "postal-code"; "off" when empty
	Required     bool
	NeededIf     string // when a field that may stay empty may not
	Rows         int    // of a text area
	Options      []Option
	Max          int    // longest value in characters
	List         string // id of a datalist whose values are suggested
}

// Option is one choice of a select.
type Option struct{ Value, Label string }

// Get is what was typed into a field.
func (f Form) Get(name string) string { return f.Values[name] }

// Error is the sentence about a field, or "".
func (f Form) Error(name string) string {
	for _, e := range f.Errors {
		if e.Name == name {
			return e.Message
		}
	}
	return ""
}

// Field makes a field of the form with its kept value and its error; change it by With…, or literally.
func (f Form) Field(name, label string, with ...func(*Field)) Field {
	field := Field{Name: name, Label: label, Value: f.Get(name), Error: f.Error(name), Required: true}
	for _, w := range with {
		w(&field)
	}
	return field
}

// Optional marks a field that may stay empty.
func Optional(f *Field) { f.Required = false }

// NeededIf marks a field that may stay empty except in a case.
func NeededIf(what string) func(*Field) {
	return func(f *Field) { f.Required, f.NeededIf = false, what }
}

// Help adds a sentence on what to type.
func Help(text string) func(*Field) { return func(f *Field) { f.Help = text } }

// Of sets the input's type: "email", "date", "password".
func Of(kind string) func(*Field) { return func(f *Field) { f.Type = kind } }

// Number asks for a whole number; it stays a text field, so a scanner or a stray wheel cannot change it.
func Number(f *Field) { f.Mode = "numeric" }

// Listed suggests the values of the datalist with that id.
func Listed(id string) func(*Field) { return func(f *Field) { f.List = id } }

// Fills names what a browser may fill in, such as "postal-code".
func Fills(what string) func(*Field) { return func(f *Field) { f.Autocomplete = what } }

// Choose gives the options of a select.
func Choose(options ...Option) func(*Field) { return func(f *Field) { f.Options = options } }

// Default fills a field that nobody has typed into.
func Default(value string) func(*Field) {
	return func(f *Field) {
		if f.Value == "" {
			f.Value = value
		}
	}
}

// id is the field's id in the page; names of nested lines hold dots.
func id(name string) string { return "f-" + strings.NewReplacer(".", "-", " ", "-").Replace(name) }

// describedBy lists the ids of what explains a field.
func describedBy(f Field) string {
	var ids []string
	if f.Help != "" {
		ids = append(ids, id(f.Name)+"-help")
	}
	if f.Error != "" {
		ids = append(ids, id(f.Name)+"-error")
	}
	return strings.Join(ids, " ")
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func errorHead(f Form) string {
	then := "Nothing was stored."
	if f.Search {
		then = "Correct it and search again."
	}
	if len(f.Errors) == 1 {
		return "One field needs your attention. " + then
	}
	return "These fields need your attention. " + then
}

// state tells assistive technology what explains a field and whether it is wrong.
func state(f Field) templ.Attributes {
	a := templ.Attributes{}
	if d := describedBy(f); d != "" {
		a["aria-describedby"] = d
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	return a
}
