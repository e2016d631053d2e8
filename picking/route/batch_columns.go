package route

// columns are batches to choose from, each with its shortest walk: the columns of a set partitioning, of which the
// cheapest that hold every order once are wanted.
type columns struct {
	p      *problem
	at     []int32 // column c holds orders[at[c]:at[c+1]]
	orders []int32
	walk   []int64
	known  map[uint64]bool
}

func newColumns(p *problem) *columns {
	return &columns{p: p, at: []int32{0}, known: map[uint64]bool{}}
}

func (c *columns) size() int { return len(c.walk) }

// of is the orders of column k.
func (c *columns) of(k int32) []int32 { return c.orders[c.at[k]:c.at[k+1]] }

// add keeps a batch, unless it is there.
func (c *columns) add(key uint64, orders []int32, walk int64) bool {
	if c.known[key] {
		return false
	}
	c.known[key] = true
	c.orders = append(c.orders, orders...)
	c.at = append(c.at, int32(len(c.orders)))
	c.walk = append(c.walk, walk)
	return true
}

// addAll keeps the batches of a batching.
func (c *columns) addAll(s *batching) {
	for _, b := range s.batch {
		if len(b.orders) > 0 {
			c.add(b.key, b.orders, b.walk)
		}
	}
}

// reduced is what column k costs beyond the prices of its orders.
func (c *columns) reduced(k int32, price []float64) float64 {
	r := float64(c.walk[k]) - price[len(price)-1]
	for _, i := range c.of(k) {
		r -= price[i]
	}
	return r
}

// batching makes one of chosen columns. An order in several of them stays in the first.
func (c *columns) batching(chosen []int32, walks *lengths) *batching {
	s := &batching{p: c.p, walks: walks, of: make([]int32, c.p.size)}
	taken := make([]bool, c.p.size)
	for _, k := range chosen {
		var mine []int32
		for _, i := range c.of(k) {
			if !taken[i] {
				taken[i] = true
				mine = append(mine, i)
			}
		}
		s.open(mine)
	}
	return s
}
