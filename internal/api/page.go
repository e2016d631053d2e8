package api

import (
	"encoding/base64"
	"slices"
	"strconv"

	"tote/internal/fault"
)

// Paging is how a list is asked for.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"400" doc:"next of the page before; empty for the first page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
}

// page is a part of a list.
type page[T any] struct {
	Data []T    `json:"data" nullable:"false"`
	Next string `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one"`
}

// after is the key of the last row of the page before, "" on the first page.
func (p Paging) after() (string, error) {
	key, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil || !readable(key) {
		return "", fault.Fields{{Name: "cursor", Message: "This is not a cursor of ours. Send next of the page before, unchanged."}}
	}
	return string(key), nil
}

// afterNumber is after for a list that is ordered by a number.
func (p Paging) afterNumber() (int64, error) {
	key, err := p.after()
	if err != nil || key == "" {
		return 0, err
	}
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.Fields{{Name: "cursor", Message: "This is not a cursor of this list. Send next of the page before, unchanged."}}
	}
	return n, nil
}

// paged makes a page of rows, of which one more was asked for than it shows: key is what the next page begins after.
func paged[R, T any](p Paging, rows []R, key func(R) string, show func(R) T) page[T] {
	out := page[T]{Data: []T{}}
	if len(rows) > p.Limit {
		rows = rows[:p.Limit]
		out.Next = base64.RawURLEncoding.EncodeToString([]byte(key(rows[p.Limit-1])))
	}
	for _, r := range rows {
		out.Data = append(out.Data, show(r))
	}
	return out
}

// few makes a page of a list that is read whole, since a house has few of them.
func few[R, T any](p Paging, all []R, key func(R) string, show func(R) T) (out page[T], err error) {
	after, err := p.after()
	if err != nil {
		return out, err
	}
	all = all[1+slices.IndexFunc(all, func(r R) bool { return key(r) == after }):]
	return paged(p, all, key, show), nil
}

// each shows every row.
func each[R, T any](rows []R, show func(R) T) []T {
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		out = append(out, show(r))
	}
	return out
}

// digits is a number as the key of a cursor.
func digits[N ~int64](n N) string { return strconv.FormatInt(int64(n), 10) }
