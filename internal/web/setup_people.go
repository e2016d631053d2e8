package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/labels"
)

// roleWords say what each role lets somebody do.
var roleWords = []struct {
	Role  staff.Role
	Words string
}{
	{staff.Receiver, "Receiver: takes goods in and puts them away"},
	{staff.Picker, "Picker: collects orders"},
	{staff.Packer, "Packer: packs and labels parcels"},
	{staff.Shipper, "Shipper: hands parcels over, takes returns"},
	{staff.Driver, "Driver: brings parcels of our own fleet to people's doors"},
	{staff.ImageProcessor, "Image processor: checks customers' pictures"},
	{staff.Artist, "Artist: draws what is ordered"},
	{staff.ArtControl, "Art control: looks at the artists' work"},
	{staff.Production, "Production: makes what is not on the shelf"},
	{staff.Fulfiller, "Fulfiller: hands work to printing partners"},
	{staff.ClientSupport, "Client support: a customer's contact for an order"},
	{staff.Sales, "Sales: quotes for customers"},
	{staff.Clerk, "Clerk: orders, payments, items, corrections"},
	{staff.Manager, "Manager: everything on the floor and in the office"},
	{staff.Admin, "Admin: everything, and people and the site"},
}

// rolesForm reads the ticks of the roles.
type rolesForm struct {
	Receiver       bool `form:"role_receiver"`
	Picker         bool `form:"role_picker"`
	Packer         bool `form:"role_packer"`
	Shipper        bool `form:"role_shipper"`
	Driver         bool `form:"role_driver"`
	ImageProcessor bool `form:"role_image_processor"`
	Artist         bool `form:"role_artist"`
	ArtControl     bool `form:"role_art_control"`
	Production     bool `form:"role_production"`
	Fulfiller      bool `form:"role_fulfiller"`
	ClientSupport  bool `form:"role_client_support"`
	Sales          bool `form:"role_sales"`
	Clerk          bool `form:"role_clerk"`
	Manager        bool `form:"role_manager"`
	Admin          bool `form:"role_admin"`
}

// roleField is the name of a role's tick.
func roleField(r staff.Role) string { return "role_" + strings.ReplaceAll(string(r), " ", "_") }

func (f rolesForm) roles() (chosen []staff.Role) {
	for i, yes := range []bool{f.Receiver, f.Picker, f.Packer, f.Shipper, f.Driver, f.ImageProcessor, f.Artist, f.ArtControl, f.Production, f.Fulfiller, f.ClientSupport, f.Sales, f.Clerk, f.Manager, f.Admin} {
		if yes {
			chosen = append(chosen, staff.Roles[i])
		}
	}
	return chosen
}

func (a *App) staffPage(c *fiber.Ctx) error { return a.showStaff(c, ui.Form{}) }

func (a *App) showStaff(c *fiber.Ctx, form ui.Form) error {
	who, _ := a.session(c)
	all, err := staff.List(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	t := ui.Table{Columns: []ui.Column{{Title: "Name"}, {Title: "Roles"}, {Title: "State"}}}
	for _, m := range all {
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(m.Name, memberHref(m.ID)), ui.Text(rolesOf(m)), ui.Show(activeChip(m.Active))})
	}
	here, err := staff.Here(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	for _, m := range here {
		if m.Warehouse != who.Warehouse { // their own warehouse says what they may and when they leave
			t.Rows = append(t.Rows, []ui.Cell{ui.Text(m.Name), ui.Text(rolesOf(m)), ui.Text("at home elsewhere")})
		}
	}
	p := a.page(c, "Staff")
	p.Lead = "Who works here, and what they may do."
	p.Back = backTo("Set-up", "/setup")
	p.Actions = []ui.Link{{Label: "All badges", Href: "/setup/staff/badges.pdf", Icon: "file"}, {Label: "Send CSV", Href: "/setup/staff/csv", Icon: "file"}}
	if first := idQuery(c, "from"); first > 0 {
		p.Actions = append([]ui.Link{{Label: "Badges of the new ones", Href: fmt.Sprintf("/setup/staff/badges.pdf?from=%d", first), Icon: "file"}}, p.Actions...)
		p.Actions = append(p.Actions, printHere(p.Station, fmt.Sprintf("/setup/staff/badges?from=%d", first))...)
	} else {
		p.Actions = append(p.Actions, printHere(p.Station, "/setup/staff/badges")...)
	}
	return a.show(c, staffPage(p, t, form))
}

func memberHref(id staff.ID) string { return fmt.Sprintf("/setup/staff/%d", id) }

