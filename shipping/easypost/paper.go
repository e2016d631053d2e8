package easypost

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"

	"tote/internal/fault"
	"tote/shipping"
)

// Paper is a label as EasyPost keeps it: the picture that was bought, or what that is converted to.
func (a *Account) Paper(ctx context.Context, id string, f shipping.Format) (_ []byte, err error) {
	defer fault.Wrap(&err, "easypost.Paper(%s, %s)", id, f)
	ask := path(id)
	if f != shipping.PNG {
		ask += "/label?file_format=" + string(f)
	}
	var s shipment
	if err := a.call(ctx, http.MethodGet, ask, nil, &s); err != nil {
		return nil, err
	}
	if s.Label == nil {
		return nil, fault.New(fault.Unavailable, "EasyPost has no paper of this label yet. It will be asked again.")
	}
	if from := s.Label.as(f); from != "" {
		return a.download(ctx, from, f)
	}
	if f == shipping.PDF {
		return nil, fault.New(fault.Unavailable, "EasyPost has no paper of this label yet. It will be asked again.")
	}
	return nil, fault.New(fault.NotFound, "EasyPost does not draw this label as %s.", f)
}

// as is where a label lies in a format; a label that was bought as PDF lies where others' pictures do.
func (l label) as(f shipping.Format) string {
	switch {
	case f == shipping.ZPL:
		return l.ZPL
	case f == shipping.PDF:
		return cmp.Or(l.PDF, l.URL)
	case l.Type == "image/png":
		return l.URL
	}
	return ""
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
	return a.download(ctx, form.URL, shipping.PDF)
}

// download gets a paper from where EasyPost says it lies, unchanged.
func (a *Account) download(ctx context.Context, from string, f shipping.Format) ([]byte, error) {
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
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if err != nil {
		return nil, fault.Because(err, fault.Unavailable, "The label cannot be fetched. It will be tried again.")
	}
	if answer.StatusCode != http.StatusOK || !is(f, body) || len(body) == mostAnswer {
		return nil, fault.New(fault.Unavailable, "The label that was fetched is no %s (%d). It will be tried again.", f, answer.StatusCode)
	}
	return body, nil
}

// is reports that bytes are a paper of a format. A label is labels from the first byte to the last: a command to a printer
// before or behind them would not be one.
func is(f shipping.Format, body []byte) bool {
	switch f {
	case shipping.ZPL:
		body = bytes.TrimSpace(body)
		return bytes.HasPrefix(body, []byte("^XA")) && bytes.HasSuffix(body, []byte("^XZ")) && !bytes.Contains(body, []byte("~J"))
	case shipping.PNG:
		return bytes.HasPrefix(body, []byte("\x89PNG\r\n\x1a\n"))
	}
	return bytes.HasPrefix(body, []byte("%PDF-"))
}

// trusted reports whether an address is one to fetch papers from: over TLS, or where the account itself is.
func (a *Account) trusted(address string) bool {
	u, err := url.Parse(address)
	own, _ := url.Parse(a.address)
	return err == nil && u.User == nil && (u.Scheme == "https" || own != nil && u.Scheme == own.Scheme && u.Host == own.Host)
}
