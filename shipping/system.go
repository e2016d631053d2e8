package shipping

import (
	"context"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
)

// System is how one speaks with whoever takes parcels: it says what a parcel would cost, sells the label, takes it back,
// knows where the parcel is and writes the paper of what it was handed. Three are there: the own fleet's and that of the
// carriers by hand (House), which live in the house and are asked at once, and EasyPost's (shipping/easypost), which is
// asked over the network, so never in a transaction. Errors are fault.Conflict for what is refused, fault.NotFound for what
// is not known there, and fault.Unavailable for what may be tried again; after the last nobody knows whether it was done.
type System interface {
	// Rate opens a consignment under its reference and says what each service costs. It costs nothing.
	Rate(ctx context.Context, c Consignment) (Quote, error)
	// Find reads a consignment again, by the carrier's id or by our reference, with what was sold of it. In the house both
	// are our number of the parcel.
	Find(ctx context.Context, id string) (Quote, error)
	// Buy buys the label of an open consignment. One that is sold already is not sold twice: it is answered or refused.
	Buy(ctx context.Context, id string, r Rate) (Quote, error)
	// Paper is the label that was sold, as the carrier drew it. fault.NotFound where it does not draw it so.
	Paper(ctx context.Context, id string, f Format) ([]byte, error)
	// Void gives the label back and says what became of the money; NotRefunded where none was paid.
	Void(ctx context.Context, id string) (Refund, error)
	// Track says where a parcel is, oldest first.
	Track(ctx context.Context, carrier, number string) ([]Sighting, error)
	// Manifest is the paper of what is handed over together: PDF. fault.NotFound where there is none.
	Manifest(ctx context.Context, ids []string) ([]byte, error)
}

// Systems are the systems that are set up, by the adapter of the carriers that use them.
type Systems map[string]System

// Way is what is to be known of a way to ship before anybody is asked.
type Way struct {
	Remote bool // its system is over the network: the carrier there has a name of its own, and is asked by a fact's consumer
	Ours   bool // our own people bring the parcels, under our own numbers
	sooner int  // working days that its service express saves
}

// own is the adapter of the own fleet.
const own = "own"

// ways are the ways to ship, by adapter.
var ways = map[string]Way{own: {Ours: true, sooner: 1}, "manual": {}, "easypost": {Remote: true}}

// WayOf is the way of an adapter.
func WayOf(adapter string) Way { return ways[adapter] }

// ByHand reports that a person copies the numbers of its parcels.
func (w Way) ByHand() bool { return !w.Remote && !w.Ours }

// adaptersOf are the adapters of some ways, for a query.
func adaptersOf(some func(Way) bool) (names []string) {
	for name, w := range ways {
		if some(w) {
			names = append(names, name)
		}
	}
	return names
}

func remote(w Way) bool { return w.Remote }
func ours(w Way) bool   { return w.Ours }

// days are the working days that a service of a carrier is on the road.
func (c Carrier) days(service string) int {
	if service == "express" && c.TransitDays > 0 {
		return max(c.TransitDays-c.Way().sooner, 1)
	}
	return c.TransitDays
}

// asked are the adapters of the systems over the network that are set up.
func (s Systems) asked() []string {
	return slices.DeleteFunc(adaptersOf(remote), func(adapter string) bool { return s[adapter] == nil })
}

// of is the system of an adapter; one without its key can be had later.
func (s Systems) of(adapter string) (System, error) {
	if system := s[adapter]; system != nil {
		return system, nil
	}
	return nil, fault.New(fault.Unavailable, "The labels of this carrier wait for the key of its account (TOTE_EASYPOST_KEY).")
}

// Format is how a label is drawn.
type Format string

// The formats: for browsers and printers of sheets, for label printers of 203 dots per inch, and as a picture of dots.
const (
	PDF Format = "PDF"
	ZPL Format = "ZPL"
	PNG Format = "PNG"
)

// Address is one end of a trip.
type Address struct {
	Name, Company, Street, Street2, City, Postcode, Region, Country, Phone string
}

// Consignment is one parcel as a carrier wants to know it.
type Consignment struct {
	Reference           string // ours
	From, To            Address
	Grams               int64
	Length, Width, High int // mm; 0 is not known
	Currency            string
}

// Rate is what one service would cost.
type Rate struct {
	ID       string // the carrier's
	Carrier  string // as its system calls it
	Service  string
	Minor    int64 // in minor units of the currency, of all parcels
	Currency string
	Days     int   // working days on the road; 0 is not said
	Parcels  int64 // as how many parcels; 0 is as one
}

// SameDay are the Days of a rate that is there on the day it leaves.
const SameDay = -1

// offers reports that it is the rate of a service, named as the carrier's system does.
func (r Rate) offers(carrier, service string) bool {
	return strings.EqualFold(r.Carrier, carrier) && strings.EqualFold(r.Service, service)
}

// Quote is a consignment as the carrier's system has it.
type Quote struct {
	ID, Reference string
	Rates         []Rate
	Says          []string // why some carriers offer nothing
	Sold          *Sale    // nil before the label is bought
	Refund        Refund
}

// Sale is a bought label.
type Sale struct {
	Rate   Rate
	Number string // tracking number; "" while a person has to read it off the carrier's own label
}

// Refund is what became of the money of a label that was given back.
type Refund string

// The ends of a refund.
const (
	NotRefunded Refund = ""
	Submitted   Refund = "submitted"
	Refunded    Refund = "refunded"
	Rejected    Refund = "rejected"
)

// Sighting is what a carrier's system tells of a parcel on its way.
type Sighting struct {
	At      time.Time
	Kind    string  // in transit, exception, delivered or note
	Trouble Trouble // of an exception
	Note    string
	Key     string // the same sighting told again has the same
}

// Report is one message of a carrier's system.
type Report struct {
	System    string // the adapter
	ID        string // of the message: heard twice it counts once
	Number    string // the parcel's tracking number
	Sightings []Sighting
	Refund    Refund // of a label, with its consignment
	RefundOf  string
}
