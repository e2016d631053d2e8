package api

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/picking"
)

// waveFilter says which orders a wave is for. What is absent leaves all of them.
type waveFilter struct {
	Orders      []string `json:"orders,omitempty" nullable:"false" doc:"Only these: O-1001"`
	Carriers    []string `json:"carriers,omitempty" nullable:"false"`
	Services    []string `json:"services,omitempty" nullable:"false"`
	CutOffIn    int      `json:"cut_off_in,omitempty" doc:"Their truck leaves within so many minutes"`
	DueIn       int      `json:"due_in,omitempty" doc:"Promised within so many hours"`
	Zones       []string `json:"zones,omitempty" nullable:"false" doc:"Codes: all of it lies in these"`
	Items       []string `json:"items,omitempty" nullable:"false" doc:"Only items whose SKU begins so"`
	Tags        []string `json:"tags,omitempty" nullable:"false" doc:"One of these"`
	MinPriority int      `json:"min_priority,omitempty"`
	MaxPriority *int     `json:"max_priority,omitempty"`
	MaxLines    int      `json:"max_lines,omitempty" doc:"Of one order"`
}

// waveLimits bound a wave; 0 is no limit.
type waveLimits struct {
	Orders  int64        `json:"orders,omitempty"`
	Lines   int64        `json:"lines,omitempty"`
	Units   int64        `json:"units,omitempty"`
	WeightG int64        `json:"weight_g,omitempty"`
	Minutes int64        `json:"minutes,omitempty" doc:"Of picking, by the speeds of the rules"`
	List    picking.Load `json:"list,omitzero" doc:"Of one list; what is absent is as in the rules"`
}

// waveWish is what is to be released: by a template, or by its own words.
type waveWish struct {
	Template int64      `json:"template,omitempty" doc:"The template; then nothing else is read"`
	Name     string     `json:"name,omitempty" maxLength:"60"`
	Method   string     `json:"method,omitempty" doc:"piece, cluster, batch or zone"`
	Filter   waveFilter `json:"filter,omitzero"`
	Limits   waveLimits `json:"limits,omitzero"`
	Shortage string     `json:"shortage,omitempty" doc:"What a shortage takes out: orders (the usual) or lines"`
	SearchS  int64      `json:"search_s,omitempty" doc:"Seconds to look for shorter walks, up to 60"`
}

// TemplateBody is a wave template as it is sent.
type TemplateBody struct {
	Name       string     `json:"name"`
	Method     string     `json:"method" doc:"piece, cluster, batch or zone"`
	Filter     waveFilter `json:"filter,omitzero"`
	Limits     waveLimits `json:"limits,omitzero"`
	Shortage   string     `json:"shortage,omitempty" doc:"What a shortage takes out: orders (the usual) or lines"`
	SearchS    int64      `json:"search_s,omitempty" doc:"Seconds to look for shorter walks, up to 60"`
	Days       []int64    `json:"days,omitempty" nullable:"false" doc:"1 is Monday, 7 Sunday"`
	Times      []string   `json:"times,omitempty" nullable:"false" doc:"Of the day: 07:30"`
	TimeZone   string     `json:"time_zone,omitempty" doc:"The warehouse's if absent"`
	OnHolidays bool       `json:"on_holidays,omitempty"`
	KeepOpen   int64      `json:"keep_open,omitempty" doc:"Keep so many orders on the floor, without a timetable"`
	Active     bool       `json:"active"`
}

type editedTemplate struct {
	TemplateBody
	Version int64 `json:"version" doc:"As it was read; a change by somebody else in between is a conflict"`
}

type waveTemplate struct {
	Template int64 `json:"template"`
	TemplateBody
	SleepsUntil *time.Time `json:"sleeps_until,omitempty"`
	Version     int64      `json:"version"`
}

// templateNames are the fields of a template as the document has them, by the names that its check uses.
var templateNames = func() map[string]string {
	names := map[string]string{"search": "search_s", "refs": "filter.orders"}
	for _, n := range []string{"carriers", "services", "cut_off_in", "due_in", "zones", "items", "tags", "min_priority", "max_priority", "max_lines"} {
		names[n] = "filter." + n
	}
	for _, n := range []string{"orders", "lines", "units", "weight_g", "minutes"} {
		names[n] = "limits." + n
	}
	for _, n := range []string{"totes", "lines", "units", "weight_g", "volume_cm3"} {
		names["list_"+n] = "limits.list." + n
	}
	return names
}()

