package shipping_test

import (
	"fmt"
	"time"

	"tote/internal/scan"
	"tote/inventory"
	"tote/shipping"
)

// request asks for so many of the first line of an order.
func (f *floor) request(ref string, n int64) shipping.Request {
	return shipping.Request{Ref: ref, Submission: key().String(), At: noon.Add(48 * time.Hour),
		Lines: []shipping.RequestLine{{Ref: ref + ".1", Quantity: n, Reason: "damaged"}}}
}

func (f *floor) announced(ref string, n int64) shipping.ReturnID {
	f.T.Helper()
	id, err := shipping.Authorise(ctx, f.Tx, f.request(ref, n))
	f.must(err)
	return id
}

// sku is what a person types when the item has no barcode.
func (f *floor) sku(item inventory.ItemID) (sku string) {
	f.T.Helper()
	f.one(&sku, `select sku from items where id = $1`, item)
	return sku
}

func (f *floor) count(id shipping.ReturnID, code string) scan.Step {
	f.T.Helper()
	step, err := shipping.ReceiveReturn(ctx, f.Tx, id, f.by(code))
	f.must(err)
	return step
}

func (f *floor) press(id shipping.ReturnID, action string) scan.Step {
	f.T.Helper()
	step, err := shipping.DecideReturn(ctx, f.Tx, id, action, f.by(""))
	f.must(err)
	return step
}

func (f *floor) judge(id shipping.ReturnID, verdict string) scan.Step {
	f.T.Helper()
	step, err := shipping.Judge(ctx, f.Tx, id, verdict, "", f.by(""))
	f.must(err)
	return step
}

func (f *floor) inspect(id shipping.ReturnID, code string) scan.Step {
	f.T.Helper()
	step, err := shipping.Inspect(ctx, f.Tx, id, f.by(code))
	f.must(err)
	return step
}

// received counts n mugs and finishes.
func (f *floor) received(id shipping.ReturnID, n int) {
	f.T.Helper()
	for range n {
		f.right(f.count(id, f.sku(f.mug)))
	}
	if step := f.press(id, "finish-short"); step.Result != scan.Done {
		f.T.Fatalf("finishing answers %+v", step)
	}
}

// judged gives n mugs a verdict.
func (f *floor) judged(id shipping.ReturnID, verdict string, n int) {
	f.T.Helper()
	f.right(f.inspect(id, f.sku(f.mug)))
	if n > 1 {
		f.right(f.inspect(id, fmt.Sprintf("+%d", n)))
	}
	f.right(f.judge(id, verdict))
}

func (f *floor) ret(id shipping.ReturnID) shipping.Return {
	f.T.Helper()
	r, err := shipping.FindReturn(ctx, f.Tx, id)
	f.must(err)
	return r
}
