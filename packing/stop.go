package packing

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/labels"
)

// Trouble is why a packer cannot go on though everything was picked.
type Trouble struct {
	Action string // of its button
	Label  string // the button
	Says   string // how a hold says it
}

// Troubles are the ways a demand can come to a stop at the bench. What the books say stays as it is: somebody must look
// first.
var Troubles = []Trouble{
	{"missing", "A piece is missing", "A piece is missing at packing."},
	{"broken", "A piece is broken", "A piece is broken."},
}

// TroubleOf is the trouble behind a button.
func TroubleOf(action string) (Trouble, bool) {
	i := slices.IndexFunc(Troubles, func(t Trouble) bool { return t.Action == action })
	if i < 0 {
		return Trouble{}, false
	}
	return Troubles[i], true
}

// Stop puts a demand aside that cannot be packed as it is. hold is its owner's way to stop it; the reason it is given
// says what happened and what is not in a carton yet.
func Stop(ctx context.Context, tx *sql.Tx, ref string, t Trouble, s scan.Scan, hold func(reason string) error) (scan.Step, error) {
	s.Code = t.Label
	return scanned(ctx, tx, ref, s, func(b *bench, _ labels.Code) (scan.Step, error) {
		if why := b.blocked(); why != "" {
			return b.wrong(s, "%s", why), nil
		}
		if len(b.left) == 0 {
			return b.wrong(s, "Everything of %s is in cartons. Take back the last scan, or ask a manager to void the carton.", b.Ref), nil
		}
		if err := hold(t.Says + " Not packed yet: " + b.remains()); fault.KindOf(err) == fault.Conflict {
			return b.wrong(s, "%s", fault.Message(err)), nil
		} else if err != nil {
			return scan.Step{}, err
		}
		if err := b.reread(ctx, tx); err != nil {
			return scan.Step{}, err
		}
		step := b.right(s, "%s is held. Put it aside with its tote; the order desk is told.", b.Ref)
		return step, nil
	})
}

// remains names what is not in a carton, shortly.
func (b *bench) remains() string {
	const most = 4
	var parts []string
	for i, l := range b.left {
		if i == most {
			parts = append(parts, "and more")
			break
		}
		parts = append(parts, fmt.Sprintf("%d × %s from %s", l.quantity, l.sku, l.toteCode))
	}
	return strings.Join(parts, ", ") + "."
}
