package studio

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// BatchID is a batch's row.
type BatchID int64

// MostFiles is how many files one batch takes.
const MostFiles = 200

// BatchFile is a file of a batch, and what it was taken for.
type BatchFile struct {
	Number int
	File
	Fault  string // why it cannot be used; "" = it can
	Match         // among the batch's Jobs
	Stored string // the line it was stored with
}

// Batch is many finished files at once. They belong to no job before somebody has looked at what each was taken for.
type Batch struct {
	ID    BatchID
	Made  time.Time
	Done  bool // it was stored
	Files []BatchFile
	Jobs  []Job // that wait for this artist's files
}

// OpenBatch is the batch that an artist puts files into now, a new one where the last was stored.
func OpenBatch(ctx context.Context, tx *sql.Tx, by staff.ID, at time.Time) (id BatchID, err error) {
	defer fault.Wrap(&err, "studio.OpenBatch")
	if _, err := tx.ExecContext(ctx, `select from staff where id = $1 for update`, by); err != nil { // two windows share one batch
		return 0, err
	}
	if id, err = OpenNow(ctx, tx, by); err == nil && id == 0 {
		err = tx.QueryRowContext(ctx, `insert into art_batches (staff_id, made_at) values ($1, $2) returning id`, by, at).Scan(&id)
	}
	return id, err
}

// OpenNow is the batch that an artist puts files into now, 0 where there is none.
func OpenNow(ctx context.Context, q pg.Querier, by staff.ID) (id BatchID, err error) {
	defer fault.Wrap(&err, "studio.OpenNow")
	err = q.QueryRowContext(ctx, `select coalesce(max(id), 0) from art_batches where staff_id = $1 and stored_at is null`, by).Scan(&id)
	return id, err
}

// lockBatch locks an artist's own open batch.
func lockBatch(ctx context.Context, tx *sql.Tx, id BatchID, by staff.ID) error {
	var stored bool
	err := tx.QueryRowContext(ctx, `select stored_at is not null from art_batches where id = $1 and staff_id = $2 for update`, id, by).Scan(&stored)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.NotFound, "There is no such upload.")
	case err == nil && stored:
		return fault.New(fault.Conflict, "These files are stored already. Begin a new upload.")
	}
	return err
}

