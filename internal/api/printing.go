package api

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/scan"
	"tote/internal/staff"
)

func printingRoutes() []operation {
	const tag = "printing"
	return []operation{
		{"GET", "/printers", "list-printers", "The printers of stations", tag, everyHand, read((*API).listPrinters)},
		{"POST", "/printers/{station}/test", "print-test", "Print a station's calibration label", tag, managers, write(201, (*API).printTest)},
		{"GET", "/print-jobs", "list-print-jobs", "The print queue: what waits or failed first, then the newest", tag, everyHand, read((*API).listPrintJobs)},
		{"GET", "/print-jobs/{job}/paper", "get-paper", "What a job prints, as PDF", tag, everyHand, fetch((*API).getPaper)},
		{"POST", "/print-jobs/{job}/reprint", "reprint", "Print the very same paper again", tag, everyHand, write(201, (*API).reprint)},
		{"POST", "/print-jobs/{job}/retry", "retry-print", "Send a job again that did not come out", tag, everyHand, write(200, (*API).retryPrint)},
		{"POST", "/print-jobs/{job}/came-out", "came-out", "Somebody looked: a paper of which nobody knew is there", tag, everyHand, write(200, (*API).cameOut)},
		{"POST", "/print-jobs/{job}/cancel", "cancel-print", "Take a job out of the queue", tag, everyHand, write(200, (*API).cancelPrint)},
	}
}

type printer struct {
	Station string `json:"station" doc:"K-3"`
	Name    string `json:"station_name"`
	Stock   string `json:"stock" enum:"label,sheet" doc:"What it holds"`
	Way     string `json:"way" enum:"raw,zpl,ipp,browser" doc:"How it is spoken to"`
	Address string `json:"address,omitempty"`
}

func (a *API) listPrinters(ctx context.Context, in *struct{ Paging }) (out page[printer], err error) {
	all, err := print.Printers(ctx, a.DB, who(ctx).Warehouse)
	if err != nil {
		return out, err
	}
	return few(in.Paging, all, func(p print.Printer) string { return digits(p.ID) }, func(p print.Printer) printer {
		return printer{p.Code, p.Name, string(p.Stock), string(p.Way), p.Address}
	})
}

type printJob struct {
	Job       int64      `json:"job"`
	Kind      string     `json:"kind" doc:"shipping label, packing slip, pick list …"`
	Ref       string     `json:"ref" doc:"What it is about: an SSCC, P-104"`
	State     string     `json:"state" enum:"queued,sending,taken,printed,unsure,failed,cancelled" doc:"unsure: nobody knows whether it came out"`
	Void      bool       `json:"void" doc:"The paper must not be used any more"`
	Browser   bool       `json:"browser" doc:"It waits for somebody's browser"`
	Station   string     `json:"station,omitempty"`
	By        string     `json:"by,omitempty"`
	Reprint   bool       `json:"reprint"`
	Attempts  int        `json:"attempts"`
	Says      string     `json:"says,omitempty" doc:"What is in its way"`
	Requested *time.Time `json:"requested"`
	Finished  *time.Time `json:"finished,omitempty"`
}

func showJob(j print.Job) printJob {
	out := printJob{int64(j.ID), string(j.Kind), j.Ref, string(j.State), j.Void, j.Browser(), j.Station, j.Who, j.Reprint, j.Attempts, j.Error, utc(j.Requested), nil}
	if j.Finished != nil {
		out.Finished = utc(*j.Finished)
	}
	return out
}

const mostJobs = 500 // in the print queue

func (a *API) listPrintJobs(ctx context.Context, in *struct{ Paging }) (out page[printJob], err error) {
	all, err := print.Jobs(ctx, a.DB, who(ctx).Warehouse, mostJobs)
	if err != nil {
		return out, err
	}
	return few(in.Paging, all, func(j print.Job) string { return digits(j.ID) }, showJob)
}

// OfJob is a path that names a print job.
type OfJob struct {
	Job int64 `path:"job" minimum:"1"`
}

func (o OfJob) find(ctx context.Context, q pg.Querier) (print.Job, error) {
	return print.JobOf(ctx, q, print.JobID(o.Job), who(ctx).Member)
}

func (a *API) getPaper(ctx context.Context, in *OfJob) (*bytesOf, error) {
	j, err := in.find(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	pdf, err := print.Read(ctx, a.DB, j.Paper)
	return attached(pdf, fmt.Sprintf("paper-%d.pdf", j.Paper)), err
}

// printed answers a job as it is after a change.
func printed(ctx context.Context, tx *sql.Tx, id print.JobID, err error) (printJob, error) {
	if err != nil {
		return printJob{}, err
	}
	j, err := print.JobByID(ctx, tx, id)
	return showJob(j), err
}

func (a *API) printTest(ctx context.Context, tx *sql.Tx, in *struct {
	Station string `path:"station" doc:"K-3"`
	Press
}) (out printJob, err error) {
	code, err := scan.Clean(segment(in.Station))
	if err != nil {
		return out, err
	}
	s, err := staff.StationByCode(ctx, tx, code)
	if fault.KindOf(err) == fault.NotFound || err == nil && s.Warehouse != who(ctx).Warehouse {
		return out, fault.New(fault.NotFound, "There is no such station here.")
	}
	if err != nil {
		return out, err
	}
	id, err := print.TestPage(ctx, tx, s, scan.Scan{Staff: who(ctx).ID, At: who(ctx).at})
	return printed(ctx, tx, id, err)
}

type printAt struct {
	Station string `json:"station,omitempty" doc:"Where it is printed, K-3; absent for a browser"`
}

func (a *API) reprint(ctx context.Context, tx *sql.Tx, in *struct {
	OfJob
	Post[printAt]
}) (out printJob, err error) {
	j, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	station, err := stationOf(ctx, tx, in.Body.Station, who(ctx))
	if err != nil {
		return out, err
	}
	id, err := print.Reprint(ctx, tx, j.ID, scan.Scan{Staff: who(ctx).ID, Station: station, At: who(ctx).at})
	return printed(ctx, tx, id, err)
}

// PressedJob is the input of an operation on a print job without a body.
type PressedJob struct {
	OfJob
	Press
}

func (a *API) retryPrint(ctx context.Context, tx *sql.Tx, in *PressedJob) (out printJob, err error) {
	j, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	return printed(ctx, tx, j.ID, print.Retry(ctx, tx, j.ID, who(ctx).ID))
}

func (a *API) cameOut(ctx context.Context, tx *sql.Tx, in *PressedJob) (out printJob, err error) {
	j, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	return printed(ctx, tx, j.ID, print.CameOut(ctx, tx, j.ID, who(ctx).ID, who(ctx).at))
}

func (a *API) cancelPrint(ctx context.Context, tx *sql.Tx, in *PressedJob) (out printJob, err error) {
	j, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	return printed(ctx, tx, j.ID, print.Cancel(ctx, tx, j.ID, who(ctx).at))
}