func rolesOf(m staff.Member) string {
	var words []string
	for _, r := range m.Roles {
		words = append(words, string(r))
	}
	return strings.Join(words, ", ")
}

type newMember struct {
	Name string `form:"name,max=80" label:"The name"`
	PIN  string `form:"pin,max=40" label:"The PIN"`
}

func (a *App) addMember(c *fiber.Ctx) error {
	var f newMember
	var r rolesForm
	form, err := decode(c, &f)
	if err == nil {
		var ticks ui.Form
		ticks, err = decode(c, &r)
		form.Values = merge(form.Values, ticks.Values)
	}
	form.Values["pin"] = "" // never sent back
	who, _ := a.session(c)
	var m staff.Member
	if err == nil {
		if err := who.MayGrant(r.roles()...); err != nil {
			return err
		}
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
			if m, err = staff.Add(c.UserContext(), tx, staff.Member{Name: f.Name, Roles: r.roles(), Warehouse: who.Warehouse}, f.PIN); err != nil {
				return err
			}
			return staff.Audit(c.UserContext(), tx, who.ID, "hire", m.Name, map[string]any{"id": m.ID, "roles": m.Roles})
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showStaff(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, memberHref(m.ID), m.Name+" is added. Print the badge.")
}

// member reads the person of the path; another warehouse's do not exist here.
func (a *App) member(c *fiber.Ctx) (m staff.Member, err error) {
	id, err := number(c, "id")
	if err != nil {
		return m, err
	}
	who, _ := a.session(c)
	m, err = staff.Get(c.UserContext(), a.DB, staff.ID(id))
	if err == nil && m.Warehouse != who.Warehouse {
		err = fault.New(fault.NotFound, "There is nobody with that number here.")
	}
	return m, err
}

type memberView struct {
	Member    staff.Member
	MayChange bool
}

func (a *App) memberPage(c *fiber.Ctx) error { return a.showMember(c, ui.Form{}) }

func (a *App) showMember(c *fiber.Ctx, form ui.Form) error {
	m, err := a.member(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	if form.Values == nil {
		form.Values = map[string]string{}
	}
	for _, r := range m.Roles {
		form.Values[roleField(r)] = "on"
	}
	for name, value := range map[string]string{"email": m.Email, "phone": m.Phone} {
		if _, typed := form.Values[name]; !typed {
			form.Values[name] = value
		}
	}
	p := a.page(c, m.Name)
	p.Lead = rolesOf(m)
	p.Back = backTo("Staff", "/setup/staff")
	if a.mayHaveBadge(c, m) == nil {
		p.Actions = append([]ui.Link{{Label: "Badge", Href: memberHref(m.ID) + "/badge.pdf", Icon: "file"}}, printHere(p.Station, memberHref(m.ID)+"/badge/print")...)
	}
	return a.show(c, memberPage(p, memberView{m, who.MayGrant(m.Roles...) == nil}, form))
}

// changeMember does something to a person that only some may, and keeps who did it.
func (a *App) changeMember(c *fiber.Ctx, verb, said string, do func(ctx context.Context, tx *sql.Tx, m staff.Member) error) error {
	return a.changeMemberWith(c, ui.Form{}, nil, verb, said, do)
}

// changeMemberWith shows the form again that was refused.
func (a *App) changeMemberWith(c *fiber.Ctx, typed ui.Form, bad error, verb, said string, do func(ctx context.Context, tx *sql.Tx, m staff.Member) error) error {
	m, err := a.member(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	if err := who.MayGrant(m.Roles...); err != nil {
		return err
	}
	err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
		if bad != nil {
			return bad
		}
		if err := do(c.UserContext(), tx, m); err != nil {
			return err
		}
		return staff.Audit(c.UserContext(), tx, who.ID, verb, m.Name, map[string]any{"id": m.ID})
	})
	if form, again := refused(typed, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showMember(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, memberHref(m.ID), said)
}

func (a *App) setRoles(c *fiber.Ctx) error {
	var f rolesForm
	if _, err := decode(c, &f); err != nil {
		return err
	}
	who, _ := a.session(c)
	if err := who.MayGrant(f.roles()...); err != nil {
		return err
	}
	return a.changeMember(c, "set roles", "The roles hold from now on.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		return staff.SetRoles(ctx, tx, m.ID, f.roles())
	})
}

func (a *App) setPIN(c *fiber.Ctx) error {
	var f struct {
		PIN string `form:"pin,max=40" label:"The PIN"`
	}
	if _, err := decode(c, &f); err != nil {
		return err
	}
	return a.changeMember(c, "set PIN", "The new PIN holds from now on.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		return staff.SetPIN(ctx, tx, m.ID, f.PIN)
	})
}

