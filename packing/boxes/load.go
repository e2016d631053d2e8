package boxes

import (
	"cmp"
	"slices"
)

// A loader fills one box with as much as it can of what is left.
type loader struct {
	kinds  []kind
	box    Size
	blocks []block
	from   int       // the first block that is looked at
	worth  []float64 // of each block; nil: its volume
	leans  map[float64][]float64
	reach  [3][]int // reach[axis][x] is the longest row of items that is not longer than x
	thin   int      // the smallest size of any item
	corner corner
	looks  *int64 // how many blocks may still be looked at
	pool   []*load
}

// A load is a box being filled.
type load struct {
	left   []int32
	units  int   // not yet in
	weight int64 // may still be added
	spaces []space
	laid   []laid
	worth  float64
	volume int64
	spare  []space
}

type laid struct {
	block int32
	at    [3]int
}

// simpleBlocks is how many blocks of one kind a box is filled from, if it can be.
const simpleBlocks = 5000

// mostReach is the longest box for which rows are added up.
const mostReach = 6000

func newLoader(kinds []kind, left []int32, box Box, blocks int, looks *int64) *loader {
	l := &loader{kinds: kinds, box: box.Inner, looks: looks, thin: MostSize}
	l.blocks = l.simple(left, box.carries())
	if blocks > len(l.blocks) {
		l.blocks = pairs(l.blocks, left, box.Inner, box.carries(), blocks)
	}
	for i := range kinds {
		if left[i] > 0 {
			for _, s := range kinds[i].turns {
				l.thin = min(l.thin, s[0], s[1], s[2])
			}
		}
	}
	l.rows(left)
	return l
}

// simple is the blocks of one kind, with fewer numbers of units side by side where there would be too many of them.
func (l *loader) simple(left []int32, carries int64) (blocks []block) {
	for most := 12; ; most /= 2 {
		if blocks = simple(l.kinds, left, l.box, carries, most); len(blocks) <= simpleBlocks || most == 0 {
			return blocks
		}
	}
}

// show goes on with further kinds where all that were shown have gone in.
func (l *loader) show(s *load, left []int32) {
	l.from = len(l.blocks)
	l.blocks = append(l.blocks, l.simple(left, s.weight)...)
	l.leans = nil
	copy(s.left, left)
	for _, n := range left {
		s.units += int(n)
	}
}

// rows fills reach.
func (l *loader) rows(left []int32) {
	if max(l.box[0], l.box[1], l.box[2]) > mostReach {
		return
	}
	for a := range 3 {
		var lengths []int
		for i, k := range l.kinds {
			for _, s := range k.turns {
				if left[i] > 0 && s[a] <= l.box[a] && !slices.Contains(lengths, s[a]) {
					lengths = append(lengths, s[a])
				}
			}
		}
		r := make([]int, l.box[a]+1)
		for x := 1; x < len(r); x++ {
			r[x] = r[x-1]
			for _, n := range lengths {
				if n <= x && r[x-n] == x-n {
					r[x] = x
					break
				}
			}
		}
		l.reach[a] = r
	}
}

// fresh is an empty box.
func (l *loader) fresh(left []int32, carries int64) *load {
	s := l.get()
	s.left = append(s.left[:0], left...)
	s.spaces = append(s.spaces[:0], space{hi: l.box})
	s.weight, s.laid, s.worth, s.volume, s.units = carries, s.laid[:0], 0, 0, 0
	for _, n := range left {
		s.units += int(n)
	}
	return s
}

func (l *loader) get() *load {
	if n := len(l.pool); n > 0 {
		s := l.pool[n-1]
		l.pool = l.pool[:n-1]
		return s
	}
	return &load{}
}

func (l *loader) put(s *load) { l.pool = append(l.pool, s) }

func (l *loader) copy(s *load) *load {
	c := l.get()
	c.left = append(c.left[:0], s.left...)
	c.spaces = append(c.spaces[:0], s.spaces...)
	c.laid = append(c.laid[:0], s.laid...)
	c.units, c.weight, c.worth, c.volume = s.units, s.weight, s.worth, s.volume
	return c
}

// choice is a block for a space.
type choice struct {
	block int32
	score float64
}

// next finds the space to be filled next and the best blocks for it, the best first. Spaces that nothing fits into are
// forgotten. There is none when the box is full.
func (l *loader) next(s *load, most int, into []choice) (at space, best []choice) {
	for len(s.spaces) > 0 && s.units > 0 {
		nearest, near := 0, -1
		for i, sp := range s.spaces {
			_, far := l.corner.anchor(sp, l.box)
			if near < 0 || far < near || far == near && sp.size().volume() > s.spaces[nearest].size().volume() {
				nearest, near = i, far
			}
		}
		at = s.spaces[nearest]
		if best = l.choices(s, at.size(), most, into[:0]); len(best) > 0 {
			return at, best
		}
		s.spaces = slices.Delete(s.spaces, nearest, nearest+1)
	}
	return at, nil
}

