// Package easypost speaks with the carriers of an EasyPost account: rates, labels, refunds, trackers, manifests and what
// it tells by itself. It knows no database: what is asked for was stored before, what came of it is recorded after, both
// by shipping.
package easypost

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/shipping"
)

// Account is an account there.
type Account struct {
	key, secret, address string
	client               *http.Client
}

var _ shipping.System = (*Account)(nil)

// patience is how long one call may take: three of them fit into the delivery of a fact.
const patience = 9 * time.Second

const home = "https://api.easypost.com/v2"

// Open uses the account of an API key, whose webhook signs with the secret. Another address than EasyPost's own is for
// tests; "" is EasyPost's own.
func Open(key, webhookSecret, address string) *Account {
	if address == "" {
		address = home
	}
	return &Account{key: key, secret: webhookSecret, address: strings.TrimRight(address, "/"), client: &http.Client{Timeout: patience}}
}

// mostAnswer bounds what is read of one answer, in bytes.
const mostAnswer = 8 << 20

// call sends what is asked as JSON and reads the answer into into.
func (a *Account) call(ctx context.Context, method, path string, ask, into any) error {
	var body io.Reader
	if ask != nil {
		text, err := json.Marshal(ask)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, a.address+path, body)
	if err != nil {
		return err
	}
	request.SetBasicAuth(a.key, "")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "tote")
	answer, err := a.client.Do(request)
	if err != nil {
		return fault.Because(err, fault.Unavailable, "EasyPost cannot be reached. It will be asked again.")
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if err != nil {
		return fault.Because(err, fault.Unavailable, "EasyPost broke off. It will be asked again.")
	}
	if answer.StatusCode/100 != 2 {
		return trouble(answer.StatusCode, text)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fault.Because(err, fault.Unavailable, "EasyPost’s answer cannot be read. It will be asked again.")
	}
	return nil
}

// trouble sorts EasyPost's errors: what it refuses stays refused, all else may be tried again.
func trouble(status int, text []byte) error {
	var said struct {
		Error struct {
			Code    string          `json:"code"`
			Message json.RawMessage `json:"message"` // a text, or a list of them
			Errors  json.RawMessage `json:"errors"`
		} `json:"error"`
	}
	readable := json.Unmarshal(text, &said) == nil
	words := strings.Trim(strings.NewReplacer(`[`, "", `]`, "", `"`, "").Replace(string(said.Error.Message)), " ")
	why := fmt.Errorf("easypost: %d %s %s %s", status, said.Error.Code, words, said.Error.Errors)
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fault.Because(why, fault.Unavailable, "EasyPost does not accept the account’s key (TOTE_EASYPOST_KEY).")
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status == http.StatusConflict, status >= 500, !readable:
		return fault.Because(why, fault.Unavailable, "EasyPost does not answer (%d). It will be asked again.", status)
	case status == http.StatusNotFound:
		return fault.Because(why, fault.NotFound, "EasyPost does not know it.")
	}
	return fault.Because(why, fault.Conflict, "EasyPost refuses it: %s", words)
}

// shipment is one parcel as EasyPost writes it. Only what is needed is read.
type shipment struct {
	ID           string    `json:"id"`
	Reference    string    `json:"reference"`
	Rates        []rate    `json:"rates"`
	SelectedRate *rate     `json:"selected_rate"`
	Number       string    `json:"tracking_code"`
	Label        *label    `json:"postage_label"`
	Refund       string    `json:"refund_status"`
	Messages     []message `json:"messages"`
}

type rate struct {
	ID       string `json:"id"`
	Carrier  string `json:"carrier"`
	Service  string `json:"service"`
	Price    string `json:"rate"`
	Currency string `json:"currency"`
	Days     *int   `json:"delivery_days"`
}

type label struct {
	URL  string `json:"label_url"`
	Type string `json:"label_file_type"` // of the URL
	PDF  string `json:"label_pdf_url"`
	ZPL  string `json:"label_zpl_url"`
}

type message struct {
	Carrier string `json:"carrier"`
	Message any    `json:"message"`
}

func (s shipment) quote() (q shipping.Quote, err error) {
	q = shipping.Quote{ID: s.ID, Reference: s.Reference, Refund: refund(s.Refund)}
	for _, r := range s.Rates {
		one, err := r.read()
		if err != nil {
			return q, err
		}
		q.Rates = append(q.Rates, one)
	}
	for _, m := range s.Messages {
		q.Says = append(q.Says, fmt.Sprintf("%s: %v", m.Carrier, m.Message))
	}
	if s.Label != nil && s.SelectedRate != nil {
		chosen, err := s.SelectedRate.read()
		q.Sold = &shipping.Sale{Rate: chosen, Number: s.Number}
		return q, err
	}
	return q, nil
}

