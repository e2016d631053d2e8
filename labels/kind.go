package labels

import "strings"

// Kind says what a code names. Its text is what pages and JSON show, so it is
// the trade's word.
type Kind string

// The kinds of things that are scanned. Ours have a printed prefix (see
// prefixes); the others are GS1's.
const (
	KindOrder     Kind = "order"     // O-1001, or one of its lines: O-1001.2
	KindWave      Kind = "wave"      // W-7
	KindList      Kind = "list"      // P-104, a pick list
	KindLocation  Kind = "location"  // B-A-07-3-B
	KindTote      Kind = "tote"      // T-12
	KindReturn    Kind = "return"    // R-17, an RMA
	KindStation   Kind = "station"   // K-3
	KindWorkOrder Kind = "workorder" // J-5
	KindCarton    Kind = "carton"    // C-88, a carton that is being packed
	KindBadge     Kind = "badge"     // S-7KQ2MWX4AB, a person
	KindCommand   Kind = "command"   // X-OK

	// KindSSCC is a logistic unit: a closed carton or a pallet.
	KindSSCC Kind = "sscc"
	// KindGTIN is a trade item, whichever symbol named it; Elements holds what
	// else the symbol said (lot, expiry, serial).
	KindGTIN Kind = "gtin"
	// KindGS1 is GS1 data that names neither a trade item nor a logistic unit.
	KindGS1 Kind = "gs1"
	// KindDigitalLink is the same, written as a web address.
	KindDigitalLink Kind = "digitallink"
	// KindUnknown is any other text: a tracking number, an SKU, a supplier's
	// own code. Whoever knows such things looks up Code.Value.
	KindUnknown Kind = "unknown"
)

// prefixes pairs each printed prefix with what it names. Numbered kinds carry
// a positive number after the dash, the others a text of their own shape.
var prefixes = []struct {
	letter   byte
	kind     Kind
	numbered bool
}{
	{'O', KindOrder, true},
	{'W', KindWave, true},
	{'P', KindList, true},
	{'B', KindLocation, false},
	{'T', KindTote, true},
	{'R', KindReturn, true},
	{'K', KindStation, true},
	{'J', KindWorkOrder, true},
	{'C', KindCarton, true},
	{'S', KindBadge, false},
	{'X', KindCommand, false},
}

// prefix returns the letter printed before a kind's number or name, 0 for
// kinds that are not ours.
func (k Kind) prefix() byte {
	for _, p := range prefixes {
		if p.kind == k {
			return p.letter
		}
	}
	return 0
}

// nouns are the words for a person; a kind that is missing here is its own.
var nouns = map[Kind]string{
	KindList:        "pick list",
	KindLocation:    "bin",
	KindWorkOrder:   "work order",
	KindBadge:       "staff badge",
	KindSSCC:        "parcel label (SSCC)",
	KindGTIN:        "item",
	KindGS1:         "GS1 code",
	KindDigitalLink: "GS1 web link",
	KindUnknown:     "code that is not one of ours",
}

// Noun is the kind as a sentence needs it: "this is a " + Noun.
func (k Kind) Noun() string {
	if n, ok := nouns[k]; ok {
		return n
	}
	return string(k)
}

// A is the noun with its article: "an order", "a tote".
func (k Kind) A() string {
	if noun := k.Noun(); strings.ContainsRune("aeio", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + k.Noun()
}
