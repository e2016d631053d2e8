package easypost

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"tote/internal/fault"
	"tote/shipping"
)

// Adapter is the word for carriers of an account in shipping.
const Adapter = "easypost"

// tracker is where a parcel is, as EasyPost writes it.
type tracker struct {
	ID      string `json:"id"`
	Number  string `json:"tracking_code"`
	Details []struct {
		Status   string `json:"status"`
		Detail   string `json:"status_detail"`
		Message  string `json:"message"`
		Time     string `json:"datetime"`
		Location struct {
			City string `json:"city"`
		} `json:"tracking_location"`
	} `json:"tracking_details"`
}

// kinds are the words of EasyPost in shipping's.
var kinds = map[string]string{"in_transit": "in transit", "out_for_delivery": "in transit", "available_for_pickup": "in transit", "delivered": "delivered",
	"return_to_sender": "exception", "failure": "exception", "error": "exception"}

// sightings reads where a parcel was, oldest first. A line whose time cannot be read is left out.
func (t tracker) sightings() []shipping.Sighting {
	var all []shipping.Sighting
	for _, d := range t.Details {
		at, err := time.Parse(time.RFC3339, d.Time)
		if err != nil {
			continue
		}
		s := shipping.Sighting{At: at.UTC(), Kind: kinds[d.Status], Note: words(d.Message, d.Location.City), Key: t.Number + " " + d.Time + " " + d.Status + " " + d.Detail}
		if s.Kind == "" {
			s.Kind = "note"
		}
		if s.Kind == "exception" {
			s.Trouble = troubleOf(d.Status, d.Detail)
		}
		if len(s.Key) <= mostKey {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b shipping.Sighting) int { return a.At.Compare(b.At) })
	return all
}

const mostKey = 180

func words(message, city string) string {
	text := strings.TrimSpace(message)
	if city != "" {
		text = strings.TrimSpace(text + ", " + city)
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	if r := []rune(text); len(r) > 300 {
		text = string(r[:300])
	}
	return text
}

func troubleOf(status, detail string) shipping.Trouble {
	switch {
	case status == "return_to_sender", detail == "return":
		return shipping.Returned
	case detail == "address_correction", detail == "unable_to_deliver":
		return shipping.BadPlace
	}
	return shipping.Missed
}

// Track asks where a parcel is. The first time EasyPost begins to follow it, and tells by itself from then on.
func (a *Account) Track(ctx context.Context, carrier, number string) (_ []shipping.Sighting, err error) {
	defer fault.Wrap(&err, "easypost.Track(%s)", number)
	var t tracker
	if err := a.call(ctx, http.MethodPost, "/trackers", map[string]any{"tracker": map[string]string{"tracking_code": number, "carrier": carrier}}, &t); err != nil {
		return nil, err
	}
	if t.Number != number {
		return nil, fault.New(fault.Unavailable, "EasyPost answered about another parcel. It will be asked again.")
	}
	return t.sightings(), nil
}

const signature = "hmac-sha256-hex="

// Event proves that EasyPost sent a message and reads it. The signature is over the very bytes that came.
func (a *Account) Event(body []byte, signed string) (r shipping.Report, err error) {
	defer fault.Wrap(&err, "easypost.Event")
	forged := fault.New(fault.Invalid, "This message does not bear EasyPost’s signature.")
	hexadecimal, prefixed := strings.CutPrefix(signed, signature)
	theirs, err := hex.DecodeString(hexadecimal)
	if err != nil || !prefixed || a.secret == "" || !hmac.Equal(theirs, a.sign(body)) {
		return r, forged
	}
	var said struct {
		ID     string          `json:"id"`
		Kind   string          `json:"description"`
		Result json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(body, &said); err != nil || said.ID == "" || len(said.ID) > mostKey {
		return r, fault.New(fault.Invalid, "This message of EasyPost cannot be read.")
	}
	r = shipping.Report{System: Adapter, ID: said.ID}
	switch about, _, _ := strings.Cut(said.Kind, "."); about {
	case "tracker":
		var t tracker
		if err := json.Unmarshal(said.Result, &t); err != nil {
			return r, fault.New(fault.Invalid, "This message of EasyPost cannot be read.")
		}
		r.Number, r.Sightings = t.Number, t.sightings()
	case "refund":
		var back struct {
			Status   string `json:"status"`
			Shipment string `json:"shipment_id"`
		}
		if err := json.Unmarshal(said.Result, &back); err != nil {
			return r, fault.New(fault.Invalid, "This message of EasyPost cannot be read.")
		}
		r.Refund, r.RefundOf = refund(back.Status), back.Shipment
	}
	return r, nil
}

// sign is the signature EasyPost's webhooks bear: HMAC-SHA256 under the secret in compatibility decomposition.
func (a *Account) sign(body []byte) []byte {
	mac := hmac.New(sha256.New, norm.NFKD.Bytes([]byte(a.secret)))
	mac.Write(body)
	return mac.Sum(nil)
}
