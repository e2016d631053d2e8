package web_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/files"
	"tote/internal/mail"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/packing"
	"tote/packing/packtest"
	"tote/picking/picktest"
	"tote/shipping"
)

// quay is a warehouse with packed parcels at its doors.
type quay struct {
	*webtest.Site
	mug     inventory.ItemID
	sku     string
	parcels map[string]parcelOf // by order
}

type parcelOf struct {
	sscc, number string
	shipment     shipping.ID
}

func openQuay(t *testing.T) *quay {
	t.Helper()
	q := &quay{Site: webtest.Open(t, func(d *web.Deps) { d.Inbox, d.Files = true, files.In(t.TempDir()) }), parcels: map[string]parcelOf{}}
	q.tx(t, func(ctx context.Context, tx *sql.Tx) error {
		b := packtest.New(t, tx)
		q.Warehouse = int64(b.Warehouse)
		b.Place(inventory.Location{Kind: inventory.Dock, Code: "D-2"})
		q.mug = b.Item("MUG")
		if err := tx.QueryRow(`select sku from items where id = $1`, q.mug).Scan(&q.sku); err != nil {
			return err
		}
		b.Stock(q.mug, b.Bins[0], 50)
		for i, carrier := range []string{"own", "own", "manual"} {
			ref := fmt.Sprintf("O-%d", 1001+i)
			b.Pick(ref, fmt.Sprintf("T-%d", i+1), picktest.Of(2, q.mug))
			if err := shipping.PlanShipment(ctx, tx, shipping.Plan{Ref: ref, Warehouse: b.Warehouse, Recipient: "Anna Berg", Company: "Bergwerk GmbH", Street: "Lindenstr. 5",
				City: "Kiel", Postcode: "24103", Country: "DE", Carrier: carrier, Service: "standard", At: sitetest.Noon}); err != nil {
				return err
			}
			id := b.PackAll(ref)
			booked, err := shipping.Book(ctx, tx, id, sitetest.Noon)
			if err != nil {
				return err
			}
			c, err := packing.CartonByID(ctx, tx, id)
			if err != nil {
				return err
			}
			q.parcels[ref] = parcelOf{c.SSCC, booked.PackageNumber, booked.Shipment}
		}
		return nil
	})
	return q
}

