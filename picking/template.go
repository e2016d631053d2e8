package picking

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// TemplateID names a wave template.
type TemplateID int64

// Template is a wave that is released again and again: by hand, by a timetable, or so that a number of orders is always
// on the floor.
type Template struct {
	ID         TemplateID
	Warehouse  inventory.WarehouseID
	Name       string
	Filter     Filter
	Method     Method
	Limits     Limits
	Shortage   Shortage
	Search     time.Duration
	Days       []int64  // 1 is Monday
	Times      []string // of the day, "07:30"
	TimeZone   string   // "" is the warehouse's
	OnHolidays bool
	KeepOpen   int64 // keep so many orders on the floor; 0: not
	Sleeps     *time.Time
	Active     bool
	Version    int64 // as it was read
}

// Spec is what a release of the template asks for.
func (t Template) Spec() WaveSpec {
	return WaveSpec{Template: t.ID, Name: t.Name, Filter: t.Filter, Method: t.Method, Limits: t.Limits, Shortage: t.Shortage, Search: t.Search}
}

const templateColumns = `t.id, t.warehouse_id, t.name, t.filter, t.method, t.limits, t.shortage, t.search_ms, t.days,
	(select coalesce(array_agg(to_char(h, 'HH24:MI') order by h), '{}') from unnest(t.times) h), t.time_zone, t.on_holidays, t.keep_open, t.sleeps_until, t.active, t.version`

// fields scans a row; the two JSON columns and the search are set by scanned.
type templateRow struct {
	Template
	filter, limits []byte
	searchMS       int64
}

func (t *templateRow) fields() []any {
	return []any{&t.ID, &t.Warehouse, &t.Name, &t.filter, &t.Method, &t.limits, &t.Shortage, &t.searchMS, pg.Array(&t.Days), pg.Array(&t.Times),
		&t.TimeZone, &t.OnHolidays, &t.KeepOpen, &t.Sleeps, &t.Active, &t.Version}
}

func (t templateRow) read() (Template, error) {
	t.Search = time.Duration(t.searchMS) * time.Millisecond
	return t.Template, errors.Join(json.Unmarshal(t.filter, &t.Template.Filter), json.Unmarshal(t.limits, &t.Template.Limits))
}

