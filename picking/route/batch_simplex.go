package route

import (
	"cmp"
	"math"
	"slices"
)

// program is the linear relaxation of choosing columns: least walk with every order in one at least, parts of columns
// allowed. It is solved by the revised simplex method with a dense inverse, which suits a few hundred rows. Each row
// asks for a hair more than one, differently, so that the method never stands still.
//
// A basis entry is a column, or beyond them all: -1-i is the surplus of row i, -1-n-i its emergency, at a price that
// no sensible choice pays.
type program struct {
	c       *columns
	use     []int32 // the columns that may be chosen
	n       int
	basis   []int32
	inverse []float64 // n x n
	right   []float64
	level   []float64 // of the basis, row by row
	price   []float64 // of each order, the dual values
	entry   []float64
	short   []int32 // columns worth entering, when last looked at
	dear    float64
	banned  []bool // per row of the basis: its column may no longer be chosen, and costs as much as an emergency
}

const (
	tiny   = 1e-9
	cheap  = 1e-6 // a reduced cost below -cheap is worth a pivot
	listed = 60   // columns looked at before all are looked at again
)

func newProgram(c *columns, use []int32, dear float64, least int) *program {
	n := c.p.size + 1
	l := &program{c: c, use: use, n: n, dear: dear, banned: make([]bool, n)}
	l.inverse = make([]float64, n*n)
	l.entry, l.price = make([]float64, n), make([]float64, n)
	for i := range n {
		l.inverse[i*n+i] = 1
		l.basis = append(l.basis, int32(-1-n-i))
		l.right = append(l.right, 1+1e-5*float64(i*7919%n+1)/float64(n))
	}
	l.right[n-1] = float64(least)
	l.level = slices.Clone(l.right)
	return l
}

// solve finds the least walk; most limits the pivots. It tells whether it came to an end.
func (l *program) solve(most int) bool {
	l.reprice()
	fresh := false
	for range most {
		k, r := l.pick()
		if r >= -cheap {
			if fresh {
				return true
			}
			l.reprice()
			l.look()
			fresh = true
			continue
		}
		fresh = false
		if !l.pivot(k, r) {
			return false
		}
	}
	return false
}

// value is the bound that the prices prove, if no column there is costs less than they say.
func (l *program) value() float64 {
	sum := l.price[l.n-1] * l.right[l.n-1]
	for _, v := range l.price[:l.n-1] {
		sum += v
	}
	return sum
}

// cost of what stands in a row of the basis.
func (l *program) cost(row int) float64 {
	k := l.basis[row]
	switch {
	case l.banned[row] || k < int32(-l.n):
		return l.dear
	case k < 0:
		return 0
	}
	return float64(l.c.walk[k])
}

// reprice works the prices out anew.
func (l *program) reprice() {
	clear(l.price)
	for i := range l.basis {
		if c := l.cost(i); c != 0 {
			for j, v := range l.inverse[i*l.n : (i+1)*l.n] {
				l.price[j] += c * v
			}
		}
	}
}

// look lists the columns most worth entering.
func (l *program) look() {
	type offer struct {
		k int32
		r float64
	}
	var offers []offer
	limit := -cheap
	for _, k := range l.use {
		if r := l.c.reduced(k, l.price); r < limit {
			offers = append(offers, offer{k, r})
			if len(offers) >= 8*listed {
				slices.SortFunc(offers, func(a, b offer) int { return cmp.Compare(a.r, b.r) })
				offers = offers[:listed]
				limit = offers[listed-1].r
			}
		}
	}
	slices.SortFunc(offers, func(a, b offer) int { return cmp.Compare(a.r, b.r) })
	l.short = l.short[:0]
	for _, o := range offers[:min(len(offers), listed)] {
		l.short = append(l.short, o.k)
	}
}

// pick is the entry with the least reduced cost among the listed columns and the surpluses.
func (l *program) pick() (best int32, least float64) {
	kept := l.short[:0]
	for _, k := range l.short {
		r := l.c.reduced(k, l.price)
		if r < -cheap {
			kept = append(kept, k)
		}
		if r < least {
			best, least = k, r
		}
	}
	l.short = kept
	for i, v := range l.price {
		if v < least {
			best, least = int32(-1-i), v
		}
	}
	return best, least
}

// pivot takes k, whose reduced cost is r, into the basis.
func (l *program) pivot(k int32, r float64) bool {
	n := l.n
	l.enter(k)
	out, step := -1, math.MaxFloat64
	for i, d := range l.entry {
		if d > tiny {
			if s := l.level[i] / d; s < step-tiny || s < step+tiny && d > l.entry[out] {
				out, step = i, s
			}
		}
	}
	if out < 0 {
		return false
	}
	step = max(step, 0)
	row := l.inverse[out*n : (out+1)*n]
	by := 1 / l.entry[out]
	for j := range row {
		row[j] *= by
	}
	for i, d := range l.entry {
		if i == out || math.Abs(d) < 1e-12 {
			continue
		}
		l.level[i] -= step * d
		other := l.inverse[i*n : (i+1)*n]
		for j, v := range row {
			other[j] -= d * v
		}
	}
	l.level[out] = step
	l.basis[out], l.banned[out] = k, false
	for j, v := range row {
		l.price[j] += r * v
	}
	return true
}

// enter works out k's entry in terms of the basis.
func (l *program) enter(k int32) {
	n := l.n
	if k < 0 {
		row := int(-1 - k)
		for i := range l.entry {
			l.entry[i] = -l.inverse[i*n+row]
		}
		return
	}
	orders := l.c.of(k)
	for i := range l.entry {
		sum := l.inverse[(i+1)*n-1]
		for _, o := range orders {
			sum += l.inverse[i*n+int(o)]
		}
		l.entry[i] = sum
	}
}
