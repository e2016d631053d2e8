package api

import (
	"time"

	"tote/internal/orders"
)

// order is an order as its own page shows it.
type order struct {
	Order     string          `json:"order" doc:"O-1001"`
	Stage     string          `json:"stage"`
	Word      string          `json:"word" doc:"The stage as people say it: once something came back, what became of the parcels"`
	Late      bool            `json:"late"`
	Next      string          `json:"next" doc:"What happens next, in a sentence"`
	Blocks    []string        `json:"blocks" nullable:"false" doc:"Why it does not go on by itself"`
	Turn      string          `json:"turn,omitempty" doc:"Whose turn it is"`
	Channel   string          `json:"channel" enum:"web,phone,api,csv"`
	Reference string          `json:"reference,omitempty"`
	Customer  string          `json:"customer" doc:"The customer's code"`
	Email     string          `json:"email"`
	ShipTo    address         `json:"ship_to"`
	Carrier   string          `json:"carrier"`
	Service   string          `json:"service"`
	Notes     string          `json:"notes,omitempty"`
	Priority  int             `json:"priority"`
	Complete  bool            `json:"ship_complete"`
	Promised  *time.Time      `json:"promised,omitempty"`
	Expected  *time.Time      `json:"expected,omitempty" doc:"Later than promised, as the customer was told"`
	Placed    *time.Time      `json:"placed,omitempty"`
	Released  *time.Time      `json:"released,omitempty"`
	Cancelled *time.Time      `json:"cancelled,omitempty"`
	Checked   *time.Time      `json:"checked,omitempty" doc:"The customer confirmed what is made for the order"`
	CheckedAs string          `json:"checked_as,omitempty" doc:"The name that he typed"`
	Goods     money           `json:"goods"`
	Shipping  money           `json:"shipping"`
	Tools     money           `json:"tools" doc:"Made for the customer, charged once"`
	Tax       money           `json:"tax"`
	Total     money           `json:"total"`
	Paid      money           `json:"paid"`
	Open      money           `json:"open"`
	Journey   string          `json:"journey" doc:"Path of the customer's page; whoever has it may look"`
	Seen      int64           `json:"seen" doc:"Rises with every change"`
	Lines     []orderLine     `json:"lines" nullable:"false"`
	Holds     []hold          `json:"holds" nullable:"false"`
	Payments  []payment       `json:"payments" nullable:"false"`
	Invoices  []orderInvoice  `json:"invoices" nullable:"false" doc:"And credit notes"`
	Refunds   []orderRefund   `json:"card_refunds" nullable:"false"`
	Shipments []orderShipment `json:"shipments" nullable:"false"`
	PickLists []orderList     `json:"pick_lists" nullable:"false"`
	Returns   []orderReturn   `json:"returns" nullable:"false"`
}

type address struct {
	Recipient string `json:"recipient"`
	Company   string `json:"company,omitempty"`
	Street    string `json:"street"`
	Street2   string `json:"street2,omitempty"`
	City      string `json:"city"`
	Postcode  string `json:"postcode"`
	Region    string `json:"region,omitempty"`
	Country   string `json:"country"`
	Phone     string `json:"phone,omitempty"`
}

type orderLine struct {
	Ref       string   `json:"ref" doc:"O-1001.2"`
	SKU       string   `json:"sku"`
	Name      string   `json:"name"`
	Ordered   int64    `json:"ordered"`
	Cancelled int64    `json:"cancelled"`
	Price     money    `json:"price" doc:"For one, with the surcharges of its options"`
	Break     int64    `json:"break_from,omitempty" doc:"Pieces of its item from which the price holds"`
	Options   []chosen `json:"options" nullable:"false"`
	Held      int64    `json:"held" doc:"Promised from stock"`
	Short     int64    `json:"short" doc:"Waits for stock"`
	Picked    int64    `json:"picked"`
	Packed    int64    `json:"packed"`
	Shipped   int64    `json:"shipped"`
	Returned  int64    `json:"returned"`
	Incoming  string   `json:"incoming,omitempty" doc:"What may fill a back-order"`
}

type hold struct {
	Hold      int64      `json:"hold"`
	Kind      string     `json:"kind"`
	Reason    string     `json:"reason"`
	By        string     `json:"by,omitempty"`
	At        *time.Time `json:"at,omitempty"`
	ClearedBy string     `json:"cleared_by,omitempty"`
	Cleared   *time.Time `json:"cleared,omitempty" doc:"Absent while it is open"`
}

type payment struct {
	At        *time.Time `json:"at,omitempty"`
	Share     money      `json:"share" doc:"Of this order; below zero: paid back"`
	Whole     money      `json:"whole"`
	Method    string     `json:"method"`
	Reference string     `json:"reference,omitempty"`
	By        string     `json:"by,omitempty"`
}

