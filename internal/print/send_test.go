package print_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/print"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory/sitetest"
)

var ctx = context.Background()

func TestMain(m *testing.M) {
	print.Hurry(300*time.Millisecond, 200*time.Millisecond, time.Hour)
	os.Exit(m.Run())
}

// printer is a raw printer on a real port; do is how it treats one connection.
type printer struct {
	net.Listener
	mu  sync.Mutex
	got [][]byte
}

func listen(t *testing.T, do func(p *printer, c *net.TCPConn)) *printer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &printer{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go do(p, c.(*net.TCPConn))
		}
	}()
	return p
}

// prints reads everything and hangs up, as a printer does.
func prints(p *printer, c *net.TCPConn) {
	defer c.Close()
	b, err := io.ReadAll(c)
	if err == nil && len(b) > 0 { // who called and found somebody else at it sends nothing
		p.mu.Lock()
		p.got = append(p.got, b)
		p.mu.Unlock()
	}
}

func (p *printer) printed() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.got
}

type shop struct {
	*sql.DB
	t       *testing.T
	site    *sitetest.Site
	station staff.StationID
}

func open(t *testing.T) *shop {
	t.Helper()
	s := &shop{DB: pgtest.DB(t), t: t}
	s.site = sitetest.Committed(t, s.DB, func(*sitetest.Site) {})
	s.in(func(tx *sql.Tx) error {
		station, err := staff.AddStation(ctx, tx, staff.Station{Warehouse: int64(s.site.Warehouse), Code: "K-1", Name: "Pack 1", Kind: "packing"})
		s.station = station.ID
		return err
	})
	return s
}

func (s *shop) in(do func(tx *sql.Tx) error) {
	s.t.Helper()
	if err := pg.InTx(ctx, s.DB, do); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) use(address string) { s.t.Helper(); s.speak(print.Raw, address) }

func (s *shop) speak(way print.Way, address string) {
	s.t.Helper()
	s.in(func(tx *sql.Tx) error {
		return print.SetPrinter(ctx, tx, print.Printer{Station: s.station, Stock: print.Label, Way: way, Address: address})
	})
}

// press is a button that somebody pressed at the station.
func (s *shop) press(key uuid.UUID) scan.Scan {
	return scan.Scan{Key: key, Staff: s.site.Staff, Station: s.station, At: sitetest.Noon}
}

// request asks for a label of ref to be printed.
func (s *shop) request(ref, text string) (job print.JobID) {
	s.t.Helper()
	s.in(func(tx *sql.Tx) error {
		paper, _, err := print.Paper(ctx, tx, print.ShippingLabel, ref, 203, writes(text))
		if err != nil {
			return err
		}
		job, err = print.Request(ctx, tx, paper, s.press(uuid.Nil))
		return err
	})
	return job
}

func writes(text string) func() (print.Content, error) {
	return func() (print.Content, error) {
		return print.Content{PDF: []byte(text), ZPL: []byte("^XA" + text + "^XZ")}, nil
	}
}

func (s *shop) want(id print.JobID, state print.State, says string) {
	s.t.Helper()
	j, err := print.JobByID(ctx, s.DB, id)
	if err != nil || j.State != state || !strings.Contains(j.Error, says) {
		s.t.Errorf("job %d is %s %q, %v; want %s %q", id, j.State, j.Error, err, state, says)
	}
}

func TestAJobGoesToThePrinterOfItsStation(t *testing.T) {
	s, p := open(t), listen(t, prints)
	s.use(p.Addr().String())
	label := strings.Repeat("%PDF-1.3 label ", 20000)
	job := s.request("095212340000000013", label)
	if err := print.Send(ctx, s.DB, job); err != nil {
		t.Fatal(err)
	}
	s.want(job, print.Printed, "")
	if got := p.printed(); len(got) != 1 || !bytes.Equal(got[0], []byte(label)) {
		t.Errorf("the printer got %d papers", len(got))
	}
	if err := print.Send(ctx, s.DB, job); err != nil {
		t.Errorf("sent again: %v", err)
	}
	if got := p.printed(); len(got) != 1 {
		t.Errorf("printed %d times, want once", len(got))
	}
}

