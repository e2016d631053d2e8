package web_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tote/internal/files"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
	"tote/inventory"
	"tote/picking/picktest"
	"tote/shipping"
	"tote/shipping/easypost"
)

// gone lets the parcels of the own fleet leave on one truck.
func (q *quay) gone(t *testing.T, by staff.Member) {
	t.Helper()
	q.tx(t, func(ctx context.Context, tx *sql.Tx) error {
		for _, ref := range []string{"O-1001", "O-1002"} {
			var door int64
			if err := tx.QueryRow(`select id from locations where code = 'D-2'`).Scan(&door); err != nil {
				return err
			}
			if step, err := shipping.Load(ctx, tx, inventory.LocationID(door), picktest.By(by.ID, q.parcels[ref].sscc)); err != nil || step.Result != scan.Right {
				return fmt.Errorf("%v %w", step.Message, err)
			}
			if ref == "O-1002" {
				_, err := shipping.DispatchDoor(ctx, tx, inventory.LocationID(door), true, picktest.By(by.ID, ""))
				return err
			}
		}
		return nil
	})
}

// TestADriverWalksHisTour in a real browser: scan, sign, hand over; nobody home; the office works it off.
func TestADriverWalksHisTour(t *testing.T) {
	q := openQuay(t)
	driver := q.Member(t, "Dora Driver", staff.Driver)
	q.gone(t, driver)
	first, second := q.parcels["O-1001"], q.parcels["O-1002"]
	b := q.Browser(t)
	b.SignIn(driver, "")
	b.Go("/tour")
	b.At("/tour/1")
	b.Sees("main", "1. Anna Berg")
	seen(t, b, "tour")
	b.Go(fmt.Sprintf("/tour/1/%d", first.shipment))
	b.Scan(second.number)
	b.Sees(".last", "does not belong here")
	b.Scan(first.sscc)
	b.Sees(".last", "belongs here")
	b.Until(`document.querySelector("select[name='parcels.0.outcome']").value === "delivered" && !document.querySelector("[data-sign]").hidden`)
	webtest.Eval[bool](b, `(() => {
		const canvas = document.querySelector("canvas"), box = canvas.getBoundingClientRect();
		canvas.setPointerCapture = () => {}; canvas.hasPointerCapture = () => true;
		const go = (kind, x, y) => canvas.dispatchEvent(new PointerEvent(kind, {clientX: box.left + x, clientY: box.top + y, pointerId: 1}));
		go("pointerdown", 20, 20); go("pointermove", 120, 60); go("pointermove", 200, 20); go("pointerup", 200, 20);
		return true;
	})()`)
	seen(t, b, "doorstep")
	b.Click(`form[action$="/hand-over"] button.main`)
	b.Sees("main", "Write the name of whoever took it")
	b.Until(`(() => { const canvas = document.querySelector("canvas");
		return canvas?.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((ink, i) => i % 4 === 0 && ink < 128) === true; })()`)
	webtest.Eval[string](b, `document.querySelector("input[name=recipient]").value = "Jonas Berg"`)
	b.Click(`form[action$="/hand-over"] button.main`)
	b.At("/tour/1")
	b.Go(fmt.Sprintf("/tour/1/%d", second.shipment))
	b.Click(`form[action$="/nobody"] button`)
	b.At("/tour/1")
	b.Sees("main", "nobody home")
	if _, err := q.DB.Exec(`update doorsteps set note = 'Card left in the letter box of the house behind.' where outcome <> 'handed over'`); err != nil {
		t.Fatal(err)
	}
	if _, err := q.DB.Exec(`update shipments set phone = '+49 (0)431 123-45'`); err != nil {
		t.Fatal(err)
	}
	b.Go("/tour/1")
	b.Until(`document.querySelector('a[href="tel:+4943112345"]') !== null`)
	b.Until(`(() => { const map = document.querySelector('a[href^="https://www.openstreetmap.org/search?query="]');
		return map.rel === "noopener noreferrer" && !/Berg|Jonas/.test(decodeURIComponent(map.href)); })()`)
	seen(t, b, "tour-links")

	office := q.As(t, q.Member(t, "Clara Clerk", staff.Clerk))
	page := office.Get(fmt.Sprintf("/shipments/%d", first.shipment)).Body
	if !strings.Contains(page, "Handed to Jonas Berg") || !strings.Contains(page, `alt="Signature of Jonas Berg"`) {
		t.Error("the shipment does not show the proof")
	}
	queue := text(office.Get("/exceptions").Body)
	if !strings.Contains(queue, "failed delivery") || !strings.Contains(queue, "Client support") {
		t.Errorf("the queue says %.600s", queue)
	}
	b.Go("/exceptions")
	if a := office.Post("/exceptions/1/called", "note", ""); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Write what was said") {
		t.Errorf("a call without a word is answered %d", a.Status)
	}
	office.Post("/exceptions/1/called", "note", "Tomorrow after five.")
	if page := text(office.Get("/exceptions/1").Body); !strings.Contains(page, "Tomorrow after five.") {
		t.Errorf("the call is not on the page: %.500s", page)
	}
	if a := office.Post("/exceptions/1/address", "recipient", "Anna Berg", "street", "", "city", "Kiel", "postcode", "24103", "country", "DE"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Give the street") {
		t.Errorf("half an address is answered %d", a.Status)
	}
	if a := office.Post("/exceptions/1/resend", "note", "after five"); a.Status != http.StatusSeeOther {
		t.Errorf("sending again is answered %d", a.Status)
	}
	if a := office.Get("/exceptions/1"); a.Status != http.StatusNotFound {
		t.Errorf("a settled exception is answered %d", a.Status)
	}
	var again int
	if err := q.DB.QueryRow(`select count(*) from shipments where state = 'in transit'`).Scan(&again); err != nil || again != 1 {
		t.Errorf("%d shipments are on their way again, %v", again, err)
	}
	if a := office.Get("/manifests/1/paper.pdf"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF-") {
		t.Errorf("the manifest is answered %d", a.Status)
	}
	if page := text(office.Get("/manifests").Body); !strings.Contains(page, "M-1") || !strings.Contains(page, "Own fleet") {
		t.Errorf("the manifests are %.300s", page)
	}
	if a := office.Get("/manifests/2/paper.pdf"); a.Status != http.StatusNotFound {
		t.Errorf("no manifest is answered %d", a.Status)
	}
}

