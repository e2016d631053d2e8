package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Field says what is wrong with one field of a form. Name is the name the form
// gives it ("lines.2.quantity").
type Field struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Fields is every mistake in a form at once. It is an error of kind Invalid.
type Fields []Field

// Add notes a mistake in the field called name.
func (f *Fields) Add(name, format string, args ...any) {
	*f = append(*f, Field{Name: name, Message: fmt.Sprintf(format, args...)})
}

// Err is f as an error, or nil when there is no mistake.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// Of is the message for the field called name, or "".
func (f Fields) Of(name string) string {
	for _, field := range f {
		if field.Name == name {
			return field.Message
		}
	}
	return ""
}

func (f Fields) Error() string {
	sentences := make([]string, len(f))
	for i, field := range f {
		sentences[i] = field.Message
	}
	return strings.Join(sentences, " ")
}

// Unwrap makes errors.Is(f, Invalid) true.
func (f Fields) Unwrap() error { return Invalid }

// FieldsOf finds the mistakes of a form in err, or nil.
func FieldsOf(err error) Fields {
	var f Fields
	errors.As(err, &f)
	return f
}