func TestAPrinterThatIsDownIsTriedAgain(t *testing.T) {
	s, down, up := open(t), listen(t, prints), listen(t, prints)
	down.Close()
	s.use(down.Addr().String())
	job := s.request("095212340000000013", strings.Repeat("x", 16<<20))
	if err := print.Send(ctx, s.DB, job); err == nil {
		t.Error("sent to nobody")
	}
	s.want(job, print.Queued, "cannot be reached")
	s.use(up.Addr().String())
	if err := print.Send(ctx, s.DB, job); err != nil {
		t.Fatal(err)
	}
	s.want(job, print.Printed, "")
	if got := up.printed(); len(got) != 1 || len(got[0]) != 16<<20 {
		t.Errorf("printed %d papers", len(got))
	}
}

// A printer that dies in the middle, or stops reading, leaves a job of which nobody knows: it is never sent again by
// itself, and a person says what came out.
func TestAPrinterThatDiesInTheMiddleIsLookedAt(t *testing.T) {
	s, up := open(t), listen(t, prints)
	release := make(chan struct{})
	defer close(release)
	slow := listen(t, func(_ *printer, c *net.TCPConn) { <-release; c.Close() })
	broken := listen(t, func(_ *printer, c *net.TCPConn) {
		_, _ = c.Read(make([]byte, 100))
		_ = c.SetLinger(0)
		c.Close()
	})
	for name, p := range map[string]*printer{"slow": slow, "broken": broken} {
		s.use(p.Addr().String())
		job := s.request("1-"+name, strings.Repeat("x", 16<<20))
		for range 3 {
			if err := print.Send(ctx, s.DB, job); err != nil {
				t.Errorf("%s: it asks to be tried again: %v", name, err)
			}
			s.want(job, print.Unsure, "did it come out whole?")
		}
		if err := pg.InTx(ctx, s.DB, func(tx *sql.Tx) error {
			_, err := print.Reprint(ctx, tx, job, s.press(uuid.Nil))
			return err
		}); !errors.Is(err, fault.Conflict) {
			t.Errorf("%s: a paper nobody knows of is reprinted: %v", name, err)
		}
	}
	s.use(up.Addr().String())
	jobs, err := print.JobsFor(ctx, s.DB, "1-slow", "1-broken")
	if err != nil || len(jobs) != 2 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	s.in(func(tx *sql.Tx) error { return print.CameOut(ctx, tx, jobs[0].ID, s.site.Staff, sitetest.Noon) })
	s.in(func(tx *sql.Tx) error { return print.Retry(ctx, tx, jobs[1].ID, s.site.Staff) })
	for _, j := range jobs {
		if err := print.Send(ctx, s.DB, j.ID); err != nil {
			t.Error(err)
		}
		s.want(j.ID, print.Printed, "")
	}
	if n := len(up.printed()); n != 1 {
		t.Errorf("%d papers were printed, want the one that was asked for again", n)
	}
	s.audited("came out", 1)
	s.audited("printed again, nobody knew", 1)
	if err := pg.InTx(ctx, s.DB, func(tx *sql.Tx) error { return print.CameOut(ctx, tx, jobs[0].ID, s.site.Staff, sitetest.Noon) }); !errors.Is(err, fault.Conflict) {
		t.Errorf("a printed paper came out once more: %v", err)
	}
}

