package mail

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
)

// Kind says which letter it is. Its text is what lists show.
type Kind string

// The letters there are.
const (
	Confirmation   Kind = "order confirmation"
	Payment        Kind = "payment received"
	Delay          Kind = "delay notice"
	NewDate        Kind = "new date"
	Cancellation   Kind = "cancellation"
	Tracking       Kind = "tracking"
	Delivered      Kind = "delivered"
	ReturnSlip     Kind = "return authorised"
	ReturnArrived  Kind = "return received"
	ReturnSettled  Kind = "return settled"
	CameBack       Kind = "came back undelivered"
	Feedback       Kind = "feedback request"
	Reminder       Kind = "feedback reminder"
	Quote          Kind = "quote"
	PictureWanted  Kind = "picture wanted"
	PictureRefused Kind = "picture refused"
	Proof          Kind = "proof"
	ProofReminder  Kind = "proof reminder"
	Approved       Kind = "approval"
	MyOrders       Kind = "link to all orders"
	CallCustomer   Kind = "call the customer" // to a contact of ours
	DatesNear      Kind = "dates near"        // to a department of ours
	Trial          Kind = "test"              // a wording sent to whoever tries it
)

// kind is everything about a letter but its rows. A new letter is one entry here and its wordings,
// wordings/<slug>.<language>.txt: the subject, an empty line, the body.
type kind struct {
	Kind     Kind
	Slug     string // its name in addresses and files
	Says     string // when it is sent, for the list
	Vars     []Var
	Must     []string // placeholders that its body cannot do without
	MayBeOff bool
	Hours    Timing // until somebody sets others
	Question bool   // about no order's business: has an end link and goes only to who may be asked

	latest string // query of the ref of the latest thing that such a letter could be about
	gather func(ctx context.Context, q pg.Querier, ref string) ([]draft, error)
}

// Var is a placeholder of a letter.
type Var struct {
	Name, Means string
	sample      value // also says what it is: inline, block or flag
}

// Inline says that it stands within a sentence; otherwise it makes paragraphs of its own.
func (v Var) Inline() bool { _, ok := v.sample.(inline); return ok }

// Flag says that it is for conditions alone.
func (v Var) Flag() bool { _, ok := v.sample.(either); return ok }

// Optional says that it may be without words, so that asking for it with {if …} makes sense.
func (v Var) Optional() bool { return strings.HasSuffix(v.Means, "; may be missing") || v.Flag() }

// Sample is what it may look like.
func (v Var) Sample(l orders.Language) string {
	switch s := v.sample.(type) {
	case inline:
		return s.in(l)
	case block:
		return s.text(l, "")
	}
	return ""
}

func (k kind) variable(name string) (Var, bool) {
	for _, v := range k.Vars {
		if v.Name == name {
			return v, true
		}
	}
	return Var{}, false
}

func eur(minor int64) orders.Money { return orders.Money{Minor: minor, Currency: "EUR"} }

// What placeholders may look like, where there is nothing real to show.
var (
	sampleGoods  = list{{2, "Blue mug 330 ml", eur(2500), "Words: To Ann"}, {1, "Tea towel, striped", eur(2500), ""}}
	samplePlain  = list{{Quantity: 2, Name: "Blue mug 330 ml"}, {Quantity: 1, Name: "Tea towel, striped"}}
	sampleSums   = sums{eur(5000), eur(490), eur(0), eur(1045), eur(6535)}
	sampleDay    = day(time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC))
	sampleTrip   = tracking{"TT170", time.Time(sampleDay), "https://carrier.example/?n=TT170"}
	sampleParcel = parcels{{"", 1250, "", samplePlain[:1], 0}, {"TT171", 800, "", samplePlain[1:], 0}}
	samplePlace  = address{"Anna Berg", "Lindenstr. 5", "24103 Kiel", "DE"}
	samplePage   = link("https://shop.example/journey/example")
)

