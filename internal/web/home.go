package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/staff"
	"tote/internal/trace"
	"tote/internal/web/ui"
)

// A stopPage is where a stop of the flow is shown: its name on the home page and the list that says why each waits.
type stopPage struct {
	Stop trace.Stop
	Name string
	Href string
}

// A flowStage is a column of the flow.
type flowStage struct {
	Name  string
	Icon  string
	Stops []stopPage
}

// flowStages is the flow from left to right.
func flowStages() []flowStage {
	return []flowStage{
		{"In", "receive", []stopPage{
			{trace.ToReceive, "To receive", "/receiving/expected"},
			{trace.ToPutAway, "To put away", "/putaway"},
			{trace.ToCount, "To count", "/counts"},
			{trace.ToReplenish, "To replenish", "/replenishment"},
		}},
		{"Orders", "order", []stopPage{
			{trace.ToPay, "Waiting for payment", "/orders?stage=pending+payment"},
			{trace.OnHold, "On hold", "/orders?stage=on+hold"},
			{trace.BackOrdered, "Back-ordered", "/orders?stage=back-ordered"},
		}},
		{"Made to order", "picture", []stopPage{
			{trace.Pictures, "Pictures to check", "/studio/pictures"},
			{trace.Drawing, "With artists", "/studio?state=art"},
			{trace.ArtControl, "Artwork to look at", "/studio/control"},
			{trace.Proofs, "Proofs with customers", "/studio/proofs"},
			{trace.ToMake, "In production", "/orders?stage=production"},
			{trace.ToHandOver, "To hand to partners", "/fulfilment"},
			{trace.AtPartner, "With partners", "/fulfilment?tab=with+the+partner"},
		}},
		{"Floor", "pick", []stopPage{
			{trace.ToPick, "To pick", "/orders?stage=released"},
			{trace.InPicking, "Picking", "/orders?stage=picking"},
			{trace.ToSort, "Totes to be sorted", "/sorting"},
			{trace.ToPack, "To pack", "/orders?stage=picked"},
			{trace.ToLoad, "To load", "/orders?stage=packed"},
		}},
		{"Out", "ship", []stopPage{
			{trace.ShippedToday, "Parcels shipped today", "/shipments"},
			{trace.OnTheRoad, "On the road", "/shipments"},
			{trace.ToInspect, "Returns to inspect", "/returns?state=received"},
			{trace.ToSettle, "Returns to settle", "/returns?state=settle"},
		}},
	}
}

// A trouble is what waits for a person: what it is called, whose turn it is, and where it is mended.
type trouble struct {
	Stop      trace.Stop
	One, Many string
	Turn      string
	Href      string
}

func troubles() []trouble {
	return []trouble{
		{trace.Drift, "law of the ledger is broken", "laws of the ledger are broken", "Stock control", "/ledger"},
		{trace.Slipping, "order is late in its department, or soon will be", "orders are late in their departments, or soon will be", "Departments", "/departments"},
		{trace.Short, "order lacks stock", "orders lack stock", "Purchasing", "/orders?stage=back-ordered"},
		{trace.Held, "order is held", "orders are held", "Order desk", "/orders?stage=on+hold"},
		{trace.Blocked, "bin is blocked", "bins are blocked", "Stock control", "/picking/lists"},
		{trace.Unnumbered, "shipment waits for its carrier's number", "shipments wait for their carrier's number", "Shipping", "/shipments?state=booked"},
		{trace.Exception, "parcel needs somebody", "parcels need somebody", "Shipping", "/exceptions"},
		{trace.Unanswered, "customer answers no reminder of a proof", "customers answer no reminder of a proof", "Client support", "/studio/proofs?state=call"},
		{trace.CallBack, "customer to call back", "customers to call back", "Order desk", "/feedback"},
		{trace.NotPrinted, "paper was not printed", "papers were not printed", "Packing", "/print"},
		{trace.Refused, "letter was refused", "letters were refused", "Order desk", "/letters?state=refused"},
	}
}

// A waitingLine is a stop as the page shows it.
type waitingLine struct {
	Name, Turn, First string
	Count             int64
	Age, Late         string // "oldest 3 h", "2 late"; "" when there is nothing to say
	Href              string // "" where this person may not go
}

// homeView is the manager's home.
type homeView struct {
	Begin    []beginning
	Troubles []waitingLine
	Late     int64 // orders past their promised day that have not left
	Unpaid   int64 // of those, the ones that wait for payment
	Columns  []homeColumn
	Charts   []chart
}

type homeColumn struct {
	Name, Icon string
	Lines      []waitingLine
}

