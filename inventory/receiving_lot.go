package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/labels"
)

// tag is what a code says of the goods beside their item.
type tag struct {
	lot     string // or the serial number
	expires time.Time
}

// tagOf reads lot, serial and last good day out of a GS1 code, as far as the item has them.
func tagOf(code labels.Code, it Item, at time.Time) (t tag) {
	switch it.Tracking {
	case ByLot:
		t.lot = code.Lot()
	case BySerial:
		t.lot = code.Serial()
	default:
		return tag{}
	}
	if it.Expires {
		t.expires, _ = code.Expiry(at)
	}
	return t
}

// piecesOf is how many pieces a code means whose barcode counts n: it may say so itself, as pieces (AI 30) or as
// packs of the item in a case (AI 37).
func piecesOf(code labels.Code, n int64) int64 {
	if many, ok := countIn(code, "30"); ok {
		return many
	}
	if packs, ok := countIn(code, "37"); ok {
		return packs * n
	}
	return n
}

func countIn(code labels.Code, ai string) (int64, bool) {
	n, err := strconv.ParseInt(code.Elements.Get(ai), 10, 64)
	return n, err == nil && n > 0 && n <= MostUnits
}

// lotTitle is lotWord where a sentence or a line begins.
func lotTitle(t Tracking) string {
	if t == BySerial {
		return "Serial"
	}
	return "Lot"
}

func lotWord(t Tracking) string {
	if t == BySerial {
		return "serial"
	}
	return "lot"
}

// answer takes a code as what the screen asked for.
func (u *unloading) answer(ctx context.Context, code labels.Code) (verdict, error) {
	it, err := ItemByID(ctx, u.tx, u.hand.item)
	if err != nil {
		return verdict{}, err
	}
	question := u.hand.question
	if question == asksExpired {
		question = asksExpiry // another day than the one that is too old
	}
	said, refused, err := readAnswer(ctx, u.tx, question, it, code, u.scan.Code, u.scan.At)
	if err != nil || refused != "" {
		return wrong("%s", refused), err
	}
	if said.lot != "" {
		u.hand.lot = said.lot
	}
	if !said.expires.IsZero() {
		u.hand.expires = said.expires
	}
	asked := u.hand
	done, err := u.proceed(ctx, it)
	if err == nil && done.result == scan.Wrong && asked.question == asksSerial { // the piece in hand still has a number
		u.hand.item, u.hand.quantity, u.hand.question = asked.item, asked.quantity, asksSerial
	}
	return done, err
}

// day reports that a code is a day as people type it.
func (u *unloading) day(code labels.Code) bool {
	_, day := ReadDay(code.Text, u.scan.At)
	return day && code.Kind == labels.KindUnknown
}

// asked remembers the question; it is drawn from the receiver's row.
func (u *unloading) asked(question string) (verdict, error) {
	u.hand.question = question
	return ask(), nil
}

// proceed asks what is still to be known of the lot in hand, one question at a time, and counts when nothing is.
func (u *unloading) proceed(ctx context.Context, it Item) (verdict, error) {
	h := &u.hand
	h.question = ""
	if it.Tracking == Untracked {
		return u.goods(ctx, it)
	}
	if err := u.sameLot(ctx, it); err != nil {
		return verdict{}, err
	}
	switch {
	case it.Tracking == BySerial && h.quantity != 1:
		h.forget()
		return wrong(eachSerial, it.Name), nil
	case h.lot == "" && it.Tracking == BySerial:
		return u.asked(asksSerial)
	case h.lot == "":
		return u.asked(asksLot)
	case wrongLotCode(h.lot):
		h.forget()
		return wrong("The lot in this code cannot be read. Scan it again."), nil
	}
	known, err := u.bookedLot(ctx, it)
	if err != nil {
		return verdict{}, err
	}
	if known.where != "" {
		return u.twice(it, known), nil
	}
	return u.checkDay(ctx, it, known)
}

// twice refuses a serial number that came before.
func (u *unloading) twice(it Item, known booked) verdict {
	u.hand.forget()
	return wrong("Serial %s of %s %s. It cannot come twice: look at the number again.", known.code, it.Name, known.where)
}

// sameLot takes the lot of the last count for the same item scanned again without one.
func (u *unloading) sameLot(ctx context.Context, it Item) error {
	if u.hand.lot != "" || it.Tracking != ByLot || u.hand.line == 0 {
		return nil
	}
	err := u.tx.QueryRowContext(ctx, `
		select o.code from receipt_lines l join lots o on o.id = l.lot_id where l.id = $1 and l.item_id = $2`,
		u.hand.line, it.ID).Scan(&u.hand.lot)
	if err == sql.ErrNoRows {
		return nil
	}
	return err
}

