package shipping

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/labels"
	"tote/packing"
)

// FactLabel says that the label of a carton is to be bought or given back, and FactBought that it is there. Their data is
// a packing.ClosedFact.
const (
	FactLabel  = "label.wanted"
	FactBought = "label.bought"
)

// claimed is how long a label belongs to whoever asks the carrier for it, in seconds: longer than a fact's delivery may take.
const claimed = 90

// errUnderWay is an error so that the fact is delivered again, in case the other dies.
var errUnderWay = errors.New("another process is asking the carrier")

// intend has the label of a carton bought that was just booked under our number. A way in the house sells it at once; who is
// asked over the network is asked once the booking is committed, by whoever hears the fact, and sells nothing yet.
func intend(ctx context.Context, tx *sql.Tx, adapter string, carton packing.CartonID, number string, at time.Time) (Sale, error) {
	if ways[adapter].Remote {
		return Sale{}, wantLabel(ctx, tx, carton, number, at)
	}
	system, err := House(tx).of(adapter)
	if err != nil {
		return Sale{}, err
	}
	q, err := system.Buy(ctx, number, Rate{})
	if err != nil {
		return Sale{}, err
	}
	return *q.Sold, nil
}

// follow lets a parcel be followed by a number of its carrier.
func follow(ctx context.Context, tx *sql.Tx, carton packing.CartonID, number string) error {
	_, err := tx.ExecContext(ctx, `update shipment_cartons set tracking_number = $2 where carton_id = $1`, carton, number)
	return err
}

// wantLabel intends to buy the label of a carton that was just booked.
func wantLabel(ctx context.Context, tx *sql.Tx, carton packing.CartonID, reference string, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `
		insert into carrier_labels (carton_id, carrier, service, reference, wanted_at)
		select sc.carton_id, s.carrier, s.service, $2, $3 from shipment_cartons sc join shipments s on s.id = sc.shipment_id where sc.carton_id = $1
		on conflict (carton_id) do nothing`, carton, reference, at); err != nil {
		return err
	}
	return tellLabel(ctx, tx, FactLabel, carton)
}

func tellLabel(ctx context.Context, tx *sql.Tx, name string, carton packing.CartonID) error {
	about := packing.ClosedFact{Carton: carton}
	if err := tx.QueryRowContext(ctx, `select ref, coalesce(sscc, ''), number from cartons where id = $1`, carton).Scan(&about.Ref, &about.SSCC, &about.Number); err != nil {
		return err
	}
	data, err := json.Marshal(about)
	if err != nil {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: name, Ref: carton.String(), Data: data})
}

// dropLabel intends to give back the label of a carton that is unpacked. One that nobody asked for yet is forgotten.
func dropLabel(ctx context.Context, tx *sql.Tx, carton packing.CartonID, at time.Time) error {
	var back bool
	err := tx.QueryRowContext(ctx, `
		update carrier_labels set
		    state = case when attempts = 0 or (state = 'refused' and remote_id is null) then 'cancelled' else 'voiding' end,
		    settled_at = case when attempts = 0 then $2::timestamptz end
		where carton_id = $1 and state in ('wanted', 'bought', 'refused') returning state = 'voiding'`, carton, at).Scan(&back)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // its carrier sells no labels
	}
	if err != nil || !back {
		return err
	}
	return tellLabel(ctx, tx, FactLabel, carton)
}

// WantLabelAgain asks for a label once more that the carrier refused; the parcel's address or service was mended, or the
// carrier is in another mood.
func WantLabelAgain(ctx context.Context, tx *sql.Tx, id ID) (err error) {
	defer fault.Wrap(&err, "shipping.WantLabelAgain(%s)", id)
	cartons, err := pg.Values[packing.CartonID](tx.QueryContext(ctx, `
		update carrier_labels l set state = 'wanted', error = '', carrier = s.carrier, service = s.service,
		    remote_id = null, reference = sc.package_number || '-' || l.attempts -- the carrier keeps what it was opened with
		from shipment_cartons sc join shipments s on s.id = sc.shipment_id
		where sc.carton_id = l.carton_id and sc.shipment_id = $1 and sc.void_at is null and l.state = 'refused' and l.bought_at is null
		returning l.carton_id`, id))
	if err != nil {
		return err
	}
	if len(cartons) == 0 {
		return fault.New(fault.Conflict, "No label of %s was refused. Load the page again.", id)
	}
	for _, carton := range cartons {
		if err := tellLabel(ctx, tx, FactLabel, carton); err != nil {
			return err
		}
	}
	return nil
}

