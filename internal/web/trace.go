package web

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/production"
	"tote/internal/scan"
	"tote/internal/studio"
	"tote/internal/trace"
	"tote/internal/web/ui"
)

func traceRoutes() []route {
	return []route{
		{"GET", "/trace", anyone, (*App).traceStart},
		{"GET", "/trace/:id", anyone, (*App).tracePage},
	}
}

func tracePath(ref string) string { return "/trace/" + ref }

// tracesShown is how many orders a code may lead to before the list ends.
const tracesShown = 50

// traceStart asks for any code or number, and leads to the story of the order it is about.
func (a *App) traceStart(c *fiber.Ctx) error {
	p := a.page(c, "Trace")
	p.Lead = "Scan or type anything: an order or a line of it, a work order, a tote, a parcel, a pallet, a tracking number, a return, an invoice, the SHA-256 of a picture."
	raw := c.Query("code")
	if raw == "" {
		return a.show(c, traceStartPage(p, "", nil))
	}
	who, _ := a.session(c)
	code, err := scan.Clean(raw)
	var refs []string
	if err == nil {
		refs, err = trace.Orders(c.UserContext(), a.DB, who.Warehouse, code)
	}
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		c.Status(answers[kind].Status)
		p.Flash = &ui.Flash{Tone: ui.Halted, Message: fault.Message(err)}
		return a.show(c, traceStartPage(p, raw, nil))
	}
	if err != nil {
		return err
	}
	if len(refs) == 1 {
		return c.Redirect(tracePath(refs[0]), fiber.StatusSeeOther)
	}
	return a.show(c, traceStartPage(p, raw, refs[:min(len(refs), tracesShown)]))
}

// traceView is the whole story of an order.
type traceView struct {
	trace.Story
	Threads []thread
	Clerk   bool
	Photos  map[string]files.Hash // the first of each carton, by the carton's page
	To      func(path string) string
}

// thread is a line's way as the page shows it.
type thread struct {
	Title string
	Knots []knot
}

// knot is one station of a line's way.
type knot struct {
	Icon, What, Detail, Who, Href string
	Picture                       files.Hash // a preview of our making; "" = none
	Hash                          files.Hash // of the file itself
	Bad                           bool
}

// tracePage tells the whole story of an order on one page.
func (a *App) tracePage(c *fiber.Ctx) error {
	n, err := orderNumber(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	v := traceView{Clerk: office.allows(who.Member), To: a.pathFor(who.Member)}
	if err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.Story, err = trace.Tell(ctx, tx, n); err != nil {
			return err
		}
		packed, err := photographed(ctx, tx, n.String())
		v.Photos = map[string]files.Hash{}
		for _, k := range packed {
			v.Photos[cartonHref(k.ID)] = files.Hash(k.Photos[0])
		}
		return err
	}); err != nil {
		return err
	}
	for _, t := range v.Story.Threads {
		v.Threads = append(v.Threads, v.thread(t))
	}
	p := a.page(c, "Trace of "+n.String())
	p.Back = backTo("Trace", "/trace")
	p.Actions = []ui.Link{{Label: "The order", Href: "/orders/" + n.String(), Icon: "order"}}
	return a.show(c, tracePage(p, v))
}

func (v traceView) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(v.Zone).Format("2 Jan 2006, 15:04")
}

// said is who and when, as far as either is known.
func (v traceView) said(who string, at time.Time) string {
	parts := []string{}
	for _, p := range []string{who, v.when(at)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " · ")
}

func (v traceView) thread(t trace.Thread) thread {
	th := thread{Title: fmt.Sprintf("%s: %d × %s", t.Ref, t.Ordered, t.Name)}
	if t.Job != nil {
		th.Knots = v.artKnots(t)
	}
	for _, w := range t.Works {
		th.Knots = append(th.Knots, v.workKnot(w))
	}
	icons := map[string]string{"picked": "pick", "finished": "check", "packed": "pack", "sent": "ship", "delivered": "home", "return announced": "return", "returned": "return"}
	for _, s := range t.Steps {
		th.Knots = append(th.Knots, knot{Icon: icons[s.What], What: sentence(s.What), Detail: s.Detail, Who: v.said(s.Who, s.At), Href: v.To(s.Href), Picture: v.Photos[s.Href]})
	}
	if t.Cancelled > 0 {
		th.Knots = append(th.Knots, knot{Icon: "cross", What: "Cancelled", Detail: fmt.Sprintf("%d of %d", t.Cancelled, t.Ordered), Bad: true})
	}
	return th
}

// artKnots are the picture, every version with what was decided of it, and the approval that binds the files.
func (v traceView) artKnots(t trace.Thread) (list []knot) {
	href := v.To(artPath(t.Ref))
	for _, p := range t.Job.Pictures {
		k := knot{Icon: "picture", What: "Picture sent", Detail: p.Name, Who: v.said(sentBy(p), p.SentAt), Href: href, Picture: p.Preview, Hash: p.Hash}
		if p.Replaced {
			k.What, k.Bad = "Picture, replaced since", true
		}
		list = append(list, k)
	}
	approval := t.Approval()
	for _, f := range t.Job.Versions {
		k := knot{Icon: "file", What: fmt.Sprintf("Proof %s, version %d", studio.Letter(f.Proof), f.Number), Detail: f.Name, Who: v.said(f.ByName, f.At), Href: href, Picture: f.Preview, Hash: f.Hash, Bad: true}
		if approval != nil {
			for _, d := range approval.Files {
				if d.Version == f.Number {
					k.What, k.Bad = k.What+", approved", false
				}
			}
		}
		list = append(list, k)
	}
	if approval != nil {
		who := approval.Name
		if approval.ByName != "" {
			who = strings.TrimPrefix(who+", recorded by "+approval.ByName, ", recorded by ")
		}
		k := knot{Icon: "check", What: "Approved", Detail: approval.Words, Who: v.said(who, approval.At), Href: href}
		if approval.Stage == studio.StageFlow {
			k.What, k.Detail = "Released", "its flow asks for no approval"
		}
		list = append(list, k)
	}
	return list
}

func (v traceView) workKnot(w production.WorkOrder) knot {
	k := knot{Icon: "setup", What: w.ID.String() + ", " + string(w.State), Detail: fmt.Sprintf("%d of %d good", w.Good, w.Pieces), Href: v.To(workPath(w.ID)), Bad: w.State == production.Cancelled}
	if w.Scrapped > 0 {
		k.Detail += fmt.Sprintf(", %d scrapped", w.Scrapped)
	}
	return k
}

// score is what the customer said in the end; nil as long as he said nothing.
func (v traceView) score() *orders.Feedback {
	if v.Feedback == nil || v.Feedback.Score == 0 {
		return nil
	}
	return v.Feedback
}

func (v traceView) events() []ui.Event {
	var list []ui.Event
	for _, m := range v.Moments {
		if m.Money && !v.Clerk {
			continue
		}
		what := sentence(m.What)
		if m.Ref != "" {
			what = m.Ref + ": " + m.What
		}
		if m.Detail != "" {
			what += ": " + m.Detail
		}
		list = append(list, ui.Event{What: what, Who: v.said(m.Who, m.At), Href: v.To(m.Href), When: ui.Past})
	}
	return list
}

func sentBy(p studio.Picture) string {
	if p.SentBy == 0 {
		return "the customer"
	}
	return "sent in by us"
}
