package main

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/web/webtest"
	"tote/inventory"
)

// TestAWaveInABrowser: a manager gives a template its timetable, and it releases itself while two zones of another wave
// are picked and sorted; on the cart a bin is short and an urgent order joins. Everything reaches packing, by scans alone.
func TestAWaveInABrowser(t *testing.T) {
	d := openDay(t)
	d.hall()
	mara := d.hire("Mara", staff.Manager)
	eva := d.hire("Eva", staff.Picker, staff.Packer)
	pavel := d.hire("Pavel", staff.Picker)

	d.place("zone 1", "5", "MUG-BLUE", 1, "POT-TEA", 1)
	d.place("zone 2", "5", "MUG-BLUE", 2, "POT-TEA", 2)
	d.shift(mara, "")
	d.schedule()
	d.releaseZones()

	d.shift(pavel, "")
	d.zone("WEST", "T-1")
	d.shift(eva, "")
	d.zone("EAST", "T-2")
	d.sort("T-1", "T-2")
	d.packFromSlot()

	d.place("cart 1", "0", "MUG-RED", 1, "MUG-BLUE", 1)
	d.place("cart 2", "0", "MUG-RED", 1)
	d.place("cart 3", "0", "POT-TEA", 1, "MUG-RED", 1)
	d.shift(pavel, "")
	d.cart()

	d.shift(mara, "")
	d.board()
	d.s.check(false, nil)
}

// hall adds to the house: two zones with an aisle each, a put-wall of four slots, and goods in the bins.
func (d *day) hall() {
	d.in(func(ctx context.Context, tx *sql.Tx) error {
		_, err := inventory.ImportLocations(ctx, tx, d.s.warehouse, strings.NewReader(`code,kind,parent,use,bin_class,x_mm,y_mm,z_mm
WEST,zone,,,,0,0,0
EAST,zone,,,,0,0,0
A,aisle,WEST,,,1000,2000,0
E,aisle,EAST,,,9000,2000,0
E-01-1-A,bin,E,pickable,shelf,8800,2600,0
E-02-1-A,bin,E,pickable,shelf,9200,4600,0
WALL-1,wall,,,,0,0,0
T-11,tote,WALL-1,,,0,0,0
T-12,tote,WALL-1,,,0,0,0
T-13,tote,WALL-1,,,0,0,0
T-14,tote,WALL-1,,,0,0,0
`))
		return err
	})
	for _, lies := range [][]string{{"A-01-1-A", "MUG-BLUE", "20"}, {"A-02-1-B", "MUG-RED", "5"}, {"A-01-1-B", "MUG-RED", "9"}, {"E-02-1-A", "POT-TEA", "12"}} {
		d.s.stock(false, lies)
	}
}

// place takes an order by phone and its payment, so that it reaches the floor.
func (d *day) place(key, priority string, lines ...any) orders.Number {
	d.t.Helper()
	f := orders.Form{Channel: orders.Phone, Name: "Anna Archer", Email: "anna@example.com", Recipient: "Anna Archer", Street: "Elm Road 7", City: "Leeds",
		Postcode: "LS2 3AB", Country: "GB", Carrier: "own", Service: "standard", Priority: priority}
	for i := 0; i < len(lines); i += 2 {
		f.Lines = append(f.Lines, orders.FormLine{SKU: lines[i].(string), Quantity: fmt.Sprint(lines[i+1])})
	}
	var number orders.Number
	d.in(func(ctx context.Context, tx *sql.Tx) error {
		placed, err := orders.Place(ctx, tx, orders.Submission{Key: key, Warehouse: d.s.warehouse, By: d.s.boss, At: time.Now(), Form: f})
		if err != nil {
			return err
		}
		number = placed.Number
		_, err = orders.Pay(ctx, tx, orders.Payment{Key: key, Orders: []orders.Number{placed.Number}, Amount: placed.Total.Amount(), Method: "cash", Reference: key,
			By: d.s.boss, At: time.Now()})
		return err
	})
	return number
}

