package api

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/mail"
	"tote/internal/orders"
	"tote/internal/pg"
)

// Hours is when letters of a kind leave.
type Hours struct {
	Off        bool `json:"off,omitempty" doc:"They are not sent"`
	DelayHours int  `json:"delay_hours" minimum:"0" maximum:"720" doc:"How long each waits"`
	From       int  `json:"from,omitempty" minimum:"0" maximum:"23" doc:"O'clock where the reader lives"`
	To         int  `json:"to,omitempty" minimum:"0" maximum:"24" doc:"0 with from 0: at any hour"`
}

type placeholder struct {
	Name   string `json:"name"`
	Means  string `json:"means"`
	Inline bool   `json:"inline" doc:"Stands within a sentence"`
	Must   bool   `json:"must" doc:"The letter cannot do without it"`
}

type letterTemplate struct {
	Letter   string        `json:"letter" doc:"Its name in addresses"`
	Kind     string        `json:"kind"`
	Says     string        `json:"says" doc:"When it is sent"`
	MayBeOff bool          `json:"may_be_off"`
	Timing   Hours         `json:"timing"`
	Own      []string      `json:"own" nullable:"false" doc:"Languages with words of your own"`
	Put      []placeholder `json:"placeholders" nullable:"false"`
}

func showLetter(t mail.Template) letterTemplate {
	out := letterTemplate{Letter: t.Slug, Kind: string(t.Kind), Says: t.Says, MayBeOff: t.MayBeOff, Timing: Hours(t.Timing), Own: []string{}}
	for _, l := range orders.Languages {
		if t.Own[l] {
			out.Own = append(out.Own, string(l))
		}
	}
	out.Put = each(t.Vars, func(v mail.Var) placeholder { return placeholder{v.Name, v.Means, v.Inline(), t.Needs(v.Name)} })
	return out
}

type letterTemplates struct {
	Language  string           `json:"language" doc:"Of letters to customers without one of their own: en, de, or country"`
	Templates []letterTemplate `json:"templates" nullable:"false"`
}

func (a *API) listLetterTemplates(ctx context.Context, _ *struct{}) (letterTemplates, error) {
	return allTemplates(ctx, a.DB)
}

func allTemplates(ctx context.Context, q pg.Querier) (out letterTemplates, err error) {
	house, err := orders.LoadSettings(ctx, q)
	if err != nil {
		return out, err
	}
	all, err := mail.Templates(ctx, q)
	return letterTemplates{string(house.Language), each(all, showLetter)}, err
}

// LetterLanguage is how the house writes.
type LetterLanguage struct {
	Language string `json:"language" enum:"en,de,country" doc:"country: German to DE, AT, CH and LI, else English"`
}

func (a *API) setLetterLanguage(ctx context.Context, tx *sql.Tx, in *Put[LetterLanguage]) (out letterTemplates, err error) {
	if err := orders.SaveLanguage(ctx, tx, orders.Language(in.Body.Language)); err != nil {
		return out, err
	}
	return allTemplates(ctx, tx)
}

// OfLetter is a path that names a kind of letter.
type OfLetter struct {
	Letter string `path:"letter" doc:"confirmation, tracking …"`
}

func (o OfLetter) kind() (mail.Kind, error) { return mail.KindOf(segment(o.Letter)) }

