package web_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// rawPrinter is a printer on a port that keeps what it is sent, paper by paper.
func rawPrinter(t *testing.T) (address string, papers <-chan []byte) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	got := make(chan []byte, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all, _ := io.ReadAll(c) // what broke off is short, and found out
			got <- all
			c.Close()
		}
	}()
	return l.Addr().String(), got
}

// newest is the youngest print job.
func newest(t *testing.T, s *webtest.Site) print.Job {
	t.Helper()
	var id print.JobID
	if err := s.DB.QueryRow(`select max(id) from print_jobs`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	j, err := print.JobByID(t.Context(), s.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestLabelsOfTheHousePrintAtTheStation(t *testing.T) {
	s := openShed(t)
	address, papers := rawPrinter(t)
	k1, k2 := s.Station(t, "K-1", "Bench 1", "packing"), s.Station(t, "K-2", "Bench 2", "packing")
	err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) error {
		return print.SetPrinter(t.Context(), tx, print.Printer{Station: k1.ID, Stock: print.Label, Way: print.ZPL, Address: address})
	})
	if err != nil {
		t.Fatal(err)
	}
	ada := s.As(t, s.Member(t, "Ada", staff.Admin))

	if page := ada.Get("/setup/locations").Body; strings.Contains(page, "Print at") {
		t.Error("somebody at no station is offered a printer")
	}
	if a := ada.Post("/setup/locations/labels"); a.Status != http.StatusConflict || !strings.Contains(words(a.Body), "You stand at no station") {
		t.Errorf("printed nowhere: %d", a.Status)
	}

	ada.Post("/sign-in/station", "code", k1.Code)
	for _, path := range []string{"/setup/locations", "/setup/totes", "/setup/pallets", "/setup/staff", "/setup/staff/1", "/setup/stations", "/setup/stations/1"} {
		if page := words(ada.Get(path).Body); !strings.Contains(page, "Print at Bench 1") {
			t.Errorf("%s: no button for the printer here", path)
		}
	}
	ada.Post("/setup/pallets", "number", "2")
	for _, sent := range []struct {
		path   string
		fields []string
		kind   print.Kind
		ref    string
		labels int
	}{
		{"/setup/locations/labels", nil, print.LocationLabel, "all", 7}, // and where every warehouse puts what comes back or is in doubt
		{"/setup/totes/labels", []string{"from", "3", "to", "6"}, print.ToteLabel, "T-3 to T-6", 4},
		{"/setup/pallets/labels", nil, print.PalletLabel, "the empty ones", 2},
		{"/setup/staff/badges", nil, print.Badge, "all", 1},
		{"/setup/stations/1/label", nil, print.StationLabel, "K-1", 1},
	} {
		a := ada.Post(sent.path, sent.fields...)
		if a.Status != http.StatusSeeOther || a.To() != "/print" {
			t.Errorf("%s: %d %s", sent.path, a.Status, words(a.Body))
			continue
		}
		j := newest(t, s.Site)
		if j.Kind != sent.kind || !strings.HasSuffix(j.Ref, " · "+sent.ref) || j.Station != "K-1" || j.Address != address {
			t.Errorf("%s: the job is %+v", sent.path, j)
		}
		if err := print.Send(t.Context(), s.DB, j.ID); err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(<-papers, []byte("^XA")); n != sent.labels {
			t.Errorf("%s: %d labels came out, want %d", sent.path, n, sent.labels)
		}
	}
	if page := words(ada.Get("/print?show=today").Body); !strings.Contains(page, "location label") || !strings.Contains(page, "T-3 to T-6") {
		t.Error("the queue does not tell of them")
	}
	if a := ada.Post("/setup/totes/labels", "from", "9", "to", "3"); a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusBadRequest {
		t.Errorf("totes backwards: %d", a.Status)
	}

	ada.Post("/sign-in/station", "code", k2.Code)
	ada.Post("/setup/commands")
	if j := newest(t, s.Site); !j.Browser() || j.Station != "K-2" || j.State != print.Queued || j.Kind != print.CommandBarcodes {
		t.Errorf("a bench without a printer: %+v", j)
	}
}

// A button that is pressed twice in haste, or whose form the browser sends again, prints once; pressed anew it prints again.
func TestAPrintButtonPrintsOnceHoweverOftenItsFormArrives(t *testing.T) {
	s := openShed(t)
	k1 := s.Station(t, "K-1", "Bench 1", "packing")
	ada := s.As(t, s.Member(t, "Ada", staff.Admin))
	ada.Post("/sign-in/station", "code", k1.Code)
	ada.Post("/setup/commands")
	ada.Post("/print/1/shown") // there is a paper to be printed again
	jobs := func() int {
		t.Helper()
		all, err := print.Jobs(t.Context(), s.DB, s.Warehouse, 100)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	for n, sent := range [][]string{{"/setup/locations/labels"}, {"/setup/totes/labels", "from", "1", "to", "2"}, {"/setup/commands"}, {"/setup/stations/1/calibration"}, {"/print/1/reprint"}} {
		before, path := jobs(), sent[0]
		for range 2 {
			fields := append([]string{"key", fmt.Sprintf("7f3a0c5e-0000-4000-8000-%012d", n)}, sent[1:]...)
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					if a := ada.Post(path, fields...); a.Status != http.StatusSeeOther {
						t.Errorf("%s: %d %s", path, a.Status, words(a.Body))
					}
				})
			}
			all.Wait()
		}
		if now := jobs(); now != before+1 {
			t.Errorf("%s: %d jobs of one press", path, now-before)
		}
		ada.Post(path, sent[1:]...)
		if now := jobs(); now != before+2 {
			t.Errorf("%s: pressed anew it made %d jobs", path, now-before-1)
		}
		if a := ada.Post(path, append([]string{"key", ""}, sent[1:]...)...); a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusBadRequest {
			t.Errorf("%s without its key: %d", path, a.Status)
		}
	}
	if n := audits(t, s.Site, "printed again"); n != 2 {
		t.Errorf("%d reprints on record, want 2", n)
	}
	mo := s.As(t, s.Member(t, "Mo", staff.Manager))
	mo.Post("/sign-in/station", "code", k1.Code)
	if a := mo.Post("/setup/commands", "key", "7f3a0c5e-0000-4000-8000-000000000002"); a.Status != http.StatusConflict {
		t.Errorf("somebody else's key: %d", a.Status)
	}
}

