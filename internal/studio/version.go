package studio

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Version is a finished art file, one of those a job has had.
type Version struct {
	Number int
	Proof  int // which of the job's proofs it is: 1 is A
	File
	By     staff.ID // 0: the customer's own picture
	ByName string
	At     time.Time
}

// Letter is how a proof is called: A, B, C …
func Letter(proof int) string { return string(rune('A' + proof - 1)) }

// MostProofs is how many proofs one job may have.
const MostProofs = 26

// Upload is finished artwork of a job.
type Upload struct {
	Ref    string
	Proofs []File // A, B, C … in their order; all the proofs the job has now
	By     staff.ID
	Any    bool // also where the job is another artist's: managers
	At     time.Time
}

// Add stores an artist's finished files as new versions and goes on. A job that is not with an artist, or with another one,
// is a Conflict; files with too few pixels for the print are fault.Fields.
func Add(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, u Upload) (err error) {
	defer fault.Wrap(&err, "studio.Add(%q)", short(u.Ref))
	j, err := lockOne(ctx, tx, warehouse, u.Ref)
	if err != nil {
		return err
	}
	if err := j.takes(u); err != nil {
		return err
	}
	for i, f := range u.Proofs {
		if _, err := j.addVersion(ctx, tx, f, i+1, From{u.By, u.At}); err != nil {
			return err
		}
	}
	if j.Artist == 0 {
		j.Artist = u.By
	}
	if err := j.afterArt(ctx, tx, From{u.By, u.At}, fmt.Sprintf("%d uploaded", len(u.Proofs))); err != nil {
		return err
	}
	return handOut(ctx, tx, u.At) // the artist has room again
}

// takes refuses an upload that is not this artist's to make.
func (j Job) takes(u Upload) error {
	switch {
	case j.State != Art:
		return fault.New(fault.Conflict, "%s takes no artwork now: it is %s.", j.Ref, j.State.words())
	case j.Artist != u.By && !u.Any:
		return fault.New(fault.Conflict, "%s is with another artist.", j.Ref)
	case len(u.Proofs) == 0:
		return fault.Fields{{Name: "files", Message: "Choose the finished file first."}}
	case len(u.Proofs) > MostProofs:
		return fault.Fields{{Name: "files", Message: fmt.Sprintf("Up to %d proofs of one line.", MostProofs)}}
	}
	return j.sharp(u.Proofs)
}

func (j Job) sharp(list []File) error {
	var wrong fault.Fields
	for _, f := range list {
		if problem := j.TooFew(f); problem != "" {
			wrong.Add("files", "%s", problem)
		}
	}
	return wrong.Err()
}

// words are a state as a sentence takes it: "it is with the customer".
func (s State) words() string {
	switch s {
	case AwaitingPicture, PictureRefused:
		return "waiting for the customer's picture"
	case PictureCheck:
		return "at the picture check"
	case Art:
		return "with an artist"
	case ArtControl:
		return "at art control"
	case Approval:
		return "with the customer"
	}
	return string(s)
}

func (j Job) addVersion(ctx context.Context, tx *sql.Tx, f File, proof int, from From) (number int, err error) {
	err = tx.QueryRowContext(ctx, `
		insert into art_versions (job_id, number, proof, hash, preview, name, media_type, width, height, bytes, made_by, made_at)
		values ($1, 1 + (select coalesce(max(number), 0) from art_versions where job_id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning number`,
		j.ID, proof, f.Hash, f.Preview, f.Name, f.Type, f.Width, f.Height, f.Bytes, nobody(from.Staff), from.At).Scan(&number)
	return number, err
}

// afterArt goes on with finished artwork: to control, to the customer, or it may be made.
func (j *Job) afterArt(ctx context.Context, tx *sql.Tx, from From, detail string) error {
	if j.Art && j.ArtControl {
		return j.become(ctx, tx, ArtControl, from.Staff, from.At, "artwork uploaded", detail)
	}
	return j.afterControl(ctx, tx, from, detail)
}

func (j *Job) afterControl(ctx context.Context, tx *sql.Tx, from From, detail string) error {
	if j.Approval {
		return j.become(ctx, tx, Approval, from.Staff, from.At, "proof sent", detail)
	}
	current, err := Current(ctx, tx, j.ID)
	if err != nil {
		return err
	}
	j.Decision, err = j.record(ctx, tx, Decision{Stage: StageFlow, Verdict: VerdictApproved, By: from.Staff, At: from.At}, current)
	if err != nil {
		return err
	}
	return j.become(ctx, tx, Approved, from.Staff, from.At, "released", "the flow asks for no approval by the customer")
}

