package web

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/picking"
	"tote/shipping"
)

func templatePath(id picking.TemplateID) string { return fmt.Sprintf("/waves/templates/%d", id) }

// templateForm is a wave template as it is typed; the ad-hoc wave of the preview has some of its fields.
type templateForm struct {
	Name        string      `form:"name,max=80" label:"The name"`
	Method      string      `form:"method,max=10" label:"The method"`
	CutOffIn    int         `form:"cut_off_in,max=8" label:"The number of minutes until the truck"`
	DueIn       int         `form:"due_in,max=8" label:"The number of hours until the promise"`
	Refs        string      `form:"refs,max=3500" label:"The list of orders"`
	Items       string      `form:"items,max=3500" label:"The list of items"`
	Tags        string      `form:"tags,max=3500" label:"The list of tags"`
	MinPriority int         `form:"min_priority,max=4" label:"The lowest priority"`
	MaxPriority maybe       `form:"max_priority,max=4" label:"The highest priority"`
	MaxLines    int         `form:"max_lines,max=8" label:"The number of lines of an order"`
	Orders      int64       `form:"orders,max=12" label:"The number of orders"`
	Lines       int64       `form:"lines,max=12" label:"The number of lines"`
	Units       int64       `form:"units,max=12" label:"The number of pieces"`
	WeightKG    thousandths `form:"weight_kg,max=12" label:"The weight"`
	Minutes     int64       `form:"minutes,max=8" label:"The number of minutes"`
	ListTotes   int64       `form:"list_totes,max=8" label:"The number of totes"`
	ListLines   int64       `form:"list_lines,max=12" label:"The number of lines of a list"`
	ListUnits   int64       `form:"list_units,max=12" label:"The number of pieces of a list"`
	ListKG      thousandths `form:"list_weight_kg,max=12" label:"The weight of a list"`
	ListLitres  thousandths `form:"list_volume_l,max=12" label:"The volume of a list"`
	Shortage    string      `form:"shortage,max=10" label:"What a shortage does"`
	Search      int64       `form:"search,max=4" label:"The number of seconds"`
	Times       string      `form:"times,max=700" label:"The list of times"`
	TimeZone    string      `form:"time_zone,max=60" label:"The time zone"`
	OnHolidays  bool        `form:"on_holidays"`
	KeepOpen    int64       `form:"keep_open,max=8" label:"The number of orders on the floor"`
	Resting     bool        `form:"resting"`
	Version     int64       `form:"version,max=12"`
	Seen        string      `form:"seen,max=64"`     // what the preview showed
	Template    int64       `form:"template,max=12"` // of a release: the template; 0 for one of these fields
}

// maybe is a whole number that may be missing.
type maybe struct{ n *int }

// UnmarshalText reads one.
func (m *maybe) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	m.n = &n
	return err
}

// thousandths are grams typed as kilograms, or cubic centimetres as litres: "12.5".
type thousandths int64

// UnmarshalText reads a decimal with a point or a comma.
func (t *thousandths) UnmarshalText(text []byte) error {
	f, err := strconv.ParseFloat(strings.ReplaceAll(string(text), ",", "."), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1e9 {
		return errors.New("no decimal")
	}
	*t = thousandths(math.Round(f * 1000))
	return nil
}

func (t thousandths) String() string {
	if t == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(t)/1000, 'f', -1, 64)
}

// formNames are the fields of the form whose unit is not that of the template.
var formNames = map[string]string{"weight_g": "weight_kg", "list_weight_g": "list_weight_kg", "list_volume_cm3": "list_volume_l"}

// asTyped names the fields of a refused template as the form does.
func asTyped(err error) error {
	fields := fault.FieldsOf(err)
	if len(fields) == 0 {
		return err
	}
	for i, f := range fields {
		if name, other := formNames[f.Name]; other {
			fields[i] = fault.Field{Name: name, Message: "This is more than any floor takes, or less than nothing. Empty is no limit."}
		}
	}
	return fields
}

