package shipping_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/picking/picktest"
	"tote/shipping"
	"tote/shipping/easypost"
)

// bazaar sells labels as EasyPost does, and misbehaves as it is told.
type bazaar struct {
	*httptest.Server
	sync.Mutex
	parcels   map[string]map[string]any // by id and by reference
	opened    int
	sold      int // labels charged
	refunded  int
	misbehave func(call string, n int) string // "", 500, sold 500, drop, wrong, junk, refuse, hang
	calls     map[string]int
	hung      chan struct{}
	same      string // the number every parcel gets
	prefix    string // of the numbers, where several sell into one database
}

const labelPaper = "%PDF-1.4\nthe carrier's own label\n%%EOF\n"

func newBazaar(t *testing.T, misbehave func(call string, n int) string) *bazaar {
	t.Helper()
	b := &bazaar{parcels: map[string]map[string]any{}, misbehave: misbehave, calls: map[string]int{}, hung: make(chan struct{})}
	b.Server = httptest.NewServer(b)
	t.Cleanup(func() { close(b.hung); b.Server.CloseClientConnections(); b.Server.Close() })
	return b
}

func (b *bazaar) systems() shipping.Systems {
	return shipping.Systems{"easypost": easypost.Open("EZTK", "secret", b.URL)}
}

func (b *bazaar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := callOf(r)
	b.Lock()
	b.calls[call]++
	how := ""
	if b.misbehave != nil {
		how = b.misbehave(call, b.calls[call])
	}
	status, answer := 500, any(map[string]any{"error": map[string]any{"code": "INTERNAL", "message": "Oops"}})
	switch how {
	case "500":
	case "refuse":
		status, answer = 422, map[string]any{"error": map[string]any{"code": "SHIPMENT.INVALID_PARAMS", "message": "Unable to verify the address"}}
	default:
		status, answer = b.do(call, r)
	}
	text, _ := json.Marshal(answer)
	b.Unlock()
	switch how {
	case "drop":
		connection, _, _ := w.(http.Hijacker).Hijack()
		connection.Close()
		return
	case "hang":
		select {
		case <-b.hung:
		case <-r.Context().Done():
		}
		return
	case "sold 500":
		status, text = 500, []byte(`<html>Bad gateway</html>`)
	case "junk":
		status, text = 200, []byte(`{"id": [`)
	case "wrong":
		text = []byte(`{"id":"shp_somebody","reference":"SOMEBODY","tracking_code":"9400","postage_label":{"label_url":"x"},"selected_rate":{"rate":"1.00","carrier":"USPS","service":"Express"}}`)
	case "twice":
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		w.Write(append(text, text...))
		return
	}
	if bytes.HasPrefix(text, []byte(`"%PDF`)) {
		text = []byte(labelPaper)
	}
	w.WriteHeader(status)
	w.Write(text)
}

func callOf(r *http.Request) string {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case parts[0] == "files":
		return "file"
	case len(parts) == 3:
		return parts[2] // buy, refund, label
	case r.Method == http.MethodPost:
		return "open"
	}
	return "find"
}

