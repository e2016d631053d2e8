package orders

import (
	"fmt"
	"strings"
	"time"
)

// Next says of an order what happens next, what blocks it and whose turn it is.
type Next struct {
	What   string   // one sentence: "Waits to be packed."
	Blocks []string // why it does not go on by itself; none when it does
	Turn   string   // the department whose turn it is; "" when nothing is left to do
	Href   string   // the page where it goes on; "" when there is none
}

// Departments whose turn it can be.
const (
	turnAccounts  = "Accounts"
	turnClerk     = "Order desk"
	turnBuyer     = "Purchasing"
	turnPicking   = "Picking"
	turnWorkshop  = "Workshop"
	turnPartner   = "Fulfilment"
	turnPacking   = "Packing"
	turnShipping  = "Shipping"
	turnReturns   = "Receiving"
	turnCarrier   = "Carrier"
	turnCustomers = "Customer"
)

// Next derives it from the view.
func (v View) Next() Next {
	switch v.Stage {
	case PendingPayment:
		return v.nextPayment()
	case OnHold:
		n := Next{What: "Is held. Clear the hold and it goes on by itself.", Turn: turnClerk}
		for _, h := range v.Holds {
			if h.Open() {
				n.Blocks = append(n.Blocks, h.says())
			}
		}
		return n
	case Artwork:
		return v.nextArtwork()
	case Production:
		return v.nextProduction()
	case BackOrdered:
		return Next{What: v.backOrderSays(), Blocks: v.missing(), Turn: turnBuyer}
	case Released:
		return Next{What: "Waits for a picker.", Turn: turnPicking, Href: "/picking"}
	case Picking:
		return v.nextPicking()
	case Picked:
		return v.nextPacking()
	case Packed:
		return v.nextShipping()
	case Shipped:
		if v.Fate().Ended() {
			return v.nextBack()
		}
		return Next{What: "Is on its way" + v.expected() + ".", Turn: turnCarrier}
	case Delivered:
		return v.nextFeedback()
	case Cancelled:
		if back := v.Back(); back.Minor > 0 {
			return Next{What: "Is cancelled.", Blocks: []string{back.String() + " is to be paid back."}, Turn: turnAccounts, Href: "#refund"}
		}
	}
	return Next{What: "Is " + string(v.Stage) + ". Nothing is left to do."}
}

// Discreet says the same without amounts of money.
func (n Next) Discreet() Next {
	blocks := n.Blocks[:0:0]
	for _, b := range n.Blocks {
		if strings.HasSuffix(b, unpaid) || strings.Contains(b, owes) {
			b = "It is not paid yet."
		}
		blocks = append(blocks, b)
	}
	n.Blocks = blocks
	return n
}

// How sentences about money are known.
const (
	unpaid = " is not paid yet."
	owes   = " owes "
)

func (v View) nextPayment() Next {
	if v.Open().Minor == 0 {
		return Next{What: "Goes to the floor in a moment."}
	}
	n := Next{What: "Goes to the floor by itself once it is paid.", Blocks: []string{v.Open().String() + unpaid}, Turn: turnCustomers}
	if v.Customer.OnTerms {
		c := v.Total.Currency
		n.What = "Goes to the floor by itself once there is room in the customer's credit limit, or it is paid."
		n.Blocks = []string{fmt.Sprintf("%s"+owes+"%s; with the %s open on this order that is more than the limit of %s.",
			v.Customer.Name, Money{v.Customer.Debt, c}, v.Open(), Money{v.Customer.CreditLimit, c})}
		n.Turn = turnAccounts
	}
	return n
}

func (v View) backOrderSays() string {
	if v.Complete {
		return "Waits for stock: it ships all together."
	}
	return "Waits for stock. What is there is picked and sent first."
}

// missing names each line that waits for stock, and what is on its way.
func (v View) missing() []string {
	var list []string
	for _, l := range v.Lines {
		if l.Short() == 0 {
			continue
		}
		says := fmt.Sprintf("%s: %d of %d not in stock", l.SKU, l.Short(), l.Wanted)
		if l.Incoming != "" {
			says += "; expected with " + l.Incoming
		} else {
			says += "; nothing is on order"
		}
		list = append(list, says+".")
	}
	return list
}