var (
	vCustomer  = Var{"customer", "the customer’s name", words("Anna Berg")}
	vCompany   = Var{"company", "our company", words("Harbour Goods")}
	vOrder     = Var{"order", "the order’s number, or those of several", words("O-1001")}
	vReference = Var{"reference", "the customer’s own number; may be missing", words("PO 77")}
	vPromised  = Var{"promised", "the day it is promised for", sampleDay}
	vLines     = Var{"lines", "the goods", samplePlain}
	vPriced    = Var{"lines", "the goods with their prices", sampleGoods}
	vTotal     = Var{"total", "what it costs, with shipping and tax", sampleSums}
	vAddress   = Var{"address", "where it goes", samplePlace}
	vDue       = Var{"due", "what is still open; may be missing", amount(eur(4535))}
	vHowToPay  = Var{"how_to_pay", "how to pay, from the set-up, while something is open; may be missing", paragraph("Pay to DE00 1234 5678 9012 3456 00\nand name the order’s number.")}
	vJourney   = Var{"link", "the page of the order; {link: Words} says so in your words", samplePage}
	vFollowing = Var{"following", "goods that follow later; may be missing", samplePlain[1:]}
	vOthers    = Var{"others", "pages of the customer’s other orders in it; may be missing", others{{"O-1002", "https://shop.example/journey/other"}}}
	vProduct   = Var{"product", "what is made", words("Yellow Portrait")}
	vArtwork   = Var{"link", "the page where the picture is sent; {link: Words} says so in your words", link("https://shop.example/journey/example/artwork/1")}
	vProof     = Var{"link", "the page where it is decided on; {link: Words} says so in your words", link("https://shop.example/proof/example")}
	vWhat      = Var{"what", "how much of the order it is: Your parcel; All 2 parcels; The first part, one parcel,", share{parcels: 2}}
	vSeveral   = Var{"several", "for {if several}: more than one", either(true)}
)

// byDay are hours at which nobody is disturbed.
var byDay = Timing{From: 9, To: 20}

