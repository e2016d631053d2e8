package api_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/staff"
	"tote/internal/studio"
)

// A program follows artwork, judges it, records what a customer said, and works at a bench.
func TestArtworkIsJudgedAndMadeOverTheWire(t *testing.T) {
	s := openShop(t, 10)
	var anna staff.ID
	file := func(of string) studio.File {
		hash := files.Hash(strings.Repeat(of, 32))
		return studio.File{Hash: hash, Preview: hash, Name: of + ".png", Type: "image/png", Width: 900, Height: 900, Bytes: 9}
	}
	s.inTx(func(tx *sql.Tx) error {
		flow, err := studio.SaveFlow(t.Context(), tx, studio.Flow{Name: "Mugs", Asks: "Photo", PictureCheck: true, Art: true, ArtControl: true, Approval: true, Making: studio.Workshop}, s.Staff)
		if err != nil {
			return err
		}
		if err := studio.SetCustom(t.Context(), tx, studio.CustomItem{SKU: s.mug, Flow: flow}, s.Staff); err != nil {
			return err
		}
		return tx.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Anna', $1, 'x', '{artist}', $2) returning id`, staff.NewBadge(), s.Warehouse).Scan(&anna)
	})
	var order, job object
	s.ok("POST", "/orders", s.form(2), &order)
	line := order["order"].(string) + ".1"
	s.ok("GET", "/artwork/"+line, nil, &job)
	if job["state"] != "awaiting picture" || job["turn"] != "Customer" || !strings.HasSuffix(job["file_name"].(string), " - 1 - Photo") {
		t.Fatalf("the artwork: %v", job)
	}
	s.inTx(func(tx *sql.Tx) error {
		return studio.Send(t.Context(), tx, s.Warehouse, line, []studio.File{file("aa")}, studio.From{At: time.Now()})
	})
	path := "/artwork/" + line
	if p := s.send("POST", path+"/pictures/verdict", object{"good": false}).problem(); p.Status != 422 || p.Errors[0].Name != "reason" {
		t.Errorf("refused for nothing: %+v", p)
	}
	s.ok("POST", path+"/pictures/verdict", object{"good": true}, &job)
	if job["state"] != "art" || job["artist"] != "Anna" {
		t.Fatalf("after the check: %v", job)
	}
	s.inTx(func(tx *sql.Tx) error {
		return studio.Add(t.Context(), tx, s.Warehouse, studio.Upload{Ref: line, Proofs: []studio.File{file("bb")}, By: anna, At: time.Now()})
	})
	seen := []string{strings.Repeat("bb", 32)}
	if p := s.send("POST", path+"/control", object{"good": true, "seen": []string{strings.Repeat("cc", 32)}}); p.Status != 409 {
		t.Errorf("another file passed: %d", p.Status)
	}
	s.ok("POST", path+"/control", object{"good": true, "seen": seen}, &job)
	said := object{"verdict": "approved", "seen": seen, "name": "Ann", "how": "phone", "words": "Lovely."}
	var again object
	s.ok("POST", path+"/answer", said, &job, "Idempotency-Key", "call-1")
	s.ok("POST", path+"/answer", said, &again, "Idempotency-Key", "call-1")
	if job["state"] != "approved" || again["state"] != "approved" || len(job["released"].([]any)) != 1 || job["released"].([]any)[0].(object)["sha256"] != seen[0] {
		t.Fatalf("approved: %v", job)
	}
	if a := s.send("POST", path+"/answer", said); a.Status != 409 {
		t.Errorf("approved again: %d", a.Status)
	}
	if rows, _ := s.page("/artwork?limit=5"); len(rows) != 0 {
		t.Errorf("under way: %v", rows)
	}
	var tools object
	if s.ok("GET", "/tools", nil, &tools); len(tools["items"].([]any)) != 0 {
		t.Errorf("tools: %v", tools)
	}
	if p := s.send("POST", "/tools/TOOL-1/kept", object{"place": "x"}); p.Status != 404 {
		t.Errorf("a tool that is none: %d", p.Status)
	}
	total := order["total"].(object)["minor"].(float64)
	s.ok("POST", "/payments", object{"orders": []string{order["order"].(string)}, "amount": object{"minor": total, "currency": "EUR"}, "method": "bank transfer", "reference": "TX"}, &again)
	s.inTx(func(tx *sql.Tx) error { return orders.ArtworkChanged(t.Context(), tx, line, time.Now()) })

	rows, _ := s.page("/work-orders?state=open")
	if len(rows) != 1 || rows[0].(object)["line"] != line {
		t.Fatalf("to be made: %v", rows)
	}
	name := rows[0].(object)["job"].(string)
	var work, step object
	s.ok("GET", "/work-orders/"+name, nil, &work)
	if work["files"].([]any)[0].(object)["sha256"] != seen[0] {
		t.Errorf("it makes %v", work["files"])
	}
	for _, code := range []string{name, "X-OK", "T-1"} {
		s.ok("POST", "/workshop/scans", object{"key": uuid.NewString(), "code": code, "station": "K-1"}, &step)
		if step["result"] == "wrong" {
			t.Fatalf("%s: %v", code, step["message"])
		}
	}
	if a := s.send("POST", "/workshop/scans", object{"key": uuid.NewString(), "action": "scrap everything", "station": "K-1"}); a.Status < 400 {
		t.Errorf("a button that is not there: %d", a.Status)
	}
	if s.ok("GET", "/work-orders/"+name, nil, &work); work["state"] != "finished" || work["good"] != 2. {
		t.Errorf("in the end: %v", work)
	}
	s.ok("GET", "/workshop", nil, &step)
	for _, unknown := range []string{"/artwork/O-9.9", "/work-orders/J-999", "/work-orders/x"} {
		if a := s.send("GET", unknown, nil); a.Status != 404 {
			t.Errorf("%s: %d", unknown, a.Status)
		}
	}
}

