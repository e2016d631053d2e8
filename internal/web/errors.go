package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/web/ui"
)

// answers is the one table of what an error becomes.
var answers = map[fault.Kind]struct {
	Status int
	Title  string
}{
	fault.Invalid:     {http.StatusUnprocessableEntity, "That cannot be right"},
	fault.NotFound:    {http.StatusNotFound, "Not found"},
	fault.Conflict:    {http.StatusConflict, "Things have changed"},
	fault.Forbidden:   {http.StatusForbidden, "Not for you"},
	fault.Unavailable: {http.StatusServiceUnavailable, "Just a moment"},
	fault.Other:       {http.StatusInternalServerError, "Something broke here"},
}

// fiberFaults are the errors of the router and the server, in our words.
var fiberFaults = map[int]error{
	http.StatusNotFound:              fault.New(fault.NotFound, "There is no page at this address. It may have moved: look in the menu."),
	http.StatusMethodNotAllowed:      fault.New(fault.NotFound, "This address does not answer that. Go back and try again."),
	http.StatusRequestEntityTooLarge: fault.New(fault.Invalid, "That is more than Tote takes at once: 4 MB. Send it in parts."),

	http.StatusRequestHeaderFieldsTooLarge: fault.New(fault.Invalid, "That is too long for an address. Look for less and try again."),
}

// fail answers an error: a page for a person, a part for the script, never what went wrong inside.
func (a *App) fail(c *fiber.Ctx, err error) error {
	for prefix, part := range a.Mounts {
		if path := c.Path(); path == prefix || strings.HasPrefix(path, prefix+"/") {
			return part.Fail(c, err)
		}
	}
	status := 0
	if e := (*fiber.Error)(nil); errors.As(err, &e) {
		status = e.Code
		if status == http.StatusRequestHeaderFieldsTooLarge {
			swallowHead(c.Context().Conn())
		}
		if known, ok := fiberFaults[e.Code]; ok {
			err = known
		} else if e.Code < http.StatusInternalServerError {
			err = fault.New(fault.Invalid, "Tote does not understand this request. Go back and try again.")
		}
	}
	err = pg.Explain(err)
	kind := fault.KindOf(err)
	answer := answers[kind]
	if status == 0 {
		status = answer.Status
	}
	if kind == fault.Other {
		a.Log.ErrorContext(c.UserContext(), "failed", "id", c.Locals(requestID), "route", c.Route().Path, "error", err)
	}
	problem := ui.Problem{Status: status, Title: answer.Title, Message: fault.Message(err), Request: text(c.Locals(requestID))}
	if kind == fault.Unavailable {
		c.Set(fiber.HeaderRetryAfter, "1")
	}
	c.Status(status)
	if wantsPart(c) {
		return a.send(c, ui.ScanProblem(problem))
	}
	return a.send(c, ui.ProblemPage(problem))
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
