package studio

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// FlowID is a flow's row.
type FlowID int64

// ApprovalOf says how many of several proofs a customer must approve.
type ApprovalOf string

// The ways to approve several proofs.
const (
	OneOf ApprovalOf = "one" // the customer chooses one of them
	AllOf ApprovalOf = "all" // front and back
	AnyOf ApprovalOf = "any" // as many as are liked, at least one
)

// ApprovalsOf lists them.
var ApprovalsOf = []ApprovalOf{OneOf, AllOf, AnyOf}

// Making says where the pieces come from.
type Making string

// The ways to get pieces.
const (
	Shelf     Making = "shelf"
	Workshop  Making = "workshop" // made here
	ByPartner Making = "partner"  // printed by somebody else
)

// Flow says which steps a kind of product needs before it may be made.
type Flow struct {
	ID           FlowID
	Name         string
	Asks         string // what the customer sends: "Uploaded Images"; "" = no picture
	PictureCheck bool
	Art          bool
	ArtControl   bool
	Approval     bool
	ApprovalOf   ApprovalOf
	LeastPPI     int // pictures with less at the size of the print are refused; 0 = none are
	GoodPPI      int // with less they are warned about
	Making       Making
	Partner      PartnerID // who prints; 0 unless a partner does
	Straight     bool      // the partner sends to the customer; else to us
	PartnerName  string
	Retired      bool
	Items        int // that go this way
}

// Steps name what the flow does, in order.
func (f Flow) Steps() []string {
	var steps []string
	for _, s := range []struct {
		on   bool
		name string
	}{{f.Asks != "", "picture"}, {f.PictureCheck, "picture check"}, {f.Art, "art"}, {f.ArtControl, "art control"}, {f.Approval, "customer approval"}, {f.Making == Workshop, "workshop"}, {f.Making == ByPartner, f.PartnerName}} {
		if s.on {
			steps = append(steps, s.name)
		}
	}
	return steps
}

// Flows is every flow, those in use first.
func Flows(ctx context.Context, q pg.Querier) (_ []Flow, err error) {
	defer fault.Wrap(&err, "studio.Flows")
	return pg.Collect(func(f *Flow) []any {
		return []any{&f.ID, &f.Name, &f.Asks, &f.PictureCheck, &f.Art, &f.ArtControl, &f.Approval, &f.ApprovalOf, &f.LeastPPI, &f.GoodPPI, &f.Making, &f.Partner, &f.PartnerName, &f.Straight, &f.Retired, &f.Items}
	})(q.QueryContext(ctx, `
		select id, name, asks, image_check, art, art_control, approval, approval_of, least_ppi, good_ppi, making, coalesce(partner_id, 0),
		       coalesce((select p.name from partners p where p.id = flows.partner_id), ''), straight, retired_at is not null,
		       (select count(*) from custom_items c where c.flow_id = flows.id)
		from flows order by retired_at is not null, lower(name), id`))
}

// ReadFlow is one flow.
func ReadFlow(ctx context.Context, q pg.Querier, id FlowID) (Flow, error) {
	all, err := Flows(ctx, q)
	if err != nil {
		return Flow{}, err
	}
	for _, f := range all {
		if f.ID == id {
			return f, nil
		}
	}
	return Flow{}, fault.New(fault.NotFound, "There is no such flow.")
}

func (f *Flow) check() error {
	f.Name, f.Asks = tidy(f.Name), tidy(f.Asks)
	var wrong fault.Fields
	if problem := fault.WrongText(f.Name, 60, false); problem != "" {
		wrong.Add("name", "The name %s.", problem)
	} else if f.Name == "" {
		wrong.Add("name", "Give the flow a name, like Portraits.")
	}
	if problem := fault.WrongText(f.Asks, 60, false); problem != "" {
		wrong.Add("asks", "It %s.", problem)
	}
	if f.Asks == "" && !f.Art {
		wrong.Add("art", "Without a picture from the customer somebody must draw. Let an artist work on it, or say what the customer sends.")
	}
	if f.Asks == "" && f.PictureCheck {
		wrong.Add("picture_check", "There is no picture to check. Say what the customer sends.")
	}
	if f.ArtControl && !f.Art {
		wrong.Add("art_control", "Art control looks at an artist's work. Let an artist work on it first.")
	}
	if f.ApprovalOf == "" {
		f.ApprovalOf = OneOf
	}
	if f.ApprovalOf != OneOf && f.ApprovalOf != AllOf && f.ApprovalOf != AnyOf {
		wrong.Add("approval_of", "Choose how many proofs must be approved: one, all or any.")
	}
	if f.LeastPPI < 0 || f.LeastPPI > 2400 {
		wrong.Add("least_ppi", "Give 0 to 2400 pixels per inch.")
	}
	if f.GoodPPI < f.LeastPPI || f.GoodPPI > 2400 {
		wrong.Add("good_ppi", "Give a number from that of refused pictures to 2400.")
	}
	f.checkMaking(&wrong)
	return wrong.Err()
}

