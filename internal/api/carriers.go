package api

import (
	"bytes"
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/labels"
	"tote/shipping"
)

func carrierRoutes() []operation {
	const tag = "shipping"
	return []operation{
		{"GET", "/carriers", "list-carriers", "Who takes parcels to people", tag, anyone, read((*API).listCarriers)},
		{"GET", "/carriers/{carrier}/rates", "get-rates", "A carrier's rate table", tag, managers, read((*API).getRates)},
		{"PUT", "/carriers/{carrier}/rates", "set-rates", "Replace a carrier's rate table by a CSV file, as a whole or not at all", tag, managers, write(200, (*API).setRates)},
		{"GET", "/exceptions", "list-exceptions", "Parcels that need somebody, the oldest first", tag, troubleshooters, read((*API).listExceptions)},
		{"GET", "/exceptions/{exception}", "get-exception", "One, with what was done about it", tag, troubleshooters, read((*API).getException)},
		{"POST", "/exceptions/{exception}/notes", "note-exception", "Somebody was called: what was said", tag, troubleshooters, write(200, (*API).noteException)},
		{"POST", "/exceptions/{exception}/settle", "settle-exception", "Nothing is left to do, and why", tag, troubleshooters, write(200, (*API).settleException)},
		{"GET", "/tours", "list-tours", "Our own trucks with parcels to hand over, newest first", tag, drivers, read((*API).listTours)},
		{"GET", "/tours/{manifest}", "get-tour", "The doorsteps of a truck in the order of its tour", tag, drivers, read((*API).getTour)},
		{"GET", "/manifests", "list-manifests", "What each truck took, newest first; letting a truck go at its door makes one", tag, everyHand, read((*API).listManifests)},
		{"GET", "/manifests/{manifest}/paper", "get-manifest", "The paper of a truck for its driver to sign, PDF", tag, everyHand, fetch((*API).getManifest)},
		{"GET", "/manifests/{manifest}/carrier-paper", "get-carrier-manifest", "The carrier's own paper of it, PDF", tag, everyHand, fetch((*API).getCarrierManifest)},
		{"GET", "/pallets", "list-pallets", "Pallets of parcels that are not loaded, newest first", tag, stackers, read((*API).listPallets)},
		{"POST", "/pallets/scans", "start-pallet", "Which pallet somebody stands at; X-NEW begins one", tag, stackers, write(200, (*API).startPallet)},
		{"GET", "/pallets/{pallet}", "get-pallet", "A pallet with its parcels and the present step", tag, stackers, read((*API).getPallet)},
		{"POST", "/pallets/{pallet}/scans", "stack", "A scan at a pallet: a parcel goes on; undo takes it off, apart all of them", tag, stackers, write(200, (*API).stack)},
		{"GET", "/pallets/{pallet}/label", "get-pallet-label", "Its label with its own SSCC, PDF", tag, stackers, fetch((*API).getPalletLabel)},
	}
}

type carrierShown struct {
	Carrier  string   `json:"carrier" doc:"Its code"`
	Name     string   `json:"name"`
	Way      string   `json:"way" enum:"own,manual,easypost" doc:"How its numbers come about: our own, entered by hand, on bought labels"`
	Services []string `json:"services" nullable:"false"`
	Days     int      `json:"transit_days"`
	LeavesAt string   `json:"leaves_at,omitempty"`
	Active   bool     `json:"active"`
}

func (a *API) listCarriers(ctx context.Context, in *struct{ Paging }) (out page[carrierShown], err error) {
	all, err := shipping.Carriers(ctx, a.DB)
	if err != nil {
		return out, err
	}
	return few(in.Paging, all, func(c shipping.Carrier) string { return c.Code }, func(c shipping.Carrier) carrierShown {
		return carrierShown{c.Code, c.Name, c.Adapter, append([]string{}, c.Services...), c.TransitDays, c.LeavesAt, c.Active}
	})
}

// OfCarrier is a path that names a carrier.
type OfCarrier struct {
	Carrier string `path:"carrier" doc:"Its code"`
}

type bracket struct {
	Service string   `json:"service"`
	To      []string `json:"to" nullable:"false" doc:"Countries, countries with the beginning of a postcode, or *"`
	UpToG   int64    `json:"up_to_g"`
	Price   string   `json:"price" doc:"Of one parcel"`
	Money   string   `json:"currency"`
	Days    *int     `json:"days,omitempty" doc:"Working days on the road; absent: as the carrier usually takes"`
}

type rateTable struct {
	Carrier string    `json:"carrier"`
	Rates   []bracket `json:"rates" nullable:"false"`
}

func rates(ctx context.Context, q pg.Querier, code string) (out rateTable, err error) {
	c, err := shipping.FindCarrier(ctx, q, code)
	if err != nil {
		return out, err
	}
	table, err := shipping.RateTable(ctx, q, c.Code)
	return rateTable{c.Code, each(table, func(b shipping.Bracket) bracket {
		one := bracket{Service: b.Service, To: append([]string{}, b.Places...), UpToG: b.UpToG, Price: orders.Money{Minor: b.Minor, Currency: b.Currency}.Amount(), Money: b.Currency}
		if b.Days >= 0 {
			one.Days = &b.Days
		}
		return one
	})}, err
}

