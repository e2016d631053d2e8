package picking

import (
	"context"
	"database/sql"

	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// answerEmpty takes the answer to whether a bin is empty: the bin once more or X-OK says that it is, X-NO that
// something is left, which somebody counts then.
func (j *job) answerEmpty(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	bin, name := j.asked, j.askedCode
	said := ""
	switch {
	case code.Kind == labels.KindCommand && code.Value == labels.CommandOK, code.Kind == labels.KindLocation && code.Value == name:
		said = name + " is empty, as the books say."
	case code.Kind == labels.KindCommand && code.Value == CommandNo:
		if err := inventory.AskCount(ctx, tx, inventory.CountRequest{Warehouse: j.warehouse, Location: bin, Reason: inventory.CountZero,
			Ref: j.list.String(), Staff: s.Staff, At: s.At}); err != nil {
			return scan.Step{}, err
		}
		said = name + " will be counted."
	default:
		return j.wrong(s, "First say whether %s is empty: scan the bin again if it is.", name), nil
	}
	j.asked, j.askedCode = 0, ""
	_, err := tx.ExecContext(ctx, `update pick_lists set asked_id = null where id = $1`, j.list)
	return j.right(s, "%s", said), err
}