func TestAfterManyTriesAPersonMustLook(t *testing.T) {
	s, p := open(t), listen(t, prints)
	p.Close()
	s.use(p.Addr().String())
	job := s.request("1", "x")
	for range 11 {
		if err := print.Send(ctx, s.DB, job); err == nil {
			t.Fatal("sent to nobody")
		}
	}
	if err := print.Send(ctx, s.DB, job); err != nil {
		t.Errorf("the last try asks for another: %v", err)
	}
	s.want(job, print.Failed, "cannot be reached")
	up := listen(t, prints)
	s.use(up.Addr().String())
	s.in(func(tx *sql.Tx) error { return print.Retry(ctx, tx, job, s.site.Staff) })
	if err := print.Send(ctx, s.DB, job); err != nil {
		t.Fatal(err)
	}
	s.want(job, print.Printed, "")
	if err := pg.InTx(ctx, s.DB, func(tx *sql.Tx) error { return print.Retry(ctx, tx, job, s.site.Staff) }); !errors.Is(err, fault.Conflict) {
		t.Errorf("retry of a printed job: %v", err)
	}
}

func TestAJobThatDiedWhileSendingIsLookedAt(t *testing.T) {
	s, p := open(t), listen(t, prints)
	s.use(p.Addr().String())
	job := s.request("1", "x")
	died := func(ago string) {
		t.Helper()
		s.in(func(tx *sql.Tx) error {
			_, err := tx.Exec(`update print_jobs set state = 'sending', tried_at = clock_timestamp() - $2::interval where id = $1`, job, ago)
			return err
		})
	}
	died("1 minute")
	if err := print.Send(ctx, s.DB, job); err == nil {
		t.Error("taken from somebody who may be sending; want to be asked again")
	}
	died("2 hours")
	if err := print.Send(ctx, s.DB, job); err != nil || len(p.printed()) != 0 {
		t.Errorf("%v, printed %d times by itself", err, len(p.printed()))
	}
	s.want(job, print.Unsure, "interrupted")
	s.in(func(tx *sql.Tx) error { return print.Retry(ctx, tx, job, s.site.Staff) })
	if err := print.Send(ctx, s.DB, job); err != nil || len(p.printed()) != 1 {
		t.Errorf("%v, printed %d times", err, len(p.printed()))
	}
	s.audited("printed again, nobody knew", 1)
}

func (s *shop) audited(verb string, want int) {
	s.t.Helper()
	var n int
	if err := s.QueryRow(`select count(*) from audit where verb = $1`, verb).Scan(&n); err != nil || n != want {
		s.t.Errorf("%d audit rows of %q, %v; want %d", n, verb, err, want)
	}
}

func TestManySendersPrintOnce(t *testing.T) {
	s, p := open(t), listen(t, prints)
	s.use(p.Addr().String())
	job := s.request("1", "x")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { _ = print.Send(ctx, s.DB, job) })
	}
	all.Wait()
	s.want(job, print.Printed, "")
	if n := len(p.printed()); n != 1 {
		t.Errorf("printed %d times", n)
	}
}

func TestAPaperIsMadeOnceAndReprintedTheSame(t *testing.T) {
	s := open(t)
	job := s.request("1", "first")
	again := s.request("1", "second")
	j, err := print.JobByID(ctx, s.DB, again)
	if err != nil {
		t.Fatal(err)
	}
	if pdf, err := print.Read(ctx, s.DB, j.Paper); err != nil || string(pdf) != "first" {
		t.Errorf("%q, %v", pdf, err)
	}
	var re print.JobID
	s.in(func(tx *sql.Tx) (err error) {
		re, err = print.Reprint(ctx, tx, job, s.press(uuid.Nil))
		return err
	})
	if r, err := print.JobByID(ctx, s.DB, re); err != nil || !r.Reprint || r.Paper != j.Paper {
		t.Errorf("%+v, %v", r, err)
	}
	var audited int
	if err := s.QueryRow(`select count(*) from audit where verb = 'printed again' and subject = '1'`).Scan(&audited); err != nil || audited != 1 {
		t.Errorf("%d audit rows, %v", audited, err)
	}
	s.in(func(tx *sql.Tx) error { return print.VoidPapers(ctx, tx, "1") })
	s.want(again, print.Cancelled, "")
	if err := pg.InTx(ctx, s.DB, func(tx *sql.Tx) error {
		_, err := print.Reprint(ctx, tx, job, s.press(uuid.Nil))
		return err
	}); !errors.Is(err, fault.Conflict) {
		t.Errorf("a void label is printed again: %v", err)
	}
}

