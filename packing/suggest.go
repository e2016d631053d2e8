package packing

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/packing/boxes"
	"tote/picking"
)

// Good is so much of an item that is still to go into closed cartons.
type Good struct {
	SKU      string
	Name     string
	Quantity int64
	Size     [3]int64 // length, width, height in mm; 0 where it is not known
	WeightG  int64
	Upright  bool
	Alone    bool
	WrapG    int64 // what the materials of one unit weigh
	Once     []Once
}

// Once is a material that each carton takes once, for whoever in it wants it; the most that one of them wants is enough.
type Once struct {
	Item  inventory.ItemID
	Grams int64
}

// Question is what cartons are suggested for: goods, and the boxes there are.
type Question struct {
	Goods []Good
	Boxes []Type
	Once  []Once // in every carton, whatever lies in it
}

// Suggestion says which cartons to take, and where everything lies in them.
type Suggestion struct {
	Cartons   []Suggested
	Proven    bool   // fewer cartons are impossible
	Unsized   []Good // what has no size is in no carton
	Oversize  []Good // what goes into no box is a parcel of its own
	Unweighed bool   // something that lies in a box has no weight
	TooLarge  bool   // so many units are not laid out one by one
}

// Suggested is one carton: its box, which has no ID for what is a parcel by itself, and what lies in it in the order
// in which it is laid in.
type Suggested struct {
	Box     Type
	Void    float64 // of the box, per cent
	WeightG int64
	Units   []Laid
}

// Laid is one unit where it lies: the corner at the bottom where left and back wall meet, and its size there.
type Laid struct {
	SKU  string
	Name string
	At   [3]int
	Size [3]int
	Item [3]int // the item's own length, width and height
}

// Stance says how a unit stands there: which of its sides is vertical.
func (u Laid) Stance() string {
	up, height := u.Size[2], u.Item[2]
	low, high := min(u.Item[0], u.Item[1], u.Item[2]), max(u.Item[0], u.Item[1], u.Item[2])
	switch {
	case low == high:
		return "any way up"
	case up == height && up == low:
		return "flat"
	case up == height && up == high:
		return "upright"
	case up == height:
		return "the right way up"
	case up == high:
		return "standing on its end"
	case height == low:
		return "standing on its edge"
	}
	return "on its side"
}

// Preset is the box of the first carton, 0 for none.
func (s Suggestion) Preset() TypeID {
	if len(s.Cartons) == 0 {
		return 0
	}
	return s.Cartons[0].Box.ID
}

// ReadQuestion reads what of a demand is to be packed now: what lies in totes and in the open carton, or, while it is
// not picked, all that was asked for. One of another warehouse than where somebody works does not exist for him.
func ReadQuestion(ctx context.Context, q pg.Querier, ref string, warehouse inventory.WarehouseID) (ask Question, err error) {
	defer fault.Wrap(&err, "packing.ReadQuestion(%s)", ref)
	var state picking.State
	err = q.QueryRowContext(ctx, `select state from demands where ref = $1 and warehouse_id = $2`, ref, warehouse).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return ask, fault.New(fault.NotFound, "%s is not on the floor here.", ref)
	}
	if err != nil {
		return ask, err
	}
	ask.Goods, err = pg.Collect(func(g *Good) []any {
		return []any{&g.SKU, &g.Name, &g.Quantity, &g.Size[0], &g.Size[1], &g.Size[2], &g.WeightG, &g.Upright, &g.Alone}
	})(q.QueryContext(ctx, `
		select i.sku, i.name, x.quantity, i.length_mm, i.width_mm, i.height_mm, i.weight_g, i.upright, i.ships_alone
		from (select l.item_id, min(l.line) as line, sum(case when d.state = 'picked' then
				coalesce((select sum(t.quantity) from tote_lines t where t.ref = l.ref and t.demand_id = d.id), 0)
				+ coalesce((select sum(c.quantity) from cartons k join carton_lines c on c.carton_id = k.id and c.ref = l.ref
					where k.demand_id = d.id and k.state = 'open'), 0)
			when d.state in ('open', 'listed') then l.quantity - l.shipped
				- coalesce((select sum(c.quantity) from cartons k join carton_lines c on c.carton_id = k.id and c.ref = l.ref
					where k.demand_id = d.id and k.state = 'closed'), 0)
			else 0 end)::bigint as quantity
			from demands d join demand_lines l on l.demand_id = d.id
			where d.ref = $1 and not l.straight group by l.item_id) x
		join items i on i.id = x.item_id
		where x.quantity > 0
		order by x.line`, ref))
	if err != nil {
		return ask, err
	}
	if err := ask.readMaterials(ctx, q, ref); err != nil {
		return ask, err
	}
	ask.Boxes, err = Types(ctx, q, warehouse)
	return ask, err
}

