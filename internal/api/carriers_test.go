package api_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/print"
	"tote/internal/staff"
)

// picked brings an order of one mug to a tote.
func (s *shop) picked() (order string) {
	s.t.Helper()
	order = s.place(1)
	s.ok("POST", "/payments", object{"orders": []string{order}, "amount": s.order(order)["open"], "method": "card", "reference": "tx-" + order}, nil)
	var work struct{ List string }
	s.ok("POST", "/pick-lists/next", nil, &work)
	pick := "/pick-lists/" + work.List + "/scans"
	step := s.scans(pick, "", "T-1")
	for range 5 {
		if step["finished"] == true {
			return order
		}
		step = s.scans(pick, "", "B-"+step["target"].(string), "4006381333931")
	}
	s.t.Fatalf("picked: %v", step)
	return ""
}

// A program follows a parcel from the photo of its open carton over its papers, its pallet and its truck to the doorstep, works
// an exception off, and keeps the rates; each refusal is a problem, and who may not is told so.
func TestAParcelOnItsWayOverTheWire(t *testing.T) {
	s := openShop(t, 10)
	order := s.picked()
	s.scans("/packing/scans", "K-1", "T-1")
	s.scans("/packing/"+order+"/scans", "K-1", "4006381333931")

	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	photo := func(carton, key string, data []byte) answer {
		t.Helper()
		return s.raw("POST", "/api/v1/cartons/"+carton+"/photos", bytes.NewReader(data), "Content-Type", "application/octet-stream", "Idempotency-Key", key)
	}
	var shot struct{ Photos []string }
	if a := photo("C-1", "p-1", picture.Bytes()); a.Status != http.StatusCreated {
		t.Fatalf("the photo: %d %s", a.Status, a.Body)
	} else if a.read(&shot); len(shot.Photos) != 1 {
		t.Errorf("the photos: %+v", shot)
	}
	if a := photo("C-1", "p-1", picture.Bytes()); a.Status != http.StatusCreated || a.Header.Get("Idempotency-Replayed") == "" {
		t.Errorf("the same photo again: %d", a.Status)
	}
	for carton, data := range map[string][]byte{"C-1": []byte("no picture"), "C-99": picture.Bytes(), "1": picture.Bytes(), "C-x": picture.Bytes()} {
		if a := photo(carton, "bad-"+carton, data); a.problem().Status < 400 || a.Status >= 500 {
			t.Errorf("a photo of %s: %d", carton, a.Status)
		}
	}

	s.ok("POST", "/packing/"+order+"/weight", object{"key": uuid.NewString(), "grams": 250, "station": "K-1"}, nil)
	s.inTx(func(tx *sql.Tx) error {
		station, err := staff.StationByCode(t.Context(), tx, "K-1")
		if err != nil {
			return err
		}
		if err := print.SetPrinter(t.Context(), tx, print.Printer{Station: station.ID, Stock: print.Label, Way: print.ZPL, Address: "127.0.0.1:9"}); err != nil {
			return err
		}
		return print.Parcels(t.Context(), tx, order, time.Now())
	})
	s.printing()
	sscc := s.palletOf(order)
	if step := s.scans("/doors/B-D-1/scans", "", "00"+sscc); step["result"] != "right" {
		t.Fatalf("the pallet at the door: %v", step)
	}
	s.ok("POST", "/doors/B-D-1/scans", object{"key": uuid.NewString(), "action": "dispatch"}, nil)
	s.onTheRoad()
	s.rateTables()

	s.token = s.hire(staff.Picker)
	for _, path := range []string{"/exceptions", "/tours", "/pallets", "/carriers/own/rates"} {
		if a := s.send("GET", path, nil); a.Status != http.StatusForbidden {
			t.Errorf("a picker at %s: %d", path, a.Status)
		}
	}
}

