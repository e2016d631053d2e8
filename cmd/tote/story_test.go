package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
)

// The stories in testdata/script tell each stage in the trade's words. Everybody in them is a browser without
// script before the real program ("tote serve", a process of its own) with a database of its own, its real outbox and
// its own inbox. A story begins in the house of testdata/house, unless it begins with "empty".
//
//	as NAME [ROLE…]        go on as somebody; roles hire them first (badge in $NAME), "hired" takes the badge that
//	                       the office printed; "as guest" is somebody off the street
//	at K-STATION           scan the station one works at
//	stock BIN SKU N        N pieces lay in the bin already when the story begins
//	open PATH              read a page
//	follow WORDS           click the link with these words (or this address) on the page or in the letter
//	fill FIELD=VALUE…      type into the form that has these fields and send it; @FILE is a file of the story
//	press WORDS [FIELD=VALUE…] type into the form of the button with these words and press it
//	post PATH [FIELD=VALUE…] send what no page offers
//	scan CODE…             pull the trigger on the scanning screen; with "!" the screen must say wrong
//	call METHOD PATH [JSON] ask the JSON API as whoever one is, with a token of one's own; NOW is this moment
//	again                  the last form, button or scan arrives a second time
//	see WORDS…             each is on the page; with "!" none is
//	count N WORDS          the page says so N times
//	kept FIELD=VALUE…      a form of the page still holds what was typed
//	status N               what the last answer was
//	mail ADDRESS WORDS…    wait for a letter with these words and read it; with "!" there is none once all letters are out
//	paint FILE SIDE SHADE  make a picture of so many pixels each way
//	save FILE PATH         keep what is downloaded
//	days N                 the service was off for N days: every date of the past is moved back, then it starts again and its jobs run
//	check                  "tote check" finds every law kept
//	tote ARGS…             run the program; with "!" it must fail
//	empty                  before anything else: a database with nothing in it
//
// open, follow, fill, press, post, call, again and save are to be answered well; with "!" they are to be refused.
var commands = map[string]func(s *story, neg bool, args []string){
	"as": (*story).as, "at": (*story).at, "stock": (*story).stock, "empty": (*story).empty,
	"open": (*story).open, "follow": (*story).follow, "fill": (*story).fill, "press": (*story).press, "post": (*story).post, "call": (*story).call, "scan": (*story).scan, "paint": (*story).paint, "again": (*story).again,
	"see": (*story).see, "count": (*story).count, "kept": (*story).kept, "status": (*story).status, "save": (*story).save,
	"mail": (*story).mail, "days": (*story).days, "check": (*story).check, "tote": (*story).tote,
}

func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Values["story"] = &story{t: env.T().(testing.TB), hands: map[string]*hand{}}
			return nil
		},
		Cmds: storyCommands(),
	})
}

func storyCommands() map[string]func(*testscript.TestScript, bool, []string) {
	all := map[string]func(*testscript.TestScript, bool, []string){}
	for name, do := range commands {
		all[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			s := ts.Value("story").(*story)
			s.TestScript = ts
			do(s, neg, args)
		}
	}
	return all
}

// story is one story while it is told.
type story struct {
	*testscript.TestScript
	t         testing.TB
	dsn       string
	db        *sql.DB
	address   string
	files     string // where the service keeps pictures
	service   program
	hands     map[string]*hand
	who       *hand
	warehouse inventory.WarehouseID
	boss      staff.ID
}

// begin starts the house and the program at the first command that needs them.
func (s *story) begin() {
	if s.dsn == "" {
		s.connect(pgtest.DSN(s.t))
		s.must(s.build())
	}
	if s.service.Cmd == nil {
		s.start()
	}
}

func (s *story) connect(dsn string) {
	s.dsn, s.address, s.files = dsn, freeAddress(s.t), s.t.TempDir()
	db, err := pg.Open(context.Background(), dsn, pg.PoolSize(2))
	s.must(err)
	s.t.Cleanup(func() { db.Close() })
	s.db = db
}

func (s *story) start() {
	s.service = tote(s.t, "serve", "--listen", s.address, "--database-url", s.dsn, "--files", s.files)
	if status, body := get(s.t, "http://"+s.address+"/readyz"); status != http.StatusOK {
		s.Fatalf("the service says %d %s", status, body)
	}
}

