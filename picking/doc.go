// Package picking turns demand into pick lists and walks a picker through them, one scan at a time.
//
// It owns demands (what the office wants brought to a packing station), pick lists with their tasks, waves with their
// templates and timetables, and what lies in which tote. A demand is
//
//	open     waits for stock, for a hold to go, or for somebody to ask for work
//	listed   has tasks on a pick list
//	picked   lies in totes, ready to be packed
//	packed   lies in closed cartons
//	shipped  left the house, or as much of it as is still asked for
//	cancelled
//
// and goes back to open when more of it is to be picked. A list is released, started by a picker, picked or
// cancelled. A task is so many units of one item for one order line out of one bin. A list is made by a method: by piece
// for one order, as a cluster with a tote for each, or as a batch or zone list, whose orders lie together until they are
// sorted at a put-wall; there all tasks of one item at one bin are one stop.
//
// Where a list goes is the shortest walk of package route over the drawing of the building (floor). A wave is drawn
// without locks (Draw) and checked again when it is released (Release).
//
// One scan, the usual way: the list is locked, the log asked whether the key is new, the present task read together
// with what the scanned code means for it, the unit moved from bin to tote, task and tote line raised, the answer
// recorded.
//
//	Scan the bin A-07-3-B → Scan Blue mug (take 2) → "A-07-3-B: +1 Blue mug, 1 of 2"
//
// Locks are taken in one order: pick lists by id, then demands by id, then (warehouse, item) rows, then balances, count
// tasks last.
//
// It decides which bin serves whom only when a list is made, does not know orders, customers or cartons, and never
// lets a unit leave a bin that was not scanned.
package picking