func (a *API) getRates(ctx context.Context, in *OfCarrier) (rateTable, error) {
	return rates(ctx, a.DB, segment(in.Carrier))
}

type rateFile struct {
	CSV string `json:"csv" maxLength:"900000" doc:"service,to,up_to_g,price,days with a line for each bracket; the header alone empties the table"`
}

func (a *API) setRates(ctx context.Context, tx *sql.Tx, in *struct {
	OfCarrier
	Put[rateFile]
}) (out rateTable, err error) {
	c, err := shipping.FindCarrier(ctx, tx, segment(in.Carrier))
	if err != nil {
		return out, err
	}
	house, err := orders.LoadSettings(ctx, tx)
	if err != nil {
		return out, err
	}
	n, err := shipping.ReadRates(ctx, tx, c, house.Currency, func(text string) (int64, error) {
		m, err := orders.ParseMoney(text, house.Currency)
		return m.Minor, err
	}, strings.NewReader(in.Body.CSV))
	if err != nil {
		return out, err
	}
	if err := staff.Audit(ctx, tx, who(ctx).ID, "set rates", c.Code, n); err != nil {
		return out, err
	}
	return rates(ctx, tx, c.Code)
}

type exceptionAct struct {
	What string     `json:"what"`
	Note string     `json:"note,omitempty"`
	By   string     `json:"by"`
	At   *time.Time `json:"at"`
}

type exceptionShown struct {
	Exception int64          `json:"exception"`
	What      string         `json:"what" enum:"no movement,address,returned to sender,failed delivery,label refused"`
	Note      string         `json:"note,omitempty"`
	Since     *time.Time     `json:"since"`
	Turn      string         `json:"turn" doc:"Who must act"`
	Does      string         `json:"does" doc:"What that is"`
	Shipment  string         `json:"shipment"`
	State     string         `json:"shipment_state"`
	Orders    []string       `json:"orders" nullable:"false"`
	Recipient string         `json:"recipient"`
	Phone     string         `json:"phone,omitempty"`
	Acts      []exceptionAct `json:"acts" nullable:"false" doc:"What was done about it, the newest first"`
}

func showException(p shipping.Problem) exceptionShown {
	turn, does := p.What.Turn()
	return exceptionShown{int64(p.ID), string(p.What), p.Note, utc(p.Since), turn, does, p.Shipment.String(), string(p.State), append([]string{}, p.Orders...), p.Recipient, p.Phone,
		each(p.Acts, func(a shipping.Act) exceptionAct { return exceptionAct{a.What, a.Note, a.By, utc(a.At)} })}
}

const mostExceptions = 1000 // that are listed at once

func (a *API) listExceptions(ctx context.Context, in *struct {
	Paging
	What string `query:"what" enum:"no movement,address,returned to sender,failed delivery,label refused" doc:"Only these"`
}) (out page[exceptionShown], err error) {
	all, err := shipping.Problems(ctx, a.DB, shipping.Queue{Warehouse: who(ctx).house(), What: shipping.Trouble(in.What), Limit: mostExceptions})
	if err != nil {
		return out, err
	}
	return few(in.Paging, all, func(p shipping.Problem) string { return digits(p.ID) }, showException)
}

// OfException is a path that names an exception.
type OfException struct {
	Exception int64 `path:"exception" minimum:"1"`
}

func (o OfException) find(ctx context.Context, q pg.Querier) (p shipping.Problem, err error) {
	all, err := shipping.Problems(ctx, q, shipping.Queue{Warehouse: who(ctx).house(), Trouble: shipping.TroubleID(o.Exception), Limit: 1})
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "There is no such exception: it was settled, or never was.")
	}
	if err != nil {
		return p, err
	}
	return all[0], nil
}

func (a *API) getException(ctx context.Context, in *OfException) (out exceptionShown, err error) {
	p, err := in.find(ctx, a.DB)
	return showException(p), err
}

type exceptionNote struct {
	Note string `json:"note" doc:"In up to 500 characters"`
}

// actOn is what somebody does about an exception; the request's own key makes it count once.
func (in *onException) acting(ctx context.Context) shipping.Acting {
	return shipping.Acting{Trouble: shipping.TroubleID(in.Exception), Submission: uuid.NewString(), Note: in.Body.Note, Staff: who(ctx).ID, At: who(ctx).at}
}

type onException struct {
	OfException
	Post[exceptionNote]
}

func (a *API) noteException(ctx context.Context, tx *sql.Tx, in *onException) (out exceptionShown, err error) {
	if _, err := in.find(ctx, tx); err != nil {
		return out, err
	}
	if err := shipping.Called(ctx, tx, in.acting(ctx)); err != nil {
		return out, err
	}
	p, err := in.find(ctx, tx)
	return showException(p), err
}

