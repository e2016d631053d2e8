package web

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"mime/multipart"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/studio"
	"tote/internal/web/ui"
)

// lineOptionsView is what the lines of an order form show beside item and quantity.
type lineOptionsView struct {
	Options map[string][]orders.Option // of the SKUs that were typed
	Kept    map[string]studio.File     // files that came with the form before, by token
}

// options reads what may be chosen for the lines of a form, as they stand in it.
func (a *App) options(c *fiber.Ctx, form ui.Form, lines int) (v lineOptionsView, err error) {
	var skus, tokens []string
	for i := range lines {
		skus = append(skus, form.Get(lineField(i, "sku")))
	}
	if v.Options, err = orders.OptionsBySKU(c.UserContext(), a.DB, skus...); err != nil {
		return v, err
	}
	for i := range lines {
		for _, o := range v.Options[skus[i]] {
			if o.Kind == orders.OptionFile {
				tokens = append(tokens, form.Get(optionField(i, o)))
			}
		}
	}
	v.Kept, err = orders.KeptFiles(c.UserContext(), a.DB, tokens...)
	return v, err
}

func lineField(i int, name string) string { return fmt.Sprintf("lines.%d.%s", i, name) }

func optionField(i int, o orders.Option) string { return lineField(i, "options."+o.Name) }

// asksOptions has a line ask for the options of its item as soon as one is chosen.
func (v orderFormView) asksOptions() templ.Attributes {
	return templ.Attributes{"hx-post": v.Path, "hx-trigger": "change from:find [name$='.sku']", "hx-include": "closest form",
		"hx-vals": `{"action":"options"}`, "hx-select": "#lines", "hx-target": "#lines", "hx-swap": "outerHTML"}
}

// runOf is the option of line i whose values get a quantity each: sizes, until one of them is the line's own.
func (v orderFormView) runOf(i int) (orders.Option, bool) {
	for _, o := range v.Options[v.Form.Get(lineField(i, "sku"))] {
		if o.Run && v.Form.Get(optionField(i, o)) == "" {
			return o, true
		}
	}
	return orders.Option{}, false
}

// fields are the options of line i that are not its sizes.
func (v orderFormView) fields(i int) []orders.Option {
	run, _ := v.runOf(i)
	return slices.DeleteFunc(slices.Clone(v.Options[v.Form.Get(lineField(i, "sku"))]), func(o orders.Option) bool { return o.ID == run.ID })
}

// runError is what is wrong with the sizes of line i.
func (v orderFormView) runError(i int, run orders.Option) string {
	if v.Form.Error(lineField(i, "quantity"))+v.Form.Error(optionField(i, run)) == "" {
		return ""
	}
	return "Type how many of each " + run.Name + "."
}

// option is the field of an option of line i.
func (v orderFormView) option(i int, o orders.Option) ui.Field {
	f := v.Form.Field(optionField(i, o), o.Name, ui.Help(optionHelp(o)))
	f.Required = o.Required
	switch o.Kind {
	case orders.OptionChoice:
		f.Options = []ui.Option{{Label: "Choose"}}
		for _, choice := range o.Choices {
			f.Options = append(f.Options, ui.Option{Value: choice.Value, Label: choiceWords(choice)})
		}
	case orders.OptionNumber:
		f.Mode = "numeric"
	case orders.OptionText:
		f.Max = int(o.Most)
	}
	return f
}

// choiceWords is a value with its surcharge: "Gold, + 2.50".
func choiceWords(choice orders.Choice) string {
	if choice.Surcharge.Minor == 0 {
		return choice.Value
	}
	return choice.Value + ", + " + choice.Surcharge.Amount()
}

// optionHelp says what may be typed.
func optionHelp(o orders.Option) string {
	bounds := ""
	switch o.Kind {
	case orders.OptionNumber:
		bounds = strings.TrimSpace(fmt.Sprintf("From %d to %d %s", o.Least, o.Most, o.Unit)) + "."
	case orders.OptionText:
		bounds = fmt.Sprintf("Up to %d characters.", o.Most)
	case orders.OptionFile:
		bounds = "JPEG, PNG, WebP or TIFF."
	}
	return strings.TrimSpace(o.Help + " " + bounds)
}

// ladder says what one piece of line i costs where many are ordered.
func (v orderFormView) ladder(i int) string {
	sku := v.Form.Get(lineField(i, "sku"))
	for _, p := range v.Items {
		if sku != "" && p.SKU == sku && len(p.Breaks) > 0 {
			return "Each " + p.Amount.Amount() + "; " + forMore(p) + ". All pieces of it in the order count together."
		}
	}
	return ""
}

var fileField = regexp.MustCompile(`^lines\.(\d{1,4})\.options\.([^.]+)\.file$`)

// mostFormFiles bounds the files of one order form.
const mostFormFiles = 20

