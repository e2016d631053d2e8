package api

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/shipping"
)

// Shipment is a trip of some cartons to one address.
type Shipment struct {
	Shipment   string     `json:"shipment" doc:"SH-17"`
	State      string     `json:"state" enum:"planned,booked,dispatched,in transit,exception,delivered,cancelled"`
	Carrier    string     `json:"carrier" doc:"Its code"`
	Name       string     `json:"carrier_name" doc:"Whoever really carries it"`
	Service    string     `json:"service"`
	Tracking   string     `json:"tracking_number,omitempty"`
	Numbered   bool       `json:"numbered" doc:"The number is the carrier's own"`
	Link       string     `json:"link,omitempty" doc:"Where the carrier shows it"`
	Recipient  string     `json:"recipient"`
	ShipTo     []string   `json:"ship_to" nullable:"false" doc:"As written on the parcel"`
	Orders     []string   `json:"orders" nullable:"false"`
	Parcels    int64      `json:"parcel_count"`
	Loaded     int64      `json:"loaded"`
	Planned    *time.Time `json:"planned,omitempty"`
	Dispatched *time.Time `json:"dispatched,omitempty"`
	Expected   string     `json:"expected,omitempty" format:"date"`
	Delivered  *time.Time `json:"delivered,omitempty"`
}

func showShipment(s shipping.Shipment) Shipment {
	return Shipment{s.ID.String(), string(s.State), s.Carrier, s.CarrierName, s.Service, s.TrackingNumber, s.Numbered, s.CarrierURL, s.Recipient,
		append([]string{}, s.ShipTo...), append([]string{}, s.Orders...), s.Parcels, s.Loaded, utc(s.Planned), utc(s.Dispatched), day(s.Expected), utc(s.Delivered)}
}

func (a *API) listShipments(ctx context.Context, in *struct {
	Listing
	State   string `query:"state" enum:"planned,booked,dispatched,in transit,exception,delivered,cancelled"`
	Carrier string `query:"carrier" maxLength:"40" doc:"Its code"`
}) (out page[Shipment], err error) {
	before, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	rows, err := shipping.Shipments(ctx, a.DB, shipping.Filter{Warehouse: who(ctx).house(), State: shipping.State(in.State), Carrier: in.Carrier,
		Search: in.Search, Before: shipping.ID(before), Limit: in.Limit + 1})
	return paged(in.Paging, rows, func(s shipping.Shipment) string { return digits(s.ID) }, showShipment), err
}

// OfShipment is a path that names a shipment.
type OfShipment struct {
	Shipment string `path:"shipment" doc:"SH-17"`
}

// find reads the shipment; another warehouse's does not exist here.
func (o OfShipment) find(ctx context.Context, q pg.Querier) (s shipping.Shipment, err error) {
	id, err := shipping.ParseID(segment(o.Shipment))
	if err != nil {
		return s, err
	}
	return findShipment(ctx, q, id)
}

func findShipment(ctx context.Context, q pg.Querier, id shipping.ID) (shipping.Shipment, error) {
	s, err := shipping.Find(ctx, q, id)
	if err == nil && s.Warehouse != who(ctx).house() {
		err = fault.New(fault.NotFound, "%s belongs to another warehouse.", id)
	}
	return s, err
}

type shipmentParcel struct {
	Order     string       `json:"order"`
	N         int64        `json:"parcel" doc:"Of the shipment's"`
	SSCC      string       `json:"sscc"`
	Number    string       `json:"package_number" doc:"Ours, as on the label"`
	Tracking  string       `json:"tracking_number" doc:"What the customer follows it by"`
	WeightG   int64        `json:"weight_g"`
	Door      string       `json:"door,omitempty"`
	Loaded    *time.Time   `json:"loaded,omitempty"`
	Delivered *time.Time   `json:"delivered,omitempty"`
	Lines     []cartonLine `json:"lines" nullable:"false"`
	Pallet    string       `json:"pallet,omitempty" doc:"The SSCC of the pallet it stands on"`
}

