package studio_test

import (
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/studio"
)

// TestNoSequenceReleasesAnUnapprovedFile does what people do in any order, much of it out of turn, and holds the laws and
// what is released against every step.
func TestNoSequenceReleasesAnUnapprovedFile(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := studio.Flow{Name: "Any", LeastPPI: 150, GoodPPI: 300, Art: rapid.Bool().Draw(r, "art"), Approval: rapid.Bool().Draw(r, "approval"),
			ApprovalOf: rapid.SampledFrom(studio.ApprovalsOf).Draw(r, "of")}
		f.ArtControl = f.Art && rapid.Bool().Draw(r, "control")
		if !f.Art || rapid.Bool().Draw(r, "asks") {
			f.Asks = "Photo"
			f.PictureCheck = rapid.Bool().Draw(r, "check")
		}
		tx := pgtest.Tx(t)
		defer func() { _ = tx.Rollback() }()
		h := open(t, tx, f)
		ref := h.ask()
		approved := map[string]bool{} // hashes a customer approved, or that nobody had to
		stale := h.answer(ref, studio.VerdictApproved)
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			h.at = h.at.Add(time.Minute)
			v, err := studio.Read(ctx, tx, h.Warehouse, ref)
			h.must(err)
			file := file(fmt.Sprint("art ", h.at.Unix(), ".png"), 2400, 3600)
			step := rapid.SampledFrom([]string{"send", "check", "refuse", "insist", "upload", "upload two", "pass", "back", "approve", "correct", "reject", "stale", "recall", "cancel"}).Draw(r, "step")
			_, savepoint := tx.Exec("savepoint step")
			h.must(savepoint)
			switch step {
			case "send":
				err = h.send(ref, file)
			case "check":
				err = h.check(true, ref)
			case "refuse":
				err = h.check(false, ref)
			case "insist":
				err = studio.Insist(ctx, tx, h.Warehouse, ref, studio.From{At: h.at})
			case "upload":
				err = h.upload(ref, v.Artist, file)
			case "upload two":
				other := file
				other.Hash = "ff" + other.Hash[2:]
				err = h.upload(ref, v.Artist, file, other)
			case "pass":
				err = h.control(ref, true, h.clara)
			case "back":
				err = h.control(ref, false, h.clara)
			case "approve":
				a := h.answer(ref, studio.VerdictApproved)
				a.Chosen = rapid.SampledFrom([][]int{nil, {1}, {2}, {1, 2}}).Draw(r, "chosen")
				if err = h.decide(a); err == nil {
					for _, w := range v.Current() {
						approved[string(w.Hash)] = len(a.Chosen) == 0 || len(v.Current()) == 1 || f.ApprovalOf == studio.AllOf || a.Chosen[0] == w.Proof || len(a.Chosen) > 1
					}
				}
			case "correct":
				err = h.decide(h.answer(ref, studio.VerdictCorrection))
			case "reject":
				err = h.decide(h.answer(ref, studio.VerdictRejected))
			case "stale":
				stale.At = h.at
				if err = h.decide(stale); err == nil {
					for _, hash := range stale.Seen {
						approved[string(hash)] = true
					}
				}
			case "recall":
				err = studio.CallBack(ctx, tx, h.Warehouse, ref, "Look again.", h.clara, h.at)
			case "cancel":
				err = studio.Cancel(ctx, tx, v.Document, 0, h.at)
			}
			if err != nil && fault.KindOf(err) == fault.Other {
				r.Fatalf("%s: %v", step, err)
			}
			if err != nil {
				_, undone := tx.Exec("rollback to savepoint step")
				h.must(undone)
			}
			released, err := studio.Released(ctx, tx, ref)
			h.must(err)
			for _, w := range released {
				if f.Approval && !approved[string(w.Hash)] {
					r.Fatalf("%s was released, and nobody approved it", w.Name)
				}
			}
			h.lawful()
			if t.Failed() {
				r.FailNow()
			}
		}
	})
}