// Sells is the consumer of FactLabel: it buys the carton's label or gives it back, once, whatever happens on the way.
func Sells(db *sql.DB, systems Systems) func(context.Context, outbox.Fact) error {
	return func(ctx context.Context, f outbox.Fact) error {
		var about packing.ClosedFact
		if err := json.Unmarshal(f.Data, &about); err != nil {
			return err
		}
		return SettleLabel(ctx, db, systems, about.Carton)
	}
}

// SettleLabel does with a carton's label what is to be done: one transaction claims it, then the carrier is asked, then
// one records what came of it. An error means that it is to be tried again; what the carrier refuses is recorded and none.
func SettleLabel(ctx context.Context, db *sql.DB, systems Systems, carton packing.CartonID) (err error) {
	defer fault.Wrap(&err, "shipping.SettleLabel(%s)", carton)
	for {
		o, err := claim(ctx, db, carton)
		if err != nil || o.claim == uuid.Nil {
			return err
		}
		system, err := systems.of(o.adapter)
		if err == nil {
			err = o.step(ctx, db, system)
		}
		if err != nil {
			return errors.Join(err, o.release(ctx, db, err))
		}
	}
}

// asked is a label somebody is asking the carrier for.
type asked struct {
	carton           packing.CartonID
	claim            uuid.UUID
	state            string
	adapter          string
	theirs, service  string
	reference        string
	remote           string
	attempts         int
	dpi              int // of the station the parcel is packed at
	bought           bool
	consignment      Consignment
	length, wide, up sql.NullInt64
}

// claim lets one process alone ask for a label; nothing is claimed when there is nothing to ask.
func claim(ctx context.Context, db *sql.DB, carton packing.CartonID) (o asked, err error) {
	id := uuid.New()
	err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
		o = asked{carton: carton, claim: id}
		c := &o.consignment
		err := tx.QueryRowContext(ctx, `
			with mine as (
			    update carrier_labels set claim = $2, claimed_until = clock_timestamp() + $3 * interval '1 second', attempts = attempts + 1
			    where carton_id = $1 and (state in ('wanted', 'voiding') or (state = 'bought' and paper is null))
			      and (claimed_until is null or claimed_until < clock_timestamp())
			    returning *)
			select l.state, r.adapter, r.theirs, l.service, l.reference, coalesce(l.remote_id, ''), l.attempts, l.bought_at is not null, coalesce(st.dpi, 203),
			       s.recipient, s.company, s.street, s.street2, s.city, s.postcode, s.region, s.country, s.phone,
			       w.company, w.street, w.city, w.postcode, w.country, coalesce(k.weight_g, 0), t.outer_length_mm, t.outer_width_mm, t.outer_height_mm
			from mine l join carriers r on r.code = l.carrier join cartons k on k.id = l.carton_id
			join shipment_cartons sc on sc.carton_id = l.carton_id join shipments s on s.id = sc.shipment_id
			join warehouses w on w.id = s.warehouse_id left join carton_types t on t.id = k.type_id
			left join stations st on st.id = k.station_id`, carton, id, claimed).Scan(
			&o.state, &o.adapter, &o.theirs, &o.service, &o.reference, &o.remote, &o.attempts, &o.bought, &o.dpi,
			&c.To.Name, &c.To.Company, &c.To.Street, &c.To.Street2, &c.To.City, &c.To.Postcode, &c.To.Region, &c.To.Country, &c.To.Phone,
			&c.From.Company, &c.From.Street, &c.From.City, &c.From.Postcode, &c.From.Country, &c.Grams, &o.length, &o.wide, &o.up)
		c.Reference, c.Length, c.Width, c.High = o.reference, int(o.length.Int64), int(o.wide.Int64), int(o.up.Int64)
		return err
	})
	if !errors.Is(err, sql.ErrNoRows) {
		return o, err
	}
	var others bool
	err = db.QueryRowContext(ctx, `
		select exists (select from carrier_labels where carton_id = $1 and (state in ('wanted', 'voiding') or (state = 'bought' and paper is null)))`, carton).Scan(&others)
	if err == nil && others {
		err = errUnderWay
	}
	return asked{}, err
}

