// Package shipping gets closed cartons to carriers, follows them, and takes returned ones back.
//
// # What it owns
//
// Carriers with their rate tables and rules; shipments with why they go as they do, their packages and
// tracking events; manifests (what one truck took from one
// door); returns with their lines and what became of the goods. A shipment is a copy of what the
// office decided about the trip: shipping never reads an order.
//
// # Its states
//
// A shipment is planned when the office hands its order down, booked when the first of its cartons
// closes and has its number, dispatched when all of them left the door, then in transit, exception or
// delivered as events say. Events come in any order and more than once: each has a key of its own, the
// newest by its own time decides, and nothing follows delivered.
//
// A return is authorised (the number is given), received (its parcel was counted), inspected (every
// unit was decided upon), or cancelled. What it holds goes customer → returns → putaway, quarantine
// or scrap, each step a movement.
//
// # What it will not do
//
// Dispatch half a shipment: every package must be closed, numbered and loaded, and nothing of its
// orders may still lie in a tote. Sell returned goods: they can be promised only after somebody graded
// them and somebody put them away. Receive more than a return announces: what is extra stands in
// quarantine with a note.
//
// # Locks
//
// Manifest, then demands, then shipments by id, then what inventory locks. A return locks its own row.
//
// # One scan
//
// A parcel passes door D-1:
//
//	step, err := shipping.Load(ctx, tx, door, scan.Scan{Code: "00395212340000000018", …})
//	// step.Message: "O-1001, TT00000000017, is on."
//	// step.Detail:  "O-1001: parcel 2 of 2 (TT00000000024) is missing"
package shipping
