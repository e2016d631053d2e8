package mail

import (
	"context"
	"database/sql"
	"fmt"
	"mime"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/pgtest"
)

// payloads is what people put into a name to get a header of their own, and what merely looks odd.
func payloads() []string {
	var all []string
	for _, ending := range []string{"\r\n", "\n", "\r", "\r\n\r\n", "\u2028", "\u0085", "\x0b", "\x0c", "\t\n", "=0D=0A", "%0d%0a", "\\r\\n", "&#10;", "<br>", "\x1b[2K\n"} {
		for _, header := range []string{"Bcc: all@example.com", "Subject: You won", "To: other@example.com", "From: boss@example.com", "Content-Type: text/html",
			"X-Evil: 1", "MIME-Version: 2", "Reply-To: x@evil.example", ".\r\nMAIL FROM:<x@evil.example>\r\nRCPT TO:<y@evil.example>\r\nDATA"} {
			all = append(all, "Anna"+ending+header)
		}
	}
	for _, odd := range []string{
		`"`, `\`, `"\"`, `<`, `<x@y.example>`, `a@b.example, c@d.example`, `,;:@`, `()`, `(comment`, `=?utf-8?q?=0D=0ABcc:_all@example.com?=`,
		`=?utf-8?b?DQpCY2M6IGE=?=`, "😀 Ümläut ‮gnirts", "日本語の長い長い長い長い長い長い長い長い長い長い長い長い名前", strings.Repeat("x", 1000), strings.Repeat("ü", 500),
		"{{.}}", `{{printf "%1000000d" 1}}`, "${x}", "<%= 1 %>", "<script>alert(1)</script>", "' or 1=1 --", "..", "-- ", "\u200b", "\ufeff", "a\u0301", "null", "undefined",
	} {
		all = append(all, odd, "Anna "+odd, odd+" Berg")
	}
	return all
}

