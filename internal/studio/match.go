package studio

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FileName is what the pictures of a job are called when they are downloaded, without an ending, and what a finished file
// must be called to be known for it: "1023 - Yellow Portrait - 1, LivingRoom,Full - Uploaded Images". The parts are the
// order's number, the product, the line with what was chosen for it, and what the customer was asked for.
func (j Job) FileName() string {
	number := strings.TrimPrefix(j.Document, "O-")
	chosen := j.Line()
	if j.Detail != "" {
		chosen += ", " + j.Detail
	}
	asks := j.Asks
	if asks == "" {
		asks = "Artwork"
	}
	return strings.Join([]string{fileSafe(number), fileSafe(j.Product), fileSafe(chosen), fileSafe(asks)}, " - ")
}

// PictureName is the file name of the n-th picture of a job, counted from one: the first is the job's own.
func (j Job) PictureName(n int, f File) string {
	name := j.FileName()
	if n > 1 {
		name += " (" + strconv.Itoa(n) + ")"
	}
	return name + f.Extension()
}

// fileSafe leaves out what some system does not allow in a file's name.
func fileSafe(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '-'
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
	return strings.Trim(strings.Join(strings.Fields(text), " "), ". ")
}

// How says how sure it is that a file belongs to a job.
type How string

// The ways a file is known, from the surest.
const (
	Matched How = "matched" // the file's name is the job's
	Guessed How = "guessed" // it is nearly so, or its number names the only line that waits
	Unknown How = "unknown" // somebody must say
)

// Match is the job that a file seems to belong to.
type Match struct {
	How  How
	Job  int   // its index among the jobs; -1 where nothing is known
	Near []int // the next best jobs, the best first, for whoever chooses
}

const nearest = 3 // jobs offered for a file that is not known

// Find tells for the name of a file which of the jobs it is for. First the exact rule: the name without its ending is the
// job's FileName. Then forgivingly: spaces, case, accents' spelling, numbers of copies and versions do not count; then the
// order's number and the line; then the order's number alone, where one job of that order waits. Two jobs that fit as well
// as each other are unknown.
func Find(name string, jobs []Job) Match {
	stem := stemOf(name)
	for i, j := range jobs {
		if stem == j.FileName() {
			return Match{How: Matched, Job: i}
		}
	}
	near := rank(stem, jobs)
	for _, rule := range []func(string, Job) bool{alike, numbered, named} {
		if i, one := only(stem, jobs, rule); one {
			return Match{How: Guessed, Job: i, Near: near}
		}
	}
	return Match{How: Unknown, Job: -1, Near: near}
}

// only is the one job that a rule holds for.
func only(stem string, jobs []Job, rule func(string, Job) bool) (at int, one bool) {
	for i, j := range jobs {
		if rule(stem, j) {
			if one {
				return 0, false
			}
			at, one = i, true
		}
	}
	return at, one
}

// alike: the same words in the same order.
func alike(stem string, j Job) bool {
	return slices.Equal(words(stem), words(j.FileName()))
}

// numbered: the order's number and then the line, before anything else: "1023-2 final", "1023_2", "O-1023.2 eyes done".
func numbered(stem string, j Job) bool {
	w := words(stem)
	if len(w) > 0 && w[0] == "o" {
		w = w[1:]
	}
	return len(w) > 1 && w[0] == strings.TrimPrefix(j.Document, "O-") && w[1] == j.Line()
}

// named: the order's number somewhere, and no number of another line right behind it.
func named(stem string, j Job) bool {
	w := words(stem)
	at := slices.Index(w, strings.TrimPrefix(j.Document, "O-"))
	return at >= 0 && (at+1 == len(w) || !digits(w[at+1]))
}

// rank is the jobs whose names have most words in common with a file's, the best first.
func rank(stem string, jobs []Job) []int {
	type score struct{ job, points int }
	has := map[string]bool{}
	for _, w := range words(stem) {
		has[w] = true
	}
	var list []score
	for i, j := range jobs {
		points := 0
		for n, w := range words(j.FileName()) {
			if has[w] {
				points++
				if n == 0 { // the order's number says more than any word
					points += 3
				}
			}
		}
		if points > 0 {
			list = append(list, score{i, points})
		}
	}
	slices.SortStableFunc(list, func(a, b score) int { return cmp.Compare(b.points, a.points) })
	var best []int
	for _, s := range list[:min(nearest, len(list))] {
		best = append(best, s.job)
	}
	return best
}

// stemOf is a file's name without path and ending, as it is compared.
func stemOf(name string) string {
	name = CleanName(name)
	if ext := path.Ext(name); ext != "" && len(ext) <= 5 {
		name = strings.TrimSuffix(name, ext)
	}
	return norm.NFC.String(strings.TrimSpace(name))
}

// noise is what people and their systems put behind a name.
var noise = map[string]bool{"copy": true, "kopie": true, "final": true, "finished": true, "done": true, "fertig": true, "new": true}

// words are the letters and digits of a name, in small letters, without what stands for a copy or a version.
func words(name string) []string {
	name = strings.ToLower(norm.NFC.String(name))
	if i := strings.LastIndexByte(name, '('); i > 0 && strings.HasSuffix(name, ")") && digits(name[i+1:len(name)-1]) {
		name = name[:i]
	}
	all := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	for len(all) > 1 && (noise[all[len(all)-1]] || version(all[len(all)-1])) {
		all = all[:len(all)-1]
	}
	return all
}

// version: "v2".
func version(word string) bool { return len(word) > 1 && word[0] == 'v' && digits(word[1:]) }

func digits(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool { return r < '0' || r > '9' })
}
