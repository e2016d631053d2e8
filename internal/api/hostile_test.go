package api_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestEveryRefusalIsAProblem(t *testing.T) {
	s := open(t)
	big := strings.NewReader(`{"sku":"NEW","name":"` + strings.Repeat("a", 2<<20) + `"}`)
	huge := strings.NewReader(`{"sku":"NEW","name":"` + strings.Repeat("a", 5<<20) + `"}`)
	for _, r := range []struct {
		what, method, path string
		body               io.Reader
		status             int
	}{
		{"no such path", "GET", "/api/v1/nothing", nil, 404},
		{"no such version", "GET", "/api/v9/items", nil, 404},
		{"the prefix", "GET", "/api", nil, 404},
		{"another method", "PATCH", "/api/v1/items", nil, 405},
		{"too large", "POST", "/api/v1/items", big, 413},
		{"far too large", "POST", "/api/v1/items", huge, 413},
		{"nothing", "POST", "/api/v1/items", strings.NewReader(``), 400},
		{"no JSON", "POST", "/api/v1/items", strings.NewReader(`sku=NEW`), 400},
		{"half a JSON", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW"`), 400},
		{"an array", "POST", "/api/v1/items", strings.NewReader(`[]`), 422},
		{"null", "POST", "/api/v1/items", strings.NewReader(`null`), 422},
		{"deep", "POST", "/api/v1/items", strings.NewReader(strings.Repeat(`[`, 500_000)), 400},
		{"deep and whole", "POST", "/api/v1/items", strings.NewReader(`{"sku":` + strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000) + `}`), 400},
		{"a wrong type", "POST", "/api/v1/items", strings.NewReader(`{"sku":7,"name":{"a":[]}}`), 422},
		{"a number as text", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"New","weight_g":"7"}`), 422},
		{"a fraction", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"New","weight_g":0.5}`), 422},
		{"a huge number", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"New","weight_g":1e30}`), 422},
		{"a number beyond any", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"New","weight_g":1e999}`), 400},
		{"the largest number", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"New","weight_g":9223372036854775807}`), 422},
		{"an unknown field", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"New","colour":"red"}`), 422},
		{"NUL", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"N\u0000w"}`), 400},
		{"half a pair", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"N\ud83dw"}`), 400},
		{"the other half", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"N\ude00w"}`), 400},
		{"two halves", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"N\ud83d\ud83dw"}`), 400},
		{"not UTF-8", "POST", "/api/v1/items", strings.NewReader("{\"sku\":\"NEW\",\"name\":\"N\xff\"}"), 400},
		{"a control character", "POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"N\u001bw"}`), 422},
		{"NUL in the path", "GET", "/api/v1/items/a%00b", nil, 400},
		{"NUL in the query", "GET", "/api/v1/items?search=a%00b", nil, 400},
		{"no UTF-8 in the path", "GET", "/api/v1/items/a%ffb", nil, 400},
		{"no UTF-8 in the query", "GET", "/api/v1/items?search=a%ffb", nil, 400},
		{"an unknown parameter", "GET", "/api/v1/items?colour=red", nil, 422},
		{"a limit of none", "GET", "/api/v1/items?limit=0", nil, 422},
		{"a limit beyond any", "GET", "/api/v1/items?limit=99999999999999999999", nil, 422},
		{"a receipt that is none", "GET", "/api/v1/receipts/x", nil, 422},
		{"a receipt beyond any", "GET", "/api/v1/receipts/9223372036854775807", nil, 404},
		{"a list that is none", "GET", "/api/v1/pick-lists/P-0", nil, 404},
		{"a scan without a key", "POST", "/api/v1/receipts/scans", strings.NewReader(`{"code":"B-D-1"}`), 422},
		{"a scan with half a key", "POST", "/api/v1/receipts/scans", strings.NewReader(`{"code":"B-D-1","key":"7f3a"}`), 422},
		{"a scan of nothing", "POST", "/api/v1/receipts/scans", strings.NewReader(`{"key":"` + uuid.NewString() + `"}`), 422},
		{"a scan of 5 kB", "POST", "/api/v1/receipts/scans", strings.NewReader(`{"key":"` + uuid.NewString() + `","code":"` + strings.Repeat("4", 5000) + `"}`), 422},
		{"a scan at a station that is none", "POST", "/api/v1/receipts/scans", strings.NewReader(`{"key":"` + uuid.NewString() + `","code":"B-D-1","station":"K-99"}`), 422},
	} {
		a := s.raw(r.method, r.path, r.body, "Idempotency-Key", uuid.NewString())
		if p := a.problem(); a.Status != r.status {
			t.Errorf("%s: %d, not %d: %+v", r.what, a.Status, r.status, p)
		}
	}
	if a := s.send("GET", "/items/NEW", nil); a.Status != 404 {
		t.Errorf("something was stored: %s", a.Body)
	}
}

func TestABodyOfAnotherKindIsRefused(t *testing.T) {
	s := open(t)
	for header, value := range map[string]string{"Content-Type": "text/xml", "Content-Encoding": "gzip"} {
		a := s.raw("POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"New"}`), "Idempotency-Key", uuid.NewString(), header, value)
		if p := a.problem(); p.Status != 415 {
			t.Errorf("%s: %+v", header, p)
		}
	}
}

func TestAChunkedBodyArrives(t *testing.T) {
	s := open(t)
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.app.Listener(line)
	defer s.app.Shutdown()
	chunked := io.MultiReader(strings.NewReader(`{"sku":"NEW",`), strings.NewReader(`"name":"Smile 😀"}`))
	r, err := http.NewRequest("POST", "http://"+line.Addr().String()+"/api/v1/items", chunked)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Authorization": {"Bearer " + s.token}, "Content-Type": {"application/json"}, "Idempotency-Key": {"k-1"}}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); response.StatusCode != 201 || !strings.Contains(string(body), "😀") {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}

func TestErrorsNameTheFieldAsTheFormDoes(t *testing.T) {
	s := open(t)
	body := object{"number": "PO-1", "supplier": "Acme", "lines": []object{{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": "x"}}}
	p := s.send("POST", "/expected-receipts", body).problem()
	if len(p.Errors) != 1 || p.Errors[0].Name != "lines.1.quantity" {
		t.Errorf("by its type: %+v", p)
	}
	body["lines"] = []object{{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": -1}}
	p = s.send("POST", "/expected-receipts", body).problem()
	names := fmt.Sprint(p.Errors)
	if !strings.Contains(names, "lines.1.quantity") {
		t.Errorf("by the trade: %+v", p)
	}
}
