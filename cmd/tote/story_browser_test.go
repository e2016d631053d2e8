package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// day is one parcel's day in a real browser of 360 by 640 before the real program, told by the people of a small house.
type day struct {
	*webtest.Browser
	t     *testing.T
	s     *story
	site  *webtest.Site
	shots int
}

// TestOneParcelsDayInABrowser: from the truck at the dock to the doorstep and back, with scans typed as a wedge types
// them. A picture of each step stays outside of git.
func TestOneParcelsDayInABrowser(t *testing.T) {
	d := openDay(t)
	rita := d.hire("Rita", staff.Receiver, staff.Picker, staff.Packer, staff.Shipper)
	clara := d.hire("Clara", staff.Clerk)

	d.shift(rita, "K-7")
	d.shot("menu")
	d.receive()
	d.putAway()
	d.shift(clara, "")
	d.order()
	d.pay()
	d.shift(rita, "K-7")
	d.pick()
	d.pack()
	d.load()
	journey := d.letter("is on its way", "/journey/")
	d.follow(journey)
	d.deliver()
	d.rate(journey)
	d.sendBack(journey)
	d.shift(rita, "K-7")
	d.inspect()
	d.scanAnything()
	d.office()
	d.s.check(false, nil)
}

func openDay(t *testing.T) *day {
	d := &day{t: t, s: &story{t: t, hands: map[string]*hand{}}}
	d.s.begin()
	d.site = &webtest.Site{URL: "http://" + d.s.address, DB: d.s.db, Warehouse: int64(d.s.warehouse)}
	d.in(func(ctx context.Context, tx *sql.Tx) error {
		_, err := inventory.Expect(ctx, tx, inventory.ExpectedReceipt{Number: "PO-1", Kind: "po", Warehouse: d.s.warehouse, Supplier: "Mug makers",
			Lines: []inventory.ExpectedLine{{SKU: "MUG-BLUE", Quantity: 12}}})
		return err
	})
	d.site.Station(t, "K-7", "Bench 7", "packing")
	d.Browser = d.site.Browser(t)
	return d
}

func (d *day) in(do func(ctx context.Context, tx *sql.Tx) error) {
	d.t.Helper()
	ctx := context.Background()
	if err := pg.InTx(ctx, d.s.db, func(tx *sql.Tx) error { return do(ctx, tx) }); err != nil {
		d.t.Fatal(err)
	}
}

func (d *day) hire(name string, roles ...staff.Role) staff.Member {
	return d.site.Member(d.t, name, roles...)
}

// shot keeps a picture, numbered in the order of the day, and holds the page against the width of a handheld.
func (d *day) shot(name string) {
	d.t.Helper()
	d.Until(`document.readyState === "complete" && !!document.documentElement`) // a page may be on its way
	if wide := webtest.Eval[int](d.Browser, `document.documentElement.scrollWidth`); wide > 360 {
		d.t.Errorf("%s is %d pixels wide", name, wide)
	}
	d.shots++
	d.Shot(fmt.Sprintf("day-%02d-%s", d.shots, name))
}

// wide keeps a picture of the page as a desk sees it.
func (d *day) wide(name string) {
	d.t.Helper()
	d.Size(1280, 800)
	d.Shot("day-wide-" + name)
	d.Size(360, 640)
}

// says scans one code after another and waits for what the screen says of each.
func (d *day) says(scans ...string) {
	d.t.Helper()
	for i := 0; i+1 < len(scans); i += 2 {
		d.Scan(scans[i])
		d.Sees("body", scans[i+1])
	}
}

// shift hands the device on to somebody.
func (d *day) shift(m staff.Member, station string) {
	d.t.Helper()
	d.Go("/sign-in")
	webtest.Eval[int](d.Browser, `fetch("/sign-out", {method: "POST"}).then((r) => r.status)`)
	d.SignIn(m, station)
}

const mug = "4006381333931"

func (d *day) receive() {
	d.Go("/receiving")
	d.Scan("B-DOCK-1")
	d.Sees(".job", "Scan the purchase order")
	d.says("PO-1", "PO-1 is on this receipt", mug, "1 of 12 on PO-1")
	d.Scan("14006381333938") // a case of twelve: one too many
	d.Sees(".last", "more than")
	d.shot("received-too-many")
	d.says("X-UNDO", "Taken back", mug, "2 of 12 on PO-1", "+10", "12 of 12")
	d.shot("received")
	d.Scan("X-CLOSE") // everything is here, so nothing is asked
	d.At("/putaway")
}

