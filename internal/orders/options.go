package orders

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// OptionID names an option.
type OptionID int64

// OptionKind is what is typed into an option.
type OptionKind string

// The kinds of options.
const (
	OptionChoice OptionKind = "choice"
	OptionNumber OptionKind = "number" // whole, in a unit
	OptionText   OptionKind = "text"
	OptionFile   OptionKind = "file" // a picture
)

// OptionKinds are all of them.
var OptionKinds = []OptionKind{OptionChoice, OptionNumber, OptionText, OptionFile}

// Option is a field of the order form that an item has beside its quantity: a colour, a volume, words to be drawn.
type Option struct {
	ID          OptionID
	Item        inventory.ItemID
	Name        string
	Kind        OptionKind
	Help        string
	Required    bool
	Position    int
	Least, Most int64 // of a number; Most is also how many characters a text may have
	Unit        string
	Run         bool // a choice of sizes: a quantity may be typed for each at once
	Retired     bool
	Choices     []Choice
}

// Choice is a value of an option.
type Choice struct {
	Value     string
	Surcharge Money // for each piece
}

const (
	maxOptionName = 60
	maxOptions    = 20 // of an item
	maxChoices    = 100
	maxChoice     = 60   // characters
	maxOptionText = 1000 // characters
	maxNumber     = 1_000_000_000
	usualText     = 200 // characters of a text whose longest nobody gave
)

// OptionsOf is the options of items that are in use, in their order.
func OptionsOf(ctx context.Context, q pg.Querier, items ...inventory.ItemID) (_ map[inventory.ItemID][]Option, err error) {
	defer fault.Wrap(&err, "orders.OptionsOf(%d items)", len(items))
	list, err := readOptions(ctx, q, `o.item_id = any($1) and o.retired_at is null`, pg.Array(items))
	found := map[inventory.ItemID][]Option{}
	for _, o := range list {
		found[o.Item] = append(found[o.Item], o)
	}
	return found, err
}

// OptionsBySKU is OptionsOf for items by their SKUs; what is none has none.
func OptionsBySKU(ctx context.Context, q pg.Querier, skus ...string) (_ map[string][]Option, err error) {
	defer fault.Wrap(&err, "orders.OptionsBySKU(%d)", len(skus))
	names := map[string]bool{}
	for _, sku := range skus {
		names[sku] = true
	}
	type row struct {
		id  inventory.ItemID
		sku string
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.id, &r.sku} })(q.QueryContext(ctx, `
		select i.id, i.sku from items i where i.sku = any($1) and i.active
		  and exists (select from item_options o where o.item_id = i.id and o.retired_at is null)`, pg.Array(askable(names))))
	found := map[string][]Option{}
	if err != nil || len(rows) == 0 {
		return found, err
	}
	ids := make([]inventory.ItemID, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	byItem, err := OptionsOf(ctx, q, ids...)
	for _, r := range rows {
		found[r.sku] = byItem[r.id]
	}
	return found, err
}

// AllOptions is every option of an item, those out of use last.
func AllOptions(ctx context.Context, q pg.Querier, item inventory.ItemID) (_ []Option, err error) {
	defer fault.Wrap(&err, "orders.AllOptions(%d)", item)
	return readOptions(ctx, q, `o.item_id = $1`, item)
}

// ReadOption is one option of an item.
func ReadOption(ctx context.Context, q pg.Querier, item inventory.ItemID, id OptionID) (Option, error) {
	all, err := AllOptions(ctx, q, item)
	if err != nil {
		return Option{}, err
	}
	for _, o := range all {
		if o.ID == id {
			return o, nil
		}
	}
	return Option{}, fault.New(fault.NotFound, "This item has no such option.")
}

func readOptions(ctx context.Context, q pg.Querier, where string, arg any) ([]Option, error) {
	list, err := pg.Collect(func(o *Option) []any {
		return []any{&o.ID, &o.Item, &o.Name, &o.Kind, &o.Help, &o.Required, &o.Position, &o.Least, &o.Most, &o.Unit, &o.Run, &o.Retired}
	})(q.QueryContext(ctx, `
		select o.id, o.item_id, o.name, o.kind, o.help, o.required, o.position, o.least, o.most, o.unit, o.run, o.retired_at is not null
		from item_options o where `+where+` order by o.item_id, o.retired_at is not null, o.position, o.id`, arg))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	type row struct {
		option OptionID
		Choice
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.option, &r.Value, &r.Surcharge.Minor, &r.Surcharge.Currency} })(q.QueryContext(ctx, `
		select option_id, value, surcharge_minor, currency from option_choices where option_id = any($1) order by option_id, position`,
		pg.Column(list, func(o Option) OptionID { return o.ID })))
	choices := map[OptionID][]Choice{}
	for _, r := range rows {
		choices[r.option] = append(choices[r.option], r.Choice)
	}
	for i := range list {
		list[i].Choices = choices[list[i].ID]
	}
	return list, err
}

