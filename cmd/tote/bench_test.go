package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/migrations"
)

// BenchmarkPicks measures picks through HTTP with 1, 16 and 64 clients, each beside pgbench doing the same statements
// with as many clients on the same server in the same run. The statements are not written down here: they are what
// the server logged of one scan through HTTP. Each client of either kind has a session, list, bin, item and tote of
// its own, and each run is counted from warmUp on, when its connections have their statements prepared.
//
// Units: picks per second, milliseconds, and the ratio of the two rates, which is the figure to quote.
func BenchmarkPicks(b *testing.B) {
	const most, each = 64, 6 * time.Second
	dir := serverDir(b)
	server, err := pg.StartPrivate(context.Background(), filepath.Join(dir, "data"), "log_line_prefix=@@%p@", "max_connections=200")
	if err != nil {
		b.Fatal(err)
	}
	defer server.Stop()
	walks := benchYard(b, server, most+1)
	address := freeAddress(b)
	tote(b, "serve", "--listen", address, "--database-url", server.DSN(), "--log-level", "warn")
	get(b, "http://"+address+"/readyz")

	script := filepath.Join(dir, "pick.sql")
	statements := captured(b, server, walks, address, dir)
	if err := os.WriteFile(script, []byte(statements), 0o644); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N {
		for _, clients := range []int{1, 16, most} {
			picksPerSecond(b, walks[:clients], address, warmUp)
			picks, p50, p95 := picksPerSecond(b, walks[:clients], address, each)
			raw := pgbench(b, server, script, clients, each)
			fmt.Printf("%2d clients: %6.0f picks/s (p50 %.1f ms, p95 %.1f ms), pgbench %6.0f/s, ratio %.2f\n", clients, picks, p50, p95, raw, picks/raw)
			b.ReportMetric(picks, fmt.Sprintf("picks/s@%d", clients))
			b.ReportMetric(p95, fmt.Sprintf("p95-ms@%d", clients))
			b.ReportMetric(picks/raw, fmt.Sprintf("ratio@%d", clients))
		}
	}
}

const warmUp = 2 * time.Second

// firsts are the numbers at which the keys of what a pick touches begin, so that they can be told apart in a logged
// statement.
var firsts = map[string]int64{
	"pick_lists": 1_000_000, "pick_tasks": 2_000_000, "items": 3_000_000, "locations": 4_000_000, "staff": 6_000_000, "demands": 7_000_000,
}

// keysOf is every key of a walk that its statements name.
func keysOf(b *testing.B, db *sql.DB, w walk, n int64) map[string]int64 {
	b.Helper()
	var task, bin, demand int64
	err := db.QueryRow(`select id, location_id, demand_id from pick_tasks where list_id = $1`, w.list).Scan(&task, &bin, &demand)
	if err != nil {
		b.Fatal(err)
	}
	return map[string]int64{"list": int64(w.list), "task": task, "item": int64(w.item), "picker": int64(w.picker.ID), "demand": demand,
		"bin": bin, "tote": int64(w.tote), "order": firstOrder + n, "walk": firstWalk + n}
}

func benchYard(b *testing.B, server *pg.Private, pickers int) []walk {
	b.Helper()
	ctx := context.Background()
	db, err := pg.Open(ctx, server.DSN())
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := migrations.Up(ctx, db); err != nil {
		b.Fatal(err)
	}
	if err := outbox.Migrate(ctx, db); err != nil {
		b.Fatal(err)
	}
	for table, first := range firsts {
		if _, err := db.Exec(fmt.Sprintf(`alter table %s alter column id restart with %d`, table, first)); err != nil {
			b.Fatal(err)
		}
	}
	walks := yard(b, db, pickers, 100_000)
	for i := range walks { // a session that pgbench can name too
		token := fmt.Sprintf("yard-%d", firstWalk+i)
		if _, err := db.Exec(`update sessions set token_hash = sha256($2) where staff_id = $1`, walks[i].picker.ID, []byte(token)); err != nil {
			b.Fatal(err)
		}
		walks[i].token = token
	}
	if _, err := db.Exec(`vacuum analyze`); err != nil {
		b.Fatal(err)
	}
	return walks
}

