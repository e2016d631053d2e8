package web

import (
	"fmt"
	"slices"
	"strings"

	"tote/packing"
)

// scene is the box open, seen from above and before it, with what is in it and what comes next.
type scene struct {
	View  string // the viewBox
	Font  string // size of the numbers
	Frame []string
	Walls []sign // which wall is which
	Parts []part
}

// part is one visible side of a unit, or the number of a step.
type part struct {
	Look, Points, Fill, Edge string
	Sign                     *sign
}

// sign is words in the drawing; a number has the ink of its unit and a rim of the other, for where it stands over another.
type sign struct{ X, Y, Text, Look, To, Ink, Rim string }

// project is a place in the box as it is seen: its left wall and its back wall are behind.
func project(x, y, z int) (float64, float64) {
	return float64(x-y) * .866, float64(x+y)*.5 - float64(z)
}

func points(corners ...[3]int) string {
	var text []string
	for _, c := range corners {
		x, y := project(c[0], c[1], c[2])
		text = append(text, fmt.Sprintf("%.0f,%.0f", x, y))
	}
	return strings.Join(text, " ")
}

func signAt(x, y, z int, text, look string) sign {
	px, py := project(x, y, z)
	return sign{X: fmt.Sprintf("%.0f", px), Y: fmt.Sprintf("%.0f", py), Text: text, Look: look}
}

// draw draws what is in, behind first, and over it what comes next, which nothing hides. What comes later is left out: it
// would hide both.
func (f *filling) draw() {
	w, l, h := int(f.Suggested.Box.Inner[0]), int(f.Suggested.Box.Inner[1]), int(f.Suggested.Box.Inner[2])
	width, height := float64(w+l)*.866, float64(w+l)*.5+float64(h)
	edge := (width + height) / 40
	f.Scene = scene{
		View: fmt.Sprintf("%.0f %.0f %.0f %.0f", -float64(l)*.866-edge, -float64(h)-edge, width+2*edge, height+2*edge),
		Font: fmt.Sprintf("%.1f", (width+height)/30),
		Frame: []string{
			points([3]int{0, 0, 0}, [3]int{w, 0, 0}, [3]int{w, l, 0}, [3]int{0, l, 0}),
			points([3]int{0, 0, 0}, [3]int{w, 0, 0}, [3]int{w, 0, h}, [3]int{0, 0, h}),
			points([3]int{0, 0, 0}, [3]int{0, l, 0}, [3]int{0, l, h}, [3]int{0, 0, h}),
		},
		Walls: []sign{signAt(0, l/2, h*7/8, "left", "wall"), signAt(w/2, 0, h*7/8, "back", "wall")},
	}
	for _, look := range []string{"in", "due"} {
		var units []int
		for i := range f.Units {
			if f.look(i) == look {
				units = append(units, i)
			}
		}
		f.pile(look, behindFirst(f.Units, units))
	}
}

// pile draws units in their order. A step's number stands on the last of them, and whatever covers it covers it too.
func (f *filling) pile(look string, order []int) {
	left := map[int]int{}
	for _, i := range order {
		left[f.stepOf(i)]++
	}
	for _, i := range order {
		step := f.stepOf(i)
		c := f.Steps[step].Colour.look(look)
		f.sides(i, look, c)
		if left[step]--; left[step] > 0 {
			continue
		}
		u := f.Units[i]
		number := signAt(u.At[0]+u.Size[0]/2, u.At[1]+u.Size[1]/2, u.At[2]+u.Size[2], fmt.Sprint(step+1), look)
		number.To, number.Ink, number.Rim = f.Steps[step].ID, c.ink().String(), c.rim().String()
		f.Scene.Parts = append(f.Scene.Parts, part{Sign: &number})
	}
}

// sides draws the three sides of a unit that can be seen.
func (f *filling) sides(i int, look string, c colour) {
	a, size := f.Units[i].At, f.Units[i].Size
	b := [3]int{a[0] + size[0], a[1] + size[1], a[2] + size[2]}
	edge := c.ink().String()
	f.Scene.Parts = append(f.Scene.Parts,
		part{Look: look, Edge: edge, Fill: c.String(), Points: points([3]int{a[0], a[1], b[2]}, [3]int{b[0], a[1], b[2]}, b, [3]int{a[0], b[1], b[2]})},
		part{Look: look, Edge: edge, Fill: c.mixed(dark, besideShade).String(), Points: points([3]int{a[0], b[1], a[2]}, [3]int{b[0], b[1], a[2]}, b, [3]int{a[0], b[1], b[2]})},
		part{Look: look, Edge: edge, Fill: c.mixed(dark, frontShade).String(), Points: points([3]int{b[0], a[1], a[2]}, [3]int{b[0], b[1], a[2]}, b, [3]int{b[0], a[1], b[2]})})
}

// mostOrdered is up to how many units are drawn exactly; with more, those that lie lower come first.
const mostOrdered = 150

// behindFirst orders units so that what hides others comes after them.
func behindFirst(all []packing.Laid, units []int) (order []int) {
	if len(units) > mostOrdered {
		return units
	}
	behind := func(a, b packing.Laid) bool { // a is hidden by b where they overlap in the drawing
		for d := range 3 {
			if b.At[d] >= a.At[d]+a.Size[d] {
				return true
			}
		}
		return false
	}
	for rest := slices.Clone(units); len(rest) > 0; {
		next := max(0, slices.IndexFunc(rest, func(i int) bool {
			return !slices.ContainsFunc(rest, func(j int) bool {
				return i != j && behind(all[j], all[i]) && !behind(all[i], all[j])
			})
		}))
		order, rest = append(order, rest[next]), slices.Delete(rest, next, next+1)
	}
	return order
}
