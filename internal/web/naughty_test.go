package web_test

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"html"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"tote/internal/demo"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
)

// odd is what a field with a meaning is made to swallow, beside the naughty strings.
var odd = []string{
	"", "0", "-1", "99999999999999999999", "9223372036854775807", "\x00", "a\x00b", "\xff\xfe", "\ufffe", strings.Repeat("4", 4096), "👩‍🚒", "O-1001",
	"1.5", "NaN", "1e9", "B-A-01-1-A", "X-OK", "X-UNDO", "X-SHORT", "+0", "+99999999",
	"2026-13-45", "0000-00-00", "\x1b[2J", "\x1d01", "]C1\x1d00", "\u202e", strings.Repeat("🥨", 3000), "own/", "/", "../../etc/passwd", "%00",
}

// unseen is the forms that sixty orders of the demo do not show, or that begin with something nobody links to; $1 is the
// first of its table.
var unseen = []struct {
	path, of string
	fields   []string
}{
	{"/receiving/$1/note", "select min(id)::text from receipts", []string{"line", "expected", "reason"}},
	{"/receiving/$1/match", "select min(id)::text from receipts", []string{"number"}},
	{"/orders/O-$1/refund", "select min(number)::text from orders", []string{"key", "amount", "method", "reference"}},
	{"/feedback/O-$1/called", "select min(number)::text from orders", []string{"note"}},
	{"/journey/$1/feedback", "select min(journey_token) from orders", []string{"score", "words"}},
	{"/journey/$1/pay", "select min(journey_token) from orders", []string{"key"}},
	{"/orders/O-$1/refund/card", "select min(number)::text from orders", []string{"key", "amount"}},
	{"/orders/O-$1/credit", "select min(number)::text from orders where stage in ('shipped', 'delivered')", []string{"key", "amount", "why"}},
	{"/journey/$1/return", "select min(journey_token) from orders", []string{"key", "note", "lines.0.ref", "lines.0.quantity", "lines.0.reason"}},
	{"/packing/cartons/$1/void", "select min(id)::text from cartons", []string{"tote", "reason"}},
	{"/packing/cartons/$1/label", "select min(id)::text from cartons", []string{"key"}},
	{"/shipments/$1/number", "select min(id)::text from shipments", []string{"carrier", "number", "own", "expected"}},
	{"/returns/$1/note", "select coalesce(min(id), 1)::text from returns", []string{"line", "note"}},
	{"/returns/$1/receive/scan", "select coalesce(min(id), 1)::text from returns", []string{"key", "code", "action", "undo"}},
	{"/returns/$1/inspect/scan", "select coalesce(min(id), 1)::text from returns", []string{"key", "code", "action", "undo", "note"}},
	{"/waves/join", "select '1'", []string{"order"}},
	{"/picking/$1/print", "select min(id)::text from pick_lists", []string{"key"}},
	{"/setup/letters/$1/en/restore", "select 'tracking'", []string{"seen", "version"}},
	{"/studio/uploads/$1/store", "select min(id)::text from art_batches", []string{"lines.0.number", "lines.0.ref"}},
	{"/studio/uploads/$1/drop", "select min(id)::text from art_batches", []string{"number"}},
	{"/journey/$1/artwork/1", "select min(o.journey_token) from orders o join art_jobs j on j.document = 'O-' || o.number where j.state = 'approval'",
		[]string{"verdict", "seen", "chosen", "ticks", "name", "words", "pins.0.proof", "pins.0.x", "pins.0.y", "pins.0.words"}},
	{"/journey/$1/artwork/1/insist", "select min(o.journey_token) from orders o join art_jobs j on j.document = 'O-' || o.number where j.state = 'picture refused'", []string{"sure"}},
	{"/setup/items/$1", "select min(item_id || '/options/' || id) from item_options",
		[]string{"name", "kind", "help", "required", "position", "least", "most", "unit", "run", "retired", "choices.0.value", "choices.0.surcharge"}},
	{"/fulfilment/$1/answer", "select 'J-' || min(id) from work_orders where partner_state = 'handed'", []string{"answer", "reason"}},
	{"/fulfilment/$1/on-the-way", "select 'J-' || min(id) from work_orders where partner_state in ('handed', 'accepted')", []string{"how"}},
	{"/questions/$1", "select min(letters_token) from customers", []string{"List-Unsubscribe"}},
}