const versionColumns = `v.number, v.proof, v.hash, v.preview, v.name, v.media_type, v.width, v.height, v.bytes, coalesce(v.made_by, 0), coalesce(s.name, ''), v.made_at`

func (v *Version) fields() []any {
	return []any{&v.Number, &v.Proof, &v.Hash, &v.Preview, &v.Name, &v.Type, &v.Width, &v.Height, &v.Bytes, &v.By, &v.ByName, &v.At}
}

// Versions is every file a job has had, oldest first.
func Versions(ctx context.Context, q pg.Querier, job JobID) (_ []Version, err error) {
	defer fault.Wrap(&err, "studio.Versions(%d)", job)
	return pg.Collect((*Version).fields)(q.QueryContext(ctx, `
		select `+versionColumns+` from art_versions v left join staff s on s.id = v.made_by where v.job_id = $1 order by v.number`, job))
}

// Current is the proofs of a job as they are now: those of its last upload.
func Current(ctx context.Context, q pg.Querier, job JobID) ([]Version, error) {
	all, err := Versions(ctx, q, job)
	if err != nil {
		return nil, err
	}
	return current(all), nil
}

// current is the last upload: versions have rising numbers, and each upload begins with proof A.
func current(all []Version) []Version {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Proof == 1 {
			return all[i:]
		}
	}
	return nil
}

// Released is the files of a job that may be made: those its approving decision names; none before.
func Released(ctx context.Context, q pg.Querier, ref string) (_ []Version, err error) {
	defer fault.Wrap(&err, "studio.Released(%q)", short(ref))
	return pg.Collect((*Version).fields)(q.QueryContext(ctx, `
		select `+versionColumns+`
		from art_jobs j
		join art_decision_files f on f.decision_id = j.decision_id and f.job_id = j.id and f.verdict = 'approved'
		join art_versions v on v.job_id = f.job_id and v.number = f.version and v.hash = f.hash
		left join staff s on s.id = v.made_by
		where j.ref = $1 and j.state = 'approved' order by v.number`, ref))
}

// ControlVerdict is what art control says of a job's artwork.
type ControlVerdict struct {
	Ref   string
	Seen  []files.Hash // of the proofs that were looked at
	Good  bool
	Words string // to the artist
	By    staff.ID
	At    time.Time
}

// Control passes artwork on, or sends it back to its artist with a note. Artwork that is not what was looked at is a
// Conflict, and so is one's own: four eyes see more.
func Control(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, v ControlVerdict) (err error) {
	defer fault.Wrap(&err, "studio.Control(%q)", short(v.Ref))
	v.Words = tidy(v.Words)
	if problem := fault.WrongText(v.Words, maxWords, true); problem != "" {
		return fault.Fields{{Name: "words", Message: "The note " + problem + "."}}
	}
	if !v.Good && v.Words == "" {
		return fault.Fields{{Name: "words", Message: "Tell the artist what to change."}}
	}
	j, err := lockOne(ctx, tx, warehouse, v.Ref)
	if err != nil {
		return err
	}
	if j.State != ArtControl {
		return fault.New(fault.Conflict, "%s was looked at meanwhile: it is %s.", j.Ref, j.State.words())
	}
	current, err := Current(ctx, tx, j.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(current, func(w Version) bool { return w.By == v.By }) {
		return fault.New(fault.Conflict, "You made %s yourself. Somebody else looks at it.", j.Ref)
	}
	if !same(current, v.Seen) {
		return errReplaced(j)
	}
	d := Decision{Stage: StageControl, Verdict: VerdictPassed, By: v.By, Words: v.Words, At: v.At}
	if !v.Good {
		d.Verdict = VerdictRejected
	}
	if _, err := j.record(ctx, tx, d, current); err != nil {
		return err
	}
	if v.Good {
		return j.afterControl(ctx, tx, From{v.By, v.At}, v.Words)
	}
	j.Why = FromControl
	return j.become(ctx, tx, Art, v.By, v.At, "sent back by art control", v.Words)
}

func errReplaced(j Job) error {
	return fault.New(fault.Conflict, "The artwork of %s was replaced while you looked at it. Look at the new one.", j.Ref)
}

// same tells that the hashes are those of the versions, in their order.
func same(list []Version, seen []files.Hash) bool {
	if len(list) != len(seen) || len(list) == 0 {
		return false
	}
	for i, v := range list {
		if v.Hash != seen[i] {
			return false
		}
	}
	return true
}

// Pixels says the size of a file: "2400 × 3600".
func (f File) Pixels() string { return strconv.Itoa(f.Width) + " × " + strconv.Itoa(f.Height) }
