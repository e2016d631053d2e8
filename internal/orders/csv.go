package orders

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
	"tote/internal/staff"
	"tote/inventory"
)

// Columns are the columns of the order file, one row per order line. Rows with the same order key are
// one order, wherever they stand; what belongs to the order is taken from the first row that fills it
// in, and a later row must repeat it or leave it empty.
var Columns = []sheet.Column{
	{Name: "order", Also: []string{"order key", "order number"}, Required: true},
	{Name: "sku", Required: true}, {Name: "quantity", Also: []string{"qty"}, Required: true}, {Name: "price"},
	{Name: "customer"}, {Name: "name"}, {Name: "email", Also: []string{"e-mail"}}, {Name: "phone"}, {Name: "reference"},
	{Name: "recipient"}, {Name: "company"}, {Name: "street"}, {Name: "street2"}, {Name: "city"}, {Name: "postcode", Also: []string{"zip"}},
	{Name: "region", Also: []string{"state"}}, {Name: "country"}, {Name: "carrier"}, {Name: "service"},
	{Name: "notes"}, {Name: "priority"}, {Name: "promised"}, {Name: "ship_as_ready"}, {Name: "options"},
}

// Loaded is what became of a file of orders.
type Loaded struct {
	Orders   []Placed // in the order of the file
	Made     int      // of them, now
	Repeated int      // of them, by an earlier load of the same
	Released int      // of those made now
}

// filePatience is how long one statement about a whole file may take on a busy machine.
const filePatience = time.Minute

// PlaceCSV stores every order of a file, or none: each bad row is named by its line in fault.Fields.
// An order is known by its key and content, so a file that is loaded twice makes nothing twice.
func PlaceCSV(ctx context.Context, tx *sql.Tx, file io.Reader, warehouse inventory.WarehouseID, by staff.ID, at time.Time) (l Loaded, err error) {
	defer fault.Wrap(&err, "orders.PlaceCSV")
	ctx = pg.Patience(ctx, filePatience)
	rows, err := sheet.Read(file, Columns...)
	if err != nil {
		return l, err
	}
	var wrong fault.Fields
	groups := group(rows, &wrong)
	forms := make([]Form, len(groups))
	for i, g := range groups {
		forms[i] = g.form
	}
	b, err := openBook(ctx, tx, warehouse, at, forms)
	if err != nil {
		return l, err
	}
	entries := make([]entry, len(groups))
	for i, g := range groups {
		draft, faults := b.read(g.form)
		g.blame(faults, &wrong)
		entries[i] = entry{g.submission(), draft}
	}
	if len(wrong) > 0 {
		slices.SortStableFunc(wrong, func(a, b fault.Field) int { return lineOf(a) - lineOf(b) })
		return l, wrong
	}
	return load(ctx, tx, b, entries, by)
}

func load(ctx context.Context, tx *sql.Tx, b *book, entries []entry, by staff.ID) (l Loaded, err error) {
	keys := make([]string, len(entries))
	for i, e := range entries {
		keys[i] = e.key
	}
	known, err := submitted(ctx, tx, keys)
	if err != nil {
		return l, err
	}
	var fresh []entry
	for _, e := range entries {
		if _, ok := known[e.key]; !ok {
			fresh = append(fresh, e)
		}
	}
	made := map[string]stored{}
	if len(fresh) > 0 {
		list, err := place(ctx, tx, b, fresh, by)
		if err != nil {
			return l, err
		}
		for i, e := range fresh {
			made[e.key] = list[i]
		}
	}
	for _, e := range entries {
		s, now := made[e.key]
		if !now {
			s = known[e.key]
		}
		l.count(s.Placed)
	}
	return l, nil
}

func (l *Loaded) count(p Placed) {
	l.Orders = append(l.Orders, p)
	switch {
	case p.Repeated:
		l.Repeated++
	default:
		l.Made++
		if p.Released {
			l.Released++
		}
	}
}

// filed is one order of a file: its rows as a form, and where each line and field came from.
type filed struct {
	key   string
	form  Form
	first int            // line of the file where the order begins
	from  map[string]int // field of the order → line of the file
	lines []int          // line of the order → line of the file
}

// submission is the key of this order: the file's own key and all its content.
func (g *filed) submission() string {
	sum := sha256.Sum256(append(g.form.sum(), g.key...))
	return "csv:" + hex.EncodeToString(sum[:])
}

// group gathers rows into orders, in the order in which their keys first appear.
func group(rows []sheet.Row, wrong *fault.Fields) []*filed {
	var list []*filed
	byKey := map[string]*filed{}
	for _, r := range rows {
		key := r.Text(wrong, "order", 80)
		if key == "" {
			continue
		}
		g := byKey[key]
		if g == nil {
			g = &filed{key: key, first: r.Line, from: map[string]int{}}
			g.form.Channel = CSV
			byKey[key], list = g, append(list, g)
		}
		g.add(r, wrong)
	}
	for _, g := range list {
		g.form = g.form.tidied()
	}
	return list
}

// add takes a row into the order.
func (g *filed) add(r sheet.Row, wrong *fault.Fields) {
	for _, t := range g.form.texts() {
		switch value := r.Get(t.name); {
		case value == "":
		case *t.value == "":
			*t.value, g.from[t.name] = value, r.Line
		case *t.value != value:
			r.Fault(wrong, "%s is %q, but line %d says %q for the same order", t.name, short(value), g.from[t.name], short(*t.value))
		}
	}
	if ready := r.OneOf(wrong, "ship_as_ready", "no", "yes", "false", "true", "0", "1"); ready == "yes" || ready == "true" || ready == "1" {
		g.form.ShipAsReady = true
	}
	g.form.Lines = append(g.form.Lines, FormLine{SKU: r.Get("sku"), Quantity: r.Get("quantity"), Price: r.Get("price"), Options: csvOptions(r, wrong)})
	g.lines = append(g.lines, r.Line)
}

// csvOptions reads what was chosen for a row: "Colour=Red; Words=Anna".
func csvOptions(r sheet.Row, wrong *fault.Fields) map[string]string {
	var options map[string]string
	for part := range strings.SplitSeq(r.Get("options"), ";") {
		if part = tidy(part); part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if name = tidy(name); !ok || name == "" {
			r.Fault(wrong, "options are written like Colour=Red; Words=Anna, and %q is not", short(part))
			continue
		}
		if options == nil {
			options = map[string]string{}
		}
		if _, again := options[name]; again {
			r.Fault(wrong, "%s stands twice among the options", short(name))
		}
		options[name] = tidy(value)
	}
	return options
}

// blame turns the faults of the form into faults of the file's lines.
func (g *filed) blame(faults fault.Fields, wrong *fault.Fields) {
	for _, f := range faults {
		line, sentence := g.first, f.Message
		if from, ok := g.from[f.Name]; ok {
			line = from
		}
		if rest, ok := strings.CutPrefix(f.Name, "lines."); ok {
			digits, _, _ := strings.Cut(rest, ".")
			if i, err := strconv.Atoi(digits); err == nil && i < len(g.lines) {
				line = g.lines[i]
				_, sentence, _ = strings.Cut(sentence, ": ")
			}
		}
		wrong.Add("line "+strconv.Itoa(line), "Line %d (order %s): %s", line, short(g.key), sentence)
	}
}

// lineOf is the line of the file that a fault names.
func lineOf(f fault.Field) int {
	n, err := strconv.Atoi(strings.TrimPrefix(f.Name, "line "))
	if err != nil {
		return 0
	}
	return n
}