func templates(rows *sql.Rows, err error) ([]Template, error) {
	found, err := pg.Collect((*templateRow).fields)(rows, err)
	if err != nil {
		return nil, err
	}
	all := make([]Template, len(found))
	for i, row := range found {
		if all[i], err = row.read(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Templates lists the wave templates of a warehouse by name, those in use first.
func Templates(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []Template, err error) {
	defer fault.Wrap(&err, "picking.Templates(%d)", warehouse)
	return templates(q.QueryContext(ctx, `select `+templateColumns+` from wave_templates t where t.warehouse_id = $1 order by t.active desc, t.name`, warehouse))
}

// TemplateByID reads a template of a warehouse.
func TemplateByID(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id TemplateID) (t Template, err error) {
	defer fault.Wrap(&err, "picking.TemplateByID(%d)", id)
	all, err := templates(q.QueryContext(ctx, `select `+templateColumns+` from wave_templates t where t.warehouse_id = $1 and t.id = $2`, warehouse, id))
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "There is no such wave template here.")
	}
	if err != nil {
		return t, err
	}
	return all[0], nil
}

const mostSearch = time.Minute

// CheckTemplate is the one validation of templates, for pages and API alike; mistakes are fault.Fields.
func CheckTemplate(t Template) (Template, error) {
	var bad fault.Fields
	t.Name = strings.TrimSpace(t.Name)
	if t.Name == "" || len([]rune(t.Name)) > 60 || strings.ContainsFunc(t.Name, func(r rune) bool { return r < ' ' }) {
		bad.Add("name", "Give the template a name of up to 60 characters.")
	}
	if err := t.Method.check(); err != nil {
		bad.Add("method", "%s", fault.Message(err))
	}
	if t.Shortage == "" {
		t.Shortage = LeaveOrders
	}
	if t.Shortage != LeaveOrders && t.Shortage != LeaveLines {
		bad.Add("shortage", "A shortage takes out the order or the lines that lack stock.")
	}
	if t.Search < 0 || t.Search > mostSearch {
		bad.Add("search", "Shorter walks are looked for during up to 60 seconds.")
	}
	if t.KeepOpen < 0 || t.KeepOpen > 10_000 {
		bad.Add("keep_open", "Up to 10,000 orders are kept on the floor; 0 is none.")
	}
	if t.KeepOpen > 0 && len(t.Times) > 0 {
		bad.Add("keep_open", "A template has a timetable or keeps orders on the floor, not both.")
	}
	t.checkTimes(&bad)
	t.Filter.check(&bad)
	t.Limits.check(&bad)
	return t, bad.Err()
}

func (t *Template) checkTimes(bad *fault.Fields) {
	slices.Sort(t.Days)
	t.Days = slices.Compact(t.Days)
	if len(t.Days) > 0 && (t.Days[0] < 1 || t.Days[len(t.Days)-1] > 7) {
		bad.Add("days", "Days go from 1, Monday, to 7, Sunday.")
	}
	for i, at := range t.Times {
		clock, err := time.Parse("15:04", strings.TrimSpace(at))
		if err != nil {
			bad.Add("times", "Write times of the day as 07:30, 12:00.")
			break
		}
		t.Times[i] = clock.Format("15:04")
	}
	slices.Sort(t.Times)
	t.Times = slices.Compact(t.Times)
	switch {
	case len(t.Times) > 96:
		bad.Add("times", "Name up to 96 times of the day.")
	case len(t.Times) > 0 && len(t.Days) == 0:
		bad.Add("days", "Choose the days on which it is released.")
	case len(t.Times) == 0 && len(t.Days) > 0:
		bad.Add("times", "Name the times of the day at which it is released.")
	}
	if t.TimeZone != "" {
		if _, err := time.LoadLocation(t.TimeZone); err != nil || t.TimeZone == "Local" {
			bad.Add("time_zone", "Name the time zone as Europe/London or UTC.")
		}
	}
}

// SaveTemplate stores a new template (id 0) or changes one. Somebody else's change in between is fault.Conflict. A
// timetable that is new or changed catches up nothing from before.
func SaveTemplate(ctx context.Context, tx *sql.Tx, t Template, who staff.ID) (_ TemplateID, err error) {
	defer fault.Wrap(&err, "picking.SaveTemplate(%d, %q)", t.ID, t.Name)
	if t, err = CheckTemplate(t); err != nil {
		return 0, err
	}
	filter, err := json.Marshal(t.Filter)
	if err != nil {
		return 0, err
	}
	limits, err := json.Marshal(t.Limits)
	if err != nil {
		return 0, err
	}
	var taken bool
	if err := tx.QueryRowContext(ctx, `select exists (select from wave_templates where warehouse_id = $1 and name = $2 and id <> $3)`,
		t.Warehouse, t.Name, t.ID).Scan(&taken); err != nil {
		return 0, err
	}
	if taken {
		return 0, fault.Fields{{Name: "name", Message: "There is a template of that name already. Choose another."}}
	}
	values := []any{t.Warehouse, t.Name, filter, t.Method, limits, t.Shortage, t.Search.Milliseconds(), pg.Array(append([]int64{}, t.Days...)),
		pg.Array(append([]string{}, t.Times...)), t.TimeZone, t.OnHolidays, t.KeepOpen, t.Active}
	if t.ID == 0 {
		err = tx.QueryRowContext(ctx, `
			insert into wave_templates (warehouse_id, name, filter, method, limits, shortage, search_ms, days, times, time_zone, on_holidays, keep_open, active)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text[]::time[], $10, $11, $12, $13)
			on conflict (warehouse_id, name) do nothing
			returning id`, values...).Scan(&t.ID)
	} else {
		err = tx.QueryRowContext(ctx, `
			update wave_templates set name = $2, filter = $3, method = $4, limits = $5, shortage = $6, search_ms = $7, days = $8, times = $9::text[]::time[],
				time_zone = $10, on_holidays = $11, keep_open = $12, active = $13, version = version + 1,
				since = case when (days, times, time_zone, active) is distinct from ($8::smallint[], $9::text[]::time[], $10, $13) then now() else since end
			where warehouse_id = $1 and id = $14 and version = $15
			returning id`, append(values, t.ID, t.Version)...).Scan(&t.ID)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.Conflict, "%s was changed by somebody else meanwhile. Load the page again.", t.Name)
	}
	if err != nil {
		return 0, err
	}
	return t.ID, staff.Audit(ctx, tx, who, "saved a wave template", t.Name, map[string]any{"id": t.ID})
}