// bare is the forms without any field that the demo does not show either: their addresses alone are sent, and /welcome,
// which asks once in the life of a site (cmd/tote: TestStories/own-site).
var bare = []string{"/welcome", "/setup/staff/:id/restore", "/setup/tokens/:id/revoke", "/orders/:id/holds/:hold/clear", "/picking/blocks/:block/clear", "/picking/lists/take-back",
	"/print/:id/retry", "/print/:id/cancel", "/print/:id/reprint", "/print/:id/shown", "/returns/:id/withdraw", "/letters/:id/retry", "/letters/:id/cancel", "/questions/:token/again",
	"/together", "/orders/:id/together", "/orders/:id/apart", "/journey/:token/together", "/pay/:token", "/payments/cards/:event/seen", "/hooks/stripe",
	"/my/:token", "/my/:token/:id", "/my/:token/:id/cancel", "/studio/jobs/:ref/pictures", "/studio/jobs/:ref/insist", "/proof/:token", "/proof/:token/again", "/journey/:token/artwork/:line/pictures"}

// addUnseen adds them to the forms that were found.
func addUnseen(t *testing.T, s *webtest.Site, found map[string]*webtest.Form) {
	t.Helper()
	for _, u := range unseen {
		var id sql.NullString
		if err := s.DB.QueryRow(u.of).Scan(&id); err != nil || !id.Valid {
			t.Fatalf("%s: there is nothing to send it to: %v", u.path, err)
		}
		f := &webtest.Form{Action: strings.ReplaceAll(u.path, "$1", id.String), Method: "post", Scans: true, Kinds: map[string]string{}, Values: url.Values{}}
		for _, field := range u.fields {
			f.Kinds[field] = "text"
		}
		found[routeOf(f.Action)+" "+strings.Join(u.fields, ",")] = f
	}
}

// TestAWarehouseAtWorkBearsEverything sends bad input of every kind to the demo warehouse: every form that an admin
// finds by following links, and the pages that take files.
func TestAWarehouseAtWorkBearsEverything(t *testing.T) {
	s := openDemo(t)
	t.Run("files", func(t *testing.T) { badFiles(t, s) })
	t.Run("every scanning screen", func(t *testing.T) { scanScreens(t, s) })
	t.Run("orders read back as they were typed", func(t *testing.T) { ordersReadBack(t, s) })
	t.Run("forms", func(t *testing.T) { everyForm(t, s) })
}

// everyForm sends each string into each kind of field there is (fields of one name are one kind, whatever form they
// stand on) and into every field a sample of them, drawn with a fixed seed: alone beside what stands there, so that
// the others do not hide it, and with all fields of the form at once. Every answer is a page in our own words, what was
// refused is still there to be mended, and afterwards every page still opens.
func everyForm(t *testing.T, s *webtest.Site) {
	found, pages, met := walk(t, s.As(t, s.Member(t, "Ada", staff.Admin)))
	addUnseen(t, s, found)
	for name := range found {
		met[strings.Fields(name)[0]] = true
	}
	for _, r := range web.Table() {
		if r.Method == http.MethodPost && !met[r.Path] && !slices.Contains(bare, r.Path) {
			t.Errorf("no page of the demo has the form of %s", r.Path)
		}
	}
	mallory := s.Member(t, "Mallory", staff.Admin)
	all := append(naughtyStrings(t), odd...)
	t.Run("sent", func(t *testing.T) {
		for name, whole := range covering(found) {
			f := found[name]
			t.Run(strings.ReplaceAll(strings.Fields(name)[0], "/", "_"), func(t *testing.T) {
				t.Parallel()
				c, dice := s.As(t, mallory), rand.New(rand.NewPCG(1, uint64(len(name))))
				texts := all
				if !whole {
					texts = sample(dice, all, 20)
				}
				fields := slices.Sorted(maps.Keys(f.Kinds))
				for i := 0; i < len(texts) && !t.Failed(); i++ {
					typed := map[string]string{}
					for j, field := range fields {
						typed[field] = texts[(i+j)%len(texts)]
					}
					bears(t, c, f, typed)
				}
				for _, field := range fields {
					for _, n := range sample(dice, all, 5) {
						if !t.Failed() {
							bears(t, c, f, map[string]string{field: n})
						}
					}
				}
			})
		}
	})
	c := s.As(t, mallory)
	for _, path := range bare {
		for _, id := range []string{"0", "-1", "99999999999999999999", "x", "%00", "%ff"} {
			if a := c.Post(regexp.MustCompile(`:[a-z]+`).ReplaceAllString(path, id)); a.Status >= http.StatusInternalServerError {
				t.Errorf("%s answers %d to %s", path, a.Status, id)
			}
		}
	}
	for _, p := range pages {
		if a := c.Get(p); a.Status >= http.StatusInternalServerError {
			t.Errorf("%s is broken afterwards: %d", p, a.Status)
		}
	}
}

