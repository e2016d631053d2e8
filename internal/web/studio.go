package web

import (
	"context"
	"database/sql"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/studio"
	"tote/internal/web/ui"
)

func studioRoutes() []route {
	return []route{
		{"GET", "/studio", studioSees, (*App).studioPage},
		{"GET", "/studio/pictures", imageCheckers, (*App).picturesPage},
		{"POST", "/studio/pictures", imageCheckers, (*App).checkPictures},
		{"GET", "/studio/art", artists, (*App).artPage},
		{"GET", "/studio/control", controllers, (*App).controlPage},
		{"GET", "/studio/proofs", supporters, (*App).proofsPage},

		{"GET", "/studio/uploads", artists, (*App).uploadsPage},
		{"POST", "/studio/uploads", artists, (*App).putUploads},
		{"POST", "/studio/uploads/:batch/store", artists, (*App).storeUploads},
		{"POST", "/studio/uploads/:batch/drop", artists, (*App).dropUploads},

		{"GET", "/studio/jobs/:ref", studioSees, (*App).artJobPage},
		{"GET", "/studio/jobs/:ref/files/:hash", studioSees, (*App).artFile},
		{"GET", "/studio/jobs/:ref/options/:hash", studioSees, (*App).orderedFile},
		{"POST", "/studio/jobs/:ref/artwork", artists, (*App).addArtwork},
		{"POST", "/studio/jobs/:ref/control", controllers, (*App).controlArt},
		{"POST", "/studio/jobs/:ref/artist", managers, (*App).reassignArt},
		{"POST", "/studio/jobs/:ref/pictures", supporters, (*App).sendPicturesFor},
		{"POST", "/studio/jobs/:ref/insist", supporters, (*App).insistFor},
		{"POST", "/studio/jobs/:ref/answer", supporters, (*App).recordAnswer},
		{"POST", "/studio/jobs/:ref/again", supporters, (*App).sendProofAgain},
		{"POST", "/studio/jobs/:ref/call-back", callers, (*App).callProofBack},

		{"GET", "/setup/flows", managers, (*App).flowsPage},
		{"GET", "/setup/flows/new", managers, (*App).flowPage},
		{"POST", "/setup/flows", managers, (*App).saveFlow},
		{"GET", "/setup/flows/:flow", managers, (*App).flowPage},
		{"POST", "/setup/flows/:flow", managers, (*App).saveFlow},
		{"POST", "/setup/flows/:flow/items", managers, (*App).setFlowItem},
		{"GET", "/setup/studio", managers, (*App).studioSetupPage},
		{"POST", "/setup/studio", managers, (*App).saveStudio},
		{"POST", "/setup/studio/artists/:id", managers, (*App).saveArtist},

		{"GET", "/my", public, (*App).myOrdersAsk},
		{"POST", "/my", public, (*App).sendMyLink},
		{"GET", "/my/:token", public, (*App).myOrders},
		{"POST", "/my/:token", public, (*App).chooseMine},
		{"GET", "/my/:token/:id", public, (*App).myOrderPage},
		{"POST", "/my/:token/:id", public, (*App).changeMine},
		{"POST", "/my/:token/:id/cancel", public, (*App).cancelMine},
		{"GET", "/proof/:token", public, (*App).proofPage},
		{"POST", "/proof/:token", public, (*App).decideProof},
		{"POST", "/proof/:token/again", public, (*App).freshProof},
		{"GET", "/proof/:token/:kind/:number", public, (*App).proofPicture},
		{"GET", "/journey/:token/artwork/:line", public, (*App).artworkPage},
		{"POST", "/journey/:token/artwork/:line", public, (*App).decideArtwork},
		{"POST", "/journey/:token/artwork/:line/pictures", public, (*App).sendPictures},
		{"POST", "/journey/:token/artwork/:line/insist", public, (*App).insist},
		{"GET", "/journey/:token/artwork/:line/:kind/:number", public, (*App).artworkPicture},
		{"GET", "/journey/:token/artwork/:line/certificate.pdf", public, (*App).artworkCertificate},
	}
}

const jobsShown = 60

