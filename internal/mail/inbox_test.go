package mail

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/smtp"
	"strings"
	"testing"

	"tote/internal/pgtest"
)

// TestInboxKeepsWhatItIsSent: a letter comes out of the development inbox as it went in.
func TestInboxKeepsWhatItIsSent(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.DB(t), context.Background()
	box := openInbox(t, db)
	in(t, db, func(ctx context.Context, tx *sql.Tx) error {
		w := newWorld(t, tx)
		w.place(1001, customer{name: "Ümit 😀", email: "umit@example.com", recipient: "Ümit"}, 2)
		return OrderPlaced(ctx, tx, "O-1001")
	})
	if n := drain(t, Sender{DB: db, SMTP: box.SMTP()}); n != 1 {
		t.Fatalf("%d letters sent, want 1", n)
	}
	list, err := Arrivals(ctx, db, 0, 10)
	if err != nil || len(list) != 1 || list[0].Subject != "Your order O-1001 is in" || list[0].To[0] != "umit@example.com" {
		t.Fatalf("the inbox lists %+v: %v", list, err)
	}
	o, err := Open(ctx, db, list[0].ID)
	if err != nil || o.Damaged != "" {
		t.Fatalf("%v %s", err, o.Damaged)
	}
	sent, err := Read(ctx, db, only(t, db).ID)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ReplaceAll(o.Text, "\r\n", "\n") != sent.Text || strings.ReplaceAll(o.HTML, "\r\n", "\n") != sent.HTML {
		t.Errorf("the letter changed on its way:\n%q\n%q", o.Text, sent.Text)
	}
	if fmt.Sprint(o.Headers) == "" || !strings.Contains(fmt.Sprint(o.Headers), "Ümit 😀") {
		t.Errorf("headers are %v", o.Headers)
	}
	if more, err := Arrivals(ctx, db, list[0].ID, 10); err != nil || len(more) != 0 {
		t.Errorf("below the last letter there is %v: %v", more, err)
	}
}

// TestInboxTakesWhatIsNoLetter: whatever a program on this machine sends there, the page can show it.
func TestInboxTakesWhatIsNoLetter(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.DB(t), context.Background()
	box := openInbox(t, db)
	for name, body := range map[string]string{
		"empty": "", "no head": "\r\nhello\r\n", "binary": "Subject: x\r\n\r\n\x00\xff\xfe\x01", "foreign charset": "Content-Type: text/plain; charset=klingon-1\r\n\r\nabc\r\n",
		"cut multipart": "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>", "no boundary": "Content-Type: multipart/mixed\r\n\r\nabc",
		"bad base64": "Content-Transfer-Encoding: base64\r\n\r\n!!!!\r\n", "nul subject": "Subject: a\x00b\r\n\r\nx", "bad encoding": "Content-Transfer-Encoding: nonsense\r\n\r\nx",
		"nested": "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + strings.Repeat("--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n", 300),
	} {
		if err := smtp.SendMail(fmt.Sprintf("127.0.0.1:%d", box.SMTP().Port), nil, "a@example.com", []string{"b@example.com"}, []byte(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	list, err := Arrivals(ctx, db, 0, 100)
	if err != nil || len(list) != 10 {
		t.Fatalf("%d letters arrived, want 10: %v", len(list), err)
	}
	for _, a := range list {
		if _, err := Open(ctx, db, a.ID); err != nil {
			t.Errorf("letter %d: %v", a.ID, err)
		}
	}
	if _, err := Open(ctx, db, 1<<40); err == nil {
		t.Error("a letter that never was is there")
	}
}

// TestInboxListensOnTheLoopbackAlone: it takes mail from anybody who can reach it.
func TestInboxListensOnTheLoopbackAlone(t *testing.T) {
	t.Parallel()
	box := openInbox(t, pgtest.DB(t))
	if ip := net.ParseIP(box.SMTP().Host); ip == nil || !ip.IsLoopback() {
		t.Errorf("the inbox listens on %s", box.SMTP().Host)
	}
}

func openInbox(t *testing.T, db *sql.DB) *Inbox {
	t.Helper()
	box, err := OpenInbox(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return box
}
