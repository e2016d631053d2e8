package inventory

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// LocationID names a location.
type LocationID int64

// Kind says what a location is.
type Kind string

// The kinds. Zone, aisle, bay, level and wall only give structure. Bin to Carton hold stock one can touch.
// Supplier to Found are the world outside, so that every movement has two ends.
const (
	Zone  Kind = "zone"
	Aisle Kind = "aisle"
	Bay   Kind = "bay"
	Level Kind = "level"
	Wall  Kind = "wall" // a put-wall: its slots are the totes that stand in it

	Bin        Kind = "bin"
	Dock       Kind = "dock"
	Station    Kind = "station"
	Quarantine Kind = "quarantine"
	Returns    Kind = "returns"
	Tote       Kind = "tote"
	Cart       Kind = "cart"
	Pallet     Kind = "pallet"
	Carton     Kind = "carton"

	Supplier Kind = "supplier"
	Customer Kind = "customer"
	Workshop Kind = "workshop"
	Partner  Kind = "partner" // prints for us, elsewhere
	Transit  Kind = "transit" // on its way to another warehouse
	Scrap    Kind = "scrap"
	Lost     Kind = "lost"
	Found    Kind = "found"
)

// rank orders the structural kinds and the bin: a parent comes before its child.
var rank = []Kind{Zone, Aisle, Bay, Level, Bin}

// placed are the kinds a person may add to a warehouse; the others come with it.
var placed = []Kind{Zone, Aisle, Bay, Level, Wall, Bin, Dock, Station, Quarantine, Tote, Cart, Pallet, Carton}

// standing are the kinds a warehouse has exactly once, from its first day.
var standing = []Kind{Supplier, Customer, Workshop, Partner, Transit, Scrap, Lost, Found, Returns}

// Use says what a bin is for.
type Use string

// The uses of a bin. Only what lies in Pickable and Overstock bins is promised to orders.
const (
	Pickable      Use = "pickable"
	Overstock     Use = "overstock"
	Hold          Use = "hold"
	UseQuarantine Use = "quarantine"
	Hospital      Use = "hospital" // flagged while picking; a manager clears it
)

var uses = []Use{Pickable, Overstock, Hold, UseQuarantine, Hospital}

// BinClass says what size of goods fits.
type BinClass string

// The classes of bins and items.
const (
	Shelf       BinClass = "shelf"
	PalletPlace BinClass = "pallet"
	Small       BinClass = "small"
	Bulk        BinClass = "bulk"
)

var classes = []BinClass{Shelf, PalletPlace, Small, Bulk}

func (c BinClass) known() bool { return slices.Contains(classes, c) }

// Location is a place stock can be, or a part of the building that leads to one.
type Location struct {
	ID            LocationID
	Warehouse     WarehouseID
	Parent        LocationID // 0 at the top
	Kind          Kind
	Code          string // A-07-3-B; totes and cartons as printed: T-12, C-88
	Use           Use
	BinClass      BinClass
	Sequence      int64 // walk order given by hand; 0 = by coordinates
	XMM, YMM, ZMM int64 // across the aisles, along the aisle, height; from the building's corner
	MayGoNegative bool  // the exception switch: work may run ahead of the books here
	Active        bool
	Physical      bool // stock is counted here
	Allocatable   bool // and may be promised to orders
	Inbound       bool // a tote that goods from the dock land in; nothing in it may be promised
}

// Printed is the code as its label says it: B-A-07-3-B, T-12.
func (l Location) Printed() string {
	if l.Kind == Tote || l.Kind == Carton {
		return l.Code
	}
	return labels.LocationCode(l.Code).String()
}

var codeShape = regexp.MustCompile(codeSyntax)

const maxCoordinate = 10_000_000 // mm