// The queue shows what waits, the failed first and page by page; what came out stands behind a filter.
func TestThePrintQueueShowsWhatWaits(t *testing.T) {
	s := openShed(t)
	k1 := s.Station(t, "K-1", "Bench 1", "packing")
	ada := s.As(t, s.Member(t, "Ada", staff.Admin))
	ada.Post("/sign-in/station", "code", k1.Code)
	for range 30 { // no printer stands here: they wait for the browser
		ada.Post("/setup/commands")
	}
	for _, sql := range []string{`update print_jobs set state = 'failed' where id = 3`, `update print_jobs set state = 'printed', finished_at = requested_at where id = 5`,
		`update print_jobs set state = 'printed', requested_at = requested_at - interval '3 days', finished_at = null where id = 7`} {
		if _, err := s.DB.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	numbers := regexp.MustCompile(`action="/print/(\d+)/(?:cancel|reprint)"`)
	var all []string
	path := "/print"
	for pages := 1; ; pages++ {
		page := ada.Get(path).Body
		var here []string
		for _, found := range numbers.FindAllStringSubmatch(page, -1) {
			here = append(here, found[1])
		}
		if all = append(all, here...); len(here) > 25 || pages > 2 {
			t.Fatalf("page %d of the queue shows %d jobs", pages, len(here))
		}
		next := regexp.MustCompile(`href="(/print\?[^"]*after=[^"]+)"`).FindStringSubmatch(page)
		if next == nil {
			break
		}
		path = strings.ReplaceAll(next[1], "&amp;", "&")
	}
	if len(all) != 28 || all[0] != "3" || all[1] != "30" || slices.Contains(all, "5") || slices.Contains(all, "7") {
		t.Errorf("what waits: %v", all)
	}
	for show, want := range map[string]string{"today": "5", "earlier": "7"} {
		if found := numbers.FindAllStringSubmatch(ada.Get("/print?show="+show).Body, -1); len(found) != 1 || found[0][1] != want {
			t.Errorf("%s: %v, want %s", show, found, want)
		}
	}
	if a := ada.Get("/print?show=%27%20or&after=sx"); a.Status != http.StatusOK {
		t.Errorf("a broken address: %d", a.Status)
	}
}

// A paper printed again where no station is waits for its browser, and the answer says so.
func TestAPaperAgainWithoutAStationWaits(t *testing.T) {
	s := openShed(t)
	k1 := s.Station(t, "K-1", "Bench 1", "packing")
	ada := s.As(t, s.Member(t, "Ada", staff.Admin))
	ada.Post("/sign-in/station", "code", k1.Code)
	ada.Post("/setup/commands")
	ada.Post("/print/1/shown")
	away := s.As(t, s.Member(t, "Mo", staff.Admin))
	if said := told(away.Post("/print/1/reprint")); !strings.Contains(said, "The paper waits here. Press Print.") {
		t.Errorf("it says %q", said)
	}
	if page := words(away.Get("/print").Body); !strings.Contains(page, "to be printed here") {
		t.Errorf("the queue shows %.600s", page)
	}
}

// A badge is a key: only who had it printed, and admins, get at it through the print queue.
func TestABadgeInThePrintQueueIsNotForEverybody(t *testing.T) {
	s := openShed(t)
	s.Station(t, "K-1", "Bench 1", "packing")
	manager, packer := s.As(t, s.Member(t, "Mo", staff.Manager)), s.As(t, s.Member(t, "Pia", staff.Packer))
	manager.Post("/sign-in/station", "code", "K-1")
	packer.Post("/sign-in/station", "code", "K-1")
	manager.Post("/setup/staff/badges")
	if a := packer.Get("/print/papers/1"); a.Status != http.StatusNotFound {
		t.Errorf("a packer opens a badge: %d", a.Status)
	}
	for _, verb := range []string{"shown", "cancel", "retry", "elsewhere", "reprint"} {
		if a := packer.Post("/print/1/" + verb); a.Status != http.StatusForbidden || !strings.Contains(words(a.Body), "Mo asked for it") {
			t.Errorf("%s: %d", verb, a.Status)
		}
	}
	if page := packer.Get("/print").Body; strings.Contains(page, "/print/1/") || strings.Contains(page, "/print/papers/1") {
		t.Error("the queue offers a badge to a packer")
	}
	if a := packer.Post("/setup/staff/badges"); a.Status != http.StatusForbidden {
		t.Errorf("a packer prints badges: %d", a.Status)
	}
	if a := manager.Post("/print/1/shown"); a.To() != "/print/papers/1" || manager.Get(a.To()).Status != http.StatusOK {
		t.Errorf("the manager does not get his badges: %d", a.Status)
	}
	manager.Post("/print/1/reprint")
	if n := audits(t, s.Site, "printed again"); n != 1 {
		t.Errorf("%d reprints on record", n)
	}
}

func audits(t *testing.T, s *webtest.Site, verb string) (n int) {
	t.Helper()
	if err := s.DB.QueryRow(`select count(*) from audit where verb = $1`, verb).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
