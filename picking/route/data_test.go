package route_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"tote/picking/route"
)

// known is a case of testdata/routing_cases.json.
type known struct {
	ID     string  `json:"id"`
	Tag    string  `json:"tag"`
	AisleX []int64 `json:"aisle_x"`
	CrossY []int64 `json:"cross_y"`
	Depot  struct {
		Aisle int `json:"aisle"`
		Cross int `json:"cross"`
	} `json:"depot"`
	Picks         [][2]int64 `json:"picks"`
	Optimal       int64      `json:"optimal"`
	LocationOrder *int64     `json:"location_order"`
	SShape        *int64     `json:"s_shape"`
	Return        *int64     `json:"return"`
	Midpoint      *int64     `json:"midpoint"`
	LargestGap    *int64     `json:"largest_gap"`
	Combined      *int64     `json:"combined"`
}

func (k known) layout() route.Layout {
	return route.Layout{AisleX: k.AisleX, CrossY: k.CrossY, Depot: route.Depot{X: k.AisleX[k.Depot.Aisle], Cross: k.Depot.Cross}}
}

func (k known) stops() (stops []route.Stop) {
	for _, p := range k.Picks {
		stops = append(stops, route.Stop{Aisle: int(p[0]), Y: p[1]})
	}
	return stops
}

func knownCases(t testing.TB) []known {
	raw, err := os.ReadFile("testdata/routing_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []known }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != 123 {
		t.Fatalf("%d cases", len(file.Cases))
	}
	return file.Cases
}

// instance is a line of testdata/sprp_*.jsonl.gz. Cells are numbered from the top.
type instance struct {
	Name       string
	Aisles     int64
	Cells      int64
	DepotAisle int64      `json:"depot_aisle"`
	DepotSide  string     `json:"depot_side"`
	AislePitch int64      `json:"aisle_pitch"`
	CellPitch  int64      `json:"cell_pitch"`
	TopGap     int64      `json:"top_gap"`
	BottomGap  int64      `json:"bottom_gap"`
	Picks      [][2]int64 // aisle, cell
	Stock      [][4]int64 // article, aisle, cell, quantity
	Demand     [][2]int64 // article, quantity
	One        int64      `json:"opt_single_block"`
	Two        *int64     `json:"opt_two_block"`
}

// layout of one block, or of two with a cross-aisle of width one in the middle.
func (in instance) layout(blocks int) route.Layout {
	l := route.Layout{CrossY: []int64{0, in.BottomGap + (in.Cells-1)*in.CellPitch + in.TopGap}}
	for a := range in.Aisles {
		l.AisleX = append(l.AisleX, a*in.AislePitch)
	}
	if blocks == 2 {
		l.CrossY = []int64{0, in.BottomGap + (in.Cells-1-in.Cells/2)*in.CellPitch + 1, l.CrossY[1] + 1}
	}
	l.Depot.X = in.DepotAisle * in.AislePitch
	if in.DepotSide == "top" {
		l.Depot.Cross = blocks
	}
	return l
}

func (in instance) stop(blocks int, aisle, cell int64) route.Stop {
	y := in.BottomGap + (in.Cells-1-cell)*in.CellPitch
	if blocks == 2 && cell < in.Cells/2 {
		y++
	}
	return route.Stop{Aisle: int(aisle), Y: y}
}

func (in instance) stops(blocks int) (stops []route.Stop) {
	for _, p := range in.Picks {
		stops = append(stops, in.stop(blocks, p[0], p[1]))
	}
	return stops
}

func instances(t testing.TB, name string, want int) (all []instance) {
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var in instance
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			t.Fatal(err)
		}
		all = append(all, in)
	}
	if len(all) != want || lines.Err() != nil {
		t.Fatalf("%s has %d instances, %v", name, len(all), lines.Err())
	}
	return all
}
