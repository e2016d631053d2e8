package files

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"tote/internal/fault"
)

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func tiffOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := tiff.Encode(&out, image.NewGray(image.Rect(0, 0, w, h)), &tiff.Options{Compression: tiff.Deflate}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// zipped is an archive with one file.
func zipped(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	f, err := z.Create("evil.html")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("<b>evil</b>")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// comment is a PNG with a text chunk behind its header.
func comment(data []byte, text string) []byte {
	chunk := append([]byte("tEXt"), text...)
	whole := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	whole = binary.BigEndian.AppendUint32(append(whole, chunk...), crc32.ChecksumIEEE(chunk))
	const header = 8 + 25
	return bytes.Join([][]byte{data[:header], whole, data[header:]}, nil)
}

func TestAPictureIsToldByItsContent(t *testing.T) {
	two := append(jpegOf(t, 30, 20), jpegOf(t, 8, 8)...) // as cameras write a second one for screens
	for name, c := range map[string]struct {
		data []byte
		kind string
	}{
		"PNG": {pngOf(t, 30, 20), "image/png"}, "JPEG": {jpegOf(t, 30, 20), "image/jpeg"}, "TIFF": {tiffOf(t, 30, 20), "image/tiff"}, "two pictures": {two, "image/jpeg"},
		"zeros behind": {append(jpegOf(t, 30, 20), make([]byte, 100)...), "image/jpeg"}, "a comment": {comment(pngOf(t, 30, 20), "Title\x00A cat"), "image/png"},
		"upright": {withOrientation(t, 1), "image/jpeg"},
	} {
		p, err := Look(c.data, ArtworkLimits)
		if err != nil || p.Type != c.kind || p.Width < p.Height {
			t.Errorf("%s: %s, %d × %d, %v", name, p.Type, p.Width, p.Height, err)
			continue
		}
		preview, err := p.Preview(10)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if small, err := jpeg.DecodeConfig(bytes.NewReader(preview)); err != nil || small.Width != 10 {
			t.Errorf("%s: its preview is %d × %d, %v", name, small.Width, small.Height, err)
		}
	}
	if p, err := Look(withOrientation(t, 6), ArtworkLimits); err != nil || p.Width != 20 || p.Height != 40 {
		t.Errorf("a picture taken upright is %d × %d, %v", p.Width, p.Height, err)
	}
	if _, err := Look(tiffOf(t, 30, 20), PhotoLimits); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a TIFF as a photo: %v", err)
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	good := pngOf(t, 30, 20)
	bomb := pngOf(t, 8, 8)
	binary.BigEndian.PutUint32(bomb[16:], 10_000)
	binary.BigEndian.PutUint32(bomb[20:], 10_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	for name, c := range map[string]struct {
		data  []byte
		words string
	}{
		"nothing":             {nil, "not a picture"},
		"an SVG":              {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "not a picture"},
		"an SVG behind XML":   {[]byte(`<?xml version="1.0"?><svg onload="alert(1)"/>`), "not a picture"},
		"a PDF":               {[]byte("%PDF-1.7\n"), "not a picture"},
		"a page":              {[]byte("<!doctype html><script>alert(1)</script>"), "not a picture"},
		"an archive":          {zipped(t), "not a picture"},
		"a name only":         {[]byte("cat.png"), "not a picture"},
		"a head only":         {good[:20], "damaged"},
		"a bomb":              {bomb, "10000 × 10000 pixels"},
		"a real bomb":         {pngOf(t, 10_000, 10_000), "10000 × 10000 pixels"},
		"PNG and archive":     {append(bytes.Clone(good), zipped(t)...), "another file"},
		"JPEG and archive":    {append(jpegOf(t, 30, 20), zipped(t)...), "another file"},
		"TIFF and archive":    {append(tiffOf(t, 30, 20), zipped(t)...), "another file"},
		"PNG and page":        {append(bytes.Clone(good), "<html><script>alert(1)</script>"...), "another file"},
		"JPEG and page":       {append(jpegOf(t, 30, 20), "<html>"...), "another file"},
		"JPEG, JPEG, page":    {append(append(jpegOf(t, 30, 20), jpegOf(t, 8, 8)...), "<html>"...), "another file"},
		"PNG as PDF":          {comment(good, "Title\x00%PDF-1.7"), "another file"},
		"PNG with script":     {comment(good, "Title\x00<ScRiPt>alert(1)</script>"), "another file"},
		"JPEG with PHP":       {append([]byte("\xff\xd8\xff\xfe\x00\x10<?php exit(); ?"), jpegOf(t, 30, 20)[2:]...), "another file"},
		"larger than allowed": {append(bytes.Clone(good), make([]byte, ArtworkLimits.Bytes)...), "larger than 100 MB"},
	} {
		_, err := Look(c.data, ArtworkLimits)
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Message(err), c.words) {
			t.Errorf("%s: %v, want %q", name, err, c.words)
		}
	}
	cut := jpegOf(t, 300, 200)
	if p, err := Look(cut[:len(cut)/2], ArtworkLimits); err == nil {
		if _, err := p.Preview(100); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a torn picture: %v", err)
		}
	}
}

func TestPixelsAreCountedAtTheSizeOfThePrint(t *testing.T) {
	p, err := Look(pngOf(t, 1200, 1800), ArtworkLimits) // 4 × 6 in at 300 PPI
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ wide, high, ppi, cropped int }{
		{102, 152, 298, 6}, {152, 102, 298, 6}, {203, 305, 149, 1}, {102, 102, 298, 333}, {210, 297, 145, 57}, {0, 100, 0, 0},
	} {
		if ppi, cropped := p.PPI(c.wide, c.high), p.Cropped(c.wide, c.high); ppi != c.ppi || cropped != c.cropped {
			t.Errorf("%d × %d mm: %d PPI, %d permille lost; want %d and %d", c.wide, c.high, ppi, cropped, c.ppi, c.cropped)
		}
	}
}

func FuzzLook(f *testing.F) {
	for _, seed := range [][]byte{pngOf(f, 3, 2), jpegOf(f, 3, 2), tiffOf(f, 3, 2), []byte("RIFF\x04\x00\x00\x00WEBP"), []byte("\xff\xd8\xff\xff\xff\xff")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Look(data, PictureLimits{Types: ArtworkLimits.Types, Bytes: 1 << 16, Pixels: 10_000})
		if err != nil {
			return
		}
		if _, err := p.Preview(10); err != nil && fault.KindOf(err) != fault.Invalid {
			t.Error(err)
		}
	})
}
