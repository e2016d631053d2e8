package orders

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/studio"
)

// Journey is what a customer sees of his order through its unguessable link.
type Journey struct {
	Number    Number
	Company   string // ours
	Reference string
	Recipient string
	Zone      *time.Location
	PlacedAt  time.Time
	Promised  time.Time
	Expected  time.Time // later than promised, as the customer was told, while it holds; else zero
	Stage     Stage
	Late      bool
	Total     Money
	Open      Money // still to be paid before we start
	HowToPay  string
	Owed      Money // on terms too
	Invoices  []Invoice
	Lines     []Line
	Steps     []JourneyStep
	Shipments []ShipmentView // that have left or are booked
	Artwork   []studio.Queued
	MayRate   bool // the goods are there, or should be
	Feedback  *Feedback
	Fate      Fate // of its parcels
	MayReturn bool // within the time for returns
	Returns   []ReturnView
}

// JourneyStep is one of the stages of the journey.
type JourneyStep struct {
	Key     string // of the settings' contacts
	Title   string
	Says    string // one sentence on what happens or happened
	State   StepState
	On      time.Time // when it was reached; zero when it was not
	Contact Contact
}

// StepState places a step of the journey before, at or after the present.
type StepState string

// The states of a step. Skipped is for what a cancelled order did not come to.
const (
	StepDone    StepState = "done"
	StepNow     StepState = "now"
	StepNext    StepState = "next"
	StepSkipped StepState = "skipped"
)

// JourneyKeys are the stages whose contacts the settings may name, in order.
var JourneyKeys = []string{"discovery", "processing", "proof", "approval", "green light", "production", "ships"}

// JourneyTitles name the stages for people, by their keys.
var JourneyTitles = map[string]string{
	"discovery": "Order received", "processing": "Order processing", "proof": "Virtual proof", "approval": "Approve, reject or correct",
	"green light": "Green light for production", "production": "In production", "ships": "Order ships",
}

// byToken finds the order of a journey. Whatever is wrong with the token, the answer is the same.
func byToken(ctx context.Context, q pg.Querier, token string) (View, error) {
	unknown := fault.New(fault.NotFound, "This link leads to no order. Open the newest letter from us and use the link there.")
	if len(token) < 20 || wrongText(token, 64, false) != "" {
		return View{}, unknown
	}
	v, err := readOrder(ctx, q, `o.journey_token = $1`, token)
	if errors.Is(err, fault.NotFound) {
		return v, unknown
	}
	return v, err
}

// ByToken is the order of a customer's link, and how long after delivery things may come back.
func ByToken(ctx context.Context, q pg.Querier, token string) (n Number, within time.Duration, err error) {
	defer fault.Wrap(&err, "orders.ByToken")
	v, err := byToken(ctx, q, token)
	if err != nil {
		return 0, 0, err
	}
	settings, err := LoadSettings(ctx, q)
	return v.Number, time.Duration(settings.ReturnDays) * 24 * time.Hour, err
}

// ReadJourney gathers the customer's page. It changes nothing.
func ReadJourney(ctx context.Context, q pg.Querier, token string, now time.Time) (j Journey, err error) {
	defer fault.Wrap(&err, "orders.ReadJourney")
	v, err := byToken(ctx, q, token)
	if err != nil {
		return j, err
	}
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return j, err
	}
	for _, read := range []func(context.Context, pg.Querier) error{
		v.readCustomer, v.readLines, v.readHolds, v.readPayments, v.readInvoices, v.readShipments, v.readReturns, v.readFeedback, v.readArtwork, v.readSupport} {
		if err := read(ctx, q); err != nil {
			return j, err
		}
	}
	return v.journey(settings, now), nil
}

func (v View) journey(s Settings, now time.Time) Journey {
	j := Journey{
		Number: v.Number, Company: s.Company, Reference: v.Reference, Recipient: v.ShipTo.Recipient, Zone: v.Zone,
		PlacedAt: v.PlacedAt, Promised: v.Promised, Stage: v.Stage, Late: v.overdue(now), Total: v.Total, Lines: v.Lines,
		Steps: v.steps(s), Artwork: v.Artwork, MayRate: v.mayRate(), Feedback: v.Feedback, Returns: v.Returns, Fate: v.Fate(),
	}
	if v.Expected.After(now) && v.Stage != Delivered && v.Stage != Cancelled && !v.Fate().Ended() {
		j.Expected = v.Expected
	}
	if (v.Stage == PendingPayment || v.Stage == Artwork) && !v.Customer.OnTerms {
		j.Open, j.HowToPay = v.Open(), s.HowToPay
	}
	if j.Invoices = v.Invoices; v.Stage != Cancelled {
		j.Owed = v.Open()
	}
	for _, shipment := range v.Shipments {
		if shipment.State != "planned" {
			j.Shipments = append(j.Shipments, shipment)
		}
	}
	j.MayReturn = v.mayReturn(s, now)
	return j
}

