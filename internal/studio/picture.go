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

// Picture is what a customer sent for a job.
type Picture struct {
	Number int
	File
	PPI, Cropped int // at the size of the print; see File.fits
	SentBy       staff.ID
	SentAt       time.Time
	Replaced     bool
}

// MostPictures is how many a customer may send for one line.
const MostPictures = 12

// From says who sends a picture, or insists on one: staff, or the customer, who has no ID.
type From struct {
	Staff staff.ID
	At    time.Time
}

// Send adds pictures to a job that waits for some, or whose pictures nobody looked at yet; after a refusal they take the
// place of those before. One with too few pixels for its print is fault.Fields, and none of them is added.
func Send(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, ref string, list []File, from From) (err error) {
	defer fault.Wrap(&err, "studio.Send(%q)", short(ref))
	j, err := lockOne(ctx, tx, warehouse, ref)
	if err != nil {
		return err
	}
	if j.State != AwaitingPicture && j.State != PictureCheck && j.State != PictureRefused {
		return fault.New(fault.Conflict, "The pictures of %s are taken already. Write to us if another one should be used.", j.Ref)
	}
	if err := j.enough(list); err != nil {
		return err
	}
	if j.State == PictureRefused {
		if _, err := tx.ExecContext(ctx, `update art_pictures set replaced_at = $2 where job_id = $1 and replaced_at is null`, j.ID, from.At); err != nil {
			return err
		}
	}
	if err := j.addPictures(ctx, tx, list, from); err != nil {
		return err
	}
	says := fmt.Sprintf("%d sent", len(list))
	if j.PictureCheck {
		if j.State == PictureCheck {
			return j.tell(ctx, tx, from.Staff, from.At, "pictures sent", says)
		}
		return j.become(ctx, tx, PictureCheck, from.Staff, from.At, "pictures sent", says)
	}
	if err := j.tell(ctx, tx, from.Staff, from.At, "pictures sent", says); err != nil {
		return err
	}
	return j.afterPictures(ctx, tx, from)
}

// enough checks that there are pictures, and pixels in them.
func (j Job) enough(list []File) error {
	if len(list) == 0 {
		return fault.Fields{{Name: "pictures", Message: "Choose a picture first."}}
	}
	var wrong fault.Fields
	for _, f := range list {
		if ppi, _ := f.fits(j); ppi > 0 && ppi < j.LeastPPI {
			wrong.Add("pictures", "%s has %d × %d pixels. Printed at %d × %d mm that is %d per inch, and we need %d: send a larger one.",
				f.Name, f.Width, f.Height, j.PrintWidth, j.PrintHeight, ppi, j.LeastPPI)
		}
	}
	return wrong.Err()
}

