package web_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stripe/stripe-go/v85/webhook"

	"tote/internal/orders"
	"tote/internal/orders/checkout"
	"tote/internal/staff"
	"tote/internal/web"
)

const hookSecret = "whsec_test"

// cards is a Stripe that gives every payment a page of its own; down makes it fail.
type cards struct {
	asked []string // the references
	down  bool
}

func (c *cards) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.down {
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, `{"error":{"type":"api_error","message":"down"}}`)
		return
	}
	c.asked = append(c.asked, r.FormValue("client_reference_id"))
	fmt.Fprintf(w, `{"id":"cs_%[1]s","object":"checkout.session","url":"https://checkout.stripe.com/c/%[1]s"}`, r.FormValue("client_reference_id"))
}

// openTill is a shop that takes cards.
func openTill(t *testing.T) (*shop, *cards) {
	t.Helper()
	c := &cards{}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	s := openShop(t, func(d *web.Deps) { d.Cards = checkout.Open("sk_test_1", hookSecret, server.URL) })
	return s, c
}

func (s *shop) journey(t *testing.T, path string) (token string) {
	t.Helper()
	if err := s.DB.QueryRow(`select journey_token from orders where 'O-' || number = $1`, strings.TrimPrefix(path, "/orders/")).Scan(&token); err != nil {
		t.Fatal(err)
	}
	return token
}

// says sends what Stripe says of a payment, signed with a secret at a moment.
func (s *shop) says(t *testing.T, event, reference string, amount int, secret string, at time.Time) (status int, words string) {
	t.Helper()
	body := fmt.Sprintf(`{"id":%q,"object":"event","created":1763640000,"type":"checkout.session.completed","data":{"object":{"id":"cs_%[2]s",
		"client_reference_id":%[2]q,"amount_total":%d,"currency":"eur","payment_intent":"pi_%[2]s","payment_status":"paid"}}}`, event, reference, amount)
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: secret, Timestamp: at})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/hooks/stripe", bytes.NewReader(signed.Payload))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Stripe-Signature", signed.Header)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(said)
}

// The whole way of a payment by card: the customer sees what it is for, is led to Stripe, and the webhook pays the order.
func TestACustomerPaysByCard(t *testing.T) {
	s, stripe := openTill(t)
	path := s.place(t)
	token := s.journey(t, path)
	ann := s.Visitor(t)
	if page := ann.Get("/journey/" + token); !strings.Contains(page.Body, `href="/journey/`+token+`/pay"`) || !strings.Contains(text(page.Body), "Pay 17.85 EUR") {
		t.Errorf("the journey does not ask to pay: %s", text(page.Body))
	}
	page := ann.Get("/journey/" + token + "/pay")
	for _, want := range []string{"2 × Blue mug 330 ml", "10.00", "5.00", "2.85", "17.85 EUR", "Paid so far", "Pay by card"} {
		if !strings.Contains(text(page.Body), want) {
			t.Errorf("the pay page lacks %q: %s", want, text(page.Body))
		}
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https://checkout.stripe.com;") {
		t.Errorf("a browser would stop the way to Stripe: %s", policy)
	}
	stripe.down = true
	if a := ann.Post("/journey/" + token + "/pay"); a.Status != http.StatusServiceUnavailable || !strings.Contains(text(a.Body), "Try again in a minute") || !strings.Contains(a.Body, "Pay by card") {
		t.Errorf("while Stripe is down: %d %s", a.Status, text(a.Body))
	}
	stripe.down = false
	for range 2 {
		if a := ann.Post("/journey/" + token + "/pay"); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.To(), "https://checkout.stripe.com/c/") {
			t.Fatalf("the card's page: %d to %q", a.Status, a.To())
		}
	}
	if len(stripe.asked) != 1 {
		t.Errorf("Stripe was asked %d times for one payment", len(stripe.asked))
	}
	if back := text(ann.Get("/journey/" + token + "/pay?said=paid").Body); !strings.Contains(back, "on its way to us") || strings.Contains(back, "Pay by card") {
		t.Errorf("before the webhook the page says %s", back)
	}
	reference := stripe.asked[0]
	for name, c := range map[string]struct {
		secret string
		at     time.Time
	}{"forged": {"whsec_other", time.Now()}, "old": {hookSecret, time.Now().Add(-6 * time.Minute)}} {
		if status, _ := s.says(t, "evt_1", reference, 1785, c.secret, c.at); status != http.StatusBadRequest {
			t.Errorf("a %s message is answered %d", name, status)
		}
	}
	if n := s.count(t, `select count(*) from payments`) + s.count(t, `select count(*) from card_events`); n != 0 {
		t.Errorf("what is forged left %d rows", n)
	}
	for range 3 {
		if status, words := s.says(t, "evt_1", reference, 1785, hookSecret, time.Now()); status != http.StatusOK {
			t.Errorf("the webhook is answered %d %s", status, words)
		}
	}
	if n := s.count(t, `select count(*) from payments where amount_minor = 1785 and method = 'card'`); n != 1 {
		t.Errorf("%d payments", n)
	}
	if page := text(ann.Get("/journey/" + token + "/pay?said=paid").Body); !strings.Contains(page, "your payment is here") {
		t.Errorf("afterwards the page says %s", page)
	}
	if a := ann.Post("/journey/" + token + "/pay"); a.Status != http.StatusConflict || !strings.Contains(text(a.Body), "Nothing is left to pay") {
		t.Errorf("paying again: %d", a.Status)
	}
}

