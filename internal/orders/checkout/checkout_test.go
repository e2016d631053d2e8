package checkout_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/orders/checkout"
)

const secret = "whsec_test"

func eur(minor int64) orders.Money { return orders.Money{Minor: minor, Currency: "EUR"} }

func payment() orders.CardPayment {
	return orders.CardPayment{ID: 7, Token: "TOKENTOKENTOKENTOKEN", Email: "ann@example.com", Amount: eur(3570), Expires: time.Now().Add(2 * time.Hour),
		Back: "https://tote.example.com/pay/x", Shares: []orders.CardShare{{Number: 1001, Amount: eur(1785)}, {Number: 1002, Amount: eur(1785)}}}
}

// between stands between us and the stand-in and keeps what was asked.
func between(t *testing.T, to string) (address string, asked func() []url.Values, keys func() []string) {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	var forms []url.Values
	var names []string
	pass := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		form, _ := url.ParseQuery(string(body))
		if r.Method == http.MethodPost {
			forms, names = append(forms, form), append(names, r.Header.Get("Idempotency-Key"))
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []url.Values { return forms }, func() []string { return names }
}

func TestStripeIsAskedForAPage(t *testing.T) {
	address, asked, keys := between(t, mock(t))
	s := checkout.Open("sk_test_123", secret, address)
	for range 2 {
		page, err := s.Ask(context.Background(), payment())
		if err != nil {
			t.Fatal(err)
		}
		if page.ID == "" || !strings.HasPrefix(page.URL, "https://") {
			t.Errorf("the page is %+v", page)
		}
	}
	form := asked()[0]
	for name, want := range map[string]string{
		"mode": "payment", "client_reference_id": "TOKENTOKENTOKENTOKEN", "customer_email": "ann@example.com",
		"line_items[0][price_data][unit_amount]": "1785", "line_items[0][price_data][currency]": "eur", "line_items[1][price_data][product_data][name]": "Order O-1002",
		"success_url": "https://tote.example.com/pay/x?said=paid", "cancel_url": "https://tote.example.com/pay/x",
	} {
		if got := form.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if k := keys(); len(k) != 2 || k[0] != "checkout-TOKENTOKENTOKENTOKEN" || k[0] != k[1] {
		t.Errorf("asked under the keys %v, want one key twice", k)
	}
}

func TestStripeGivesMoneyBack(t *testing.T) {
	address, asked, keys := between(t, mock(t))
	s := checkout.Open("sk_test_123", secret, address)
	id, err := s.GiveBack(context.Background(), orders.RefundCall{ID: 3, Intent: "pi_123", Amount: eur(500), Asked: true})
	if err != nil || id == "" {
		t.Fatalf("refund %q: %v", id, err)
	}
	form := asked()[0]
	if form.Get("payment_intent") != "pi_123" || form.Get("amount") != "500" || form.Get("metadata[tote_refund]") != "3" || keys()[0] != "refund-3-pi_123" {
		t.Errorf("asked %v under %v", form, keys())
	}
}

// A refund whose answer was lost is found there, however long ago that was, and is not made again.
func TestARefundThatWasMadeIsFound(t *testing.T) {
	posts := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			posts++
		}
		io.WriteString(w, `{"object":"list","has_more":false,"data":[{"id":"re_other","object":"refund","metadata":{}},{"id":"re_ours","object":"refund","metadata":{"tote_refund":"3"}}]}`)
	}))
	defer server.Close()
	id, err := checkout.Open("sk_test_123", secret, server.URL).GiveBack(context.Background(), orders.RefundCall{ID: 3, Intent: "pi_123", Amount: eur(500)})
	if err != nil || id != "re_ours" || posts != 0 {
		t.Errorf("refund %q after %d requests: %v", id, posts, err)
	}
}

func TestStripesRefusalsAreToldFromItsTroubles(t *testing.T) {
	for status, want := range map[int]fault.Kind{400: fault.Conflict, 402: fault.Conflict, 401: fault.Unavailable, 429: fault.Unavailable, 500: fault.Unavailable} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			kind := "invalid_request_error"
			if status == 500 {
				kind = "api_error"
			}
			w.WriteHeader(status)
			io.WriteString(w, `{"error":{"type":"`+kind+`","message":"It cannot be."}}`)
		}))
		_, err := checkout.Open("sk_test_123", secret, server.URL).Ask(context.Background(), payment())
		if fault.KindOf(err) != want {
			t.Errorf("%d is %v (%v), want %v", status, fault.KindOf(err), err, want)
		}
		server.Close()
	}
	_, err := checkout.Open("sk_test_123", secret, "http://127.0.0.1:1").Ask(context.Background(), payment())
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("nobody there: %v", err)
	}
}

func signed(body string, with string, at time.Time) (payload []byte, signature string) {
	s := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: with, Timestamp: at})
	return s.Payload, s.Header
}

