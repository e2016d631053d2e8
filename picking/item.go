package picking

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// takeItem counts what was scanned, if it is what is wanted and not too much of it.
func (j *job) takeItem(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	now := j.stops[0]
	more, typed := amount(code)
	switch {
	case code.Kind == labels.KindLocation && code.Value == now.binCode && now.proof == ProofBin:
		return j.count(ctx, tx, s, now.left())
	case code.Kind == labels.KindLocation && code.Value == now.binCode:
		return j.right(s, "%s is right. Now scan %s.", now.binCode, now.name), nil
	case typed:
		return j.typed(ctx, tx, s, more, "type how many more")
	}
	if now.lotOld {
		return j.wrong(s, "Lot %s is too old to be sold. Leave it, and choose Problem: another bin may have a fresh one.", now.lotCode), nil
	}
	n := now.counts
	if n == 0 {
		item, counts, err := inventory.FindBarcode(ctx, tx, code) // an SKU typed by hand
		lot, known, lotErr := j.lotNamed(ctx, tx, code, err)
		switch all, number := total(code); {
		case lotErr != nil:
			return scan.Step{}, lotErr
		case known:
			return j.takeLot(ctx, tx, s, lot, 1)
		case number && fault.KindOf(err) == fault.NotFound:
			return j.inAll(ctx, tx, s, all)
		case err != nil || item.ID != now.stock.item:
			return j.wrongItem(ctx, tx, s, code)
		}
		n = counts
	}
	return j.takeLot(ctx, tx, s, lotOf(code, now.tracking), n)
}

// add counts n units, if so many are still wanted.
func (j *job) add(ctx context.Context, tx *sql.Tx, s scan.Scan, n int64) (scan.Step, error) {
	if now := j.stops[0]; n > now.left() {
		return j.wrong(s, "That would be %d. The list asks for %d %s.", now.picked+n, now.quantity, now.name), nil
	}
	return j.count(ctx, tx, s, n)
}

// typed counts units that were not scanned, where one scan of the item is proof enough. how says what was to be done
// after it.
func (j *job) typed(ctx context.Context, tx *sql.Tx, s scan.Scan, n int64, how string) (scan.Step, error) {
	now := j.stops[0]
	switch {
	case now.proof == ProofUnit && now.picked > 0:
		return j.wrong(s, "Every unit is scanned in this zone: scan the next %s.", now.name), nil
	case now.picked == 0:
		return j.wrong(s, "Scan one %s first, then %s.", now.name, how), nil
	}
	return j.add(ctx, tx, s, n)
}

// rest is X-OK at a bin: all that is still wanted is taken.
func (j *job) rest(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	now := j.stops[0]
	if now.picked == 0 && now.proof == ProofBin {
		return j.wrong(s, "Take them, then scan the bin %s again.", now.binCode), nil
	}
	return j.typed(ctx, tx, s, now.left(), "X-OK takes the rest")
}

// inAll is a number without a plus: so many there are in all, as in counting.
func (j *job) inAll(ctx context.Context, tx *sql.Tx, s scan.Scan, all int64) (scan.Step, error) {
	now := j.stops[0]
	switch {
	case now.picked > 0 && now.proof != ProofUnit && all == now.picked:
		return j.wrong(s, "You have %d %s already. +%d would be %d more.", all, now.name, all, all), nil
	case now.picked > 0 && now.proof != ProofUnit && all < now.picked:
		return j.wrong(s, "You have %d %s already. Too many? Take the last scan back.", now.picked, now.name), nil
	}
	step, err := j.typed(ctx, tx, s, all-now.picked, "type how many there are in all")
	if step.Result != scan.Wrong {
		step.Message = fmt.Sprintf("%d in all. %s", all, step.Message)
	}
	return step, err
}

func (j *job) wrongItem(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	what, _, err := j.identify(ctx, tx, code)
	return j.wrong(s, "%s Take %s.", what, j.stops[0].name), err
}

// amount reads a number typed behind a plus.
func amount(code labels.Code) (int64, bool) {
	digits, plus := strings.CutPrefix(code.Value, "+")
	n, err := strconv.ParseInt(digits, 10, 32)
	return n, plus && err == nil && n > 0 && code.Kind == labels.KindUnknown
}

// brief is a number as one types it; the shortest code of the trade has eight digits.
var brief = regexp.MustCompile(`^[0-9]{1,6}$`)

// total reads a number without a plus.
func total(code labels.Code) (int64, bool) {
	if code.Kind != labels.KindUnknown || !brief.MatchString(code.Value) {
		return 0, false
	}
	n, err := strconv.ParseInt(code.Value, 10, 64)
	return n, err == nil
}
