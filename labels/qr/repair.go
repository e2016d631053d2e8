package qr

// The codewords are numbers of the field of 256 elements over x⁸+x⁴+x³+x²+1, in which a product is a sum of logarithms:
// powers repeat after 255, so that a sum of two needs no remainder.
var powers, logs = func() (powers [510]byte, logs [256]int) {
	x := 1
	for i := range 255 {
		powers[i], powers[i+255], logs[x] = byte(x), byte(x), i
		if x <<= 1; x > 255 {
			x ^= 0x11d
		}
	}
	return powers, logs
}()

func product(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return powers[logs[a]+logs[b]]
}

// generator is the product of (x - 2ⁱ) for i below n, from the highest power down and without the first, which is 1.
func generator(n int) []byte {
	g := make([]byte, n)
	g[n-1] = 1
	for i := range n {
		for k := range g {
			g[k] = product(g[k], powers[i])
			if k+1 < n {
				g[k] ^= g[k+1]
			}
		}
	}
	return g
}

// repairs is what is left of a block when it is divided by the generator (Reed and Solomon).
func repairs(rest, block, generator []byte) {
	clear(rest)
	last := len(rest) - 1
	for _, b := range block {
		lead := b ^ rest[0]
		copy(rest, rest[1:])
		rest[last] = 0
		for k, g := range generator {
			rest[k] ^= product(g, lead)
		}
	}
}

// interleave is the codewords as they are drawn: the first of each block, the second of each, and after the text what
// repairs it, in the same way. So a stain hurts every block a little and none too much.
func (v *version) interleave(data, generator []byte) []byte {
	blocks := v.short + v.long
	out := make([]byte, len(data)+blocks*v.repair)
	var rest [maxRepair]byte
	for b := range blocks {
		n := v.each
		if b >= v.short {
			n++
		}
		for i, c := range data[:n] {
			at := i*blocks + b
			if i == v.each { // only long blocks have it
				at -= v.short
			}
			out[at] = c
		}
		repairs(rest[:v.repair], data[:n], generator)
		for i, c := range rest[:v.repair] {
			out[v.data()+i*blocks+b] = c
		}
		data = data[n:]
	}
	return out
}