// printing looks at the queue: printers, a test page, the papers of the parcel; printed again, taken out.
func (s *shop) printing() {
	t := s.t
	t.Helper()
	var printers struct {
		Data []struct{ Station, Stock, Way string }
	}
	s.ok("GET", "/printers", nil, &printers)
	if len(printers.Data) != 1 || printers.Data[0].Station != "K-1" || printers.Data[0].Way != "zpl" {
		t.Errorf("the printers: %+v", printers)
	}
	var test struct {
		Job         int64
		Kind, State string
	}
	if s.ok("POST", "/printers/K-1/test", nil, &test); test.Kind != "calibration" || test.State != "queued" {
		t.Errorf("the test page: %+v", test)
	}
	if a := s.send("POST", "/printers/K-77/test", nil); a.problem().Status != http.StatusNotFound {
		t.Errorf("a test page of no station: %d", a.Status)
	}
	var jobs struct {
		Data []struct {
			Job              int64
			Kind, State, Ref string
			Browser          bool
		}
	}
	s.ok("GET", "/print-jobs", nil, &jobs)
	if len(jobs.Data) != 3 {
		t.Fatalf("the queue: %+v", jobs)
	}
	var label string
	for _, j := range jobs.Data {
		if j.Kind == "shipping label" && !j.Browser && len(j.Ref) == 18 {
			label = "/print-jobs/" + fmt.Sprint(j.Job)
		}
	}
	if a := s.raw("GET", "/api/v1"+label+"/paper", nil); a.Status != 200 || !bytes.HasPrefix(a.Body, []byte("%PDF-")) {
		t.Errorf("the label: %d %.30q", a.Status, a.Body)
	}
	var again struct {
		Job     int64
		Reprint bool
		Browser bool
	}
	if s.ok("POST", label+"/reprint", object{}, &again); !again.Reprint || !again.Browser {
		t.Errorf("printed again in a browser: %+v", again)
	}
	if a := s.post(label+"/reprint", object{"station": "K-77"}); a.problem().Status != 422 {
		t.Errorf("printed again at no station: %d", a.Status)
	}
	var done struct{ State string }
	if s.ok("POST", "/print-jobs/"+fmt.Sprint(test.Job)+"/cancel", nil, &done); done.State != "cancelled" {
		t.Errorf("taken out: %+v", done)
	}
	for _, act := range []string{"cancel", "retry", "came-out"} {
		if a := s.send("POST", "/print-jobs/"+fmt.Sprint(test.Job)+"/"+act, nil); a.problem().Status != http.StatusConflict {
			t.Errorf("%s of one that was taken out: %d", act, a.Status)
		}
		if a := s.send("POST", "/print-jobs/9999/"+act, nil); a.problem().Status != http.StatusNotFound {
			t.Errorf("%s of none: %d", act, a.Status)
		}
	}
}

// palletOf stacks the parcel of an order on a new pallet.
func (s *shop) palletOf(order string) (sscc string) {
	t := s.t
	t.Helper()
	path, _ := s.scans("/pallets/scans", "", "X-NEW")["goto"].(string)
	if !strings.HasPrefix(path, "/pallets/") {
		t.Fatalf("a new pallet leads to %q", path)
	}
	if a := s.raw("GET", "/api/v1"+path+"/label", nil); a.problem().Status != http.StatusConflict {
		t.Errorf("the label of an empty pallet: %d", a.Status)
	}
	var packed struct {
		Cartons []struct{ SSCC string }
	}
	s.ok("GET", "/packing/"+order, nil, &packed)
	if step := s.scans(path+"/scans", "", "00"+packed.Cartons[0].SSCC); step["result"] != "right" {
		t.Fatalf("onto the pallet: %v", step)
	}
	if step := s.scans(path+"/scans", "", "4006381333931"); step["result"] != "wrong" {
		t.Errorf("a mug onto the pallet: %v", step)
	}
	var p struct {
		SSCC, Shipment string
		Parcels        []struct{ Order, Pallet string }
	}
	if s.ok("GET", path, nil, &p); len(p.Parcels) != 1 || p.Parcels[0].Order != order || p.Parcels[0].Pallet != p.SSCC || p.Shipment != "SH-1" {
		t.Errorf("the pallet: %+v", p)
	}
	if a := s.raw("GET", "/api/v1"+path+"/label", nil); a.Status != 200 || !bytes.HasPrefix(a.Body, []byte("%PDF-")) {
		t.Errorf("its label: %d", a.Status)
	}
	var all struct{ Data []struct{ SSCC string } }
	if s.ok("GET", "/pallets", nil, &all); len(all.Data) != 1 || all.Data[0].SSCC != p.SSCC {
		t.Errorf("the pallets: %+v", all)
	}
	if a := s.send("GET", "/pallets/99", nil); a.problem().Status != http.StatusNotFound {
		t.Errorf("no pallet: %d", a.Status)
	}
	return p.SSCC
}

