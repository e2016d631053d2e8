package main

import (
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tote/internal/api"
	"tote/internal/demo"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/inventory"
)

// theirs says what somebody of another warehouse could put into the path of a route: keys of what belongs to this one,
// one of each state, for the first beginning that fits.
var theirs = []struct{ path, keys string }{
	{"/receiving/expected/:", `select distinct on (state) id::text from expected_receipts order by state, id`},
	{"/receiving/inspections/:", `select id::text from inspections`},
	{"/receiving/:", `select distinct on (state) id::text from receipts order by state, id`},
	{"/picking/blocks/:", `select id::text from pick_blocks`},
	{"/waves/templates/:", `select id::text from wave_templates`},
	{"/waves/:", `select id::text from waves`},
	{"/picking/:", `select distinct on (state) id::text from pick_lists order by state, id`},
	{"/packing/cartons/:", `select distinct on (state) id::text from cartons order by state, id`},
	{"/packing/:", `select distinct on (state) ref from demands order by state, id`},
	{"/print/papers/:", `select id::text from papers limit 1`},
	{"/print/:", `select distinct on (state) id::text from print_jobs order by state, id`},
	{"/stock/bins/:", `select id::text from locations where code = 'A-01-1-A'`},
	{"/counts/:", `select distinct on (state) id::text from count_tasks order by state, id`},
	{"/replenishment/:", `select distinct on (state) id::text from replenishments order by state, id`},
	{"/pallets/:", `select id::text from pallets`},
	{"/loading/:", `select id::text from locations where kind = 'dock'`},
	{"/shipments/:", `select distinct on (state) id::text from shipments order by state, id`},
	{"/exceptions/:", `select id::text from troubles`},
	{"/tour/:", `select distinct manifest_id::text from doorsteps`},
	{"/manifests/:", `select id::text from manifests where state = 'dispatched' limit 1`},
	{"/returns/:", `select distinct on (state) id::text from returns order by state, id`},
	{"/setup/locations/:", `select id::text from locations where code = 'A-01-1-A'`},
	{"/setup/staff/:", `select id::text from staff where name <> 'Stranger'`},
	{"/setup/stations/:", `select id::text from stations where code <> 'K-99'`},
	{"/studio/jobs/:", `select distinct on (state) ref from art_jobs order by state, id`},
	{"/production/:", `select distinct on (state) format('J-%s', id) from work_orders order by state, id`},
	{"/fulfilment/:", `select distinct on (partner_state) format('J-%s', id) from work_orders where partner_id is not null order by partner_state, id`},
	{"/setup/partners/fulfillers/:", `select id::text from staff where 'fulfiller' = any(roles) and name <> 'Stranger'`},
	{"/api/v1/fulfilment/:", `select distinct on (partner_state) format('J-%s', id) from work_orders where partner_id is not null order by partner_state, id`},
	{"/studio/uploads/:", `select id::text from art_batches`},
	{"/setup/studio/artists/:", `select id::text from staff where 'artist' = any(roles) and name <> 'Stranger'`},
	{"/setup/boxes/:", `select code from carton_types limit 1`},

	{"/transfers/:", `select id::text from transfers`},
	{"/api/v1/transfers/:", `select id::text from transfers`},
	{"/api/v1/locations/:", `select code from locations where code = 'A-01-1-A'`},
	{"/api/v1/expected-receipts/:", `select distinct on (state) number from expected_receipts order by state, id`},
	{"/api/v1/receipts/:", `select distinct on (state) id::text from receipts order by state, id`},
	{"/api/v1/pick-lists/:", `select distinct on (state) format('P-%s', id) from pick_lists order by state, id`},
	{"/api/v1/wave-templates/:", `select id::text from wave_templates`},
	{"/api/v1/waves/:", `select format('W-%s', id) from waves`},
	{"/api/v1/packing/:", `select distinct on (state) ref from demands order by state, id`},
	{"/api/v1/shipments/:", `select distinct on (state) format('SH-%s', id) from shipments order by state, id`},
	{"/picking/lists/:", `select distinct on (state) id::text from pick_lists order by state, id`},
	{"/api/v1/artwork/:", `select distinct on (state) ref from art_jobs order by state, id`},
	{"/api/v1/work-orders/:", `select distinct on (state) format('J-%s', id) from work_orders order by state, id`},
	{"/api/v1/zones/:", `select code from locations where kind = 'zone'`},
	{"/api/v1/doors/:", `select code from locations where kind = 'dock'`},
	{"/api/v1/pallets/:", `select id::text from pallets`},
	{"/api/v1/printers/:", `select code from stations where code <> 'K-99'`},
	{"/api/v1/print-jobs/:", `select distinct on (state) id::text from print_jobs order by state, id`},
	{"/api/v1/exceptions/:", `select id::text from troubles`},
	{"/api/v1/tours/:", `select distinct format('M-%s', manifest_id) from doorsteps`},
	{"/api/v1/manifests/:", `select format('M-%s', id) from manifests where state = 'dispatched' limit 1`},
	{"/api/v1/cartons/:", `select distinct on (state) format('C-%s', id) from cartons order by state, id`},
	{"/api/v1/returns/:", `select distinct on (state) format('R-%s', id) from returns order by state, id`},
}