func (r rate) read() (shipping.Rate, error) {
	one := shipping.Rate{ID: r.ID, Carrier: r.Carrier, Service: r.Service, Currency: r.Currency}
	if r.Days != nil {
		one.Days = *r.Days
	}
	var err error
	one.Minor, err = minor(r.Price, r.Currency)
	return one, err
}

// minor reads a price as EasyPost writes it, "5.93".
func minor(price, currency string) (int64, error) {
	var amount float64
	if _, err := fmt.Sscanf(price, "%f", &amount); err != nil || amount < 0 || amount > 1e9 {
		return 0, fault.New(fault.Unavailable, "EasyPost’s answer names no price. It will be asked again.")
	}
	switch currency {
	case "JPY", "KRW", "ISK", "CLP", "VND":
		return int64(math.Round(amount)), nil
	}
	return int64(math.Round(amount * 100)), nil
}

func refund(status string) shipping.Refund {
	switch status {
	case "submitted":
		return shipping.Submitted
	case "refunded":
		return shipping.Refunded
	case "rejected", "not_applicable":
		return shipping.Rejected
	}
	return shipping.NotRefunded
}

// Rate opens a shipment under its reference. Buying nothing of it costs nothing.
func (a *Account) Rate(ctx context.Context, c shipping.Consignment) (q shipping.Quote, err error) {
	defer fault.Wrap(&err, "easypost.Rate(%s)", c.Reference)
	parcel := map[string]any{"weight": ounces(c.Grams)}
	if c.Length > 0 && c.Width > 0 && c.High > 0 {
		parcel["length"], parcel["width"], parcel["height"] = inches(c.Length), inches(c.Width), inches(c.High)
	}
	ask := map[string]any{"shipment": map[string]any{
		"reference": c.Reference, "to_address": address(c.To), "from_address": address(c.From), "parcel": parcel,
		"options": map[string]any{"label_format": "PNG", // the one that can be had as PDF and ZPL too
			"label_size": "4x6", "print_custom_1": c.Reference},
	}}
	return a.shipment(ctx, http.MethodPost, "/shipments", ask)
}

func (a *Account) shipment(ctx context.Context, method, path string, ask any) (shipping.Quote, error) {
	var s shipment
	if err := a.call(ctx, method, path, ask, &s); err != nil {
		return shipping.Quote{}, err
	}
	return s.quote()
}

func address(a shipping.Address) map[string]string {
	written := map[string]string{}
	for name, text := range map[string]string{"name": a.Name, "company": a.Company, "street1": a.Street, "street2": a.Street2, "city": a.City, "zip": a.Postcode,
		"state": a.Region, "country": a.Country, "phone": a.Phone} {
		if text != "" {
			written[name] = text
		}
	}
	return written
}

// ounces are grams in tenths of an ounce, rounded up: a parcel declared too light costs extra.
func ounces(grams int64) float64 { return math.Ceil(float64(grams)/28.349523125*10) / 10 }

// inches are millimetres in tenths of an inch, rounded up.
func inches(mm int) float64 { return math.Ceil(float64(mm)/25.4*10) / 10 }

func path(id string) string { return "/shipments/" + url.PathEscape(id) }

// Find reads a shipment by its id or by our reference.
func (a *Account) Find(ctx context.Context, id string) (q shipping.Quote, err error) {
	defer fault.Wrap(&err, "easypost.Find(%s)", id)
	return a.shipment(ctx, http.MethodGet, path(id), nil)
}

// Buy buys the label of a shipment. One that has a label is refused by EasyPost.
func (a *Account) Buy(ctx context.Context, id string, r shipping.Rate) (q shipping.Quote, err error) {
	defer fault.Wrap(&err, "easypost.Buy(%s)", id)
	return a.shipment(ctx, http.MethodPost, path(id)+"/buy", map[string]any{"rate": map[string]string{"id": r.ID}})
}

// Void asks for a label's money back; the answer of whether it comes may take days.
func (a *Account) Void(ctx context.Context, id string) (_ shipping.Refund, err error) {
	defer fault.Wrap(&err, "easypost.Void(%s)", id)
	q, err := a.shipment(ctx, http.MethodPost, path(id)+"/refund", nil)
	if err == nil && q.Refund == shipping.NotRefunded {
		err = fault.New(fault.Unavailable, "EasyPost does not say whether the label was given back. It will be asked again.")
	}
	return q.Refund, err
}
