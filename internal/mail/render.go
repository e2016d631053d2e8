package mail

import (
	"bytes"
	"embed"
	htmltemplate "html/template"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"
)

// Each letter is two files of the same name, X.txt (which also defines the subject) and X.html. The
// bases hold what all have in common.
//
//go:embed letters
var files embed.FS

var slugs = map[Kind]string{
	Confirmation: "confirmation", Payment: "payment", Delay: "delay", Tracking: "tracking",
	Delivered: "delivered", ReturnSlip: "return-slip", ReturnArrived: "return-arrived", Feedback: "feedback", Cancellation: "cancelled", Quote: "quote",
}

var texts, pages = parse()

func parse() (map[Kind]*template.Template, map[Kind]*htmltemplate.Template) {
	texts, pages := map[Kind]*template.Template{}, map[Kind]*htmltemplate.Template{}
	for kind, slug := range slugs {
		texts[kind] = template.Must(template.New("base.txt").Funcs(plain).ParseFS(files, "letters/base.txt", "letters/"+slug+".txt"))
		pages[kind] = htmltemplate.Must(htmltemplate.New("base.html").Funcs(common).ParseFS(files, "letters/base.html", "letters/"+slug+".html"))
	}
	return texts, pages
}

var common = map[string]any{
	"line": oneLine,
	"day":  func(t time.Time) string { return t.Format("Monday 2 January 2006") },
	"plural": func(n int64, one, many string) string {
		if n == 1 {
			return one
		}
		return many
	},
}

// plain has what only the text needs: columns.
var plain = map[string]any{
	"line": common["line"], "day": common["day"], "plural": common["plural"],
	"left":  func(width int, s string) string { return column(s, width, false) },
	"right": func(width int, s string) string { return column(s, width, true) },
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

// render fills in the three texts of l from its kind's templates.
func (l *Letter) render(data any) error {
	var subject, text, html bytes.Buffer
	if err := texts[l.Kind].ExecuteTemplate(&subject, "subject", data); err != nil {
		return err
	}
	if err := texts[l.Kind].Execute(&text, data); err != nil {
		return err
	}
	if err := pages[l.Kind].Execute(&html, data); err != nil {
		return err
	}
	l.Subject, l.Text, l.HTML = clip(oneLine(subject.String()), 200), tidy(text.String()), html.String()
	return nil
}

// measure is how wide a paragraph of plain text runs.
const measure = 74

// tidy drops the blanks at line ends and the doubled empty lines that templates leave, and folds
// paragraphs. Columns (they begin with a blank) and addresses of pages stay as they are.
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
	for utf8.RuneCountInString(l) > measure {
		at := strings.LastIndexByte(string([]rune(l)[:measure+1]), ' ')
		if at <= 0 {
			break
		}
		lines, l = append(lines, l[:at]), l[at+1:]
	}
	return append(lines, l)
}