// release lets the next one ask, and says on the page why the label waits.
func (o asked) release(ctx context.Context, db *sql.DB, why error) error {
	return o.update(ctx, db, `claimed_until = null, error = $3`, clipTo(fault.Message(why), 300))
}

// update changes the label while it is claimed; who lost the claim changes nothing.
func (o asked) update(ctx context.Context, db *sql.DB, set string, args ...any) error {
	return pg.InTx(ctx, db, func(tx *sql.Tx) error { return o.set(ctx, tx, set, args...) })
}

func (o asked) set(ctx context.Context, tx *sql.Tx, set string, args ...any) error {
	mine, err := changed(tx.ExecContext(ctx, `update carrier_labels set `+set+` where carton_id = $1 and claim = $2`, append([]any{o.carton, o.claim}, args...)...))
	if err == nil && !mine {
		err = errUnderWay
	}
	return err
}

// step asks the carrier for the next thing.
func (o asked) step(ctx context.Context, db *sql.DB, system System) error {
	switch {
	case o.state == "voiding":
		return o.giveBack(ctx, db, system)
	case o.state == "bought":
		return o.fetch(ctx, db, system)
	}
	return o.buy(ctx, db, system)
}

// buy buys the label. The carrier's id of the consignment is on record before anything is paid: whoever comes after this
// process buys the same one, and the carrier sells it once.
func (o asked) buy(ctx context.Context, db *sql.DB, system System) error {
	q, err := o.open(ctx, system)
	if err != nil {
		return o.refused(ctx, db, err)
	}
	if q.ID == "" || q.Reference != o.reference {
		return fault.New(fault.Unavailable, "The carrier answered about another parcel. It will be asked again.")
	}
	if err := o.update(ctx, db, `remote_id = $3`, q.ID); err != nil {
		return err
	}
	id := q.ID
	if q.Sold == nil {
		rate, err := o.rate(q)
		if err != nil {
			return o.refused(ctx, db, err)
		}
		if q, err = system.Buy(ctx, id, rate); err != nil {
			return o.refused(ctx, db, o.doubt(ctx, system, id, err, &q))
		}
	}
	if q.ID != id || q.Sold == nil || q.Sold.Number == "" {
		return fault.New(fault.Unavailable, "The carrier’s answer names no label. It will be asked again.")
	}
	return pg.InTx(ctx, db, func(tx *sql.Tx) error { return o.record(ctx, tx, *q.Sold, time.Now()) })
}

// open is the consignment at the carrier: the one an earlier try opened, or a new one.
func (o asked) open(ctx context.Context, system System) (Quote, error) {
	if o.remote != "" {
		return system.Find(ctx, o.remote)
	}
	if o.attempts > 1 {
		q, err := system.Find(ctx, o.reference)
		if !errors.Is(err, fault.NotFound) {
			return q, err
		}
	}
	return system.Rate(ctx, o.consignment)
}

// rate is the offer of the service that was asked for.
func (o asked) rate(q Quote) (Rate, error) {
	i := slices.IndexFunc(q.Rates, func(r Rate) bool {
		return r.offers(o.theirs, o.service)
	})
	if i >= 0 {
		return q.Rates[i], nil
	}
	says := ""
	if len(q.Says) > 0 {
		says = " It says: " + strings.Join(q.Says, "; ")
	}
	return Rate{}, fault.New(fault.Conflict, "%s does not offer %s for this parcel.%s", o.theirs, o.service, says)
}

// doubt looks again after a refusal: a label that was sold to an earlier, unanswered call is refused too.
func (o asked) doubt(ctx context.Context, system System, id string, refusal error, q *Quote) error {
	if !errors.Is(refusal, fault.Conflict) {
		return refusal
	}
	found, err := system.Find(ctx, id)
	if err != nil {
		return err
	}
	if found.Sold == nil {
		return refusal
	}
	*q = found
	return nil
}

// refused records what the carrier will not do; what may be tried again stays an error.
func (o asked) refused(ctx context.Context, db *sql.DB, err error) error {
	if err == nil || !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.NotFound) {
		return err
	}
	return pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if err := o.set(ctx, tx, `state = case when state = 'voiding' then state else 'refused' end, error = $3, claimed_until = null`, clipTo(fault.Message(err), 300)); err != nil {
			return err
		}
		return o.trouble(ctx, tx, fault.Message(err))
	})
}

