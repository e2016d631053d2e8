package web

import (
	"context"
	"database/sql"
	"encoding/base64"
	"net/url"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/labels"
)

// sessionCookie holds the token; the prefix __Host- makes browsers refuse it from any other host or over plain http.
func (a *App) sessionCookie() string {
	if a.TLS {
		return "__Host-tote"
	}
	return "tote"
}

// withSession finds out who asks before a handler runs: one query, so that whoever was revoked feels it at once.
func (a *App) withSession(next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		token := c.Cookies(a.sessionCookie())
		if token == "" {
			return next(c)
		}
		who, err := staff.CurrentSession(c.UserContext(), a.DB, token)
		switch {
		case fault.KindOf(err) == fault.Forbidden:
			a.setCookie(c, a.sessionCookie(), "", -time.Hour)
			return next(c)
		case err != nil:
			return err
		}
		if who.Stale() && c.Get(polls) == "" {
			if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return staff.Touch(ctx, tx, token) }); err != nil {
				return err
			}
		}
		c.Locals(whoIs, who)
		return next(c)
	}
}

// polls is the header of requests that a page makes by itself: they keep no session awake and take no message away.
const polls = "X-Tote-Poll"

// session is who is signed in; false for nobody.
func (a *App) session(c *fiber.Ctx) (staff.Session, bool) {
	who, ok := c.Locals(whoIs).(staff.Session)
	return who, ok
}

// beginSession signs somebody in under a fresh token; the one before, if any, ends.
func (a *App) beginSession(c *fiber.Ctx, m staff.Member) error {
	var token string
	err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if old := c.Cookies(a.sessionCookie()); old != "" {
			if err := staff.CloseSession(ctx, tx, old); err != nil {
				return err
			}
		}
		token, err = staff.OpenSession(ctx, tx, m, c.IP())
		return err
	})
	if err == nil {
		a.setCookie(c, a.sessionCookie(), token, 0)
	}
	return err
}

// endSession signs out.
func (a *App) endSession(c *fiber.Ctx) error {
	token := c.Cookies(a.sessionCookie())
	if token == "" {
		return nil
	}
	a.setCookie(c, a.sessionCookie(), "", -time.Hour)
	return a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return staff.CloseSession(ctx, tx, token) })
}

// workAt puts the session at a station; a raw of "" takes it away from any.
func (a *App) workAt(c *fiber.Ctx, raw string) error {
	return a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		var id staff.StationID
		if raw != "" {
			station, err := stationOf(ctx, tx, raw)
			if err != nil {
				return err
			}
			id = station.ID
		}
		return staff.TakeStation(ctx, tx, c.Cookies(a.sessionCookie()), id)
	})
}

// stationOf is the station whose label was scanned.
func stationOf(ctx context.Context, q pg.Querier, raw string) (staff.Station, error) {
	code, err := cleanCode(raw)
	if err != nil {
		return staff.Station{}, err
	}
	if code.Kind != labels.KindStation {
		return staff.Station{}, fault.New(fault.Invalid, "That is no station. Scan the label on the station: it begins with K-.")
	}
	return staff.StationByCode(ctx, q, code.String())
}

// inTx runs fn in a transaction under the request's patience.
func (a *App) inTx(c *fiber.Ctx, fn func(ctx context.Context, tx *sql.Tx) error) error {
	return pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error { return fn(c.UserContext(), tx) })
}

// setCookie sets a cookie for this site alone; for 0 it lasts until the browser closes.
func (a *App) setCookie(c *fiber.Ctx, name, value string, lasts time.Duration) {
	cookie := &fiber.Cookie{
		Name: name, Value: value, Path: "/", HTTPOnly: true, Secure: a.TLS, SameSite: fiber.CookieSameSiteLaxMode,
		SessionOnly: lasts == 0,
	}
	if lasts != 0 {
		cookie.Expires = time.Now().Add(lasts)
	}
	c.Cookie(cookie)
}

const flashCookie = "said"

// putFlash keeps a message for the next page.
func (a *App) putFlash(c *fiber.Ctx, tone ui.Tone, message string) {
	a.setCookie(c, flashCookie, base64.RawURLEncoding.EncodeToString([]byte(string(tone)+"\n"+message)), time.Minute)
}

// takeFlash is the message for this page, shown once.
func (a *App) takeFlash(c *fiber.Ctx) *ui.Flash {
	kept, err := base64.RawURLEncoding.DecodeString(c.Cookies(flashCookie))
	if err != nil || len(kept) == 0 || !utf8.Valid(kept) {
		return nil
	}
	a.setCookie(c, flashCookie, "", -time.Hour)
	return ui.FlashFrom(string(kept))
}

func escape(path string) string { return url.QueryEscape(path) }