// TestARefusedHandOverKeepsTheSignature if it is one; what is done is said once.
func TestARefusedHandOverKeepsTheSignature(t *testing.T) {
	q := openQuay(t)
	driver := q.Member(t, "Dora Driver", staff.Driver)
	q.gone(t, driver)
	c := q.As(t, driver)
	var carton string
	if err := q.DB.QueryRow(`select carton_id from shipment_cartons where shipment_id = $1`, q.parcels["O-1001"].shipment).Scan(&carton); err != nil {
		t.Fatal(err)
	}
	stop := fmt.Sprintf("/tour/1/%d", q.parcels["O-1001"].shipment)
	if page := strings.Join(strings.Fields(text(c.Get(stop).Body)), " "); !strings.Contains(page, "what is wrong (needed if refused or missing)") {
		t.Errorf("the form says %.1500s", page)
	}
	drawn := "data:image/png;base64," + base64.StdEncoding.EncodeToString(mockup(t, 300, 120))
	for posted, kept := range map[string]string{drawn: drawn, `data:image/png;base64,AAAA"><b>`: "", "https://example.org/x.png": "", "": ""} {
		a := c.Post(stop+"/hand-over", "parcels.0.carton", carton, "parcels.0.outcome", shipping.HandedOver, "signature", posted)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `name="signature" value="`+kept+`"`) {
			t.Errorf("%.40s is answered %d, and not kept as %.40q", posted, a.Status, kept)
		}
	}
	if page := c.Follow(c.Post(stop + "/nobody")).Body; strings.Count(page, "Noted. The next stop.") != 1 {
		t.Errorf("it is said %d times that nobody was home", strings.Count(page, "Noted. The next stop."))
	}
}

// TestOnlyEasyPostIsHeard: forged messages are 400 and change nothing, the same one twice counts once.
func TestOnlyEasyPostIsHeard(t *testing.T) {
	heard := webtest.Open(t, func(d *web.Deps) { d.Parcels, d.Files = easypost.Open("EZTK", "whsec", ""), files.In(t.TempDir()) })
	body := `{"id":"evt_1","description":"tracker.updated","result":{"tracking_code":"9400","tracking_details":[]}}`
	mac := hmac.New(sha256.New, []byte("whsec"))
	mac.Write([]byte(body))
	good := "hmac-sha256-hex=" + hex.EncodeToString(mac.Sum(nil))
	for _, x := range []struct {
		signature string
		want      int
	}{{"", 400}, {"hmac-sha256-hex=00", 400}, {good[:len(good)-2] + "00", 400}, {good, 200}, {good, 200}} {
		if status := easypostSays(t, heard, body, x.signature); status != x.want {
			t.Errorf("signature %q is answered %d, want %d", x.signature, status, x.want)
		}
	}
	if a := webtest.Open(t).Visitor(t).Post("/hooks/easypost"); a.Status != http.StatusNotFound {
		t.Errorf("without an account it is answered %d", a.Status)
	}
}

func easypostSays(t *testing.T, s *webtest.Site, body, signature string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/hooks/easypost", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Hmac-Signature", signature)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}
