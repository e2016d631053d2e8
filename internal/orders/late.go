package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/inventory"
)

// slipping is an order that is with a department and due there soon, or over.
type slipping struct {
	id         ID
	number     Number
	stage      Stage
	department Department
	due        time.Time
	promised   time.Time
	expected   sql.NullTime
	warned     bool
}

// slips reads the orders of a warehouse whose turn is due before a moment, locked, by number.
func slips(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, before time.Time) ([]slipping, error) {
	return pg.Collect(func(s *slipping) []any {
		return []any{&s.id, &s.number, &s.stage, &s.department, &s.due, &s.promised, &s.expected, &s.warned}
	})(tx.QueryContext(ctx, `
		with t as materialized (`+OpenTurns+`)
		select o.id, o.number, o.stage, t.department, t.due, o.promised_on, o.expected_on, o.warned @> array[t.department]
		from t join orders o on o.id = t.id where t.due < $2 order by o.number, t.department for update of o`, warehouse, before))
}

// WarnDepartments warns each department, once for each order, that a date is near, so many hours ahead as the settings say.
// It tells how many warnings there were.
func WarnDepartments(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, now time.Time) (n int, err error) {
	defer fault.Wrap(&err, "orders.WarnDepartments(%d)", warehouse)
	s, err := LoadSettings(ctx, tx)
	if err != nil {
		return 0, err
	}
	near, err := slips(ctx, tx, warehouse, now.Add(time.Duration(s.WarnHours)*time.Hour))
	if err != nil {
		return 0, err
	}
	zone, err := zoneOf(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	var code string
	if err := tx.QueryRowContext(ctx, `select code from warehouses where id = $1`, warehouse).Scan(&code); err != nil {
		return 0, err
	}
	var story []event
	var facts []outbox.Fact
	told := map[Department]bool{}
	for _, o := range near {
		if o.warned {
			continue
		}
		if _, err := tx.ExecContext(ctx, `update orders set warned = warned || $2::text where id = $1`, o.id, o.department); err != nil {
			return 0, err
		}
		story = append(story, event{o.id, "warned", fmt.Sprintf("%s is to be done by %s", o.department.Title(), o.due.In(zone).Format("2 Jan 2006"))})
		if !told[o.department] {
			told[o.department], facts = true, append(facts, warning(code, o.department, now))
		}
	}
	if err := tell(ctx, tx, 0, now, story...); err != nil {
		return 0, err
	}
	return len(story), outbox.Put(ctx, tx, facts...)
}

// warning is the fact that a department of the warehouse called code has orders whose dates are near: "art/MAIN".
func warning(code string, d Department, at time.Time) outbox.Fact {
	data := json.RawMessage(`{"at":"` + at.UTC().Format(time.RFC3339Nano) + `"}`)
	return outbox.Fact{Name: "department.warned", Ref: string(d) + "/" + code, Data: data}
}

// slack is the working days put on top of a new date, so that the same customer is not written to every day.
const slack = 2

// TellLate looks for orders that will come later than promised because a department let its date pass, and tells their
// customers a new date. Whom we wait for is not told that we are late. It tells how many were told.
func TellLate(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, now time.Time) (n int, err error) {
	defer fault.Wrap(&err, "orders.TellLate(%d)", warehouse)
	late, err := slips(ctx, tx, warehouse, now)
	if err != nil {
		return 0, err
	}
	zone, err := zoneOf(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	expected := map[ID]time.Time{}
	var facts []outbox.Fact
	var story []event
	for i, o := range late {
		if day := o.expectedNow(now, zone); o.ours() && day.After(expected[o.id]) {
			expected[o.id] = day
		}
		if i+1 < len(late) && late[i+1].id == o.id {
			continue // its other departments first
		}
		day := expected[o.id]
		if !day.After(o.promised) || o.expected.Valid && !day.After(o.expected.Time) {
			continue
		}
		day = workdays(day, slack)
		if _, err := tx.ExecContext(ctx, `update orders set expected_on = $2 where id = $1`, o.id, day); err != nil {
			return 0, err
		}
		facts, story = append(facts, fact("order.late", o.number)), append(story, event{o.id, "delayed", "now expected on " + day.Format("2 Jan 2006")})
	}
	if err := tell(ctx, tx, 0, now, story...); err != nil {
		return 0, err
	}
	return len(facts), outbox.Put(ctx, tx, facts...)
}

// ours reports that the delay is the house's: nobody waits for the customer's money, picture or approval.
func (o slipping) ours() bool { return o.department != Approving && o.department != Desk }

// expectedNow is when the order will be there if its department is done on the next working day and all after it keep to
// the time they were given.
func (o slipping) expectedNow(now time.Time, zone *time.Location) time.Time {
	return workdays(day(now, zone), 1+workdaysBetween(o.due.In(zone), o.promised.In(zone)))
}
