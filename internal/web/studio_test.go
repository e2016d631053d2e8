package web_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// atelier is a shop that draws hats: people for each step, and an order that waits for its picture.
type atelier struct {
	*shop
	iris, anna, arthur, sara *webtest.Client
	ann                      *webtest.Client // the customer
	number                   orders.Number
	journey                  string
}

func openAtelier(t *testing.T) *atelier {
	t.Helper()
	a := &atelier{shop: openShop(t)}
	a.iris = a.As(t, a.Member(t, "Iris Images", staff.ImageProcessor))
	a.anna = a.As(t, a.Member(t, "Anna Artist", staff.Artist))
	a.arthur = a.As(t, a.Member(t, "Arthur Control", staff.ArtControl))
	a.sara = a.As(t, a.Member(t, "Sara Support", staff.ClientSupport))
	a.ann = a.Visitor(t)
	if f := a.clerk.Post("/setup/flows", "name", "Hats", "asks", "Uploaded Images", "picture_check", "on", "art", "on", "art_control", "on", "approval", "on",
		"approval_of", "one", "least_ppi", "150", "good_ppi", "300"); f.Status != http.StatusSeeOther {
		t.Fatalf("the flow: %d %s", f.Status, text(f.Body))
	} else if f := a.clerk.Post(f.To()+"/items", "sku", "HAT-RED", "width", "50", "height", "50"); f.Status != http.StatusSeeOther {
		t.Fatalf("the item: %d %s", f.Status, text(f.Body))
	}
	a.number, a.journey = a.order(t)
	return a
}

// order places an order of one hat.
func (a *atelier) order(t *testing.T) (n orders.Number, journey string) {
	t.Helper()
	placed := a.clerk.Post("/orders", typed("lines.0.sku", "HAT-RED", "lines.0.quantity", "1")...)
	n, err := orders.ParseNumber(strings.TrimPrefix(placed.To(), "/orders/"))
	if err != nil {
		t.Fatalf("the order: %d %s", placed.Status, text(placed.Body))
	}
	if err := a.DB.QueryRow(`select journey_token from orders where number = $1`, n).Scan(&journey); err != nil {
		t.Fatal(err)
	}
	return n, "/journey/" + journey
}

// drawing is a picture of one colour.
func drawing(t *testing.T, shade uint8, side int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(1, 1, color.Gray{Y: 255 - shade})
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (a *atelier) job() string  { return "/studio/jobs/" + a.number.Line(1) }
func (a *atelier) page() string { return a.journey + "/artwork/1" }

// shows checks what a page says.
func shows(t *testing.T, page webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text(page.Body), w) {
			t.Errorf("%d: %q is missing in: %s", page.Status, w, text(page.Body))
		}
	}
}

// goes checks that a form was obeyed.
func goes(t *testing.T, page webtest.Answer) {
	t.Helper()
	if page.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", page.Status, text(page.Body))
	}
}

var seenHash = regexp.MustCompile(`name="seen" value="([0-9a-f]{64})"`)

// shownFiles is the files that a page shows, as its form sends them.
func shownFiles(page webtest.Answer) (fields []string) {
	for _, m := range seenHash.FindAllStringSubmatch(page.Body, -1) {
		fields = append(fields, "+seen", m[1])
	}
	return fields
}

// approval is what a customer sends who looked at everything.
func approval(page webtest.Answer) []string {
	fields := append(shownFiles(page), "verdict", "approved", "name", "Ann Archer")
	for _, tick := range studio.Checklist {
		fields = append(fields, "+ticks", tick)
	}
	return fields
}

// toCustomer brings the order's artwork to its customer.
func (a *atelier) toCustomer(t *testing.T) {
	t.Helper()
	goes(t, a.ann.Upload(a.page()+"/pictures", "pictures", drawing(t, 10, 600)))
	goes(t, a.iris.Post("/studio/pictures", "refs", a.number.Line(1), "verdict", "good"))
	goes(t, a.anna.Upload(a.job()+"/artwork", "files", drawing(t, 20, 600)))
	goes(t, a.arthur.Post(a.job()+"/control", append(shownFiles(a.arthur.Get(a.job())), "verdict", "good")...))
}

