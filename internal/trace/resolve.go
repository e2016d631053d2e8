// Package trace answers for anything scanned or searched: what it is, what happened to it, what blocks it and whose
// turn it is. It reads everything and writes nothing.
package trace

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// Kind says what a Thing is; the web knows the page of each.
type Kind string

const (
	Item      Kind = "item"
	Location  Kind = "location" // bin, dock, station, quarantine
	Tote      Kind = "tote"
	Order     Kind = "order"
	List      Kind = "pick list"
	Wave      Kind = "wave"
	Wall      Kind = "put-wall"
	Carton    Kind = "carton"
	Pallet    Kind = "pallet" // of parcels on their way out
	Shipment  Kind = "shipment"
	Return    Kind = "return"
	Expected  Kind = "expected receipt"
	Receipt   Kind = "receipt"
	WorkOrder Kind = "work order"
	Station   Kind = "station"
	Person    Kind = "person"
)

// A Thing is one meaning of a code: enough to name it on a screen and to find its page.
type Thing struct {
	Kind  Kind
	ID    int64  // its key in the database
	Ref   string // as printed or typed: "O-1001", "A-07-3-B", a SKU
	Title string // for a person: "Blue mug 330 ml"
}

// Resolve finds everything a code may mean in a warehouse, the surest first. Nothing found is fault.NotFound with a
// sentence that tells a damaged barcode from an unknown one; more than one meaning is for a person to choose.
func Resolve(ctx context.Context, q pg.Querier, warehouse int64, raw string) ([]Thing, error) {
	code, err := labels.Parse(raw)
	if err != nil {
		return nil, err
	}
	if code.Kind == labels.KindCommand {
		return nil, fault.New(fault.Invalid, "%s is a command. Scan it on the screen of a job.", code)
	}
	things, err := query(ctx, q, warehouse, code)
	if err != nil {
		return nil, err
	}
	if len(things) > 0 {
		return things, nil
	}
	if called, err := named(ctx, q, warehouse, code); err != nil || len(called) > 0 {
		return called, err
	}
	if code.Damaged {
		return nil, fault.New(fault.NotFound, "The barcode is damaged: %s. Scan it again or type the SKU.", code.Reason)
	}
	return nil, fault.New(fault.NotFound, "Nothing here is called %s. Check the label, or type a part of a name.", shown(code))
}

// named finds what a typed word is a part of the name of. Bare digits are no name: they were scanned.
func named(ctx context.Context, q pg.Querier, warehouse int64, c labels.Code) ([]Thing, error) {
	if c.Kind != labels.KindUnknown || utf8.RuneCountInString(c.Value) < shortestName || !strings.ContainsFunc(c.Value, unicode.IsLetter) {
		return nil, nil
	}
	return rows(ctx, q, byPartOfName, c.Value, warehouse)
}

const shortestName = 3 // characters of a name that are worth a search

// query asks for what the code says it is, and, since a carrier's number may look like anything, for what its text is
// called: always for bare digits, for what bears our prefix only when nothing of ours has that number.
func query(ctx context.Context, q pg.Querier, warehouse int64, c labels.Code) ([]Thing, error) {
	things, err := meant(ctx, q, warehouse, c)
	if err != nil || len(things) > 0 && c.Kind != labels.KindGTIN && c.Kind != labels.KindSSCC {
		return things, err
	}
	called, err := rows(ctx, q, byText, c.Text, warehouse)
	for _, t := range called {
		if !slices.ContainsFunc(things, func(known Thing) bool { return known.Kind == t.Kind && known.ID == t.ID }) {
			things = append(things, t)
		}
	}
	return things, err
}

// meant finds what the form of the code names.
func meant(ctx context.Context, q pg.Querier, warehouse int64, c labels.Code) ([]Thing, error) {
	if statement, ok := byNumber[c.Kind]; ok {
		return rows(ctx, q, statement, c.Number, warehouse)
	}
	if statement, ok := byName[c.Kind]; ok {
		return rows(ctx, q, statement, c.Value, warehouse)
	}
	if sscc := c.SSCC(); sscc != "" {
		return rows(ctx, q, cartonBySSCC, sscc, warehouse)
	}
	if gtin := c.GTIN(); gtin != "" {
		return rows(ctx, q, itemByBarcode, gtin, warehouse)
	}
	return nil, nil
}

func rows(ctx context.Context, q pg.Querier, statement string, value any, warehouse int64) (_ []Thing, err error) {
	defer fault.Wrap(&err, "trace.Resolve(%v)", value)
	r, err := q.QueryContext(ctx, statement, value, warehouse)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var things []Thing
	for r.Next() {
		var t Thing
		if err := r.Scan(&t.Kind, &t.ID, &t.Ref, &t.Title); err != nil {
			return nil, err
		}
		things = append(things, t)
	}
	return things, r.Err()
}

// InTote names the orders whose goods lie in a tote.
func InTote(ctx context.Context, q pg.Querier, tote int64) (refs []string, err error) {
	defer fault.Wrap(&err, "trace.InTote(%d)", tote)
	return pg.Values[string](q.QueryContext(ctx, inTote, tote))
}

// shown is the code as a message may repeat it: short.
func shown(c labels.Code) string {
	s := []rune(c.String())
	if len(s) > 40 {
		return string(s[:40]) + "…"
	}
	return string(s)
}
