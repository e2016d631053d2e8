package web

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/sheet"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
)

// ledgerView is the page that says whether the books hold.
type ledgerView struct {
	Last    inventory.Proof // the newest that came to its end; zero when none did
	Open    inventory.Proof // the one that waits or runs; zero when none does
	Failed  inventory.Proof // the newest, if it came to no end
	Laws    []inventory.ProvenLaw
	History []inventory.Proof
	Seal    staff.Seal
	Zone    *time.Location
}

// ledgerPage shows every law with what the newest proof found of it.
func (a *App) ledgerPage(c *fiber.Ctx) error {
	var v ledgerView
	var err error
	if v.Zone, err = a.clock(c); err != nil {
		return err
	}
	err = a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		if v.History, err = inventory.Proofs(ctx, tx, 30); err != nil {
			return err
		}
		for i, p := range v.History {
			switch {
			case p.Finished.IsZero():
				v.Open = p
			case p.Error != "" && v.Last.ID == 0 && v.Failed.ID == 0:
				v.Failed = v.History[i]
			case p.Error == "" && v.Last.ID == 0:
				v.Last = p
			}
		}
		if v.Laws, err = inventory.LawsOf(ctx, tx, v.Last.ID); err != nil {
			return err
		}
		v.Seal, err = staff.LastSeal(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	p := a.page(c, "Do the books hold?")
	p.Lead = "Every law of the ledger and of the work behind it, tested every night on the whole site. Nothing is repaired by it."
	p.Back = backTo("Stock", "/stock")
	p.Actions = []ui.Link{{Label: "Movements", Href: "/stock/movements", Icon: "file"}, {Label: "Stock at a time", Href: "/stock/at", Icon: "count"}}
	return a.show(c, ledgerPage(p, v))
}

// checkNow asks for a proof; a job runs it within seconds.
func (a *App) checkNow(c *fiber.Ctx) error {
	err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		_, err := inventory.AskProof(ctx, tx, a.who(c), a.Now())
		return err
	})
	if fault.KindOf(err) == fault.Conflict {
		return a.done(c, "/ledger", fault.Message(err))
	}
	if err != nil {
		return err
	}
	return a.done(c, "/ledger", "The laws are being checked. This page shows what was found as soon as it is.")
}

func (v ledgerView) when(t time.Time) string { return t.In(v.Zone).Format("2 Jan 2006, 15:04:05") }

func proofBy(p inventory.Proof) string {
	if p.By == "" {
		return "the nightly job"
	}
	return p.By
}

// tone says how the books stand, in a word and in a sentence.
func (v ledgerView) tone() (ui.Tone, string, string) {
	switch {
	case v.Last.ID == 0:
		return ui.Plain, "not checked yet", "Nobody has checked the books yet. The nightly job will."
	case v.Last.Broken > 0:
		return ui.Halted, "drift", ui.Count(v.Last.Broken, "law is", "laws are") + fmt.Sprintf(" broken, of %d. Look at the examples below before anybody corrects the stock: they say what is wrong and where.", v.Last.Laws)
	}
	return ui.Good, "they hold", fmt.Sprintf("All %d laws hold.", v.Last.Laws)
}

func (v ledgerView) facts() []ui.Fact {
	var facts []ui.Fact
	if v.Last.ID != 0 {
		facts = append(facts, ui.Fact{Word: "Last checked", Value: v.when(v.Last.Finished)}, ui.Fact{Word: "By", Value: proofBy(v.Last)},
			ui.Fact{Word: "It took", Value: v.Last.Finished.Sub(v.Last.Began).Round(100 * time.Millisecond).String()})
	}
	if v.Seal.Upto != 0 {
		facts = append(facts, ui.Fact{Word: "Audit log sealed", Value: fmt.Sprintf("up to entry %d, %s…", v.Seal.Upto, hex.EncodeToString(v.Seal.Hash)[:16])})
	}
	return facts
}

// broken lists the laws that do not hold, with examples.
func (v ledgerView) broken() ui.Table {
	t := ui.Table{Columns: []ui.Column{{Title: "Law"}, {Title: "Of"}, {Title: "Violations", Number: true}, {Title: "For example"}}}
	for _, l := range v.Laws {
		if l.Count > 0 {
			t.Rows = append(t.Rows, []ui.Cell{ui.Text(l.Name), ui.Text(l.Trade), ui.Num(int64(l.Count)), ui.Show(lawExamples(l.Examples))})
		}
	}
	return t
}

// trade is the laws of one part of the work that hold.
type trade struct {
	Name string
	Laws []string
}

// holding groups the laws that hold by the work they are about, in the order of a day.
func (v ledgerView) holding() (all []trade) {
	for _, l := range v.Laws {
		if l.Count > 0 {
			continue
		}
		if len(all) == 0 || all[len(all)-1].Name != l.Trade {
			all = append(all, trade{Name: l.Trade})
		}
		t := &all[len(all)-1]
		t.Laws = append(t.Laws, l.Name)
	}
	return all
}

