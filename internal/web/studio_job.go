package web

import (
	"context"
	"database/sql"
	"fmt"
	"mime"
	"mime/multipart"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/internal/web/ui"
)

// artJobView is the page of a job.
type artJobView struct {
	studio.View
	Zone    *time.Location
	Now     time.Time
	Member  staff.Member
	Artists []studio.Artist
	Notes   string             // of the order
	Spec    []orders.Chosen    // what was chosen for the line
	Forms   map[string]ui.Form // refused, by what they are for
}

func (v artJobView) form(of string) ui.Form { return v.Forms[of] }

// mine tells that the signed-in person may upload.
func (v artJobView) mine() bool {
	return v.State == studio.Art && (v.Artist == v.Member.ID || v.Member.May(staff.Manager))
}

func (a *App) artJobPage(c *fiber.Ctx) error { return a.showArtJob(c, "", ui.Form{}) }

// showArtJob shows a job, with a form again that was refused.
func (a *App) showArtJob(c *fiber.Ctx, of string, form ui.Form) error {
	who, _ := a.session(c)
	v := artJobView{Now: a.Now(), Member: who.Member, Forms: map[string]ui.Form{of: form}}
	var err error
	if v.View, err = studio.Read(c.UserContext(), a.DB, a.house(c), c.Params("ref")); err != nil {
		return err
	}
	if n, err := orders.ParseNumber(v.Document); err == nil {
		if v.Notes, err = orders.NotesOf(c.UserContext(), a.DB, n); err != nil {
			return err
		}
		if v.Spec, err = orders.SpecificationOf(c.UserContext(), a.DB, v.Ref); err != nil {
			return err
		}
	}
	if v.Artists, err = studio.Artists(c.UserContext(), a.DB, a.house(c)); err != nil {
		return err
	}
	if v.Zone, err = a.zone(c); err != nil {
		return err
	}
	p := a.page(c, v.Ref+", "+v.Product)
	p.Back = backTo("Artwork", "/studio")
	if a.may(who.Member, "/orders/"+v.Document) {
		p.Actions = []ui.Link{{Label: "Order " + v.Document, Href: "/orders/" + v.Document, Icon: "order"}}
	}
	return a.show(c, artJobPage(p, v))
}

// changeArt runs what somebody does with a job, and shows the page again: with a sentence, or with the form refused.
func (a *App) changeArt(c *fiber.Ctx, of string, form ui.Form, err error, says string, do func(ctx context.Context, tx *sql.Tx, ref string) error) error {
	return a.changeArtThen(c, of, form, err, do, func() error { return a.done(c, artPath(c.Params("ref")), says) })
}

// changeArtThen is changeArt for who goes on somewhere else.
func (a *App) changeArtThen(c *fiber.Ctx, of string, form ui.Form, err error, do func(ctx context.Context, tx *sql.Tx, ref string) error, then func() error) error {
	ref := c.Params("ref")
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return do(ctx, tx, ref) })
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(answers[fault.KindOf(err)].Status)
			return a.showArtJob(c, of, refusal)
		}
	}
	if err != nil {
		return err
	}
	return then()
}

// artFile answers the very bytes of a file, to be kept and never to be shown by the browser itself.
func (a *App) artFile(c *fiber.Ctx) error {
	v, err := studio.Read(c.UserContext(), a.DB, a.house(c), c.Params("ref"))
	if err != nil {
		return err
	}
	hash := files.Hash(c.Params("hash"))
	_, name, err := v.File(hash)
	if err != nil {
		return err
	}
	return a.sendFile(c, hash, name)
}

// orderedFile answers the very bytes of a file that came with the order's form.
func (a *App) orderedFile(c *fiber.Ctx) error {
	v, err := studio.Read(c.UserContext(), a.DB, a.house(c), c.Params("ref"))
	if err != nil {
		return err
	}
	spec, err := orders.SpecificationOf(c.UserContext(), a.DB, v.Ref)
	if err != nil {
		return err
	}
	for _, chosen := range spec {
		if chosen.Hash != "" && string(chosen.Hash) == c.Params("hash") {
			return a.sendFile(c, chosen.Hash, chosen.Value)
		}
	}
	return fault.New(fault.NotFound, "There is no such file.")
}

func (a *App) sendFile(c *fiber.Ctx, hash files.Hash, name string) error {
	if a.Files == nil {
		return fault.New(fault.NotFound, "There is no such file.")
	}
	data, err := a.Files.Get(hash)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	return c.Send(data)
}

// pictureSlots bounds how many large pictures are in memory to be looked at.
var pictureSlots = make(chan struct{}, 3)

