package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// mostInside is how many places of one level the tree shows; the list has the rest.
const mostInside = 300

// setupPlaces is the tree of locations, open where one looks, or the list of what is searched for. A code or label that
// is one place opens the tree there.
func (a *App) setupPlaces(c *fiber.Ctx) error {
	in := inventory.LocationID(idQuery(c, "in"))
	if c.Query("q") != "" && c.Query("after") == "" {
		found, err := a.placeCalled(c, c.Query("q"))
		if err != nil {
			return err
		}
		if found != 0 {
			in = found
		} else {
			return a.listPlaces(c)
		}
	} else if c.Query("q") != "" || c.Query("kind") != "" || c.Query("list") != "" {
		return a.listPlaces(c)
	}
	return a.showPlaces(c, in, ui.Form{})
}

// placeCalled is the place that a label or a whole code means, 0 for none or one outside of the tree.
func (a *App) placeCalled(c *fiber.Ctx, typed string) (inventory.LocationID, error) {
	code, err := labels.Parse(typed)
	if err != nil {
		return 0, nil
	}
	l, err := inventory.FindLocation(c.UserContext(), a.DB, a.house(c), code)
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		return 0, nil
	}
	if err == nil && !l.Physical && l.Kind != inventory.Zone && l.Kind != inventory.Aisle && l.Kind != inventory.Bay && l.Kind != inventory.Level && l.Kind != inventory.Wall {
		return 0, nil
	}
	return l.ID, err
}

// placesView is the tree, with the form for all bins of the branch that is looked at.
type placesView struct {
	Nodes  []inventory.Node
	At     inventory.LocationID
	Inside bool // something is in it: it can be changed as a whole
	Way    []ui.Link
	Form   ui.Form
	Filter inventory.PlaceFilter
	Labels []ui.Link // of the bins that were just made here
}

func (a *App) showPlaces(c *fiber.Ctx, in inventory.LocationID, form ui.Form) error {
	way, err := a.wayTo(c, in)
	if err != nil {
		return err
	}
	nodes, err := inventory.Branches(c.UserContext(), a.DB, a.house(c), in, mostInside)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	inside := in != 0 && hasInside(nodes, in) && a.may(who.Member, "/setup/locations/new")
	p := a.placesHead(c, in)
	var papers []ui.Link
	if c.Query("made") != "" && len(way) > 0 && a.mayAdjust(c) {
		papers = append([]ui.Link{{Label: "Labels of " + way[len(way)-1].Label, Href: fmt.Sprintf("/setup/locations/labels.pdf?in=%d", in), Icon: "file"}},
			printHere(p.Station, fmt.Sprintf("/setup/locations/labels?in=%d", in))...)
	}
	way = way[:max(len(way)-1, 0)] // the last is the place itself
	return a.show(c, placesPage(p, placesView{nodes, in, inside, way, form, inventory.PlaceFilter{Search: c.Query("q")}, papers}))
}

// hasInside reports whether something stands in a place of the tree.
func hasInside(nodes []inventory.Node, id inventory.LocationID) bool {
	for _, n := range nodes {
		if n.ID == id && n.Inside > 0 || hasInside(n.Nodes, id) {
			return true
		}
	}
	return false
}

// listPlaces is the list of what is searched for, of a kind, or directly in a place.
func (a *App) listPlaces(c *fiber.Ctx) error {
	f := inventory.PlaceFilter{Parent: inventory.LocationID(idQuery(c, "in")), Kind: inventory.Kind(c.Query("kind")),
		Search: c.Query("q"), After: c.Query("after"), Limit: pageRows + 1}
	all, err := inventory.Tree(c.UserContext(), a.DB, a.house(c), f)
	if err != nil {
		return err
	}
	way, err := a.wayTo(c, f.Parent)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/setup/locations", Query: queryOf(c, "in", "kind", "q", "list"), Columns: []ui.Column{{Title: "Code"}, {Title: "What"}, {Title: "For"}, {Title: "Class"},
		{Title: "x, y, z in mm"}, {Title: "Inside", Number: true}, {Title: "Pieces", Number: true}, {Title: "State"}}}
	if len(all) > pageRows {
		all = all[:pageRows]
		t.More = all[pageRows-1].Code
	}
	for _, l := range all {
		t.Rows = append(t.Rows, placeRow(l))
	}
	return a.show(c, placesListPage(a.placesHead(c, f.Parent), t, f, way))
}

