package checkout

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/webhook"

	"tote/internal/fault"
	"tote/internal/orders"
)

// Event proves that Stripe sent a message, and not long ago, and reads it. The version of the interface that an account
// sends in is the account's: the few fields read here have meant the same in all of them.
func (s *Stripe) Event(body []byte, signature string) (e orders.CardEvent, err error) {
	defer fault.Wrap(&err, "checkout.Event")
	said, err := webhook.ConstructEventWithOptions(body, signature, s.secret, webhook.ConstructEventOptions{IgnoreAPIVersionMismatch: true})
	if err != nil {
		return e, fault.Because(err, fault.Invalid, "This message does not bear Stripe's signature, or is too old.")
	}
	if said.ID == "" || said.Data == nil {
		return e, fault.New(fault.Invalid, "This message of Stripe is empty.")
	}
	e = orders.CardEvent{ID: said.ID, Kind: string(said.Type), Fact: orders.CardOther, At: time.Unix(said.Created, 0).UTC()}
	return e, read(&e, said)
}

// read fills in what the event is about.
func read(e *orders.CardEvent, said stripe.Event) error {
	switch kind, _, _ := strings.Cut(e.Kind, "."); {
	case kind == "checkout":
		return readSession(e, said.Data.Raw)
	case kind == "refund", e.Kind == "charge.refund.updated":
		return readRefund(e, said.Data.Raw)
	case e.Kind == "charge.dispute.created":
		return readDispute(e, said.Data.Raw)
	}
	return nil
}

// reference is the id of an object that is there as itself or as its id.
type reference string

func (r *reference) UnmarshalJSON(text []byte) error {
	var whole struct{ ID string }
	if json.Unmarshal(text, &whole) == nil {
		*r = reference(whole.ID)
		return nil
	}
	return json.Unmarshal(text, (*string)(r))
}

func readSession(e *orders.CardEvent, raw json.RawMessage) error {
	var s struct {
		ID            string
		Reference     string    `json:"client_reference_id"`
		Amount        int64     `json:"amount_total"`
		Currency      string    `json:"currency"`
		Intent        reference `json:"payment_intent"`
		PaymentStatus string    `json:"payment_status"`
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return unreadable(err)
	}
	e.Session, e.Reference, e.Intent, e.Amount = s.ID, s.Reference, string(s.Intent), money(s.Amount, s.Currency)
	switch e.Kind {
	case "checkout.session.completed":
		if s.PaymentStatus == string(stripe.CheckoutSessionPaymentStatusPaid) {
			e.Fact = orders.CardPaid
		} // by a slow way otherwise: it is paid, or not, days later
	case "checkout.session.async_payment_succeeded":
		e.Fact = orders.CardPaid
	case "checkout.session.async_payment_failed":
		e.Fact = orders.CardFailed
	case "checkout.session.expired":
		e.Fact = orders.CardExpired
	}
	return nil
}

func readRefund(e *orders.CardEvent, raw json.RawMessage) error {
	var r struct {
		ID       string
		Amount   int64
		Currency string
		Status   string
		Intent   reference         `json:"payment_intent"`
		Because  string            `json:"failure_reason"`
		Metadata map[string]string `json:"metadata"`
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return unreadable(err)
	}
	e.Refund, e.Intent, e.Because, e.Amount = r.ID, string(r.Intent), r.Because, money(r.Amount, r.Currency)
	e.OurRefund, _ = strconv.ParseInt(r.Metadata[refundMark], 10, 64) // without one it is not of ours
	switch r.Status {
	case string(stripe.RefundStatusSucceeded):
		e.Fact = orders.CardRefunded
	case string(stripe.RefundStatusFailed), string(stripe.RefundStatusCanceled):
		e.Fact = orders.CardRefundFailed
	}
	return nil
}

func readDispute(e *orders.CardEvent, raw json.RawMessage) error {
	var d struct {
		Amount   int64
		Currency string
		Reason   string
		Intent   reference `json:"payment_intent"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return unreadable(err)
	}
	e.Fact, e.Intent, e.Because, e.Amount = orders.CardDisputed, string(d.Intent), d.Reason, money(d.Amount, d.Currency)
	return nil
}

func unreadable(err error) error {
	return fault.Because(err, fault.Invalid, "This message of Stripe cannot be read.")
}

func money(minor int64, currency string) orders.Money {
	currency = strings.ToUpper(currency)
	return orders.Money{Minor: minor / unit(currency), Currency: currency}
}
