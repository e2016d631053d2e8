package orders

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/shipping"
)

// mate is an order as travelling together looks at it, read under its lock.
type mate struct {
	order
	email    string
	trip     string // where from, where to and how, comparable
	group    int64  // 0: it travels alone
	shipping int64
	goods    int64
	tax      int64
	tools    int64
	grams    int64
	quoted   bool // its price was promised
	invoiced bool
	labelled bool // a label of its shipment exists
	promised time.Time
}

// agreed reports that what the order is charged for shipping stays: it is paid for in part, invoiced, on the floor or was
// quoted.
func (m mate) agreed() bool { return m.released || m.paid > 0 || m.quoted || m.invoiced }

// travels reports that the order still waits for its parcels.
func (m mate) travels() bool {
	return !m.cancelled && !m.labelled && m.stage != Shipped && m.stage != Delivered
}

const mateColumns = `
	o.id, o.number, o.customer_id, o.total_minor, o.currency, o.released_at is not null, o.cancelled_at is not null, o.stage,
	coalesce((select sum(p.amount_minor) from payment_orders p where p.order_id = o.id), 0), lower(o.email),
	lower(concat_ws('|', o.warehouse_id, o.carrier, o.service, o.recipient, o.company, o.street, o.street2, o.city, o.postcode, o.region, o.country)),
	coalesce((select g.group_id from group_orders g where g.order_id = o.id), 0), o.shipping_minor, o.goods_minor, o.tools_minor, o.tax_minor,
	coalesce((select sum((l.quantity - l.cancelled) * i.weight_g) from order_lines l join items i on i.id = l.item_id where l.order_id = o.id), 0),
	o.channel = 'quote', exists (select from invoices v where v.order_id = o.id),
	exists (select from shipment_orders so join shipments s on s.id = so.shipment_id where so.ref = 'O-' || o.number and s.state not in ('planned', 'cancelled')),
	o.promised_on`

func (m *mate) fields() []any {
	return []any{&m.id, &m.number, &m.customer, &m.total.Minor, &m.total.Currency, &m.released, &m.cancelled, &m.stage, &m.paid, &m.email,
		&m.trip, &m.group, &m.shipping, &m.goods, &m.tools, &m.tax, &m.grams, &m.quoted, &m.invoiced, &m.labelled, &m.promised}
}

func mates(ctx context.Context, q pg.Querier, where string, args ...any) ([]mate, error) {
	return pg.Collect((*mate).fields)(q.QueryContext(ctx, `select `+mateColumns+` from orders o where `+where+` order by o.number`, args...))
}

// Combine lets orders of one customer travel together: to one address, with one carrier and service, until a label of them
// exists. What is not paid yet is charged the shipping of one parcel; what is agreed stays. Orders that travel with one of
// them already come along. Again changes nothing.
func Combine(ctx context.Context, tx *sql.Tx, numbers []Number, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.Combine(%v)", numbers)
	numbers = slices.Clone(numbers)
	slices.Sort(numbers)
	if numbers = slices.Compact(numbers); len(numbers) < 2 {
		return fault.New(fault.Invalid, "Choose at least two orders.")
	}
	if _, err := lockPaid(ctx, tx, numbers); err != nil {
		return err
	}
	list, err := lockMates(ctx, tx, numbers)
	if err != nil {
		return err
	}
	if err := refuseTogether(list); err != nil {
		return err
	}
	group, err := groupOf(ctx, tx, list, by, at)
	if err != nil {
		return err
	}
	var story []event
	for _, m := range list {
		if m.group != group {
			story = append(story, event{m.id, "combined", "with " + othersOf(list, m.number)})
		}
	}
	if err := tell(ctx, tx, by, at, story...); err != nil {
		return err
	}
	if err := recharge(ctx, tx, group, 0, by, at); err != nil {
		return err
	}
	if err := travel(ctx, tx, group); err != nil {
		return err
	}
	return releaseWaiting(ctx, tx, by, at, list[0].customer)
}

// lockMates locks the orders and all that travel with them, and reads them. The caller holds the customer's lock.
func lockMates(ctx context.Context, tx *sql.Tx, numbers []Number) ([]mate, error) {
	const among = `(o.number = any($1) or o.id in (
		select m.order_id from group_orders m where m.group_id in (
		    select g.group_id from group_orders g join orders x on x.id = g.order_id where x.number = any($1))))`
	ids, err := pg.Values[ID](tx.QueryContext(ctx, `select o.id from orders o where `+among, pg.Array(numbers)))
	if err != nil {
		return nil, err
	}
	if err := lockRows(ctx, tx, ids); err != nil {
		return nil, err
	}
	return mates(ctx, tx, `o.id = any($1)`, pg.Array(ids))
}

// refuseTogether says why orders cannot travel together; nil when they can.
func refuseTogether(list []mate) error {
	same := slices.ContainsFunc(list, func(m mate) bool { return m.group == 0 || m.group != list[0].group })
	for _, m := range list {
		switch {
		case !same:
			return nil // they do already
		case m.cancelled:
			return fault.New(fault.Conflict, "%s is cancelled.", m.number)
		case m.labelled:
			return fault.New(fault.Conflict, "A label of %s exists already, or it has left: it travels as it is.", m.number)
		case m.trip != list[0].trip:
			return fault.New(fault.Conflict, "%s and %s do not go to one address with one carrier and service.", list[0].number, m.number)
		}
	}
	return nil
}