type settledException struct {
	Exception int64 `json:"exception"`
	Settled   bool  `json:"settled"`
}

func (a *API) settleException(ctx context.Context, tx *sql.Tx, in *onException) (out settledException, err error) {
	if _, err := in.find(ctx, tx); err != nil {
		return out, err
	}
	return settledException{in.Exception, true}, shipping.Settle(ctx, tx, in.acting(ctx))
}

type tourShown struct {
	Manifest string     `json:"manifest" doc:"M-3"`
	Door     string     `json:"door"`
	Left     *time.Time `json:"left"`
	Stops    int64      `json:"stops"`
	Parcels  int64      `json:"parcels" doc:"Still to hand over"`
}

func (a *API) listTours(ctx context.Context, in *struct{ Paging }) (out page[tourShown], err error) {
	all, err := shipping.Tours(ctx, a.DB, who(ctx).house())
	if err != nil {
		return out, err
	}
	return few(in.Paging, all, func(t shipping.Tour) string { return digits(t.Manifest) }, func(t shipping.Tour) tourShown {
		return tourShown{t.Manifest.String(), t.Door, utc(t.Left), t.Stops, t.Parcels}
	})
}

// OfManifest is a path that names a truck that left.
type OfManifest struct {
	Manifest string `path:"manifest" doc:"M-3"`
}

func (o OfManifest) id() (shipping.ManifestID, error) {
	return shipping.ParseManifest(segment(o.Manifest))
}

type tourStop struct {
	Shipment  string   `json:"shipment"`
	Recipient string   `json:"recipient"`
	Address   string   `json:"address"`
	Phone     string   `json:"phone,omitempty"`
	Notes     string   `json:"notes,omitempty"`
	Orders    []string `json:"orders" nullable:"false"`
	Parcels   int64    `json:"parcels" doc:"Still to hand over"`
	Scanned   int64    `json:"scanned"`
	Tried     string   `json:"tried,omitempty" doc:"What the last attempt came to"`
}

type wholeTour struct {
	Manifest string     `json:"manifest"`
	Stops    []tourStop `json:"stops" nullable:"false"`
}

func (a *API) getTour(ctx context.Context, in *OfManifest) (out wholeTour, err error) {
	id, err := in.id()
	if err != nil {
		return out, err
	}
	stops, err := shipping.Stops(ctx, a.DB, id, 0)
	if err != nil {
		return out, err
	}
	if len(stops) == 0 || stops[0].Warehouse != who(ctx).house() {
		return out, fault.New(fault.NotFound, "There is no tour %s with parcels to hand over.", id)
	}
	return wholeTour{id.String(), each(stops, func(s shipping.Stop) tourStop {
		return tourStop{s.Shipment.String(), s.Recipient, s.Address, s.Phone, s.Notes, append([]string{}, s.Orders...), s.Parcels, s.Scanned, s.Tried}
	})}, nil
}

type manifestShown struct {
	Manifest  string     `json:"manifest" doc:"M-3"`
	Door      string     `json:"door"`
	Carrier   string     `json:"carrier_name"`
	By        string     `json:"by,omitempty"`
	Left      *time.Time `json:"left"`
	Parcels   int64      `json:"parcels"`
	Shipments []string   `json:"shipments" nullable:"false"`
}

const mostManifests = 1000 // that are listed at once

func (a *API) listManifests(ctx context.Context, in *struct{ Paging }) (out page[manifestShown], err error) {
	all, err := shipping.Manifests(ctx, a.DB, who(ctx).house(), mostManifests)
	if err != nil {
		return out, err
	}
	return few(in.Paging, all, func(m shipping.Manifest) string { return digits(m.ID) }, func(m shipping.Manifest) manifestShown {
		return manifestShown{m.ID.String(), m.Door, m.Carrier, m.By, utc(m.Dispatched), m.Parcels, each(m.Shipments, shipping.ID.String)}
	})
}

// drawn is papers as a PDF to be kept.
func drawn(name string, papers ...labels.Paper) (*bytesOf, error) {
	var pdf bytes.Buffer
	if err := labels.WritePDF(&pdf, 0, papers...); err != nil {
		return nil, err
	}
	return attached(pdf.Bytes(), name+".pdf"), nil
}

func (a *API) getManifest(ctx context.Context, in *OfManifest) (*bytesOf, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	m, err := shipping.ManifestPaper(ctx, a.DB, who(ctx).house(), id)
	if err != nil {
		return nil, err
	}
	return drawn("manifest-"+m.Number, m)
}

func (a *API) getCarrierManifest(ctx context.Context, in *OfManifest) (*bytesOf, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	pdf, err := shipping.CarrierManifest(ctx, a.DB, who(ctx).house(), id)
	return attached(pdf, "carrier-"+id.String()+".pdf"), err
}