func (s *story) stop() {
	s.must(s.service.Process.Signal(syscall.SIGTERM))
	s.must(s.service.Wait())
}

// Logf and Fatalf speak to the script that tells the story, or to the test where a browser tells it.
func (s *story) Logf(format string, args ...any) {
	if s.TestScript == nil {
		s.t.Logf(format, args...)
		return
	}
	s.TestScript.Logf(format, args...)
}

func (s *story) Fatalf(format string, args ...any) {
	s.t.Helper()
	if s.TestScript == nil {
		s.t.Fatalf(format, args...)
	}
	s.TestScript.Fatalf(format, args...)
}

func (s *story) must(err error) {
	if err != nil {
		s.Fatalf("%v", err)
	}
}

func (s *story) inTx(fn func(ctx context.Context, tx *sql.Tx) error) {
	ctx := context.Background()
	s.must(pg.InTx(ctx, s.db, func(tx *sql.Tx) error { return fn(ctx, tx) }))
}

func (s *story) want(args []string, least int) {
	if len(args) < least {
		s.Fatalf("this command wants %d words", least)
	}
}

// empty begins with a database in which there is nothing, not even tables.
func (s *story) empty(bool, []string) { s.connect(pgtest.EmptyDSN(s.t)) }

// build sets up the house of testdata/house: its building, items, prices, customers and stations.
func (s *story) build() error {
	ctx := context.Background()
	return pg.InTx(ctx, s.db, func(tx *sql.Tx) (err error) {
		s.warehouse, err = inventory.AddWarehouse(ctx, tx, inventory.Warehouse{Code: "LEEDS", Name: "Leeds", TimeZone: "Europe/London", GS1Prefix: "9521234",
			Company: "Mugs & More Ltd", Street: "Dock Road 1", City: "Leeds", Postcode: "LS1 4AP", Country: "GB"})
		if err != nil {
			return err
		}
		boss, err := staff.Add(ctx, tx, staff.Member{Name: "Boss", Roles: []staff.Role{staff.Admin}, Warehouse: int64(s.warehouse)}, pin)
		if err != nil {
			return err
		}
		s.boss = boss.ID
		err = orders.SaveSettings(ctx, tx, orders.Settings{Company: "Mugs & More Ltd", Currency: "GBP", BaseURL: "http://" + s.address, MailFrom: "hello@mugs.example",
			TaxPermille: 200, ShippingBase: 390, PromiseDays: 3, FeedbackDays: 7, FeedbackFallbackDays: 14, ReminderDays: 7, ReturnDays: 30})
		if err != nil {
			return err
		}
		if err := s.furnish(ctx, tx); err != nil {
			return err
		}
		return s.label(ctx, tx)
	})
}