// studioTones are the states as the lists colour them.
var studioTones = map[studio.State]ui.Tone{
	studio.AwaitingPicture: ui.Asks, studio.PictureCheck: ui.Busy, studio.PictureRefused: ui.Halted, studio.Art: ui.Busy, studio.ArtControl: ui.Busy,
	studio.Approval: ui.Asks, studio.Approved: ui.Good, studio.Cancelled: ui.Plain,
}

// stateWords are the states as people read them.
var stateWords = map[studio.State]string{
	studio.AwaitingPicture: "waits for a picture", studio.PictureCheck: "picture check", studio.PictureRefused: "picture refused", studio.Art: "with an artist",
	studio.ArtControl: "art control", studio.Approval: "with the customer", studio.Approved: "approved", studio.Cancelled: "cancelled",
}

func artPath(ref string) string { return "/studio/jobs/" + ref }

// jobsView is a list of artwork.
type jobsView struct {
	Views []ui.FilterLink
	List  []studio.Queued
	Now   time.Time
	Zone  *time.Location
	More  string // the address of the next page
	Empty emptyWords
}

type emptyWords struct{ Heading, How string }

// jobsOf reads one page of a list.
func (a *App) jobsOf(c *fiber.Ctx, f studio.Queue) (v jobsView, err error) {
	f.Warehouse, f.Limit, f.After = a.house(c), jobsShown+1, studio.JobID(idQuery(c, "after"))
	if v.List, err = studio.Jobs(c.UserContext(), a.DB, f); err != nil {
		return v, err
	}
	if len(v.List) > jobsShown {
		v.List = v.List[:jobsShown]
		query := url.Values{"after": {strconv.FormatInt(int64(v.List[jobsShown-1].ID), 10)}}
		for _, name := range []string{"state", "tab"} {
			if value := c.Query(name); value != "" {
				query.Set(name, value)
			}
		}
		v.More = c.Path() + "?" + query.Encode()
	}
	v.Now = a.Now()
	v.Zone, err = a.zone(c)
	return v, err
}

// studioPage is all artwork under way, by state.
func (a *App) studioPage(c *fiber.Ctx) error {
	counts, _, err := studio.Counts(c.UserContext(), a.DB, a.house(c), 0)
	if err != nil {
		return err
	}
	states, now := studio.Open, studio.State(c.Query("state"))
	total := int64(0)
	views := []ui.FilterLink{{Label: "All under way", Href: "/studio", Current: now == "", Counted: true}}
	for _, s := range append(append([]studio.State{}, studio.Open...), studio.Approved) {
		if s == now {
			states = []studio.State{s}
		}
		total += int64(counts[s].Jobs)
		views = append(views, ui.FilterLink{Label: sentence(stateWords[s]), Href: "/studio?state=" + url.QueryEscape(string(s)), Current: s == now, Counted: s != studio.Approved, Count: int64(counts[s].Jobs)})
	}
	views[0].Count = total
	v, err := a.jobsOf(c, studio.Queue{States: states})
	if err != nil {
		return err
	}
	v.Views, v.Empty = views, emptyWords{"No artwork here", "Orders of custom items stand here from the picture to the approved file. Which items those are is set up under Flows."}
	p := a.page(c, "Artwork")
	p.Lead = "What is drawn for customers, the most urgent first."
	who, _ := a.session(c)
	p.Actions = a.allowed(who.Member, desks)
	return a.show(c, studioListPage(p, v))
}

// picturesView is the pictures that wait to be looked at.
type picturesView struct {
	jobsView
	Form ui.Form
}

func (a *App) picturesPage(c *fiber.Ctx) error { return a.showPictures(c, ui.Form{}) }

func (a *App) showPictures(c *fiber.Ctx, form ui.Form) error {
	v, err := a.jobsOf(c, studio.Queue{States: []studio.State{studio.PictureCheck}})
	if err != nil {
		return err
	}
	v.Empty = emptyWords{"No picture waits", "Pictures that customers send stand here until somebody has looked at them."}
	p := a.page(c, "Pictures")
	p.Lead = "Tick what belongs together, then approve or refuse. Keys: arrows move, space ticks, A approves, R refuses."
	return a.show(c, picturesPage(p, picturesView{v, form}))
}

