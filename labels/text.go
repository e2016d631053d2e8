package labels

import "strings"

// align says where a line of text stands in its room.
type align int

const (
	left align = iota
	centre
	right
)

// style is how a line of text is set.
type style struct {
	size  float64 // points
	floor float64 // it may shrink to this many points; 0: it does not shrink
	face  face
	align align
}

// bold and righted are variations of a style.
func (s style) bold() style    { s.face = bold; return s }
func (s style) righted() style { s.align = right; return s }

// line sets text on the base line y into the width w, all in millimetres. Text
// that is too long shrinks to the style's floor and is then cut.
func (p *page) line(x, y, w float64, s string, st style) {
	s = printable(st.face, s)
	if s == "" {
		return
	}
	room := w * perMM
	s, size := fit(s, room, st)
	gap := room - width(st.face, s, size)
	at := x
	switch st.align {
	case centre:
		at += gap / 2 / perMM
	case right:
		at += gap / perMM
	}
	p.texts = append(p.texts, text{p.dots(at), p.dots(y), size, st.face, s})
}

// fit shrinks text into room (points), then cuts it with an ellipsis.
func fit(s string, room float64, st style) (string, float64) {
	w := width(st.face, s, st.size)
	if w <= room {
		return s, st.size
	}
	size := st.size
	if st.floor > 0 {
		size = max(st.floor, st.size*room/w)
	}
	if w*size/st.size <= room*1.0001 {
		return s, size
	}
	return cut(s, room*1000/size, st.face), size
}

// cut keeps what fits into room (thousandths of the size) with an ellipsis.
func cut(s string, room float64, f face) string {
	widths := metrics[f]()
	left := int(room) - widths['…']
	for i, r := range s {
		if left -= widths[r]; left < 0 {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}

// lead is the distance of two lines, as a multiple of the size.
const lead = 1.25

// paragraph breaks text into at most n lines of width w and returns the base
// line that follows. All lines shrink together; what does not go into n lines
// of the smallest size is cut.
func (p *page) paragraph(x, y, w float64, n int, s string, st style) float64 {
	s = printable(st.face, s)
	lines := breakLines(s, w*perMM, n, st)
	if len(lines) == n && st.floor > 0 && width(st.face, lines[n-1], st.size) > w*perMM {
		st.size = st.floor
		lines = breakLines(s, w*perMM, n, st)
	}
	st.floor = 0
	for _, l := range lines {
		p.line(x, y, w, l, st)
		y += st.size * lead / perMM
	}
	return y
}

// breakLines breaks at blanks; the last of n lines takes all that is left.
func breakLines(s string, room float64, n int, st style) []string {
	words := strings.Fields(s)
	blank := width(st.face, " ", st.size)
	var lines []string
	for len(words) > 0 && len(lines) < n-1 {
		took, w := 1, width(st.face, words[0], st.size)
		for took < len(words) && w+blank+width(st.face, words[took], st.size) <= room {
			w += blank + width(st.face, words[took], st.size)
			took++
		}
		lines = append(lines, strings.Join(words[:took], " "))
		words = words[took:]
	}
	if len(words) > 0 {
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

// block sets an address into the room of n lines: the name bold, all lines of
// one size, the largest that lets every word in. Only what does not go in at
// the floor is cut. It returns the base line that follows.
func (p *page) block(x, y, w float64, n int, lines []string, st style) float64 {
	height := float64(n) * st.size
	set := wrapAll(lines, w*perMM, st)
	for st.size > st.floor && (float64(len(set))*st.size > height || tooWide(set, w*perMM, st)) {
		st.size = max(st.floor, st.size-0.5)
		set = wrapAll(lines, w*perMM, st)
	}
	if most := max(1, int(height/st.size+1e-9)); len(set) > most {
		set = append(set[:most-1:most-1], strings.Join(set[most-1:], ", "))
	}
	name := st.bold()
	name.floor, st.floor = 0, 0
	for i, l := range set {
		if i == 0 {
			p.line(x, y, w, l, name)
		} else {
			p.line(x, y, w, l, st)
		}
		y += st.size * lead / perMM
	}
	return y
}

// wrapAll breaks each line where it must be broken and drops empty ones.
func wrapAll(lines []string, room float64, st style) (set []string) {
	for _, l := range lines {
		set = append(set, breakLines(printable(bold, l), room, 4, st.bold())...)
	}
	return set
}

// tooWide reports whether a word alone is wider than the room.
func tooWide(set []string, room float64, st style) bool {
	for _, l := range set {
		if width(bold, l, st.size) > room {
			return true
		}
	}
	return false
}