// do is what EasyPost does when it behaves.
func (b *bazaar) do(call string, r *http.Request) (int, any) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch call {
	case "file":
		return 200, labelPaper
	case "open":
		var ask struct{ Shipment map[string]any }
		json.NewDecoder(r.Body).Decode(&ask)
		b.opened++
		id := fmt.Sprintf("shp_%s%d", b.prefix, b.opened)
		p := map[string]any{"id": id, "reference": ask.Shipment["reference"], "to": ask.Shipment["to_address"], "rates": []any{
			map[string]any{"id": "rate_1", "carrier": "USPS", "service": "Express", "rate": "33.10", "currency": "USD", "delivery_days": 2},
			map[string]any{"id": "rate_2", "carrier": "USPS", "service": "GroundAdvantage", "rate": "5.93", "currency": "USD", "delivery_days": 3}}}
		b.parcels[id], b.parcels[fmt.Sprint(p["reference"])] = p, p
		return 201, p
	}
	p := b.parcels[parts[1]]
	switch {
	case p == nil:
		return 404, map[string]any{"error": map[string]any{"code": "NOT_FOUND", "message": "The requested resource could not be found."}}
	case call == "buy" && p["postage_label"] != nil:
		return 422, map[string]any{"error": map[string]any{"code": "SHIPMENT.POSTAGE.EXISTS", "message": "Postage already exists for this shipment."}}
	case call == "buy":
		b.sold++
		p["tracking_code"] = fmt.Sprintf("9400%s1000%d", b.prefix, b.sold)
		if b.same != "" {
			p["tracking_code"] = b.same
		}
		p["selected_rate"], p["postage_label"] = p["rates"].([]any)[1], map[string]any{"label_url": b.URL + "/files/1.pdf", "label_pdf_url": nil}
	case call == "refund" && p["refund_status"] != nil:
		return 422, map[string]any{"error": map[string]any{"code": "SHIPMENT.REFUND.UNAVAILABLE", "message": "Refund request unavailable."}}
	case call == "refund":
		b.refunded++
		p["refund_status"] = "submitted"
	}
	return 200, p
}

// soldFloor is a floor, committed, with parcels whose labels USPS is to sell.
func soldFloor(t *testing.T, parcels int) (*sql.DB, *floor, []carton) {
	t.Helper()
	var all []carton
	db, f := committed(t, func(f *floor) {
		f.must(shipping.AddCarrier(ctx, f.Tx, shipping.Carrier{Code: "usps", Name: "USPS", Adapter: "easypost", Theirs: "USPS", Services: []string{"GroundAdvantage"}, TransitDays: 3, Active: true}))
		for n := range parcels {
			ref := fmt.Sprintf("O-%d", 1001+n)
			f.picked(ref, "usps", picktest.Of(1, f.mug))
			f.exec(`update shipments set service = 'GroundAdvantage'`)
			all = append(all, f.pack(ref, 1))
		}
	})
	return db, f, all
}

func (b *bazaar) settle(db *sql.DB, c carton) error {
	return shipping.SettleLabel(ctx, db, b.systems(), c.id)
}

func labelSays(t *testing.T, db *sql.DB, c carton) (says string) {
	t.Helper()
	if err := db.QueryRow(`
		select concat_ws(' ', l.state, l.tracking_number, l.cost_minor, l.currency, nullif(l.refund, ''), case when l.paper is not null then 'paper' end,
		    case when s.numbered_at is not null then 'may leave' end)
		from carrier_labels l join shipment_cartons sc on sc.carton_id = l.carton_id join shipments s on s.id = sc.shipment_id where l.carton_id = $1`, c.id).Scan(&says); err != nil {
		t.Fatal(err)
	}
	return says
}

const bought = "bought 9400x10001 593 USD paper may leave"

// A label is bought once whatever the carrier does: it sells and never answers, answers twice, about another parcel, in
// pieces, with 500 before and after the sale.
func TestALabelIsBoughtOnceWhateverTheCarrierDoes(t *testing.T) {
	once := func(call, how string) func(string, int) string {
		return func(c string, n int) string {
			if c == call && n == 1 {
				return how
			}
			return ""
		}
	}
	cases := map[string]func(string, int) string{
		"behaves":                        nil,
		"opens and never answers":        once("open", "drop"),
		"opens and answers with 500":     once("open", "sold 500"),
		"is down at first":               once("open", "500"),
		"sells and never answers":        once("buy", "drop"),
		"sells and answers with 500":     once("buy", "sold 500"),
		"does not sell, with 500":        once("buy", "500"),
		"answers about another parcel":   once("buy", "wrong"),
		"opens somebody else’s parcel":   once("open", "wrong"),
		"answers twice":                  once("buy", "twice"),
		"answers with half a text":       once("buy", "junk"),
		"sells, and has no paper":        once("label", "500"),
		"sells, and the paper is lost":   once("file", "500"),
		"sells, and the paper is no PDF": once("file", "junk"),
		"every first answer is lost": func(_ string, n int) string {
			if n == 1 {
				return "drop"
			}
			return ""
		},
	}
	db, _, cartons := soldFloor(t, len(cases))
	n := 0
	for name, misbehave := range cases {
		c := cartons[n]
		n++
		t.Run(name, func(t *testing.T) {
			b := newBazaar(t, misbehave)
			b.prefix = c.number
			for try := 0; b.settle(db, c) != nil; try++ {
				if try > 8 {
					t.Fatalf("never settled: %s", labelSays(t, db, c))
				}
			}
			if err := b.settle(db, c); err != nil {
				t.Error(err)
			}
			if got := labelSays(t, db, c); got != strings.Replace(bought, "x", c.number, 1) || b.sold != 1 {
				t.Errorf("the label is %q, %d were sold; want %q and one", got, b.sold, bought)
			}
		})
	}
	lawful(t, db)
}

