package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"tote/internal/fault"
)

// Fault adds what is wrong with the row to bad, under the name "line 7" and with that name before the sentence.
func (r Row) Fault(bad *fault.Fields, format string, args ...any) {
	atLine(bad, r.Line, format, args...)
}

func atLine(bad *fault.Fields, line int, format string, args ...any) {
	bad.Add("line "+strconv.Itoa(line), "Line %d: %s.", line, fmt.Sprintf(format, args...))
}

// Text is a cell that must have between 1 and most characters.
func (r Row) Text(bad *fault.Fields, column string, most int) string {
	text := r.Get(column)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		r.Fault(bad, "%s is empty", column)
	case n > most:
		r.Fault(bad, "%s is longer than %d characters", column, most)
	}
	return text
}

// Int is a whole number between least and most; an empty cell is otherwise.
func (r Row) Int(bad *fault.Fields, column string, least, most, otherwise int64) int64 {
	text := r.Get(column)
	if text == "" && otherwise >= least {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		r.Fault(bad, "%s must be a whole number from %d to %d, not %q", column, least, most, short(text))
		return least
	}
	return n
}

// OneOf is one of the words, in any case; an empty cell is the first.
func (r Row) OneOf(bad *fault.Fields, column string, words ...string) string {
	text := strings.ToLower(r.Get(column))
	if text == "" {
		return words[0]
	}
	for _, w := range words {
		if text == w {
			return w
		}
	}
	r.Fault(bad, "%s must be one of %s, not %q", column, strings.Join(words, ", "), short(text))
	return words[0]
}

func short(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}

// Write writes a table that Read takes back. A cell that a spreadsheet would run as a formula is written with an
// apostrophe before it, which Read takes off.
func Write(out io.Writer, head []string, rows [][]string) error {
	c := csv.NewWriter(out)
	if err := c.Write(head); err != nil {
		return err
	}
	for _, cells := range rows {
		safe := make([]string, len(cells))
		for i, cell := range cells {
			safe[i] = quiet(strings.TrimSpace(cell))
		}
		if err := c.Write(safe); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

const formula = "=+-@"

func quiet(cell string) string {
	if bare := strings.TrimLeft(cell, "'"); bare != "" && strings.ContainsRune(formula, rune(bare[0])) && !number(cell) {
		return "'" + cell
	}
	return cell
}

func bare(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && rest != "" && quiet(rest) == cell {
		return rest
	}
	return cell
}

func number(cell string) bool {
	_, err := strconv.ParseFloat(cell, 64)
	return err == nil
}
