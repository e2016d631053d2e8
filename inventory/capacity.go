package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Mixing says what may lie together in a bin.
type Mixing string

// The rules of mixing, the strictest first.
const (
	EmptyOnly Mixing = "empty" // one load, then nothing until the bin is empty
	SameItem  Mixing = "item"
	SameLot   Mixing = "lot"
	Mixed     Mixing = "mixed"
)

var mixings = []Mixing{EmptyOnly, SameItem, SameLot, Mixed}

// Limits is what a bin takes at most, what stands in it and the goods inside of that included; 0 is without limit.
// Packages are the pallets, cartons and totes that stand in it. Goods without a known size or weight count nothing.
type Limits struct {
	WeightG  int64
	VolumeML int64
	Pieces   int64
	Packages int64
	Mixing   Mixing
}

func (l *Limits) fields() []any {
	return []any{&l.WeightG, &l.VolumeML, &l.Pieces, &l.Packages, &l.Mixing}
}

// AsClass in a bin's own limits stands for what its class says; for mixing it is "".
const AsClass = -1

// maxLimit is a thousand tonnes, or a thousand cubic metres in millilitres.
const maxLimit = 1_000_000_000

// check names what is wrong as max_weight_g, max_volume_ml, max_pieces, max_packages and mixing.
func (l Limits) check(lowest int64, mixing ...Mixing) error {
	var bad fault.Fields
	for _, f := range []struct {
		name, what string
		n          int64
	}{{"max_weight_g", "The weight", l.WeightG}, {"max_volume_ml", "The volume", l.VolumeML},
		{"max_pieces", "The number of pieces", l.Pieces}, {"max_packages", "The number of packages", l.Packages}} {
		if f.n < lowest || f.n > maxLimit {
			bad.Add(f.name, "%s is a number from 0, which is without limit, to %d.", f.what, maxLimit)
		}
	}
	if !slices.Contains(mixing, l.Mixing) {
		bad.Add("mixing", "What lies together is one of %s.", join(mixings))
	}
	return bad.Err()
}

// ClassLimits is what bins of each class take that say nothing of their own.
func ClassLimits(ctx context.Context, q pg.Querier) (_ map[BinClass]Limits, err error) {
	defer fault.Wrap(&err, "inventory.ClassLimits()")
	type row struct {
		class BinClass
		Limits
	}
	all, err := list(ctx, q, func(r *row) []any { return append([]any{&r.class}, r.Limits.fields()...) }, `
		select class, max_weight_g, max_volume_ml, max_pieces, max_packages, mixing from bin_classes`)
	by := make(map[BinClass]Limits, len(all))
	for _, r := range all {
		by[r.class] = r.Limits
	}
	return by, err
}

// SetClassLimits changes what bins of a class take. What lies in them already stays.
func SetClassLimits(ctx context.Context, tx *sql.Tx, class BinClass, l Limits, by staff.ID) (err error) {
	defer fault.Wrap(&err, "inventory.SetClassLimits(%s)", class)
	if err := l.check(0, mixings...); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		update bin_classes set max_weight_g = $2, max_volume_ml = $3, max_pieces = $4, max_packages = $5, mixing = $6 where class = $1`,
		class, l.WeightG, l.VolumeML, l.Pieces, l.Packages, l.Mixing)
	if err := oneRow(done, err, "There is no such class of bins. Go back to the list."); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, by, "bins.limited", string(class), l)
}

// OwnLimits is what a bin says of its own.
func OwnLimits(ctx context.Context, q pg.Querier, bin LocationID) (l Limits, err error) {
	defer fault.Wrap(&err, "inventory.OwnLimits(%d)", bin)
	err = q.QueryRowContext(ctx, `
		select coalesce(max_weight_g, -1), coalesce(max_volume_ml, -1), coalesce(max_pieces, -1), coalesce(max_packages, -1), coalesce(mixing, '')
		from locations where id = $1`, bin).Scan(l.fields()...)
	return l, err
}

// SetOwnLimits gives bins limits of their own, or with AsClass and "" those of their class.
func SetOwnLimits(ctx context.Context, tx *sql.Tx, l Limits, bins ...LocationID) (err error) {
	defer fault.Wrap(&err, "inventory.SetOwnLimits(%d)", len(bins))
	if err := l.check(AsClass, append([]Mixing{""}, mixings...)...); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update locations set max_weight_g = nullif($2, -1), max_volume_ml = nullif($3, -1), max_pieces = nullif($4, -1),
		       max_packages = nullif($5, -1), mixing = nullif($6, '') where id = any($1)`,
		pg.Array(bins), l.WeightG, l.VolumeML, l.Pieces, l.Packages, l.Mixing)
	return err
}

