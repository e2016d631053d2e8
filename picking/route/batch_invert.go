package route

import "math"

// restart goes on from a basis, whose inverse is worked out anew by Gauss and Jordan. It tells whether there is one.
func (l *program) restart(basis []int32, banned []bool) bool {
	copy(l.basis, basis)
	copy(l.banned, banned)
	n := l.n
	m := make([]float64, n*2*n) // the basis, and beside it what becomes its inverse
	for i, k := range basis {
		l.column(k, func(row int, v float64) { m[row*2*n+i] = v })
		m[i*2*n+n+i] = 1
	}
	for i := range n {
		if !eliminate(m, n, i) {
			return false
		}
	}
	for i := range n {
		row := m[i*2*n+n : (i+1)*2*n]
		copy(l.inverse[i*n:(i+1)*n], row)
		l.level[i] = 0
		for j, v := range row {
			l.level[i] += v * l.right[j]
		}
		l.level[i] = max(l.level[i], 0)
	}
	return true
}

// column tells the entries of k in the program's matrix.
func (l *program) column(k int32, entry func(row int, v float64)) {
	switch {
	case k < int32(-l.n):
		entry(int(-1-k)-l.n, 1)
	case k < 0:
		entry(int(-1-k), -1)
	default:
		for _, i := range l.c.of(k) {
			entry(int(i), 1)
		}
		entry(l.n-1, 1)
	}
}

// eliminate makes column i of n rows of twice that length a unit vector.
func eliminate(m []float64, n, i int) bool {
	w := 2 * n
	top := i
	for r := i + 1; r < n; r++ {
		if math.Abs(m[r*w+i]) > math.Abs(m[top*w+i]) {
			top = r
		}
	}
	if math.Abs(m[top*w+i]) < tiny {
		return false
	}
	row, other := m[i*w:(i+1)*w], m[top*w:(top+1)*w]
	for j := range row {
		row[j], other[j] = other[j], row[j] // the same row when top is i
	}
	by := 1 / row[i]
	for j := range row {
		row[j] *= by
	}
	for r := range n {
		if d := m[r*w+i]; r != i && d != 0 {
			for j, v := range row {
				m[r*w+j] -= d * v
			}
		}
	}
	return true
}
