package production

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
)

// ToolID is a tool's number; people see "TOOL-5".
type ToolID int64

// String is the number as people say it.
func (id ToolID) String() string { return "TOOL-" + strconv.FormatInt(int64(id), 10) }

// ParseTool reads "TOOL-5", "tool-5" or "5".
func ParseTool(text string) (ToolID, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "TOOL-"), 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.NotFound, "There is no such tool. Its number looks like TOOL-5.")
	}
	return ToolID(n), nil
}

// KindID is a kind of tool's row.
type KindID int64

// ToolKind is what some items may be made with: "Brass stamp".
type ToolKind struct {
	ID           KindID
	Name         string
	Price        int64 // once, minor unit of the house's currency, before tax
	Instructions string
	Retired      bool
	SKUs         []string // of the items that take it
}

// ToolKinds is every kind, those in use first.
func ToolKinds(ctx context.Context, q pg.Querier) (_ []ToolKind, err error) {
	defer fault.Wrap(&err, "production.ToolKinds")
	return pg.Collect(func(k *ToolKind) []any {
		return []any{&k.ID, &k.Name, &k.Price, &k.Instructions, &k.Retired, pg.Array(&k.SKUs)}
	})(q.QueryContext(ctx, `
		select id, name, price_minor, instructions, retired_at is not null,
		       array(select i.sku from item_tools t join items i on i.id = t.item_id where t.kind_id = tool_kinds.id order by i.sku)
		from tool_kinds order by retired_at is not null, lower(name)`))
}

const mostPrice = 100_000_000

// SaveKind makes a kind of tool, or changes the one with its ID, and says which items take it. Tools that exist keep what
// they cost. Mistakes are fault.Fields named name, price, instructions, skus.
func SaveKind(ctx context.Context, tx *sql.Tx, k ToolKind, by staff.ID) (_ KindID, err error) {
	defer fault.Wrap(&err, "production.SaveKind(%d)", k.ID)
	var wrong fault.Fields
	if problem := fault.WrongText(k.Name, 60, false); problem != "" || k.Name == "" {
		wrong.Add("name", "Give it a name of up to 60 characters, like Brass stamp.")
	}
	if k.Price < 0 || k.Price > mostPrice {
		wrong.Add("price", "Give a price, 0 if it is free.")
	}
	if problem := fault.WrongText(k.Instructions, 2000, true); problem != "" {
		wrong.Add("instructions", "The instructions %s.", problem)
	}
	items, err := pg.Values[int64](tx.QueryContext(ctx, `select id from items where sku = any($1)`, pg.Array(k.SKUs)))
	if err != nil {
		return 0, err
	}
	if len(items) != len(k.SKUs) {
		wrong.Add("skus", "One of these is no SKU, or stands twice. Write them as items have them, with commas between.")
	}
	var taken string
	if err := tx.QueryRowContext(ctx, `select coalesce((select name from tool_kinds where lower(name) = lower($1) and id <> $2), '')`, k.Name, k.ID).Scan(&taken); err != nil {
		return 0, err
	}
	if taken != "" {
		wrong.Add("name", "There is a tool of that name already.")
	}
	if err := wrong.Err(); err != nil {
		return 0, err
	}
	if k.ID == 0 {
		err = tx.QueryRowContext(ctx, `insert into tool_kinds (name, price_minor, instructions) values ($1, $2, $3) returning id`, k.Name, k.Price, k.Instructions).Scan(&k.ID)
	} else {
		err = tx.QueryRowContext(ctx, `
			update tool_kinds set name = $2, price_minor = $3, instructions = $4, retired_at = case when $5 then coalesce(retired_at, now()) end
			where id = $1 returning id`, k.ID, k.Name, k.Price, k.Instructions, k.Retired).Scan(&k.ID)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "There is no such kind of tool.")
	}
	if err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `delete from item_tools where kind_id = $1 and item_id <> all($2)`, k.ID, pg.Array(items)); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `insert into item_tools (item_id, kind_id) select unnest($2::bigint[]), $1 on conflict (item_id) do update set kind_id = excluded.kind_id`, k.ID, pg.Array(items)); err != nil {
		return 0, err
	}
	return k.ID, staff.Audit(ctx, tx, by, "set a kind of tool", k.Name, k)
}

// ToolState is how far a tool is.
type ToolState string

// The states of a tool.
const (
	ToolWanted    ToolState = "wanted"
	ToolBegun     ToolState = "begun"
	ToolMade      ToolState = "made" // and kept at its place
	ToolLost      ToolState = "lost"
	ToolBroken    ToolState = "broken"
	ToolRetired   ToolState = "retired"
	ToolCancelled ToolState = "cancelled"
)

// ToolEnds are the ways a tool comes to its end.
var ToolEnds = []ToolState{ToolLost, ToolBroken, ToolRetired}

// Tool is a customer's own.
type Tool struct {
	ID           ToolID
	Customer     int64
	CustomerName string
	Kind         KindID
	KindName     string
	Instructions string
	Document     string // the order that asked for it
	Charged      int64
	Hash         files.Hash // of the file it is made from; "" = none yet
	State        ToolState
	Place        string
	Created      time.Time
	Waiting      int64 // work orders that wait for it
}

