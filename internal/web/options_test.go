package web_test

import (
	"database/sql"
	"fmt"
	"image"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/internal/web"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// withFiles keeps files in a directory of the test's own.
func withFiles(t *testing.T) func(*web.Deps) {
	return func(d *web.Deps) { d.Files = files.In(t.TempDir()) }
}

// squeezed is the text of a page with single spaces.
func squeezed(body string) string { return strings.Join(strings.Fields(text(body)), " ") }

// hat is the item of the shop that gets options here.
func (s *shop) hat(t *testing.T) (id inventory.ItemID) {
	t.Helper()
	if err := s.DB.QueryRow(`select id from items where sku = 'HAT-RED'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// sized gives the hat sizes, words and a photo, through the page of the set-up.
func (s *shop) sized(t *testing.T) {
	t.Helper()
	at := fmt.Sprintf("/setup/items/%d/options", s.hat(t))
	for _, fields := range [][]string{
		{"name", "Size", "kind", "choice", "required", "on", "run", "on", "position", "1", "choices.0.value", "S", "choices.1.value", "M", "choices.4.value", "X.L", "choices.4.surcharge", "1.50"},
		{"name", "Words", "kind", "text", "most", "30", "help", "They are embroidered.", "position", "2"},
		{"name", "Photo", "kind", "file", "position", "3"},
	} {
		if a := s.clerk.Post(at, fields...); a.Status != http.StatusSeeOther || a.To() != at {
			t.Fatalf("%d to %q: %s", a.Status, a.To(), text(a.Body))
		}
	}
}

func TestOptionsAreSetUpOnAPage(t *testing.T) {
	s := openShop(t)
	at := fmt.Sprintf("/setup/items/%d", s.hat(t))
	if page := s.clerk.Get(at); !strings.Contains(page.Body, `href="`+at+`/options"`) {
		t.Error("the item's page does not lead to its options")
	}
	if page := s.clerk.Get(at + "/options"); !strings.Contains(text(page.Body), "No options yet") {
		t.Errorf("%d %s", page.Status, text(page.Body))
	}
	s.sized(t)
	list := s.clerk.Get(at + "/options")
	if said := text(list.Body); !strings.Contains(said, "S; M; X.L, + 1.50") || !strings.Contains(said, "Up to 30 characters.") {
		t.Errorf("the list says %s", said)
	}
	own := regexp.MustCompile(at + `/options/\d+`).FindString(list.Body)
	page := s.clerk.Get(own)
	if page.Status != http.StatusOK || !strings.Contains(page.Body, `value="X.L"`) || !strings.Contains(page.Body, `value="1.50"`) {
		t.Fatalf("%s: %d", own, page.Status)
	}
	a := s.clerk.Post(own, "name", "Size", "kind", "choice", "choices.0.value", "S", "choices.1.value", "S", "choices.2.surcharge", "lots")
	if said := text(a.Body); a.Status != http.StatusUnprocessableEntity || !strings.Contains(said, "stands twice") || !strings.Contains(said, "not an amount of money") || !strings.Contains(a.Body, `value="lots"`) {
		t.Errorf("%d %s", a.Status, said)
	}
	if a := s.clerk.Post(own, "name", "Size", "kind", "choice", "choices.0.value", "S", "retired", "on"); a.Status != http.StatusSeeOther {
		t.Errorf("%d %s", a.Status, text(a.Body))
	}
	if said := text(s.clerk.Get(at + "/options").Body); !strings.Contains(said, "out of use") {
		t.Errorf("the list says %s", said)
	}
	other := s.count(t, `select min(id) from items where sku = 'MUG-BLUE'`)
	if a := s.clerk.Get(fmt.Sprintf("/setup/items/%d%s", other, own[strings.LastIndex(own, "/options"):])); a.Status != http.StatusNotFound {
		t.Errorf("the option of another item: %d", a.Status)
	}
	if a := s.As(t, s.Member(t, "Pia", staff.Picker)).Post(at+"/options", "name", "X", "kind", "text"); a.Status != http.StatusForbidden {
		t.Errorf("a picker: %d", a.Status)
	}
}

// What is chosen at the desk is on the order's page, on the customer's journey, and with the price.
func TestOptionsAreChosenAtTheDesk(t *testing.T) {
	s := openShop(t)
	s.sized(t)
	form := func(more ...string) []string { return typed(append([]string{"lines.0.sku", "HAT-RED"}, more...)...) }
	if a := s.clerk.Post("/orders", form("action", "options")...); a.Status != http.StatusOK || !strings.Contains(a.Body, `name="lines.0.run.Size.X.L"`) || !strings.Contains(a.Body, "They are embroidered.") || strings.Contains(a.Body, `role="alert"`) {
		t.Errorf("a chosen item shows no options: %d %s", a.Status, text(a.Body))
	}
	a := s.clerk.Post("/orders", form("lines.0.options.Size", "XXL", "lines.0.options.Words", strings.Repeat("<b>", 20))...)
	if said := text(a.Body); a.Status != http.StatusUnprocessableEntity || !strings.Contains(said, `&#34;XXL&#34; is no Size`) || !strings.Contains(a.Body, "&lt;b&gt;&lt;b&gt;") || !strings.Contains(a.Body, `href="#f-lines-0-options-Size"`) {
		t.Fatalf("%d %s", a.Status, said)
	}
	a = s.clerk.Post("/orders", form("key", uuid.NewString(), "lines.0.options.Size", "X.L", "lines.0.options.Words", "To <Anna>")...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	page := s.clerk.Get(a.To())
	if said := squeezed(page.Body); !strings.Contains(said, "Size: X.L (+ 1.50)") || !strings.Contains(page.Body, "To &lt;Anna&gt;") || !strings.Contains(said, "14.00") {
		t.Errorf("the order's page says %s", said)
	}
	var token string
	if err := s.DB.QueryRow(`select journey_token from orders`).Scan(&token); err != nil {
		t.Fatal(err)
	}
	if said := squeezed(s.Visitor(t).Get("/journey/" + token).Body); !strings.Contains(said, "Size: X.L") {
		t.Errorf("the journey says %s", said)
	}
	if said := squeezed(s.clerk.Get(a.To() + "/edit").Body); !strings.Contains(said, "Size: X.L") {
		t.Errorf("the form to change it says %s", said)
	}
}

// A quantity for each size becomes a line for each; all of them count for the break.
func TestSizesAreOrderedAtOnce(t *testing.T) {
	s, ann := openToCustomers(t)
	s.sized(t)
	s.write(t, func(tx *sql.Tx) error {
		return orders.SetPrices(t.Context(), tx, orders.PriceForm{SKU: "HAT-RED", Amount: "10", From: "10"})
	})
	form := []string{"lines.0.sku", "HAT-RED", "lines.0.quantity", "", "lines.0.run.Size.S", "4", "lines.0.run.Size.M", "", "lines.0.run.Size.X.L", "6", "lines.0.options.Words", "Team",
		"lines.2.sku", "MUG-BLUE", "lines.2.quantity", "1"}
	quote := ann.Post("/order", typed(form...)...)
	total(t, quote)
	said := squeezed(quote.Body)
	for _, want := range []string{"10.00 each, the price from 10 on", "11.50 each, the price from 10 on", "Size: S", "Size: X.L", "40.00", "69.00", "Each 12.50; from 10: 10.00"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %s", want, said)
		}
	}
	if !strings.Contains(quote.Body, `name="lines.1.quantity" type="text" value="6"`) {
		t.Error("the lines are not shown to be changed")
	}
	if a := ann.Post("/order", typed("lines.0.sku", "HAT-RED", "lines.0.quantity", "")...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(text(a.Body), "Type how many of each Size") {
		t.Errorf("no size: %d %s", a.Status, text(a.Body))
	}
	if a := ann.Post("/order", typed("lines.0.sku", "HAT-RED", "lines.0.quantity", "", "lines.0.run.Size.M", "many", "lines.0.run.Colour.Red", "1")...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(text(a.Body), `&#34;many&#34; is not a quantity`) || !strings.Contains(text(a.Body), `no option &#34;Colour&#34;`) {
		t.Errorf("a bad size: %d %s", a.Status, text(a.Body))
	}
	a := s.clerk.Post("/orders", typed(append(form, "key", uuid.NewString())...)...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	if n := s.count(t, `select count(*) from order_lines l join order_line_options c using (order_id, line)
		where c.name = 'Size' and (c.value, l.quantity, l.price_minor, l.break_from) in (('S', 4, 1000, 10), ('X.L', 6, 1150, 10))`); n != 2 {
		t.Errorf("%d such lines", n)
	}
}

var keptToken = regexp.MustCompile(`name="lines\.0\.options\.Photo" value="([A-Z2-7]{26})"`)

// A file stays with a form that is refused, is looked at like any picture, and is seen by whoever has the order.
func TestAFileComesWithTheOrderForm(t *testing.T) {
	s := openShop(t, withFiles(t))
	s.write(t, func(tx *sql.Tx) error {
		settings, err := orders.LoadSettings(t.Context(), tx)
		settings.WebWarehouse = inventory.WarehouseID(s.Warehouse)
		if err != nil {
			return err
		}
		return orders.SaveSettings(t.Context(), tx, settings)
	})
	s.sized(t)
	ann := s.Visitor(t)
	const field = "lines.0.options.Photo.file"
	form := func(more ...string) []string {
		return typed(append([]string{"lines.0.sku", "HAT-RED", "lines.0.options.Size", "M"}, more...)...)
	}
	for name, bad := range map[string][]byte{"page.png": []byte("<html><script>alert(1)</script>"), "cut.png": mockup(t, 300, 200)[:60], "empty.png": {}} {
		a := ann.UploadNamed("/order", field, name, bad, form()...)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(text(a.Body), "Line 1: "+name) || strings.Contains(a.Body, "Order and pay") {
			t.Errorf("%s: %d %.300s", name, a.Status, text(a.Body))
		}
	}
	refused := ann.UploadNamed("/order", field, "../<Anna>.png", mockup(t, 300, 200), form("street", "")...)
	token := keptToken.FindStringSubmatch(refused.Body)
	if refused.Status != http.StatusUnprocessableEntity || token == nil || !strings.Contains(refused.Body, "&lt;Anna&gt;.png is here") {
		t.Fatalf("%d %v %s", refused.Status, token, text(refused.Body))
	}
	picture := ann.Get("/order/files/" + token[1])
	if _, kind, err := image.Decode(strings.NewReader(picture.Body)); err != nil || kind != "jpeg" {
		t.Errorf("the picture: %d %s %v", picture.Status, kind, err)
	}
	if a := ann.Get("/order/files/" + strings.Repeat("A", 26)); a.Status != http.StatusNotFound {
		t.Errorf("somebody's token: %d", a.Status)
	}
	key := uuid.NewString()
	seen := total(t, ann.Post("/order", form("key", key, "lines.0.options.Photo", token[1])...))
	placed := ann.Post("/order", form("key", key, "lines.0.options.Photo", token[1], "action", "place", "total", seen)...)
	if placed.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", placed.Status, text(placed.Body))
	}
	if page := ann.Get(placed.To()); !strings.Contains(page.Body, `src="/order/files/`+token[1]+`"`) {
		t.Errorf("the journey does not show the picture")
	}
	if a := ann.UploadNamed("/order", "lines.0.options.Words.file", "a.png", mockup(t, 300, 200), form()...); a.Status != http.StatusOK || s.count(t, `select count(*) from option_files`) != 1 {
		t.Errorf("a file that nobody asked for: %d", a.Status)
	}
}

// Many files of one connection are too many: what is typed stays.
func TestNobodyFillsTheDiskFromOutside(t *testing.T) {
	s, ann := openToCustomers(t)
	s.sized(t)
	var last webtest.Answer
	for range 61 {
		last = ann.UploadNamed("/order", "lines.0.options.Photo.file", "a.png", []byte("x"), typed("lines.0.sku", "HAT-RED", "lines.0.options.Size", "M")...)
	}
	if !strings.Contains(text(last.Body), "Many files came from your connection") || !strings.Contains(last.Body, "Marktplatz 1") {
		t.Errorf("%d %s", last.Status, text(last.Body))
	}
}

// Whoever draws sees the words and the picture, and gets the picture's own bytes.
func TestTheStudioSeesWhatWasOrdered(t *testing.T) {
	s := openShop(t, withFiles(t))
	s.sized(t)
	artist := s.Member(t, "Arno", staff.Artist)
	s.write(t, func(tx *sql.Tx) error {
		flow, err := studio.SaveFlow(t.Context(), tx, studio.Flow{Name: "Signs", Art: true, Making: studio.Workshop}, staff.ID(artist.ID))
		if err != nil {
			return err
		}
		return studio.SetCustom(t.Context(), tx, studio.CustomItem{SKU: "HAT-RED", Flow: flow}, staff.ID(artist.ID))
	})
	picture := mockup(t, 300, 200)
	a := s.clerk.UploadNamed("/orders", "lines.0.options.Photo.file", "anna.png", picture, typed("lines.0.sku", "HAT-RED", "lines.0.options.Size", "M", "lines.0.options.Words", "To <Anna>", "key", uuid.NewString())...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, squeezed(a.Body))
	}
	arno := s.As(t, artist)
	job := arno.Get("/studio/jobs/O-1001.1")
	said := squeezed(job.Body)
	for _, want := range []string{"As ordered", "Size: M", "Words: To &lt;Anna&gt;", "Photo: anna.png"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %s", want, said)
		}
	}
	link := regexp.MustCompile(`/studio/jobs/O-1001\.1/options/[0-9a-f]{64}`).FindString(job.Body)
	if file := arno.Get(link); file.Body != string(picture) || file.Header.Get("Content-Type") != "application/octet-stream" || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%q: %d, %s", link, file.Status, file.Header)
	}
	if file := arno.Get("/studio/jobs/O-1001.1/options/" + strings.Repeat("ab", 32)); file.Status != http.StatusNotFound {
		t.Errorf("another file: %d", file.Status)
	}
	if file := s.As(t, s.Member(t, "Pia", staff.Picker)).Get(link); file.Status != http.StatusForbidden {
		t.Errorf("a picker: %d", file.Status)
	}
}

