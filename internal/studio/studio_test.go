package studio_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/inventory"
	"tote/inventory/sitetest"
)

var (
	ctx  = context.Background()
	noon = sitetest.Noon
)

// house is a site with a studio: two artists, somebody who looks at pictures, somebody who looks at art.
type house struct {
	*sitetest.Site
	t                     testing.TB
	tx                    *sql.Tx
	portrait              inventory.ItemID
	flow                  studio.FlowID
	anna, ben, ivo, clara staff.ID
	at                    time.Time
	orders                int
}

var everything = studio.Flow{Name: "Portraits", Asks: "Uploaded Images", PictureCheck: true, Art: true, ArtControl: true, Approval: true, LeastPPI: 150, GoodPPI: 300}

func open(t testing.TB, tx *sql.Tx, f studio.Flow) *house {
	h := &house{Site: sitetest.New(t, tx), t: t, tx: tx, at: noon}
	h.portrait = h.Item("PORTRAIT")
	var err error
	if h.flow, err = studio.SaveFlow(ctx, tx, f, h.Staff); err != nil {
		t.Fatal(err)
	}
	var sku string
	if err := tx.QueryRow(`select sku from items where id = $1`, h.portrait).Scan(&sku); err != nil {
		t.Fatal(err)
	}
	if err := studio.SetCustom(ctx, tx, studio.CustomItem{SKU: sku, Flow: h.flow, Width: 200, Height: 300}, h.Staff); err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]struct {
		id   *staff.ID
		role staff.Role
	}{"Anna": {&h.anna, staff.Artist}, "Ben": {&h.ben, staff.Artist}, "Ivo": {&h.ivo, staff.ImageProcessor}, "Clara": {&h.clara, staff.ArtControl}} {
		h.must(tx.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ($1, $2, 'x', $3, $4) returning id`,
			name, staff.NewBadge(), pg.Array([]staff.Role{p.role}), h.Warehouse).Scan(p.id))
	}
	return h
}

// ask begins the job of a new order's only line.
func (h *house) ask() string {
	h.t.Helper()
	h.orders++
	doc := fmt.Sprintf("O-%d", 1022+h.orders)
	jobs, err := studio.Ask(ctx, h.tx, []studio.Wanted{{Ref: doc + ".1", Document: doc, Warehouse: h.Warehouse, Item: h.portrait, SKU: "PORTRAIT",
		Product: "Yellow Portrait", Detail: "LivingRoom,Full", Pieces: 1, Due: noon.AddDate(0, 0, 7)}}, 0, h.at)
	if err != nil || len(jobs) != 1 {
		h.t.Fatal(jobs, err)
	}
	return doc + ".1"
}

// file is a file of that many pixels whose bytes are made of its name.
func file(name string, w, h int) studio.File {
	sum := fmt.Sprintf("%x", name)
	hash := files.Hash((sum + strings.Repeat("0", 64))[:64])
	return studio.File{Hash: hash, Preview: hash, Name: name, Type: "image/png", Width: w, Height: h, Bytes: 1000}
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refused checks that something was refused with these words.
func (h *house) refused(err error, kind fault.Kind, words string) {
	h.t.Helper()
	says := fault.Message(err)
	for _, f := range fault.FieldsOf(err) {
		says += " " + f.Name + ": " + f.Message
	}
	if fault.KindOf(err) != kind || !strings.Contains(says, words) {
		h.t.Errorf("%v, want %v with %q", err, kind, words)
	}
}

func (h *house) is(ref string, want studio.State) studio.View {
	h.t.Helper()
	v, err := studio.Read(ctx, h.tx, h.Warehouse, ref)
	h.must(err)
	if v.State != want {
		h.t.Fatalf("%s is %s, want %s", ref, v.State, want)
	}
	return v
}

func (h *house) facts(name string) (n int) {
	h.t.Helper()
	h.must(h.tx.QueryRow(`select coalesce(sum((select count(*) from jsonb_array_elements(args::jsonb -> 'facts') f where f ->> 'name' = $1)), 0) from river_job`, name).Scan(&n))
	return n
}

func (h *house) send(ref string, list ...studio.File) error {
	return studio.Send(ctx, h.tx, h.Warehouse, ref, list, studio.From{At: h.at})
}

func (h *house) check(good bool, refs ...string) error {
	v := studio.PictureVerdict{Refs: refs, Good: good, By: h.ivo, At: h.at}
	if !good {
		v.Reason, v.Words = "blurred", "The face cannot be seen."
	}
	return studio.CheckPictures(ctx, h.tx, h.Warehouse, v)
}

func (h *house) upload(ref string, by staff.ID, list ...studio.File) error {
	h.at = h.at.Add(time.Minute)
	return studio.Add(ctx, h.tx, h.Warehouse, studio.Upload{Ref: ref, Proofs: list, By: by, At: h.at})
}

func (h *house) control(ref string, good bool, by staff.ID) error {
	h.at = h.at.Add(time.Minute)
	return studio.Control(ctx, h.tx, h.Warehouse, studio.ControlVerdict{Ref: ref, Seen: h.seen(ref), Good: good, Words: "The eyes.", By: by, At: h.at})
}

func (h *house) seen(ref string) (list []files.Hash) {
	v, err := studio.Read(ctx, h.tx, h.Warehouse, ref)
	h.must(err)
	for _, w := range v.Current() {
		list = append(list, w.Hash)
	}
	return list
}

// answer is a customer's answer to what is shown now.
func (h *house) answer(ref string, v studio.Verdict) studio.Answer {
	h.at = h.at.Add(time.Minute)
	a := studio.Answer{Ref: ref, Seen: h.seen(ref), Verdict: v, Name: "Ann Archer", Words: "Please make the sky blue.", IP: "192.0.2.7", At: h.at}
	if v == studio.VerdictApproved {
		a.Ticks, a.Words = studio.Checklist, ""
	}
	return a
}

func (h *house) decide(a studio.Answer) error { return studio.Decide(ctx, h.tx, h.Warehouse, a) }

// artist is who has the job.
func (h *house) artist(ref string) staff.ID { return h.is(ref, studio.Art).Artist }

// toArtist brings a new job to an artist.
func (h *house) toArtist() (ref string, artist staff.ID) {
	ref = h.ask()
	h.must(h.send(ref, file("cat.png", 2400, 3600)))
	h.must(h.check(true, ref))
	return ref, h.artist(ref)
}

// toCustomer brings a new job to its customer.
func (h *house) toCustomer(proofs ...studio.File) (ref string, artist staff.ID) {
	ref, artist = h.toArtist()
	if len(proofs) == 0 {
		proofs = []studio.File{file("proof.png", 2400, 3600)}
	}
	h.must(h.upload(ref, artist, proofs...))
	h.must(h.control(ref, true, h.clara))
	h.is(ref, studio.Approval)
	return ref, artist
}

func (h *house) lawful() {
	h.t.Helper()
	laws, err := studio.Check(ctx, h.tx)
	h.must(err)
	for _, l := range laws {
		if l.Count > 0 {
			h.t.Errorf("%s: %v", l.Name, l.Examples)
		}
	}
}

func TestAPictureBecomesAnApprovedFile(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	ref := h.ask()
	if h.facts("picture.asked") != 1 {
		t.Error("nobody asked the customer for a picture")
	}
	h.is(ref, studio.AwaitingPicture)
	h.must(h.send(ref, file("cat.png", 2400, 3600)))
	h.is(ref, studio.PictureCheck)
	h.must(h.check(true, ref))
	artist := h.artist(ref)
	h.must(h.upload(ref, artist, file("one.png", 2400, 3600)))
	h.must(h.control(ref, false, h.clara))
	if v := h.is(ref, studio.Art); v.Why != studio.FromControl || v.Artist != artist {
		t.Errorf("it went to %d because of %s, want its artist %d because of art control", v.Artist, v.Why, artist)
	}
	h.must(h.upload(ref, artist, file("two.png", 2400, 3600)))
	h.must(h.control(ref, true, h.clara))
	h.must(h.decide(h.answer(ref, studio.VerdictCorrection)))
	if v := h.is(ref, studio.Art); v.Why != studio.FromCustomer || v.Artist != artist {
		t.Errorf("it went to %d because of %s", v.Artist, v.Why)
	}
	h.must(h.upload(ref, artist, file("three.png", 2400, 3600)))
	h.must(h.control(ref, true, h.clara))
	if n := h.facts("proof.ready"); n != 2 {
		t.Errorf("%d proofs were mailed, want 2", n)
	}
	h.must(h.decide(h.answer(ref, studio.VerdictApproved)))
	v := h.is(ref, studio.Approved)
	released, err := studio.Released(ctx, h.tx, ref)
	h.must(err)
	if len(released) != 1 || released[0].Name != "three.png" || len(v.Released()) != 1 || v.Released()[0].Hash != released[0].Hash {
		t.Errorf("released is %v", released)
	}
	last := v.Decisions[len(v.Decisions)-1]
	if last.Name != "Ann Archer" || last.IP != "192.0.2.7" || len(last.Ticks) != len(studio.Checklist) || last.Files[0].Hash != released[0].Hash {
		t.Errorf("the approval keeps %+v", last)
	}
	if h.facts("artwork.approved") != 1 {
		t.Error("nobody hears that it is approved")
	}
	h.lawful()
}

func TestTheFlowLeavesStepsOut(t *testing.T) {
	for name, c := range map[string]struct {
		flow  studio.Flow
		steps []func(*house, string) error
	}{
		"the picture is printed as it is": {studio.Flow{Name: "As it is", Asks: "Photo"}, []func(*house, string) error{
			func(h *house, ref string) error { return h.send(ref, file("cat.png", 2400, 3600)) }}},
		"only looked at": {studio.Flow{Name: "Looked at", Asks: "Photo", PictureCheck: true}, []func(*house, string) error{
			func(h *house, ref string) error { return h.send(ref, file("cat.png", 2400, 3600)) },
			func(h *house, ref string) error { return h.check(true, ref) }}},
		"drawn from words": {studio.Flow{Name: "Words", Art: true}, []func(*house, string) error{
			func(h *house, ref string) error { return h.upload(ref, h.artist(ref), file("art.png", 2400, 3600)) }}},
		"drawn and looked at": {studio.Flow{Name: "Drawn", Art: true, ArtControl: true}, []func(*house, string) error{
			func(h *house, ref string) error { return h.upload(ref, h.artist(ref), file("art.png", 2400, 3600)) },
			func(h *house, ref string) error { return h.control(ref, true, h.clara) }}},
		"the customer approves his own picture": {studio.Flow{Name: "Own", Asks: "Photo", Approval: true}, []func(*house, string) error{
			func(h *house, ref string) error { return h.send(ref, file("cat.png", 2400, 3600)) },
			func(h *house, ref string) error { return h.decide(h.answer(ref, studio.VerdictRejected)) },
			func(h *house, ref string) error { return h.send(ref, file("dog.png", 2400, 3600)) },
			func(h *house, ref string) error { return h.decide(h.answer(ref, studio.VerdictApproved)) }}},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, pgtest.Tx(t), c.flow)
			ref := h.ask()
			for _, step := range c.steps {
				if v, _ := studio.Released(ctx, h.tx, ref); len(v) > 0 {
					t.Fatal("released too early")
				}
				h.must(step(h, ref))
			}
			v := h.is(ref, studio.Approved)
			if len(v.Released()) != 1 {
				t.Errorf("released is %v", v.Released())
			}
			h.lawful()
		})
	}
}

func TestAFlowThatMakesNoSenseIsRefused(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	for field, f := range map[string]studio.Flow{
		"name":          {Art: true},
		"art":           {Name: "Nothing"},
		"picture_check": {Name: "No picture", Art: true, PictureCheck: true},
		"art_control":   {Name: "No art", Asks: "Photo", ArtControl: true},
		"good_ppi":      {Name: "Backwards", Art: true, LeastPPI: 300, GoodPPI: 150},
		"approval_of":   {Name: "Some", Art: true, ApprovalOf: "some"},
	} {
		_, err := studio.SaveFlow(ctx, h.tx, f, h.Staff)
		h.refused(err, fault.Invalid, field+":")
	}
	_, err := studio.SaveFlow(ctx, h.tx, studio.Flow{Name: "PORTRAITS", Art: true}, h.Staff)
	h.refused(err, fault.Invalid, "There is a flow of that name already.")
}

func TestAPictureNeedsPixelsForItsPrint(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	ref := h.ask() // 200 × 300 mm: 1182 × 1772 pixels are 150 per inch
	h.refused(h.send(ref, file("small.png", 1100, 1700)), fault.Invalid, "Printed at 200 × 300 mm that is 139 per inch, and we need 150")
	h.refused(h.send(ref, file("fine.png", 2400, 3600), file("small.png", 100, 100)), fault.Invalid, "small.png has 100 × 100 pixels")
	h.is(ref, studio.AwaitingPicture)
	h.must(h.send(ref, file("turned.png", 1800, 1200)))
	list, err := studio.Jobs(ctx, h.tx, studio.Queue{Warehouse: h.Warehouse, States: []studio.State{studio.PictureCheck}, Limit: 10})
	h.must(err)
	if len(list) != 1 || list[0].PPI != 152 || list[0].Cropped > 5 {
		t.Errorf("the list shows %+v", list)
	}
	h.refused(h.send(ref, make([]studio.File, 13)...), fault.Invalid, "Up to 12 pictures")
	h.must(studio.Cancel(ctx, h.tx, "O-1023", 0, h.at))
	h.refused(h.send(ref, file("late.png", 2400, 3600)), fault.Conflict, "taken already")
}

func TestARefusedPictureIsReplacedOrInsistedOn(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	ref := h.ask()
	h.must(h.send(ref, file("blurred.png", 2400, 3600)))
	h.must(h.check(false, ref))
	if h.facts("picture.refused") != 1 {
		t.Error("the customer does not hear of it")
	}
	h.must(h.send(ref, file("sharp.png", 2400, 3600)))
	if v := h.is(ref, studio.PictureCheck); len(v.Used()) != 1 || v.Used()[0].Name != "sharp.png" {
		t.Errorf("used are %v", v.Used())
	}
	h.refused(studio.Insist(ctx, h.tx, h.Warehouse, ref, studio.From{At: h.at}), fault.Conflict, "Nothing was refused")
	h.must(h.check(false, ref))
	h.must(studio.Insist(ctx, h.tx, h.Warehouse, ref, studio.From{At: h.at}))
	h.artist(ref)

	stolen := h.ask()
	h.must(h.send(stolen, file("mouse.png", 2400, 3600)))
	h.must(studio.CheckPictures(ctx, h.tx, h.Warehouse, studio.PictureVerdict{Refs: []string{stolen}, Reason: "somebody else's rights", By: h.ivo, At: h.at}))
	h.refused(studio.Insist(ctx, h.tx, h.Warehouse, stolen, studio.From{At: h.at}), fault.Conflict, "cannot use this picture")
	h.refused(studio.CheckPictures(ctx, h.tx, h.Warehouse, studio.PictureVerdict{Refs: []string{stolen}, By: h.ivo, At: h.at}), fault.Invalid, "reason:")
}

func TestManyPicturesAreCheckedAtOnceOrNone(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	var refs []string
	for range 7 {
		ref := h.ask()
		h.must(h.send(ref, file("cat.png", 2400, 3600)))
		refs = append(refs, ref)
	}
	h.must(h.check(true, refs[6]))
	h.refused(h.check(true, refs...), fault.Conflict, "O-1029.1 was checked meanwhile: it is art now")
	h.is(refs[0], studio.PictureCheck)
	h.must(h.check(true, refs[:6]...))
	h.refused(h.check(true, "O-1.1"), fault.NotFound, "no artwork")
}

func TestWorkGoesToWhoHasRoom(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	h.must(studio.SaveSettings(ctx, h.tx, studio.Settings{MostOpen: 2, RemindHours: 48, Reminders: 2, LinkDays: 30}, h.Staff, h.at))
	given := map[staff.ID]int{}
	var refs []string
	for range 5 {
		ref := h.ask()
		h.must(h.send(ref, file("cat.png", 2400, 3600)))
		h.must(h.check(true, ref))
		given[h.artist(ref)]++
		refs = append(refs, ref)
	}
	if given[h.anna] != 2 || given[h.ben] != 2 || given[0] != 1 {
		t.Errorf("given out are %v, want two each and one waiting", given)
	}
	first, artist := refs[0], h.artist(refs[0])
	other := h.anna + h.ben - artist
	h.refused(h.upload(first, other, file("stolen.png", 2400, 3600)), fault.Conflict, "with another artist")
	h.must(h.upload(first, artist, file("done.png", 2400, 3600)))
	if got := h.artist(refs[4]); got != artist {
		t.Errorf("the waiting job went to %d, want %d who has room now", got, artist)
	}
	// What comes back goes to its artist, however much he has.
	h.must(h.control(first, false, h.clara))
	if got := h.artist(first); got != artist {
		t.Errorf("sent back to %d, want %d", got, artist)
	}
	// Who goes away gives new work to others, as far as they have room.
	four := 4
	h.must(studio.SetArtist(ctx, h.tx, h.Warehouse, other, &four, false, h.Staff, h.at))
	h.must(studio.SetArtist(ctx, h.tx, h.Warehouse, artist, nil, true, h.Staff, h.at))
	_, with, err := studio.Counts(ctx, h.tx, h.Warehouse, other)
	h.must(err)
	if with[studio.New].Jobs != 4 {
		t.Errorf("the other has %d new jobs, want 4", with[studio.New].Jobs)
	}
	if got := h.artist(first); got != artist {
		t.Errorf("a correction left its artist for %d", got)
	}
	h.must(studio.Reassign(ctx, h.tx, h.Warehouse, first, other, h.Staff, h.at))
	if got := h.artist(first); got != other {
		t.Errorf("reassigned to %d", got)
	}
	h.refused(studio.Reassign(ctx, h.tx, h.Warehouse, first, h.clara, h.Staff, h.at), fault.Invalid, "Choose one of the artists")
	h.lawful()
}

func TestNobodyControlsHisOwnArt(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	ref, artist := h.toArtist()
	h.must(h.upload(ref, artist, file("one.png", 2400, 3600)))
	h.refused(h.control(ref, true, artist), fault.Conflict, "You made O-1023.1 yourself")
	h.refused(studio.Control(ctx, h.tx, h.Warehouse, studio.ControlVerdict{Ref: ref, Seen: []files.Hash{file("old.png", 1, 1).Hash}, Good: true, By: h.clara, At: h.at}),
		fault.Conflict, "was replaced while you looked at it")
	h.refused(studio.Control(ctx, h.tx, h.Warehouse, studio.ControlVerdict{Ref: ref, By: h.clara, At: h.at}), fault.Invalid, "Tell the artist")
}

func TestAnApprovalIsOfWhatWasSeen(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	ref, artist := h.toCustomer()
	old := h.answer(ref, studio.VerdictApproved)
	h.must(studio.CallBack(ctx, h.tx, h.Warehouse, ref, "The frame is wrong.", h.clara, h.at))
	h.refused(h.decide(old), fault.Conflict, "We are working on this again")
	h.must(h.upload(ref, artist, file("better.png", 2400, 3600)))
	h.must(h.control(ref, true, h.clara))
	h.refused(h.decide(old), fault.Conflict, "was replaced while you looked at it")
	h.must(h.decide(h.answer(ref, studio.VerdictApproved)))
	h.refused(h.decide(old), fault.Conflict, "approved already")
	h.refused(h.upload(ref, artist, file("sneaked.png", 2400, 3600)), fault.Conflict, "takes no artwork now")
	h.lawful()
}

func TestAnApprovalNeedsNameAndTicks(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	ref, _ := h.toCustomer()
	for words, change := range map[string]func(*studio.Answer){
		"name: Type the name":        func(a *studio.Answer) { a.Name = "" },
		"ticks: Look at each point":  func(a *studio.Answer) { a.Ticks = studio.Checklist[1:] },
		"verdict: Choose":            func(a *studio.Answer) { a.Verdict = "" },
		"words: Say what should be":  func(a *studio.Answer) { a.Verdict = studio.VerdictCorrection },
		"pins: Write a few words":    func(a *studio.Answer) { a.Pins = []studio.Pin{{Proof: 1, X: 500, Y: 1001, Words: "here"}} },
		"chosen: There is no such":   func(a *studio.Answer) { a.Chosen = []int{2} },
		"how: Say how":               func(a *studio.Answer) { a.By, a.Words = h.Staff, "said yes" },
		"words: Write down what the": func(a *studio.Answer) { a.By, a.How = h.Staff, "phone" },
	} {
		a := h.answer(ref, studio.VerdictApproved)
		change(&a)
		h.refused(h.decide(a), fault.Invalid, words)
	}
	h.is(ref, studio.Approval)
	a := h.answer(ref, studio.VerdictApproved)
	a.By, a.How, a.Words, a.Ticks = h.Staff, "phone", "She called at ten and said it is lovely.", nil
	h.must(h.decide(a))
	v := h.is(ref, studio.Approved)
	if d := v.Decisions[len(v.Decisions)-1]; d.ByName != "Ada" || d.How != "phone" || d.Words == "" {
		t.Errorf("recorded is %+v", d)
	}
}

func TestSeveralProofs(t *testing.T) {
	a, b := file("a.png", 2400, 3600), file("b.png", 2400, 3600)
	for of, cases := range map[studio.ApprovalOf][]struct {
		chosen   []int
		released string // "" = refused
	}{
		studio.OneOf: {{nil, ""}, {[]int{1, 2}, ""}, {[]int{2}, "b.png"}},
		studio.AnyOf: {{nil, ""}, {[]int{2}, "b.png"}, {[]int{1, 2}, "a.png b.png"}},
		studio.AllOf: {{[]int{1}, ""}, {nil, "a.png b.png"}},
	} {
		for _, c := range cases {
			t.Run(fmt.Sprint(of, c.chosen), func(t *testing.T) {
				f := everything
				f.ApprovalOf = of
				h := open(t, pgtest.Tx(t), f)
				ref, _ := h.toCustomer(a, b)
				answer := h.answer(ref, studio.VerdictApproved)
				answer.Chosen = c.chosen
				err := h.decide(answer)
				if c.released == "" {
					h.refused(err, fault.Invalid, "chosen:")
					return
				}
				h.must(err)
				var names []string
				for _, v := range h.is(ref, studio.Approved).Released() {
					names = append(names, v.Name)
				}
				if got := strings.Join(names, " "); got != c.released {
					t.Errorf("released is %s, want %s", got, c.released)
				}
				h.lawful()
			})
		}
	}
}

func TestLinksToProofs(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	ref, artist := h.toCustomer()
	link := func() string {
		token, err := studio.NewLink(ctx, h.tx, h.is(ref, studio.Approval).Job)
		h.must(err)
		return token
	}
	state := func(token string) studio.LinkState {
		j, s, err := studio.ByLink(ctx, h.tx, token)
		h.must(err)
		if j.Ref != ref {
			t.Errorf("the link leads to %s", j.Ref)
		}
		return s
	}
	first, second := link(), link()
	if first == second || state(first) != studio.LinkGood || state(second) != studio.LinkGood {
		t.Error("each letter has a link of its own, and both are good")
	}
	if _, _, err := studio.ByLink(ctx, h.tx, first[1:]); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a guessed link: %v", err)
	}
	if _, err := h.tx.Exec(`update proof_links set expires_at = now() - interval '1 minute' where expires_at > now()`); err != nil {
		t.Fatal(err)
	}
	if s := state(first); s != studio.LinkExpired {
		t.Errorf("it is %s", s)
	}
	before := h.facts("proof.reminded")
	h.at = h.at.Add(time.Hour)
	h.must(studio.FreshLink(ctx, h.tx, first, h.at))
	h.must(studio.FreshLink(ctx, h.tx, first, h.at.Add(time.Minute)))
	if n := h.facts("proof.reminded") - before; n != 1 {
		t.Errorf("%d letters for two presses, want 1", n)
	}
	good := link()
	h.must(studio.CallBack(ctx, h.tx, h.Warehouse, ref, "Wrong frame.", h.clara, h.at))
	if s := state(good); s != studio.LinkReplaced {
		t.Errorf("it is %s", s)
	}
	h.refused(studio.FreshLink(ctx, h.tx, good, h.at), fault.Conflict, "working on this again")
	h.must(h.upload(ref, artist, file("new.png", 2400, 3600)))
	h.must(h.control(ref, true, h.clara))
	if s := state(good); s != studio.LinkReplaced {
		t.Errorf("an old link is %s after a new proof", s)
	}
	h.must(h.decide(h.answer(ref, studio.VerdictApproved)))
	if s := state(good); s != studio.LinkDecided {
		t.Errorf("it is %s", s)
	}
}

func TestCustomersAreRemindedThenCalled(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	waits, _ := h.toCustomer()
	decided, _ := h.toCustomer()
	remind := func(after time.Duration) int {
		h.at = h.at.Add(after)
		n, err := studio.Remind(ctx, h.tx, h.at)
		h.must(err)
		return n
	}
	if n := remind(47 * time.Hour); n != 0 {
		t.Errorf("%d reminded too early", n)
	}
	if n := remind(2 * time.Hour); n != 2 {
		t.Errorf("%d reminded, want 2", n)
	}
	if n := remind(0); n != 0 {
		t.Errorf("%d reminded twice", n)
	}
	h.must(h.decide(h.answer(decided, studio.VerdictApproved)))
	if n := remind(49 * time.Hour); n != 1 {
		t.Errorf("%d reminded after one decided", n)
	}
	remind(49 * time.Hour)
	if !h.is(waits, studio.Approval).Overdue || h.facts("proof.overdue") != 1 || h.facts("proof.reminded") != 3 {
		t.Errorf("overdue %d, reminded %d", h.facts("proof.overdue"), h.facts("proof.reminded"))
	}
	if n := remind(100 * time.Hour); n != 0 {
		t.Errorf("%d after it was given up", n)
	}
}

func TestWorkOfSomebodyWhoLeftGoesToOthers(t *testing.T) {
	h := open(t, pgtest.Tx(t), everything)
	ref, artist := h.toArtist()
	if _, err := h.tx.Exec(`update staff set active = false where id = $1`, artist); err != nil {
		t.Fatal(err)
	}
	h.must(studio.HandOut(ctx, h.tx, h.at))
	if got := h.artist(ref); got == artist || got == 0 {
		t.Errorf("it is with %d, who left", got)
	}
	h.lawful()
}
