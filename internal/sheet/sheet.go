// Package sheet reads and writes the tables people keep in spreadsheets: rows by the name of their column, every fault by its line.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
)

// What is read at most: a table beyond it is refused as a whole.
const (
	MaxRows = 100_000
	MaxCell = 4096 // bytes
)

// Column is one column a table may have. Names are compared without case, blanks, dashes and underscores.
type Column struct {
	Name     string
	Also     []string // other names by which people know it
	Required bool     // the table must have the column; whether a cell may be empty is for the reader of the row
}

// Row is one row of a table; Line is where it begins in the file, the header being line 1.
type Row struct {
	Line  int
	cells map[string]string
}

// Get is the trimmed text of a cell, "" when the table has no such column.
func (r Row) Get(column string) string { return r.cells[column] }

// Read reads a whole table with a header, separated by comma, semicolon or tab. The answer is either every row or
// one fault.Fields that names each bad line (see Err).
func Read(in io.Reader, columns ...Column) ([]Row, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, fault.New(fault.Invalid, "The file could not be read to its end. Send it again.")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return nil, fault.New(fault.Invalid, "The file is not UTF-8 text. Save it as “CSV UTF-8” and send it again.")
	}
	c := csv.NewReader(bytes.NewReader(data))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes = separator(data), -1, false
	head, err := c.Read()
	if err != nil {
		return nil, fault.New(fault.Invalid, "The file has no header line. Its first line must name the columns: %s.", names(columns))
	}
	place, err := header(head, columns)
	if err != nil {
		return nil, err
	}
	return rows(c, len(head), place)
}

func rows(c *csv.Reader, width int, place map[string]int) ([]Row, error) {
	var all []Row
	var bad fault.Fields
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if pe := (*csv.ParseError)(nil); errors.As(err, &pe) {
			atLine(&bad, pe.StartLine, "a quotation mark is not closed or stands in the wrong place")
			break // what follows cannot be told apart
		}
		line, _ := c.FieldPos(0)
		switch {
		case len(all) == MaxRows:
			return nil, fault.New(fault.Invalid, "The file has more than %d rows. Send it in parts.", MaxRows)
		case blank(cells):
		case len(cells) != width:
			atLine(&bad, line, "has %d cells where the header has %d", len(cells), width)
		default:
			all = append(all, row(line, cells, place, &bad))
		}
	}
	if err := Err(bad); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.New(fault.Invalid, "The file has a header but no rows.")
	}
	return all, nil
}

func row(line int, cells []string, place map[string]int, bad *fault.Fields) Row {
	r := Row{Line: line, cells: make(map[string]string, len(place))}
	for name, i := range place {
		text := strings.TrimSpace(cells[i])
		if len(text) > MaxCell || strings.ContainsFunc(text, forbidden) {
			atLine(bad, line, "%s is too long or holds control characters", name)
			continue
		}
		r.cells[name] = bare(text)
	}
	return r
}

func forbidden(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t' }

func header(head []string, columns []Column) (map[string]int, error) {
	at := map[string]int{}
	for i, name := range head {
		if _, twice := at[plain(name)]; !twice {
			at[plain(name)] = i
		}
	}
	place := map[string]int{}
	var bad fault.Fields
	for _, c := range columns {
		i, found := at[plain(c.Name)]
		for _, other := range c.Also {
			if j, ok := at[plain(other)]; ok && !found {
				i, found = j, true
			}
		}
		switch {
		case found:
			place[c.Name] = i
		case c.Required:
			atLine(&bad, 1, "the column %q is missing; the columns are %s", c.Name, names(columns))
		}
	}
	return place, bad.Err()
}

// separator is what the header line uses most.
func separator(data []byte) rune {
	head, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', bytes.Count(head, []byte(","))
	for _, r := range ";\t" {
		if n := bytes.Count(head, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

func names(columns []Column) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.Name
	}
	return strings.Join(all, ", ")
}

func blank(cells []string) bool { return strings.TrimSpace(strings.Join(cells, "")) == "" }
