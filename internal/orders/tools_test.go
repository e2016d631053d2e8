package orders_test

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/production"
	"tote/internal/staff"
)

// stamps lets the bowl take a brass stamp of 40 euros; the answer is who set it up.
func stamps(t *testing.T, tx *sql.Tx) (by staff.ID) {
	t.Helper()
	ok(t, tx.QueryRow(`select min(id) from staff`).Scan(&by))
	if _, err := production.SaveKind(ctx, tx, production.ToolKind{Name: "Brass stamp", Price: 4000, Instructions: "Mirror it.", SKUs: []string{bowlSKU}}, by); err != nil {
		t.Fatal(err)
	}
	return by
}

func stamped() orders.Form {
	f := form()
	f.Lines = []orders.FormLine{{SKU: bowlSKU, Quantity: "2", Tool: orders.WithStamp}, {SKU: bowlSKU, Quantity: "1", Tool: orders.Unlabelled}}
	return f
}

func tools(t *testing.T, q pg.Querier) []production.Tool {
	t.Helper()
	list, err := production.Tools(ctx, q, 0, 99)
	ok(t, err)
	return list
}

func view(t *testing.T, tx *sql.Tx, n orders.Number) orders.View {
	t.Helper()
	v, err := orders.Read(ctx, tx, n)
	ok(t, err)
	return v
}

func payAll(t *testing.T, tx *sql.Tx, n orders.Number) {
	t.Helper()
	v := view(t, tx, n)
	if _, err := orders.Pay(ctx, tx, orders.Payment{Key: n.String(), Orders: []orders.Number{n}, Amount: v.Open().Amount(), Method: "bank transfer", Reference: n.String(), At: noon}); err != nil {
		t.Fatal(err)
	}
	ok(t, orders.IssueInvoices(ctx, tx, n.String(), noon))
}

func TestEverySizeIsMadeWithTheStamp(t *testing.T) {
	sizes := map[string][]orders.Option{"MUG": {{Name: "Size", Kind: orders.OptionChoice, Run: true, Choices: []orders.Choice{{Value: "S"}, {Value: "L"}}}}}
	all, _ := orders.Spread([]orders.FormLine{{SKU: "MUG", Tool: orders.WithStamp, Run: map[string]string{"Size.S": "4", "Size.L": "2"}}}, sizes)
	if len(all) != 2 || all[0].Tool != orders.WithStamp || all[1].Tool != orders.WithStamp {
		t.Errorf("the sizes are %+v", all)
	}
}

func TestAStampIsChargedOnceAndUsedAgain(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	sends := custom(t, tx, s)
	by := stamps(t, tx)
	priced, err := stamped().Check(ctx, tx, s.warehouse, noon)
	if err != nil || priced.Tools != 4000 {
		t.Fatalf("before it is ordered it costs %d, %v", priced.Tools, err)
	}
	first := s.place(t, tx, "one", stamped())
	v := view(t, tx, first.Number)
	if net := v.Goods.Minor + v.Shipping.Minor + 4000; v.Tools.Minor != 4000 || v.Total.Minor != net+v.Tax.Minor || v.Tax.Minor != (net*190+500)/1000 || v.Total.Minor != priced.Total() {
		t.Errorf("it costs %v + %v + %v + %v = %v", v.Goods, v.Shipping, v.Tools, v.Tax, v.Total)
	}
	payAll(t, tx, first.Number)
	bill, err := orders.ReadBill(ctx, tx, orders.PayPage{Token: journeyOf(t, tx, first.Number)})
	if err != nil || bill.Orders[0].Tools.Minor != 4000 {
		t.Errorf("the pay page shows %+v, %v", bill.Orders, err)
	}
	d := paper(t, tx, first.Number)
	if d.Tools != 4000 || d.Total != v.Total.Minor || d.Permille != 190 {
		t.Errorf("the invoice says %+v", d)
	}
	second := s.place(t, tx, "two", stamped())
	if v := view(t, tx, second.Number); v.Tools.Minor != 0 {
		t.Errorf("the second order pays %v for the stamp", v.Tools)
	}
	list := tools(t, tx)
	if len(list) != 1 || list[0].State != production.ToolWanted || list[0].Document != first.Number.String() {
		t.Fatalf("the tools are %+v", list)
	}
	sends(first.Number.Line(1))
	sends(first.Number.Line(2))
	if list = tools(t, tx); list[0].Hash == "" || list[0].Waiting != 1 {
		t.Errorf("with approved artwork the stamp is %+v", list[0])
	}
	ok(t, production.BeginTool(ctx, tx, list[0].ID, by, noon))
	if err := production.BeginTool(ctx, tx, list[0].ID, by, noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("begun twice: %v", err)
	}
	ok(t, production.KeepTool(ctx, tx, list[0].ID, "Shelf 4", by, noon))
	if err := production.EndTool(ctx, tx, list[0].ID, production.ToolBroken, false, by, noon); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "work orders are made with") {
		t.Errorf("broken while pieces need it: %v", err)
	}
	ok(t, production.EndTool(ctx, tx, list[0].ID, production.ToolBroken, true, by, noon))
	if list = tools(t, tx); len(list) != 2 || list[0].State != production.ToolWanted || list[0].Charged != 0 || list[0].Waiting != 1 {
		t.Errorf("in its place there is %+v", list)
	}
	lawful(t, tx)
}