func TestABrowserPrintsWhereThereIsNoPrinter(t *testing.T) {
	s := open(t)
	job := s.request("1", "x")
	j, err := print.JobByID(ctx, s.DB, job)
	if err != nil || !j.Browser() || j.State != print.Queued {
		t.Fatalf("%+v, %v", j, err)
	}
	if err := print.Send(ctx, s.DB, job); err != nil {
		t.Error(err)
	}
	s.want(job, print.Queued, "")
	s.in(func(tx *sql.Tx) error { return print.Shown(ctx, tx, job, sitetest.Noon) })
	s.want(job, print.Printed, "")
}

func TestManyMakersMakeOnePaper(t *testing.T) {
	s := open(t)
	ids := make([]print.PaperID, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			_ = pg.InTx(ctx, s.DB, func(tx *sql.Tx) (err error) {
				ids[i], _, err = print.Paper(ctx, tx, print.ShippingLabel, "1", 203, writes("x"))
				return err
			})
		})
	}
	all.Wait()
	for _, id := range ids {
		if id == 0 || id != ids[0] {
			t.Fatalf("papers %v, want one", ids)
		}
	}
}

func TestPrintersAreChecked(t *testing.T) {
	for address, want := range map[string]string{"10.0.0.17": "10.0.0.17:9100", "zebra.local:6101": "zebra.local:6101", "[::1]:9100": "[::1]:9100"} {
		if p, err := print.CheckPrinter(print.Printer{Stock: print.Label, Way: print.ZPL, Address: address}); err != nil || p.Address != want {
			t.Errorf("%s becomes %s, %v; want %s", address, p.Address, err, want)
		}
	}
	for _, address := range []string{"", "a b", "host:0", "host:99999", "http://x", "x\n:1", strings.Repeat("x", 300)} {
		if _, err := print.CheckPrinter(print.Printer{Stock: print.Label, Way: print.Raw, Address: address}); !errors.Is(err, fault.Invalid) {
			t.Errorf("%q: %v, want invalid", address, err)
		}
	}
	for _, address := range []string{"", "10.0.0.17", "http://10.0.0.17/ipp/print", "ipp://", "ipp://me:secret@x/", "ipp://x/\n/y", "file:///etc/passwd", "ipp://" + strings.Repeat("x", 300)} {
		if _, err := print.CheckPrinter(print.Printer{Stock: print.Sheet, Way: print.IPP, Address: address}); !errors.Is(err, fault.Invalid) {
			t.Errorf("%q: %v, want invalid", address, err)
		}
	}
	for name, p := range map[string]print.Printer{"ZPL on sheets": {Stock: print.Sheet, Way: print.ZPL, Address: "x"}, "no way": {Stock: print.Label, Address: "x"}, "no stock": {Way: print.Browser}} {
		if _, err := print.CheckPrinter(p); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
	if p, err := print.CheckPrinter(print.Printer{Stock: print.Sheet, Way: print.IPP, Address: " ipps://printer.local/ipp/print "}); err != nil || p.Address != "ipps://printer.local/ipp/print" {
		t.Errorf("%+v, %v", p, err)
	}
}

func (s *shop) neighbour(code string, dpi int) (id staff.StationID) {
	s.t.Helper()
	s.in(func(tx *sql.Tx) error {
		station, err := staff.AddStation(ctx, tx, staff.Station{Warehouse: int64(s.site.Warehouse), Code: code, Name: code, Kind: "packing", DPI: dpi})
		id = station.ID
		return err
	})
	return id
}
