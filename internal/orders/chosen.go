package orders

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/studio"
	"tote/inventory"
)

// Chosen is what was chosen of one option for a line.
type Chosen struct {
	Name      string
	Kind      OptionKind
	Value     string // of a file its name
	Unit      string
	Surcharge Money      // for each piece, within the line's price
	Preview   files.Hash // of a file: a JPEG of our own
	Hash      files.Hash // of a file: its very bytes
	file      string     // its token
}

// Token names a file as the form did: whoever has it may see its preview.
func (c Chosen) Token() string { return c.file }

// Says is the value with its unit: "330 ml".
func (c Chosen) Says() string { return c.Value + unit(c.Unit) }

// String is it in words: "Volume: 330 ml".
func (c Chosen) String() string { return c.Name + ": " + c.Says() }

// inWords is a specification as one text, an option on each line.
func inWords(list []Chosen) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = c.String()
	}
	return strings.Join(words, "\n")
}

// KeepFile keeps what a file of an order form is, and names it by a token that nobody can guess: the form's value of the
// option. Nothing but the form knows of it until an order is placed with it.
func KeepFile(ctx context.Context, tx *sql.Tx, f studio.File, at time.Time) (token string, err error) {
	defer fault.Wrap(&err, "orders.KeepFile")
	token = rand.Text()
	_, err = tx.ExecContext(ctx, `
		insert into option_files (token, hash, preview, name, media_type, width, height, bytes, kept_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		token, f.Hash, f.Preview, f.Name, f.Type, f.Width, f.Height, f.Bytes, at)
	return token, err
}

// KeptFiles is the files with these tokens, by token; what is no token names none.
func KeptFiles(ctx context.Context, q pg.Querier, tokens ...string) (_ map[string]studio.File, err error) {
	defer fault.Wrap(&err, "orders.KeptFiles(%d)", len(tokens))
	tokens = slices.DeleteFunc(slices.Clone(tokens), func(t string) bool { return len(t) != len(rand.Text()) || wrongText(t, 26, false) != "" })
	found := map[string]studio.File{}
	if len(tokens) == 0 {
		return found, nil
	}
	type row struct {
		token string
		studio.File
	}
	list, err := pg.Collect(func(r *row) []any {
		return []any{&r.token, &r.Hash, &r.Preview, &r.Name, &r.Type, &r.Width, &r.Height, &r.Bytes}
	})(q.QueryContext(ctx, `
		select token, hash, preview, name, media_type, width, height, bytes from option_files where token = any($1)`, pg.Array(tokens)))
	for _, r := range list {
		found[r.token] = r.File
	}
	return found, err
}

// openOptions reads what the lines of the forms refer to.
func (b *book) openOptions(ctx context.Context, q pg.Querier, forms []Form) (err error) {
	var tokens []string
	for _, f := range forms {
		for _, l := range f.Lines {
			for _, value := range l.Options {
				tokens = append(tokens, value)
			}
		}
	}
	ids := make([]inventory.ItemID, 0, len(b.items))
	for _, i := range b.items {
		ids = append(ids, i.id)
	}
	if b.options, err = OptionsOf(ctx, q, ids...); err != nil {
		return err
	}
	b.files, err = KeptFiles(ctx, q, tokens...)
	return err
}

// readOptions reads what was chosen for line i, and what that costs.
func (b *book) readOptions(by Channel, f FormLine, i int, line *DraftLine, wrong *fault.Fields) {
	known := map[string]bool{}
	for _, o := range b.options[line.Item] {
		known[o.Name] = true
		typed := f.Options[o.Name]
		if typed == "" && (!o.Required || o.Kind == OptionFile && !by.bringsFiles()) {
			continue
		}
		c, problem := b.choose(o, typed)
		if problem != "" {
			wrong.Add("lines."+strconv.Itoa(i)+".options."+o.Name, "Line %d: %s", i+1, problem)
			continue
		}
		line.Chosen = append(line.Chosen, c)
		line.surcharge += c.Surcharge.Minor
	}
	for _, name := range sortedKeys(f.Options) {
		if line.Item != 0 && !known[name] {
			wrong.Add("lines."+strconv.Itoa(i)+".options."+short(name), "Line %d: %s has no option %q.", i+1, line.SKU, short(name))
		}
	}
}

// bringsFiles tells that an order can come with its files; else they are asked for when it is there.
func (c Channel) bringsFiles() bool { return c == Web || c == Phone }

// choose reads what was typed into an option, and says what is wrong with it.
func (b *book) choose(o Option, typed string) (c Chosen, problem string) {
	c = Chosen{Name: o.Name, Kind: o.Kind, Value: typed, Unit: o.Unit, Surcharge: Money{0, b.settings.Currency}}
	if typed == "" {
		return c, o.Name + " is missing."
	}
	switch o.Kind {
	case OptionChoice:
		return b.chooseValue(o, c)
	case OptionNumber:
		n, err := strconv.ParseInt(typed, 10, 64)
		if err != nil || n < o.Least || n > o.Most {
			return c, o.Name + " must be a whole number from " + strconv.FormatInt(o.Least, 10) + " to " + strconv.FormatInt(o.Most, 10) + unit(o.Unit) + "."
		}
		c.Value = strconv.FormatInt(n, 10)
	case OptionText:
		if wrong := wrongText(typed, int(o.Most), true); wrong != "" {
			return c, o.Name + " " + wrong + "."
		}
	case OptionFile:
		f, kept := b.files[typed]
		if !kept {
			return c, "the file of " + o.Name + " is not here any more. Choose it again."
		}
		c.Value, c.Preview, c.Hash, c.file = f.Name, f.Preview, f.Hash, typed
	}
	return c, ""
}

func unit(u string) string {
	if u == "" {
		return ""
	}
	return " " + u
}

func (b *book) chooseValue(o Option, c Chosen) (Chosen, string) {
	values := make([]string, len(o.Choices))
	for i, choice := range o.Choices {
		values[i] = choice.Value
		if choice.Value != c.Value {
			continue
		}
		if choice.Surcharge.Minor > 0 && choice.Surcharge.Currency != b.settings.Currency {
			return c, o.Name + " " + choice.Value + " has no surcharge in " + b.settings.Currency + ". Set it up first."
		}
		c.Surcharge.Minor = choice.Surcharge.Minor
		return c, ""
	}
	return c, strconv.Quote(short(c.Value)) + " is no " + o.Name + ". There is: " + strings.Join(values, ", ") + "."
}

// lineOptions is what was chosen for a line of an order, to be stored.
type lineOptions struct {
	order ID
	line  int
	list  []Chosen
}

func insertOptions(ctx context.Context, tx *sql.Tx, lines []lineOptions) error {
	type row struct {
		Order     ID         `json:"order_id"`
		Line      int        `json:"line"`
		Position  int        `json:"position"`
		Name      string     `json:"name"`
		Kind      OptionKind `json:"kind"`
		Value     string     `json:"value"`
		Unit      string     `json:"unit"`
		Surcharge int64      `json:"surcharge_minor"`
		File      *string    `json:"file"`
	}
	var rows []row
	for _, l := range lines {
		for i, c := range l.list {
			r := row{l.order, l.line, i + 1, c.Name, c.Kind, c.Value, c.Unit, c.Surcharge.Minor, nil}
			if c.file != "" {
				r.File = &c.file
			}
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into order_line_options (order_id, line, position, name, kind, value, unit, surcharge_minor, file)
		select r.order_id, r.line, r.position, r.name, r.kind, r.value, r.unit, r.surcharge_minor, r.file
		from json_populate_recordset(null::order_line_options, $1) r`, string(text))
	return err
}

