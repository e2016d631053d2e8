package crawl_test

import (
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/demo"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
)

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
	if _, err := s.DB.Exec(`analyze`); err != nil { // nobody else does it here, and each page is asked hundreds of times
		t.Fatal(err)
	}
	for name := range found {
		met[strings.Fields(name)[0]] = true
	}
	for _, r := range routes() {
		if r.Method == http.MethodPost && !met[r.Path] && !slices.Contains(bare, r.Path) {
			t.Errorf("no page of the demo has the form of %s", r.Path)
		}
	}
	mallory := s.Member(t, "Mallory", staff.Admin)
	all := append(webtest.NaughtyStrings(t), odd...)
	t.Run("sent", func(t *testing.T) {
		for name, whole := range covering(found) {
			f := found[name]
			t.Run(strings.ReplaceAll(strings.Fields(name)[0], "/", "_"), func(t *testing.T) {
				t.Parallel()
				c, dice := s.As(t, mallory), rand.New(rand.NewPCG(1, uint64(len(name))))
				texts := all
				if !whole {
					texts = webtest.Sample(dice, all, 20)
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
					for _, n := range webtest.Sample(dice, all, 5) {
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

// kindOf is a field's name without the number of its line: lines.0.sku and lines.3.sku are checked alike. So are the
// quantities of all sizes.
func kindOf(field string) string {
	if line, _, run := strings.Cut(field, ".run."); run {
		field = line + ".quantity" // a refused form has a line for each
	}
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, field), ".")
}

// most is how often a route is followed: the page of a job has other forms in each of its states.
func most(route string) int {
	if route == "/studio/jobs/:ref" {
		return 40
	}
	return 5
}

// walk follows every link from the menu, at most five times to each route, and gathers the forms by where they lead and
// what they hold.
func walk(t *testing.T, c *webtest.Client) (found map[string]*webtest.Form, pages []string, met map[string]bool) {
	t.Helper()
	found, met = map[string]*webtest.Form{}, map[string]bool{}
	queue := []string{"/"}
	for _, r := range routes() {
		if r.Method == http.MethodGet && !strings.Contains(r.Path, ":") {
			queue = append(queue, r.Path)
		}
	}
	been, often := map[string]bool{}, map[string]int{}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		address, err := url.Parse(at)
		if route := routeOf(address.Path); err != nil || been[at] || often[route] == most(route) || route == "" {
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

// routes is what the program answers to, each path with its parts.
var routes = sync.OnceValue(func() (all []route) {
	for _, r := range web.New(web.Deps{}).GetRoutes(true) {
		all = append(all, route{r, strings.Split(r.Path, "/")})
	}
	return all
})

type route struct {
	fiber.Route
	parts []string
}

// routeOf is the pattern that a path fits, of several the one that names most of it; "" for none.
func routeOf(path string) (pattern string) {
	parts := strings.Split(path, "/")
	for _, r := range routes() {
		fits := slices.EqualFunc(r.parts, parts, func(w, p string) bool { return w == p || strings.HasPrefix(w, ":") && p != "" })
		if fits && (pattern == "" || strings.Count(r.Path, ":") < strings.Count(pattern, ":")) {
			pattern = r.Path
		}
	}
	return pattern
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

func one(t *testing.T, s *webtest.Site, query string) (found string) {
	t.Helper()
	if err := s.DB.QueryRow(query).Scan(&found); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return found
}
