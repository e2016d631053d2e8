package inventory

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// ReplenishmentID names a replenishment.
type ReplenishmentID int64

// String is the replenishment as the ledger names it: REPL-7.
func (id ReplenishmentID) String() string { return "REPL-" + strconv.FormatInt(int64(id), 10) }

// Why stock is brought to a pick face.
const (
	ForDemand  = "demand"  // orders need more than lies where one picks
	ForMinimum = "minimum" // less lies there than should
)

// Replenishment says: bring so much from this bin to that pick face.
type Replenishment struct {
	ID                 ReplenishmentID
	Warehouse          WarehouseID
	Item               ItemID
	SKU, Name          string
	From, Face         LocationID
	FromCode, FaceCode string
	Quantity           int64
	Taken, Done        int64 // out of the bin, and into the face
	Reason             string
	State              string // open, done, cancelled
	Staff              staff.ID
	By                 string // who works on it or did; "" for nobody
	ClaimedAt          time.Time
	CreatedAt          time.Time
	ClosedAt           time.Time
}

// Carried is how much of it is in somebody's hands.
func (r Replenishment) Carried() int64 { return r.Taken - r.Done }

const replenishmentColumns = `
	select t.id, t.warehouse_id, t.item_id, i.sku, i.name, t.from_id, t.face_id, f.code, l.code, t.quantity, t.taken, t.done, t.reason, t.state,
	       coalesce(t.staff_id, 0), coalesce(s.name, ''), t.claimed_at, t.created_at, t.closed_at
	from replenishments t join items i on i.id = t.item_id join locations f on f.id = t.from_id join locations l on l.id = t.face_id
	     left join staff s on s.id = t.staff_id `

func (r *Replenishment) fields() []any {
	return []any{&r.ID, &r.Warehouse, &r.Item, &r.SKU, &r.Name, &r.From, &r.Face, &r.FromCode, &r.FaceCode, &r.Quantity, &r.Taken, &r.Done, &r.Reason, &r.State,
		&r.Staff, &r.By, (*moment)(&r.ClaimedAt), &r.CreatedAt, (*moment)(&r.ClosedAt)}
}

// replenishmentWhere reads one; none is a zero one.
func replenishmentWhere(ctx context.Context, q pg.Querier, where string, args ...any) (r Replenishment, err error) {
	err = q.QueryRowContext(ctx, replenishmentColumns+where, args...).Scan(r.fields()...)
	if err == sql.ErrNoRows {
		return Replenishment{}, nil
	}
	return r, err
}

// inTurn is the order in which open replenishments are worked on: what orders need first, then the oldest.
const inTurn = ` order by t.reason <> 'demand', t.created_at, t.id`

// OpenReplenishments lists what is to be brought, in turn.
func OpenReplenishments(ctx context.Context, q pg.Querier, warehouse WarehouseID, limit int) (_ []Replenishment, err error) {
	defer fault.Wrap(&err, "inventory.OpenReplenishments(%d)", warehouse)
	return list(ctx, q, (*Replenishment).fields, replenishmentColumns+`where t.warehouse_id = $1 and t.state = 'open'`+inTurn+` limit $2`, warehouse, limit)
}

// Replenishments lists those of a state ("" is all), the newest first, those before the one before (0 is the newest).
func Replenishments(ctx context.Context, q pg.Querier, warehouse WarehouseID, state string, before ReplenishmentID, limit int) (_ []Replenishment, err error) {
	defer fault.Wrap(&err, "inventory.Replenishments(%d, %q)", warehouse, state)
	return list(ctx, q, (*Replenishment).fields, replenishmentColumns+`
		where t.warehouse_id = $1 and ($2 = '' or t.state = $2) and ($3 = 0 or t.id < $3) order by t.id desc limit $4`, warehouse, state, before, limit)
}