var seenSpec = regexp.MustCompile(`name="spec" value="([0-9a-f]{64})"`)

// What is made for a customer is made when he has checked it as it is: material, choices, quantities and prices.
func TestACustomerChecksWhatIsMadeForHim(t *testing.T) {
	s, ann := openToCustomers(t)
	s.sized(t)
	by := staff.ID(s.Member(t, "Ada", staff.Admin).ID)
	s.write(t, func(tx *sql.Tx) error {
		flow, err := studio.SaveFlow(t.Context(), tx, studio.Flow{Name: "Hats", Art: true, Making: studio.Workshop}, by)
		if err != nil {
			return err
		}
		return studio.SetCustom(t.Context(), tx, studio.CustomItem{SKU: "HAT-RED", Flow: flow, Blank: "MUG-BLUE"}, by)
	})
	key := uuid.NewString()
	form := func(more ...string) []string {
		return typed(append([]string{"key", key, "lines.0.sku", "HAT-RED", "lines.0.options.Size", "X.L", "lines.0.options.Words", "To Anna"}, more...)...)
	}
	look := ann.Post("/order", form()...)
	seen, spec := total(t, look), seenSpec.FindStringSubmatch(look.Body)
	said := squeezed(look.Body)
	for _, want := range []string{"2 ×", "14.00 each", "Made for you of: Blue mug 330 ml", "Size: X.L (+ 1.50)", "Words: To Anna", "I have checked what is made for me"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %s", want, said)
		}
	}
	if spec == nil {
		t.Fatal("nothing names what is to be checked")
	}
	place := func(more ...string) webtest.Answer {
		return ann.Post("/order", form(append([]string{"action", "place", "total", seen, "spec", spec[1]}, more...)...)...)
	}
	if a := place(); a.Status != http.StatusUnprocessableEntity || !strings.Contains(squeezed(a.Body), "tick that it is right") || !strings.Contains(a.Body, `href="#f-checked"`) {
		t.Errorf("no tick: %d %s", a.Status, squeezed(a.Body))
	}
	if a := place("checked", "on", "lines.0.options.Words", "To Anne"); a.Status != http.StatusConflict || !strings.Contains(squeezed(a.Body), "not what you looked at") || strings.Contains(a.Body, `id="f-checked" name="checked" type="checkbox" checked`) {
		t.Errorf("other words than those that were checked: %d %s", a.Status, squeezed(a.Body))
	}
	if a := place("checked", "on", "spec", ""); a.Status != http.StatusConflict {
		t.Errorf("nothing was looked at: %d", a.Status)
	}
	if n := s.count(t, `select count(*) from orders`); n != 0 {
		t.Fatal("an order was placed that nobody checked")
	}
	a := place("checked", "on")
	if a.Status != http.StatusSeeOther || place("checked", "on").To() != a.To() {
		t.Fatalf("%d %s", a.Status, squeezed(a.Body))
	}
	page := squeezed(s.clerk.Get("/orders/O-1001").Body)
	if !strings.Contains(page, "Specification checked by Ann Archer") || s.count(t, `select count(*) from order_events where what = 'specification checked'`) != 1 {
		t.Errorf("the order's page says %s", page)
	}
	if a := s.clerk.Post("/orders", typed("key", uuid.NewString(), "lines.0.sku", "HAT-RED", "lines.0.options.Size", "M")...); a.Status != http.StatusSeeOther {
		t.Errorf("the office is asked to tick: %d", a.Status)
	}
}