// templateChoices are what one may tick in the form.
type templateChoices struct {
	Carriers, Services, Zones, Days []ui.Option
	Others                          []difference // what somebody else stored while this was typed
}

var weekdays = []ui.Option{{Value: "1", Label: "Monday"}, {Value: "2", Label: "Tuesday"}, {Value: "3", Label: "Wednesday"}, {Value: "4", Label: "Thursday"},
	{Value: "5", Label: "Friday"}, {Value: "6", Label: "Saturday"}, {Value: "7", Label: "Sunday"}}

// tickable are the carriers and services in use and the zones of this warehouse, and whatever a template names beside.
func (a *App) tickable(c *fiber.Ctx, f picking.Filter) (o templateChoices, err error) {
	carriers, err := shipping.Carriers(c.UserContext(), a.DB)
	if err != nil {
		return o, err
	}
	zones, err := picking.ZoneRules(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return o, err
	}
	var services []string
	for _, k := range carriers {
		if k.Active {
			o.Carriers = append(o.Carriers, ui.Option{Value: k.Code, Label: k.Name})
			services = append(services, k.Services...)
		}
	}
	slices.Sort(services)
	for _, s := range slices.Compact(services) {
		o.Services = append(o.Services, ui.Option{Value: s, Label: s})
	}
	o.Carriers, o.Services = withNamed(o.Carriers, f.Carriers), withNamed(o.Services, f.Services)
	for _, z := range zones {
		if z.Bins == 0 && !slices.Contains(f.Zones, z.Zone) {
			continue // there is nothing to pick
		}
		o.Zones = append(o.Zones, ui.Option{Value: strconv.FormatInt(int64(z.Zone), 10), Label: z.Code})
	}
	o.Days = weekdays
	return o, nil
}

func withNamed(options []ui.Option, names []string) []ui.Option {
	for _, n := range names {
		if !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == n }) {
			options = append(options, ui.Option{Value: n, Label: n + " (out of use)"})
		}
	}
	return options
}

// chosen are the options whose boxes were ticked; the form keeps them.
func chosen(c *fiber.Ctx, form ui.Form, word string, options []ui.Option) (values []string) {
	ticked := ticks(c, word)
	for _, o := range options {
		if slices.Contains(ticked, o.Value) {
			values = append(values, o.Value)
			form.Values[word+"_"+o.Value] = "on"
		}
	}
	return values
}

// words are what is divided by blanks, commas or line ends.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\t' })
}

// orderRefs are the orders that were named, as they are printed: a bare number is that of an order.
func orderRefs(text string) (refs []string) {
	for _, word := range words(strings.ToUpper(text)) {
		if _, err := strconv.ParseUint(word, 10, 63); err == nil {
			word = "O-" + word
		}
		refs = append(refs, word)
	}
	return refs
}

// readTemplate is the template that was typed.
func (a *App) readTemplate(c *fiber.Ctx, was picking.Template) (t picking.Template, f templateForm, form ui.Form, err error) {
	o, err := a.tickable(c, was.Filter)
	if err != nil {
		return t, f, form, err
	}
	form, err = decode(c, &f)
	t = picking.Template{ID: was.ID, Warehouse: a.house(c), Name: f.Name, Method: picking.Method(f.Method), Shortage: picking.Shortage(f.Shortage),
		Search: time.Duration(f.Search) * time.Second, Times: words(f.Times), TimeZone: f.TimeZone, OnHolidays: f.OnHolidays, KeepOpen: f.KeepOpen, Active: !f.Resting, Version: f.Version,
		Filter: picking.Filter{Orders: orderRefs(f.Refs), Carriers: chosen(c, form, "carriers", o.Carriers), Services: chosen(c, form, "services", o.Services), CutOffIn: f.CutOffIn, DueIn: f.DueIn,
			Items: words(f.Items), Tags: words(f.Tags), MinPriority: f.MinPriority, MaxPriority: f.MaxPriority.n, MaxLines: f.MaxLines},
		Limits: picking.Limits{Orders: f.Orders, Lines: f.Lines, Units: f.Units, WeightG: int64(f.WeightKG), Minutes: f.Minutes,
			List: picking.Load{Totes: f.ListTotes, Lines: f.ListLines, Units: f.ListUnits, WeightG: int64(f.ListKG), VolumeCM3: int64(f.ListLitres)}}}
	for _, id := range chosen(c, form, "zones", o.Zones) {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			t.Filter.Zones = append(t.Filter.Zones, inventory.LocationID(n))
		}
	}
	for _, day := range chosen(c, form, "days", o.Days) {
		if n, err := strconv.ParseInt(day, 10, 64); err == nil {
			t.Days = append(t.Days, n)
		}
	}
	return t, f, form, err
}