func TestWithoutCardsTheTransferIsExplained(t *testing.T) {
	s := openShop(t)
	if a := s.clerk.Post("/setup/business", "company", "Tote Ltd", "currency", "EUR", "base_url", s.URL, "mail_from", "orders@tote.example", "tax_permille", "190",
		"shipping_base", "400", "shipping_per_kg", "100", "promise_days", "3", "feedback_days", "5", "feedback_fallback_days", "14", "return_days", "30",
		"bank_details", "DE02 1203 0000", "legal_lines", "Tote Ltd\nWeg 1", "tax_number", "DE123"); a.Status != http.StatusSeeOther {
		t.Fatalf("the settings: %d %s", a.Status, text(a.Body))
	}
	path := s.place(t)
	token := s.journey(t, path)
	page := s.Visitor(t).Get("/journey/" + token + "/pay")
	if said := text(page.Body); strings.Contains(said, "Pay by card") || !strings.Contains(said, "DE02 1203 0000") || !strings.Contains(said, strings.TrimPrefix(path, "/orders/")) {
		t.Errorf("the page says %s", said)
	}
	if a := s.Visitor(t).Post("/journey/" + token + "/pay"); a.Status != http.StatusConflict || !strings.Contains(text(a.Body), "by bank transfer") {
		t.Errorf("a card where none is taken: %d", a.Status)
	}
	if status, _ := s.says(t, "evt_1", "x", 1, hookSecret, time.Now()); status != http.StatusNotFound {
		t.Errorf("the webhook is answered %d", status)
	}
	for _, bad := range []string{"/journey/x/pay", "/pay/x", "/pay/" + token, "/pay/%00", "/journey/" + strings.Repeat("A", 26) + "/pay"} {
		if a := s.Visitor(t).Get(bad); a.Status != http.StatusNotFound {
			t.Errorf("%s is answered %d", bad, a.Status)
		}
	}
}

var payLink = regexp.MustCompile(`/pay/[A-Z2-7]{20,}`)

func TestTheOfficeMakesALinkToPayTogether(t *testing.T) {
	s, stripe := openTill(t)
	a, b := strings.TrimPrefix(s.place(t), "/orders/"), strings.TrimPrefix(s.place(t), "/orders/")
	key := uuid.NewString()
	if none := s.clerk.Post("/payments/link", "key", key, "first", a); none.Status != http.StatusUnprocessableEntity || !strings.Contains(text(none.Body), "at least one order") {
		t.Errorf("without a tick: %d %s", none.Status, text(none.Body))
	}
	made := s.clerk.Post("/payments/link", "key", key, "pay."+a, "on", "pay."+b, "on")
	if made.Status != http.StatusSeeOther || !strings.HasPrefix(made.To(), "/payments/links/") {
		t.Fatalf("the link: %d %s", made.Status, text(made.Body))
	}
	link := payLink.FindString(s.clerk.Get(made.To()).Body)
	page := s.Visitor(t).Get(link)
	if said := text(page.Body); page.Status != http.StatusOK || !strings.Contains(said, "35.70 EUR") || !strings.Contains(said, "Order "+a) || !strings.Contains(said, "Order "+b) {
		t.Errorf("the customer sees %d %s", page.Status, said)
	}
	if to := s.Visitor(t).Post(link); to.Status != http.StatusSeeOther || len(stripe.asked) != 1 {
		t.Fatalf("paying: %d %s", to.Status, text(to.Body))
	}
	s.says(t, "evt_1", stripe.asked[0], 3570, hookSecret, time.Now())
	if n := s.count(t, `select count(*) from orders where released_at is not null`); n != 2 {
		t.Errorf("%d orders are released, want both", n)
	}
	if picker := s.As(t, s.Member(t, "Pia", staff.Picker)).Get(made.To()); picker.Status != http.StatusForbidden {
		t.Errorf("a picker sees the link: %d", picker.Status)
	}
}

