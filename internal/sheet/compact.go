package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tote/internal/fault"
)

// told is how many bad lines are explained; of the others only the numbers are given.
const told = 50

// mostRanges bounds that list when good and bad lines alternate.
const mostRanges = 1000

// Err is bad as an error in the order of the lines, or nil when there is no fault: the first lines with what is wrong with each, and for the
// rest the numbers of the lines, so that ten thousand bad rows make an answer one can read.
func Err(bad fault.Fields) error {
	bad = slices.Clone(bad)
	slices.SortStableFunc(bad, func(a, b fault.Field) int { return lineOf(a) - lineOf(b) })
	if len(bad) <= told {
		return bad.Err()
	}
	short := slices.Clone(bad[:told])
	lines := numbers(bad[told:])
	if len(lines) > 0 {
		short.Add("lines", "%d more lines are wrong too: %s.", len(lines), ranges(lines))
	}
	return short
}

// numbers are the lines that faults speak of, once each, in order.
func numbers(bad fault.Fields) []int {
	var lines []int
	for _, f := range bad {
		if n := lineOf(f); n > 0 {
			lines = append(lines, n)
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// lineOf is the line a fault speaks of, 0 for none.
func lineOf(f fault.Field) int {
	n, err := strconv.Atoi(strings.TrimPrefix(f.Name, "line "))
	if err != nil {
		return 0
	}
	return n
}

// ranges writes 3, 4, 5, 9 as "3–5, 9".
func ranges(lines []int) string {
	var all []string
	for i := 0; i < len(lines); {
		if len(all) == mostRanges {
			return strings.Join(all, ", ") + " and others"
		}
		j := i
		for j+1 < len(lines) && lines[j+1] == lines[j]+1 {
			j++
		}
		if all = append(all, strconv.Itoa(lines[i])); j > i {
			all[len(all)-1] = fmt.Sprintf("%d–%d", lines[i], lines[j])
		}
		i = j + 1
	}
	return strings.Join(all, ", ")
}