func (d *day) putAway() {
	d.says(mug, "A-01-1-A")
	d.shot("put-away-to")
	d.says("B-A-01-1-A", "12 Blue mug put into A-01-1-A")
	d.shot("put-away")
}

func (d *day) order() {
	d.At("/home")
	d.shot("home")
	d.wide("home")
	d.Go("/orders/new")
	for name, value := range map[string]string{"customer": "ANNA", "lines.0.sku": "MUG-BLUE", "lines.0.quantity": "2", "recipient": "Anna Archer",
		"street": "Elm Road 7", "postcode": "LS2 3AB", "city": "Leeds", "country": "GB", "trip": "own/standard"} {
		d.fill(name, value)
	}
	d.shot("order-form")
	d.wide("order-form")
	d.press("Place the order")
	d.Sees("body", "O-1001")
	d.Sees("body", "pending payment")
	d.shot("order-unpaid")
}

// fill types into a field of the page by its name.
func (d *day) fill(name, value string) {
	d.t.Helper()
	d.Until(fmt.Sprintf(`!!document.querySelector('[name=%q]')`, name)) // the address changes before the page is there
	if !webtest.Eval[bool](d.Browser, fmt.Sprintf(`(() => { const f = document.querySelector('[name=%q]'); if (!f) return false; f.value = %q; return true })()`, name, value)) {
		d.t.Fatalf("there is no field %q on %s", name, webtest.Eval[string](d.Browser, `location.href`))
	}
}

// press clicks the visible button or link with these words.
func (d *day) press(words string) {
	d.t.Helper()
	const find = `[...document.querySelectorAll("main button, main a, main summary")].find((e) => e.innerText.trim().includes(%q) && e.offsetParent && !e.classList.contains("unseen"))`
	d.Until(fmt.Sprintf(`!!(`+find+`)`, words))
	webtest.Eval[bool](d.Browser, fmt.Sprintf(`(() => { const e = `+find+`; e.scrollIntoView(); setTimeout(() => e.click()); return true })()`, words))
}

func (d *day) pay() {
	d.press("Record a payment")
	d.Until(`location.pathname === "/payments/new"`)
	d.fill("method", "card")
	d.fill("reference", "CARD-1")
	d.shot("payment")
	d.press("Record the payment")
	d.Sees("body", "Released to the floor: O-1001")
	d.shot("order-paid")
	d.wide("order-paid")
}

func (d *day) pick() {
	d.Go("/picking")
	d.Scan("X-OK")
	d.At("/picking/1")
	d.says("T-1", "A-01-1-A")
	d.shot("pick-bin")
	d.says("B-A-02-1-A", "Go to bin A-01-1-A")
	d.shot("pick-wrong")
	d.says("B-A-01-1-A", "is right", mug, "1 of 2")
	d.shot("pick-item")
	d.says(mug, "Carry the tote to packing")
	d.shot("picked")
}

func (d *day) pack() {
	d.Go("/packing")
	d.Scan("T-1")
	d.At("/packing/O-1001")
	d.shot("pack")
	d.says(mug, "1 to go", mug, "all of it is in")
	d.wide("pack")
	d.Click(`[data-hotkey="1"]`)
	d.Sees(".last", "Small box")
	d.shot("pack-weigh")
	d.says("0.82 kg", "O-1001 is packed")
	d.Sees("#papers", "shipping label")
	d.shot("packed")
	label := webtest.Eval[string](d.Browser, `fetch([...document.querySelectorAll('#papers a')].find((a) => a.href.includes('/print/papers/')).href).then((r) => r.headers.get("content-type"))`)
	if label != "application/pdf" {
		d.t.Errorf("the label is %q", label)
	}
}

// parcel is the SSCC on the carton's label.
func (d *day) parcel() (sscc string) {
	if err := d.s.db.QueryRow(`select sscc from cartons where state <> 'void'`).Scan(&sscc); err != nil {
		d.t.Fatal(err)
	}
	return "00" + sscc
}

func (d *day) load() {
	d.Go("/loading")
	d.shot("doors")
	d.says("]C1"+d.parcel(), "Scan the dock where the truck stands")
	d.Scan("B-DOOR-1")
	d.Until(`/^\/loading\/\d+$/.test(location.pathname) && document.readyState === "complete"`)
	d.says("]C1"+d.parcel(), "1")
	d.Sees("body", "Dispatch")
	d.shot("loaded")
	d.says("X-OK", "has left")
	d.shot("dispatched")
}

