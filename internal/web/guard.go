package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/staff"
)

// guarded is a route's handler behind its rule: no session for open routes, 303 to the sign-in for nobody, 403 for
// whoever may not.
func (a *App) guarded(r route) fiber.Handler {
	do := func(c *fiber.Ctx) error { return r.Do(a, c) }
	if kind, numbered := kindAt(r.Path); numbered && r.Method == fiber.MethodGet {
		do = func(c *fiber.Ctx) error {
			to, err := a.named(c, kind)
			if err != nil {
				return err
			}
			if to != "" {
				return c.Redirect(to, fiber.StatusSeeOther)
			}
			return r.Do(a, c)
		}
	}
	if r.Access.open {
		return do
	}
	return a.withSession(func(c *fiber.Ctx) error {
		who, signedIn := a.session(c)
		switch {
		case r.Access.visitor:
			return do(c)
		case !signedIn:
			return a.askToSignIn(c)
		case !r.Access.allows(who.Member):
			return fault.New(fault.Forbidden, "%s may not open this page. Ask a manager if you need it.", who.Name)
		}
		return do(c)
	})
}

// askToSignIn leads to the sign-in and, for a page, back again. A part of a page is told in place.
func (a *App) askToSignIn(c *fiber.Ctx) error {
	if wantsPart(c) {
		return c.Status(fiber.StatusUnauthorized).SendString("Sign in to go on.")
	}
	if c.Get("HX-Request") != "" {
		c.Set("HX-Redirect", "/sign-in") // the page that asks for a part of itself goes there as a whole
		return c.SendStatus(fiber.StatusUnauthorized)
	}
	to := "/sign-in"
	if c.Method() == fiber.MethodGet && c.Path() != "/" {
		to += "?next=" + url.QueryEscape(c.OriginalURL())
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// may reports whether somebody may open the page at a path: the first line of the table that matches decides, as it
// does when the page is asked for.
func (a *App) may(m staff.Member, path string) bool {
	r, known := a.fixed[path]
	if !known {
		r, known = firstFor(a.table, path)
	}
	return known && r.Access.allows(m)
}

// firstFor is the first line of a table that answers a path.
func firstFor(table []route, path string) (route, bool) {
	for _, r := range table {
		if r.Method == fiber.MethodGet && matches(r.Path, path) {
			return r, true
		}
	}
	return route{}, false
}

// fixed is the lines of a table that answer the paths which are written out in it: what menus ask for with every page.
func fixed(table []route) map[string]route {
	of := map[string]route{}
	for _, r := range table {
		if first, ok := firstFor(table, r.Path); ok && !strings.Contains(r.Path, ":") {
			of[r.Path] = first
		}
	}
	return of
}

// matches reports whether a path fits a route's pattern, part by part; ":name" stands for any part.
func matches(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, ":") && g != "" })
}

// wantsPart reports whether the script asks for a part of a page instead of the whole.
func wantsPart(c *fiber.Ctx) bool { return c.Get("X-Tote-Part") != "" }

// localPath is a path of this site, or "" for anything that could lead elsewhere.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return ""
	}
	if u, err := url.Parse(path); err != nil || u.Host != "" || u.Scheme != "" {
		return ""
	}
	return path
}
