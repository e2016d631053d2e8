package labels

import (
	"errors"
	"math/bits"
	"sync"

	"rsc.io/qr/coding"
)

// mostQR is the largest size we print: 61 modules, so that a row is one word of 64 bits. It holds 251 bytes.
const mostQR = coding.Version(11)

// qrSquare is a symbol and its mirror image along the diagonal: its rows and its columns, the first module of each
// in the lowest bit.
type qrSquare struct{ rows, columns []uint64 }

// qrMatrix encodes text as a QR code of level M with the mask that the standard's penalties choose. The library makes
// one mask at a time; here its code is made once, and the eight masks are what their plans differ in.
func qrMatrix(text string) (*bitmap, error) {
	enc := coding.String(text)
	for v := coding.Version(1); v <= mostQR; v++ {
		if enc.Bits(v) > v.DataBytes(coding.M)*8 {
			continue
		}
		plans := qrMasks[v]()
		code, err := plans.first.Encode(enc)
		if err != nil {
			return nil, err
		}
		return plans.best(newQRSquare(code.Size, code.Black)).bitmap(), nil
	}
	return nil, errors.New("the text is too long for a QR code")
}

func newQRSquare(size int, dark func(x, y int) bool) qrSquare {
	s := qrSquare{make([]uint64, size), make([]uint64, size)}
	for y := range size {
		for x := range size {
			if dark(x, y) {
				s.rows[y] |= 1 << x
				s.columns[x] |= 1 << y
			}
		}
	}
	return s
}

func (s qrSquare) bitmap() *bitmap {
	b := newBitmap(len(s.rows), len(s.rows))
	for y, row := range s.rows {
		for i := range b.stride {
			b.row(y)[i] = bits.Reverse8(byte(row >> (8 * i)))
		}
	}
	return b
}

// qrPlans is the plan of one size with the first mask, and what each mask changes of it.
type qrPlans struct {
	first *coding.Plan
	turns [8]qrSquare
}

var qrMasks = func() (all [mostQR + 1]func() qrPlans) {
	for v := range all {
		all[v] = sync.OnceValue(func() qrPlans { return plansOf(coding.Version(v)) })
	}
	return all
}()

func plansOf(v coding.Version) (p qrPlans) {
	for m := range p.turns {
		plan, err := coding.NewPlan(v, coding.M, coding.Mask(m))
		if err != nil {
			panic("labels: a size of QR code that exists cannot be planned: " + err.Error())
		}
		if m == 0 {
			p.first = plan
		}
		p.turns[m] = newQRSquare(len(plan.Pixel), func(x, y int) bool { return (plan.Pixel[y][x]^p.first.Pixel[y][x])&coding.Black != 0 })
	}
	return p
}

// best is the code with the mask of the least penalty.
func (p qrPlans) best(code qrSquare) (best qrSquare) {
	least := 0
	for _, turn := range p.turns {
		masked := qrSquare{turned(code.rows, turn.rows), turned(code.columns, turn.columns)}
		if n := masked.penalty(); best.rows == nil || n < least {
			best, least = masked, n
		}
	}
	return best
}

func turned(lines, by []uint64) []uint64 {
	out := make([]uint64, len(lines))
	for i := range lines {
		out[i] = lines[i] ^ by[i]
	}
	return out
}

// penalty is how hard a code is to read (ISO/IEC 18004, 7.8.3): runs of one colour, patterns that look like a corner,
// blocks of four, and more of one colour than of the other.
func (s qrSquare) penalty() (n int) {
	size, dark := len(s.rows), 0
	for i, row := range s.rows {
		n += linePenalty(row, size) + linePenalty(s.columns[i], size)
		dark += bits.OnesCount64(row)
		if i > 0 {
			above := s.rows[i-1]
			same := ^(row ^ above) & ^(row ^ row>>1) & ^(above ^ above>>1)
			n += 3 * bits.OnesCount64(same&(1<<(size-1)-1))
		}
	}
	off := dark*20/(size*size) - 10 // steps of five per cent from a half
	if off < 0 {
		off = -off - 1
	}
	return n + 10*off
}

// linePenalty counts, in one row or column, five and more alike (3, and 1 for each further), and dark-light-dark-dark-
// dark-light-dark with four light ones on a side (40).
func linePenalty(line uint64, size int) int {
	alike := ^(line ^ line>>1) & (1<<(size-1) - 1)
	five := alike & (alike >> 1)
	five &= five >> 2
	n := bits.OnesCount64(five) + 2*bits.OnesCount64(five&^(five<<1))
	light := ^line
	corner := line & light >> 1 & line >> 2 & line >> 3 & line >> 4 & light >> 5 & line >> 6
	whole := uint64(1)<<(size-10) - 1 // where eleven modules may begin
	after := corner & light >> 7 & light >> 8 & light >> 9 & light >> 10 & whole
	before := corner >> 4 & light & light >> 1 & light >> 2 & light >> 3 & whole
	return n + 40*(bits.OnesCount64(after)+bits.OnesCount64(before))
}