// The process dies between the sale and the record, and between the opening and its record: the next one finds both.
func TestACrashBetweenCallAndRecord(t *testing.T) {
	db, _, all := soldFloor(t, 1)
	c := all[0]
	b := newBazaar(t, nil)
	for _, call := range []string{"open", "buy"} {
		dying, die := context.WithCancel(context.Background())
		b.misbehave = func(said string, _ int) string {
			if said == call {
				die()
				return "hang"
			}
			return ""
		}
		if err := shipping.SettleLabel(dying, db, b.systems(), c.id); err == nil {
			t.Fatal("it did not die")
		}
		// A killed process releases nothing: its claim runs out.
		if _, err := db.Exec(`update carrier_labels set claimed_until = clock_timestamp() + interval '1 hour'`); err != nil {
			t.Fatal(err)
		}
		b.misbehave = nil
		if err := b.settle(db, c); err == nil {
			t.Error("a label that another process is asking for was taken from it")
		}
		if _, err := db.Exec(`update carrier_labels set claimed_until = clock_timestamp() - interval '1 second'`); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.settle(db, c); err != nil {
		t.Fatal(err)
	}
	if got := labelSays(t, db, c); got != strings.Replace(bought, "x", "", 1) || b.sold != 1 || b.opened != 1 {
		t.Errorf("the label is %q, %d were opened, %d sold", got, b.opened, b.sold)
	}
}

// Two replicas, and a double delivery on each: one asks, the others are told to come again, one label is sold.
func TestTwoReplicasBuyOneLabel(t *testing.T) {
	db, _, all := soldFloor(t, 1)
	c := all[0]
	b := newBazaar(t, nil)
	var replicas sync.WaitGroup
	for range 4 {
		replicas.Go(func() {
			for range 40 {
				if shipping.SettleLabel(context.Background(), db, b.systems(), c.id) == nil {
					return
				}
			}
		})
	}
	replicas.Wait()
	for b.settle(db, c) != nil {
	}
	if got := labelSays(t, db, c); b.sold != 1 || b.opened != 1 || got != strings.Replace(bought, "x", "", 1) {
		t.Errorf("%d labels were sold of %d consignments: %s", b.sold, b.opened, got)
	}
}

// What the carrier refuses is said with its words, asks nobody again, and is asked once more when somebody mended it.
func TestARefusedLabelIsMendedAndAskedForAgain(t *testing.T) {
	db, f, all := soldFloor(t, 1)
	c := all[0]
	refuses := true
	b := newBazaar(t, func(call string, _ int) string {
		if call == "buy" && refuses {
			return "refuse"
		}
		return ""
	})
	for range 2 {
		if err := b.settle(db, c); err != nil {
			t.Fatal(err)
		}
	}
	labels, err := shipping.Labels(ctx, db, c.shipment)
	f.must(err)
	if len(labels) != 1 || labels[0].State != "refused" || !strings.Contains(labels[0].Says(), "Unable to verify the address") || b.calls["buy"] != 1 {
		t.Fatalf("the label is %+v after %d calls", labels, b.calls["buy"])
	}
	refuses = false
	f.must(pg.InTx(ctx, db, func(tx *sql.Tx) error { return shipping.WantLabelAgain(ctx, tx, c.shipment) }))
	f.must(b.settle(db, c))
	if got := labelSays(t, db, c); got != strings.Replace(bought, "x", "", 1) || b.opened != 2 {
		t.Errorf("mended, the label is %q, %d consignments", got, b.opened)
	}
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { return shipping.WantLabelAgain(ctx, tx, c.shipment) }); !isKind(err, fault.Conflict) {
		t.Errorf("a bought label was asked for again: %v", err)
	}
}

