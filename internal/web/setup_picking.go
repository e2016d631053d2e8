package web

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/picking"
	walks "tote/picking/route"
)

// rulesForm is how a warehouse is walked and picked, as it is typed.
type rulesForm struct {
	Method    string      `form:"method,max=10" label:"The method"`
	Totes     int64       `form:"totes,max=8" label:"The number of totes on a cart"`
	Lines     int64       `form:"lines,max=12" label:"The number of lines"`
	Units     int64       `form:"units,max=12" label:"The number of pieces"`
	WeightKG  thousandths `form:"weight_kg,max=12" label:"The weight"`
	VolumeL   thousandths `form:"volume_l,max=12" label:"The volume"`
	Policy    string      `form:"policy,max=30" label:"The walk"`
	Urgent    int         `form:"urgent,max=4" label:"The priority"`
	ZeroCheck bool        `form:"zero_check"`
	WalkMS    thousandths `form:"walk_m_s,max=8" label:"The speed"`
	StopS     int64       `form:"stop_s,max=8" label:"The time of a stop"`
	UnitS     int64       `form:"unit_s,max=8" label:"The time of a piece"`
	CrossY    string      `form:"cross_y,max=400" label:"The list of cross-aisles"`
	Depot     int64       `form:"depot,max=18" label:"The place"`
	Version   int64       `form:"version,max=18" label:"The version"`
}

// rules are what was typed, with the mistakes of decoding (unread) and of the rules together.
func (f rulesForm) rules(unread error) (picking.Rules, error) {
	r := picking.Rules{Method: picking.Method(f.Method), List: picking.Load{Totes: f.Totes, Lines: f.Lines, Units: f.Units, WeightG: int64(f.WeightKG), VolumeCM3: int64(f.VolumeL)},
		Urgent: f.Urgent, ZeroCheck: f.ZeroCheck, WalkMMS: int64(f.WalkMS), StopS: f.StopS, UnitS: f.UnitS, Depot: inventory.LocationID(f.Depot), Version: f.Version}
	bad := fault.FieldsOf(unread)
	policy, err := walks.ParsePolicy(f.Policy)
	if err != nil {
		bad.Add("policy", "Choose how lists are walked.")
	}
	r.Policy = policy
	for _, word := range strings.Fields(strings.ReplaceAll(f.CrossY, ";", " ")) {
		var y thousandths // a comma may be that of a decimal, or stand behind a number
		if y.UnmarshalText([]byte(strings.TrimRight(word, ","))) != nil {
			bad.Add("cross_y", "Name the cross-aisles in metres from the front wall: 4.5 14.4 23.1.")
			break
		}
		r.CrossY = append(r.CrossY, int64(y))
	}
	slices.Sort(r.CrossY)
	for _, field := range fault.FieldsOf(asTyped(picking.CheckRules(r))) {
		switch field.Name {
		case "volume_cm3":
			field.Name = "volume_l"
		case "walk_mm_s":
			field = fault.Field{Name: "walk_m_s", Message: "One walks from 0.1 to 10 metres in a second."}
		}
		if bad.Of(field.Name) == "" {
			bad = append(bad, field)
		}
	}
	return r, bad.Err()
}

func rulesValues(r picking.Rules) map[string]string {
	some := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	var cross []string
	for _, y := range r.CrossY {
		cross = append(cross, inMetres(y))
	}
	values := map[string]string{"method": string(r.Method), "totes": some(r.List.Totes), "lines": some(r.List.Lines), "units": some(r.List.Units),
		"weight_kg": thousandths(r.List.WeightG).String(), "volume_l": thousandths(r.List.VolumeCM3).String(), "policy": r.Policy.String(), "urgent": strconv.Itoa(r.Urgent),
		"walk_m_s": inMetres(r.WalkMMS), "stop_s": strconv.FormatInt(r.StopS, 10), "unit_s": strconv.FormatInt(r.UnitS, 10),
		"cross_y": strings.Join(cross, " "), "depot": strconv.FormatInt(int64(r.Depot), 10), "version": strconv.FormatInt(r.Version, 10)}
	if r.ZeroCheck {
		values["zero_check"] = "on"
	}
	return values
}

// inMetres writes millimetres as they are typed: "14.4".
func inMetres(mm int64) string { return strconv.FormatFloat(float64(mm)/1000, 'f', -1, 64) }

