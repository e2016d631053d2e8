package mail

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Arrived is a letter in the inbox.
type Arrived struct {
	ID      int64
	At      time.Time
	From    string
	To      []string
	Subject string
}

// Opened is the same, taken apart.
type Opened struct {
	Arrived
	Headers    []Header
	Text, HTML string
	Files      []File
	Raw        []byte
	Damaged    string // why it could not be read to the end, in words
}

// Header is one line of a letter's head, decoded.
type Header struct{ Name, Value string }

// Arrivals lists the inbox, newest first, those before the letter numbered before (0: from the top).
func Arrivals(ctx context.Context, q pg.Querier, before int64, limit int) ([]Arrived, error) {
	rows, err := q.QueryContext(ctx, `
		select id, at, sender, recipients, subject from inbox
		where $1 = 0 or id < $1 order by id desc limit $2`, before, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Arrived{}
	for rows.Next() {
		var a Arrived
		if err := rows.Scan(&a.ID, &a.At, &a.From, pg.Array(&a.To), &a.Subject); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// Open reads one letter of the inbox.
func Open(ctx context.Context, q pg.Querier, id int64) (o Opened, err error) {
	err = q.QueryRowContext(ctx, `select id, at, sender, recipients, subject, raw from inbox where id = $1`, id).
		Scan(&o.ID, &o.At, &o.From, pg.Array(&o.To), &o.Subject, &o.Raw)
	if errors.Is(err, sql.ErrNoRows) {
		return o, fault.New(fault.NotFound, "There is no letter %d in the inbox.", id)
	}
	if err != nil {
		return o, err
	}
	o.takeApart()
	return o, nil
}

func (o *Opened) takeApart() {
	r, err := mail.CreateReader(bytes.NewReader(o.Raw))
	if r == nil || err != nil && !unknown(err) {
		o.Damaged = "This is not a letter that can be read; look at it raw."
		return
	}
	for f := r.Header.Fields(); f.Next(); {
		value, err := f.Text()
		if err != nil {
			value = f.Value()
		}
		o.Headers = append(o.Headers, Header{f.Key(), oneLine(value)})
	}
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return
		}
		if p == nil || err != nil && !unknown(err) {
			o.Damaged = "The rest of this letter cannot be read; look at it raw."
			return
		}
		o.add(p)
	}
}

// add keeps one part: the first of each kind of text, and every file.
func (o *Opened) add(p *mail.Part) {
	content, err := io.ReadAll(io.LimitReader(p.Body, inboxLetter))
	if err != nil {
		o.Damaged = "A part of this letter is cut off; look at it raw."
	}
	switch h := p.Header.(type) {
	case *mail.InlineHeader:
		kind, _, _ := h.ContentType()
		switch {
		case kind == "text/html" && o.HTML == "":
			o.HTML = string(content)
		case strings.HasPrefix(kind, "text/") && o.Text == "":
			o.Text = string(content)
		}
	case *mail.AttachmentHeader:
		name, _ := h.Filename()
		kind, _, _ := h.ContentType()
		o.Files = append(o.Files, File{oneLine(name), kind, content})
	}
}

// unknown says that only a charset or encoding is foreign; the rest can be read.
func unknown(err error) bool {
	return message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)
}
