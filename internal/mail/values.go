package mail

import (
	"html"
	"strings"
	"time"

	"tote/internal/orders"
)

// value is what stands in the place of a placeholder. Its words depend on the letter's language alone.
type value interface{ empty() bool }

// inline values stand within a sentence; their words are escaped by whoever puts them there.
type inline interface {
	value
	in(l orders.Language) string
}

// block values are paragraphs of their own; they escape what they show by themselves.
type block interface {
	value
	text(l orders.Language, label string) string
	page(l orders.Language, label string) string
}

// values are those of one letter by the names of their placeholders.
type values map[string]value

// either is for conditions alone.
type either bool

func (e either) empty() bool { return !bool(e) }

// words are a name, a number, a reference.
type words string

func (w words) empty() bool               { return w == "" }
func (w words) in(orders.Language) string { return string(w) }

// amount of nothing in no currency is none.
type amount orders.Money

func (a amount) empty() bool                 { return a.Currency == "" }
func (a amount) in(l orders.Language) string { return tongues[l].money(orders.Money(a)) }

// day is a date where the order is sent from.
type day time.Time

func (d day) empty() bool                 { return time.Time(d).IsZero() }
func (d day) in(l orders.Language) string { return tongues[l].day(time.Time(d)) }

func (p share) empty() bool                 { return p.parcels == 0 }
func (p share) in(l orders.Language) string { return tongues[l].what(p) }

// paragraph is what somebody wrote in several lines.
type paragraph string

func (p paragraph) empty() bool { return strings.TrimSpace(string(p)) == "" }

func (p paragraph) lines() []string {
	lines := strings.Split(string(p), "\n")
	for i, l := range lines {
		lines[i] = oneLine(l)
	}
	return lines
}

func (p paragraph) text(orders.Language, string) string { return strings.Join(p.lines(), "\n") }

func (p paragraph) page(orders.Language, string) string {
	return "<p>" + escaped(p.lines(), "<br>\n") + "</p>"
}

// address is a postal one.
type address []string

func (a address) empty() bool { return len(a) == 0 }

func (a address) text(orders.Language, string) string {
	var b strings.Builder
	for _, l := range a {
		b.WriteString("  " + oneLine(l) + "\n")
	}
	return b.String()
}

func (a address) page(orders.Language, string) string { return "<p>" + escaped(a, "<br>") + "</p>" }

func escaped(lines []string, between string) string {
	safe := make([]string, len(lines))
	for i, l := range lines {
		safe[i] = html.EscapeString(oneLine(l))
	}
	return strings.Join(safe, between)
}

// link is the address of a page.
type link string

func (k link) empty() bool { return k == "" }

func (k link) text(l orders.Language, label string) string {
	if label == "" {
		label = tongues[l].open
	}
	return label + ":\n" + oneLine(string(k))
}

func (k link) page(l orders.Language, label string) string {
	if label == "" {
		label = tongues[l].open
	}
	return `<p class="act">` + k.anchor(label, "go") + "</p>\n" +
		`<p class="small">` + html.EscapeString(tongues[l].orOpen+" "+oneLine(string(k))) + "</p>"
}

// anchor leads to web pages alone, whatever was set up as the address of a carrier.
func (k link) anchor(label, class string) string {
	if !strings.HasPrefix(string(k), "https://") && !strings.HasPrefix(string(k), "http://") {
		return html.EscapeString(label)
	}
	if class != "" {
		class = ` class="` + class + `"`
	}
	return "<a" + class + ` href="` + html.EscapeString(oneLine(string(k))) + `">` + html.EscapeString(label) + "</a>"
}

// goods is a line of a letter: so many of what, for how much.
type goods struct {
	Quantity int64
	Name     string
	Amount   orders.Money // without a currency: not said
	Detail   string       // what was chosen, an option on each line
}
