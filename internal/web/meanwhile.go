package web

import (
	"cmp"

	"tote/internal/web/ui"
)

// A difference is a field that somebody else stored otherwise than it is typed here.
type difference struct{ What, Theirs, Mine string }

// differences compares what is stored now with what was typed, field by field.
func differences(theirs, mine map[string]string, fields []ui.Field) (all []difference) {
	for _, f := range fields {
		if a, b := theirs[f.Name], mine[f.Name]; a != b {
			all = append(all, difference{f.Label, chosenWords(f, a), chosenWords(f, b)})
		}
	}
	return all
}

// chosenWords is a value as the form shows it.
func chosenWords(f ui.Field, value string) string {
	for _, o := range f.Options {
		if o.Value == value {
			return cmp.Or(o.Label, "no")
		}
	}
	return orDash(value)
}

// yesNo are the two values of a box.
var yesNo = []ui.Option{{Value: "on", Label: "yes"}, {Value: "", Label: "no"}}

// saveWords is what the button says: over what somebody else has stored one saves knowingly.
func saveWords(others []difference) string {
	if len(others) > 0 {
		return "Save mine over it"
	}
	return "Save"
}
