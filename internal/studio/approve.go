package studio

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Checklist is what a customer ticks before something is made of a proof.
var Checklist = []string{"The spelling is right", "The size is right", "The colours are right", "Everything is where it belongs"}

// Hows are the ways in which staff may have heard what a customer decided.
var Hows = []string{"phone", "mail", "in person", "other"}

// Answer is what a customer says of a job's proofs: by himself, or through staff who heard it and say how.
type Answer struct {
	Ref     string
	Seen    []files.Hash // of the proofs that were shown
	Verdict Verdict      // VerdictApproved, VerdictCorrection or VerdictRejected
	Chosen  []int        // proofs that are approved; none named = all, where there is one or all are needed
	Name    string       // typed by the customer, or whom staff spoke with
	Ticks   []string     // of Checklist
	Words   string
	Pins    []Pin
	IP      string

	// where staff records it
	By       staff.ID
	How      string
	Evidence files.Hash // "" = Words say it all

	At time.Time
}

// Decide keeps a customer's answer and goes on: what is approved may be made, anything else goes back to the artist who
// made it. One answer counts; whoever comes second is told what was decided. An answer to proofs that were replaced
// meanwhile is a Conflict.
func Decide(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, a Answer) (err error) {
	defer fault.Wrap(&err, "studio.Decide(%q)", short(a.Ref))
	a.Name, a.Words = tidy(a.Name), tidy(a.Words)
	j, err := lockOne(ctx, tx, warehouse, a.Ref)
	if err != nil {
		return err
	}
	if err := j.awaits(); err != nil {
		return err
	}
	proofs, err := Current(ctx, tx, j.ID)
	if err != nil {
		return err
	}
	if !same(proofs, a.Seen) {
		return errReplaced(j)
	}
	if err := a.check(j, len(proofs)); err != nil {
		return err
	}
	about := a.chosen(j, proofs)
	id, err := j.record(ctx, tx, Decision{Stage: StageCustomer, Verdict: a.Verdict, Name: a.Name, By: a.By, How: a.How, IP: a.IP, Ticks: a.Ticks,
		Words: a.Words, Pins: a.Pins, Evidence: a.Evidence, At: a.At}, about)
	if err != nil {
		return err
	}
	if a.Verdict == VerdictApproved {
		j.Decision = id
		return j.become(ctx, tx, Approved, a.By, a.At, "approved"+a.recorded(), names(about))
	}
	return j.sendBack(ctx, tx, a)
}

// awaits refuses an answer that nobody waits for, and says why.
func (j Job) awaits() error {
	switch j.State {
	case Approval:
		return nil
	case Approved:
		return fault.New(fault.Conflict, "This was approved already.")
	case Cancelled:
		return fault.New(fault.Conflict, "The order was cancelled. There is nothing to decide any more.")
	}
	return fault.New(fault.Conflict, "We are working on this again. You get a new proof as soon as it is ready.")
}

func (a Answer) check(j Job, proofs int) error {
	var wrong fault.Fields
	if a.Verdict != VerdictApproved && a.Verdict != VerdictCorrection && a.Verdict != VerdictRejected {
		wrong.Add("verdict", "Choose: approve it, have it corrected, or reject it.")
	}
	if problem := fault.WrongText(a.Name, 120, false); problem != "" {
		wrong.Add("name", "The name %s.", problem)
	} else if a.Name == "" {
		wrong.Add("name", "Type the name: it stands for the signature.")
	}
	if problem := fault.WrongText(a.Words, maxWords, true); problem != "" {
		wrong.Add("words", "The text %s.", problem)
	}
	a.checkPins(proofs, &wrong)
	if a.Verdict == VerdictApproved {
		a.checkApproval(j, proofs, &wrong)
	} else if a.Words == "" && len(a.Pins) == 0 {
		wrong.Add("words", "Say what should be different.")
	}
	a.checkRecord(&wrong)
	return wrong.Err()
}

func (a Answer) checkApproval(j Job, proofs int, wrong *fault.Fields) {
	if a.By == 0 {
		if a.Words != "" || len(a.Pins) > 0 {
			wrong.Add("words", "You wrote what should be different. Press “Correct it”, or take that out to approve.")
		}
		for _, tick := range Checklist {
			if !slices.Contains(a.Ticks, tick) {
				wrong.Add("ticks", "Look at each point of the list and tick it.")
				break
			}
		}
	}
	slices.Sort(a.Chosen)
	chosen := slices.Compact(a.Chosen)
	for _, c := range chosen {
		if c < 1 || c > proofs {
			wrong.Add("chosen", "There is no such proof.")
			return
		}
	}
	switch {
	case proofs == 1:
	case j.ApprovalOf == OneOf && len(chosen) != 1:
		wrong.Add("chosen", "Choose one of the proofs.")
	case j.ApprovalOf == AnyOf && len(chosen) == 0:
		wrong.Add("chosen", "Choose at least one of the proofs.")
	case j.ApprovalOf == AllOf && len(chosen) != 0 && len(chosen) != proofs:
		wrong.Add("chosen", "All of them are needed. Ask for a correction where one is not right.")
	}
}

func (a Answer) checkPins(proofs int, wrong *fault.Fields) {
	if len(a.Pins) > MostPins {
		wrong.Add("pins", "Up to %d pins.", MostPins)
	}
	for _, p := range a.Pins {
		problem := fault.WrongText(p.Words, 500, false)
		if p.Proof < 1 || p.Proof > proofs || p.X < 0 || p.X > 1000 || p.Y < 0 || p.Y > 1000 || problem != "" || strings.TrimSpace(p.Words) == "" {
			wrong.Add("pins", "Write a few words to each pin, on one line.")
			return
		}
	}
}

