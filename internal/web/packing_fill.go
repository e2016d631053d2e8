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

// filling is one suggested carton as it is drawn, and read aloud. The first is the one that stands on the bench: what is in
// it already is told from what comes next.
type filling struct {
	packing.Suggested
	Number int
	Waits  bool // until a full carton is closed: nothing of it is laid in now
	Steps  []layStep
	Next   int // index of the step that is due, len(Steps) when nothing is
	Scene  scene
	Layers []layer
	in     []bool // of each unit
}

// layStep is equal units that are laid in one after the other.
type layStep struct {
	ID     string // of its line in the list, for the number in the drawing to lead to
	Number int
	Colour colour
	What   string // 2 × Blue mug
	Where  string
	SKU    string
	Left   int64 // units that are not in yet
	first  int   // index of its first unit
	last   int   // and of its last
}

// In reports that all of it lies in the carton.
func (s layStep) In() bool { return s.Left == 0 }

// fillings draws what is suggested; packed is what lies in the open carton.
func fillings(s packing.Suggestion, packed []packing.CartonLine) (all []filling) {
	for i, c := range s.Cartons {
		f := filling{Suggested: c, Number: i + 1, in: make([]bool, len(c.Units))}
		if i == 0 {
			f.tick(packed)
		}
		if i < mostDrawn && c.Box.ID != 0 {
			f.steps()
			f.draw()
			f.slice()
		}
		all = append(all, f)
	}
	return all
}

// tick marks the units that are in: of equal ones those that are laid in first.
func (f *filling) tick(packed []packing.CartonLine) {
	have := map[string]int64{}
	for _, l := range packed {
		have[l.SKU] += l.Quantity
	}
	for i, u := range f.Units {
		if f.in[i] = have[u.SKU] > 0; f.in[i] {
			have[u.SKU]--
		}
	}
}

// Drawn reports that it has a box to be drawn.
func (f filling) Drawn() bool { return len(f.Steps) > 0 }

// Due is the step whose turn it is.
func (f filling) Due() (layStep, bool) {
	if f.Next < len(f.Steps) {
		return f.Steps[f.Next], true
	}
	return layStep{}, false
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
		height := "on the bottom"
		if u.At[2] > 0 {
			height = fmt.Sprintf("%d mm up", u.At[2])
		}
		f.Steps = append(f.Steps, layStep{SKU: u.SKU, Colour: colourOf(slices.Index(skus, u.SKU)), first: i, last: i + n - 1,
			Where: fmt.Sprintf("%s, %s, %s: %s, %d × %d mm, %d mm high", height, from(u.At[0], "left"), from(u.At[1], "back"), u.Stance(), u.Size[0], u.Size[1], u.Size[2])})
		i += n
	}
	f.join()
	f.number()
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
	for _, s := range f.Steps {
		if n := len(joined); n > 0 && s.first == s.last && f.onTop(f.Units[joined[n-1].last], f.Units[s.first]) {
			joined[n-1].last = s.last
			joined[n-1].Where = strings.Replace(joined[n-1].Where, "on the bottom,", "piled up from the bottom,", 1)
			continue
		}
		joined = append(joined, s)
	}
	f.Steps = joined
}

// onTop reports that a unit lies just on an equal one.
func (*filling) onTop(below, u packing.Laid) bool {
	below.At[2] += below.Size[2]
	return below == u
}

// number numbers the steps and finds whose turn it is.
func (f *filling) number() {
	f.Next = len(f.Steps)
	for i := range f.Steps {
		s := &f.Steps[i]
		s.Number, s.ID = i+1, fmt.Sprintf("lay-%d-%d", f.Number, i+1)
		s.What = fmt.Sprintf("%d × %s", s.last-s.first+1, f.Units[s.first].Name)
		for u := s.first; u <= s.last; u++ {
			if !f.in[u] {
				s.Left++
			}
		}
		if s.Left > 0 && f.Next == len(f.Steps) {
			f.Next = i
		}
	}
}

// stepOf is the step of a unit.
func (f *filling) stepOf(unit int) int {
	return slices.IndexFunc(f.Steps, func(s layStep) bool { return unit <= s.last })
}

// look is how a unit is drawn: it is in, its turn is now, or it comes later.
func (f *filling) look(unit int) string {
	switch {
	case f.in[unit]:
		return "in"
	case f.stepOf(unit) == f.Next:
		return "due"
	}
	return "later"
}

// says is the drawing in a sentence.
func (f filling) says() string {
	return fmt.Sprintf("Carton %d, %s, open and seen from its front, with %s in it. The list says where each lies.", f.Number, f.Suggested.Box.Name, ui.Count(int64(len(f.Units)), "unit", "units"))
}

// holds is how much is in it when it is full.
func (f filling) holds() string {
	return fmt.Sprintf("%s, %.0f %% empty", ui.Count(int64(len(f.Units)), "unit", "units"), f.Void)
}

// mostComing is how many steps after the next one are listed at once.
const mostComing = 5

// parts divides the steps into what is long done, what the packer looks at, and what is far off.
func (f filling) parts() (before, now, after []layStep) {
	from, to := max(0, f.Next-1), min(len(f.Steps), f.Next+1+mostComing)
	if from < 2 {
		from = 0
	}
	if len(f.Steps)-to < 2 {
		to = len(f.Steps)
	}
	return f.Steps[:from], f.Steps[from:to], f.Steps[to:]
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
