package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

func (a *App) countingPage(c *fiber.Ctx) error {
	step, err := inventory.ShowCounting(c.UserContext(), a.DB, a.house(c), a.who(c))
	if err != nil {
		return err
	}
	return a.showStep(c, "/counting", step)
}

func (a *App) countingScan(c *fiber.Ctx) error {
	return a.takeScan(c, "/counting", func(ctx context.Context, tx *sql.Tx, p pull) (scan.Step, error) {
		if p.Action == "undo" {
			p.Code = "X-UNDO"
			return inventory.UndoCount(ctx, tx, a.house(c), p.Undo, p.Scan)
		}
		return inventory.Count(ctx, tx, a.house(c), p.Scan)
	})
}

// countViews are the views of the list of counts.
var countViews = []struct {
	Word  string
	State inventory.CountState
	Query string
}{{"Open", inventory.CountOpen, ""}, {"Counted", inventory.CountDone, "counted"}, {"Cancelled", inventory.CountCancelled, "cancelled"}, {"All", "", "all"}}

// countsPage lists what was asked to be counted, and what came of it; for a manager under the plan of it all.
func (a *App) countsPage(c *fiber.Ctx) error { return a.showCounts(c, ui.Form{}) }

func (a *App) showCounts(c *fiber.Ctx, form ui.Form) error {
	var filters []ui.FilterLink
	state := inventory.CountOpen
	for _, v := range countViews {
		href := "/counts"
		if v.Query != "" {
			href += "?state=" + v.Query
		}
		current := c.Query("state") == v.Query
		if current {
			state = v.State
		}
		filters = append(filters, ui.FilterLink{Label: v.Word, Href: href, Current: current})
	}
	all, err := inventory.CountTasks(c.UserContext(), a.DB, a.house(c), state, inventory.CountTaskID(idQuery(c, "after")), pageRows+1)
	if err != nil {
		return err
	}
	zone, err := a.clock(c)
	if err != nil {
		return err
	}
	said, err := a.pickersSaid(c, all...)
	if err != nil {
		return err
	}
	var disputed []inventory.Disagreement
	if c.Query("state") == "" {
		if disputed, err = inventory.Disagreements(c.UserContext(), a.DB, a.house(c), disputedRows); err != nil {
			return err
		}
	}
	t := countsTable(all, disputed, said, zone)
	if c.Query("after") != "" {
		disputed = nil
	}
	t.Query = queryOf(c, "state")
	if state == inventory.CountOpen { // nothing is known of them yet
		t.Columns = slices.Delete(t.Columns, 6, 7)
		t.Columns = slices.Delete(t.Columns, 3, 4)
		for i, r := range t.Rows {
			t.Rows[i] = append(r[:3:3], r[4:6]...)
		}
	}
	p := a.page(c, "Counts")
	p.Lead = "Bins that somebody wants counted, and by how much the books were wrong."
	p.Back = backTo("Stock", "/stock")
	p.Actions = []ui.Link{{Label: "Count bins", Href: "/counting", Icon: "count"}}
	var plan *countsPlan
	if who, _ := a.session(c); managers.allows(who.Member) {
		p.Actions = append(p.Actions, ui.Link{Label: "Rules", Href: "/setup/counts", Icon: "wave"})
		if c.Query("state") == "" {
			if plan, err = a.countsPlan(c, form, zone); err != nil {
				return err
			}
		}
	}
	return a.show(c, countsPage(p, disputedTable(disputed), t, filters, plan))
}

// disputedRows is how many disagreements are shown; a bin beyond them stands in the list of counts below.
const disputedRows = 200

// disputedTable shows what counters and books disagree about.
func disputedTable(all []inventory.Disagreement) ui.Table {
	t := ui.Table{Columns: []ui.Column{{Title: "Bin"}, {Title: "Item"}, {Title: "Expected", Number: true}, {Title: "Counted", Number: true},
		{Title: "Difference", Number: true}, {Title: "Who counted what"}, {Title: "State"}}}
	for _, d := range all {
		tone, word := ui.Asks, "count again"
		if d.By != "" {
			tone, word = ui.Busy, d.By+" counts"
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(d.Code, countPath(d.Task)), ui.Go(d.What(), itemHref(d.Item)), ui.Num(d.Book), ui.Num(d.Counted),
			ui.Text(plusMinus(d.Off)), ui.Text(d.Said), ui.Show(ui.Status(tone, word))})
	}
	return t
}

