package web_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
)

// TestCamera (M3, M5): codes held before a camera are read by the reader that Tote serves itself. One that stays in
// the picture, or comes back within the cooldown, counts once and is said to be a duplicate; another one passes at once.
func TestCamera(t *testing.T) {
	film := filepath.Join(t.TempDir(), "codes.y4m")
	if err := os.WriteFile(film, filmOf("4006381333931", "9780201379624"), 0o644); err != nil {
		t.Fatal(err)
	}
	site := webtest.Serve(t, web.NewWithJob)
	b := site.Browser(t, chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-file-for-fake-video-capture", film))
	b.SignIn(site.Member(t, "Ada Obi", staff.Picker), "")
	b.Go("/job/7")
	b.Click("[data-camera]")
	b.Until(`document.querySelectorAll(".recent li").length >= 1`) // and the newest above them
	b.Sees("[data-note]", "Duplicate ignored")
	b.Shot("camera-360")
	b.Until(`performance.getEntriesByType("resource").some((r) => r.name.endsWith(".wasm"))`)
	if from := webtest.Eval[int](b, `performance.getEntriesByType("resource").filter((r) => new URL(r.name).origin !== location.origin).length`); from != 0 {
		t.Errorf("%d files came from elsewhere", from)
	}
	b.Click("[data-camera]")
	b.Until(`document.querySelector("[data-view]").hidden`)
	got := slices.Sorted(slices.Values(raws(t, site, "7"))) // which came first is the film's luck
	if diff := cmp.Diff([]string{"4006381333931", "9780201379624"}, got); diff != "" {
		t.Errorf("the camera's scans (-want +got):\n%s", diff)
	}
}

// filmOf is a video that shows each code for half a second, over and over.
func filmOf(codes ...string) []byte {
	const w, h, rate = 640, 480, 10
	var film bytes.Buffer
	fmt.Fprintf(&film, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", w, h, rate)
	for _, code := range codes {
		frame := picture(code, w, h)
		for range rate / 2 {
			film.WriteString("FRAME\n")
			film.Write(frame)
		}
	}
	return film.Bytes()
}

// picture draws an EAN-13 into a frame: light and dark in the first plane, no colour in the other two.
func picture(code string, w, h int) []byte {
	frame := append(bytes.Repeat([]byte{235}, w*h), bytes.Repeat([]byte{128}, w*h/2)...)
	const module = 4
	modules := ean13(code)
	left := (w - module*len(modules)) / 2
	for y := h / 4; y < h*3/4; y++ {
		for i, m := range modules {
			for x := range module {
				if m == '1' {
					frame[y*w+left+i*module+x] = 16
				}
			}
		}
	}
	return frame
}

// ean13 are the modules of a symbol, 1 for dark (GS1 General Specifications 5.2.1).
func ean13(code string) string {
	odd := []string{"0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"}
	parity := []string{"OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO"}
	right := func(digit byte) (s string) {
		for _, m := range odd[digit-'0'] {
			s += string('0' + '1' - m)
		}
		return s
	}
	even := func(digit byte) (s string) {
		for _, m := range right(digit) {
			s = string(m) + s
		}
		return s
	}
	symbol := "101"
	for i := range 6 {
		if digit := code[i+1]; parity[code[0]-'0'][i] == 'O' {
			symbol += odd[digit-'0']
		} else {
			symbol += even(digit)
		}
	}
	symbol += "01010"
	for i := range 6 {
		symbol += right(code[i+7])
	}
	return symbol + "101"
}