// chosenOf is what was chosen for the lines of an order, by line.
func chosenOf(ctx context.Context, q pg.Querier, id ID, currency string) (map[int][]Chosen, error) {
	type row struct {
		line int
		Chosen
	}
	list, err := pg.Collect(func(r *row) []any {
		r.Surcharge.Currency = currency
		return []any{&r.line, &r.Name, &r.Kind, &r.Value, &r.Unit, &r.Surcharge.Minor, &r.file, &r.Preview, &r.Hash}
	})(q.QueryContext(ctx, `
		select c.line, c.name, c.kind, c.value, c.unit, c.surcharge_minor, coalesce(c.file, ''), coalesce(f.preview, ''), coalesce(f.hash, '')
		from order_line_options c left join option_files f on f.token = c.file
		where c.order_id = $1 order by c.line, c.position`, id))
	found := map[int][]Chosen{}
	for _, r := range list {
		found[r.line] = append(found[r.line], r.Chosen)
	}
	return found, err
}

// specification is the SQL of what was chosen for a line l of an order, in words.
const specification = `coalesce((
	select string_agg(c.name || ': ' || c.value || case when c.unit = '' then '' else ' ' || c.unit end, E'\n' order by c.position)
	from order_line_options c where c.order_id = l.order_id and c.line = l.line), '')`

// SpecificationOf is what was chosen for the line called ref; whoever draws or makes it reads it.
func SpecificationOf(ctx context.Context, q pg.Querier, ref string) (_ []Chosen, err error) {
	defer fault.Wrap(&err, "orders.SpecificationOf(%q)", short(ref))
	var id ID
	var line int
	var currency string
	err = q.QueryRowContext(ctx, `
		select l.order_id, l.line, o.currency from order_lines l join orders o on o.id = l.order_id where l.ref = $1`, ref).Scan(&id, &line, &currency)
	if err == sql.ErrNoRows {
		return nil, nil // it is no order's
	}
	if err != nil {
		return nil, err
	}
	all, err := chosenOf(ctx, q, id, currency)
	return all[line], err
}
