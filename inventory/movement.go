package inventory

import (
	"time"

	"github.com/google/uuid"

	"tote/internal/staff"
)

// MovementID names one line of the ledger; later lines have higher ids.
type MovementID int64

// Reason says what kind of work moved the stock.
type Reason string

// The reasons. A correction is an adjustment by way of lost or found; an undo mirrors what a scan did.
const (
	ReasonReceive     Reason = "receive"
	ReasonPutaway     Reason = "putaway"
	ReasonPick        Reason = "pick"
	ReasonSort        Reason = "sort"
	ReasonPack        Reason = "pack"
	ReasonShip        Reason = "ship"
	ReasonReturn      Reason = "return"
	ReasonDisposition Reason = "disposition"
	ReasonAdjust      Reason = "adjust"
	ReasonTransfer    Reason = "transfer"
	ReasonMake        Reason = "make" // blanks into the workshop, and spoiled ones out of it
	ReasonUndo        Reason = "undo"
)

// Movement is one line of the ledger: so many base units of an item left From and arrived at To.
type Movement struct {
	ID        MovementID // given by the ledger
	Warehouse WarehouseID
	Item      ItemID
	Lot       LotID // 0 where lots are not tracked
	Quantity  int64 // base units, at least 1
	From, To  LocationID
	Reason    Reason
	Ref       string // the document: PO-12, O-1001.2, R-17
	Note      string
	Staff     staff.ID        // who; 0 for the system itself
	Station   staff.StationID // where; 0 for a handheld
	Scan      uuid.UUID       // the scan that did it; zero for work without one
	Leg       int16           // tells the movements of one scan apart
	Reverses  MovementID      // the movement this one takes back
	At        time.Time
}
