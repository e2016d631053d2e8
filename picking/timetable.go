package picking

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Slot is a moment at which a template is to be released.
type Slot struct {
	Template Template
	At       time.Time
	Missed   int   // slots before it that passed while nobody looked; this one stands for them
	Orders   int64 // no more than these, to keep so many on the floor; 0: as the template says
}

// farBack is how old a missed slot may be to be caught up.
const farBack = 24 * time.Hour

// timetabled is a template with what its timetable needs to know.
type timetabled struct {
	templateRow
	zone     string
	last     sql.NullTime // the last slot that ran
	since    time.Time
	holidays []string
	open     int64 // orders of its waves that are on lists now
}

// Due are the slots that are to be released now: of each template the last one that passed since it ran, and one for
// each template that keeps orders on the floor and has room. Whether this process releases it is settled by Claim.
func Due(ctx context.Context, q pg.Querier, now time.Time) (slots []Slot, err error) {
	defer fault.Wrap(&err, "picking.Due()")
	all, err := pg.Collect(func(t *timetabled) []any {
		return append(t.fields(), &t.zone, &t.last, &t.since, pg.Array(&t.holidays), &t.open)
	})(q.QueryContext(ctx, `
		select `+templateColumns+`, case t.time_zone when '' then w.time_zone else t.time_zone end,
			(select max(slot) from wave_slots where template_id = t.id), t.since,
			array(select day::text from holidays where warehouse_id = t.warehouse_id and day >= $1::timestamptz - interval '2 days'),
			case when t.keep_open = 0 then 0 else (
				select count(*) from demands d
				where d.warehouse_id = t.warehouse_id and d.state = 'listed' and exists (
					select from wave_demands o join waves v on v.id = o.wave_id where o.demand_id = d.id and v.template_id = t.id)) end
		from wave_templates t join warehouses w on w.id = t.warehouse_id
		where t.active and (cardinality(t.times) > 0 or t.keep_open > 0) and (t.sleeps_until is null or t.sleeps_until <= $1)
		order by t.id`, now))
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if t.Template, err = t.read(); err != nil {
			return nil, err
		}
		if s, due := t.due(now); due {
			slots = append(slots, s)
		}
		if room := t.KeepOpen - t.open; t.KeepOpen > 0 && 4*room >= t.KeepOpen {
			slots = append(slots, Slot{Template: t.Template, At: now.Truncate(time.Minute), Orders: room})
		}
	}
	return slots, nil
}

// due is the last slot that passed and did not run.
func (t timetabled) due(now time.Time) (s Slot, due bool) {
	zone, err := time.LoadLocation(t.zone)
	if err != nil {
		zone = time.UTC // checked when it was saved; a zone that vanished from the machine must not stop the others
	}
	after := now.Add(-farBack)
	for _, bound := range []time.Time{t.since, t.last.Time} {
		if bound.After(after) {
			after = bound
		}
	}
	passed := t.between(after, now, zone)
	if len(passed) == 0 {
		return Slot{}, false
	}
	return Slot{Template: t.Template, At: passed[len(passed)-1], Missed: len(passed) - 1}, true
}

// between are the slots after one moment up to another, in order. A time of the day that a change of the clocks leaves
// out is an hour later that day, and one that comes twice is meant once.
func (t timetabled) between(after, upTo time.Time, zone *time.Location) (slots []time.Time) {
	first := after.In(zone)
	for day := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone); !day.After(upTo); day = day.AddDate(0, 0, 1) {
		weekday := (int64(day.Weekday())+6)%7 + 1
		if !slices.Contains(t.Days, weekday) || !t.OnHolidays && slices.Contains(t.holidays, day.Format(time.DateOnly)) {
			continue
		}
		for _, at := range t.Times {
			clock, err := time.Parse("15:04", at)
			if err != nil {
				continue // checked when it was saved
			}
			slot := time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, zone)
			if slot.After(after) && !slot.After(upTo) {
				slots = append(slots, slot.UTC())
			}
		}
	}
	slices.SortFunc(slots, time.Time.Compare)
	return slots
}

// Next is when a template is released by its timetable next, zero if never within a fortnight.
func (t Template) Next(now time.Time, zone string, holidays []Holiday) time.Time {
	if !t.Active || len(t.Times) == 0 {
		return time.Time{}
	}
	if t.TimeZone != "" {
		zone = t.TimeZone
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		return time.Time{}
	}
	table := timetabled{templateRow: templateRow{Template: t}}
	for _, h := range holidays {
		table.holidays = append(table.holidays, h.Day.Format(time.DateOnly))
	}
	if t.Sleeps != nil && t.Sleeps.After(now) {
		now = *t.Sleeps
	}
	if slots := table.between(now, now.AddDate(0, 0, 14), place); len(slots) > 0 {
		return slots[0]
	}
	return time.Time{}
}

// Claim takes a slot for this transaction. False: another process has it, or had it.
func Claim(ctx context.Context, tx *sql.Tx, s Slot, at time.Time) (ours bool, err error) {
	defer fault.Wrap(&err, "picking.Claim(%d, %s)", s.Template.ID, s.At)
	err = tx.QueryRowContext(ctx, `
		insert into wave_slots (template_id, slot, ran_at) values ($1, $2, $3)
		on conflict (template_id, slot) do nothing
		returning true`, s.Template.ID, s.At, at).Scan(&ours)
	return ours, orNone(err)
}

// ReleaseSlot releases a slot that was drawn, if it is this process that does: the claim and the wave are one
// transaction. A wave with nothing in it is no wave; the slot ran all the same.
func ReleaseSlot(ctx context.Context, tx *sql.Tx, slot Slot, s *Sketch, at time.Time) (wave WaveID, err error) {
	defer fault.Wrap(&err, "picking.ReleaseSlot(%d, %s)", slot.Template.ID, slot.At)
	if ours, err := Claim(ctx, tx, slot, at); err != nil || !ours {
		return 0, err
	}
	wave, err = Release(ctx, tx, slot.Template.Warehouse, s, 0, at)
	note := ""
	if errors.Is(err, fault.Conflict) {
		note, err = "nothing to release", nil
	}
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		update wave_slots set wave_id = nullif($3::bigint, 0), note = $4 where template_id = $1 and slot = $2`, slot.Template.ID, slot.At, wave, note)
	return wave, err
}

// Spec is what the slot asks for.
func (s Slot) Spec() WaveSpec {
	spec := s.Template.Spec()
	if s.Orders > 0 && (spec.Limits.Orders == 0 || s.Orders < spec.Limits.Orders) {
		spec.Limits.Orders = s.Orders
	}
	return spec
}