// Live reports that the tool can be used, now or once it is made.
func (t Tool) Live() bool {
	return t.State == ToolWanted || t.State == ToolBegun || t.State == ToolMade
}

const toolColumns = `t.id, t.customer_id, c.name, t.kind_id, k.name, k.instructions, t.document, t.charged_minor, t.hash, t.state, t.place, t.created_at,
	(select count(*) from line_tools l join work_orders w on w.ref = l.ref where l.tool_id = t.id and w.state in ('open', 'started'))`

const toolSource = ` from tools t join customers c on c.id = t.customer_id join tool_kinds k on k.id = t.kind_id `

func (t *Tool) fields() []any {
	return []any{&t.ID, &t.Customer, &t.CustomerName, &t.Kind, &t.KindName, &t.Instructions, &t.Document, &t.Charged, &t.Hash, &t.State, &t.Place, &t.Created, &t.Waiting}
}

// Tools lists tools of a customer (0: of all), those to be made first.
func Tools(ctx context.Context, q pg.Querier, customer int64, limit int) (_ []Tool, err error) {
	defer fault.Wrap(&err, "production.Tools(%d)", customer)
	return pg.Collect((*Tool).fields)(q.QueryContext(ctx, `select `+toolColumns+toolSource+`
		where $1::bigint in (0, t.customer_id) order by array_position(array['wanted', 'begun', 'made'], t.state), t.id desc limit $2`, customer, limit))
}

// GetTool reads a tool.
func GetTool(ctx context.Context, q pg.Querier, id ToolID) (Tool, error) {
	return getTool(ctx, q, id, "")
}

func getTool(ctx context.Context, q pg.Querier, id ToolID, lock string) (t Tool, err error) {
	err = q.QueryRowContext(ctx, `select `+toolColumns+toolSource+`where t.id = $1`+lock, id).Scan(t.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no %s.", id)
	}
	return t, err
}

// ToolsOf is the kinds of tool that customers have, or are to get.
func ToolsOf(ctx context.Context, q pg.Querier, customers []int64) (map[int64]map[KindID]bool, error) {
	type row struct {
		customer int64
		kind     KindID
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.customer, &r.kind} })(q.QueryContext(ctx, `
		select customer_id, kind_id from tools where customer_id = any($1) and state in ('wanted', 'begun', 'made')`, pg.Array(customers)))
	has := map[int64]map[KindID]bool{}
	for _, r := range rows {
		if has[r.customer] == nil {
			has[r.customer] = map[KindID]bool{}
		}
		has[r.customer][r.kind] = true
	}
	return has, err
}

