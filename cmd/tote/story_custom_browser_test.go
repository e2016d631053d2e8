package main

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"tote/internal/staff"
	"tote/internal/studio"
	"tote/internal/web/webtest"
)

// TestACustomOrderInABrowser: from the quote to the doorstep, every role at its own page, the customer on a phone.
func TestACustomOrderInABrowser(t *testing.T) {
	d := openDay(t)
	d.in(func(ctx context.Context, tx *sql.Tx) error {
		boss := d.s.boss
		flow, err := studio.SaveFlow(ctx, tx, studio.Flow{Name: "Printed mugs", Asks: "Photo", PictureCheck: true, Art: true, ArtControl: true, Approval: true, LeastPPI: 150, GoodPPI: 300, Making: studio.Workshop}, boss)
		if err != nil {
			return err
		}
		return studio.SetCustom(ctx, tx, studio.CustomItem{SKU: "MUG-RED", Flow: flow, Width: 50, Height: 50, Blank: "MUG-BLUE", Instructions: "Handle to the right."}, boss)
	})
	d.s.stock(false, []string{"A-01-1-A", "MUG-BLUE", "5"})
	sally, sara, clara := d.hire("Sally", staff.Sales), d.hire("Sara", staff.ClientSupport), d.hire("Clara", staff.Clerk)
	iris, ben, arthur := d.hire("Iris", staff.ImageProcessor), d.hire("Ben", staff.Artist), d.hire("Arthur", staff.ArtControl)
	walt, pia, sven := d.hire("Walt", staff.Production), d.hire("Pia", staff.Packer), d.hire("Sven", staff.Shipper)

	d.shift(sally, "")
	d.quote()
	d.shift(clara, "")
	d.accept(d.letter("Our quote Q-1001", "/quote/"))
	journey := webtest.Eval[string](d.Browser, `location.pathname`)
	d.sendPicture(journey)
	d.shift(iris, "")
	d.approvePicture()
	d.shift(ben, "")
	d.draw("first", 60)
	d.shift(arthur, "")
	d.passOn()
	d.shift(clara, "")
	d.pinAndCorrect(d.letter("Your proof", "/proof/"))
	d.shift(ben, "")
	d.drawAgain()
	d.shift(arthur, "")
	d.passOn()
	d.Go(journey)
	d.approve()
	d.shift(sara, "")
	d.Go("/orders/O-1001")
	d.Sees("body", "pending payment")
	d.shift(clara, "")
	d.Go("/orders/O-1001")
	d.press("Record a payment")
	d.Until(`location.pathname === "/payments/new"`)
	d.fill("method", "card")
	d.fill("reference", "CARD-1")
	d.press("Record the payment")
	d.Sees("body", "Released to the floor: O-1001")
	d.shift(walt, "K-7")
	d.make()
	d.shift(pia, "K-7")
	d.packMade()
	d.shift(sven, "K-7")
	d.load()
	d.shift(clara, "")
	d.follow(d.letter("is on its way", "/journey/"))
	d.Sees("body", "Made and checked, piece by piece")
	d.shift(sven, "K-7")
	d.deliver()
	d.Go(journey)
	d.Until(`document.body.innerText.includes("How was it?") || (location.reload(), false)`)
	d.Click("input[name=score][value='5'] + span")
	d.fill("words", "Just as I had dreamed it.")
	d.press("Send")
	d.Sees("body", "Thank you")
	d.shift(clara, "")
	d.Go("/trace?code=J-1")
	for _, words := range []string{"from Q-1001", "Picture sent", "Proof A, version 1", "Proof A, version 2, approved", "J-1, finished", "1 passed the check", "SSCC", "Delivered", "5 of 5", "Just as I had dreamed it."} {
		d.Sees("body", words)
	}
	d.shot("trace")
	d.wide("trace")
	d.s.check(false, nil)
}

func (d *day) quote() {
	d.Go("/quotes/new")
	for name, value := range map[string]string{"customer": "ANNA", "lines.0.sku": "MUG-RED", "lines.0.quantity": "1", "recipient": "Anna Archer",
		"street": "Elm Road 7", "postcode": "LS2 3AB", "city": "Leeds", "country": "GB", "trip": "own/standard", "words": "As we spoke: your cat on a mug."} {
		d.fill(name, value)
	}
	d.attach("pictures", "mock-up", 400, 200)
	d.shot("quote")
	d.press("Send the quote")
	d.Sees("body", "The customer’s turn")
	d.shot("quoted")
}

