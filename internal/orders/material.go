package orders

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// Material is what a line is made of.
type Material struct {
	Made  bool   // for this order; else it comes from the shelf as it is
	Blank string // the name of what it is made of; "" = nothing we keep
}

// Agreed is what a customer has seen and said when he orders by himself.
type Agreed struct {
	Total   int64  // minor units
	Spec    string // of the specification he looked at
	Checked bool   // ticked by hand
}

// materials is what the lines of a draft are made of, and what names the whole specification; "" when nothing is made.
func (d Draft) materials(ctx context.Context, q pg.Querier) (list []Material, spec string, err error) {
	type row struct {
		item inventory.ItemID
		Material
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.item, &r.Blank} })(q.QueryContext(ctx, `
		select c.item_id, coalesce(b.name, '') from custom_items c left join items b on b.id = c.blank_id where c.item_id = any($1)`,
		pg.Column(d.Lines, func(l DraftLine) inventory.ItemID { return l.Item })))
	if err != nil {
		return nil, "", err
	}
	of := map[inventory.ItemID]Material{}
	for _, r := range rows {
		of[r.item] = Material{Made: true, Blank: r.Blank}
	}
	for _, l := range d.Lines {
		list = append(list, of[l.Item])
	}
	if len(rows) == 0 {
		return list, "", nil
	}
	return list, d.specification(list), nil
}

// specification names everything that a customer confirms: items, materials, what was chosen, quantities and prices.
func (d Draft) specification(materials []Material) string {
	type line struct {
		Name, Blank     string
		Quantity, Price int64
		Chosen          []string
	}
	lines := make([]line, len(d.Lines))
	for i, l := range d.Lines {
		lines[i] = line{l.SKU + " " + l.Name, materials[i].Blank, l.Quantity, l.Price, nil}
		for _, c := range l.Chosen {
			lines[i].Chosen = append(lines[i].Chosen, c.String()+c.file)
		}
	}
	text, err := json.Marshal(lines)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// confirmed refuses what is made for a customer who has not checked it as it is now. It tells whether anything is made.
func (a Agreed) confirmed(ctx context.Context, q pg.Querier, d Draft) (made bool, err error) {
	_, spec, err := d.materials(ctx, q)
	switch {
	case err != nil || spec == "":
		return false, err
	case a.Spec != spec:
		return true, fault.New(fault.Conflict, "What is made for you is not what you looked at any more. Check it again, then order.")
	case !a.Checked:
		return true, fault.Fields{{Name: "checked", Message: "Check what is made for you and tick that it is right, then order."}}
	}
	return true, nil
}

// keepChecked keeps who confirmed the specification of an order, and when.
func keepChecked(ctx context.Context, tx *sql.Tx, p Placed, as string, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `update orders set checked_at = $2, checked_as = $3 where id = $1`, p.ID, at, as); err != nil {
		return err
	}
	return tell(ctx, tx, 0, at, event{p.ID, "specification checked", "by " + as})
}
