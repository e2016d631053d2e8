package mail

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
)

// timed sets the timing of a kind.
func timed(t *testing.T, db *sql.DB, k Kind, timing Timing) {
	t.Helper()
	in(t, db, func(ctx context.Context, tx *sql.Tx) error { return SaveTiming(ctx, tx, k, timing, 1, time.Now()) })
}

// ben is who works here.
func ben(t *testing.T, q pg.Querier) (id staff.ID) {
	t.Helper()
	if err := q.QueryRowContext(t.Context(), `select min(id) from staff`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// TestHoursAreOfTheReadersClock, also on the nights when clocks change.
func TestHoursAreOfTheReadersClock(t *testing.T) {
	tx := pgtest.Tx(t)
	for _, c := range []struct {
		at, zone string
		from, to any
		want     string
	}{
		{"2026-11-22 03:00+00", "Europe/Berlin", nil, nil, "2026-11-22 03:00+00"},
		{"2026-11-22 03:00+00", "Europe/Berlin", 9, 18, "2026-11-22 08:00+00"},   // four in the morning there
		{"2026-11-22 08:00+00", "Europe/Berlin", 9, 18, "2026-11-22 08:00+00"},   // nine sharp
		{"2026-11-22 16:59+00", "Europe/Berlin", 9, 18, "2026-11-22 16:59+00"},   // just before six
		{"2026-11-22 17:00+00", "Europe/Berlin", 9, 18, "2026-11-23 08:00+00"},   // six is too late
		{"2026-11-22 17:00+00", "America/Chicago", 9, 18, "2026-11-22 17:00+00"}, // eleven there
		{"2026-11-22 23:30+00", "Asia/Tokyo", 9, 18, "2026-11-23 00:00+00"},
		{"2026-03-28 20:00+00", "Europe/Berlin", 9, 18, "2026-03-29 07:00+00"}, // summer time begins in that night
		{"2026-10-24 20:00+00", "Europe/Berlin", 9, 18, "2026-10-25 08:00+00"}, // and ends in this
		{"2026-12-31 23:59+00", "UTC", 0, 24, "2026-12-31 23:59+00"},
	} {
		var same bool
		var got time.Time
		if err := tx.QueryRow(`select t = $5::timestamptz, t from within_hours($1::timestamptz, $2, $3, $4) t`, c.at, c.zone, c.from, c.to, c.want).Scan(&same, &got); err != nil {
			t.Fatal(err)
		}
		if !same {
			t.Errorf("%s in %s from %v to %v leaves at %s, want %s", c.at, c.zone, c.from, c.to, got.UTC(), c.want)
		}
	}
}

// elsewhere are two hours, now in them and now not, of the clock in Berlin.
func elsewhere(t *testing.T, db *sql.DB) (open, shut Timing) {
	t.Helper()
	var h int
	if err := db.QueryRow(`select extract(hour from now() at time zone 'Europe/Berlin')::integer`).Scan(&h); err != nil {
		t.Fatal(err)
	}
	open = Timing{From: 0, To: 24}
	if h < 12 {
		return open, Timing{From: 14, To: 16}
	}
	return open, Timing{From: 0, To: 8}
}

// TestALetterWaitsForItsHour: it is not sent before, whoever drains and however often the program starts; then it is, with
// four days from then to get through. Another kind is not kept by it.
func TestALetterWaitsForItsHour(t *testing.T) {
	t.Parallel()
	db, server := pgtest.DB(t), newAiosmtpd(t, 0)
	in(t, db, func(_ context.Context, tx *sql.Tx) error {
		w := newWorld(t, tx)
		w.place(1001, anna, 1)
		w.place(1002, customer{name: "Zoë", email: "zoe@example.com", recipient: "Zoë"}, 1)
		return nil
	})
	open, shut := elsewhere(t, db)
	timed(t, db, Confirmation, Timing{DelayHours: 2})
	in(t, db, func(ctx context.Context, tx *sql.Tx) error { return OrderPlaced(ctx, tx, "O-1001") })
	in(t, db, func(ctx context.Context, tx *sql.Tx) error { return OrderPaid(ctx, tx, "O-1001") })
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 1 {
		t.Fatalf("%d letters left, want that of the payment alone", n)
	}
	var waits string
	if err := db.QueryRow(`select to_char(next_try_at - created_at, 'HH24:MI') || ' ' || (give_up_at - next_try_at)::text || ' ' || zone from letters where kind = 'order confirmation'`).Scan(&waits); err != nil || waits != "02:00 4 days Europe/Berlin" {
		t.Errorf("it waits %q (%v)", waits, err)
	}
	timed(t, db, Confirmation, shut)
	in(t, db, func(ctx context.Context, tx *sql.Tx) error { return OrderPlaced(ctx, tx, "O-1002") })
	due(t, db) // as after a night when nobody ran: its time has come, its hour has not
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 1 {
		t.Fatalf("%d letters left, want only the one without hours", n)
	}
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 0 {
		t.Fatalf("%d letters left out of their hours", n)
	}
	if _, err := db.Exec(`update letters set from_hour = $1, to_hour = $2 where state = 'queued'`, open.From, open.To); err != nil {
		t.Fatal(err)
	}
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 1 {
		t.Errorf("in its hours %d letters left, want 1", n)
	}
}

// TestATryThatFailedWaitsForTheNextHour, not for the middle of the night.
func TestATryThatFailedWaitsForTheNextHour(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	in(t, db, func(_ context.Context, tx *sql.Tx) error { newWorld(t, tx).place(1001, anna, 1); return nil })
	_, shut := elsewhere(t, db)
	in(t, db, func(ctx context.Context, tx *sql.Tx) error { return OrderPlaced(ctx, tx, "O-1001") })
	s := Sender{DB: db}
	l, err := s.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`update letters set from_hour = $1, to_hour = $2`, shut.From, shut.To); err != nil {
		t.Fatal(err)
	}
	if err := s.note(t.Context(), l, later, fmt.Errorf("451 later")); err != nil {
		t.Fatal(err)
	}
	var hour int
	if err := db.QueryRow(`select extract(hour from next_try_at at time zone zone)::integer from letters where state = 'queued'`).Scan(&hour); err != nil || hour != shut.From {
		t.Errorf("the next try is at %d o'clock, want %d (%v)", hour, shut.From, err)
	}
}

// TestALetterThatIsSwitchedOffIsShownNotSent; those that customers need cannot be.
func TestALetterThatIsSwitchedOffIsShownNotSent(t *testing.T) {
	t.Parallel()
	db, server := pgtest.DB(t), newAiosmtpd(t, 0)
	in(t, db, func(_ context.Context, tx *sql.Tx) error { newWorld(t, tx).place(1001, anna, 1); return nil })
	timed(t, db, Payment, Timing{Off: true})
	in(t, db, func(ctx context.Context, tx *sql.Tx) error { return OrderPaid(ctx, tx, "O-1001") })
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 0 {
		t.Errorf("%d letters left", n)
	}
	r := only(t, db)
	if r.State != Cancelled || !strings.Contains(r.Error, "switched off") {
		t.Errorf("the row says %+v", r)
	}
	in(t, db, func(ctx context.Context, tx *sql.Tx) error { return Retry(ctx, tx, r.ID, "") })
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 1 {
		t.Error("somebody wanted it sent all the same")
	}
	for _, k := range kinds {
		err := inTx(db, func(ctx context.Context, tx *sql.Tx) error {
			return SaveTiming(ctx, tx, k.Kind, Timing{Off: true}, 1, time.Now())
		})
		if (err == nil) != k.MayBeOff {
			t.Errorf("switching off %q: %v", k.Kind, err)
		}
	}
	for _, k := range kinds {
		if k.Question && (k.Hours.To == 0 || k.Hours.To > 21) {
			t.Errorf("%q rings at night", k.Kind)
		}
	}
	if k, _ := find(Confirmation); k.MayBeOff {
		t.Error("a confirmation may be switched off")
	}
}

// TestALetterIsWrittenInTheCustomersLanguage: his own first, else the house's, which may be by the country.
func TestALetterIsWrittenInTheCustomersLanguage(t *testing.T) {
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	n := 1000
	for _, c := range []struct{ own, house, country, want string }{
		{"", "en", "DE", "en"}, {"de", "en", "GB", "de"}, {"en", "de", "DE", "en"}, {"", "de", "FR", "de"}, {"", "country", "AT", "de"}, {"", "country", "CH", "de"},
		{"", "country", "LI", "de"}, {"", "country", "FR", "en"}, {"de", "country", "FR", "de"}, {"en", "country", "DE", "en"},
	} {
		n++
		w.place(n, customer{name: "Anna", email: fmt.Sprintf("c%d@example.com", n), recipient: "Anna"}, 1)
		w.exec(`update orders set country = $1 where number = $2`, c.country, n)
		w.exec(`update customers set language = $1 where email = $2`, c.own, fmt.Sprintf("c%d@example.com", n))
		w.exec(`update settings set letter_language = $1`, c.house)
		if err := OrderPlaced(ctx, tx, fmt.Sprintf("O-%d", n)); err != nil {
			t.Fatal(err)
		}
		var language, subject string
		if err := tx.QueryRow(`select language, subject from letters where ref = $1`, fmt.Sprintf("O-%d", n)).Scan(&language, &subject); err != nil || language != c.want || strings.HasPrefix(subject, "Ihre") != (c.want == "de") {
			t.Errorf("%+v is written %s: %s (%v)", c, language, subject, err)
		}
	}
}

// asked makes a delivered order whose customer is asked, and answers its letter's row.
func asked(t *testing.T, db *sql.DB) {
	t.Helper()
	in(t, db, func(ctx context.Context, tx *sql.Tx) error {
		w := newWorld(t, tx)
		w.place(1001, anna, 1)
		w.exec(`update customers set letters_token = 'end-of-anna'`)
		w.exec(`insert into feedback (order_id, asked_at) select id, now() from orders`)
		if err := SaveTiming(ctx, tx, Feedback, Timing{}, ben(t, tx), time.Now()); err != nil {
			return err
		}
		return FeedbackAsked(ctx, tx, "O-1001")
	})
}

// TestAQuestionThatWaitsIsDroppedWhenItMustNotBeAsked: between its writing and its leaving the customer answers, sends
// something back, complains about another order or wants no more of them. Retrying it by hand is refused, too.
func TestAQuestionThatWaitsIsDroppedWhenItMustNotBeAsked(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]string{
		"answers":       `update feedback set score = 5, answered_at = now()`,
		"returns":       `insert into returns (warehouse_id, ref, submission, origin, authorised_at) select id, 'O-1001', 'x', 'customer', now() from warehouses`,
		"unsubscribes":  `update customers set questions_ended_at = now()`,
		"is angry":      `update feedback set score = 1, answered_at = now(), call_back = 'open'`,
		"has cancelled": `update orders set cancelled_at = now()`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, server := pgtest.DB(t), newAiosmtpd(t, 0)
			asked(t, db)
			if _, err := db.Exec(happens); err != nil {
				t.Fatal(err)
			}
			if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 0 {
				t.Fatal("it was asked all the same")
			}
			r := only(t, db)
			if r.State != Cancelled || r.Error == "" {
				t.Errorf("the row says %+v", r)
			}
			if err := inTx(db, func(ctx context.Context, tx *sql.Tx) error { return Retry(ctx, tx, r.ID, "") }); fault.KindOf(err) != fault.Conflict {
				t.Errorf("sending it by hand: %v", err)
			}
		})
	}
}