// letter opens the newest letter whose subject says this, as the inbox shows it, and returns the first link in it with path.
func (d *day) letter(subject, path string) string {
	d.t.Helper()
	d.Go("/inbox")
	d.Until(fmt.Sprintf(`document.body.innerText.includes(%q) || (location.reload(), false)`, subject))
	d.shot("inbox")
	d.press(subject)
	d.Sees("pre.letter", path)
	d.shot("letter")
	d.wide("letter")
	text := webtest.Eval[string](d.Browser, `document.querySelector("pre.letter").textContent`)
	_, link, _ := strings.Cut(text, path)
	return path + strings.FieldsFunc(link, func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", r)
	})[0]
}

func (d *day) follow(journey string) {
	d.Go(journey)
	d.Sees("body", "The journey of your order")
	d.shot("journey")
}

func (d *day) deliver() {
	d.Go("/deliveries")
	d.says("]C1"+d.parcel(), "0 parcels on the road")
	d.shot("delivered")
}

func (d *day) rate(journey string) {
	d.Go(journey)
	d.Until(`document.body.innerText.includes("How was it?") || (location.reload(), false)`)
	d.shot("journey-delivered")
	d.Click("input[name=score][value='2'] + span")
	d.fill("words", "One mug came without its handle.")
	d.press("Send")
	d.Sees("body", "Thank you")
	d.shot("rated")
}

func (d *day) sendBack(journey string) {
	d.Go(journey)
	d.press("Send something back")
	d.Until(`!!document.querySelector("[name='lines.0.quantity']")?.offsetParent`)
	d.fill("lines.0.quantity", "1")
	d.fill("lines.0.reason", "damaged")
	d.shot("return-form")
	d.press("Get a return number")
	d.Sees("body", "R-1")
	d.shot("return-announced")
}

func (d *day) inspect() {
	d.Go("/returns/receive")
	d.Scan("R-1")
	d.At("/returns/1/receive")
	d.says(mug, "1")
	d.shot("return-counted")
	d.Scan("X-OK")
	d.At("/returns/1/inspect")
	d.Scan(mug)
	d.Sees(".answers", "scrap")
	d.shot("return-judge")
	d.press("D · broken → scrap")
	d.At("/returns/receive")
	d.Go("/returns/1")
	d.Sees("body", "grade D, scrap")
	d.shot("return-inspected")
}

// scanAnything scans, on the menu, everything the day has left behind: each leads to a page of its own.
func (d *day) scanAnything() {
	for _, scanned := range []struct{ code, path, says string }{
		{"B-A-01-1-A", "/stock/bins/", "10"},
		{mug, "/stock/items/", "MUG-BLUE"},
		{"T-1", "/stock/bins/", "T-1"},
		{"O-1001", "/orders/", "O-1001"},
		{"P-1", "/picking/", "P-1"},
		{"]C1" + d.parcel(), "/packing/cartons/", "O-1001"},
		{"R-1", "/returns/", "R-1"},
		{"PO-1", "/receiving/expected/", "Mug makers"},
		{"RC-1", "/receiving/", "PO-1"},
		{"SH-1", "/shipments/", "Anna Archer"},
	} {
		d.Go("/menu")
		d.Scan(scanned.code)
		d.Until(fmt.Sprintf(`location.pathname.startsWith(%q) && document.readyState === "complete"`, scanned.path))
		d.Sees("body", scanned.says)
		d.shot("scan-" + scanned.code[:2])
	}
	d.Go("/menu")
	d.Scan("B-NOWHERE")
	d.Sees(".flash", "Nothing here is called")
	d.shot("scan-nothing")
}

// office looks at the lists of the desk once something has happened.
func (d *day) office() {
	d.shift(d.hire("Mara", staff.Manager), "")
	for _, path := range []string{"/home", "/orders", "/orders/O-1001", "/shipments", "/shipments/1", "/returns", "/returns/1", "/letters", "/feedback", "/stock", "/picking/lists", "/print", "/setup"} {
		d.Go(path)
		name := strings.ReplaceAll(path[1:], "/", "-")
		d.shot("office-" + name)
		d.wide(name)
	}
}
