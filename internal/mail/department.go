package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/inventory"
)

// OrderLate tells a customer, once for each new date, that an order will come later than promised. When it left by the
// time this is heard, or has no new date any more, there is nothing to tell.
func OrderLate(ctx context.Context, tx *sql.Tx, ref string) error { return tell(ctx, tx, NewDate, ref) }

func gatherNewDate(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	o, err := readOrder(ctx, q, ref)
	if err != nil {
		return nil, err
	}
	var expected time.Time
	err = q.QueryRowContext(ctx, `
		select expected_on from orders where number = $1 and expected_on > promised_on and stage not in ('shipped', 'delivered', 'cancelled')`, o.number).Scan(&expected)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	expected = expected.In(location(o.zone))
	return []draft{o.draft(NewDate, fact("order.late "+expected.Format(time.DateOnly), o.ref), values{"expected": day(expected)})}, err
}

// DepartmentWarned tells a department which orders it must be done with soon; ref is "art/MAIN", the department and
// the code of its warehouse, when tells this time from others. A department without an address is told by its pages alone.
func DepartmentWarned(ctx context.Context, tx *sql.Tx, ref, when string) (err error) {
	defer fault.Wrap(&err, "mail.DepartmentWarned(%s)", ref)
	entry, err := find(DatesNear)
	if err != nil {
		return err
	}
	drafts, err := gatherDatesNear(ctx, tx, ref)
	for _, d := range drafts {
		if d.To.Address == "" {
			continue
		}
		d.Fact = fact("department.warned "+when, ref)
		if err := d.send(ctx, tx, entry); err != nil {
			return err
		}
	}
	return err
}

// longestList is how many orders a warning names.
const longestList = 30

func gatherDatesNear(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	name, code, _ := strings.Cut(ref, "/")
	department := orders.Department(name)
	var warehouse inventory.WarehouseID
	var zone string
	err := q.QueryRowContext(ctx, `select id, time_zone from warehouses where code = $1`, code).Scan(&warehouse, &zone)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !department.Known() {
		return nil, fault.New(fault.NotFound, "There is no department %q.", clip(ref, 40))
	}
	if err != nil {
		return nil, err
	}
	s, err := orders.LoadSettings(ctx, q)
	if err != nil {
		return nil, err
	}
	h, err := readHouse(ctx, q)
	if err != nil {
		return nil, err
	}
	list, err := orders.Turns(ctx, q, warehouse, department, 0, longestList)
	if err != nil {
		return nil, err
	}
	var until time.Time
	if err := q.QueryRowContext(ctx, `select now() + make_interval(hours => $1)`, s.WarnHours).Scan(&until); err != nil {
		return nil, err
	}
	var near turns
	for _, t := range list {
		if t.Due.Before(until) {
			near = append(near, turn{t.Number.String(), t.Goods, t.Due.In(location(zone))})
		}
	}
	if len(near) == 0 {
		return nil, nil
	}
	d := draft{company: h.company, base: h.base, values: values{"company": words(h.company), "department": departmentName(department), "near": near,
		"link": link(h.base + "/departments/" + url.PathEscape(name))}}
	d.Letter = Letter{Kind: DatesNear, To: mail.Address{Name: department.Title(), Address: s.LeadTime(department).Email},
		From: mail.Address{Name: displayName(h.company), Address: h.from}, Language: h.language, Zone: zone}
	if len(near) == 1 {
		d.Ref = near[0].order
	}
	return []draft{d}, nil
}

// departmentName is a department in the reader's language.
type departmentName orders.Department

func (d departmentName) empty() bool { return d == "" }

func (d departmentName) in(l orders.Language) string {
	if name, ok := tongues[l].departments[orders.Department(d)]; ok {
		return name
	}
	return orders.Department(d).Title()
}

// turns are orders with the day by which a department must be done.
type turns []turn

type turn struct {
	order, goods string
	due          time.Time
}

func (ts turns) empty() bool { return len(ts) == 0 }

func (ts turns) text(l orders.Language, _ string) string {
	var b strings.Builder
	for _, t := range ts {
		fmt.Fprintf(&b, "%s, %s\n  %s\n", t.order, tongues[l].day(t.due), oneLine(t.goods))
	}
	return b.String()
}

func (ts turns) page(l orders.Language, _ string) string {
	var b strings.Builder
	b.WriteString("<table>")
	for _, t := range ts {
		fmt.Fprintf(&b, "\n"+`<tr><td class="n">%s</td><td>%s</td><td>%s</td></tr>`, t.order, html.EscapeString(oneLine(t.goods)), html.EscapeString(tongues[l].day(t.due)))
	}
	b.WriteString("\n</table>")
	return b.String()
}
