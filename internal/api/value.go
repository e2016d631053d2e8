package api

import (
	"time"

	"tote/internal/fault"
)

// utc is a moment as it is sent: in UTC, absent where there is none.
func utc(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// day is a date as it is sent: 2026-11-30, "" where there is none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// readDay reads one; "" is none.
func readDay(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, fault.Fields{{Name: field, Message: "Write the day like 2026-11-30."}}
	}
	return t, nil
}

// wrongFields gathers what is wrong with single fields.
type wrongFields struct{ fault.Fields }

// note takes up an error that belongs to a field; any other one is handed back.
func (w *wrongFields) note(field string, err error) error {
	if err == nil {
		return nil
	}
	if k := fault.KindOf(err); k != fault.NotFound && k != fault.Invalid {
		return err
	}
	w.Add(field, "%s", fault.Message(err))
	return nil
}
