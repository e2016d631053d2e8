package packing

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// opens are the kinds of code that bring a demand to the bench.
var opens = []string{string(labels.KindTote), string(labels.KindOrder), string(labels.KindList), string(labels.KindCarton)}

// Idle is the screen of a bench with nothing on it.
func Idle() scan.Step {
	return scan.Step{Title: "Packing", Next: "Scan a tote", Detail: []string{"or an order, a pick list or an open carton"}, Expect: opens}
}

// Path is the address of a demand's bench; Goto of a Step that opens one.
func Path(ref string) string { return "/packing/" + url.PathEscape(ref) }

// Bring puts the demand of a scanned tote, order, pick list or carton on the bench: the answer goes to its screen, or
// says why it cannot be packed now.
func Bring(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "packing.Bring(%q)", s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	return scan.Once(ctx, tx, s, anteroom(s.Staff), func() (scan.Step, error) { return bring(ctx, tx, warehouse, code) })
}

// anteroom names the document of one person's scans before a demand is on the bench.
func anteroom(who staff.ID) string { return fmt.Sprintf("packing-%d", who) }

func bring(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, code labels.Code) (scan.Step, error) {
	step := Idle()
	step.Result = scan.Wrong
	refs, err := find(ctx, q, warehouse, code)
	switch {
	case err != nil:
		return step, err
	case refs == nil:
		step.Message = fmt.Sprintf("This is %s. Scan a tote, an order, a pick list or an open carton.", code.Kind.A())
		return step, nil
	case len(refs) == 0:
		step.Message = fmt.Sprintf("There is nothing to pack in %s. Scan another tote or order.", code)
		return step, nil
	}
	hand, err := picking.HandOf(ctx, q, refs[0])
	if err != nil {
		return step, err
	}
	b, err := readBench(ctx, q, hand, 0, labels.Code{})
	if err != nil {
		return step, err
	}
	if why := b.blocked(); why != "" && hand.State != picking.Packed && hand.State != picking.Shipped {
		step.Message = why + " Put it aside and scan the next one."
		return step, nil
	}
	return scan.Step{Result: scan.Right, Message: "This is " + refs[0] + ".", Title: step.Title, Next: "Pack " + refs[0],
		Finished: true, Goto: Path(refs[0])}, nil
}

// find is the demands a code stands for; nil when such a code stands for none ever.
func find(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, code labels.Code) ([]string, error) {
	var query string
	var id any = code.Number
	switch code.Kind {
	case labels.KindTote:
		id = code.String()
		query = `select d.ref from demands d where d.warehouse_id = $1 and d.id in (
			select l.demand_id from tote_lines l join locations o on o.id = l.tote_id
			where o.warehouse_id = $1 and o.kind = 'tote' and o.code = $2) order by d.id`
	case labels.KindOrder:
		code.Line = 0
		id = code.String()
		query = `select d.ref from demands d where d.warehouse_id = $1 and d.ref = $2`
	case labels.KindList:
		query = `select d.ref from demands d where d.warehouse_id = $1 and d.id in (select demand_id from pick_tasks where list_id = $2) order by d.id`
	case labels.KindCarton:
		query = `select k.ref from cartons k where k.warehouse_id = $1 and k.id = $2`
	default:
		return nil, nil
	}
	refs, err := pg.Values[string](q.QueryContext(ctx, query, warehouse, id))
	if refs == nil {
		refs = []string{}
	}
	return refs, err
}

// Waiting lists what lies in totes ready to be packed, the most urgent first.
func Waiting(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, after string, limit int) (_ []picking.Report, err error) {
	defer fault.Wrap(&err, "packing.Waiting(%d)", warehouse)
	return picking.Queue(ctx, q, warehouse, after, limit, picking.Picked)
}