// TestAPictureBecomesAnApprovedProof is the workshop through its pages, from the customer's picture to the green light.
func TestAPictureBecomesAnApprovedProof(t *testing.T) {
	a := openAtelier(t)
	ref := a.number.Line(1)
	shows(t, a.ann.Get(a.journey), "Send your picture", "Sara Support", "Virtual proof", "We need a picture from you for Red hat, one size.")
	small := a.ann.Upload(a.page()+"/pictures", "pictures", drawing(t, 10, 100))
	if small.Status != http.StatusUnprocessableEntity {
		t.Errorf("a small picture: %d", small.Status)
	}
	shows(t, small, "that is 50 per inch, and we need 150")
	goes(t, a.ann.Upload(a.page()+"/pictures", "pictures", drawing(t, 10, 600)))
	shows(t, a.ann.Get(a.page()), "Thank you. We are looking at your picture.")

	shows(t, a.iris.Get("/studio/pictures"), ref, "picture check")
	shows(t, a.iris.Post("/studio/pictures", "refs", ref, "verdict", "bad"), "Say what is wrong with the picture.")
	goes(t, a.iris.Post("/studio/pictures", "refs", ref, "verdict", "bad", "reason", "blurred", "words", "Please sharper."))
	shows(t, a.ann.Get(a.page()), "Blurred.", "Please sharper.", "I want it as it is")
	shows(t, a.ann.Post(a.page()+"/insist"), "Tick that you want it as it is")
	goes(t, a.ann.Post(a.page()+"/insist", "sure", "on"))

	shows(t, a.anna.Get("/studio/art"), ref, "New work, oldest just now")
	picture := drawing(t, 10, 600)
	sum := sha256.Sum256(picture)
	file := a.anna.Get(a.job() + "/files/" + hex.EncodeToString(sum[:]))
	if !bytes.Equal([]byte(file.Body), picture) || file.Header.Get("Content-Type") != "application/octet-stream" ||
		!strings.Contains(file.Header.Get("Content-Disposition"), fmt.Sprintf("%d - Red hat, one size - 1 - Uploaded Images.png", a.number)) {
		t.Errorf("the download: %v", file.Header)
	}
	goes(t, a.anna.Upload(a.job()+"/artwork", "files", drawing(t, 20, 600)))

	control := a.arthur.Get(a.job())
	shows(t, a.arthur.Post(a.job()+"/control", append(shownFiles(control), "verdict", "bad")...), "Tell the artist what to change.")
	back := a.arthur.Post(a.job()+"/control", append(shownFiles(control), "verdict", "bad", "words", "The brim.")...)
	if goes(t, back); back.To() != "/studio/control" {
		t.Errorf("when nothing else waits, art control is led to %s", back.To())
	}
	shows(t, a.anna.Get("/studio/art?tab=control"), ref, "The brim.", "Rejected by art control, oldest just now")
	goes(t, a.anna.Upload(a.job()+"/artwork", "files", drawing(t, 30, 600)))
	goes(t, a.arthur.Post(a.job()+"/control", append(shownFiles(a.arthur.Get(a.job())), "verdict", "good")...))

	shows(t, a.ann.Get(a.journey), "Look at your proof")
	proof := a.ann.Get(a.page())
	shows(t, proof, "Your proof is ready. Nothing is made before you approve.")
	goes(t, a.ann.Post(a.page(), append(shownFiles(proof), "verdict", "correction", "name", "Ann", "pins.0.proof", "1", "pins.0.x", "250", "pins.0.y", "700", "pins.0.words", "A feather here")...))
	shows(t, a.anna.Get("/studio/art?tab=customer"), ref, "1. A feather here")
	shows(t, a.anna.Get(a.job()), "A feather here", "25 % from the left, 70 % from the top")
	goes(t, a.anna.Upload(a.job()+"/artwork", "files", drawing(t, 40, 600)))
	goes(t, a.arthur.Post(a.job()+"/control", append(shownFiles(a.arthur.Get(a.job())), "verdict", "good")...))

	stale := a.ann.Post(a.page(), approval(proof)...)
	if stale.Status != http.StatusConflict {
		t.Errorf("an approval of the old proof: %d", stale.Status)
	}
	shows(t, stale, "was replaced while you looked at it")
	goes(t, a.ann.Post(a.page(), approval(a.ann.Get(a.page()))...))
	shows(t, a.ann.Get(a.page()), "This is approved. We make exactly this, and nothing else.", hashOf(drawing(t, 40, 600)))
	paper := a.ann.Get(a.page() + "/certificate.pdf")
	if paper.Status != http.StatusOK || !strings.HasPrefix(paper.Body, "%PDF") {
		t.Errorf("the certificate: %d", paper.Status)
	}
	shows(t, a.ann.Get(a.journey), "Everything is approved. We begin when your payment of")
	s := a.shop
	s.write(t, func(tx *sql.Tx) error {
		v, err := orders.Read(t.Context(), tx, a.number)
		if err == nil && v.Stage != orders.PendingPayment {
			t.Errorf("the order is %s", v.Stage)
		}
		return err
	})
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// scanners are programs that look at every link of a letter before its reader does.
var scanners = []string{"Mozilla/5.0 (compatible; SafeLinks)", "Barracuda Sentinel", "Proofpoint URL Defense", "Mimecast", "Googlebot/2.1", "Slackbot-LinkExpanding 1.0",
	"facebookexternalhit/1.1", "Outlook-iOS preview", "ZScaler", "curl/8"}

// TestScannersOfLinksDecideNothing opens and submits what a mail scanner would: the state stays as it is.
func TestScannersOfLinksDecideNothing(t *testing.T) {
	a := openAtelier(t)
	a.toCustomer(t)
	var token string
	a.write(t, func(tx *sql.Tx) error {
		j, err := studio.Get(t.Context(), tx, inventory.WarehouseID(a.Warehouse), a.number.Line(1))
		if err != nil {
			return err
		}
		token, err = studio.NewLink(t.Context(), tx, j)
		return err
	})
	state := func() string {
		return fmt.Sprint(a.count(t, `select count(*) from art_decisions`), a.count(t, `select count(*) from art_events`), a.count(t, `select count(*) from proof_links`))
	}
	before := state()
	for _, path := range []string{"/proof/" + token, a.page(), a.journey} {
		for _, agent := range scanners {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPost} {
				var body *strings.Reader = strings.NewReader("")
				if method == http.MethodPost { // a script that presses every button with what the page holds
					body = strings.NewReader(strings.Join([]string{"verdict=approved", "seen=" + hashOf(drawing(t, 20, 600))}, "&"))
				}
				r, err := http.NewRequestWithContext(t.Context(), method, a.URL+path, body)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("User-Agent", agent)
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				answer, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				_ = answer.Body.Close()
			}
		}
	}
	if after := state(); after != before {
		t.Errorf("decisions, events and links were %s, are %s", before, after)
	}
	page := a.ann.Get("/proof/" + token)
	shows(t, page, "Your proof is ready.")
	goes(t, a.ann.Post("/proof/"+token, approval(page)...))
	shows(t, a.ann.Get("/proof/"+token), "This is approved.")
	again := a.ann.Post("/proof/"+token, approval(page)...)
	if again.Status != http.StatusConflict {
		t.Errorf("approving twice: %d", again.Status)
	}
	for _, guess := range []string{token[1:], strings.ToLower(token), strings.Repeat("A", 26), "x", "%00"} {
		if got := a.ann.Get("/proof/" + guess); got.Status != http.StatusNotFound || strings.Contains(got.Body, "Red hat") {
			t.Errorf("guessed %q: %d", guess, got.Status)
		}
	}
}

