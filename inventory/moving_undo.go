package inventory

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/scan"
)

func (m *mover) undoLast(ctx context.Context) (verdict, error) {
	var which scan.Key
	err := m.tx.QueryRowContext(ctx, `
		select s.key from scans s
		where s.ref = $1 and s.undone_by is null and not exists (select from scans u where u.undone_by = s.key)
		  and (exists (select from movements m where m.scan = s.key and m.reason = 'transfer') or exists (select from relocations r where r.scan = s.key))
		order by s.id desc limit 1`, movings(m.scan.Staff)).Scan(&which)
	if err == sql.ErrNoRows {
		return wrong("There is nothing to take back."), nil
	}
	if err != nil {
		return verdict{}, err
	}
	return m.undo(ctx, which)
}

// undo brings goods and containers of one scan back to where they were.
func (m *mover) undo(ctx context.Context, which scan.Key) (verdict, error) {
	var mine bool
	err := m.tx.QueryRowContext(ctx, `
		select exists (select from scans where key = $1 and ref = $2 and undone_by is null and not exists (select from scans u where u.undone_by = $1)
		               and (exists (select from movements where scan = $1) or exists (select from relocations where scan = $1)))`,
		which, movings(m.scan.Staff)).Scan(&mine)
	switch {
	case err != nil:
		return verdict{}, err
	case !mine:
		return wrong("That scan moved nothing, or was taken back already."), nil
	}
	went, no, err := m.containers(ctx, which)
	if err == nil && no == "" {
		no, err = m.spokenSince(ctx, which)
	}
	if no != "" || err != nil {
		return wrong("%s", no), err
	}
	err = Reverse(ctx, m.tx, which, Movement{Staff: m.scan.Staff, Station: m.scan.Station, Scan: m.scan.Key, At: m.scan.At})
	switch k := fault.KindOf(err); {
	case k == fault.Conflict:
		return wrong("%s", fault.Message(err)), nil
	case err != nil && k != fault.NotFound: // not found: only containers went
		return verdict{}, err
	}
	for _, w := range went {
		if err := Relocate(ctx, m.tx, Relocation{Location: w.box, To: w.from, Staff: m.scan.Staff, Scan: m.scan.Key, At: m.scan.At}); err != nil {
			return verdict{}, err
		}
	}
	m.hand = shifting{}
	return right("Taken back: everything is where it was."), scan.TakeBack(ctx, m.tx, which, m.scan.Key)
}

// way is how a container went.
type way struct {
	box, from, to, at LocationID
	code              string
}

// containers are those that a scan set down, or why they cannot go back.
func (m *mover) containers(ctx context.Context, which scan.Key) (all []way, no string, err error) {
	all, err = list(ctx, m.tx, func(w *way) []any { return []any{&w.box, &w.from, &w.to, &w.at, &w.code} }, `
		select r.location_id, coalesce(r.from_id, 0), coalesce(r.to_id, 0), coalesce(l.parent_id, 0), l.code
		from relocations r join locations l on l.id = r.location_id where r.scan = $1 order by r.location_id`, which)
	for _, w := range all {
		if w.at != w.to {
			no = w.code + " has been carried on since. Move it by hand."
		}
	}
	return all, no, err
}

// spokenSince refuses to take away what pick lists were sent for since.
func (m *mover) spokenSince(ctx context.Context, which scan.Key) (string, error) {
	parts, err := list(ctx, m.tx, func(b *Balance) []any {
		return []any{&b.Item, &b.SKU, &b.Name, &b.Lot, &b.Location, &b.Code, &b.OnHand}
	}, `
		select m.item_id, i.sku, i.name, m.lot_id, m.to_id, l.code, m.quantity
		from movements m join items i on i.id = m.item_id join locations l on l.id = m.to_id where m.scan = $1 order by m.item_id`, which)
	if err != nil || len(parts) == 0 {
		return "", err
	}
	keys := column(parts, func(b Balance) key { return key{m.warehouse, b.Item} })
	if _, err := lockItems(ctx, m.tx, keys); err != nil {
		return "", err
	}
	return m.spoken(ctx, Location{ID: parts[0].Location, Code: parts[0].Code}, parts)
}