// renamed names the mistakes of a check as the document does.
func renamed(err error, names map[string]string) error {
	fields := slices.Clone(fault.FieldsOf(err))
	if len(fields) == 0 {
		return err
	}
	for i, f := range fields {
		if name, other := names[f.Name]; other {
			fields[i].Name = name
		}
	}
	return fields
}

// zoneCodes are the zones of the house by code, and the codes by id.
func (a *API) zoneCodes(ctx context.Context, q pg.Querier) (ids map[string]inventory.LocationID, codes map[inventory.LocationID]string, err error) {
	rules, err := picking.ZoneRules(ctx, q, who(ctx).house())
	ids, codes = map[string]inventory.LocationID{}, map[inventory.LocationID]string{}
	for _, r := range rules {
		ids[r.Code], codes[r.Zone] = r.Zone, r.Code
	}
	return ids, codes, err
}

// template is the body as picking knows it; a zone that does not exist is a mistake.
func (b TemplateBody) template(ctx context.Context, zones map[string]inventory.LocationID) (t picking.Template, err error) {
	f, l := b.Filter, b.Limits
	t = picking.Template{Warehouse: who(ctx).house(), Name: b.Name, Method: picking.Method(b.Method), Shortage: picking.Shortage(b.Shortage),
		Search: time.Duration(min(max(b.SearchS, -1), 1000)) * time.Second, Days: b.Days, Times: b.Times, TimeZone: b.TimeZone, OnHolidays: b.OnHolidays, KeepOpen: b.KeepOpen, Active: b.Active,
		Filter: picking.Filter{Orders: f.Orders, Carriers: f.Carriers, Services: f.Services, CutOffIn: f.CutOffIn, DueIn: f.DueIn, Items: f.Items, Tags: f.Tags, MinPriority: f.MinPriority, MaxPriority: f.MaxPriority, MaxLines: f.MaxLines},
		Limits: picking.Limits{Orders: l.Orders, Lines: l.Lines, Units: l.Units, WeightG: l.WeightG, Minutes: l.Minutes, List: l.List}}
	var bad fault.Fields
	for _, code := range f.Zones {
		id, known := zones[strings.ToUpper(strings.TrimSpace(code))]
		if !known {
			bad.Add("filter.zones", "There is no such zone here. Name zones by their codes.")
			break
		}
		t.Filter.Zones = append(t.Filter.Zones, id)
	}
	t, err = picking.CheckTemplate(t)
	return t, append(bad, fault.FieldsOf(renamed(err, templateNames))...).Err()
}

func showTemplate(t picking.Template, codes map[inventory.LocationID]string) waveTemplate {
	f, l := t.Filter, t.Limits
	out := waveTemplate{Template: int64(t.ID), Version: t.Version, TemplateBody: TemplateBody{Name: t.Name, Method: string(t.Method), Shortage: string(t.Shortage),
		SearchS: int64(t.Search / time.Second), Days: t.Days, Times: t.Times, TimeZone: t.TimeZone, OnHolidays: t.OnHolidays, KeepOpen: t.KeepOpen, Active: t.Active,
		Filter: waveFilter{Orders: f.Orders, Carriers: f.Carriers, Services: f.Services, CutOffIn: f.CutOffIn, DueIn: f.DueIn, Items: f.Items, Tags: f.Tags, MinPriority: f.MinPriority, MaxPriority: f.MaxPriority, MaxLines: f.MaxLines},
		Limits: waveLimits{Orders: l.Orders, Lines: l.Lines, Units: l.Units, WeightG: l.WeightG, Minutes: l.Minutes, List: l.List}}}
	for _, z := range f.Zones {
		out.Filter.Zones = append(out.Filter.Zones, codes[z])
	}
	if t.Sleeps != nil {
		out.SleepsUntil = utc(*t.Sleeps)
	}
	return out
}

// listTemplates pages through templates in Go: a warehouse has a handful.
func (a *API) listTemplates(ctx context.Context, in *struct{ Paging }) (out page[waveTemplate], err error) {
	after, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	_, codes, err := a.zoneCodes(ctx, a.DB)
	if err != nil {
		return out, err
	}
	all, err := picking.Templates(ctx, a.DB, who(ctx).house())
	slices.SortFunc(all, func(a, b picking.Template) int { return int(a.ID - b.ID) })
	all = slices.DeleteFunc(all, func(t picking.Template) bool { return int64(t.ID) <= after })
	return paged(in.Paging, all, func(t picking.Template) string { return digits(t.ID) }, func(t picking.Template) waveTemplate { return showTemplate(t, codes) }), err
}

