package api_test

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/scan"
	"tote/packing"
)

// TestAnOrderFromTheFormToTheDoorstepAndBack drives one stock order through every stage by the API alone.
func TestAnOrderFromTheFormToTheDoorstepAndBack(t *testing.T) {
	s := openShop(t, 0)
	settle := s.deliver()

	s.ok("POST", "/expected-receipts", object{"number": "PO-1", "supplier": "Acme", "due_on": "2026-12-01", "lines": []object{{"sku": s.mug, "quantity": 3}}}, nil)
	receipt, _ := s.scans("/receipts/scans", "", "B-D-1")["goto"].(string)
	path := "/receipts/" + receipt[strings.LastIndex(receipt, "/")+1:] + "/scans"
	s.scans(path, "", "PO-1", "4006381333931", "4006381333931", "4006381333931")
	s.scans(path, "", "X-CLOSE")
	var e object
	if s.ok("GET", "/expected-receipts/PO-1", nil, &e); e["state"] != "received" {
		t.Fatalf("received: %v", e)
	}

	carry := s.scans("/putaway/scans", "", "B-D-1")
	if carry["target"] == nil {
		t.Fatalf("putaway suggests nothing: %v", carry)
	}
	s.scans("/putaway/scans", "", "B-"+carry["target"].(string))
	var st object
	if s.ok("GET", "/items/"+s.mug+"/stock", nil, &st); st["free"] != 3. {
		t.Fatalf("put away: %v", st)
	}

	order := s.place(2)
	if o := s.order(order); o["stage"] != "pending payment" {
		t.Fatalf("placed: %v", o["stage"])
	}
	var paid struct{ Released []string }
	s.ok("POST", "/payments", object{"orders": []string{order}, "amount": s.order(order)["open"], "method": "card", "reference": "tx-1"}, &paid)
	if len(paid.Released) != 1 || paid.Released[0] != order {
		t.Fatalf("paid: %v", paid)
	}

	var work struct {
		List string
		Step object
	}
	s.ok("POST", "/pick-lists/next", nil, &work)
	pick := "/pick-lists/" + work.List + "/scans"
	if step := s.scans(pick, "", "T-99"); step["result"] != "wrong" {
		t.Errorf("a tote that is none: %v", step)
	}
	step := s.scans(pick, "", "T-1")
	for range 5 {
		if step["finished"] == true {
			break
		}
		step = s.scans(pick, "", "B-"+step["target"].(string), "4006381333931", "4006381333931")
	}
	if step["finished"] != true {
		t.Fatalf("picked: %v", step)
	}
	settle()
	if o := s.order(order); o["stage"] != "picked" {
		t.Fatalf("picked: %v", o["stage"])
	}

	bench := s.scans("/packing/scans", "K-1", "T-1")
	if bench["goto"] != "/packing/"+order {
		t.Fatalf("brought: %v", bench)
	}
	s.inTx(func(tx *sql.Tx) error {
		_, err := packing.AddType(t.Context(), tx, packing.Type{Warehouse: s.Warehouse, Code: "S", Name: "Small box",
			Outer: [3]int64{300, 200, 150}, Inner: [3]int64{290, 190, 140}, WeightG: 90, MaxWeightG: 9000})
		return err
	})
	var filling struct {
		Cartons []struct{ Box string }
		Unsized []string
	}
	if s.ok("GET", "/packing/"+order+"/suggestion", nil, &filling); len(filling.Cartons)+len(filling.Unsized) == 0 {
		t.Errorf("no carton is suggested for it: %+v", filling)
	}
	s.scans("/packing/"+order+"/scans", "K-1", "4006381333931", "4006381333931")
	weigh := object{"key": uuid.NewString(), "grams": 590, "station": "K-1", "box": "S"}
	var weighed scan.Step
	if s.ok("POST", "/packing/"+order+"/weight", weigh, &weighed); weighed.Result == scan.Wrong || weighed.Result == scan.Decide {
		t.Errorf("weighed: %+v", weighed)
	}
	var packed struct {
		Cartons []struct{ State, SSCC string }
	}
	s.ok("GET", "/packing/"+order+"?station=K-1", nil, &packed)
	if len(packed.Cartons) != 1 || packed.Cartons[0].State != "closed" || len(packed.Cartons[0].SSCC) != 18 {
		t.Fatalf("packed: %v", packed)
	}
	settle()

	if step := s.scans("/doors/B-D-1/scans", "", "00"+packed.Cartons[0].SSCC); step["result"] != "right" {
		t.Fatalf("loaded: %v", step)
	}
	s.ok("POST", "/doors/B-D-1/scans", object{"key": uuid.NewString(), "action": "dispatch"}, nil)
	settle()
	var shipments struct {
		Data []struct {
			Shipment, State string
			Number          string `json:"tracking_number"`
		}
	}
	s.ok("GET", "/shipments?search="+order, nil, &shipments)
	if len(shipments.Data) != 1 || shipments.Data[0].State != "dispatched" || shipments.Data[0].Number == "" {
		t.Fatalf("dispatched: %v", shipments)
	}
	number := shipments.Data[0].Number

	event := object{"tracking_number": number, "event_key": "own-1", "kind": "delivered", "at": time.Now().UTC().Format(time.RFC3339), "note": "at the door"}
	var heard struct {
		State string
		News  bool
	}
	if s.ok("POST", "/tracking-events", event, &heard); heard.State != "delivered" || !heard.News {
		t.Fatalf("delivered: %v", heard)
	}
	if s.ok("POST", "/tracking-events", event, &heard); heard.News {
		t.Error("the event was news twice")
	}
	settle()
	if o := s.order(order); o["stage"] != "delivered" {
		t.Fatalf("delivered: %v", o["stage"])
	}
	var journey struct {
		Stage   string
		Parcels []struct {
			Number string `json:"tracking_number"`
		}
	}
	s.ok("GET", "/orders/"+order+"/journey", nil, &journey)
	if journey.Stage != "delivered" || len(journey.Parcels) != 1 || journey.Parcels[0].Number != number {
		t.Errorf("journey: %v", journey)
	}
	s.sendBack(order)
}

