package web

import (
	"fmt"
	"maps"
	"slices"
)

// mostLayers is how many layers are drawn from above, from the one that is being laid on.
const mostLayers = 6

// layer is what lies at one height of the box, seen from above: nothing hides anything there.
type layer struct {
	Title string
	View  string // the viewBox
	Font  string
	Box   area
	Units []area
	Signs []sign
}

// area is a rectangle seen from above.
type area struct {
	X, Y, W, H       string
	Fill, Edge, Look string
}

func areaOf(at, size [3]int) area {
	return area{X: fmt.Sprint(at[0]), Y: fmt.Sprint(at[1]), W: fmt.Sprint(size[0]), H: fmt.Sprint(size[1])}
}

// slice draws the layers from above.
func (f *filling) slice() {
	heights := map[int][]int{} // units by where they begin
	for i, u := range f.Units {
		heights[u.At[2]] = append(heights[u.At[2]], i)
	}
	for n, z := range slices.Sorted(maps.Keys(heights)) {
		buried := f.Next < len(f.Steps) && !slices.ContainsFunc(heights[z], func(i int) bool { return !f.in[i] })
		if buried || len(f.Layers) == mostLayers {
			continue
		}
		l := f.layer(heights[z])
		if l.Title = fmt.Sprintf("Layer %d, %d mm up", n+1, z); z == 0 {
			l.Title = "Layer 1, on the bottom"
		}
		f.Layers = append(f.Layers, l)
	}
}

func (f *filling) layer(units []int) layer {
	w, d := int(f.Suggested.Box.Inner[0]), int(f.Suggested.Box.Inner[1])
	edge, font := (w+d)/100+1, (w+d)/16
	l := layer{View: fmt.Sprintf("%d %d %d %d", -edge, -edge, w+2*edge, d+2*edge), Font: fmt.Sprint(font), Box: areaOf([3]int{}, [3]int{w, d, 0})}
	said := map[int]bool{}
	for _, i := range units {
		u, step := f.Units[i], f.stepOf(i)
		a, c := areaOf(u.At, u.Size), f.Steps[step].Colour.look(f.look(i))
		a.Fill, a.Edge, a.Look = c.String(), c.ink().String(), f.look(i)
		l.Units = append(l.Units, a)
		if narrow := min(u.Size[0], u.Size[1]) < font; narrow && said[step] {
			continue // the numbers of thin things side by side would cover each other
		}
		said[step] = true
		text := fmt.Sprint(step + 1)
		if f.in[i] {
			text += " ✓"
		}
		l.Signs = append(l.Signs, sign{X: fmt.Sprint(u.At[0] + u.Size[0]/2), Y: fmt.Sprint(u.At[1] + u.Size[1]/2), Text: text, Look: a.Look, To: f.Steps[step].ID,
			Ink: a.Edge, Rim: c.rim().String()})
	}
	return l
}
