package shipping

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/packing"
)

// ID names a shipment; people see SH-17.
type ID int64

// String is the number as people say it: "SH-17".
func (id ID) String() string { return "SH-" + strconv.FormatInt(int64(id), 10) }

// ParseID reads SH-17, sh-17 or 17.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "SH-"), 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.NotFound, "There is no shipment %q. Its number looks like SH-17.", clip(s))
	}
	return ID(n), nil
}

// State is how far a shipment is.
type State string

// The states of a shipment.
const (
	Planned    State = "planned"
	Booked     State = "booked"
	Dispatched State = "dispatched"
	InTransit  State = "in transit"
	Exception  State = "exception"
	Delivered  State = "delivered"
	CameBack   State = "came back" // as read: nobody took it, and it was counted here
	Cancelled  State = "cancelled"
)

// States lists every state in the order of a shipment's life.
var States = []State{Planned, Booked, Dispatched, InTransit, Exception, Delivered, CameBack, Cancelled}

// Left reports that the goods are out of the house.
func (s State) Left() bool {
	return s == Dispatched || s == InTransit || s == Exception || s == Delivered || s == CameBack
}

// Shipment is a trip of some cartons to one address.
type Shipment struct {
	ID             ID
	Warehouse      inventory.WarehouseID
	State          State
	Carrier        string // code
	CarrierName    string // whoever really carries it
	Adapter        string
	Service        string
	TrackingNumber string // "" before the first carton is closed
	Numbered       bool   // the number is the carrier's own
	CarrierURL     string // the carrier's page of the number, "" if it has none
	Recipient      string
	ShipTo         []string // as written on the parcel, the recipient first
	Phone, Notes   string
	TrackingURL    string   // the customer's page
	Orders         []string // O-1001
	Parcels        int64
	Loaded         int64
	Planned        time.Time
	Dispatched     time.Time // zero until then, like the two below
	Expected       time.Time // a day
	Delivered      time.Time
}

const shipmentColumns = `
	s.id, s.warehouse_id, ` + StateNow + `, s.carrier, coalesce(nullif(s.carrier_name, ''), c.name), c.adapter, s.service,
	coalesce(s.tracking_number, ''), s.numbered_at is not null, c.tracking_url,
	s.recipient, s.company, s.street, s.street2, s.city, s.postcode, s.region, s.country, s.phone, s.notes, s.tracking_url,
	array(select so.ref from shipment_orders so where so.shipment_id = s.id order by so.ref),
	p.parcels, p.loaded, s.planned_at, s.dispatched_at, s.expected_on, s.delivered_at`

const shipmentSources = `
	from shipments s join carriers c on c.code = s.carrier
	cross join lateral (
	    select count(*) as parcels, count(manifest_id) as loaded
	    from shipment_cartons where shipment_id = s.id and void_at is null) p `

// row is a shipment as it is read.
type row struct {
	Shipment
	address                         [8]string
	dispatched, expected, delivered sql.NullTime
}

func (r *row) fields() []any {
	a := &r.address
	return []any{&r.ID, &r.Warehouse, &r.State, &r.Carrier, &r.CarrierName, &r.Adapter, &r.Service,
		&r.TrackingNumber, &r.Numbered, &r.CarrierURL,
		&a[0], &a[1], &a[2], &a[3], &a[4], &a[5], &a[6], &a[7], &r.Phone, &r.Notes, &r.TrackingURL,
		pg.Array(&r.Orders), &r.Parcels, &r.Loaded, &r.Planned, &r.dispatched, &r.expected, &r.delivered}
}

func (r row) shipment() Shipment {
	s, a := r.Shipment, r.address
	s.Recipient = a[0]
	s.ShipTo = addressLines(a[0], a[1], a[2], a[3], a[5], a[4], a[6], a[7])
	s.Dispatched, s.Expected, s.Delivered = r.dispatched.Time, r.expected.Time, r.delivered.Time
	s.CarrierURL = TrackingPage(s.CarrierURL, s.TrackingNumber)
	if !s.Numbered {
		s.CarrierURL = ""
	}
	return s
}

