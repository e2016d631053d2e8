package orders

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// DesignID names a design.
type DesignID int64

// Design is a ready-made start of an order: an item with what is chosen of it, and a picture of how that looks.
type Design struct {
	ID      DesignID
	Name    string
	Item    inventory.ItemID
	SKU     string
	Product string     // the item's name
	Preview files.Hash // of a JPEG of our own
	Options map[string]string
	Retired bool
}

// Line is the line of an order form that begins with the design.
func (d Design) Line() FormLine { return FormLine{SKU: d.SKU, Quantity: "1", Options: d.Options} }

// DesignForm is a design as typed.
type DesignForm struct {
	Name    string            `form:"name,max=80" label:"The name"`
	SKU     string            `form:"sku,max=40" label:"The SKU"`
	Retired bool              `form:"retired"`
	Options map[string]string `form:"options,max=1000,lines"`
	Preview files.Hash        // of its picture
}

// Designs is every design, those in use first; customers see only those whose item can be ordered.
func Designs(ctx context.Context, q pg.Querier) (_ []Design, err error) {
	defer fault.Wrap(&err, "orders.Designs")
	return readDesigns(ctx, q, `true`)
}

// Gallery is the designs that customers may begin an order with: in use, of an item that has a price.
func Gallery(ctx context.Context, q pg.Querier) (_ []Design, err error) {
	defer fault.Wrap(&err, "orders.Gallery")
	return readDesigns(ctx, q, offered)
}

// offered is the SQL of a design d of an item i that a customer may order.
const offered = `d.retired_at is null and i.active and exists (
	select from prices p join settings s on s.currency = p.currency where p.item_id = i.id)`

// GalleryDesign is one of Gallery; any other is NotFound.
func GalleryDesign(ctx context.Context, q pg.Querier, id DesignID) (Design, error) {
	return oneDesign(ctx, q, offered+` and d.id = $1`, id)
}

// ReadDesign is one design.
func ReadDesign(ctx context.Context, q pg.Querier, id DesignID) (Design, error) {
	return oneDesign(ctx, q, `d.id = $1`, id)
}

func oneDesign(ctx context.Context, q pg.Querier, where string, id DesignID) (_ Design, err error) {
	defer fault.Wrap(&err, "orders.oneDesign(%d)", id)
	list, err := readDesigns(ctx, q, where, id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "There is no such design.")
	}
	if err != nil {
		return Design{}, err
	}
	return list[0], nil
}

func readDesigns(ctx context.Context, q pg.Querier, where string, args ...any) ([]Design, error) {
	list, err := pg.Collect(func(d *Design) []any {
		return []any{&d.ID, &d.Name, &d.Item, &d.SKU, &d.Product, &d.Preview, &d.Retired}
	})(q.QueryContext(ctx, `
		select d.id, d.name, d.item_id, i.sku, i.name, d.preview, d.retired_at is not null
		from designs d join items i on i.id = d.item_id where `+where+` order by d.retired_at is not null, lower(d.name), d.id`, args...))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	type row struct {
		design      DesignID
		name, value string
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.design, &r.name, &r.value} })(q.QueryContext(ctx, `
		select design_id, name, value from design_options where design_id = any($1)`, pg.Column(list, func(d Design) DesignID { return d.ID })))
	options := map[DesignID]map[string]string{}
	for _, r := range rows {
		if options[r.design] == nil {
			options[r.design] = map[string]string{}
		}
		options[r.design][r.name] = r.value
	}
	for i := range list {
		list[i].Options = options[list[i].ID]
	}
	return list, err
}

