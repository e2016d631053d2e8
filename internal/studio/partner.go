package studio

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// PartnerID is a partner's row.
type PartnerID int64

// Partner prints for us, elsewhere: a flow may name it.
type Partner struct {
	ID           PartnerID
	Name         string
	Email, Phone string // of whoever takes our orders there; "" = not known
	Note         string
	Days         int // from handing over until the pieces are made
	Retired      bool
	Flows        int // in use that print there
}

// Partners is every partner, those in use first.
func Partners(ctx context.Context, q pg.Querier) (_ []Partner, err error) {
	defer fault.Wrap(&err, "studio.Partners")
	return pg.Collect(func(p *Partner) []any {
		return []any{&p.ID, &p.Name, &p.Email, &p.Phone, &p.Note, &p.Days, &p.Retired, &p.Flows}
	})(q.QueryContext(ctx, `
		select id, name, email, phone, note, days, retired_at is not null,
		       (select count(*) from flows f where f.partner_id = partners.id and f.retired_at is null)
		from partners order by retired_at is not null, lower(name), id`))
}

var errNoPartner = fault.New(fault.NotFound, "There is no such partner.")

// ReadPartner is one partner.
func ReadPartner(ctx context.Context, q pg.Querier, id PartnerID) (Partner, error) {
	all, err := Partners(ctx, q)
	for _, p := range all {
		if p.ID == id {
			return p, nil
		}
	}
	if err == nil {
		err = errNoPartner
	}
	return Partner{}, err
}

func (p *Partner) check() error {
	p.Name, p.Email, p.Phone, p.Note = tidy(p.Name), tidy(p.Email), tidy(p.Phone), tidy(p.Note)
	var wrong fault.Fields
	for _, f := range []struct {
		name, says, text string
		most             int
		lines            bool
	}{{"name", "The name", p.Name, 60, false}, {"email", "The address", p.Email, 200, false}, {"phone", "The number", p.Phone, 60, false}, {"note", "The note", p.Note, maxWords, true}} {
		if problem := fault.WrongText(f.text, f.most, f.lines); problem != "" {
			wrong.Add(f.name, "%s %s.", f.says, problem)
		}
	}
	if p.Name == "" {
		wrong.Add("name", "Give the partner a name, like Print & Co.")
	}
	if a, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || a.Address != p.Email) {
		wrong.Add("email", "Write an address like orders@print.example, or leave it empty.")
	}
	if p.Days < 0 || p.Days > 365 {
		wrong.Add("days", "Give 0 to 365 days.")
	}
	return wrong.Err()
}

// SavePartner makes a partner, or changes the one with its ID. One that flows in use print at cannot be retired.
func SavePartner(ctx context.Context, tx *sql.Tx, p Partner, by staff.ID) (_ PartnerID, err error) {
	defer fault.Wrap(&err, "studio.SavePartner(%d)", p.ID)
	if err := p.check(); err != nil {
		return 0, err
	}
	var other, flow string
	err = tx.QueryRowContext(ctx, `
		select coalesce((select name from partners where lower(name) = lower($1) and id <> $2), ''),
		       coalesce((select min(name) from flows where partner_id = $2 and retired_at is null), '')`, p.Name, p.ID).Scan(&other, &flow)
	switch {
	case err != nil:
		return 0, err
	case other != "":
		return 0, fault.Fields{{Name: "name", Message: "There is a partner of that name already."}}
	case p.Retired && flow != "":
		return 0, fault.Fields{{Name: "retired", Message: "The flow " + flow + " prints there. Give it another partner first."}}
	}
	values := []any{p.Name, p.Email, p.Phone, p.Note, p.Days}
	if p.ID == 0 {
		err = tx.QueryRowContext(ctx, `insert into partners (name, email, phone, note, days) values ($1, $2, $3, $4, $5) returning id`, values...).Scan(&p.ID)
	} else {
		err = tx.QueryRowContext(ctx, `
			update partners set name = $1, email = $2, phone = $3, note = $4, days = $5, retired_at = case when $6 then coalesce(retired_at, now()) end
			where id = $7 returning id`, append(values, p.Retired, p.ID)...).Scan(&p.ID)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errNoPartner
	}
	if err != nil {
		return 0, err
	}
	return p.ID, staff.Audit(ctx, tx, by, "set a partner", p.Name, p)
}

// printsFor refuses a flow whose partner is unknown, or not asked any more. It keeps the partner from being retired meanwhile.
func printsFor(ctx context.Context, tx *sql.Tx, f Flow) error {
	if f.Partner == 0 {
		return nil
	}
	var retired bool
	err := tx.QueryRowContext(ctx, `select retired_at is not null from partners where id = $1 for share`, f.Partner).Scan(&retired)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.Fields{{Name: "partner", Message: "Choose one of the partners."}}
	case err != nil:
		return err
	case retired && !f.Retired:
		return fault.Fields{{Name: "partner", Message: "That partner is out of use. Choose another one."}}
	}
	return nil
}
