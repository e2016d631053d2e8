package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
)

// place is a place scanned: what is moved, or where it goes.
func (m *mover) place(ctx context.Context, l Location) (verdict, error) {
	carried := slices.Contains(portable, l.Kind)
	switch {
	case m.hand.container != 0:
		return m.carryTo(ctx, l)
	case m.hand.from != 0 && (m.hand.everything || m.hand.item != 0):
		return m.pourInto(ctx, l)
	case carried:
		m.hand = shifting{container: l.ID}
		return right("%s. Scan where it stands now.", l.Code), nil
	case l.Kind != Bin:
		return wrong("%s is a %s. Scan a container, or the bin you take goods from.", l.Code, l.Kind), nil
	case m.hand.from != 0 && m.hand.from != l.ID:
		return wrong("Scan an item in the bin first, or choose Everything."), nil
	}
	m.hand = shifting{from: l.ID}
	return right("%s. Scan an item in it, or choose Everything.", l.Code), nil
}

// allowed asks a manager about what a place does not take, and refuses it to everybody else. No words are no objection.
func (m *mover) allowed(ctx context.Context, l Location, no string) (verdict, bool, error) {
	if no == "" {
		return verdict{}, true, nil
	}
	manager, err := mayOverfill(ctx, m.tx, m.scan.Staff)
	switch {
	case err != nil:
		return verdict{}, false, err
	case !manager:
		return wrong("%s Scan another place, or ask a manager.", no), false, nil
	case m.hand.to == l.ID:
		return verdict{}, true, staff.Audit(ctx, m.tx, m.scan.Staff, "bin.overfilled", l.Code, map[string]any{"why": no})
	}
	m.hand.to = l.ID
	return verdict{scan.Decide, no + " Scan another place, or this one again to put it here all the same."}, false, nil
}

// carryTo sets a container down.
func (m *mover) carryTo(ctx context.Context, l Location) (verdict, error) {
	box, err := LocationByID(ctx, m.tx, m.hand.container)
	switch {
	case err != nil:
		return verdict{}, err
	case l.ID == box.ID:
		return wrong("This is %s itself. Scan the place where it stands.", box.Code), nil
	case l.ID == box.Parent:
		m.hand = shifting{}
		return right("%s stood in %s already.", box.Code, l.Code), nil
	case !l.Active:
		return wrong("%s is out of use. Scan another place.", l.Code), nil
	}
	no, err := m.noRoom(ctx, l, box)
	if err != nil {
		return verdict{}, err
	}
	if answer, ok, err := m.allowed(ctx, l, no); !ok || err != nil {
		return answer, err
	}
	err = Relocate(ctx, m.tx, Relocation{Location: box.ID, To: l.ID, Staff: m.scan.Staff, Scan: m.scan.Key, At: m.scan.At})
	if k := fault.KindOf(err); k == fault.Invalid || k == fault.Conflict {
		return wrong("%s", fault.Message(err)), nil
	}
	m.hand = shifting{}
	return right("%s stands in %s now.", box.Code, l.Code), err
}

// noRoom says why a bin does not take a container, or "".
func (m *mover) noRoom(ctx context.Context, l, box Location) (string, error) {
	if l.Kind != Bin {
		return "", nil
	}
	c, err := contents(ctx, m.tx, box.ID)
	if err != nil {
		return "", err
	}
	f, err := room(ctx, m.tx, l.ID, c.item, c.lot, 0)
	return f.refusesContainer(c), err
}

// contents is a container as a bin feels it.
func contents(ctx context.Context, q pg.Querier, id LocationID) (c cargo, err error) {
	c.packages = 1
	err = q.QueryRowContext(ctx, `
		with recursive here as (select $1::bigint as id union all select l.id from locations l join here on l.parent_id = here.id)
		select coalesce(min(b.item_id), 0), coalesce(min(b.lot_id), 0), coalesce(min(i.name), ''), count(distinct b.item_id), count(distinct (b.item_id, b.lot_id)), coalesce(sum(b.on_hand), 0)::bigint,
		       coalesce(sum(b.on_hand::float8 * i.weight_g), 0), coalesce(sum(b.on_hand::float8 * i.length_mm * i.width_mm * i.height_mm), 0) / 1000
		from here join balances b on b.location_id = here.id and b.on_hand > 0 join items i on i.id = b.item_id`, id).
		Scan(&c.item, &c.lot, &c.name, &c.items, &c.lots, &c.pieces, &c.weight, &c.volume)
	return c, err
}

