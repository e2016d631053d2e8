package mail

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tote/internal/orders"
)

// tongue is what a language says where letters are not worded by anybody: names of columns, days, amounts.
type tongue struct {
	goods, shipping, tools, tax, total  string
	number, expected, follow, followOne string
	open, orOpen                        string // a link without words of its own; its address beside it
	parcel                              func(i, n int) string
	ownPage                             func(order string) string
	what                                func(p share) string
	end                                 string                       // of questions: before the address
	contact                             string                       // before the name
	departments                         map[orders.Department]string // where they are not called as in the program
	thousands, point                    string
	day                                 func(t time.Time) string
}

var tongues = map[orders.Language]tongue{
	orders.English: {
		goods: "goods", shipping: "shipping", tools: "stamp, once", tax: "tax", total: "in all",
		number: "Tracking number", expected: "Expected", follow: "Follow it at the carrier", followOne: "Follow this parcel at the carrier",
		open: "Open the page", orOpen: "Or open this address:",
		parcel:    func(i, n int) string { return fmt.Sprintf("Parcel %d of %d", i, n) },
		ownPage:   func(order string) string { return order + " has its own page" },
		what:      whatEnglish,
		contact:   "Your contact:",
		end:       "We ask because you ordered from us. To get no more letters like this one:",
		thousands: ",", point: ".",
		day: func(t time.Time) string { return t.Format("Monday 2 January 2006") },
	},
	orders.German: {
		goods: "Waren", shipping: "Versand", tools: "Stempel, einmalig", tax: "Steuer", total: "zusammen",
		number: "Sendungsnummer", expected: "Ankunft voraussichtlich", follow: "Beim Zusteller verfolgen", followOne: "Dieses Paket beim Zusteller verfolgen",
		open: "Seite öffnen", orOpen: "Oder öffnen Sie diese Adresse:",
		parcel:  func(i, n int) string { return fmt.Sprintf("Paket %d von %d", i, n) },
		ownPage: func(order string) string { return order + " hat eine eigene Seite" },
		what:    whatGerman,
		contact: "Ihr Kontakt:",
		departments: map[orders.Department]string{orders.Desk: "Auftragsannahme", orders.PictureCheck: "Bildprüfung", orders.Art: "Grafik", orders.ArtControl: "Grafikkontrolle",
			orders.Approving: "Kundenfreigabe", orders.Workshop: "Werkstatt", orders.Collecting: "Kommissionierung", orders.PackingBench: "Verpackung", orders.Dock: "Versand"},
		end:       "Wir fragen, weil Sie bei uns bestellt haben. Möchten Sie solche E-Mails nicht mehr bekommen:",
		thousands: ".", point: ",",
		day: func(t time.Time) string {
			return fmt.Sprintf("%s, %d. %s %d", germanDays[t.Weekday()], t.Day(), germanMonths[t.Month()-1], t.Year())
		},
	},
}

var (
	germanDays   = [...]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"}
	germanMonths = [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}
)

// share says how much of an order a shipment is.
type share struct {
	parcels      int
	before, more bool // some left earlier; some is to follow
}

func whatEnglish(p share) string {
	n := strconv.Itoa(p.parcels) + " parcels"
	if p.parcels == 1 {
		n = "one parcel"
	}
	switch {
	case p.more && p.before:
		return "The next part, " + n + ","
	case p.more:
		return "The first part, " + n + ","
	case p.before:
		return "The rest, " + n + ","
	case p.parcels == 1:
		return "Your parcel"
	}
	return "All " + n
}

func whatGerman(p share) string {
	n := strconv.Itoa(p.parcels) + " Pakete"
	if p.parcels == 1 {
		n = "ein Paket"
	}
	switch {
	case p.more && p.before:
		return "Der nächste Teil, " + n + ","
	case p.more:
		return "Der erste Teil, " + n + ","
	case p.before:
		return "Der Rest, " + n + ","
	case p.parcels == 1:
		return "Ihr Paket"
	case p.parcels == 2:
		return "Beide Pakete"
	}
	return "Alle " + n
}

// money writes an amount as the language does: 1,234.50 EUR; 1.234,50 EUR.
func (t tongue) money(m orders.Money) string {
	whole, cents, _ := strings.Cut(m.Amount(), ".")
	sign := ""
	if rest, negative := strings.CutPrefix(whole, "-"); negative {
		sign, whole = "-", rest
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + t.thousands + whole[at:]
	}
	if cents != "" {
		cents = t.point + cents
	}
	return sign + whole + cents + " " + m.Currency
}

// weight writes grams as kilograms.
func (t tongue) weight(grams int64) string {
	return fmt.Sprintf("%d%s%02d kg", grams/1000, t.point, grams%1000/10)
}
