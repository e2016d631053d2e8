package scan_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/internal/staff"
)

var (
	ctx = context.Background()
	now = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
)

func picker(t testing.TB, tx *sql.Tx) staff.ID {
	t.Helper()
	var id staff.ID
	err := tx.QueryRowContext(ctx, `
		with w as (
			insert into warehouses (code, name, gs1_prefix, company, street, city, postcode, country)
			values ('W1', 'Main', '2012345', 'Tote', 'Dock Road 1', 'Hull', 'HU1 1AA', 'GB')
			returning id
		)
		insert into staff (name, badge, pin_hash, roles, warehouse_id)
		select 'Ada', $1, '', '{picker}', id from w
		returning id`, staff.NewBadge()).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAScanSentTenTimesAtOnceCountsOnce(t *testing.T) {
	db := pgtest.DB(t)
	var ada staff.ID
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		ada = picker(t, tx)
		_, err := tx.ExecContext(ctx, `create table taken (n int)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s := scan.Scan{Key: uuid.New(), Code: "4006381333931", Staff: ada, At: now}
	steps := make([]scan.Step, 10)
	var fresh atomic.Int64
	var all sync.WaitGroup
	for i := range steps {
		all.Go(func() {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
				steps[i], err = scan.Once(ctx, tx, s, "P-104", func() (scan.Step, error) {
					_, err := tx.ExecContext(ctx, `insert into taken values ($1)`, i)
					return scan.Step{Result: scan.Right, Message: "+1 mug", Next: "Scan the tote", Detail: []string{"Mug", "🙂 \"x\""}, Quantity: 2}, err
				})
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if !steps[i].Replayed {
				fresh.Add(1)
			}
		})
	}
	all.Wait()
	var taken int
	if err := db.QueryRow(`select count(*) from taken`).Scan(&taken); err != nil || taken != 1 {
		t.Errorf("it counted %d times, %v", taken, err)
	}
	if fresh.Load() != 1 {
		t.Errorf("%d answers claim to be the first", fresh.Load())
	}
	for _, step := range steps[1:] {
		if diff := cmp.Diff(steps[0], step, cmpopts.IgnoreFields(scan.Step{}, "Replayed")); diff != "" {
			t.Errorf("answers differ: %s", diff)
		}
	}
}

func TestAKeyIsForOneScan(t *testing.T) {
	tx := pgtest.Tx(t)
	ada := picker(t, tx)
	right := func() (scan.Step, error) { return scan.Step{Message: "yes"}, nil }
	s := scan.Scan{Key: uuid.New(), Code: "B-A-07", Staff: ada, At: now}
	if _, err := scan.Once(ctx, tx, s, "P-104", right); err != nil {
		t.Fatal(err)
	}
	forged := func() (scan.Step, error) { t.Error("it ran"); return scan.Step{}, nil }
	other := s
	other.Code = "B-A-08"
	if _, err := scan.Once(ctx, tx, other, "P-104", forged); !errors.Is(err, fault.Conflict) {
		t.Errorf("other code: %v", err)
	}
	other = s
	other.Staff++
	if _, err := scan.Once(ctx, tx, other, "P-104", forged); !errors.Is(err, fault.Conflict) {
		t.Errorf("other person: %v", err)
	}
	if _, err := scan.Once(ctx, tx, s, "P-105", forged); !errors.Is(err, fault.Conflict) {
		t.Errorf("other document: %v", err)
	}
	other = s
	other.Key = uuid.UUID{}
	if _, err := scan.Once(ctx, tx, other, "P-104", forged); !errors.Is(err, fault.Invalid) {
		t.Errorf("no key: %v", err)
	}
}

func TestRepeatedCodesAreTwoScans(t *testing.T) {
	tx := pgtest.Tx(t)
	ada := picker(t, tx)
	count := 0
	for range 2 {
		step, err := scan.Once(ctx, tx, scan.Scan{Key: uuid.New(), Code: "4006381333931", Staff: ada, At: now}, "P-104",
			func() (scan.Step, error) { count++; return scan.Step{}, nil })
		if err != nil || step.Replayed {
			t.Fatal(step, err)
		}
	}
	if count != 2 {
		t.Errorf("counted %d", count)
	}
}

func TestAFailedScanMayBeSentAgain(t *testing.T) {
	tx := pgtest.Tx(t)
	s := scan.Scan{Key: uuid.New(), Code: "B-A-07", Staff: picker(t, tx), At: now}
	broken := errors.New("broken")
	if _, err := scan.Once(ctx, tx, s, "P-104", func() (scan.Step, error) { return scan.Step{}, broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	step, err := scan.Once(ctx, tx, s, "P-104", func() (scan.Step, error) { return scan.Step{Message: "now"}, nil })
	if err != nil || step.Message != "now" || step.Replayed {
		t.Errorf("%+v, %v", step, err)
	}
}

func TestTheLastScans(t *testing.T) {
	tx := pgtest.Tx(t)
	ada := picker(t, tx)
	var keys []scan.Key
	var last scan.Step
	for _, step := range []scan.Step{
		{Result: scan.Right, Message: "one"}, {Result: scan.Right, Message: "two"}, {Result: scan.Wrong, Message: "three"},
		{Result: scan.Right, Message: "four"}, {Result: scan.Decide, Message: "five"}, {Result: scan.Right, Message: "six: took two back"},
	} {
		key := uuid.New()
		keys = append(keys, key)
		var err error
		last, err = scan.Once(ctx, tx, scan.Scan{Key: key, Code: step.Message, Staff: ada, At: now}, "P-104", func() (scan.Step, error) {
			if len(keys) == 6 {
				return step, scan.TakeBack(ctx, tx, keys[1], key)
			}
			return step, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []scan.Recent{
		{Key: keys[5], Message: "six: took two back", Result: scan.Right},
		{Key: keys[4], Message: "five", Result: scan.Decide},
		{Key: keys[3], Message: "four", Result: scan.Right, Undoable: true},
		{Key: keys[2], Message: "three", Result: scan.Wrong},
		{Key: keys[1], Message: "two", Result: scan.Right},
	}
	if diff := cmp.Diff(want, last.Recent); diff != "" {
		t.Errorf("in the answer: %s", diff)
	}
	list, err := scan.Last(ctx, tx, "P-104", 5)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("in the log: %s", diff)
	}
	if err := scan.TakeBack(ctx, tx, keys[1], keys[5]); !errors.Is(err, fault.Conflict) {
		t.Errorf("taken back twice: %v", err)
	}
}

// However often scans are refused, the last that counted stays in the list, and with it its Undo.
func TestTheLastThatCountedStaysInTheList(t *testing.T) {
	tx := pgtest.Tx(t)
	ada := picker(t, tx)
	var keys []scan.Key
	var last scan.Step
	send := func(result scan.Result, takes ...scan.Key) {
		t.Helper()
		keys = append(keys, uuid.New())
		key := keys[len(keys)-1]
		var err error
		last, err = scan.Once(ctx, tx, scan.Scan{Key: key, Code: "x", Staff: ada, At: now}, "P-104", func() (scan.Step, error) {
			for _, k := range takes {
				if err := scan.TakeBack(ctx, tx, k, key); err != nil {
					return scan.Step{}, err
				}
			}
			return scan.Step{Result: result, Message: "x"}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	// the list is these scans, by their number, and only the one of them has an Undo
	lists := func(undoable int, want ...int) {
		t.Helper()
		log, err := scan.Last(ctx, tx, "P-104", 5)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(last.Recent, log); diff != "" {
			t.Errorf("the answer and the log differ: %s", diff)
		}
		var got []int
		for _, r := range log {
			i := slices.Index(keys, r.Key)
			if got = append(got, i); r.Undoable != (i == undoable) {
				t.Errorf("scan %d: undoable is %v", i, r.Undoable)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the list: %s", diff)
		}
	}
	for range 6 {
		send(scan.Wrong)
	}
	lists(-1, 5, 4, 3, 2, 1)
	send(scan.Right)
	send(scan.Done)
	send(scan.Right, keys[7])
	for range 2 {
		send(scan.Wrong)
	}
	lists(6, 10, 9, 8, 7, 6)
	send(scan.Decide)
	lists(6, 11, 10, 9, 8, 6)
	for range 20 {
		send(scan.Wrong)
	}
	lists(6, 31, 30, 29, 28, 6)
	send(scan.Right, keys[6])
	for range 5 {
		send(scan.Wrong)
	}
	lists(-1, 37, 36, 35, 34, 33)
}

func TestClean(t *testing.T) {
	for raw, want := range map[string]string{
		" 4006381333931\r\n":               "4006381333931",
		"\ufeffT-12\t":                     "T-12",
		"]C10104006381333931^]10AB":        "]C10104006381333931\x1d10AB",
		`010400638133393110AB\x1D17261122`: "010400638133393110AB\x1d17261122",
		"0104006381333931␝10AB":            "0104006381333931\x1d10AB",
		"010400638133393110AB~17261122":    "010400638133393110AB\x1d17261122",
		"\x1d010400638133393110AB":         "\x1d010400638133393110AB",
		"Mug ~ blue":                       "Mug ~ blue",
		"O-1001.2":                         "O-1001.2",
	} {
		if got, err := scan.Clean(raw); err != nil || got != want {
			t.Errorf("Clean(%q) = %q, %v, want %q", raw, got, err, want)
		}
	}
	for _, raw := range []string{"", " \r\n", "a\x00b", "a\x1bb", "\xff\xfe", "a\u202eb", "a\u200bb", strings.Repeat("4", 4097)} {
		if got, err := scan.Clean(raw); !errors.Is(err, fault.Invalid) || fault.Message(err) == "" {
			t.Errorf("Clean(%.20q) = %q, %v", raw, got, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("]C10104006381333931^]10AB~17\x1d")
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := scan.Clean(raw)
		if err != nil {
			return
		}
		if again, err := scan.Clean(got); err != nil || again != got {
			t.Errorf("Clean(%q) = %q, but again %q, %v", raw, got, again, err)
		}
		if strings.ContainsRune(got, 0) || got == "" {
			t.Errorf("Clean(%q) = %q", raw, got)
		}
	})
}

func TestCheckFindsEveryDamage(t *testing.T) {
	tx := pgtest.Tx(t)
	ada := picker(t, tx)
	first := scan.Scan{Key: uuid.New(), Code: "B-A-07", Staff: ada, At: now}
	undo := scan.Scan{Key: uuid.New(), Code: "X-UNDO", Staff: ada, At: now}
	right := func() (scan.Step, error) { return scan.Step{}, nil }
	if _, err := scan.Once(ctx, tx, first, "P-104", right); err != nil {
		t.Fatal(err)
	}
	if _, err := scan.Once(ctx, tx, undo, "P-104", func() (scan.Step, error) { return scan.Step{}, scan.TakeBack(ctx, tx, first.Key, undo.Key) }); err != nil {
		t.Fatal(err)
	}
	for damage, want := range map[string]int{
		`select 1`: 0,
		`update scans set undone_by = gen_random_uuid() where undone_by is not null`: 1,
		`update scans set undone_by = key where undone_by is not null`:               1,
		`update scans set result = 'wrong' where raw = 'X-UNDO'`:                     1,
	} {
		for _, s := range []string{`savepoint damage`, damage} {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				t.Fatal(err)
			}
		}
		laws, err := scan.Check(ctx, tx)
		if err != nil || laws[0].Count != want {
			t.Errorf("%s: broken %d times, want %d, %v", damage, laws[0].Count, want, err)
		}
		if _, err := tx.ExecContext(ctx, `rollback to savepoint damage`); err != nil {
			t.Fatal(err)
		}
	}
}
