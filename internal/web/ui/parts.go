package ui

import (
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"tote/internal/scan"
)

var resultIcons = map[scan.Result]string{
	scan.Right: "check", scan.Done: "check", scan.Wrong: "cross", scan.Decide: "question", "trouble": "plug",
}

var resultWords = map[scan.Result]string{
	scan.Right: "Right:", scan.Done: "Done:", scan.Wrong: "Stop:", scan.Decide: "Decide:", "trouble": "Trouble:",
}

func flashIcon(t Tone) string {
	switch t {
	case Good:
		return "check"
	case Asks:
		return "warning"
	case Halted:
		return "cross"
	}
	return "info"
}

// newKey is the key of a form that is sent without script, fresh for every form that is rendered.
func newKey() string { return uuid.NewString() }

func percent(done, total int64) string {
	if total <= 0 {
		return "0"
	}
	return strconv.FormatInt(min(100, max(0, done*100/total)), 10)
}

func scanProgress(done, total int64) string { return fmt.Sprintf("%d of %d", done, total) }