func (a *App) placesHead(c *fiber.Ctx, in inventory.LocationID) ui.Page {
	p := a.page(c, "Locations")
	p.Back = backTo("Set-up", "/setup")
	if mayEdit := a.mayAdjust(c); mayEdit {
		around := ""
		if in != 0 {
			around = strconv.FormatInt(int64(in), 10)
		}
		p.Actions = []ui.Link{{Label: "New location", Href: "/setup/locations/new?in=" + around, Icon: "plus"},
			{Label: "Many bins", Href: "/setup/locations/range?in=" + around, Icon: "plus"}}
		p.More = append([]ui.Link{{Label: "Send CSV", Href: "/setup/locations/csv", Icon: "file"}, {Label: "Get CSV", Href: "/setup/locations.csv", Icon: "down"},
			{Label: "Labels", Href: fmt.Sprintf("/setup/locations/labels.pdf?in=%d", in), Icon: "file"}},
			printHere(p.Station, fmt.Sprintf("/setup/locations/labels?in=%d", in))...)
	}
	p.Actions = append(p.Actions, ui.Link{Label: "Floor", Href: "/floor", Icon: "floor"})
	return p
}

// nodeWords says of a place in the tree what it is and what is below it.
func nodeWords(n inventory.Node) string {
	words := placeWords(n.Location)
	if n.Kind != inventory.Bin && n.Bins > 0 {
		words += " · " + ui.Count(n.Bins, "bin", "bins")
	}
	if n.OnHand > 0 {
		words += " · " + ui.Count(n.OnHand, "piece", "pieces")
	}
	return words
}

func nodeID(id inventory.LocationID) string { return fmt.Sprintf("place-%d", id) }

func openPath(id inventory.LocationID) string { return fmt.Sprintf("/setup/locations?in=%d", id) }

func placeRow(l inventory.Place) []ui.Cell {
	use, class := "", ""
	if l.Kind == inventory.Bin {
		use, class = string(l.Use), string(l.BinClass)
	}
	inside := ui.Num(l.Inside)
	if l.Inside > 0 {
		inside.Href = fmt.Sprintf("/setup/locations?in=%d", l.ID)
	}
	pieces := ui.Num(l.OnHand)
	if l.Physical {
		pieces.Href = placeHref(l.ID)
	}
	return []ui.Cell{ui.Go(l.Code, placePath(l.Location)), ui.Text(string(l.Kind)), ui.Text(use), ui.Text(class),
		ui.Text(fmt.Sprintf("%d, %d, %d", l.XMM, l.YMM, l.ZMM)), inside, pieces, ui.Show(activeChip(l.Active))}
}

// wayTo are the locations around one, from the top.
func (a *App) wayTo(c *fiber.Ctx, id inventory.LocationID) (way []ui.Link, err error) {
	for id != 0 && len(way) < 10 {
		l, err := inventory.LocationByID(c.UserContext(), a.DB, id)
		if err != nil {
			return nil, err
		}
		if l.Warehouse != a.house(c) {
			return nil, fault.New(fault.NotFound, "This location belongs to another warehouse.")
		}
		way = append([]ui.Link{{Label: l.Code, Href: fmt.Sprintf("/setup/locations?in=%d", l.ID)}}, way...)
		id = l.Parent
	}
	if len(way) > 0 {
		way = append([]ui.Link{{Label: "Building", Href: "/setup/locations"}}, way...)
	}
	return way, nil
}