// trouble puts a refused label into the queue of exceptions.
func (o asked) trouble(ctx context.Context, tx *sql.Tx, why string) error {
	var id ID
	var refused bool
	if err := tx.QueryRowContext(ctx, `
		select sc.shipment_id, l.state = 'refused' from carrier_labels l join shipment_cartons sc on sc.carton_id = l.carton_id where l.carton_id = $1`, o.carton).Scan(&id, &refused); err != nil || !refused {
		return err
	}
	return raise(ctx, tx, id, NoLabel, why, time.Now())
}

// labelled ends the trouble once no label of the shipment is refused.
func labelled(ctx context.Context, tx *sql.Tx, id ID, at time.Time) error {
	var refused bool
	if err := tx.QueryRowContext(ctx, `
		select exists (select from carrier_labels l join shipment_cartons sc on sc.carton_id = l.carton_id and sc.void_at is null
		               where sc.shipment_id = $1 and l.state = 'refused')`, id).Scan(&refused); err != nil || refused {
		return err
	}
	return settle(ctx, tx, id, "no label is refused any more", 0, at, NoLabel)
}

// record notes a bought label, and numbers the parcel with it. A carton that was unpacked meanwhile stays to be given back.
func (o asked) record(ctx context.Context, tx *sql.Tx, s Sale, at time.Time) error {
	var id ID
	err := tx.QueryRowContext(ctx, `
		select s.id from shipments s join shipment_cartons sc on sc.shipment_id = s.id where sc.carton_id = $1 for no key update of s`, o.carton).Scan(&id)
	if err != nil {
		return err
	}
	if wrong := o.numberTaken(ctx, tx, s.Number); wrong != nil {
		if err := o.set(ctx, tx, `error = $3, claimed_until = null, state = case when state = 'voiding' then state else 'refused' end,
			bought_at = $4, cost_minor = $5, currency = $6`, fault.Message(wrong), at, s.Rate.Minor, s.Rate.Currency); err != nil {
			return err
		}
		return o.trouble(ctx, tx, fault.Message(wrong))
	}
	if err := o.set(ctx, tx, `state = case when state = 'voiding' then state else 'bought' end, error = '', claimed_until = null,
		tracking_number = $3, cost_minor = $4, currency = $5, days = nullif($6, 0), bought_at = coalesce(bought_at, $7)`,
		s.Number, s.Rate.Minor, s.Rate.Currency, s.Rate.Days, at); err != nil {
		return err
	}
	if err := follow(ctx, tx, o.carton, s.Number); err != nil {
		return err
	}
	if err := labelled(ctx, tx, id, at); err != nil {
		return err
	}
	return numberByLabels(ctx, tx, id, at)
}