// TestAQuestionHasAOneClickEnd: the two headers of RFC 8058 and the link in both texts; letters about orders have none.
func TestAQuestionHasAOneClickEnd(t *testing.T) {
	t.Parallel()
	db, server := pgtest.DB(t), newAiosmtpd(t, 0)
	asked(t, db)
	in(t, db, func(ctx context.Context, tx *sql.Tx) error { return OrderPlaced(ctx, tx, "O-1001") })
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != 2 {
		t.Fatalf("%d letters left", n)
	}
	for _, m := range server.letters(t) {
		question := strings.HasPrefix(m.Header.Get("Subject"), "How did we do")
		end, press := m.Header.Get("List-Unsubscribe"), m.Header.Get("List-Unsubscribe-Post")
		if question && (end != "<https://tote.example/questions/end-of-anna>" || press != "List-Unsubscribe=One-Click") || !question && end+press != "" {
			t.Errorf("%s: %q and %q", m.Header.Get("Subject"), end, press)
		}
		texts := flatten(t, m.Header.Get("Content-Type"), m.Body)
		for kind, text := range texts {
			if strings.Contains(text, "/questions/end-of-anna") != question {
				t.Errorf("%s: the %s lacks its end, or has one", m.Header.Get("Subject"), kind)
			}
		}
	}
	plain := Letter{Kind: Feedback, Subject: "s", MessageID: "m@x", Unsubscribe: "http://127.0.0.1/questions/x"}
	plain.From.Address, plain.To.Address = "a@example.com", "b@example.com"
	if m, err := plain.message(); err != nil || len(m.GetGenHeader("List-Unsubscribe-Post")) != 0 {
		t.Errorf("a page without TLS takes no one click: %v", err)
	}
}