// OfTemplate is a path that names a wave template.
type OfTemplate struct {
	Template string `path:"template" doc:"Its number"`
}

func (o OfTemplate) read(ctx context.Context, q pg.Querier) (picking.Template, error) {
	n, err := numbered("", segment(o.Template))
	if err != nil {
		return picking.Template{}, err
	}
	return picking.TemplateByID(ctx, q, who(ctx).house(), picking.TemplateID(n))
}

func (a *API) getTemplate(ctx context.Context, in *OfTemplate) (out waveTemplate, err error) {
	t, err := in.read(ctx, a.DB)
	if err != nil {
		return out, err
	}
	_, codes, err := a.zoneCodes(ctx, a.DB)
	return showTemplate(t, codes), err
}

func (a *API) addTemplate(ctx context.Context, tx *sql.Tx, in *Post[TemplateBody]) (waveTemplate, error) {
	return a.keepTemplate(ctx, tx, in.Body, 0, 0)
}

func (a *API) editTemplate(ctx context.Context, tx *sql.Tx, in *struct {
	OfTemplate
	Put[editedTemplate]
}) (out waveTemplate, err error) {
	was, err := in.read(ctx, tx)
	if err != nil {
		return out, err
	}
	return a.keepTemplate(ctx, tx, in.Body.TemplateBody, was.ID, in.Body.Version)
}

func (a *API) keepTemplate(ctx context.Context, tx *sql.Tx, body TemplateBody, id picking.TemplateID, version int64) (out waveTemplate, err error) {
	ids, codes, err := a.zoneCodes(ctx, tx)
	if err != nil {
		return out, err
	}
	t, err := body.template(ctx, ids)
	if err != nil {
		return out, err
	}
	t.ID, t.Version = id, version
	if t.ID, err = picking.SaveTemplate(ctx, tx, t, who(ctx).ID); err != nil {
		return out, err
	}
	t, err = picking.TemplateByID(ctx, tx, t.Warehouse, t.ID)
	return showTemplate(t, codes), err
}

const mostSearched = 10 * time.Second // for shorter walks, while somebody waits for the answer

// sketch draws what is wished for.
func (a *API) sketch(ctx context.Context, tx *sql.Tx, w waveWish) (s picking.Sketch, err error) {
	var t picking.Template
	if w.Template != 0 {
		t, err = picking.TemplateByID(ctx, tx, who(ctx).house(), picking.TemplateID(w.Template))
	} else {
		var ids map[string]inventory.LocationID
		if ids, _, err = a.zoneCodes(ctx, tx); err != nil {
			return s, err
		}
		if w.Name == "" {
			w.Name = "By hand"
		}
		t, err = TemplateBody{Name: w.Name, Method: w.Method, Filter: w.Filter, Limits: w.Limits, Shortage: w.Shortage, SearchS: w.SearchS}.template(ctx, ids)
	}
	if err != nil {
		return s, err
	}
	spec := t.Spec()
	spec.Search = min(spec.Search, mostSearched)
	return picking.Draw(ctx, tx, who(ctx).house(), spec, who(ctx).at)
}

type leftOut struct {
	Order  string `json:"order"`
	Reason string `json:"reason"`
}

func showLeftOut(l picking.LeftOut) leftOut { return leftOut{l.Ref, l.Reason} }

type sketchedList struct {
	Method  string `json:"method"`
	Zone    string `json:"zone,omitempty"`
	Orders  int64  `json:"orders"`
	Stops   int64  `json:"stops"`
	Units   int64  `json:"units"`
	Planned int64  `json:"planned_mm"`
}

type zoneShare struct {
	Zone    string `json:"zone"`
	Lists   int64  `json:"lists"`
	Planned int64  `json:"planned_mm"`
	Seconds int64  `json:"seconds" doc:"Of picking by one person"`
}

