package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/picking"
	"tote/picking/picktest"
)

const (
	yardPIN    = "274916"
	firstOrder = 900_001 // number of the first picker's order
	firstWalk  = 500_001 // and of the barcode, tote and bin
)

// serverDir is a directory that a private server's account may enter; a test's own directory it may not.
func serverDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tote-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// A walk is one picker who stands at a full bin with a long list: every scan of the item is one pick.
type walk struct {
	picker  staff.Member
	token   string // of a session
	list    picking.ListID
	item    inventory.ItemID
	barcode string
	tote    inventory.LocationID
}

func (w walk) path() string { return fmt.Sprintf("/picking/%d", w.list) }

// yard lays out pickers who each have units to pick, one bin, item and tote to each, and have scanned tote and bin.
func yard(t testing.TB, db *sql.DB, pickers int, units int64) []walk {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var walks []walk
	must(pg.InTx(ctx, db, func(tx *sql.Tx) error {
		walks = nil
		site := sitetest.New(t, tx)
		must(orders.SaveSettings(ctx, tx, orders.Settings{Company: "Yard", Currency: "EUR", BaseURL: "http://yard.example", MailFrom: "yard@yard.example"}))
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`alter sequence order_numbers restart with %d`, firstOrder))
		must(err)
		floor := (&picktest.Floor{Site: site, T: t, Tx: tx})
		for i := range pickers {
			w := walk{barcode: fmt.Sprintf("PICK-ME-%d", firstWalk+i)}
			bin := site.Place(inventory.Location{Kind: inventory.Bin, Code: fmt.Sprintf("Y-%d", firstWalk+i), XMM: int64(i) * 3000})
			w.tote = site.Place(inventory.Location{Kind: inventory.Tote, Code: fmt.Sprintf("T-%d", firstWalk+i)})
			w.item = site.Item(fmt.Sprintf("YARD-%d", i), w.barcode)
			site.Stock(w.item, bin, units)
			var err error
			w.picker, err = staff.Add(ctx, tx, staff.Member{Name: fmt.Sprintf("Picker %d", i), Roles: []staff.Role{staff.Picker}, Warehouse: int64(site.Warehouse)}, yardPIN)
			must(err)
			w.token, err = staff.OpenSession(ctx, tx, w.picker, "yard")
			must(err)
			order(t, tx, site, i, w.item, units)
			w.list = floor.Work(w.picker.ID)
			for _, code := range []string{fmt.Sprintf("T-%d", firstWalk+i), fmt.Sprintf("B-Y-%d", firstWalk+i)} {
				step, err := picking.Take(ctx, tx, w.list, picktest.By(w.picker.ID, code))
				must(err)
				if step.Result != scan.Right {
					t.Fatalf("scanned %s: %+v", code, step)
				}
			}
			walks = append(walks, w)
		}
		return nil
	}))
	return walks
}

// order places and pays an order for so much of an item, which is released by that.
func order(t testing.TB, tx *sql.Tx, site *sitetest.Site, n int, item inventory.ItemID, units int64) {
	t.Helper()
	ctx := context.Background()
	it, err := inventory.ItemByID(ctx, tx, item)
	if err != nil {
		t.Fatal(err)
	}
	placed, err := orders.Place(ctx, tx, orders.Submission{Key: fmt.Sprintf("yard-%d", n), Warehouse: site.Warehouse, By: site.Staff, At: sitetest.Noon,
		Form: orders.Form{Channel: orders.Phone, Name: "Yard", Email: fmt.Sprintf("buyer%d@yard.example", n), Recipient: "Yard", Street: "Street 1",
			City: "City", Postcode: "12345", Country: "DE", Carrier: "own", Service: "standard",
			Lines: []orders.FormLine{{SKU: it.SKU, Quantity: fmt.Sprint(units), Price: "0.01"}}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = orders.Pay(ctx, tx, orders.Payment{Key: fmt.Sprintf("yard-%d", n), Orders: []orders.Number{placed.Number}, Amount: placed.Total.Amount(),
		Method: "cash", Reference: "yard", By: site.Staff, At: sitetest.Noon})
	if err != nil {
		t.Fatal(err)
	}
}

// trigger is a handheld: it holds a session and pulls the trigger.
type trigger struct {
	client  *http.Client
	address string
	token   string
}

// pull sends one scan and answers the page's status and text.
func (h trigger) pull(path, code string, key uuid.UUID) (status int, page string, err error) {
	form := url.Values{"code": {code}, "key": {key.String()}}
	r, err := http.NewRequest(http.MethodPost, "http://"+h.address+path+"/scan", strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Tote-Part", "screen") // the part of the page that changes, as the script asks for it
	r.AddCookie(&http.Cookie{Name: "tote", Value: h.token})
	answer, err := h.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}
