package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Range is bins named alike, with the bays and levels around them: prefix A-, bays 1 to 20, 4 levels, 3 bins each are
// A-01-1-A to A-20-4-C. They hang in the aisle that the prefix names, which is made where the parent is a zone or none.
type Range struct {
	Prefix                string
	From, To              int64 // bays
	Levels, Bins          int64
	First                 Location // parent, use, class and coordinates of the first bin
	BayMM, BinMM, LevelMM int64    // from one bay, bin and level to the next; bays and bins go along the aisle
}

// mostRange bounds what one form may make.
const mostRange = 3000

// aisle is the aisle that the prefix names; nil where the bays stand in one already, or the prefix is nothing but a dash.
func (r Range) aisle(ctx context.Context, q pg.Querier) (*locationRow, error) {
	code := strings.TrimRight(strings.TrimSpace(r.Prefix), "-. ")
	if code == "" {
		return nil, nil
	}
	if r.First.Parent != 0 {
		around, err := LocationByID(ctx, q, r.First.Parent)
		if err != nil || around.Kind != Zone {
			return nil, err
		}
	}
	return r.place(Aisle, code, nil, 0, 0, 0), nil
}

// places lists what the range means: its aisle, bays before levels before bins.
func (r Range) places(aisle *locationRow) ([]*locationRow, error) {
	var bad fault.Fields
	checkRange(&bad, "from", "The first bay", r.From, 999, "")
	checkRange(&bad, "bay_mm", "The way to the next bay", r.BayMM, maxCoordinate, "mm")
	checkRange(&bad, "bin_mm", "The way to the next bin", r.BinMM, maxCoordinate, "mm")
	checkRange(&bad, "level_mm", "The way to the next level", r.LevelMM, maxCoordinate, "mm")
	if r.To < r.From || r.To > 999 {
		bad.Add("to", "The last bay is a number from the first one to 999.")
	}
	if r.Levels < 1 || r.Levels > 20 {
		bad.Add("levels", "A bay has 1 to 20 levels.")
	}
	if r.Bins < 1 || r.Bins > 26 {
		bad.Add("bins", "A level has 1 to 26 bins; they are named by letters.")
	}
	if len(bad) == 0 && (r.To-r.From+1)*r.Levels*r.Bins > mostRange {
		bad.Add("to", "These are more than %d bins. Add them in parts.", mostRange)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	var bays, levels, bins []*locationRow
	if aisle != nil {
		bays = append(bays, aisle)
	}
	for bay := r.From; bay <= r.To; bay++ {
		b := r.place(Bay, fmt.Sprintf("%s%02d", r.Prefix, bay), aisle, bay-r.From, 0, 0)
		bays = append(bays, b)
		for level := range r.Levels {
			l := r.place(Level, fmt.Sprintf("%s-%d", b.Code, level+1), b, bay-r.From, level, 0)
			levels = append(levels, l)
			for bin := range r.Bins {
				bins = append(bins, r.place(Bin, fmt.Sprintf("%s-%c", l.Code, 'A'+rune(bin)), l, bay-r.From, level, bin))
			}
		}
	}
	return append(append(bays, levels...), bins...), nil
}

func (r Range) place(kind Kind, code string, around *locationRow, bay, level, bin int64) *locationRow {
	l := r.First
	l.Kind, l.Code = kind, strings.ToUpper(strings.TrimSpace(code))
	l.YMM += bay*r.BayMM + bin*r.BinMM
	l.ZMM += level * r.LevelMM
	if kind != Bin {
		l.Use, l.BinClass = Pickable, Shelf
	}
	return &locationRow{Location: l, around: around}
}

// Preview lists the bins of a range as they would be made; what is taken already or cannot be is named by its field.
func (r Range) Preview(ctx context.Context, q pg.Querier, warehouse WarehouseID) (_ []Location, err error) {
	defer fault.Wrap(&err, "inventory.Range.Preview(%q)", r.Prefix)
	rows, err := r.checked(ctx, q, warehouse)
	var bins []Location
	for _, row := range rows {
		if row.Kind == Bin {
			bins = append(bins, row.Location)
		}
	}
	return bins, err
}

func (r Range) checked(ctx context.Context, q pg.Querier, warehouse WarehouseID) ([]*locationRow, error) {
	aisle, err := r.aisle(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := r.places(aisle)
	if err != nil {
		return nil, err
	}
	has, err := locationsIn(ctx, q, warehouse)
	if err != nil {
		return nil, err
	}
	var taken []string
	for _, row := range rows {
		row.Warehouse = warehouse
		if row.Location, err = CheckLocation(row.Location); err != nil {
			return nil, err
		}
		if l, there := has[row.address()]; there && l.Kind == Bin {
			taken = append(taken, l.Code)
		} else if there {
			row.ID = l.ID // a bay that is there gets more levels, a level more bins
		}
		if row == aisle && row.ID != 0 && r.First.Parent != 0 && r.First.Parent != has[row.address()].Parent {
			return nil, fault.Fields{{Name: "parent", Message: fmt.Sprintf("Aisle %s stands somewhere else already. Leave this empty, or choose another beginning of the codes.", row.Code)}}
		}
	}
	if len(taken) > 0 {
		return nil, fault.Fields{{Name: "prefix", Message: fmt.Sprintf("%d of these bins are there already, the first is %s. Choose other numbers.", len(taken), taken[0])}}
	}
	if around := rows[0]; r.First.Parent != 0 {
		return rows, checkParent(ctx, q, around.Location)
	}
	return rows, nil
}

// AddRange makes the bins of a range with their aisle, bays and levels, and answers how many bins, and the place they hang in:
// the aisle, or the parent they were given.
func AddRange(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, r Range, by staff.ID) (bins int64, in LocationID, err error) {
	defer fault.Wrap(&err, "inventory.AddRange(%q)", r.Prefix)
	rows, err := r.checked(ctx, tx, warehouse)
	if err != nil {
		return 0, 0, err
	}
	var fresh []*locationRow
	for _, row := range rows {
		if row.ID == 0 {
			fresh = append(fresh, row)
		}
		if row.Kind == Bin {
			bins++
		}
	}
	if err := storeLocations(ctx, tx, fresh); err != nil {
		return 0, 0, err
	}
	if in = r.First.Parent; rows[0].Kind == Aisle {
		in = rows[0].ID
	}
	return bins, in, staff.Audit(ctx, tx, by, "bins.added", rows[len(rows)-1].Code, map[string]any{"bins": bins, "prefix": r.Prefix})
}

// RangeChange is what many bins are given at once; "" and 0 leave as it is.
type RangeChange struct {
	Under    LocationID // all bins at or below it
	Use      Use
	BinClass BinClass
	Active   string // yes, no
}

// ChangeRange changes every bin of a branch, or none: the first that has stock or open work is named.
func ChangeRange(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, c RangeChange, plans Plans, by staff.ID) (n int, err error) {
	defer fault.Wrap(&err, "inventory.ChangeRange(%d)", c.Under)
	all, err := Bins(ctx, tx, warehouse, c.Under, mostRange+1)
	if err != nil {
		return 0, err
	}
	if len(all) > mostRange {
		return 0, fault.New(fault.Invalid, "These are more than %d bins. Choose a smaller branch of the tree.", mostRange)
	}
	for _, l := range all {
		if l.Kind != Bin {
			continue
		}
		if c.Use != "" {
			l.Use = c.Use
		}
		if c.BinClass != "" {
			l.BinClass = c.BinClass
		}
		if c.Active != "" {
			l.Active = c.Active == "yes"
		}
		if err := Retirable(ctx, tx, l, plans); err != nil {
			return 0, err
		}
		if err := EditLocation(ctx, tx, l); err != nil {
			return 0, err
		}
		n++
	}
	return n, staff.Audit(ctx, tx, by, "bins.changed", "", c)
}

// Retirable refuses to close a bin that an open pick list leads to.
func Retirable(ctx context.Context, q pg.Querier, l Location, plans Plans) error {
	if l.Active {
		return nil
	}
	open, err := plans(ctx, q, l.ID)
	if err == nil && len(open) > 0 {
		err = fault.Fields{{Name: "active", Message: fmt.Sprintf("%s leads to %s. Wait until it is picked, or take the list back.", open[0].List, l.Code)}}
	}
	return err
}
