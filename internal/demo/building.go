package demo

import (
	"fmt"
	"io"
	"strconv"
)

// The demo building: twelve aisles of two rack faces, cut in two blocks by a middle cross-aisle.
//
//	y ▲   back cross-aisle
//	  │   A B C … M   bays 13–24
//	  │   middle cross-aisle
//	  │   A B C … M   bays 1–12 (odd: left face, even: right face)
//	  │   front cross-aisle
//	  └── docks, pack stations, quarantine, returns ──► x
const (
	aislePitch  = 3000 // mm from aisle to aisle: two racks of 600 mm depth, 1,800 mm to walk
	faceOffset  = 900  // mm from the aisle's middle to a rack face
	bayPitch    = 1200 // mm
	frontGap    = 6000 // mm from the front wall to the first bay: docks and benches
	crossWidth  = 2400 // mm, the middle cross-aisle
	baysPerFace = 12
	blockBays   = baysPerFace / 2
	binWidth    = bayPitch / 2
	totes       = 60     // that pickers carry
	dockTote    = "T-73" // after theirs and those of the put-wall: however many orders there are, it is free
)

var (
	aisles     = []string{"A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M"}
	levels     = []int{150, 600, 1050, 1700} // mm above the floor; the highest holds overstock
	binLetters = []string{"A", "B"}
)

// A place is one location to be made, in the words of the locations file.
type place struct {
	kind, code, parent, use, class string
	x, y, z                        int
	sequence                       int
}

// locationsFile is a building as the file that a user would upload.
func locationsFile(places []place) io.Reader {
	var rows [][]string
	for _, p := range places {
		rows = append(rows, []string{p.code, p.kind, p.parent, p.use, p.class, strconv.Itoa(p.sequence), strconv.Itoa(p.x), strconv.Itoa(p.y), strconv.Itoa(p.z)})
	}
	return table([]string{"code", "kind", "parent", "use", "bin_class", "sequence", "x_mm", "y_mm", "z_mm"}, rows)
}

// building lists every place, parents before children.
func building() []place {
	places := []place{
		{kind: "zone", code: "FRONT"}, {kind: "zone", code: "WEST"}, {kind: "zone", code: "EAST"},
	}
	for i, name := range aisles {
		zone := "WEST"
		if i >= len(aisles)/2 {
			zone = "EAST"
		}
		places = append(places, aisle(name, zone, aislePitch*(i+1))...)
	}
	return append(places, floor()...)
}

func aisle(name, zone string, x int) []place {
	places := []place{{kind: "aisle", code: name, parent: zone, x: x, y: frontGap}}
	for bay := 1; bay <= 2*baysPerFace; bay++ {
		places = append(places, bayOf(name, bay, x)...)
	}
	return places
}

func bayOf(aisle string, bay, x int) []place {
	along := (bay - 1) / 2
	y := frontGap + along*bayPitch
	if along >= blockBays {
		y += crossWidth
	}
	face := x - faceOffset
	if bay%2 == 0 {
		face = x + faceOffset
	}
	code := fmt.Sprintf("%s-%02d", aisle, bay)
	places := []place{{kind: "bay", code: code, parent: aisle, x: face, y: y}}
	for l, z := range levels {
		level := fmt.Sprintf("%s-%d", code, l+1)
		places = append(places, place{kind: "level", code: level, parent: code, x: face, y: y, z: z})
		for b, letter := range binLetters {
			p := place{kind: "bin", code: level + "-" + letter, parent: level, x: face, y: y + b*binWidth + binWidth/2, z: z}
			p.use, p.class = useOf(aisle, l)
			places = append(places, p)
		}
	}
	return places
}

// useOf keeps the highest level for overstock and the three aisles to the east for large things.
func useOf(aisle string, level int) (use, class string) {
	use, class = "pickable", "small"
	if level == len(levels)-1 {
		use = "overstock"
	}
	if aisle >= "K" {
		class = "shelf"
	}
	return use, class
}

// floor is the open front: docks on the left wall, benches before the aisles, the places for doubtful goods.
func floor() []place {
	places := []place{
		{kind: "dock", code: "DOCK-1", parent: "FRONT", x: 1500, y: 0},
		{kind: "dock", code: "DOCK-2", parent: "FRONT", x: 6000, y: 0},
		{kind: "dock", code: "DOOR-1", parent: "FRONT", x: 30000, y: 0},
		{kind: "dock", code: "DOOR-2", parent: "FRONT", x: 34500, y: 0},
	}
	for i := 1; i <= 4; i++ {
		places = append(places, place{kind: "station", code: fmt.Sprintf("PACK-%d", i), parent: "FRONT", x: 12000 + 3500*i, y: 2500})
	}
	for i := 1; i <= totes; i++ {
		places = append(places, place{kind: "tote", code: fmt.Sprintf("T-%d", i)})
	}
	return append(append(places, putWall(totes)...), place{kind: "tote", code: dockTote})
}
