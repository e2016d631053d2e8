package api

import (
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
)

// problem is what every refusal looks like: RFC 9457. It says nothing of the inside of the program.
type problem struct {
	Status   int           `json:"status" doc:"The HTTP status"`
	Title    string        `json:"title" doc:"The kind of problem, the same for every one of its kind"`
	Detail   string        `json:"detail" doc:"A sentence for a person: what is wrong and what to do"`
	Instance string        `json:"instance,omitempty" doc:"The number of the request, as in the log"`
	Errors   []fault.Field `json:"errors,omitempty" doc:"What is wrong with single fields"`
}

func (p *problem) Error() string  { return p.Detail }
func (p *problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *problem) ContentType(string) string { return problemType }

// GetHeaders implements huma.HeadersError.
func (p *problem) GetHeaders() http.Header {
	h := http.Header{}
	switch p.Status {
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "1")
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="Tote"`)
	}
	return h
}

const problemType = "application/problem+json"

// statuses is the one table of what an error becomes here.
var statuses = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Forbidden:   http.StatusForbidden,
	fault.Unavailable: http.StatusServiceUnavailable,
	fault.Other:       http.StatusInternalServerError,
}

func init() {
	// Huma asks this variable for every error it meets itself: a body that is not JSON, a field of the wrong type.
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return refuse(status, sentences[status], message, fields(errs))
	}
}

// sentences are for what Huma refuses by itself.
var sentences = map[int]string{
	http.StatusBadRequest:            "The body cannot be read as JSON. Mend it and send it again.",
	http.StatusUnprocessableEntity:   "Some fields are not as they must be; each is named in errors.",
	http.StatusUnsupportedMediaType:  "Send the body as application/json.",
	http.StatusRequestEntityTooLarge: "The body is larger than 1 MB. Send it in parts.",
	http.StatusRequestTimeout:        "The body did not arrive in time. Send it again.",
	http.StatusNotFound:              "There is nothing at this address. The document at /api/v1/openapi.json lists what there is.",
	http.StatusMethodNotAllowed:      "This address does not answer that method. The document at /api/v1/openapi.json lists what there is.",
}

func refuse(status int, detail, fallback string, errs []fault.Field) *problem {
	if detail == "" {
		detail = fallback
	}
	return &problem{Status: status, Title: http.StatusText(status), Detail: detail, Errors: errs}
}

// fields names what Huma found wrong as a form's fields: body.lines[0].quantity is lines.0.quantity.
func fields(errs []error) (list []fault.Field) {
	for _, err := range errs {
		var detail huma.ErrorDetailer
		if !errors.As(err, &detail) {
			list = append(list, fault.Field{Message: "cannot be read: " + err.Error()})
			continue
		}
		d := detail.ErrorDetail()
		if missing := required.FindStringSubmatch(d.Message); missing != nil {
			list = append(list, fault.Field{Name: name(d.Location + "." + missing[1]), Message: "is missing"})
			continue
		}
		list = append(list, fault.Field{Name: name(d.Location), Message: d.Message})
	}
	return list
}

// required is how Huma says that a property is missing: at the place of what lacks it.
var required = regexp.MustCompile("^" + strings.ReplaceAll(validation.MsgExpectedRequiredProperty, "%s", `(\S+)`) + "$")

var index = regexp.MustCompile(`\[(\d+)\]`)

func name(location string) string {
	_, within, found := strings.Cut(index.ReplaceAllString(location, ".$1"), ".")
	if !found {
		return location
	}
	return within
}

// problemOf is the answer to an error of a trade. What nobody foresaw goes to the log, and nowhere else.
func (a *API) problemOf(c *fiber.Ctx, err error) *problem {
	var known *problem
	if errors.As(err, &known) {
		return known
	}
	err = pg.Explain(err)
	kind := fault.KindOf(err)
	p := refuse(statuses[kind], fault.Message(err), "", fault.FieldsOf(err))
	p.Instance = c.GetRespHeader(fiber.HeaderXRequestID)
	if kind == fault.Other {
		a.Log.ErrorContext(c.UserContext(), "failed", "id", p.Instance, "route", c.Route().Path, "error", err)
	}
	return p
}

// Fail answers an error of the router or the server below Prefix.
func (a *API) Fail(c *fiber.Ctx, err error) error {
	var p *problem
	if e := (*fiber.Error)(nil); errors.As(err, &e) && e.Code < http.StatusInternalServerError {
		p = refuse(e.Code, sentences[e.Code], "Tote does not understand this request.", nil)
	} else {
		p = a.problemOf(c, err)
	}
	for name, values := range p.GetHeaders() {
		c.Set(name, values[0])
	}
	return c.Status(p.Status).JSON(p, problemType)
}