// schedule makes a template for carts that is released each day, a minute or two from now.
func (d *day) schedule() {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		d.t.Fatal(err)
	}
	d.Go("/waves")
	d.shot("waves-empty")
	d.Go("/waves/templates/new")
	d.fill("name", "Afternoon truck")
	d.fill("method", "cluster")
	d.fill("max_priority", "4")
	d.fill("list_totes", "4")
	for day := 1; day <= 7; day++ {
		d.tick(fmt.Sprintf("days_%d", day))
	}
	d.fill("times", time.Now().In(london).Add(90*time.Second).Format("15:04"))
	d.shot("template")
	d.wide("template")
	d.press("Save")
	d.Sees("body", "Afternoon truck")
	d.shot("template-kept")
}

// tick ticks a box by its name.
func (d *day) tick(name string) {
	d.t.Helper()
	if !webtest.Eval[bool](d.Browser, fmt.Sprintf(`(() => { const f = document.querySelector('[name=%q]'); if (!f) return false; f.checked = true; return true })()`, name)) {
		d.t.Fatalf("there is no box %q", name)
	}
}

// releaseZones previews a wave by hand and releases it.
func (d *day) releaseZones() {
	d.Go("/waves/preview")
	d.fill("method", "zone")
	d.fill("min_priority", "5")
	d.shot("preview-form")
	d.press("Preview")
	d.Sees("body", "WEST")
	d.Sees("body", "EAST")
	d.shot("preview")
	d.wide("preview")
	d.press("Release")
	d.Until(`/^\/waves\/\d+$/.test(location.pathname) && document.readyState === "complete"`)
	d.Until(`[...document.querySelectorAll("main svg")].some((s) => s.textContent.includes("P-1"))`)
	d.shot("wave")
	d.wide("wave")
}

// zone picks the list of a zone into a tote, as its screens say.
func (d *day) zone(code, tote string) {
	d.Go("/picking")
	d.Scan("B-" + code)
	d.Until(`/^\/picking\/\d+$/.test(location.pathname) && document.readyState === "complete"`)
	d.says(tote, "Into tote "+tote)
	d.shot("zone-" + code)
	d.walkOn()
	d.Sees("body", "Carry the tote to the put-wall")
	d.shot("zone-" + code + "-done")
}

// barcodes are what a worker reads off the goods.
var barcodes = map[string]string{"Blue mug": mug, "Red mug": "9521234000013", "Tea pot": "9521234000020"}

var printedTote = regexp.MustCompile(`^T-\d+$`)

// walkOn scans what the screen asks for until the list is finished or until says so; an empty tote is the next of totes.
func (d *day) walkOn(totes ...string) {
	d.t.Helper()
	for range 60 {
		next, target := d.screen()
		switch {
		case strings.Contains(next, "Carry the tote"):
			return
		case strings.Contains(next, "Scan an empty tote"):
			d.pull(totes[0])
			totes = totes[1:]
		case printedTote.MatchString(target):
			d.pull(target)
		case strings.Contains(next, "Scan the bin"):
			d.pull("B-" + target)
		default:
			d.pull(barcodes[target])
		}
	}
	d.t.Fatal("the walk does not end")
}

// screen is what the card asks for now, and the thing it shows large.
func (d *day) screen() (next, target string) {
	card := strings.SplitN(webtest.Eval[string](d.Browser, `[".job .next", ".job .target"].map((s) => document.querySelector(s)?.innerText.trim() ?? "").join("\n")`), "\n", 2)
	return card[0], card[1]
}

// pull scans a code that must be right, and waits for the answer.
func (d *day) pull(code string) string {
	d.t.Helper()
	const last = `document.querySelector(".last")?.innerText + document.querySelector("[name=undo]")?.value + document.querySelectorAll("[name=undo]").length + document.querySelector(".far")?.innerText + document.querySelector(".job")?.innerText`
	before := webtest.Eval[string](d.Browser, last)
	d.Scan(code)
	d.Until(fmt.Sprintf(`(%s) !== %q`, last, before))
	said := webtest.Eval[string](d.Browser, `document.querySelector(".last").className + ": " + document.querySelector(".last").innerText`)
	if strings.HasPrefix(said, "last wrong") {
		d.Shot("failed-pull")
		d.t.Fatalf("scanned %s: %s", code, strings.Join(strings.Fields(said), " "))
	}
	return said
}

