package api_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// contract is the document as somebody else reads it.
type contract struct {
	router   routers.Router
	document *openapi3.T
}

func readContract(t testing.TB, s *site) *contract {
	t.Helper()
	a := s.raw("GET", "/api/v1/openapi.json", nil)
	if a.Status != 200 {
		t.Fatalf("the document: %d %s", a.Status, a.Body)
	}
	document, err := openapi3.NewLoader().LoadFromData(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	return &contract{router, document}
}

// hold holds a request against the document when it was obeyed, and the answer always.
func (c *contract) hold(t testing.TB, method, path string, body []byte, header []string, a answer) {
	t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		t.Fatalf("%s %s is not in the document: %v", method, path, err)
	}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
		IncludeResponseStatus: true,
		AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
	}}
	if a.Status < 300 {
		if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
			t.Errorf("%s %s was obeyed against the document: %v", method, path, err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: a.Status, Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.Body)), Options: in.Options}
	if err := openapi3filter.ValidateResponse(r.Context(), out); err != nil {
		t.Errorf("the answer to %s %s breaks the document: %v\n%s", method, path, err, a.Body)
	}
}

func TestTheDocumentIsWhole(t *testing.T) {
	s := open(t)
	if v := s.check.document.OpenAPI; v != "3.1.0" {
		t.Errorf("OpenAPI %s", v)
	}
	ids := map[string]bool{}
	for path, item := range s.check.document.Paths.Map() {
		for method, o := range item.Operations() {
			switch {
			case o.OperationID == "" || ids[o.OperationID]:
				t.Errorf("%s %s has the name %q, which is empty or another's", method, path, o.OperationID)
			case o.Summary == "" || len(o.Tags) != 1 || o.Responses.Default() == nil:
				t.Errorf("%s %s says too little", method, path)
			case method == http.MethodPost && o.Parameters.GetByInAndName("header", "Idempotency-Key") == nil:
				t.Errorf("%s %s has no Idempotency-Key", method, path)
			}
			ids[o.OperationID] = true
		}
	}
}
