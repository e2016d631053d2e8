package mail

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"tote/internal/pg"
	"tote/internal/pgtest"
)

func drain(t testing.TB, s Sender) int {
	t.Helper()
	n, err := s.Drain(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// due lets every pause of the queue be over.
func due(t testing.TB, db *sql.DB) {
	t.Helper()
	if _, err := db.Exec(`update letters set next_try_at = now() where state in ('queued', 'sending')`); err != nil {
		t.Fatal(err)
	}
}

func TestLetterArrivesWhole(t *testing.T) {
	t.Parallel()
	db, server := pgtest.DB(t), newAiosmtpd(t, 0)
	in(t, db, func(ctx context.Context, tx *sql.Tx) error {
		w := newWorld(t, tx)
		w.place(1001, anna, 2)
		w.exec(`insert into returns (id, warehouse_id, ref, submission, origin, authorised_at) overriding system value select 17, id, 'O-1001', 'x', 'customer', now() from warehouses`)
		w.exec(`insert into return_lines (return_id, ref, item_id, quantity, reason) select 17, ref, item_id, 1, 'damaged' from order_lines`)
		return ReturnAuthorised(ctx, tx, "R-17")
	})
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 1 {
		t.Fatalf("%d letters sent, want 1", n)
	}
	got := server.letters(t)
	if len(got) != 1 {
		t.Fatalf("%d letters arrived, want 1", len(got))
	}
	h := got[0].Header
	if h.Get("To") != `"Anna Berg" <anna@example.com>` || h.Get("From") != `"Harbour Goods" <orders@harbour.example>` || h.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("header is %v", h)
	}
	parts := flatten(t, h.Get("Content-Type"), got[0].Body)
	if !strings.Contains(parts["text/plain"], "write R-17 on the parcel") || !strings.Contains(parts["text/html"], "<h1>Return R-17</h1>") || !strings.HasPrefix(decode(t, parts["application/pdf"]), "%PDF-1.") {
		t.Errorf("parts are %v", parts)
	}
	if r := only(t, db); r.State != Sent || r.Finished.IsZero() {
		t.Errorf("the row says %+v", r)
	}
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 0 {
		t.Errorf("the letter was sent again")
	}
}

func decode(t *testing.T, lines string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(lines, "\r\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// flatten reads a MIME tree into kind → content.
func flatten(t *testing.T, contentType string, body io.Reader) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	if !strings.HasPrefix(kind, "multipart/") {
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		all[kind] = string(b)
		return all
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range flatten(t, p.Header.Get("Content-Type"), p) {
			all[k] = v
		}
	}
}

// TestServerDownThenUp: nothing is lost while there is no server, and the letter goes by itself later.
func TestServerDownThenUp(t *testing.T) {
	t.Parallel()
	db, port := pgtest.DB(t), freePort(t)
	queue(t, db, 1, "anna@example.com")
	s := Sender{DB: db, SMTP: SMTP{Host: "127.0.0.1", Port: port, TLS: Never}}
	if n := drain(t, s); n != 0 {
		t.Fatalf("%d letters sent to nobody", n)
	}
	r := only(t, db)
	if r.State != Queued || r.Attempts != 1 || !strings.Contains(r.Error, "refused") {
		t.Fatalf("after a refused connection the row says %+v", r)
	}
	if wait := r.NextTry.Sub(r.Created); wait < 29*time.Second {
		t.Errorf("it tries again after %v, too soon", wait)
	}
	if n := drain(t, s); n != 0 || only(t, db).Attempts != 1 {
		t.Errorf("it did not wait: %+v", only(t, db))
	}
	server := newAiosmtpd(t, port)
	due(t, db)
	if n := drain(t, s); n != 1 || len(server.letters(t)) != 1 {
		t.Errorf("%d sent, %d arrived, want 1 and 1", n, len(server.letters(t)))
	}
}

func TestGreylistedThenTaken(t *testing.T) {
	t.Parallel()
	db, server := pgtest.DB(t), newAiosmtpd(t, 0)
	queue(t, db, 1, "later@example.com")
	s := Sender{DB: db, SMTP: server.SMTP}
	drain(t, s)
	if r := only(t, db); r.State != Queued || !strings.Contains(r.Error, "451") {
		t.Fatalf("after 451 the row says %+v", r)
	}
	due(t, db)
	drain(t, s)
	if r := only(t, db); r.State != Sent || r.Attempts != 2 || r.Error != "" {
		t.Errorf("the row says %+v", r)
	}
}

func TestRefusedForGoodIsShownAndCanBeSentElsewhere(t *testing.T) {
	t.Parallel()
	db, server := pgtest.DB(t), newAiosmtpd(t, 0)
	queue(t, db, 1, "never@example.com")
	s := Sender{DB: db, SMTP: server.SMTP}
	drain(t, s)
	r := only(t, db)
	if r.State != Refused || !strings.Contains(r.Error, "550") {
		t.Fatalf("after 550 the row says %+v", r)
	}
	due(t, db)
	if drain(t, s); only(t, db).Attempts != 1 {
		t.Fatal("a refused letter was tried again")
	}
	in(t, db, func(ctx context.Context, tx *sql.Tx) error { return Retry(ctx, tx, r.ID, "anna@example.com") })
	drain(t, s)
	if r := only(t, db); r.State != Sent || r.Recipient != "anna@example.com" {
		t.Errorf("after the correction the row says %+v", r)
	}
}

// TestSilentServerCostsSeconds: a server that takes the line and never speaks, one that stops after
// DATA, and one that hangs up instead of answering.
func TestSilentServerCostsSeconds(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	for name, behave := range map[string]func(net.Conn, *bufio.Reader){
		"no greeting":  func(net.Conn, *bufio.Reader) { <-hold },
		"no answer":    func(c net.Conn, r *bufio.Reader) { untilData(c, r); <-hold },
		"hangs up":     func(c net.Conn, r *bufio.Reader) { untilData(c, r) },
		"one by one":   func(c net.Conn, r *bufio.Reader) { drip(c, hold) },
		"not SMTP":     func(c net.Conn, r *bufio.Reader) { fmt.Fprint(c, "HTTP/1.1 400 Bad Request\r\n\r\n") },
		"closes first": func(net.Conn, *bufio.Reader) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.DB(t)
			queue(t, db, 1, "anna@example.com")
			began := time.Now()
			drain(t, Sender{DB: db, SMTP: talk(t, behave)})
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if r := only(t, db); r.State != Queued || r.Error == "" {
				t.Errorf("the row says %+v", r)
			}
		})
	}
}