func TestWhatIsOddAboutACardPaymentIsSeenAndTakenOff(t *testing.T) {
	s, stripe := openTill(t)
	path := s.place(t)
	s.Visitor(t).Post("/journey/" + s.journey(t, path) + "/pay")
	s.says(t, "evt_odd", stripe.asked[0], 2000, hookSecret, time.Now())
	page := s.clerk.Get("/debts")
	if said := text(page.Body); !strings.Contains(said, "20.00 EUR came where only 17.85 EUR were open") || !strings.Contains(page.Body, "/payments/cards/evt_odd/seen") {
		t.Errorf("the page says %s", said)
	}
	for range 2 {
		if a := s.clerk.Post("/payments/cards/evt_odd/seen"); a.Status != http.StatusSeeOther {
			t.Errorf("seen: %d", a.Status)
		}
	}
	if said := text(s.clerk.Get("/debts").Body); strings.Contains(said, "20.00 EUR came") {
		t.Errorf("it is still there: %s", said)
	}
	if a := s.clerk.Post("/payments/cards/evt_none/seen"); a.Status != http.StatusNotFound {
		t.Errorf("one that is not there: %d", a.Status)
	}
	order := s.clerk.Get(path)
	if !strings.Contains(order.Body, path+"/refund/card") {
		t.Error("the order's page has no way back to the card")
	}
	key := uuid.NewString()
	if a := s.clerk.Post(path+"/refund/card", "key", key, "amount", "2.16"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `value="2.16"`) || !strings.Contains(text(a.Body), "up to 2.15 EUR") {
		t.Errorf("too much: %d", a.Status)
	}
	for range 2 {
		if a := s.clerk.Post(path+"/refund/card", "key", key, "amount", "2.15"); a.Status != http.StatusSeeOther {
			t.Errorf("back to the card: %d %s", a.Status, text(a.Body))
		}
	}
	if n := s.count(t, `select count(*) from refunds where amount_minor = 215 and state = 'asked'`); n != 1 {
		t.Errorf("%d refunds", n)
	}
	if said := text(s.clerk.Get(path).Body); !strings.Contains(said, "2.15 EUR is on its way back to the card") {
		t.Errorf("the order's page says %s", said)
	}
}

func TestInvoicesAreShownAndDownloaded(t *testing.T) {
	s := openShop(t)
	path, other := s.place(t), s.place(t)
	ref := strings.TrimPrefix(path, "/orders/")
	token := s.ship(t, path, true)
	s.write(t, func(tx *sql.Tx) error { return orders.IssueInvoices(t.Context(), tx, ref, time.Now()) })
	key := uuid.NewString()
	if a := s.clerk.Post(path+"/credit", "key", key, "amount", "99", "why", "broken"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `value="broken"`) {
		t.Errorf("too much of a credit: %d", a.Status)
	}
	for range 2 {
		if a := s.clerk.Post(path+"/credit", "key", key, "amount", "5.95", "why", "One mug was broken"); a.Status != http.StatusSeeOther {
			t.Errorf("a credit: %d %s", a.Status, text(a.Body))
		}
	}
	customer := regexp.MustCompile(`/customers/\d+`).FindString(s.clerk.Get(path).Body)
	for _, page := range []string{path, customer, "/journey/" + token} {
		if said := text(s.clerk.Get(page).Body); !strings.Contains(said, "INV-1001") || !strings.Contains(said, "CN-1001") {
			t.Errorf("%s does not show the papers: %s", page, said)
		}
	}
	for _, paper := range []string{"/invoices/INV-1001/paper.pdf", "/invoices/CN-1001/paper.pdf", "/journey/" + token + "/invoices/INV-1001/paper.pdf"} {
		a := s.clerk.Get(paper)
		if a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF-") || a.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s: %d %s", paper, a.Status, a.Header.Get("Content-Type"))
		}
	}
	stranger := s.Visitor(t)
	for paper, want := range map[string]int{
		"/journey/" + s.journey(t, other) + "/invoices/INV-1001/paper.pdf": http.StatusNotFound,
		"/journey/" + token + "/invoices/INV-1/paper.pdf":                  http.StatusNotFound,
		"/journey/" + token + "/invoices/x/paper.pdf":                      http.StatusNotFound,
		"/invoices/INV-1001/paper.pdf":                                     http.StatusSeeOther,
	} {
		if a := stranger.Get(paper); a.Status != want {
			t.Errorf("%s: %d, want %d", paper, a.Status, want)
		}
	}
}

