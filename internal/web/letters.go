package web

import (
	"context"
	"database/sql"
	"fmt"
	"mime"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/mail"
	"tote/internal/web/ui"
)

const lettersShown = 50

func letterPath(id int64) string { return fmt.Sprintf("/letters/%d", id) }

func (a *App) lettersPage(c *fiber.Ctx) error {
	f := mail.Filter{State: mail.State(c.Query("state")), Search: clean(c.Query("q")), Limit: lettersShown + 1}
	f.Before, _ = strconv.ParseInt(c.Query("after"), 10, 64)
	list, err := mail.List(c.UserContext(), a.DB, f)
	if err != nil {
		return err
	}
	counts, err := mail.Counts(c.UserContext(), a.DB)
	if err != nil {
		return err
	}
	zone, err := a.clock(c)
	if err != nil {
		return err
	}
	p := a.page(c, "Letters")
	p.Lead = "What customers were told, and what could not be delivered."
	if a.Inbox {
		p.Actions = append(p.Actions, ui.Link{Label: "Open the inbox", Href: "/inbox", Icon: "letter"})
	}
	if who, _ := a.session(c); a.may(who.Member, "/setup/letters") {
		p.Actions = append(p.Actions, ui.Link{Label: "What they say", Href: "/setup/letters", Icon: "setup"})
	}
	links := []ui.FilterLink{{Label: "All", Href: "/letters", Current: f.State == ""}}
	for _, s := range mail.States {
		links = append(links, ui.FilterLink{Label: string(s), Href: "/letters?state=" + string(s), Current: f.State == s, Count: counts[s], Counted: true})
	}
	return a.show(c, lettersPage(p, letterTable(list, f, zone), links, f.Search))
}

func letterTable(list []mail.Row, f mail.Filter, zone *time.Location) ui.Table {
	t := ui.Table{Path: "/letters", Query: url.Values{}, Columns: []ui.Column{{Title: "Subject"}, {Title: "State"}, {Title: "To"}, {Title: "Order"}, {Title: "Written"}, {Title: "Tries", Number: true}, {Title: "What went wrong"}}}
	if f.State != "" {
		t.Query.Set("state", string(f.State))
	}
	if f.Search != "" {
		t.Query.Set("q", f.Search)
	}
	if len(list) > lettersShown {
		list = list[:lettersShown]
		t.More = strconv.FormatInt(list[lettersShown-1].ID, 10)
	}
	for _, l := range list {
		var about []string
		if l.Ref != "" { // a test is about nothing
			about = []string{l.Ref}
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(l.Subject, letterPath(l.ID)), ui.Show(ui.Status(letterTone(l.State), string(l.State))), ui.Text(l.Recipient),
			ui.Show(orderLinks(about)), ui.Text(moment(l.Created, zone)), ui.Num(int64(l.Attempts)), ui.Text(shorten(l.Error))})
	}
	return t
}

func letterTone(s mail.State) ui.Tone {
	switch s {
	case mail.Sent:
		return ui.Good
	case mail.Refused:
		return ui.Halted
	case mail.Queued, mail.Sending:
		return ui.Busy
	}
	return ui.Plain
}

// letterView is one letter on a page: written by us, or lying in the inbox.
type letterView struct {
	Path  string // of its page; its HTML is below
	Facts []ui.Fact
	Text  string
	HTML  bool
	Files []string
	Raw   string // path of the letter as it came; "" when it is ours
	Wrong string // what is wrong with it, in words

	State mail.State
	To    string
	Form  ui.Form
}

func (a *App) letterOf(c *fiber.Ctx) (mail.Full, error) {
	id, err := number(c, "id")
	if err != nil {
		return mail.Full{}, err
	}
	return mail.Read(c.UserContext(), a.DB, id)
}

func (a *App) letterPage(c *fiber.Ctx) error { return a.showLetter(c, ui.Form{}) }

func (a *App) showLetter(c *fiber.Ctx, form ui.Form) error {
	l, err := a.letterOf(c)
	if err != nil {
		return err
	}
	zone, err := a.clock(c)
	if err != nil {
		return err
	}
	v := letterView{Path: letterPath(l.ID), Text: l.Text, HTML: l.HTML != "", Wrong: l.Error, State: l.State, To: l.Recipient, Form: form}
	for _, f := range l.Files {
		v.Files = append(v.Files, f.Name)
	}
	v.Facts = []ui.Fact{{Word: "To", Value: l.Recipient}, {Word: "Kind", Value: string(l.Kind)},
		{Word: "Written", Value: moment(l.Created, zone)}, {Word: "Tries", Value: strconv.Itoa(l.Attempts)}, {Word: "Message-ID", Value: l.MessageID}}
	if l.Ref != "" {
		v.Facts = append(v.Facts, ui.Fact{Word: "About", Value: l.Ref, Href: waiterHref(l.Ref)})
	}
	switch {
	case l.State == mail.Queued:
		v.Facts = append(v.Facts, ui.Fact{Word: "Next try", Value: moment(l.NextTry, zone)})
	case !l.Finished.IsZero():
		v.Facts = append(v.Facts, ui.Fact{Word: "Sent", Value: moment(l.Finished, zone)})
	}
	p := a.page(c, l.Subject)
	p.Back = backTo("Letters", "/letters")
	return a.show(c, letterPage(p, v))
}