// CheckLocation is the one validation of locations, for pages, API and files alike. It trims and raises the code;
// mistakes are fault.Fields named code, kind, use, bin_class, sequence, x_mm, y_mm, z_mm.
func CheckLocation(l Location) (Location, error) {
	var bad fault.Fields
	l.Code = strings.ToUpper(strings.TrimSpace(l.Code))
	if !codeShape.MatchString(l.Code) {
		bad.Add("code", "A location's code is made of up to 32 capital letters, digits, dashes and dots: A-07-3-B.")
	}
	if !slices.Contains(placed, l.Kind) {
		bad.Add("kind", "A location is one of %s.", join(placed))
	}
	if l.Use == "" {
		l.Use = Pickable
	}
	if !slices.Contains(uses, l.Use) {
		bad.Add("use", "A bin is used as one of %s.", join(uses))
	}
	if l.BinClass == "" {
		l.BinClass = Shelf
	}
	if !l.BinClass.known() {
		bad.Add("bin_class", "A bin class is one of %s.", join(classes))
	}
	checkRange(&bad, "sequence", "The walk order", l.Sequence, maxCoordinate, "steps")
	checkRange(&bad, "x_mm", "The place across the aisles", l.XMM, maxCoordinate, "mm")
	checkRange(&bad, "y_mm", "The place along the aisle", l.YMM, maxCoordinate, "mm")
	checkRange(&bad, "z_mm", "The height", l.ZMM, maxCoordinate, "mm")
	return l, bad.Err()
}

func join[T ~string](words []T) string {
	return strings.Join(column(words, func(w T) string { return string(w) }), ", ")
}

// mayHold reports whether a location of kind child may stand inside one of kind parent: structure
// contains what is finer than itself, a bin a tote or pallet, a cart totes.
func mayHold(parent, child Kind) bool {
	p, c := slices.Index(rank, parent), slices.Index(rank, child)
	switch {
	case slices.Contains(standing, parent) && parent != Returns:
		return false
	case c >= 0:
		return p >= 0 && p < c
	}
	return parent != Carton || child == Carton
}