// furnish reads the files of the house.
func (s *story) furnish(ctx context.Context, tx *sql.Tx) error {
	for _, f := range []struct {
		name string
		read func(*os.File) (int, error)
	}{
		{"locations.csv", func(f *os.File) (int, error) { return inventory.ImportLocations(ctx, tx, s.warehouse, f) }},
		{"items.csv", func(f *os.File) (int, error) { return inventory.ImportItems(ctx, tx, s.warehouse, f) }},
		{"prices.csv", func(f *os.File) (int, error) { return orders.LoadPrices(ctx, tx, f) }},
		{"customers.csv", func(f *os.File) (int, error) { return orders.LoadCustomers(ctx, tx, f, s.boss, time.Now()) }},
	} {
		file, err := os.Open(filepath.Join("testdata", "house", f.name))
		if err != nil {
			return err
		}
		defer file.Close()
		if _, err := f.read(file); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	if _, _, err := inventory.AddTotes(ctx, tx, s.warehouse, 4); err != nil {
		return err
	}
	_, err := packing.AddType(ctx, tx, packing.Type{Warehouse: s.warehouse, Code: "S", Name: "Small box",
		Outer: [3]int64{410, 310, 260}, Inner: [3]int64{400, 300, 250}, WeightG: 150, MaxWeightG: 10_000})
	return err
}

// label makes the stations at the places of the house.
func (s *story) label(ctx context.Context, tx *sql.Tx) error {
	for _, k := range []struct {
		place string
		staff.Station
	}{
		{"PACK-1", staff.Station{Code: "K-1", Name: "Bench 1", Kind: "packing"}},
		{"DOOR-1", staff.Station{Code: "K-2", Name: "Door 1", Kind: "loading"}},
	} {
		place, err := inventory.FindLocation(ctx, tx, s.warehouse, labels.LocationCode(k.place))
		if err != nil {
			return err
		}
		k.Station.Warehouse, k.Station.Location = int64(s.warehouse), int64(place.ID)
		if _, err := staff.AddStation(ctx, tx, k.Station); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) stock(_ bool, args []string) {
	s.want(args, 3)
	s.begin()
	n, err := strconv.ParseInt(args[2], 10, 64)
	s.must(err)
	s.inTx(func(ctx context.Context, tx *sql.Tx) error {
		bin, err := inventory.FindLocation(ctx, tx, s.warehouse, labels.LocationCode(args[0]))
		if err != nil {
			return err
		}
		item, err := inventory.FindItem(ctx, tx, args[1])
		if err != nil {
			return err
		}
		return inventory.Adjust(ctx, tx, inventory.Movement{Warehouse: s.warehouse, Item: item.ID, To: bin.ID, Staff: s.boss, At: time.Now()}, n, "opening stock")
	})
}

// days moves what happened into the past, as if the service had been off for so long.
func (s *story) days(_ bool, args []string) {
	s.want(args, 1)
	s.begin()
	s.quiet()
	s.stop()
	s.inTx(func(ctx context.Context, tx *sql.Tx) error { return age(ctx, tx, args[0]) })
	s.start()
	s.wait("the jobs", func(ctx context.Context) (ran bool, err error) {
		err = s.db.QueryRowContext(ctx, `
			select count(*) = 3 from job_runs where finished_at is not null
			and (job, slot) in (('ask customers how it was', date_bin('1 hour', now(), 'epoch')), ('warn of dates that slip', date_bin('15 minutes', now(), 'epoch')),
				('ask for the counts that are due', date_bin('1 day', now(), 'epoch')))`).Scan(&ran)
		return ran, err
	})
}

// age moves every date on which feedback, promises and counts depend, and the slots in which jobs ran, n days back.
func age(ctx context.Context, tx *sql.Tx, n string) error {
	for _, statement := range []string{
		`update shipments set dispatched_at = dispatched_at - $1::text::interval, delivered_at = delivered_at - $1::text::interval`,
		`update tracking_events set at = at - $1::text::interval`,
		`update feedback set asked_at = asked_at - $1::text::interval, reminded_at = reminded_at - $1::text::interval`,
		`update orders set promised_on = promised_on - $1::text::interval, expected_on = expected_on - $1::text::interval,
			dates = (select coalesce(jsonb_object_agg(key, (value #>> '{}')::timestamptz - $1::text::interval), '{}') from jsonb_each(dates))`,
		`update demands set due = due - $1::text::interval`,
		`update counts set claimed_at = claimed_at - $1::text::interval, started_at = started_at - $1::text::interval, finished_at = finished_at - $1::text::interval`,
		`update count_tasks set asked_at = asked_at - $1::text::interval, again_at = again_at - $1::text::interval, closed_at = closed_at - $1::text::interval`,
		`update job_runs set slot = slot - interval '36500 days' - $1::text::interval`, // far away first, so that none meets another on its way
		`update job_runs set slot = slot + interval '36500 days' + 0 * $1::text::interval`,
	} {
		if _, err := tx.ExecContext(ctx, statement, n+" days"); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) check(bool, []string) {
	s.begin()
	s.quiet()
	s.tote(false, []string{"check"})
}

func (s *story) tote(neg bool, args []string) {
	if s.dsn == "" {
		s.begin()
	}
	command := exec.Command(os.Args[0], args...)
	command.Env = append(os.Environ(), programVariable+"=1", "DATABASE_URL="+s.dsn)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err := command.Run()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		s.Fatalf("%v", err)
	}
	if (err != nil) != neg {
		s.Fatalf("tote %s: %v\n%s", strings.Join(args, " "), err, &out)
	}
	s.Logf("%s", &out)
}
