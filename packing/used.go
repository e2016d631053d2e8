package packing

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/picking"
)

// Wanted is a material that the carton on the bench is to be packed with.
type Wanted struct {
	Item     inventory.ItemID
	SKU      string
	Name     string
	Proposed int64 // for what lies in the carton now
	Used     int64 // as the packer said, else as proposed
	Why      []Why
}

// Why is who wants a material.
type Why struct {
	Of   string // the item or the box; "" is whoever asked for the demand
	Note string
}

// Used is a material that a closed carton was packed with; Short is what the books could not give of it.
type Used struct {
	SKU   string
	Name  string
	Used  int64
	Short int64
}

// reasonsOf is who wants which material for the carton k, a row for each. What is wanted for each unit adds up; of what is
// wanted once in a carton by several, the most is enough for all.
const reasonsOf = `
	select m.material_id, m.per = 'unit' as each, m.quantity * case m.per when 'unit' then c.units else 1 end as quantity, i.name as of, m.note
	from (select item_id, sum(quantity) as units from carton_lines where carton_id = k.id and quantity > 0 group by item_id) c
	join item_materials m on m.item_id = c.item_id join items i on i.id = c.item_id
	union all
	select m.material_id, false, m.quantity, '', m.note from demand_materials m where m.demand_id = k.demand_id
	union all
	select b.material_id, false, 1, b.name, '' from carton_types b where b.id = k.type_id and b.material_id is not null`

// wantedOf is the sum of them, with what the packer said.
const wantedOf = `
	select r.material_id, least(coalesce(sum(r.quantity) filter (where r.each), 0) + coalesce(max(r.quantity) filter (where not r.each), 0), 100000)::bigint as proposed,
		(select u.used from carton_materials u where u.carton_id = k.id and u.material_id = r.material_id) as said
	from (` + reasonsOf + `) r group by r.material_id`

// materialGrams is what the materials of the carton k weigh; the box t is weighed as a box.
const materialGrams = `coalesce((
	select sum(greatest(0, coalesce(w.said, w.proposed) - case when w.material_id = t.material_id then 1 else 0 end) * i.weight_g)
	from (` + wantedOf + `) w join items i on i.id = w.material_id), 0)::bigint`

// WantedAt is what the carton on a demand's bench is to be packed with; before there is one, what is wanted in each.
func WantedAt(ctx context.Context, q pg.Querier, ref string) (_ []Wanted, err error) {
	defer fault.Wrap(&err, "packing.WantedAt(%s)", ref)
	const at = `(
		select coalesce(k.id, 0) as id, d.id as demand_id, k.type_id
		from demands d left join cartons k on k.demand_id = d.id and k.state = 'open'
		where d.ref = $1 and d.state <> 'packed' and d.state <> 'shipped' and d.state <> 'cancelled') k`
	all, err := pg.Collect(func(w *Wanted) []any { return []any{&w.Item, &w.SKU, &w.Name, &w.Proposed, &w.Used} })(q.QueryContext(ctx, `
		select w.material_id, i.sku, i.name, w.proposed, coalesce(w.said, w.proposed)
		from `+at+` cross join lateral (`+wantedOf+`) w join items i on i.id = w.material_id
		order by i.name, i.sku`, ref))
	if err != nil || len(all) == 0 {
		return all, err
	}
	type row struct {
		item inventory.ItemID
		Why
	}
	whys, err := pg.Collect(func(r *row) []any { return []any{&r.item, &r.Of, &r.Note} })(q.QueryContext(ctx, `
		select r.material_id, r.of, r.note from `+at+` cross join lateral (`+reasonsOf+`) r order by r.of, r.note`, ref))
	for i := range all {
		for _, w := range whys {
			if w.item == all[i].Item {
				all[i].Why = append(all[i].Why, w.Why)
			}
		}
	}
	return all, err
}