const completed = `{"id":"evt_1","object":"event","api_version":"2019-02-11","created":1763640000,"type":"checkout.session.completed","data":{"object":{
	"id":"cs_1","object":"checkout.session","client_reference_id":"TOKEN","amount_total":1785,"currency":"eur","payment_intent":"pi_1","payment_status":"paid"}}}`

func TestOnlyStripesSignatureCounts(t *testing.T) {
	s := checkout.Open("sk_test_123", secret, "")
	body, good := signed(completed, secret, time.Now())
	if _, err := s.Event(body, good); err != nil {
		t.Fatal(err)
	}
	_, forged := signed(completed, "whsec_other", time.Now())
	_, old := signed(completed, secret, time.Now().Add(-6*time.Minute))
	for name, c := range map[string]struct{ body, signature string }{
		"forged": {completed, forged}, "old": {completed, old}, "none": {completed, ""}, "nonsense": {completed, "t=1,v1=00"},
		"changed": {strings.Replace(completed, "1785", "1", 1), good}, "empty": {"", good},
	} {
		if _, err := s.Event([]byte(c.body), c.signature); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
	body, empty := signed(`{"object":"event"}`, secret, time.Now())
	if _, err := s.Event(body, empty); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an event without anything: %v", err)
	}
}

func TestStripesEventsAreRead(t *testing.T) {
	s := checkout.Open("sk_test_123", secret, "")
	for _, c := range []struct{ kind, object, want string }{
		{"checkout.session.completed", `{"id":"cs_1","client_reference_id":"T","amount_total":5,"currency":"jpy","payment_intent":{"id":"pi_1"},"payment_status":"paid"}`, "paid T cs_1 pi_1 5 JPY"},
		{"checkout.session.completed", `{"id":"cs_1","client_reference_id":"T","amount_total":5,"currency":"eur","payment_intent":"pi_1","payment_status":"unpaid"}`, "other T cs_1 pi_1 0.05 EUR"},
		{"checkout.session.async_payment_succeeded", `{"id":"cs_1","client_reference_id":"T","amount_total":5,"currency":"eur","payment_intent":"pi_1","payment_status":"paid"}`, "paid T cs_1 pi_1 0.05 EUR"},
		{"checkout.session.async_payment_failed", `{"id":"cs_1","client_reference_id":"T","amount_total":500,"currency":"isk","payment_intent":null}`, "failed T cs_1  5 ISK"},
		{"checkout.session.expired", `{"id":"cs_1","client_reference_id":"T","amount_total":5,"currency":"eur"}`, "expired T cs_1  0.05 EUR"},
		{"refund.updated", `{"id":"re_1","amount":5,"currency":"eur","status":"succeeded","payment_intent":"pi_1","metadata":{"tote_refund":"4"}}`, "refunded   pi_1 0.05 EUR re_1 4"},
		{"refund.failed", `{"id":"re_1","amount":5,"currency":"eur","status":"failed","payment_intent":"pi_1","failure_reason":"lost_or_stolen_card"}`, "refund failed   pi_1 0.05 EUR re_1 0 lost_or_stolen_card"},
		{"charge.dispute.created", `{"id":"dp_1","amount":5,"currency":"eur","reason":"fraudulent","payment_intent":"pi_1"}`, "disputed   pi_1 0.05 EUR  0 fraudulent"},
		{"customer.created", `{"id":"cus_1"}`, "other"},
	} {
		body, signature := signed(`{"id":"evt_1","object":"event","type":"`+c.kind+`","created":1,"data":{"object":`+c.object+`}}`, secret, time.Now())
		e, err := s.Event(body, signature)
		if err != nil {
			t.Errorf("%s: %v", c.kind, err)
			continue
		}
		got := strings.Join([]string{string(e.Fact), e.Reference, e.Session, e.Intent, e.Amount.String()}, " ")
		if e.Refund != "" || e.Because != "" {
			got += " " + strings.Join([]string{e.Refund, orders.Money{Minor: e.OurRefund, Currency: "JPY"}.Amount(), e.Because}, " ")
		}
		if strings.TrimSpace(got) != c.want && !strings.HasPrefix(got, c.want) {
			t.Errorf("%s is read as %q, want %q", c.kind, got, c.want)
		}
	}
}

// FuzzEvents: whatever bears the signature is read or refused.
func FuzzEvents(f *testing.F) {
	f.Add(completed)
	f.Add(`{"id":"evt","object":"event","type":"refund.updated","data":{"object":{"metadata":{"tote_refund":"99999999999999999999"}}}}`)
	f.Add(`{"id":"evt","object":"event","type":"checkout.session.completed","data":{"object":{"payment_intent":[1]}}}`)
	s := checkout.Open("sk_test_123", secret, "")
	f.Fuzz(func(t *testing.T, text string) {
		body, signature := signed(text, secret, time.Now())
		if _, err := s.Event(body, signature); err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v", err)
		}
	})
}