func (q *quay) tx(t *testing.T, fn func(ctx context.Context, tx *sql.Tx) error) {
	t.Helper()
	if err := pg.InTx(t.Context(), q.DB, func(tx *sql.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// seen checks and pictures the page at both sizes.
func seen(t *testing.T, b *webtest.Browser, name string) {
	t.Helper()
	if wide := webtest.Eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("%s is %d pixels wide", name, wide)
	}
	b.Accessible()
	b.Shot(name + "-360")
	b.Size(1280, 800)
	b.Shot(name + "-1280")
	b.Size(360, 640)
}

// TestOnlyTheOwnFleetIsDriven: tiles, tours and the list at the doorstep leave out what another carrier brings.
func TestOnlyTheOwnFleetIsDriven(t *testing.T) {
	q := openQuay(t)
	driver := q.Member(t, "Dora Driver", staff.Driver)
	q.gone(t, driver)
	other := q.parcels["O-1003"]
	if _, err := q.DB.Exec(`update shipments set state = 'dispatched', numbered_at = booked_at, tracking_number = 'PRT00712345', dispatched_at = booked_at, expected_on = booked_at where id = $1`, other.shipment); err != nil {
		t.Fatal(err)
	}
	tile := func(who *webtest.Client, href string) string {
		t.Helper()
		_, after, _ := strings.Cut(who.Get("/menu").Body, `class="tile" href="`+href+`"`)
		inside, _, _ := strings.Cut(after, "</a>")
		return words("<" + inside)
	}
	sam := q.As(t, q.Member(t, "Sam Shipper", staff.Shipper))
	if got := tile(q.As(t, driver), "/tour"); !strings.Contains(got, "2 Tour") {
		t.Errorf("the tile says %q, want two stops", got)
	}
	if got := tile(sam, "/deliveries"); !strings.Contains(got, "2 Deliver") {
		t.Errorf("the tile says %q, want two parcels", got)
	}
	if page := words(sam.Get("/deliveries").Body); !strings.Contains(page, "2 parcels on the road") || strings.Contains(page, other.number) {
		t.Errorf("the doorstep lists %.900s", page)
	}
}

// TestAHandLoadsATruckAndDelivers by scans alone, in a real browser.
func TestAHandLoadsATruckAndDelivers(t *testing.T) {
	q := openQuay(t)
	b := q.Browser(t)
	b.SignIn(q.Member(t, "Sam Shipper", staff.Shipper), "")
	b.Go("/loading")
	b.Sees(".job", "Scan the dock")
	seen(t, b, "loading-start")
	b.Scan("A-01-1-A")
	b.Sees(".last", "Scan the dock where the truck stands")
	b.Scan("B-D-1")
	b.Sees(".job", "Scan a parcel")
	first, second, manual := q.parcels["O-1001"], q.parcels["O-1002"], q.parcels["O-1003"]
	b.Scan("]C100" + first.sscc)
	b.Sees(".last", "O-1001, "+first.number+", is on.")
	seen(t, b, "loading-right")
	b.Scan(manual.sscc)
	b.Sees(".last", "goes with Other carrier")
	seen(t, b, "loading-wrong")
	b.Scan(second.number)
	b.Sees(".last", "O-1002")
	b.Scan("X-UNDO")
	b.Sees(".last", "is off again")
	b.Sees("main", second.number+" at D-1") // taken off, it stands on the dock
	b.Scan("X-OK")
	b.Sees(".last", "1 parcel for this truck still stands here.")
	seen(t, b, "loading-without")
	b.Click(`form:has(input[value="dispatch-rest"]) button`)
	b.Sees(".last", "Own fleet has left with 1 parcel of 1 shipment")
	b.At("/loading")
	b.Sees("main", "M-1")

	b.Go("/deliveries")
	b.Sees(".job", "Scan the label of the parcel")
	b.Sees("main", "On the road")
	b.Sees("main", first.number)
	b.Scan(first.number)
	b.Sees(".last", "O-1001 is delivered completely")
	seen(t, b, "deliveries")
	b.Go(fmt.Sprintf("/shipments/%d", first.shipment))
	b.Sees("main", "Delivered on")
	seen(t, b, "shipment-delivered")
	b.Go("/shipments")
	b.Sees("main", "needs its number")
	seen(t, b, "shipments")
	b.Go(fmt.Sprintf("/shipments/%d", manual.shipment))
	b.Sees("main", "cannot leave before its carrier’s number is entered")
	seen(t, b, "shipment-number")
}

// TestAReturnIsCountedAndJudged from the office's form to the verdict, in a real browser.
func TestAReturnIsCountedAndJudged(t *testing.T) {
	q := openQuay(t)
	q.send(t, "O-1001")
	b := q.Browser(t)
	b.SignIn(q.Member(t, "Ada Obi", staff.Admin), "")
	b.Go("/returns")
	seen(t, b, "returns-empty")
	b.Go("/returns/new?order=O-1001")
	b.Sees("main", "2 sent")
	seen(t, b, "returns-new")
	token := q.Token(t, q.Member(t, "Cleo Clerk", staff.Clerk))
	status, to := q.post(t, token, "/returns", url.Values{"key": {uuid.NewString()}, "order": {"O-1001"},
		"lines.0.ref": {"O-1001.1"}, "lines.0.quantity": {"2"}, "lines.0.reason": {"damaged"}, "lines.0.note": {"a chip"}})
	if status != http.StatusSeeOther || to != "/returns/1" {
		t.Fatalf("announcing answers %d to %q", status, to)
	}
	b.Go("/returns/receive")
	b.Sees(".job", "Scan the return slip")
	seen(t, b, "returns-start")
	b.Scan(q.parcels["O-1001"].number)
	b.At("/returns/1/receive")
	b.Scan(q.sku)
	b.Sees(".last", "+1 Test MUG, 1 of 2")
	seen(t, b, "returns-counting")
	b.Scan("X-OK")
	b.Sees(".last", "1 of 2 units are missing")
	seen(t, b, "returns-missing")
	b.Click(".answers button:nth-of-type(1)")
	b.At("/returns/1/inspect")
	b.Scan(q.sku)
	b.Sees(".job", "What is it like?")
	seen(t, b, "returns-inspect")
	choosable(t, b)
	b.Click(".answers form:first-child button")
	b.Sees(".last", "grade A, restock")
	b.At("/returns/receive")
	b.Sees("main", "R-1 is inspected")
	b.Sees(".last", "grade A, restock")
	b.Sees(".recent", "This scan Undo")
	seen(t, b, "returns-next")
	b.Click(".recent button")
	b.At("/returns/1/inspect")
	b.Sees(".last", "Taken back: 1 Test MUG")
	if again := webtest.Eval[bool](b, `(document.querySelector(".recent")?.textContent ?? "").includes("Taken back")`); again {
		t.Error("what was taken back is said twice")
	}
	b.Scan(q.sku)
	b.Sees(".job", "What is it like?")
	b.Click(".answers form:first-child button")
	b.At("/returns/receive")
	b.Sees("main", "R-1 is inspected")
	b.Click("a.person")
	b.At("/returns/1")
	b.Sees("main", "1 piece of 2 came, and all of it is decided upon")
	b.Click("details.note summary")
	b.Click("details.note input[name=note]")
	b.Type("scratch on the rim <3")
	b.Click("details.note button")
	b.Sees(".verdicts", "scratch on the rim <3")
	seen(t, b, "return-done")
	b.Go("/returns")
	seen(t, b, "returns")
}

// choosable finds every answer and every button of the bar in sight at 360 × 640: nothing covers it, nothing is below the
// edge. Of several answers none looks as if it were given already.
func choosable(t *testing.T, b *webtest.Browser) {
	t.Helper()
	if said := webtest.Eval[string](b, `(() => {
		scrollTo(0, 0);
		const answers = [...document.querySelectorAll(".answers button")];
		const away = [...answers, ...document.querySelectorAll(".thumb > form button, .thumb summary")].filter((button) => {
			const r = button.getBoundingClientRect();
			return r.height > 0 && !(r.top >= 0 && r.bottom <= innerHeight && [r.top + 4, r.bottom - 4].every((y) => button.contains(document.elementFromPoint((r.left + r.right) / 2, y))));
		});
		const looks = new Set(answers.map((button) => getComputedStyle(button).backgroundColor));
		return away.map((button) => button.innerText + " is out of sight. ").join("") + (answers.length > 1 && looks.size > 1 ? "An answer looks given." : "");
	})()`); said != "" {
		t.Errorf("at 360 × 640: %s", said)
	}
}

// TestAVerdictTakesANoteAndAPhoto: at the inspection right after the verdict, and later on the return's page.
func TestAVerdictTakesANoteAndAPhoto(t *testing.T) {
	q := openQuay(t)
	q.tx(t, func(ctx context.Context, tx *sql.Tx) error {
		return packing.AddPhoto(ctx, tx, 1, files.Hash(strings.Repeat("0a", 32)), 1, sitetest.Noon)
	})
	q.send(t, "O-1001")
	c := q.As(t, q.Member(t, "Rita", staff.Receiver, staff.Clerk))
	c.Post("/returns", "key", uuid.NewString(), "order", "O-1001", "lines.0.ref", "O-1001.1", "lines.0.quantity", "2", "lines.0.reason", "damaged")
	for range 2 {
		c.Scan("/returns/1/receive", q.sku)
	}
	c.Scan("/returns/1/receive", "X-OK")
	c.Scan("/returns/1/inspect", q.sku)
	c.Post("/returns/1/inspect/scan", "key", uuid.NewString(), "action", "C-quarantine")
	page := c.Get("/returns/1/inspect").Body
	which := regexp.MustCompile(`name="scan" value="([^"]+)"`).FindStringSubmatch(page)
	if which == nil || !strings.Contains(page, "grade C, quarantine") {
		t.Fatalf("the inspection offers no note on the verdict: %s", text(page))
	}
	for _, path := range []string{"/returns/1", "/returns/1/inspect"} {
		if !strings.Contains(c.Get(path).Body, "/photos/"+strings.Repeat("0a", 32)) {
			t.Errorf("%s does not show how it was packed", path)
		}
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	if a := c.Upload("/returns/1/note", "photo", picture.Bytes(), "scan", which[1], "note", "chip <at> the rim 🫖", "inspecting", "on"); a.Status != http.StatusSeeOther || a.To() != "/returns/1/inspect" {
		t.Fatalf("note: %d to %q %s", a.Status, a.To(), text(a.Body))
	}
	page = c.Get("/returns/1").Body
	if !strings.Contains(page, "chip &lt;at&gt; the rim 🫖") || !regexp.MustCompile(`<img class="photo" src="/photos/[0-9a-f]{64}"`).MatchString(page) {
		t.Errorf("the return shows neither note nor photo: %s", text(page))
	}
	if a := c.Upload("/returns/1/note", "photo", nil, "scan", which[1], "note", "only the words"); a.Status != http.StatusSeeOther || !strings.Contains(c.Get("/returns/1").Body, "/photos/") {
		t.Errorf("new words lose the photo: %d", a.Status)
	}
	for what, a := range map[string]webtest.Answer{"a script as photo": c.Upload("/returns/1/note", "photo", []byte("<svg onload=alert(1)>"), "scan", which[1], "note", "x"),
		"a long note": c.Post("/returns/1/note", "scan", which[1], "note", strings.Repeat("x", 501)), "a control character": c.Post("/returns/1/note", "scan", which[1], "note", "a\x00b")} {
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
	if a := c.Post("/returns/1/note", "scan", uuid.NewString(), "note", "x"); a.Status != http.StatusNotFound {
		t.Errorf("a verdict that is not there: %d", a.Status)
	}
}

// TestAddressesTakePrintedNumbers: whatever is printed on a thing, typed behind the address of its list, leads to its page.
func TestAddressesTakePrintedNumbers(t *testing.T) {
	q := openQuay(t)
	q.send(t, "O-1001")
	c := q.As(t, q.Member(t, "Ada", staff.Admin))
	c.Post("/returns", "key", uuid.NewString(), "order", "O-1001", "lines.0.ref", "O-1001.1", "lines.0.quantity", "2", "lines.0.reason", "damaged")
	c.Post("/receiving/expected", "number", "PO/7 é", "supplier", "Potter", "lines.0.sku", q.sku, "lines.0.quantity", "5")
	c.Scan("/receiving", "D-2")
	parcel := q.parcels["O-1001"]
	for from, to := range map[string]string{
		"/returns/R-1": "/returns/1", "/returns/r-1": "/returns/1", "/shipments/" + parcel.shipment.String(): fmt.Sprintf("/shipments/%d", parcel.shipment),
		"/shipments/" + parcel.number: fmt.Sprintf("/shipments/%d", parcel.shipment), "/receiving/RC-1": "/receiving/1/lines", "/receiving/RC-1/lines": "/receiving/1/lines",
		"/receiving/expected/" + url.PathEscape("PO/7 é"): "/receiving/expected/1", "/picking/P-1": "/picking/1", "/packing/cartons/C-1": "/packing/cartons/1",
		"/stock/items/" + q.sku: fmt.Sprintf("/stock/items/%d", q.mug), "/stock/bins/T-1": "", "/stock/bins/D-2": "",
	} {
		a := c.Get(from)
		if a.Status != http.StatusSeeOther || to != "" && a.To() != to || !regexp.MustCompile(`/\d+(/lines)?$`).MatchString(a.To()) {
			t.Errorf("%s: %d to %q, want %q: %s", from, a.Status, a.To(), to, text(a.Body))
		} else if b := c.Get(a.To()); b.Status != http.StatusOK {
			t.Errorf("%s leads to %s: %d", from, a.To(), b.Status)
		}
	}
	for _, from := range []string{"/returns/R-9", "/returns/O-1001", "/shipments/R-1", "/shipments/%00", "/returns/" + strings.Repeat("R", 3000), "/setup/staff/S-AAAAAAAA", "/stock/items/%F0%9F%91%91"} {
		if a := c.Get(from); a.Status != http.StatusNotFound {
			t.Errorf("%.40s: %d to %q", from, a.Status, a.To())
		}
	}
}

// send puts an order's parcel on a truck and lets it go.
func (q *quay) send(t *testing.T, ref string) {
	t.Helper()
	q.tx(t, func(ctx context.Context, tx *sql.Tx) error {
		var door inventory.LocationID
		var who staff.ID
		if err := tx.QueryRow(`select l.id, s.id from locations l, staff s where l.warehouse_id = $1 and l.code = 'D-1' and s.name = 'Ada' limit 1`, q.Warehouse).Scan(&door, &who); err != nil {
			return err
		}
		if _, err := shipping.Load(ctx, tx, door, picktest.By(who, q.parcels[ref].sscc)); err != nil {
			return err
		}
		_, err := shipping.DispatchDoor(ctx, tx, door, true, picktest.By(who, "X-OK"))
		return err
	})
}

// post sends a form as somebody and answers the status and where it leads.
func (q *quay) post(t *testing.T, token, path string, form url.Values) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", q.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "tote", Value: token})
	answer, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 500 {
		body, _ := io.ReadAll(answer.Body)
		t.Errorf("POST %s %v: %d\n%s", path, form, answer.StatusCode, body)
	}
	return answer.StatusCode, answer.Header.Get("Location")
}

func (q *quay) get(t *testing.T, token, path string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", q.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "tote", Value: token})
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// TestTheOfficeEntersNumbersAndEvents through plain forms, and is told what is wrong field by field.
func TestTheOfficeEntersNumbersAndEvents(t *testing.T) {
	q := openQuay(t)
	token := q.Token(t, q.Member(t, "Cleo Clerk", staff.Clerk))
	manual := fmt.Sprintf("/shipments/%d", q.parcels["O-1003"].shipment)
	own := fmt.Sprintf("/shipments/%d", q.parcels["O-1001"].shipment)
	for _, bad := range []url.Values{{}, {"carrier": {"DHL"}}, {"number": {"JD1"}}, {"carrier": {"DHL"}, "number": {"ÄÖ"}}, {"carrier": {"DHL"}, "number": {"JD\x00"}},
		{"carrier": {"DHL"}, "number": {"JD1"}, "expected": {"tomorrow"}}, {"carrier": {strings.Repeat("x", 5000)}, "own": {"on"}}} {
		if status, _ := q.post(t, token, manual+"/number", bad); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
			t.Errorf("number %v answers %d", bad, status)
		}
	}
	if status, _ := q.post(t, token, own+"/number", url.Values{"carrier": {"DHL"}, "number": {"JD1"}}); status != http.StatusConflict {
		t.Errorf("a number for our own fleet answers %d", status)
	}
	if status, to := q.post(t, token, manual+"/number", url.Values{"carrier": {"DHL"}, "number": {"JD1"}}); status != http.StatusSeeOther || to != manual {
		t.Errorf("a good number answers %d to %q", status, to)
	}
	if _, page := q.get(t, token, manual); !strings.Contains(page, "JD1") || !strings.Contains(page, "DHL") {
		t.Errorf("the page does not show the number")
	}
	event := url.Values{"key": {uuid.NewString()}, "kind": {"delivered"}}
	if status, _ := q.post(t, token, own+"/events", event); status != http.StatusConflict {
		t.Errorf("a delivery of what is still here answers %d", status)
	}
	q.send(t, "O-1001")
	for range 2 {
		if status, _ := q.post(t, token, own+"/events", event); status != http.StatusSeeOther {
			t.Errorf("a delivery answers %d", status)
		}
	}
	if _, page := q.get(t, token, own); strings.Count(page, "Cleo Clerk · ") != 1 || !strings.Contains(page, "Delivered on") {
		t.Errorf("the page does not show one delivery by Cleo")
	}
	for _, path := range []string{"/shipments?q=%00", "/shipments?q=%ff", "/shipments?state=nonsense&after=x", "/shipments?q=" + strings.Repeat("x", 9000), "/returns?q=%00&state=x",
		"/returns/new?order=%00", "/returns/new?order=O-99999999999999999999", "/letters?q=%00&state=x&after=x", "/inbox?after=x"} {
		if answer, _ := q.get(t, token, path); answer.StatusCode >= 500 {
			t.Errorf("GET %s answers %d", path, answer.StatusCode)
		}
	}
	for _, path := range []string{"/shipments/999999", "/returns/999999", "/letters/999999", "/inbox/999999", "/returns/0", "/shipments/x"} {
		if answer, _ := q.get(t, token, path); answer.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s answers %d", path, answer.StatusCode)
		}
	}
}

// TestParcelsAreNumberedOneByOne on the page of a shipment with several.
func TestParcelsAreNumberedOneByOne(t *testing.T) {
	q := openQuay(t)
	c := q.As(t, q.Member(t, "Cleo Clerk", staff.Clerk))
	var id shipping.ID
	q.tx(t, func(ctx context.Context, tx *sql.Tx) error {
		id = q.parcels["O-1003"].shipment
		_, err := tx.ExecContext(ctx, `
			with twin as (
				insert into cartons (warehouse_id, location_id, demand_id, ref, station_id, number, state, weight_g, sscc, opened_by, opened_at, closed_at)
				select k.warehouse_id, l.id, k.demand_id, k.ref, k.station_id, 2, k.state, 500, '095212340000009999', k.opened_by, now(), now()
				from cartons k, locations l where k.ref = 'O-1003' and l.code = 'T-3' returning id)
			insert into shipment_cartons (carton_id, shipment_id, package_number, tracking_number, booked_at) select id, $1, 'TT00000009997', 'TT00000009997', now() from twin`, id)
		return err
	})
	path, ours := fmt.Sprintf("/shipments/%d", id), q.parcels["O-1003"].number
	if page := c.Get(path).Body; !strings.Contains(page, `value="`+ours+`"`) || !strings.Contains(page, `name="parcels.1.number"`) {
		t.Fatalf("the page does not ask for each parcel's number: %s", text(page))
	}
	numbers := func(first, second string) []string {
		return []string{"carrier", "UPS", "parcels.0.ours", ours, "parcels.0.number", first, "parcels.1.ours", "TT00000009997", "parcels.1.number", second}
	}
	for field, bad := range map[string][]string{"parcels-1-number": numbers("1ZA", "1ZA"), "parcels-0-number": numbers("", "1ZB"), "number": numbers("", "")} {
		if a := c.Post(path+"/number", bad...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") {
			t.Errorf("a bad %s: %d %s", field, a.Status, text(a.Body))
		}
	}
	if a := c.Post(path+"/number", numbers("1ZA", "1ZB")...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	if page := c.Get(path).Body; !strings.Contains(page, `value="1ZA"`) || !strings.Contains(page, `value="1ZB"`) || !strings.Contains(page, "carrier’s number 1ZB") {
		t.Errorf("the page forgets the numbers: %s", text(page))
	}
	b := q.Browser(t)
	b.SignIn(q.Member(t, "Ada Obi", staff.Admin), "")
	b.Go(path)
	seen(t, b, "shipment-parcels")
}

// TestARefusedReturnNamesTheLine and keeps what was typed.
func TestARefusedReturnNamesTheLine(t *testing.T) {
	q := openQuay(t)
	q.send(t, "O-1001")
	token := q.Token(t, q.Member(t, "Cleo Clerk", staff.Clerk))
	form := func(change ...string) url.Values {
		v := url.Values{"key": {uuid.NewString()}, "order": {"O-1001"}, "lines.0.ref": {"O-1001.1"}, "lines.0.quantity": {"1"}, "lines.0.reason": {"other"}}
		for i := 0; i < len(change); i += 2 {
			v.Set(change[i], change[i+1])
		}
		return v
	}
	for name, bad := range map[string]url.Values{
		"too many": form("lines.0.quantity", "3"), "none": form("lines.0.quantity", "0"), "below one": form("lines.0.quantity", "-1"), "no reason": form("lines.0.reason", ""),
		"no number": form("lines.0.quantity", "many"), "nul": form("lines.0.note", "a\x00b"), "no order": form("order", ""), "other order": form("order", "O-1002"),
		"foreign line": form("lines.0.ref", "O-1002.1"), "no key": form("key", ""), "huge": form("lines.0.quantity", "99999999999999999999"),
	} {
		if status, to := q.post(t, token, "/returns", bad); status < 400 || status >= 500 {
			t.Errorf("%s answers %d to %q", name, status, to)
		}
	}
	same := form("lines.0.quantity", "2")
	for range 2 {
		if status, to := q.post(t, token, "/returns", same); status != http.StatusSeeOther || !strings.HasPrefix(to, "/returns/") {
			t.Errorf("a good return answers %d to %q", status, to)
		}
	}
	var n int
	if err := q.DB.QueryRow(`select count(*) from returns`).Scan(&n); err != nil || n != 1 {
		t.Errorf("the same form made %d returns: %v", n, err)
	}
	var id int
	if err := q.DB.QueryRow(`select id from returns`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	answer, pdf := q.get(t, token, fmt.Sprintf("/returns/%d/slip.pdf", id))
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("the slip answers %d", answer.StatusCode)
	}
}

// TestLettersAreShownSafely: in the office and in the inbox, whatever was written into them.
func TestLettersAreShownSafely(t *testing.T) {
	q := openQuay(t)
	box, err := mail.OpenInbox(t.Context(), q.DB)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close(context.Background())
	q.tx(t, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.Exec(`
			insert into letters (kind, fact, ref, sender, recipient, subject, text, html, message_id, state, error) values
			('order confirmation', 'order.placed O-1001', 'O-1001', 'Tote Ltd <o@x.example>', 'anna@example.com', 'Your order O-1001 is in', E'Hello Anna,\n\nthank you.\n',
			 '<h1>Hello</h1><script>document.title="owned"</script><img src=x onerror="parent.location=1">', 'a@x', 'queued', ''),
			('tracking', 'shipment.dispatched SH-1', 'O-1001', 'Tote Ltd <o@x.example>', 'nobody@example.com', 'Refused', 'x', '<p>x</p>', 'b@x', 'refused', '550 no such mailbox')`)
		return err
	})
	if n, err := (mail.Sender{DB: q.DB, SMTP: box.SMTP()}).Drain(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d letters sent: %v", n, err)
	}
	b := q.Browser(t)
	b.SignIn(q.Member(t, "Cleo Clerk", staff.Clerk), "")
	b.Go("/letters")
	b.Sees("main", "550 no such mailbox")
	seen(t, b, "letters")
	b.Go("/letters/1")
	b.Sees("main", "thank you.")
	b.Until(`document.querySelector("iframe.letter") !== null`)
	seen(t, b, "letter")
	if title := webtest.Eval[string](b, `document.title`); strings.Contains(title, "owned") {
		t.Error("a letter ran its script")
	}
	b.Go("/letters/2")
	b.Sees("main", "Send it again")
	seen(t, b, "letter-refused")
	b.Go("/inbox")
	b.Sees("main", "Your order O-1001 is in")
	seen(t, b, "inbox")
	b.Go("/inbox/1")
	b.Sees("main", "Message-Id")
	seen(t, b, "inbox-letter")

	token := q.Token(t, q.Member(t, "Cleo Too", staff.Clerk))
	for _, path := range []string{"/letters/1/html", "/inbox/1/html", "/inbox/1/raw"} {
		answer, body := q.get(t, token, path)
		policy := answer.Header.Get("Content-Security-Policy")
		if answer.StatusCode != http.StatusOK || !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script") || body == "" {
			t.Errorf("GET %s answers %d under the policy %q", path, answer.StatusCode, policy)
		}
	}
	if status, to := q.post(t, token, "/letters/2/retry", url.Values{"to": {"no address"}}); status < 400 || status >= 500 {
		t.Errorf("a retry to nowhere answers %d to %q", status, to)
	}
	if status, _ := q.post(t, token, "/letters/2/retry", url.Values{"to": {"anna@example.com"}}); status != http.StatusSeeOther {
		t.Errorf("a retry answers %d", status)
	}
	if status, _ := q.post(t, token, "/letters/1/cancel", url.Values{}); status != http.StatusConflict {
		t.Errorf("cancelling a sent letter answers %d", status)
	}
}
