package web

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tote/internal/fault"
	"tote/internal/web/ui"
)

type testForm struct {
	Name  string     `form:"name" label:"Customer name"`
	Notes string     `form:"notes,max=30,lines"`
	Agree bool       `form:"agree"`
	Lines []testLine `form:"lines"`
}

type testLine struct {
	SKU      string `form:"sku" label:"SKU"`
	Quantity int64  `form:"quantity"`
}

// post sends values to decode and returns what it read.
func post(t testing.TB, values url.Values) (in testForm, form ui.Form, err error) {
	t.Helper()
	app := fiber.New(fiber.Config{Immutable: true})
	app.Post("/", func(c *fiber.Ctx) error {
		form, err = decode(c, &in)
		return nil
	})
	request := httptest.NewRequest("POST", "/", strings.NewReader(values.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, failed := app.Test(request, -1)
	if failed != nil {
		t.Fatal(failed)
	}
	response.Body.Close()
	return in, form, err
}

func TestDecodeReadsNestedLines(t *testing.T) {
	in, form, err := post(t, url.Values{
		"name": {"  Ada Obi "}, "notes": {"ring\r\ntwice"}, "agree": {"on"}, "key": {"7F3A0C5E-0000-4000-8000-000000000001"},
		"lines.0.sku": {"MUG"}, "lines.0.quantity": {"2"},
		"lines.3.sku": {""}, "lines.3.quantity": {" "},
		"lines.10.sku": {"CUP"}, "lines.10.quantity": {"7"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := testForm{Name: "Ada Obi", Notes: "ring\ntwice", Agree: true, Lines: []testLine{{"MUG", 2}, {"CUP", 7}}}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
	if got := form.Get("lines.1.sku"); got != "CUP" {
		t.Errorf("lines.1.sku is kept as %q, want the second line that holds something", got)
	}
	if key, err := formKey(form); err != nil || key.String() != "7f3a0c5e-0000-4000-8000-000000000001" {
		t.Errorf("key %v, %v", key, err)
	}
}

func TestDecodeNamesEveryBadFieldAndKeepsWhatWasTyped(t *testing.T) {
	_, form, err := post(t, url.Values{
		"name": {"A\x00da"}, "notes": {strings.Repeat("é", 31)},
		"lines.0.sku": {"M\x1bUG"}, "lines.0.quantity": {"two"},
	})
	if fault.KindOf(err) != fault.Invalid {
		t.Fatalf("error %v, want Invalid", err)
	}
	want := []ui.FieldError{
		{Name: "name", Message: "Customer name holds a character that cannot be printed (U+0000). Delete it."},
		{Name: "notes", Message: "Notes is too long: 31 characters, at most 30 fit."},
		{Name: "lines.0.sku", Message: "SKU holds a character that cannot be printed (U+001B). Delete it."},
		{Name: "lines.0.quantity", Message: "Quantity must be a whole number, such as 12."},
	}
	if diff := cmp.Diff(want, form.Errors); diff != "" {
		t.Error(diff)
	}
	if got := form.Get("lines.0.quantity"); got != "two" {
		t.Errorf("the quantity is kept as %q", got)
	}
	if got := form.Get("name"); got != "A\uFFFDda" {
		t.Errorf("the name is kept as %q, want the bad character visible", got)
	}
}

func TestDecodeBoundsItsLines(t *testing.T) {
	values := url.Values{}
	for i := range mostLines + 1 {
		values.Set(fmt.Sprintf("lines.%d.sku", i), "MUG")
	}
	if _, form, err := post(t, values); err == nil || form.Error("lines") == "" {
		t.Errorf("%d lines were taken: %v", mostLines+1, err)
	}
}

// TestDecodeNaughtyStrings: every string of the list is either refused by name or read as typed; nothing panics.
func TestDecodeNaughtyStrings(t *testing.T) {
	raw, err := os.ReadFile("testdata/naughty-strings/blns.json")
	if err != nil {
		t.Fatal(err)
	}
	var naughty []string
	if err := json.Unmarshal(raw, &naughty); err != nil {
		t.Fatal(err)
	}
	for _, s := range naughty {
		in, form, err := post(t, url.Values{"name": {s}, "lines.0.quantity": {s}, "lines." + s + ".sku": {s}})
		if err == nil && in.Name != strings.TrimSpace(s) {
			t.Errorf("%q was read as %q", s, in.Name)
		}
		if err != nil && len(form.Errors) == 0 {
			t.Errorf("%q is refused without a field: %v", s, err)
		}
	}
}

// TestDecodeNeverKeepsControlCharacters: whatever is posted, what comes back to a page or goes on to the database holds
// nothing unprintable.
func TestDecodeNeverKeepsControlCharacters(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name, notes := rapid.String().Draw(rt, "name"), rapid.String().Draw(rt, "notes")
		in, form, err := post(t, url.Values{"name": {name}, "notes": {notes}})
		if err == nil && (unprintable(in.Name, label{}) != "" || unprintable(in.Notes, label{options: "lines"}) != "") {
			rt.Errorf("read %+q", in.Name+in.Notes)
		}
		for field, kept := range form.Values {
			if unprintable(kept, label{options: "lines"}) != "" {
				rt.Errorf("%s is kept as %q", field, kept)
			}
		}
	})
}

func TestRefused(t *testing.T) {
	form := ui.Form{Values: map[string]string{"name": "Ada"}}
	var bad fault.Fields
	bad.Add("name", "We know nobody called %s.", "Ada")
	shown, ok := refused(form, bad.Err())
	if !ok || shown.Error("name") != "We know nobody called Ada." || shown.Get("name") != "Ada" {
		t.Errorf("refused: %v %+v", ok, shown)
	}
	shown, ok = refused(form, fault.New(fault.Conflict, "This order is packed already."))
	if !ok || shown.Error("") != "This order is packed already." {
		t.Errorf("refused: %v %+v", ok, shown)
	}
	if _, ok := refused(form, fault.New(fault.Forbidden, "Ask a manager.")); ok {
		t.Error("a person who may not is told by the error page, not by the form")
	}
	if _, ok := refused(form, nil); ok {
		t.Error("nil is refused")
	}
}

// TestLocalPath: after signing in, nobody is led to another site.
func TestLocalPath(t *testing.T) {
	for _, foreign := range []string{"", "menu", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:alert(1)", "/%zz"} {
		if got := localPath(foreign); got != "" {
			t.Errorf("%q leads to %q", foreign, got)
		}
	}
	if got := localPath("/picking/17?a=1"); got != "/picking/17?a=1" {
		t.Errorf("our own path became %q", got)
	}
}