type parcel struct {
	Parcel   int    `json:"parcel" doc:"Of this order's"`
	SSCC     string `json:"sscc"`
	WeightG  int64  `json:"weight_g"`
	Tracking string `json:"tracking_number"`
	Link     string `json:"link,omitempty" doc:"Where the carrier shows it"`
}

type orderShipment struct {
	Shipment   string     `json:"shipment" doc:"SH-17"`
	State      string     `json:"state"`
	Carrier    string     `json:"carrier"`
	Service    string     `json:"service"`
	Expected   string     `json:"expected,omitempty" format:"date"`
	Dispatched *time.Time `json:"dispatched,omitempty"`
	Delivered  *time.Time `json:"delivered,omitempty"`
	Parcels    []parcel   `json:"parcels" nullable:"false"`
}

type orderList struct {
	List   string `json:"list" doc:"P-104"`
	State  string `json:"state"`
	Picker string `json:"picker,omitempty"`
	Tote   string `json:"tote,omitempty"`
}

type orderReturn struct {
	Return string     `json:"return" doc:"R-17"`
	State  string     `json:"state"`
	At     *time.Time `json:"at,omitempty"`
	Units  int64      `json:"units"`
}

func showOrder(v orders.View, now time.Time) order {
	next := v.Next()
	return order{Order: v.Number.String(), Stage: string(v.Stage), Word: v.Fate().Word(v.Stage), Late: v.Late(now), Next: next.What, Blocks: append([]string{}, next.Blocks...), Turn: next.Turn,
		Channel: string(v.Channel), Reference: v.Reference, Customer: v.Customer.Code, Email: v.Email, ShipTo: showAddress(v.ShipTo),
		Carrier: v.Carrier, Service: v.Service, Notes: v.Notes, Priority: v.Priority, Complete: v.Complete,
		Promised: utc(v.Promised), Expected: utc(v.Expected), Placed: utc(v.PlacedAt), Released: utc(v.Released), Cancelled: utc(v.Cancelled), Checked: utc(v.Checked), CheckedAs: v.CheckedAs,
		Goods: showMoney(v.Goods), Shipping: showMoney(v.Shipping), Tools: showMoney(v.Tools), Tax: showMoney(v.Tax), Total: showMoney(v.Total), Paid: showMoney(v.Paid), Open: showMoney(v.Open()),
		Journey: "/journey/" + v.Journey, Seen: v.Seen,
		Lines: each(v.Lines, showOrderLine), Holds: each(v.Holds, showHold), Payments: each(v.Payments, showPayment),
		Invoices: each(v.Invoices, showOrderInvoice), Refunds: each(v.Refunds, showOrderRefund),
		Shipments: each(v.Shipments, showOrderShipment),
		PickLists: each(v.Lists, func(l orders.ListView) orderList { return orderList{"P-" + digits(l.ID), l.State, l.Picker, l.Tote} }),
		Returns: each(v.Returns, func(r orders.ReturnView) orderReturn {
			return orderReturn{"R-" + digits(r.ID), r.State, utc(r.At), r.Units}
		})}
}

func showAddress(a orders.Address) address {
	return address{a.Recipient, a.Company, a.Street, a.Street2, a.City, a.Postcode, a.Region, a.Country, a.Phone}
}

func showOrderLine(l orders.Line) orderLine {
	return orderLine{l.Ref, l.SKU, l.Name, l.Ordered, l.Cancelled, showMoney(l.Price), l.Break, each(l.Chosen, showChosen), l.Held, l.Short(), l.Picked, l.Packed, l.Shipped, l.Returned, l.Incoming}
}

func showHold(h orders.HoldView) hold {
	return hold{h.ID, string(h.Kind), h.Reason, h.By, utc(h.At), h.ClearedBy, utc(h.ClearedAt)}
}

func showPayment(p orders.PaymentView) payment {
	return payment{utc(p.At), showMoney(p.Share), showMoney(p.Whole), p.Method, p.Reference, p.By}
}

func showOrderShipment(s orders.ShipmentView) orderShipment {
	return orderShipment{"SH-" + digits(s.ID), s.State, s.Carrier, s.Service, day(s.Expected), utc(s.Dispatched), utc(s.Delivered), each(s.Parcels, showOrderParcel)}
}

func showOrderParcel(p orders.Parcel) parcel {
	return parcel{p.N, p.SSCC, p.WeightG, p.Tracking, p.Link}
}

// parcelsOf is every parcel of some shipments.
func parcelsOf(list []orders.ShipmentView) []parcel {
	out := []parcel{}
	for _, s := range list {
		out = append(out, each(s.Parcels, showOrderParcel)...)
	}
	return out
}