func (a *API) timeLetters(ctx context.Context, tx *sql.Tx, in *struct {
	OfLetter
	Put[Hours]
}) (out letterTemplate, err error) {
	k, err := in.kind()
	if err != nil {
		return out, err
	}
	if err := mail.SaveTiming(ctx, tx, k, mail.Timing(in.Body), who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	t, err := mail.ReadTemplate(ctx, tx, k)
	return showLetter(t), err
}

// OfWording is a path that names a letter in a language.
type OfWording struct {
	OfLetter
	Language string `path:"language" enum:"en,de"`
}

func (o OfWording) names() (mail.Kind, orders.Language, error) {
	k, err := o.kind()
	return k, orders.Language(o.Language), err
}

// WordingText is the words of a letter.
type WordingText struct {
	Subject string `json:"subject" maxLength:"1000"`
	Body    string `json:"body" maxLength:"20000"`
}

func (w WordingText) text() mail.Text { return mail.Text{Subject: w.Subject, Body: w.Body} }

// WordingVersion is a wording that was saved once.
type WordingVersion struct {
	Version int        `json:"version"`
	Shipped bool       `json:"shipped" doc:"It is the wording that ships"`
	Subject string     `json:"subject"`
	Body    string     `json:"body"`
	By      string     `json:"by,omitempty"`
	At      *time.Time `json:"at,omitempty"`
}

func showVersion(v mail.Version) WordingVersion {
	return WordingVersion{v.Number, v.Shipped, v.Subject, v.Body, v.By, utc(v.At)}
}

type wording struct {
	WordingVersion
	Versions []WordingVersion `json:"versions" nullable:"false" doc:"All that were saved, newest first"`
}

func (a *API) getWording(ctx context.Context, in *OfWording) (out wording, err error) {
	k, l, err := in.names()
	if err != nil {
		return out, err
	}
	return wordingOf(ctx, a.DB, k, l)
}

func wordingOf(ctx context.Context, q pg.Querier, k mail.Kind, l orders.Language) (out wording, err error) {
	now, err := mail.Wording(ctx, q, k, l, 0)
	if err != nil {
		return out, err
	}
	all, err := mail.History(ctx, q, k, l)
	return wording{showVersion(now), each(all, showVersion)}, err
}

// NewWording is a wording as it is saved.
type NewWording struct {
	WordingText
	Version int `json:"version" minimum:"0" doc:"That it was made from; 0 when nothing was saved yet"`
}

func (a *API) saveWording(ctx context.Context, tx *sql.Tx, in *struct {
	OfWording
	Put[NewWording]
}) (out wording, err error) {
	k, l, err := in.names()
	if err != nil {
		return out, err
	}
	if _, err := mail.SaveWording(ctx, tx, k, l, in.Body.text(), in.Body.Version, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	return wordingOf(ctx, tx, k, l)
}

// WordingChoice is which version to go back to.
type WordingChoice struct {
	To      int `json:"to" minimum:"0" doc:"The version to go back to; 0 is the wording that ships"`
	Version int `json:"version" minimum:"0" doc:"That is in force"`
}

func (a *API) restoreWording(ctx context.Context, tx *sql.Tx, in *struct {
	OfWording
	Post[WordingChoice]
}) (out wording, err error) {
	k, l, err := in.names()
	if err != nil {
		return out, err
	}
	if _, err := mail.Restore(ctx, tx, k, l, in.Body.To, in.Body.Version, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	return wordingOf(ctx, tx, k, l)
}

type letterPreview struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
	About   string `json:"about,omitempty" doc:"What it was filled with: O-1001; absent for an example"`
}

func (a *API) previewLetter(ctx context.Context, tx *sql.Tx, in *struct {
	OfWording
	Post[WordingText]
}) (out letterPreview, err error) {
	k, l, err := in.names()
	if err != nil {
		return out, err
	}
	p, err := mail.Look(ctx, tx, k, l, in.Body.text())
	return letterPreview{p.Subject, p.Text, p.HTML, p.About}, err
}

type tried struct {
	To string `json:"to"`
}

// TryOut is a wording that is tried.
type TryOut struct {
	WordingText
	To string `json:"to" maxLength:"254" doc:"Where the test goes"`
}

func (a *API) tryLetter(ctx context.Context, tx *sql.Tx, in *struct {
	OfWording
	Post[TryOut]
}) (out tried, err error) {
	k, l, err := in.names()
	if err != nil {
		return out, err
	}
	return tried{in.Body.To}, mail.Try(ctx, tx, k, l, in.Body.text(), in.Body.To, submission(ctx, in.Key), who(ctx).ID)
}

// QuestionsWanted is what a customer said about being asked.
type QuestionsWanted struct {
	Wanted bool `json:"wanted" doc:"The customer may be asked how it was"`
}

func (a *API) setQuestions(ctx context.Context, tx *sql.Tx, in *struct {
	OfCustomer
	Put[QuestionsWanted]
}) (out customer, err error) {
	id := orders.CustomerID(in.Customer)
	if err := orders.SetQuestions(ctx, tx, id, in.Body.Wanted, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	return customerOf(ctx, tx, id)
}

type scores struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	Answers int64    `json:"answers"`
	Average string   `json:"average" doc:"From 1.00 to 5.00"`
	Low     []string `json:"low" nullable:"false" doc:"Orders with a score of 1 or 2"`
}

type judged struct {
	By   string   `json:"by" enum:"SKU,artist,picker,packer,carrier,cause"`
	Rows []scores `json:"rows" nullable:"false" doc:"The worst first"`
}

type feedbackReport struct {
	By []judged `json:"by" nullable:"false"`
}

func showScores(s orders.Scores) scores {
	return scores{s.Key, s.Name, s.Count, s.Average(), each(s.Low, orders.Number.String)}
}

func (a *API) feedbackReport(ctx context.Context, in *struct {
	From time.Time `query:"from" required:"true" doc:"2026-11-01T00:00:00Z"`
	To   time.Time `query:"to" required:"true" doc:"Up to before this moment"`
}) (out feedbackReport, err error) {
	if in.From.Year() < 2000 || in.To.Year() > 2200 || in.From.After(in.To) {
		return out, fault.Fields{{Name: "from", Message: "The period is from one moment to a later one, between the years 2000 and 2200."}}
	}
	all, err := orders.FeedbackReport(ctx, a.DB, who(ctx).house(), in.From, in.To)
	out.By = each(all, func(j orders.Judged) judged { return judged{j.By, each(j.Rows, showScores)} })
	return out, err
}

func letterRoutes() []operation {
	const tag = "letters"
	return []operation{
		{"GET", "/letter-templates", "list-letter-templates", "Every kind of letter: when it is sent, what may stand in it", tag, managers, read((*API).listLetterTemplates)},
		{"PUT", "/letter-language", "set-letter-language", "The language of letters to customers without one of their own", tag, managers, write(200, (*API).setLetterLanguage)},
		{"PUT", "/letter-templates/{letter}/timing", "time-letters", "When letters of a kind leave, from now on", tag, managers, write(200, (*API).timeLetters)},
		{"GET", "/letter-templates/{letter}/wordings/{language}", "get-wording", "The words in force, and every version that was saved", tag, managers, read((*API).getWording)},
		{"PUT", "/letter-templates/{letter}/wordings/{language}", "save-wording", "Word a letter anew, from now on", tag, managers, write(200, (*API).saveWording)},
		{"POST", "/letter-templates/{letter}/wordings/{language}/restore", "restore-wording", "Go back to a version, or to the wording that ships", tag, managers, write(200, (*API).restoreWording)},
		{"POST", "/letter-templates/{letter}/wordings/{language}/preview", "preview-letter", "What the latest order would read; nothing is changed", tag, managers, write(200, (*API).previewLetter)},
		{"POST", "/letter-templates/{letter}/wordings/{language}/tests", "try-letter", "Send a test, with an example in it", tag, managers, write(201, (*API).tryLetter)},
		{"PUT", "/customers/{customer}/questions", "set-questions", "Whether a customer is asked how it was", "customers", office, write(200, (*API).setQuestions)},
		{"GET", "/feedback/report", "get-feedback-report", "What customers said of orders from this warehouse, by SKU, artist, picker, packer and carrier", tag, office, read((*API).feedbackReport)},
	}
}
