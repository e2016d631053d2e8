package inventory_test

import (
	"bytes"
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// refiller is a person who brings stock to pick faces.
type refiller struct {
	*desk
	by   staff.ID
	over inventory.LocationID // the overstock bin O-01
}

func (r *refiller) scan(code string, want scan.Result) scan.Step {
	r.t.Helper()
	s := r.scanOf(code)
	if r.by != 0 {
		s.Staff = r.by
	}
	step, err := inventory.Bring(ctx, r.tx, r.Warehouse, s)
	if err != nil {
		r.t.Fatalf("scan %q: %v", code, err)
	}
	if step.Result != want || step.Message == "" {
		r.t.Fatalf("scan %q: %s %q, want %s", code, step.Result, step.Message, want)
	}
	return step
}

// overstocked is a site where so many mugs lie in overstock, and A-01-1-A is their pick face for 4 to 10.
func overstocked(t *testing.T, mugs int64) *refiller {
	t.Helper()
	d := newDesk(t)
	r := &refiller{desk: d, over: d.Place(inventory.Location{Kind: inventory.Bin, Code: "O-01", Use: inventory.Overstock})}
	d.Stock(d.mug, r.over, mugs)
	d.face(d.mug, d.Bins[0], 4, 10)
	return r
}

func (d *desk) face(item inventory.ItemID, bin inventory.LocationID, low, high int64) {
	d.t.Helper()
	if err := inventory.SetPickFace(ctx, d.tx, inventory.PickFace{Warehouse: d.Warehouse, Item: item, Location: bin, Min: low, Max: high}, d.Staff); err != nil {
		d.t.Fatal(err)
	}
}

// asked runs Replenish and answers what is open, in turn.
func (d *desk) asked(spoken ...inventory.Spoken) []inventory.Replenishment {
	d.t.Helper()
	n, err := inventory.Replenish(ctx, d.tx, d.Warehouse, sitetest.Noon, spoken...)
	if err != nil {
		d.t.Fatal(err)
	}
	all, err := inventory.OpenReplenishments(ctx, d.tx, d.Warehouse, 100)
	if err != nil || len(all) != n {
		d.t.Fatalf("%d asked for, %d open, %v", n, len(all), err)
	}
	return all
}

func (d *desk) promise(ref string, item inventory.ItemID, n int64) {
	d.t.Helper()
	if _, err := inventory.Reserve(ctx, d.tx, want(d.Site, ref, item, n)); err != nil {
		d.t.Fatal(err)
	}
}

func TestAFaceBelowItsMinimumIsFilledToItsMaximum(t *testing.T) {
	r := overstocked(t, 50)
	r.Stock(r.mug, r.Bins[0], 4)
	if all := r.asked(); len(all) != 0 {
		t.Fatalf("at its minimum, and yet %+v", all)
	}
	r.Move(r.Movement(r.mug, 1, r.Bins[0], r.Totes[0]))
	for range 2 { // asked again, still one
		all := r.asked()
		if len(all) != 1 || all[0].Quantity != 7 || all[0].Reason != inventory.ForMinimum || all[0].FromCode != "O-01" || all[0].FaceCode != "A-01-1-A" {
			t.Fatalf("%+v", all)
		}
	}
	r.Move(r.Movement(r.mug, 2, r.Bins[0], r.Totes[0]))
	if all := r.asked(); len(all) != 1 || all[0].Quantity != 9 {
		t.Errorf("it follows the need: %+v", all)
	}
	r.Stock(r.mug, r.Bins[0], 5)
	if all := r.asked(); len(all) != 0 {
		t.Errorf("the need is gone, and yet %+v", all)
	}
	r.lawful()
}

// TestTheLotWhoseTurnItIsIsBrought: what expires first comes to the face first, what is too old never, and the person is told which to take.
func TestTheLotWhoseTurnItIsIsBrought(t *testing.T) {
	d := newDesk(t)
	r := &refiller{desk: d}
	for i, code := range []string{"O-01", "O-02", "O-03"} {
		if at := d.Place(inventory.Location{Kind: inventory.Bin, Code: code, Use: inventory.Overstock}); i == 0 {
			r.over = at
		}
	}
	d.face(d.mug, d.Bins[0], 4, 10)
	if _, err := d.tx.Exec(`update items set tracking = 'lot' where id = $1`, d.mug); err != nil {
		t.Fatal(err)
	}
	var sku string
	if err := d.tx.QueryRow(`select sku from items where id = $1`, d.mug).Scan(&sku); err != nil {
		t.Fatal(err)
	}
	table := "sku,bin,quantity,lot,expires_on\n"
	for _, row := range []string{"O-01,20,LATE,2098-12-31", "O-02,3,SOON,2097-01-31", "O-02,9,LATER,2099-12-31", "O-03,50,OLD,2020-01-31", "A-01-1-A,8,OLD,2020-01-31"} {
		table += sku + "," + row + "\n"
	}
	if _, err := inventory.OpeningStock(ctx, d.tx, d.Warehouse, strings.NewReader(table), d.Staff, sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	all := r.asked()
	if len(all) != 1 || all[0].FromCode != "O-02" || all[0].Quantity != 10 {
		t.Fatalf("eight too old lie in the face, SOON in O-02: %+v", all)
	}
	r.scan("X-NEW", scan.Right)
	step := r.scan("B-O-02", scan.Right)
	if !slices.Contains(step.Detail, "Take lot SOON, good until 31 Jan 2097.") {
		t.Errorf("which lot? %q", step.Detail)
	}
	if step = r.scan("+3", scan.Right); !slices.Contains(step.Detail, "Take lot LATER, good until 31 Dec 2099.") {
		t.Errorf("and then? %q", step.Detail)
	}
	r.scan("B-A-01-1-A", scan.Right)
	var soon int64
	if err := d.tx.QueryRow(`select sum(b.on_hand) from balances b join lots l on l.id = b.lot_id where b.location_id = $1 and l.code = 'SOON'`, d.Bins[0]).Scan(&soon); err != nil || soon != 3 {
		t.Errorf("%d of SOON in the face, %v", soon, err)
	}
	r.lawful()
}

// Another lot than the one whose turn it is may be brought, if it is said which; a plain barcode does not say it where
// several lie, and of numbered pieces never.
func TestTheLotInHandIsBrought(t *testing.T) {
	d := newDesk(t)
	r := &refiller{desk: d}
	r.over = d.Place(inventory.Location{Kind: inventory.Bin, Code: "O-01", Use: inventory.Overstock})
	phone, jam := d.careful("PHONE", phoneCode, bySerial), d.careful("JAM", jamCode, byLot)
	d.face(phone, d.Bins[0], 1, 2)
	d.face(jam, d.Bins[1], 2, 4)
	table := "sku,bin,quantity,lot,expires_on\n"
	for _, item := range []inventory.ItemID{phone, jam} {
		it, err := inventory.ItemByID(ctx, d.tx, item)
		if err != nil {
			t.Fatal(err)
		}
		if item == jam {
			table += it.SKU + ",O-01,5,L1,2097-01-31\n" + it.SKU + ",O-01,5,L2,2098-01-31\n"
			continue
		}
		for _, s := range []string{"S1", "S2", "S3"} {
			table += it.SKU + ",O-01,1," + s + ",\n"
		}
	}
	if _, err := inventory.OpeningStock(ctx, d.tx, d.Warehouse, strings.NewReader(table), d.Staff, sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	if all := r.asked(); len(all) != 2 {
		t.Fatalf("two faces are empty: %+v", all)
	}
	r.scan(phoneCode, scan.Right)
	r.scan("B-O-01", scan.Right)
	r.says(r.scan(phoneCode, scan.Wrong), "serial number on the piece")
	r.says(r.scan("+2", scan.Wrong), "serial number of its own")
	r.says(r.scan("S9", scan.Wrong), "No item has the barcode")
	r.scan("S3", scan.Right)
	r.says(r.scan("(01)"+phoneCode+"(21)S3", scan.Wrong), "serial S3 of Test PHONE is not in this bin")
	r.scan("(01)"+phoneCode+"(21)S1", scan.Right)
	r.scan("B-A-01-1-A", scan.Right)
	r.scan(jamCode, scan.Right)
	r.scan("B-O-01", scan.Right)
	r.says(r.scan(jamCode, scan.Wrong), "2 lots of Test JAM lie here")
	r.scan("L2", scan.Right)
	r.says(r.scan("(01)"+jamCode+"(10)L2", scan.Right), "2 of 4")
	r.scan("+1", scan.Right) // the one whose turn it is
	r.scan("B-A-01-1-B", scan.Right)
	var faces string
	err := d.tx.QueryRow(`
		select string_agg(o.code || ' ' || b.on_hand, ', ' order by o.code) from balances b join lots o on o.id = b.lot_id
		where b.location_id = any($1) and b.on_hand > 0`, pg.Array([]int64{int64(d.Bins[0]), int64(d.Bins[1])})).Scan(&faces)
	if err != nil || faces != "L1 1, L2 2, S1 1, S3 1" {
		t.Errorf("the faces have %q, %v", faces, err)
	}
	r.lawful()
}

func TestWhatOrdersNeedIsBroughtFirst(t *testing.T) {
	r := overstocked(t, 50)
	r.Stock(r.hat, r.over, 30)
	r.home(r.hat, r.Bins[1]) // hats have a home and no minimum
	if all := r.asked(); len(all) != 1 || all[0].Item != r.mug {
		t.Fatalf("before any order: %+v", all)
	}
	r.promise("O-1.1", r.hat, 12)
	all := r.asked()
	if len(all) != 2 || all[0].Item != r.hat || all[0].Quantity != 12 || all[0].Reason != inventory.ForDemand || all[1].Reason != inventory.ForMinimum {
		t.Fatalf("hats are wanted by an order: %+v", all)
	}
	r.promise("O-2.1", r.mug, 3)
	if all = r.asked(); len(all) != 2 || all[0].Item != r.mug || all[0].Quantity != 10 || all[0].Reason != inventory.ForDemand {
		t.Errorf("an order needs three, the face takes ten: %+v", all)
	}
	// A list that will take the hats from overstock itself wants nothing brought, and they stay there for it.
	if all = r.asked(inventory.Spoken{Location: r.over, Item: r.hat, Quantity: 12}); len(all) != 1 || all[0].Item != r.mug {
		t.Errorf("hats are on a pick list already: %+v", all)
	}
	if all = r.asked(inventory.Spoken{Location: r.over, Item: r.mug, Quantity: 46}); len(all) != 2 || all[1].Item != r.mug || all[1].Quantity != 4 || all[1].Reason != inventory.ForMinimum {
		t.Errorf("46 of 50 mugs are on lists: %+v", all)
	}
	r.lawful()
}

func TestABinToBeCountedGivesNothing(t *testing.T) {
	r := overstocked(t, 3)
	second := r.Place(inventory.Location{Kind: inventory.Bin, Code: "O-02", Use: inventory.Overstock})
	r.Stock(r.mug, second, 20)
	if all := r.asked(); len(all) != 1 || all[0].FromCode != "O-02" || all[0].Quantity != 10 {
		t.Fatalf("the smallest that has enough: %+v", all)
	}
	if _, _, err := inventory.AskRound(ctx, r.tx, inventory.Round{Warehouse: r.Warehouse, Under: second, Staff: r.Staff, At: sitetest.Noon}); err != nil {
		t.Fatal(err)
	}
	if all := r.asked(); len(all) != 1 || all[0].FromCode != "O-02" { // it is not in doubt: it has its turn
		t.Fatalf("work stops where a round comes by: %+v", all)
	}
	r.ask(second, 0)
	if all := r.asked(); len(all) != 1 || all[0].FromCode != "O-01" || all[0].Quantity != 3 {
		t.Errorf("%+v", all)
	}
}

func TestStockIsBroughtByScan(t *testing.T) {
	r := overstocked(t, 50)
	r.promise("O-1.1", r.mug, 20)
	r.asked()
	held := func() (n int64) {
		t.Helper()
		if err := r.tx.QueryRow(`select held from reservations where ref = 'O-1.1' and warehouse_id = $1`, r.Warehouse).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	step := r.scan("X-NEW", scan.Right)
	if step.Target != "O-01" || step.Quantity != 20 || step.Into != "A-01-1-A" {
		t.Fatalf("sent to %+v", step)
	}
	r.scan(mugCode, scan.Wrong) // the bin first
	r.scan("B-A-01-1-A", scan.Wrong)
	if step = r.scan("B-O-01", scan.Right); !step.Here {
		t.Errorf("at the bin: %+v", step)
	}
	r.scan(hatCode, scan.Wrong)
	r.scan(mugCode, scan.Right)
	r.scan(caseCode, scan.Right)
	r.scan("+8", scan.Wrong)
	if step = r.scan("+7", scan.Right); step.Target != "A-01-1-A" {
		t.Errorf("all is taken: %+v", step)
	}
	if n := held(); n != 20 || r.OnHand(r.mug, r.over) != 30 || r.OnHand(r.mug, r.Bins[0]) != 0 {
		t.Errorf("%d held while it is carried", n)
	}
	r.lawful()
	r.scan(mugCode, scan.Wrong)
	r.scan("X-SKIP", scan.Wrong)
	r.scan("B-H-01", scan.Wrong)
	r.scan("B-A-01-1-A", scan.Right)
	if n := held(); n != 20 || r.OnHand(r.mug, r.Bins[0]) != 20 {
		t.Errorf("%d held, %d in the face", n, r.OnHand(r.mug, r.Bins[0]))
	}
	if all := r.asked(); len(all) != 0 {
		t.Errorf("still %+v", all)
	}
	r.scan("X-NEW", scan.Wrong)
	r.lawful()
}

func TestAnotherBinIsConfirmedByASecondScan(t *testing.T) {
	r := overstocked(t, 50)
	second := r.Place(inventory.Location{Kind: inventory.Bin, Code: "O-02", Use: inventory.Overstock})
	r.Stock(r.mug, second, 60)
	r.asked()
	r.scan(mugCode, scan.Right) // an item gives its work
	r.scan("B-A-01-1-B", scan.Wrong)
	r.scan("B-O-02", scan.Decide)
	r.scan("B-O-02", scan.Right)
	r.scan("+4", scan.Right)
	r.scan("B-A-02-1-A", scan.Decide)
	if n := r.OnHand(r.mug, r.Bins[2]); n != 0 {
		t.Fatalf("%d put by one scan", n)
	}
	r.scan("X-OK", scan.Right) // its button
	if n := r.OnHand(r.mug, r.Bins[2]); n != 4 {
		t.Errorf("%d put", n)
	}
	r.scan("B-O-02", scan.Right)
	r.scan("+5", scan.Right)
	if step := r.scan("B-O-02", scan.Decide); !strings.Contains(step.Message, "put them back") {
		t.Errorf("it says %q", step.Message)
	}
	r.scan("B-O-02", scan.Right)
	if n := r.OnHand(r.mug, second); n != 56 {
		t.Errorf("%d in the bin it came from", n)
	}
	r.lawful()
	r.scan("X-SKIP", scan.Right)
	r.lawful()
}

func TestABinThatGivesTooLittleIsCounted(t *testing.T) {
	r := overstocked(t, 50)
	r.asked()
	r.scan("B-O-01", scan.Right) // a bin gives its work
	r.scan("X-SHORT", scan.Wrong)
	r.scan("B-O-01", scan.Right)
	r.scan(mugCode, scan.Right)
	r.scan("X-SHORT", scan.Right)
	if open := r.countTasks(inventory.CountOpen); len(open) != 1 || open[0].Code != "O-01" || open[0].Item != r.mug || !strings.HasPrefix(open[0].Ref, "REPL-") {
		t.Fatalf("counts: %+v", open)
	}
	r.scan("B-A-01-1-A", scan.Right)
	if n := r.OnHand(r.mug, r.Bins[0]); n != 1 {
		t.Errorf("%d in the face", n)
	}
	if all := r.asked(); len(all) != 0 {
		t.Errorf("a doubtful bin gives more: %+v", all)
	}
	r.lawful()
}

func TestWhatWasBroughtIsTakenBack(t *testing.T) {
	r := overstocked(t, 50)
	r.asked()
	r.scan("X-NEW", scan.Right)
	r.scan("B-O-01", scan.Right)
	r.scan("+6", scan.Right)
	r.scan("+4", scan.Right)
	r.scan("B-A-01-1-A", scan.Right)
	for _, want := range []int64{0, 0} {
		r.scan("X-UNDO", scan.Right)
		if n := r.OnHand(r.mug, r.Bins[0]); n != want {
			t.Errorf("%d in the face", n)
		}
		r.lawful()
	}
	if n := r.OnHand(r.mug, r.over); n != 44 {
		t.Errorf("%d in overstock after the put and four were taken back", n)
	}
	r.scan("X-UNDO", scan.Right)
	r.scan("X-UNDO", scan.Wrong)
	if n := r.OnHand(r.mug, r.over); n != 50 {
		t.Errorf("%d in overstock", n)
	}
	r.scan("X-SKIP", scan.Right)
	r.lawful()
}

func TestAColleaguesGoodsAreTakenOver(t *testing.T) {
	r := overstocked(t, 50)
	r.asked()
	r.scan("X-NEW", scan.Right)
	r.scan("B-O-01", scan.Right)
	r.scan("+3", scan.Right)
	grace := &refiller{desk: r.desk, by: r.colleague("Grace")}
	grace.scan("X-NEW", scan.Wrong)
	if step := grace.scan(mugCode, scan.Decide); !strings.Contains(step.Message, "Ada brings") {
		t.Errorf("it says %q", step.Message)
	}
	grace.scan(mugCode, scan.Right)
	r.lawful()
	r.scan("+1", scan.Wrong)
	r.scan("X-UNDO", scan.Wrong)
	grace.scan("X-UNDO", scan.Wrong)
	grace.scan("B-A-01-1-A", scan.Right)
	if n := r.OnHand(r.mug, r.Bins[0]); n != 3 {
		t.Errorf("%d in the face", n)
	}
	r.lawful()
	grace.scan("X-SKIP", scan.Right)
	if all := r.asked(); len(all) != 1 || all[0].Quantity != 7 || all[0].Staff != 0 {
		t.Errorf("the rest: %+v", all)
	}
}

func TestReplenishingNonsenseIsAnAnswer(t *testing.T) {
	r := overstocked(t, 50)
	r.asked()
	bad := []string{"T-1", "B-NOWHERE", "+0", "+-1", "999999", "X-DAMAGED", "🥨", "RC-1", "4006381333948"}
	for _, code := range append(bad, "X-EMPTY", hatCode, "B-B-01-1-A") {
		r.scan(code, scan.Wrong)
	}
	r.scan("X-NEW", scan.Right)
	for _, code := range append(bad, "X-OK", "X-NEW", "X-EMPTY", hatCode, "B-D-1") {
		r.scan(code, scan.Wrong)
	}
	r.scan("B-O-01", scan.Right)
	for _, code := range append(bad, "X-OK", "X-NEW", hatCode, "B-D-1") {
		r.scan(code, scan.Wrong)
	}
}

func TestPickFacesComeFromATable(t *testing.T) {
	d := newDesk(t)
	sku := func(id inventory.ItemID) string {
		i, err := inventory.ItemByID(ctx, d.tx, id)
		if err != nil {
			t.Fatal(err)
		}
		return i.SKU
	}
	table := "sku,bin,min,max\n" + sku(d.mug) + ",A-01-1-A,4,10\n" + strings.ToLower(sku(d.hat)) + ",B-A-01-1-B,0,5\n"
	for range 2 {
		if n, err := inventory.ImportPickFaces(ctx, d.tx, d.Warehouse, strings.NewReader(table), d.Staff); err != nil || n != 2 {
			t.Fatal(n, err)
		}
	}
	var out bytes.Buffer
	if err := inventory.ExportPickFaces(ctx, d.tx, d.Warehouse, &out); err != nil {
		t.Fatal(err)
	}
	if n, err := inventory.ImportPickFaces(ctx, d.tx, d.Warehouse, &out, d.Staff); err != nil || n != 2 {
		t.Errorf("what comes out does not go in: %d, %v", n, err)
	}
	_, err := inventory.ImportPickFaces(ctx, d.tx, d.Warehouse, strings.NewReader("sku,bin,min,max\nNONE,A-01-1-A,1,2\n"+sku(d.mug)+",H-01,1,2\n"+sku(d.mug)+",A-01-1-A,3,2\n"+sku(d.mug)+",Z-9,1,2\n"), d.Staff)
	if err == nil || strings.Count(err.Error(), "ine ") < 4 {
		t.Errorf("four bad rows: %v", err)
	}
	if _, err := inventory.ImportPickFaces(ctx, d.tx, d.Warehouse, strings.NewReader("sku,bin,min,max\n"+sku(d.mug)+",A-01-1-A,0,0\n"), d.Staff); err != nil {
		t.Error(err)
	}
	if all, err := inventory.PickFaces(ctx, d.tx, d.Warehouse, 0); err != nil || len(all) != 1 || all[0].Item != d.hat {
		t.Errorf("a maximum of nothing takes the face away: %+v, %v", all, err)
	}
	if err := inventory.SetPickFace(ctx, d.tx, inventory.PickFace{Warehouse: d.Warehouse, Item: d.mug, Location: d.Dock, Min: 1, Max: 2}, d.Staff); err == nil {
		t.Error("a dock is a pick face")
	}
}

// Whoever asks at once asks for each face once; whoever wants work at once gets different work; picks from the same bins
// go on, and nothing deadlocks.
func TestReplenishmentsAskedForAtOnceAreOne(t *testing.T) {
	db := pgtest.DB(t)
	const faces = 6
	var items []inventory.ItemID
	var who []staff.ID
	site := sitetest.Committed(t, db, func(s *sitetest.Site) {
		d := &desk{Site: s, t: t, tx: s.Tx()}
		over := s.Place(inventory.Location{Kind: inventory.Bin, Code: "O-01", Use: inventory.Overstock})
		for i := range faces {
			item := s.Item("MUG")
			items = append(items, item)
			s.Stock(item, over, 50)
			d.face(item, s.Bins[i], 4, 10)
			who = append(who, d.colleague("Somebody"))
		}
	})
	ask := func(int) error {
		return pg.InTx(ctx, db, func(tx *sql.Tx) error {
			_, err := inventory.Replenish(ctx, tx, site.Warehouse, sitetest.Noon)
			return err
		})
	}
	bring := func(by staff.ID, code string) (step scan.Step, err error) {
		err = pg.InTx(ctx, db, func(tx *sql.Tx) error {
			step, err = inventory.Bring(ctx, tx, site.Warehouse, scan.Scan{Key: uuid.New(), Code: code, Staff: by, At: sitetest.Noon})
			return err
		})
		return step, err
	}
	for _, err := range together(8, ask) {
		if err != nil {
			t.Fatal(err)
		}
	}
	count := func(state string) (n int) {
		t.Helper()
		if err := db.QueryRow(`select count(*) from replenishments where state = $1`, state).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count("open"); n != faces {
		t.Fatalf("%d are asked for, want one for each face", n)
	}
	var over inventory.LocationID
	if err := db.QueryRow(`select id from locations where code = 'O-01'`).Scan(&over); err != nil {
		t.Fatal(err)
	}
	for _, err := range together(faces+2, func(i int) error {
		switch i {
		case faces:
			for range 10 {
				if err := ask(0); err != nil {
					return err
				}
			}
			return nil
		case faces + 1:
			for n := range 20 {
				if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
					return inventory.Move(ctx, tx, site.Movement(items[n%faces], 1, over, site.Totes[0]))
				}); err != nil {
					return err
				}
			}
			return nil
		}
		step, err := bring(who[i], "X-NEW")
		if err != nil || step.Result != scan.Right {
			t.Errorf("%d: %s, %v", i, step.Message, err)
			return err
		}
		for _, code := range []string{"B-O-01", "+4", "+6", "B-" + step.Into} {
			if step, err := bring(who[i], code); err != nil || step.Result != scan.Right {
				t.Errorf("%s: %s, %v", code, step.Message, err)
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	for i, item := range items {
		if n := onHand(t, db, item, site.Bins[i]); n != 10 {
			t.Errorf("%d of item %d in its face, want 10", n, i)
		}
	}
	if err := ask(0); err != nil || count("open") != 0 || count("done") != faces {
		t.Errorf("%d open, %d done, %v", count("open"), count("done"), err)
	}
	var deadlocks int
	if err := db.QueryRow(`select deadlocks from pg_stat_database where datname = current_database()`).Scan(&deadlocks); err != nil || deadlocks > 0 {
		t.Errorf("%d deadlocks, %v", deadlocks, err)
	}
	if b := broken(t, db); len(b) > 0 {
		t.Errorf("broken: %q", b)
	}
}

func TestOKAsksForStockToBring(t *testing.T) {
	r := overstocked(t, 50)
	if step := r.scan("X-OK", scan.Wrong); step.Message != "Nothing waits to be brought." {
		t.Errorf("%+v", step)
	}
	r.promise("O-1.1", r.mug, 20)
	r.asked()
	if step := r.scan("X-OK", scan.Right); step.Target != "O-01" {
		t.Errorf("%+v", step)
	}
	r.scan("X-OK", scan.Wrong)
}