func (l *loader) choices(s *load, room Size, most int, best []choice) []choice {
	*l.looks -= int64(len(l.blocks) - l.from)
next:
	for i := l.from; i < len(l.blocks); i++ {
		b := &l.blocks[i]
		if b.size[0] > room[0] || b.size[1] > room[1] || b.size[2] > room[2] || b.weight > s.weight {
			continue
		}
		for _, n := range b.need {
			if n.n > s.left[n.kind] {
				continue next
			}
		}
		score := l.score(i, room)
		if len(best) == most && score <= best[most-1].score {
			continue
		}
		c := choice{int32(i), score}
		if len(best) < most {
			best = append(best, c)
		}
		j := len(best) - 1
		for ; j > 0 && best[j-1].score < score; j-- {
			best[j] = best[j-1]
		}
		best[j] = c
	}
	return best
}

// score is how well a block goes into a room: what it is worth, less where it leaves lengths that nothing fills, more
// where it touches much, less for many small units.
func (l *loader) score(i int, room Size) float64 {
	b := &l.blocks[i]
	used, all, touch, faces := 1., 1., 0., 0.
	for a := range 3 {
		rest := room[a] - b.size[a]
		row := rest
		if l.reach[a] != nil {
			row = l.reach[a][rest]
		}
		used *= float64(b.size[a] + row)
		all *= float64(room[a])
		face := float64(b.size[(a+1)%3]) * float64(b.size[(a+2)%3])
		faces += 2 * face
		touch += face
		if rest*25 <= room[a] {
			touch += face
		}
	}
	t := touch / faces
	return l.value(i) * (used / all) * t * t * t * t * b.small
}

func (l *loader) value(i int) float64 {
	if l.worth != nil {
		return l.worth[i]
	}
	return float64(l.blocks[i].volume)
}

// lay puts a block into the anchor corner of a space.
func (l *loader) lay(s *load, at space, i int32) {
	b := &l.blocks[i]
	high, _ := l.corner.anchor(at, l.box)
	f := space{lo: at.lo}
	for a := range 3 {
		if high[a] {
			f.lo[a] = at.hi[a] - b.size[a]
		}
		f.hi[a] = f.lo[a] + b.size[a]
	}
	for _, n := range b.need {
		s.left[n.kind] -= n.n
		s.units -= int(n.n)
	}
	s.weight -= b.weight
	s.volume += b.volume
	s.worth += l.value(int(i))
	s.laid = append(s.laid, laid{i, f.lo})
	s.spaces, s.spare = cut(s.spaces, f, l.thin, s.spare)
}

// finish fills the box with the best block for each space.
func (l *loader) finish(s *load) {
	var one [1]choice
	for {
		at, best := l.next(s, 1, one[:0])
		if len(best) == 0 {
			return
		}
		l.lay(s, at, best[0].block)
	}
}

// beam follows so many beginnings side by side, each as good as its end is when it is finished at once. It answers the
// best end, which may be that of the first look.
func (l *loader) beam(start *load, width int, best *load) *load {
	type begun struct {
		*load
		end float64
	}
	now := []begun{{l.copy(start), 0}}
	buffer := make([]choice, 0, width)
	for len(now) > 0 {
		var then []begun
		for _, s := range now {
			at, choices := l.next(s.load, width, buffer)
			for _, c := range choices {
				if *l.looks <= 0 {
					return best
				}
				n := l.copy(s.load)
				l.lay(n, at, c.block)
				end := l.copy(n)
				l.finish(end)
				worth := end.worth
				if worth > best.worth {
					best, end = end, best
				}
				l.put(end)
				if best.units == 0 {
					return best
				}
				if slices.ContainsFunc(then, func(o begun) bool { return o.end == worth && o.volume == n.volume }) {
					l.put(n)
					continue
				}
				then = append(then, begun{n, worth})
			}
			l.put(s.load)
		}
		slices.SortStableFunc(then, func(a, b begun) int { return cmp.Compare(b.end, a.end) })
		for len(then) > width {
			l.put(then[len(then)-1].load)
			then = then[:len(then)-1]
		}
		now = then
	}
	return best
}

// fill fills the box, looking as long as looks last, with ever more beginnings.
func (l *loader) fill(left []int32, carries int64, widest int) *load {
	start := l.fresh(left, carries)
	best := l.copy(start)
	l.finish(best)
	for width := 2; width <= widest && best.units > 0 && *l.looks > 0; width *= 2 {
		best = l.beam(start, width, best)
	}
	return best
}