var designLink = regexp.MustCompile(`/setup/designs/(\d+)`)

// A design is set up with its picture and presets, stands in the customers' gallery, and begins an order there and at the desk.
func TestAnOrderBeginsWithADesign(t *testing.T) {
	s := openShop(t, withFiles(t))
	s.sized(t)
	ann := s.Visitor(t)
	if a := ann.Get("/order/gallery"); a.Status != http.StatusNotFound {
		t.Errorf("a house that takes no orders there shows a gallery: %d", a.Status)
	}
	s.write(t, func(tx *sql.Tx) error {
		settings, err := orders.LoadSettings(t.Context(), tx)
		settings.WebWarehouse = inventory.WarehouseID(s.Warehouse)
		if err != nil {
			return err
		}
		return orders.SaveSettings(t.Context(), tx, settings)
	})
	if a := s.clerk.Post("/setup/designs", "name", "", "sku", "HAT-RED", "action", "options"); a.Status != http.StatusOK || !strings.Contains(a.Body, `name="options.Size"`) || strings.Contains(a.Body, `name="options.Photo"`) || strings.Contains(a.Body, `role="alert"`) {
		t.Errorf("the form does not ask for the item's options: %d %s", a.Status, squeezed(a.Body))
	}
	form := []string{"name", "For <Anna>", "sku", "HAT-RED", "options.Size", "X.L", "options.Words", "To Anna"}
	bad := s.clerk.UploadNamed("/setup/designs", "picture", "cat.png", mockup(t, 300, 200), append(form, "options.Size", "XXL", "options.Photo", "x", "name", "")...)
	kept := regexp.MustCompile(`name="preview" value="([0-9a-f]{64})"`).FindStringSubmatch(bad.Body)
	if said := squeezed(bad.Body); bad.Status != http.StatusUnprocessableEntity || kept == nil || !strings.Contains(said, "is no Size") || !strings.Contains(said, "customer&#39;s own") && !strings.Contains(said, "customer’s own") || !strings.Contains(said, "Give the design a name") {
		t.Fatalf("%d %v %s", bad.Status, kept, said)
	}
	if a := s.clerk.Post("/setup/designs", form...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(squeezed(a.Body), "Choose a picture") {
		t.Errorf("no picture: %d", a.Status)
	}
	if a := s.clerk.Post("/setup/designs", append(form, "preview", strings.Repeat("ab", 32))...); a.Status == http.StatusSeeOther {
		t.Error("a picture that is not kept here was taken")
	}
	if a := s.clerk.Post("/setup/designs", append(form, "preview", kept[1])...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, squeezed(a.Body))
	}
	list := s.clerk.Get("/setup/designs")
	id := designLink.FindStringSubmatch(strings.ReplaceAll(list.Body, "/setup/designs/new", ""))
	if said := squeezed(list.Body); id == nil || !strings.Contains(said, "For &lt;Anna&gt;") || !strings.Contains(said, "Size: X.L; Words: To Anna") {
		t.Fatalf("%v %s", id, said)
	}
	if page := ann.Get("/order"); !strings.Contains(page.Body, `href="/order/gallery"`) {
		t.Error("the order form does not lead to the gallery")
	}
	gallery := ann.Get("/order/gallery")
	if said := squeezed(gallery.Body); !strings.Contains(said, "For &lt;Anna&gt;") || !strings.Contains(said, "from 12.50 EUR") {
		t.Errorf("the gallery says %s", said)
	}
	picture := ann.Get("/order/gallery/" + id[1] + "/picture")
	if _, kind, err := image.Decode(strings.NewReader(picture.Body)); err != nil || kind != "jpeg" || picture.Header.Get("Content-Type") != files.PhotoType {
		t.Errorf("the picture: %d %s %v", picture.Status, kind, err)
	}
	for _, who := range []struct {
		is *webtest.Client
		at string
	}{{ann, "/order"}, {s.clerk, "/orders/new"}} {
		begun := who.is.Get(who.at + "?design=" + id[1])
		if !strings.Contains(begun.Body, `<option value="X.L" selected>`) || !strings.Contains(begun.Body, ">To Anna</textarea>") || !strings.Contains(begun.Body, `name="lines.0.quantity" type="text" value="1"`) {
			t.Errorf("%s does not begin with the design: %d", who.at, begun.Status)
		}
		if a := who.is.Get(who.at + "?design=999"); a.Status != http.StatusNotFound {
			t.Errorf("%s with a design that is none: %d", who.at, a.Status)
		}
	}
	own := "/setup/designs/" + id[1]
	if page := s.clerk.Get(own); !strings.Contains(page.Body, `value="For &lt;Anna&gt;"`) || !strings.Contains(page.Body, `<option value="X.L" selected>`) {
		t.Errorf("the form to change it: %d", page.Status)
	}
	if a := s.clerk.Post(own, append(form, "preview", kept[1], "retired", "on")...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, squeezed(a.Body))
	}
	for _, gone := range []string{"/order/gallery/" + id[1] + "/picture", "/order?design=" + id[1]} {
		if a := ann.Get(gone); a.Status != http.StatusNotFound {
			t.Errorf("%s of a design out of use: %d", gone, a.Status)
		}
	}
	if a := s.As(t, s.Member(t, "Pia", staff.Picker)).Get("/setup/designs"); a.Status != http.StatusForbidden {
		t.Errorf("a picker: %d", a.Status)
	}
}