// takeFiles keeps the files that came with an order form and puts their tokens in the place of what was typed, so that
// they stay with a form that is refused. Each is looked at as artwork is; files of anything but a file option are not.
func (a *App) takeFiles(c *fiber.Ctx) error {
	multi, err := c.MultipartForm()
	if err != nil || len(multi.File) == 0 {
		return nil
	}
	typed := map[string]string{}
	for k, v := range multi.Value {
		typed[k] = strings.Join(v, ",")
	}
	line := map[int]int{}
	for i, n := range postedLines(typed, "lines.") {
		line[n] = i
	}
	var wrong fault.Fields
	kept := 0
	for _, name := range slices.Sorted(maps.Keys(multi.File)) {
		at := fileField.FindStringSubmatch(name)
		if at == nil || len(multi.File[name]) == 0 || multi.File[name][0].Filename == "" {
			continue
		}
		n, _ := strconv.Atoi(at[1])
		if kept++; kept > mostFormFiles {
			wrong.Add("lines", "A form takes up to %d files at once. Send the others after these.", mostFormFiles)
			break
		}
		token, err := a.takeFile(c, typed[fmt.Sprintf("lines.%d.sku", n)], at[2], multi.File[name][0])
		if kind := fault.KindOf(err); err != nil && kind != fault.Invalid && kind != fault.Unavailable {
			return err
		} else if err != nil {
			wrong.Add(lineField(line[n], "options."+at[2]), "Line %d: %s: %s", line[n]+1, studio.CleanName(multi.File[name][0].Filename), fault.Message(err))
			continue
		}
		if token != "" {
			multi.Value[strings.TrimSuffix(name, ".file")] = []string{token}
		}
	}
	return wrong.Err()
}

// takeFile keeps a file of an option, and answers no token when there is no such option.
func (a *App) takeFile(c *fiber.Ctx, sku, option string, sent *multipart.FileHeader) (token string, err error) {
	if c.Locals(tooManyFiles) != nil {
		return "", fault.New(fault.Unavailable, "Many files came from your connection within an hour. Wait a little, then send it again.")
	}
	known, err := orders.OptionsBySKU(c.UserContext(), a.DB, strings.TrimSpace(sku))
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(known[strings.TrimSpace(sku)], func(o orders.Option) bool { return o.Name == option && o.Kind == orders.OptionFile }) {
		return "", nil
	}
	f, err := a.kept(c, sent)
	if err != nil {
		return "", err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		token, err = orders.KeepFile(ctx, tx, f, a.Now())
		return err
	})
	return token, err
}

// spread makes a line of each size that has a quantity, and shows the form so.
func (a *App) spread(c *fiber.Ctx, lines []orders.FormLine, form *ui.Form, bad error) ([]orders.FormLine, error) {
	if !slices.ContainsFunc(lines, func(l orders.FormLine) bool { return len(l.Run) > 0 }) {
		return lines, bad
	}
	var skus []string
	for _, l := range lines {
		skus = append(skus, l.SKU)
	}
	known, err := orders.OptionsBySKU(c.UserContext(), a.DB, skus...)
	if err != nil {
		return lines, err
	}
	all, first := orders.Spread(lines, known)
	maps.DeleteFunc(form.Values, func(name, _ string) bool { return strings.HasPrefix(name, "lines.") })
	putLines(form.Values, all)
	var moved fault.Fields
	for _, f := range fault.FieldsOf(bad) {
		var n int
		if rest, ok := strings.CutPrefix(f.Name, "lines."); ok {
			digits, field, _ := strings.Cut(rest, ".")
			if n, err = strconv.Atoi(digits); err == nil && n < len(first) {
				f.Name = lineField(first[n], field)
			}
		}
		moved.Add(f.Name, "%s", f.Message)
	}
	return all, moved.Err()
}

// putLines is lines as a form keeps what was typed.
func putLines(values map[string]string, lines []orders.FormLine) {
	for i, l := range lines {
		values[lineField(i, "sku")], values[lineField(i, "quantity")] = l.SKU, l.Quantity
		values[lineField(i, "price")], values[lineField(i, "tool")] = l.Price, l.Tool
		for name, value := range l.Options {
			values[lineField(i, "options."+name)] = value
		}
	}
}

// orderFile answers a picture of our own of a file that came with an order form, to whoever has its token.
func (a *App) orderFile(c *fiber.Ctx) error {
	token := c.Params("token")
	kept, err := orders.KeptFiles(c.UserContext(), a.DB, token)
	if err != nil {
		return err
	}
	f, known := kept[token]
	if !known || a.Files == nil {
		return fault.New(fault.NotFound, "There is no such picture.")
	}
	return a.sendPicture(c, f.Preview)
}

// orderFilePath is where a customer sees a file of his order.
func orderFilePath(token string) string { return "/order/files/" + token }

func photoPath(hash files.Hash) string { return "/photos/" + string(hash) }
