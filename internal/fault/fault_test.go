package fault_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"tote/internal/fault"
)

func take(list int, inner error) (err error) {
	defer fault.Wrap(&err, "picking.Take(%d)", list)
	return inner
}

func TestKindSurvivesWrapping(t *testing.T) {
	sentence := fault.New(fault.Conflict, "List P-%d is finished. Ask for the next one.", 7)
	err := fmt.Errorf("web: %w", take(7, sentence))
	if !errors.Is(err, fault.Conflict) || errors.Is(err, fault.NotFound) {
		t.Errorf("errors.Is sees the wrong kind in %v", err)
	}
	if got := fault.KindOf(err); got != fault.Conflict {
		t.Errorf("KindOf = %v, want conflict", got)
	}
	if got, want := fault.Message(err), "List P-7 is finished. Ask for the next one."; got != want {
		t.Errorf("Message = %q, want %q", got, want)
	}
	if got := err.Error(); !strings.HasPrefix(got, "web: picking.Take(7): ") {
		t.Errorf("the log reads %q, without the calls", got)
	}
}

func TestWrapLeavesSuccessAlone(t *testing.T) {
	if err := take(7, nil); err != nil {
		t.Errorf("take = %v, want nil", err)
	}
}

func TestMessageOfTheUnforeseenIsNeutral(t *testing.T) {
	for _, err := range []error{
		errors.New("pq: password authentication failed for user tote"),
		fault.Because(io.EOF, fault.Other, "dial /var/run/secret"),
	} {
		if got := fault.Message(take(1, err)); strings.Contains(got, "secret") || strings.Contains(got, "password") || got == "" {
			t.Errorf("Message(%v) = %q", err, got)
		}
	}
	if got := fault.Message(nil); got != "" {
		t.Errorf("Message(nil) = %q", got)
	}
}

func TestBecauseKeepsTheCauseForTheLogAlone(t *testing.T) {
	err := fault.Because(io.ErrUnexpectedEOF, fault.Unavailable, "The printer does not answer.")
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, fault.Unavailable) {
		t.Errorf("%v lost its cause or its kind", err)
	}
	if got := fault.Message(err); got != "The printer does not answer." {
		t.Errorf("Message = %q", got)
	}
	if !strings.Contains(err.Error(), io.ErrUnexpectedEOF.Error()) {
		t.Errorf("the log reads %q", err)
	}
}

func TestDeadlinesAreUnavailable(t *testing.T) {
	if got := fault.KindOf(take(1, context.DeadlineExceeded)); got != fault.Unavailable {
		t.Errorf("KindOf(deadline) = %v", got)
	}
	if got := fault.KindOf(io.EOF); got != fault.Other {
		t.Errorf("KindOf(EOF) = %v", got)
	}
}

func TestFields(t *testing.T) {
	var form fault.Fields
	if err := form.Err(); err != nil {
		t.Fatalf("an empty form has the error %v", err)
	}
	form.Add("name", "Give a name.")
	form.Add("lines.2.quantity", "Line 3: %d is below one.", 0)
	err := take(1, form.Err())
	if fault.KindOf(err) != fault.Invalid || !errors.Is(err, fault.Invalid) {
		t.Errorf("%v is not Invalid", err)
	}
	got := fault.FieldsOf(err)
	if len(got) != 2 || got.Of("lines.2.quantity") != "Line 3: 0 is below one." || got.Of("other") != "" {
		t.Errorf("FieldsOf = %v", got)
	}
	if fault.Message(err) != "Give a name. Line 3: 0 is below one." {
		t.Errorf("Message = %q", fault.Message(err))
	}
	if fault.FieldsOf(io.EOF) != nil {
		t.Error("FieldsOf found a form in EOF")
	}
}
