package picking

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// Take is one scan of a picker at his list, whatever was scanned: a tote, the bin, an item, "+3" typed, or a command.
// What does not fit is answered with a Step that is Wrong and says what was scanned and what is wanted; nothing is
// counted then.
func Take(ctx context.Context, tx *sql.Tx, list ListID, s scan.Scan) (scan.Step, error) {
	return scanned(ctx, tx, list, s, func(j *job, code labels.Code) (scan.Step, error) {
		if err := j.begin(ctx, tx, s); err != nil {
			return scan.Step{}, err
		}
		code, err := j.byName(ctx, tx, code)
		if err != nil {
			return scan.Step{}, err
		}
		switch {
		case code.Kind == labels.KindCommand:
			return j.obey(ctx, tx, s, code)
		case j.ended(s.Staff):
			return j.onward(ctx, tx, s, code)
		case j.picker != s.Staff:
			return j.whoseList(ctx, tx, s, code)
		case j.confirm != 0:
			return j.confirmTote(ctx, tx, s, code)
		case j.asked != 0:
			return j.answerEmpty(ctx, tx, s, code)
		case j.wantsTote() || code.Kind == labels.KindTote:
			return j.takeTote(ctx, tx, s, code)
		case !j.here():
			return j.takeBin(ctx, tx, s, code)
		}
		return j.takeItem(ctx, tx, s, code)
	})
}

// ended reports that nothing more is to be done on a list by somebody: what is still asked is asked its picker.
func (j *job) ended(who staff.ID) bool { return j.over() && (!j.pending() || j.picker != who) }

// pending reports that something is asked before the walk goes on or ends.
func (j *job) pending() bool { return j.confirm != 0 || j.asked != 0 }

// scanned locks a list and answers a scan of it, once.
func scanned(ctx context.Context, tx *sql.Tx, list ListID, s scan.Scan, answer func(*job, labels.Code) (scan.Step, error)) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "picking.Take(%s, %q)", list, s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	if err := lockList(ctx, tx, list, s.Staff); err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, tx, s, list.String(), func() (scan.Step, error) {
		j, err := readJob(ctx, tx, list, code)
		if err != nil {
			return scan.Step{}, err
		}
		step, err := answer(&j, code)
		if err == nil && j.news != "" {
			step.Message = sentence(step.Message) + " " + j.news
		}
		if err == nil && j.news != "" && step.Result != scan.Wrong {
			_, err = tx.ExecContext(ctx, `update pick_lists set news = '' where id = $1`, list)
		}
		return step, err
	})
	if err != nil {
		return step, err
	}
	return step, markUndoable(ctx, tx, list, s.Staff, step.Recent)
}

func (j *job) right(s scan.Scan, format string, args ...any) scan.Step {
	step := j.step(s.Staff)
	step.Result, step.Message = scan.Right, fmt.Sprintf(format, args...)
	if step.Finished {
		step.Result = scan.Done
	}
	return step
}

func (j *job) wrong(s scan.Scan, format string, args ...any) scan.Step {
	step := j.step(s.Staff)
	step.Result, step.Message = scan.Wrong, fmt.Sprintf(format, args...)
	return step
}

// takeBin compares the bin with the one to go to.
func (j *job) takeBin(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	now := j.stops[0]
	if code.Kind != labels.KindLocation || code.Value != now.binCode {
		what, place, err := j.identify(ctx, tx, code)
		if place {
			return j.wrong(s, "%s Go to bin %s.", what, now.binCode), err
		}
		return j.wrong(s, "%s Scan the bin %s first.", what, now.binCode), err
	}
	if err := j.stand(ctx, tx, now.task); err != nil {
		return scan.Step{}, err
	}
	return j.right(s, "%s is right. Take %d %s.", now.binCode, now.left(), now.name), nil
}

// finish closes the list when its last task is done, and tells its demands.
func (j *job) finish(ctx context.Context, tx *sql.Tx) error {
	demands, err := lockDemandsOf(ctx, tx, j.list)
	if err != nil {
		return err
	}
	j.state = ListPicked
	return settle(ctx, tx, demands...)
}

func lockDemandsOf(ctx context.Context, tx *sql.Tx, list ListID) ([]demand, error) {
	return pg.Collect((*demand).fields)(tx.QueryContext(ctx, `
		select `+demandColumns+` from demands d
		where d.id in (select demand_id from pick_tasks where list_id = $1)
		order by d.id
		for update`, list))
}

// obey does what a command says.
func (j *job) obey(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	if code.Value == CommandTakeOver {
		return j.takeOver(ctx, tx, s)
	}
	if j.picker != s.Staff && !j.ended(s.Staff) {
		return j.whoseList(ctx, tx, s, code)
	}
	if code.Value == labels.CommandUndo && j.picker == s.Staff {
		return j.undo(ctx, tx, s, uuid.Nil)
	}
	switch {
	case j.ended(s.Staff) && code.Value == labels.CommandOK:
		return j.more(ctx, tx, s)
	case j.ended(s.Staff):
		return j.wrong(s, "%s is finished. Ask for new work.", j.list), nil
	case j.confirm != 0 && code.Value == labels.CommandNew && j.method == Cluster:
		return j.noRoom(ctx, tx, s)
	case j.confirm != 0:
		return j.wrong(s, "First put it into tote %s and scan the tote, or take it back: X-UNDO.", j.confirmAs), nil
	case j.asked != 0:
		return j.answerEmpty(ctx, tx, s, code)
	}
	switch code.Value {
	case labels.CommandOK:
		if j.here() {
			return j.rest(ctx, tx, s)
		}
	case labels.CommandSkip:
		return j.skip(ctx, tx, s)
	case labels.CommandNew:
		return j.toteFull(ctx, tx, s)
	case CommandUnload:
		return j.unload(ctx, tx, s)
	case CommandGiveBack:
		return j.giveUp(ctx, tx, s)
	case labels.CommandShort:
		return j.askProblem(s), nil
	}
	for _, p := range Problems {
		if p.Command == code.Value {
			return j.short(ctx, tx, s, p)
		}
	}
	return j.wrong(s, "%s does nothing here.", code), nil
}