// sort brings totes to the put-wall and puts every piece into its slot.
func (d *day) sort(totes ...string) {
	d.Go("/sorting")
	d.shot("wall-empty")
	complete := 0
	for _, tote := range totes {
		for said := d.pull(tote); ; {
			next, target := d.screen()
			if strings.Contains(said, "is complete") {
				complete++
				d.shot("wall-complete")
			}
			if strings.Contains(next, "Scan a tote") {
				break
			}
			if strings.Contains(next, "slot") {
				said = d.pull(target)
				continue
			}
			item := "Blue mug"
			if tote == "T-2" {
				item = "Tea pot"
			}
			said = d.pull(barcodes[item])
			d.shot("wall-slot")
		}
	}
	if complete != 2 {
		d.t.Errorf("%d orders are complete in their slots, want 2", complete)
	}
}

// packFromSlot packs what lies in the first slot.
func (d *day) packFromSlot() {
	d.Go("/sign-in/station")
	d.Scan("K-7")
	d.Until(`["/menu", "/home", "/quotes"].includes(location.pathname) && document.readyState === "complete"`)
	d.Go("/packing")
	d.Scan("T-11")
	d.Until(`location.pathname.startsWith("/packing/O-") && document.readyState === "complete"`)
	d.shot("pack-slot")
}

// cart picks the wave that released itself, with a bin that is short and an urgent order on the way.
func (d *day) cart() {
	var wave string
	for end := time.Now().Add(4 * time.Minute); wave == ""; {
		if time.Now().After(end) {
			d.t.Fatal("the wave never released itself")
		}
		row := d.s.db.QueryRow(`select 'W-' || id from waves where name = 'Afternoon truck' and released_by is null`)
		if err := row.Scan(&wave); err != nil && err != sql.ErrNoRows {
			d.t.Fatal(err)
		}
	}
	d.Go("/picking")
	d.Scan("X-OK")
	d.Until(`/^\/picking\/\d+$/.test(location.pathname) && document.readyState === "complete"`)
	d.shot("cart-mount")
	for _, tote := range []string{"T-1", "T-2", "T-3"} {
		d.pull(tote)
	}
	d.shot("cart-bin")
	d.untilItem("Red mug")
	d.pull("X-EMPTY") // the books say that one is there
	d.shot("cart-short")
	urgent := d.place("urgent", "9", "MUG-BLUE", 1)
	d.Until(fmt.Sprintf(`document.body.innerText.includes(%q) || (location.reload(), false)`, fmt.Sprintf("%s is urgent and joined your walk", urgent)))
	d.shot("cart-urgent")
	d.walkOn("T-4")
	d.shot("cart-done")
}

// untilItem walks on to a bin of an item.
func (d *day) untilItem(name string) {
	d.t.Helper()
	for range 20 {
		next, target := d.screen()
		switch {
		case target == name:
			return
		case printedTote.MatchString(target):
			d.pull(target)
		case strings.Contains(next, "Scan the bin"):
			d.pull("B-" + target)
		default:
			d.pull(barcodes[target])
		}
	}
	d.t.Fatalf("the walk never comes to %s", name)
}

// board looks at what became of it: every order is ready for a packer, and the board tells how it went.
func (d *day) board() {
	var waiting int
	if err := d.s.db.QueryRow(`select count(*) from demands where state <> 'picked'`).Scan(&waiting); err != nil || waiting != 0 {
		d.t.Errorf("%d orders did not reach packing, %v", waiting, err)
	}
	d.Go("/waves")
	d.Sees("body", "Afternoon truck")
	d.shot("waves")
	d.wide("waves")
}