func (j Job) addPictures(ctx context.Context, tx *sql.Tx, list []File, from From) error {
	var there, last int
	if err := tx.QueryRowContext(ctx, `
		select count(*) filter (where replaced_at is null), coalesce(max(number), 0) from art_pictures where job_id = $1`, j.ID).Scan(&there, &last); err != nil {
		return err
	}
	if there+len(list) > MostPictures {
		return fault.Fields{{Name: "pictures", Message: fmt.Sprintf("Up to %d pictures for one line.", MostPictures)}}
	}
	for i, f := range list {
		ppi, cropped := f.fits(j)
		if _, err := tx.ExecContext(ctx, `
			insert into art_pictures (job_id, number, hash, preview, name, media_type, width, height, bytes, ppi, cropped, sent_by, sent_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			j.ID, last+i+1, f.Hash, f.Preview, f.Name, f.Type, f.Width, f.Height, f.Bytes, ppi, cropped, nobody(from.Staff), from.At); err != nil {
			return err
		}
	}
	return nil
}

// afterPictures goes on when the pictures are good: to an artist, or, being the artwork themselves, to what follows.
func (j *Job) afterPictures(ctx context.Context, tx *sql.Tx, from From) error {
	if j.Art {
		if err := j.become(ctx, tx, Art, from.Staff, from.At, "waits for an artist", ""); err != nil {
			return err
		}
		return handOut(ctx, tx, from.At)
	}
	pictures, err := Pictures(ctx, tx, j.ID)
	if err != nil {
		return err
	}
	proof := 0
	for _, p := range pictures {
		if p.Replaced {
			continue
		}
		proof++
		if _, err := j.addVersion(ctx, tx, p.File, proof, from); err != nil {
			return err
		}
	}
	return j.afterArt(ctx, tx, from, "is the artwork")
}

// Pictures is what was sent for a job, in its order, what was replaced among it.
func Pictures(ctx context.Context, q pg.Querier, job JobID) (_ []Picture, err error) {
	defer fault.Wrap(&err, "studio.Pictures(%d)", job)
	return pg.Collect((*Picture).fields)(q.QueryContext(ctx, `select `+pictureColumns+` from art_pictures p where p.job_id = $1 order by p.number`, job))
}

const pictureColumns = `p.number, p.hash, p.preview, p.name, p.media_type, p.width, p.height, p.bytes, p.ppi, p.cropped, coalesce(p.sent_by, 0), p.sent_at, p.replaced_at is not null`

func (p *Picture) fields() []any {
	return []any{&p.Number, &p.Hash, &p.Preview, &p.Name, &p.Type, &p.Width, &p.Height, &p.Bytes, &p.PPI, &p.Cropped, &p.SentBy, &p.SentAt, &p.Replaced}
}

// Refusals are the reasons to refuse a picture, as people read them.
var Refusals = []string{"too small", "blurred", "too dark", "the wrong picture", "somebody else's rights", "not allowed here", "other"}

// PictureVerdict is what an image processor says of the pictures of some jobs.
type PictureVerdict struct {
	Refs   []string
	Good   bool
	Reason string // one of Refusals, unless they are good
	Words  string // to the customer, or to the artist
	By     staff.ID
	At     time.Time
}

// CheckPictures approves the pictures of jobs or refuses them, all or none of the jobs. What somebody else checked
// meanwhile is a Conflict that names it.
func CheckPictures(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, v PictureVerdict) (err error) {
	defer fault.Wrap(&err, "studio.CheckPictures(%d jobs)", len(v.Refs))
	v.Words = tidy(v.Words)
	if err := v.check(); err != nil {
		return err
	}
	jobs, err := lock(ctx, tx, warehouse, v.Refs...)
	if err != nil {
		return err
	}
	for i := range jobs {
		if jobs[i].State != PictureCheck {
			return fault.New(fault.Conflict, "%s was checked meanwhile: it is %s now. Look at the list again.", jobs[i].Ref, jobs[i].State)
		}
	}
	for i := range jobs {
		if err := v.on(ctx, tx, &jobs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (v PictureVerdict) check() error {
	var wrong fault.Fields
	if len(v.Refs) == 0 {
		wrong.Add("refs", "Choose a picture first.")
	}
	if !v.Good && !slices.Contains(Refusals, v.Reason) {
		wrong.Add("reason", "Say what is wrong with the picture.")
	}
	if problem := fault.WrongText(v.Words, maxWords, true); problem != "" {
		wrong.Add("words", "The text %s.", problem)
	}
	if !v.Good && v.Reason == "other" && v.Words == "" {
		wrong.Add("words", "Say in words what is wrong: the customer reads it.")
	}
	return wrong.Err()
}

func (v PictureVerdict) on(ctx context.Context, tx *sql.Tx, j *Job) error {
	d := Decision{Stage: StagePicture, Verdict: VerdictPassed, By: v.By, Words: v.Words, At: v.At}
	if !v.Good {
		d.Verdict, d.Reason = VerdictRejected, v.Reason
	}
	if _, err := j.record(ctx, tx, d, nil); err != nil {
		return err
	}
	if v.Good {
		return j.afterPictures(ctx, tx, From{v.By, v.At})
	}
	return j.become(ctx, tx, PictureRefused, v.By, v.At, "picture refused", v.Reason+after(": ", v.Words))
}

// Insist keeps a refused picture because its customer wants it used as it is, and goes on with it. Not where we must not:
// rights and rules are not the customer's to waive.
func Insist(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, ref string, from From) (err error) {
	defer fault.Wrap(&err, "studio.Insist(%q)", short(ref))
	j, err := lockOne(ctx, tx, warehouse, ref)
	if err != nil {
		return err
	}
	if j.State != PictureRefused {
		return fault.New(fault.Conflict, "Nothing was refused of %s.", j.Ref)
	}
	last, err := lastRefusal(ctx, tx, j.ID)
	if errors.Is(err, sql.ErrNoRows) { // it was the customer who did not approve it
		return fault.New(fault.Conflict, "You did not approve this picture. Send another one.")
	}
	if err != nil {
		return err
	}
	if !last.MayInsist() {
		return fault.New(fault.Conflict, "We cannot use this picture (%s). Send another one.", last.Reason)
	}
	if err := j.tell(ctx, tx, from.Staff, from.At, "insisted", "the customer wants the picture used as it is"); err != nil {
		return err
	}
	return j.afterPictures(ctx, tx, from)
}

// MayInsist tells whether the customer may have a refused picture used all the same.
func (d Decision) MayInsist() bool {
	return d.Reason != "somebody else's rights" && d.Reason != "not allowed here"
}

func lastRefusal(ctx context.Context, q pg.Querier, job JobID) (d Decision, err error) {
	err = q.QueryRowContext(ctx, `
		select reason, words, at from art_decisions where job_id = $1 and stage = 'picture' and verdict = 'rejected' order by id desc limit 1`, job).Scan(&d.Reason, &d.Words, &d.At)
	return d, err
}

// after is sep and text, or nothing where there is no text.
func after(sep, text string) string {
	if text == "" {
		return ""
	}
	return sep + text
}