// kinds is the one table of letters.
var kinds = []kind{
	{Kind: Confirmation, Slug: "confirmation", Says: "When an order is placed.", latest: latestOrder, gather: gatherConfirmation,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vPriced, vTotal, vAddress, vDue, vHowToPay, vPromised, vJourney},
		Must: []string{"lines", "total", "link"}},
	{Kind: Payment, Slug: "payment", Says: "When money for an order has come in.", latest: latestOrder, gather: gatherPayment, MayBeOff: true,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, {"paid", "what has come in for the order so far", amount(eur(2000))}, {"order_total", "what the order costs", amount(eur(6535))}, vDue, vHowToPay, vPromised, vJourney},
		Must: []string{"paid"}},
	{Kind: Delay, Slug: "delay", Says: "When less of an order is on the shelves than was ordered.", latest: latestOrder, gather: gatherDelay, MayBeOff: true,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, {"waiting", "the goods that have to wait", samplePlain[:1]}, {"together", "for {if together}: all of the order leaves at once", either(true)}, vPromised, vJourney},
		Must: []string{"waiting"}},
	{Kind: NewDate, Slug: "new-date", Says: "When an order will come later than promised, before the customer asks.", latest: latestOrder, gather: gatherNewDate, MayBeOff: true, Hours: byDay,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vPromised, {"expected", "the day it is expected now", day(time.Date(2026, 12, 2, 12, 0, 0, 0, time.UTC))}, vJourney},
		Must: []string{"expected"}},
	{Kind: Cancellation, Slug: "cancelled", Says: "When an order is cancelled.", latest: latestOrder, gather: gatherCancellation,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, {"back", "what is paid back; may be missing", amount(eur(2000))}},
		Must: []string{"order"}},
	{Kind: Tracking, Slug: "tracking", Says: "When parcels leave.", latest: latestShipment, gather: gatherTracking,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vWhat, vSeveral, {"left", "the day they left", sampleDay}, {"carrier", "the carrier; may be missing", words("DHL")},
			{"tracking", "tracking number, expected day, link to the carrier", sampleTrip}, {"parcels", "the parcels with what is in them", sampleParcel}, vFollowing, vAddress, vOthers, vJourney},
		Must: []string{"tracking", "parcels", "link"}},
	{Kind: Delivered, Slug: "delivered", Says: "When parcels have arrived.", latest: latestShipment, gather: gatherDelivered, MayBeOff: true,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vWhat, vSeveral, {"arrived", "the day they arrived", sampleDay}, vLines, vFollowing, vOthers, vJourney},
		Must: []string{"lines", "link"}},
	{Kind: ReturnSlip, Slug: "return-slip", Says: "When a return is announced; the slip comes with it.", latest: latestReturn, gather: gatherReturnSlip,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, {"return", "the number of the return", words("R-17")}, vLines, {"address", "where to send it", address{"Harbour Goods", "Returns R-17", "Pier 4", "20457 Hamburg", "DE"}}, vJourney},
		Must: []string{"return", "lines", "address"}},
	{Kind: ReturnArrived, Slug: "return-arrived", Says: "When a return was counted here.", latest: latestReturn, gather: gatherReturnArrived, MayBeOff: true,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, {"return", "the number of the return", words("R-17")}, vLines, {"missing", "what was not in it; may be missing", samplePlain[1:]}, vJourney},
		Must: []string{"lines"}},
	{Kind: ReturnSettled, Slug: "return-settled", Says: "When it is decided what the customer gets for a return.", latest: latestSettlement, gather: gatherReturnSettled,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, {"return", "the number of the return", words("R-17")}, {"refunded", "the goods that are paid back; may be missing", samplePlain[:1]},
			{"back", "what is paid back; may be missing", amount(eur(2000))}, {"replaced", "the goods that are sent again; may be missing", samplePlain[1:]},
			{"replacement", "the order that brings them", words("O-1002")}, {"refused", "the goods for which there is nothing; may be missing", samplePlain[:1]},
			{"reason", "why", paragraph("It was used for some weeks.")}, vJourney},
		Must: []string{"return"}},
	{Kind: CameBack, Slug: "came-back", Says: "When a parcel came back to us because nobody took it.", latest: latestUndelivered, gather: gatherCameBack,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vLines, vAddress, vJourney},
		Must: []string{"lines", "address"}},
	{Kind: Feedback, Slug: "feedback", Says: "Some days after the delivery: how was it?", latest: latestOrder, gather: gatherFeedback, MayBeOff: true, Question: true, Hours: byDay,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, {"link", "the page that asks; {link: Words} says so in your words", samplePage}},
		Must: []string{"link"}},
	{Kind: Reminder, Slug: "feedback-reminder", Says: "Once more, to who has not answered.", latest: latestOrder, gather: gatherReminder, MayBeOff: true, Question: true, Hours: byDay,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, {"link", "the page that asks; {link: Words} says so in your words", samplePage}},
		Must: []string{"link"}},
	{Kind: PictureWanted, Slug: "picture-wanted", Says: "When something is ordered that is made from the customer’s picture.", latest: latestArtwork, gather: gatherArtwork(PictureWanted),
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vProduct, {"wanted", "what the flow asks for", words("Photo")}, vArtwork}, Must: []string{"product", "link"}},
	{Kind: PictureRefused, Slug: "picture-refused", Says: "When a picture cannot be used as it is.", latest: latestArtwork, gather: gatherArtwork(PictureRefused),
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vProduct, {"reason", "why, in two words; may be missing", words("too dark")}, {"words", "what was written to the customer; may be missing", paragraph("The face cannot be told from the background.")},
			{"insist", "for {if insist}: the customer may want it as it is", either(true)}, vArtwork}, Must: []string{"product", "link"}},
	{Kind: Proof, Slug: "proof", Says: "When a proof is ready to be looked at.", latest: latestArtwork, gather: gatherArtwork(Proof),
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vProduct, vSeveral, vProof}, Must: []string{"product", "link"}},
	{Kind: ProofReminder, Slug: "proof-reminder", Says: "When nobody has decided on a proof; how often is set up under Studio.", latest: latestArtwork, gather: gatherArtwork(ProofReminder), MayBeOff: true, Hours: byDay,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vProduct, vSeveral, vProof}, Must: []string{"product", "link"}},
	{Kind: Approved, Slug: "approved", Says: "When artwork is approved.", latest: latestArtwork, gather: gatherArtwork(Approved), MayBeOff: true,
		Vars: []Var{vCustomer, vCompany, vOrder, vReference, vProduct, vDue, vHowToPay, vPromised, {"certificate", "the certificate of the approval", link("https://shop.example/journey/example/artwork/1/certificate.pdf")}, vJourney}, Must: []string{"product"}},
	{Kind: CallCustomer, Slug: "call-customer", Says: "To the order’s contact, when a customer answers no reminder of a proof.", latest: latestArtwork, gather: gatherArtwork(CallCustomer), MayBeOff: true,
		Vars: []Var{vCustomer, vCompany, vOrder, vProduct, {"line", "the line of the order", words("O-1001.2")}, {"phone", "the customer’s telephone; may be missing", words("030 1234")}, {"link", "the page of the artwork; {link: Words} says so in your words", link("https://shop.example/studio/jobs/O-1001.2")}}, Must: []string{"link"}},
	{Kind: DatesNear, Slug: "dates-near", Says: "To a department, when the day is near by which it must be done with orders.", latest: `select 'picking/' || code from warehouses order by id limit 1`, gather: gatherDatesNear, MayBeOff: true,
		Vars: []Var{vCompany, {"department", "the department", departmentName(orders.Art)}, {"near", "the orders, each with its day", turns{{"O-1001", "24 × Mug with your picture", time.Time(sampleDay)}}},
			{"link", "the page of the department; {link: Words} says so in your words", link("https://shop.example/departments/art")}},
		Must: []string{"near"}},
	{Kind: MyOrders, Slug: "my-orders", Says: "When a customer asks for all of his orders.", latest: `select code from customers order by id desc limit 1`, gather: gatherCustomer,
		Vars: []Var{vCustomer, vCompany, {"link", "the page with all orders; {link: Words} says so in your words", link("https://shop.example/my/example")}}, Must: []string{"link"}},
	{Kind: Quote, Slug: "quote", Says: "When a quote is made, or sent once more.", latest: `select 'Q-' || number from quotes order by id desc limit 1`, gather: gatherQuote,
		Vars: []Var{vCustomer, vCompany, {"quote", "the number of the quote", words("Q-1001")}, vReference, {"words", "what was written to the customer; may be missing", paragraph("As we spoke: two mugs with your logo.")},
			vPriced, vTotal, {"pictures", "for {if pictures}: it has some", either(true)}, vSeveral, {"until", "its last day", sampleDay}, {"link", "the page where it can be ordered; {link: Words} says so in your words", link("https://shop.example/quote/example")}},
		Must: []string{"lines", "total", "until", "link"}},
}

