package web_test

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// press is a shop whose hats a partner prints and sends to the customer, with a paid order of two that is approved.
type press struct {
	*shop
	fred, fay *webtest.Client
	number    orders.Number
	page      string // of the work order
	picture   []byte
}

func openPress(t *testing.T, goods string) *press {
	t.Helper()
	p := &press{shop: openShop(t)}
	p.fred = p.As(t, p.Member(t, "Fred Fulfiller", staff.Fulfiller))
	goes(t, p.clerk.Post("/setup/partners", "name", "Print & Co", "email", "orders@print.example", "phone", "0123", "days", "5", "note", "By e-mail only."))
	flow := p.clerk.Post("/setup/flows", "name", "Hats", "asks", "Photo", "approval_of", "one", "least_ppi", "0", "good_ppi", "0", "making", "partner", "partner", "1", "goods", goods)
	goes(t, flow)
	goes(t, p.clerk.Post(flow.To()+"/items", "sku", "HAT-RED", "instructions", "Matt paper."))
	placed := p.clerk.Post("/orders", typed("lines.0.sku", "HAT-RED", "lines.0.quantity", "2")...)
	n, err := orders.ParseNumber(strings.TrimPrefix(placed.To(), "/orders/"))
	if err != nil {
		t.Fatalf("the order: %d %s", placed.Status, text(placed.Body))
	}
	p.number = n
	var journey, total string
	if err := p.DB.QueryRow(`select journey_token, (total_minor / 100.0)::numeric(12, 2)::text from orders where number = $1`, n).Scan(&journey, &total); err != nil {
		t.Fatal(err)
	}
	p.picture = drawing(t, 10, 600)
	goes(t, p.Visitor(t).Upload("/journey/"+journey+"/artwork/1/pictures", "pictures", p.picture))
	p.write(t, func(tx *sql.Tx) error {
		_, err := orders.Pay(t.Context(), tx, orders.Payment{Key: "all", Orders: []orders.Number{n}, Amount: total, Method: "bank transfer", Reference: "all", At: time.Now()})
		return err
	})
	p.fay = p.As(t, p.Member(t, "Fay Fulfiller", staff.Fulfiller))
	if err := p.DB.QueryRow(`select '/fulfilment/J-' || id from work_orders`).Scan(&p.page); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAFulfillerHandsWorkToAPartner(t *testing.T) {
	p := openPress(t, "customer")
	shows(t, p.fred.Get("/menu"), "1   Fulfilment")
	shows(t, p.fred.Get("/fulfilment"), "To hand over, oldest just now  1", "Print &amp; Co", "to the customer")
	shows(t, p.fay.Get("/fulfilment"), "Nothing here")
	shows(t, p.fay.Get("/fulfilment?of=all"), "Print &amp; Co")
	shows(t, p.fred.Get(p.page), "Send the files to Print &amp; Co", "Ann Archer", "Marktplatz 1", "Matt paper.", "By e-mail only.", "orders@print.example")

	all := p.fred.Get(p.page + "/files.zip")
	z, err := zip.NewReader(strings.NewReader(all.Body), int64(len(all.Body)))
	if err != nil || len(z.File) != 2 {
		t.Fatalf("the zip: %v, %d", err, len(all.Body))
	}
	file, err := z.File[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	var bytesInIt bytes.Buffer
	if _, err := bytesInIt.ReadFrom(file); err != nil || !bytes.Equal(bytesInIt.Bytes(), p.picture) {
		t.Errorf("the partner would not get the very bytes that were approved: %v, %d of %d", err, bytesInIt.Len(), len(p.picture))
	}
	if sheet := p.fred.Get(p.page + "/order.pdf"); !strings.HasPrefix(sheet.Body, "%PDF") {
		t.Errorf("the order sheet: %d", sheet.Status)
	}

	goes(t, p.fred.Post(p.page+"/hand-over", "number", "PC-77"))
	second := p.fay.Post(p.page+"/hand-over", "number", "PC-78")
	if second.Status != http.StatusConflict {
		t.Errorf("handed over twice: %d", second.Status)
	}
	shows(t, second, "is with Print &amp; Co as PC-77 already")
	refused := p.fred.Post(p.page+"/answer", "answer", "refused", "reason", "")
	shows(t, refused, "Say why the partner refused it.")
	goes(t, p.fred.Post(p.page+"/take-back"))
	goes(t, p.fred.Post(p.page+"/hand-over"))
	goes(t, p.fred.Post(p.page+"/answer", "answer", "accepted"))
	shows(t, p.fred.Get("/fulfilment?tab=with+the+partner"), "accepted", "With the partner, oldest")
	late := p.clerk.Post("/orders/"+p.number.String()+"/cancel", "reason", "no")
	shows(t, late, "It is too late", "Fred Fulfiller says so")

	wrong := p.fred.Post(p.page+"/sent", "key", "6e0e9f5c-6cc8-4d3a-9b0a-0c64a9c6a5d1", "carrier", "own", "number", "", "parcels", "9")
	shows(t, wrong, "Choose the carrier", "Copy the tracking number", "Give 1 to 2 parcels")
	if !strings.Contains(wrong.Body, `value="9"`) {
		t.Error("what was typed is lost")
	}
	for range 2 {
		goes(t, p.fred.Post(p.page+"/sent", "key", "6e0e9f5c-6cc8-4d3a-9b0a-0c64a9c6a5d2", "carrier", "manual", "name", "Printpost", "number", "PP-1", "parcels", "1"))
	}
	shows(t, p.clerk.Get("/orders/"+p.number.String()), "Printpost", "PP-1", "2 shipped")
	shows(t, p.fred.Get("/fulfilment?tab=done"), "Red hat")
	shows(t, p.fred.Get(p.page), "Sent straight to the customer")
}

func TestPiecesThatComeToUsAreAnnounced(t *testing.T) {
	p := openPress(t, "us")
	goes(t, p.fred.Post(p.page+"/hand-over", "number", "PC-77"))
	goes(t, p.fred.Post(p.page+"/on-the-way", "how", "Van, Friday"))
	shows(t, p.fred.Get(p.page), "On its way to us", "Van, Friday")
	shows(t, p.fred.Get("/fulfilment?tab=on+their+way"), "on their way", "to us")
	walt := p.As(t, p.Member(t, "Walt", staff.Production))
	if walt.Get("/fulfilment").Status != http.StatusForbidden {
		t.Error("whoever makes things here hands work to partners")
	}
}

func TestPartnersAndFulfillersAreSetUp(t *testing.T) {
	p := openPress(t, "us")
	again := p.clerk.Post("/setup/partners", "name", "print & co", "days", "400", "email", "x")
	shows(t, again, "Give 0 to 365 days", "Write an address")
	shows(t, p.clerk.Post("/setup/partners", "name", "print & co", "days", "4"), "There is a partner of that name already")
	shows(t, p.clerk.Post("/setup/partners/1", "name", "Print & Co", "days", "4", "retired", "on"), "The flow Hats prints there")
	goes(t, p.clerk.Post("/setup/partners/1", "name", "Print and Company", "days", "4"))
	shows(t, p.clerk.Get("/setup/partners"), "Print and Company", "Fred Fulfiller   1 work order now")
	var fred int
	if err := p.DB.QueryRow(`select id from staff where name = 'Fred Fulfiller'`).Scan(&fred); err != nil {
		t.Fatal(err)
	}
	goes(t, p.clerk.Post("/setup/partners/fulfillers/"+strconv.Itoa(fred), "away", "on"))
	shows(t, p.fay.Get("/fulfilment"), "Print and Company")
	shows(t, p.clerk.Get("/setup/flows/1"), "are printed by a partner")
	if p.clerk.Get("/setup/partners/99").Status != http.StatusNotFound {
		t.Error("a partner that is none")
	}
}