type wavePreview struct {
	Orders  int64            `json:"orders"`
	Lines   int64            `json:"lines"`
	Units   int64            `json:"units"`
	WeightG int64            `json:"weight_g"`
	Seconds int64            `json:"seconds" doc:"Of picking by one person, by the speeds of the rules"`
	Planned int64            `json:"planned_mm" doc:"Walked by its lists"`
	First   int64            `json:"first_mm" doc:"The same in the order of arrival, each list sorted by the names of the bins"`
	Named   int64            `json:"named_mm" doc:"One list an order, sorted by the names of the bins"`
	ByRules map[string]int64 `json:"by_rules_mm,omitempty" doc:"The same lists walked by the rules of thumb that know this floor: s-shape and so on"`
	Bound   int64            `json:"bound_mm,omitempty" doc:"No lists of these stops that keep to the limits are walked in less; absent where nobody knows"`
	Zones   []zoneShare      `json:"zones,omitempty" nullable:"false" doc:"Of lists that stay in zones: what each zone has, the slowest first"`
	Lists   []sketchedList   `json:"lists" nullable:"false"`
	LeftOut []leftOut        `json:"left_out" nullable:"false" doc:"Orders that match and are not released, with why"`
	Others  int64            `json:"others" doc:"Open orders that it is not for"`
}

func (a *API) previewWave(ctx context.Context, tx *sql.Tx, in *Post[waveWish]) (out wavePreview, err error) {
	s, err := a.sketch(ctx, tx, in.Body)
	out = wavePreview{Orders: s.Orders, Lines: s.Lines, Units: s.Units, WeightG: s.WeightG, Seconds: s.Seconds, Planned: s.Planned, First: s.First, Named: s.Named, Bound: s.Bound,
		Zones: each(s.ByZone(), func(z picking.ZoneShare) zoneShare { return zoneShare(z) }), LeftOut: each(s.LeftOut, showLeftOut), Others: s.Others,
		Lists: each(s.Lists, func(l picking.SketchList) sketchedList {
			return sketchedList{string(l.Method), l.Zone, l.Orders, l.Stops, l.Units, l.Planned}
		}), ByRules: map[string]int64{}}
	for _, r := range s.ByRules {
		out.ByRules[r.Policy.String()] = r.Planned
	}
	return out, err
}

// Wave is a wave with how far it is.
type Wave struct {
	ID         string     `json:"wave" doc:"W-7"`
	Template   int64      `json:"template,omitempty"`
	Name       string     `json:"name"`
	Method     string     `json:"method"`
	State      string     `json:"state" enum:"released,picking,picked,cancelled"`
	ReleasedBy string     `json:"released_by,omitempty" doc:"Absent: by itself, by its timetable or to keep orders on the floor"`
	ReleasedAt *time.Time `json:"released_at"`
	Finished   *time.Time `json:"finished,omitempty"`
	Orders     int64      `json:"orders" doc:"Without those taken back, with those that joined; like lines, units and weight_g"`
	Lines      int64      `json:"lines"`
	Units      int64      `json:"units"`
	WeightG    int64      `json:"weight_g"`
	Lists      int64      `json:"lists"`
	Free       int64      `json:"lists_free" doc:"That nobody has begun"`
	Begun      int64      `json:"lists_begun"`
	Done       int64      `json:"done" doc:"Units picked"`
	Total      int64      `json:"total"`
	Short      int64      `json:"short" doc:"Units that were found nowhere"`
	Elsewhere  int64      `json:"elsewhere" doc:"Units that other bins gave instead"`
	Packed     int64      `json:"packed" doc:"Orders packed or gone"`
	Planned    int64      `json:"planned_mm"`
	First      int64      `json:"first_mm,omitempty" doc:"The same in the order of arrival, sorted by name; absent once orders left the wave or joined"`
	Named      int64      `json:"named_mm"`
	Bound      int64      `json:"bound_mm,omitempty" doc:"No lists of the same stops would have been walked in less; absent where nobody knows"`
	Walked     int64      `json:"walked_mm" doc:"So far"`
}

func showWave(w picking.WaveReport) Wave {
	out := Wave{ID: w.ID.String(), Template: int64(w.Template), Name: w.Name, Method: string(w.Method), State: w.State(), ReleasedBy: w.By, ReleasedAt: utc(w.At),
		Orders: w.Orders, Lines: w.Lines, Units: w.Units, WeightG: w.WeightG, Lists: w.Lists, Free: w.Open, Begun: w.Started, Done: w.Done, Total: w.Total,
		Short: w.Short, Elsewhere: w.Elsewhere, Packed: w.Packed, Planned: w.Planned, First: w.First, Named: w.Named, Bound: w.Bound, Walked: w.Walked}
	if w.Finished != nil {
		out.Finished = utc(*w.Finished)
	}
	return out
}

type waveWithLists struct {
	Wave
	PickLists []pickList `json:"pick_lists" nullable:"false"`
	LeftOut   []leftOut  `json:"left_out" nullable:"false"`
}

