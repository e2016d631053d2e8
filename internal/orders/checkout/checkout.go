// Package checkout takes cards through Stripe: it asks for a page where a customer pays, gives money back to a card, and
// proves and reads what Stripe tells. It knows no database: what is asked for was stored before, what came of it is
// recorded after, both by orders.
package checkout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v85"

	"tote/internal/fault"
	"tote/internal/orders"
)

// Stripe is an account there.
type Stripe struct {
	client *stripe.Client
	secret string // of the webhook
}

// patience is how long one call may take: the customer waits for it.
const patience = 20 * time.Second

// Open uses the account of a secret key, whose webhook signs with the other secret. Another address than Stripe's own is
// for tests; "" is Stripe's own.
func Open(key, webhookSecret, address string) *Stripe {
	config := &stripe.BackendConfig{
		HTTPClient:        &http.Client{Timeout: patience},
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull}, // errors come back as errors
		MaxNetworkRetries: stripe.Int64(1),
		EnableTelemetry:   stripe.Bool(false),
	}
	if address != "" {
		config.URL = stripe.String(address)
	}
	return &Stripe{stripe.NewClient(key, stripe.WithBackends(stripe.NewBackendsWithConfig(config))), webhookSecret}
}

// Ask asks for the page where a payment is made. The payment's token is the key of the request: asking again, after an
// answer was lost say, gives the same page.
func (s *Stripe) Ask(ctx context.Context, p orders.CardPayment) (page orders.CardSession, err error) {
	defer fault.Wrap(&err, "checkout.Ask(%d)", p.ID)
	ask := &stripe.CheckoutSessionCreateParams{
		Mode:              stripe.String(string(stripe.CheckoutSessionModePayment)),
		ClientReferenceID: stripe.String(p.Token),
		CustomerEmail:     stripe.String(p.Email),
		ExpiresAt:         stripe.Int64(p.Expires.Unix()),
		SuccessURL:        stripe.String(p.Back + "?said=paid"),
		CancelURL:         stripe.String(p.Back),
		PaymentIntentData: &stripe.CheckoutSessionCreatePaymentIntentDataParams{Description: stripe.String(described(p))},
	}
	for _, share := range p.Shares {
		ask.LineItems = append(ask.LineItems, line(share))
	}
	ask.SetIdempotencyKey("checkout-" + p.Token)
	answer, err := s.client.V1CheckoutSessions.Create(ctx, ask)
	if err != nil {
		return page, trouble(err)
	}
	if answer.URL == "" {
		return page, fault.New(fault.Unavailable, "The card page cannot be opened now. Try again in a minute, or pay by bank transfer.")
	}
	return orders.CardSession{ID: answer.ID, URL: answer.URL}, nil
}

// line is an order as Stripe's page lists it: what is open on it, tax included.
func line(share orders.CardShare) *stripe.CheckoutSessionCreateLineItemParams {
	return &stripe.CheckoutSessionCreateLineItemParams{
		Quantity: stripe.Int64(1),
		PriceData: &stripe.CheckoutSessionCreateLineItemPriceDataParams{
			Currency:    stripe.String(strings.ToLower(share.Amount.Currency)),
			UnitAmount:  stripe.Int64(share.Amount.Minor * unit(share.Amount.Currency)),
			ProductData: &stripe.CheckoutSessionCreateLineItemPriceDataProductDataParams{Name: stripe.String("Order " + share.Number.String())},
		},
	}
}

// unit is what Stripe counts to one of our minor units: it writes two currencies with hundredths that have none.
func unit(currency string) int64 {
	if currency == "ISK" || currency == "UGX" {
		return 100
	}
	return 1
}

func described(p orders.CardPayment) string {
	names := make([]string, len(p.Shares))
	for i, share := range p.Shares {
		names[i] = share.Number.String()
	}
	return strings.Join(names, ", ")
}

// trouble sorts Stripe's errors: what it refuses stays refused, all else may be tried again.
func trouble(err error) error {
	var said *stripe.Error
	if !errors.As(err, &said) {
		return fault.Because(err, fault.Unavailable, "The card company cannot be reached. Try again in a minute, or pay by bank transfer.")
	}
	refused := said.Type == stripe.ErrorTypeInvalidRequest || said.Type == stripe.ErrorTypeCard
	if refused && said.HTTPStatusCode != http.StatusUnauthorized && said.HTTPStatusCode != http.StatusTooManyRequests && said.HTTPStatusCode != http.StatusConflict {
		return fault.Because(fmt.Errorf("stripe: %s (%s)", said.Msg, said.RequestID), fault.Conflict, "The card company refuses it: %s", said.Msg)
	}
	return fault.Because(err, fault.Unavailable, "The card company does not answer. Try again in a minute, or pay by bank transfer.")
}

// refundMark is the name under which a refund there holds the one of ours it belongs to.
const refundMark = "tote_refund"

// GiveBack gives money back to the card that paid it. It looks first whether it did so before: the key of a request is
// forgotten there after a day, a delivery of ours may be later than that.
func (s *Stripe) GiveBack(ctx context.Context, c orders.RefundCall) (id string, err error) {
	defer fault.Wrap(&err, "checkout.GiveBack(%s)", c.ID)
	mark := strconv.FormatInt(int64(c.ID), 10)
	for known, err := range s.client.V1Refunds.List(ctx, &stripe.RefundListParams{PaymentIntent: stripe.String(c.Intent)}).All(ctx) {
		if err != nil {
			return "", trouble(err)
		}
		if known.Metadata[refundMark] == mark {
			return known.ID, nil
		}
	}
	ask := &stripe.RefundCreateParams{PaymentIntent: stripe.String(c.Intent), Amount: stripe.Int64(c.Amount.Minor * unit(c.Amount.Currency))}
	ask.AddMetadata(refundMark, mark)
	ask.SetIdempotencyKey("refund-" + mark + "-" + c.Intent)
	answer, err := s.client.V1Refunds.Create(ctx, ask)
	if err != nil {
		return "", trouble(err)
	}
	return answer.ID, nil
}