// settle gives the money for the one mug of a return back, once, and nothing after that.
func (s *shop) settle(path string) {
	t := s.t
	t.Helper()
	var back struct {
		Settled int64
		Lines   []struct {
			Line int64
			Wish string
		}
		Settlements []struct {
			What   string
			Amount struct{ Minor int64 }
		}
	}
	s.ok("GET", path, nil, &back)
	line := object{"line": back.Lines[0].Line, "quantity": 1, "what": "refund", "amount": object{"minor": 100, "currency": "EUR"}}
	var done struct{ Refund struct{ Minor int64 } }
	if s.ok("POST", path+"/settlements", object{"lines": []object{line}}, &done); done.Refund.Minor != 100 {
		t.Errorf("settled %+v", done)
	}
	if a := s.post(path+"/settlements", object{"lines": []object{line}}); a.Status != 422 {
		t.Errorf("settled twice: %d", a.Status)
	}
	if s.ok("GET", path, nil, &back); back.Settled != 1 || len(back.Settlements) != 1 || back.Settlements[0].Amount.Minor != 100 || back.Lines[0].Wish != "refund" {
		t.Errorf("the settled return is %+v", back)
	}
}

// sendBack returns one mug of a delivered order, until it stands on the shelf again.
func (s *shop) sendBack(order string) {
	t := s.t
	t.Helper()
	var back struct{ Return, State string }
	s.ok("POST", "/returns", object{"order": order, "lines": []object{{"ref": order + ".1", "quantity": 1, "reason": "changed mind"}}}, &back)
	s.scans("/returns/scans", "", back.Return)
	path := "/returns/" + back.Return
	s.scans(path+"/scans", "", "4006381333931", "X-OK")
	s.scans(path+"/inspection/scans", "", "4006381333931")
	var step object
	s.ok("POST", path+"/inspection/verdicts", object{"key": uuid.NewString(), "grade": "A", "what": "restock"}, &step)
	if s.ok("GET", path, nil, &back); back.State != "inspected" {
		t.Fatalf("returned: %v, %v", back, step)
	}
	s.settle(path)
	var moves struct {
		Data []struct{ Reason, From, To string }
	}
	s.ok("GET", "/movements?ref="+back.Return, nil, &moves)
	if len(moves.Data) < 2 {
		t.Errorf("the ledger knows %v of %s", moves, back.Return)
	}
	var st object
	if s.ok("GET", "/items/"+s.mug+"/stock", nil, &st); st["on_hand"] != 2. || st["free"] != 1. {
		t.Errorf("the mug is for sale before it is put away, or not there: %v", st)
	}
	var wait struct{ Tasks []struct{ Ref string } }
	if s.ok("GET", "/putaway", nil, &wait); len(wait.Tasks) != 1 || wait.Tasks[0].Ref != back.Return {
		t.Errorf("to be put away: %v", wait)
	}
}