// countsTable lists counts, without those of bins that are disputed above it.
func countsTable(all []inventory.CountTask, disputed []inventory.Disagreement, said map[picking.Stuck]string, zone *time.Location) ui.Table {
	t := ui.Table{Path: "/counts", Query: url.Values{}, Columns: []ui.Column{{Title: "Bin"}, {Title: "What"}, {Title: "State"}, {Title: "Difference", Number: true},
		{Title: "Why"}, {Title: "Asked"}, {Title: "Counted"}}}
	if len(all) > pageRows {
		all = all[:pageRows]
		t.More = strconv.FormatInt(int64(all[pageRows-1].ID), 10)
	}
	for _, r := range all {
		if slices.ContainsFunc(disputed, func(d inventory.Disagreement) bool { return d.Location == r.Location }) {
			continue
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(r.Code, countPath(r.ID)), ui.Text(r.What()), ui.Show(countState(r)), ui.Text(countOff(r)),
			ui.Text(countWhy(r, said)), ui.Text(byWhom(r.AskedBy, moment(r.AskedAt, zone))), ui.Text(countedBy(r, zone))})
	}
	return t
}

func noCounts(disputed bool) string {
	if disputed {
		return "No other count is here"
	}
	return "No count is here"
}

func countPath(id inventory.CountTaskID) string { return fmt.Sprintf("/counts/%d", id) }

// pickersSaid is what pickers said of the bins of counts that they asked for.
func (a *App) pickersSaid(c *fiber.Ctx, all ...inventory.CountTask) (map[picking.Stuck]string, error) {
	var bins []inventory.LocationID
	for _, t := range all {
		if t.Reason == inventory.CountShort {
			bins = append(bins, t.Location)
		}
	}
	return picking.Reported(c.UserContext(), a.DB, a.house(c), bins...)
}

// countWhy says why a count was asked for; of a short pick in the picker's word: "short pick: damaged, P-52".
func countWhy(t inventory.CountTask, said map[picking.Stuck]string) string {
	why := t.Reason
	if t.Class != "" {
		why += ", class " + string(t.Class)
	}
	if list, is := listOf(t.Ref); is && t.Reason == inventory.CountShort {
		if word := said[picking.Stuck{Location: t.Location, Item: t.Item, List: list}]; word != "" {
			why += ": " + word
		}
	}
	if t.Ref == "" {
		return why
	}
	return why + ", " + t.Ref
}

// listOf reads the pick list that a document names.
func listOf(ref string) (picking.ListID, bool) {
	code, err := labels.Parse(ref)
	return picking.ListID(code.Number), err == nil && code.Kind == labels.KindList
}

func byWhom(name, when string) string {
	if name == "" {
		name = "Tote"
	}
	return name + ", " + when
}

func countedBy(t inventory.CountTask, zone *time.Location) string {
	if t.ClosedAt.IsZero() {
		return ""
	}
	return byWhom(t.ClosedBy, moment(t.ClosedAt, zone))
}

// countOff is by how much the books were wrong, once that is known: "+2 −1".
func countOff(t inventory.CountTask) string {
	var words []string
	if t.More > 0 {
		words = append(words, fmt.Sprintf("+%d", t.More))
	}
	if t.Fewer > 0 {
		words = append(words, fmt.Sprintf("−%d", t.Fewer))
	}
	if len(words) == 0 && t.State == inventory.CountDone {
		return "none"
	}
	return strings.Join(words, " ")
}

// plusMinus is a difference with its sign.
func plusMinus(n int64) string {
	switch {
	case n < 0:
		return fmt.Sprintf("−%d", -n)
	case n > 0:
		return fmt.Sprintf("+%d", n)
	}
	return "0"
}

func countTone(t inventory.CountTask) (ui.Tone, string) {
	switch {
	case t.State == inventory.CountDone:
		return ui.Good, "counted"
	case t.State == inventory.CountCancelled:
		return ui.Plain, "cancelled"
	case t.Count != 0:
		return ui.Busy, t.By + " counts"
	case t.Differs > 0:
		return ui.Asks, "count again"
	}
	return ui.Plain, "waits"
}

// countView is everything a page tells about one count.
type countView struct {
	inventory.CountTask
	Lines []inventory.CountLine
	Said  map[picking.Stuck]string
	Rules inventory.CountRules
	Zone  *time.Location
	Ends  bool // this person may cancel it
	Books bool // and book what differs
}

// says is how far it is, in a sentence.
func (v countView) says() string {
	switch {
	case v.State == inventory.CountDone && v.More+v.Fewer == 0:
		return "The books were right."
	case v.State == inventory.CountDone:
		return "The books were wrong by " + countOff(v.CountTask) + ". They follow what was counted."
	case v.State == inventory.CountCancelled:
		return "Nobody counts it any more."
	case v.Count != 0:
		return v.By + " counts it at this moment."
	case v.Differs > 0:
		return "What was found differs by more than one person may book: " + limitWords(v.Rules) + ". Somebody else must find the same before the books are changed."
	}
	return "It waits for somebody to count it."
}

