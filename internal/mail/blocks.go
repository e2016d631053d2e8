package mail

import (
	"fmt"
	"html"
	"strings"
	"time"

	"tote/internal/orders"
)

// list is a table of goods.
type list []goods

func (g list) empty() bool { return len(g) == 0 }

func (g list) text(l orders.Language, _ string) string {
	var b strings.Builder
	for _, x := range g {
		fmt.Fprintf(&b, "%5d x %s", x.Quantity, column(oneLine(x.Name), 42, false))
		if x.Amount.Currency != "" {
			b.WriteString(" " + column(tongues[l].money(x.Amount), 16, true))
		}
		b.WriteString("\n")
		for _, line := range x.details() {
			b.WriteString("        " + line + "\n")
		}
	}
	return b.String()
}

// details are the lines of what was chosen.
func (g goods) details() (lines []string) {
	for line := range strings.SplitSeq(g.Detail, "\n") {
		if line = oneLine(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func (g list) page(l orders.Language, _ string) string {
	var b strings.Builder
	b.WriteString("<table>")
	for _, x := range g {
		fmt.Fprintf(&b, "\n"+`<tr><td class="n">%d ×</td><td>%s`, x.Quantity, html.EscapeString(oneLine(x.Name)))
		for _, line := range x.details() {
			b.WriteString(`<br><span class="small">` + html.EscapeString(line) + "</span>")
		}
		b.WriteString("</td>")
		if x.Amount.Currency != "" {
			b.WriteString(`<td class="m">` + html.EscapeString(tongues[l].money(x.Amount)) + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("\n</table>")
	return b.String()
}

// sums is what something costs; without a tax none is said.
type sums struct{ goods, shipping, tools, tax, total orders.Money }

func (s sums) empty() bool { return s.total.Currency == "" }

// each is the lines of a sum with their words, the total last.
func (s sums) each(t tongue) (lines []struct {
	word string
	orders.Money
}) {
	for _, x := range []struct {
		word string
		orders.Money
	}{{t.goods, s.goods}, {t.shipping, s.shipping}, {t.tools, s.tools}, {t.tax, s.tax}, {t.total, s.total}} {
		if x.word != t.tax && x.word != t.tools || x.Minor != 0 {
			lines = append(lines, x)
		}
	}
	return lines
}

func (s sums) text(l orders.Language, _ string) string {
	var b strings.Builder
	for _, x := range s.each(tongues[l]) {
		b.WriteString(column(tongues[l].money(x.Money), 67, true) + "  " + x.word + "\n")
	}
	return b.String()
}

func (s sums) page(l orders.Language, _ string) string {
	var b strings.Builder
	b.WriteString(`<table class="sums">`)
	for _, x := range s.each(tongues[l]) {
		class := "sum"
		if x.word == tongues[l].total {
			class = "sum total"
		}
		fmt.Fprintf(&b, "\n"+`<tr class="%s"><td>%s</td><td class="m">%s</td></tr>`, class, html.EscapeString(x.word), html.EscapeString(tongues[l].money(x.Money)))
	}
	b.WriteString("\n</table>")
	return b.String()
}

// tracking is how a shipment is followed.
type tracking struct {
	Number   string
	Expected time.Time
	Link     string
}

func (t tracking) empty() bool { return t.Number == "" && t.Expected.IsZero() && t.Link == "" }

func (t tracking) text(l orders.Language, _ string) string {
	say := tongues[l]
	width := max(len(say.number), len(say.expected)) + 2
	var b strings.Builder
	if t.Number != "" {
		b.WriteString(column(say.number+":", width, false) + oneLine(t.Number) + "\n")
	}
	if !t.Expected.IsZero() {
		b.WriteString(column(say.expected+":", width, false) + say.day(t.Expected) + "\n")
	}
	if t.Link != "" {
		b.WriteString(say.follow + ":\n" + oneLine(t.Link) + "\n")
	}
	return b.String()
}

func (t tracking) page(l orders.Language, _ string) string {
	say := tongues[l]
	var b strings.Builder
	if t.Number != "" {
		b.WriteString("<p>" + say.number + `<br><span class="number">` + html.EscapeString(oneLine(t.Number)) + "</span></p>\n")
	}
	if !t.Expected.IsZero() {
		b.WriteString("<p>" + say.expected + ": <b>" + html.EscapeString(say.day(t.Expected)) + "</b></p>\n")
	}
	if t.Link != "" {
		b.WriteString("<p>" + link(t.Link).anchor(say.follow, "") + "</p>")
	}
	return b.String()
}

// parcel is one package of a shipment.
type parcel struct {
	Number string // "" when it is said above
	Grams  int64  // 0: a partner sent it, nobody here weighed it
	Link   string // the carrier's page of its number; "" when it is said above
	Lines  list
	carton int64
}

// parcels are those of a shipment; one alone needs no heading of its own.
type parcels []parcel

func (ps parcels) empty() bool { return len(ps) == 0 }

func (ps parcels) title(i int, say tongue) string {
	title := say.parcel(i+1, len(ps))
	if n := oneLine(ps[i].Number); n != "" {
		title += ", " + n
	}
	if ps[i].Grams == 0 {
		return title
	}
	return title + ", " + say.weight(ps[i].Grams)
}

func (ps parcels) text(l orders.Language, _ string) string {
	say := tongues[l]
	var b strings.Builder
	for i, p := range ps {
		if len(ps) > 1 {
			b.WriteString(ps.title(i, say) + "\n")
		}
		if p.Link != "" {
			b.WriteString(say.follow + ": " + oneLine(p.Link) + "\n")
		}
		b.WriteString(p.Lines.text(l, "") + "\n")
	}
	return b.String()
}

func (ps parcels) page(l orders.Language, _ string) string {
	say := tongues[l]
	var b strings.Builder
	for i, p := range ps {
		if len(ps) > 1 {
			b.WriteString("<h2>" + html.EscapeString(ps.title(i, say)) + "</h2>\n")
		}
		if p.Link != "" {
			b.WriteString("<p>" + link(p.Link).anchor(say.followOne, "") + "</p>\n")
		}
		b.WriteString(p.Lines.page(l, "") + "\n")
	}
	return b.String()
}

// others are the pages of orders that ride along.
type others []struct{ order, page string }

func (o others) empty() bool { return len(o) == 0 }

func (o others) text(l orders.Language, _ string) string {
	var b strings.Builder
	for _, x := range o {
		b.WriteString(tongues[l].ownPage(x.order) + ": " + oneLine(x.page) + "\n")
	}
	return b.String()
}

func (o others) page(l orders.Language, _ string) string {
	var b strings.Builder
	for _, x := range o {
		b.WriteString("<p>" + link(x.page).anchor(tongues[l].ownPage(x.order), "") + "</p>\n")
	}
	return b.String()
}
