package shipping

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/packing"
)

// FactLabel says that the label of a carton is to be bought or given back, and FactBought that it is there. Their data is
// a packing.ClosedFact.
const (
	FactLabel  = "label.wanted"
	FactBought = "label.bought"
)

// Sells is the consumer of FactLabel: it buys the carton's label or gives it back, once, whatever happens on the way.
func Sells(db *sql.DB, systems Systems) func(context.Context, outbox.Fact) error {
	return func(ctx context.Context, f outbox.Fact) error {
		var about packing.ClosedFact
		if err := json.Unmarshal(f.Data, &about); err != nil {
			return err
		}
		return SettleLabel(ctx, db, systems, about.Carton)
	}
}

// SettleLabel does with a carton's label what is to be done: one transaction claims it, then the carrier is asked, then
// one records what came of it. An error means that it is to be tried again; what the carrier refuses is recorded and none.
func SettleLabel(ctx context.Context, db *sql.DB, systems Systems, carton packing.CartonID) (err error) {
	defer fault.Wrap(&err, "shipping.SettleLabel(%s)", carton)
	for {
		o, err := claim(ctx, db, carton)
		if err != nil || o.claim == uuid.Nil {
			return err
		}
		system, err := systems.of(o.adapter)
		if err == nil {
			err = o.step(ctx, db, system)
		}
		if err != nil {
			return errors.Join(err, o.release(ctx, db, err))
		}
	}
}

// step asks the carrier for the next thing.
func (o asked) step(ctx context.Context, db *sql.DB, system System) error {
	switch {
	case o.state == "voiding":
		return o.giveBack(ctx, db, system)
	case o.state == "bought":
		return o.fetch(ctx, db, system)
	}
	return o.buy(ctx, db, system)
}
