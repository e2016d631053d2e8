package mail

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// returned is what the letters of a return say.
type returned struct {
	order
	Return  string
	Lines   []goods
	Missing []goods
	ShipTo  []string // our address
}

// ReturnAuthorised tells how to send goods back, with the slip that carries the return's barcode.
func ReturnAuthorised(ctx context.Context, tx *sql.Tx, ref string) error {
	r, err := readReturn(ctx, tx, ref, `
		select l.quantity, o.name, 0 from return_lines l join order_lines o on o.ref = l.ref
		where l.return_id = $1 order by o.line`)
	if err != nil {
		return err
	}
	l := r.letter(ReturnSlip, fact("return.authorised", r.Return))
	slip, err := r.slip()
	if err != nil {
		return err
	}
	l.Files = []File{slip}
	return send(ctx, tx, l, r)
}

// slip draws the paper that goes with the goods. Its dots are for nobody's label printer: customers
// print it on a sheet.
func (r returned) slip() (File, error) {
	number, _ := strconv.ParseInt(strings.TrimPrefix(r.Order, "O-"), 10, 64)
	paper := labels.ReturnSlip{Sheet: labels.A4, Return: r.id(), Order: number, From: r.order.ShipTo, To: r.ShipTo}
	for _, l := range r.Lines {
		paper.Lines = append(paper.Lines, labels.ReturnLine{Name: l.Name, Quantity: l.Quantity})
	}
	var pdf bytes.Buffer
	err := labels.WritePDF(&pdf, 300, paper)
	return File{"return-" + r.Return + ".pdf", "application/pdf", pdf.Bytes()}, err
}

// ReturnReceived says what was counted when a return came in, and what was not in it.
func ReturnReceived(ctx context.Context, tx *sql.Tx, ref string) error {
	r, err := readReturn(ctx, tx, ref, `
		select l.received, o.name, 0 from return_lines l join order_lines o on o.ref = l.ref
		where l.return_id = $1 and l.received > 0 order by o.line`)
	if err != nil {
		return err
	}
	if r.Missing, err = readGoods(ctx, tx, `
		select l.quantity - l.received, o.name, 0 from return_lines l join order_lines o on o.ref = l.ref
		where l.return_id = $1 and l.received < l.quantity order by o.line`, "", r.id()); err != nil {
		return err
	}
	return send(ctx, tx, r.letter(ReturnArrived, fact("return.received", r.Return)), r)
}

func (r returned) id() int64 {
	id, _ := strconv.ParseInt(strings.TrimPrefix(r.Return, "R-"), 10, 64)
	return id
}

// readReturn gathers the return called ref with the lines that query tells of.
func readReturn(ctx context.Context, q pg.Querier, ref, query string) (r returned, err error) {
	defer fault.Wrap(&err, "mail.readReturn(%s)", ref)
	r.Return = ref
	var number, company, street, city, postcode, country string
	err = q.QueryRowContext(ctx, `
		select r.ref, w.company, w.street, w.city, w.postcode, w.country
		from returns r join warehouses w on w.id = r.warehouse_id
		where r.id = $1`, r.id()).Scan(&number, &company, &street, &city, &postcode, &country)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.New(fault.NotFound, "There is no return %s.", clip(ref, 40))
	}
	if err != nil {
		return r, err
	}
	if r.order, err = readOrder(ctx, q, number); err != nil {
		return r, err
	}
	r.ShipTo = address(company, "Returns "+ref, street, "", postcode, city, "", country)
	r.Lines, err = readGoods(ctx, q, query, "", r.id())
	return r, err
}