// policyWords say how a list is walked.
var policyWords = map[walks.Policy]string{
	walks.Exact:         "the shortest walk there is",
	walks.SShape:        "S-shape: through every aisle that has something",
	walks.LocationOrder: "in the order of the bins' names",
	walks.Return:        "return: in and out of each aisle at the front",
	walks.LargestGap:    "largest gap: back where the gap is widest",
	walks.Midpoint:      "midpoint: never past the middle of an aisle",
	walks.Combined:      "combined: each aisle whichever way is shorter",
}

// pickingSetup is everything the page of the rules shows.
type pickingSetup struct {
	Zones     []picking.ZoneRule
	Borders   picking.Borders
	Depots    []ui.Option // where all walks may begin
	HandOvers []ui.Option // where those of a zone may
	Found     []int64     // the cross-aisles that walks cross now
	Auto      bool        // they were found, not given
	Map       floorMap
	Drawn     bool
	Others    []difference // what somebody else stored while this was typed
}

func (a *App) pickingRules(c *fiber.Ctx) error {
	r, err := picking.ReadRules(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	return a.showRules(c, ui.Form{Values: rulesValues(r)}, pickingSetup{})
}

func (a *App) showRules(c *fiber.Ctx, form ui.Form, v pickingSetup) error {
	err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.Zones, err = picking.ZoneRules(ctx, tx, a.house(c)); err != nil {
			return err
		}
		v.Depots = []ui.Option{{Value: "0", Label: "the middle of the packing stations"}}
		v.HandOvers = []ui.Option{{Value: "0", Label: "where all walks do"}}
		places, err := picking.HandOvers(ctx, tx, a.house(c))
		if err != nil {
			return err
		}
		for _, l := range places {
			o := ui.Option{Value: strconv.FormatInt(int64(l.ID), 10), Label: l.Code}
			v.HandOvers = append(v.HandOvers, o)
			if l.Kind != inventory.Wall {
				v.Depots = append(v.Depots, o)
			}
		}
		if v.Borders, err = picking.BordersOf(ctx, tx, a.house(c), a.Now().AddDate(0, 0, -borderDays)); err != nil {
			return err
		}
		d, err := picking.DrawFloor(ctx, tx, a.house(c), 0)
		if err != nil {
			return err
		}
		marks, err := inventory.FloorMarks(ctx, tx, a.house(c))
		v.Found, v.Auto = d.CrossY, d.Found
		v.Map, v.Drawn = drawn(d, marks, -1)
		return err
	})
	if err != nil {
		return err
	}
	p := a.page(c, "Picking")
	p.Lead = "How this warehouse is walked and picked, from the next list on."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "Waves", Href: "/waves", Icon: "wave"}}
	return a.show(c, pickingRulesPage(p, v, form))
}

// saveRules stores the rules and how each zone is picked, all or nothing.
func (a *App) saveRules(c *fiber.Ctx) error {
	var f rulesForm
	form, err := decode(c, &f)
	r, bad := f.rules(err)
	zones, err := a.typedZones(c, form)
	if err != nil {
		return err
	}
	if bad == nil {
		bad = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := picking.SaveRules(ctx, tx, a.house(c), r, a.who(c)); err != nil {
				return err
			}
			return a.setZones(c, ctx, tx, zones)
		})
	}
	if fault.KindOf(bad) == fault.Conflict {
		return a.rulesMeanwhile(c, form, r, zones)
	}
	if form, again := refused(form, bad); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showRules(c, form, pickingSetup{})
	}
	if bad != nil {
		return bad
	}
	return a.done(c, "/setup/picking", "Stored. Lists that are made from now on follow it.")
}

// typedZones are the zones of the warehouse as they were typed; the form keeps that.
func (a *App) typedZones(c *fiber.Ctx, form ui.Form) ([]picking.ZoneRule, error) {
	zones, err := picking.ZoneRules(c.UserContext(), a.DB, a.house(c))
	for i := range zones {
		z := &zones[i]
		if proof := c.FormValue(zoneField("proof", *z)); proof != "" {
			z.Proof, form.Values[zoneField("proof", *z)] = picking.Proof(proof), proof
		}
		if place := c.FormValue(zoneField("hand_over", *z)); place != "" {
			id, err := strconv.ParseInt(place, 10, 64)
			if err != nil {
				id = -1 // no place has it
			}
			z.HandOver, form.Values[zoneField("hand_over", *z)] = inventory.LocationID(id), place
		}
	}
	return zones, err
}

