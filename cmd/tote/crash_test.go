package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/migrations"
)

// The service is killed in the middle of a stream of scans, three times. After each restart every scan that was
// acknowledged is there, the one that was under way counts once however often it is sent, and no law is broken.
func TestKilledInAStreamOfScansLosesNone(t *testing.T) {
	data := filepath.Join(serverDir(t), "data")
	walks := crashYard(t, data)
	address := freeAddress(t)
	acknowledged := make([]int64, len(walks))
	for round := range 3 {
		p := tote(t, "serve", "--listen", address, "--data", data, "--log-level", "warn")
		get(t, "http://"+address+"/readyz")
		streams := make(chan stream, len(walks))
		for i, w := range walks {
			go func() { streams <- scanUntilItDies(i, w, address) }()
		}
		time.AfterFunc(time.Duration(300+150*round)*time.Millisecond, func() { p.Process.Kill() })
		var cut []stream
		for range walks {
			s := <-streams
			if s.refused != "" {
				t.Fatalf("picker %d was refused: %s", s.picker, s.refused)
			}
			acknowledged[s.picker] += s.counted
			cut = append(cut, s)
		}
		p.Wait()

		p = tote(t, "serve", "--listen", address, "--data", data, "--log-level", "warn")
		get(t, "http://"+address+"/readyz")
		for _, s := range cut {
			w := walks[s.picker]
			hand := trigger{http.DefaultClient, address, w.token}
			for range 3 { // the handheld tries until somebody answers, then the network doubles it
				if status, page, err := hand.pull(w.path(), w.barcode, s.underWay); err != nil || status != http.StatusOK {
					t.Fatalf("the scan under way was answered %d, %v: %.300s", status, err, page)
				}
			}
			acknowledged[s.picker]++
		}
		p.Process.Kill()
		p.Wait()
	}
	for i, n := range acknowledged {
		if n < 4 {
			t.Errorf("picker %d only had %d scans acknowledged: the kills came too early to prove anything", i, n)
		}
	}
	countScans(t, data, walks, acknowledged)
}

// stream is what one picker was told before the service died.
type stream struct {
	picker   int
	counted  int64
	underWay uuid.UUID // sent, never answered
	refused  string
}

func scanUntilItDies(picker int, w walk, address string) stream {
	s := stream{picker: picker}
	hand := trigger{http.DefaultClient, address, w.token}
	for {
		key := uuid.New()
		status, page, err := hand.pull(w.path(), w.barcode, key)
		switch {
		case err != nil:
			s.underWay = key
			return s
		case status != http.StatusOK:
			s.refused = page
			return s
		}
		s.counted++
	}
}

func crashYard(t *testing.T, data string) []walk {
	t.Helper()
	ctx := context.Background()
	server, err := pg.StartPrivate(ctx, data)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	db, err := pg.Open(ctx, server.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := migrations.Up(ctx, db); err != nil {
		t.Fatal(err)
	}
	if err := outbox.Migrate(ctx, db); err != nil {
		t.Fatal(err)
	}
	return yard(t, db, 4, 100_000)
}

// countScans looks into the books: as many units in each tote as were acknowledged, and every law kept.
func countScans(t *testing.T, data string, walks []walk, acknowledged []int64) {
	t.Helper()
	ctx := context.Background()
	server, err := pg.StartPrivate(ctx, data)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	db, err := pg.Open(ctx, server.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i, w := range walks {
		var there int64
		if err := db.QueryRow(`select coalesce(sum(on_hand), 0) from balances where location_id = $1`, w.tote).Scan(&there); err != nil {
			t.Fatal(err)
		}
		if there != acknowledged[i] {
			t.Errorf("picker %d was told of %d units, the tote holds %d", i, acknowledged[i], there)
		}
	}
	check := exec.Command(os.Args[0], "check", "--database-url", server.DSN())
	check.Env = append(os.Environ(), programVariable+"=1")
	said, err := check.CombinedOutput()
	if err != nil || !strings.Contains(string(said), "     0  ") {
		t.Errorf("tote check: %v\n%s", err, said)
	}
}