// several is every value that a form sent under one name.
func several(c *fiber.Ctx, name string) (all []string) {
	for _, value := range c.Request().PostArgs().PeekMulti(name) {
		all = append(all, string(value))
	}
	if form, err := c.MultipartForm(); err == nil {
		all = append(all, form.Value[name]...)
	}
	return all
}

func (a *App) checkPictures(c *fiber.Ctx) error {
	var in struct {
		Verdict string `form:"verdict,max=10"`
		Reason  string `form:"reason,max=40"`
		Words   string `form:"words,max=2000,lines" label:"The text"`
	}
	form, err := decode(c, &in)
	refs := several(c, "refs")
	for _, ref := range refs {
		form.Values["refs."+showable(ref)] = "on"
	}
	v := studio.PictureVerdict{Refs: refs, Good: in.Verdict == "good", Reason: in.Reason, Words: in.Words, By: a.who(c), At: a.Now()}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return studio.CheckPictures(ctx, tx, a.house(c), v) })
	}
	if refusal, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showPictures(c, refusal)
	}
	if err != nil {
		return err
	}
	says := ui.Count(int64(len(refs)), "picture is approved.", "pictures are approved.")
	if !v.Good {
		says = ui.Count(int64(len(refs)), "picture is refused. Its customer is told.", "pictures are refused. Their customers are told.")
	}
	return a.done(c, "/studio/pictures", says)
}

// artPage is an artist's own work, in three tabs.
func (a *App) artPage(c *fiber.Ctx) error {
	who := a.who(c)
	_, mine, err := studio.Counts(c.UserContext(), a.DB, a.house(c), who)
	if err != nil {
		return err
	}
	tab := studio.Why(c.Query("tab", string(studio.New)))
	var views []ui.FilterLink
	for _, w := range studio.Whys {
		label := tabWords[w]
		if n := mine[w]; n.Jobs > 0 {
			label += ", oldest " + ui.Age(a.Now().Sub(n.Oldest))
		}
		views = append(views, ui.FilterLink{Label: label, Href: "/studio/art?tab=" + string(w), Current: w == tab, Counted: true, Count: int64(mine[w].Jobs)})
	}
	v, err := a.jobsOf(c, studio.Queue{States: []studio.State{studio.Art}, Artist: who, Why: tab})
	if err != nil {
		return err
	}
	v.Views, v.Empty = views, emptyWords{"Nothing here", "New work comes by itself as soon as you have room for it."}
	p := a.page(c, "My artwork")
	p.Lead = "Download the picture, draw, upload the finished file under the same name."
	p.Actions = []ui.Link{{Label: "Upload many", Href: "/studio/uploads", Icon: "up"}}
	return a.show(c, studioListPage(p, v))
}

// tabWords are an artist's tabs.
var tabWords = map[studio.Why]string{studio.New: "New work", studio.FromControl: "Rejected by art control", studio.FromCustomer: "Rejected by customer"}

// controlPage is the artwork that waits to be looked at.
func (a *App) controlPage(c *fiber.Ctx) error {
	v, err := a.jobsOf(c, studio.Queue{States: []studio.State{studio.ArtControl}})
	if err != nil {
		return err
	}
	v.Empty = emptyWords{"No artwork waits", "What artists upload stands here until somebody else has looked at it."}
	p := a.page(c, "Art control")
	p.Lead = "Open one, hold the artwork against the customer’s picture, pass it on or send it back."
	return a.show(c, studioListPage(p, v))
}

// proofsPage is the proofs that wait for their customers.
func (a *App) proofsPage(c *fiber.Ctx) error {
	calls := c.Query("state") == "call"
	v, err := a.jobsOf(c, studio.Queue{States: []studio.State{studio.Approval}, Overdue: calls})
	if err != nil {
		return err
	}
	v.Views = []ui.FilterLink{{Label: "All", Href: "/studio/proofs", Current: !calls}, {Label: "To call", Href: "/studio/proofs?state=call", Current: calls}}
	v.Empty = emptyWords{"No proof waits", "Proofs that customers have not decided on stand here. Who answers no reminder is to be called."}
	p := a.page(c, "Proofs")
	p.Lead = "With their customers. What is decided by phone is recorded on the page of the job."
	return a.show(c, studioListPage(p, v))
}