// fill is a bin with what it takes and what is in it or on its way there.
type fill struct {
	id   LocationID
	code string
	Limits
	weight, volume float64 // grams, millilitres
	pieces         int64
	packages       int64
	stranger       string // another item in it than the one in question, by name; "" when there is none
	otherLot       bool
	old            string // a lot of the item in it that is too old to be sold; "" when there is none
}

func (f *fill) fields() []any {
	return append([]any{&f.id, &f.code, &f.weight, &f.volume, &f.pieces, &f.packages, &f.stranger, &f.otherLot, &f.old}, f.Limits.fields()...)
}

// fillColumns are those of fill for location l of class k, with u as inUse reads it.
const fillColumns = `l.id, l.code, u.weight_g, u.volume_ml, u.pieces, u.packages, u.stranger, u.other_lot, u.old, ` + limitColumns

const limitColumns = `
	coalesce(l.max_weight_g, k.max_weight_g), coalesce(l.max_volume_ml, k.max_volume_ml), coalesce(l.max_pieces, k.max_pieces),
	coalesce(l.max_packages, k.max_packages), coalesce(l.mixing, k.mixing)`

// inUse joins to location l its class k and what is in it or comes to it: item $1 of lot $2 is no stranger there, task
// $3 brings nothing.
const inUse = `
	join bin_classes k on k.class = l.bin_class
	cross join lateral (
		with recursive here as (select l.id union all select c.id from locations c join here on c.parent_id = here.id)
		select coalesce(sum(n::float8 * o.weight_g), 0) as weight_g, coalesce(sum(n::float8 * o.length_mm * o.width_mm * o.height_mm), 0) / 1000 as volume_ml,
		       coalesce(sum(n), 0)::bigint as pieces, (select count(*) from locations c where c.parent_id = l.id) as packages,
		       coalesce(min(o.name) filter (where x.item_id <> $1), '') as stranger,
		       coalesce(bool_or(x.item_id = $1 and x.lot_id <> $2), false) as other_lot,
		       coalesce(min(t.code) filter (where x.item_id = $1 and (t.blocked or t.expires_on - o.shelf_days < current_date)), '') as old
		from (
			select b.item_id, b.lot_id, b.on_hand as n from here join balances b on b.location_id = here.id where b.on_hand > 0
			union all
			select p.item_id, p.lot_id, p.suggested from putaway_tasks p
			where p.suggested_id = l.id and p.done < p.quantity and p.id <> $3 and p.suggested > 0
		) x join items o on o.id = x.item_id join lots t on t.id = x.lot_id
	) u `

// cargo is what is to go into a bin: pieces of an item, or a container with all that is in it.
type cargo struct {
	item     ItemID
	lot      LotID
	name     string
	pieces   int64
	weight   float64 // grams, of one piece; of the whole container
	volume   float64 // millilitres
	packages int64
	items    int64 // different ones in it
	lots     int64 // different ones of them
}

// passedOver says why nothing is proposed to be put there although there may be room, or "": fresh goods would hide old ones.
func (f fill) passedOver() string {
	if f.old == "" {
		return ""
	}
	return fmt.Sprintf("not %s, where lot %s is too old to sell", f.code, f.old)
}

// takes is how many of n pieces still fit.
func (f fill) takes(n int64, c cargo) int64 {
	if f.mixed(c) != "" {
		return 0
	}
	for _, l := range []struct {
		most      int64
		used, one float64
	}{{f.WeightG, f.weight, c.weight}, {f.VolumeML, f.volume, c.volume}, {f.Limits.Pieces, float64(f.pieces), 1}} {
		if l.most > 0 && l.one > 0 {
			n = min(n, int64(math.Floor((float64(l.most)-l.used)/l.one+1e-9)))
		}
	}
	return max(0, n)
}

// mixed says in a sentence why these goods may not lie beside what is there, or "".
func (f fill) mixed(c cargo) string {
	there := f.stranger
	if there == "" {
		there = c.name
	}
	switch {
	case f.Mixing == EmptyOnly && (f.pieces > 0 || f.packages > 0):
		return f.code + " is filled once and then left alone until it is empty."
	case f.Mixing == Mixed:
		return ""
	case f.stranger != "":
		return fmt.Sprintf("%s takes one item only, and %s lies there.", f.code, f.stranger)
	case c.items > 1:
		return f.code + " takes one item only, and this holds several."
	case f.Mixing == SameLot && c.lots > 1:
		return f.code + " takes one lot only, and this holds several."
	case f.Mixing == SameLot && f.otherLot:
		return fmt.Sprintf("%s takes one lot only, and %s of another lot lies there.", f.code, there)
	}
	return ""
}