func TestDebtsAreOnTheirPageAndTheCustomers(t *testing.T) {
	s := openShop(t)
	made := s.clerk.Post("/customers", "code", "ACME", "name", "Acme Ltd", "email", "acme@example.com", "on_terms", "on", "credit_limit", "100", "terms_days", "10")
	if made.Status != http.StatusSeeOther {
		t.Fatalf("the customer: %d %s", made.Status, text(made.Body))
	}
	if page := s.clerk.Get(made.To()); !strings.Contains(page.Body, `name="terms_days"`) || !strings.Contains(page.Body, `value="10"`) {
		t.Error("the customer's days are not on the page")
	}
	if a := s.clerk.Post(made.To(), "name", "Acme Ltd", "email", "acme@example.com", "on_terms", "on", "credit_limit", "100", "terms_days", "366"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(text(a.Body), "from 0 to 365") {
		t.Errorf("366 days: %d", a.Status)
	}
	path := s.place(t, "customer", "ACME", "name", "", "email", "")
	ref := strings.TrimPrefix(path, "/orders/")
	if _, err := s.DB.Exec(`update shipments set state = 'dispatched', tracking_number = 'TT1', booked_at = now(), numbered_at = now(), dispatched_at = now(), expected_on = current_date`); err != nil {
		t.Fatal(err)
	}
	s.write(t, func(tx *sql.Tx) error {
		return orders.IssueInvoices(t.Context(), tx, ref, time.Now().AddDate(0, 0, -13))
	})
	if said := text(s.clerk.Get("/debts").Body); !strings.Contains(said, ref) || !strings.Contains(said, "INV-1001") || !strings.Contains(said, "3 days late") {
		t.Errorf("the debts: %s", said)
	}
	if said := text(s.clerk.Get(made.To()).Body); !strings.Contains(said, "17.85 EUR is overdue, the oldest since 3 days") {
		t.Errorf("the customer: %s", said)
	}
	file := s.clerk.Get("/debts.csv")
	if !strings.HasPrefix(file.Body, "order,code,customer") || !strings.Contains(file.Body, "3,17.85,EUR") {
		t.Errorf("the file: %s", file.Body)
	}
}

// TestMoneyInABrowser looks at the pages at both sizes.
func TestMoneyInABrowser(t *testing.T) {
	s, stripe := openTill(t)
	if _, err := s.DB.Exec(`update settings set bank_details = E'Tote Ltd\nIBAN DE02 1203 0000 0000 2020 51', how_to_pay = 'It takes a day or two until we see a transfer.'`); err != nil {
		t.Fatal(err)
	}
	path, second := s.place(t, "lines.1.sku", "HAT-RED", "lines.1.quantity", "3"), s.place(t)
	token := s.journey(t, path)
	s.Visitor(t).Post("/journey/" + s.journey(t, second) + "/pay")
	s.says(t, "evt_odd", stripe.asked[0], 2000, hookSecret, time.Now())
	third := s.place(t)
	made := s.clerk.Post("/payments/link", "key", uuid.NewString(), "pay."+strings.TrimPrefix(path, "/orders/"), "on", "pay."+strings.TrimPrefix(third, "/orders/"), "on")
	link := payLink.FindString(s.clerk.Get(made.To()).Body)
	shipped := s.place(t)
	left := s.ship(t, shipped, true)
	s.clerk.Post(shipped+"/credit", "key", uuid.NewString(), "amount", "5.95", "why", "One mug was broken")
	b := s.Browser(t)
	b.Size(360, 640)
	b.Go("/journey/" + token + "/pay")
	looks(t, b, "money-pay")
	b.Go("/journey/" + token)
	looks(t, b, "money-journey")
	b.Go(link)
	looks(t, b, "money-pay-together")
	b.Go("/journey/" + left)
	looks(t, b, "money-journey-invoices")
	b.SignIn(s.Member(t, "Milo Brandt", staff.Admin), "")
	for name, at := range map[string]string{"debts": "/debts", "link": made.To(), "order-overpaid": second, "order-credited": shipped, "business": "/setup/business",
		"payment": "/payments/new?order=" + strings.TrimPrefix(path, "/orders/"), "customer": regexp.MustCompile(`/customers/\d+`).FindString(s.clerk.Get(shipped).Body)} {
		b.Go(at)
		looks(t, b, "money-"+name)
	}
}
