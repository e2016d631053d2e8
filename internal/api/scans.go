package api

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
)

// pull is one pull of the trigger as a client sends it.
type pull struct {
	Key     uuid.UUID `json:"key" doc:"Made at the scan, the same for every retry: a scan that arrives twice counts once"`
	Code    string    `json:"code,omitempty" doc:"What was read, as it was read; GS may be sent as \\u001d"`
	Action  string    `json:"action,omitempty" maxLength:"64" pattern:"^[ -~]*$" doc:"Instead of a code: the action of a choice of the step before, or undo"`
	Undo    uuid.UUID `json:"undo,omitzero" required:"false" doc:"With the action undo: the key of the scan to take back"`
	Station string    `json:"station,omitempty" maxLength:"40" doc:"The work place it was pulled at, K-3, where that matters"`
}

// Scanned is the input of a scan. It needs no Idempotency-Key: it is known by the key of its body.
type Scanned = Put[pull]

// undo is the action that every scanning job knows.
const undo = "undo"

// read makes of it the scan that the trades know.
func (p pull) read(ctx context.Context, q pg.Querier, by caller) (s scan.Scan, err error) {
	s = scan.Scan{Key: p.Key, Staff: by.ID, At: by.at}
	var wrong fault.Fields
	if p.Key == (uuid.UUID{}) {
		wrong.Add("key", "Send the scan's own key.")
	}
	switch {
	case p.Action == "":
		if s.Code, err = scan.Clean(p.Code); err != nil {
			wrong.Add("code", "%s", fault.Message(err))
		}
	case p.Code != "":
		wrong.Add("action", "Send a code or an action, not both.")
	case p.Action == undo && p.Undo == (uuid.UUID{}):
		wrong.Add("undo", "Say which scan should be taken back.")
	}
	if err := wrong.Err(); err != nil {
		return s, err
	}
	if p.Action == undo {
		s.Code = "X-UNDO"
	}
	s.Station, err = stationOf(ctx, q, p.Station, by)
	return s, err
}

// stationOf is the work place of that code, in the caller's warehouse; "" is none.
func stationOf(ctx context.Context, q pg.Querier, code string, by caller) (staff.StationID, error) {
	if code == "" {
		return 0, nil
	}
	clean, err := scan.Clean(code)
	if err != nil {
		return 0, fault.Fields{{Name: "station", Message: fault.Message(err)}}
	}
	st, err := staff.StationByCode(ctx, q, clean)
	if fault.KindOf(err) == fault.NotFound || err == nil && st.Warehouse != by.Warehouse {
		return 0, fault.Fields{{Name: "station", Message: "There is no such station here."}}
	}
	return st.ID, err
}

// unknownAction refuses what is no button of the job.
func unknownAction(action string) error {
	return fault.Fields{{Name: "action", Message: "There is no such action here: " + action + "."}}
}

// onlyUndo answers a scan of a job whose one action is undo.
func onlyUndo(ctx context.Context, tx *sql.Tx, p pull, by caller, take func(scan.Scan) (scan.Step, error), back func(scan.Key, scan.Scan) (scan.Step, error)) (scan.Step, error) {
	s, err := p.read(ctx, tx, by)
	switch {
	case err != nil:
		return scan.Step{}, err
	case p.Action == undo:
		return back(p.Undo, s)
	case p.Action != "":
		return scan.Step{}, unknownAction(p.Action)
	}
	return take(s)
}