// find is the entry of a kind.
func find(k Kind) (kind, error) {
	for _, x := range kinds {
		if x.Kind == k {
			return x, nil
		}
	}
	return kind{}, fault.New(fault.NotFound, "There is no letter %q.", clip(oneLine(string(k)), 40))
}

// KindOf is the letter that an address names.
func KindOf(slug string) (Kind, error) {
	for _, x := range kinds {
		if x.Slug == slug {
			return x.Kind, nil
		}
	}
	return "", fault.New(fault.NotFound, "There is no letter %q.", clip(oneLine(slug), 40))
}

//go:embed wordings
var wordingFiles embed.FS

// Text is a wording as it is edited.
type Text struct{ Subject, Body string }

// shipped are the wordings that come with the program. One that is not there or not right stops it at the start.
var shipped = func() map[Kind]map[orders.Language]Text {
	all := map[Kind]map[orders.Language]Text{}
	for _, k := range kinds {
		all[k.Kind] = map[orders.Language]Text{}
		for _, l := range orders.Languages {
			file, err := wordingFiles.ReadFile(fmt.Sprintf("wordings/%s.%s.txt", k.Slug, l))
			if err != nil {
				panic(err)
			}
			subject, body, _ := strings.Cut(strings.TrimSpace(string(file)), "\n\n")
			if err := checkWording(k, subject, body); err != nil {
				panic(fmt.Sprintf("wordings/%s.%s.txt: %v", k.Slug, l, fault.FieldsOf(err)))
			}
			all[k.Kind][l] = Text{subject, body}
		}
	}
	return all
}()