// setZones says for each zone what counts as proof of a pick, and where its walks begin and end.
func (a *App) setZones(c *fiber.Ctx, ctx context.Context, tx *sql.Tx, zones []picking.ZoneRule) error {
	var bad fault.Fields
	for _, z := range zones {
		err := picking.SetZone(ctx, tx, a.house(c), z, a.who(c))
		fields := fault.FieldsOf(err)
		if err != nil && len(fields) == 0 {
			return err
		}
		for _, f := range fields {
			bad.Add(zoneField(f.Name, z), "%s", f.Message)
		}
	}
	return bad.Err()
}

// rulesMeanwhile shows the form again with what was typed, beside what somebody else has stored since it was opened. Saved
// once more, it is saved over that.
func (a *App) rulesMeanwhile(c *fiber.Ctx, form ui.Form, mine picking.Rules, zones []picking.ZoneRule) error {
	theirs, err := picking.ReadRules(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	form.Values["version"] = strconv.FormatInt(theirs.Version, 10)
	others := differences(rulesValues(theirs), rulesValues(mine), rulesFields())
	stored, err := picking.ZoneRules(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	for i, z := range stored {
		if i < len(zones) && zones[i].Zone == z.Zone && zones[i].Proof != z.Proof {
			others = append(others, difference{z.Code + ", what proves a pick", z.Proof.Words(), zones[i].Proof.Words()})
		}
		if i < len(zones) && zones[i].Zone == z.Zone && zones[i].HandOver != z.HandOver {
			others = append(others, difference{z.Code + ", where its walks begin and end", orDash(z.At), "as below"})
		}
	}
	if len(others) == 0 { // both stored the same
		return a.done(c, "/setup/picking", "Somebody else stored the same meanwhile.")
	}
	c.Status(fiber.StatusConflict)
	return a.showRules(c, form, pickingSetup{Others: others})
}

// rulesFields are the fields of the form with the names that it shows.
func rulesFields() []ui.Field {
	return []ui.Field{{Name: "method", Label: "They get a list by", Options: waveMethods()}, {Name: "totes", Label: "Totes on a cart"}, {Name: "lines", Label: "Lines"}, {Name: "units", Label: "Pieces"},
		{Name: "weight_kg", Label: "Weight, kg"}, {Name: "volume_l", Label: "Volume, litres"}, {Name: "urgent", Label: "Urgent from priority"},
		{Name: "zero_check", Label: "Ask whether a bin is empty when it should be", Options: yesNo}, {Name: "policy", Label: "Lists are walked", Options: policies()},
		{Name: "cross_y", Label: "Cross-aisles, metres from the front wall"}, {Name: "depot", Label: "Walks begin and end at"}, {Name: "walk_m_s", Label: "Speed, metres a second"},
		{Name: "stop_s", Label: "Seconds a stop"}, {Name: "unit_s", Label: "Seconds a piece"}}
}

// pickable are the zones that have a bin one picks from.
func (v pickingSetup) pickable() []picking.ZoneRule {
	return slices.DeleteFunc(slices.Clone(v.Zones), func(z picking.ZoneRule) bool { return z.Bins == 0 })
}

func zoneField(name string, z picking.ZoneRule) string { return fmt.Sprintf("%s_%d", name, z.Zone) }

const borderDays = 28 // of which the work of zones is counted

// moves are the aisles that would be in another zone if the work were shared out best, each leading to its page.
func moves(b picking.Borders) (links []ui.Link) {
	for _, a := range b.Aisles {
		if b.Improvable() && a.Better != a.Zone {
			l := ui.Link{Label: fmt.Sprintf("Aisle %s from %s to %s", a.Code, a.Zone, a.Better)}
			if a.Aisle != 0 {
				l.Href = fmt.Sprintf("/setup/locations/%d", a.Aisle)
			}
			links = append(links, l)
		}
	}
	return links
}

// bordersWords says how evenly the zones share the work, and what other borders would make of it.
func bordersWords(b picking.Borders) string {
	var all int64
	for _, z := range b.Zones {
		all += z.Now
	}
	now, better := b.Busiest()
	share := func(n int64) string { return fmt.Sprintf("%d %%", (100*n+all/2)/all) }
	words := fmt.Sprintf("The busiest zone had %s of the work of %d days.", share(now), borderDays)
	if b.Improvable() {
		return words + fmt.Sprintf(" With other borders it would have had %s:", share(better))
	}
	return words + " No other borders would give it less."
}

// foundWords says which cross-aisles walks cross now.
func (v pickingSetup) foundWords() string {
	var all []string
	for _, y := range v.Found {
		all = append(all, inMetres(y))
	}
	if v.Auto {
		return "Found from the gaps between bins: " + strings.Join(all, ", ") + " m."
	}
	return "As given: " + strings.Join(all, ", ") + " m."
}