// drawn is a picture with this many pixels each way.
func drawn(t *testing.T, shade uint8, side int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A program brings the customer's picture and the artist's file, and the printer's fetches the very bytes.
func TestFilesGoOverTheWire(t *testing.T) {
	s := openShop(t, 10)
	s.inTx(func(tx *sql.Tx) error {
		flow, err := studio.SaveFlow(t.Context(), tx, studio.Flow{Name: "Mugs", Asks: "Photo", Art: true, LeastPPI: 150, GoodPPI: 300, Making: studio.Workshop}, s.Staff)
		if err != nil {
			return err
		}
		return studio.SetCustom(t.Context(), tx, studio.CustomItem{SKU: s.mug, Flow: flow, Width: 50, Height: 50}, s.Staff)
	})
	var order, job object
	s.ok("POST", "/orders", s.form(2), &order)
	line := order["order"].(string) + ".1"
	path := "/artwork/" + line + "/files"
	file := func(query string, data []byte, key string) answer {
		return s.raw("POST", "/api/v1"+path+query, bytes.NewReader(data), "Content-Type", "application/octet-stream", "Idempotency-Key", key)
	}
	for name, tt := range map[string]struct {
		query  string
		data   []byte
		status int
		says   string
	}{
		"nothing":             {"?name=a.png&for=picture", nil, 400, ""},
		"a page":              {"?name=a.png&for=picture", []byte("<html><script>1</script>"), 422, "not a picture"},
		"without a name":      {"?for=picture", drawn(t, 1, 600), 422, ""},
		"for something else":  {"?name=a.png&for=fun", drawn(t, 1, 600), 422, ""},
		"too few pixels":      {"?name=a.png&for=picture", drawn(t, 1, 100), 422, "50 per inch"},
		"art before its time": {"?name=a.png&for=artwork", drawn(t, 1, 600), 409, "takes no artwork now"},
		"much too large":      {"?name=a.png&for=picture", make([]byte, 65<<20), 413, ""},
	} {
		if a := file(tt.query, tt.data, uuid.NewString()); a.Status != tt.status || !strings.Contains(string(a.Body), tt.says) {
			t.Errorf("%s: %d %.300s, want %d %q", name, a.Status, a.Body, tt.status, tt.says)
		}
	}
	picture := drawn(t, 9, 600)
	for range 2 { // sent twice under one key: one picture
		if a := file("?name=../../cat.png&for=picture", picture, "picture-1"); a.Status != 200 {
			t.Fatalf("the picture: %d %s", a.Status, a.Body)
		}
	}
	s.ok("GET", "/artwork/"+line, nil, &job)
	pictures := job["pictures"].([]any)
	if len(pictures) != 1 || pictures[0].(object)["name"] != "cat.png" || job["state"] != "art" {
		t.Fatalf("with its picture: %v", job)
	}
	if got := s.raw("GET", "/api/v1"+path+"/"+pictures[0].(object)["sha256"].(string), nil); got.Status != 200 || !bytes.Equal(got.Body, picture) || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the picture comes back as %d, %d bytes, %v", got.Status, len(got.Body), got.Header)
	}
	art := drawn(t, 99, 600)
	if a := file("?name=final.png&for=artwork", art, "art-1"); a.Status != 200 {
		t.Fatalf("the artwork: %d %s", a.Status, a.Body)
	}
	s.ok("GET", "/artwork/"+line, nil, &job)
	if job["state"] != "approved" {
		t.Errorf("with its artwork: %v", job["state"])
	}
	sum := sha256.Sum256(art)
	hash := hex.EncodeToString(sum[:])
	if got := s.raw("GET", "/api/v1"+path+"/"+hash, nil); !bytes.Equal(got.Body, art) {
		t.Errorf("the artwork comes back as %d", got.Status)
	}
	for _, unknown := range []string{path + "/" + strings.Repeat("ab", 32), "/work-orders/J-1/files/" + hash, path + "/x"} {
		if a := s.send("GET", unknown, nil); a.Status != 404 {
			t.Errorf("%s: %d", unknown, a.Status)
		}
	}
}
