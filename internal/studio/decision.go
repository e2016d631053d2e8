package studio

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Stage is where a decision was made.
type Stage string

// The stages that decide.
const (
	StagePicture  Stage = "picture"
	StageControl  Stage = "control"
	StageCustomer Stage = "customer"
	StageFlow     Stage = "flow" // nobody had to: the flow asks for no approval
)

// Verdict is what was decided.
type Verdict string

// The verdicts. Only approved lets something be made.
const (
	VerdictApproved   Verdict = "approved"
	VerdictPassed     Verdict = "passed" // to the next stage
	VerdictCorrection Verdict = "correction"
	VerdictRejected   Verdict = "rejected"
)

const maxWords = 2000 // characters of a comment

// Pin is a comment at a place of a picture.
type Pin struct {
	Proof int    `json:"proof"`
	X     int    `json:"x"` // permille of the picture's width, from its left
	Y     int    `json:"y"` // permille of its height, from its top
	Words string `json:"words"`
}

// MostPins is how many pins one answer may have.
const MostPins = 50

// Decision is what somebody decided of a job, and of which files.
type Decision struct {
	ID       int64
	Stage    Stage
	Verdict  Verdict
	Round    int
	Name     string // typed by the customer, or whom staff spoke with
	By       staff.ID
	ByName   string
	How      string // how staff heard of it; "" when the customer decided by himself
	IP       string
	Ticks    []string
	Reason   string
	Words    string
	Pins     []Pin
	Evidence files.Hash
	At       time.Time
	Files    []DecidedFile
}

// DecidedFile is a version that a decision is about, by its bytes.
type DecidedFile struct {
	Version int
	Proof   int
	Hash    files.Hash
}

// record stores a decision about these versions.
func (j Job) record(ctx context.Context, tx *sql.Tx, d Decision, about []Version) (id int64, err error) {
	ticks, err := json.Marshal(append([]string{}, d.Ticks...))
	if err != nil {
		return 0, err
	}
	pins, err := json.Marshal(append([]Pin{}, d.Pins...))
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `
		insert into art_decisions (job_id, stage, verdict, round, name, staff_id, how, ip, ticks, reason, words, pins, evidence, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id`,
		j.ID, d.Stage, d.Verdict, j.Round, d.Name, nobody(d.By), d.How, d.IP, ticks, d.Reason, d.Words, pins, d.Evidence, d.At).Scan(&id)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		insert into art_decision_files (decision_id, job_id, verdict, version, hash)
		select $1, $2, $3, v.number, v.hash from art_versions v where v.job_id = $2 and v.number = any($4)`,
		id, j.ID, d.Verdict, pg.Column(about, func(v Version) int64 { return int64(v.Number) }))
	return id, err
}

// Decisions is everything that was decided of a job, oldest first.
func Decisions(ctx context.Context, q pg.Querier, job JobID) (list []Decision, err error) {
	defer fault.Wrap(&err, "studio.Decisions(%d)", job)
	type row struct {
		Decision
		ticks, pins, files []byte
	}
	rows, err := pg.Collect(func(r *row) []any {
		return []any{&r.ID, &r.Stage, &r.Verdict, &r.Round, &r.Name, &r.By, &r.ByName, &r.How, &r.IP, &r.ticks, &r.Reason, &r.Words, &r.pins, &r.Evidence, &r.At, &r.files}
	})(q.QueryContext(ctx, `
		select d.id, d.stage, d.verdict, d.round, d.name, coalesce(d.staff_id, 0), coalesce(s.name, ''), d.how, d.ip, d.ticks, d.reason, d.words, d.pins, d.evidence, d.at,
		       coalesce((select json_agg(json_build_object('Version', f.version, 'Hash', f.hash, 'Proof', v.proof) order by f.version)
		                 from art_decision_files f join art_versions v on v.job_id = f.job_id and v.number = f.version where f.decision_id = d.id), '[]')
		from art_decisions d left join staff s on s.id = d.staff_id
		where d.job_id = $1 order by d.id`, job))
	for _, r := range rows {
		for _, part := range []struct {
			from []byte
			to   any
		}{{r.ticks, &r.Ticks}, {r.pins, &r.Pins}, {r.files, &r.Files}} {
			if err := json.Unmarshal(part.from, part.to); err != nil {
				return nil, err
			}
		}
		list = append(list, r.Decision)
	}
	return list, err
}
