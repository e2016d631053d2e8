package qr

import "strings"

// mode is how text is written as bits; its number is the indicator that stands before them.
type mode int

const (
	numeric      mode = 1
	alphanumeric mode = 2
	octets       mode = 4
)

const (
	digits  = "0123456789"
	letters = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" // a character's place is its value
)

// values are the places in letters, -1 for characters that are not among them.
var values = func() (all [256]int8) {
	for c := range all {
		all[c] = int8(strings.IndexByte(letters, byte(c)))
	}
	return all
}()

// modeOf is the shortest way to write all of a text. (boombuler asks strconv whether three characters are a number and so
// writes "+12" as 012; here a sign is no digit.)
func modeOf(text string) mode {
	m := numeric
	for i := range len(text) {
		switch v := values[text[i]]; {
		case v < 0:
			return octets
		case v >= 10:
			m = alphanumeric
		}
	}
	return m
}

// count is how many bits the number of characters has.
func (m mode) count(v *version) int {
	small, large := 10, 12
	switch m {
	case alphanumeric:
		small, large = 9, 11
	case octets:
		small, large = 8, 16
	}
	if v.number < 10 {
		return small
	}
	return large
}

// length is how many bits n characters have.
func (m mode) length(n int) int {
	switch m {
	case numeric:
		return n/3*10 + [...]int{0, 4, 7}[n%3]
	case alphanumeric:
		return n/2*11 + n%2*6
	}
	return n * 8
}

// write writes digits in threes, letters in pairs and bytes one by one.
func (m mode) write(b *stream, text string) {
	group, base := 1, 256
	switch m {
	case numeric:
		group, base = 3, 10
	case alphanumeric:
		group, base = 2, 45
	}
	for len(text) > 0 {
		n, value := min(group, len(text)), 0
		for i := range n {
			digit := int(text[i])
			if m != octets {
				digit = int(values[text[i]])
			}
			value = value*base + digit
		}
		b.add(value, m.length(n))
		text = text[n:]
	}
}

// stream is bits, written from the front, the highest of a value first.
type stream struct {
	bytes [maxData]byte
	n     int
}

func (b *stream) add(value, width int) {
	for i := width - 1; i >= 0; i-- {
		b.bytes[b.n/8] |= byte(value>>i&1) << (7 - b.n%8)
		b.n++
	}
}

// fill ends the text with up to four zeros and fills what is left of size bytes with the standard's two in turn.
func (b *stream) fill(size int) {
	b.n = min(b.n+4, size*8)
	pad := byte(0xec)
	for i := (b.n + 7) / 8; i < size; i++ {
		b.bytes[i] = pad
		pad ^= 0xec ^ 0x11
	}
}