// OptionForm is an option as typed. The names in fault.Fields are those of its form: "choices.0.surcharge".
type OptionForm struct {
	Name     string       `form:"name,max=60" label:"The name"`
	Kind     string       `form:"kind,max=10"`
	Help     string       `form:"help,max=300" label:"The help"`
	Required bool         `form:"required"`
	Position string       `form:"position,max=4"`
	Least    string       `form:"least,max=12"`
	Most     string       `form:"most,max=12"`
	Unit     string       `form:"unit,max=12" label:"The unit"`
	Run      bool         `form:"run"`
	Retired  bool         `form:"retired"`
	Choices  []ChoiceForm `form:"choices"`
}

// ChoiceForm is a value of an option as typed.
type ChoiceForm struct {
	Value     string `form:"value,max=60" label:"The value"`
	Surcharge string `form:"surcharge,max=20" label:"The surcharge"` // for each piece; empty: none
}

// SaveOption adds an option to an item (id 0), or changes it. Orders that were placed keep what was chosen.
func SaveOption(ctx context.Context, tx *sql.Tx, item inventory.ItemID, id OptionID, f OptionForm, by staff.ID, at time.Time) (_ OptionID, err error) {
	defer fault.Wrap(&err, "orders.SaveOption(%d, %d)", item, id)
	settings, err := LoadSettings(ctx, tx)
	if err != nil {
		return 0, err
	}
	var sku string
	if err := tx.QueryRowContext(ctx, `select sku from items where id = $1 for no key update`, item).Scan(&sku); err == sql.ErrNoRows {
		return 0, fault.New(fault.NotFound, "There is no such item.")
	} else if err != nil {
		return 0, err
	}
	all, err := AllOptions(ctx, tx, item)
	if err != nil {
		return 0, err
	}
	var wrong fault.Fields
	o := f.read(settings.Currency, &wrong)
	o.ID, o.Item = id, item
	if err := o.among(all, &wrong); err != nil {
		return 0, err
	}
	if err := wrong.Err(); err != nil {
		return 0, err
	}
	if err := o.store(ctx, tx, at); err != nil {
		return 0, err
	}
	return o.ID, staff.Audit(ctx, tx, by, "set an option", sku, map[string]any{"option": o.Name, "kind": o.Kind, "retired": o.Retired})
}

// read understands what was typed.
func (f OptionForm) read(currency string, wrong *fault.Fields) Option {
	o := Option{Name: tidy(f.Name), Kind: OptionKind(f.Kind), Help: tidy(f.Help), Required: f.Required, Unit: tidy(f.Unit), Run: f.Run && f.Kind == string(OptionChoice), Retired: f.Retired}
	if o.Name == "" {
		wrong.Add("name", "Give the option a name, like Colour.")
	} else if !isOptionName(o.Name) {
		wrong.Add("name", "The name may have letters, digits, spaces, dashes and brackets, up to %d.", maxOptionName)
	}
	if problem := wrongText(o.Help, 300, false); problem != "" {
		wrong.Add("help", "The help %s.", problem)
	}
	if problem := wrongText(o.Unit, 12, false); problem != "" {
		wrong.Add("unit", "The unit %s.", problem)
	}
	o.Position = int(readWhole(f.Position, 0, 0, 9999, "position", wrong))
	switch o.Kind {
	case OptionChoice:
		o.Choices, o.Unit = readChoices(f.Choices, currency, wrong), ""
	case OptionNumber:
		o.Least = readWhole(f.Least, 0, -maxNumber, maxNumber, "least", wrong)
		o.Most = readWhole(f.Most, maxNumber, -maxNumber, maxNumber, "most", wrong)
		if o.Most < o.Least && wrong.Of("least") == "" && wrong.Of("most") == "" {
			wrong.Add("most", "The greatest number must not be below the least.")
		}
	case OptionText:
		o.Most, o.Unit = readWhole(f.Most, usualText, 1, maxOptionText, "most", wrong), ""
	case OptionFile:
		o.Unit = ""
	default:
		wrong.Add("kind", "Choose what is typed into it: a choice, a number, a text or a file.")
	}
	return o
}

