package files

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tote/internal/fault"
)

func TestFilesAreKeptOnceByTheirContent(t *testing.T) {
	dir := t.TempDir()
	s := In(dir)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if _, err := s.Put([]byte("crushed corner")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	hash, err := s.Put([]byte("crushed corner"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(hash); err != nil || string(got) != "crushed corner" {
		t.Errorf("Get = %q, %v", got, err)
	}
	if kept, _ := filepath.Glob(filepath.Join(dir, "*", "*")); len(kept) != 1 {
		t.Errorf("kept %v, want one file", kept)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*", ".new-*")); len(left) != 0 {
		t.Errorf("left behind %v", left)
	}
}

func TestAUserCannotNameAPath(t *testing.T) {
	s := In(t.TempDir())
	if err := os.WriteFile(filepath.Join(s.dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, hash := range []Hash{"", "..", "../../../../etc/passwd", "secret", "..%2f..%2fetc", Hash(bytes.Repeat([]byte("A"), 64)), Hash(bytes.Repeat([]byte("a"), 64)), "\x00"} {
		if _, err := s.Get(hash); fault.KindOf(err) != fault.NotFound {
			t.Errorf("Get(%q) = %v, want not found", hash, err)
		}
	}
}

// corner is a 40×20 picture whose top left quarter is red.
func corner() *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			c := color.RGBA{255, 255, 255, 255}
			if x < 20 && y < 10 {
				c = color.RGBA{255, 0, 0, 255}
			}
			p.SetRGBA(x, y, c)
		}
	}
	return p
}

// withOrientation is the picture as a JPEG whose Exif block says n.
func withOrientation(t *testing.T, n uint16) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, corner(), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	binary.BigEndian.PutUint16(tiff[18:], n)
	app1 := append([]byte("\xff\xe1\x00\x00Exif\x00\x00"), tiff...)
	binary.BigEndian.PutUint16(app1[2:], uint16(len(app1)-2))
	return append(append(bytes.Clone(out.Bytes()[:2]), app1...), out.Bytes()[2:]...)
}

func TestAPhotoIsTurnedUpright(t *testing.T) {
	for n, red := range map[uint16]image.Point{1: {5, 5}, 2: {35, 5}, 3: {35, 15}, 4: {5, 15}, 5: {5, 5}, 6: {15, 5}, 7: {15, 35}, 8: {5, 35}} {
		data, err := Photo(withOrientation(t, n))
		if err != nil {
			t.Fatalf("orientation %d: %v", n, err)
		}
		if bytes.Contains(data, []byte("Exif")) {
			t.Errorf("orientation %d: the photo still tells about its camera", n)
		}
		p, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if _, g, _, _ := p.At(red.X, red.Y).RGBA(); g > 0x4000 {
			t.Errorf("orientation %d: the red corner is not at %v", n, red)
		}
	}
}

func TestPhotosOfAllKindsBecomeJPEG(t *testing.T) {
	var out bytes.Buffer
	big := image.NewRGBA(image.Rect(0, 0, 3000, 30))
	if err := png.Encode(&out, big); err != nil {
		t.Fatal(err)
	}
	data, err := Photo(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || kind != "jpeg" || size.Width != 2000 || size.Height != 20 {
		t.Errorf("%s %d×%d, %v", kind, size.Width, size.Height, err)
	}
}

func TestAWebPBecomesJPEG(t *testing.T) {
	dot, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	data, err := Photo(dot)
	if err != nil {
		t.Fatal(err)
	}
	if _, kind, err := image.DecodeConfig(bytes.NewReader(data)); kind != "jpeg" {
		t.Errorf("became %q, %v", kind, err)
	}
}

// bomb says it is a PNG of 50,000 by 50,000 pixels.
func bomb() []byte {
	head := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\xc3\x50\x00\x00\xc3\x50\x08\x06\x00\x00\x00")
	return binary.BigEndian.AppendUint32(head, crc32.ChecksumIEEE(head[12:]))
}

func TestWhatIsNoPhotoIsRefused(t *testing.T) {
	whole := withOrientation(t, 6)
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("<script>alert(1)</script>"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
		"half": whole[:len(whole)/2], "bomb": bomb(), "gif": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
		"huge": append(bytes.Clone(whole), make([]byte, PhotoLimits.Bytes)...), "head only": []byte("\xff\xd8\xff"),
	} {
		if _, err := Photo(data); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if n := orientation(data); n < 0 || n > 8 {
			t.Errorf("orientation %d", n)
		}
	})
}

func TestAFileThatTheDiskChangedIsRefused(t *testing.T) {
	dir := t.TempDir()
	store := In(dir)
	hash, err := store.Put([]byte("artwork"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(store.path(hash), []byte("artworl"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := store.Get(hash); err == nil {
		t.Errorf("a changed file is given out: %q", data)
	}
}
