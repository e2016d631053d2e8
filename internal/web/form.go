package web

import (
	"encoding"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/web/ui"
)

const (
	defaultLength = 200  // characters of a field without "max="
	mostLines     = 1000 // nested lines of one form
)

// decode reads a posted form into the struct that dst points to and keeps what was typed. Fields are named by tags:
//
//	type orderForm struct {
//		Name  string      `form:"name" label:"Name"`
//		Notes string      `form:"notes,max=2000,lines" label:"Notes"` // may hold line ends
//		Lines []orderLine `form:"lines"`                              // "lines.0.sku", "lines.1.sku", …
//		More  map[string]string `form:"more"`                         // "more.Colour", whatever the page names
//	}
//
// An embedded struct's fields are its own. Strings are trimmed. Whole numbers, a tick ("on") for a bool, and encoding.TextUnmarshaler are understood; an empty
// field leaves the zero. Lines that hold nothing are left out and the others numbered anew. The error is a
// fault.Fields naming every field that cannot be read: not a number, too long, characters that cannot be printed.
func decode(c *fiber.Ctx, dst any) (ui.Form, error) {
	d := decoder{typed: map[string]string{}, form: ui.Form{Values: map[string]string{}}}
	c.Request().PostArgs().VisitAll(func(k, v []byte) { d.typed[string(k)] = string(v) })
	if multi, err := c.MultipartForm(); err == nil {
		for k, v := range multi.Value {
			d.typed[k] = strings.Join(v, ",")
		}
	}
	if key, err := uuid.Parse(d.typed["key"]); err == nil {
		d.form.Key = key.String()
	}
	d.object(reflect.ValueOf(dst).Elem(), "", "")
	d.form.Errors = fieldErrors(d.bad)
	return d.form, d.bad.Err()
}

// formKey is the key that makes a form count once, made when the form was rendered.
func formKey(form ui.Form) (uuid.UUID, error) {
	key, err := uuid.Parse(form.Key)
	if err != nil {
		return uuid.Nil, fault.New(fault.Invalid, "The form came without its key. Load the page again and send it once more.")
	}
	return key, nil
}

// refused reports whether err is a mistake in what was typed, and adds it to the form to be shown again.
func refused(form ui.Form, err error) (ui.Form, bool) {
	if kind := fault.KindOf(err); err == nil || kind != fault.Invalid && kind != fault.Conflict && kind != fault.NotFound {
		return form, false
	}
	form.Errors = fieldErrors(fault.FieldsOf(err))
	if len(form.Errors) == 0 {
		form.Errors = []ui.FieldError{{Message: fault.Message(err)}}
	}
	return form, true
}

func fieldErrors(fields fault.Fields) []ui.FieldError {
	var list []ui.FieldError
	for _, f := range fields {
		list = append(list, ui.FieldError{Name: f.Name, Message: f.Message})
	}
	return list
}

type decoder struct {
	typed map[string]string // as posted
	form  ui.Form           // as shown again
	bad   fault.Fields
}

// object fills a struct. Fields are posted as from+name and kept as to+name, which differ where lines were left out.
func (d *decoder) object(v reflect.Value, from, to string) {
	for i := range v.NumField() {
		if v.Type().Field(i).Anonymous && v.Field(i).Kind() == reflect.Struct {
			d.object(v.Field(i), from, to)
			continue
		}
		tag := v.Type().Field(i).Tag
		name, options, _ := strings.Cut(tag.Get("form"), ",")
		if name == "" {
			continue
		}
		field := v.Field(i)
		if field.Kind() == reflect.Map {
			d.named(field, from+name+".", to+name+".", label{tag.Get("label"), name, options})
			continue
		}
		if field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Struct {
			d.lines(field, from+name+".", to+name+".")
			continue
		}
		d.value(field, d.typed[from+name], to+name, label{tag.Get("label"), name, options})
	}
}

// lines fills a slice of structs from the numbers that were posted, in order.
func (d *decoder) lines(list reflect.Value, from, to string) {
	order := postedLines(d.typed, from)
	if len(order) > mostLines {
		d.bad.Add(strings.TrimSuffix(to, "."), "That are more than %d lines. Send them in parts, or as a CSV file.", mostLines)
		return
	}
	for i, n := range order {
		line := reflect.New(list.Type().Elem()).Elem()
		d.object(line, from+strconv.Itoa(n)+".", to+strconv.Itoa(i)+".")
		list.Set(reflect.Append(list, line))
	}
}

