package mail

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"strings"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/labels"
	"tote/shipping"
)

// returned is what the letters of a return say.
type returned struct {
	order
	id     int64
	name   string
	lines  list
	shipTo address // ours
}

const (
	latestReturn      = `select 'R-' || id from returns where origin <> 'carrier' order by id desc limit 1`
	latestUndelivered = `select 'R-' || id from returns where origin = 'carrier' order by id desc limit 1`
)

// ReturnAuthorised tells how to send goods back, with the slip that carries the return's barcode.
func ReturnAuthorised(ctx context.Context, tx *sql.Tx, ref string) error {
	return tell(ctx, tx, ReturnSlip, ref)
}

func gatherReturnSlip(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	r, err := readReturn(ctx, q, ref, `
		select l.quantity, o.name, 0 from return_lines l join order_lines o on o.ref = l.ref
		where l.return_id = $1 order by o.line`)
	if err != nil {
		return nil, err
	}
	slip, err := r.slip()
	d := r.draft(ReturnSlip, fact("return.authorised", r.name), values{"return": words(r.name), "lines": r.lines, "address": r.shipTo})
	d.Files = []File{slip}
	return []draft{d}, err
}

// slip draws the paper that goes with the goods. Its dots are for nobody's label printer: customers
// print it on a sheet.
func (r returned) slip() (File, error) {
	paper := labels.ReturnSlip{Sheet: labels.A4, Return: r.id, Order: int64(r.number), From: r.order.shipTo, To: r.shipTo}
	for _, l := range r.lines {
		paper.Lines = append(paper.Lines, labels.ReturnLine{Name: l.Name, Quantity: l.Quantity})
	}
	var pdf bytes.Buffer
	err := labels.WritePDF(&pdf, 300, paper)
	return File{"return-" + r.name + ".pdf", "application/pdf", pdf.Bytes()}, err
}

// ReturnReceived says what was counted when a return came in, and what was not in it.
func ReturnReceived(ctx context.Context, tx *sql.Tx, ref string) error {
	return tell(ctx, tx, ReturnArrived, ref)
}

func gatherReturnArrived(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	if by, err := broughtBack(ctx, q, ref); err != nil || by {
		return nil, err // its customer has not sent it: CameBack tells him
	}
	r, err := readReturn(ctx, q, ref, `
		select l.received, o.name, 0 from return_lines l join order_lines o on o.ref = l.ref
		where l.return_id = $1 and l.received > 0 order by o.line`)
	if err != nil {
		return nil, err
	}
	missing, err := readGoods(ctx, q, `
		select l.quantity - l.received, o.name, 0 from return_lines l join order_lines o on o.ref = l.ref
		where l.return_id = $1 and l.received < l.quantity order by o.line`, "", r.id)
	return []draft{r.draft(ReturnArrived, fact("return.received", r.name), values{"return": words(r.name), "lines": r.lines, "missing": missing})}, err
}

// broughtBack reports that a return is a parcel nobody took.
func broughtBack(ctx context.Context, q pg.Querier, ref string) (yes bool, err error) {
	err = q.QueryRowContext(ctx, `select coalesce(bool_or(origin = 'carrier'), false) from returns where id = $1`, numbered(ref, "R-")).Scan(&yes)
	return yes, err
}

// ReturnUndelivered tells that a parcel is here again because nobody took it.
func ReturnUndelivered(ctx context.Context, tx *sql.Tx, ref string) error {
	return tell(ctx, tx, CameBack, ref)
}

func gatherCameBack(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	r, err := readReturn(ctx, q, ref, `
		select l.quantity, o.name, 0 from return_lines l join order_lines o on o.ref = l.ref
		where l.return_id = $1 order by o.line`)
	return []draft{r.draft(CameBack, fact("return.undelivered", r.name), values{"lines": r.lines, "address": r.order.shipTo})}, err
}

const latestSettlement = `select 'R-' || return_id || '/' || submission from settlements order by id desc limit 1`

// ReturnTold tells what the customer gets for goods that came back, by the key of the form that said so.
func ReturnTold(ctx context.Context, tx *sql.Tx, ref, key string) error {
	return tell(ctx, tx, ReturnSettled, ref+"/"+key)
}

func gatherReturnSettled(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	name, key, _ := strings.Cut(ref, "/")
	r, err := readReturn(ctx, q, name, `select 0, '', 0 where $1 = 0`)
	if err != nil {
		return nil, err
	}
	all, err := orders.Settlements(ctx, q, shipping.ReturnID(r.id), key)
	if err != nil {
		return nil, err
	}
	var refunded, replaced, refused list
	var back orders.Money // of no currency: none
	var again, why []string
	for _, s := range all {
		g := goods{Quantity: s.Quantity, Name: s.Name}
		switch s.What {
		case orders.RemedyRefund:
			refunded = append(refunded, g)
			back = orders.Money{Minor: back.Minor + s.Amount.Minor, Currency: s.Amount.Currency}
		case orders.RemedyReplacement:
			replaced, again = append(replaced, g), []string{s.Replacement.String()}
		default:
			refused, why = append(refused, g), append(why, s.Reason)
		}
	}
	return []draft{r.draft(ReturnSettled, fact("return.settled", ref), values{"return": words(r.name), "refunded": refunded, "back": amount(back),
		"replaced": replaced, "replacement": words(strings.Join(again, "")), "refused": refused, "reason": paragraph(strings.Join(why, "\n"))})}, nil
}

// readReturn gathers the return called ref with the lines that query tells of.
func readReturn(ctx context.Context, q pg.Querier, ref, query string) (r returned, err error) {
	defer fault.Wrap(&err, "mail.readReturn(%s)", ref)
	r.name, r.id = ref, numbered(ref, "R-")
	var number, company, street, city, postcode, country string
	err = q.QueryRowContext(ctx, `
		select r.ref, w.company, w.street, w.city, w.postcode, w.country
		from returns r join warehouses w on w.id = r.warehouse_id
		where r.id = $1`, r.id).Scan(&number, &company, &street, &city, &postcode, &country)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.New(fault.NotFound, "There is no return %s.", clip(ref, 40))
	}
	if err != nil {
		return r, err
	}
	if r.order, err = readOrder(ctx, q, number); err != nil {
		return r, err
	}
	r.shipTo = postal(company, "Returns "+ref, street, "", postcode, city, "", country)
	r.lines, err = readGoods(ctx, q, query, "", r.id)
	return r, err
}