// numberTaken refuses a number that cannot be scanned or that another parcel has.
func (o asked) numberTaken(ctx context.Context, q pg.Querier, number string) error {
	var other string
	err := q.QueryRowContext(ctx, `
		select package_number from shipment_cartons where tracking_number = $1 and carton_id <> $2 and void_at is null limit 1`, number, o.carton).Scan(&other)
	switch {
	case !plainNumber(number):
		return fault.New(fault.Conflict, "The carrier gave a number that no scanner reads: %q. Ask it, and unpack the parcel to give the label back.", clip(number))
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fault.New(fault.Conflict, "The carrier gave this parcel the number %s, which %s has already. Ask it, and unpack the parcel to give the label back.", clip(number), other)
}

// numberByLabels lets a shipment leave once each of its parcels has its bought label; it is followed by the first one's number.
func numberByLabels(ctx context.Context, tx *sql.Tx, id ID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		update shipments s set numbered_at = case when x.all_bought then coalesce(s.numbered_at, $2) end,
		    tracking_number = case when x.all_bought then x.first else s.tracking_number end
		from (select bool_and(l.state = 'bought') as all_bought, (array_agg(sc.tracking_number order by sc.package_number))[1] as first
		      from shipment_cartons sc left join carrier_labels l on l.carton_id = sc.carton_id
		      where sc.shipment_id = $1 and sc.void_at is null) x
		where s.id = $1 and s.state = 'booked' and x.all_bought is not null`, id, at)
	return err
}

// fetch gets the bought label's papers: the PDF, and what the label printer of its station takes.
func (o asked) fetch(ctx context.Context, db *sql.DB, system System) error {
	pdf, err := system.Paper(ctx, o.remote, PDF)
	if err != nil {
		return err
	}
	dots, how, err := o.dots(ctx, system)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, db, func(tx *sql.Tx) error {
		paper, err := keep(ctx, tx, PDF, pdf)
		if err != nil {
			return err
		}
		printable, err := keep(ctx, tx, how, dots)
		if err != nil {
			return err
		}
		if err := o.set(ctx, tx, `paper = $3, dots = $4, error = '', claimed_until = null`, paper, printable); err != nil {
			return err
		}
		return tellLabel(ctx, tx, FactBought, o.carton)
	})
}

// dotsTries is how often a carrier is asked for what a label printer takes: then the PDF does not wait for it any more.
const dotsTries = 4

// dots is the label as a label printer takes it: ZPL for 203 dots per inch, which is what carriers write it for, else a picture.
// It is empty where the carrier draws neither.
func (o asked) dots(ctx context.Context, system System) (body []byte, f Format, err error) {
	formats := []Format{ZPL, PNG}
	if o.dpi != labels.DPI203 {
		formats = []Format{PNG}
	}
	for _, f := range formats {
		body, err := system.Paper(ctx, o.remote, f)
		if err == nil {
			return body, f, nil
		}
		if errors.Is(err, fault.Unavailable) && o.attempts <= dotsTries {
			return nil, "", err
		}
	}
	return nil, "", nil
}

// keep stores what a carrier drew by its hash, once; nothing has none.
func keep(ctx context.Context, tx *sql.Tx, f Format, body []byte) (hash []byte, err error) {
	if len(body) == 0 {
		return nil, nil
	}
	sum := sha256.Sum256(body)
	_, err = tx.ExecContext(ctx, `insert into carrier_papers (hash, format, body) values ($1, $2, $3) on conflict do nothing`, sum[:], string(f), body)
	return sum[:], err
}

// giveBack gives a label back. One that nobody knows to be bought is looked for first.
func (o asked) giveBack(ctx context.Context, db *sql.DB, system System) error {
	id := o.remote
	if !o.bought {
		q, err := system.Find(ctx, cmp.Or(o.remote, o.reference))
		switch {
		case errors.Is(err, fault.NotFound), err == nil && q.Sold == nil:
			return o.update(ctx, db, `state = 'cancelled', error = '', claimed_until = null, settled_at = clock_timestamp()`)
		case err != nil:
			return err
		}
		id = q.ID
		if err := o.update(ctx, db, `remote_id = $3, tracking_number = $4, cost_minor = $5, currency = $6, bought_at = clock_timestamp()`,
			q.ID, q.Sold.Number, q.Sold.Rate.Minor, q.Sold.Rate.Currency); err != nil {
			return err
		}
	}
	refund, err := system.Void(ctx, id)
	if errors.Is(err, fault.Conflict) { // perhaps because it was given back by a call whose answer was lost
		q, again := system.Find(ctx, id)
		if again != nil {
			return again
		}
		if refund = q.Refund; refund == NotRefunded {
			return o.update(ctx, db, `state = 'kept', refund = 'rejected', error = $3, claimed_until = null, settled_at = clock_timestamp()`, clipTo(fault.Message(err), 300))
		}
		err = nil
	}
	if err != nil {
		return err
	}
	return o.update(ctx, db, `state = case when $3 = 'rejected' then 'kept' else 'voided' end, refund = $3, error = '', claimed_until = null, settled_at = clock_timestamp()`, string(refund))
}

// SweepLabels asks again for what was left behind, and what became of money that was to come back. It is for the schedule.
func SweepLabels(ctx context.Context, db *sql.DB, systems Systems) (err error) {
	defer fault.Wrap(&err, "shipping.SweepLabels()")
	left, err := pg.Values[packing.CartonID](db.QueryContext(ctx, `
		select carton_id from carrier_labels
		where (state in ('wanted', 'voiding') or (state = 'bought' and paper is null)) and wanted_at < clock_timestamp() - interval '10 minutes'
		  and (claimed_until is null or claimed_until < clock_timestamp())
		order by wanted_at limit 50`))
	if err != nil {
		return err
	}
	var failed error
	for _, carton := range left {
		failed = errors.Join(failed, SettleLabel(ctx, db, systems, carton))
	}
	return errors.Join(failed, followRefunds(ctx, db, systems))
}

func followRefunds(ctx context.Context, db *sql.DB, systems Systems) error {
	type open struct{ adapter, remote string }
	all, err := list(ctx, db, func(o *open) []any { return []any{&o.adapter, &o.remote} }, `
		select c.adapter, l.remote_id from carrier_labels l join carriers c on c.code = l.carrier
		where l.refund = 'submitted' order by l.settled_at limit 50`)
	for _, o := range all {
		system, missing := systems.of(o.adapter)
		if missing != nil {
			return missing
		}
		q, failed := system.Find(ctx, o.remote)
		if failed == nil {
			failed = pg.InTx(ctx, db, func(tx *sql.Tx) error { return hearRefund(ctx, tx, o.remote, q.Refund) })
		}
		err = errors.Join(err, failed)
	}
	return err
}

// hearRefund records the end of a refund.
func hearRefund(ctx context.Context, tx *sql.Tx, remote string, r Refund) error {
	if r != Refunded && r != Rejected {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		update carrier_labels set refund = $2, state = case when $2 = 'rejected' then 'kept' else 'voided' end
		where remote_id = $1 and refund = 'submitted'`, remote, string(r))
	return err
}

