package api

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/scan"
	"tote/internal/studio"
)

// ArtJobRow is the artwork of a line as lists show it.
type ArtJobRow struct {
	Line     string     `json:"line" doc:"O-1001.2"`
	SKU      string     `json:"sku"`
	Product  string     `json:"product"`
	Pieces   int64      `json:"pieces"`
	State    string     `json:"state" enum:"awaiting picture,picture check,picture refused,art,art control,approval,approved,cancelled"`
	Why      string     `json:"why" enum:"new,control,customer" doc:"How it came to its artist"`
	Artist   string     `json:"artist,omitempty"`
	Since    *time.Time `json:"since" doc:"In this state"`
	Due      *time.Time `json:"due"`
	Waits    string     `json:"waits" doc:"What it waits for, in a sentence"`
	Turn     string     `json:"turn,omitempty" doc:"Whose turn it is"`
	FileName string     `json:"file_name" doc:"What a finished file must be called to be known for it"`
	Overdue  bool       `json:"overdue,omitempty" doc:"The customer answers no reminder: call"`
}

func showArtJob(j studio.Queued) ArtJobRow {
	says, turn := j.Waits()
	return ArtJobRow{j.Ref, j.SKU, j.Product, j.Pieces, string(j.State), string(j.Why), j.ArtistName, utc(j.Since), utc(j.Due), says, turn, j.FileName(), j.Overdue}
}

type artFile struct {
	Number   int        `json:"number" doc:"Of the picture, or of the version"`
	Proof    string     `json:"proof,omitempty" doc:"A, B, C; of a version"`
	Name     string     `json:"name"`
	Type     string     `json:"type" doc:"Media type"`
	SHA256   string     `json:"sha256"`
	Width    int        `json:"width" doc:"Pixels"`
	Height   int        `json:"height" doc:"Pixels"`
	PPI      int        `json:"ppi,omitempty" doc:"At the size of the print"`
	At       *time.Time `json:"at"`
	By       string     `json:"by,omitempty" doc:"Absent for the customer"`
	Replaced bool       `json:"replaced,omitempty"`
}

