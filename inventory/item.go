package inventory

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/pg"
)

// ItemID names an item, LotID a lot of it; lot 0 means that lots are not tracked.
type (
	ItemID int64
	LotID  int64
)

// Item is a thing that is stocked, counted in base units.
type Item struct {
	ID       ItemID
	SKU      string // letters, digits and ._/- , 40 at most; unique without regard to case
	Name     string
	LengthMM int64
	WidthMM  int64
	HeightMM int64
	WeightG  int64
	BinClass BinClass // where it fits
	Upright  bool     // its height stays up in a carton
	Alone    bool     // each unit is a parcel of its own
	Active   bool

	Tracking     Tracking // how its pieces are told apart
	Expires      bool     // each lot has a last good day
	Removal      Removal  // in which order its stock leaves; "": as the warehouse says
	ShelfDays    int64    // a lot must be good for so many days more, or it is not promised
	OverPercent  *int64   // so much more than ordered is taken at the dock; nil: as the supplier says
	InspectEvery int64    // somebody looks at each nth receipt of it before it is put away; 0: at none
}

// The limits of an item's fields.
const (
	maxName    = 200
	maxLength  = 100_000     // mm
	maxWeight  = 100_000_000 // g
	skuSyntax  = `^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$`
	codeSyntax = `^[A-Z0-9][A-Z0-9.-]{0,31}$`
)

var skuShape = regexp.MustCompile(skuSyntax)

// CheckItem is the one validation of items, for pages, API and files alike. It trims, and answers every
// mistake as fault.Fields named sku, name, length_mm, width_mm, height_mm, weight_g, bin_class, tracking, expires,
// removal, shelf_days, over_percent, inspect_every.
func CheckItem(i Item) (Item, error) {
	var bad fault.Fields
	i.SKU, i.Name = strings.TrimSpace(i.SKU), strings.TrimSpace(i.Name)
	if !skuShape.MatchString(i.SKU) {
		bad.Add("sku", "An SKU is made of up to 40 letters, digits, dots, dashes, underscores and slashes.")
	}
	checkName(&bad, "name", "Name the item", i.Name)
	checkRange(&bad, "length_mm", "The length", i.LengthMM, maxLength, "mm")
	checkRange(&bad, "width_mm", "The width", i.WidthMM, maxLength, "mm")
	checkRange(&bad, "height_mm", "The height", i.HeightMM, maxLength, "mm")
	checkRange(&bad, "weight_g", "The weight", i.WeightG, maxWeight, "g")
	if i.BinClass == "" {
		i.BinClass = Shelf
	}
	if !i.BinClass.known() {
		bad.Add("bin_class", "A bin class is one of shelf, pallet, small, bulk.")
	}
	i = checkCare(&bad, i)
	return i, bad.Err()
}

