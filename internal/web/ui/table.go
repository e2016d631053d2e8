package ui

import (
	"net/url"
	"strconv"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Table is a list of rows under headings that sort.
type Table struct {
	Columns []Column
	Rows    [][]Cell
	Totals  []Cell     // a last line, one cell per column; nil for none
	Sort    string     // the column sorted by; "-placed" is downward
	Query   url.Values // what the present list is filtered by; headings and pager keep it
	Path    string     // the list's own address
	Anchor  string     // where on the page the list stands, for other pages of it; "" at its top
	More    string     // cursor of the next page; "" on the last
	Before  string     // cursor that goes back; "" on the first
	Shown   int64      // rows on this page; 0 counts Rows
	Of      int64      // rows altogether; 0 when that is not counted
}

// Column is a heading; Sort names it in the address when the list can be sorted by it.
type Column struct {
	Title  string
	Sort   string
	Number bool
}

// Cell is one value: text, text with a link, or a component of its own.
type Cell struct {
	Text string
	Href string
	Part templ.Component
}

// Text, Go, Num and Show make cells.
func Text(s string) Cell          { return Cell{Text: s} }
func Go(s, href string) Cell      { return Cell{Text: s, Href: href} }
func Num(n int64) Cell            { return Cell{Text: strconv.FormatInt(n, 10)} }
func Show(c templ.Component) Cell { return Cell{Part: c} }

// FilterLink is one of the ready-made views of a list, an address that can be shared.
type FilterLink struct {
	Label   string
	Href    string
	Count   int64
	Counted bool
	Current bool
}

// direction is the aria-sort of a column in the present order.
func (t Table) direction(c Column) string {
	switch {
	case c.Sort == "":
		return ""
	case t.Sort == c.Sort:
		return "ascending"
	case t.Sort == "-"+c.Sort:
		return "descending"
	}
	return ""
}

// sortHref sorts by a column, or turns the order round; it starts at the first page.
func (t Table) sortHref(c Column) string {
	to := c.Sort
	if t.Sort == c.Sort {
		to = "-" + c.Sort
	}
	return t.href("sort", to)
}

func (t Table) href(name, value string) string {
	q := url.Values{}
	for k, v := range t.Query {
		if k != "after" && k != "before" {
			q[k] = v
		}
	}
	q.Set(name, value)
	if t.Anchor != "" {
		return t.Path + "?" + q.Encode() + "#" + t.Anchor
	}
	return t.Path + "?" + q.Encode()
}

func (t Table) shown() string {
	n := t.Shown
	if n == 0 {
		n = int64(len(t.Rows))
	}
	words := strconv.FormatInt(n, 10) + " shown"
	if t.Of > n {
		words = strconv.FormatInt(n, 10) + " of " + strconv.FormatInt(t.Of, 10)
	}
	return words
}

// cellClass places a cell; a short text is never broken.
func cellClass(columns []Column, i int, c Cell) string {
	class := ""
	switch {
	case i == 0:
		class = "head"
	case i < len(columns) && columns[i].Number:
		class = "number"
	}
	if c.Part != nil || utf8.RuneCountInString(c.Text) <= shortText {
		class += " short"
	}
	return class
}

const shortText = 16 // characters
