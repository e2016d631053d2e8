package labels

import (
	"errors"
	"math"
	"testing"

	"tote/internal/fault"
)

// The bars of a GS1-128 are never narrower than 0.495 mm nor lower than
// 31.75 mm, whatever the printer; its own rule for the common two is 4 dots at
// 203 dpi and 6 at 300.
func TestGS1128Size(t *testing.T) {
	for dpi, want := range map[int]int{203: 4, 300: 6, 600: 12, 150: 3} {
		all, err := layout(dpi, shippingSamples()[2:3])
		if err != nil {
			t.Fatal(err)
		}
		s := find(t, all[0], symGS1128)
		dots := s.room.w / s.total()
		if x := all[0].mm(dots); dots != want || x < 0.495 || x > 0.940 {
			t.Errorf("%d dpi: X is %d dots, %.3f mm, want %d dots", dpi, dots, x, want)
		}
		if h := all[0].mm(s.room.h); h < 31.75 {
			t.Errorf("%d dpi: the bars are %.2f mm high", dpi, h)
		}
	}
}

// The generator refuses what is below the standard, it does not print it.
func TestGS1128RefusesSmaller(t *testing.T) {
	s, err := newGS1128(Elements{{"00", "106141411234567897"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, draw := range map[string]func(p *page){
		"3 dots":      func(p *page) { p.bars(0, 0, 101.6, 32, centre, s, 3) },
		"31 mm high":  func(p *page) { p.bars(0, 0, 101.6, 31, centre, s, 4) },
		"80 mm wide":  func(p *page) { p.linear(0, 0, 80, 32, centre, s, nil) },
		"5 dots wide": func(p *page) { p.bars(0, 0, 101.6, 32, centre, s, 5) },
	} {
		p := newPage(203, 101.6, 152.4)
		if draw(p); !errors.Is(p.err, fault.Invalid) || len(p.rects) > 0 {
			t.Errorf("%s: %v and %d bars, want fault.Invalid and none", name, p.err, len(p.rects))
		}
	}
	p := newPage(300, 101.6, 152.4)
	if p.bars(0, 0, 101.6, 32, centre, s, 5); !errors.Is(p.err, fault.Invalid) {
		t.Errorf("5 dots at 300 dpi (0.423 mm): %v, want fault.Invalid", p.err)
	}
}

// Data that breaks GS1's rules does not become a GS1 symbol.
func TestGS1128RefusesBadData(t *testing.T) {
	for _, all := range []Elements{
		nil, {{"00", "106141411234567890"}}, {{"10", "ABC"}}, {{"01", "09521234543213"}, {"17", "261301"}}, {{"89", "X"}},
		{{"01", "09521234543213"}, {"10", "12345678901234567890"}, {"21", "12345678901234567890"}},
	} {
		if _, err := newGS1128(all); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want fault.Invalid", all, err)
		}
	}
	s, err := newGS1128(Elements{{"01", "09521234543213"}, {"10", "AB"}, {"17", "261231"}})
	if err != nil || s.data != "010952123454321310AB\x1d17261231" {
		t.Errorf("data is %q, %v", s.data, err)
	}
}

// Each symbology keeps the quiet zone of its standard.
func TestQuietZoneWidths(t *testing.T) {
	for data, want := range map[string][3]int{"O-1001": {10, 10, 0}, "4006381333931": {11, 7, 0}, "96385074": {7, 7, 0}, "https://a.example": {4, 4, 4}} {
		s, err := newGTIN(data)
		switch data[0] {
		case 'O':
			s, err = newCode128(data)
		case 'h':
			s, err = newQR(data)
		}
		if got := [3]int{s.quietLeft, s.quietRight, s.quietY}; err != nil || got != want {
			t.Errorf("%s: quiet zone %v, %v, want %v", data, got, err, want)
		}
	}
}

func find(t *testing.T, p *page, name string) placed {
	t.Helper()
	for _, s := range p.symbols {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("there is no %s on the page", name)
	return placed{}
}

// Quiet zones stay white: inside the room of a symbol there is nothing but its
// own bars, and no room leaves the page. Text stays on the page.
func TestQuietZones(t *testing.T) {
	for _, dpi := range []int{203, 300} {
		for _, sample := range samples() {
			all, err := layout(dpi, sample.papers)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range all {
				checkRooms(t, sample.name, i+1, p)
			}
		}
	}
}

func checkRooms(t *testing.T, name string, number int, p *page) {
	t.Helper()
	dot := 72 / float64(p.dpi)
	sheet := rect{0, 0, int(math.Floor(p.width/dot + 1e-6)), int(math.Floor(p.height/dot + 1e-6))}
	for i, s := range p.symbols {
		if !sheet.holds(s.room) {
			t.Errorf("%s page %d: %s %s leaves the page", name, number, s.name, s.data)
		}
		for _, o := range p.symbols[i+1:] {
			if s.room.meets(o.room) {
				t.Errorf("%s page %d: %s and %s touch", name, number, s.data, o.data)
			}
		}
		bars := s.bars()
		for _, r := range p.rects {
			if s.room.meets(r) && !bars.holds(r) {
				t.Errorf("%s page %d: a line at %v is in the quiet zone of %s %v", name, number, r, s.data, s.room)
			}
		}
	}
	for _, x := range p.texts {
		em := x.size / dot
		box := rect{x.x, x.y - int(0.75*em), int(width(x.face, x.s, x.size) / dot), int(em)}
		if !sheet.holds(box) {
			t.Errorf("%s page %d: %q leaves the page", name, number, x.s)
		}
		for _, s := range p.symbols {
			if s.room.meets(box) {
				t.Errorf("%s page %d: %q is in the quiet zone of %s", name, number, x.s, s.data)
			}
		}
	}
}

// bars is the room without its quiet zone.
func (s placed) bars() rect {
	dots := s.room.w / s.total()
	return rect{s.room.x + s.quietLeft*dots, s.room.y + s.quietY*dots,
		s.room.w - (s.quietLeft+s.quietRight)*dots, s.room.h - 2*s.quietY*dots}
}

func (r rect) holds(o rect) bool {
	return o.x >= r.x && o.y >= r.y && o.x+o.w <= r.x+r.w && o.y+o.h <= r.y+r.h
}

func (r rect) meets(o rect) bool {
	return o.x < r.x+r.w && r.x < o.x+o.w && o.y < r.y+r.h && r.y < o.y+o.h
}

// Every identifier can be told apart from what follows it.
func TestDictionary(t *testing.T) {
	all := dictionary()
	if n := len(all); n < 500 {
		t.Fatalf("the dictionary has %d identifiers", n)
	}
	for ai, s := range all {
		for n := 2; n < len(ai); n++ {
			if all[ai[:n]] != nil {
				t.Errorf("(%s) begins with (%s)", ai, ai[:n])
			}
		}
		if len(s.parts) == 0 || s.length() == 0 {
			t.Errorf("(%s) reads as %+v", ai, s)
		}
	}
	for _, ai := range []string{"00", "01", "02", "03", "11", "17", "20", "3100", "3695", "410", "417"} {
		if all[ai] == nil || !all[ai].fixed {
			t.Errorf("(%s) is not of pre-defined length", ai)
		}
	}
}
