package ipp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"sync/atomic"
	"time"
)

// Printer is a printer by its address: ipp://host:631/printers/labels, or ipps for one that is asked over TLS.
type Printer struct {
	uri  string // as IPP has it
	post string // as HTTP has it
	http *http.Client
}

// New is the printer at an address; patience is how long one question may take.
func New(address string, patience time.Duration) (*Printer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	scheme, found := map[string]string{"ipp": "http", "ipps": "https"}[u.Scheme]
	if !found || u.Hostname() == "" || u.User != nil {
		return nil, fmt.Errorf("%q is no address of an IPP printer", address)
	}
	if u.Port() == "" {
		u.Host += ":631"
	}
	p := &Printer{uri: u.String(), http: &http.Client{
		Timeout:   patience,
		Transport: &http.Transport{DisableKeepAlives: true},
		// A printer that sends us elsewhere is not the one that a manager has named.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	u.Scheme = scheme
	p.post = u.String()
	return p, nil
}

// Condition is how a printer is.
type Condition struct {
	Stopped bool
	Reasons []string // media-empty-error, door-open, …; without "none"
	Formats []string // media types it prints
}

// Takes reports that it prints documents of a type.
func (c Condition) Takes(mediaType string) bool { return slices.Contains(c.Formats, mediaType) }

// Condition asks a printer how it is.
func (p *Printer) Condition(ctx context.Context) (Condition, error) {
	m, err := p.ask(ctx, request(opGetPrinterAttributes, 1, attribute{tagURI, "printer-uri", p.uri}), nil)
	if err != nil {
		return Condition{}, err
	}
	c := Condition{Stopped: m.number("printer-state") == 5, Formats: m.texts["document-format-supported"], Reasons: m.texts["printer-state-reasons"]}
	c.Reasons = slices.DeleteFunc(c.Reasons, func(r string) bool { return r == "none" })
	return c, nil
}

// Unsure is an error after the document had begun to leave: the printer may have it.
type Unsure struct{ Err error }

func (u Unsure) Error() string { return u.Err.Error() }
func (u Unsure) Unwrap() error { return u.Err }

// Print hands a document over and answers the printer's number for the job. An error that is Unsure leaves open whether
// it will come out.
func (p *Printer) Print(ctx context.Context, name, mediaType string, document []byte) (job int, err error) {
	var began atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { began.Store(true) }})
	m, err := p.ask(ctx, request(opPrintJob, 2, attribute{tagURI, "printer-uri", p.uri}, attribute{tagName, "requesting-user-name", "tote"},
		attribute{tagName, "job-name", name}, attribute{tagMediaType, "document-format", mediaType}), document)
	if err != nil && began.Load() && !errors.As(err, new(Refused)) {
		return 0, Unsure{err}
	}
	if err != nil {
		return 0, err
	}
	return m.number("job-id"), nil
}

// State is how far a job is, by the protocol's numbers.
type State int

// The states of a job in which it stays.
const (
	Canceled  State = 7
	Aborted   State = 8
	Completed State = 9
)

// Job asks how far a job is, and why it is not further.
func (p *Printer) Job(ctx context.Context, job int) (State, []string, error) {
	m, err := p.ask(ctx, request(opGetJobAttributes, 3, attribute{tagURI, "printer-uri", p.uri}, attribute{tagInteger, "job-id", int32(job)},
		attribute{tagName, "requesting-user-name", "tote"}), nil)
	if err != nil {
		return 0, nil, err
	}
	return State(m.number("job-state")), m.texts["job-state-reasons"], nil
}

// Cancel takes a job back.
func (p *Printer) Cancel(ctx context.Context, job int) error {
	_, err := p.ask(ctx, request(opCancelJob, 4, attribute{tagURI, "printer-uri", p.uri}, attribute{tagInteger, "job-id", int32(job)},
		attribute{tagName, "requesting-user-name", "tote"}), nil)
	return err
}

// Refused is a printer's no: the document was not taken.
type Refused uint16

func (r Refused) Error() string {
	return fmt.Sprintf("the printer refuses with status 0x%04x", uint16(r))
}

// Busy reports that the same may succeed later.
func (r Refused) Busy() bool { return r >= 0x0500 }

func (p *Printer) ask(ctx context.Context, message, document []byte) (*reply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.post, io.MultiReader(bytes.NewReader(message), bytes.NewReader(document)))
	if err != nil {
		return nil, err
	}
	req.ContentLength = int64(len(message) + len(document))
	req.Header.Set("Content-Type", "application/ipp")
	res, err := p.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusServiceUnavailable:
		return nil, Refused(0x0502)
	case res.StatusCode >= 500: // it may have the document all the same
		return nil, fmt.Errorf("the printer answers %s", res.Status)
	case res.StatusCode != http.StatusOK:
		return nil, Refused(0x0400)
	}
	m, err := read(res.Body)
	if err != nil {
		return nil, err
	}
	if m.status >= 0x0100 {
		return nil, Refused(m.status)
	}
	return m, nil
}
