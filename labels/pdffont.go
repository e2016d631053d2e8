package labels

import (
	"bytes"
	"maps"
	"slices"
	"sync"

	"github.com/jung-kurt/gofpdf"
)

// family is the library's name for our two faces.
const family = "go"

// ready are the faces with the characters of nearly all papers, cut once: the library reads a whole font anew for each
// document, which took longer than all of a label else. What of it a document uses the library then cuts out of this.
var ready = [...]func() []byte{
	sync.OnceValue(func() []byte { return cutFont(regular, "") }),
	sync.OnceValue(func() []byte { return cutFont(bold, "") }),
}

// embedded is a face for a document of pages, the document's own: the library writes into the bytes it is given.
func embedded(f face, pages []*page) []byte {
	if others := unusual(f, pages); others != "" {
		return cutFont(f, others)
	}
	return bytes.Clone(ready[f]())
}

// cutFont is a face with the usual characters and others.
func cutFont(f face, others string) []byte {
	return gofpdf.UTF8CutFont(bytes.Clone(faces[f].ttf), usualLetters+others)
}

// usualLetters are printable ASCII, the letters of Western Europe and what our papers write themselves.
var usualLetters = func() string {
	letters := []rune(printableASCII + "·…×–—€‘’“”" + string(substitute))
	for r := rune(0xa1); r < 0x180; r++ {
		letters = append(letters, r)
	}
	return string(letters)
}()

// unusual are the characters of pages in a face that the usual ones lack.
func unusual(f face, pages []*page) string {
	found := map[rune]bool{}
	for _, p := range pages {
		for _, t := range p.texts {
			if t.face != f {
				continue
			}
			for _, r := range t.s {
				if r > '~' && !isUsual[r] {
					found[r] = true
				}
			}
		}
	}
	return string(slices.Sorted(maps.Keys(found)))
}

// isUsual has a true for each usual letter.
var isUsual = func() map[rune]bool {
	all := map[rune]bool{}
	for _, r := range usualLetters {
		all[r] = true
	}
	return all
}()
