package mail

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Preview is a letter as it would be now.
type Preview struct {
	Subject, Text, HTML string
	About               string // O-1001; "" when it is an example
}

// Look shows a wording with what the latest order, shipment, return or quote would put into it, else with an example.
// A wording that could not be saved is refused as saving it would be.
func Look(ctx context.Context, q pg.Querier, k Kind, l orders.Language, t Text) (p Preview, err error) {
	defer fault.Wrap(&err, "mail.Look(%s, %s)", k, l)
	entry, err := findIn(k, l)
	if err != nil {
		return p, err
	}
	d, about, err := latest(ctx, q, entry)
	if err != nil {
		return p, err
	}
	d.Language = l
	if err := d.word(entry, t); err != nil {
		return p, err
	}
	return Preview{d.Subject, d.Text, d.HTML, about}, nil
}

// latest is a draft about the newest thing that such a letter could tell of.
func latest(ctx context.Context, q pg.Querier, k kind) (d draft, about string, err error) {
	var ref string
	err = q.QueryRowContext(ctx, k.latest).Scan(&ref)
	if errors.Is(err, sql.ErrNoRows) {
		d, err = example(ctx, q, k)
		return d, "", err
	}
	if err != nil {
		return d, "", err
	}
	drafts, err := k.gather(ctx, q, ref)
	if err != nil {
		return d, "", err
	}
	if len(drafts) == 0 { // nothing of it waits
		d, err = example(ctx, q, k)
		return d, "", err
	}
	return drafts[0], drafts[0].Ref, nil
}

// example is a draft about nothing real.
func example(ctx context.Context, q pg.Querier, k kind) (d draft, err error) {
	h, err := readHouse(ctx, q)
	if err != nil {
		return d, err
	}
	d = draft{company: h.company, values: values{}}
	for _, v := range k.Vars {
		d.values[v.Name] = v.sample
	}
	d.values["company"] = words(h.company)
	d.From = mail.Address{Name: displayName(h.company), Address: h.from}
	if k.Question {
		d.Unsubscribe = h.base + "/questions/example"
	}
	return d, nil
}

// Try sends a wording to an address, filled with an example: no customer's name and no link of anybody leaves with it.
// key is what tells this test from others; the same key sends one letter.
func Try(ctx context.Context, tx *sql.Tx, k Kind, l orders.Language, t Text, to, key string, by staff.ID) (err error) {
	defer fault.Wrap(&err, "mail.Try(%s, %s)", k, l)
	entry, err := findIn(k, l)
	if err != nil {
		return err
	}
	if err := checkAddress(to); err != nil {
		var wrong fault.Fields
		wrong.Add("to", "%q is not an address that mail can go to.", clip(oneLine(to), 80))
		return wrong
	}
	d, err := example(ctx, tx, entry)
	if err != nil {
		return err
	}
	d.Language = l
	if err := d.word(entry, t); err != nil {
		return err
	}
	d.Kind, d.Fact, d.To.Address, d.Unsubscribe = Trial, fact("tried "+entry.Slug, key), to, ""
	d.Subject = clip("Test: "+d.Subject, 200)
	if err := write(ctx, tx, d.Letter); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, by, "try a letter", string(k), map[string]any{"language": l, "to": to})
}