// Without is the question for what is left when a full carton is closed.
func (q Question) Without(lines []CartonLine) Question {
	q.Goods = slices.Clone(q.Goods)
	for i := range q.Goods {
		for _, l := range lines {
			if l.SKU == q.Goods[i].SKU {
				q.Goods[i].Quantity -= l.Quantity
			}
		}
	}
	q.Goods = slices.DeleteFunc(q.Goods, func(g Good) bool { return g.Quantity <= 0 })
	return q
}

// What is laid out unit by unit at most.
const (
	mostLaid  = 1000
	mostGoods = 200
	effort    = 30
)

// asked keeps the last answers: an order that is being packed asks for the same again with every scan.
var asked = struct {
	sync.Mutex
	answers map[string]Suggestion
}{answers: map[string]Suggestion{}}

// Suggest answers a question. It reads no database: whoever holds a lock asks the question and lets go of it first.
func Suggest(q Question) Suggestion {
	key := fmt.Sprint(q)
	asked.Lock()
	s, known := asked.answers[key]
	asked.Unlock()
	if known {
		return s
	}
	s = suggest(q)
	asked.Lock()
	if len(asked.answers) >= 256 {
		clear(asked.answers)
	}
	asked.answers[key] = s
	asked.Unlock()
	return s
}

// SuggestIn answers a question whose first carton stands in a box already, 0 for none: with a carton in that box first,
// if the plan has one or all of it goes into that box alone. It says if neither is so.
func SuggestIn(q Question, box TypeID) (s Suggestion, fits bool) {
	s = Suggest(q)
	at := slices.IndexFunc(s.Cartons, func(c Suggested) bool { return c.Box.ID == box })
	switch {
	case box == 0 || len(s.Cartons) == 0:
		return s, true
	case at > 0:
		s.Cartons = slices.Concat(s.Cartons[at:at+1], s.Cartons[:at], s.Cartons[at+1:])
	case at < 0:
		q.Boxes = slices.DeleteFunc(slices.Clone(q.Boxes), func(t Type) bool { return t.ID != box })
		if alone := Suggest(q); len(alone.Cartons) == 1 && alone.Preset() == box {
			return alone, true
		}
		return s, false
	}
	return s, true
}

func suggest(q Question) (s Suggestion) {
	var units int64
	items := make([]boxes.Item, len(q.Goods))
	for i, g := range q.Goods {
		units += g.Quantity
		items[i] = boxes.Item{Quantity: int(g.Quantity), Size: boxes.Size{int(g.Size[0]), int(g.Size[1]), int(g.Size[2])}, Weight: int(g.WeightG + g.WrapG), Alone: g.Alone}
		if g.Upright {
			items[i].Up = boxes.Upright
		}
		if !items[i].Sized() {
			s.Unsized = append(s.Unsized, g)
		}
	}
	if s.TooLarge = units > mostLaid || len(q.Goods) > mostGoods; s.TooLarge || len(q.Boxes) == 0 {
		return s
	}
	types, once := make([]boxes.Box, len(q.Boxes)), int(q.once(q.Goods))
	for i, t := range q.Boxes {
		types[i] = boxes.Box{Inner: boxes.Size{int(t.Inner[0]), int(t.Inner[1]), int(t.Inner[2])}, Empty: int(t.WeightG) + once, Max: int(t.MaxWeightG), Volume: t.Outer[0] * t.Outer[1] * t.Outer[2]}
	}
	packed, err := boxes.Fit(types, items, effort)
	if err != nil { // sizes and weights beyond anything a box can be: nothing to suggest
		s.TooLarge = true
		return s
	}
	s.Proven = packed.Proven()
	for _, i := range packed.Loose {
		s.Oversize = append(s.Oversize, q.Goods[i])
	}
	for _, c := range packed.Cartons {
		s.add(q, types, c)
	}
	slices.SortStableFunc(s.Cartons, func(a, b Suggested) int {
		return cmp.Compare(b.Box.Inner[0]*b.Box.Inner[1]*b.Box.Inner[2], a.Box.Inner[0]*a.Box.Inner[1]*a.Box.Inner[2])
	})
	return s
}

func (s *Suggestion) add(q Question, types []boxes.Box, c boxes.Carton) {
	var one Suggested
	if c.Box >= 0 {
		one.Box, one.Void = q.Boxes[c.Box], c.Void(types[c.Box])
	}
	one.WeightG = one.Box.WeightG
	var inside []Good
	for _, u := range c.Placed {
		g := q.Goods[u.Item]
		s.Unweighed = s.Unweighed || g.WeightG == 0
		one.Units, inside = append(one.Units, Laid{g.SKU, g.Name, u.At, u.Size, [3]int{int(g.Size[0]), int(g.Size[1]), int(g.Size[2])}}), append(inside, g)
		one.WeightG += g.WeightG + g.WrapG
	}
	one.WeightG += q.once(inside)
	s.Cartons = append(s.Cartons, one)
}
