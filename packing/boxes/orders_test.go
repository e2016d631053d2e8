package boxes

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"
)

// order is one order of a real shop.
type order struct {
	id    string
	items []Item
}

// orders reads the demo's real orders (MIT, internal/demo/data/README.md) and the shop's boxes.
func orders(t testing.TB) (boxes []Box, all []order) {
	t.Helper()
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, r := range rows(t, "../../internal/demo/data/boxes.csv") {
		boxes = append(boxes, Box{Name: r[0], Inner: Size{number(r[5]), number(r[6]), number(r[7])}, Empty: number(r[4]), Max: number(r[8])})
	}
	for _, r := range rows(t, "../../internal/demo/data/items.csv") {
		if len(all) == 0 || all[len(all)-1].id != r[0] {
			all = append(all, order{id: r[0]})
		}
		o := &all[len(all)-1]
		o.items = append(o.items, Item{ID: r[2], Quantity: number(r[1]), Size: Size{number(r[3]), number(r[4]), number(r[5])}, Weight: number(r[6])})
	}
	return boxes, all
}

func rows(t testing.TB, file string) [][]string {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	all, err := csv.NewReader(in).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The shop's own packer, BoxPacker, takes 4,557 cartons for these orders; no packing takes fewer than 4,540.
func TestRealOrdersTakeFewCartons(t *testing.T) {
	boxes, all := orders(t)
	cartons, bound := 0, 0
	for _, o := range all {
		p, err := Fit(boxes, o.items, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := Verify(boxes, o.items, p); err != nil {
			t.Fatal(o.id, err)
		}
		cartons += len(p.Cartons)
		bound += p.Bound
	}
	if len(all) != 4288 || cartons > 4547 || bound < 4540 || bound > cartons {
		t.Errorf("%d orders in %d cartons, bound %d", len(all), cartons, bound)
	}
}

func BenchmarkOrders(b *testing.B) {
	boxes, all := orders(b)
	cartons, proven, n := 0, 0, 0
	for b.Loop() {
		cartons, proven = 0, 0
		for _, o := range all {
			p, err := Fit(boxes, o.items, 0)
			if err != nil {
				b.Fatal(err)
			}
			cartons += len(p.Cartons)
			n += len(p.Cartons)
			if p.Proven() {
				proven++
			}
		}
	}
	b.ReportMetric(float64(cartons), "cartons")
	b.ReportMetric(float64(proven), "proven")
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "cartons/s")
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N*len(all)), "ms/order")
}
