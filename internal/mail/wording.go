package mail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
)

// The language of wordings. {name} stands for a value, {link: Follow it} gives a link its words, and {if name} …
// {else} … {end} shows the one or the other; they do not nest. Every other brace is refused when a wording is saved.
// A value that was put in is never looked at again, and there is nothing that repeats, includes or computes: a letter is
// at most as long as its wording with each value once in every place.

// How long a wording may be, in characters.
const (
	longestSubject = 150
	longestBody    = 8000
	longestHole    = 120 // between two braces
)

// part is a piece of a wording: what stands there as it is, a placeholder, or a condition.
type part struct {
	text        string
	name, label string
	condition   bool
	then, other []part
}

// mistake is what is wrong with a wording, in words.
type mistake struct {
	line int
	says string
}

func (m mistake) Error() string { return fmt.Sprintf("Line %d: %s", m.line, m.says) }

var holeForm = regexp.MustCompile(`^(if )?\s*([a-z][a-z_]{0,30})(?:: ([^{}]+))?$`)

// parser takes a wording apart in one walk over it.
type parser struct {
	parts []part
	line  int
	began int // the line of the condition's {if …}
	within,
	otherwise bool // of a condition
}

func (p *parser) wrong(format string, args ...any) error {
	return mistake{p.line, fmt.Sprintf(format, args...)}
}

// add puts a part where the walk is: into the condition, if it is in one.
func (p *parser) add(x part) {
	last := len(p.parts) - 1
	switch {
	case p.within && p.otherwise:
		p.parts[last].other = append(p.parts[last].other, x)
	case p.within:
		p.parts[last].then = append(p.parts[last].then, x)
	default:
		p.parts = append(p.parts, x)
	}
}

func parseWording(s string) ([]part, error) {
	p := parser{line: 1}
	for s != "" {
		at := strings.IndexAny(s, "{}")
		if at < 0 {
			at = len(s)
		}
		if at > 0 {
			p.add(part{text: s[:at]})
			p.line += strings.Count(s[:at], "\n")
		}
		if s = s[at:]; s == "" {
			break
		}
		hole, err := p.hole(s)
		if err != nil {
			return nil, err
		}
		s = s[len(hole)+2:]
		if err := p.take(hole); err != nil {
			return nil, err
		}
	}
	if p.within {
		return nil, mistake{p.began, "the {if …} here has no {end}."}
	}
	return p.parts, nil
}

// hole is what stands between the braces that s begins with.
func (p *parser) hole(s string) (string, error) {
	if s[0] == '}' {
		return "", p.wrong("a } without its {.")
	}
	end := strings.IndexAny(s[1:], "{}\n")
	if end < 0 || s[1+end] != '}' || end > longestHole {
		return "", p.wrong("after { comes the name of a placeholder and }, as in {customer}. Braces stand for nothing else.")
	}
	return s[1 : 1+end], nil
}

// take adds what a hole stands for.
func (p *parser) take(hole string) error {
	found := holeForm.FindStringSubmatch(strings.TrimSpace(hole))
	switch {
	case found == nil:
		return p.wrong("{%s} is no placeholder. Names have small letters and underlines only.", clip(oneLine(hole), 40))
	case found[1] != "" && p.within:
		return p.wrong("an {if …} cannot stand within another. End the first with {end}.")
	case found[1] != "":
		p.add(part{name: found[2], condition: true})
		p.within, p.otherwise, p.began = true, false, p.line
	case found[2] == "else" && (!p.within || p.otherwise):
		return p.wrong("{else} belongs between {if …} and {end}, once.")
	case found[2] == "else":
		p.otherwise = true
	case found[2] == "end" && !p.within:
		return p.wrong("{end} without its {if …}.")
	case found[2] == "end":
		p.within = false
	default:
		p.add(part{name: found[2], label: strings.TrimSpace(found[3])})
	}
	return nil
}

// checkWording refuses what could not become a letter of that kind, each mistake by its field.
func checkWording(k kind, subject, body string) error {
	var wrong fault.Fields
	subjects := checkText(k, "subject", "The subject", subject, longestSubject, &wrong)
	bodies := checkText(k, "body", "The letter", body, longestBody, &wrong)
	for p := range every(subjects) {
		if v, ok := k.variable(p.name); ok && !p.condition && !v.Inline() {
			wrong.Add("subject", "{%s} is too much for a subject.", p.name)
			break
		}
	}
	for _, must := range k.Must {
		if wrong.Of("body") == "" && !slices.ContainsFunc(bodies, func(p part) bool { return p.name == must && !p.condition }) {
			wrong.Add("body", "{%s} is missing: the letter exists for it. Put it where no {if …} can hide it.", must)
		}
	}
	return wrong.Err()
}

// checkText takes one text of a wording apart and names the first thing that is wrong with it.
func checkText(k kind, field, label, s string, longest int, wrong *fault.Fields) []part {
	switch n := utf8.RuneCountInString(s); {
	case n > longest:
		wrong.Add(field, "%s is too long: %d characters, at most %d fit.", label, n, longest)
		return nil
	case strings.TrimSpace(s) == "":
		wrong.Add(field, "%s is missing.", label)
		return nil
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unsayable) || field == "subject" && strings.Contains(s, "\n"):
		wrong.Add(field, "%s holds a character that cannot be printed. Type it anew.", label)
		return nil
	}
	parts, err := parseWording(s)
	if err != nil {
		wrong.Add(field, "%s", err.Error())
		return nil
	}
	checkNames(k, field, parts, wrong)
	return parts
}

// unsayable are control characters and the marks that turn the writing direction.
func unsayable(r rune) bool {
	return unicode.IsControl(r) && r != '\n' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u2028' || r == '\u2029'
}

func checkNames(k kind, field string, parts []part, wrong *fault.Fields) {
	times := map[string]int{}
	for p := range every(parts) {
		v, known := k.variable(p.name)
		switch {
		case p.name == "":
		case !known:
			wrong.Add(field, "There is no {%s} in this letter. Those there are stand below.", p.name)
			return
		case p.condition:
		case v.Flag():
			wrong.Add(field, "{%s} has no words of its own; it is for {if %s}.", p.name, p.name)
			return
		case v.Inline():
		default:
			if times[p.name]++; times[p.name] > 2 {
				wrong.Add(field, "{%s} stands there more than twice.", p.name)
				return
			}
		}
	}
}

// every is each part, those within conditions too.
func every(parts []part) func(yield func(part) bool) {
	return func(yield func(part) bool) {
		for _, p := range parts {
			if !yield(p) {
				return
			}
			for _, q := range slices.Concat(p.then, p.other) {
				if !yield(q) {
					return
				}
			}
		}
	}
}
