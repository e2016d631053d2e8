package boxes

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var two = []Box{
	{Name: "large", Inner: Size{200, 200, 200}, Empty: 100, Max: 5100},
	{Name: "small", Inner: Size{100, 100, 50}, Empty: 20, Max: 1020},
}

// pack fits and proves.
func pack(t testing.TB, boxes []Box, items ...Item) Packing {
	t.Helper()
	p, err := Fit(boxes, items, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(boxes, items, p); err != nil {
		t.Fatalf("%v\n%+v\n%+v", err, items, p)
	}
	return p
}

// in names the boxes of a packing.
func in(boxes []Box, p Packing) string {
	var names []string
	for _, c := range p.Cartons {
		if c.Box < 0 {
			names = append(names, "itself")
		} else {
			names = append(names, boxes[c.Box].Name)
		}
	}
	return strings.Join(names, ", ")
}

func TestTheSmallestBoxIsTaken(t *testing.T) {
	for _, c := range []struct {
		what  string
		items []Item
		want  string
	}{
		{"one small", []Item{{Quantity: 1, Size: Size{90, 90, 40}}}, "small"},
		{"turned", []Item{{Quantity: 1, Size: Size{40, 90, 90}}}, "small"},
		{"upright it is too high", []Item{{Quantity: 1, Size: Size{40, 90, 90}, Up: Upright}}, "large"},
		{"too heavy for the small one", []Item{{Quantity: 2, Size: Size{50, 50, 50}, Weight: 501}}, "large"},
		{"just light enough", []Item{{Quantity: 2, Size: Size{50, 50, 50}, Weight: 500}}, "small"},
		{"full", []Item{{Quantity: 4, Size: Size{50, 50, 50}}}, "small"},
		{"more than full", []Item{{Quantity: 5, Size: Size{50, 50, 50}}}, "large"},
		{"the rest in a small one", []Item{{Quantity: 65, Size: Size{50, 50, 50}}}, "large, small"},
		{"by weight in two", []Item{{Quantity: 4, Size: Size{50, 50, 50}, Weight: 2000}}, "large, large"},
	} {
		if p := pack(t, two, c.items...); in(two, p) != c.want || !p.Proven() {
			t.Errorf("%s: in %s, not %s (bound %d)", c.what, in(two, p), c.want, p.Bound)
		}
	}
}

func TestWhatShipsAloneSharesNoCarton(t *testing.T) {
	p := pack(t, two, Item{Quantity: 2, Size: Size{50, 50, 50}, Alone: true}, Item{Quantity: 1, Size: Size{10, 10, 10}})
	if in(two, p) != "small, small, small" || !p.Proven() {
		t.Error(in(two, p))
	}
}

func TestWhatIsLargerThanEveryBoxIsAParcelOfItsOwn(t *testing.T) {
	p := pack(t, two, Item{Quantity: 2, Size: Size{10, 10, 900}}, Item{Quantity: 1, Size: Size{10, 10, 10}}, Item{Quantity: 1, Size: Size{9, 9, 9}, Weight: 5001})
	if in(two, p) != "small, itself, itself, itself" || !slices.Equal(p.Loose, []int{0, 2}) {
		t.Error(in(two, p), p.Loose)
	}
	if p := pack(t, nil, Item{Quantity: 1, Size: Size{1, 1, 1}}); in(nil, p) != "itself" {
		t.Error("without boxes:", in(nil, p))
	}
}

func TestWhatHasNoSizeIsNamedAndNotGuessed(t *testing.T) {
	p := pack(t, two, Item{Quantity: 3}, Item{Quantity: 1, Size: Size{10, 10, 10}}, Item{Quantity: 1, Size: Size{10, 10, 0}})
	if in(two, p) != "small" || !slices.Equal(p.Unsized, []int{0, 2}) || len(p.Cartons[0].Placed) != 1 {
		t.Error(in(two, p), p.Unsized)
	}
	if p := pack(t, two); len(p.Cartons) != 0 || !p.Proven() {
		t.Error("nothing:", p)
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	one := Item{Quantity: 1, Size: Size{1, 1, 1}}
	for says, q := range map[string]struct {
		box  Box
		item Item
	}{
		"box 0: each size":    {Box{Inner: Size{0, 1, 1}}, one},
		"box 0: it weighs":    {Box{Inner: Size{1, 1, 1}, Empty: 2, Max: 1}, one},
		"box 0: weights are":  {Box{Inner: Size{1, 1, 1}, Empty: -1}, one},
		"item 0: the quanti":  {two[0], Item{Quantity: -1, Size: Size{1, 1, 1}}},
		"item 0: each size":   {two[0], Item{Quantity: 1, Size: Size{1, -1, 1}}},
		"item 0: the weight":  {two[0], Item{Quantity: 1, Size: Size{1, 1, 1}, Weight: -1}},
		"item 0: each size i": {two[0], Item{Quantity: 1, Size: Size{1, MostLength + 1, 1}}},
	} {
		if _, err := Fit([]Box{q.box}, []Item{q.item}, 0); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func TestVerifyFindsWhatIsWrong(t *testing.T) {
	items := []Item{{Quantity: 2, Size: Size{50, 50, 40}, Weight: 10, Up: Upright}}
	for says, spoil := range map[string]func(p *Packing){
		"outside":     func(p *Packing) { p.Cartons[0].Placed[0].At[0] = 60 },
		"in each oth": func(p *Packing) { p.Cartons[0].Placed[0].At = p.Cartons[0].Placed[1].At },
		"as it must":  func(p *Packing) { p.Cartons[0].Placed[0].Size = Size{40, 50, 50} },
		"it weighs":   func(p *Packing) { p.Cartons[0].Weight-- },
		"1 packed":    func(p *Packing) { p.Cartons[0].Placed = p.Cartons[0].Placed[:1]; p.Cartons[0].Weight -= 10 },
		"empty":       func(p *Packing) { p.Cartons = append(p.Cartons, Carton{}) },
		"has a box":   func(p *Packing) { p.Cartons[0].Placed, p.Cartons[0].Box = p.Cartons[0].Placed[:1], -1 },
		"not alone":   func(p *Packing) { p.Cartons[0].Box = -1 },
		"size":        func(p *Packing) { p.Unsized = []int{0} },
	} {
		p := pack(t, two, items...)
		spoil(&p)
		if err := Verify(two, items, p); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func TestTheSameQuestionHasTheSameAnswer(t *testing.T) {
	boxes, all := orders(t)
	for _, o := range all[:200] {
		if a, b := pack(t, boxes, o.items...), pack(t, boxes, o.items...); !reflect.DeepEqual(a, b) {
			t.Fatal(o.id)
		}
	}
}

// anything draws a question.
func anything(t *rapid.T) (boxes []Box, items []Item) {
	for range rapid.IntRange(0, 4).Draw(t, "boxes") {
		empty := rapid.IntRange(0, 50).Draw(t, "empty")
		boxes = append(boxes, Box{Inner: size(t, 120), Empty: empty, Max: rapid.SampledFrom([]int{0, empty, empty + 500, 5000}).Draw(t, "max")})
	}
	for range rapid.IntRange(0, 12).Draw(t, "items") {
		i := Item{Quantity: rapid.IntRange(0, 9).Draw(t, "quantity"), Size: size(t, 80), Weight: rapid.IntRange(0, 400).Draw(t, "weight"), Alone: rapid.IntRange(0, 9).Draw(t, "alone") == 0}
		if rapid.IntRange(0, 3).Draw(t, "upright") == 0 {
			i.Up = Upright
		}
		if rapid.IntRange(0, 9).Draw(t, "unsized") == 0 {
			i.Size[1] = 0
		}
		items = append(items, i)
	}
	return boxes, items
}

func size(t *rapid.T, most int) Size {
	side := rapid.IntRange(1, most)
	return Size{side.Draw(t, "w"), side.Draw(t, "l"), side.Draw(t, "h")}
}

func TestEveryPackingIsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		boxes, items := anything(t)
		p, err := Fit(boxes, items, 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := Verify(boxes, items, p); err != nil {
			t.Fatal(err)
		}
		if len(p.Cartons) < p.Bound {
			t.Fatalf("%d cartons, bound %d", len(p.Cartons), p.Bound)
		}
	})
}

func FuzzFit(f *testing.F) {
	f.Add([]byte{2, 100, 100, 50, 20, 60, 3, 50, 50, 50, 1, 200, 1, 1, 1, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		next := func() (n int) {
			if len(raw) > 0 {
				n, raw = int(raw[0]), raw[1:]
			}
			return n
		}
		var boxes []Box
		for range 1 + next()%3 {
			boxes = append(boxes, Box{Inner: Size{1 + next(), 1 + next(), 1 + next()}, Max: next() * 10})
		}
		var items []Item
		for len(raw) > 0 && len(items) < 20 {
			items = append(items, Item{Quantity: next() % 20, Size: Size{next(), next(), next()}, Weight: next(), Up: [3]bool{2: next()%4 == 0}})
		}
		pack(t, boxes, items...)
	})
}

// fewest is the smallest number of boxes, by trying everything on a grid of whole millimetres.
func fewest(box Size, items []Size) int {
	var sides [][3]int
	for _, s := range items {
		sides = append(sides, s)
	}
	for n := 1; ; n++ {
		full := make([][]bool, n)
		for i := range full {
			full[i] = make([]bool, box.volume())
		}
		if anywhere(box, sides, full) {
			return n
		}
	}
}

func anywhere(box Size, left [][3]int, full [][]bool) bool {
	if len(left) == 0 {
		return true
	}
	for b := range full {
		for _, s := range turns(Item{Size: left[0]}) {
			for x := 0; x+s[0] <= box[0]; x++ {
				for y := 0; y+s[1] <= box[1]; y++ {
					for z := 0; z+s[2] <= box[2]; z++ {
						cells, free := []int(nil), true
						for i := range s.volume() {
							c := ((x+int(i)%s[0])*box[1]+y+int(i)/s[0]%s[1])*box[2] + z + int(i)/s[0]/s[1]
							free = free && !full[b][c]
							cells = append(cells, c)
						}
						if !free {
							continue
						}
						for _, c := range cells {
							full[b][c] = true
						}
						if anywhere(box, left[1:], full) {
							return true
						}
						for _, c := range cells {
							full[b][c] = false
						}
					}
				}
			}
		}
	}
	return false
}

func TestFewItemsArePackedAsWellAsCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		box := Size{4, 3, 3}
		var items []Item
		var sizes []Size
		for range rapid.IntRange(1, 5).Draw(t, "n") {
			side := rapid.IntRange(1, 3)
			s := Size{side.Draw(t, "w"), side.Draw(t, "l"), side.Draw(t, "h")}
			sizes = append(sizes, s)
			items = append(items, Item{Quantity: 1, Size: s})
		}
		p, err := Fit([]Box{{Inner: box}}, items, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := Verify([]Box{{Inner: box}}, items, p); err != nil {
			t.Fatal(err)
		}
		if want := fewest(box, sizes); len(p.Cartons) != want || !p.Proven() {
			t.Fatalf("%v: %d cartons, bound %d, can be %d", sizes, len(p.Cartons), p.Bound, want)
		}
	})
}
