package studio

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Wanted is artwork that a line of an order needs before it can be made.
type Wanted struct {
	Ref, Document string // "O-1001.2" of "O-1001"
	Warehouse     inventory.WarehouseID
	Item          inventory.ItemID
	SKU, Product  string
	Detail        string // what the customer chose: "LivingRoom,Full"
	Pieces        int64
	Due           time.Time           // the promise to the customer
	Dates         map[State]time.Time // by when each step must be done; without one: Due
}

// Ask begins a job for each of the lines whose item goes a flow's way, and tells which those are. Lines of other items
// are none of the studio's business.
func Ask(ctx context.Context, tx *sql.Tx, list []Wanted, by staff.ID, at time.Time) (begun []Job, err error) {
	defer fault.Wrap(&err, "studio.Ask(%d lines)", len(list))
	flows, err := flowsOf(ctx, tx, list)
	if err != nil || len(flows) == 0 {
		return nil, err
	}
	for _, w := range list {
		f, custom := flows[w.Item]
		if !custom {
			continue
		}
		j, err := begin(ctx, tx, w, f, at)
		if err != nil {
			return nil, err
		}
		begun = append(begun, j)
	}
	for i := range begun {
		if err := begun[i].start(ctx, tx, by, at); err != nil {
			return nil, err
		}
	}
	return begun, handOut(ctx, tx, at)
}

// way is how an item goes.
type way struct {
	item          inventory.ItemID
	flow          FlowID
	width, height int
}

func flowsOf(ctx context.Context, q pg.Querier, list []Wanted) (map[inventory.ItemID]way, error) {
	ways, err := pg.Collect(func(w *way) []any { return []any{&w.item, &w.flow, &w.width, &w.height} })(q.QueryContext(ctx, `
		select item_id, flow_id, print_width_mm, print_height_mm from custom_items where item_id = any($1)`,
		pg.Column(list, func(w Wanted) inventory.ItemID { return w.Item })))
	found := map[inventory.ItemID]way{}
	for _, w := range ways {
		found[w.item] = w
	}
	return found, err
}

// begin stores a job with the steps its flow has now.
func begin(ctx context.Context, tx *sql.Tx, w Wanted, f way, at time.Time) (j Job, err error) {
	err = tx.QueryRowContext(ctx, `
		insert into art_jobs as j (ref, document, warehouse_id, item_id, sku, product, detail, pieces, promised, flow_id, asks, image_check, art, art_control,
			approval, approval_of, least_ppi, good_ppi, print_width_mm, print_height_mm, state, since, due_check, due_art, due_control, due_approval)
		select $1, $2, $3, $4, $5, $6, $7, $8, $9, f.id, f.asks, f.image_check, f.art, f.art_control,
			f.approval, f.approval_of, f.least_ppi, f.good_ppi, $11, $12, 'awaiting picture', $13, $14, $15, $16, $17
		from flows f where f.id = $10
		returning `+jobColumns,
		append([]any{w.Ref, w.Document, w.Warehouse, w.Item, w.SKU, w.Product, w.Detail, w.Pieces, w.Due, f.flow, f.width, f.height, at}, dues(w.Dates)...)...).Scan(j.fields()...)
	return j, err
}

// start is the first step of a job: a picture is asked for, or an artist draws from words.
func (j *Job) start(ctx context.Context, tx *sql.Tx, by staff.ID, at time.Time) error {
	if j.Asks == "" {
		return j.become(ctx, tx, Art, by, at, "ordered", "drawn from words")
	}
	if err := j.tell(ctx, tx, by, at, "ordered", "the customer sends: "+j.Asks); err != nil {
		return err
	}
	return outbox.Put(ctx, tx, j.fact("picture.asked"))
}

// Amend tells a job how many pieces are wanted now; 0 cancel it.
func Amend(ctx context.Context, tx *sql.Tx, ref string, pieces int64, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "studio.Amend(%q)", ref)
	if pieces == 0 {
		return cancel(ctx, tx, `ref = $1`, ref, by, at)
	}
	_, err = tx.ExecContext(ctx, `update art_jobs set pieces = $2 where ref = $1 and pieces <> $2`, ref, pieces)
	return err
}

// dues are the dates as the columns due_check, due_art, due_control and due_approval take them.
func dues(dates map[State]time.Time) (list []any) {
	for _, s := range []State{PictureCheck, Art, ArtControl, Approval} {
		due, ok := dates[s]
		list = append(list, sql.NullTime{Time: due, Valid: ok})
	}
	return list
}

// Redate tells the jobs of a document for when it is promised now, and by when each step must be done.
func Redate(ctx context.Context, tx *sql.Tx, document string, promised time.Time, dates map[State]time.Time) (err error) {
	defer fault.Wrap(&err, "studio.Redate(%q)", document)
	_, err = tx.ExecContext(ctx, `
		update art_jobs set promised = $2, due_check = $3, due_art = $4, due_control = $5, due_approval = $6 where document = $1`,
		append([]any{document, promised}, dues(dates)...)...)
	return err
}

// Cancel ends every job of a document that is over. What was decided and uploaded stays.
func Cancel(ctx context.Context, tx *sql.Tx, document string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "studio.Cancel(%q)", document)
	return cancel(ctx, tx, `document = $1`, document, by, at)
}

func cancel(ctx context.Context, tx *sql.Tx, where, what string, by staff.ID, at time.Time) error {
	jobs, err := pg.Collect((*Job).fields)(tx.QueryContext(ctx, `
		select `+jobColumns+` from art_jobs j where j.`+where+` and j.state <> 'cancelled' order by j.id for update`, what))
	if err != nil {
		return err
	}
	for i := range jobs {
		if err := jobs[i].become(ctx, tx, Cancelled, by, at, "cancelled", ""); err != nil {
			return err
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	return handOut(ctx, tx, at)
}

// become brings a job into another state and tells its story.
func (j *Job) become(ctx context.Context, tx *sql.Tx, s State, by staff.ID, at time.Time, what, detail string) error {
	if s == Approval {
		j.Round++
	}
	if _, err := tx.ExecContext(ctx, `
		update art_jobs set state = $2, why = $3, artist_id = $4, round = $5, decision_id = $6, since = $7, reminded = 0, reminded_at = null, overdue_at = null
		where id = $1`, j.ID, s, j.Why, nobody(j.Artist), j.Round, nothing(j.Decision), at); err != nil {
		return err
	}
	j.State, j.Since, j.Reminded, j.Overdue = s, at, 0, false
	if err := j.tell(ctx, tx, by, at, what, detail); err != nil {
		return err
	}
	return outbox.Put(ctx, tx, append(j.news(), j.fact("artwork.changed"))...)
}

// news is what others want to hear of a job's new state.
func (j Job) news() []outbox.Fact {
	switch j.State {
	case PictureRefused:
		return []outbox.Fact{j.fact("picture.refused")}
	case Approval:
		return []outbox.Fact{j.fact("proof.ready")}
	case Approved:
		return []outbox.Fact{j.fact("artwork.approved")}
	}
	return nil
}

// tell adds to the story of a job.
func (j Job) tell(ctx context.Context, tx *sql.Tx, by staff.ID, at time.Time, what, detail string) error {
	_, err := tx.ExecContext(ctx, `insert into art_events (job_id, at, staff_id, state, what, detail) values ($1, $2, $3, $4, $5, $6)`,
		j.ID, at, nobody(by), j.State, what, detail)
	return err
}

func nothing(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
