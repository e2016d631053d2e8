package mail

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
)

// draft is a letter before it has words: to whom, about what, and the values it may speak of.
type draft struct {
	Letter
	company string
	base    string         // where customers reach us
	contact orders.Support // whom the reader reaches about it; nobody has no name
	values  values
}

// tell writes the letters of a kind about ref, in the wordings that are in force.
func tell(ctx context.Context, tx *sql.Tx, k Kind, ref string) error {
	entry, err := find(k)
	if err != nil {
		return err
	}
	drafts, err := entry.gather(ctx, tx, ref)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if err := d.send(ctx, tx, entry); err != nil {
			return err
		}
	}
	return nil
}

func (d draft) send(ctx context.Context, tx *sql.Tx, k kind) error {
	text, err := inForce(ctx, tx, k, d.Language)
	if err != nil {
		return err
	}
	if err := d.word(k, text); err != nil {
		// It was right when it was saved; the program has changed since. The letter must leave all the same.
		slog.WarnContext(ctx, "a saved wording does not fit any more, the shipped one is used", "kind", d.Kind, "language", d.Language, "error", err)
		if err := d.word(k, shipped[k.Kind][d.Language]); err != nil {
			return err
		}
	}
	return write(ctx, tx, d.Letter)
}

// word fills in the three texts of a letter.
func (d *draft) word(k kind, t Text) error {
	if err := checkWording(k, t.Subject, t.Body); err != nil {
		return err
	}
	subject, err := parseWording(t.Subject)
	if err != nil {
		return err
	}
	body, err := parseWording(t.Body)
	if err != nil {
		return err
	}
	d.Subject = clip(oneLine(sayLine(resolve(subject, d.values, d.Language))), 200)
	all := elements(resolve(body, d.values, d.Language))
	d.Text = signed(d.Language, d.company, d.reached(), plainText(all, d.Subject, d.Language), d.Unsubscribe)
	d.HTML = framed(d.Language, d.company, d.reached(), pageBody(all, d.Language), d.Unsubscribe)
	return nil
}

// reached names the contact that a letter ends with: "Your contact: Sara Support, sara@shop.example".
func (d draft) reached() string {
	if d.contact.Name == "" {
		return ""
	}
	words := tongues[d.Language].contact + " " + d.contact.Name
	if how := d.contact.Reached(); how != "" {
		words += ", " + how
	}
	return oneLine(words)
}

// house is what every letter takes from the settings.
type house struct {
	company, base, from, howToPay string
	language                      orders.Language
}

func readHouse(ctx context.Context, q pg.Querier) (h house, err error) {
	err = q.QueryRowContext(ctx, `select company, base_url, mail_from, how_to_pay, letter_language from settings`).
		Scan(&h.company, &h.base, &h.from, &h.howToPay, &h.language)
	if err == sql.ErrNoRows {
		return h, fault.New(fault.NotFound, "This site is not set up yet.")
	}
	h.base = strings.TrimRight(h.base, "/")
	return h, err
}