// paper is the first invoice of an order.
func paper(t *testing.T, tx *sql.Tx, n orders.Number) orders.Document {
	t.Helper()
	v, err := orders.ReadJourney(ctx, tx, journeyOf(t, tx, n), noon)
	ok(t, err)
	d, err := orders.ReadDocument(ctx, tx, v.Invoices[0].Number)
	ok(t, err)
	return d
}

func TestACancelledOrderGetsItsStampBackUntilItIsBegun(t *testing.T) {
	for name, begun := range map[string]bool{"wanted": false, "begun": true} {
		t.Run(name, func(t *testing.T) {
			tx := pgtest.Tx(t)
			s := set(t, tx)
			custom(t, tx, s)
			by := stamps(t, tx)
			p := s.place(t, tx, "one", stamped())
			payAll(t, tx, p.Number)
			paid := view(t, tx, p.Number).Paid.Minor
			if begun {
				ok(t, production.BeginTool(ctx, tx, tools(t, tx)[0].ID, by, noon))
			}
			back, err := orders.Cancel(ctx, tx, p.Number, "", 0, noon)
			ok(t, err)
			want, state := paid, production.ToolCancelled
			if begun {
				want, state = paid-4000-760, production.ToolBegun
			}
			if back.Minor != want || tools(t, tx)[0].State != state || view(t, tx, p.Number).Back().Minor != want {
				t.Errorf("%v comes back, want %d; the stamp is %s", back, want, tools(t, tx)[0].State)
			}
			lawful(t, tx)
		})
	}
}

func TestAStampThatOthersWaitForStays(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	custom(t, tx, s)
	stamps(t, tx)
	first := s.place(t, tx, "one", stamped())
	s.place(t, tx, "two", stamped())
	if _, err := orders.Cancel(ctx, tx, first.Number, "", 0, noon); err != nil {
		t.Fatal(err)
	}
	if list := tools(t, tx); len(list) != 1 || list[0].State != production.ToolWanted || view(t, tx, first.Number).Tools.Minor != 4000 {
		t.Errorf("the stamp is %+v, the charge %v", list, view(t, tx, first.Number).Tools)
	}
	lawful(t, tx)
}

func TestStampsAreRefusedWhereNoneIs(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	custom(t, tx, s)
	stamps(t, tx)
	f := form()
	f.Lines = []orders.FormLine{{SKU: mugSKU, Quantity: "1", Tool: orders.WithStamp}, {SKU: bowlSKU, Quantity: "1", Tool: "gold"}}
	_, err := f.Check(ctx, tx, s.warehouse, noon)
	for _, field := range []string{"lines.0.tool", "lines.1.tool"} {
		if fault.FieldsOf(err).Of(field) == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	p := s.place(t, tx, "one", stamped())
	e, err := orders.ForEdit(ctx, tx, p.Number)
	ok(t, err)
	e.Form.Lines = append(e.Form.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "1", Tool: orders.WithStamp})
	if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon); fault.FieldsOf(err).Of("lines.2.tool") == "" {
		t.Errorf("a stamp added later: %v", err)
	}
	e.Form.Lines = e.Form.Lines[:2]
	e.Form.Lines[0].Quantity = "1"
	ok(t, orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon))
	if v := view(t, tx, p.Number); v.Tools.Minor != 4000 {
		t.Errorf("after a change the stamp costs %v", v.Tools)
	}
	for field, bad := range map[string]production.ToolKind{"name": {Name: "brass stamp"}, "price": {Name: "New", Price: -1}, "skus": {Name: "New", SKUs: []string{"NONE"}}} {
		if _, err := production.SaveKind(ctx, tx, bad, 1); fault.FieldsOf(err).Of(field) == "" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	lawful(t, tx)
}

func TestOrdersAtOnceShareOneStamp(t *testing.T) {
	db := pgtest.DB(t)
	var s site
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		s = set(t, tx)
		custom(t, tx, s)
		stamps(t, tx)
		s.place(t, tx, "before", form())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			if err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				_, err := orders.Place(ctx, tx, s.sent(fmt.Sprint("at once ", i), stamped()))
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := count(t, db, `select count(*) from orders where tools_minor > 0`); n != 1 || len(tools(t, db)) != 1 {
		t.Errorf("%d orders pay, there are %d stamps", n, len(tools(t, db)))
	}
	lawful(t, db)
}