// In a browser the options of an item come as soon as it is chosen, and every page can be used by everybody.
func TestOptionsInABrowser(t *testing.T) {
	s, _ := openToCustomers(t)
	s.sized(t)
	b := s.Browser(t)
	b.Go("/order")
	webtest.Eval[bool](b, `(() => { const s = document.getElementsByName("lines.0.sku")[0]; s.value = "HAT-RED"; return s.dispatchEvent(new Event("change", {bubbles: true})) })()`)
	b.Until(`document.getElementsByName("lines.0.run.Size.X.L").length === 1`)
	at := fmt.Sprintf("/setup/items/%d/options", s.hat(t))
	look := func(name string) {
		for _, size := range [][2]int64{{360, 640}, {1280, 800}} {
			b.Size(size[0], size[1])
			if wide := webtest.Eval[int64](b, `document.documentElement.scrollWidth`); wide > size[0] {
				t.Errorf("%s is %d pixels wide at %d", name, wide, size[0])
			}
			b.Accessible()
			b.Shot(fmt.Sprintf("options-%s-%d", name, size[0]))
		}
	}
	look("order")
	b.Go("/order/gallery")
	look("gallery")
	b.SignIn(s.Member(t, "Carla Clerk", staff.Clerk), "")
	for name, path := range map[string]string{"list": at, "new": at + "/new", "designs": "/setup/designs", "design": "/setup/designs/new", "desk": "/orders/new"} {
		b.Go(path)
		look(name)
	}
}