// kept looks at a file that was sent and keeps it. What is wrong with it names the file.
func (a *App) kept(c *fiber.Ctx, sent *multipart.FileHeader) (studio.File, error) {
	if a.Files == nil {
		return studio.File{}, errNoFiles
	}
	select {
	case pictureSlots <- struct{}{}:
		defer func() { <-pictureSlots }()
	case <-c.UserContext().Done():
		return studio.File{}, fault.New(fault.Unavailable, "Many pictures are being sent just now. Try again in a minute.")
	}
	data, err := contentOf(sent)
	if err != nil {
		return studio.File{}, err
	}
	return studio.Keep(c.UserContext(), a.Files, sent.Filename, data)
}

// keptAll is every file of a form's field, kept; mistakes are fault.Fields of that name.
func (a *App) keptAll(c *fiber.Ctx, field string, most int) (list []studio.File, err error) {
	form, err := c.MultipartForm()
	if err != nil {
		return nil, nil // a form without files; whoever needs one asks for it
	}
	var wrong fault.Fields
	for _, sent := range form.File[field] {
		if sent.Size == 0 && sent.Filename == "" {
			continue
		}
		if len(list) == most {
			wrong.Add(field, "Up to %d files.", most)
			break
		}
		f, err := a.kept(c, sent)
		if kind := fault.KindOf(err); kind == fault.Invalid || kind == fault.Unavailable {
			wrong.Add(field, "%s: %s", studio.CleanName(sent.Filename), fault.Message(err))
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, wrong.Err()
}

func (a *App) addArtwork(c *fiber.Ctx) error {
	list, err := a.keptAll(c, "files", studio.MostProofs)
	who, _ := a.session(c)
	return a.changeArt(c, "artwork", ui.Form{}, err, "The artwork is stored and goes on.", func(ctx context.Context, tx *sql.Tx, ref string) error {
		return studio.Add(ctx, tx, a.house(c), studio.Upload{Ref: ref, Proofs: list, By: who.ID, Any: who.May(staff.Manager), At: a.Now()})
	})
}

// seenHashes are the proofs that a form was shown with.
func seenHashes(c *fiber.Ctx) (list []files.Hash) {
	for _, h := range several(c, "seen") {
		list = append(list, files.Hash(h))
	}
	return list
}

func (a *App) controlArt(c *fiber.Ctx) error {
	var in struct {
		Verdict string `form:"verdict,max=10"`
		Words   string `form:"words,max=2000,lines" label:"The note"`
	}
	form, err := decode(c, &in)
	v := studio.ControlVerdict{Ref: c.Params("ref"), Seen: seenHashes(c), Good: in.Verdict == "good", Words: in.Words, By: a.who(c), At: a.Now()}
	says := v.Ref + " is passed on."
	if !v.Good {
		says = v.Ref + " goes back to its artist."
	}
	return a.changeArtThen(c, "control", form, err, func(ctx context.Context, tx *sql.Tx, _ string) error { return studio.Control(ctx, tx, a.house(c), v) },
		func() error {
			next, err := studio.Jobs(c.UserContext(), a.DB, studio.Queue{Warehouse: a.house(c), States: []studio.State{studio.ArtControl}, Limit: 1})
			if err != nil {
				return err
			}
			if len(next) == 0 {
				return a.done(c, "/studio/control", says+" Nothing else waits.")
			}
			return a.done(c, artPath(next[0].Ref), says+" This is the next one.")
		})
}

func (a *App) reassignArt(c *fiber.Ctx) error {
	var in struct {
		Artist int64 `form:"artist"`
	}
	form, err := decode(c, &in)
	return a.changeArt(c, "artist", form, err, "It has another artist now.", func(ctx context.Context, tx *sql.Tx, ref string) error {
		return studio.Reassign(ctx, tx, a.house(c), ref, staff.ID(in.Artist), a.who(c), a.Now())
	})
}

func (a *App) sendPicturesFor(c *fiber.Ctx) error {
	list, err := a.keptAll(c, "pictures", studio.MostPictures)
	return a.changeArt(c, "pictures", ui.Form{}, err, "The pictures are stored.", func(ctx context.Context, tx *sql.Tx, ref string) error {
		return studio.Send(ctx, tx, a.house(c), ref, list, studio.From{Staff: a.who(c), At: a.Now()})
	})
}

func (a *App) insistFor(c *fiber.Ctx) error {
	return a.changeArt(c, "pictures", ui.Form{}, nil, "The picture is used as it is.", func(ctx context.Context, tx *sql.Tx, ref string) error {
		return studio.Insist(ctx, tx, a.house(c), ref, studio.From{Staff: a.who(c), At: a.Now()})
	})
}

func (a *App) recordAnswer(c *fiber.Ctx) error {
	var in struct {
		Verdict string `form:"verdict,max=20"`
		Name    string `form:"name,max=120" label:"The name"`
		How     string `form:"how,max=20"`
		Words   string `form:"words,max=2000,lines" label:"The text"`
	}
	form, err := decode(c, &in)
	for _, n := range several(c, "chosen") {
		form.Values["chosen."+showable(n)] = "on"
	}
	answer := studio.Answer{Ref: c.Params("ref"), Seen: seenHashes(c), Verdict: studio.Verdict(in.Verdict), Chosen: chosenProofs(c), Name: in.Name, How: in.How,
		Words: in.Words, By: a.who(c), At: a.Now()}
	if evidence, bad := a.keptAll(c, "evidence", 1); len(evidence) == 1 {
		answer.Evidence = evidence[0].Preview
	} else if bad != nil {
		err = bothFaults(err, bad)
	}
	return a.changeArt(c, "answer", form, err, "The answer is recorded under your name.", func(ctx context.Context, tx *sql.Tx, _ string) error {
		return studio.Decide(ctx, tx, a.house(c), answer)
	})
}

// chosenProofs are the ticked proofs of a form.
func chosenProofs(c *fiber.Ctx) (list []int) {
	for _, value := range several(c, "chosen") {
		if n, err := strconv.Atoi(value); err == nil {
			list = append(list, n)
		}
	}
	return list
}

func (a *App) sendProofAgain(c *fiber.Ctx) error {
	return a.changeArt(c, "again", ui.Form{}, nil, "The proof is on its way once more.", func(ctx context.Context, tx *sql.Tx, ref string) error {
		return studio.SendAgain(ctx, tx, a.house(c), ref, a.who(c), a.Now())
	})
}

func (a *App) callProofBack(c *fiber.Ctx) error {
	var in struct {
		Why string `form:"why,max=2000,lines" label:"The note"`
	}
	form, err := decode(c, &in)
	return a.changeArt(c, "call-back", form, err, "The proof is called back. Its link says so.", func(ctx context.Context, tx *sql.Tx, ref string) error {
		return studio.CallBack(ctx, tx, a.house(c), ref, in.Why, a.who(c), a.Now())
	})
}

// says is the job's present in a sentence.
func (v artJobView) says() string {
	says, _ := studio.Queued{Job: v.Job, ArtistName: v.ArtistName}.Waits()
	return sentence(says)
}

func (v artJobView) when(t time.Time) string { return t.In(v.Zone).Format("2 Jan 2006, 15:04") }

func (v artJobView) facts() []ui.Fact {
	facts := []ui.Fact{{Word: "Product", Value: v.Product + " (" + v.SKU + ")"}, {Word: "Pieces", Value: strconv.FormatInt(v.Pieces, 10)}}
	if v.Detail != "" {
		facts = append(facts, ui.Fact{Word: "Chosen", Value: v.Detail})
	}
	if v.PrintWidth > 0 {
		facts = append(facts, ui.Fact{Word: "Print", Value: fmt.Sprintf("%d × %d mm", v.PrintWidth, v.PrintHeight)})
	}
	facts = append(facts, ui.Fact{Word: "Due", Value: v.Due.In(v.Zone).Format("2 Jan 2006")}, ui.Fact{Word: "File name", Value: v.FileName()})
	if v.ArtistName != "" {
		facts = append(facts, ui.Fact{Word: "Artist", Value: v.ArtistName})
	}
	return facts
}

func (v artJobView) events() (list []ui.Event) {
	for i := len(v.Events) - 1; i >= 0; i-- {
		e := v.Events[i]
		what := sentence(e.What)
		if e.Detail != "" {
			what += ": " + e.Detail
		}
		who := v.when(e.At)
		if e.By != "" {
			who = e.By + ", " + who
		}
		list = append(list, ui.Event{What: what, Who: who, When: ui.Past})
	}
	return list
}

// whoDecided says when, and who.
func (v artJobView) whoDecided(d studio.Decision) string {
	who := v.when(d.At)
	if d.Name != "" {
		who += ", " + d.Name
	}
	switch {
	case d.How != "":
		who += ", by " + d.How + ", recorded by " + d.ByName
	case d.ByName != "":
		who += ", " + d.ByName
	}
	return who
}

// proofNames says which files a decision was about.
func proofNames(d studio.Decision) string {
	var all []string
	for _, f := range d.Files {
		all = append(all, fmt.Sprintf("%s, version %d", studio.Letter(f.Proof), f.Version))
	}
	return strings.Join(all, "; ")
}