func (f *Flow) checkMaking(wrong *fault.Fields) {
	if f.Making == "" {
		f.Making = Shelf
	}
	switch f.Making {
	case ByPartner:
		if f.Partner == 0 {
			wrong.Add("partner", "Choose the partner who prints.")
		}
		return
	case Shelf, Workshop:
	default:
		wrong.Add("making", "Choose where the pieces come from: shelf, workshop or partner.")
	}
	f.Partner, f.Straight = 0, false
}

// SaveFlow makes a flow, or changes the one with its ID. Jobs under way keep the steps they began with.
func SaveFlow(ctx context.Context, tx *sql.Tx, f Flow, by staff.ID) (_ FlowID, err error) {
	defer fault.Wrap(&err, "studio.SaveFlow(%d)", f.ID)
	if err := f.check(); err != nil {
		return 0, err
	}
	var other FlowID
	err = tx.QueryRowContext(ctx, `select id from flows where lower(name) = lower($1) and id <> $2`, f.Name, f.ID).Scan(&other)
	if err == nil {
		return 0, fault.Fields{{Name: "name", Message: "There is a flow of that name already."}}
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	if err := printsFor(ctx, tx, f); err != nil {
		return 0, err
	}
	values := []any{f.Name, f.Asks, f.PictureCheck, f.Art, f.ArtControl, f.Approval, f.ApprovalOf, f.LeastPPI, f.GoodPPI, f.Making, f.Partner, f.Straight}
	if f.ID == 0 {
		err = tx.QueryRowContext(ctx, `
			insert into flows (name, asks, image_check, art, art_control, approval, approval_of, least_ppi, good_ppi, making, partner_id, straight)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11::bigint, 0), $12) returning id`, values...).Scan(&f.ID)
	} else {
		err = tx.QueryRowContext(ctx, `
			update flows set name = $1, asks = $2, image_check = $3, art = $4, art_control = $5, approval = $6, approval_of = $7, least_ppi = $8, good_ppi = $9,
				making = $10, partner_id = nullif($11::bigint, 0), straight = $12, retired_at = case when $13 then coalesce(retired_at, now()) end
			where id = $14 returning id`, append(values, f.Retired, f.ID)...).Scan(&f.ID)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "There is no such flow.")
	}
	if err != nil {
		return 0, err
	}
	return f.ID, staff.Audit(ctx, tx, by, "set a flow", f.Name, f)
}

// CustomItem is an item that is made for its customer.
type CustomItem struct {
	Item          inventory.ItemID
	SKU, Name     string
	Flow          FlowID
	FlowName      string
	Width, Height int    // of the print in mm; 0: no size
	Blank         string // SKU of what one piece is made of; "" = nothing we keep
	Instructions  string // to the workshop
}

// CustomItems is every item of a flow, by SKU; of all flows for 0.
func CustomItems(ctx context.Context, q pg.Querier, of FlowID) (_ []CustomItem, err error) {
	defer fault.Wrap(&err, "studio.CustomItems")
	return pg.Collect(func(c *CustomItem) []any {
		return []any{&c.Item, &c.SKU, &c.Name, &c.Flow, &c.FlowName, &c.Width, &c.Height, &c.Blank, &c.Instructions}
	})(q.QueryContext(ctx, `
		select i.id, i.sku, i.name, f.id, f.name, c.print_width_mm, c.print_height_mm, coalesce(b.sku, ''), c.instructions
		from custom_items c left join items b on b.id = c.blank_id join items i on i.id = c.item_id join flows f on f.id = c.flow_id
		where $1::bigint in (0, f.id) order by i.sku`, of))
}

const largest = 20_000 // mm of a print