// damages breaks each law, by its place in the list.
var damages = []string{
	`insert into art_jobs (ref, document, warehouse_id, item_id, sku, product, pieces, promised, flow_id, asks, image_check, art, art_control, approval, approval_of, least_ppi, good_ppi,
		print_width_mm, print_height_mm, state, since, decision_id)
	 select 'O-9.1', 'O-9', warehouse_id, item_id, sku, product, 1, promised, flow_id, asks, image_check, art, art_control, approval, approval_of, 0, 0, 0, 0, 'awaiting picture', since, null from art_jobs limit 1;
	 insert into art_events (job_id, at, state, what) select id, now(), 'approved', 'forged' from art_jobs where ref = 'O-9.1';
	 insert into art_decisions (job_id, stage, verdict, at) select id, 'flow', 'approved', now() from art_jobs where ref = 'O-9.1';
	 update art_jobs set state = 'approved', decision_id = (select max(id) from art_decisions) where ref = 'O-9.1'`,
	`insert into art_versions (job_id, number, proof, hash, preview, name, media_type, width, height, bytes, made_at)
	 select job_id, 2, 1, repeat('b', 64), preview, name, media_type, 1, 1, 1, made_at from art_versions where number = 1;
	 insert into art_decisions (job_id, stage, verdict, at) select job_id, 'customer', 'correction', now() + interval '1 year' from art_versions limit 1;
	 insert into art_decision_files (decision_id, job_id, verdict, version, hash) select d.id, d.job_id, d.verdict, 1, v.hash from art_decisions d join art_versions v on v.job_id = d.job_id and v.number = 1 order by d.id desc limit 1`,
	`insert into art_decisions (job_id, stage, verdict, at) select id, 'flow', 'approved', now() from art_jobs, generate_series(1, 2)`,
	`update art_jobs set state = 'picture check'`,
	`insert into art_decisions (job_id, stage, verdict, staff_id, at) select job_id, 'control', 'passed', made_by, now() from art_versions limit 1;
	 insert into art_decision_files (decision_id, job_id, verdict, version, hash) select d.id, d.job_id, d.verdict, v.number, v.hash from art_decisions d join art_versions v on v.job_id = d.job_id order by d.id desc limit 1`,
}

func TestCheckFindsEveryDamage(t *testing.T) {
	clean, err := studio.Check(ctx, pgtest.Tx(t))
	if err != nil || len(clean) != len(damages) {
		t.Fatalf("%d laws, %d damages, %v", len(clean), len(damages), err)
	}
	for i, damage := range damages {
		t.Run(clean[i].Name, func(t *testing.T) {
			h := open(t, pgtest.Tx(t), everything)
			h.toCustomer()
			h.lawful()
			if _, err := h.tx.Exec(damage); err != nil {
				t.Fatal(err)
			}
			laws, err := studio.Check(ctx, h.tx)
			h.must(err)
			if laws[i].Count == 0 {
				t.Error("nobody notices")
			}
		})
	}
}

func TestTheTablesRefuseWhatNobodyApproved(t *testing.T) {
	for name, attack := range map[string]string{
		"a state alone":          `update art_jobs set state = 'approved'`,
		"another job's decision": `update art_jobs set state = 'approved', decision_id = (select max(id) from art_decisions)`,
		"a changed version":      `update art_versions set hash = repeat('f', 64)`,
		"a lost decision":        `delete from art_decisions`,
		"another file":           `insert into art_decision_files select max(d.id), d.job_id, d.verdict, 1, repeat('f', 64) from art_decisions d group by d.job_id, d.verdict limit 1`,
	} {
		h := open(t, pgtest.Tx(t), everything)
		h.toCustomer()
		if _, err := h.tx.Exec(attack); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestOfManyAnswersAtOnceOneCounts(t *testing.T) {
	db := pgtest.DB(t)
	var h *house
	var ref string
	in := func(do func(*sql.Tx) error) error { return pg.InTx(ctx, db, do) }
	if err := in(func(tx *sql.Tx) error {
		h = open(t, tx, everything)
		ref, _ = h.toCustomer()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var yes, no studio.Answer
	if err := in(func(tx *sql.Tx) error {
		h.tx = tx
		yes, no = h.answer(ref, studio.VerdictApproved), h.answer(ref, studio.VerdictCorrection)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	counted := make(chan string, 60)
	for i := range 60 {
		wait.Go(func() {
			err := in(func(tx *sql.Tx) error {
				switch i % 3 {
				case 0:
					return studio.Decide(ctx, tx, h.Warehouse, yes)
				case 1:
					return studio.Decide(ctx, tx, h.Warehouse, no)
				}
				return studio.CallBack(ctx, tx, h.Warehouse, ref, "Wait.", h.Staff, noon)
			})
			if err == nil {
				counted <- []string{"approved", "correction", "called back"}[i%3]
			} else if fault.KindOf(err) != fault.Conflict {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if len(counted) != 1 {
		t.Errorf("%d answers counted, want 1", len(counted))
	}
	if err := in(func(tx *sql.Tx) error {
		h.tx = tx
		h.lawful()
		released, err := studio.Released(ctx, tx, ref)
		if first := <-counted; err != nil || (len(released) == 1) != (first == "approved") {
			t.Errorf("%s counted, %d files are released, %v", first, len(released), err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestArtistsNeverGetMoreThanTheirRoom(t *testing.T) {
	db := pgtest.DB(t)
	var h *house
	var refs []string
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		h = open(t, tx, everything)
		for range 30 {
			ref := h.ask()
			h.must(h.send(ref, file("cat.png", 2400, 3600)))
			refs = append(refs, ref)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for _, ref := range refs {
		wait.Go(func() {
			if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				return studio.CheckPictures(ctx, tx, h.Warehouse, studio.PictureVerdict{Refs: []string{ref}, Good: true, By: h.ivo, At: noon})
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	list, err := studio.Artists(ctx, db, h.Warehouse)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if a.With != a.MostOpen {
			t.Errorf("%s has %d jobs, want %d", a.Name, a.With, a.MostOpen)
		}
	}
}