func TestAnExpiredLinkOffersAFreshOne(t *testing.T) {
	a := openAtelier(t)
	a.toCustomer(t)
	var token string
	a.write(t, func(tx *sql.Tx) error {
		j, err := studio.Get(t.Context(), tx, inventory.WarehouseID(a.Warehouse), a.number.Line(1))
		if err != nil {
			return err
		}
		if token, err = studio.NewLink(t.Context(), tx, j); err != nil {
			return err
		}
		if _, err := tx.Exec(`update art_jobs set since = since - interval '1 day'`); err != nil {
			return err
		}
		_, err = tx.Exec(`update proof_links set expires_at = now() - interval '1 second'`)
		return err
	})
	page := a.ann.Get("/proof/" + token)
	shows(t, page, "This link has expired", "Send me a fresh link")
	if strings.Contains(page.Body, "/proofs/1") || a.ann.Get("/proof/"+token+"/proofs/1").Status != http.StatusNotFound {
		t.Error("an expired link still shows the proof")
	}
	shows(t, a.ann.Post("/proof/"+token, approval(a.ann.Get(a.page()))...), "This link has expired. Press")
	goes(t, a.ann.Post("/proof/"+token+"/again"))
}

func TestManyFilesAreUploadedAtOnce(t *testing.T) {
	a := openAtelier(t)
	numbers := []orders.Number{a.number}
	for range 2 {
		n, _ := a.order(t)
		numbers = append(numbers, n)
	}
	var refs []string
	for i, n := range numbers {
		goes(t, a.sara.Upload("/studio/jobs/"+n.Line(1)+"/pictures", "pictures", drawing(t, uint8(50+i), 600)))
		refs = append(refs, "+refs", n.Line(1))
	}
	goes(t, a.iris.Post("/studio/pictures", append(refs, "verdict", "good")...))
	exact := fmt.Sprintf("%d - Red hat, one size - 1 - Uploaded Images.png", numbers[0])
	goes(t, a.anna.UploadNamed("/studio/uploads", "files", exact, drawing(t, 60, 600)))
	goes(t, a.anna.UploadNamed("/studio/uploads", "files", fmt.Sprintf("%d artwork.png", numbers[1]), drawing(t, 61, 600)))
	goes(t, a.anna.UploadNamed("/studio/uploads", "files", "holiday.png", drawing(t, 62, 600)))
	goes(t, a.anna.UploadNamed("/studio/uploads", "files", "evil.png", []byte("<svg onload=alert(1)>")))
	small := fmt.Sprintf("%d - Red hat, one size - 1 - Uploaded Images.png", numbers[2])
	goes(t, a.anna.UploadNamed("/studio/uploads", "files", small, drawing(t, 63, 100)))
	page := a.anna.Get("/studio/uploads")
	shows(t, page, exact, "matched", "guessed: look", "unknown", "refused", "This is not a picture", "Store 2 files", "too small", "has 50 pixels per inch")
	if a.count(t, `select count(*) from art_versions`) != 0 {
		t.Error("something was stored before anybody looked")
	}
	batch := a.count(t, `select max(id) from art_batches`)
	store := fmt.Sprintf("/studio/uploads/%d/store", batch)
	if stranger := a.arthur.Post(store, "lines.0.number", "1", "lines.0.ref", numbers[0].Line(1)); stranger.Status != http.StatusForbidden {
		t.Errorf("somebody who is no artist: %d", stranger.Status)
	}
	nothing := a.anna.Post(store, "lines.0.number", "3", "lines.0.ref", "")
	shows(t, nothing, "No file is matched with a line.")
	forced := a.anna.Post(store, "lines.0.number", "1", "lines.0.ref", numbers[0].Line(1), "lines.1.number", "5", "lines.1.ref", numbers[2].Line(1))
	shows(t, forced, "has 50 pixels per inch", "Leave it out, or send a larger one.")
	goes(t, a.anna.Post(store, "lines.0.number", "1", "lines.0.ref", numbers[0].Line(1), "lines.1.number", "2", "lines.1.ref", numbers[1].Line(1),
		"lines.2.number", "3", "lines.2.ref", numbers[2].Line(1)))
	if n := a.count(t, `select count(*) from art_jobs where state = 'art control'`); n != 3 {
		t.Errorf("%d jobs went on, want 3", n)
	}
}