type placeForm struct {
	Kind     string `form:"kind,max=20" label:"The kind"`
	Code     string `form:"code,max=40" label:"The code"`
	Parent   string `form:"parent,max=40" label:"The location around it"`
	Use      string `form:"use,max=20" label:"The use"`
	BinClass string `form:"bin_class,max=20" label:"The class"`
	XMM      int64  `form:"x_mm,max=12" label:"The place across the aisles"`
	YMM      int64  `form:"y_mm,max=12" label:"The place along the aisle"`
	ZMM      int64  `form:"z_mm,max=12" label:"The height"`
	Sequence int64  `form:"sequence,max=12" label:"The walk order"`
	Inactive bool   `form:"inactive"`
	limitsForm
}

// location is what the form describes; the location around it is named by its code.
func (f placeForm) location(c *fiber.Ctx, q pg.Querier, house inventory.WarehouseID, id inventory.LocationID, kind inventory.Kind) (inventory.Location, error) {
	l := inventory.Location{ID: id, Warehouse: house, Kind: kind, Code: f.Code, Use: inventory.Use(f.Use), BinClass: inventory.BinClass(f.BinClass),
		XMM: f.XMM, YMM: f.YMM, ZMM: f.ZMM, Sequence: f.Sequence, Active: !f.Inactive}
	if f.Parent == "" {
		return l, nil
	}
	code, err := labels.Parse(f.Parent)
	if err != nil {
		return l, fault.Fields{{Name: "parent", Message: fault.Message(err)}}
	}
	around, err := inventory.FindLocation(c.UserContext(), q, house, code)
	if fault.KindOf(err) == fault.NotFound {
		return l, fault.Fields{{Name: "parent", Message: fault.Message(err)}}
	}
	l.Parent = around.ID
	return l, err
}

func (a *App) newPlace(c *fiber.Ctx) error {
	form := ui.Form{Values: map[string]string{"kind": c.Query("kind")}}
	if in := idQuery(c, "in"); in != 0 {
		l, err := inventory.LocationByID(c.UserContext(), a.DB, inventory.LocationID(in))
		if err != nil {
			return err
		}
		form.Values["parent"] = l.Code
	}
	return a.showPlaceForm(c, inventory.Location{}, form)
}

func (a *App) showPlaceForm(c *fiber.Ctx, l inventory.Location, form ui.Form) error {
	p := a.page(c, "New location")
	p.Back = backTo("Locations", "/setup/locations")
	if l.ID != 0 {
		p.Title, p.Lead = l.Code, placeWords(l)
		p.Actions = []ui.Link{{Label: "Stock", Href: placeHref(l.ID), Icon: "stock"}, {Label: "Label", Href: fmt.Sprintf("/setup/locations/labels.pdf?in=%d", l.ID), Icon: "file"}}
		p.Actions = append(p.Actions, printHere(p.Station, fmt.Sprintf("/setup/locations/labels?in=%d", l.ID))...)
	}
	return a.show(c, placeFormPage(p, l, form))
}

