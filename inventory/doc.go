// Package inventory is the stock ledger: every change of stock anywhere is one Movement.
//
// # What it owns
//
// Warehouses, locations, items and their barcodes; movements, and balances as their sum; what order lines were
// promised (reservations); expected receipts, receipts and putaway tasks; counts; pick faces and what is brought to them.
//
// Stock is double entry. A movement has a from and a to, and supplier, customer, workshop, partner, scrap, lost and found are
// locations too, so stock is never made or destroyed: it moves. The ledger is append-only; a correction is one more
// movement. Balances change in the transaction of their movement and cannot go below zero, by a CHECK.
//
// # Its states
//
// A reservation wants and holds: held < wanted is a back-order. It begins with Reserve, lives through picking and
// packing, and ends with Ship or Release. What may be promised is what lies in bins that serve orders, or is already
// on its way to one (tote, cart, station, carton); a pick changes nothing about promises. Rank is priority, then due
// date, then age. Free stock goes to the first in rank who waits; a promise once made is kept when somebody of higher
// rank comes later, so one may hold while a higher one waits. A loss falls on the last in rank, but on goods still on
// the shelf before goods already in a tote.
//
// A count task is open, counted or cancelled. A count (one person at one bin) is open, counted, cancelled, or differs: then
// its tasks stay open for somebody else. A replenishment is open, done or cancelled; what was taken for it and not yet
// put lies in a location of the person's own. Locks: the count or replenishment, items, balances, count tasks last.
//
// # What it will not do
//
// It knows no customers and no orders, only references as text. It keeps no counter of what is reserved. It does not
// choose bins for pick lists, and it repairs nothing: Check finds what is wrong and says it.
//
// # One scan
//
// A picker takes two mugs from a bin; the whole effect on stock is
//
//	err := inventory.Move(ctx, tx, inventory.Movement{
//		Warehouse: 1, Item: 12, Quantity: 2, From: bin, To: tote,
//		Reason: inventory.ReasonPick, Ref: "O-1001.2", Staff: 7, Scan: s.Key, At: s.At,
//	})
//
// one statement that locks both balances, takes, puts and writes the line, or refuses: "A-07-3-B holds 1 of …".
package inventory