// UseTool lets a line of an order be made with its customer's tool of a kind, which is made for it, and charged to its
// order, if there is none. The caller holds the customer's lock.
func UseTool(ctx context.Context, tx *sql.Tx, ref, document string, customer int64, kind KindID, charge int64, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.UseTool(%s)", ref)
	var id ToolID
	err = tx.QueryRowContext(ctx, `
		insert into tools (customer_id, kind_id, document, charged_minor, created_at) values ($1, $2, $3, $4, $5)
		on conflict (customer_id, kind_id) where state in ('wanted', 'begun', 'made') do nothing returning id`, customer, kind, document, charge, at).Scan(&id)
	if err == nil {
		if err := told(ctx, tx, id, "asked", document, by, at); err != nil {
			return err
		}
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into line_tools (ref, tool_id) select $1, id from tools where customer_id = $2 and kind_id = $3 and state in ('wanted', 'begun', 'made')`, ref, customer, kind)
	return err
}

func told(ctx context.Context, tx *sql.Tx, id ToolID, what, detail string, by staff.ID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `insert into tool_events (tool_id, what, detail, staff_id, at) values ($1, $2, $3, nullif($4::bigint, 0), $5)`, id, what, detail, by, at)
	return err
}

// become brings a tool into another state, tells its story, and the orders that wait for it.
func (t Tool) become(ctx context.Context, tx *sql.Tx, s ToolState, place, detail string, by staff.ID, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `update tools set state = $2, place = $3 where id = $1`, t.ID, s, place); err != nil {
		return err
	}
	if err := told(ctx, tx, t.ID, string(s), detail, by, at); err != nil {
		return err
	}
	refs, err := pg.Values[string](tx.QueryContext(ctx, `select ref from line_tools where tool_id = $1 order by ref`, t.ID))
	if err != nil {
		return err
	}
	facts := make([]outbox.Fact, len(refs))
	for i, ref := range refs {
		facts[i] = changed(WorkOrder{Ref: ref})
	}
	return outbox.Put(ctx, tx, facts...)
}

// BeginTool says that somebody makes the tool now: its charge stays from here on.
func BeginTool(ctx context.Context, tx *sql.Tx, id ToolID, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.BeginTool(%d)", id)
	t, err := getTool(ctx, tx, id, ` for update of t`)
	if err != nil {
		return err
	}
	if t.State != ToolWanted {
		return fault.New(fault.Conflict, "%s is %s already.", id, t.State)
	}
	return t.become(ctx, tx, ToolBegun, "", "", by, at)
}

// KeepTool says that the tool is made and where it is kept, or that it is kept elsewhere now.
func KeepTool(ctx context.Context, tx *sql.Tx, id ToolID, place string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.KeepTool(%d)", id)
	t, err := getTool(ctx, tx, id, ` for update of t`)
	if err != nil {
		return err
	}
	place = strings.TrimSpace(place)
	if problem := fault.WrongText(place, 60, false); problem != "" || place == "" {
		return fault.Fields{{Name: "place", Message: "Say where it is kept in up to 60 characters."}}
	}
	if !t.Live() {
		return fault.New(fault.Conflict, "%s is %s.", id, t.State)
	}
	return t.become(ctx, tx, ToolMade, place, place, by, at)
}

// EndTool says that a made tool is lost, broken or not wanted any more. Again makes another one at once, which costs the
// customer nothing; else his next order of that kind is charged for one. While pieces wait for it, it is made again or stays.
func EndTool(ctx context.Context, tx *sql.Tx, id ToolID, how ToolState, again bool, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.EndTool(%d)", id)
	if how != ToolLost && how != ToolBroken && how != ToolRetired {
		return fault.Fields{{Name: "how", Message: "Say whether it is lost, broken or retired."}}
	}
	t, err := getTool(ctx, tx, id, ` for update of t`)
	switch {
	case err != nil:
		return err
	case t.State != ToolMade:
		return fault.New(fault.Conflict, "%s is %s. Only what was made can be %s.", id, t.State, how)
	case t.Waiting > 0 && !again:
		return fault.New(fault.Conflict, "%d work orders are made with %s. Have another one made at no charge, or finish them first.", t.Waiting, id)
	}
	if err := t.become(ctx, tx, how, t.Place, "", by, at); err != nil || !again {
		return err
	}
	var next ToolID
	if err := tx.QueryRowContext(ctx, `
		insert into tools (customer_id, kind_id, document, charged_minor, hash, created_at) values ($1, $2, $3, 0, $4, $5) returning id`,
		t.Customer, t.Kind, t.Document, t.Hash, at).Scan(&next); err != nil {
		return err
	}
	if err := told(ctx, tx, next, "asked", "in place of "+id.String(), by, at); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update line_tools l set tool_id = $2 where tool_id = $1 and not exists (select from work_orders w where w.ref = l.ref and w.state in ('finished', 'cancelled'))`, id, next)
	return err
}

// DropTools ends the tools that an order asked for and nobody began or else waits for, and answers what of their charge stays.
func DropTools(ctx context.Context, tx *sql.Tx, document string, at time.Time) (stays int64, err error) {
	defer fault.Wrap(&err, "production.DropTools(%q)", document)
	list, err := pg.Collect((*Tool).fields)(tx.QueryContext(ctx, `select `+toolColumns+toolSource+`where t.document = $1 and t.state <> 'cancelled' order by t.id for update of t`, document))
	if err != nil {
		return 0, err
	}
	for _, t := range list {
		var others bool
		if err := tx.QueryRowContext(ctx, `
			select exists (select from line_tools where tool_id = $1 and split_part(ref, '.', 1) <> $2
				and not exists (select from art_jobs j where j.ref = line_tools.ref and j.state = 'cancelled'))`, t.ID, document).Scan(&others); err != nil {
			return 0, err
		}
		if t.State != ToolWanted || others {
			stays += t.Charged
			continue
		}
		if err := t.become(ctx, tx, ToolCancelled, "", "the order was cancelled", 0, at); err != nil {
			return 0, err
		}
	}
	return stays, nil
}

// toolOf is the tool that a work order is made with, the zero one if none is.
func toolOf(ctx context.Context, q pg.Querier, ref string) (t Tool, err error) {
	err = q.QueryRowContext(ctx, `select `+toolColumns+toolSource+`join line_tools l on l.tool_id = t.id where l.ref = $1`, ref).Scan(t.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return t, err
}

// says is what whoever makes pieces has to know of their tool, "" without one.
func (t Tool) says() string {
	switch {
	case t.ID == 0:
		return ""
	case t.State == ToolMade:
		return fmt.Sprintf("Use %s, %s of %s. It is kept at %s.", t.ID, t.KindName, t.CustomerName, t.Place)
	}
	return fmt.Sprintf("Wait for the %s %s of %s: it is not made yet.", strings.ToLower(t.KindName), t.ID, t.CustomerName)
}

// ToolDeeds is the story of a tool, oldest first.
func ToolDeeds(ctx context.Context, q pg.Querier, id ToolID) (_ []Deed, err error) {
	defer fault.Wrap(&err, "production.ToolDeeds(%d)", id)
	return pg.Collect(func(d *Deed) []any { return []any{&d.What, &d.Detail, &d.By, &d.At} })(q.QueryContext(ctx, `
		select e.what, e.detail, coalesce(s.name, ''), e.at from tool_events e left join staff s on s.id = e.staff_id where e.tool_id = $1 order by e.id`, id))
}