// checked is the template that was typed, with every mistake of it: what cannot be read and what cannot be.
func checked(t picking.Template, unread error) (picking.Template, error) {
	t, err := picking.CheckTemplate(t)
	err = asTyped(err)
	if unread == nil {
		return t, err
	}
	all := fault.FieldsOf(unread)
	for _, f := range fault.FieldsOf(err) {
		if !slices.ContainsFunc(all, func(known fault.Field) bool { return known.Name == f.Name }) {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return t, unread
	}
	return t, fault.Fields(all)
}

// some is a number as a field keeps it, nothing for 0.
func some(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func templateValues(t picking.Template) map[string]string {
	f, l := t.Filter, t.Limits
	values := map[string]string{"name": t.Name, "method": string(t.Method), "cut_off_in": some(int64(f.CutOffIn)), "due_in": some(int64(f.DueIn)),
		"refs": strings.Join(f.Orders, " "), "items": strings.Join(f.Items, " "), "tags": strings.Join(f.Tags, " "), "min_priority": some(int64(f.MinPriority)), "max_lines": some(int64(f.MaxLines)),
		"orders": some(l.Orders), "lines": some(l.Lines), "units": some(l.Units), "weight_kg": thousandths(l.WeightG).String(), "minutes": some(l.Minutes),
		"list_totes": some(l.List.Totes), "list_lines": some(l.List.Lines), "list_units": some(l.List.Units), "list_weight_kg": thousandths(l.List.WeightG).String(),
		"list_volume_l": thousandths(l.List.VolumeCM3).String(), "shortage": string(t.Shortage), "search": some(int64(t.Search / time.Second)),
		"times": strings.Join(t.Times, " "), "time_zone": t.TimeZone, "keep_open": some(t.KeepOpen), "version": strconv.FormatInt(t.Version, 10)}
	if f.MaxPriority != nil {
		values["max_priority"] = strconv.Itoa(*f.MaxPriority)
	}
	for name, on := range map[string]bool{"on_holidays": t.OnHolidays, "resting": !t.Active} {
		if on {
			values[name] = "on"
		}
	}
	for _, v := range f.Carriers {
		values["carriers_"+v] = "on"
	}
	for _, v := range f.Services {
		values["services_"+v] = "on"
	}
	for _, v := range f.Zones {
		values[fmt.Sprintf("zones_%d", v)] = "on"
	}
	for _, v := range t.Days {
		values[fmt.Sprintf("days_%d", v)] = "on"
	}
	return values
}

func (a *App) newTemplate(c *fiber.Ctx) error {
	return a.showTemplate(c, picking.Template{}, nil, ui.Form{Values: templateValues(picking.Template{Method: picking.Cluster, Shortage: picking.LeaveOrders, Active: true})})
}

// template reads the template of the path; another warehouse's does not exist here.
func (a *App) template(c *fiber.Ctx) (picking.Template, error) {
	id, err := number(c, "id")
	if err != nil {
		return picking.Template{}, err
	}
	return picking.TemplateByID(c.UserContext(), a.DB, a.house(c), picking.TemplateID(id))
}

func (a *App) editTemplate(c *fiber.Ctx) error {
	t, err := a.template(c)
	if err != nil {
		return err
	}
	return a.showTemplate(c, t, nil, ui.Form{Values: templateValues(t)})
}

func (a *App) showTemplate(c *fiber.Ctx, t picking.Template, others []difference, form ui.Form) error {
	o, err := a.tickable(c, t.Filter)
	if err != nil {
		return err
	}
	o.Others = others
	house, err := a.warehouse(c)
	if err != nil {
		return err
	}
	p := a.page(c, "New template")
	p.Back = backTo("Waves", "/waves")
	if t.ID != 0 {
		p.Title, p.Lead = t.Name, "A wave that is released again and again."
		p.Actions = []ui.Link{{Label: "Release now", Href: fmt.Sprintf("/waves/preview?template=%d", t.ID), Icon: "send"}}
	}
	return a.show(c, templatePage(p, t, form, o, house.TimeZone))
}

func (a *App) addTemplate(c *fiber.Ctx) error { return a.keepTemplate(c, picking.Template{}) }

func (a *App) saveTemplate(c *fiber.Ctx) error {
	was, err := a.template(c)
	if err != nil {
		return err
	}
	return a.keepTemplate(c, was)
}

// keepTemplate stores what was typed of a template; was is as it is stored, or empty for a new one.
func (a *App) keepTemplate(c *fiber.Ctx, was picking.Template) error {
	t, _, form, err := a.readTemplate(c, was)
	if t, err = checked(t, err); err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			_, err := picking.SaveTemplate(ctx, tx, t, a.who(c))
			return err
		})
	}
	if fault.KindOf(err) == fault.Conflict && was.ID != 0 {
		return a.templateMeanwhile(c, t, form)
	}
	if form, again := refused(form, err); again {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showTemplate(c, was, nil, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/waves", t.Name+" is stored.")
}

// templateMeanwhile shows the form again with what was typed, beside what somebody else has stored since it was opened.
// Saved once more, it is saved over that.
func (a *App) templateMeanwhile(c *fiber.Ctx, mine picking.Template, form ui.Form) error {
	theirs, err := a.template(c)
	if err != nil {
		return err
	}
	form.Values["version"] = strconv.FormatInt(theirs.Version, 10)
	o, err := a.tickable(c, theirs.Filter)
	if err != nil {
		return err
	}
	others := differences(templateValues(theirs), templateValues(mine), templateFields(o))
	if len(others) == 0 {
		return a.done(c, "/waves", mine.Name+" was stored the same by somebody else meanwhile.")
	}
	c.Status(fiber.StatusConflict)
	return a.showTemplate(c, theirs, others, form)
}

// templateFields are the fields of the form with the names that it shows.
func templateFields(o templateChoices) []ui.Field {
	fields := []ui.Field{{Name: "name", Label: "Name"}, {Name: "method", Label: "How they are picked", Options: waveMethods()}, {Name: "cut_off_in", Label: "Their truck leaves within, minutes"},
		{Name: "due_in", Label: "Promised within, hours"}, {Name: "refs", Label: "Only these orders"}, {Name: "items", Label: "Only items whose SKU begins with"}, {Name: "tags", Label: "One of these tags"},
		{Name: "min_priority", Label: "Priority from"}, {Name: "max_priority", Label: "Priority to"}, {Name: "max_lines", Label: "At most so many lines"},
		{Name: "orders", Label: "Orders"}, {Name: "lines", Label: "Lines"}, {Name: "units", Label: "Pieces"}, {Name: "weight_kg", Label: "Weight, kg"}, {Name: "minutes", Label: "Minutes of picking"},
		{Name: "list_totes", Label: "Totes of a list"}, {Name: "list_lines", Label: "Lines of a list"}, {Name: "list_units", Label: "Pieces of a list"},
		{Name: "list_weight_kg", Label: "Weight of a list, kg"}, {Name: "list_volume_l", Label: "Volume of a list, litres"}, {Name: "shortage", Label: "When an order lacks stock", Options: shortages()},
		{Name: "search", Label: "Seconds to look for shorter walks"}, {Name: "times", Label: "Times of the day"}, {Name: "time_zone", Label: "Time zone"},
		{Name: "on_holidays", Label: "On holidays too", Options: yesNo}, {Name: "keep_open", Label: "Keep so many orders on the floor"}, {Name: "resting", Label: "Out of use", Options: yesNo}}
	for _, of := range []struct {
		word    string
		options []ui.Option
	}{{"carriers", o.Carriers}, {"services", o.Services}, {"zones", o.Zones}, {"days", o.Days}} {
		for _, tick := range of.options {
			fields = append(fields, ui.Field{Name: of.word + "_" + tick.Value, Label: sentence(of.word) + ": " + tick.Label, Options: yesNo})
		}
	}
	return fields
}

// sleepTemplate keeps a template from releasing anything by itself for some hours, or wakes it.
func (a *App) sleepTemplate(c *fiber.Ctx) error {
	t, err := a.template(c)
	if err != nil {
		return err
	}
	var f struct {
		Hours int64 `form:"hours,max=8" label:"The hours"`
	}
	if _, err := decode(c, &f); err != nil {
		return err
	}
	if f.Hours < 0 || f.Hours > forAges {
		return fault.New(fault.Invalid, "A template sleeps for some hours, or until you wake it.")
	}
	var until *time.Time
	says := t.Name + " is awake."
	if f.Hours > 0 {
		then := a.Now().Add(time.Duration(f.Hours) * time.Hour)
		until, says = &then, t.Name+" sleeps. Nothing is released by it until it wakes."
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return picking.Sleep(ctx, tx, t.Warehouse, t.ID, until, a.who(c))
	})
	if err != nil {
		return err
	}
	return a.done(c, "/waves", says)
}