func picksPerSecond(b *testing.B, walks []walk, address string, each time.Duration) (rate, p50, p95 float64) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: len(walks)}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var took []time.Duration
	var group sync.WaitGroup
	began := time.Now()
	for _, w := range walks {
		group.Go(func() {
			var mine []time.Duration
			hand := trigger{client, address, w.token}
			for time.Since(began) < each {
				pulled := time.Now()
				status, page, err := hand.pull(w.path(), w.barcode, uuid.New())
				if err != nil || status != http.StatusOK || !strings.Contains(page, "+1 ") {
					b.Errorf("a pick was answered %d, %v: %.300s", status, err, page)
					return
				}
				mine = append(mine, time.Since(pulled))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
		})
	}
	group.Wait()
	if len(took) == 0 {
		b.Fatal("nothing was picked")
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	return float64(len(took)) / time.Since(began).Seconds(), at(0.5), at(0.95)
}

var tps = regexp.MustCompile(`progress: .* s, ([0-9.]+) tps`)

// pgbench is how many scripts a second so many clients run, with the planner's settings that the program asks for.
func pgbench(b *testing.B, server *pg.Private, script string, clients int, each time.Duration) (rate float64) {
	b.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if err != nil || len(found) == 0 {
		b.Fatal("pgbench is missing: apt-get install postgresql postgresql-client")
	}
	run := exec.Command(found[len(found)-1], "-n", "-M", "prepared", "-f", script, "-c", strconv.Itoa(clients), "-j", "2",
		"-P", strconv.Itoa(int(warmUp.Seconds())), "-T", strconv.Itoa(int((warmUp + each).Seconds())), server.DSN())
	run.Env = append(os.Environ(), "PGOPTIONS=-c random_page_cost="+planned(b, server))
	said, err := run.CombinedOutput()
	spans := tps.FindAllSubmatch(said, -1)
	if err != nil || len(spans) < 2 || strings.Contains(string(said), "aborted") {
		b.Fatalf("pgbench: %v\n%s", err, said)
	}
	for _, span := range spans[1:] { // the first is the warming up
		n, err := strconv.ParseFloat(string(span[1]), 64)
		if err != nil {
			b.Fatal(err)
		}
		rate += n / float64(len(spans)-1)
	}
	return rate
}

// planned is the price of a page that the program's connections plan with.
func planned(b *testing.B, server *pg.Private) (cost string) {
	b.Helper()
	db, err := pg.Open(context.Background(), server.DSN())
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`show random_page_cost`).Scan(&cost); err != nil {
		b.Fatal(err)
	}
	return cost
}

// captured is a pgbench script of one pick: what the server logged while one scan went through HTTP, with the keys of
// that walk replaced by those of the client's own.
func captured(b *testing.B, server *pg.Private, walks []walk, address, dir string) string {
	b.Helper()
	last := len(walks) - 1
	w := walks[last]
	ctx := context.Background()
	db, err := pg.Open(ctx, server.DSN())
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	hand := trigger{http.DefaultClient, address, w.token}
	pick := func(key uuid.UUID) {
		if status, page, err := hand.pull(w.path(), w.barcode, key); err != nil || status != http.StatusOK {
			b.Fatalf("a pick was answered %d, %v: %.300s", status, err, page)
		}
	}
	pick(uuid.New()) // statements are prepared now
	logging := func(what string) {
		for _, statement := range []string{`alter system set log_statement = '` + what + `'`, `select pg_reload_conf()`} {
			if _, err := db.Exec(statement); err != nil {
				b.Fatal(err)
			}
		}
	}
	logging("all")
	awaitSetting(b, db, "log_statement", "all")
	key := uuid.New()
	pick(key)
	logging("none")
	awaitSetting(b, db, "log_statement", "none")
	return scriptOf(b, readLogs(b, dir), w.token, key, keysOf(b, db, w, int64(last)), keysOf(b, db, walks[0], 0))
}