// ofTheSite begin the routes about what belongs to no warehouse, and those open to whoever has a link.
var ofTheSite = []string{
	"/orders/:", "/customers/:", "/feedback/:", "/letters/:", "/inbox/:", "/setup/items/:", "/stock/items/:", "/setup/carriers/:", "/stock/lots/:", "/setup/suppliers/:",
	"/setup/tokens/:", "/setup/letters/:", "/questions/:", "/api/v1/letter-templates/:", "/quotes/:", "/quote/:", "/api/v1/quotes/:", "/api/v1/carriers/:", "/api/v1/orders/:", "/api/v1/customers/:", "/api/v1/items/:",
	"/journey/:", "/proof/:", "/my/:", "/departments/:", "/api/v1/departments/:", "/trace/:", "/setup/flows/:", "/setup/partners/:partner", "/tools/:", "/tools/kinds/:", "/api/v1/tools/:", "/photos/:", "/assets/:", "/pay/:", "/payments/links/:", "/payments/cards/:", "/invoices/:", "/api/v1/invoices/:",
	"/setup/designs/:", "/setup/bins/:", "/setup/warehouses/:", "/order/files/:", "/order/gallery/:",
}

// answers are bodies that an operation of the API would take, by what is in its path; rather by how it ends.
var answers = map[string]string{
	"/scans":       `{"key": "$key", "code": "$code", "station": "K-99"}`,
	"/weight":      `{"key": "$key", "grams": 1000, "station": "K-99"}`,
	"/settlements": `{"lines": [{"line": 1, "quantity": 1, "what": "nothing", "reason": "none"}]}`,
	"/verdicts":    `{"key": "$key", "grade": "A", "what": "restock", "station": "K-99"}`,
	"/number":      `{"carrier": "DHL", "number": "JD01"}`,
	"/close":       `{"reason": "nothing more comes"}`,
	"/shrink":      `{}`,
	"/sleep":       `{}`,
	"/zones/":      `{"proof": "unit"}`,
	"/verdict":     `{"good": true}`,
	"/control":     `{"good": true, "seen": []}`,
	"/hand-over":   `{}`,
	"/accept":      `{}`,
	"/refuse":      `{"reason": "x"}`,
	"/stop":        `{"reason": "x"}`,
	"/take-back":   `{}`,
	"/on-the-way":  `{}`,
	"/sent":        `{"carrier": "manual", "number": "X1", "parcels": 1}`,
	"/answer":      `{"verdict": "approved", "seen": [], "name": "x", "how": "phone", "words": "x"}`,
	"/send":        `{}`,
	"/takes":       `{"place": "A-01-1-A", "item": "X", "quantity": 1}`,
	"/files":       pixel,
	"/photos":      pixel,
	"/reprint":     `{}`,
	"/notes":       `{"note": "x"}`,
	"/settle":      `{"note": "x"}`,

	"/wave-templates/": `{"name": "Mine", "method": "batch", "active": true, "version": 1}`,
}

// pixel is a picture, for what takes one.
var pixel = func() string {
	var b strings.Builder
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))) // a builder takes everything
	return b.String()
}()

var (
	parameters = regexp.MustCompile(`:[a-z]+`)
	scans      = regexp.MustCompile(`/scans?$|^/sign-in/station$`)
)

// strange is a demo at work and somebody who may do anything, but in a warehouse of his own.
type strange struct {
	db            *sql.DB
	app           *fiber.App
	cookie, token string
	scanned       map[string]bool // by the stranger
}

