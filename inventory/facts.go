package inventory

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"tote/internal/outbox"
	"tote/internal/staff"
)

// The facts this package announces. Ref is the order, Data a Promises.
const (
	FactLost   = "reservation.lost"   // stock disappeared, and with it what these lines were promised
	FactFilled = "reservation.filled" // stock came free or arrived, and these lines hold it now

	FactCounted = "bin.counted" // somebody has looked into a bin and the books are right; Ref is the count, Data a Counted
)

// Counted is what the fact of a count says.
type Counted struct {
	Warehouse WarehouseID `json:"warehouse"`
	Location  LocationID  `json:"location"`
	Whole     bool        `json:"whole"` // all that is in the bin, not Items alone
	Items     []ItemID    `json:"items"`
	Staff     staff.ID    `json:"staff"`
	Began     time.Time   `json:"began"`
	At        time.Time   `json:"at"`
}

// Promises is what a fact says of an order: the lines that lost or gained, with what they hold now.
type Promises struct {
	Lines []Held `json:"lines"`
}

// announce puts one fact for each order that lost something, and one for each that gained.
func announce(ctx context.Context, tx *sql.Tx, changed []Held) error {
	type about struct{ fact, document string }
	lines := map[about][]Held{}
	var order []about
	for _, h := range changed {
		a := about{FactFilled, h.Document}
		if h.Gained < 0 {
			a.fact = FactLost
		}
		if lines[a] == nil {
			order = append(order, a)
		}
		lines[a] = append(lines[a], h)
	}
	var facts []outbox.Fact
	for _, a := range order {
		data, err := json.Marshal(Promises{lines[a]})
		if err != nil {
			return err
		}
		facts = append(facts, outbox.Fact{Name: a.fact, Ref: a.document, Data: data})
	}
	return outbox.Put(ctx, tx, facts...)
}
