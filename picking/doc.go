// Package picking turns demand into pick lists and walks a picker through them, one scan at a time.
//
// It owns demands (what the office wants brought to a packing station), pick lists with their tasks, and what lies
// in which tote. A demand is
//
//	open     waits for stock, for a hold to go, or for somebody to ask for work
//	listed   has tasks on a pick list
//	picked   lies in totes, ready to be packed
//	packed   lies in closed cartons
//	shipped  left the house, or as much of it as is still asked for
//	cancelled
//
// and goes back to open when more of it is to be picked. A list is released, started by a picker, picked or
// cancelled. A task is one stop: so many units of one item for one order line out of one bin.
//
// One scan, the usual way: the list is locked, the log asked whether the key is new, the present task read together
// with what the scanned code means for it, the unit moved from bin to tote, task and tote line raised, the answer
// recorded. That is six statements.
//
//	Scan the bin A-07-3-B → Scan Blue mug (take 2) → "A-07-3-B: +1 Blue mug, 1 of 2"
//
// Locks are taken in one order: pick lists by id, then demands by id, then (warehouse, item) rows, then balances.
//
// It decides which bin serves whom only when a list is made, does not know orders, customers or cartons, and never
// lets a unit leave a bin that was not scanned.
package picking
