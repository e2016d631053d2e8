package qr

import "sync"

// plan is what all symbols of a version share. A symbol is the plan's dark modules with the codewords in the places that
// are free for them, in order, and one of the masks over it.
type plan struct {
	size      int
	generator []byte
	dark      grid
	taken     grid // modules that no codeword may have
	order     []module
	masks     [8]grid // modules to invert; those that name the mask are light in dark, so that this writes them
}

type module struct{ x, y uint8 }

// plans are made once each, when a symbol needs them.
var plans = func() (all [len(versions)]func() *plan) {
	for i := range versions {
		all[i] = sync.OnceValue(versions[i].plan)
	}
	return all
}()

func (v *version) plan() *plan {
	p := &plan{size: v.size(), generator: generator(v.repair)}
	p.finders()
	p.alignment(v)
	for i := range p.size {
		p.timing(i, 6)
		p.timing(6, i)
	}
	if v.number >= 7 {
		p.number(v.number)
	}
	for mask := range p.masks {
		p.name(mask)
	}
	p.set(8, p.size-8, true)
	p.walk()
	for mask := range p.masks {
		p.mask(mask)
	}
	return p
}

func (p *plan) set(x, y int, dark bool) {
	p.taken[y] |= bit(x)
	if dark {
		p.dark[y] |= bit(x)
	}
}

func (p *plan) free(x, y int) bool { return p.taken[y]&bit(x) == 0 }

// rings draws an eye: squares around one another, counted from the module in the middle, as far as the symbol goes.
func (p *plan) rings(x, y, radius int, dark func(ring int) bool) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			if min(x+dx, y+dy) >= 0 && max(x+dx, y+dy) < p.size {
				p.set(x+dx, y+dy, dark(max(abs(dx), abs(dy))))
			}
		}
	}
}

// finders are the three large eyes with the white around them.
func (p *plan) finders() {
	far := p.size - 4
	for _, at := range [][2]int{{3, 3}, {far, 3}, {3, far}} {
		p.rings(at[0], at[1], 4, func(ring int) bool { return ring != 2 && ring != 4 })
	}
}

// alignment is the small eyes: at the far corner, from version 7 on also half way to it, and never where a large one is.
func (p *plan) alignment(v *version) {
	far := p.size - 7
	var lines []int
	switch {
	case v.number >= 7:
		lines = []int{6, (6 + far) / 2, far}
	case v.number >= 2:
		lines = []int{6, far}
	}
	for _, y := range lines {
		for _, x := range lines {
			if p.free(x, y) {
				p.rings(x, y, 2, func(ring int) bool { return ring != 1 })
			}
		}
	}
}

// timing is dark and light by turns between the eyes.
func (p *plan) timing(x, y int) {
	if p.free(x, y) {
		p.set(x, y, (x+y)%2 == 0)
	}
}

// number writes the version twice, with 12 bits that repair its 6.
func (p *plan) number(version int) {
	code := protected(version, 12, 0x1f25)
	for i := range 18 {
		x, y, dark := p.size-11+i%3, i/3, code>>i&1 == 1
		p.set(x, y, dark)
		p.set(y, x, dark)
	}
}

// name writes level M (which is 0) and the mask into the mask, twice, with 10 bits that repair its 5: around the first
// eye, and half of it at each of the other two.
func (p *plan) name(mask int) {
	code := protected(mask, 10, 0x537) ^ 0x5412
	around := [8]int{0, 1, 2, 3, 4, 5, 7, 8} // 6 is timing
	for k := range 15 {
		var one, two module
		if k < 8 {
			one = module{uint8(around[k]), 8}
		} else {
			one = module{8, uint8(around[14-k])}
		}
		if k < 7 {
			two = module{8, uint8(p.size - 1 - k)}
		} else {
			two = module{uint8(p.size - 15 + k), 8}
		}
		for _, m := range []module{one, two} {
			p.set(int(m.x), int(m.y), false)
			if code>>(14-k)&1 == 1 {
				p.masks[mask][m.y] |= bit(int(m.x))
			}
		}
	}
}

// protected is a number with what is left when it is divided by a generator (Bose, Chaudhuri and Hocquenghem).
func protected(number, repair, generator int) int {
	rest := number << repair
	for i := 30; i >= repair; i-- {
		if rest>>i&1 == 1 {
			rest ^= generator << (i - repair)
		}
	}
	return number<<repair | rest
}

// walk puts what is free in order: pairs of columns from the right, up and down by turns, past the column of timing.
func (p *plan) walk() {
	up := true
	for right := p.size - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range p.size {
			y := i
			if up {
				y = p.size - 1 - i
			}
			for _, x := range []int{right, right - 1} {
				if p.free(x, y) {
					p.order = append(p.order, module{uint8(x), uint8(y)})
				}
			}
		}
		up = !up
	}
}

// rules are the standard's table 10: a module is inverted where its mask's rule is 0.
var rules = [8]func(x, y int) int{
	func(x, y int) int { return (y + x) % 2 },
	func(x, y int) int { return y % 2 },
	func(x, y int) int { return x % 3 },
	func(x, y int) int { return (y + x) % 3 },
	func(x, y int) int { return (y/2 + x/3) % 2 },
	func(x, y int) int { return y*x%2 + y*x%3 },
	func(x, y int) int { return (y*x%2 + y*x%3) % 2 },
	func(x, y int) int { return ((y+x)%2 + y*x%3) % 2 },
}

func (p *plan) mask(mask int) {
	for _, m := range p.order {
		if rules[mask](int(m.x), int(m.y)) == 0 {
			p.masks[mask][m.y] |= bit(int(m.x))
		}
	}
}

// draw lays codewords out and takes the mask that costs least, the first of equals.
func (p *plan) draw(codewords []byte) *Code {
	bare := p.dark
	for i, m := range p.order[:len(codewords)*8] { // the few that are left over stay light
		if codewords[i/8]<<(i%8)&0x80 != 0 {
			bare[m.y] |= bit(int(m.x))
		}
	}
	best, least := &Code{Size: p.size}, -1
	for mask := range p.masks {
		masked := bare
		for y := range p.size {
			masked[y] ^= p.masks[mask][y]
		}
		if cost := masked.penalty(p.size); least < 0 || cost < least {
			best.rows, least = masked, cost
		}
	}
	return best
}