// ReplenishmentsWaiting is how many are open.
func ReplenishmentsWaiting(ctx context.Context, q pg.Querier, warehouse WarehouseID) (n int64, err error) {
	defer fault.Wrap(&err, "inventory.ReplenishmentsWaiting(%d)", warehouse)
	err = q.QueryRowContext(ctx, `select count(*) from replenishments where warehouse_id = $1 and state = 'open'`, warehouse).Scan(&n)
	return n, err
}

// CancelReplenishment ends one that nobody works on. It comes again while its reason lasts.
func CancelReplenishment(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id ReplenishmentID, who staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "inventory.CancelReplenishment(%d)", id)
	r, err := replenishmentWhere(ctx, tx, `where t.id = $1 and t.warehouse_id = $2 for no key update of t`, id, warehouse)
	switch {
	case err != nil:
		return err
	case r.ID == 0:
		return fault.New(fault.NotFound, "There is no such replenishment here.")
	case r.State != "open":
		return fault.New(fault.Conflict, "%s is %s already.", id, r.State)
	case r.Staff != 0:
		return fault.New(fault.Conflict, "%s works on %s at this moment.", r.By, id)
	}
	if _, err := tx.ExecContext(ctx, `update replenishments set state = 'cancelled', closed_at = $2 where id = $1`, id, at); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, who, "replenishment.cancelled", id.String(), nil)
}

// Spoken is stock in a bin that a pick list will take: it is not carried away from under a picker.
type Spoken struct {
	Location LocationID
	Item     ItemID
	Quantity int64
}

// Replenish asks for what pick faces need, at most once at a time for each: first what is promised to orders beyond
// what lies in pickable bins, as far as overstock has it; then, for faces below their minimum, up to their maximum. What
// nobody works on yet follows the present need, and goes when there is none. An item without a face of its own is
// brought to its home bin when orders need it. It answers how many are open.
//
// The caller tells what open pick lists will take from which bin; this package knows no pick lists.
func Replenish(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, at time.Time, spoken ...Spoken) (open int, err error) {
	defer fault.Wrap(&err, "inventory.Replenish(%d)", warehouse)
	// Two who ask at once take turns; the second finds what the first has asked for.
	if _, err := tx.ExecContext(ctx, `select 1 from warehouses where id = $1 for no key update`, warehouse); err != nil {
		return 0, err
	}
	// What somebody works on stays as it is until the need is known, or it would be counted twice.
	if _, err := tx.ExecContext(ctx, `
		select 1 from replenishments where warehouse_id = $1 and state = 'open' and staff_id is not null order by id for no key update`, warehouse); err != nil {
		return 0, err
	}
	wants, err := facesInNeed(ctx, tx, warehouse, spoken)
	if err != nil {
		return 0, err
	}
	sources, err := sourcesOf(ctx, tx, warehouse, wants, spoken)
	if err != nil {
		return 0, err
	}
	ids := []ReplenishmentID{} // not nil: none is an answer too
	for _, w := range wants {
		s := w.choose(sources)
		if s == nil {
			continue
		}
		n := min(w.quantity, s.free)
		var id ReplenishmentID
		err := tx.QueryRowContext(ctx, `
			insert into replenishments (warehouse_id, item_id, from_id, face_id, quantity, reason, created_at) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (face_id, item_id) where state = 'open' do update
			set from_id = excluded.from_id, quantity = excluded.quantity, reason = excluded.reason where replenishments.staff_id is null
			returning id`, warehouse, w.item, s.location, w.face, n, w.reason, at).Scan(&id)
		if err != nil && err != sql.ErrNoRows { // no row: somebody has just begun to work on it
			return 0, err
		}
		s.free -= n
		ids = append(ids, id)
	}
	err = tx.QueryRowContext(ctx, `
		with gone as (
			update replenishments set state = 'cancelled', closed_at = $2
			where warehouse_id = $1 and state = 'open' and staff_id is null and id <> all($3) returning id
		)
		select count(*) from replenishments where warehouse_id = $1 and state = 'open' and id not in (select id from gone)`,
		warehouse, at, pg.Array(ids)).Scan(&open)
	return open, err
}

