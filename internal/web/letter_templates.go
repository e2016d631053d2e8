package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/mail"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/web/ui"
)

func letterTemplateRoutes() []route {
	return []route{
		{"GET", "/setup/letters", managers, (*App).letterTemplates},
		{"POST", "/setup/letters", managers, (*App).saveLetterLanguage},
		{"GET", "/setup/letters/:letter/:language", managers, (*App).letterTemplate},
		{"POST", "/setup/letters/:letter/:language", managers, (*App).wordLetter},
		{"POST", "/setup/letters/:letter/:language/timing", managers, (*App).timeLetter},
		{"POST", "/setup/letters/:letter/:language/restore", managers, (*App).restoreLetter},
	}
}

func wordingPath(slug string, l orders.Language) string {
	return "/setup/letters/" + url.PathEscape(slug) + "/" + url.PathEscape(string(l))
}

func (a *App) letterTemplates(c *fiber.Ctx) error {
	s, err := a.settings(c)
	if err != nil {
		return err
	}
	return a.showLetterTemplates(c, ui.Form{Values: map[string]string{"language": string(s.Language)}})
}

func (a *App) showLetterTemplates(c *fiber.Ctx, form ui.Form) error {
	all, err := mail.Templates(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/setup/letters", Columns: []ui.Column{{Title: "Letter"}, {Title: "Is sent"}, {Title: "English"}, {Title: "German"}, {Title: "Leaves"}}}
	for _, l := range all {
		row := []ui.Cell{ui.Go(sentence(string(l.Kind)), wordingPath(l.Slug, orders.English)), ui.Text(l.Says)}
		for _, language := range orders.Languages {
			words := "standard words"
			if l.Own[language] {
				words = "your words"
			}
			row = append(row, ui.Go(words, wordingPath(l.Slug, language)))
		}
		t.Rows = append(t.Rows, append(row, ui.Show(timingChip(l.Timing))))
	}
	p := a.page(c, "Letters to customers")
	p.Lead = "What customers read: the words, the language, the hour."
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, letterTemplatesPage(p, t, form))
}

// leaves says when letters with that timing go.
func leaves(t mail.Timing) string {
	words := "at once"
	if t.DelayHours > 0 {
		words = "after " + ui.Count(int64(t.DelayHours), "hour", "hours")
	}
	if t.To != 0 {
		words += fmt.Sprintf(", %d–%d o’clock", t.From, t.To)
	}
	return words
}

func (a *App) saveLetterLanguage(c *fiber.Ctx) error {
	var f struct {
		Language orders.Language `form:"language,max=10" label:"The language"`
	}
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			if err := orders.SaveLanguage(ctx, tx, f.Language); err != nil {
				return err
			}
			return staff.Audit(ctx, tx, a.who(c), "set the language of letters", "settings", f)
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showLetterTemplates(c, form)
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/letters", "Letters are written so from now on.")
}

// wordingForm is a wording as typed, with the version it was made from.
type wordingForm struct {
	Seen    int    `form:"seen,max=9" label:"The version"`
	Subject string `form:"subject,max=200" label:"The subject"`
	Body    string `form:"body,max=20000,lines" label:"The letter"`
	To      string `form:"to,max=254" label:"The address"`
}

func (f wordingForm) text() mail.Text { return mail.Text{Subject: f.Subject, Body: f.Body} }

// wordingView is the page of a letter in one language.
type wordingView struct {
	mail.Template
	Language orders.Language
	Path     string
	Seen     int  // the version in force
	Shipped  bool // it is the wording that ships
	Form     ui.Form
	Timing   ui.Form
	Look     *mail.Preview // nil while the wording is wrong
	Live     bool          // the script asks while somebody types: only the look is shown anew
	Told     string        // what was just done
	Versions ui.Table
}

// wordingOf is the letter and the language that a path names.
func wordingOf(c *fiber.Ctx) (mail.Kind, orders.Language, error) {
	k, err := mail.KindOf(c.Params("letter"))
	return k, orders.Language(c.Params("language")), err
}

func (a *App) letterTemplate(c *fiber.Ctx) error {
	return a.showWording(c, func(*wordingView) {})
}

// showWording shows a letter's wording: the one in force, an older one that ?version asks for, or what change puts there.
func (a *App) showWording(c *fiber.Ctx, change func(*wordingView)) error {
	k, l, err := wordingOf(c)
	if err != nil {
		return err
	}
	now, err := mail.Wording(c.UserContext(), a.DB, k, l, 0)
	if err != nil {
		return err
	}
	v := wordingView{Language: l, Seen: now.Number, Shipped: now.Shipped, Live: c.Get("HX-Request") != ""}
	shown := now
	if n, _ := strconv.Atoi(c.Query("version")); n > 0 {
		if shown, err = mail.Wording(c.UserContext(), a.DB, k, l, n); err != nil {
			return err
		}
		v.Told = fmt.Sprintf("This is version %d. Save it to go back to it.", n)
	}
	if v.Template, err = mail.ReadTemplate(c.UserContext(), a.DB, k); err != nil {
		return err
	}
	v.Path = wordingPath(v.Slug, l)
	v.Form = ui.Form{Values: map[string]string{"seen": strconv.Itoa(now.Number), "subject": shown.Subject, "body": shown.Body}}
	v.Timing = ui.Form{Values: timingValues(v.Template.Timing)}
	change(&v)
	if err := a.look(c, &v); err != nil {
		return err
	}
	if v.Versions, err = a.versionTable(c, v, k); err != nil {
		return err
	}
	c.Set("Content-Security-Policy", contentPolicy+"; style-src 'self' "+mail.StyleHash) // of the letter in its frame
	p := a.page(c, sentence(string(k))+" in "+l.Name())
	p.Lead = v.Says
	p.Back = backTo("Letters to customers", "/setup/letters")
	return a.show(c, wordingPage(p, v))
}