// home shows what waits where, from left to right, and what waits for a person on top.
func (a *App) home(c *fiber.Ctx) error {
	who, _ := a.session(c)
	now := a.Now()
	waiting, err := trace.Wait(c.UserContext(), a.DB, who.Warehouse, now)
	if err != nil {
		return err
	}
	days, err := trace.Work(c.UserContext(), a.DB, who.Warehouse, now)
	if err != nil {
		return err
	}
	v := homeView{
		Troubles: a.troubleLines(who.Member, waiting, now),
		Columns:  a.flowColumns(who.Member, waiting, now),
		Charts: []chart{
			{"Lines picked", days.Today.Picked, days.Yesterday.Picked, days.Hour},
			{"Parcels shipped", days.Today.Shipped, days.Yesterday.Shipped, days.Hour},
		},
	}
	for _, s := range unsent {
		v.Late += waiting[s].Late
	}
	v.Unpaid = waiting[trace.ToPay].Late
	if v.Begin, err = a.stillToSetUp(c); err != nil {
		return err
	}
	return a.show(c, homePage(a.page(c, "What waits where"), v))
}

// unsent are the stops of orders that have not left; each order waits at one of them.
var unsent = []trace.Stop{trace.ToPay, trace.OnHold, trace.ToMake, trace.BackOrdered, trace.ToPick, trace.InPicking, trace.ToPack, trace.ToLoad}

// nothingStuck says that nobody needs to decide anything, and is no praise while orders are late.
func nothingStuck(late, unpaid int64) *ui.Flash {
	var says []string
	switch turn := late - unpaid; {
	case late == 0:
		return &ui.Flash{Tone: ui.Good, Message: "Nothing waits for a person."}
	case turn == 1:
		says = append(says, "One order is past its promised day. Nothing blocks it: it waits for its turn.")
	case turn > 1:
		says = append(says, fmt.Sprintf("%d orders are past their promised day. Nothing blocks them: they wait for their turn.", turn))
	}
	switch {
	case unpaid == 1 && late == 1:
		says = append(says, "One order is past its promised day: it waits for payment.")
	case unpaid == late:
		says = append(says, fmt.Sprintf("%d orders are past their promised day: they wait for payment.", unpaid))
	case unpaid > 0:
		says = append(says, ui.Count(unpaid, "more waits", "more wait")+" for payment.")
	}
	return &ui.Flash{Tone: ui.Asks, Message: strings.Join(says, " ")}
}

func (a *App) troubleLines(m staff.Member, waiting map[trace.Stop]trace.Waiting, now time.Time) (lines []waitingLine) {
	for _, t := range troubles() {
		w := waiting[t.Stop]
		if w.Count == 0 {
			continue
		}
		name := t.Many
		if w.Count == 1 {
			name = t.One
		}
		l := waitingLine{Name: name, Count: w.Count, Turn: t.Turn, First: w.First, Href: a.openTo(m, t.Href)}
		l.Age, l.Late = ageOf(w, now), lateOf(w)
		lines = append(lines, l)
	}
	return lines
}

func (a *App) flowColumns(m staff.Member, waiting map[trace.Stop]trace.Waiting, now time.Time) (columns []homeColumn) {
	for _, s := range flowStages() {
		column := homeColumn{Name: s.Name, Icon: s.Icon}
		for _, p := range s.Stops {
			w := waiting[p.Stop]
			l := waitingLine{Name: p.Name, Count: w.Count, Href: a.openTo(m, p.Href)}
			if p.Stop != trace.ShippedToday {
				l.Age, l.Late = ageOf(w, now), lateOf(w)
			}
			column.Lines = append(column.Lines, l)
		}
		columns = append(columns, column)
	}
	return columns
}

// openTo is an address if this person may open it.
func (a *App) openTo(m staff.Member, href string) string {
	path, _, _ := strings.Cut(href, "?")
	if a.may(m, path) {
		return href
	}
	return ""
}

// A chart holds today against yesterday, hour by hour; it draws how much was done by each hour.
type chart struct {
	Title            string
	Today, Yesterday trace.Hours
	Hour             int // the present one
}

const chartWidth, chartHeight = 240, 64

// most is the height of the chart in units of work.
func (c chart) most() int64 { return max(c.Today.Total(), c.Yesterday.Total(), 1) }

// line is the sum up to each hour until the end of the last one, as points of a polyline.
func (c chart) line(h trace.Hours, last int) string {
	points, sum := []string{c.point(0, 0)}, int64(0)
	for hour, n := range h[:last+1] {
		sum += n
		points = append(points, c.point(hour+1, sum))
	}
	return strings.Join(points, " ")
}

func (c chart) point(hour int, done int64) string {
	return fmt.Sprintf("%d,%.1f", hour*chartWidth/24, chartHeight-float64(done)/float64(c.most())*chartHeight)
}

// byNow is what yesterday had done by the end of the present hour.
func (c chart) byNow() (sum int64) {
	for _, n := range c.Yesterday[:c.Hour+1] {
		sum += n
	}
	return sum
}

// says is the chart in words.
func (c chart) says() string {
	return fmt.Sprintf("%s: %d today, %d by this hour yesterday, %d in all of yesterday", c.Title, c.Today.Total(), c.byNow(), c.Yesterday.Total())
}

func (c chart) viewBox() string { return fmt.Sprintf("0 -2 %d %d", chartWidth, chartHeight+4) }

func (c chart) nowX() string { return strconv.Itoa((c.Hour + 1) * chartWidth / 24) }
