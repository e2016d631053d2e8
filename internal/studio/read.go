package studio

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Queued is a job as a list shows it.
type Queued struct {
	Job
	ArtistName string
	Picture    files.Hash // preview of the first one in use
	Pictures   int        // in use
	Proof      files.Hash // preview of the first proof
	Proofs     int
	PPI        int // the least of its pictures; 0: the print has no size
	Cropped    int // the most of them, permille
	Warned     bool
	Note       string // what was said last when it was sent back
}

// Queue says which jobs a list shows.
type Queue struct {
	Warehouse inventory.WarehouseID
	States    []State
	Artist    staff.ID // 0: of any
	Why       Why      // "": all
	Overdue   bool     // only those whose reminders had no answer
	After     JobID    // the last one that was shown; lists go on behind it
	Limit     int
}

// Jobs lists jobs, the most urgent first.
func Jobs(ctx context.Context, q pg.Querier, f Queue) (_ []Queued, err error) {
	defer fault.Wrap(&err, "studio.Jobs")
	return pg.Collect(func(l *Queued) []any {
		return append(l.fields(), &l.ArtistName, &l.Picture, &l.Pictures, &l.PPI, &l.Cropped, &l.Proof, &l.Proofs, &l.Note)
	})(q.QueryContext(ctx, `
		with page as (
		    select j.* from art_jobs j
		    where j.warehouse_id = $1 and j.state = any($2) and ($3 = 0 or j.artist_id = $3) and ($4 = '' or j.why = $4) and (not $5 or j.overdue_at is not null)
		      and ($6 = 0 or (j.due, j.id) > (select a.due, a.id from art_jobs a where a.id = $6))
		    order by j.due, j.id limit $7)
		select `+jobColumns+`, coalesce(s.name, ''), coalesce(p.first, ''), p.number, p.ppi, p.cropped, coalesce(v.first, ''), v.number, coalesce(d.words, '')
		from page j
		left join staff s on s.id = j.artist_id
		cross join lateral (select (array_agg(preview order by number))[1] as first, count(*) as number, coalesce(min(ppi), 0) as ppi, coalesce(max(cropped), 0) as cropped
		                    from art_pictures where job_id = j.id and replaced_at is null) p
		cross join lateral (select (array_agg(preview order by number))[1] as first, count(*) as number from art_versions
		                    where job_id = j.id and number >= (select coalesce(max(number), 0) from art_versions where job_id = j.id and proof = 1)) v
		left join lateral (
		    select concat_ws(' · ', nullif(words, ''), (select string_agg(n || '. ' || (pin->>'words'), ' · ' order by n) from jsonb_array_elements(pins) with ordinality p (pin, n))) as words
		    from art_decisions where job_id = j.id and (words <> '' or pins <> '[]') order by id desc limit 1) d on true
		order by j.due, j.id`,
		f.Warehouse, pg.Array(f.States), f.Artist, f.Why, f.Overdue, f.After, f.Limit))
}

// Counted is how many jobs are in a state, and since when the oldest is.
type Counted struct {
	Jobs   int
	Oldest time.Time
}

// Counts is the jobs of a warehouse by state, and those of an artist by how they came to him.
func Counts(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, artist staff.ID) (byState map[State]Counted, byWhy map[Why]Counted, err error) {
	defer fault.Wrap(&err, "studio.Counts")
	type row struct {
		state State
		why   Why
		his   bool
		Counted
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.state, &r.why, &r.his, &r.Jobs, &r.Oldest} })(q.QueryContext(ctx, `
		select state, why, coalesce(artist_id = $2, false), count(*), min(since) from art_jobs
		where warehouse_id = $1 and state not in ('approved', 'cancelled') group by 1, 2, 3`, warehouse, artist))
	byState, byWhy = map[State]Counted{}, map[Why]Counted{}
	for _, r := range rows {
		byState[r.state] = byState[r.state].and(r.Counted)
		if r.his && r.state == Art {
			byWhy[r.why] = byWhy[r.why].and(r.Counted)
		}
	}
	return byState, byWhy, err
}

func (c Counted) and(more Counted) Counted {
	if c.Jobs == 0 || more.Oldest.Before(c.Oldest) {
		c.Oldest = more.Oldest
	}
	c.Jobs += more.Jobs
	return c
}