// AddLocation stores a new location. One that exists (same kind and code) is refused.
func AddLocation(ctx context.Context, tx *sql.Tx, l Location) (_ LocationID, err error) {
	defer fault.Wrap(&err, "inventory.AddLocation(%d, %q)", l.Warehouse, l.Code)
	if l, err = CheckLocation(l); err != nil {
		return 0, err
	}
	if err := checkParent(ctx, tx, l); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into locations (warehouse_id, parent_id, kind, code, use, bin_class, sequence, x_mm, y_mm, z_mm, may_go_negative)
		values ($1, nullif($2, 0), $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (warehouse_id, kind, code) do nothing
		returning id`,
		l.Warehouse, l.Parent, l.Kind, l.Code, l.Use, l.BinClass, l.Sequence, l.XMM, l.YMM, l.ZMM, l.MayGoNegative).Scan(&l.ID)
	if errors.Is(err, sql.ErrNoRows) {
		bad := fault.Fields{}
		bad.Add("code", "There is already a %s called %s here. Choose another code.", l.Kind, l.Code)
		return 0, bad
	}
	return l.ID, err
}

func checkParent(ctx context.Context, q pg.Querier, l Location) error {
	if l.Parent == 0 {
		return nil
	}
	parent, err := LocationByID(ctx, q, l.Parent)
	bad := fault.Fields{}
	switch {
	case errors.Is(err, fault.NotFound), err == nil && parent.Warehouse != l.Warehouse:
		bad.Add("parent", "The location around it does not exist in this warehouse.")
	case err != nil:
		return err
	case !mayHold(parent.Kind, l.Kind):
		bad.Add("parent", "A %s cannot be inside %s, which is a %s.", l.Kind, parent.Code, parent.Kind)
	}
	return bad.Err()
}

const locationColumns = `l.id, l.warehouse_id, coalesce(l.parent_id, 0), l.kind, l.code, l.use, l.bin_class, l.sequence,
	l.x_mm, l.y_mm, l.z_mm, l.may_go_negative, l.active, l.physical, l.allocatable, l.inbound`

func (l *Location) fields() []any {
	return []any{&l.ID, &l.Warehouse, &l.Parent, &l.Kind, &l.Code, &l.Use, &l.BinClass, &l.Sequence,
		&l.XMM, &l.YMM, &l.ZMM, &l.MayGoNegative, &l.Active, &l.Physical, &l.Allocatable, &l.Inbound}
}

// LocationByID reads a location.
func LocationByID(ctx context.Context, q pg.Querier, id LocationID) (l Location, err error) {
	defer fault.Wrap(&err, "inventory.LocationByID(%d)", id)
	err = q.QueryRowContext(ctx, `select `+locationColumns+` from locations l where l.id = $1`, id).Scan(l.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return l, fault.New(fault.NotFound, "This location does not exist. Scan it again.")
	}
	return l, err
}

// Standing is the location of a kind that each warehouse has exactly once: Supplier, Customer, Workshop, Scrap,
// Lost, Found, Returns.
func Standing(ctx context.Context, q pg.Querier, warehouse WarehouseID, kind Kind) (id LocationID, err error) {
	defer fault.Wrap(&err, "inventory.Standing(%d, %s)", warehouse, kind)
	err = q.QueryRowContext(ctx, `select id from locations where warehouse_id = $1 and kind = $2 and kind = any($3)`,
		warehouse, kind, pg.Array(column(standing, func(k Kind) string { return string(k) }))).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "Warehouse %d has no location of kind %s.", warehouse, kind)
	}
	return id, err
}

// FindLocation reads the location that a scanned or typed code names: B-A-07-3-B, A-07-3-B, T-12, C-88, or K-3 for
// the place of a station. What is the label of one place and the name of another is the label.
func FindLocation(ctx context.Context, q pg.Querier, warehouse WarehouseID, code labels.Code) (l Location, err error) {
	defer fault.Wrap(&err, "inventory.FindLocation(%d, %q)", warehouse, code.Value)
	printed, text := strings.ToUpper(code.String()), strings.ToUpper(code.Text)
	named := text
	if code.Kind == labels.KindLocation {
		named = strings.ToUpper(code.Value)
	}
	err = q.QueryRowContext(ctx, `
		select `+locationColumns+` from locations l
		where l.warehouse_id = $1 and (l.code in ($2, $3, $5) or l.id = (select location_id from stations where code = $3))
		order by l.physical desc, $3 = $5 and l.kind = $4 desc, l.code = $2 desc, l.code = $5 desc, l.id
		limit 1`, warehouse, named, printed, code.Kind, text).Scan(l.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return l, fault.New(fault.NotFound, "There is no location %s in this warehouse. Check the label and scan it again.", clip(printed))
	}
	return l, err
}

// Means reports whether a code means the place called name: by its label, or by its name as it stands on the sign, typed
// where the label is damaged. Such a name may look like a label (B-09-2-A is one of aisle B); where that label exists
// elsewhere it is meant, for nobody may be let into a wrong bin. A label and a name unlike any other cost no query.
func Means(ctx context.Context, q pg.Querier, code labels.Code, place LocationID, name string) (bool, error) {
	switch {
	case code.Kind == labels.KindLocation && code.Value == name:
		return true, nil
	case code.Kind == labels.KindCommand || !strings.EqualFold(code.Text, name):
		return false, nil
	case code.Kind == labels.KindUnknown:
		return true, nil
	}
	there, err := LocationByID(ctx, q, place)
	if err != nil {
		return false, err
	}
	l, err := FindLocation(ctx, q, there.Warehouse, code)
	return err == nil && l.ID == place, orFound(err)
}

// orFound is an error, if it is another than that nothing was found.
func orFound(err error) error {
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// naturally orders codes that end in a number as people count: T-2 before T-10.
func naturally(code string) string {
	return `regexp_replace(` + code + `, '[0-9]+$', ''), length(` + code + `), ` + code
}

// Locations lists the locations of a warehouse whose code contains search, by code, at most limit of them
// beginning after the code after. Without a kind it lists all kinds.
func Locations(ctx context.Context, q pg.Querier, warehouse WarehouseID, kind Kind, search, after string, limit int) (_ []Location, err error) {
	defer fault.Wrap(&err, "inventory.Locations(%d, %q)", warehouse, search)
	return list(ctx, q, (*Location).fields, `
		select `+locationColumns+` from locations l
		where l.warehouse_id = $1 and ($2 = '' or l.kind = $2) and strpos(l.code, upper($3)) > 0 and (`+naturally("l.code")+`) > (`+naturally("$4::text")+`)
		order by `+naturally("l.code")+`, l.id limit $5`, warehouse, kind, strings.TrimSpace(search), after, limit)
}