func (v countView) facts() []ui.Fact {
	facts := []ui.Fact{
		{Word: "Bin", Value: v.Code, Href: placeHref(v.Location)},
		{Word: "What", Value: v.What()},
		{Word: "Why", Value: countWhy(v.CountTask, v.Said)},
		{Word: "Asked", Value: byWhom(v.AskedBy, moment(v.AskedAt, v.Zone))},
	}
	switch v.State {
	case inventory.CountDone:
		facts = append(facts, ui.Fact{Word: "Counted", Value: countedBy(v.CountTask, v.Zone)},
			ui.Fact{Word: "In the ledger", Value: v.Count.String(), Href: "/stock/movements?ref=" + v.Count.String()})
	case inventory.CountCancelled:
		facts = append(facts, ui.Fact{Word: "Cancelled", Value: countedBy(v.CountTask, v.Zone)})
	}
	return facts
}

func (v countView) table() ui.Table {
	t := ui.Table{Columns: []ui.Column{{Title: "Item"}, {Title: "Counted", Number: true}, {Title: "On the books", Number: true}, {Title: "Difference", Number: true}, {Title: "By"}, {Title: ""}}}
	var last inventory.CountID
	for _, l := range v.Lines {
		book := ui.Text("")
		if v.Books && l.State == "differs" && l.Count != last && l.Count == v.Lines[len(v.Lines)-1].Count {
			book = ui.Show(bookCount(v, l))
		}
		last = l.Count
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(l.What(), itemHref(l.Item)), ui.Num(l.Counted), ui.Num(l.Book), ui.Text(plusMinus(l.Off)),
			ui.Text(byWhom(l.By, l.At.In(v.Zone).Format("2 Jan 15:04"))), book})
	}
	return t
}

// countTask reads the count task of the path.
func (a *App) countTask(c *fiber.Ctx) (t inventory.CountTask, err error) {
	id, err := number(c, "count")
	if err != nil {
		return t, err
	}
	return inventory.CountTaskByID(c.UserContext(), a.DB, a.house(c), inventory.CountTaskID(id))
}

func (a *App) countPage(c *fiber.Ctx) error {
	t, err := a.countTask(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	v := countView{CountTask: t, Ends: office.allows(who.Member) && t.State == inventory.CountOpen && t.Count == 0, Books: managers.allows(who.Member)}
	if v.Zone, err = a.clock(c); err != nil {
		return err
	}
	if v.Said, err = a.pickersSaid(c, t); err != nil {
		return err
	}
	if v.Rules, err = inventory.ReadCountRules(c.UserContext(), a.DB, a.house(c)); err != nil {
		return err
	}
	if v.Lines, err = inventory.CountLines(c.UserContext(), a.DB, t); err != nil {
		return err
	}
	p := a.page(c, "Count of "+t.Code)
	p.Back = backTo("Counts", "/counts")
	return a.show(c, countPage(p, v))
}

func (a *App) cancelCount(c *fiber.Ctx) error {
	t, err := a.countTask(c)
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return inventory.CancelCount(ctx, tx, a.house(c), t.ID, a.who(c), a.Now())
	})
	if err != nil {
		return err
	}
	return a.done(c, "/counts", "Nobody will count "+t.Code+" for "+t.Reason+".")
}

type bookForm struct {
	Found int64 `form:"found,max=20" label:"The count"`
}

// bookCount books what somebody found without a second count.
func (a *App) bookCount(c *fiber.Ctx) error {
	t, err := a.countTask(c)
	if err != nil {
		return err
	}
	var f bookForm
	form, err := decode(c, &f)
	if err != nil {
		return err
	}
	key, err := formKey(form)
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return inventory.BookCount(ctx, tx, a.house(c), inventory.CountID(f.Found), a.who(c), scan.Scan{Key: key, At: a.Now()})
	})
	if err != nil {
		return err
	}
	return a.done(c, countPath(t.ID), "The books of "+t.Code+" follow what was counted.")
}

type askCountForm struct {
	Item int64 `form:"item,max=20" label:"The item"`
}

// askCount asks for a count of the bin of the path, or of one item in it.
func (a *App) askCount(c *fiber.Ctx) error {
	l, err := a.location(c)
	if err != nil {
		return err
	}
	var f askCountForm
	if _, err := decode(c, &f); err != nil {
		return err
	}
	back := placeHref(l.ID)
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		r := inventory.CountRequest{Warehouse: a.house(c), Location: l.ID, Reason: inventory.CountAsked, Staff: a.who(c), At: a.Now()}
		if f.Item != 0 {
			i, err := inventory.ItemByID(ctx, tx, inventory.ItemID(f.Item))
			if err != nil {
				return err
			}
			r.Item, back = i.ID, itemHref(i.ID)
		}
		return inventory.AskCount(ctx, tx, r)
	})
	if err != nil {
		return err
	}
	return a.done(c, back, l.Code+" waits to be counted.")
}

// openCounts are the counts that a bin waits for.
func openCounts(ctx context.Context, q pg.Querier, l inventory.Location) ([]inventory.CountTask, error) {
	if l.Kind != inventory.Bin {
		return nil, nil
	}
	return inventory.CountsOf(ctx, q, l.ID)
}
