package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/labels"
)

// signInView is the sign-in at one of its first two steps: the badge, then the PIN of that badge.
type signInView struct {
	Badge  string // "" while it is to be scanned
	Next   string // the page that was asked for
	Flash  *ui.Flash
	People []Persona // whom to be, in a demo
}

// stationView is its third step: where the work is.
type stationView struct {
	Who      staff.Session
	Stations []staff.Station
	AtBench  bool // whose work needs a bench: packers who do nothing else
	Next     string
	Flash    *ui.Flash
}

func (a *App) signInPage(c *fiber.Ctx) error {
	if who, ok := a.session(c); ok && who.Station != nil {
		return c.Redirect("/menu", fiber.StatusSeeOther)
	}
	switch empty, err := a.unfounded(c); {
	case err != nil:
		return err
	case empty:
		return c.Redirect("/welcome", fiber.StatusSeeOther)
	}
	return a.showSignIn(c, signInView{Next: localPath(c.Query("next")), Flash: a.takeFlash(c)})
}

func (a *App) showSignIn(c *fiber.Ctx, v signInView) error {
	if a.Personas != nil && v.Badge == "" {
		people, err := a.Personas(c.UserContext(), a.DB)
		if err != nil {
			return err
		}
		v.People = people
	}
	return a.show(c, signInPage(v))
}

// signIn takes the badge, then badge and PIN. A badge scanned where the PIN is wanted begins again with that badge:
// somebody else took the handheld.
func (a *App) signIn(c *fiber.Ctx) error {
	badge, pin := c.FormValue("badge"), strings.TrimSpace(c.FormValue("pin"))
	next := localPath(c.FormValue("next"))
	if b, ok := badgeIn(c.FormValue("code")); ok {
		badge = b
	} else if badge == "" {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showSignIn(c, signInView{Next: next, Flash: notABadge(c.FormValue("code"))})
	}
	if b, ok := badgeIn(pin); ok {
		badge, pin = b, ""
	}
	if pin == "" {
		return a.showSignIn(c, signInView{Badge: badge, Next: next})
	}
	who, err := staff.SignIn(c.UserContext(), a.DB, badge, pin, c.IP())
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.Invalid {
		c.Status(fiber.StatusForbidden)
		return a.showSignIn(c, signInView{Badge: badge, Next: next, Flash: &ui.Flash{Tone: ui.Halted, Message: fault.Message(err)}})
	} else if err != nil {
		return err
	}
	if err := a.beginSession(c, who); err != nil {
		return err
	}
	return c.Redirect("/sign-in/station?next="+escape(next), fiber.StatusSeeOther)
}

func (a *App) deskSignInPage(c *fiber.Ctx) error {
	return a.show(c, deskSignInPage(localPath(c.Query("next")), ui.Form{}))
}

// deskSignIn takes an e-mail address and a password; no station is asked for.
func (a *App) deskSignIn(c *fiber.Ctx) error {
	email, next := strings.TrimSpace(c.FormValue("email")), localPath(c.FormValue("next"))
	who, err := staff.SignInByPassword(c.UserContext(), a.DB, email, c.FormValue("password"), c.IP())
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.Invalid {
		c.Status(fiber.StatusForbidden)
		return a.show(c, deskSignInPage(next, ui.Form{Values: map[string]string{"email": showable(email)}, Errors: []ui.FieldError{{Message: fault.Message(err)}}}))
	} else if err != nil {
		return err
	}
	if err := a.beginSession(c, who); err != nil {
		return err
	}
	return c.Redirect(cmp.Or(next, a.dayBegins(who, false)), fiber.StatusSeeOther)
}

// badgeIn reads a badge from what was scanned or typed.
func badgeIn(raw string) (string, bool) {
	code, err := cleanCode(raw)
	if err != nil || code.Kind != labels.KindBadge {
		return "", false
	}
	return code.String(), true
}

func notABadge(raw string) *ui.Flash {
	if strings.TrimSpace(raw) == "" {
		return &ui.Flash{Tone: ui.Halted, Message: "Nothing was read. Scan your badge."}
	}
	return &ui.Flash{Tone: ui.Halted, Message: "That is no badge. Scan the barcode on your badge: it begins with S-."}
}

// signOut ends the session here and empties what the browser kept of it.
func (a *App) signOut(c *fiber.Ctx) error {
	if err := a.endSession(c); err != nil {
		return err
	}
	c.Set("Clear-Site-Data", `"cookies", "storage"`)
	return c.Redirect("/sign-in", fiber.StatusSeeOther)
}

func (a *App) stationPage(c *fiber.Ctx) error {
	return a.showStations(c, localPath(c.Query("next")), a.takeFlash(c))
}

func (a *App) showStations(c *fiber.Ctx, next string, flash *ui.Flash) error {
	who, _ := a.session(c)
	list, err := staff.Stations(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	v := stationView{Who: who, Stations: list, Next: next, Flash: flash}
	if v.AtBench = slices.Equal(who.Roles, []staff.Role{staff.Packer}) && slices.ContainsFunc(list, staff.Station.Packs); v.AtBench {
		slices.SortStableFunc(list, func(x, y staff.Station) int { return cmp.Compare(benchRank(x), benchRank(y)) })
	}
	return a.show(c, stationPage(v))
}

// benchRank sorts packing benches first.
func benchRank(s staff.Station) int {
	if s.Packs() {
		return 0
	}
	return 1
}

// takeStation notes where somebody works now; an empty scan, or X-OK, is work without a station.
func (a *App) takeStation(c *fiber.Ctx) error {
	to, code := localPath(c.FormValue("next")), strings.TrimSpace(c.FormValue("code"))
	if strings.EqualFold(code, labels.CommandCode(labels.CommandOK).String()) {
		code = ""
	}
	err := a.workAt(c, code)
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showStations(c, to, &ui.Flash{Tone: ui.Halted, Message: fault.Message(err)})
	} else if err != nil {
		return err
	}
	who, _ := a.session(c)
	return c.Redirect(cmp.Or(to, a.dayBegins(who.Member, code != "")), fiber.StatusSeeOther)
}
