package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"tote/labels"
)

// What the data lacks is made up from a fixed seed, so that every demo warehouse is the same one.
const seed = 20261122

func newRand(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// The shop sold school material: names are made to fit an item's shape.
var subjects = []string{
	"Fractions", "Spelling", "Times tables", "Handwriting", "Reading", "Phonics", "Geometry", "Time and money",
	"Plants", "Weather", "The human body", "Magnets", "Electricity", "Maps", "Ancient Egypt", "Romans", "Vikings",
	"Rhythm", "Colours", "Shapes", "Feelings", "Road safety", "Healthy food", "Dinosaurs", "Space", "Rivers",
}

// itemName says what an item of this shape would be: thin sheets are posters, thick ones sets, and so on.
func itemName(p product, r *rand.Rand) string {
	subject := subjects[r.IntN(len(subjects))]
	switch {
	case p.width*p.length < 80*80:
		return "Stamp: " + subject
	case p.height <= 2:
		return "Poster: " + subject
	case p.height >= 60:
		return "Class box: " + subject
	case p.width < 140:
		return "Card game: " + subject
	case p.width < 170:
		return "Workbook A5: " + subject
	case p.width < 205:
		return "Picture book: " + subject
	case p.height >= 18:
		return "Teacher's folder: " + subject
	case p.width <= 210:
		return "Workbook A4: " + subject
	default:
		return "Activity set: " + subject
	}
}

// itemNames gives every product its own name; a second of the same name becomes volume 2.
func itemNames(products []product) []string {
	r := newRand(1)
	seen := map[string]int{}
	names := make([]string, len(products))
	for i, p := range products {
		name := itemName(p, r)
		seen[name]++
		if n := seen[name]; n > 1 {
			name = fmt.Sprintf("%s, volume %d", name, n)
		}
		names[i] = name
	}
	return names
}

// gtin makes a GTIN-13 from the restricted-distribution prefix 29, which no company owns.
// Cases get their own numbers in the range that begins with 291.
func gtin(kind, serial int) string {
	body := fmt.Sprintf("29%d%09d", kind, serial)
	check, _ := labels.CheckDigit(body) // twelve digits always have one
	return body + string(check)
}

func sku(i int) string { return fmt.Sprintf("TM-%04d", i+1) }

// priceMinor grows with weight and ends in 95 or 49 cents.
func priceMinor(p product, r *rand.Rand) int64 {
	whole := int64(1 + p.weight/60 + r.IntN(4))
	return whole*100 + []int64{49, 95}[r.IntN(2)]
}

var (
	given   = strings.Fields("Anna Björn Chloé David Élise Fatima Günther Hana Ivan Jana Kofi Łucja Mateo Nora Oisín Petra Quentin Rosa Søren Tomás Uma Vera Wim Ximena Yusuf Zoë Aïda Bram Ceren Dragan")
	family  = strings.Fields("Müller Novak García Jansen Okafor Lindström O'Brien Dubois Kowalski Rossi Petrov Nguyen Fernández Schmidt Larsen Yılmaz Papadopoulos Horvat Silva Andersson Moreau Bakker Weber Costa Kaya")
	streets = strings.Fields("Lindenstraße Hauptstraße Schulweg Marktplein Kerkstraat Rosengasse Parkallee Bergweg Seestraße Gartenstraße Bahnhofstraße Mühlweg")
	schools = []string{"", "", "", "", "Primary School North", "Grundschule am See", "Basisschool De Linde", "École du Parc", "Lakeside Kindergarten"}
	places  = []struct{ city, country, postcode string }{
		{"Berlin", "DE", "10%03d"}, {"Köln", "DE", "50%03d"}, {"München", "DE", "80%03d"}, {"Leipzig", "DE", "04%03d"},
		{"Wien", "AT", "1%03d"}, {"Graz", "AT", "8%03d"}, {"Zürich", "CH", "8%03d"}, {"Basel", "CH", "4%03d"},
		{"Utrecht", "NL", "3%03d AB"}, {"Gent", "BE", "9%03d"}, {"Lyon", "FR", "69%03d"}, {"København", "DK", "2%03d"},
		{"Kraków", "PL", "30-%03d"}, {"Praha", "CZ", "11%03d"}, {"Luxembourg", "LU", "L-1%03d"},
	}
)

// A buyer is a made-up customer: no address here belongs to anybody, and example.com takes no mail.
type buyer struct {
	code, name, company, email, phone, street, city, postcode, country string
	onTerms                                                            bool
}

func buyers(n int) []buyer {
	r := newRand(2)
	all := make([]buyer, n)
	for i := range all {
		p := places[r.IntN(len(places))]
		b := buyer{
			code:     fmt.Sprintf("CU-%05d", i+1),
			name:     given[r.IntN(len(given))] + " " + family[r.IntN(len(family))],
			company:  schools[r.IntN(len(schools))],
			email:    fmt.Sprintf("buyer%05d@example.com", i+1),
			phone:    fmt.Sprintf("+49 30 5550 %04d", r.IntN(10000)),
			street:   fmt.Sprintf("%s %d", streets[r.IntN(len(streets))], 1+r.IntN(140)),
			city:     p.city,
			postcode: fmt.Sprintf(p.postcode, r.IntN(1000)),
			country:  p.country,
		}
		b.onTerms = b.company != "" && r.IntN(2) == 0
		all[i] = b
	}
	return all
}
