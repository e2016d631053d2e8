package shipping

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Acting is who does something about a trouble, by which form.
type Acting struct {
	Trouble    TroubleID
	Submission string
	Note       string
	Staff      staff.ID
	At         time.Time
}

// act locks a trouble that nobody settled and notes what is done about it; again says that this form was heard before.
func (a Acting) act(ctx context.Context, tx *sql.Tx, what string) (id ID, adapter string, again bool, err error) {
	if wrong := wrongText(strings.NewReplacer("\n", " ", "\r", " ").Replace(a.Note), 500); wrong != "" {
		return 0, "", false, fault.Fields{{Name: "note", Message: "The note " + wrong + "."}}
	}
	err = tx.QueryRowContext(ctx, `
		select s.id, c.adapter, exists (select from trouble_acts where submission = $2)
		from troubles t join shipments s on s.id = t.shipment_id join carriers c on c.code = s.carrier
		where t.id = $1 for no key update of s`, a.Trouble, a.Submission).Scan(&id, &adapter, &again)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", false, fault.New(fault.NotFound, "There is no such exception.")
	}
	if err != nil || again {
		return id, adapter, again, err
	}
	open, err := changed(tx.ExecContext(ctx, `
		insert into trouble_acts (trouble_id, submission, what, note, staff_id, at)
		select id, $2, $3, $4, $5, $6 from troubles where id = $1 and settled_at is null`, a.Trouble, a.Submission, what, a.Note, a.Staff, a.At))
	if err == nil && !open {
		err = fault.New(fault.Conflict, "Somebody settled this already. Load the page again.")
	}
	return id, adapter, false, err
}

// Called notes that the customer, or the carrier, was called; the trouble stays until it is settled.
func Called(ctx context.Context, tx *sql.Tx, a Acting) (err error) {
	defer fault.Wrap(&err, "shipping.Called(%d)", a.Trouble)
	if strings.TrimSpace(a.Note) == "" {
		return fault.Fields{{Name: "note", Message: "Write what was said, so that the next one need not call again."}}
	}
	_, _, _, err = a.act(ctx, tx, "called")
	return err
}

// Settle ends a trouble for a reason in words.
func Settle(ctx context.Context, tx *sql.Tx, a Acting) (err error) {
	defer fault.Wrap(&err, "shipping.Settle(%d)", a.Trouble)
	if strings.TrimSpace(a.Note) == "" {
		return fault.Fields{{Name: "note", Message: "Write why nothing is left to do."}}
	}
	if _, _, again, err := a.act(ctx, tx, "settled"); err != nil || again {
		return err
	}
	_, err = tx.ExecContext(ctx, `update troubles set settled_at = $2, settled_by = $3, how = 'settled' where id = $1`, a.Trouble, a.At, a.Staff)
	return err
}

// Resend lets goods go to their customer once more, as they are: on the next tour, or under a new number of the carrier.
func Resend(ctx context.Context, tx *sql.Tx, a Acting, number string) (err error) {
	defer fault.Wrap(&err, "shipping.Resend(%d)", a.Trouble)
	number = strings.ToUpper(strings.TrimSpace(number))
	id, adapter, again, err := a.act(ctx, tx, "sent again")
	if err != nil || again {
		return err
	}
	var state State
	if err := tx.QueryRowContext(ctx, `select `+StateNow+` from shipments s where s.id = $1`, id).Scan(&state); err != nil {
		return err
	}
	if !state.Left() || state == Delivered || state == CameBack {
		return fault.New(fault.Conflict, "%s is %s: there is nothing to send again.", id, state)
	}
	if !ways[adapter].Ours {
		if err := newNumber(ctx, tx, id, number, a.At); err != nil {
			return err
		}
	}
	note := "Sent again. " + a.Note
	if number != "" {
		note = "Sent again as " + number + ". " + a.Note
	}
	if _, err := Track(ctx, tx, Event{Shipment: id, At: a.At, Kind: "in transit", Source: "hand", Key: "resend " + a.Submission, Note: clipTo(strings.TrimSpace(note), 500), Staff: a.Staff}, a.At); err != nil {
		return err
	}
	return settle(ctx, tx, id, "sent again", a.Staff, a.At, Returned, Missed, BadPlace, Still)
}