func (v ledgerView) history() ui.Table {
	t := ui.Table{Columns: []ui.Column{{Title: "Asked"}, {Title: "By"}, {Title: "Laws", Number: true}, {Title: "Broken", Number: true}, {Title: "Note"}}}
	for _, p := range v.History {
		note := p.Error
		if p.Finished.IsZero() {
			note = "under way"
		}
		t.Rows = append(t.Rows, []ui.Cell{ui.Text(v.when(p.Asked)), ui.Text(proofBy(p)), ui.Num(p.Laws), ui.Num(p.Broken), ui.Text(note)})
	}
	return t
}

// stockAt is what somebody asks of the past.
type stockAt struct {
	Item  inventory.Item     // zero: all
	Place inventory.Location // zero: all
	At    time.Time
	Query url.Values
}

const momentShape = "2006-01-02T15:04"

// askedAt reads which stock is asked for; what cannot be read is told at its field.
func (a *App) askedAt(c *fiber.Ctx) (s stockAt, form ui.Form, err error) {
	s.Query = queryOf(c, "sku", "place", "at")
	form = ui.Form{Search: true, Values: map[string]string{"sku": c.Query("sku"), "place": c.Query("place"), "at": c.Query("at")}}
	zone, err := a.clock(c)
	if err != nil {
		return s, form, err
	}
	var bad fault.Fields
	s.At = a.Now()
	if form.Values["at"] == "" {
		form.Values["at"] = s.At.In(zone).Format(momentShape)
	} else if t, err := time.ParseInLocation(momentShape, form.Values["at"], zone); err != nil || t.Year() < 2000 || t.Year() > 9000 {
		bad.Add("at", "Give the moment as 2026-11-27T15:04.")
	} else {
		s.At = t.Add(time.Minute - time.Nanosecond) // the whole of that minute
	}
	if sku := strings.TrimSpace(c.Query("sku")); sku != "" {
		s.Item, err = inventory.FindItem(c.UserContext(), a.DB, sku)
		if err != nil && fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Invalid {
			return s, form, err
		}
		if err != nil {
			bad.Add("sku", "No item has this SKU.")
		}
	}
	if place := strings.TrimSpace(c.Query("place")); place != "" {
		code, err := labels.Parse(place)
		if err == nil {
			s.Place, err = inventory.FindLocation(c.UserContext(), a.DB, a.house(c), code)
		}
		if k := fault.KindOf(err); err != nil && k != fault.NotFound && k != fault.Invalid {
			return s, form, err
		}
		if err != nil {
			bad.Add("place", "There is no such place here.")
		}
	}
	return s, form, bad.Err()
}

// rows is the stock that is asked for.
func (a *App) stockAtRows(c *fiber.Ctx, s stockAt) ([]inventory.Balance, error) {
	all, err := inventory.OnHandAt(c.UserContext(), a.DB, a.house(c), s.Item.ID, s.At)
	if err != nil || s.Place.ID == 0 {
		return all, err
	}
	var here []inventory.Balance
	for _, b := range all {
		if b.Location == s.Place.ID {
			here = append(here, b)
		}
	}
	return here, nil
}

// stockAtPage shows what was where at a moment, read from the ledger alone.
func (a *App) stockAtPage(c *fiber.Ctx) error {
	s, form, err := a.askedAt(c)
	form, again := refused(form, err)
	if err != nil && !again {
		return err
	}
	p := a.page(c, "Stock at a time")
	p.Lead = "What was where at a moment, summed up from the movements alone."
	p.Back = backTo("Stock", "/stock")
	t := ui.Table{Columns: []ui.Column{{Title: "Item"}, {Title: "SKU"}, {Title: "Lot"}, {Title: "Place"}, {Title: "On hand", Number: true}}}
	if again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.show(c, stockAtPage(p, t, form, "", ""))
	}
	rows, err := a.stockAtRows(c, s)
	if err != nil {
		return err
	}
	var sum int64
	for i, b := range rows {
		sum += b.OnHand
		if i < stockAtShown {
			t.Rows = append(t.Rows, []ui.Cell{ui.Go(b.Name, itemHref(b.Item)), ui.Text(b.SKU), ui.Text(b.LotCode), ui.Go(b.Code, placeHref(b.Location)), ui.Num(b.OnHand)})
		}
	}
	says := ui.Count(sum, "piece", "pieces") + " in " + ui.Count(int64(len(rows)), "row", "rows") + "."
	if len(rows) > stockAtShown {
		says += fmt.Sprintf(" The first %d are shown; the file has all.", stockAtShown)
	}
	return a.show(c, stockAtPage(p, t, form, says, "/stock/at.csv?"+s.Query.Encode()))
}

const stockAtShown = 200 // rows of stock at a time on one page

func (a *App) writeStockAt(c *fiber.Ctx) error {
	s, _, err := a.askedAt(c)
	if err != nil {
		return err
	}
	rows, err := a.stockAtRows(c, s)
	if err != nil {
		return err
	}
	return a.csv(c, "stock-at-"+s.At.UTC().Format("20060102T1504Z")+".csv", func(out io.Writer) error {
		var lines [][]string
		for _, b := range rows {
			lines = append(lines, []string{b.SKU, b.Name, b.LotCode, b.Code, string(b.Kind), fmt.Sprint(b.OnHand), s.At.UTC().Format(time.RFC3339)})
		}
		return sheet.Write(out, []string{"sku", "name", "lot", "location", "kind", "on_hand", "at"}, lines)
	})
}