// Bought is a label as its carrier drew it.
type Bought struct {
	PDF    []byte // nil until it is here
	Dots   []byte // for a label printer, nil where the carrier draws nothing of the kind
	Format Format // of the dots: ZPL of 203 dots per inch, or PNG
}

// BoughtLabel is a carrier's own label of a carton. sold says that its carrier sells it, so that no other may be printed.
func BoughtLabel(ctx context.Context, q pg.Querier, carton packing.CartonID) (b Bought, sold bool, err error) {
	err = q.QueryRowContext(ctx, `
		select p.body, d.body, coalesce(d.format, '') from carrier_labels l
		left join carrier_papers p on p.hash = l.paper left join carrier_papers d on d.hash = l.dots
		where l.carton_id = $1 and l.state not in ('cancelled')`, carton).Scan(&b.PDF, &b.Dots, &b.Format)
	if errors.Is(err, sql.ErrNoRows) {
		return b, false, nil
	}
	return b, err == nil, err
}

// LabelState is how far a parcel's label is, for its page.
type LabelState struct {
	Carton   packing.CartonID
	State    string
	Error    string
	Number   string
	Minor    int64
	Currency string
	Refund   Refund
	Printed  bool // its paper is here
}

// Labels are the labels that a carrier's system sells for a shipment, unpacked parcels included.
func Labels(ctx context.Context, q pg.Querier, id ID) (_ []LabelState, err error) {
	defer fault.Wrap(&err, "shipping.Labels(%s)", id)
	return list(ctx, q, func(l *LabelState) []any {
		return []any{&l.Carton, &l.State, &l.Error, &l.Number, &l.Minor, &l.Currency, &l.Refund, &l.Printed}
	}, `
		select l.carton_id, l.state, l.error, coalesce(l.tracking_number, ''), coalesce(l.cost_minor, 0), coalesce(l.currency, ''), l.refund, l.paper is not null
		from carrier_labels l join shipment_cartons sc on sc.carton_id = l.carton_id where sc.shipment_id = $1 order by l.carton_id`, id)
}

// clipTo shortens what somebody else wrote.
func clipTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// Says is how far a label is, in words.
func (l LabelState) Says() string {
	switch l.State {
	case "wanted":
		if l.Error != "" {
			return "The label waits: " + l.Error
		}
		return "The carrier is asked for the label."
	case "refused":
		return "The carrier refuses the label: " + l.Error
	case "bought":
		if !l.Printed {
			return "The label is bought, its paper is on the way."
		}
		return "The label is bought."
	case "voiding":
		return "The label is being given back."
	case "voided":
		return fmt.Sprintf("The label was given back; the money is %s.", l.Refund)
	case "kept":
		return "The carrier does not pay this label back."
	}
	return "No label was bought."
}