type artDecision struct {
	Stage    string     `json:"stage" enum:"picture,control,customer,flow"`
	Verdict  string     `json:"verdict" enum:"approved,passed,correction,rejected"`
	Name     string     `json:"name,omitempty" doc:"Typed by the customer, or whom staff spoke with"`
	How      string     `json:"how,omitempty" doc:"How staff heard of it"`
	By       string     `json:"by,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Words    string     `json:"words,omitempty"`
	Pins     []artPin   `json:"pins,omitempty" nullable:"false"`
	Versions []int      `json:"versions" nullable:"false" doc:"It is about"`
	At       *time.Time `json:"at"`
}

type artPin struct {
	Proof string `json:"proof"`
	X     int    `json:"x" doc:"Permille of the picture's width, from its left"`
	Y     int    `json:"y" doc:"Permille of its height, from its top"`
	Words string `json:"words"`
}

type artJob struct {
	ArtJobRow
	Pictures  []artFile     `json:"pictures" nullable:"false"`
	Versions  []artFile     `json:"versions" nullable:"false"`
	Released  []artFile     `json:"released" nullable:"false" doc:"What may be made: the files that the approval names"`
	Decisions []artDecision `json:"decisions" nullable:"false"`
}

func showArt(w studio.Version) artFile {
	return artFile{Number: w.Number, Proof: studio.Letter(w.Proof), Name: w.Name, Type: w.Type, SHA256: string(w.Hash), Width: w.Width, Height: w.Height, At: utc(w.At), By: w.ByName}
}

func showDecision(d studio.Decision) artDecision {
	out := artDecision{Stage: string(d.Stage), Verdict: string(d.Verdict), Name: d.Name, How: d.How, By: d.ByName, Reason: d.Reason, Words: d.Words, At: utc(d.At),
		Versions: each(d.Files, func(f studio.DecidedFile) int { return f.Version })}
	if len(d.Pins) > 0 {
		out.Pins = each(d.Pins, func(p studio.Pin) artPin { return artPin{studio.Letter(p.Proof), p.X, p.Y, p.Words} })
	}
	return out
}

func (a *API) readArtJob(ctx context.Context, q pg.Querier, line string) (out artJob, err error) {
	v, err := studio.Read(ctx, q, who(ctx).house(), line)
	if err != nil {
		return out, err
	}
	return artJob{showArtJob(studio.Queued{Job: v.Job, ArtistName: v.ArtistName}), each(v.Pictures, func(p studio.Picture) artFile {
		return artFile{Number: p.Number, Name: p.Name, Type: p.Type, SHA256: string(p.Hash), Width: p.Width, Height: p.Height, PPI: p.PPI, At: utc(p.SentAt), Replaced: p.Replaced}
	}), each(v.Versions, showArt), each(v.Released(), showArt), each(v.Decisions, showDecision)}, nil
}

func (a *API) listArtJobs(ctx context.Context, in *struct {
	Paging
	State string `query:"state" enum:"awaiting picture,picture check,picture refused,art,art control,approval,approved,cancelled" doc:"Only this state; absent for all under way"`
}) (out page[ArtJobRow], err error) {
	after, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	states := studio.Open
	if in.State != "" {
		states = []studio.State{studio.State(in.State)}
	}
	list, err := studio.Jobs(ctx, a.DB, studio.Queue{Warehouse: who(ctx).house(), States: states, After: studio.JobID(after), Limit: in.Limit + 1})
	return paged(in.Paging, list, func(j studio.Queued) string { return digits(j.ID) }, showArtJob), err
}

// OfArtwork is a path that names the artwork of a line.
type OfArtwork struct {
	Line string `path:"line" doc:"Of an order: O-1001.2"`
}

func (a *API) getArtJob(ctx context.Context, in *OfArtwork) (artJob, error) {
	return a.readArtJob(ctx, a.DB, segment(in.Line))
}

type pictureVerdict struct {
	Good   bool   `json:"good"`
	Reason string `json:"reason,omitempty" enum:"too small,blurred,too dark,the wrong picture,somebody else's rights,not allowed here,other" doc:"Wanted where they are refused"`
	Words  string `json:"words,omitempty" maxLength:"2000" doc:"To the customer"`
}

func (a *API) checkPictures(ctx context.Context, tx *sql.Tx, in *struct {
	OfArtwork
	Post[pictureVerdict]
}) (out artJob, err error) {
	by, line := who(ctx), segment(in.Line)
	if err := studio.CheckPictures(ctx, tx, by.house(), studio.PictureVerdict{Refs: []string{line}, Good: in.Body.Good, Reason: in.Body.Reason, Words: in.Body.Words, By: by.ID, At: by.at}); err != nil {
		return out, err
	}
	return a.readArtJob(ctx, tx, line)
}

type controlVerdict struct {
	Good  bool     `json:"good"`
	Seen  []string `json:"seen" doc:"SHA-256 of the proofs that were looked at, in their order"`
	Words string   `json:"words,omitempty" maxLength:"2000" doc:"To the artist; wanted where it is sent back"`
}

func hashes(list []string) []files.Hash {
	return each(list, func(h string) files.Hash { return files.Hash(h) })
}

func (a *API) controlArt(ctx context.Context, tx *sql.Tx, in *struct {
	OfArtwork
	Post[controlVerdict]
}) (out artJob, err error) {
	by, line := who(ctx), segment(in.Line)
	if err := studio.Control(ctx, tx, by.house(), studio.ControlVerdict{Ref: line, Seen: hashes(in.Body.Seen), Good: in.Body.Good, Words: in.Body.Words, By: by.ID, At: by.at}); err != nil {
		return out, err
	}
	return a.readArtJob(ctx, tx, line)
}

type artAnswer struct {
	Verdict string   `json:"verdict" enum:"approved,correction,rejected"`
	Seen    []string `json:"seen" doc:"SHA-256 of the proofs that the customer saw, in their order"`
	Chosen  []int    `json:"chosen,omitempty" doc:"Proofs that are approved, where the customer may choose: 1 is A"`
	Name    string   `json:"name" maxLength:"120" doc:"Who said it"`
	How     string   `json:"how" enum:"phone,mail,in person,other"`
	Words   string   `json:"words" maxLength:"2000" doc:"What was said: it is the evidence"`
}

func (a *API) recordAnswer(ctx context.Context, tx *sql.Tx, in *struct {
	OfArtwork
	Post[artAnswer]
}) (out artJob, err error) {
	by, line, b := who(ctx), segment(in.Line), in.Body
	if err := studio.Decide(ctx, tx, by.house(), studio.Answer{Ref: line, Seen: hashes(b.Seen), Verdict: studio.Verdict(b.Verdict), Chosen: b.Chosen, Name: b.Name, How: b.How,
		Words: b.Words, By: by.ID, At: by.at}); err != nil {
		return out, err
	}
	return a.readArtJob(ctx, tx, line)
}

// WorkOrderRow is what the workshop makes for a line.
type WorkOrderRow struct {
	Job          string     `json:"job" doc:"J-5"`
	Line         string     `json:"line" doc:"O-1001.2"`
	SKU          string     `json:"sku"`
	Product      string     `json:"product"`
	State        string     `json:"state" enum:"open,started,finished,cancelled"`
	Pieces       int64      `json:"pieces"`
	Made         int64      `json:"made" doc:"And not looked at yet"`
	Good         int64      `json:"good"`
	Scrapped     int64      `json:"scrapped"`
	Blank        string     `json:"blank,omitempty" doc:"SKU of what it is made of"`
	Drawn        int64      `json:"drawn" doc:"Blanks taken from bins"`
	Instructions string     `json:"instructions,omitempty"`
	Due          *time.Time `json:"due"`
}

func showWork(w production.WorkOrder) WorkOrderRow {
	return WorkOrderRow{w.ID.String(), w.Ref, w.SKU, w.Product, string(w.State), w.Pieces, w.Made, w.Good, w.Scrapped, w.BlankSKU, w.Drawn, w.Instructions, utc(w.Due)}
}

type workOrder struct {
	WorkOrderRow
	Files []workFile `json:"files" nullable:"false" doc:"What is made, and nothing else"`
}

type workFile struct {
	Proof   string `json:"proof"`
	Version int    `json:"version"`
	SHA256  string `json:"sha256"`
	Name    string `json:"name"`
}

func (a *API) listWorkOrders(ctx context.Context, in *struct {
	Paging
	State string `query:"state" enum:"open,started,finished,cancelled" doc:"Only this state; absent for all that is to be made"`
}) (out page[WorkOrderRow], err error) {
	after, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	states := []production.State{production.Open, production.Started}
	if in.State != "" {
		states = []production.State{production.State(in.State)}
	}
	list, err := production.List(ctx, a.DB, production.Queue{Warehouse: who(ctx).house(), States: states, After: production.ID(after), Limit: in.Limit + 1})
	return paged(in.Paging, list, func(w production.WorkOrder) string { return digits(w.ID) }, showWork), err
}

func (a *API) getWorkOrder(ctx context.Context, in *struct {
	Job string `path:"job" doc:"Its number: J-5"`
}) (out workOrder, err error) {
	id, err := production.ParseID(segment(in.Job))
	if err != nil {
		return out, err
	}
	w, err := production.Get(ctx, a.DB, who(ctx).house(), id)
	if err != nil {
		return out, err
	}
	list, err := production.Files(ctx, a.DB, id)
	return workOrder{showWork(w), each(list, func(f production.File) workFile {
		return workFile{studio.Letter(f.Proof), f.Version, string(f.Hash), f.Name}
	})}, err
}

func (a *API) getWorkshop(ctx context.Context, _ *struct{}) (scan.Step, error) {
	return production.Show(ctx, a.DB, who(ctx).house(), who(ctx).ID)
}

func (a *API) workAtBench(ctx context.Context, tx *sql.Tx, in *Scanned) (scan.Step, error) {
	house := who(ctx).house()
	s, err := in.Body.read(ctx, tx, who(ctx))
	if err != nil {
		return scan.Step{}, err
	}
	if in.Body.Action == undo {
		return production.UndoTake(ctx, tx, house, in.Body.Undo, s)
	}
	if in.Body.Action != "" && !production.Knows(in.Body.Action) {
		return scan.Step{}, unknownAction(in.Body.Action)
	}
	return production.Take(ctx, tx, house, s, in.Body.Action)
}

func artworkRoutes() []operation {
	const art, work = "artwork", "production"
	return []operation{
		{"GET", "/artwork", "list-artwork", "Artwork, the most urgent first", art, studioSees, read((*API).listArtJobs)},
		{"GET", "/artwork/{line}", "get-artwork", "The artwork of a line: pictures, versions, decisions, what may be made", art, studioSees, read((*API).getArtJob)},
		{"POST", "/artwork/{line}/files", "send-file", "Send finished artwork, or a picture that came from the customer; the body is the file", art, fileSenders, takeFile(200, (*API).keep, (*API).sendFile)},
		{"GET", "/artwork/{line}/files/{sha256}", "get-file", "A picture or a version, byte for byte", art, studioSees, fetch((*API).getArtFile)},
		{"POST", "/artwork/{line}/pictures/verdict", "check-pictures", "Approve the customer's pictures, or refuse them", art, imageCheckers, write(200, (*API).checkPictures)},
		{"POST", "/artwork/{line}/control", "control-artwork", "Pass artwork on, or send it back", art, controllers, write(200, (*API).controlArt)},
		{"POST", "/artwork/{line}/answer", "record-answer", "Record what a customer said of a proof", art, supporters, write(200, (*API).recordAnswer)},
		{"GET", "/work-orders", "list-work-orders", "What is to be made, the most urgent first", work, productionSees, read((*API).listWorkOrders)},
		{"GET", "/work-orders/{job}", "get-work-order", "A work order with the files that are made", work, productionSees, read((*API).getWorkOrder)},
		{"GET", "/work-orders/{job}/files/{sha256}", "get-work-file", "A file that is made, byte for byte", work, productionSees, fetch((*API).getWorkFile)},
		{"GET", "/workshop", "get-workshop", "The step of whoever makes things", work, makers, read((*API).getWorkshop)},
		{"POST", "/workshop/scans", "work", "A scan at a bench", work, makers, write(200, (*API).workAtBench)},
	}
}