func showParcel(p shipping.Parcel) shipmentParcel {
	return shipmentParcel{p.Ref, p.N, p.SSCC, p.PackageNumber, p.TrackingNumber, p.WeightG, p.Door, utc(p.Loaded), utc(p.Delivered),
		each(p.Lines, func(l shipping.ParcelLine) cartonLine { return cartonLine{l.Ref, l.SKU, l.Name, l.Quantity} }), p.PalletSSCC}
}

type shipmentEvent struct {
	At     *time.Time `json:"at,omitempty" doc:"When it happened"`
	Kind   string     `json:"kind"`
	Source string     `json:"source"`
	Note   string     `json:"note,omitempty"`
	By     string     `json:"by,omitempty"`
}

type wholeShipment struct {
	Shipment
	Parcels []shipmentParcel `json:"parcels" nullable:"false"`
	Events  []shipmentEvent  `json:"events" nullable:"false" doc:"The newest first"`
}

// shipmentOf reads a shipment with its parcels and events.
func shipmentOf(ctx context.Context, q pg.Querier, s shipping.Shipment) (out wholeShipment, err error) {
	parcels, err := shipping.Parcels(ctx, q, s.ID)
	if err != nil {
		return out, err
	}
	events, err := shipping.Events(ctx, q, s.ID)
	return wholeShipment{showShipment(s), each(parcels, showParcel), each(events, func(e shipping.Event) shipmentEvent {
		return shipmentEvent{utc(e.At), e.Kind, e.Source, e.Note, e.By}
	})}, err
}

func (a *API) getShipment(ctx context.Context, in *OfShipment) (out wholeShipment, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		s, err := in.find(ctx, tx)
		if err != nil {
			return err
		}
		out, err = shipmentOf(ctx, tx, s)
		return err
	})
	return out, err
}

// changed answers a shipment as it is after a change.
func changed(ctx context.Context, tx *sql.Tx, id shipping.ID, err error) (wholeShipment, error) {
	if err != nil {
		return wholeShipment{}, err
	}
	s, err := shipping.Find(ctx, tx, id)
	if err != nil {
		return wholeShipment{}, err
	}
	return shipmentOf(ctx, tx, s)
}

func (a *API) dispatch(ctx context.Context, tx *sql.Tx, in *struct {
	OfShipment
	Press
}) (out wholeShipment, err error) {
	s, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	return changed(ctx, tx, s.ID, shipping.Dispatch(ctx, tx, s.ID, who(ctx).ID, who(ctx).at))
}

type carrierNumber struct {
	Carrier  string            `json:"carrier" doc:"Who it really is: DHL"`
	Number   string            `json:"number,omitempty" doc:"Its number for the whole shipment; absent if it travels under ours"`
	Expected string            `json:"expected,omitempty" doc:"The day it should be there, 2026-11-30; by the carrier's usual days if absent"`
	Parcels  map[string]string `json:"parcels,omitempty" doc:"Our package number to the carrier's number of that parcel alone"`
}

func (a *API) enterNumber(ctx context.Context, tx *sql.Tx, in *struct {
	OfShipment
	Put[carrierNumber]
}) (out wholeShipment, err error) {
	s, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	expected, err := readDay("expected", in.Body.Expected)
	if err != nil {
		return out, err
	}
	return changed(ctx, tx, s.ID, shipping.EnterNumber(ctx, tx, s.ID, shipping.Number{Carrier: in.Body.Carrier, Number: in.Body.Number,
		Expected: expected, Parcels: in.Body.Parcels, Staff: who(ctx).ID, At: who(ctx).at}))
}

// trackingEvent is what a carrier's system reports. Its event_key is the reporter's own id of it: a repeat is no news,
// whatever Idempotency-Key it comes under.
type trackingEvent struct {
	Shipment string    `json:"shipment,omitempty" doc:"SH-17; or give the number"`
	Number   string    `json:"tracking_number,omitempty" doc:"The carrier's or our number of the shipment or of a parcel"`
	EventKey string    `json:"event_key" doc:"The reporter's own id of the event; a repeat changes nothing"`
	Kind     string    `json:"kind" enum:"in transit,exception,delivered,note"`
	At       time.Time `json:"at" doc:"When it happened, by whoever saw it"`
	Note     string    `json:"note,omitempty"`
}