func openStrange(t *testing.T) *strange {
	t.Helper()
	ctx := context.Background()
	s := &strange{db: pgtest.DB(t), scanned: map[string]bool{}}
	if _, err := demo.Fill(ctx, s.db, demo.Options{Orders: 140, Files: files.In(t.TempDir()), BaseURL: "http://demo.example", Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	err := pg.InTx(ctx, s.db, func(tx *sql.Tx) error {
		here, err := inventory.AddWarehouse(ctx, tx, inventory.Warehouse{Code: "OTHER", Name: "The other house", TimeZone: "Europe/London", GS1Prefix: "9521234",
			Company: "Tote Ltd", Street: "1 Quay Street", City: "Leeds", Postcode: "LS1 4AB", Country: "GB"})
		if err != nil {
			return err
		}
		if _, err := staff.AddStation(ctx, tx, staff.Station{Warehouse: int64(here), Code: "K-99", Name: "Other", Kind: "packing"}); err != nil {
			return err
		}
		stranger, err := staff.Add(ctx, tx, staff.Member{Name: "Stranger", Roles: staff.Roles, Warehouse: int64(here)}, yardPIN)
		if err != nil {
			return err
		}
		if s.cookie, err = staff.OpenSession(ctx, tx, stranger, "stranger"); err != nil {
			return err
		}
		if s.token, err = staff.IssueToken(ctx, tx, stranger.ID, "stranger"); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			insert into pick_blocks (warehouse_id, location_id, item_id, reason, list_id, placed_by, placed_at)
			select l.warehouse_id, t.location_id, t.item_id, 'damaged', l.id, l.picker_id, now()
			from pick_tasks t join pick_lists l on l.id = t.list_id where l.picker_id is not null limit 1`)
		if err != nil {
			return err
		}
		var from inventory.WarehouseID
		var by staff.ID
		if err := tx.QueryRowContext(ctx, `select warehouse_id, id from staff where name <> 'Stranger' order by id limit 1`).Scan(&from, &by); err != nil {
			return err
		}
		var sku string
		if err := tx.QueryRowContext(ctx, `select sku from items order by id limit 1`).Scan(&sku); err != nil {
			return err
		}
		// What is only prepared for the stranger's house does not exist there either.
		_, err = inventory.AskTransfer(ctx, tx, inventory.Transfer{From: from, To: here, Lines: []inventory.TransferLine{{SKU: sku, Quantity: 2}}}, by, time.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	kept := files.In(t.TempDir())
	s.app = web.New(web.Deps{DB: s.db, Log: slog.New(slog.DiscardHandler), Files: kept,
		Mounts: map[string]web.Mount{api.Prefix: api.New(api.Deps{DB: s.db, Files: kept})}})
	return s
}

// ask sends a request as the stranger; code is what it scans.
func (s *strange) ask(t *testing.T, method, path, code string) (status int, text string) {
	t.Helper()
	kind, body := "application/x-www-form-urlencoded", url.Values{"code": {code}, "key": {uuid.NewString()}}.Encode()
	if strings.HasPrefix(path, "/api/") {
		kind, body = "application/json", ""
		for end, answer := range answers {
			if method != http.MethodGet && strings.Contains(path, end) && (body == "" || strings.HasSuffix(path, end)) {
				body = strings.NewReplacer("$key", uuid.NewString(), "$code", code).Replace(answer)
			}
		}
		if body == pixel {
			kind = "application/octet-stream"
			if strings.HasSuffix(path, "/files") {
				path += "?name=x.png&for=artwork"
			}
		}
	}
	r, err := http.NewRequest(method, path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Idempotency-Key", uuid.NewString())
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.AddCookie(&http.Cookie{Name: "tote", Value: s.cookie})
	answer, err := s.app.Test(r, 60_000)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(said)
}

func (s *strange) values(t *testing.T, query string) (all []string) {
	t.Helper()
	all, err := pg.Values[string](s.db.Query(query))
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if len(all) == 0 {
		t.Fatalf("the demo has nothing to guess: %s", query)
	}
	return all
}

// state is a sum over every table but those that note who asked, and what is in his own hands.
func (s *strange) state(t *testing.T) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, table := range s.values(t, `select tablename from pg_tables where schemaname = 'public'
		and tablename not in ('sessions', 'scans', 'api_requests', 'api_tokens', 'sign_in_failures', 'putting_away', 'sorters', 'counting', 'replenishing', 'moving', 'makers', 'art_batches')`) {
		sums[table] = s.values(t, fmt.Sprintf(`select coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from %s t`, pg.QuoteName(table)))[0]
	}
	return sums
}

// Whoever works in one warehouse cannot see or touch what belongs to another, whatever he puts into a path, scans, or
// looks through: it does not exist for him.
func TestAnotherWarehouseDoesNotExist(t *testing.T) {
	s := openStrange(t)
	before := s.state(t)
	t.Run("in paths", s.guessPaths)
	t.Run("in lists", s.lookThrough)
	t.Run("in scans", s.guessCodes)
	t.Run("in lists after the scans", s.lookThrough)
	for table, sum := range s.state(t) {
		if before[table] != sum {
			t.Errorf("the stranger changed %s", table)
		}
	}
}

// A new route with something in its path has to say in theirs or ofTheSite whose that is.
func (s *strange) guessPaths(t *testing.T) {
	tried := 0
	for _, r := range s.app.GetRoutes(true) {
		begins := func(with string) bool { return strings.HasPrefix(r.Path, with) }
		if r.Method == http.MethodHead || !strings.Contains(r.Path, ":") || slices.ContainsFunc(ofTheSite, begins) {
			continue
		}
		i := slices.IndexFunc(theirs, func(g struct{ path, keys string }) bool { return begins(g.path) })
		if i < 0 {
			t.Errorf("whose is what %s %s names?", r.Method, r.Path)
			continue
		}
		for _, key := range s.values(t, theirs[i].keys) {
			tried++
			path := parameters.ReplaceAllString(r.Path, url.PathEscape(key))
			if status, said := s.ask(t, r.Method, path, "X-OK"); status != http.StatusNotFound && status != http.StatusForbidden {
				t.Errorf("%s %s is answered %d: %.300s", r.Method, path, status, said)
			}
		}
	}
	if tried < 100 {
		t.Errorf("%d guesses, that is too few to say anything", tried)
	}
}

// guessCodes scans at every screen where work begins what hangs and lies in the other warehouse.
func (s *strange) guessCodes(t *testing.T) {
	codes := s.values(t, `
		(select 'B-' || code from locations where kind in ('bin', 'dock') order by id limit 3)
		union all (select code from locations where kind = 'tote' order by id limit 3)
		union all select distinct on (state) format('RC-%s', id) from receipts
		union all select number from expected_receipts where state = 'open'
		union all select distinct on (state) format('P-%s', id) from pick_lists
		union all select format('W-%s', id) from waves
		union all select 'B-' || code from locations where kind in ('wall', 'zone')
		union all select distinct on (state) ref from demands
		union all select distinct on (state) format('C-%s', id) from cartons
		union all select distinct on (state) '00' || sscc from cartons where sscc <> ''
		union all select distinct on (state) format('R-%s', id) from returns
		union all select code from stations where code <> 'K-99'`)
	for _, r := range s.app.GetRoutes(true) {
		if r.Method != http.MethodPost || strings.Contains(r.Path, ":") || !scans.MatchString(r.Path) {
			continue
		}
		for _, code := range codes {
			s.scanned[code] = true
			if status, said := s.ask(t, r.Method, r.Path, code); status >= http.StatusInternalServerError {
				t.Errorf("%s of %s is answered %d: %.300s", r.Path, code, status, said)
			}
		}
	}
}

// lookThrough reads every page that names nothing in particular.
func (s *strange) lookThrough(t *testing.T) {
	secrets := s.values(t, `
		select code from locations where kind = 'bin' and code !~ '^A-0' -- those stand in examples
		union all select sscc from cartons where sscc <> ''
		union all select number from expected_receipts
		union all select name from staff where name <> 'Stranger'
		union all select name from wave_templates
		union all select code from locations where kind = 'wall'`)
	for _, r := range s.app.GetRoutes(true) {
		if r.Method != http.MethodGet || strings.Contains(r.Path, ":") || strings.HasSuffix(r.Path, "openapi.json") {
			continue
		}
		status, said := s.ask(t, r.Method, r.Path, "")
		if status >= http.StatusInternalServerError {
			t.Errorf("%s is answered %d: %.300s", r.Path, status, said)
		}
		for _, secret := range secrets {
			if strings.Contains(said, secret) && !s.scanned["00"+secret] { // a screen repeats to whoever scanned what he scanned
				t.Errorf("%s tells of %s", r.Path, secret)
				break
			}
		}
	}
}
