package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// Carrier takes parcels to people.
type Carrier struct {
	Code        string // own, dhl
	Name        string
	Adapter     string // own, manual or easypost: how we get numbers from it
	Theirs      string // what the system that sells its labels calls it: USPS; "" for the others
	Services    []string
	TransitDays int    // working days from dispatch to delivery
	TrackingURL string // its page of a number; {number} is replaced
	LeavesAt    string // when its truck leaves on a working day, "15:30" in the time of the warehouse; "" = nobody said
	Active      bool
}

// Way is how the carrier is spoken with.
func (c Carrier) Way() Way { return ways[c.Adapter] }

// CutOff is when the next truck leaves after a moment, in the zone of a warehouse; nil where nobody said when trucks leave.
func (c Carrier) CutOff(after time.Time, zone *time.Location) *time.Time {
	clock, err := time.Parse(leavesAt, c.LeavesAt)
	if err != nil {
		return nil
	}
	local := after.In(zone)
	for day := 0; ; day++ {
		at := time.Date(local.Year(), local.Month(), local.Day()+day, clock.Hour(), clock.Minute(), 0, 0, zone)
		if w := at.Weekday(); w != time.Saturday && w != time.Sunday && at.After(after) {
			return &at
		}
	}
}

const leavesAt = "15:04"

// workingDays counts days from the day of from, without Saturdays and Sundays.
func workingDays(from time.Time, days int) time.Time {
	y, m, d := from.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	for days > 0 {
		day = day.AddDate(0, 0, 1)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
			days--
		}
	}
	return day
}

// packageNumber is ours for the n-th package: TT, ten digits, a check digit by GS1's rule (weights 3 and
// 1 from the right), so that a digit typed wrong is noticed.
func packageNumber(n int64) string {
	data := fmt.Sprintf("%010d", n)
	check, _ := labels.CheckDigit(data)
	return "TT" + data + string(check)
}

var ourNumber = regexp.MustCompile(`^TT[0-9]{11}$`)

// misread reports that text has the shape of one of our package numbers with a wrong check digit.
func misread(text string) bool {
	if !ourNumber.MatchString(text) {
		return false
	}
	check, ok := labels.CheckDigit(text[2:12])
	return !ok || check != text[12]
}

const carrierColumns = `code, name, adapter, theirs, services, transit_days, tracking_url, coalesce(to_char(leaves_at, 'HH24:MI'), ''), active`

func (c *Carrier) fields() []any {
	return []any{&c.Code, &c.Name, &c.Adapter, &c.Theirs, pg.Array(&c.Services), &c.TransitDays, &c.TrackingURL, &c.LeavesAt, &c.Active}
}

// Carriers lists all carriers by name, the own fleet first.
func Carriers(ctx context.Context, q pg.Querier) (_ []Carrier, err error) {
	defer fault.Wrap(&err, "shipping.Carriers()")
	return list(ctx, q, (*Carrier).fields, `select `+carrierColumns+` from carriers order by adapter <> 'own', name`)
}

// FindCarrier reads the carrier of that code.
func FindCarrier(ctx context.Context, q pg.Querier, code string) (c Carrier, err error) {
	err = q.QueryRowContext(ctx, `select `+carrierColumns+` from carriers where code = $1`, code).Scan(c.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return c, fault.New(fault.NotFound, "There is no carrier %q.", clip(code))
	}
	return c, err
}

var carrierCode = regexp.MustCompile(`^[a-z0-9-]{2,24}$`)

// TrackingNumber is what a carrier's tracking address holds where the number goes.
const TrackingNumber = "{number}"

// TrackingPage is a carrier's own page of a number by the carrier's address; "" where one of the two is missing.
func TrackingPage(address, number string) string {
	if address == "" || number == "" {
		return ""
	}
	return strings.ReplaceAll(address, TrackingNumber, url.QueryEscape(number))
}

