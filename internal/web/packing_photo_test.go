package web_test

import (
	"bytes"
	"database/sql"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tote/internal/staff"
)

// TestAPhotoOfTheOpenBoxStaysWithTheCarton: taken at the bench, a photo is shown wherever the parcel is looked at.
func TestAPhotoOfTheOpenBoxStaysWithTheCarton(t *testing.T) {
	s, station := openBench(t, 1)
	s.in(t, func(tx *sql.Tx) error { _, err := tx.Exec(`update warehouses set photo_first = true`); return err })
	c := s.As(t, s.Member(t, "Paul Packer", staff.Packer))
	c.Post("/sign-in/station", "code", station.Code)
	for _, code := range []string{mugCode, mugCode, hatCode} {
		c.Scan("/packing/O-1001", code)
	}
	c.Post("/packing/O-1001/scan", "action", "box:1")
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "1.03"); !strings.Contains(a.Body, "Take a photo of the open carton first.") {
		t.Errorf("closed without a photo: %d", a.Status)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 64, 48))); err != nil {
		t.Fatal(err)
	}
	const path = "/packing/cartons/1/photo"
	for name, a := range map[string]int{
		"a script": c.Upload(path, "photo", []byte("<svg onload=alert(1)>"), "bench", "on").Status,
		"nothing":  c.Post(path, "bench", "on").Status,
	} {
		if a != http.StatusUnprocessableEntity {
			t.Errorf("%s as photo: %d", name, a)
		}
	}
	if a := s.As(t, s.Member(t, "Pia Picker", staff.Picker)).Upload(path, "photo", picture.Bytes()); a.Status != http.StatusForbidden {
		t.Errorf("a picker takes a photo: %d", a.Status)
	}
	if a := c.Upload(path, "photo", picture.Bytes(), "bench", "on"); a.Status != http.StatusSeeOther || a.To() != "/packing/O-1001" {
		t.Fatalf("the photo: %d to %q", a.Status, a.To())
	}
	photo := regexp.MustCompile(`/photos/[0-9a-f]{64}`).FindString(c.Get("/packing/O-1001").Body)
	if photo == "" || c.Get(photo).Status != http.StatusOK {
		t.Fatalf("the bench does not show the photo %q", photo)
	}
	if a := c.Post("/packing/O-1001/scan", "action", "weigh", "weight", "1.03"); !strings.Contains(a.Body, "O-1001 is packed") {
		t.Errorf("closed with its photo: %d", a.Status)
	}
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	for _, page := range []string{"/packing/cartons/1", "/shipments/1"} {
		if !strings.Contains(m.Get(page).Body, photo) {
			t.Errorf("%s does not show the photo", page)
		}
	}
}