// letterPolicy keeps a letter's HTML from everything: it may style itself and nothing else, whatever a
// stranger wrote into it.
const letterPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"

// sendLetter answers a letter's HTML for the frame that shows it.
func sendLetter(c *fiber.Ctx, html string) error {
	c.Set("Content-Security-Policy", letterPolicy)
	c.Set("X-Frame-Options", "SAMEORIGIN")
	c.Type("html", "utf-8")
	return c.SendString(html)
}

// sendAttachment answers a file of a letter as something to be saved, never shown.
func sendAttachment(c *fiber.Ctx, files []mail.File) error {
	n, err := c.ParamsInt("n")
	if err != nil || n < 0 || n >= len(files) {
		return noPage()
	}
	c.Set("Content-Security-Policy", letterPolicy)
	c.Set(fiber.HeaderContentType, "application/octet-stream")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": fileName(files[n].Name)}))
	return c.Send(files[n].Content)
}

func (a *App) letterHTML(c *fiber.Ctx) error {
	l, err := a.letterOf(c)
	if err != nil {
		return err
	}
	return sendLetter(c, l.HTML)
}

func (a *App) letterFile(c *fiber.Ctx) error {
	l, err := a.letterOf(c)
	if err != nil {
		return err
	}
	return sendAttachment(c, l.Files)
}

// retryLetter queues a letter again, to a corrected address where one was typed.
func (a *App) retryLetter(c *fiber.Ctx) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	var in struct {
		To string `form:"to,max=254" label:"The address"`
	}
	form, err := decode(c, &in)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return mail.Retry(ctx, tx, id, in.To) })
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, ok := refused(form, err); ok {
			c.Status(answers[fault.KindOf(err)].Status)
			return a.showLetter(c, refusal)
		}
	}
	if err != nil {
		return err
	}
	return a.done(c, letterPath(id), "The letter is in the queue again.")
}

func (a *App) cancelLetter(c *fiber.Ctx) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return mail.Cancel(ctx, tx, id) }); err != nil {
		return err
	}
	return a.done(c, letterPath(id), "The letter will not be sent.")
}

// inbox refuses when letters go to a real server: then there is no inbox here.
func (a *App) inbox() error {
	if a.Inbox {
		return nil
	}
	return fault.New(fault.NotFound, "Letters go to a real mail server here. Look at the list of letters.")
}

func (a *App) inboxPage(c *fiber.Ctx) error {
	if err := a.inbox(); err != nil {
		return err
	}
	before, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	list, err := mail.Arrivals(c.UserContext(), a.DB, before, lettersShown+1)
	if err != nil {
		return err
	}
	zone, err := a.clock(c)
	if err != nil {
		return err
	}
	t := ui.Table{Path: "/inbox", Columns: []ui.Column{{Title: "Subject"}, {Title: "To"}, {Title: "Arrived"}}}
	if len(list) > lettersShown {
		list = list[:lettersShown]
		t.More = strconv.FormatInt(list[lettersShown-1].ID, 10)
	}
	for _, l := range list {
		subject := l.Subject
		if subject == "" {
			subject = "(no subject)"
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Go(subject, fmt.Sprintf("/inbox/%d", l.ID)), ui.Text(strings.Join(l.To, ", ")), ui.Text(moment(l.At, zone))})
	}
	p := a.page(c, "Inbox")
	p.Lead = "There is no mail server (SMTP_URL), so every letter arrives here instead of at the customer."
	return a.show(c, inboxPage(p, t))
}

func (a *App) arrived(c *fiber.Ctx) (mail.Opened, error) {
	if err := a.inbox(); err != nil {
		return mail.Opened{}, err
	}
	id, err := number(c, "id")
	if err != nil {
		return mail.Opened{}, err
	}
	return mail.Open(c.UserContext(), a.DB, id)
}

func (a *App) inboxLetter(c *fiber.Ctx) error {
	o, err := a.arrived(c)
	if err != nil {
		return err
	}
	path := fmt.Sprintf("/inbox/%d", o.ID)
	v := letterView{Path: path, Text: o.Text, HTML: o.HTML != "", Raw: path + "/raw", Wrong: o.Damaged}
	for _, h := range o.Headers {
		v.Facts = append(v.Facts, ui.Fact{Word: h.Name, Value: h.Value})
	}
	for _, f := range o.Files {
		v.Files = append(v.Files, f.Name)
	}
	title := o.Subject
	if title == "" {
		title = "(no subject)"
	}
	p := a.page(c, title)
	p.Back = backTo("Inbox", "/inbox")
	return a.show(c, letterPage(p, v))
}

func (a *App) inboxHTML(c *fiber.Ctx) error {
	o, err := a.arrived(c)
	if err != nil {
		return err
	}
	return sendLetter(c, o.HTML)
}

func (a *App) inboxRaw(c *fiber.Ctx) error {
	o, err := a.arrived(c)
	if err != nil {
		return err
	}
	c.Set("Content-Security-Policy", letterPolicy)
	c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	return c.Send(o.Raw)
}

func (a *App) inboxFile(c *fiber.Ctx) error {
	o, err := a.arrived(c)
	if err != nil {
		return err
	}
	return sendAttachment(c, o.Files)
}