// overdue is lateness as a customer feels it: until the goods are there.
func (v View) overdue(now time.Time) bool {
	return v.Promised.Before(now) && !v.Fate().Ended() && v.Stage != Delivered && v.Stage != Cancelled
}

// mayRate reports that the goods are there or, as far as we can know, should be.
func (v View) mayRate() bool {
	return v.Stage == Delivered || v.Stage == Shipped && v.Feedback != nil
}

// mayReturn reports that something has left which is not on its way back, within the time for returns.
func (v View) mayReturn(s Settings, now time.Time) bool {
	left := false
	for _, l := range v.Lines {
		left = left || l.Shipped > l.Returned
	}
	var last time.Time
	for _, shipment := range v.Shipments {
		for _, t := range []time.Time{shipment.Dispatched, shipment.Delivered} {
			if t.After(last) {
				last = t
			}
		}
	}
	return left && now.Before(last.AddDate(0, 0, s.ReturnDays))
}

// steps is the journey, as far as it is, without what a stock order does not need.
func (v View) steps(s Settings) []JourneyStep {
	list := []JourneyStep{
		{Key: "discovery", Says: "We have your order.", State: StepDone, On: v.PlacedAt},
		{Key: "processing", Says: v.processing(), State: StepNow},
		{Key: "proof", State: StepSkipped},
		{Key: "approval", State: StepSkipped},
		{Key: "green light", State: StepSkipped},
		{Key: "production", State: StepSkipped},
		{Key: "ships", Says: v.shipping(), State: StepNext},
	}
	v.artworkSteps(list)
	if !v.Released.IsZero() {
		list[1].State, list[1].On, list[6].State = StepDone, v.Released, StepNow
		if list[5].State == StepNow {
			list[6].State = StepNext
		}
	}
	if v.Stage == Delivered {
		list[6].State = StepDone
	}
	for _, shipment := range v.Shipments {
		if shipment.Gone() && (list[6].On.IsZero() || shipment.Dispatched.Before(list[6].On)) {
			list[6].On = shipment.Dispatched
		}
	}
	for i := range list {
		list[i].Title, list[i].Contact = JourneyTitles[list[i].Key], v.contact(s, list[i].Key)
	}
	list = slices.DeleteFunc(list, func(s JourneyStep) bool { return s.State == StepSkipped })
	if v.Stage == Cancelled {
		for i := range list {
			if list[i].State != StepDone {
				list[i].State, list[i].Says = StepSkipped, "The order was cancelled."
			}
		}
	}
	return list
}

// contact is who answers for a stage: the one the settings name for it, else for the rest.
func (s Settings) contact(key string) Contact {
	if c, ok := s.Contacts[key]; ok {
		return c
	}
	return s.Contacts[""]
}

// contact is who answers for a stage: after the order is placed, its own contact in the department that the settings name.
func (v View) contact(s Settings, key string) Contact {
	c := s.contact(key)
	if v.Contact.ID == 0 || key == "discovery" {
		return c
	}
	c.Department = strings.TrimPrefix(c.Department+", "+v.Contact.Name, ", ")
	if reached := v.Contact.Reached(); reached != "" {
		c.Contact = reached
	}
	return c
}

// processing says in the customer's words where an order stands before the floor has it.
func (v View) processing() string {
	switch {
	case !v.Released.IsZero():
		return "Your order is confirmed and with our warehouse."
	case v.Stage == OnHold:
		return "We are checking something about your order and will be in touch."
	case v.Customer.OnTerms:
		return "Your order waits until earlier invoices are paid."
	case v.Paid.Minor > 0:
		return "We have received " + v.Paid.String() + " and wait for the remaining " + v.Open().String() + "."
	}
	return "We wait for your payment of " + v.Open().String() + ", then your order goes straight to our warehouse."
}

// shipping says in the customer's words how far the warehouse is.
func (v View) shipping() string {
	switch v.Stage {
	case Picking, Picked:
		return "Your goods are being collected."
	case Packed:
		return "Your parcel is packed and waits for the carrier."
	case Shipped:
		if v.Fate().Ended() {
			return v.backSays()
		}
		return "Your parcel is on its way."
	case Delivered:
		return "Your parcel was delivered."
	case Production:
		return "From here we send you the carrier and tracking number."
	case BackOrdered:
		return "Part of your order is out of stock. We send it as soon as it arrives."
	case OnHold:
		return "We are checking something about your order and will be in touch."
	case Released:
		return "Your order waits for its turn in our warehouse."
	}
	return "From here we send you the carrier and tracking number."
}

// backSays says in the customer's words what follows when nobody took a parcel.
func (v View) backSays() string {
	what := "Your parcel could not be handed over and came back to us."
	if v.PartlyBack() {
		what = "A part of your order was delivered. The rest could not be handed over and came back to us."
	}
	for _, r := range v.Returns {
		if !r.Taken && r.Owed {
			return what + " We look at it and then tell you what follows."
		}
	}
	return what + " We have written to you what you get for it."
}
