package packing

import (
	"context"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// bench is a demand on a packing table: what is still to go in, and the carton it goes into.
type bench struct {
	picking.Hand
	warehouse inventory.WarehouseID
	carton    CartonID // the open one, 0 for none
	place     inventory.LocationID
	number    int // its, or the one the next carton will get
	box       TypeID
	boxName   string
	boxes     bool // whether this warehouse knows boxes
	maxG      int64
	expectedG int64
	weighable bool // all that is in the carton has a known weight
	typedG    int64
	photoDue  bool // this house wants a photo of every open carton, and there is none of this one
	sealing   bool
	station   staff.StationID
	stationAt string // its code
	opener    staff.ID
	packer    string // the opener's name
	standsAt  string // the kind of the station that the scan came from, "" for none
	packed    int64  // units in cartons, not shipped ones
	inCarton  int64  // of those, in the open one
	left      []lying
}

// lying is what lies in a tote for an order line.
type lying struct {
	tote     inventory.LocationID
	toteCode string
	ref      string
	stock    inventory.ItemID
	lot      inventory.LotID
	lotCode  string // of pieces made for this very order it begins with their work order: "J-5 …"
	tracking inventory.Tracking
	sku      string
	name     string
	quantity int64
	mixed    bool   // goods of other orders lie in the same tote
	list     string // the list whose picker still has the tote, "P-104"; "" for none
	counts   int64  // how many units the scanned code stands for; 0: it is not this item's
}

func (b bench) toPack() (n int64) {
	for _, l := range b.left {
		n += l.quantity
	}
	return n
}

// weighing reports whether the carton is full and its weight is wanted.
func (b bench) weighing() bool {
	return b.carton != 0 && b.inCarton > 0 && (b.sealing || len(b.left) == 0)
}

// allClosed reports that nothing is left to do but to say so: what was still to come was taken off meanwhile.
func (b bench) allClosed() bool {
	return b.State == picking.Picked && len(b.left) == 0 && b.inCarton == 0 && b.packed > 0
}

// readBench reads a demand's bench in one statement, together with what the scanned code means for what is left. At a
// station of another warehouse the demand does not exist.
func readBench(ctx context.Context, q pg.Querier, hand picking.Hand, at staff.StationID, code labels.Code) (b bench, err error) {
	value := code.Value
	if gtin := code.GTIN(); gtin != "" {
		value = gtin
	}
	rows, err := q.QueryContext(ctx, `
		select d.warehouse_id, coalesce(k.id, 0), coalesce(k.location_id, 0), coalesce(k.number, (
				select min(n) from generate_series(1, (select count(*) + 1 from cartons where demand_id = d.id and state <> 'void')) n
				where n not in (select number from cartons where demand_id = d.id and state <> 'void'))), coalesce(k.type_id, 0), coalesce(t.name, ''),
			exists (select from carton_types where warehouse_id = d.warehouse_id and active), coalesce(t.max_weight_g, 0),
			coalesce(t.weight_g, 0) + coalesce(c.grams, 0) + `+materialGrams+`, coalesce(c.known, true), coalesce(k.typed_g, 0), coalesce(k.sealing, false),
			coalesce(k.station_id, 0), coalesce(s.code, ''), coalesce(w.id, 0), coalesce(w.name, ''),
			coalesce((select kind from stations where id = $3), ''),
			h.photo_first and not exists (select from carton_photos where carton_id = k.id),
			(select coalesce(sum(quantity), 0) from carton_lines l join cartons o on o.id = l.carton_id
				where o.demand_id = d.id and o.state in ('open', 'closed'))::bigint,
			coalesce(c.units, 0),
			coalesce(l.tote_id, 0), coalesce(o.code, ''), coalesce(l.ref, ''), coalesce(l.item_id, 0), coalesce(l.lot_id, 0),
			coalesce(i.sku, ''), coalesce(i.name, ''), coalesce(i.tracking, 'none'), coalesce(t2.code, ''), coalesce(l.quantity, 0),
			exists (select from tote_lines x where x.tote_id = l.tote_id and x.demand_id <> l.demand_id),
			coalesce((select format('P-%s', p.id) from pick_lists p where p.state = 'started' and (p.tote_id = l.tote_id
				or exists (select from cart_totes c where c.list_id = p.id and c.tote_id = l.tote_id and c.active)) limit 1), ''),
			coalesce(m.quantity, 0)
		from demands d join warehouses h on h.id = d.warehouse_id
		left join cartons k on k.demand_id = d.id and k.state = 'open'
		left join carton_types t on t.id = k.type_id
		left join stations s on s.id = k.station_id
		left join staff w on w.id = k.opened_by
		left join lateral (
			select sum(l.quantity)::bigint as units, sum(l.quantity * i.weight_g)::bigint as grams, bool_and(i.weight_g > 0) as known
			from carton_lines l join items i on i.id = l.item_id where l.carton_id = k.id and l.quantity > 0) c on true
		left join tote_lines l on l.demand_id = d.id
		left join demand_lines dl on dl.ref = l.ref
		left join locations o on o.id = l.tote_id
		left join items i on i.id = l.item_id
		left join lots t2 on t2.id = l.lot_id and l.lot_id <> 0
		left join barcodes m on m.item_id = l.item_id and m.code = $2
		where d.id = $1 and not exists (select from stations e where e.id = $3 and e.warehouse_id <> d.warehouse_id)
		order by dl.line, o.code, l.lot_id`, hand.ID, value, at)
	if err != nil {
		return b, err
	}
	defer rows.Close()
	for rows.Next() {
		var l lying
		if err := rows.Scan(&b.warehouse, &b.carton, &b.place, &b.number, &b.box, &b.boxName, &b.boxes, &b.maxG,
			&b.expectedG, &b.weighable, &b.typedG, &b.sealing, &b.station, &b.stationAt, &b.opener, &b.packer, &b.standsAt, &b.photoDue, &b.packed, &b.inCarton,
			&l.tote, &l.toteCode, &l.ref, &l.stock, &l.lot, &l.sku, &l.name, &l.tracking, &l.lotCode, &l.quantity, &l.mixed, &l.list, &l.counts); err != nil {
			return b, err
		}
		if l.tote != 0 {
			b.left = append(b.left, l)
		}
	}
	b.Hand = hand
	if b.warehouse == 0 && rows.Err() == nil {
		return b, fault.New(fault.NotFound, "%s is not on the floor here.", hand.Ref)
	}
	return b, rows.Err()
}

// Show is the screen of a demand's bench as it is now, for somebody at a station.
func Show(ctx context.Context, q pg.Querier, ref string, who staff.ID, station staff.StationID) (_ scan.Step, err error) {
	hand, err := picking.HandOf(ctx, q, ref)
	if err != nil {
		return scan.Step{}, err
	}
	b, err := readBench(ctx, q, hand, station, labels.Code{})
	if err != nil {
		return scan.Step{}, err
	}
	step := b.step(who, station)
	if b.typedG > 0 && b.weighing() && step.Result == "" { // the question stands until something else is scanned
		step.Result, step.Message = scan.Decide, b.asksAgain()
	}
	if step.Recent, err = scan.Last(ctx, q, ref, 5); err != nil {
		return step, err
	}
	return step, markUndoable(ctx, q, step.Recent)
}

const nextUnit = "Scan the next unit"

// step is what to do now.
func (b bench) step(who staff.ID, station staff.StationID) scan.Step {
	s := scan.Step{Title: "Packing " + b.Ref, Done: b.packed, Total: b.packed + b.toPack()}
	if b.carton != 0 {
		s.Title += fmt.Sprintf(" · carton %d", b.number)
	}
	switch why := b.blocked(); {
	case b.State == picking.Packed || b.State == picking.Shipped:
		s.Next, s.Finished = b.Ref+" is packed. Scan the next tote", true
		s.Expect = opens
		return s
	case why != "":
		s.Next, s.Detail, s.Expect = "Put it aside. Scan the next tote", []string{why}, opens
		return s
	case b.carton != 0 && b.station != station:
		s.Next, s.Result, s.Detail = "Go on with it here?", scan.Decide, []string{b.elsewhereIs(who, "it")}
		if b.opener == who {
			s.Next, s.Detail = b.elsewhereIs(who, "it")+" Is it here now?", nil
		}
		s.Choices = []scan.Choice{{Label: "Yes, the carton is here now", Code: command(picking.CommandTakeOver), Style: scan.Answer}}
		return s
	case b.allClosed():
		s.Next, s.Result = "Everything is in closed cartons", scan.Decide
		s.Choices = []scan.Choice{{Label: "Finish " + b.Ref, Code: command(labels.CommandOK), Style: scan.Answer}}
		return s
	case b.weighing():
		return b.weigh(s)
	}
	now := b.left[0]
	s.Next, s.Target, s.Quantity = nextUnit, now.name, now.quantity
	s.Detail = []string{now.sku + " · from tote " + now.toteCode}
	s.Into = b.into()
	s.Expect = []string{string(labels.KindGTIN), string(labels.KindUnknown)}
	for _, t := range Troubles {
		s.Choices = append(s.Choices, scan.Choice{Label: t.Label, Action: t.Action, Style: scan.Problem})
	}
	if b.inCarton > 0 {
		s.Choices = append(s.Choices, button("Carton full", labels.CommandNew, KeyNew), button("Undo", labels.CommandUndo, KeyUndo))
	}
	return s
}

// elsewhereIs says to somebody whose open carton stands at another station.
func (b bench) elsewhereIs(who staff.ID, it string) string {
	if b.opener == who {
		return fmt.Sprintf("You left %s at %s.", it, b.stationAt)
	}
	return fmt.Sprintf("%s is packing %s at %s.", b.packer, it, b.stationAt)
}

func (b bench) into() string {
	if b.boxName == "" {
		return fmt.Sprintf("carton %d", b.number)
	}
	return fmt.Sprintf("carton %d (%s)", b.number, b.boxName)
}

// weigh is the step of a full carton.
func (b bench) weigh(s scan.Step) scan.Step {
	s.Next = "Weigh the carton and type its weight"
	s.Target = fmt.Sprintf("Carton %d", b.number)
	if b.box == 0 && b.boxes {
		s.Next = "Choose the box, then weigh"
	}
	if b.photoDue {
		s.Next = "Take a photo of the open carton, then weigh"
	}
	s.Detail = []string{"It should weigh " + kilos(b.expectedG)}
	if b.boxName != "" {
		s.Target += ", " + b.boxName
	}
	if !b.weighable {
		s.Detail = []string{"Not every item's weight is known"}
	}
	s.Expect = []string{"weight"}
	if b.typedG > 0 {
		s.Choices = append(s.Choices, scan.Choice{Label: "Yes, " + kilos(b.typedG) + " is right", Code: command(labels.CommandOK), Style: scan.Answer})
	}
	s.Choices = append(s.Choices, button("Undo", labels.CommandUndo, KeyUndo))
	return s
}

// blocked says why nothing of this demand may be packed now, "" when it may.
func (b bench) blocked() string {
	switch {
	case b.Held != "":
		return fmt.Sprintf("%s is held: %s.", b.Ref, b.Held)
	case b.State == picking.Cancelled:
		return b.Ref + " was cancelled."
	case b.State == picking.Listed:
		return b.Ref + " is still being picked."
	case b.State == picking.Open:
		return b.Ref + " waits for more goods before it can be packed. Put it aside and scan the next one."
	case len(b.left) == 0 && b.inCarton == 0 && b.packed == 0:
		return "Nothing of " + b.Ref + " lies in a tote. Scan the next one."
	}
	for _, l := range b.left {
		switch {
		case l.list != "":
			return fmt.Sprintf("Tote %s is still on its way: %s is being picked.", l.toteCode, l.list)
		case l.mixed:
			return fmt.Sprintf("Tote %s holds goods of other orders too: it is sorted at the put-wall first.", l.toteCode)
		}
	}
	return ""
}

// kilos writes grams as kilograms.
func kilos(g int64) string { return fmt.Sprintf("%d.%03d kg", g/1000, g%1000) }

func button(label, name, key string) scan.Choice {
	return scan.Choice{Label: label, Code: command(name), Style: scan.Bar, Key: key}
}

func command(name string) string { return labels.CommandCode(name).String() }
