// Package fault sorts errors into the few kinds a caller can act on.
//
// An error made here carries two texts: a sentence for the person who holds the
// scanner (what is wrong and what to do), and the chain of calls that led to it
// for whoever reads the log. The edges (pages, API) look at the kind alone.
package fault

import (
	"context"
	"errors"
	"fmt"
)

// Kind says what a caller can do about an error. A Kind is itself an error, so
// errors.Is(err, fault.NotFound) works through any wrapping.
type Kind int

// The kinds. Other is everything nobody foresaw: a fault of the program or of
// its surroundings, whose text is for the log only.
const (
	Other       Kind = iota
	Invalid          // what was typed, scanned or sent makes no sense; mend it and send again
	NotFound         // there is no such thing, or not for this person
	Conflict         // it makes sense, but not in the present state of things
	Forbidden        // this person may not do that
	Unavailable      // nothing is wrong with the request; try again in a moment
)

var kinds = [...]string{"other", "invalid", "not found", "conflict", "forbidden", "unavailable"}

// Error names the kind.
func (k Kind) Error() string {
	if k < 0 || int(k) >= len(kinds) {
		return "other"
	}
	return kinds[k]
}

// failure is a sentence with its kind and, perhaps, a cause for the log.
type failure struct {
	kind     Kind
	sentence string
	cause    error
}

func (f *failure) Error() string {
	if f.cause == nil {
		return f.sentence
	}
	return f.sentence + ": " + f.cause.Error()
}

func (f *failure) Unwrap() []error {
	if f.cause == nil {
		return []error{f.kind}
	}
	return []error{f.kind, f.cause}
}

// New makes an error of kind k whose text is a sentence for a person.
func New(k Kind, format string, args ...any) error {
	return &failure{kind: k, sentence: fmt.Sprintf(format, args...)}
}

// Because is New with a cause: the person reads the sentence, the log both.
func Because(cause error, k Kind, format string, args ...any) error {
	return &failure{kind: k, sentence: fmt.Sprintf(format, args...), cause: cause}
}

// Wrap prefixes *errp, if there is an error, with the call that met it. Functions open with
//
//	defer fault.Wrap(&err, "picking.Take(%d)", list)
//
// so that an error in the log reads like a stack of calls with their arguments.
func Wrap(errp *error, format string, args ...any) {
	if *errp != nil {
		*errp = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *errp)
	}
}

// KindOf is the kind of err: the outermost one that somebody gave it. Deadlines and
// cancellations that nobody sorted are Unavailable; anything else unsorted is Other.
func KindOf(err error) Kind {
	var k Kind
	switch {
	case err == nil:
		return Other
	case errors.As(err, &k):
		return k
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return Unavailable
	}
	return Other
}

// Message is the sentence a person may read. An error that carries none gets a
// neutral one by its kind: nothing of the inside of the program leaks.
func Message(err error) string {
	var f *failure
	var fields Fields
	switch {
	case err == nil:
		return ""
	case errors.As(err, &fields):
		return fields.Error()
	case errors.As(err, &f) && f.kind != Other:
		return f.sentence
	}
	return neutral[KindOf(err)]
}

var neutral = map[Kind]string{
	Other:       "Something went wrong here. Try once more; if it happens again, call your supervisor.",
	Invalid:     "That cannot be right. Check it and try again.",
	NotFound:    "There is no such thing here. Check the code and try again.",
	Conflict:    "That does not fit the present state. Load the page again and look.",
	Forbidden:   "You may not do that. Ask a manager.",
	Unavailable: "The system is busy. Nothing is lost: try again in a moment.",
}