// holidaysPage shows the days on which timetables rest, one a line.
func (a *App) holidaysPage(c *fiber.Ctx) error {
	today, err := a.today(c)
	if err != nil {
		return err
	}
	days, err := picking.Holidays(c.UserContext(), a.DB, a.house(c), today)
	if err != nil {
		return err
	}
	var lines []string
	for _, d := range days {
		lines = append(lines, strings.TrimSpace(d.Day.Format(time.DateOnly)+" "+d.Name))
	}
	return a.showHolidays(c, ui.Form{Values: map[string]string{"holidays": strings.Join(lines, "\n")}})
}

// today is the present day in the warehouse's zone.
func (a *App) today(c *fiber.Ctx) (time.Time, error) {
	zone, err := a.clock(c)
	return midnight(a.Now(), zone), err
}

func (a *App) showHolidays(c *fiber.Ctx, form ui.Form) error {
	p := a.page(c, "Holidays")
	p.Lead = "On these days timetables rest, unless a template says otherwise."
	p.Back = backTo("Waves", "/waves")
	return a.show(c, holidaysPage(p, form))
}

func (a *App) saveHolidays(c *fiber.Ctx) error {
	today, err := a.today(c)
	if err != nil {
		return err
	}
	var f struct {
		Holidays string `form:"holidays,max=40000,lines" label:"The list"`
	}
	form, err := decode(c, &f)
	var days []picking.Holiday
	if err == nil {
		if days, err = readHolidays(f.Holidays, today); err == nil {
			err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
				return picking.SetHolidays(ctx, tx, a.house(c), today, days, a.who(c))
			})
		}
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showHolidays(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/waves/holidays", ui.Count(int64(len(days)), "holiday is", "holidays are")+" stored.")
}

// readHolidays reads a day and its name from each line.
func readHolidays(text string, today time.Time) (days []picking.Holiday, err error) {
	var bad fault.Fields
	for i, line := range strings.Split(text, "\n") {
		date, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if date == "" {
			continue
		}
		day, err := picking.ReadHoliday(date, name, today)
		if err != nil {
			bad.Add("holidays", "Line %d: %s.", i+1, err)
			continue
		}
		days = append(days, day)
	}
	return days, bad.Err()
}
