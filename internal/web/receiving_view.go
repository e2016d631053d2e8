package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/web/ui"
	"tote/inventory"
)

// openItems are the items that are on the orders of a receipt, what is missing first.
func openItems(lines []inventory.ReceiptLine) []ui.Option {
	var missing, rest []ui.Option
	seen := map[inventory.ItemID]bool{}
	for _, l := range lines {
		if l.Expected == 0 || seen[l.Item] {
			continue
		}
		seen[l.Item] = true
		o := ui.Option{Value: fmt.Sprint(l.Item), Label: l.Name + " · " + l.SKU}
		if l.Arrived < l.Wanted {
			missing = append(missing, o)
		} else {
			rest = append(rest, o)
		}
	}
	return append(missing, rest...)
}

func backTo(label, href string) *ui.Link { return &ui.Link{Label: label, Href: href} }

func receiptLead(r inventory.Receipt) string {
	words := []string{ui.Count(r.Units, "piece", "pieces")}
	if len(r.Numbers) > 0 {
		words = append(words, strings.Join(r.Numbers, ", "))
	} else {
		words = append(words, "no purchase order")
	}
	return strings.Join(append(words, "opened by "+r.OpenedBy), " · ")
}

// unmatched are the lines that came without a purchase order.
func unmatched(lines []inventory.ReceiptLine) (found []inventory.ReceiptLine) {
	for _, l := range lines {
		if l.Expected == 0 && l.State != "wrong" && l.Here > 0 {
			found = append(found, l)
		}
	}
	return found
}

// lineState is how a line stands, in words and tone.
func lineState(l inventory.ReceiptLine) (ui.Tone, string) {
	switch kind, n := l.Discrepancy(); kind {
	case "":
		if l.Again {
			return ui.Plain, "part of the line above"
		}
		return ui.Good, "all here"
	case inventory.Short:
		if l.Arrived == 0 {
			return ui.Plain, "not here yet"
		}
		return ui.Busy, fmt.Sprintf("%d missing", n)
	case inventory.Over:
		return ui.Asks, fmt.Sprintf("%d too many", n)
	case inventory.Damaged:
		return ui.Halted, fmt.Sprintf("%d damaged", n)
	case inventory.WrongItem:
		return ui.Halted, fmt.Sprintf("%d not ordered", n)
	}
	return ui.Asks, "without a purchase order"
}

// lineCount is "5 of 24", or the bare number where nothing was expected. Of what came in several lots, damaged, or on
// another truck as well, each line has its own number, and the first says the sum: "3, together 5 of 24".
func lineCount(l inventory.ReceiptLine) string {
	switch {
	case l.Expected == 0 || l.Again:
		return fmt.Sprint(l.Here)
	case l.Here != 0 && l.Here != l.Arrived:
		return fmt.Sprintf("%d, together %d of %d", l.Here, l.Arrived, l.Wanted)
	}
	return fmt.Sprintf("%d of %d", l.Arrived, l.Wanted)
}

// lineOf says where a line belongs: "PO-1001, line 2".
func lineOf(l inventory.ReceiptLine) string {
	if l.Number == "" {
		return l.SKU
	}
	return fmt.Sprintf("%s · %s, line %d", l.SKU, l.Number, l.Line)
}

const mostBeside = 40 // lines that stand beside the scanning screen

// beside are the lines worth seeing while one scans: all of a short delivery, of a long one those that are under way.
func beside(lines []inventory.ReceiptLine) []inventory.ReceiptLine {
	if len(lines) <= mostBeside {
		return lines
	}
	var some []inventory.ReceiptLine
	for _, l := range lines {
		if kind, _ := l.Discrepancy(); kind != "" && l.Arrived+l.Here > 0 && len(some) < mostBeside {
			some = append(some, l)
		}
	}
	return some
}

func expectedTone(state string) ui.Tone {
	switch state {
	case inventory.ExpectedReceived:
		return ui.Good
	case inventory.ExpectedOpen:
		return ui.Busy
	}
	return ui.Plain
}

func kindWords(kind string) string {
	if kind == "asn" {
		return "Shipping notice"
	}
	return "Purchase order"
}

// queryOf keeps the named parts of the address, for links that lead to the same list.
func queryOf(c *fiber.Ctx, names ...string) url.Values {
	kept := url.Values{}
	for _, name := range names {
		if v := c.Query(name); v != "" {
			kept.Set(name, v)
		}
	}
	return kept
}

// oneOf is text if it is one of the words, else "".
func oneOf(text string, words ...string) string {
	if slices.Contains(words, text) {
		return text
	}
	return ""
}