// checkDay looks at the last good day: it must be known where the item has one, agree with the books, and leave time
// enough to sell the goods.
func (u *unloading) checkDay(ctx context.Context, it Item, known booked) (verdict, error) {
	h := &u.hand
	if h.expires.IsZero() {
		h.expires = known.expires
	}
	switch {
	case !it.Expires:
		h.expires = time.Time{}
	case h.expires.IsZero():
		return u.asked(asksExpiry)
	case !u.dated && !known.expires.IsZero() && !known.expires.Equal(h.expires):
		return u.asked(asksDates)
	}
	old, err := u.tooOld(ctx, it)
	switch {
	case err != nil:
		return verdict{}, err
	case old:
		return u.asked(asksExpired)
	}
	return u.goods(ctx, it)
}

func (u *unloading) tooOld(ctx context.Context, it Item) (old bool, err error) {
	if u.hand.expires.IsZero() {
		return false, nil
	}
	err = u.tx.QueryRowContext(ctx, `select $1::date - $2::integer < current_date`, dayOrNull(u.hand.expires), it.ShelfDays).Scan(&old)
	return old, err
}

// keepBooks goes on with the day that the books know of the lot.
func (u *unloading) keepBooks(ctx context.Context, it Item) (verdict, error) {
	known, err := u.bookedLot(ctx, it)
	if err != nil {
		return verdict{}, err
	}
	u.hand.expires = known.expires
	return u.proceed(ctx, it)
}

// keepGoods corrects the last good day of the lot to what stands on the goods. Of a lot that came before, the office does it.
func (u *unloading) keepGoods(ctx context.Context) (verdict, error) {
	if u.hand.question != asksDates {
		return wrong("Nothing is asked. Scan the next item."), nil
	}
	it, err := ItemByID(ctx, u.tx, u.hand.item)
	if err != nil {
		return verdict{}, err
	}
	known, err := u.bookedLot(ctx, it)
	switch {
	case err != nil:
		return verdict{}, err
	case known.before:
		return wrong("Lot %s came before: if its day is wrong, a clerk or a manager corrects it on its page. Keep the books' day, or set it aside.", known.code), nil
	case known.lot != 0:
		if err := EditLot(ctx, u.tx, known.lot, u.hand.expires); err != nil {
			return verdict{}, err
		}
	}
	u.dated = true
	return u.proceed(ctx, it)
}

// booked is what is known of the lot in hand: by the books, else by the supplier's notice.
type booked struct {
	lot     LotID // 0: the house does not know it yet
	code    string
	expires time.Time
	before  bool   // it came with another receipt too
	notice  string // the number of the notice that says the day; "": the books do
	where   string // a serial number that is here, or was: where
}

// bookedLot reads the lot in hand, locked, so that of two who scan one serial number the second sees the first.
func (u *unloading) bookedLot(ctx context.Context, it Item) (b booked, err error) {
	b, err = lotKnown(ctx, u.tx, u.receipt.ID, it.ID, u.hand.lot, ` for no key update`)
	if err != nil || it.Tracking != BySerial || b.lot == 0 {
		return b, err
	}
	last, err := WhereStood(ctx, u.tx, it.ID, b.lot)
	if err == nil && !last.gone() {
		b.where = last.words()
	}
	return b, err
}

func lotKnown(ctx context.Context, q pg.Querier, receipt ReceiptID, item ItemID, code, lock string) (booked, error) {
	b := booked{code: code}
	var expires sql.NullTime
	err := q.QueryRowContext(ctx, `
		select id, expires_on, exists (select from movements m where m.item_id = l.item_id and m.lot_id = l.id and m.ref <> $3)
		from lots l where item_id = $1 and code = $2`+lock, item, code, receipt.String()).Scan(&b.lot, &expires, &b.before)
	if err != nil && err != sql.ErrNoRows {
		return b, err
	}
	if expires.Valid {
		b.expires = expires.Time
		return b, nil
	}
	err = q.QueryRowContext(ctx, `
		select w.expires_on, e.number from receipt_expected re join expected_receipts e on e.id = re.expected_id join expected_lines w on w.expected_id = e.id
		where re.receipt_id = $1 and w.item_id = $2 and w.lot = $3 and w.expires_on is not null order by w.id limit 1`, receipt, item, code).Scan(&b.expires, &b.notice)
	if err == sql.ErrNoRows {
		err = nil
	}
	return b, err
}

// lotInHand is the lot that is counted, made if the house does not know it yet.
func (u *unloading) lotInHand(ctx context.Context, it Item) (LotID, error) {
	if it.Tracking == Untracked || u.hand.lot == "" {
		return 0, nil
	}
	return haveLot(ctx, u.tx, Lot{Item: it.ID, Code: u.hand.lot, Serial: it.Tracking == BySerial, ExpiresOn: u.hand.expires,
		ReceivedOn: u.scan.At, Source: u.receipt.ID.String()})
}