// look adds the letter as it would be; the mistakes of its wording stand beside their fields.
func (a *App) look(c *fiber.Ctx, v *wordingView) error {
	p, err := mail.Look(c.UserContext(), a.DB, v.Kind, v.Language, mail.Text{Subject: v.Form.Get("subject"), Body: v.Form.Get("body")})
	if form, wrong := refused(v.Form, err); wrong {
		if len(v.Form.Errors) == 0 {
			v.Form = form
		}
		return nil
	}
	v.Look = &p
	return err
}

func (a *App) versionTable(c *fiber.Ctx, v wordingView, k mail.Kind) (t ui.Table, err error) {
	zone, err := a.clock(c)
	if err != nil {
		return t, err
	}
	all, err := mail.History(c.UserContext(), a.DB, k, v.Language)
	t.Columns = []ui.Column{{Title: "Version"}, {Title: "Subject"}, {Title: "By"}, {Title: "Saved"}, {Title: ""}}
	for i, x := range all {
		subject := x.Subject
		if x.Shipped {
			subject = "The wording that ships"
		}
		act := ui.Show(ui.Status(ui.Good, "in force"))
		if i > 0 {
			act = ui.Show(goBackForm(v, x.Number))
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(strconv.Itoa(x.Number), fmt.Sprintf("%s?version=%d", v.Path, x.Number)), ui.Text(subject), ui.Text(x.By), ui.Text(moment(x.At, zone)), act})
	}
	return t, err
}

// wordLetter saves a wording, looks at it, or sends a test of it, as the button says. What was typed stays typed.
func (a *App) wordLetter(c *fiber.Ctx) error {
	k, l, err := wordingOf(c)
	if err != nil {
		return err
	}
	var f wordingForm
	form, err := decode(c, &f)
	action := c.FormValue("action")
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return a.pressed(ctx, tx, action, k, l, f, form, a.who(c))
		})
	}
	if refusal, again := refused(form, err); again {
		if c.Get("HX-Request") == "" { // the script takes no refusal for an answer
			c.Status(answers[fault.KindOf(err)].Status)
		}
		return a.showWording(c, func(v *wordingView) { v.Form = refusal })
	}
	if err != nil {
		return err
	}
	form.Key = "" // what is pressed next is another thing
	switch action {
	case "look":
		return a.showWording(c, func(v *wordingView) { v.Form = form })
	case "test":
		return a.showWording(c, func(v *wordingView) { v.Form, v.Told = form, "The test is on its way to "+f.To+"." })
	}
	return a.done(c, c.Path(), "Saved. Letters written from now on read like this.")
}

// pressed does what the button of a wording says.
func (a *App) pressed(ctx context.Context, tx *sql.Tx, action string, k mail.Kind, l orders.Language, f wordingForm, form ui.Form, by staff.ID) (err error) {
	switch action {
	case "look":
		_, err = mail.Look(ctx, tx, k, l, f.text())
	case "test":
		key, wrong := formKey(form)
		if wrong != nil {
			return wrong
		}
		err = mail.Try(ctx, tx, k, l, f.text(), f.To, key.String(), by)
	default:
		_, err = mail.SaveWording(ctx, tx, k, l, f.text(), f.Seen, by, a.Now())
	}
	return err
}

func timingValues(t mail.Timing) map[string]string {
	values := map[string]string{"delay_hours": strconv.Itoa(t.DelayHours)}
	if t.Off {
		values["off"] = "on"
	}
	if t.To != 0 {
		values["from"], values["to"] = strconv.Itoa(t.From), strconv.Itoa(t.To)
	}
	return values
}

func (a *App) timeLetter(c *fiber.Ctx) error {
	k, l, err := wordingOf(c)
	if err != nil {
		return err
	}
	var f struct {
		Off   bool `form:"off"`
		Delay int  `form:"delay_hours,max=4" label:"The wait"`
		From  int  `form:"from,max=4" label:"The first hour"`
		To    int  `form:"to,max=4" label:"The last hour"`
	}
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return mail.SaveTiming(ctx, tx, k, mail.Timing{Off: f.Off, DelayHours: f.Delay, From: f.From, To: f.To}, a.who(c), a.Now())
		})
	}
	if refusal, again := refused(form, err); again {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showWording(c, func(v *wordingView) { v.Timing = refusal })
	}
	if err != nil {
		return err
	}
	return a.done(c, wordingPath(c.Params("letter"), l), "Letters written from now on keep these hours.")
}

func (a *App) restoreLetter(c *fiber.Ctx) error {
	k, l, err := wordingOf(c)
	if err != nil {
		return err
	}
	var f struct {
		Version int `form:"version,max=9" label:"The version"`
		Seen    int `form:"seen,max=9" label:"The version"`
	}
	if _, err = decode(c, &f); err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			_, err := mail.Restore(ctx, tx, k, l, f.Version, f.Seen, a.who(c), a.Now())
			return err
		})
	}
	if err != nil {
		return err
	}
	return a.done(c, wordingPath(c.Params("letter"), l), "That wording is in force again.")
}

func otherLanguages(v wordingView) (links []ui.FilterLink) {
	for _, l := range orders.Languages {
		links = append(links, ui.FilterLink{Label: l.Name(), Href: wordingPath(v.Slug, l), Current: l == v.Language})
	}
	return links
}

func lookedAt(about string) string {
	if about == "" {
		return "with an example"
	}
	return "with " + about
}