// newNumber lets what is still on the way be followed by another number of the carrier.
func newNumber(ctx context.Context, tx *sql.Tx, id ID, number string, at time.Time) error {
	if number == "" || !plainNumber(number) {
		return fault.Fields{{Name: "number", Message: "Enter the number of the carrier’s new label: up to 40 letters, digits and dashes."}}
	}
	if err := (Number{Number: number, At: at}).fits(ctx, tx, id, nil); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update shipments set tracking_number = $2 where id = $1`, id, number); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `update shipment_cartons set tracking_number = $2 where shipment_id = $1 and void_at is null and delivered_at is null`, id, number)
	return err
}

// TakeBack announces what nobody took of a shipment, a return for each parcel as the returns desk would open it, and answers
// the first.
func TakeBack(ctx context.Context, tx *sql.Tx, a Acting) (first ReturnID, err error) {
	defer fault.Wrap(&err, "shipping.TakeBack(%d)", a.Trouble)
	id, _, _, err := a.act(ctx, tx, "return made")
	if err != nil {
		return 0, err
	}
	if back, err := isBack(ctx, tx, id); err != nil {
		return 0, err
	} else if back {
		return 0, fault.New(fault.Conflict, "%s came back already: it has its return.", id)
	}
	var warehouse inventory.WarehouseID
	if err := tx.QueryRowContext(ctx, `select warehouse_id from shipments where id = $1`, id).Scan(&warehouse); err != nil {
		return 0, err
	}
	parcels, err := list(ctx, tx, func(p *pack) []any { return []any{&p.carton, &p.state, &p.ref, &p.shipment} }, `
		select k.id, k.state, k.ref, sc.shipment_id from shipment_cartons sc join cartons k on k.id = sc.carton_id
		where sc.shipment_id = $1 and sc.void_at is null and sc.delivered_at is null order by k.id`, id)
	if err != nil {
		return 0, err
	}
	for _, p := range parcels {
		r, err := returnUndelivered(ctx, tx, warehouse, p, Request{Note: a.Note, Staff: a.Staff, At: a.At})
		if err != nil {
			return 0, err
		}
		first = cmp.Or(first, r)
	}
	if first == 0 {
		return 0, fault.New(fault.Conflict, "Nothing of %s is on the road any more: nothing comes back by itself. The customer asks for a return.", id)
	}
	return first, nil
}

// Correct changes where a shipment goes that has trouble with its address: on the way, where the carrier or driver is told,
// or before its carrier has sold the label, which is asked for anew. A label that exists says the old one: unpack first.
func Correct(ctx context.Context, tx *sql.Tx, a Acting, to Address) (err error) {
	defer fault.Wrap(&err, "shipping.Correct(%d)", a.Trouble)
	to, err = to.check()
	if err != nil {
		return err
	}
	id, _, again, err := a.act(ctx, tx, "address corrected")
	if err != nil || again {
		return err
	}
	s, err := Find(ctx, tx, id)
	if err != nil {
		return err
	}
	if s.State == Delivered || s.State == Cancelled {
		return fault.New(fault.Conflict, "%s is %s.", id, s.State)
	}
	if _, err := tx.ExecContext(ctx, `
		update shipments set recipient = $2, company = $3, street = $4, street2 = $5, city = $6, postcode = $7, region = $8, country = $9, phone = $10 where id = $1`,
		id, to.Name, to.Company, to.Street, to.Street2, to.City, to.Postcode, to.Region, to.Country, to.Phone); err != nil {
		return err
	}
	note := "Address corrected; it was " + strings.Join(s.ShipTo, ", ") + "."
	if _, err := Track(ctx, tx, Event{Shipment: id, At: a.At, Kind: "note", Source: "hand", Key: "address " + a.Submission, Note: clipTo(note, 500), Staff: a.Staff}, a.At); err != nil {
		return err
	}
	if err := settle(ctx, tx, id, "address corrected", a.Staff, a.At, BadPlace); err != nil || s.State.Left() {
		return err
	}
	return WantLabelAgain(ctx, tx, id)
}

var country = func(s string) bool { return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' }

// check tidies an address and names its mistakes as the form's fields.
func (a Address) check() (Address, error) {
	var bad fault.Fields
	for _, f := range []struct {
		name, word string
		text       *string
		most       int
		must       bool
	}{{"recipient", "recipient", &a.Name, 80, true}, {"company", "company", &a.Company, 80, false}, {"street", "street", &a.Street, 100, true}, {"street2", "second line", &a.Street2, 100, false},
		{"city", "town", &a.City, 80, true}, {"postcode", "postcode", &a.Postcode, 20, true}, {"region", "region", &a.Region, 60, false}, {"phone", "phone number", &a.Phone, 40, false}} {
		*f.text = strings.TrimSpace(*f.text)
		if wrong := wrongText(*f.text, f.most); wrong != "" {
			bad.Add(f.name, "The %s %s.", f.word, wrong)
		} else if f.must && *f.text == "" {
			bad.Add(f.name, "Give the %s.", f.word)
		}
	}
	if a.Country = strings.ToUpper(strings.TrimSpace(a.Country)); !country(a.Country) {
		bad.Add("country", "Write the country as two letters: GB, DE.")
	}
	return a, bad.Err()
}

// AddressOf is where a shipment goes, as it may be corrected.
func AddressOf(ctx context.Context, q pg.Querier, id ID) (a Address, err error) {
	defer fault.Wrap(&err, "shipping.AddressOf(%s)", id)
	err = q.QueryRowContext(ctx, `select recipient, company, street, street2, city, postcode, region, country, phone from shipments where id = $1`, id).Scan(
		&a.Name, &a.Company, &a.Street, &a.Street2, &a.City, &a.Postcode, &a.Region, &a.Country, &a.Phone)
	return a, err
}
