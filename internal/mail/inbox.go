package mail

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"

	"tote/internal/pg"
)

const (
	inboxLetter = 10 << 20 // bytes of one letter
	inboxLine   = time.Minute
)

// Inbox is a real SMTP server on the loopback for houses without one: what it is sent lies in the
// table inbox and is read on a page.
type Inbox struct {
	server *smtp.Server
	addr   *net.TCPAddr
}

// OpenInbox listens on the loopback, on a port that is free.
func OpenInbox(ctx context.Context, db *sql.DB) (*Inbox, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{db: db}, nil }))
	s.Domain = "localhost"
	s.MaxMessageBytes = inboxLetter
	s.MaxRecipients = 100
	s.ReadTimeout, s.WriteTimeout = inboxLine, inboxLine
	s.EnableSMTPUTF8 = true
	s.ErrorLog = slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)
	go s.Serve(l)
	return &Inbox{s, l.Addr().(*net.TCPAddr)}, nil
}

// SMTP is how a Sender reaches the inbox.
func (i *Inbox) SMTP() SMTP { return SMTP{Host: i.addr.IP.String(), Port: i.addr.Port, TLS: Never} }

// Close lets dialogues end and stops listening.
func (i *Inbox) Close(ctx context.Context) error {
	if err := i.server.Shutdown(ctx); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
		return err
	}
	return nil
}

// delivery is one dialogue with the inbox.
type delivery struct {
	db   *sql.DB
	from string
	to   []string
}

func (d *delivery) Mail(from string, _ *smtp.MailOptions) error {
	d.from, d.to = oneLine(from), nil
	return nil
}

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.to = append(d.to, oneLine(to))
	return nil
}

func (d *delivery) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	err = pg.InTx(context.Background(), d.db, func(tx *sql.Tx) error {
		_, err := tx.Exec(`insert into inbox (sender, recipients, subject, raw) values ($1, $2, $3, $4)`,
			d.from, pg.Array(d.to), subject(raw), raw)
		return err
	})
	if err != nil {
		slog.Error("inbox cannot store a letter", "error", err)
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "cannot store it now"}
	}
	return nil
}

func (d *delivery) Reset()        { d.from, d.to = "", nil }
func (d *delivery) Logout() error { return nil }

// subject is for the list; a letter that cannot be read has none.
func subject(raw []byte) string {
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if r == nil || err != nil && !unknown(err) {
		return ""
	}
	s, err := r.Header.Subject()
	if err != nil {
		return ""
	}
	return clip(oneLine(s), 200)
}
