package mail

import (
	"html"
	"strings"
	"unicode/utf8"

	"tote/internal/orders"
)

// piece is what a part of a wording has become: words of the wording, words of a value, or a block.
type piece struct {
	words string
	typed bool // by whoever wrote the wording: only these words have a form
	block block
	label string
}

// resolve puts the values in.
func resolve(parts []part, vs values, l orders.Language) (pieces []piece) {
	for _, p := range parts {
		v := vs[p.name]
		switch {
		case p.name == "":
			pieces = append(pieces, piece{words: p.text, typed: true})
		case p.condition && v != nil && !v.empty():
			pieces = append(pieces, resolve(p.then, vs, l)...)
		case p.condition:
			pieces = append(pieces, resolve(p.other, vs, l)...)
		case v == nil || v.empty():
		default:
			pieces = append(pieces, pieceOf(v, p.label, l)...)
		}
	}
	return pieces
}

func pieceOf(v value, label string, l orders.Language) []piece {
	switch v := v.(type) {
	case inline:
		return []piece{{words: oneLine(clip(v.in(l), longestValue))}}
	case block:
		return []piece{{block: v, label: label}}
	}
	return nil
}

// longestValue is how much of a value goes into a sentence, in characters.
const longestValue = 300

// element is a paragraph, a heading or a block.
type element struct {
	level int // 1 and 2 are headings
	lines [][]piece
	block block
	label string
}

// elements breaks pieces into paragraphs: at empty lines, headings and blocks. Only words of the wording break a line.
func elements(pieces []piece) (all []element) {
	var paragraph element
	var line []piece
	endParagraph := func() {
		if len(paragraph.lines) > 0 {
			all = append(all, paragraph)
		}
		paragraph = element{}
	}
	endLine := func() {
		level := heading(line)
		switch {
		case blank(line):
			endParagraph()
		case level > 0:
			endParagraph()
			all = append(all, element{level: level, lines: [][]piece{line}})
		default:
			paragraph.lines = append(paragraph.lines, line)
		}
		line = nil
	}
	for _, p := range pieces {
		if p.block != nil {
			endLine()
			endParagraph()
			all = append(all, element{block: p.block, label: p.label})
			continue
		}
		words := p.words
		for p.typed {
			before, after, more := strings.Cut(words, "\n")
			if words = before; !more {
				break
			}
			line = append(line, piece{words: before, typed: true})
			endLine()
			words = after
		}
		if words != "" {
			line = append(line, piece{words: words, typed: p.typed})
		}
	}
	endLine()
	endParagraph()
	return all
}

func blank(line []piece) bool {
	for _, p := range line {
		if strings.TrimSpace(p.words) != "" {
			return false
		}
	}
	return true
}

// heading is the level of a line that begins with # or ##, which it takes away; 0 is none.
func heading(line []piece) int {
	if len(line) == 0 || !line[0].typed {
		return 0
	}
	for level, mark := range []string{1: "# ", 2: "## "} {
		if rest, ok := strings.CutPrefix(line[0].words, mark); ok && mark != "" {
			line[0].words = rest
			return level
		}
	}
	return 0
}

// plainText is the letter as plain text. A first heading that only says the subject again is left out.
func plainText(all []element, subject string, l orders.Language) string {
	var b strings.Builder
	for i, e := range all {
		switch {
		case e.block != nil && i > 0 && all[i-1].level > 0:
			b.WriteString(e.block.text(l, e.label) + "\n") // close to its heading
		case e.block != nil:
			b.WriteString("\n" + e.block.text(l, e.label) + "\n")
		case e.level == 1 && sayLine(e.lines[0]) == subject:
		case e.level > 0:
			b.WriteString("\n" + sayLine(e.lines[0]))
			if i+1 < len(all) && all[i+1].block != nil {
				b.WriteString(":")
			}
			b.WriteString("\n")
		default:
			b.WriteString("\n")
			for _, line := range e.lines {
				b.WriteString(sayLine(line) + "\n")
			}
		}
	}
	return b.String()
}

func sayLine(line []piece) string {
	var b strings.Builder
	for _, p := range line {
		if p.typed {
			p.words = strings.ReplaceAll(p.words, "**", "")
		}
		b.WriteString(p.words)
	}
	return strings.TrimSpace(b.String())
}

// pageBody is the letter as HTML, without the sheet around it.
func pageBody(all []element, l orders.Language) string {
	var b strings.Builder
	for _, e := range all {
		switch {
		case e.block != nil:
			b.WriteString(e.block.page(l, e.label))
		case e.level == 1:
			b.WriteString("<h1>" + showLine(e.lines[0]) + "</h1>")
		case e.level == 2:
			b.WriteString("<h2>" + showLine(e.lines[0]) + "</h2>")
		default:
			lines := make([]string, len(e.lines))
			for i, line := range e.lines {
				lines[i] = showLine(line)
			}
			b.WriteString("<p>" + strings.Join(lines, "<br>\n") + "</p>")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// showLine escapes everything; two stars of the wording begin and end what is bold.
func showLine(line []piece) string {
	var b strings.Builder
	bold := false
	for _, p := range line {
		if !p.typed {
			b.WriteString(html.EscapeString(p.words))
			continue
		}
		for i, words := range strings.Split(p.words, "**") {
			if i > 0 {
				bold = !bold
				b.WriteString(map[bool]string{true: "<b>", false: "</b>"}[bold])
			}
			b.WriteString(html.EscapeString(words))
		}
	}
	if bold {
		b.WriteString("</b>")
	}
	return strings.TrimSpace(b.String())
}

// measure is how wide a paragraph of plain text runs.
const measure = 74

// tidy drops the blanks at line ends and the doubled empty lines, and folds paragraphs. Columns (they begin with a
// blank) and addresses of pages stay as they are.
func tidy(text string) string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if l != "-- " {
			l = strings.TrimRight(l, " ")
		}
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, fold(l)...)
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n") + "\n"
}

func fold(l string) (lines []string) {
	if strings.HasPrefix(l, " ") || strings.Contains(l, "://") {
		return []string{l}
	}
	rest := []rune(l)
	for len(rest) > measure {
		at := measure
		for at > 0 && rest[at] != ' ' {
			at--
		}
		if at == 0 {
			break
		}
		lines, rest = append(lines, string(rest[:at])), rest[at+1:]
	}
	return append(lines, string(rest))
}

// column fits s into width columns.
func column(s string, width int, right bool) string {
	s = clip(s, width)
	blanks := strings.Repeat(" ", width-utf8.RuneCountInString(s))
	if right {
		return blanks + s
	}
	return s + blanks
}