// checkRecord asks staff for the evidence of what they record.
func (a Answer) checkRecord(wrong *fault.Fields) {
	if a.By == 0 {
		return
	}
	if !slices.Contains(Hows, a.How) {
		wrong.Add("how", "Say how the customer told us.")
	}
	if a.Words == "" {
		wrong.Add("words", "Write down what the customer said: it is the evidence.")
	}
}

// chosen is the proofs an answer is about.
func (a Answer) chosen(j Job, proofs []Version) []Version {
	if a.Verdict != VerdictApproved || len(a.Chosen) == 0 || j.ApprovalOf == AllOf {
		return proofs
	}
	var list []Version
	for _, v := range proofs {
		if slices.Contains(a.Chosen, v.Proof) {
			list = append(list, v)
		}
	}
	return list
}

func (a Answer) recorded() string {
	if a.By == 0 {
		return ""
	}
	return ", recorded by staff"
}

// names says which versions: "A (version 2)".
func names(list []Version) string {
	var all []string
	for _, v := range list {
		all = append(all, fmt.Sprintf("%s (version %d)", Letter(v.Proof), v.Number))
	}
	return strings.Join(all, ", ")
}

func (j *Job) sendBack(ctx context.Context, tx *sql.Tx, a Answer) error {
	if !j.Art { // the picture itself was the proof: the customer sends another one
		return j.become(ctx, tx, PictureRefused, a.By, a.At, "not approved"+a.recorded(), a.Words)
	}
	j.Why = FromCustomer
	what := map[Verdict]string{VerdictCorrection: "correction asked for", VerdictRejected: "rejected by the customer"}[a.Verdict]
	if err := j.become(ctx, tx, Art, a.By, a.At, what+a.recorded(), a.Words); err != nil {
		return err
	}
	if a.Verdict == VerdictRejected {
		if err := outbox.Put(ctx, tx, j.fact("proof.rejected")); err != nil {
			return err
		}
	}
	return handOut(ctx, tx, a.At)
}

// CallBack takes a proof back from its customer because somebody here saw a mistake; its links show so.
func CallBack(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, ref, why string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "studio.CallBack(%q)", short(ref))
	if why = tidy(why); why == "" {
		return fault.Fields{{Name: "why", Message: "Tell the artist what to change."}}
	}
	if problem := fault.WrongText(why, maxWords, true); problem != "" {
		return fault.Fields{{Name: "why", Message: "The note " + problem + "."}}
	}
	j, err := lockOne(ctx, tx, warehouse, ref)
	if err != nil {
		return err
	}
	if j.State != Approval || !j.Art {
		return fault.New(fault.Conflict, "%s cannot be called back: it is %s.", j.Ref, j.State.words())
	}
	j.Why = FromControl
	if err := j.become(ctx, tx, Art, by, at, "called back", why); err != nil {
		return err
	}
	return handOut(ctx, tx, at)
}

// SendAgain mails the proof of a job once more.
func SendAgain(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, ref string, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "studio.SendAgain(%q)", short(ref))
	j, err := lockOne(ctx, tx, warehouse, ref)
	if err != nil {
		return err
	}
	if err := j.awaits(); err != nil {
		return err
	}
	return j.remind(ctx, tx, by, at, "sent again")
}

func (j Job) remind(ctx context.Context, tx *sql.Tx, by staff.ID, at time.Time, what string) error {
	if err := j.tell(ctx, tx, by, at, what, ""); err != nil {
		return err
	}
	f := j.fact("proof.reminded")
	f.Data = fmt.Appendf(nil, `{"round":%d,"at":%q}`, j.Round, at.UTC().Format(time.RFC3339))
	return outbox.Put(ctx, tx, f)
}

// Remind reminds customers of proofs that wait, as often as the settings say, and then says that somebody must call. It is
// run every so often; how many it did something for is the answer.
func Remind(ctx context.Context, tx *sql.Tx, at time.Time) (n int, err error) {
	defer fault.Wrap(&err, "studio.Remind")
	s, err := LoadSettings(ctx, tx)
	if err != nil {
		return 0, err
	}
	due, err := pg.Collect((*Job).fields)(tx.QueryContext(ctx, `
		select `+jobColumns+` from art_jobs j
		where j.state = 'approval' and j.overdue_at is null and coalesce(j.reminded_at, j.since) <= $1
		order by j.id limit 200 for update skip locked`, at.Add(-time.Duration(s.RemindHours)*time.Hour)))
	for i := range due {
		if err := due[i].nudge(ctx, tx, s, at); err != nil {
			return n, err
		}
		n++
	}
	return n, err
}

// nudge reminds once more, or gives up on letters.
func (j Job) nudge(ctx context.Context, tx *sql.Tx, s Settings, at time.Time) error {
	if j.Reminded < s.Reminders {
		if _, err := tx.ExecContext(ctx, `update art_jobs set reminded = reminded + 1, reminded_at = $2 where id = $1`, j.ID, at); err != nil {
			return err
		}
		return j.remind(ctx, tx, 0, at, "reminded")
	}
	if _, err := tx.ExecContext(ctx, `update art_jobs set overdue_at = $2 where id = $1`, j.ID, at); err != nil {
		return err
	}
	if err := j.tell(ctx, tx, 0, at, "somebody must call", fmt.Sprintf("%d reminders had no answer", j.Reminded)); err != nil {
		return err
	}
	return outbox.Put(ctx, tx, j.fact("proof.overdue"))
}