// Sleep keeps a template from releasing anything by itself until then; nil wakes it.
func Sleep(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id TemplateID, until *time.Time, who staff.ID) (err error) {
	defer fault.Wrap(&err, "picking.Sleep(%d)", id)
	var name string
	err = tx.QueryRowContext(ctx, `
		update wave_templates set sleeps_until = $3, version = version + 1 where warehouse_id = $1 and id = $2 returning name`, warehouse, id, until).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no such wave template here.")
	}
	if err != nil {
		return err
	}
	return staff.Audit(ctx, tx, who, "put a wave template to sleep", name, map[string]any{"until": until})
}

// Holiday is a day on which timetables rest.
type Holiday struct {
	Day  time.Time
	Name string
}

// Holidays lists the holidays of a warehouse from a day on.
func Holidays(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, from time.Time) (_ []Holiday, err error) {
	defer fault.Wrap(&err, "picking.Holidays(%d)", warehouse)
	return pg.Collect(func(h *Holiday) []any { return []any{&h.Day, &h.Name} })(q.QueryContext(ctx, `
		select day, name from holidays where warehouse_id = $1 and day >= $2::date order by day`, warehouse, from.Format(time.DateOnly)))
}

// ReadHoliday reads a day and its name; from is today. The error says in a phrase what is wrong.
func ReadHoliday(date, name string, from time.Time) (Holiday, error) {
	day, err := time.Parse(time.DateOnly, date)
	name = strings.TrimSpace(name)
	switch {
	case err != nil || day.Year() > 2200:
		return Holiday{}, errors.New("begin with the date, as 2026-12-25 Christmas Day")
	case date < from.Format(time.DateOnly):
		return Holiday{}, fmt.Errorf("%s is over: leave it out", date)
	case len([]rune(name)) > 60:
		return Holiday{}, errors.New("the name is longer than 60 characters")
	}
	return Holiday{Day: day, Name: name}, nil
}

// SetHolidays replaces the holidays of a warehouse from a day on.
func SetHolidays(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, from time.Time, days []Holiday, who staff.ID) (err error) {
	defer fault.Wrap(&err, "picking.SetHolidays(%d)", warehouse)
	if len(days) > 400 {
		return fault.Fields{{Name: "holidays", Message: "Name up to 400 holidays."}}
	}
	if _, err := tx.ExecContext(ctx, `delete from holidays where warehouse_id = $1 and day >= $2::date`, warehouse, from.Format(time.DateOnly)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into holidays (warehouse_id, day, name) select $1, d::date, n from unnest($2::text[], $3::text[]) as h (d, n)
		on conflict (warehouse_id, day) do update set name = excluded.name`, warehouse,
		pg.Column(days, func(h Holiday) string { return h.Day.Format(time.DateOnly) }), pg.Column(days, func(h Holiday) string { return h.Name }))
	if err != nil {
		return err
	}
	return staff.Audit(ctx, tx, who, "changed the holidays", "holidays", map[string]any{"days": len(days)})
}