// SetCustom lets the item of c.SKU go the way of c.Flow, from its next order on; flow 0 makes it an item like any other.
func SetCustom(ctx context.Context, tx *sql.Tx, c CustomItem, by staff.ID) (err error) {
	defer fault.Wrap(&err, "studio.SetCustom(%q)", short(c.SKU))
	c.SKU, c.Blank, c.Instructions = tidy(c.SKU), tidy(c.Blank), tidy(c.Instructions)
	var wrong fault.Fields
	item, err := itemOf(ctx, tx, "sku", c.SKU, &wrong)
	if err != nil {
		return err
	}
	blank := inventory.ItemID(0)
	if c.Blank != "" {
		if blank, err = itemOf(ctx, tx, "blank", c.Blank, &wrong); err != nil {
			return err
		}
	}
	if blank == item && blank != 0 {
		wrong.Add("blank", "An item is not made of itself. Name the blank that it is made of.")
	}
	if c.Width < 0 || c.Width > largest || c.Height < 0 || c.Height > largest || (c.Width == 0) != (c.Height == 0) {
		wrong.Add("width", "Give width and height of the print in millimetres, or neither.")
	}
	if problem := fault.WrongText(c.Instructions, maxWords, true); problem != "" {
		wrong.Add("instructions", "The instructions %s.", problem)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if c.Flow == 0 {
		_, err = tx.ExecContext(ctx, `delete from custom_items where item_id = $1`, item)
	} else {
		_, err = tx.ExecContext(ctx, `
			insert into custom_items (item_id, flow_id, print_width_mm, print_height_mm, blank_id, instructions) values ($1, $2, $3, $4, nullif($5::bigint, 0), $6)
			on conflict (item_id) do update set flow_id = excluded.flow_id, print_width_mm = excluded.print_width_mm, print_height_mm = excluded.print_height_mm,
				blank_id = excluded.blank_id, instructions = excluded.instructions`,
			item, c.Flow, c.Width, c.Height, blank, c.Instructions)
	}
	if err != nil {
		return err
	}
	return staff.Audit(ctx, tx, by, "set the flow of an item", c.SKU, c)
}

func itemOf(ctx context.Context, q pg.Querier, field, sku string, wrong *fault.Fields) (item inventory.ItemID, err error) {
	if problem := fault.WrongText(sku, 40, false); problem != "" {
		wrong.Add(field, "The SKU %s.", problem)
		return 0, nil
	}
	err = q.QueryRowContext(ctx, `select id from items where sku = $1`, sku).Scan(&item)
	if errors.Is(err, sql.ErrNoRows) {
		wrong.Add(field, "There is no item %q.", short(sku))
		return 0, nil
	}
	return item, err
}

// Settings is how the studio works.
type Settings struct {
	MostOpen    int // jobs that one artist has at a time, unless said otherwise for him
	RemindHours int // a proof is waited for before each reminder
	Reminders   int // then somebody calls
	LinkDays    int // that a mailed link to a proof works
}

// LoadSettings reads them.
func LoadSettings(ctx context.Context, q pg.Querier) (s Settings, err error) {
	defer fault.Wrap(&err, "studio.LoadSettings")
	err = q.QueryRowContext(ctx, `select most_open, remind_hours, reminders, link_days from studio_settings`).Scan(&s.MostOpen, &s.RemindHours, &s.Reminders, &s.LinkDays)
	return s, err
}

// SaveSettings checks and stores them, and hands out what an artist has room for now.
func SaveSettings(ctx context.Context, tx *sql.Tx, s Settings, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "studio.SaveSettings")
	var wrong fault.Fields
	for _, n := range []struct {
		name, says  string
		value       int
		least, most int
	}{{"most_open", "jobs", s.MostOpen, 1, 1000}, {"remind_hours", "hours", s.RemindHours, 1, 2160}, {"reminders", "reminders", s.Reminders, 0, 20}, {"link_days", "days", s.LinkDays, 1, 365}} {
		if n.value < n.least || n.value > n.most {
			wrong.Add(n.name, "Give %d to %d %s.", n.least, n.most, n.says)
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update studio_settings set most_open = $1, remind_hours = $2, reminders = $3, link_days = $4`,
		s.MostOpen, s.RemindHours, s.Reminders, s.LinkDays); err != nil {
		return err
	}
	if err := staff.Audit(ctx, tx, by, "set the studio", "", s); err != nil {
		return err
	}
	return handOut(ctx, tx, at)
}
