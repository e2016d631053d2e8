package ui

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tote/internal/scan"
)

// targetSize lets the thing to find stay readable in 360 pixels without a scroll.
func targetSize(target string) string {
	switch n := utf8.RuneCountInString(target); {
	case n > 17:
		return "longest"
	case n > 12:
		return "long"
	}
	return ""
}

// shownOf is what is shown large and what below it. Once somebody stands at the place it is the thing to take there.
func shownOf(s scan.Step) (target string, details []string) {
	if !s.Here || len(s.Detail) == 0 {
		return s.Target, s.Detail
	}
	return s.Detail[0], append([]string{"in " + s.Target}, s.Detail[1:]...)
}

// choicesOf are the choices of one place; a choice without a style answers a question or stands in the bar.
func choicesOf(s scan.Step, style scan.Style) []scan.Choice {
	var found []scan.Choice
	for _, c := range s.Choices {
		at := c.Style
		if at == "" {
			at = scan.Bar
			if s.Result == scan.Decide {
				at = scan.Answer
			}
		}
		if at == style {
			found = append(found, c)
		}
	}
	return found
}

// notSaid are the last scans without the words that stand large above them: of the newest only its Undo is left.
func notSaid(s scan.Step) []scan.Recent {
	if len(s.Recent) == 0 || s.Message == "" || s.Recent[0].Message != s.Message {
		return s.Recent
	}
	rest := slices.Clone(s.Recent)
	if rest[0].Message = ""; !rest[0].Undoable {
		return rest[1:]
	}
	return rest
}

func nextIcon(s scan.Step) string {
	if s.Result == scan.Decide {
		return "question"
	}
	return "scan"
}

// longestLabel is how many characters of a scan field's words are seen in 360 pixels.
const longestLabel = 23

func fieldLabel(s scan.Step) string {
	switch {
	case slices.Contains(s.Expect, "weight"):
		return "Weight in kg"
	case strings.HasPrefix(s.Next, "Scan") && utf8.RuneCountInString(s.Next) <= longestLabel:
		return s.Next
	case s.Finished:
		return "Scan what comes next"
	}
	return "Scan"
}

func takeWord(s scan.Step) string {
	if s.Into == "" {
		return "quantity"
	}
	return "take"
}

func gotoOf(s scan.Step) string {
	if s.Goto != "" {
		return s.Goto
	}
	return "/menu"
}

func gotoLabel(s scan.Step) string {
	if s.Goto != "" {
		return "Go on"
	}
	return "Menu"
}
