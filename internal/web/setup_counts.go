package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/web/ui"
	"tote/inventory"
)

// countRulesForm is how a warehouse counts its bins, as it is typed.
type countRulesForm struct {
	Days    int64           `form:"days,max=6" label:"The number of days"`
	ShareA  int64           `form:"share_a,max=6" label:"The share of class A"`
	ShareB  int64           `form:"share_b,max=6" label:"The share of class B"`
	Pieces  string          `form:"pieces,max=12" label:"The number of pieces"`
	Percent string          `form:"percent,max=12" label:"The per cent"`
	Classes []classRuleForm `form:"classes"`
	Version int64           `form:"version,max=18" label:"The version"`
}

type classRuleForm struct {
	Class   string `form:"class,max=1" label:"The class"`
	Every   string `form:"every,max=6" label:"The number of days"`
	ADay    int64  `form:"a_day,max=6" label:"The number of bins"`
	Pieces  string `form:"pieces,max=12" label:"The number of pieces"`
	Percent string `form:"percent,max=12" label:"The per cent"`
}

// rules are what was typed, with the mistakes of decoding (unread) and of the rules together.
func (f countRulesForm) rules(unread error) (inventory.CountRules, error) {
	r := inventory.CountRules{Days: f.Days, ShareA: f.ShareA, ShareB: f.ShareB, Version: f.Version,
		Recount: inventory.Limit{Pieces: percentOf(f.Pieces), Percent: percentOf(f.Percent)}}
	for _, k := range f.Classes {
		rule := inventory.ClassRule{Class: inventory.Class(k.Class), Every: -1, ADay: k.ADay,
			Recount: inventory.Limit{Pieces: percentOf(k.Pieces), Percent: percentOf(k.Percent)}}
		if every := percentOf(k.Every); every != nil { // an empty field is not 0, which is never
			rule.Every = *every
		}
		r.Classes = append(r.Classes, rule)
	}
	bad := fault.FieldsOf(unread)
	for _, field := range fault.FieldsOf(inventory.CheckCountRules(r)) {
		if bad.Of(field.Name) == "" {
			bad = append(bad, field)
		}
	}
	return r, bad.Err()
}

func countRulesValues(r inventory.CountRules) map[string]string {
	text := func(n int64) string { return strconv.FormatInt(n, 10) }
	values := map[string]string{"days": text(r.Days), "share_a": text(r.ShareA), "share_b": text(r.ShareB), "version": text(r.Version),
		"pieces": percentText(r.Recount.Pieces), "percent": percentText(r.Recount.Percent)}
	for i, k := range r.Classes {
		values[classField(i, "class")], values[classField(i, "every")], values[classField(i, "a_day")] = string(k.Class), text(k.Every), text(k.ADay)
		values[classField(i, "pieces")], values[classField(i, "percent")] = percentText(k.Recount.Pieces), percentText(k.Recount.Percent)
	}
	return values
}

func classField(i int, name string) string { return fmt.Sprintf("classes.%d.%s", i, name) }

// countRulesFields are the fields of the form with the names that it shows.
func countRulesFields() []ui.Field {
	fields := []ui.Field{{Name: "days", Label: "Picks of the last days"}, {Name: "share_a", Label: "Class A, % of the pick lines"}, {Name: "share_b", Label: "Class B, % of the pick lines"},
		{Name: "pieces", Label: "Count again beyond, pieces"}, {Name: "percent", Label: "Count again beyond, % of what was expected"}}
	for i, class := range inventory.Classes {
		of := "Class " + string(class) + ", "
		fields = append(fields, ui.Field{Name: classField(i, "every"), Label: of + "every so many days"}, ui.Field{Name: classField(i, "a_day"), Label: of + "bins a day at most"},
			ui.Field{Name: classField(i, "pieces"), Label: of + "count again beyond, pieces"}, ui.Field{Name: classField(i, "percent"), Label: of + "count again beyond, %"})
	}
	return fields
}

func (a *App) countRules(c *fiber.Ctx) error {
	r, err := inventory.ReadCountRules(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	return a.showCountRules(c, ui.Form{Values: countRulesValues(r)}, nil)
}

func (a *App) showCountRules(c *fiber.Ctx, form ui.Form, others []difference) error {
	plan, err := inventory.CountPlan(c.UserContext(), a.DB, a.house(c), a.Now())
	if err != nil {
		return err
	}
	p := a.page(c, "Counting")
	p.Lead = "How often each bin is counted, and how far one person's count may change the books."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "Counts", Href: "/counts", Icon: "count"}}
	return a.show(c, countRulesPage(p, form, plan, others))
}

func (a *App) saveCountRules(c *fiber.Ctx) error {
	var f countRulesForm
	form, err := decode(c, &f)
	r, bad := f.rules(err)
	if bad == nil {
		bad = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return inventory.SaveCountRules(ctx, tx, a.house(c), r, a.who(c), a.Now())
		})
	}
	if fault.KindOf(bad) == fault.Conflict {
		return a.countRulesMeanwhile(c, form, r)
	}
	if form, again := refused(form, bad); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showCountRules(c, form, nil)
	}
	if bad != nil {
		return bad
	}
	return a.done(c, "/setup/counts", "Stored. The next night asks for counts by it, and counts that end from now on follow it.")
}

// countRulesMeanwhile shows the form again with what was typed, beside what somebody else has stored since it was opened.
// Saved once more, it is saved over that.
func (a *App) countRulesMeanwhile(c *fiber.Ctx, form ui.Form, mine inventory.CountRules) error {
	theirs, err := inventory.ReadCountRules(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	form.Values["version"] = strconv.FormatInt(theirs.Version, 10)
	others := differences(countRulesValues(theirs), countRulesValues(mine), countRulesFields())
	if len(others) == 0 { // both stored the same
		return a.done(c, "/setup/counts", "Somebody else stored the same meanwhile.")
	}
	c.Status(fiber.StatusConflict)
	return a.showCountRules(c, form, others)
}

// classHas says what of the stock is of a class now.
func classHas(p inventory.ClassPlan) string {
	return ui.Count(p.Items, "item", "items") + " in " + ui.Count(p.Bins, "bin", "bins")
}