// isOptionName keeps dots out: they divide the names of a form's fields.
func isOptionName(name string) bool {
	if wrongText(name, maxOptionName, false) != "" {
		return false
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune(" -()/&", r) {
			return false
		}
	}
	return true
}

func readWhole(typed string, otherwise, least, most int64, field string, wrong *fault.Fields) int64 {
	if typed = tidy(typed); typed == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || n < least || n > most {
		wrong.Add(field, "Give a whole number from %d to %d.", least, most)
		return otherwise
	}
	return n
}

func readChoices(list []ChoiceForm, currency string, wrong *fault.Fields) (choices []Choice) {
	seen := map[string]bool{}
	for i, c := range list {
		at := "choices." + strconv.Itoa(i) + "."
		value := tidy(c.Value)
		switch problem := wrongText(value, maxChoice, false); {
		case value == "":
			wrong.Add(at+"value", "Name what is chosen for this surcharge.")
		case problem != "":
			wrong.Add(at+"value", "The value %s.", problem)
		case seen[strings.ToLower(value)]:
			wrong.Add(at+"value", "%s stands twice in the list.", value)
		}
		seen[strings.ToLower(value)] = true
		surcharge := Money{0, currency}
		if typed := tidy(c.Surcharge); typed != "" {
			read, err := ParseMoney(typed, currency)
			if err != nil {
				wrong.Add(at+"surcharge", "%s", fault.Message(err))
			}
			surcharge.Minor = read.Minor
		}
		choices = append(choices, Choice{value, surcharge})
	}
	if len(choices) == 0 {
		wrong.Add("choices.0.value", "Name at least one value that can be chosen.")
	}
	if len(choices) > maxChoices {
		wrong.Add("choices", "An option has at most %d values.", maxChoices)
	}
	return choices
}

// among checks an option beside the others of its item.
func (o Option) among(all []Option, wrong *fault.Fields) error {
	known, inUse := o.ID == 0, 0
	for _, other := range all {
		switch {
		case other.ID == o.ID:
			known = true
		case other.Retired || o.Retired:
		default:
			inUse++
			if strings.EqualFold(other.Name, o.Name) {
				wrong.Add("name", "The item has an option %s already.", other.Name)
			}
			if other.Run && o.Run {
				wrong.Add("run", "%s is the item's sizes already.", other.Name)
			}
		}
	}
	if !known {
		return fault.New(fault.NotFound, "This item has no such option.")
	}
	if inUse >= maxOptions {
		wrong.Add("name", "An item has at most %d options.", maxOptions)
	}
	return nil
}

func (o *Option) store(ctx context.Context, tx *sql.Tx, at time.Time) (err error) {
	values := []any{o.Item, o.Name, o.Kind, o.Help, o.Required, o.Position, o.Least, o.Most, o.Unit, o.Run, o.Retired, at}
	if o.ID == 0 {
		err = tx.QueryRowContext(ctx, `
			insert into item_options (item_id, name, kind, help, required, position, least, most, unit, run, retired_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $11 then $12::timestamptz end) returning id`, values...).Scan(&o.ID)
	} else {
		_, err = tx.ExecContext(ctx, `
			update item_options set name = $2, kind = $3, help = $4, required = $5, position = $6, least = $7, most = $8, unit = $9, run = $10,
			       retired_at = case when $11 then coalesce(retired_at, $12::timestamptz) end
			where item_id = $1 and id = $13`, append(values, o.ID)...)
	}
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from option_choices where option_id = $1`, o.ID); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into option_choices (option_id, position, value, surcharge_minor, currency)
		select $1, c.position, c.value, c.surcharge, c.currency from unnest($2::text[], $3::bigint[], $4::text[]) with ordinality as c (value, surcharge, currency, position)`, o.ID,
		pg.Column(o.Choices, func(c Choice) string { return c.Value }), pg.Column(o.Choices, func(c Choice) int64 { return c.Surcharge.Minor }),
		pg.Column(o.Choices, func(c Choice) string { return c.Surcharge.Currency }))
	return err
}
