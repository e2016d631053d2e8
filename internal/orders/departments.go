package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/studio"
)

// Department is whose turn an order can be inside the house, in the order of its way.
type Department string

// The departments. An order passes those it needs.
const (
	Desk         Department = "processing"    // payment and questions
	PictureCheck Department = "picture check" // the studio, as all to ArtControl
	Art          Department = "art"
	ArtControl   Department = "art control"
	Approving    Department = "approval" // the customer's, watched by client support
	Workshop     Department = "production"
	Collecting   Department = "picking"
	PackingBench Department = "packing"
	Dock         Department = "shipping"
)

// Departments lists them.
var Departments = []Department{Desk, PictureCheck, Art, ArtControl, Approving, Workshop, Collecting, PackingBench, Dock}

// departments is what is known of each: its name, and how it is set up until somebody says otherwise.
var departments = map[Department]struct {
	title string
	days  int
}{
	Desk: {"Order desk", 7}, PictureCheck: {"Picture check", 6}, Art: {"Art", 5}, ArtControl: {"Art control", 4}, Approving: {"Customer’s approval", 3},
	Workshop: {"Workshop", 2}, Collecting: {"Picking", 1}, PackingBench: {"Packing", 1}, Dock: {"Shipping", 1},
}

// Title is its name for people.
func (d Department) Title() string { return departments[d].title }

// Known reports whether there is such a department.
func (d Department) Known() bool { _, ok := departments[d]; return ok }

// LeadTime is what the settings say of a department.
type LeadTime struct {
	Days  int    `json:"days"`  // working days before the promised day by which it is done
	Email string `json:"email"` // who is warned; "" is nobody
}

// LeadTime of a department, as set up.
func (s Settings) LeadTime(d Department) LeadTime {
	if t, ok := s.Departments[d]; ok {
		return t
	}
	return LeadTime{Days: departments[d].days}
}

// maxDays bounds the working days before a promise: half a year.
const maxDays = 130

// SaveDepartments checks and stores by when each department must be done and how many hours before that it is warned.
// Orders that are there already keep their dates. Mistakes are fault.Fields named departments.0.days, the number being the
// place in Departments.
func SaveDepartments(ctx context.Context, tx *sql.Tx, leads map[Department]LeadTime, warnHours int) (err error) {
	defer fault.Wrap(&err, "orders.SaveDepartments")
	s, err := LoadSettings(ctx, tx)
	if err != nil {
		return err
	}
	s.Departments, s.WarnHours = leads, warnHours
	if err := s.checkDepartments(); err != nil {
		return err
	}
	if leads == nil {
		leads = map[Department]LeadTime{}
	}
	text, err := json.Marshal(leads)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `update settings set departments = $1, warn_hours = $2`, string(text), warnHours)
	return err
}

func (s Settings) checkDepartments() error {
	var wrong fault.Fields
	if s.WarnHours < 0 || s.WarnHours > 240 {
		wrong.Add("warn_hours", "Warn 0 to 240 hours ahead.")
	}
	before := maxDays
	for i, d := range Departments {
		t := s.LeadTime(d)
		name := fmt.Sprintf("departments.%d.", i)
		switch {
		case t.Days < 0 || t.Days > maxDays:
			wrong.Add(name+"days", "Give 0 to %d working days.", maxDays)
		case t.Days > before:
			wrong.Add(name+"days", "%s comes after %s, which is done %d working days ahead. Give %d or less.", d.Title(), Departments[i-1].Title(), before, before)
		default:
			before = t.Days
		}
		if t.Email != "" && !isEmail(t.Email) {
			wrong.Add(name+"email", "%q is not an e-mail address.", short(t.Email))
		}
	}
	return wrong.Err()
}

// Dates is by when each department must be done with an order.
type Dates map[Department]time.Time

// dates counts back from what was promised, in working days. Where there is no time for that, a department still has the
// next working day, but never longer than the promise. All are the last moment of a day in the zone of promised.
func (s Settings) dates(promised, from time.Time) Dates {
	zone := promised.Location()
	soonest := workdays(day(from, zone), 1)
	all := Dates{}
	for _, d := range Departments {
		due := workdays(promised, -s.LeadTime(d).Days)
		if due.Before(soonest) {
			due = soonest
		}
		if due.After(promised) {
			due = promised
		}
		all[d] = due
	}
	return all
}

// column is the dates as their column holds them.
func (d Dates) column() json.RawMessage {
	text, err := json.Marshal(d)
	if err != nil {
		panic(err) // times of our years always marshal
	}
	return text
}

// studio is the dates of the studio's steps.
func (d Dates) studio() map[studio.State]time.Time {
	return map[studio.State]time.Time{
		studio.PictureCheck: d[PictureCheck], studio.Art: d[Art], studio.ArtControl: d[ArtControl], studio.Approval: d[Approving],
	}
}

// workdays is n days from Monday to Friday after t, before it for a negative n, at the same hour.
func workdays(t time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		t = t.AddDate(0, 0, step)
		if w := t.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return t
}

// workdaysBetween counts the days from Monday to Friday after the day of from up to that of to.
func workdaysBetween(from, to time.Time) (n int) {
	for t := workdays(from, 1); !t.After(to); t = workdays(t, 1) {
		n++
	}
	return n
}
