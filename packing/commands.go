package packing

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/labels"
	"tote/picking"
)

// The keys of a bench's keyboard that press what its commands say. Enter answers what the screen asks, the others count at
// any moment together with Alt.
const (
	KeyOK    = "enter"
	KeyUndo  = "u"
	KeyNew   = "n"
	KeyPrint = "p"
)

var endsInDigit = regexp.MustCompile(`(?:^|[^0-9])([1-9])$`)

// BoxKeys are the keys of a house's boxes, "" for those that are left over: of a box whose name ends in a digit it is that
// digit, so that nobody reads one number and presses another; the others take the free ones in their order.
func BoxKeys(boxes []Type) []string {
	keys, free := make([]string, len(boxes)), []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}
	for i, t := range boxes {
		if m := endsInDigit.FindStringSubmatch(t.Name); m != nil {
			if at := slices.Index(free, m[1]); at >= 0 {
				keys[i], free = m[1], slices.Delete(free, at, at+1)
			}
		}
	}
	for i := range boxes {
		if keys[i] == "" && len(free) > 0 {
			keys[i], free = free[0], free[1:]
		}
	}
	return keys
}

// ByKey are boxes in the order of their keys, on screen and paper, with these keys; those without one come last.
func ByKey(boxes []Type) ([]Type, []string) {
	keys, order := BoxKeys(boxes), make([]int, len(boxes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Or(cmp.Compare(len(keys[y]), len(keys[x])), cmp.Compare(keys[x], keys[y]))
	})
	sorted, theirs := make([]Type, len(boxes)), make([]string, len(boxes))
	for i, from := range order {
		sorted[i], theirs[i] = boxes[from], keys[from]
	}
	return sorted, theirs
}

// KeyWords is how a key is written on its button, on screen and paper.
func KeyWords(key string) string {
	switch key {
	case "":
		return ""
	case KeyOK:
		return "Enter"
	case "escape":
		return "Esc"
	}
	return "Alt " + strings.ToUpper(key)
}

// Commands are the buttons on paper of a packing bench, with their keys and in the order of the screen: its answer, its bar,
// the boxes, the papers.
func Commands(boxes []Type) []labels.Command {
	list := []labels.Command{
		{Name: labels.CommandOK, Words: "Yes, the weight is right", Key: KeyWords(KeyOK)},
		{Name: labels.CommandNew, Words: "The carton is full", Key: KeyWords(KeyNew)},
		{Name: labels.CommandUndo, Words: "Take the last unit out", Key: KeyWords(KeyUndo)},
	}
	sorted, keys := ByKey(boxes)
	for i, t := range sorted {
		list = append(list, labels.Command{Name: labels.BoxCommand(t.Code), Words: t.Name, Key: KeyWords(keys[i])})
	}
	return append(list,
		labels.Command{Name: labels.CommandPrint, Words: "Print label and slip again", Key: KeyWords(KeyPrint)},
		labels.Command{Name: picking.CommandTakeOver, Words: "The carton is here now"})
}

// chooseByCode is choose for a box barcode of the command sheet.
func (b *bench) chooseByCode(ctx context.Context, tx *sql.Tx, s scan.Scan, code string) (scan.Step, error) {
	if b.State != picking.Picked {
		return b.wrong(s, "%s is packed already.", b.Ref), nil
	}
	t, err := FindType(ctx, tx, b.warehouse, code)
	switch {
	case errors.Is(err, fault.NotFound):
		return b.wrong(s, "There is no box %s here. Print the command sheet anew.", code), nil
	case err != nil:
		return scan.Step{}, err
	case !t.Active:
		return b.wrong(s, "%s is not used any more. Choose another box.", t.Name), nil
	}
	return b.choose(ctx, tx, s, t.ID)
}

// PrintAgain prints the papers of the carton that was closed last here, by whoever knows printers.
func PrintAgain(ctx context.Context, tx *sql.Tx, ref string, s scan.Scan, print func(Carton) error) (scan.Step, error) {
	s.Code = command(labels.CommandPrint)
	return scanned(ctx, tx, ref, s, func(b *bench, _ labels.Code) (scan.Step, error) {
		var id CartonID
		err := tx.QueryRowContext(ctx, `
			select id from cartons where demand_id = $1 and state = 'closed' and not straight
			order by closed_at desc, id desc limit 1`, b.ID).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return b.wrong(s, "There is no label of %s yet: no carton of it stands here closed.", b.Ref), nil
		}
		if err != nil {
			return scan.Step{}, err
		}
		c, err := CartonByID(ctx, tx, id)
		if err == nil {
			err = print(c)
		}
		if err != nil {
			return scan.Step{}, err
		}
		return b.right(s, "Label and slip of carton %d are in the print queue again.", c.Number), nil
	})
}