// covering says of each form whether it gets every string: as few of them as it takes to have each kind of field.
func covering(found map[string]*webtest.Form) map[string]bool {
	whole, covered := map[string]bool{}, map[string]bool{}
	fresh := func(name string) (n int) {
		for field := range found[name].Kinds {
			if typedInto(found[name], field) && !covered[kindOf(field)] {
				n++
			}
		}
		return n
	}
	names := slices.Sorted(maps.Keys(found))
	for {
		best := slices.MaxFunc(names, func(a, b string) int { return fresh(a) - fresh(b) })
		for _, name := range names {
			whole[name] = whole[name] || name == best && fresh(best) > 0
		}
		if fresh(best) == 0 {
			return whole
		}
		for field := range found[best].Kinds {
			covered[kindOf(field)] = true
		}
	}
}

func sample(dice *rand.Rand, all []string, n int) (some []string) {
	for range n {
		some = append(some, all[dice.IntN(len(all))])
	}
	return some
}

// kindOf is a field's name without the number of its line: lines.0.sku and lines.3.sku are checked alike.
func kindOf(field string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, field), ".")
}

// longestQuery is what the address of a page may hold beside its path.
const longestQuery = 4000

// raw is what only a program says.
var raw = regexp.MustCompile(`pq: |sql: |strconv\.|json: |runtime error|invalid input syntax|violates |goroutine `)

// bears sends what is typed in a form; the other fields keep what they hold.
func bears(t *testing.T, c *webtest.Client, f *webtest.Form, typed map[string]string) {
	t.Helper()
	var fields []string
	for name := range f.Values {
		if _, mine := typed[name]; !mine && name != "key" {
			fields = append(fields, name, f.Values.Get(name))
		}
	}
	for name, n := range typed {
		fields = append(fields, name, n)
	}
	a := send(c, f, fields)
	switch {
	case a.Status < http.StatusOK || a.Status >= http.StatusInternalServerError:
		t.Errorf("%s answers %d to %+.200q", f.Action, a.Status, typed)
	case strings.HasPrefix(a.To(), "/sign-in"):
		t.Fatalf("%s signs out at %+.200q", f.Action, typed)
	case a.Status >= http.StatusBadRequest && !strings.Contains(fmt.Sprint(typed), raw.FindString(a.Body)):
		t.Errorf("%s says %q to %+.200q", f.Action, raw.FindString(a.Body), typed)
	case len(typed) == 1 && a.Status == http.StatusUnprocessableEntity && f.Method == "post" && !f.Scans && !scanned(f):
		kept(t, f, typed, a)
	}
}

// kept holds the fields of the refused form against what was typed.
func kept(t *testing.T, f *webtest.Form, typed map[string]string, a webtest.Answer) {
	t.Helper()
	page, err := webtest.ReadPage(nil, a.Status, []byte(a.Body))
	if err == nil && !slices.ContainsFunc(page.Forms, func(g *webtest.Form) bool { return g.Action == f.Action }) {
		return // an earlier string was taken, and that was the end of it: an order that is closed is not closed again
	}
	if err != nil {
		t.Errorf("%s: the refusal of %+.200q cannot be read: %v", f.Action, typed, err)
		return
	}
	for name, n := range typed {
		if !typedInto(f, name) || !plain(n) {
			continue
		}
		if !slices.ContainsFunc(page.Forms, func(g *webtest.Form) bool { return holds(g, kindOf(name), strings.TrimSpace(n)) }) {
			t.Errorf("%s: what was typed into %s is not in the refused form: %+.80q", f.Action, name, n)
		}
	}
}

