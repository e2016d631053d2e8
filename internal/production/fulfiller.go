package production

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Fulfiller is somebody who hands work to partners, and how much is with him.
type Fulfiller struct {
	ID   staff.ID
	Name string
	Away bool
	With int // work orders that are not over
}

// Fulfillers is everybody of a warehouse who hands work to partners, the least loaded first.
func Fulfillers(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []Fulfiller, err error) {
	defer fault.Wrap(&err, "production.Fulfillers")
	return pg.Collect(func(f *Fulfiller) []any { return []any{&f.ID, &f.Name, &f.Away, &f.With} })(q.QueryContext(ctx, `
		select s.id, s.name, coalesce(f.away, false),
		       (select count(*) from work_orders w where w.fulfiller_id = s.id and w.partner_state in ('waiting', 'handed', 'accepted', 'sent')) as open
		from staff s left join fulfillers f on f.staff_id = s.id
		where s.active and s.warehouse_id = $1 and $2 = any(s.roles) order by open, s.id`, warehouse, staff.Fulfiller))
}

// deal gives what nobody has to whoever has least to do, the most urgent first; it takes what waits from those who left, or
// are away. Whoever holds the lock deals alone.
func deal(ctx context.Context, tx *sql.Tx, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtext('production.deal'))`); err != nil {
		return err
	}
	list, err := pg.Collect((*WorkOrder).fields)(tx.QueryContext(ctx, `
		select `+columns+source+`
		where w.partner_state in ('waiting', 'handed', 'accepted', 'sent') and (w.fulfiller_id is null
			or not (fs.active and fs.warehouse_id = w.warehouse_id and 'fulfiller' = any(fs.roles))
			or w.partner_state = 'waiting' and exists (select from fulfillers f where f.staff_id = fs.id and f.away))
		order by w.due, w.id for update of w skip locked`))
	if err != nil {
		return err
	}
	people := map[inventory.WarehouseID][]Fulfiller{}
	for _, w := range list {
		if _, read := people[w.Warehouse]; !read {
			if people[w.Warehouse], err = Fulfillers(ctx, tx, w.Warehouse); err != nil {
				return err
			}
		}
		free := idlest(people[w.Warehouse])
		if free == nil {
			if err := w.give(ctx, tx, Fulfiller{}, 0, at); err != nil {
				return err
			}
			continue
		}
		free.With++
		if err := w.give(ctx, tx, *free, 0, at); err != nil {
			return err
		}
	}
	return nil
}

// idlest is who has least to do and is here, nil when nobody is.
func idlest(list []Fulfiller) (best *Fulfiller) {
	for i := range list {
		if f := &list[i]; !f.Away && (best == nil || f.With < best.With) {
			best = f
		}
	}
	return best
}

// give lets a fulfiller have a work order, or nobody.
func (w WorkOrder) give(ctx context.Context, tx *sql.Tx, to Fulfiller, by staff.ID, at time.Time) error {
	if w.Fulfiller == to.ID {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `update work_orders set fulfiller_id = nullif($2::bigint, 0) where id = $1`, w.ID, to.ID); err != nil {
		return err
	}
	return w.happened(ctx, tx, "given", or(to.Name, "nobody: no fulfiller is here"), 0, by, at)
}

// HandOut looks whether somebody is there for what nobody has: people come, go, and change their roles.
func HandOut(ctx context.Context, tx *sql.Tx, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.HandOut")
	return deal(ctx, tx, at)
}

// Assign gives a work order to another fulfiller.
func Assign(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id ID, to, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.Assign(%d)", id)
	w, err := outside(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	if w.With == Over {
		return fault.New(fault.Conflict, "%s is %s. Nobody has anything to do with it.", w.ID, w.State)
	}
	list, err := Fulfillers(ctx, tx, warehouse)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.ID == to {
			return w.give(ctx, tx, f, by, at)
		}
	}
	return fault.Fields{{Name: "fulfiller", Message: "Choose one of the fulfillers."}}
}

// SetAway says whether a fulfiller is away: what waits with him goes to others then, and nothing new comes.
func SetAway(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, who staff.ID, away bool, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.SetAway(%d)", who)
	list, err := Fulfillers(ctx, tx, warehouse)
	if err != nil {
		return err
	}
	known := false
	for _, f := range list {
		known = known || f.ID == who
	}
	if !known {
		return fault.New(fault.NotFound, "There is no such fulfiller here.")
	}
	if _, err := tx.ExecContext(ctx, `insert into fulfillers (staff_id, away) values ($1, $2) on conflict (staff_id) do update set away = excluded.away`, who, away); err != nil {
		return err
	}
	if err := staff.Audit(ctx, tx, by, "set a fulfiller", "", map[string]any{"fulfiller": who, "away": away}); err != nil {
		return err
	}
	return deal(ctx, tx, at)
}

// Tab is a part of the fulfillers' queue.
type Tab string

// The tabs, in the order of the work.
const (
	ToHandOver  Tab = "to hand over"
	WithPartner Tab = "with the partner"
	OnTheirWay  Tab = "on their way"
	Done        Tab = "done"
)

// Tabs lists them.
var Tabs = []Tab{ToHandOver, WithPartner, OnTheirWay, Done}

// tabOf is the tab of a work order w.
const tabOf = `case w.partner_state when 'waiting' then 'to hand over' when 'sent' then 'on their way' when 'over' then 'done' else 'with the partner' end`

// Line is what stands in a tab.
type Line struct {
	Count, Late int64
	Oldest      time.Time // since when the oldest is there; zero: none
}

// lateWith is true of a work order w with its partner p that is late at $2; see Late.
const lateWith = `(w.due < $2 or w.partner_state in ('handed', 'accepted') and w.partner_since + p.days * interval '1 day' < $2)`

// Line counts the tabs of a warehouse, of one fulfiller or of all (0). What is done is counted for the last 30 days.
func Lines(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, of staff.ID, now time.Time) (_ map[Tab]Line, err error) {
	defer fault.Wrap(&err, "production.Lines(%d)", warehouse)
	type row struct {
		tab Tab
		Line
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.tab, &r.Count, &r.Late, &r.Oldest} })(q.QueryContext(ctx, `
		select `+tabOf+`, count(*), count(*) filter (where w.partner_state <> 'over' and `+lateWith+`), min(w.partner_since)
		from work_orders w join partners p on p.id = w.partner_id
		where w.warehouse_id = $1 and $3::bigint in (0, w.fulfiller_id) and (w.partner_state <> 'over' or w.partner_since > $2::timestamptz - interval '30 days')
		group by 1`, warehouse, now, of))
	lines := map[Tab]Line{}
	for _, r := range rows {
		lines[r.tab] = r.Line
	}
	return lines, err
}

// Outside says which work orders of partners a list shows.
type Outside struct {
	Warehouse inventory.WarehouseID
	Tab       Tab      // "" = all that are not over
	Of        staff.ID // 0: of everybody
	After     ID
	Limit     int
}

// ListOutside shows work orders of partners, the most urgent first; those that are over the newest first.
func ListOutside(ctx context.Context, q pg.Querier, f Outside) (_ []WorkOrder, err error) {
	defer fault.Wrap(&err, "production.ListOutside")
	order, after := `w.due, w.id`, `(w.due, w.id) > (select due, id from work_orders where id = $4)`
	if f.Tab == Done {
		order, after = `w.id desc`, `w.id < $4`
	}
	return pg.Collect((*WorkOrder).fields)(q.QueryContext(ctx, `
		select `+columns+source+`
		where w.warehouse_id = $1 and w.partner_id is not null and (`+tabOf+` = $2 or $2 = '' and w.partner_state <> 'over')
		  and $3::bigint in (0, w.fulfiller_id) and ($4 = 0 or `+after+`)
		order by `+order+` limit $5`, f.Warehouse, f.Tab, f.Of, f.After, f.Limit))
}

// Deed is one line of the story of a work order with its partner.
type Deed struct {
	What, Detail string
	Pieces       int64
	By           string // "" = nobody: the program
	At           time.Time
}

// Deeds is the story, oldest first.
func Deeds(ctx context.Context, q pg.Querier, id ID) (_ []Deed, err error) {
	defer fault.Wrap(&err, "production.Deeds(%d)", id)
	return pg.Collect(func(d *Deed) []any { return []any{&d.What, &d.Detail, &d.Pieces, &d.By, &d.At} })(q.QueryContext(ctx, `
		select e.what, e.detail, e.pieces, coalesce(s.name, ''), e.at from partner_events e left join staff s on s.id = e.staff_id
		where e.work_order_id = $1 order by e.id`, id))
}
