// Package ui is the one look of all pages: layouts, parts and forms as templ components. It knows no trade.
package ui

import (
	"strings"

	"github.com/a-h/templ"

	"tote/internal/web/assets"
)

// Page is what a layout needs to know beside its content.
type Page struct {
	Title   string // the heading, and the browser's title
	House   string // whose page a customer sees; "" is Tote's own
	Lead    string // one sentence below the heading
	Back    *Link  // where the page's list is
	Actions []Link // buttons beside the heading; the first is the main one
	More    []Link // buttons that are wanted rarely, behind one
	Flash   *Flash // what was just done

	Nav     []Link // the sections this person may open (office)
	Path    string // the path of this page, to mark its section
	Who     string // who is signed in; "" for customers
	Station string // where, by name
	Site    string // in which warehouse, for who may work in several
	Search  bool   // whether "scan or search anything" is offered
}

// Link is an address with words and, where it stands in a menu, an icon.
type Link struct {
	Label string
	Href  string
	Icon  string
	Post  bool // pressing it does something: a form's button, not a way to another page
}

// InATab opens what a link or form answers in a tab of its own: a PDF in place of the page would end what was done there.
var InATab = templ.Attributes{"target": "_blank", "rel": "noopener"}

// paperTab is InATab for the address of a PDF.
func paperTab(href string) templ.Attributes {
	if path, _, _ := strings.Cut(href, "?"); strings.HasSuffix(path, ".pdf") {
		return InATab
	}
	return nil
}

// Tone says how a message is meant. Colour only repeats what word and icon say.
type Tone string

const (
	Plain  Tone = ""       // neutral
	Busy   Tone = "busy"   // under way
	Good   Tone = "right"  // right, finished
	Asks   Tone = "decide" // waits for a person's decision
	Halted Tone = "stop"   // wrong, late, blocked
)

var toneIcons = map[Tone]string{Plain: "dot", Busy: "busy", Good: "check", Asks: "question", Halted: "cross"}

// Flash is a message on top of a page.
type Flash struct {
	Tone    Tone
	Message string
}

// Tile is a thing a person may do, with how much of it waits.
type Tile struct {
	Label string
	Href  string
	Icon  string
	Count int64
	None  bool   // no count is shown: there is nothing to count
	Note  string // "oldest 2 h"
	Late  bool   // the note is a warning
}

// Event is a line of a timeline.
type Event struct {
	What string // "Packed in C-88"
	Who  string // "Ada Packer · 22 Nov, 10:41"
	Href string // the scan, letter or paper itself
	When Moment
}

// Moment places an Event before, at or after the present.
type Moment string

const (
	Past Moment = "past"
	Now  Moment = "now"
	Next Moment = "next"
)

// Fact is a word and its value: "Carrier", "Own fleet".
type Fact struct {
	Word  string
	Value string
	Href  string
}

func built() bool { return assets.Built() }

func asset(name string) string { return assets.URL(name) }

// here reports whether a section's address is the present page or above it.
func here(section, path string) bool {
	if section == "/" {
		return path == "/"
	}
	return path == section || len(path) > len(section) && path[:len(section)] == section && path[len(section)] == '/'
}

// current reports whether a section is the nearest one to the page.
func (p Page) current(section Link) bool {
	for _, other := range p.Nav {
		if len(other.Href) > len(section.Href) && here(other.Href, p.Path) {
			return false
		}
	}
	return here(section.Href, p.Path)
}

// FlashFrom reads a message kept as tone, line end, words. An unknown tone is Plain.
func FlashFrom(kept string) *Flash {
	tone, message, ok := strings.Cut(kept, "\n")
	if !ok {
		return nil
	}
	if _, known := toneIcons[Tone(tone)]; !known {
		tone = ""
	}
	return &Flash{Tone: Tone(tone), Message: message}
}