// pourInto moves what was chosen of a bin into another one.
func (m *mover) pourInto(ctx context.Context, l Location) (verdict, error) {
	from, err := LocationByID(ctx, m.tx, m.hand.from)
	switch {
	case err != nil:
		return verdict{}, err
	case l.ID == from.ID:
		return wrong("That is the bin you take it from. Scan where it goes."), nil
	case l.Kind != Bin && !(l.Kind == Quarantine || slices.Contains(portable, l.Kind) && l.Kind != Cart):
		return wrong("%s is a %s: goods of a bin go into another bin.", l.Code, l.Kind), nil
	case !l.Active:
		return wrong("%s is out of use. Scan another place.", l.Code), nil
	}
	if _, err := lockLocation(ctx, m.tx, l.ID, toCarry); err != nil {
		return verdict{}, err
	}
	parts, err := m.parts(ctx)
	if err != nil {
		return verdict{}, err
	}
	inside, err := m.inside(ctx)
	if err != nil {
		return verdict{}, err
	}
	if len(parts)+len(inside) == 0 {
		m.hand = shifting{}
		return wrong("%s is empty by the books: nothing was moved.", from.Code), nil
	}
	no, err := m.spoken(ctx, from, parts)
	if no != "" || err != nil {
		return wrong("%s", no), err
	}
	if no, err = m.objection(ctx, from, l, parts, inside); err != nil {
		return verdict{}, err
	}
	if answer, ok, err := m.allowed(ctx, l, no); !ok || err != nil {
		return answer, err
	}
	return m.pour(ctx, from, l, parts, inside)
}

// holds reports that a balance is of the item and lot in hand.
func (h shifting) holds(b Balance) bool {
	return b.Item == h.item && (h.lot == anyLot || b.Lot == h.lot)
}

// parts are the balances that go, with their items locked.
func (m *mover) parts(ctx context.Context) (parts []Balance, err error) {
	all, err := Contents(ctx, m.tx, m.hand.from)
	if err != nil {
		return nil, err
	}
	var keys []key
	for _, b := range all {
		if m.hand.everything || m.hand.holds(b) {
			keys = append(keys, key{m.warehouse, b.Item})
		}
	}
	if _, err := lockItems(ctx, m.tx, keys); err != nil {
		return nil, err
	}
	if all, err = Contents(ctx, m.tx, m.hand.from); err != nil {
		return nil, err
	}
	left := m.hand.quantity
	for _, b := range all {
		switch {
		case b.OnHand <= 0:
			continue
		case m.hand.everything:
			parts = append(parts, b)
		case m.hand.holds(b) && left > 0:
			b.OnHand = min(b.OnHand, left)
			left -= b.OnHand
			parts = append(parts, b)
		}
	}
	return parts, nil
}

// inside are the containers that stand in the bin, which go along with everything.
func (m *mover) inside(ctx context.Context) ([]Location, error) {
	if !m.hand.everything {
		return nil, nil
	}
	return Inside(ctx, m.tx, m.hand.from)
}

// spoken refuses what open pick lists and replenishments will take out of the bin.
func (m *mover) spoken(ctx context.Context, from Location, parts []Balance) (string, error) {
	plans, err := m.plans(ctx, m.tx, from.ID)
	if err != nil {
		return "", err
	}
	for _, p := range plans {
		for _, b := range parts {
			if b.Item != p.Item || b.Lot != p.Lot {
				continue
			}
			var there int64
			if err := m.tx.QueryRowContext(ctx, `
				select coalesce(sum(on_hand), 0)::bigint from balances where location_id = $1 and item_id = $2 and lot_id = $3`, from.ID, b.Item, b.Lot).Scan(&there); err != nil {
				return "", err
			}
			if there-b.OnHand < p.Quantity {
				return fmt.Sprintf("%s takes %d %s from %s: they stay until it is picked, or until a manager takes the list back.", p.List, p.Quantity, b.Name, from.Code), nil
			}
		}
	}
	var id ReplenishmentID
	err = m.tx.QueryRowContext(ctx, `
		select id from replenishments where from_id = $1 and state = 'open' and item_id = any($2) order by id limit 1`,
		from.ID, pg.Array(column(parts, func(b Balance) ItemID { return b.Item }))).Scan(&id)
	if err == sql.ErrNoRows || !m.hand.everything && err == nil {
		return "", nil
	}
	return fmt.Sprintf("%s brings goods from %s to a pick face: finish or cancel it first.", id, from.Code), err
}