func (v View) nextPicking() Next {
	n := Next{What: "Is on a pick list.", Turn: turnPicking}
	for _, l := range v.Lists {
		switch {
		case l.State == "released":
			n.What = fmt.Sprintf("Is on pick list P-%d, which nobody has started.", l.ID)
		case l.State == "started":
			n.What = fmt.Sprintf("Is being picked by %s on P-%d%s.", l.Picker, l.ID, intoTote(l.Tote))
		default:
			continue
		}
		n.Href = fmt.Sprintf("/picking/lists/%d", l.ID)
	}
	return n
}

func intoTote(code string) string {
	if code == "" {
		return ""
	}
	return " into tote " + code
}

// nextPacking says where the pieces lie now: sorted ones are not in the tote that they were picked into.
func (v View) nextPacking() Next {
	switch f := v.Floor; {
	case len(f.OnTheWay) > 0:
		return Next{What: "Is picked and on its way with " + strings.Join(f.OnTheWay, " and ") + ".", Turn: turnPicking}
	case len(f.Unsorted) > 0:
		return Next{What: "Is picked and waits to be sorted out of " + totes(f.Unsorted) + ".", Turn: turnPicking, Href: "/sorting"}
	case len(f.Totes) > 0:
		return Next{What: "Is picked and waits to be packed from " + totes(f.Totes) + ".", Turn: turnPacking, Href: "/packing"}
	}
	return Next{What: "Is picked and waits to be packed.", Turn: turnPacking, Href: "/packing"}
}

func totes(codes []string) string {
	if len(codes) == 1 {
		return "tote " + codes[0]
	}
	return "totes " + strings.Join(codes[:len(codes)-1], ", ") + " and " + codes[len(codes)-1]
}

func (v View) nextShipping() Next {
	n := Next{What: "Is packed and waits to be loaded.", Turn: turnShipping, Href: "/loading"}
	for _, s := range v.Shipments {
		if s.State == "planned" {
			n.Blocks = append(n.Blocks, "The shipment with "+s.Carrier+" has no tracking number yet.")
		}
	}
	return n
}

func (v View) expected() string {
	var last time.Time
	for _, s := range v.Shipments {
		if s.Gone() && s.State != "came back" && s.Expected.After(last) {
			last = s.Expected
		}
	}
	if last.IsZero() {
		return ""
	}
	return ", expected on " + last.Format("2 Jan 2006")
}

func (v View) nextFeedback() Next {
	switch f := v.Feedback; {
	case f == nil:
		return Next{What: "Is delivered. The customer is asked how it was in a few days."}
	case f.Score == 0:
		return Next{What: "Is delivered. The customer was asked how it was.", Turn: turnCustomers}
	case f.CallBack == "open":
		return Next{What: "Is delivered, but the customer is not pleased.",
			Blocks: []string{fmt.Sprintf("Score %d of 5: call %s back.", f.Score, v.Customer.Name)}, Turn: turnClerk, Href: "/feedback"}
	}
	return Next{What: "Is delivered. Nothing is left to do."}
}

// CameBack reports that all that left came back to us undelivered.
func (v View) CameBack() bool {
	f := v.Fate()
	return v.Stage == Shipped && f.Ended() && f.Handed == 0
}

// PartlyBack reports that nothing is on its way any more, and that of several parcels some came back.
func (v View) PartlyBack() bool {
	f := v.Fate()
	return v.Stage == Shipped && f.Ended() && f.Handed > 0
}

// nextBack says what follows once nobody took it, or a part of it.
func (v View) nextBack() Next {
	says := "Came back undelivered"
	if f := v.Fate(); f.Handed > 0 {
		says = fmt.Sprintf("Is delivered in part: %d of %d parcels came back", f.Back, f.Parcels)
	}
	for _, r := range v.Returns {
		switch href := fmt.Sprintf("/returns/%d", r.ID); {
		case r.Taken || !r.Owed:
		case r.State == "inspected":
			return Next{What: fmt.Sprintf("%s as R-%d. Say what the customer gets.", says, r.ID), Turn: turnClerk, Href: href}
		default:
			return Next{What: fmt.Sprintf("%s as R-%d, which waits to be inspected.", says, r.ID), Turn: turnReturns, Href: href}
		}
	}
	return Next{What: says + " and is settled with the customer. Nothing is left to do."}
}
