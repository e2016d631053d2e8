package qr

import "math/bits"

// word is how many modules a row has room for.
const word = 64

// grid is rows of modules, the leftmost in the highest bit. What lies beyond a symbol is 0.
type grid [word]uint64

// bit is the module x of a row.
func bit(x int) uint64 { return 1 << (word - 1 - x) }

// first is the first n modules of a row.
func first(n int) uint64 { return ^uint64(0) << (word - n) }

// transposed has columns for rows: quarters change places, then quarters of quarters, down to single modules.
func (g grid) transposed() grid {
	low := first(word) >> (word / 2) // the right half of each square
	for n := word / 2; n > 0; n /= 2 {
		for y := 0; y < word; y = (y + n + 1) &^ n {
			swap := (g[y] ^ g[y+n]>>n) & low
			g[y] ^= swap
			g[y+n] ^= swap << n
		}
		low ^= low << (n / 2)
	}
	return g
}

// penalty weighs how hard a picture may be to read; the sums are those of the standard's table 11.
func (g *grid) penalty(size int) int {
	t := g.transposed()
	return g.lines(size) + t.lines(size) + g.blocks(size) + g.imbalance(size)
}

// lines weighs rows: five of one colour cost 3, each further one 1, and what looks like a finder pattern with white
// beside it 40.
func (g *grid) lines(size int) (sum int) {
	for _, dark := range g[:size] {
		four := equal(dark, size)
		four &= four << 1
		four &= four << 2 // four neighbours in a row are equal: the beginnings of five of one colour
		sum += bits.OnesCount64(four) + 2*bits.OnesCount64(four&^(four>>1))

		light := ^dark & first(size)
		finder := dark & (light << 1) & (dark << 2) & (dark << 3) & (dark << 4) & (light << 5) & (dark << 6)
		white := light & (light << 1)
		white &= white << 2
		sum += 40 * (bits.OnesCount64(finder&(white<<7)) + bits.OnesCount64(white&(finder<<4)))
	}
	return sum
}

// equal has a 1 where a module is of the colour of the one to the right of it.
func equal(row uint64, size int) uint64 { return ^(row ^ row<<1) & first(size-1) }

// blocks weighs squares of two by two of one colour: 3 each.
func (g *grid) blocks(size int) (sum int) {
	for y := range size - 1 {
		sum += 3 * bits.OnesCount64(equal(g[y], size)&equal(g[y+1], size)&^(g[y]^g[y+1]))
	}
	return sum
}

// imbalance costs 10 for each whole twentieth that more or less than half of all is dark.
func (g *grid) imbalance(size int) int {
	dark := 0
	for _, row := range g[:size] {
		dark += bits.OnesCount64(row)
	}
	half := size * size
	return abs(20*dark-10*half) / half * 10
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
