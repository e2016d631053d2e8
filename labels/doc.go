// Package labels is the grammar of everything that is scanned: it writes
// codes, reads them back, and draws every paper as PDF, ZPL and picture from plain structs.
//
// It owns the printed prefixes (O-1001, B-A-07-3-B, …), GS1's element strings
// and Digital Links, check digits, and the papers: shipping, bin, item, tote,
// badge and station labels, packing slip, pick list, return slip and command
// sheet. It holds no state and knows no database: what a code names in this
// warehouse is internal/trace's to answer, what a scan does is the floor's.
//
// It will not guess. A barcode that was misread is Damaged, text that is none
// of ours is KindUnknown, and only what cannot be a code at all is an error.
// It will not draw a bar off the printer's grid of dots, nor a GS1 symbol
// below its legal size: such a paper is an error, not a blurred label.
//
// One scan, as a picking handler sees it:
//
//	code, err := labels.Parse("]C101095212345432131726120010ABC")
//	// code.Kind is KindGTIN, code.GTIN() "09521234543213", code.Lot() "ABC",
//	// code.Expiry(today) the 31st of December 2026
//
// and the same in the other direction:
//
//	labels.OrderCode(1001).String() // "O-1001", printed on the pick list
//	labels.Parse("o-1001")          // KindOrder, Number 1001
package labels