// postedLines are the numbers of the lines that hold something, in order.
func postedLines(typed map[string]string, from string) []int {
	numbers := map[int]bool{}
	for name, value := range typed {
		rest, ok := strings.CutPrefix(name, from)
		digits, _, nested := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(digits); ok && nested && err == nil && n >= 0 && strings.TrimSpace(value) != "" {
			numbers[n] = true
		}
	}
	return slices.Sorted(maps.Keys(numbers))
}

const (
	mostExtra   = 200 // fields that a form names itself, of one line
	longestName = 130 // characters of their names
)

// named fills a map of texts with the fields below a name: "lines.0.options.Colour".
func (d *decoder) named(into reflect.Value, from, to string, l label) {
	found := map[string]string{}
	for name, value := range d.typed {
		key, ok := strings.CutPrefix(name, from)
		if !ok || strings.TrimSpace(value) == "" {
			continue
		}
		if len(found) == mostExtra || utf8.RuneCountInString(key) > longestName || unprintable(key, label{words: "The name"}) != "" {
			d.bad.Add(strings.TrimSuffix(to, "."), "The form came with fields that it does not have. Load the page again.")
			return
		}
		field := reflect.New(reflect.TypeFor[string]()).Elem()
		d.value(field, value, to+key, label{key, l.name, l.options})
		if field.String() != "" {
			found[key] = field.String()
		}
	}
	if len(found) > 0 {
		into.Set(reflect.ValueOf(found))
	}
}

// label is what the tags say about a field.
type label struct{ words, name, options string }

// String names the field in a sentence.
func (l label) String() string {
	if l.words != "" {
		return l.words
	}
	return strings.ToUpper(l.name[:1]) + strings.ReplaceAll(l.name[1:], "_", " ")
}

func (l label) severalLines() bool {
	return slices.Contains(strings.Split(l.options, ","), "lines")
}

func (l label) longest() int {
	for option := range strings.SplitSeq(l.options, ",") {
		if digits, ok := strings.CutPrefix(option, "max="); ok {
			if n, err := strconv.Atoi(digits); err == nil {
				return n
			}
		}
	}
	return defaultLength
}

func (d *decoder) value(field reflect.Value, typed, name string, l label) {
	typed = strings.TrimSpace(strings.ReplaceAll(typed, "\r\n", "\n"))
	d.form.Values[name] = showable(typed)
	if sentence := unprintable(typed, l); sentence != "" {
		d.bad.Add(name, "%s", sentence)
		return
	}
	if n := utf8.RuneCountInString(typed); n > l.longest() && field.CanInt() {
		d.bad.Add(name, "%s must be a whole number of up to %d digits.", l, l.longest())
		return
	} else if n > l.longest() {
		d.bad.Add(name, "%s is too long: %d characters, at most %d fit.", l, n, l.longest())
		return
	}
	if typed == "" {
		return
	}
	if read, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if read.UnmarshalText([]byte(typed)) != nil {
			d.bad.Add(name, "%s is not written as expected.", l)
		}
		return
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(typed)
	case reflect.Bool:
		field.SetBool(typed == "on" || typed == "true")
	case reflect.Int, reflect.Int64, reflect.Int32:
		n, err := strconv.ParseInt(typed, 10, field.Type().Bits())
		if err != nil {
			d.bad.Add(name, "%s must be a whole number, such as 12.", l)
		}
		field.SetInt(n)
	default:
		panic("web: decode cannot fill a " + field.Type().String())
	}
}

// unprintable says which character a label, a letter or the database could not hold; "" when all can be.
func unprintable(typed string, l label) string {
	if !utf8.ValidString(typed) {
		return l.String() + " holds bytes that are no characters. Type it anew."
	}
	for _, r := range typed {
		if unicode.IsControl(r) && !(l.severalLines() && (r == '\n' || r == '\t')) {
			return l.String() + " holds a character that cannot be printed (" + codePoint(r) + "). Delete it."
		}
	}
	return ""
}

func codePoint(r rune) string {
	hex := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	return "U+" + strings.Repeat("0", max(0, 4-len(hex))) + hex
}

// showable is what was typed with the unprintable made visible, so that it can be found and deleted.
func showable(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(typed, "\uFFFD"))
}
