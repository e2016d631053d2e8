package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
)

// tokensPage lists the tokens of programs that use the API, as "tote token list" does.
func (a *App) tokensPage(c *fiber.Ctx) error { return a.showTokens(c, ui.Form{}, "") }

// showTokens shows the list, and a token that was just made: this once.
func (a *App) showTokens(c *fiber.Ctx, form ui.Form, secret string) error {
	who, _ := a.session(c)
	v := tokensView{Form: form, Secret: secret}
	all, err := staff.Tokens(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	houses, err := inventory.Warehouses(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, w := range houses {
		names[int64(w.ID)] = w.Code
	}
	for _, t := range all {
		v.Tokens = append(v.Tokens, tokenLine{t, names[t.Member.Warehouse], tokenDay(t.Created), tokenDay(t.Used)})
	}
	if v.Staff, err = staff.List(c.UserContext(), a.DB, who.Warehouse); err != nil {
		return err
	}
	p := a.page(c, "API tokens")
	p.Lead = "Keys for programs that use the API. A token may what the person may as whom it acts, in that person's warehouse. Times are UTC."
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, tokensPage(p, v))
}

type tokensView struct {
	Form   ui.Form
	Secret string // of the token just made
	Tokens []tokenLine
	Staff  []staff.Member
}

type tokenLine struct {
	staff.Token
	Warehouse, Made, LastUsed string
}

func tokenDay(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2 Jan 2006, 15:04")
}

// people are those as whom a token can act.
func (v tokensView) people() (options []ui.Option) {
	for _, m := range v.Staff {
		if m.Active {
			options = append(options, ui.Option{Value: strconv.FormatInt(int64(m.ID), 10), Label: m.Name + " (" + rolesOf(m) + ")"})
		}
	}
	return options
}

type tokenForm struct {
	Name   string `form:"name,max=80" label:"The name"`
	Member int64  `form:"member,max=12" label:"The person"`
}

// issueToken makes a token. Its secret is in this one answer and nowhere else.
func (a *App) issueToken(c *fiber.Ctx) error {
	var f tokenForm
	form, err := decode(c, &f)
	var secret string
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			secret, err = a.issue(ctx, tx, f, c)
			return err
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showTokens(c, form, "")
	}
	if err != nil {
		return err
	}
	return a.showTokens(c, ui.Form{}, secret)
}

func (a *App) issue(ctx context.Context, tx *sql.Tx, f tokenForm, c *fiber.Ctx) (secret string, err error) {
	who, _ := a.session(c)
	m, err := staff.Get(ctx, tx, staff.ID(f.Member))
	if fault.KindOf(err) == fault.NotFound || err == nil && (m.Warehouse != who.Warehouse || !m.Active) {
		return "", fault.Fields{{Name: "member", Message: "Choose as whom the program acts."}}
	}
	if err != nil {
		return "", err
	}
	if secret, err = staff.IssueToken(ctx, tx, m.ID, f.Name); err != nil {
		return "", err
	}
	return secret, staff.Audit(ctx, tx, who.ID, "token.issued", m.Name, map[string]string{"name": f.Name})
}

// revokeToken ends a token at once.
func (a *App) revokeToken(c *fiber.Ctx) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		if err := staff.RevokeToken(ctx, tx, id); err != nil {
			return err
		}
		return staff.Audit(ctx, tx, a.who(c), "token.revoked", fmt.Sprint(id), nil)
	})
	if err != nil {
		return err
	}
	return a.done(c, "/setup/tokens", "The token does not work any more.")
}