// Put adds a file to an open batch; one that cannot be used is kept with the reason, so that no file is lost without a word.
// The same bytes under the same name are one file, however often they are sent.
func Put(ctx context.Context, tx *sql.Tx, id BatchID, f File, refused string, by staff.ID) (err error) {
	defer fault.Wrap(&err, "studio.Put(%d)", id)
	if err := lockBatch(ctx, tx, id, by); err != nil {
		return err
	}
	var there int
	var again bool
	if err := tx.QueryRowContext(ctx, `
		select count(*), coalesce(bool_or(name = $2 and hash = $3), false) from art_batch_files where batch_id = $1`, id, f.Name, f.Hash).Scan(&there, &again); err != nil || again {
		return err
	}
	if there >= MostFiles {
		return fault.New(fault.Conflict, "Up to %d files at once. Store these first.", MostFiles)
	}
	_, err = tx.ExecContext(ctx, `
		insert into art_batch_files (batch_id, number, name, hash, preview, media_type, width, height, bytes, fault)
		values ($1, 1 + (select coalesce(max(number), 0) from art_batch_files where batch_id = $1), $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, f.Name, f.Hash, f.Preview, f.Type, f.Width, f.Height, f.Bytes, refused)
	return err
}

// Drop takes files out of an open batch, all of them where none is named.
func Drop(ctx context.Context, tx *sql.Tx, id BatchID, numbers []int64, by staff.ID) (err error) {
	defer fault.Wrap(&err, "studio.Drop(%d)", id)
	if err := lockBatch(ctx, tx, id, by); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `delete from art_batch_files where batch_id = $1 and (number = any($2) or cardinality($2::bigint[]) = 0)`, id, pg.Array(numbers))
	return err
}

// ReadBatch shows an artist's batch: every file, with the job it seems to belong to. Batch 0 has no files.
func ReadBatch(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id BatchID, by staff.ID) (b Batch, err error) {
	defer fault.Wrap(&err, "studio.ReadBatch(%d)", id)
	if b.Jobs, err = waitingFor(ctx, q, warehouse, by); err != nil || id == 0 {
		return b, err
	}
	err = q.QueryRowContext(ctx, `select id, made_at, stored_at is not null from art_batches where id = $1 and staff_id = $2`, id, by).Scan(&b.ID, &b.Made, &b.Done)
	if errors.Is(err, sql.ErrNoRows) {
		return b, fault.New(fault.NotFound, "There is no such upload.")
	}
	if err != nil {
		return b, err
	}
	b.Files, err = pg.Collect(func(f *BatchFile) []any {
		return []any{&f.Number, &f.Name, &f.Hash, &f.Preview, &f.Type, &f.Width, &f.Height, &f.Bytes, &f.Fault, &f.Stored}
	})(q.QueryContext(ctx, `
		select f.number, f.name, f.hash, f.preview, f.media_type, f.width, f.height, f.bytes, f.fault, coalesce(j.ref, '')
		from art_batch_files f left join art_jobs j on j.id = f.job_id where f.batch_id = $1 order by f.number`, id))
	for i := range b.Files {
		b.Files[i].Match = Find(b.Files[i].Name, b.Jobs)
	}
	return b, err
}

// waitingFor is the jobs that take an artist's files now, by line.
func waitingFor(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, artist staff.ID) ([]Job, error) {
	return pg.Collect((*Job).fields)(q.QueryContext(ctx, `
		select `+jobColumns+` from art_jobs j where j.warehouse_id = $1 and j.artist_id = $2 and j.state = 'art' order by j.due, j.id`, warehouse, artist))
}

// Chosen says which job a file of a batch is for, "" for none of them.
type Chosen struct {
	Number int
	Ref    string
}

// Store gives the files of a batch to the jobs that were chosen for them, all or none. Several files of one job are its
// proofs A, B, C in their order. What was left out waits in the next batch.
func Store(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, id BatchID, list []Chosen, by staff.ID, at time.Time) (stored int, err error) {
	defer fault.Wrap(&err, "studio.Store(%d)", id)
	if err := lockBatch(ctx, tx, id, by); err != nil {
		return 0, err
	}
	b, err := ReadBatch(ctx, tx, warehouse, id, by)
	if err != nil {
		return 0, err
	}
	uploads, err := b.uploads(list)
	if err != nil {
		return 0, err
	}
	for _, u := range uploads {
		u.By, u.At = by, at
		if err := Add(ctx, tx, warehouse, u.Upload); err != nil {
			return 0, err
		}
		if err := b.keep(ctx, tx, u); err != nil {
			return 0, err
		}
		stored += len(u.Proofs)
	}
	if _, err := tx.ExecContext(ctx, `update art_batches set stored_at = $2 where id = $1`, id, at); err != nil {
		return 0, err
	}
	return stored, leaveOver(ctx, tx, id, by, at)
}

// leaveOver keeps what was left out in a batch of its own: nothing that was sent is lost without a word.
func leaveOver(ctx context.Context, tx *sql.Tx, id BatchID, by staff.ID, at time.Time) error {
	var left bool
	if err := tx.QueryRowContext(ctx, `select exists (select from art_batch_files where batch_id = $1 and job_id is null and fault = '')`, id).Scan(&left); err != nil || !left {
		return err
	}
	next, err := OpenBatch(ctx, tx, by, at)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `update art_batch_files set batch_id = $2 where batch_id = $1 and job_id is null and fault = ''`, id, next)
	return err
}

// batchUpload is what a batch has for one job.
type batchUpload struct {
	Upload
	numbers []int64
}

func (b Batch) uploads(list []Chosen) ([]batchUpload, error) {
	var wrong fault.Fields
	byRef := map[string]*batchUpload{}
	var order []*batchUpload
	for i, c := range list {
		at := slices.IndexFunc(b.Files, func(f BatchFile) bool { return f.Number == c.Number })
		if c.Ref == "" || at < 0 {
			continue
		}
		if b.Files[at].Fault != "" {
			wrong.Add(fmt.Sprintf("lines.%d.ref", i), "%s cannot be used: %s", b.Files[at].Name, b.Files[at].Fault)
			continue
		}
		job := slices.IndexFunc(b.Jobs, func(j Job) bool { return j.Ref == c.Ref })
		if job < 0 {
			wrong.Add(fmt.Sprintf("lines.%d.ref", i), "%s does not wait for your file any more.", short(c.Ref))
			continue
		}
		if problem := b.Jobs[job].TooFew(b.Files[at].File); problem != "" {
			wrong.Add(fmt.Sprintf("lines.%d.ref", i), "%s Leave it out, or send a larger one.", problem)
			continue
		}
		u := byRef[c.Ref]
		if u == nil {
			u = &batchUpload{Upload: Upload{Ref: c.Ref}}
			byRef[c.Ref], order = u, append(order, u)
		}
		u.Proofs, u.numbers = append(u.Proofs, b.Files[at].File), append(u.numbers, int64(c.Number))
	}
	if len(order) == 0 && len(wrong) == 0 {
		wrong.Add("lines", "No file is matched with a line. Choose the line of at least one.")
	}
	all := make([]batchUpload, len(order))
	for i, u := range order {
		all[i] = *u
	}
	slices.SortFunc(all, func(x, y batchUpload) int { return cmpRef(b.Jobs, x.Ref, y.Ref) })
	return all, wrong.Err()
}

// cmpRef sorts by the jobs' ids: jobs are locked in one order everywhere.
func cmpRef(jobs []Job, x, y string) int {
	id := func(ref string) JobID {
		return jobs[slices.IndexFunc(jobs, func(j Job) bool { return j.Ref == ref })].ID
	}
	return int(id(x) - id(y))
}

func (b Batch) keep(ctx context.Context, tx *sql.Tx, u batchUpload) error {
	_, err := tx.ExecContext(ctx, `
		update art_batch_files set job_id = (select id from art_jobs where ref = $3),
			version = (select max(number) from art_versions where job_id = (select id from art_jobs where ref = $3))
		where batch_id = $1 and number = any($2)`, b.ID, pg.Array(u.numbers), u.Ref)
	return err
}
