package labels

// rules are the liberties a reader takes with GS1's standards; none of them is the standard itself, and the settings of
// GS1's own engine.
type rules struct {
	names    bool // a Digital Link may name identifiers in letters, as its first editions did: /gtin/…/lot/…
	short    bool // GTINs of a Digital Link may lack their leading zeros
	upc12    bool // an EAN or UPC symbol may send the twelve digits of UPC-A
	unlisted bool // an identifier that the dictionary lacks is text up to its end
	attached bool // and may stand behind the question mark of a Digital Link
}

// lenient is how Parse reads: a person holds the goods, and what the code means is beyond doubt.
var lenient = rules{names: true, short: true, upc12: true}

// spec is the identifier of that name.
func (r rules) spec(ai string) *spec {
	if s := dictionary()[ai]; s != nil {
		return s
	}
	if s := dictionary()[linkNames[ai]]; r.names && s != nil {
		return s
	}
	if r.unlisted && digits(ai) && len(ai) >= 2 && len(ai) <= 4 {
		return &spec{ai: ai, title: "not in the dictionary", parts: []part{{set: 'X', min: 1, max: 90}}, query: r.attached}
	}
	return nil
}

// linkNames are the words for identifiers in a Digital Link (GS1 Digital Link Standard 1.1, 4.5; dropped since).
var linkNames = map[string]string{
	"gtin": "01", "itip": "8006", "gmn": "8013", "cpid": "8010", "gln": "414", "partyGln": "417", "gsrnp": "8017", "gsrn": "8018",
	"gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
	"cpv": "22", "lot": "10", "ser": "21", "cpsn": "8011", "glnx": "254", "refno": "8020", "srin": "8019",
}