// An unpacked carton's label is given back: never bought, bought, with a lost answer, refused.
func TestAnUnpackedCartonsLabelIsGivenBack(t *testing.T) {
	unpack := func(db *sql.DB, f *floor, c carton) {
		t.Helper()
		f.must(pg.InTx(ctx, db, func(tx *sql.Tx) error { return shipping.Unbook(ctx, tx, c.id, noon) }))
	}
	cases := map[string]struct {
		buy       bool
		misbehave func(call string, n int) string
		want      string
		refunded  int
	}{
		"before anybody asked": {false, nil, "cancelled", 0},
		"bought":               {true, nil, "voided 940010001 593 USD submitted paper", 1},
		"with a lost answer":   {true, func(call string, n int) string { return map[bool]string{true: "drop"}[call == "refund" && n == 1] }, "voided 940010001 593 USD submitted paper", 1},
		"the carrier keeps it": {true, func(call string, _ int) string { return map[bool]string{true: "refuse"}[call == "refund"] }, "kept 940010001 593 USD rejected paper", 0},
		"sold and never told":  {true, func(call string, n int) string { return map[bool]string{true: "drop"}[call == "buy"] }, "voided 940010001 593 USD submitted", 1},
	}
	db, f, cartons := soldFloor(t, len(cases))
	n := 0
	for name, x := range cases {
		c := cartons[n]
		n++
		t.Run(name, func(t *testing.T) {
			b := newBazaar(t, x.misbehave)
			b.prefix = c.number
			if x.buy {
				b.settle(db, c)
			}
			unpack(db, f, c)
			for range 4 {
				if b.settle(db, c) == nil {
					break
				}
			}
			f.must(b.settle(db, c))
			if got := labelSays(t, db, c); got != strings.Replace(x.want, "9400", "9400"+c.number, 1) || b.refunded != x.refunded {
				t.Errorf("the label is %q, %d given back; want %q and %d", got, b.refunded, x.want, x.refunded)
			}
		})
	}
}

// One number for two parcels: the second is not believed, and cannot leave.
func TestACarrierThatGivesANumberTwice(t *testing.T) {
	db, f, all := soldFloor(t, 2)
	c, second := all[0], all[1]
	b := newBazaar(t, nil)
	b.same = "9400SAME"
	f.must(b.settle(db, c))
	f.must(b.settle(db, second))
	labels, err := shipping.Labels(ctx, db, second.shipment)
	f.must(err)
	if labels[0].State != "refused" || !strings.Contains(labels[0].Error, "which "+c.number+" has already") {
		t.Errorf("the second label is %+v", labels[0])
	}
	f.must(pg.InTx(ctx, db, func(tx *sql.Tx) error { return shipping.Unbook(ctx, tx, second.id, noon) }))
	f.must(b.settle(db, second))
	if b.refunded != 1 {
		t.Error("the label with another's number was not given back")
	}
}

// Without the account's key the label waits, and the page says for what.
func TestALabelWaitsForTheKey(t *testing.T) {
	db, _, all := soldFloor(t, 1)
	c := all[0]
	if err := shipping.SettleLabel(ctx, db, nil, c.id); !isKind(err, fault.Unavailable) {
		t.Errorf("without a key: %v", err)
	}
	labels, err := shipping.Labels(ctx, db, c.shipment)
	if err != nil || !strings.Contains(labels[0].Says(), "TOTE_EASYPOST_KEY") {
		t.Errorf("the page says %q, %v", labels[0].Says(), err)
	}
}