// typedInto reports whether a field takes what somebody types.
func typedInto(f *webtest.Form, field string) bool {
	return slices.Contains([]string{"text", "email", "tel", "date", "textarea", "number", "search", "url"}, f.Kinds[field])
}

// holds reports whether a field of this kind holds a text; lines without anything in them close up.
func holds(f *webtest.Form, kind, text string) bool {
	for name, values := range f.Values {
		if kindOf(name) == kind && strings.TrimSpace(strings.Join(values, "")) == text {
			return true
		}
	}
	return text == ""
}

// scanned reports whether what a form takes comes from a scanner: nobody mends that, it is scanned anew.
func scanned(f *webtest.Form) bool {
	return strings.HasPrefix(f.Action, "/sign-in") || f.Action == "/scan"
}

// plain reports whether a browser could hold a text unchanged in every kind of field.
func plain(s string) bool {
	return utf8.ValidString(s) && len(s) < 2000 && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF })
}

func send(c *webtest.Client, f *webtest.Form, typed []string) webtest.Answer {
	switch {
	case f.Files:
		return c.Upload(f.Action, "file", []byte(strings.Join(typed, ",")), typed...)
	case f.Method == "post":
		return c.Post(f.Action, typed...)
	}
	query := url.Values{}
	for i := 0; i < len(typed); i += 2 {
		query.Set(typed[i], typed[i+1])
	}
	if len(query.Encode()) > longestQuery {
		return c.Get(f.Action) // the server answers 431 to more before anything of ours is asked
	}
	return c.Get(f.Action + "?" + query.Encode())
}

// walk follows every link from the menu, at most five times to each route, and gathers the forms by where they lead and
// what they hold.
func walk(t *testing.T, c *webtest.Client) (found map[string]*webtest.Form, pages []string, met map[string]bool) {
	t.Helper()
	found, met = map[string]*webtest.Form{}, map[string]bool{}
	queue := []string{"/"}
	for _, r := range web.Table() {
		if r.Method == http.MethodGet && !strings.Contains(r.Path, ":") {
			queue = append(queue, r.Path)
		}
	}
	been, often := map[string]bool{}, map[string]int{}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		address, err := url.Parse(at)
		if route := routeOf(address.Path); err != nil || been[at] || often[route] == 5 || route == "" {
			continue
		} else {
			been[at] = true
			often[route]++
		}
		a := c.Get(at)
		if a.Status >= http.StatusInternalServerError {
			t.Errorf("%s answers %d", at, a.Status)
		}
		if a.To() != "" {
			queue = append(queue, a.To())
		}
		if a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		pages = append(pages, at)
		p, err := webtest.ReadPage(address, a.Status, []byte(a.Body))
		if err != nil {
			t.Errorf("%s: %v", at, err)
			continue
		}
		for _, f := range p.Forms {
			to, err := address.Parse(f.Action)
			if err == nil {
				met[routeOf(to.Path)] = true
				for _, b := range f.Buttons {
					met[routeOf(b.Action)] = true
				}
			}
			if err != nil || len(f.Kinds) == 0 || routeOf(to.Path) == "" || strings.HasPrefix(f.Action, "/sign-out") {
				continue
			}
			f.Action = to.Path
			few(f)
			found[routeOf(to.Path)+" "+strings.Join(slices.Sorted(maps.Keys(f.Kinds)), ",")] = f
		}
		for _, l := range p.Links {
			if to, err := address.Parse(l.To); err == nil && (to.Host == "" || to.Host == "demo.example") {
				queue = append(queue, to.Path+query(to))
			}
		}
	}
	return found, pages, met
}