// setDesk changes how somebody is reached by customers, and how they sign in without a badge.
func (a *App) setDesk(c *fiber.Ctx) error {
	var f struct {
		Email    string `form:"email,max=254" label:"The e-mail address"`
		Phone    string `form:"phone,max=40" label:"The telephone number"`
		Password string `form:"password,max=200" label:"The password"`
	}
	form, err := decode(c, &f)
	delete(form.Values, "password") // a secret does not come back
	return a.changeMemberWith(c, form, err, "set desk", "It is stored.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		return staff.SetDesk(ctx, tx, m, staff.Desk{Email: f.Email, Phone: f.Phone, Password: f.Password})
	})
}

func (a *App) newBadge(c *fiber.Ctx) error {
	return a.changeMember(c, "new badge", "The old badge does not work any more. Print the new one.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		_, err := staff.NewBadgeFor(ctx, tx, m.ID)
		return err
	})
}

func (a *App) revokeMember(c *fiber.Ctx) error {
	return a.changeMember(c, "revoke", "Badge and PIN do not work any more.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		return staff.Revoke(ctx, tx, m.ID)
	})
}

func (a *App) restoreMember(c *fiber.Ctx) error {
	return a.changeMember(c, "restore", "Badge and PIN work again.", func(ctx context.Context, tx *sql.Tx, m staff.Member) error {
		return staff.Restore(ctx, tx, m.ID)
	})
}

func badge(m staff.Member) labels.Paper {
	return labels.BadgeLabel{Name: m.Name, Roles: rolesOf(m), Badge: strings.TrimPrefix(m.Badge, "S-")}
}

func (a *App) badgeLabel(c *fiber.Ctx) error {
	m, err := a.member(c)
	if err != nil {
		return err
	}
	if err := a.mayHaveBadge(c, m); err != nil {
		return err
	}
	return a.sheet(c, print.Badge, "badge-"+m.Name, m.Name, badge(m))
}

// mayHaveBadge refuses the badge of somebody whose power one could not give: it signs in as them. One's own is one's own.
func (a *App) mayHaveBadge(c *fiber.Ctx, m staff.Member) error {
	who, _ := a.session(c)
	if who.ID == m.ID {
		return nil
	}
	return who.MayGrant(m.Roles...)
}

// badgeLabels prints everybody's badge, or of those who came since somebody.
func (a *App) badgeLabels(c *fiber.Ctx) error {
	who, _ := a.session(c)
	first := staff.ID(idQuery(c, "from"))
	all, err := staff.List(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	var papers []labels.Paper
	for _, m := range all {
		if m.Active && m.ID >= first && who.MayGrant(m.Roles...) == nil {
			papers = append(papers, badge(m))
		}
	}
	of := "all"
	if first > 0 {
		of = "the new ones"
	}
	return a.sheet(c, print.Badge, "badges", of, papers...)
}

var staffTable = csvTable{
	Title: "Staff from a CSV file", Path: "/setup/staff/csv", Back: "/setup/staff",
	Columns: []csvColumn{
		{"name", "at most 80 characters; nobody who works here already"},
		{"roles", "receiver, picker, packer, shipper, clerk, manager or admin; several divided by blanks"},
		{"pin", "four to twelve digits, told to the person; never shown again"},
	},
	Example: "name,roles,pin\nPia Berg,picker packer,739182\nRon Holm,receiver,518203\n",
}

func (a *App) staffCSV(c *fiber.Ctx) error { return a.showCSV(c, staffTable, nil) }

// readStaffCSV hires everybody of a file; their badges are then printed from the next page.
func (a *App) readStaffCSV(c *fiber.Ctx) error {
	who, _ := a.session(c)
	return a.takeCSVTo(c, staffTable, func(ctx context.Context, tx *sql.Tx, file io.Reader) (to, told string, err error) {
		hired, err := staff.Import(ctx, tx, who.Warehouse, file, who.Member)
		if err != nil {
			return "", "", err
		}
		for _, m := range hired {
			if err := staff.Audit(ctx, tx, who.ID, "hire", m.Name, map[string]any{"id": m.ID, "roles": m.Roles}); err != nil {
				return "", "", err
			}
		}
		return fmt.Sprintf("/setup/staff?from=%d", hired[0].ID), ui.Count(int64(len(hired)), "person is", "people are") + " added. Print the badges.", nil
	})
}