func checkName(bad *fault.Fields, field, ask, name string) {
	switch {
	case name == "":
		bad.Add(field, "%s.", ask)
	case utf8.RuneCountInString(name) > maxName:
		bad.Add(field, "%s in at most %d characters.", ask, maxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		bad.Add(field, "%s without control characters.", ask)
	}
}

func checkRange(bad *fault.Fields, field, what string, n, most int64, unit string) {
	if n < 0 || n > most {
		bad.Add(field, "%s is from 0 to %d %s.", what, most, unit)
	}
}

// AddItem stores a new item. An SKU that exists is refused with the name of the item that has it.
func AddItem(ctx context.Context, tx *sql.Tx, i Item) (_ ItemID, err error) {
	defer fault.Wrap(&err, "inventory.AddItem(%q)", i.SKU)
	if i, err = CheckItem(i); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into items (sku, name, length_mm, width_mm, height_mm, weight_g, bin_class, tracking, expires, removal, shelf_days, over_percent, inspect_every, upright, ships_alone)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		on conflict (lower(sku)) do nothing
		returning id`,
		i.SKU, i.Name, i.LengthMM, i.WidthMM, i.HeightMM, i.WeightG, i.BinClass, i.Tracking, i.Expires, i.Removal, i.ShelfDays, i.OverPercent, i.InspectEvery, i.Upright, i.Alone).Scan(&i.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, takenSKU(ctx, tx, i.SKU)
	}
	return i.ID, err
}

func takenSKU(ctx context.Context, q pg.Querier, sku string) error {
	other, err := FindItem(ctx, q, sku)
	if err != nil {
		return err
	}
	bad := fault.Fields{}
	bad.Add("sku", "%s is already the SKU of %s. Choose another one.", other.SKU, other.Name)
	return bad
}

// EditItem changes everything about an item but its id.
func EditItem(ctx context.Context, tx *sql.Tx, i Item) (err error) {
	defer fault.Wrap(&err, "inventory.EditItem(%d)", i.ID)
	if i, err = CheckItem(i); err != nil {
		return err
	}
	if other, err := FindItem(ctx, tx, i.SKU); err == nil && other.ID != i.ID {
		return takenSKU(ctx, tx, i.SKU)
	} else if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if err := mayTrack(ctx, tx, i); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		update items set sku = $2, name = $3, length_mm = $4, width_mm = $5, height_mm = $6, weight_g = $7, bin_class = $8, active = $9,
		       tracking = $10, expires = $11, removal = $12, shelf_days = $13, over_percent = $14, inspect_every = $15, upright = $16, ships_alone = $17
		where id = $1`,
		i.ID, i.SKU, i.Name, i.LengthMM, i.WidthMM, i.HeightMM, i.WeightG, i.BinClass, i.Active,
		i.Tracking, i.Expires, i.Removal, i.ShelfDays, i.OverPercent, i.InspectEvery, i.Upright, i.Alone)
	if err := oneRow(done, err, "This item does not exist any more. Go back to the list."); err != nil {
		return err
	}
	_, err = Freshen(ctx, tx, i.ID)
	return err
}

// oneRow turns a change that met no row into fault.NotFound with the sentence.
func oneRow(done sql.Result, err error, sentence string) error {
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.NotFound, "%s", sentence)
}

const itemColumns = `i.id, i.sku, i.name, i.length_mm, i.width_mm, i.height_mm, i.weight_g, i.bin_class, i.active,
	i.tracking, i.expires, i.removal, i.shelf_days, i.over_percent, i.inspect_every, i.upright, i.ships_alone`

func (i *Item) fields() []any {
	return []any{&i.ID, &i.SKU, &i.Name, &i.LengthMM, &i.WidthMM, &i.HeightMM, &i.WeightG, &i.BinClass, &i.Active,
		&i.Tracking, &i.Expires, &i.Removal, &i.ShelfDays, &i.OverPercent, &i.InspectEvery, &i.Upright, &i.Alone}
}

// ItemByID reads an item.
func ItemByID(ctx context.Context, q pg.Querier, id ItemID) (i Item, err error) {
	defer fault.Wrap(&err, "inventory.ItemByID(%d)", id)
	err = q.QueryRowContext(ctx, `select `+itemColumns+` from items i where i.id = $1`, id).Scan(i.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return i, fault.New(fault.NotFound, "This item does not exist. Go back to the list.")
	}
	return i, err
}

// FindItem reads an item by its SKU, in any case.
func FindItem(ctx context.Context, q pg.Querier, sku string) (i Item, err error) {
	defer fault.Wrap(&err, "inventory.FindItem(%q)", sku)
	err = q.QueryRowContext(ctx, `select `+itemColumns+` from items i where lower(i.sku) = lower($1)`, strings.TrimSpace(sku)).Scan(i.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return i, fault.New(fault.NotFound, "No item has the SKU %q. Check it, or scan the item.", clip(sku))
	}
	return i, err
}

// Items lists items whose SKU, name or barcode contains search, by SKU, at most limit of them beginning after
// the SKU after ("" begins at the first).
func Items(ctx context.Context, q pg.Querier, search, after string, limit int) (_ []Item, err error) {
	defer fault.Wrap(&err, "inventory.Items(%q, %q)", search, after)
	return list(ctx, q, (*Item).fields, `
		select `+itemColumns+` from items i
		where i.sku > $2 and ($1 = '' or strpos(lower(i.sku || ' ' || i.name), lower($1)) > 0
		      or exists (select from barcodes b where b.item_id = i.id and strpos(b.code, $1) > 0))
		order by i.sku limit $3`, strings.TrimSpace(search), after, limit)
}

// clip shortens what somebody typed so that it fits a sentence.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
