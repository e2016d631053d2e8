package labels

import (
	"time"

	"tote/internal/fault"
)

// Date reads a GS1 date, YYMMDD. Day 00 is the last day of the month. The
// century is the one that brings the year within 49 years before and 50 years
// after today's (GS1 General Specifications 7.12).
func Date(yymmdd string, today time.Time) (time.Time, error) {
	if err := linters["yymmd0"](yymmdd); err != nil {
		return time.Time{}, fault.New(fault.Invalid, "%q is not a date of the form YYMMDD.", clip(yymmdd))
	}
	two := func(i int) int { return int(yymmdd[i]-'0')*10 + int(yymmdd[i+1]-'0') }
	year := today.Year() - today.Year()%100 + two(0)
	switch off := year - today.Year(); {
	case off > 50:
		year -= 100
	case off < -49:
		year += 100
	}
	month, day := time.Month(two(2)), two(4)
	if day == 0 {
		month, day = month+1, 0 // the day before the next month's first
	}
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC), nil
}

// Expiry is the last day the item may be used (AI 17, else the date of 7003,
// else best before, 15), seen from today. It answers false when the code says
// nothing readable about it.
func (c Code) Expiry(today time.Time) (time.Time, bool) {
	for _, ai := range []string{"17", "7003", "15"} {
		if v := c.Elements.Get(ai); len(v) >= 6 {
			if day, err := Date(v[:6], today); err == nil {
				return day, true
			}
		}
	}
	return time.Time{}, false
}