// addressLines is an address as written on a parcel, without empty lines.
func addressLines(recipient, company, street, street2, postcode, city, region, country string) []string {
	town := strings.TrimSpace(postcode + " " + city)
	if region != "" {
		town += ", " + region
	}
	var lines []string
	for _, l := range []string{recipient, company, street, street2, town, country} {
		if l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

// Find reads a shipment.
func Find(ctx context.Context, q pg.Querier, id ID) (_ Shipment, err error) {
	var r row
	err = q.QueryRowContext(ctx, `select `+shipmentColumns+shipmentSources+`where s.id = $1`, id).Scan(r.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return Shipment{}, fault.New(fault.NotFound, "There is no shipment %s.", id)
	}
	return r.shipment(), err
}

// Filter narrows a list of shipments; zero values do not.
type Filter struct {
	Warehouse inventory.WarehouseID
	State     State
	Carrier   string
	Search    string // an order, a number, part of the recipient
	Before    ID     // shipments older than this one: the next page
	Limit     int    // 0 is 50
}

// Shipments lists shipments, newest first.
func Shipments(ctx context.Context, q pg.Querier, f Filter) (_ []Shipment, err error) {
	defer fault.Wrap(&err, "shipping.Shipments(%+v)", f)
	if f.Limit <= 0 {
		f.Limit = 50
	}
	rows, err := list(ctx, q, (*row).fields, `
		select `+shipmentColumns+shipmentSources+`
		where ($1 = 0 or s.warehouse_id = $1) and ($2 = '' or `+StateNow+` = $2) and ($3 = '' or s.carrier = $3) and ($5 = 0 or s.id < $5)
		  and ($4 = '' or strpos(lower(s.recipient), lower($4)) > 0 or upper($4) = 'SH-' || s.id
		       or s.id in (select shipment_id from shipment_orders where ref = upper($4))
		       or s.tracking_number = upper($4)
		       or s.id in (select sc.shipment_id from shipment_cartons sc join cartons k on k.id = sc.carton_id
		                   where sc.package_number = upper($4) or sc.tracking_number = upper($4) or k.sscc = $4))
		order by s.id desc limit $6`, f.Warehouse, f.State, f.Carrier, strings.TrimSpace(f.Search), f.Before, f.Limit)
	return shipments(rows), err
}

// Of lists the shipments of an order, oldest first.
func Of(ctx context.Context, q pg.Querier, ref string) (_ []Shipment, err error) {
	defer fault.Wrap(&err, "shipping.Of(%s)", ref)
	rows, err := list(ctx, q, (*row).fields, `
		select `+shipmentColumns+shipmentSources+`
		where s.id in (select shipment_id from shipment_orders where ref = $1) and s.state <> 'cancelled'
		order by s.id`, ref)
	return shipments(rows), err
}

func shipments(rows []row) []Shipment {
	all := make([]Shipment, len(rows))
	for i, r := range rows {
		all[i] = r.shipment()
	}
	return all
}

// Waiting is how many shipments of a warehouse are in a state, since when the oldest is.
type Waiting struct {
	State  State
	Count  int64
	Oldest time.Time
}

// Counts says how many shipments are in each state that is not over.
func Counts(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []Waiting, err error) {
	defer fault.Wrap(&err, "shipping.Counts(%d)", warehouse)
	return list(ctx, q, func(w *Waiting) []any { return []any{&w.State, &w.Count, &w.Oldest} }, `
		select s.state, count(*), min(coalesce(s.dispatched_at, s.booked_at, s.planned_at)) from shipments s
		where s.warehouse_id = $1 and s.state not in ('delivered', 'cancelled') and not `+IsBack+` group by s.state`, warehouse)
}

// Parcel is one package of a shipment.
type Parcel struct {
	Carton         packing.CartonID
	Ref            string // O-1001
	N              int64  // of the shipment's parcels, from one
	SSCC           string
	PackageNumber  string // ours
	TrackingNumber string // what the customer follows it by
	WeightG        int64
	Door           string // where it is or was loaded, "" before
	Loaded         time.Time
	LoadedBy       string
	Delivered      time.Time
	Pallet         PalletID // what it stands on, 0 for nothing
	PalletSSCC     string
	Lines          []ParcelLine
}

// ParcelLine is what a parcel holds of one order line.
type ParcelLine struct {
	Ref, SKU, Name string
	Quantity       int64
}

// Parcels lists the packages of a shipment with what they hold, in the order of their labels.
func Parcels(ctx context.Context, q pg.Querier, id ID) (_ []Parcel, err error) {
	defer fault.Wrap(&err, "shipping.Parcels(%s)", id)
	type parcel struct {
		Parcel
		loaded, delivered sql.NullTime
	}
	rows, err := list(ctx, q, func(p *parcel) []any {
		return []any{&p.Carton, &p.Ref, &p.N, &p.SSCC, &p.PackageNumber, &p.TrackingNumber, &p.WeightG, &p.Door, &p.loaded, &p.LoadedBy, &p.delivered, &p.Pallet, &p.PalletSSCC}
	}, `
		select k.id, k.ref, row_number() over (order by k.ref, k.number), coalesce(k.sscc, ''), sc.package_number, sc.tracking_number, coalesce(k.weight_g, 0),
		       coalesce(d.code, ''), sc.loaded_at, coalesce(b.name, ''), sc.delivered_at, coalesce(p.id, 0), coalesce(p.sscc, '')
		from shipment_cartons sc join cartons k on k.id = sc.carton_id
		left join manifests m on m.id = sc.manifest_id left join locations d on d.id = m.door_id
		left join staff b on b.id = sc.loaded_by left join pallets p on p.id = sc.pallet_id
		where sc.shipment_id = $1 and sc.void_at is null
		order by k.ref, k.number`, id)
	if err != nil {
		return nil, err
	}
	all := make([]Parcel, len(rows))
	at := map[packing.CartonID]int{}
	for i, r := range rows {
		all[i], at[r.Carton] = r.Parcel, i
		all[i].Loaded, all[i].Delivered = r.loaded.Time, r.delivered.Time
	}
	return all, addContents(ctx, q, id, all, at)
}

func addContents(ctx context.Context, q pg.Querier, id ID, all []Parcel, at map[packing.CartonID]int) error {
	type content struct {
		carton packing.CartonID
		ParcelLine
	}
	lines, err := list(ctx, q, func(c *content) []any { return []any{&c.carton, &c.Ref, &c.SKU, &c.Name, &c.Quantity} }, `
		select l.carton_id, l.ref, i.sku, i.name, sum(l.quantity)::bigint
		from carton_lines l join items i on i.id = l.item_id
		where l.carton_id in (select carton_id from shipment_cartons where shipment_id = $1 and void_at is null) and l.quantity > 0
		group by l.carton_id, l.ref, i.sku, i.name order by l.ref`, id)
	for _, l := range lines {
		p := &all[at[l.carton]]
		p.Lines = append(p.Lines, l.ParcelLine)
	}
	return err
}