// few leaves three of hundreds of tick boxes: one for each unpaid order.
func few(f *webtest.Form) {
	ticks := slices.DeleteFunc(slices.Sorted(maps.Keys(f.Kinds)), func(n string) bool { return !strings.HasPrefix(n, "pay.") })
	for _, n := range ticks[min(3, len(ticks)):] {
		delete(f.Kinds, n)
		delete(f.Values, n)
	}
}

func query(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	return "?" + u.RawQuery
}

// routeOf is the pattern of the table that a path fits; "" for none.
func routeOf(path string) string {
	parts := strings.Split(path, "/")
	for _, r := range web.Table() {
		want := strings.Split(r.Path, "/")
		if slices.EqualFunc(want, parts, func(w, p string) bool { return w == p || strings.HasPrefix(w, ":") && p != "" }) {
			return r.Path
		}
	}
	return ""
}

// openDemo serves the demo warehouse: something at every stage.
func openDemo(t *testing.T) *webtest.Site {
	t.Helper()
	db := pgtest.DB(t)
	if _, err := demo.Fill(pg.Patience(t.Context(), 5*time.Minute), db, demo.Options{Orders: 60, Files: files.In(t.TempDir()), BaseURL: "http://demo.example", Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	app := web.New(web.Deps{DB: db, Files: files.In(t.TempDir()), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))})
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(line) }()
	t.Cleanup(func() {
		if err := app.ShutdownWithTimeout(time.Second); err != nil {
			t.Log(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	s := &webtest.Site{URL: "http://" + line.Addr().String(), DB: db}
	if err := db.QueryRow(`select min(id) from warehouses`).Scan(&s.Warehouse); err != nil {
		t.Fatal(err)
	}
	return s
}

// ordersReadBack places an order with each naughty string in every field that takes free text:
// what is stored is shown unchanged, what is refused says why and keeps what was typed.
func ordersReadBack(t *testing.T, s *webtest.Site) {
	c := s.As(t, s.Member(t, "Clara", staff.Clerk))
	var sku string
	if err := s.DB.QueryRow(`select sku from items join prices on prices.item_id = items.id order by items.id limit 1`).Scan(&sku); err != nil {
		t.Fatal(err)
	}
	stored := 0
	for _, n := range naughtyStrings(t) {
		a := c.Post("/orders", "name", n, "email", "ann@example.com", "reference", n, "recipient", n, "company", n, "street", n, "street2", n, "city", n, "region", n,
			"postcode", "LS1 4AP", "country", "GB", "trip", "own/standard", "notes", n, "lines.0.sku", sku, "lines.0.quantity", "1")
		page := a.Body
		switch a.Status {
		case http.StatusSeeOther:
			stored++
			page = c.Get(a.To()).Body
		case http.StatusUnprocessableEntity:
			if !strings.Contains(page, "Nothing was stored") {
				t.Errorf("%+.40q is refused without a reason", n)
			}
			continue
		default:
			t.Fatalf("%+.40q answers %d", n, a.Status)
		}
		if typed := strings.TrimSpace(n); strings.Count(html.UnescapeString(page), typed) < 2 {
			t.Errorf("%+.40q is not shown as it was typed", n)
		}
	}
	if stored < 100 {
		t.Errorf("only %d of the strings were taken", stored)
	}
}

// sheets is a header and a good row for every page that takes a file: %[1]s is an item's SKU, %[2]s an empty bin, %[3]s a
// customer.
var sheets = map[string][2]string{
	"/orders/load":            {"order,customer,recipient,street,city,postcode,country,carrier,service,sku,quantity", `A-1,%[3]s,"Ann, of Leeds",Elm Road 7,Leeds,LS2 3AB,GB,own,standard,%[1]s,1`},
	"/customers/load":         {"code,name,email,on_terms,credit_limit", `NEW-1,"Ann, of Leeds",ann@example.com,no,`},
	"/prices/load":            {"sku,amount", `%[1]s,"5.00"`},
	"/setup/items/csv":        {"sku,name,length_mm,weight_g,bin_class", `NEW-1,"Mug, blue",10,10,shelf`},
	"/setup/locations/csv":    {"code,kind,parent,use,bin_class", `NEW-1,bin,,"pickable",shelf`},
	"/setup/boxes/csv":        {"code,name,inner_length_mm,inner_width_mm,inner_height_mm,outer_length_mm,outer_width_mm,outer_height_mm,weight_g,max_weight_g", `NEW1,"Box, new",100,100,100,110,110,110,50,5000`},
	"/setup/staff/csv":        {"roles,name,pin", `picker,"Nia, new",583920`},
	"/stock/opening":          {"location,sku,quantity", `%[2]s,%[1]s,"1"`},
	"/receiving/expected/csv": {"number,supplier,sku,quantity", `PO-NEW,"Potter, Sons",%[1]s,3`},
}

// badFiles sends to every page that reads a table: ten thousand bad rows, half a file, a file in the wrong letters; nothing
// is stored. Then a good row in each way that spreadsheets write it, of which the first is stored and the others say so.
func badFiles(t *testing.T, s *webtest.Site) {
	c := s.As(t, s.Member(t, "Ada", staff.Admin))
	sku, customer := one(t, s, `select sku from items join prices on prices.item_id = items.id order by items.id limit 1`), one(t, s, `select code from customers order by id limit 1`)
	bin := one(t, s, `select code from locations l where kind = 'bin' and use = 'pickable' and not exists (select from balances b where b.location_id = l.id) order by id limit 1`)
	before := rowsOf(t, s)
	for path, file := range sheets {
		head, good := file[0], strings.NewReplacer("%[1]s", sku, "%[2]s", bin, "%[3]s", customer).Replace(file[1])
		many := 10_000
		if path == "/setup/staff/csv" {
			many = 300 // as many as it takes
		}
		for name, bad := range map[string]struct{ content, says string }{
			"bad rows":      {head + "\n" + strings.Repeat(strings.Repeat("!,", strings.Count(head, ","))+"!\n", many), "Line 2"},
			"half a file":   {head + "\n" + good[:strings.Index(good, `"`)+2], "Line 2: a quotation mark is not closed"},
			"half a row":    {head + "\n" + good[:strings.Index(good, ",")], "Line 2: has 1 cells"},
			"UTF-16":        {"\xff\xfe" + wide(head+"\n"+good), "not UTF-8"},
			"an empty file": {"", "header"},
			"only a header": {head + "\n", "no rows"},
		} {
			if a := c.Upload(path, "file", []byte(bad.content)); a.Status != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(a.Body), bad.says) {
				t.Errorf("%s answers %d to %s and does not say %q: %.600s", path, a.Status, name, bad.says, text(a.Body))
			}
		}
		if after := rowsOf(t, s); after != before {
			t.Errorf("%s: there were %s rows, now there are %s", path, before, after)
		}
		semicolons := strings.ReplaceAll(head, ",", ";") + "\r\n" + strings.Join(cells(t, good), ";") + "\r\n"
		if a := c.Upload(path, "file", []byte("\ufeff"+semicolons)); a.Status >= http.StatusBadRequest {
			t.Errorf("%s answers %d to a good file of a spreadsheet: %s", path, a.Status, text(a.Body))
		}
		before = rowsOf(t, s)
	}
}

// wide is plain text as UTF-16, little end first.
func wide(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// cells are the cells of a row, each between quotation marks.
func cells(t *testing.T, row string) (list []string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(row)).Read()
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range all {
		list = append(list, `"`+cell+`"`)
	}
	return list
}

// scanScreens sends a code of every kind to every screen that takes scans. What it does not want it names, and it says
// what it wants; no answer is a fault, and 4 kB or a NUL are no code at all.
func scanScreens(t *testing.T, s *webtest.Site) {
	c := s.As(t, s.Member(t, "Ada", staff.Admin))
	c.Post("/sign-in/station", "code", one(t, s, `select code from stations where kind = 'packing' order by id limit 1`))
	list := one(t, s, `select id::text from pick_lists where state <> 'cancelled' order by id desc limit 1`)
	screens := []string{"/receiving", "/receiving/" + one(t, s, `select max(id)::text from receipts`), "/putaway", "/picking", "/picking/" + list, "/packing",
		"/packing/" + one(t, s, `select ref from demands order by id desc limit 1`), "/sorting", "/loading", "/deliveries", "/returns/receive"}
	codes := map[string]string{
		"bin": "B-" + one(t, s, `select code from locations where kind = 'bin' order by id desc limit 1`), "item": one(t, s, `select code from barcodes order by code limit 1`),
		"tote": "T-1", "badge": one(t, s, `select badge from staff order by id limit 1`), "order": "O-1", "list": "P-999999", "station": "K-999", "return": "R-999999",
		"parcel": "00095212340000000013", "command": "X-SHORT", "quantity": "+7", "unknown": "NO SUCH THING",
	}
	wants := regexp.MustCompile(`(?i)\b(scan|take|look|call|type|ask|weigh|finish|put|try|announce)\b`)
	names := regexp.MustCompile(`\b(is|This is) an? |\b[OPRTK]-[0-9]+|Nothing of |item first|this list`) // its kind, the document it leads to, the item it means
	for _, screen := range screens {
		for kind, code := range codes {
			a := c.Scan(screen, code)
			page, err := webtest.ReadPage(nil, a.Status, []byte(a.Body))
			if err != nil || a.Status >= http.StatusInternalServerError {
				t.Errorf("%s answers %d to %s, %v", screen, a.Status, code, err)
				continue
			}
			if said := said(a.Body); page.Result == "wrong" && (!wants.MatchString(said) || !names.MatchString(said) && !strings.Contains(said, code)) {
				t.Errorf("%s, %s: %q does not say what was scanned and what is wanted", screen, kind, said)
			}
		}
		for code, says := range map[string]string{strings.Repeat("4", 5000): "too long", "B-\x00A": "characters"} {
			if a := c.Scan(screen, code); !strings.Contains(a.Body, says) {
				t.Errorf("%s answers %d to %.10q and does not say %q", screen, a.Status, code, says)
			}
		}
	}
}

var lastSaid = regexp.MustCompile(`(?s)class="last[^>]*>(.*?)</p>`)

// said is what a scanning screen says of the last scan.
func said(body string) string {
	if m := lastSaid.FindStringSubmatch(body); m != nil {
		return webtest.Single(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[1], " ")))
	}
	return ""
}

