package web

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
)

func feedbackRoutes() []route {
	return []route{
		{"GET", "/feedback/report", office, (*App).feedbackReport},
		{"GET", "/feedback/report.csv", office, (*App).feedbackCSV},
	}
}

// reportDays is how far back a report looks that nobody gave a first day.
const reportDays = 90

// period is the days that an address names with ?from and ?to, both included, where the warehouse is; without them the
// last weeks.
type period struct {
	First, Last time.Time // midnights
}

func (p period) end() time.Time { return p.Last.AddDate(0, 0, 1) }

func (p period) values() map[string]string {
	return map[string]string{"from": p.First.Format(time.DateOnly), "to": p.Last.Format(time.DateOnly)}
}

func (a *App) periodOf(c *fiber.Ctx) (p period, err error) {
	zone, err := a.clock(c)
	if err != nil {
		return p, err
	}
	y, m, d := a.Now().In(zone).Date()
	p.Last = time.Date(y, m, d, 0, 0, 0, 0, zone)
	p.First = p.Last.AddDate(0, 0, -reportDays)
	var wrong fault.Fields
	for _, x := range []struct {
		name, label string
		day         *time.Time
	}{{"from", "The first day", &p.First}, {"to", "The last day", &p.Last}} {
		typed := c.Query(x.name)
		if typed == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, typed, zone)
		if err != nil || day.Year() < 2000 || day.Year() > 2200 {
			wrong.Add(x.name, "%s is not a day like 2026-12-31.", x.label)
			continue
		}
		*x.day = day
	}
	if len(wrong) == 0 && p.First.After(p.Last) {
		wrong.Add("from", "The first day comes after the last.")
	}
	return p, wrong.Err()
}

func (a *App) feedbackReport(c *fiber.Ctx) error {
	when, err := a.periodOf(c)
	form, wrong := refused(ui.Form{Values: map[string]string{"from": showable(c.Query("from")), "to": showable(c.Query("to"))}}, err)
	var all []orders.Judged
	var weeks []orders.Week
	switch {
	case wrong:
		c.Status(answers[fault.KindOf(err)].Status)
	case err != nil:
		return err
	default:
		form = ui.Form{Values: when.values()}
		if all, err = orders.FeedbackReport(c.UserContext(), a.DB, a.house(c), when.First, when.end()); err != nil {
			return err
		}
		if weeks, err = orders.Weeks(c.UserContext(), a.DB, a.house(c), when.First, when.end()); err != nil {
			return err
		}
	}
	p := a.page(c, "How it was")
	p.Lead = "What customers said of orders from this warehouse, by what may have caused it. The worst stands first."
	p.Back = backTo("Call back", "/feedback")
	if !wrong {
		p.Actions = []ui.Link{{Label: "CSV", Href: "/feedback/report.csv?" + url.Values{"from": {form.Get("from")}, "to": {form.Get("to")}}.Encode(), Icon: "down"}}
	}
	return a.show(c, feedbackReportPage(p, form, all, weeks))
}

func judgedTable(j orders.Judged) ui.Table {
	t := ui.Table{Columns: []ui.Column{{Title: sentence(j.By)}, {Title: "Average", Number: true}, {Title: "Answers", Number: true}, {Title: "Scores of 1 and 2"}}}
	for _, s := range j.Rows {
		name := ui.Text(s.Name)
		if j.By == "SKU" {
			name = ui.Text(s.Key + " · " + s.Name)
		}
		low := make([]string, len(s.Low))
		for i, n := range s.Low {
			low[i] = n.String()
		}
		t.Rows = append(t.Rows, []ui.Cell{name, ui.Text(s.Average()), ui.Num(s.Count), ui.Show(orderLinks(low))})
	}
	return t
}

// said reports whether anybody answered.
func said(all []orders.Judged) bool {
	for _, j := range all {
		if len(j.Rows) > 0 {
			return true
		}
	}
	return false
}

// weekBar is a week of the chart: a bar as high as its average, 20 units a point.
type weekBar struct {
	X, Y, W, H, Class, Day, Says string
}

const weekPitch = 12

func weekBars(weeks []orders.Week) (bars []weekBar) {
	for i, w := range weeks {
		height := 0.0
		says := "no answer"
		if w.Count > 0 {
			average := float64(w.Sum) / float64(w.Count)
			height = 20 * average
			says = fmt.Sprintf("%.2f of %s, %d of them low", average, ui.Count(w.Count, "answer", "answers"), w.Low)
		}
		class := "bar"
		if w.Count > 0 && height < 60 {
			class = "bar bad"
		}
		day := w.Monday.Format("2 Jan")
		bars = append(bars, weekBar{fmt.Sprint(i * weekPitch), fmt.Sprintf("%.1f", 100-height), fmt.Sprint(weekPitch - 2), fmt.Sprintf("%.1f", height), class, day, day + ": " + says})
	}
	return bars
}

func weekWidth(bars []weekBar) string { return fmt.Sprint(len(bars) * weekPitch) }

func weekView(bars []weekBar) string { return "0 0 " + weekWidth(bars) + " 102" }

func weekWords(bars []weekBar) string {
	words := make([]string, len(bars))
	for i, b := range bars {
		words[i] = b.Says
	}
	return strings.Join(words, "; ")
}

func (a *App) feedbackCSV(c *fiber.Ctx) error {
	when, err := a.periodOf(c)
	if err != nil {
		return err
	}
	return a.csv(c, "feedback.csv", func(out io.Writer) error {
		return orders.ExportFeedback(c.UserContext(), a.DB, a.house(c), out, when.First, when.end())
	})
}
