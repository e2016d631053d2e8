package orders

import (
	"context"
	"fmt"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/inventory"
)

// stageLaw is the one law that facts still on their way may break for a moment.
const stageLaw = 0

// laws is what must hold of orders, each as a query of what breaks it, in words.
var laws = []struct{ name, broken string }{
	{"the stage of every order is what the floor, the payments and the holds say", `
		select 'O-' || o.number || ' says ' || o.stage || ' but is ' || d.stage
		from orders o join (` + derivedStage + `) d on d.id = o.id where o.stage <> d.stage`},
	{"the total of every order is the sum of its parts", `
		select 'O-' || o.number || ': ' || o.total_minor from orders o
		where o.total_minor <> o.goods_minor + o.shipping_minor + o.tools_minor + o.tax_minor
		   or o.goods_minor <> (select coalesce(sum((l.quantity - l.cancelled) * l.price_minor), 0) from order_lines l where l.order_id = o.id)`},
	{"what an order is charged for tools is what its tools cost", `
		select 'O-' || o.number || ': ' || o.tools_minor || ', its tools ' || coalesce(t.n, 0) from orders o
		left join (select document, sum(charged_minor) as n from tools where state <> 'cancelled' group by document) t on t.document = 'O-' || o.number
		where o.tools_minor <> coalesce(t.n, 0)`},
	{"every payment is shared out exactly, among orders of its customer and in its currency", `
		select 'payment ' || p.id from payments p
		where p.amount_minor <> (select coalesce(sum(s.amount_minor), 0) from payment_orders s where s.payment_id = p.id)
		   or exists (select from payment_orders s join orders o on o.id = s.order_id
		              where s.payment_id = p.id and (o.customer_id <> p.customer_id or o.currency <> p.currency))`},
	{"nobody was paid back more than he paid", `
		select 'O-' || o.number from orders o
		where (select coalesce(sum(s.amount_minor), 0) from payment_orders s join payments p on p.id = s.payment_id
		       where s.order_id = o.id and p.method <> 'credit') < 0`},
	{"an order is on the floor exactly when it was released", `
		select coalesce('O-' || o.number, d.ref) from orders o full join demands d on d.ref = 'O-' || o.number
		where (o.released_at is not null) <> (d.id is not null)`},
	{"the floor is asked for what the order still wants", `
		select l.ref from order_lines l join orders o on o.id = l.order_id join demand_lines d on d.ref = l.ref
		where o.cancelled_at is null and d.quantity <> l.quantity - l.cancelled`},
	{"no stock is held for an order that is over", `
		select r.ref from reservations r join orders o on r.document = 'O-' || o.number
		where o.cancelled_at is not null
		   or (select bool_and(d.shipped >= d.quantity) from demand_lines d join demands x on x.id = d.demand_id where x.ref = r.document)`},
	{"shipped <= packed <= picked <= ordered - cancelled", `
		select l.ref || ': shipped ' || n.shipped || ', packed ' || n.packed || ', picked ' || n.picked || ' of ' || l.quantity - l.cancelled
		from order_lines l
		cross join lateral (
		    select coalesce((select d.shipped from demand_lines d where d.ref = l.ref), 0) as shipped,
		           coalesce((select sum(c.quantity) from carton_lines c join cartons k on k.id = c.carton_id where c.ref = l.ref and k.state <> 'void'), 0) as packed,
		           coalesce((select sum(t.picked) from pick_tasks t where t.ref = l.ref), 0) as picked) n
		where n.shipped > n.packed or n.packed > n.picked or n.picked > l.quantity - l.cancelled`},
	{"invoices − credit notes − payments = open, for every order that was invoiced", `
		select 'O-' || o.number || ': papers of ' || i.papers || ', payments of ' || m.money || ', open ' || o.total_minor - m.paid
		from orders o
		cross join lateral (select count(*) as n, sum(case series when 'INV' then total_minor else -total_minor end) as papers
		                    from invoices where order_id = o.id) i
		cross join lateral (select coalesce(sum(s.amount_minor) filter (where p.method <> 'credit'), 0) as money, coalesce(sum(s.amount_minor), 0) as paid
		                    from payment_orders s join payments p on p.id = s.payment_id where s.order_id = o.id) m
		where i.n > 0 and i.papers - m.money <> o.total_minor - m.paid`},
	{"the numbers of invoices and of credit notes have no gap", `
		select s.series || ': ' || n.papers || ' papers up to ' || s.last from invoice_series s
		cross join lateral (select count(*) as papers, coalesce(max(number), 1000) as highest from invoices where series = s.series) n
		where n.papers <> s.last - 1000 or n.highest <> s.last`},
	{"what a paper prints is what it counts", `
		select series || '-' || number from invoices
		where snapshot->>'total_minor' <> total_minor::text or snapshot->>'number' <> number::text or snapshot->>'series' <> series`},
	{"every credit has its credit note", `
		select 'payment ' || p.id from payments p left join invoices i on i.payment_id = p.id
		where (p.method = 'credit') <> (i.number is not null) or i.total_minor <> p.amount_minor`},
	{"every refund that a card got is recorded as paid back", `
		select 'RF-' || r.id from refunds r
		where r.state = 'sent' and not exists (select from payments p where p.submission = 'RF-' || r.id and p.amount_minor = -r.amount_minor)`},
	{"what came back is settled as its lines say, refunds are their credits, and what replaces costs nothing", `
		select 'R-' || l.return_id || ', ' || l.ref || ': ' || l.settled || ' settled, ' || coalesce(s.n, 0) || ' written down'
		from return_lines l left join (select line_id, sum(quantity) as n from settlements group by line_id) s on s.line_id = l.id
		where l.settled <> coalesce(s.n, 0)
		union all
		select 'payment ' || p.id || ': ' || p.amount_minor || ', settled ' || s.n
		from payments p join (select payment_id, sum(amount_minor) as n from settlements where payment_id is not null group by payment_id) s on s.payment_id = p.id
		where p.amount_minor <> s.n
		union all
		select 'O-' || number || ' replaces and costs ' || total_minor from orders where channel = 'return' and total_minor <> 0`},
	{"orders that travel together are of one customer and go the same way", `
		select 'group ' || g.group_id || ' of ' || string_agg('O-' || o.number, ', ' order by o.number)
		from group_orders g join orders o on o.id = g.order_id
		group by g.group_id
		having count(*) < 2 or count(distinct (o.customer_id, lower(concat_ws('|', o.warehouse_id, o.carrier, o.service, o.recipient, o.company,
		    o.street, o.street2, o.city, o.postcode, o.region, o.country)))) > 1`},
	{"a held order is held on the floor too", `
		select d.ref from demands d join orders o on d.ref = 'O-' || o.number
		where d.state not in ('shipped', 'cancelled')
		  and (d.held_reason <> '') <> exists (select from holds h where h.order_id = o.id and h.cleared_at is null)`},
}

// Check proves the laws of orders. It repairs nothing.
func Check(ctx context.Context, q pg.Querier) (_ []inventory.Law, err error) {
	defer fault.Wrap(&err, "orders.Check")
	const examples = 5
	list := make([]inventory.Law, len(laws))
	backlog, err := outbox.Depth(ctx, q)
	if err != nil {
		return nil, err
	}
	for i, law := range laws {
		list[i].Name = law.name
		if waiting := backlog.Waiting + backlog.Retrying; i == stageLaw && waiting > 0 {
			list[i].Name += fmt.Sprintf(" (not judged: %d facts are still on their way)", waiting)
			continue
		}
		if err := q.QueryRowContext(ctx, `
			with violation (what) as materialized (`+law.broken+`)
			select (select count(*) from violation), array(select what from violation order by what limit $1)`,
			examples).Scan(&list[i].Count, pg.Array(&list[i].Examples)); err != nil {
			return nil, err
		}
	}
	return list, nil
}