// lotAlone names the lot of what is scanned next, where a code means nothing else: one that the house or the notice knows of
// the item counted last. It counts nothing. Of a code that nobody knows it says how to tell a new lot.
func (u *unloading) lotAlone(ctx context.Context, code labels.Code) (_ verdict, ours bool, err error) {
	said := code.Lot()
	if said == "" && code.Kind == labels.KindUnknown {
		said = code.Text
	}
	if u.hand.line == 0 || said == "" {
		return verdict{}, false, nil
	}
	it := Item{}
	var known bool
	err = u.tx.QueryRowContext(ctx, `
		select `+itemColumns+`, exists (select from lots where item_id = i.id and code = $2)
		       or exists (select from receipt_expected re join expected_lines w on w.expected_id = re.expected_id where re.receipt_id = l.receipt_id and w.item_id = i.id and w.lot = $2)
		from receipt_lines l join items i on i.id = l.item_id where l.id = $1`, u.hand.line, said).Scan(append(it.fields(), &known)...)
	if err != nil || it.Tracking != ByLot {
		return verdict{}, false, err
	}
	if !known {
		u.ofLots = it.Name
		return verdict{}, false, nil
	}
	if err := u.leave(ctx, it, tag{lot: said}); err != nil {
		return verdict{}, true, err
	}
	u.hand.forget()
	u.hand.item, u.hand.lot = it.ID, said
	return right("Lot %s of %s: scan its pieces, or type how many there are, like +5.", said, it.Name), true, nil
}

// anotherLot ends the lot of the last count: the next scan of its item is asked anew.
func (u *unloading) anotherLot() verdict {
	u.hand.forget()
	u.hand.line = 0
	return right("The next item you scan is of another lot: scan it, then say which.")
}

// lotQuestion draws what is asked of the lot in hand.
func lotQuestion(ctx context.Context, q pg.Querier, r Receipt, h receiver, step *scan.Step) error {
	it, err := ItemByID(ctx, q, h.item)
	if err != nil {
		return err
	}
	step.Detail, step.Quantity = []string{it.Name, it.SKU}, h.quantity
	if h.lot != "" {
		step.Detail = append(step.Detail, lotTitle(it.Tracking)+" "+h.lot)
	}
	drop := scan.Choice{Label: "Do not count", Code: "X-" + labels.CommandSkip, Style: scan.Answer}
	step.Choices = append([]scan.Choice{drop}, step.Choices...)
	words := ""
	switch h.question {
	case asksLot:
		step.Next, words = "Which lot?", "The barcode does not say the lot. "+wants(h.question)
	case asksSerial:
		step.Next, words = "Which serial number?", "Each piece has a number of its own. "+wants(h.question)
	case asksExpiry:
		step.Next, words = "Good until?", wants(h.question)
	case asksExpired:
		step.Next, words = "Too old to sell", tooOldWords(it, h.expires)
		step.Choices = append([]scan.Choice{{Label: "Into quarantine", Code: "X-" + labels.CommandOK, Style: scan.Answer}}, step.Choices...)
	case asksDates:
		known, err := lotKnown(ctx, q, r.ID, h.item, h.lot, "")
		if err != nil {
			return err
		}
		by := "the books"
		if known.notice != "" {
			by = known.notice
		}
		step.Next = "Two dates for one lot"
		words = fmt.Sprintf("Lot %s is good until %s by %s; this says %s. Look at the goods: which day stands on them?",
			h.lot, dayWords(known.expires), by, dayWords(h.expires))
		answers := []scan.Choice{{Label: dayWords(known.expires), Code: "X-" + labels.CommandOK, Style: scan.Answer}}
		if known.before {
			words = fmt.Sprintf("Lot %s is good until %s by the books; this says %s. Look at the goods: if the books are right, keep them; else set it aside and call a manager.",
				h.lot, dayWords(known.expires), dayWords(h.expires))
			answers[0].Label = "Keep " + answers[0].Label
		} else {
			answers = append(answers, scan.Choice{Label: dayWords(h.expires), Code: "X-" + commandDay, Style: scan.Answer})
		}
		step.Choices = append(answers, step.Choices...)
	}
	if step.Message == "" {
		step.Message = words
	}
	return err
}

func tooOldWords(it Item, expires time.Time) string {
	if it.ShelfDays == 0 {
		return fmt.Sprintf("It was good until %s. Look at it: if that is right, put it into quarantine or give it back to the driver; else type the right day.", dayWords(expires))
	}
	return fmt.Sprintf("It is good until %s; %s must be good for %d days more to be sold. Look at it: if that is right, put it into quarantine or give it back to the driver; else type the right day.",
		dayWords(expires), it.Name, it.ShelfDays)
}

// dayWords is a day as the dock reads it.
func dayWords(t time.Time) string { return t.Format("2 Jan 2006") }
