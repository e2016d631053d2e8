package qr

// version is a size of symbol at level M. Its codewords are dealt to blocks, of which the long ones hold one more than
// the short ones, and each block gets as many codewords again that repair it.
type version struct {
	number      int
	short, long int // blocks
	each        int // data codewords of a short block
	repair      int // codewords that repair a block
}

// versions are those of the standard's table 9 that are no wider than a word.
var versions = [...]version{
	{1, 1, 0, 16, 10},
	{2, 1, 0, 28, 16},
	{3, 1, 0, 44, 26},
	{4, 2, 0, 32, 18},
	{5, 2, 0, 43, 24},
	{6, 4, 0, 27, 16},
	{7, 4, 0, 31, 18},
	{8, 2, 2, 38, 22},
	{9, 3, 2, 36, 22},
	{10, 4, 1, 43, 26},
	{11, 1, 4, 50, 30},
}

// What the largest version holds in all and in a block, in codewords.
const (
	maxData   = 254
	maxRepair = 30
)

// data is how many codewords the text has.
func (v *version) data() int { return v.short*v.each + v.long*(v.each+1) }

// size is the width in modules.
func (v *version) size() int { return 17 + 4*v.number }

// smallest is the smallest version that holds n characters, nil if none does.
func smallest(m mode, n int) *version {
	for i := range versions {
		if v := &versions[i]; 4+m.count(v)+m.length(n) <= v.data()*8 {
			return v
		}
	}
	return nil
}