// faceNeed is a pick face that lacks something.
type faceNeed struct {
	item     ItemID
	face     LocationID
	quantity int64
	reason   string
}

// facesInNeed reads what each face lacks, what orders need first. What somebody carries there already counts as there.
func facesInNeed(ctx context.Context, q pg.Querier, warehouse WarehouseID, spoken []Spoken) ([]faceNeed, error) {
	type row struct {
		item         ItemID
		face         LocationID
		low, high    int64
		there        int64 // in the face, and on its way to it
		lacks, stock int64 // of the item: what orders lack in pickable bins, and what overstock has
		first        bool  // the item's first face: it gets what orders lack
	}
	rows, err := list(ctx, q, func(r *row) []any {
		return []any{&r.item, &r.face, &r.low, &r.high, &r.there, &r.lacks, &r.stock, &r.first}
	}, `
		with face as (
			select f.item_id, f.location_id, f.min_quantity as low, f.max_quantity as high, l.code
			from pick_faces f join locations l on l.id = f.location_id
			where f.warehouse_id = $1 and l.kind = 'bin' and l.use = 'pickable' and l.active
			union all
			select w.item_id, w.home_id, 0, 0, l.code
			from warehouse_items w join locations l on l.id = w.home_id
			where w.warehouse_id = $1 and l.kind = 'bin' and l.use = 'pickable' and l.active
			  and not exists (select from pick_faces f where f.warehouse_id = $1 and f.item_id = w.item_id)
		), planned as (
			select p.item_id, p.location_id, sum(p.quantity) as quantity
			from unnest($2::bigint[], $3::bigint[], $4::bigint[]) p (location_id, item_id, quantity) group by 1, 2
		), coming as (
			select item_id, face_id, sum(quantity - done) as quantity from replenishments
			where warehouse_id = $1 and state = 'open' and staff_id is not null group by 1, 2
		), stock as (
			select b.item_id,
			       coalesce(sum(b.on_hand) filter (where l.kind = 'bin' and l.use = 'pickable' and not o.blocked), 0) as pickable,
			       coalesce(sum(b.on_hand) filter (where l.kind = 'bin' and l.use = 'overstock' and not o.blocked), 0) as overstock,
			       coalesce(sum(b.on_hand) filter (where l.kind <> 'bin' and h.hand_id is null), 0) as picked
			from balances b join locations l on l.id = b.location_id join lots o on o.id = b.lot_id left join replenishing h on h.hand_id = l.id
			where b.warehouse_id = $1 and b.allocatable and b.item_id in (select item_id from face) group by b.item_id
		), lack as (
			select s.item_id, s.overstock,
			       coalesce((select sum(held) from reservations r where r.warehouse_id = $1 and r.item_id = s.item_id), 0) - s.picked
			       - s.pickable - coalesce((select sum(quantity) from coming c where c.item_id = s.item_id), 0)
			       - coalesce((select sum(p.quantity) from planned p join locations l on l.id = p.location_id
			                   where p.item_id = s.item_id and l.use = 'overstock'), 0) as lacks
			from stock s
		)
		select f.item_id, f.location_id, f.low, f.high,
		       (coalesce((select sum(b.on_hand) from balances b join lots o on o.id = b.lot_id
		                  where b.item_id = f.item_id and b.location_id = f.location_id and not o.blocked), 0)
		        + coalesce((select quantity from coming c where c.item_id = f.item_id and c.face_id = f.location_id), 0))::bigint,
		       greatest(coalesce(k.lacks, 0), 0)::bigint, coalesce(k.overstock, 0)::bigint,
		       row_number() over (partition by f.item_id order by f.code) = 1
		from face f left join lack k on k.item_id = f.item_id
		order by f.item_id, f.code`, append([]any{warehouse}, spokenArgs(spoken)...)...)
	if err != nil {
		return nil, err
	}
	var needs []faceNeed
	for _, r := range rows {
		n := faceNeed{item: r.item, face: r.face}
		if r.there < r.low {
			n.quantity, n.reason = r.high-r.there, ForMinimum
		}
		if lacks := min(r.lacks, r.stock); r.first && lacks > 0 {
			n.quantity, n.reason = max(lacks, r.high-r.there), ForDemand
		}
		if n.quantity > 0 {
			needs = append(needs, n)
		}
	}
	slices.SortStableFunc(needs, func(a, b faceNeed) int { return first(a.reason == ForDemand, b.reason == ForDemand) })
	return needs, nil
}