// objection says why a place does not take these goods, or what it would cost, or "".
func (m *mover) objection(ctx context.Context, from, to Location, parts []Balance, inside []Location) (string, error) {
	if from.Allocatable && !to.Allocatable {
		if no, err := m.promised(ctx, parts); no != "" || err != nil {
			return no, err
		}
	}
	if to.Kind != Bin {
		return "", nil
	}
	var whole cargo
	for i, b := range parts {
		c, err := piece(ctx, m.tx, b.Item, b.Lot)
		if err != nil {
			return "", err
		}
		if i == 0 {
			whole.item, whole.lot, whole.name = b.Item, b.Lot, b.Name
		}
		whole.pieces += b.OnHand
		whole.weight += float64(b.OnHand) * c.weight
		whole.volume += float64(b.OnHand) * c.volume
		if whole.item != b.Item || whole.items == 0 {
			whole.items++
		}
	}
	for _, box := range inside {
		c, err := contents(ctx, m.tx, box.ID)
		if err != nil {
			return "", err
		}
		if whole.item == 0 {
			whole.item, whole.lot, whole.name = c.item, c.lot, c.name
		}
		whole.packages++
		whole.pieces, whole.weight, whole.volume, whole.items = whole.pieces+c.pieces, whole.weight+c.weight, whole.volume+c.volume, whole.items+c.items
	}
	f, err := room(ctx, m.tx, to.ID, whole.item, whole.lot, 0)
	return f.refusesContainer(whole), err
}

// promised says what orders would lose, or "".
func (m *mover) promised(ctx context.Context, parts []Balance) (string, error) {
	goes := map[ItemID]int64{}
	for _, b := range parts {
		goes[b.Item] += b.OnHand
		var free int64
		if err := m.tx.QueryRowContext(ctx, `
			select (select coalesce(sum(on_hand), 0) from balances where warehouse_id = $1 and item_id = $2 and allocatable)::bigint
			     - (select coalesce(sum(held), 0) from reservations where warehouse_id = $1 and item_id = $2)::bigint`, m.warehouse, b.Item).Scan(&free); err != nil {
			return "", err
		}
		if short := goes[b.Item] - free; short > 0 {
			return fmt.Sprintf("%d of the %s are promised to orders, which would lose them.", short, b.Name), nil
		}
	}
	return "", nil
}

// pour is the movements, and the containers that go along.
func (m *mover) pour(ctx context.Context, from, to Location, parts []Balance, inside []Location) (verdict, error) {
	var all []Movement
	var pieces int64
	for i, b := range parts {
		pieces += b.OnHand
		all = append(all, Movement{Warehouse: m.warehouse, Item: b.Item, Lot: b.Lot, Quantity: b.OnHand, From: from.ID, To: to.ID, Reason: ReasonTransfer,
			Ref: "MOVE", Staff: m.scan.Staff, Station: m.scan.Station, Scan: m.scan.Key, Leg: int16(i), At: m.scan.At})
	}
	if len(all) > 0 {
		err := Move(ctx, m.tx, all...)
		if fault.KindOf(err) == fault.Conflict {
			return wrong("%s", fault.Message(err)), nil
		}
		if err != nil {
			return verdict{}, err
		}
	}
	for _, box := range inside {
		err := Relocate(ctx, m.tx, Relocation{Location: box.ID, To: to.ID, Staff: m.scan.Staff, Scan: m.scan.Key, At: m.scan.At})
		if err != nil {
			return verdict{}, err
		}
	}
	everything, lot := m.hand.everything, m.hand.lot
	m.hand = shifting{}
	switch {
	case everything && len(inside) > 0:
		return right("Everything is in %s now: %d pieces and %d containers. %s is empty.", to.Code, pieces, len(inside), from.Code), nil
	case everything:
		return right("Everything is in %s now, %d pieces. %s is empty.", to.Code, pieces, from.Code), nil
	}
	g, err := goodsOf(ctx, m.tx, parts[0].Item, max(0, lot))
	return right("%d %s moved from %s to %s.", pieces, g, from.Code, to.Code), err
}
