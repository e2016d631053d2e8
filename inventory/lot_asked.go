package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// What a screen asks of the piece in hand when its barcode does not say it.
const (
	asksLot    = "lot"    // which lot
	asksSerial = "serial" // which serial number
	asksExpiry = "expiry" // the last good day
)

// asksOfLot reports that the next code answers such a question and is not another item.
func asksOfLot(question string) bool {
	return question == asksLot || question == asksSerial || question == asksExpiry
}

// wants is the instruction that goes with such a question.
func wants(question string) string {
	switch question {
	case asksSerial:
		return "Scan or type the serial number."
	case asksExpiry:
		return "Type the last good day: 2027-03-31, 31.03.2027, 03/2027 or 270331."
	case asksNotHere:
		return "Scan the same lot again if it is right, or type the right one."
	case asksNew:
		return "Scan the new one again if it is right, or type the right one."
	}
	return "Scan or type the lot."
}

// readAnswer takes a code as what was asked of a piece in hand: its lot or serial number, its last good day, or both by
// one GS1 code. A lot that the item has is taken by its name, whatever else the name could mean. When the code answers
// nothing, refused says why.
func readAnswer(ctx context.Context, q pg.Querier, question string, it Item, code labels.Code, typed string, at time.Time) (said tag, refused string, err error) {
	text := strings.TrimSpace(typed)
	if said = tagOf(code, it, at); said.lot != "" {
		if same, err := names(ctx, q, code, it); err != nil || same {
			return said, "", err
		}
	}
	if question == asksExpiry {
		day, ok := code.Expiry(at)
		if !ok {
			day, ok = ReadDay(text, at)
		}
		if !ok {
			return tag{}, clip(text) + " is no day. " + wants(question), nil
		}
		return tag{expires: day}, "", nil
	}
	var known bool
	if err := q.QueryRowContext(ctx, `select exists (select from lots where item_id = $1 and code = $2)`, it.ID, text).Scan(&known); err != nil || known {
		return tag{lot: text}, "", err
	}
	other, _, err := FindBarcode(ctx, q, code)
	switch k := fault.KindOf(err); {
	case err == nil:
		return tag{}, "This is the barcode of " + other.Name + ". " + wants(question), nil
	case k != fault.NotFound && k != fault.Invalid:
		return tag{}, "", err
	case code.Kind != labels.KindUnknown && code.Kind != labels.KindGTIN:
		return tag{}, clip(code.String()) + " is " + code.Kind.A() + ". " + wants(question), nil
	case it.Tracking == BySerial && strings.HasPrefix(text, "+"):
		return tag{}, "Each piece of " + it.Name + " has a serial number of its own. " + wants(question), nil
	case wrongLotCode(text) || strings.HasPrefix(text, "+"):
		return tag{}, fmt.Sprintf("A lot or serial number has up to %d characters and no plus in front. ", mostLotCode) + wants(question), nil
	}
	return tag{lot: text}, "", nil
}

// names reports that a code is of no item at all, or of this one.
func names(ctx context.Context, q pg.Querier, code labels.Code, it Item) (bool, error) {
	if code.GTIN() == "" {
		return true, nil
	}
	other, _, err := FindBarcode(ctx, q, code)
	if k := fault.KindOf(err); err != nil && k != fault.NotFound && k != fault.Invalid {
		return false, err
	}
	return err == nil && other.ID == it.ID, nil
}

// Stood is where the ledger saw a piece with a serial number last.
type Stood struct {
	Place     LocationID // 0: it was never anywhere
	Warehouse WarehouseID
	Kind      Kind
	Code      string
	Ref       string // the document that brought it there
}

// WhereStood reads the last movement of a lot, as of a serial number, which is of one piece.
func WhereStood(ctx context.Context, q pg.Querier, item ItemID, lot LotID) (s Stood, err error) {
	defer fault.Wrap(&err, "inventory.WhereStood(%d, %d)", item, lot)
	err = q.QueryRowContext(ctx, `
		select t.id, t.warehouse_id, t.kind, t.code, m.ref from movements m join locations t on t.id = m.to_id
		where m.item_id = $1 and m.lot_id = $2 order by m.id desc limit 1`, item, lot).Scan(&s.Place, &s.Warehouse, &s.Kind, &s.Code, &s.Ref)
	if err == sql.ErrNoRows {
		return Stood{}, nil
	}
	return s, err
}

// gone reports that the house does not hold the piece, as far as the books know.
func (s Stood) gone() bool {
	return s.Place == 0 || s.Kind == Supplier || s.Kind == Lost || s.Kind == Found
}

// words tell where it is.
func (s Stood) words() string {
	if s.Kind == Customer {
		return "went to the customer with " + s.Ref
	}
	return "is in " + s.Code + " already (" + s.Ref + ")"
}
