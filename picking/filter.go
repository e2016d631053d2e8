package picking

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/inventory"
)

// Filter says which orders a wave is for. An empty field leaves all of them.
type Filter struct {
	Orders      []string               `json:"orders,omitempty"` // only these
	Carriers    []string               `json:"carriers,omitempty"`
	Services    []string               `json:"services,omitempty"`
	CutOffIn    int                    `json:"cut_off_in,omitempty"` // their truck leaves within so many minutes
	DueIn       int                    `json:"due_in,omitempty"`     // promised for within so many hours
	Zones       []inventory.LocationID `json:"zones,omitempty"`      // all of it lies in these zones
	Items       []string               `json:"items,omitempty"`      // nothing but items whose SKU begins so
	Tags        []string               `json:"tags,omitempty"`       // one of these, as "terms"
	MinPriority int                    `json:"min_priority,omitempty"`
	MaxPriority *int                   `json:"max_priority,omitempty"`
	MaxLines    int                    `json:"max_lines,omitempty"` // of one order
}

// Limits bound a wave as a whole, and each of its lists. 0 is no limit.
type Limits struct {
	Orders  int64 `json:"orders,omitempty"`
	Lines   int64 `json:"lines,omitempty"`
	Units   int64 `json:"units,omitempty"`
	WeightG int64 `json:"weight_g,omitempty"`
	Minutes int64 `json:"minutes,omitempty"` // of picking, by the rules' speeds
	List    Load  `json:"list,omitzero"`     // of one list; what is 0 is as in the rules
}

// candidate is an open demand as a wave sees it.
type candidate struct {
	demand
	carrier string
	service string
	cutOff  *time.Time
	tags    []string
	skus    []string
	lines   int64
	units   int64
	weightG int64
	lacks   string // what is not promised: "3 Blue mug"
	some    bool   // something is promised
}

const mostNamed = 200 // orders of a filter

// refuses says why an order is not for this wave, "" when it is.
func (f Filter) refuses(c candidate, at time.Time) string {
	switch {
	case len(f.Orders) > 0 && !slices.Contains(f.Orders, c.ref):
		return "not one of those that were named"
	case len(f.Carriers) > 0 && !slices.Contains(f.Carriers, c.carrier):
		return "carrier " + orNothing(c.carrier)
	case len(f.Services) > 0 && !slices.Contains(f.Services, c.service):
		return "service " + orNothing(c.service)
	case f.CutOffIn > 0 && (c.cutOff == nil || c.cutOff.After(at.Add(time.Duration(f.CutOffIn)*time.Minute))):
		return "its truck leaves later"
	case f.DueIn > 0 && c.due.After(at.Add(time.Duration(f.DueIn)*time.Hour)):
		return "promised for later"
	case c.priority < f.MinPriority, f.MaxPriority != nil && c.priority > *f.MaxPriority:
		return fmt.Sprintf("priority %d", c.priority)
	case len(f.Tags) > 0 && !slices.ContainsFunc(f.Tags, func(t string) bool { return slices.Contains(c.tags, t) }):
		return "not " + strings.Join(f.Tags, " or ")
	case f.MaxLines > 0 && c.lines > int64(f.MaxLines):
		return fmt.Sprintf("more than %d lines", f.MaxLines)
	case len(f.Items) > 0 && !slices.ContainsFunc(c.skus, f.has), len(f.Items) > 0 && slices.ContainsFunc(c.skus, func(sku string) bool { return !f.has(sku) }):
		return "other items"
	}
	return ""
}

func (f Filter) has(sku string) bool {
	return slices.ContainsFunc(f.Items, func(begin string) bool { return strings.HasPrefix(strings.ToLower(sku), strings.ToLower(begin)) })
}

func orNothing(word string) string {
	if word == "" {
		return "none"
	}
	return word
}

// check adds what is wrong with a filter.
func (f Filter) check(bad *fault.Fields) {
	if f.CutOffIn < 0 || f.CutOffIn > 10_080 {
		bad.Add("cut_off_in", "A truck leaves within up to 10,080 minutes, a week.")
	}
	if f.DueIn < 0 || f.DueIn > 8_760 {
		bad.Add("due_in", "Orders are due within up to 8,760 hours, a year.")
	}
	if f.MinPriority < 0 || f.MinPriority > 9 {
		bad.Add("min_priority", "Priorities go from 0 to 9.")
	}
	if m := f.MaxPriority; m != nil && (*m < f.MinPriority || *m > 9) {
		bad.Add("max_priority", "The highest priority is from the lowest to 9.")
	}
	if f.MaxLines < 0 || f.MaxLines > 10_000 {
		bad.Add("max_lines", "An order has up to 10,000 lines.")
	}
	if len(f.Orders) > mostNamed || slices.ContainsFunc(f.Orders, func(w string) bool { return w == "" || len(w) > 60 }) {
		bad.Add("refs", "Name up to %d orders, as O-1001.", mostNamed)
	}
	for name, list := range map[string][]string{"carriers": f.Carriers, "services": f.Services, "items": f.Items, "tags": f.Tags} {
		if len(list) > 50 || slices.ContainsFunc(list, func(w string) bool { return w == "" || len(w) > 60 }) {
			bad.Add(name, "Name up to 50, each up to 60 characters long.")
		}
	}
	if len(f.Zones) > 50 {
		bad.Add("zones", "Name up to 50 zones.")
	}
}

// check adds what is wrong with limits.
func (l Limits) check(bad *fault.Fields) {
	for _, n := range []struct {
		name  string
		value int64
		most  int64
	}{
		{"orders", l.Orders, 20_000}, {"lines", l.Lines, 200_000}, {"units", l.Units, 10_000_000}, {"weight_g", l.WeightG, 1_000_000_000}, {"minutes", l.Minutes, 10_000},
		{"list_totes", l.List.Totes, 60}, {"list_lines", l.List.Lines, 10_000}, {"list_units", l.List.Units, 1_000_000},
		{"list_weight_g", l.List.WeightG, 10_000_000}, {"list_volume_cm3", l.List.VolumeCM3, 100_000_000},
	} {
		if n.value < 0 || n.value > n.most {
			bad.Add(n.name, "This limit goes up to %d; 0 is no limit.", n.most)
		}
	}
}

// list is the load of one list: the wave's own limits before those of the warehouse.
func (l Limits) list(rules Load) Load {
	or := func(own, else_ int64) int64 {
		if own > 0 {
			return own
		}
		return else_
	}
	return Load{or(l.List.Totes, rules.Totes), or(l.List.Lines, rules.Lines), or(l.List.Units, rules.Units),
		or(l.List.WeightG, rules.WeightG), or(l.List.VolumeCM3, rules.VolumeCM3)}
}