func (a *App) addPlace(c *fiber.Ctx) error {
	var f placeForm
	form, err := decode(c, &f)
	var id inventory.LocationID
	if err == nil {
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
			l, err := f.location(c, tx, a.house(c), 0, inventory.Kind(f.Kind))
			if err != nil {
				return err
			}
			if id, err = inventory.AddLocation(c.UserContext(), tx, l); err != nil {
				return err
			}
			return setOwnLimits(c.UserContext(), tx, l.Kind, f.limitsForm, id)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showPlaceForm(c, inventory.Location{}, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, fmt.Sprintf("/setup/locations/%d", id), f.Code+" is added. Print its label.")
}

func (a *App) editPlace(c *fiber.Ctx) error {
	l, err := a.location(c)
	if err != nil {
		return err
	}
	around := ""
	if l.Parent != 0 {
		parent, err := inventory.LocationByID(c.UserContext(), a.DB, l.Parent)
		if err != nil {
			return err
		}
		around = parent.Code
	}
	own, err := inventory.OwnLimits(c.UserContext(), a.DB, l.ID)
	if err != nil {
		return err
	}
	values := placeValues(l, around)
	maps.Copy(values, limitValues(own))
	return a.showPlaceForm(c, l, ui.Form{Values: values})
}

func placeValues(l inventory.Location, around string) map[string]string {
	values := map[string]string{"code": l.Code, "parent": around, "use": string(l.Use), "bin_class": string(l.BinClass), "x_mm": strconv.FormatInt(l.XMM, 10),
		"y_mm": strconv.FormatInt(l.YMM, 10), "z_mm": strconv.FormatInt(l.ZMM, 10), "sequence": strconv.FormatInt(l.Sequence, 10)}
	if !l.Active {
		values["inactive"] = "on"
	}
	return values
}

func (a *App) savePlace(c *fiber.Ctx) error {
	was, err := a.location(c)
	if err != nil {
		return err
	}
	var f placeForm
	form, err := decode(c, &f)
	if err == nil {
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
			l, err := f.location(c, tx, was.Warehouse, was.ID, was.Kind)
			if err != nil {
				return err
			}
			l.MayGoNegative = was.MayGoNegative
			if err := inventory.Retirable(c.UserContext(), tx, l, picking.PlannedAt); err != nil {
				return err
			}
			if err := inventory.EditLocation(c.UserContext(), tx, l); err != nil {
				return err
			}
			return setOwnLimits(c.UserContext(), tx, was.Kind, f.limitsForm, was.ID)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showPlaceForm(c, was, form)
	}
	if err != nil {
		return err
	}
	if code := strings.ToUpper(strings.TrimSpace(f.Code)); code != was.Code {
		return a.done(c, placePath(was), was.Code+" is called "+code+" now. Print its new label and stick it over the old one.")
	}
	return a.done(c, placePath(was), f.Code+" is changed.")
}

const mostLabels = 2000 // of one PDF

// placeLabels prints the labels of a branch of the tree: one bin, a bay, an aisle, everything.
func (a *App) placeLabels(c *fiber.Ctx) error {
	bins, err := inventory.Bins(c.UserContext(), a.DB, a.house(c), inventory.LocationID(idQuery(c, "in")), mostLabels+1)
	if err != nil {
		return err
	}
	if len(bins) == 0 {
		return fault.New(fault.NotFound, "No bin, dock or other place with a label is in there. Choose another branch of the tree.")
	}
	if len(bins) > mostLabels {
		return fault.New(fault.Invalid, "These are more than %d labels. Print them aisle by aisle: choose one in the tree first.", mostLabels)
	}
	var papers []labels.Paper
	for _, b := range bins {
		papers = append(papers, labels.BinLabel{Location: b.Code, Zone: placeWords(b)})
	}
	of, err := a.branch(c)
	if err != nil {
		return err
	}
	return a.sheet(c, print.LocationLabel, "locations", of, papers...)
}

// branch names the part of the tree that was asked for.
func (a *App) branch(c *fiber.Ctx) (string, error) {
	in := idQuery(c, "in")
	if in == 0 {
		return "all", nil
	}
	l, err := inventory.LocationByID(c.UserContext(), a.DB, inventory.LocationID(in))
	return l.Code, err
}

var placeTable = csvTable{
	Title: "Locations from a CSV file", Path: "/setup/locations/csv", Back: "/setup/locations",
	Columns: []csvColumn{
		{"code", "as on the label: A-07-3-B; a code that exists is changed"}, {"kind", "zone, aisle, bay, level, wall, bin, dock, station, quarantine, tote, cart or pallet"},
		{"parent", "the code of the location around it; may be missing"}, {"use", "pickable, overstock, hold, quarantine or hospital; may be missing"},
		{"bin_class", "shelf, pallet, small or bulk; may be missing"}, {"x_mm, y_mm, z_mm", "whole millimetres from the building's corner; may be missing"},
		{"sequence", "walk order by hand; may be missing"},
		{"max_weight_g, max_volume_ml, max_pieces, max_packages", "what a bin takes at most, 0 without limit; class for as its class says; may be missing"},
		{"mixing", "mixed, item, lot or empty: what may lie together in a bin; class for as its class says; may be missing"},
	},
	Example: "code,kind,parent,use,x_mm,y_mm,z_mm\nA,aisle,,,0,0,0\nA-01-1-A,bin,A,pickable,1200,600,0\nA-01-4-A,bin,A,overstock,1200,600,4500\n",
}

func (a *App) placesCSV(c *fiber.Ctx) error { return a.showCSV(c, placeTable, nil) }

func (a *App) readPlacesCSV(c *fiber.Ctx) error {
	return a.takeCSV(c, placeTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (string, error) {
		n, err := inventory.ImportLocations(ctx, tx, a.house(c), file)
		return ui.Count(int64(n), "location", "locations") + " stored.", err
	})
}

func (a *App) writePlacesCSV(c *fiber.Ctx) error {
	return a.csv(c, "locations.csv", func(out io.Writer) error {
		return inventory.ExportLocations(c.UserContext(), a.DB, a.house(c), out)
	})
}

// totesPage lists totes and makes new ones.
func (a *App) totesPage(c *fiber.Ctx) error {
	return a.showTotes(c, ui.Form{Values: map[string]string{"from": c.Query("from"), "to": c.Query("to")}})
}

func (a *App) showTotes(c *fiber.Ctx, form ui.Form) error {
	all, err := inventory.Tree(c.UserContext(), a.DB, a.house(c), inventory.PlaceFilter{Kind: inventory.Tote, Search: c.Query("q"), After: c.Query("after"), Limit: pageRows + 1})
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/setup/totes", Query: queryOf(c, "q"), Columns: []ui.Column{{Title: "Tote"}, {Title: "Stands in"}, {Title: "Pieces in it", Number: true}, {Title: "State"}}}
	if len(all) > pageRows {
		all = all[:pageRows]
		t.More = all[pageRows-1].Code
	}
	places, err := inventory.Locations(c.UserContext(), a.DB, a.house(c), inventory.Wall, "", "", mostLists)
	if err != nil {
		return err
	}
	walls := []ui.Option{{Value: "0", Label: "Pickers carry them"}}
	codes := map[inventory.LocationID]string{}
	for _, w := range places {
		if codes[w.ID] = w.Code; w.Active {
			walls = append(walls, ui.Option{Value: strconv.FormatInt(int64(w.ID), 10), Label: "Slots of put-wall " + w.Code})
		}
	}
	for _, l := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(l.Code, placeHref(l.ID)), ui.Text(orDash(codes[l.Parent])), ui.Num(l.OnHand), ui.Show(activeChip(l.Active))})
	}
	p := a.page(c, "Totes")
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, totesPage(p, t, form, walls))
}