// SayUsed is the packer's word on what the open carton is packed with, kept until something is put into it or taken out. It says
// nothing of materials that are not wanted there, and nothing of a carton that is not open any more. Mistakes are
// fault.Fields named by the materials' SKUs.
func SayUsed(ctx context.Context, tx *sql.Tx, ref string, carton CartonID, used map[string]int64) (err error) {
	defer fault.Wrap(&err, "packing.SayUsed(%s)", ref)
	if _, err := picking.Lock(ctx, tx, ref); err != nil {
		return err
	}
	wanted, err := WantedAt(ctx, tx, ref)
	if err != nil {
		return err
	}
	var bad fault.Fields
	var items []inventory.ItemID
	var numbers []int64
	for _, w := range wanted {
		n, said := used[w.SKU]
		if said && (n < 0 || n > mostUsed) {
			bad.Add(w.SKU, "Of %s a carton takes from 0 to %d.", w.Name, mostUsed)
		}
		if said {
			items, numbers = append(items, w.Item), append(numbers, n)
		}
	}
	if err := bad.Err(); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into carton_materials (carton_id, material_id, used)
		select k.id, m.material_id, m.used
		from cartons k, unnest($3::bigint[], $4::bigint[]) m (material_id, used)
		where k.id = $1 and k.ref = $2 and k.state = 'open'
		on conflict (carton_id, material_id) do update set used = excluded.used`, carton, ref, pg.Array(items), pg.Array(numbers))
	return err
}

// useUp books what the open carton was packed with: out of where it lies, to the customer with whom it travels. What the books
// cannot give is short and stops nobody; the bin that should have had it is to be counted. The answer is a sentence
// about it, "" when nothing was short.
func (b *bench) useUp(ctx context.Context, tx *sql.Tx, s scan.Scan) (string, error) {
	wanted, err := WantedAt(ctx, tx, b.Ref)
	if err != nil || len(wanted) == 0 {
		return "", err
	}
	var uses []inventory.Usage
	for _, w := range wanted {
		if w.Used > 0 {
			uses = append(uses, inventory.Usage{Item: w.Item, Quantity: w.Used})
		}
	}
	taken, err := b.consume(ctx, tx, s, uses)
	if err != nil {
		return "", err
	}
	short := map[inventory.ItemID]int64{}
	for _, t := range taken {
		short[t.Item] = t.Short
		if t.Doubt == 0 {
			continue
		}
		if err := inventory.AskCount(ctx, tx, inventory.CountRequest{Warehouse: b.warehouse, Location: t.Doubt, Item: t.Item,
			Reason: "packing material", Ref: b.carton.String(), Staff: s.Staff, At: s.At}); err != nil {
			return "", err
		}
	}
	if _, err := tx.ExecContext(ctx, `delete from carton_materials where carton_id = $1`, b.carton); err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `
		insert into carton_materials (carton_id, material_id, used, short)
		select $1, * from unnest($2::bigint[], $3::bigint[], $4::bigint[])`, b.carton,
		pg.Column(wanted, func(w Wanted) inventory.ItemID { return w.Item }),
		pg.Column(wanted, func(w Wanted) int64 { return w.Used }),
		pg.Column(wanted, func(w Wanted) int64 { return short[w.Item] }))
	return lacking(wanted, short), err
}

func (b *bench) consume(ctx context.Context, tx *sql.Tx, s scan.Scan, uses []inventory.Usage) ([]inventory.Taken, error) {
	if len(uses) == 0 {
		return nil, nil
	}
	customer, err := inventory.Standing(ctx, tx, b.warehouse, inventory.Customer)
	if err != nil {
		return nil, err
	}
	var near inventory.LocationID
	if err := tx.QueryRowContext(ctx, `select coalesce((select location_id from stations where id = $1), 0)`, s.Station).Scan(&near); err != nil {
		return nil, err
	}
	return inventory.Consume(ctx, tx, near, uses, picking.PlannedAt, inventory.Movement{Warehouse: b.warehouse, To: customer,
		Reason: inventory.ReasonPack, Ref: b.carton.String(), Note: b.Ref, Staff: s.Staff, Station: s.Station, Scan: s.Key, At: s.At})
}

// lacking says what the books had not enough of.
func lacking(wanted []Wanted, short map[inventory.ItemID]int64) string {
	var words []string
	for _, w := range wanted {
		if n := short[w.Item]; n > 0 {
			words = append(words, fmt.Sprintf("%d × %s", n, w.Name))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return " The books were short of " + strings.Join(words, ", ") + "."
}

// putBackMaterials mirrors what closing a carton took: it lies again where it came from.
func putBackMaterials(ctx context.Context, tx *sql.Tx, id CartonID, s scan.Scan, leg int16) error {
	closing, err := pg.Values[scan.Key](tx.QueryContext(ctx, `
		select distinct m.scan from movements m join locations t on t.id = m.to_id and t.kind = 'customer'
		where m.ref = $1 and m.reason = 'pack'`, id.String()))
	if err != nil || len(closing) == 0 {
		return err
	}
	return inventory.Reverse(ctx, tx, closing[0], inventory.Movement{Staff: s.Staff, Station: s.Station, Scan: s.Key, Leg: leg, At: s.At})
}

// usedOf reads what closed cartons of a demand were packed with, by carton.
func usedOf(ctx context.Context, q pg.Querier, ref string) (map[CartonID][]Used, error) {
	type row struct {
		carton CartonID
		Used
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.carton, &r.SKU, &r.Name, &r.Used.Used, &r.Short} })(q.QueryContext(ctx, `
		select m.carton_id, i.sku, i.name, m.used, m.short
		from cartons k join carton_materials m on m.carton_id = k.id join items i on i.id = m.material_id
		where k.ref = $1 and k.state <> 'open' and m.used > 0
		order by m.carton_id, i.name, i.sku`, ref))
	all := map[CartonID][]Used{}
	for _, r := range rows {
		all[r.carton] = append(all[r.carton], r.Used)
	}
	return all, err
}
