// Package packing puts what was picked into cartons and proves it by scanning.
//
// It owns cartons, what lies in them, and the types of boxes. A carton is
//
//	open     at a station, being filled; one per demand at a time
//	closed   weighed, with its SSCC; its label may be printed
//	shipped  left the house
//	void     was closed and emptied again; its SSCC is never used again
//
// A packer scans a tote (or the order, or the pick list) at a station, then every unit. Only what lies in the demand's
// totes can be packed: foreign goods and one too many are refused. When all is in, or the packer says that the carton
// is full (X-NEW), its weight is asked for, compared with what it should be, and the carton is closed.
//
// One scan, the usual way: the demand is locked, the log asked whether the key is new, the bench read together with
// what the code means for it, the unit moved from tote to carton, tote line and carton line changed, the answer
// recorded.
//
// Materials are items of the stock that cartons are packed with: an item names those it needs, a demand those that are
// wished for. Closing a carton takes what was used out of free stock, to the customer with whom it travels; what the books
// cannot give is written down as short and stops nobody. Voiding the carton mirrors it.
//
// It does not know carriers or addresses: the label is made by whoever hears of the closed carton. It never closes a
// carton whose contents were not scanned, and never opens one again: it is voided and packed anew.
package packing
