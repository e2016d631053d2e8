package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/web/ui"
)

func departmentRoutes() []route {
	return []route{
		{"GET", "/departments", anyone, (*App).departmentsPage},
		{"GET", "/departments/:department", anyone, (*App).departmentPage},
		{"GET", "/setup/departments", managers, (*App).leadTimesPage},
		{"POST", "/setup/departments", managers, (*App).saveDepartments},
	}
}

// benches are the pages where departments work.
var benches = map[orders.Department]string{
	orders.Desk: "/orders?stage=pending+payment", orders.PictureCheck: "/studio/pictures", orders.Art: "/studio/art", orders.ArtControl: "/studio/control",
	orders.Approving: "/studio/proofs", orders.Workshop: "/production", orders.Collecting: "/picking", orders.PackingBench: "/packing", orders.Dock: "/shipments",
}

func departmentPath(d orders.Department) string { return "/departments/" + url.PathEscape(string(d)) }

// departmentsPage shows what waits in each department, and whose dates slip.
func (a *App) departmentsPage(c *fiber.Ctx) error {
	loads, err := orders.Loads(c.UserContext(), a.DB, a.house(c), a.Now())
	if err != nil {
		return err
	}
	s, err := a.settings(c)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/departments", Columns: []ui.Column{{Title: "Department"}, {Title: "Orders", Number: true}, {Title: "Late", Number: true}, {Title: "Soon", Number: true}, {Title: "Done ahead by"}, {Title: "Works at"}}}
	who, _ := a.session(c)
	for _, l := range loads {
		bench := ui.Text("")
		if href := a.openTo(who.Member, benches[l.Department]); href != "" {
			bench = ui.Go("Open the queue", href)
		}
		late := ui.Num(l.Late)
		if l.Late > 0 {
			late = ui.Show(ui.Status(ui.Halted, strconv.FormatInt(l.Late, 10)))
		}
		soon := ui.Num(l.Soon)
		if l.Soon > 0 {
			soon = ui.Show(ui.Status(ui.Asks, strconv.FormatInt(l.Soon, 10)))
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(l.Department.Title(), departmentPath(l.Department)), ui.Num(l.Orders), late, soon,
			ui.Text(ui.Count(int64(s.LeadTime(l.Department).Days), "working day", "working days")), bench})
	}
	p := a.page(c, "Dates to meet")
	p.Lead = fmt.Sprintf("By when each department must be done, so that orders are kept to what was promised. Soon is within %s.", ui.Count(int64(s.WarnHours), "hour", "hours"))
	p.Actions = a.allowed(who.Member, []ui.Link{{Label: "Set the dates", Href: "/setup/departments", Icon: "setup"}})
	return a.show(c, listPage(p, t, ui.Empty("order", "Nothing waits here", "Orders come by themselves when it is this department’s turn.")))
}

// departmentPage lists the orders that are with a department, the most urgent first.
func (a *App) departmentPage(c *fiber.Ctx) error {
	name, err := url.PathUnescape(c.Params("department"))
	d := orders.Department(name)
	if err != nil || !d.Known() {
		return fault.New(fault.NotFound, "There is no such department.")
	}
	list, err := orders.Turns(c.UserContext(), a.DB, a.house(c), d, orders.Number(idQuery(c, "after")), pageRows+1)
	if err != nil {
		return err
	}
	zone, err := a.zone(c)
	if err != nil {
		return err
	}
	t := ui.Table{Path: departmentPath(d), Columns: []ui.Column{{Title: "Order"}, {Title: "To be done by"}, {Title: "Goods"}, {Title: "Stands at"}, {Title: "Promised"}, {Title: "Contact"}}}
	if len(list) > pageRows {
		list = list[:pageRows]
		t.More = strconv.FormatInt(int64(list[pageRows-1].Number), 10)
	}
	who, _ := a.session(c)
	for _, o := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: o.Number.String(), Href: a.openTo(who.Member, "/orders/"+o.Number.String())}, ui.Show(dueChip(o.Due, zone, a.Now())),
			ui.Text(o.Goods), ui.Text(string(o.Stage)), ui.Text(o.Promised.In(zone).Format("2 Jan 2006")), ui.Text(o.Contact)})
	}
	p := a.page(c, d.Title())
	p.Lead = "Orders that wait for this department, each with the day by which it must be done with it."
	p.Back = backTo("Dates to meet", "/departments")
	if href := a.openTo(who.Member, benches[d]); href != "" {
		p.Actions = []ui.Link{{Label: "Open the queue", Href: href, Icon: "next"}}
	}
	return a.show(c, listPage(p, t, ui.Empty("order", "Nothing waits here", "Orders come by themselves when it is this department’s turn.")))
}

type departmentsForm struct {
	WarnHours   int `form:"warn_hours,max=3" label:"The hours"`
	Departments []struct {
		Key   int    `form:"key,max=2" label:"The department"` // the place in orders.Departments, from 1
		Days  int    `form:"days,max=3" label:"The working days"`
		Email string `form:"email,max=254" label:"The e-mail address"`
	} `form:"departments"`
}

func (f departmentsForm) leads() map[orders.Department]orders.LeadTime {
	all := map[orders.Department]orders.LeadTime{}
	for _, d := range f.Departments {
		if d.Key >= 1 && d.Key <= len(orders.Departments) {
			all[orders.Departments[d.Key-1]] = orders.LeadTime{Days: d.Days, Email: strings.TrimSpace(d.Email)}
		}
	}
	return all
}

// leadTimesPage asks by when each department must be done, and whom to warn.
func (a *App) leadTimesPage(c *fiber.Ctx) error {
	s, err := a.settings(c)
	if err != nil {
		return err
	}
	values := map[string]string{"warn_hours": strconv.Itoa(s.WarnHours)}
	for i, d := range orders.Departments {
		values[fmt.Sprintf("departments.%d.days", i)] = strconv.Itoa(s.LeadTime(d).Days)
		values[fmt.Sprintf("departments.%d.email", i)] = s.LeadTime(d).Email
	}
	return a.showLeadTimes(c, ui.Form{Values: values})
}

func (a *App) showLeadTimes(c *fiber.Ctx, form ui.Form) error {
	p := a.page(c, "Dates of departments")
	p.Lead = "How many working days before the promised day each department must be done with an order. Orders that are here already keep their dates."
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, leadTimesPage(p, form))
}

func (a *App) saveDepartments(c *fiber.Ctx) error {
	var f departmentsForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := orders.SaveDepartments(ctx, tx, f.leads(), f.WarnHours); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), "edit departments", "settings", f)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showLeadTimes(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/departments", "New orders get these dates.")
}

// dueLook says how near a date is: late, soon or not yet.
func dueLook(due, now time.Time) (tone ui.Tone, word string) {
	switch {
	case due.Before(now):
		return ui.Halted, "late"
	case due.Before(now.Add(24 * time.Hour)):
		return ui.Asks, "soon"
	}
	return ui.Plain, ""
}