// SaveDesign adds a design (id 0) or changes one. What is wrong with a preset is named like its field: "options.Colour".
func SaveDesign(ctx context.Context, tx *sql.Tx, id DesignID, f DesignForm, by staff.ID, at time.Time) (_ DesignID, err error) {
	defer fault.Wrap(&err, "orders.SaveDesign(%d)", id)
	f.Name, f.SKU = tidy(f.Name), tidy(f.SKU)
	f.Options = FormLine{Options: f.Options}.tidied().Options
	var wrong fault.Fields
	if f.Name == "" {
		wrong.Add("name", "Give the design a name.")
	} else if problem := wrongText(f.Name, 80, false); problem != "" {
		wrong.Add("name", "The name %s.", problem)
	} else if err := f.alone(ctx, tx, id, &wrong); err != nil {
		return 0, err
	}
	if f.Preview == "" {
		wrong.Add("picture", "Choose a picture of the design.")
	}
	item, err := f.presets(ctx, tx, &wrong)
	if err != nil {
		return 0, err
	}
	if err := wrong.Err(); err != nil {
		return 0, err
	}
	if id, err = f.store(ctx, tx, id, item, at); err != nil {
		return 0, err
	}
	return id, staff.Audit(ctx, tx, by, "set a design", f.Name, map[string]any{"sku": f.SKU, "retired": f.Retired})
}

// alone checks that no other design in use has the name.
func (f DesignForm) alone(ctx context.Context, tx *sql.Tx, id DesignID, wrong *fault.Fields) error {
	var others int
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtext('designs'))`); err != nil {
		return err
	}
	err := tx.QueryRowContext(ctx, `select count(*) from designs where lower(name) = lower($1) and id <> $2 and retired_at is null`, f.Name, id).Scan(&others)
	if others > 0 && !f.Retired {
		wrong.Add("name", "There is a design of that name already.")
	}
	return err
}

// presets checks what the design chooses of its item; what is left open the customer chooses.
func (f DesignForm) presets(ctx context.Context, q pg.Querier, wrong *fault.Fields) (inventory.ItemID, error) {
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return 0, err
	}
	items, err := itemsOf(ctx, q, settings.Currency, askable(map[string]bool{f.SKU: true}))
	if err != nil {
		return 0, err
	}
	item, known := items[f.SKU]
	if !known || !item.active {
		wrong.Add("sku", "No item in use has the SKU %q.", short(f.SKU))
		return 0, nil
	}
	b := &book{settings: settings}
	if b.options, err = OptionsOf(ctx, q, item.id); err != nil {
		return 0, err
	}
	left := FormLine{Options: f.Options}.tidied().Options
	for _, o := range b.options[item.id] {
		typed := left[o.Name]
		delete(left, o.Name)
		if typed == "" {
			continue
		}
		if o.Kind == OptionFile {
			wrong.Add("options."+o.Name, "%s is the customer's own: a design leaves it open.", o.Name)
		} else if _, problem := b.choose(o, typed); problem != "" {
			wrong.Add("options."+o.Name, "%s", problem)
		}
	}
	for _, name := range sortedKeys(left) {
		wrong.Add("options."+short(name), "%s has no option %q.", f.SKU, short(name))
	}
	return item.id, nil
}

func (f DesignForm) store(ctx context.Context, tx *sql.Tx, id DesignID, item inventory.ItemID, at time.Time) (DesignID, error) {
	values := []any{f.Name, item, f.Preview, f.Retired, at}
	var err error
	if id == 0 {
		err = tx.QueryRowContext(ctx, `
			insert into designs (name, item_id, preview, retired_at, made_at) values ($1, $2, $3, case when $4 then $5::timestamptz end, $5) returning id`, values...).Scan(&id)
	} else {
		err = tx.QueryRowContext(ctx, `
			update designs set name = $1, item_id = $2, preview = $3, retired_at = case when $4 then coalesce(retired_at, $5::timestamptz) end where id = $6 returning id`,
			append(values, id)...).Scan(&id)
	}
	if err == sql.ErrNoRows {
		return 0, fault.New(fault.NotFound, "There is no such design.")
	}
	if err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `delete from design_options where design_id = $1`, id); err != nil {
		return 0, err
	}
	names := sortedKeys(f.Options)
	_, err = tx.ExecContext(ctx, `insert into design_options (design_id, name, value) select $1, o.name, o.value from unnest($2::text[], $3::text[]) as o (name, value)`,
		id, pg.Array(names), pg.Column(names, func(n string) string { return f.Options[n] }))
	return id, err
}