// first orders those for whom the word is true before the others.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func spokenArgs(all []Spoken) []any {
	return []any{
		pg.Array(column(all, func(s Spoken) int64 { return int64(s.Location) })),
		pg.Array(column(all, func(s Spoken) int64 { return int64(s.Item) })),
		pg.Array(column(all, func(s Spoken) int64 { return s.Quantity })),
	}
}

// source is a bin that can give an item.
type source struct {
	item      ItemID
	location  LocationID
	overstock bool
	turn      int // of its first lot among the item's
	free      int64
}

// sourcesOf reads where the items of the needs lie beside their faces, overstock first, then the lot whose turn it is,
// the fullest last: what is left over in a bin is used up. A bin that is to be counted because it is in doubt gives
// nothing; one whose turn to be counted it is does. A lot that is too old stays where it is.
func sourcesOf(ctx context.Context, q pg.Querier, warehouse WarehouseID, wants []faceNeed, spoken []Spoken) ([]source, error) {
	return list(ctx, q, func(s *source) []any { return []any{&s.item, &s.location, &s.overstock, &s.turn, &s.free} }, `
		select item_id, location_id, overstock, turn, free from (
			select b.item_id, b.location_id, l.use = 'overstock' as overstock, l.code, min(b.turn) as turn, (sum(b.on_hand)
			       - coalesce((select sum(p.quantity) from unnest($2::bigint[], $3::bigint[], $4::bigint[]) p (location_id, item_id, quantity)
			                   where p.location_id = b.location_id and p.item_id = b.item_id), 0)
			       - coalesce((select sum(greatest(r.quantity - r.taken, 0)) from replenishments r
			                   where r.from_id = b.location_id and r.item_id = b.item_id and r.state = 'open' and r.staff_id is not null), 0))::bigint as free
			from (
				select b.item_id, b.location_id, b.on_hand, `+LotTurn+` as turn
				from balances b join items i on i.id = b.item_id join lots lo on lo.id = b.lot_id join warehouses w on w.id = b.warehouse_id
				where b.warehouse_id = $1 and b.item_id = any($5) and b.on_hand > 0 and not lo.blocked
			) b join locations l on l.id = b.location_id
			where l.kind = 'bin' and l.use in ('overstock', 'pickable') and l.active
			  and not exists (select from pick_faces f where f.location_id = l.id and f.item_id = b.item_id)
			  and not exists (select from warehouse_items w where w.home_id = l.id and w.item_id = b.item_id)
			  and not exists (select from count_tasks t where t.location_id = l.id and t.state = 'open' and (t.item_id is null or t.item_id = b.item_id) and `+doubted+`)
			group by b.item_id, b.location_id, l.id
		) s where free > 0 order by item_id, overstock desc, turn, free, code`,
		append(append([]any{warehouse}, spokenArgs(spoken)...), pg.Array(column(wants, func(w faceNeed) int64 { return int64(w.item) })))...)
}

// choose is the smallest source that has all of it, else the one that has most, among those whose turn it is; overstock
// before anything else, and for orders nothing else: what lies in pickable bins is picked there.
func (w faceNeed) choose(all []source) (best *source) {
	for i := range all {
		s := &all[i]
		if s.item != w.item || s.free <= 0 || s.location == w.face || w.reason == ForDemand && !s.overstock {
			continue
		}
		switch {
		case best == nil:
			best = s
		case best.overstock && !s.overstock, s.turn > best.turn:
		case best.free < w.quantity && s.free > best.free:
			best = s
		}
	}
	return best
}
