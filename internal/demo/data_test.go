package demo

import (
	"testing"
)

func TestTheRealOrdersAreAllThere(t *testing.T) {
	d, err := load()
	if err != nil {
		t.Fatal(err)
	}
	var lines int
	var units int64
	for _, s := range d.sales {
		lines += len(s.lines)
		for _, l := range s.lines {
			units += l.quantity
		}
	}
	got := [...]int64{int64(len(d.products)), int64(len(d.sales)), int64(lines), units, int64(len(d.boxes))}
	want := [...]int64{164, 4288, 22760, 47013, 4}
	if got != want {
		t.Fatalf("products, orders, lines, units, boxes = %v, want %v", got, want)
	}
}

func TestMadeUpNamesAreTheSameEveryTimeAndUnique(t *testing.T) {
	d, err := load()
	if err != nil {
		t.Fatal(err)
	}
	first, second := itemNames(d.products), itemNames(d.products)
	seen := map[string]bool{}
	for i, name := range first {
		if name != second[i] {
			t.Fatalf("item %d is %q and then %q", i, name, second[i])
		}
		if seen[name] {
			t.Errorf("two items are called %q", name)
		}
		seen[name] = true
	}
	if a, b := buyers(50), buyers(50); a[49] != b[49] {
		t.Errorf("buyer 50 is %v and then %v", a[49], b[49])
	}
}

func TestTheBuildingIsATreeOfUniquePlaces(t *testing.T) {
	type point struct{ x, y, z int }
	seen, bins := map[string]bool{}, map[point]string{}
	for _, p := range building() {
		if p.parent != "" && !seen[p.parent] {
			t.Errorf("%s %s stands before its parent %s", p.kind, p.code, p.parent)
		}
		if seen[p.code] {
			t.Errorf("two places are called %s", p.code)
		}
		seen[p.code] = true
		if p.kind != "bin" {
			continue
		}
		at := point{p.x, p.y, p.z}
		if other, taken := bins[at]; taken {
			t.Errorf("bins %s and %s are in the same spot %v", other, p.code, at)
		}
		bins[at] = p.code
	}
	if want := len(aisles) * 2 * baysPerFace * len(levels) * len(binLetters); len(bins) != want {
		t.Errorf("%d bins, want %d", len(bins), want)
	}
}