func one(t *testing.T, s *webtest.Site, query string) (found string) {
	t.Helper()
	if err := s.DB.QueryRow(query).Scan(&found); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return found
}

// rowsOf counts what a file could have stored.
func rowsOf(t *testing.T, s *webtest.Site) string {
	t.Helper()
	var n [6]int64
	if err := s.DB.QueryRow(`select (select count(*) from orders), (select count(*) from customers), (select count(*) from prices),
		(select count(*) from items), (select count(*) from locations), (select count(*) from expected_receipts)`).Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5]); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(n)
}

// TestAThousandSignIns: a script that tries PIN after PIN is told to wait, quickly, and nothing breaks. The right PIN does
// not help while the door is closed, and does when the time is over.
func TestAThousandSignIns(t *testing.T) {
	s := webtest.Open(t)
	ada := s.Member(t, "Ada", staff.Admin)
	c := s.As(t, ada)
	waits := 0
	for i := range 1000 {
		a := c.Post("/sign-in", "badge", ada.Badge, "pin", fmt.Sprintf("%06d", i))
		if a.Status != http.StatusForbidden {
			t.Fatalf("try %d answers %d", i, a.Status)
		}
		if strings.Contains(a.Body, "Wait") {
			waits++
		}
	}
	if waits < 900 {
		t.Errorf("only %d of a thousand were told to wait", waits)
	}
	if a := c.Post("/sign-in", "badge", ada.Badge, "pin", webtest.PIN); a.Status != http.StatusForbidden || !strings.Contains(a.Body, "Wait") {
		t.Errorf("the right PIN behind a closed door answers %d", a.Status)
	}
	if _, err := s.DB.Exec(`update sign_in_failures set locked_until = now()`); err != nil {
		t.Fatal(err)
	}
	if a := c.Post("/sign-in", "badge", ada.Badge, "pin", webtest.PIN); a.Status != http.StatusSeeOther {
		t.Errorf("the right PIN afterwards answers %d", a.Status)
	}
}