func (a *App) addTotes(c *fiber.Ctx) error {
	var f struct {
		Number int64 `form:"number,max=6" label:"The number"`
		Wall   int64 `form:"wall,max=18" label:"The put-wall"`
	}
	form, err := decode(c, &f)
	var first, last int64
	if err == nil {
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
			first, last, err = inventory.AddSlots(c.UserContext(), tx, a.house(c), f.Number, inventory.LocationID(f.Wall))
			return err
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showTotes(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, fmt.Sprintf("/setup/totes?from=%d&to=%d", first, last), fmt.Sprintf("T-%d to T-%d are made. Print their labels.", first, last))
}

func (a *App) toteLabels(c *fiber.Ctx) error {
	from, _ := strconv.ParseInt(c.FormValue("from"), 10, 64)
	to, _ := strconv.ParseInt(c.FormValue("to"), 10, 64) // what is no number is 0, and refused
	if from < 1 || to < from || to-from >= mostLabels {
		return fault.New(fault.Invalid, "Give the first and the last number, at most %d labels at once.", mostLabels)
	}
	var papers []labels.Paper
	for n := from; n <= to; n++ {
		papers = append(papers, labels.ToteLabel{Tote: n})
	}
	return a.sheet(c, print.ToteLabel, "totes", fmt.Sprintf("T-%d to T-%d", from, to), papers...)
}