// TestWordingsAreKeptAndGoneBackTo: every version stays, two who save at once are told, what was saved is what is sent.
func TestWordingsAreKeptAndGoneBackTo(t *testing.T) {
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	w.place(1001, anna, 1)
	own := Text{"Ours: {order}", "Dear {customer}\n\n{lines}\n{total}\n{link: Go}"}
	at := time.Now()
	by := ben(t, tx)
	save := func(text Text, seen int) (int, error) {
		return SaveWording(ctx, tx, Confirmation, orders.English, text, seen, by, at)
	}
	if v, err := save(own, 0); err != nil || v != 1 {
		t.Fatalf("version %d: %v", v, err)
	}
	if v, err := save(own, 1); err != nil || v != 1 {
		t.Errorf("the same again is version %d: %v", v, err)
	}
	for _, seen := range []int{0, 2, -1} {
		if _, err := save(Text{"x", own.Body}, seen); fault.KindOf(err) != fault.Conflict {
			t.Errorf("saving over version %d: %v", seen, err)
		}
	}
	if v, err := Restore(ctx, tx, Confirmation, orders.English, 0, 1, by, at); err != nil || v != 2 {
		t.Errorf("back to what ships: %d %v", v, err)
	}
	if now, err := Wording(ctx, tx, Confirmation, orders.English, 0); err != nil || !now.Shipped || now.Text != shipped[Confirmation][orders.English] {
		t.Errorf("in force is %+v (%v)", now, err)
	}
	if v, err := Restore(ctx, tx, Confirmation, orders.English, 1, 2, by, at); err != nil || v != 3 {
		t.Errorf("back to version 1: %d %v", v, err)
	}
	if _, err := Restore(ctx, tx, Confirmation, orders.English, 77, 3, by, at); fault.KindOf(err) != fault.NotFound {
		t.Errorf("back to one that never was: %v", err)
	}
	if all, err := History(ctx, tx, Confirmation, orders.English); err != nil || len(all) != 3 || all[0].By != "Ben" {
		t.Errorf("the history is %+v (%v)", all, err)
	}
	for _, l := range []orders.Language{"", "fr", "en'--"} {
		if _, err := SaveWording(ctx, tx, Confirmation, l, own, 0, by, at); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a wording in %q: %v", l, err)
		}
	}
	if err := OrderPlaced(ctx, tx, "O-1001"); err != nil {
		t.Fatal(err)
	}
	all, err := List(ctx, tx, Filter{})
	if err != nil || len(all) != 1 || all[0].Subject != "Ours: O-1001" {
		t.Errorf("what is sent is %+v (%v)", all, err)
	}
	look, err := Look(ctx, tx, Confirmation, orders.German, shipped[Confirmation][orders.German])
	if err != nil || look.About != "O-1001" || !strings.Contains(look.Text, "Guten Tag Anna Berg") {
		t.Errorf("looking at it: %+v (%v)", look, err)
	}
}