// onTheRoad is what is known of a truck that left, and of a parcel that stands still.
func (s *shop) onTheRoad() {
	t := s.t
	t.Helper()
	var trucks struct {
		Data []struct {
			Manifest  string
			Parcels   int64
			Shipments []string
		}
	}
	s.ok("GET", "/manifests", nil, &trucks)
	if len(trucks.Data) != 1 || trucks.Data[0].Parcels != 1 || trucks.Data[0].Shipments[0] != "SH-1" {
		t.Fatalf("the trucks: %+v", trucks)
	}
	m := "/manifests/" + trucks.Data[0].Manifest
	if a := s.raw("GET", "/api/v1"+m+"/paper", nil); a.Status != 200 || !bytes.HasPrefix(a.Body, []byte("%PDF-")) {
		t.Errorf("its paper: %d", a.Status)
	}
	for _, path := range []string{m + "/carrier-paper", "/manifests/M-99/paper", "/manifests/x/paper", "/tours/M-99", "/exceptions/99"} {
		if a := s.raw("GET", "/api/v1"+path, nil); a.problem().Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	var tours struct{ Data []struct{ Manifest string } }
	s.ok("GET", "/tours", nil, &tours)
	var tour struct {
		Stops []struct {
			Recipient string
			Parcels   int64
		}
	}
	if s.ok("GET", "/tours/"+tours.Data[0].Manifest, nil, &tour); len(tour.Stops) != 1 || tour.Stops[0].Recipient != "Ann Archer" || tour.Stops[0].Parcels != 1 {
		t.Errorf("the tour: %+v", tour)
	}

	s.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(`insert into troubles (shipment_id, what, note, since) values (1, 'no movement', 'nothing heard', now())`)
		return err
	})
	var list struct {
		Data []struct {
			Exception  int64
			What, Turn string
		}
	}
	s.ok("GET", "/exceptions?what=no%20movement", nil, &list)
	if len(list.Data) != 1 || list.Data[0].Turn != "Shipping" {
		t.Fatalf("the exceptions: %+v", list)
	}
	one := "/exceptions/" + fmt.Sprint(list.Data[0].Exception)
	if a := s.post(one+"/notes", object{"note": " "}); a.problem().Status != 422 {
		t.Errorf("a note that says nothing: %d", a.Status)
	}
	var noted struct{ Acts []struct{ What, Note string } }
	if s.ok("POST", one+"/notes", object{"note": "the carrier looks for it"}, &noted); len(noted.Acts) != 1 || noted.Acts[0].Note != "the carrier looks for it" {
		t.Errorf("noted: %+v", noted)
	}
	s.ok("POST", one+"/settle", object{"note": "it was found"}, nil)
	if a := s.post(one+"/settle", object{"note": "again"}); a.problem().Status != http.StatusNotFound {
		t.Errorf("settled twice: %d", a.Status)
	}
}

// rateTables are read and replaced, as a whole or not at all.
func (s *shop) rateTables() {
	t := s.t
	t.Helper()
	var carriers struct {
		Data []struct{ Carrier, Way string }
	}
	if s.ok("GET", "/carriers", nil, &carriers); len(carriers.Data) == 0 || carriers.Data[0].Way != "own" {
		t.Errorf("the carriers: %+v", carriers)
	}
	var table struct {
		Rates []struct {
			Service, Price string
			To             []string
			Days           *int
		}
	}
	s.ok("PUT", "/carriers/own/rates", object{"csv": "service,to,up_to_g,price,days\nstandard,DE AT,2000,4.90,2\nstandard,*,2000,19.90,\n"}, &table)
	if len(table.Rates) != 2 {
		t.Fatalf("the rates: %+v", table)
	}
	for _, csv := range []string{"service,to,up_to_g,price\nstandard,Mars,0,free\n", "nonsense", "", "service,to\n\"half"} {
		if a := s.send("PUT", "/carriers/own/rates", object{"csv": csv}); a.problem().Status != 422 {
			t.Errorf("%q: %d %s", csv, a.Status, a.Body)
		}
	}
	if s.ok("GET", "/carriers/own/rates", nil, &table); len(table.Rates) != 2 || table.Rates[1].Price == "" {
		t.Errorf("a bad file changed the table: %+v", table)
	}
	if a := s.send("GET", "/carriers/nobody/rates", nil); a.problem().Status != http.StatusNotFound {
		t.Errorf("the rates of nobody: %d", a.Status)
	}
}
