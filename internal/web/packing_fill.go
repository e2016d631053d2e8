package web

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/packing"
)

// mostDrawn is how many cartons are drawn; of further ones only the box is said.
const mostDrawn = 6

// filling is one suggested carton as it is drawn, and read aloud.
type filling struct {
	packing.Suggested
	Number int
	Box    string // the drawing's viewBox
	Frame  []string
	Faces  []face
	Steps  []layStep
}

// face is one visible side of a unit.
type face struct{ Class, Points string }

// layStep is equal units that are laid in one after the other.
type layStep struct {
	Class string // colour
	Words string
	last  int // index of its last unit
}

// fillings draws what is suggested.
func fillings(s packing.Suggestion) (all []filling) {
	for i, c := range s.Cartons {
		f := filling{Suggested: c, Number: i + 1}
		if i < mostDrawn && c.Box.ID != 0 {
			f.steps()
			f.draw()
		}
		all = append(all, f)
	}
	return all
}

// steps gathers equal units that lie the same way at the same height.
func (f *filling) steps() {
	var skus []string
	for i := 0; i < len(f.Units); {
		u, n := f.Units[i], 1
		for i+n < len(f.Units) && f.Units[i+n].SKU == u.SKU && f.Units[i+n].Size == u.Size && f.Units[i+n].At[2] == u.At[2] {
			n++
		}
		if !slices.Contains(skus, u.SKU) {
			skus = append(skus, u.SKU)
		}
		where := "on the bottom"
		if u.At[2] > 0 {
			where = fmt.Sprintf("%d mm up", u.At[2])
		}
		f.Steps = append(f.Steps, layStep{
			Class: fmt.Sprintf("lay-%d", slices.Index(skus, u.SKU)%6),
			Words: fmt.Sprintf("%d × %s, %s, %s, %s: lying %d × %d, %d high", n, u.Name, where, from(u.At[0], "left"), from(u.At[1], "back"), u.Size[0], u.Size[1], u.Size[2]),
			last:  i + n - 1,
		})
		i += n
	}
	f.join()
}

func from(mm int, wall string) string {
	if mm == 0 {
		return "at the " + wall + " wall"
	}
	return fmt.Sprintf("%d mm from the %s wall", mm, wall)
}

// join says a pile of equal units in one step, where they lie on each other.
func (f *filling) join() {
	var joined []layStep
	first := 0
	for _, s := range f.Steps {
		u := f.Units[s.last]
		if n := len(joined); n > 0 {
			before := f.Units[joined[n-1].last]
			if before.SKU == u.SKU && before.Size == u.Size && before.At[0] == u.At[0] && before.At[1] == u.At[1] && before.At[2]+u.Size[2] == u.At[2] && s.last == joined[n-1].last+1 {
				_, rest, _ := strings.Cut(joined[n-1].Words, " × ")
				joined[n-1].Words = fmt.Sprintf("%d × %s", s.last-first+1, strings.Replace(rest, ", on the bottom,", ", piled up from the bottom,", 1))
				joined[n-1].last = s.last
				continue
			}
			first = joined[n-1].last + 1
		}
		joined = append(joined, s)
	}
	f.Steps = joined
}

// project is a place in the box as it is seen from above and before it: its left wall and its back wall are behind.
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

// draw draws the box open, with what is behind first.
func (f *filling) draw() {
	w, l, h := int(f.Suggested.Box.Inner[0]), int(f.Suggested.Box.Inner[1]), int(f.Suggested.Box.Inner[2])
	edge := float64(w+l+h) / 60
	f.Box = fmt.Sprintf("%.0f %.0f %.0f %.0f", -float64(l)*.866-edge, -float64(h)-edge, float64(w+l)*.866+2*edge, float64(w+l)*.5+float64(h)+2*edge)
	f.Frame = []string{
		points([3]int{0, 0, 0}, [3]int{w, 0, 0}, [3]int{w, l, 0}, [3]int{0, l, 0}),
		points([3]int{0, 0, 0}, [3]int{w, 0, 0}, [3]int{w, 0, h}, [3]int{0, 0, h}),
		points([3]int{0, 0, 0}, [3]int{0, l, 0}, [3]int{0, l, h}, [3]int{0, 0, h}),
	}
	for _, i := range behindFirst(f.Units) {
		f.side(i)
	}
}

// side draws the three sides of a unit that can be seen.
func (f *filling) side(i int) {
	u := f.Units[i]
	step := slices.IndexFunc(f.Steps, func(s layStep) bool { return i <= s.last })
	a, b := u.At, [3]int{u.At[0] + u.Size[0], u.At[1] + u.Size[1], u.At[2] + u.Size[2]}
	class := f.Steps[step].Class
	f.Faces = append(f.Faces,
		face{class + " top", points([3]int{a[0], a[1], b[2]}, [3]int{b[0], a[1], b[2]}, b, [3]int{a[0], b[1], b[2]})},
		face{class + " left", points([3]int{a[0], b[1], a[2]}, [3]int{b[0], b[1], a[2]}, b, [3]int{a[0], b[1], b[2]})},
		face{class + " right", points([3]int{b[0], a[1], a[2]}, [3]int{b[0], b[1], a[2]}, b, [3]int{b[0], a[1], b[2]})})
}

// mostOrdered is up to how many units are drawn exactly; with more, those that lie lower come first.
const mostOrdered = 150

// behindFirst orders units so that what hides others comes after them.
func behindFirst(units []packing.Laid) (order []int) {
	if len(units) > mostOrdered {
		for i := range units {
			order = append(order, i)
		}
		return order
	}
	drawn := make([]bool, len(units))
	behind := func(a, b packing.Laid) bool { // a is hidden by b where they overlap in the drawing
		for d := range 3 {
			if b.At[d] >= a.At[d]+a.Size[d] {
				return true
			}
		}
		return false
	}
	for len(order) < len(units) {
		next := -1
	candidates:
		for i := range units {
			if drawn[i] {
				continue
			}
			if next < 0 {
				next = i
			}
			for j := range units {
				if i != j && !drawn[j] && behind(units[j], units[i]) && !behind(units[i], units[j]) {
					continue candidates
				}
			}
			next = i
			break
		}
		drawn[next] = true
		order = append(order, next)
	}
	return order
}

// says is the drawing in a sentence.
func (f filling) says() string {
	return fmt.Sprintf("Carton %d, %s, open and seen from its front, with %s in it. The list below says where each lies.", f.Number, f.Suggested.Box.Name, ui.Count(int64(len(f.Units)), "unit", "units"))
}

// goodNames is goods in a sentence.
func goodNames(goods []packing.Good) string {
	var names []string
	for _, g := range goods {
		names = append(names, fmt.Sprintf("%d × %s", g.Quantity, g.Name))
	}
	if len(names) > 10 {
		names = append(names[:10], fmt.Sprintf("%d more", len(goods)-10))
	}
	return strings.Join(names, ", ")
}

// preset takes the box that the page had chosen beforehand, with a key of its own, where the packer took no other.
func preset(c *fiber.Ctx, ctx context.Context, tx *sql.Tx, bench packing.View, s scan.Scan) error {
	box, err := strconv.ParseInt(c.FormValue("box"), 10, 64)
	if open, ok := bench.Open(); err != nil || !ok || open.Type != 0 {
		return nil
	}
	s.Key = uuid.NewSHA1(s.Key, []byte("box"))
	_, err = packing.Choose(ctx, tx, bench.Ref, packing.TypeID(box), s)
	return err
}