type heard struct {
	Shipment string `json:"shipment"`
	State    string `json:"state" doc:"Of the shipment, now"`
	News     bool   `json:"news" doc:"false when the event was known"`
}

func (a *API) track(ctx context.Context, tx *sql.Tx, in *Put[trackingEvent]) (out heard, err error) {
	by, e := who(ctx), in.Body
	var id shipping.ID
	if e.Shipment != "" {
		if id, err = shipping.ParseID(e.Shipment); err != nil {
			return out, named("shipment", err)
		}
	} else if id, err = shipping.ByNumber(ctx, tx, e.Number); err != nil {
		return out, named("tracking_number", err)
	}
	if _, err := findShipment(ctx, tx, id); err != nil {
		return out, err
	}
	news, err := shipping.Track(ctx, tx, shipping.Event{Shipment: id, At: e.At.UTC(), Kind: e.Kind, Source: "api", Key: e.EventKey, Note: e.Note, Staff: by.ID}, by.at)
	if err != nil {
		return out, err
	}
	s, err := shipping.Find(ctx, tx, id)
	return heard{id.String(), string(s.State), news}, err
}

type door struct {
	Door    string `json:"door"`
	Carrier string `json:"carrier,omitempty" doc:"Who is loading now"`
	Loaded  int64  `json:"loaded"`
}

func (a *API) listDoors(ctx context.Context, in *struct{ Paging }) (out page[door], err error) {
	all, err := shipping.Doors(ctx, a.DB, who(ctx).house())
	if err != nil {
		return out, err
	}
	return few(in.Paging, all, func(d shipping.Door) string { return d.Code }, func(d shipping.Door) door { return door{d.Code, d.Carrier, d.Loaded} })
}

// OfDoor is a path that names a dock.
type OfDoor struct {
	Door string `path:"door" doc:"The dock, as printed or typed: B-D-1"`
}

func (o OfDoor) find(ctx context.Context, q pg.Querier) (l inventory.Location, err error) {
	clean, err := scan.Clean(segment(o.Door))
	if err != nil {
		return l, err
	}
	return shipping.FindDoor(ctx, q, who(ctx).house(), clean)
}

func (a *API) showLoading(ctx context.Context, in *OfDoor) (step scan.Step, err error) {
	d, err := in.find(ctx, a.DB)
	if err != nil {
		return step, err
	}
	return shipping.ShowLoading(ctx, a.DB, d.ID)
}

func (a *API) load(ctx context.Context, tx *sql.Tx, in *struct {
	OfDoor
	Scanned
}) (step scan.Step, err error) {
	d, err := in.find(ctx, tx)
	if err != nil {
		return step, err
	}
	s, err := in.Body.read(ctx, tx, who(ctx))
	if err != nil {
		return step, err
	}
	switch in.Body.Action {
	case "":
		return shipping.Load(ctx, tx, d.ID, s)
	case undo:
		return shipping.Unload(ctx, tx, d.ID, in.Body.Undo, s)
	case "dispatch", "dispatch-rest":
		return shipping.DispatchDoor(ctx, tx, d.ID, in.Body.Action == "dispatch-rest", s)
	case "keep":
		return shipping.KeepLoading(ctx, tx, d.ID, s)
	}
	return step, unknownAction(in.Body.Action)
}

func (a *API) deliverScan(ctx context.Context, tx *sql.Tx, in *Scanned) (step scan.Step, err error) {
	s, err := in.Body.read(ctx, tx, who(ctx))
	if err == nil && in.Body.Action != "" {
		err = unknownAction(in.Body.Action)
	}
	if err != nil {
		return step, err
	}
	return shipping.DeliverScan(ctx, tx, who(ctx).house(), s)
}