// drip greets with a byte now and then.
func drip(c net.Conn, hold chan struct{}) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for _, b := range []byte("220 " + strings.Repeat("slow ", 100)) {
		select {
		case <-hold:
			return
		case <-tick.C:
			c.Write([]byte{b})
		}
	}
}

func TestStrippedSTARTTLSKeepsTheLetterHere(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	queue(t, db, 1, "anna@example.com")
	got := make(chan struct{}, 1)
	server := talk(t, func(c net.Conn, r *bufio.Reader) {
		if untilData(c, r) {
			got <- struct{}{}
		}
	})
	server.TLS = Required
	drain(t, Sender{DB: db, SMTP: server})
	select {
	case <-got:
		t.Error("the letter went over an open line")
	default:
	}
	if r := only(t, db); r.State != Queued || !strings.Contains(r.Error, "STARTTLS") {
		t.Errorf("the row says %+v", r)
	}
}

// TestGivenUpAfterFourDays: by the database's clock, and only after one more try.
func TestGivenUpAfterFourDays(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	queue(t, db, 1, "anna@example.com")
	if _, err := db.Exec(`update letters set give_up_at = now() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	drain(t, Sender{DB: db, SMTP: SMTP{Host: "127.0.0.1", Port: freePort(t), TLS: Never}})
	if r := only(t, db); r.State != Refused || r.Attempts != 1 {
		t.Errorf("the row says %+v", r)
	}
}

func TestPausesGrow(t *testing.T) {
	last := time.Duration(0)
	total := time.Duration(0)
	for n := 1; n < 40; n++ {
		p := pause(n)
		if p < 30*time.Second || p < last || p > 4*time.Hour {
			t.Errorf("pause(%d) = %v after %v", n, p, last)
		}
		last, total = p, total+p
	}
	if total < 4*24*time.Hour {
		t.Errorf("39 tries take %v: more than 39 in four days", total)
	}
}

// TestParallelSendersNeverSendOneTwice: three senders of four hands each, one queue.
func TestParallelSendersNeverSendOneTwice(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	const n = 120
	queue(t, db, n, "anna@example.com")
	box, err := OpenInbox(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close(context.Background())
	var wg sync.WaitGroup
	var mu sync.Mutex
	sent := 0
	for range 3 {
		wg.Go(func() {
			k, err := Sender{DB: db, SMTP: box.SMTP()}.Drain(context.Background())
			mu.Lock()
			defer mu.Unlock()
			if sent += k; err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	arrived, err := Arrivals(context.Background(), db, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	subjects := map[string]int{}
	for _, a := range arrived {
		subjects[a.Subject]++
	}
	if sent != n || len(arrived) != n || len(subjects) != n {
		t.Errorf("%d sent, %d arrived, %d different, want %d of each", sent, len(arrived), len(subjects), n)
	}
}

// TestLeaseIsKept: a row in another's hands is left alone until his lease is over.
func TestLeaseIsKept(t *testing.T) {
	t.Parallel()
	db, server := pgtest.DB(t), newAiosmtpd(t, 0)
	queue(t, db, 1, "anna@example.com")
	s := Sender{DB: db, SMTP: server.SMTP}
	held, err := s.take(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if n := drain(t, s); n != 0 {
		t.Fatal("a letter that somebody is sending was taken")
	}
	due(t, db)
	if n := drain(t, s); n != 1 {
		t.Fatal("a letter whose lease is over was not taken")
	}
	// the first sender comes back late: his note must not undo the other's
	if err := s.note(context.Background(), held, never, fmt.Errorf("too late")); err != nil {
		t.Fatal(err)
	}
	if r := only(t, db); r.State != Sent {
		t.Errorf("the row says %+v", r)
	}
}

// TestKilledBetweenDataAndNote kills a sender at the one moment nobody can guard: the server has the
// letter, we have not noted it. It goes once more, under the same Message-ID.
func TestKilledBetweenDataAndNote(t *testing.T) {
	t.Parallel()
	dsn, server := pgtest.DSN(t), newAiosmtpd(t, 0)
	db, err := pg.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	queue(t, db, 1, "anna@example.com")

	victim := exec.Command(os.Args[0], "-test.run=^$")
	victim.Env = append(os.Environ(), "MAIL_VICTIM="+dsn, fmt.Sprintf("MAIL_VICTIM_PORT=%d", server.Port))
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	victim.Process.Kill()
	victim.Wait()
	if err != nil || line != "the server has it\n" {
		t.Fatalf("the victim said %q: %v", line, err)
	}
	if r := only(t, db); r.State != Sending {
		t.Fatalf("after the kill the row says %+v", r)
	}
	due(t, db)
	drain(t, Sender{DB: db, SMTP: server.SMTP})
	got := server.letters(t)
	if len(got) != 2 || got[0].Header.Get("Message-ID") == "" || got[0].Header.Get("Message-ID") != got[1].Header.Get("Message-ID") {
		t.Fatalf("%d letters arrived, want two with one Message-ID", len(got))
	}
	if got[0].Header.Get("Date") != got[1].Header.Get("Date") {
		t.Errorf("the repeat has another date")
	}
}

func TestMain(m *testing.M) {
	if dsn := os.Getenv("MAIL_VICTIM"); dsn != "" {
		victim(dsn)
	}
	os.Exit(m.Run())
}

// victim takes a letter to the server and waits to be killed before it notes so.
func victim(dsn string) {
	ctx := context.Background()
	db, err := pg.Open(ctx, dsn)
	if err != nil {
		panic(err)
	}
	var port int
	fmt.Sscan(os.Getenv("MAIL_VICTIM_PORT"), &port)
	s := Sender{DB: db, SMTP: SMTP{Host: "127.0.0.1", Port: port, TLS: Never}}
	l, err := s.take(ctx)
	if err != nil {
		panic(err)
	}
	if v, _, err := s.SMTP.post(ctx, l.Letter); v != accepted {
		panic(err)
	}
	fmt.Println("the server has it")
	select {}
}

func TestParseURL(t *testing.T) {
	for url, want := range map[string]SMTP{
		"smtp://mail.example.com":                         {Host: "mail.example.com", Port: 25, TLS: Optional},
		"smtp://u:p%40ss@mail.example.com":                {Host: "mail.example.com", Port: 587, User: "u", Password: "p@ss", TLS: Required},
		"smtp://u:p@mail.example.com:2525?starttls=never": {Host: "mail.example.com", Port: 2525, User: "u", Password: "p", TLS: Never},
		"smtps://u:p@mail.example.com":                    {Host: "mail.example.com", Port: 465, User: "u", Password: "p", TLS: Implicit},
		"smtp://[::1]:1025":                               {Host: "::1", Port: 1025, TLS: Optional},
		"mail.example.com:25":                             {}, "smtp://": {}, "http://x": {}, "smtp://x?starttls=maybe": {}, "smtp://x:99999": {}, "": {},
	} {
		got, err := ParseURL(url)
		if (err != nil) != (want == SMTP{}) || got != want {
			t.Errorf("ParseURL(%q) = %+v, %v, want %+v", url, got, err, want)
		}
	}
}