func TestWhatAPhoneCallDecidedIsRecorded(t *testing.T) {
	a := openAtelier(t)
	a.toCustomer(t)
	page := a.sara.Get(a.job())
	bare := a.sara.Post(a.job()+"/answer", append(shownFiles(page), "verdict", "approved", "name", "Ann")...)
	shows(t, bare, "Say how the customer told us.", "Write down what the customer said")
	goes(t, a.sara.Upload(a.job()+"/answer", "evidence", drawing(t, 90, 300), append(shownFiles(page), "verdict", "approved", "name", "Ann", "how", "phone", "words", "She said: lovely, go on.")...))
	shows(t, a.sara.Get(a.job()), "Ann, by phone, recorded by Sara Support", "She said: lovely, go on.", "The message")
	if forbidden := a.anna.Post(a.job()+"/answer", "verdict", "approved"); forbidden.Status != http.StatusForbidden {
		t.Errorf("an artist records an answer: %d", forbidden.Status)
	}
}

// TestHostileArtworkIsRefused sends what is no picture, or more than one.
func TestHostileArtworkIsRefused(t *testing.T) {
	a := openAtelier(t)
	good := drawing(t, 10, 600)
	for name, data := range map[string][]byte{
		"an SVG": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "a page": []byte("<!doctype html><script>alert(1)</script>"),
		"nothing": {}, "an end": append(bytes.Clone(good), "<html><script>alert(1)</script>"...), "half": good[:len(good)/3],
		"a bomb": bomb(t),
	} {
		began := time.Now()
		answer := a.ann.UploadNamed(a.page()+"/pictures", "pictures", "../../"+name+"\u202egnp.exe", data)
		if answer.Status != http.StatusUnprocessableEntity || !strings.Contains(text(answer.Body), "Nothing was stored") {
			t.Errorf("%s: %d %s", name, answer.Status, text(answer.Body))
		}
		if strings.Contains(answer.Body, "\u202e") {
			t.Errorf("%s: its name turns the writing of the page", name)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s was refused after %s", name, took)
		}
	}
	if n := a.count(t, `select count(*) from art_pictures`); n != 0 {
		t.Errorf("%d pictures were stored", n)
	}
}