// attach puts a drawn picture of so many pixels each way into a file field, as choosing one does.
func (d *day) attach(field, name string, side, shade int) {
	d.t.Helper()
	d.Until(fmt.Sprintf(`!!document.querySelector('input[type=file][name=%q]')`, field))
	webtest.Eval[bool](d.Browser, fmt.Sprintf(`new Promise((done) => {
		const c = document.createElement("canvas"), side = %d; c.width = c.height = side;
		const g = c.getContext("2d"); g.fillStyle = "rgb(%d 120 200)"; g.fillRect(0, 0, side, side); g.fillStyle = "#fff"; g.fillRect(side / 4, side / 4, side / 2, side / 2);
		c.toBlob((b) => {
			const d = new DataTransfer(); d.items.add(new File([b], %q + ".png", { type: "image/png" }));
			const input = document.querySelector('input[type=file][name=%q]');
			input.files = d.files; input.dispatchEvent(new Event("change", { bubbles: true })); done(input.files.length === 1);
		}, "image/png");
	})`, side, shade, name, field))
}

func (d *day) accept(link string) {
	d.Go(link)
	d.Sees("body", "As we spoke: your cat on a mug.")
	d.shot("quote-customer")
	d.fill("as", "Anna Archer")
	d.Click("input[name=agreed]")
	d.press("Order it")
	d.Until(`location.pathname.startsWith("/journey/") && document.readyState === "complete"`)
	d.Sees("body", "Sara")
	d.shot("journey-begins")
}

func (d *day) sendPicture(journey string) {
	d.Go(journey)
	d.press("Send your picture")
	d.attach("pictures", "tiny", 40, 10)
	d.press("Send")
	d.Sees("body", "and we need 150")
	d.shot("picture-refused")
	d.attach("pictures", "cat", 600, 10)
	d.press("Send")
	d.Sees("body", "We have your pictures")
	d.shot("picture-sent")
}

// approvePicture looks at it by keyboard.
func (d *day) approvePicture() {
	d.At("/studio/pictures")
	d.shot("pictures")
	d.wide("pictures")
	d.Click("input[name=refs] ~ img, input[name=refs]")
	d.Until(`document.querySelector("input[name=refs]").checked`)
	d.Type("a")
	d.Sees("body", "1 picture is approved")
}

func (d *day) draw(name string, shade int) {
	d.At("/studio/art")
	d.shot("my-artwork")
	d.press("O-1001.1")
	d.Until(`!!document.querySelector("input[name=files]")`)
	d.attach("files", name, 600, shade)
	d.press("Upload the artwork")
	d.Sees("body", "stored and goes on")
}

func (d *day) passOn() {
	d.At("/studio/control")
	d.press("O-1001.1")
	d.Sees("body", "Pass it on")
	d.shot("control")
	d.wide("control")
	d.press("Pass it on")
	d.Sees("body", "O-1001.1 is passed on. Nothing else waits.")
}

// pinAndCorrect presses on the proof where something should be different.
func (d *day) pinAndCorrect(link string) {
	d.Go(link)
	d.Sees("body", "Nothing is made before you approve")
	d.shot("proof")
	d.Click("[data-pins] img")
	d.Until(`!!document.querySelector("[name='pins.0.words']")`)
	d.fill("pins.0.words", "Longer whiskers here")
	d.fill("name", "Anna Archer")
	d.shot("proof-pinned")
	d.press("Correct it")
	d.Sees("body", "Our artists have your words")
}

func (d *day) drawAgain() {
	d.Go("/studio/art?tab=customer")
	d.Sees("body", "Longer whiskers here")
	d.press("O-1001.1")
	d.Until(`!!document.querySelector("input[name=files]")`)
	d.shot("correction")
	d.attach("files", "second", 600, 90)
	d.press("Upload the artwork")
	d.Sees("body", "stored and goes on")
}

// approve goes by the journey, where the proof is the one big button.
func (d *day) approve() {
	d.Until(`document.body.innerText.includes("Look at your proof") || (location.reload(), false)`)
	d.press("Look at your proof")
	d.Until(`!!document.querySelector("[name=ticks]")`)
	d.fill("name", "Anna Archer")
	d.press("Approve")
	d.Sees("body", "Look at each point of the list")
	webtest.Eval[int](d.Browser, `[...document.querySelectorAll("[name=ticks]")].map((t) => t.click()).length`)
	d.shot("approving")
	d.press("Approve")
	d.Sees("body", "It is approved, and we go on")
	d.shot("approved")
}

func (d *day) make() {
	d.Go("/workshop")
	d.says("J-1", "J-1 is started: 1 × Red mug", "B-A-01-1-A", "take 1", mug, "1 of 1", "X-OK", "1 made")
	d.shot("workshop")
	d.wide("workshop")
	d.press("Problem")
	d.press("misprint")
	d.Sees("body", "1 scrapped: misprint")
	d.says("B-A-01-1-A", "take 1", mug, "2 of 2", "X-OK", "1 made", "T-1", "J-1 is finished")
	d.shot("made")
}

func (d *day) packMade() {
	d.Go("/packing")
	d.Scan("T-1")
	d.At("/packing/O-1001")
	d.Sees("body", "Made for this order")
	d.shot("pack-made")
	d.wide("pack-made")
	d.says("J-7", "put it aside", "J-1", "all of it is in")
	d.Click(`[data-hotkey="1"]`)
	d.Sees(".last", "Small box")
	d.says("0.45 kg", "O-1001 is packed")
}
