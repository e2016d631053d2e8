package labels

import (
	"strconv"
	"strings"
)

// Code is one scanned thing, understood.
type Code struct {
	Kind Kind
	// Text is the code as it was read, without blanks around it and without the
	// scanner's own marks. A carrier's number may look like a GTIN: look it up by
	// this.
	Text string
	// Value is what the code names without its prefix: "1001", "A-07-3-B",
	// "OK", a GTIN-14, an SSCC of 18 digits; for KindUnknown it is Text.
	Value string
	// Number is Value as a number for the kinds that are numbered, else 0.
	Number int64
	// Line is the order line of O-1001.2, else 0.
	Line int
	// Elements are the GS1 elements in the order they were read.
	Elements Elements
	// Damaged says that this was meant to be a GS1 code but cannot be one: a
	// check digit is wrong, a part is missing. The kind is then KindUnknown,
	// because a number of that length may still be a carrier's own: look it up,
	// and if it is not known ask for another scan and show Reason.
	Damaged bool
	Reason  string
	// Symbology is the AIM identifier the scanner sent ("]C1"), if it sent one.
	Symbology string
}

// String writes the code as it is printed and as Parse reads it back.
func (c Code) String() string {
	switch {
	case c.Kind.prefix() != 0 && c.Line > 0:
		return string(c.Kind.prefix()) + "-" + c.Value + "." + strconv.Itoa(c.Line)
	case c.Kind.prefix() != 0:
		return string(c.Kind.prefix()) + "-" + c.Value
	case c.Kind == KindGTIN && len(c.Elements) < 2:
		return c.Value
	case len(c.Elements) > 0:
		return c.Elements.String()
	}
	return c.Value
}

// GTIN is the trade item named, as GTIN-14, or "".
func (c Code) GTIN() string {
	if c.Kind == KindGTIN {
		return c.Value
	}
	return c.Elements.Get("01")
}

// SSCC is the logistic unit named, 18 digits, or "".
func (c Code) SSCC() string {
	if c.Kind == KindSSCC {
		return c.Value
	}
	return c.Elements.Get("00")
}

// Lot is the batch or lot number (AI 10), or "".
func (c Code) Lot() string { return c.Elements.Get("10") }

// Serial is the serial number (AI 21), or "".
func (c Code) Serial() string { return c.Elements.Get("21") }

func numbered(k Kind, n int64) Code {
	return Code{Kind: k, Value: strconv.FormatInt(n, 10), Number: n}
}

func named(k Kind, s string) Code {
	return Code{Kind: k, Value: strings.ToUpper(s)}
}

// OrderCode is the code of an order: O-1001.
func OrderCode(n int64) Code { return numbered(KindOrder, n) }

// OrderLineCode is the code of one line of an order: O-1001.2.
func OrderLineCode(n int64, line int) Code {
	c := OrderCode(n)
	c.Line = line
	return c
}

// WaveCode is the code of a wave: W-7.
func WaveCode(n int64) Code { return numbered(KindWave, n) }

// ListCode is the code of a pick list: P-104.
func ListCode(n int64) Code { return numbered(KindList, n) }

// LocationCode is the code of a location by its name: A-07-3-B is B-A-07-3-B.
func LocationCode(name string) Code { return named(KindLocation, name) }

// ToteCode is the code of a tote: T-12.
func ToteCode(n int64) Code { return numbered(KindTote, n) }

// ReturnCode is the code of a return: R-17.
func ReturnCode(n int64) Code { return numbered(KindReturn, n) }

// StationCode is the code of a station: K-3.
func StationCode(n int64) Code { return numbered(KindStation, n) }

// WorkOrderCode is the code of a work order: J-5.
func WorkOrderCode(n int64) Code { return numbered(KindWorkOrder, n) }

// CartonCode is the code of a carton that is being packed: C-88.
func CartonCode(n int64) Code { return numbered(KindCarton, n) }

// BadgeCode is the code of a person's badge: 10 to 26 random characters.
func BadgeCode(random string) Code { return named(KindBadge, random) }

// CommandCode is the code of a command, a button on paper: X-OK.
func CommandCode(name string) Code { return named(KindCommand, name) }

// GTINCode is the code of a trade item by any GTIN, not checked.
func GTINCode(gtin string) Code {
	return Code{Kind: KindGTIN, Value: pad14(gtin), Elements: Elements{{"01", pad14(gtin)}}}
}

// SSCCCode is the code of a logistic unit by its 18 digits, not checked.
func SSCCCode(sscc string) Code {
	return Code{Kind: KindSSCC, Value: sscc, Elements: Elements{{"00", sscc}}}
}

// What the command barcodes say; every scanning screen knows them.
const (
	CommandOK    = "OK"
	CommandUndo  = "UNDO"
	CommandSkip  = "SKIP"
	CommandShort = "SHORT"
	CommandNew   = "NEW"
)

// CommandPrint prints the last papers of a packing bench again.
const CommandPrint = "PRINT"

const commandBox = "BOX-"

// BoxCommand is the name of the command that chooses a box by its code: BOX-S, printed as X-BOX-S.
func BoxCommand(box string) string { return commandBox + strings.ToUpper(box) }

// BoxOf is the box that a command chooses.
func BoxOf(command string) (box string, ok bool) { return strings.CutPrefix(command, commandBox) }
