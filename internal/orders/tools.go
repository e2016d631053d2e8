package orders

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/staff"
)

// How a line of an item that takes a tool is made.
const (
	Unlabelled = "unlabelled"
	WithStamp  = "stamp" // with the customer's own, which is made once
)

// toolsWord is the charge for tools on papers.
const toolsWord = "Stamp, once"

// toolNew is a kind of tool with what it costs once.
type toolNew struct {
	kind  production.KindID
	price int64
}

// readTool reads how a line is made.
func readTool(f FormLine, i item, known bool, say func(field, format string, args ...any)) (string, production.KindID) {
	switch {
	case f.Tool == "" || f.Tool == Unlabelled:
		return f.Tool, 0
	case f.Tool != WithStamp:
		say("tool", "say whether it is unlabelled or with the customer's stamp.")
	case known && i.tool.kind == 0:
		say("tool", "%s takes no stamp. Order it unlabelled.", f.SKU)
	}
	return f.Tool, i.tool.kind
}

func (b *book) readTools(ctx context.Context, q pg.Querier, customers []CustomerID) (err error) {
	ids := make([]int64, len(customers))
	for i, c := range customers {
		ids[i] = int64(c)
	}
	b.tools, err = production.ToolsOf(ctx, q, ids)
	return err
}

// chargeTools charges each tool that the customer does not have yet, once, and the tax on everything.
func (b *book) chargeTools(d *Draft) {
	d.Tools, d.newTools = 0, nil
	if b.charged != nil { // the order has its tools already
		d.Tools = *b.charged
		d.Tax = b.settings.tax(d.Goods + d.Shipping + d.Tools)
		return
	}
	has := b.tools[int64(d.Customer)]
	asked := map[production.KindID]bool{}
	for _, l := range d.Lines {
		if l.kind == 0 || l.Quantity == 0 || asked[l.kind] || d.Customer != 0 && has[l.kind] {
			continue
		}
		asked[l.kind] = true
		d.newTools = append(d.newTools, toolNew{l.kind, b.items[l.SKU].tool.price})
		d.Tools += b.items[l.SKU].tool.price
	}
	d.Tax = b.settings.tax(d.Goods + d.Shipping + d.Tools)
}

// chargeUnderLock charges tools anew by what customers have now that nobody else can order for them: of orders that come at
// once the first pays.
func (b *book) chargeUnderLock(ctx context.Context, tx *sql.Tx, list []entry) error {
	customers := map[CustomerID]bool{}
	for _, e := range list {
		for _, l := range e.draft.Lines {
			if l.kind != 0 {
				customers[e.draft.Customer] = true
			}
		}
	}
	if len(customers) == 0 {
		return nil
	}
	if err := b.readTools(ctx, tx, sortedKeys(customers)); err != nil {
		return err
	}
	for i := range list {
		d := &list[i].draft
		if !customers[d.Customer] {
			continue
		}
		b.chargeTools(d)
		if b.tools[int64(d.Customer)] == nil {
			b.tools[int64(d.Customer)] = map[production.KindID]bool{}
		}
		for _, n := range d.newTools {
			b.tools[int64(d.Customer)][n.kind] = true
		}
	}
	return nil
}

// useTools has the tools of fresh orders made, and says which line is made with which.
func useTools(ctx context.Context, tx *sql.Tx, list []entry, made fresh, by staff.ID, at time.Time) error {
	for _, e := range list {
		p, ok := made[e.key]
		if !ok {
			continue
		}
		charge := map[production.KindID]int64{}
		for _, n := range e.draft.newTools {
			charge[n.kind] = n.price
		}
		for i, l := range e.draft.Lines {
			if l.kind == 0 {
				continue
			}
			if err := production.UseTool(ctx, tx, p.Number.Line(i+1), p.Number.String(), int64(p.Customer), l.kind, charge[l.kind], by, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// editTools keeps what an order was charged for tools. A line that is added is not made with one: that is another order.
func (b *book) editTools(ctx context.Context, q pg.Querier, id ID, f Form, has int, wrong *fault.Fields) error {
	for i := has; i < len(f.Lines); i++ {
		if f.Lines[i].Tool == WithStamp {
			wrong.Add(fmt.Sprintf("lines.%d.tool", i), "Line %d: place another order for what is made with a stamp.", i+1)
		}
	}
	var charged int64
	if err := q.QueryRowContext(ctx, `select tools_minor from orders where id = $1`, id).Scan(&charged); err != nil {
		return err
	}
	b.charged = &charged
	return nil
}

// refuseTools keeps stamps out of quotes, whose price is promised for many weeks.
func refuseTools(d Draft, wrong *fault.Fields) {
	for i, l := range d.Lines {
		if l.kind != 0 {
			wrong.Add(fmt.Sprintf("lines.%d.tool", i), "Line %d: a stamp is ordered, not quoted. Take it off the quote.", i+1)
		}
	}
}

// dropTools ends the tools that a cancelled order asked for, and answers what of their charge stays, with its tax.
func (o order) dropTools(ctx context.Context, tx *sql.Tx, at time.Time) (tools, tax int64, err error) {
	if tools, err = production.DropTools(ctx, tx, o.ref(), at); err != nil || tools == 0 {
		return 0, 0, err
	}
	settings, err := LoadSettings(ctx, tx)
	if err != nil {
		return 0, 0, err
	}
	var net, taxed int64
	if err := tx.QueryRowContext(ctx, `select goods_minor + shipping_minor + tools_minor, tax_minor from orders where id = $1`, o.id).Scan(&net, &taxed); err != nil {
		return 0, 0, err
	}
	rate, err := taxedAt(ctx, tx, net, taxed, settings)
	return tools, Settings{TaxPermille: rate}.tax(tools), err
}