// groupOf puts the orders into one group: the oldest of theirs, or a new one.
func groupOf(ctx context.Context, tx *sql.Tx, list []mate, by staff.ID, at time.Time) (group int64, err error) {
	var merged []int64
	ids := make([]ID, len(list))
	for i, m := range list {
		ids[i] = m.id
		if m.group != 0 && (group == 0 || m.group < group) {
			group = m.group
		}
		merged = append(merged, m.group)
	}
	if group == 0 {
		if err := tx.QueryRowContext(ctx, `insert into order_groups (customer_id, made_by, made_at) values ($1, $2, $3) returning id`,
			list[0].customer, nobody(by), at).Scan(&group); err != nil {
			return 0, err
		}
	}
	if _, err := tx.ExecContext(ctx, `
		insert into group_orders (order_id, group_id) select unnest($1::bigint[]), $2
		on conflict (order_id) do update set group_id = excluded.group_id`, pg.Array(ids), group); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `delete from order_groups where id = any($1) and id <> $2`, pg.Array(merged), group)
	return group, err
}

// othersOf names the orders but one.
func othersOf(list []mate, n Number) string {
	var names []string
	for _, m := range list {
		if m.number != n {
			names = append(names, m.number.String())
		}
	}
	return strings.Join(names, ", ")
}

// travel combines the shipments of the group's orders that are on the floor. Those of which a label exists travel alone.
func travel(ctx context.Context, tx *sql.Tx, group int64) error {
	list, err := mates(ctx, tx, `o.id in (select order_id from group_orders where group_id = $1)`, group)
	if err != nil {
		return err
	}
	var refs []string
	for _, m := range list {
		if m.released && m.travels() {
			refs = append(refs, m.ref())
		}
	}
	if len(refs) < 2 {
		return nil
	}
	_, err = shipping.Combine(ctx, tx, refs...)
	return err
}

// JoinGroup lets an order that was released travel with its group. It hears of every release, and again changes nothing.
func JoinGroup(ctx context.Context, tx *sql.Tx, ref string) (err error) {
	defer fault.Wrap(&err, "orders.JoinGroup(%s)", ref)
	n, err := ParseNumber(ref)
	if err != nil {
		return err
	}
	if _, err := lock(ctx, tx, n); err != nil {
		return err
	}
	list, err := lockMates(ctx, tx, []Number{n})
	if err != nil || len(list) < 2 {
		return err
	}
	return travel(ctx, tx, list[0].group)
}

// Separate lets an order travel alone again, until a label of its shipment exists. What is not paid yet is charged anew,
// its own and the others'.
func Separate(ctx context.Context, tx *sql.Tx, n Number, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.Separate(%s)", n)
	o, err := lock(ctx, tx, n)
	if err != nil {
		return err
	}
	if o.released {
		if err := shipping.Separate(ctx, tx, o.ref()); err != nil {
			return err
		}
	}
	return o.leaveGroup(ctx, tx, true, by, at)
}

// leaveGroup takes an order out of its group, if it is in one; alone says that it is charged as one that travels alone.
func (o order) leaveGroup(ctx context.Context, tx *sql.Tx, alone bool, by staff.ID, at time.Time) error {
	list, err := lockMates(ctx, tx, []Number{o.number})
	if err != nil || len(list) < 2 {
		return err
	}
	group := list[0].group
	gone := []ID{o.id}
	if len(list) == 2 {
		gone = []ID{list[0].id, list[1].id}
	}
	if _, err := tx.ExecContext(ctx, `delete from group_orders where order_id = any($1)`, pg.Array(gone)); err != nil {
		return err
	}
	if err := tell(ctx, tx, by, at, event{o.id, "separated", "from " + othersOf(list, o.number)}); err != nil {
		return err
	}
	for _, m := range list {
		if slices.Contains(gone, m.id) && (alone || m.id != o.id) {
			if err := charge(ctx, tx, []mate{m}, 0, by, at); err != nil {
				return err
			}
		}
	}
	return recharge(ctx, tx, group, 0, by, at)
}

// shared reports that the order is charged a share of its group's shipping.
func (o order) shared(ctx context.Context, q pg.Querier) (bool, error) {
	list, err := mates(ctx, q, `o.id = $1`, o.id)
	if err != nil || list[0].group == 0 {
		return false, err
	}
	settings, err := LoadSettings(ctx, q)
	return list[0].shipping < settings.shippingCharge(list[0].grams), err
}

// regroup looks after an edit, which charged the order as one that travels alone, whether it still goes the way of its
// group, and shares out the charge anew; to the order too when it had a share, even an agreed one.
func (o order) regroup(ctx context.Context, tx *sql.Tx, shared bool, by staff.ID, at time.Time) error {
	list, err := lockMates(ctx, tx, []Number{o.number})
	if err != nil || len(list) < 2 {
		return err
	}
	own := list[slices.IndexFunc(list, func(m mate) bool { return m.id == o.id })]
	for _, m := range list {
		if m.trip != own.trip {
			return o.leaveGroup(ctx, tx, true, by, at)
		}
	}
	anew := ID(0)
	if shared {
		anew = o.id
	}
	return recharge(ctx, tx, own.group, anew, by, at)
}