// bomb is a PNG of a few kilobytes that decodes to 10,000 × 10,000 pixels.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, image.NewPaletted(image.Rect(0, 0, 10_000, 10_000), color.Palette{color.Black, color.White})); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestEnterDecidesNothing: whoever presses Enter in a field, or wrote what should be different, has not approved.
func TestEnterDecidesNothing(t *testing.T) {
	a := openAtelier(t)
	a.toCustomer(t)
	page := a.ann.Get(a.page())
	if first := strings.Index(page.Body, "<button"); !strings.HasPrefix(page.Body[first:], `<button class="unseen"`) {
		t.Error("Enter presses a button that decides")
	}
	enter := approval(page)
	for i := range enter {
		if enter[i] == "verdict" {
			enter[i+1] = ""
		}
	}
	shows(t, a.ann.Post(a.page(), enter...), "Choose: approve it, have it corrected, or reject it.")
	pinned := append(approval(page), "pins.0.proof", "1", "pins.0.x", "500", "pins.0.y", "250", "pins.0.words", "Her eyes, please")
	refused := a.ann.Post(a.page(), pinned...)
	shows(t, refused, "You wrote what should be different.")
	for _, kept := range []string{`name="pins.0.words" value="Her eyes, please"`, `name="pins.0.x" value="500"`, `<svg x="50.0%" y="25.0%"`} {
		if !strings.Contains(refused.Body, kept) {
			t.Errorf("%s is lost", kept)
		}
	}
	if n := a.count(t, `select count(*) from art_jobs where state = 'approval'`); n != 1 {
		t.Error("it was decided all the same")
	}
	iris := a.iris.Get("/studio/pictures")
	if strings.Contains(iris.Body, "<form") && strings.Contains(iris.Body, "data-pictures") && !strings.Contains(iris.Body, `name="verdict" value="bad">Refuse`) {
		t.Error("Enter approves pictures")
	}
}