// AddCarrier checks and stores a new carrier; mistakes are fault.Fields named as in Carrier.check.
func AddCarrier(ctx context.Context, tx *sql.Tx, c Carrier) (err error) {
	defer fault.Wrap(&err, "shipping.AddCarrier(%q)", c.Code)
	if c, err = c.check(); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		insert into carriers (code, name, adapter, services, transit_days, tracking_url, active, leaves_at, theirs)
		values ($1, $2, $3, $4, $5, $6, $7, nullif($8, '')::time, $9)
		on conflict (code) do nothing`,
		c.Code, c.Name, c.Adapter, pg.Array(c.Services), c.TransitDays, c.TrackingURL, c.Active, c.LeavesAt, c.Theirs)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.Fields{{Name: "code", Message: "There is a carrier " + c.Code + " already. Change that one, or give another code."}}
}

// EditCarrier changes the carrier that has c's code. How its numbers come about stays: packages carry them. Orders and
// shipments that a carrier has already keep it, also when it is out of use; new ones are not offered it.
func EditCarrier(ctx context.Context, tx *sql.Tx, c Carrier) (err error) {
	defer fault.Wrap(&err, "shipping.EditCarrier(%q)", c.Code)
	was, err := FindCarrier(ctx, tx, c.Code)
	if err != nil {
		return err
	}
	c.Adapter = was.Adapter
	if c, err = c.check(); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update carriers set name = $2, services = $3, transit_days = $4, tracking_url = $5, active = $6, leaves_at = nullif($7, '')::time, theirs = $8
		where code = $1`, c.Code, c.Name, pg.Array(c.Services), c.TransitDays, c.TrackingURL, c.Active, c.LeavesAt, c.Theirs)
	return err
}

// check is the one validation of carriers, and tidies: mistakes are named code, name, adapter, theirs, services, transit_days,
// leaves_at, tracking_url.
func (c Carrier) check() (Carrier, error) {
	var bad fault.Fields
	c.Name, c.TrackingURL = strings.TrimSpace(c.Name), strings.TrimSpace(c.TrackingURL)
	if !carrierCode.MatchString(c.Code) || c.Code == Best {
		bad.Add("code", "A carrier's code is 2 to 24 small letters, digits or dashes, as dhl-express; best is no carrier's.")
	}
	if wrong := wrongText(c.Name, 60); wrong != "" || c.Name == "" {
		bad.Add("name", "Give the carrier's name, up to 60 characters on one line.")
	}
	if _, known := ways[c.Adapter]; !known {
		bad.Add("adapter", "Numbers come from the own fleet (own), are entered by hand (manual), or come with labels bought through EasyPost (easypost).")
	}
	if c.Theirs = strings.TrimSpace(c.Theirs); wrongText(c.Theirs, 40) != "" || c.Way().Remote != (c.Theirs != "") {
		bad.Add("theirs", "Give the carrier's name as EasyPost writes it (USPS, DHLExpress, FedEx), up to 40 characters; other carriers have none.")
	}
	c.checkServices(&bad)
	if c.TransitDays < 0 || c.TransitDays > 90 {
		bad.Add("transit_days", "The days in transit are between 0 and 90.")
	}
	if c.LeavesAt = strings.TrimSpace(c.LeavesAt); c.LeavesAt != "" {
		clock, err := time.Parse(leavesAt, c.LeavesAt)
		if c.LeavesAt = clock.Format(leavesAt); err != nil {
			bad.Add("leaves_at", "Write when the truck leaves as 15:30.")
		}
	}
	if c.TrackingURL != "" && !trackingAddress(c.TrackingURL) {
		bad.Add("tracking_url", "The address of the carrier's tracking page begins with https:// and holds {number} once, behind the name of the site: https://carrier.example/track?n={number}.")
	}
	return c, bad.Err()
}

const mostServices = 20

func (c *Carrier) checkServices(bad *fault.Fields) {
	var services []string
	for _, s := range c.Services {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(services, s) {
			services = append(services, s)
		}
	}
	c.Services = services
	wrong := func(s string) bool { return wrongText(s, 40) != "" || strings.Contains(s, ",") }
	if len(services) == 0 || len(services) > mostServices || slices.ContainsFunc(services, wrong) {
		bad.Add("services", "Name 1 to %d services, each up to 40 characters.", mostServices)
	}
}

// trackingAddress reports whether an address is safe to link to and says where the number goes. The number stands
// behind the host: what somebody typed as a number never chooses the site.
func trackingAddress(address string) bool {
	u, err := url.Parse(strings.Replace(address, TrackingNumber, "1Z999", 1))
	before, _, _ := strings.Cut(address, TrackingNumber)
	begins := err == nil && strings.HasPrefix(before, "https://"+u.Host+"/")
	return begins && u.Host != "" && u.User == nil && strings.Count(address, TrackingNumber) == 1 && wrongText(address, 300) == "" &&
		!strings.ContainsAny(address, " \"<>\\")
}

// wrongText says what is wrong with a text on one line of at most so many characters, or "".
func wrongText(s string, most int) string {
	switch {
	case !utf8.ValidString(s):
		return "holds characters that cannot be read"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "holds control characters"
	case utf8.RuneCountInString(s) > most:
		return fmt.Sprintf("is longer than %d characters", most)
	}
	return ""
}

// clip shortens what somebody typed or scanned for a message.
func clip(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
