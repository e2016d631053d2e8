package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"tote/internal/mail"
	"tote/internal/orders"
	"tote/internal/orders/checkout"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/inventory"
)

// till is an order that a card paid and that was cancelled, with a refund of it asked for.
type till struct {
	db     *sql.DB
	order  orders.Placed
	refund outbox.Fact
}

func openTill(t *testing.T) till {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	x := till{db: pgtest.DB(t)}
	err := pg.InTx(ctx, x.db, func(tx *sql.Tx) error {
		house, err := inventory.AddWarehouse(ctx, tx, inventory.Warehouse{Code: "TILL", Name: "Till", TimeZone: "Europe/London", GS1Prefix: "9521234", Company: "Tote Ltd",
			Street: "1 Quay Street", City: "Leeds", Postcode: "LS1 4AB", Country: "GB"})
		if err != nil {
			return err
		}
		if err := orders.SaveSettings(ctx, tx, orders.Settings{Company: "Tote Ltd", Currency: "EUR", BaseURL: "https://tote.example.com", MailFrom: "a@tote.example"}); err != nil {
			return err
		}
		if _, err := inventory.AddItem(ctx, tx, inventory.Item{SKU: "MUG", Name: "Mug", LengthMM: 100, WidthMM: 100, HeightMM: 100, WeightG: 300}); err != nil {
			return err
		}
		if err := orders.SetPrices(ctx, tx, orders.PriceForm{SKU: "MUG", Amount: "5"}); err != nil {
			return err
		}
		x.order, err = orders.Place(ctx, tx, orders.Submission{Key: "k", Warehouse: house, At: now, Form: orders.Form{Channel: orders.Phone, Name: "Ann", Email: "ann@example.com",
			Recipient: "Ann", Street: "1 Road", City: "Leeds", Postcode: "LS1", Country: "GB", Carrier: "own", Service: "standard", Lines: []orders.FormLine{{SKU: "MUG", Quantity: "2"}}}})
		if err != nil {
			return err
		}
		if err := orders.HearCard(ctx, tx, orders.CardEvent{ID: "evt_1", Fact: orders.CardPaid, At: now, Reference: x.order.Number.String(), Session: "cs_1", Intent: "pi_1", Amount: x.order.Total}, now); err != nil {
			return err
		}
		if _, err := orders.Cancel(ctx, tx, x.order.Number, "", 0, now); err != nil {
			return err
		}
		id, err := orders.PayBackToCard(ctx, tx, orders.Refund{Key: "r", Order: x.order.Number, Amount: "10", At: now})
		x.refund = outbox.Fact{Name: "refund.asked", Ref: id.String()}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// hear delivers the refund's fact, as the outbox would.
func (x till) hear(ctx context.Context, cards *checkout.Stripe) error {
	for _, c := range facts(x.db, mail.Sender{}, cards, nil)[x.refund.Name] {
		if err := c.Do(ctx, x.refund); err != nil {
			return err
		}
	}
	return nil
}

// stripeSays answers every request for a refund the same way and counts them; it knows of none that were made before.
func stripeSays(t *testing.T, status int, body string) (cards *checkout.Stripe, asked *int) {
	t.Helper()
	asked = new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			io.WriteString(w, `{"object":"list","has_more":false,"data":[]}`)
			return
		}
		*asked++
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return checkout.Open("sk_test_1", "whsec_1", server.URL), asked
}

func (x till) refunds(t *testing.T) (says string) {
	t.Helper()
	if err := x.db.QueryRow(`
		select state || ' ' || because || ' ' || (select coalesce(sum(amount_minor), 0) from payments) from refunds`).Scan(&says); err != nil {
		t.Fatal(err)
	}
	return says
}

// A refund is asked of Stripe outside of any transaction and recorded after; heard twice it goes once.
func TestARefundGoesToTheCardOnce(t *testing.T) {
	x := openTill(t)
	cards, asked := stripeSays(t, http.StatusOK, `{"id":"re_1","object":"refund"}`)
	for range 3 {
		if err := x.hear(t.Context(), cards); err != nil {
			t.Fatal(err)
		}
	}
	if got := x.refunds(t); got != "sent  0" || *asked != 1 {
		t.Errorf("the refund is %q after %d requests", got, *asked)
	}
}

// While Stripe is in trouble, or its key is not there, the refund waits; what Stripe refuses is told and still owed.
func TestARefundWaitsOrIsRefused(t *testing.T) {
	x := openTill(t)
	if err := x.hear(t.Context(), nil); err == nil {
		t.Error("without a key the refund was taken for done")
	}
	down, _ := stripeSays(t, http.StatusInternalServerError, `{"error":{"type":"api_error","message":"down"}}`)
	if err := x.hear(t.Context(), down); err == nil || x.refunds(t) != "asked  1000" {
		t.Errorf("while Stripe is down: %v, %q", err, x.refunds(t))
	}
	no, _ := stripeSays(t, http.StatusBadRequest, fmt.Sprintf(`{"error":{"type":"invalid_request_error","message":%q}}`, "This charge is disputed."))
	for range 2 {
		if err := x.hear(t.Context(), no); err != nil {
			t.Fatal(err)
		}
	}
	if got := x.refunds(t); got != "failed The card company refuses it: This charge is disputed. 1000" {
		t.Errorf("refused, it is %q", got)
	}
}

func TestCardsNeedBothSecrets(t *testing.T) {
	for _, s := range []serve{{Stripe: "sk"}, {StripeHook: "whsec"}} {
		if s.checkCards() == nil {
			t.Errorf("%+v is enough", s)
		}
	}
	if (serve{}).checkCards() != nil || (serve{}).cards() != nil || (serve{Stripe: "sk", StripeHook: "whsec"}).cards() == nil {
		t.Error("cards are taken with both and only then")
	}
}