func (a *API) releaseWave(ctx context.Context, tx *sql.Tx, in *Post[waveWish]) (out waveWithLists, err error) {
	s, err := a.sketch(ctx, tx, in.Body)
	if err != nil {
		return out, err
	}
	id, err := picking.Release(ctx, tx, who(ctx).house(), &s, who(ctx).ID, who(ctx).at)
	if err != nil {
		return out, err
	}
	return a.readWave(ctx, tx, id)
}

func (a *API) readWave(ctx context.Context, q pg.Querier, id picking.WaveID) (out waveWithLists, err error) {
	w, err := picking.WaveByID(ctx, q, who(ctx).house(), id)
	if err != nil {
		return out, err
	}
	lists, err := picking.ListsOf(ctx, q, who(ctx).house(), id)
	return waveWithLists{showWave(w), each(lists, showList), each(w.LeftOut, showLeftOut)}, err
}

func (a *API) listWaves(ctx context.Context, in *struct{ Paging }) (out page[Wave], err error) {
	after, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	all, err := picking.Waves(ctx, a.DB, who(ctx).house(), picking.WaveID(after), in.Limit+1)
	return paged(in.Paging, all, func(w picking.WaveReport) string { return digits(w.ID) }, showWave), err
}

// OfWave is a path that names a wave.
type OfWave struct {
	Wave string `path:"wave" doc:"W-7 or 7"`
}

func (o OfWave) id() (picking.WaveID, error) {
	n, err := numbered("W-", segment(o.Wave))
	return picking.WaveID(n), err
}

func (a *API) getWave(ctx context.Context, in *OfWave) (out waveWithLists, err error) {
	id, err := in.id()
	if err != nil {
		return out, err
	}
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) (err error) {
		out, err = a.readWave(ctx, tx, id)
		return err
	})
	return out, err
}

type shrinking struct {
	Orders []string `json:"orders,omitempty" nullable:"false" maxItems:"1000" doc:"Only these; absent: all of the wave"`
}

type shrunk struct {
	Stops int64 `json:"stops" doc:"How many were taken back"`
	Wave  Wave  `json:"wave"`
}

func (a *API) shrinkWave(ctx context.Context, tx *sql.Tx, in *struct {
	OfWave
	Post[shrinking]
}) (out shrunk, err error) {
	id, err := in.id()
	if err != nil {
		return out, err
	}
	if _, err := picking.WaveByID(ctx, tx, who(ctx).house(), id); err != nil {
		return out, err
	}
	if out.Stops, err = picking.Shrink(ctx, tx, who(ctx).house(), id, in.Body.Orders); err != nil {
		return out, err
	}
	w, err := picking.WaveByID(ctx, tx, who(ctx).house(), id)
	out.Wave = showWave(w)
	return out, err
}

type joining struct {
	Order string `json:"order" minLength:"1" maxLength:"60" doc:"O-1001"`
}

type joined struct {
	List string `json:"list" doc:"P-104, the list that is on its way and takes it"`
}

func (a *API) joinList(ctx context.Context, tx *sql.Tx, in *Post[joining]) (out joined, err error) {
	list, err := picking.Inject(ctx, tx, who(ctx).house(), in.Body.Order)
	return joined{list.String()}, err
}

type pace struct {
	Method  string  `json:"method"`
	Lists   int64   `json:"lists"`
	Lines   int64   `json:"lines"`
	Units   int64   `json:"units"`
	Planned int64   `json:"planned_mm"`
	Walked  int64   `json:"walked_mm"`
	Named   int64   `json:"named_mm" doc:"The same lists in the order of the bins' names"`
	Seconds int64   `json:"seconds" doc:"From the first scan of each list to its last"`
	PerLine float64 `json:"metres_per_line"`
	PerHour float64 `json:"lines_per_hour"`
}

type paces struct {
	Data []pace `json:"data" nullable:"false"`
}

func (a *API) getPaces(ctx context.Context, in *struct {
	Days int `query:"days" minimum:"1" maximum:"400" default:"7" doc:"Of lists finished in the last so many days"`
}) (out paces, err error) {
	all, err := picking.Paces(ctx, a.DB, who(ctx).house(), who(ctx).at.AddDate(0, 0, -in.Days))
	return paces{each(all, func(p picking.Pace) pace {
		return pace{string(p.Method), p.Lists, p.Lines, p.Units, p.Planned, p.Walked, p.Named, p.Seconds, p.MetresPerLine(), p.LinesPerHour()}
	})}, err
}