// TestHostileNamesAddNoHeader puts every payload where a customer may type, and sends it all through a
// server that nobody here wrote: the head of every letter has exactly the lines it ought to have.
func TestHostileNamesAddNoHeader(t *testing.T) {
	t.Parallel()
	db, server := pgtest.DB(t), newAiosmtpd(t, 0)
	all := payloads()
	if len(all) < 200 {
		t.Fatalf("%d payloads, want 200", len(all))
	}
	want := map[string]string{}
	in(t, db, func(ctx context.Context, tx *sql.Tx) error {
		w := newWorld(t, tx)
		for i, p := range all {
			email := fmt.Sprintf("c%d@example.com", i)
			w.place(1001+i, customer{name: p, email: email, reference: p, recipient: p, company: p}, 1)
			w.exec(`update order_lines set name = $1 where ref = $2`, p, fmt.Sprintf("O-%d.1", 1001+i))
			w.exec(`update settings set company = $1`, p)
			if err := OrderPlaced(ctx, tx, fmt.Sprintf("O-%d", 1001+i)); err != nil {
				return fmt.Errorf("%q: %w", p, err)
			}
			want[email] = displayName(p)
		}
		return nil
	})
	if n := drain(t, Sender{DB: db, SMTP: server.SMTP}); n != len(all) {
		t.Fatalf("%d of %d letters were sent", n, len(all))
	}
	names := []string{"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To", "X-Mailfrom", "X-Peer", "X-Rcptto"}
	for _, m := range server.letters(t) {
		var got []string
		for name, values := range m.Header {
			if got = append(got, name); len(values) != 1 {
				t.Errorf("%s stands there %d times: %q", name, len(values), values)
			}
		}
		sort.Strings(got)
		if diff := cmp.Diff(names, got); diff != "" {
			t.Errorf("the head differs (-want +got):\n%s", diff)
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 1 {
			t.Errorf("To: %q: %v", m.Header.Get("To"), err)
			continue
		}
		rcpt := m.Header.Get("X-RcptTo")
		if rcpt != to[0].Address || strings.Join(strings.Fields(to[0].Name), " ") != strings.Join(strings.Fields(want[rcpt]), " ") {
			t.Errorf("it went to %q with the head %q, want the name %q", rcpt, to[0], want[rcpt])
		}
		from, err := m.Header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Address != "orders@harbour.example" {
			t.Errorf("From: %q: %v", m.Header.Get("From"), err)
		}
		if s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || !strings.HasPrefix(s, "Your order O-") || !strings.HasSuffix(s, " is in") {
			t.Errorf("Subject: %q", s)
		}
	}
}

// TestHostileAddressIsRefusedAndShown: it makes a letter that a person sees, never an error that
// hides behind a queue.
func TestHostileAddressIsRefusedAndShown(t *testing.T) {
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	bad := []string{"", "anna", "anna@", "@example.com", "a@b@c.example", "anna@example.com\r\nBcc: x@y.example", "anna@example.com, ben@example.com",
		"Anna <anna@example.com>", "anna@example.com ", "\"a\nb\"@example.com", "anna@exa mple.com", "anna@example.com>\r\nDATA", strings.Repeat("x", 250) + "@example.com"}
	for i, address := range bad {
		w.place(2001+i, customer{name: "Anna", email: fmt.Sprintf("c%d@example.com", i), recipient: "Anna"}, 1)
		w.exec(`update orders set email = $1 where number = $2`, address, 2001+i)
		if err := OrderPlaced(ctx, tx, fmt.Sprintf("O-%d", 2001+i)); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
	refused, err := List(ctx, tx, Filter{State: Refused})
	if err != nil || len(refused) != len(bad) {
		t.Fatalf("%d of %d are refused: %v", len(refused), len(bad), err)
	}
	for _, r := range refused {
		if !strings.Contains(r.Error, "is not an address that mail can go to") || strings.ContainsAny(r.Recipient, "\r\n") {
			t.Errorf("the row says %+v", r)
		}
	}
	if err := Retry(ctx, tx, refused[0].ID, "still not one"); err == nil {
		t.Error("a letter was queued to what is no address")
	}
}

// TestLastDoorRefusesControlCharacters: even a row that somebody wrote by hand cannot add a header.
func TestLastDoorRefusesControlCharacters(t *testing.T) {
	good := Letter{Kind: Confirmation, Subject: "s", MessageID: "m@x"}
	good.From.Address, good.To.Address = "a@example.com", "b@example.com"
	if _, err := good.message(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{"\r\nBcc: x@y.example", "\n", "\r", "\x00", "\x7f"} {
		for name, spoil := range map[string]func(*Letter){
			"from name": func(l *Letter) { l.From.Name = "x" + c }, "from": func(l *Letter) { l.From.Address += c },
			"to name": func(l *Letter) { l.To.Name = "x" + c }, "to": func(l *Letter) { l.To.Address += c },
			"subject": func(l *Letter) { l.Subject += c }, "id": func(l *Letter) { l.MessageID += c },
			"file": func(l *Letter) { l.Files = []File{{Name: "x" + c, MediaType: "application/pdf"}} },
			"kind": func(l *Letter) { l.Files = []File{{Name: "x", MediaType: "application/pdf" + c}} },
		} {
			l := good
			spoil(&l)
			if _, err := l.message(); err == nil {
				t.Errorf("%s with %q made a message", name, c)
			}
		}
	}
}

func TestOneLetterPerFactAndRecipient(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	in(t, db, func(_ context.Context, tx *sql.Tx) error { newWorld(t, tx).place(1001, anna, 1); return nil })
	done := make(chan error, 10)
	for range cap(done) {
		go func() {
			done <- inTx(db, func(ctx context.Context, tx *sql.Tx) error { return OrderPlaced(ctx, tx, "O-1001") })
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if r := only(t, db); r.Kind != Confirmation || r.Ref != "O-1001" || r.Recipient != anna.email {
		t.Errorf("the row says %+v", r)
	}
}

// TestTrackingSpeaksOfOnesOwnOrdersAlone: two orders of one customer and one of another ride in one
// shipment. One letter each; the first lists both of his orders' parcels, none of the other's.
func TestTrackingSpeaksOfOnesOwnOrdersAlone(t *testing.T) {
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	stranger := customer{name: "Carla Secret", email: "carla@example.com", reference: "SECRET-REF", recipient: "Carla Secret", company: "Secret AG"}
	w.place(1001, anna, 2)
	w.place(1002, anna, 0, 3)
	w.place(1003, stranger, 0, 0, 7)
	w.ship(17, 1001, map[int]int{1: 2})
	w.ship(17, 1002, map[int]int{2: 1}, map[int]int{2: 2})
	w.ship(17, 1003, map[int]int{3: 7})
	for range 2 {
		if err := ShipmentDispatched(ctx, tx, "SH-17"); err != nil {
			t.Fatal(err)
		}
	}
	all, err := List(ctx, tx, Filter{})
	if err != nil || len(all) != 2 {
		t.Fatalf("%d letters, want one per customer: %v", len(all), err)
	}
	for _, row := range all {
		l, err := Read(ctx, tx, row.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range []string{l.Text, l.HTML} {
			if l.Recipient == anna.email {
				if containsAny(body, "Carla", "Secret", "SECRET", "O-1003", "Oak board", "7 x", "token-1003") {
					t.Errorf("Anna reads of Carla:\n%s", body)
				}
				for _, must := range []string{"Parcel 3 of 3", "Blue mug", "Tea towel", "token-1001", "token-1002", "TT170"} {
					if !strings.Contains(body, must) {
						t.Errorf("Anna's letter lacks %q:\n%s", must, body)
					}
				}
			} else if containsAny(body, "Anna", "Berg", "PO 77", "O-1001", "O-1002", "Blue mug", "Tea towel", "token-1001", "token-1002") {
				t.Errorf("Carla reads of Anna:\n%s", body)
			} else if numbers := regexp.MustCompile(`TT17\w+`).FindAllString(body, -1); len(numbers) != 1 || numbers[0] != "TT170xx" {
				t.Errorf("Carla is to follow %v, her parcel is TT170xx:\n%s", numbers, body)
			}
		}
	}
	if !slices.ContainsFunc(all, func(r Row) bool { return r.Subject == "Your order O-1001 and O-1002 is on its way" }) {
		t.Errorf("subjects are %q and %q", all[0].Subject, all[1].Subject)
	}
}

func containsAny(s string, any ...string) bool {
	return slices.ContainsFunc(any, func(a string) bool { return strings.Contains(s, a) })
}

// TestEveryParcelIsFollowedByItsOwnNumber where the carrier has numbered them one by one.
func TestEveryParcelIsFollowedByItsOwnNumber(t *testing.T) {
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	w.place(1001, anna, 2, 3)
	w.ship(17, 1001, map[int]int{1: 2}, map[int]int{2: 3})
	w.exec(`update carriers set tracking_url = 'https://carrier.example/?n={number}' where code = 'own'`)
	if err := ShipmentDispatched(ctx, tx, "SH-17"); err != nil {
		t.Fatal(err)
	}
	all, err := List(ctx, tx, Filter{})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d letters: %v", len(all), err)
	}
	l, err := Read(ctx, tx, all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{l.Text, l.HTML} {
		for _, number := range []string{"TT170", "TT171"} {
			if strings.Count(body, "https://carrier.example/?n="+number) != 1 {
				t.Errorf("%s is not followed by one link:\n%s", number, body)
			}
		}
	}
}
