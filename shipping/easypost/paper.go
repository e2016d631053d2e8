package easypost

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"

	"tote/internal/fault"
)

// Paper is a label's PDF. EasyPost keeps labels as files; one it drew otherwise is converted first.
func (a *Account) Paper(ctx context.Context, id string) (_ []byte, err error) {
	defer fault.Wrap(&err, "easypost.Paper(%s)", id)
	var s shipment
	if err := a.call(ctx, http.MethodGet, path(id)+"/label?file_format=PDF", nil, &s); err != nil {
		return nil, err
	}
	if s.Label == nil || s.Label.PDF == "" && s.Label.URL == "" {
		return nil, fault.New(fault.Unavailable, "EasyPost has no paper of this label yet. It will be asked again.")
	}
	from := s.Label.PDF
	if from == "" {
		from = s.Label.URL
	}
	return a.download(ctx, from)
}

// Manifest is the paper of several labels' parcels that are handed over together: a scan form.
func (a *Account) Manifest(ctx context.Context, ids []string) (_ []byte, err error) {
	defer fault.Wrap(&err, "easypost.Manifest(%d)", len(ids))
	ask := make([]map[string]string, len(ids))
	for i, id := range ids {
		ask[i] = map[string]string{"id": id}
	}
	var form struct {
		Status string `json:"status"`
		URL    string `json:"form_url"`
	}
	if err := a.call(ctx, http.MethodPost, "/scan_forms", map[string]any{"shipments": ask}, &form); err != nil {
		return nil, err
	}
	if form.URL == "" {
		return nil, fault.New(fault.NotFound, "EasyPost has no manifest of these parcels: %s.", form.Status)
	}
	return a.download(ctx, form.URL)
}

// download gets a PDF from where EasyPost says it lies, unchanged.
func (a *Account) download(ctx context.Context, from string) ([]byte, error) {
	if !a.trusted(from) {
		return nil, fault.New(fault.Unavailable, "EasyPost names no safe address of the label.")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	answer, err := a.client.Do(request)
	if err != nil {
		return nil, fault.Because(err, fault.Unavailable, "The label cannot be fetched. It will be tried again.")
	}
	defer answer.Body.Close()
	pdf, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if err != nil {
		return nil, fault.Because(err, fault.Unavailable, "The label cannot be fetched. It will be tried again.")
	}
	if answer.StatusCode != http.StatusOK || !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) == mostAnswer {
		return nil, fault.New(fault.Unavailable, "The label that was fetched is no PDF (%d). It will be tried again.", answer.StatusCode)
	}
	return pdf, nil
}

// trusted reports whether an address is one to fetch papers from: over TLS, or where the account itself is.
func (a *Account) trusted(address string) bool {
	u, err := url.Parse(address)
	own, _ := url.Parse(a.address)
	return err == nil && u.User == nil && (u.Scheme == "https" || own != nil && u.Scheme == own.Scheme && u.Host == own.Host)
}
