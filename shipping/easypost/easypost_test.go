package easypost

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/shipping"
)

var ctx = context.Background()

// recorded is one exchange with EasyPost's own server.
type recorded struct {
	Method, Path string
	Request      map[string]any
	Status       int
	Response     json.RawMessage
}

func recording(t *testing.T, name string) (all []recorded) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// replay answers as EasyPost did in some recordings, by method and address, and keeps what it was asked last.
func replay(t *testing.T, names ...string) (a *Account, asked *map[string]any) {
	t.Helper()
	asked = &map[string]any{}
	answers := map[string]recorded{}
	for _, name := range names {
		for _, r := range recording(t, name) {
			answers[r.Method+" "+r.Path] = r
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if key, _, ok := r.BasicAuth(); !ok || key != "EZTK" {
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"error":{"code":"APIKEY.INVALID","message":"bad key"}}`)
			return
		}
		said, ok := answers[r.Method+" "+r.URL.RequestURI()]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `{"error":{"code":"NOT_FOUND","message":"no such thing"}}`)
			return
		}
		json.NewDecoder(r.Body).Decode(asked)
		w.WriteHeader(said.Status)
		w.Write(said.Response)
	}))
	t.Cleanup(server.Close)
	return Open("EZTK", "sécret", server.URL), asked
}

// The recorded rates, sale, retrieval and refund of EasyPost's server are read, and it is asked in its own words.
func TestRecordedLabels(t *testing.T) {
	a, asked := replay(t, "ShipmentCreate")
	q, err := a.Rate(ctx, shipping.Consignment{Reference: "123", Grams: 436, Length: 254, Width: 203, High: 101,
		From: shipping.Address{Name: "Jack Sparrow", Street: "388 Townsend St", Street2: "Apt 20", City: "San Francisco", Postcode: "94107", Region: "CA", Country: "US"},
		To:   shipping.Address{Name: "Elizabeth Swan", Street: "179 N Harbor Dr", City: "Redondo Beach", Postcode: "90277", Region: "CA", Country: "US"}})
	if err != nil {
		t.Fatal(err)
	}
	if q.Reference != "123" || !strings.HasPrefix(q.ID, "shp_") || len(q.Rates) != 3 || q.Sold != nil || len(q.Says) != 1 {
		t.Errorf("the quote is %+v", q)
	}
	theirs, ours := recording(t, "ShipmentCreate")[0].Request["shipment"].(map[string]any), (*asked)["shipment"].(map[string]any)
	for _, part := range []string{"reference", "parcel"} {
		if diff := cmp.Diff(theirs[part], ours[part]); diff != "" {
			t.Errorf("%s is asked otherwise (-recorded +ours):\n%s", part, diff)
		}
	}
	for name, value := range ours["to_address"].(map[string]any) {
		if theirs["to_address"].(map[string]any)[name] != value {
			t.Errorf("to_address.%s is %v", name, value)
		}
	}

	a, asked = replay(t, "ShipmentBuy", "ShipmentRefund", "ShipmentRetrieve")
	const id = "shp_fe84a2a4c4894499a19699a54767d08b"
	if q, err = a.Buy(ctx, id, shipping.Rate{ID: "rate_b4d3c245023848fb9deb4d6a09348cb8"}); err != nil {
		t.Fatal(err)
	}
	want := &shipping.Sale{Number: "9400100110368070372185", Rate: shipping.Rate{ID: "rate_b4d3c245023848fb9deb4d6a09348cb8", Carrier: "USPS", Service: "GroundAdvantage", Minor: 593, Currency: "USD", Days: 3}}
	if diff := cmp.Diff(want, q.Sold); diff != "" || q.ID != id {
		t.Errorf("sold (-want +got):\n%s", diff)
	}
	if (*asked)["rate"].(map[string]any)["id"] != "rate_b4d3c245023848fb9deb4d6a09348cb8" {
		t.Errorf("asked for %v", *asked)
	}
	if back, err := a.Void(ctx, "shp_f048e3550ee941279657f42d2ac1d0ee"); err != nil || back != shipping.Submitted {
		t.Errorf("given back: %q, %v", back, err)
	}
	if q, err = a.Find(ctx, "shp_f5ee89ea684c4d3f8637b39c98103c8a"); err != nil || q.Sold != nil || q.Reference != "123" {
		t.Errorf("found %+v, %v", q, err)
	}
	if _, err = a.Find(ctx, "shp_unknown/../buy"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown one: %v", err)
	}
}

// A label is converted to PDF and comes as the bytes that lie there; nothing else is taken for one.
func TestALabelsPaper(t *testing.T) {
	said := recording(t, "ShipmentConvertLabel")[1]
	body, lies := []byte("%PDF-1.7 as drawn"), ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/files/label.pdf" {
			if r.Header.Get("Authorization") != "" {
				t.Error("the key was shown where files lie")
			}
			w.Write(body)
			return
		}
		if r.URL.RequestURI() != "/shipments/shp_1/label?file_format=PDF" {
			t.Errorf("asked %s", r.URL.RequestURI())
		}
		var answer map[string]any
		json.Unmarshal(said.Response, &answer)
		answer["postage_label"].(map[string]any)["label_pdf_url"] = lies
		json.NewEncoder(w).Encode(answer)
	}))
	defer server.Close()
	a := Open("EZTK", "", server.URL)
	lies = server.URL + "/files/label.pdf"
	if paper, err := a.Paper(ctx, "shp_1", shipping.PDF); err != nil || string(paper) != "%PDF-1.7 as drawn" {
		t.Errorf("the paper is %q, %v", paper, err)
	}
	body = []byte("<html>sorry")
	if _, err := a.Paper(ctx, "shp_1", shipping.PDF); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a page was taken for a label: %v", err)
	}
	for _, lies = range []string{"http://169.254.169.254/latest", "file:///etc/passwd", "ftp://x/y", "http://user@" + strings.TrimPrefix(server.URL, "http://") + "/files/label.pdf"} {
		if _, err := a.Paper(ctx, "shp_1", shipping.PDF); fault.KindOf(err) != fault.Unavailable || !strings.Contains(fault.Message(err), "no safe address") {
			t.Errorf("%s was asked: %v", lies, err)
		}
	}
}

// The recorded label was bought as a picture; it is had as that, and as what EasyPost's server converts it to. ZPL that holds
// more than labels is none, and a format that a label is not drawn in is not found.
func TestALabelIsHadAsAPrinterTakesIt(t *testing.T) {
	bought, converted := recording(t, "ShipmentConvertLabel")[0], recording(t, "ShipmentConvertLabel")[1]
	lies, asked := []byte(nil), ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/files/") {
			w.Write(lies)
			return
		}
		asked = r.URL.RequestURI()
		said := bought.Response
		if asked == converted.Path {
			said = converted.Response
		}
		for _, host := range []string{"https://easypost-files.s3.us-west-2.amazonaws.com", "https://easypost-files.s3-us-west-2.amazonaws.com"} {
			said = []byte(strings.ReplaceAll(string(said), host, "http://"+r.Host))
		}
		w.Write(said)
	}))
	defer server.Close()
	a := Open("EZTK", "", server.URL)
	_, id, _ := strings.Cut(strings.TrimSuffix(converted.Path, "/label?file_format=ZPL"), "/shipments/")
	for _, x := range []struct {
		f    shipping.Format
		lies string
		kind fault.Kind
		asks string
	}{
		{shipping.ZPL, "^XA^FO0,0^FDhello^FS^XZ\n", fault.Other, converted.Path},
		{shipping.ZPL, "^XA^FDhello^FS^XZ ~JR", fault.Unavailable, converted.Path},
		{shipping.ZPL, "~JR^XA^XZ", fault.Unavailable, converted.Path},
		{shipping.ZPL, "^XA~JR^XZ", fault.Unavailable, converted.Path},
		{shipping.PNG, "\x89PNG\r\n\x1a\n…", fault.Other, "/shipments/" + id},
		{shipping.PNG, "%PDF-1.7", fault.Unavailable, "/shipments/" + id},
	} {
		lies = []byte(x.lies)
		body, err := a.Paper(ctx, id, x.f)
		if fault.KindOf(err) != x.kind || err == nil && string(body) != x.lies || asked != x.asks {
			t.Errorf("%s %q: %q, %v, asked %s", x.f, x.lies, body, err, asked)
		}
	}
	converted.Response = bought.Response
	if _, err := a.Paper(ctx, id, shipping.ZPL); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a label that is not drawn as ZPL: %v", err)
	}
}

func TestRecordedTrackers(t *testing.T) {
	a, asked := replay(t, "TrackerCreate")
	seen, err := a.Track(ctx, "USPS", "EZ1000000001")
	if err != nil || len(seen) != 2 {
		t.Fatalf("seen %v, %v", seen, err)
	}
	if s := seen[0]; s.Kind != "note" || s.Note != "Pre-Shipment Info Sent to USPS" || !s.At.Equal(time.Date(2024, 6, 26, 19, 34, 37, 0, time.UTC)) || seen[1].Note != "Shipping Label Created, HOUSTON" {
		t.Errorf("seen %+v", seen)
	}
	if diff := cmp.Diff(map[string]any{"tracker": map[string]any{"tracking_code": "EZ1000000001", "carrier": "USPS"}}, *asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if _, err := a.Track(ctx, "USPS", "EZ2000000002"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("an answer about another parcel: %v", err)
	}
}

func signed(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return signature + hex.EncodeToString(mac.Sum(nil))
}

const told = `{"id":"evt_1","description":"tracker.updated","result":{"id":"trk_1","tracking_code":"9400","tracking_details":[
	{"status":"delivered","datetime":"2026-11-23T10:00:00Z","message":"Delivered"},
	{"status":"in_transit","datetime":"2026-11-22T10:00:00Z","message":"Departed\u0000","tracking_location":{"city":"Kiel"}},
	{"status":"failure","status_detail":"address_correction","datetime":"2026-11-22T11:00:00Z","message":"No such street"},
	{"status":"return_to_sender","datetime":"2026-11-22T12:00:00Z","message":"Back"},
	{"status":"in_transit","datetime":"yesterday","message":"nobody knows when"}]}}`

// Only a signature over the very bytes counts; the secret is compared in EasyPost's decomposed writing.
func TestOnlyEasyPostsSignatureCounts(t *testing.T) {
	a := Open("EZTK", "sécret", "")
	good := signed("se\u0301cret", told)
	r, err := a.Event([]byte(told), good)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, s := range r.Sightings {
		kinds = append(kinds, s.Kind+"/"+string(s.Trouble)+"/"+s.Note)
	}
	want := []string{"in transit//Departed , Kiel", "exception/address/No such street", "exception/returned to sender/Back", "delivered//Delivered"}
	if diff := cmp.Diff(want, kinds); diff != "" || r.ID != "evt_1" || r.Number != "9400" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
	for name, c := range map[string]struct{ body, signature string }{
		"forged": {told, signed("other", told)}, "changed": {strings.Replace(told, "9400", "9401", 1), good}, "none": {told, ""}, "no hex": {told, signature + "zz"},
		"without prefix": {told, strings.TrimPrefix(good, signature)}, "half": {told, good[:40]}, "spaced": {told + " ", good}, "empty": {"", signed("se\u0301cret", told)},
		"no id": {`{}`, signed("se\u0301cret", `{}`)}, "no JSON": {`[`, signed("se\u0301cret", `[`)},
	} {
		if _, err := a.Event([]byte(c.body), c.signature); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
	if _, err := Open("EZTK", "", "").Event([]byte(told), signed("", told)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("without a secret anybody is believed: %v", err)
	}
	refund := `{"id":"evt_2","description":"refund.successful","result":{"status":"refunded","shipment_id":"shp_1"}}`
	if r, err := a.Event([]byte(refund), signed("se\u0301cret", refund)); err != nil || r.Refund != shipping.Refunded || r.RefundOf != "shp_1" {
		t.Errorf("a refund is %+v, %v", r, err)
	}
}

// FuzzEvents: whatever bears the signature is read or refused.
func FuzzEvents(f *testing.F) {
	f.Add(told)
	f.Add(`{"id":"e","description":"tracker.created","result":{"tracking_details":[{"datetime":"9999-12-31T23:59:59Z","status":"x"}]}}`)
	a := Open("EZTK", "s", "")
	f.Fuzz(func(t *testing.T, body string) {
		if _, err := a.Event([]byte(body), signed("s", body)); err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v", err)
		}
	})
}

func TestRefusalsAreToldFromTroubles(t *testing.T) {
	for status, want := range map[int]fault.Kind{400: fault.Conflict, 422: fault.Conflict, 404: fault.NotFound, 401: fault.Unavailable, 403: fault.Unavailable, 409: fault.Unavailable, 429: fault.Unavailable, 500: fault.Unavailable, 503: fault.Unavailable} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, `{"error":{"code":"X","message":["It cannot be.","Really."]}}`)
		}))
		if _, err := Open("k", "", server.URL).Find(ctx, "shp_1"); fault.KindOf(err) != want {
			t.Errorf("%d is %v (%v), want %v", status, fault.KindOf(err), err, want)
		}
		server.Close()
	}
	if _, err := Open("k", "", "http://127.0.0.1:1").Find(ctx, "shp_1"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("nobody there: %v", err)
	}
}