// refuses says in a sentence why n pieces do not go in there, or "".
func (f fill) refuses(n int64, c cargo) string {
	if no := f.mixed(c); no != "" {
		return no
	}
	fit := f.takes(n, c)
	if fit >= n {
		return ""
	}
	c.weight, c.volume, c.pieces, c.packages = float64(n)*c.weight, float64(n)*c.volume, n, 0
	if fit == 0 {
		return f.full(c)
	}
	return fmt.Sprintf("%s takes only %d of the %d %s: %s.", f.code, fit, n, c.name, f.beyond(c))
}

// refusesContainer says why a container does not go in there as a whole, or "".
func (f fill) refusesContainer(c cargo) string {
	switch no := f.mixed(c); {
	case no != "":
		return no
	case f.Limits.Packages > 0 && f.packages+c.packages > f.Limits.Packages,
		f.WeightG > 0 && f.weight+c.weight > float64(f.WeightG),
		f.VolumeML > 0 && f.volume+c.volume > float64(f.VolumeML),
		f.Limits.Pieces > 0 && f.pieces+c.pieces > f.Limits.Pieces:
		return f.full(c)
	}
	return ""
}

// full says that nothing of the cargo goes in: how much is in there, and how much it would add.
func (f fill) full(c cargo) string {
	if f.pieces == 0 && f.packages == 0 {
		return fmt.Sprintf("%s is too small: %s.", f.code, f.beyond(c))
	}
	return fmt.Sprintf("%s is full: %s.", f.code, f.beyond(c))
}

// beyond says of each limit that the whole cargo goes beyond how much of it is taken, also by what is on its way there.
func (f fill) beyond(c cargo) string {
	var words []string
	for _, l := range []struct {
		most       int64
		used, adds float64
		per        float64
		one, many  string
	}{
		{f.WeightG, f.weight, c.weight, 1000, "kg", "kg"}, {f.VolumeML, f.volume, c.volume, 1000, "litre", "litres"},
		{f.Limits.Pieces, float64(f.pieces), float64(c.pieces), 1, "piece", "pieces"}, {f.Limits.Packages, float64(f.packages), float64(c.packages), 1, "package", "packages"},
	} {
		if l.most <= 0 || l.used+l.adds <= float64(l.most)+1e-9 {
			continue
		}
		unit := l.many
		if float64(l.most) == l.per {
			unit = l.one
		}
		words = append(words, fmt.Sprintf("it holds %s of %s %s, and this adds %s", amountWords(l.used/l.per), amountWords(float64(l.most)/l.per), unit, amountWords(l.adds/l.per)))
	}
	return strings.Join(words, "; ")
}

// amountWords writes an amount as exactly as it matters: tenths, and below one two digits.
func amountWords(v float64) string {
	if v > 0 && v < 1 {
		return fmt.Sprintf("%.2g", v)
	}
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// room locks a bin, so that two who fill its last space take turns, and reads what it takes. What the task carries to
// it is not counted.
func room(ctx context.Context, tx *sql.Tx, bin LocationID, item ItemID, lot LotID, task TaskID) (f fill, err error) {
	if _, err := lockLocation(ctx, tx, bin, toCarry); err != nil {
		return f, err
	}
	err = tx.QueryRowContext(ctx, `select `+fillColumns+` from locations l `+inUse+` where l.id = $4`, item, lot, task, bin).
		Scan(f.fields()...)
	return f, err
}

// piece is one piece of an item as a bin feels it.
func piece(ctx context.Context, q pg.Querier, item ItemID, lot LotID) (c cargo, err error) {
	c.item, c.lot, c.items, c.pieces = item, lot, 1, 1
	err = q.QueryRowContext(ctx, `
		select name, weight_g, length_mm::float8 * width_mm * height_mm / 1000 from items where id = $1`, item).Scan(&c.name, &c.weight, &c.volume)
	return c, err
}

// mayOverfill reports whether a person's word is enough to put into a bin what it does not take.
func mayOverfill(ctx context.Context, q pg.Querier, who staff.ID) (bool, error) {
	m, err := staff.Get(ctx, q, who)
	return m.May(staff.Manager), err
}