// TestEveryLetterCanBeLookedAtAndTried in every language, with something real and with nothing there yet; looking writes nothing.
func TestEveryLetterCanBeLookedAtAndTried(t *testing.T) {
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	lookAtAll := func(real bool) {
		t.Helper()
		for _, k := range kinds {
			for _, l := range orders.Languages {
				p, err := Look(ctx, tx, k.Kind, l, shipped[k.Kind][l])
				if err != nil || p.Subject == "" || !strings.Contains(p.HTML, `lang="`+string(l)+`"`) || !strings.Contains(p.Text, "Harbour Goods") || strings.ContainsAny(p.Subject+p.Text, "{}") || real != (p.About != "") {
					t.Errorf("%s in %s: %+v (%v)", k.Kind, l, p, err)
				}
			}
		}
	}
	lookAtAll(false)
	for i, k := range kinds {
		if err := Try(ctx, tx, k.Kind, orders.German, shipped[k.Kind][orders.German], "me@example.com", fmt.Sprint("key", i), ben(t, tx)); err != nil {
			t.Errorf("trying %s: %v", k.Kind, err)
		}
	}
	before := rows(t, tx)
	w.exec(`delete from letters`)
	written(t, w, tx)
	lookAtAll(true)
	if before != len(kinds) {
		t.Errorf("%d tests for %d letters", before, len(kinds))
	}
}

func rows(t *testing.T, q pg.Querier) (n int) {
	t.Helper()
	if err := q.QueryRowContext(t.Context(), `select count(*) from letters`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