// Event is a line of a job's story.
type Event struct {
	At           time.Time
	By           string // "" = the customer, or Tote itself
	State        State
	What, Detail string
}

// View is everything about a job.
type View struct {
	Job
	ArtistName string
	Pictures   []Picture
	Versions   []Version
	Decisions  []Decision
	Events     []Event
}

// Current is its proofs as they are now.
func (v View) Current() []Version { return current(v.Versions) }

// Used is the pictures that were not replaced.
func (v View) Used() (list []Picture) {
	for _, p := range v.Pictures {
		if !p.Replaced {
			list = append(list, p)
		}
	}
	return list
}

// Released is the files that may be made, named by the approving decision.
func (v View) Released() (list []Version) {
	if v.State != Approved {
		return nil
	}
	for _, d := range v.Decisions {
		if d.ID != v.Decision {
			continue
		}
		for _, f := range d.Files {
			list = append(list, v.Versions[f.Version-1])
		}
	}
	return list
}

// Refusal is the last refusal of its pictures, nil where there was none.
func (v View) Refusal() *Decision {
	for i := len(v.Decisions) - 1; i >= 0; i-- {
		if d := &v.Decisions[i]; (d.Stage == StagePicture || d.Stage == StageCustomer) && d.Verdict != VerdictPassed && d.Verdict != VerdictApproved {
			return d
		}
	}
	return nil
}

// Read gathers everything about a job.
func Read(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, ref string) (v View, err error) {
	defer fault.Wrap(&err, "studio.Read(%q)", short(ref))
	if v.Job, err = Get(ctx, q, warehouse, ref); err != nil {
		return v, err
	}
	return v, v.read(ctx, q)
}

func (v *View) read(ctx context.Context, q pg.Querier) (err error) {
	if v.Pictures, err = Pictures(ctx, q, v.ID); err != nil {
		return err
	}
	if v.Versions, err = Versions(ctx, q, v.ID); err != nil {
		return err
	}
	if v.Decisions, err = Decisions(ctx, q, v.ID); err != nil {
		return err
	}
	if v.Events, err = events(ctx, q, v.ID); err != nil {
		return err
	}
	return q.QueryRowContext(ctx, `select coalesce((select name from staff where id = $1), '')`, v.Artist).Scan(&v.ArtistName)
}

func events(ctx context.Context, q pg.Querier, job JobID) ([]Event, error) {
	return pg.Collect(func(e *Event) []any { return []any{&e.At, &e.By, &e.State, &e.What, &e.Detail} })(q.QueryContext(ctx, `
		select e.at, coalesce(s.name, ''), e.state, e.what, e.detail from art_events e left join staff s on s.id = e.staff_id where e.job_id = $1 order by e.id`, job))
}

// Of is the jobs of a document, by line.
func Of(ctx context.Context, q pg.Querier, document string) (_ []Queued, err error) {
	defer fault.Wrap(&err, "studio.Of(%q)", short(document))
	return pg.Collect(func(l *Queued) []any { return append(l.fields(), &l.ArtistName) })(q.QueryContext(ctx, `
		select `+jobColumns+`, coalesce(s.name, '') from art_jobs j left join staff s on s.id = j.artist_id where j.document = $1 order by j.id`, document))
}

// File finds a file of a job by its hash, with the name it is downloaded under: one of its pictures, or of its versions.
func (v View) File(hash files.Hash) (f File, name string, err error) {
	n := 0
	for _, p := range v.Pictures {
		if !p.Replaced {
			n++
		}
		if p.Hash == hash {
			return p.File, v.PictureName(max(n, 1), p.File), nil
		}
	}
	for _, w := range v.Versions {
		if w.Hash == hash {
			return w.File, v.FileName() + " " + Letter(w.Proof) + w.Extension(), nil
		}
	}
	return f, "", fault.New(fault.NotFound, "There is no such file.")
}

// ByRef finds a job whatever its warehouse: the customer's link has said already whose it is.
func ByRef(ctx context.Context, q pg.Querier, ref string) (v View, err error) {
	defer fault.Wrap(&err, "studio.ByRef(%q)", short(ref))
	err = q.QueryRowContext(ctx, `select `+jobColumns+` from art_jobs j where j.ref = $1`, ref).Scan(v.fields()...)
	if err == sql.ErrNoRows {
		return v, errNoJob(ref)
	}
	if err != nil {
		return v, err
	}
	return v, v.read(ctx, q)
}
