package orders_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pgtest"
)

// TestNobodyIsAskedWhoShouldNotBe: not while something is on its way back or a call is owed, not whoever wants no
// questions, has answered or has cancelled.
func TestNobodyIsAskedWhoShouldNotBe(t *testing.T) {
	for why, damage := range map[string]string{
		"The customer wants no such letters.":         `update customers set questions_ended_at = now()`,
		"The customer has answered.":                  `insert into feedback (order_id, asked_at, score, answered_at) select id, now(), 5, now() from orders where reference = 'a'`,
		"Something of this order is on its way back.": `insert into returns (warehouse_id, ref, submission, origin, authorised_at) select warehouse_id, 'O-' || number, 'r', 'staff', now() from orders where reference = 'a'`,
		"The customer waits for a call.":              `insert into feedback (order_id, asked_at, score, answered_at, call_back) select id, now(), 1, now(), 'open' from orders where reference = 'b'`,
		"":                                            `insert into feedback (order_id, asked_at, score, answered_at, call_back) select id, now(), 1, now(), 'done' from orders where reference = 'b'`,
	} {
		t.Run(why, func(t *testing.T) {
			tx := pgtest.Tx(t)
			s := set(t, tx)
			a, b := s.paidOrder(t, tx, "a"), s.paidOrder(t, tx, "b")
			exec(t, tx, `update orders set reference = case when number = $1 then 'a' else 'b' end`, a.Number)
			leave(t, tx, a.Number, true)
			leave(t, tx, b.Number, true)
			exec(t, tx, damage)
			due, err := orders.FeedbackDue(ctx, tx, noon.AddDate(0, 0, 5))
			if err != nil || slices.Contains(due, a.Number) != (why == "") {
				t.Errorf("due are %v (%v)", due, err)
			}
			if got, err := orders.WhyNotAsked(ctx, tx, a.Number); err != nil || got != why {
				t.Errorf("the reason is %q (%v)", got, err)
			}
		})
	}
}

// TestOneReminderAndNeverAfterAnAnswer.
func TestOneReminderAndNeverAfterAnAnswer(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.paidOrder(t, tx, "a")
	leave(t, tx, p.Number, true)
	if _, err := orders.AskFeedback(ctx, tx, p.Number, noon); err != nil {
		t.Fatal(err)
	}
	dueAfter := func(days int) bool {
		t.Helper()
		due, err := orders.RemindersDue(ctx, tx, noon.AddDate(0, 0, days))
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(due, p.Number)
	}
	if dueAfter(6) || !dueAfter(7) || !dueAfter(36) || dueAfter(37) {
		t.Error("a reminder is due after seven days, and for thirty more")
	}
	exec(t, tx, `update settings set reminder_days = 0`)
	if dueAfter(300) {
		t.Error("a house that reminds nobody reminds")
	}
	exec(t, tx, `update settings set reminder_days = 7`)
	exec(t, tx, `update customers set questions_ended_at = now()`)
	if dueAfter(7) {
		t.Error("who wants no questions is reminded")
	}
	exec(t, tx, `update customers set questions_ended_at = null`)
	for i, want := range []bool{true, false} {
		if did, err := orders.RemindFeedback(ctx, tx, p.Number, noon.AddDate(0, 0, 7)); err != nil || did != want {
			t.Errorf("reminding for the %d. time: %v, %v", i+1, did, err)
		}
	}
	if dueAfter(300) {
		t.Error("a second reminder is due")
	}
	if got := slices.DeleteFunc(facts(t, tx), func(f string) bool { return !strings.HasPrefix(f, "feedback.reminded ") }); len(got) != 1 {
		t.Errorf("facts %v, want one", got)
	}
	exec(t, tx, `update feedback set reminded_at = null, score = 4, answered_at = $1`, noon)
	if did, err := orders.RemindFeedback(ctx, tx, p.Number, noon); err != nil || did || dueAfter(7) {
		t.Errorf("who has answered is reminded: %v %v", did, err)
	}
}

// TestQuestionsEndOnlyByTheirLink, once or often, and can be taken back; nobody finds out whose a link is.
func TestQuestionsEndOnlyByTheirLink(t *testing.T) {
	tx := pgtest.Tx(t)
	set(t, tx)
	id, other := customer(t, tx, "anna", ""), customer(t, tx, "ben", "")
	var token string
	if err := tx.QueryRow(`select letters_token from customers where id = $1`, id).Scan(&token); err != nil || len(token) != 32 {
		t.Fatalf("the link is %q (%v)", token, err)
	}
	if n := count(t, tx, `select count(distinct letters_token) from customers`); n != 2 {
		t.Error("two customers have one link")
	}
	for range 2 {
		must(t, orders.EndQuestions(ctx, tx, token, noon))
	}
	must(t, orders.EndQuestions(ctx, tx, token, noon.AddDate(1, 0, 0)))
	for who, want := range map[orders.CustomerID]bool{id: true, other: false} {
		if c, err := orders.CustomerByID(ctx, tx, who); err != nil || c.Ended.IsZero() == want || want && !c.Ended.Equal(noon) {
			t.Errorf("customer %d: %v (%v)", who, c.Ended, err)
		}
	}
	if a, err := orders.ReadAsked(ctx, tx, token); err != nil || !a.Ended || a.Company != "Tote" || a.Language != orders.English {
		t.Errorf("its page says %+v (%v)", a, err)
	}
	must(t, orders.ResumeQuestions(ctx, tx, token))
	if a, err := orders.ReadAsked(ctx, tx, token); err != nil || a.Ended {
		t.Errorf("taken back, its page says %+v (%v)", a, err)
	}
	for _, wrong := range []string{"", "x", token[:31], strings.ToUpper(token) + "0", "' or true --"} {
		if err := orders.EndQuestions(ctx, tx, wrong, noon); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the link %q: %v", wrong, err)
		}
	}
	if err := orders.SetQuestions(ctx, tx, 0, false, 0, noon); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nobody's questions: %v", err)
	}
}

// TestALanguageTravelsInTheFile of customers, there and back.
func TestALanguageTravelsInTheFile(t *testing.T) {
	tx := pgtest.Tx(t)
	set(t, tx)
	if _, err := orders.LoadCustomers(ctx, tx, strings.NewReader("code,name,email,language\nA,Anna,anna@example.com,DE\nB,Ben,ben@example.com,\n"), 0, noon); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	must(t, orders.ExportCustomers(ctx, tx, &out))
	if want := "A,Anna,anna@example.com,,no,,,de\n"; !strings.Contains(out.String(), want) {
		t.Errorf("the file lacks %q:\n%s", want, out.String())
	}
	if _, err := orders.LoadCustomers(ctx, tx, bytes.NewReader(out.Bytes()), 0, noon); err != nil {
		t.Error(err)
	}
	_, err := orders.LoadCustomers(ctx, tx, strings.NewReader("name,email,language\nC,c@example.com,klingon\n"), 0, noon)
	if !strings.Contains(fault.FieldsOf(err).Of("line 2"), "not in \"klingon\"") {
		t.Errorf("a language we do not write: %v", fault.FieldsOf(err))
	}
}

// TestWhoDrewAndPickedIsTold: of two tasks by one picker the order counts once for him, and not for who found nothing of it.
func TestWhoDrewAndPickedIsTold(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.paidOrder(t, tx, "a")
	exec(t, tx, `insert into feedback (order_id, asked_at, score, answered_at) select id, $1, 3, $1 from orders`, noon)
	exec(t, tx, `insert into staff (name, badge, pin_hash, roles, warehouse_id) select n, 'S-' || upper(n) || 'AAAAAAAAAA', 'x', '{picker}', $1 from unnest(array['Ida', 'Uwe']) n`, s.warehouse)
	exec(t, tx, `insert into locations (warehouse_id, kind, code) values ($1, 'bin', 'A-01')`, s.warehouse)
	exec(t, tx, `insert into pick_lists (warehouse_id, picker_id, due, created_at, state, started_at, finished_at) select $1, id, now(), now(), 'picked', now(), now() from staff where name in ('Ida', 'Uwe')`, s.warehouse)
	exec(t, tx, `
		insert into pick_tasks (list_id, sequence, demand_id, ref, item_id, location_id, quantity, picked, short, state)
		select l.id, n, d.demand_id, d.ref, d.item_id, b.id, 1, case when s.name = 'Ida' then 1 else 0 end, case when s.name = 'Ida' then 0 else 1 end, case when s.name = 'Ida' then 'picked' else 'short' end
		from pick_lists l join staff s on s.id = l.picker_id, demand_lines d, locations b, generate_series(1, 2) n where d.ref = $1 and b.code = 'A-01'`, p.Number.String()+".1")
	exec(t, tx, `insert into flows (name, image_check, art, art_control, approval) values ('Drawn', false, true, true, true)`)
	exec(t, tx, `
		insert into art_jobs (ref, document, warehouse_id, item_id, sku, product, pieces, promised, flow_id, asks, image_check, art, art_control, approval, approval_of, least_ppi, good_ppi, print_width_mm, print_height_mm, state, artist_id, since)
		select l.ref, $1, $2, l.item_id, l.sku, l.name, 1, now(), f.id, '', false, true, true, true, 'one', 150, 300, 0, 0, 'approval', s.id, now()
		from order_lines l, flows f, staff s where f.name = 'Drawn' and s.name = 'Uwe'`, p.Number.String(), s.warehouse)
	all, err := orders.FeedbackReport(ctx, tx, s.warehouse, noon, noon.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if rows := all[1].Rows; all[1].By != "artist" || len(rows) != 1 || rows[0].Name != "Uwe" || rows[0].Count != 1 {
		t.Errorf("by artist: %+v", rows)
	}
	if rows := all[2].Rows; all[2].By != "picker" || len(rows) != 1 || rows[0].Name != "Ida" || rows[0].Count != 1 || rows[0].Average() != "3.00" || len(rows[0].Low) != 0 {
		t.Errorf("by picker: %+v", rows)
	}
}

// TestScoresAreCountedOncePerCause: an order of two SKUs counts once for each.
func TestScoresAreCountedOncePerCause(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	f := form()
	f.Lines = append(f.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "1"})
	both := s.place(t, tx, "both", f)
	s.place(t, tx, "one", form())
	exec(t, tx, `insert into feedback (order_id, asked_at, score, answered_at) select id, $1, case when number = $2 then 1 else 4 end, $1 from orders`, noon, both.Number)
	all, err := orders.FeedbackReport(ctx, tx, s.warehouse, noon, noon.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if rows := all[0].Rows; all[0].By != "SKU" || len(rows) != 2 || rows[0].Key != bowlSKU || rows[0].Average() != "1.00" || !slices.Equal(rows[0].Low, []orders.Number{both.Number}) ||
		rows[1].Key != mugSKU || rows[1].Average() != "2.50" || rows[1].Count != 2 || !slices.Equal(rows[1].Low, []orders.Number{both.Number}) {
		t.Errorf("by SKU: %+v", rows)
	}
	for _, period := range [][2]int{{1, 2}, {-1, 0}} {
		none, err := orders.FeedbackReport(ctx, tx, s.warehouse, noon.AddDate(0, 0, period[0]), noon.AddDate(0, 0, period[1]))
		if err != nil || len(none[0].Rows) != 0 {
			t.Errorf("in the days %v: %+v (%v)", period, none, err)
		}
	}
	if far, err := orders.FeedbackReport(ctx, tx, s.warehouse+1, noon, noon.Add(time.Second)); err != nil || len(far[0].Rows) != 0 {
		t.Errorf("of another warehouse: %+v (%v)", far, err)
	}
	var out bytes.Buffer
	must(t, orders.ExportFeedback(ctx, tx, s.warehouse, &out, noon, noon.Add(time.Second)))
	if !strings.Contains(out.String(), "SKU,"+mugSKU+",Blue mug,2,2.50,"+both.Number.String()+"\n") {
		t.Errorf("the file says\n%s", out.String())
	}
}

// TestWeeksAreCounted: every week of the period is there, also one in which nobody said anything.
func TestWeeksAreCounted(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	bad := s.place(t, tx, "bad", form())
	s.place(t, tx, "good", form())
	exec(t, tx, `insert into feedback (order_id, asked_at, score, answered_at) select id, $1, case when number = $2 then 1 else 4 end, $1 from orders`, noon, bad.Number)
	weeks, err := orders.Weeks(ctx, tx, s.warehouse, noon.AddDate(0, 0, -14), noon.AddDate(0, 0, 8))
	must(t, err)
	var all []string
	for _, w := range weeks {
		all = append(all, fmt.Sprintf("%s %d answers, %d in all, %d low", w.Monday.Format("Mon"), w.Count, w.Sum, w.Low))
	}
	if want := []string{"Mon 0 answers, 0 in all, 0 low", "Mon 0 answers, 0 in all, 0 low", "Mon 2 answers, 5 in all, 1 low", "Mon 0 answers, 0 in all, 0 low"}; !slices.Equal(all, want) {
		t.Errorf("the weeks say %q, want %q", all, want)
	}
}

// TestALowScoreIsACase: it belongs to the order's contact, says who had a hand in it, and closes with what was done and what
// had caused it.
func TestALowScoreIsACase(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.paidOrder(t, tx, "k")
	sally := seller(t, tx, s)
	exec(t, tx, `update orders set contact_id = $1`, sally)
	leave(t, tx, order.Number, true)
	must(t, orders.Answer(ctx, tx, order.Journey, "1", "Broken", noon))
	list, err := orders.Calls(ctx, tx, s.warehouse)
	if err != nil || len(list) != 1 || list[0].Owner != "Sally" || len(list[0].May) != 1 || !strings.HasPrefix(list[0].May[0], "brought by ") {
		t.Fatalf("cases %+v (%v)", list, err)
	}
	if far, err := orders.Calls(ctx, tx, s.warehouse+1); err != nil || len(far) != 1 || len(far[0].May) != 1 || !strings.HasPrefix(far[0].May[0], "sent from ") || !strings.HasPrefix(far[0].Owner, "somebody in ") {
		t.Errorf("seen from another warehouse: %+v (%v)", far, err)
	}
	for _, c := range []struct{ note, cause, field string }{{"", "item", "note"}, {"Said sorry", "", "cause"}, {"Said sorry", "fate", "cause"}, {strings.Repeat("x", 1001), "item", "note"}} {
		if err := orders.Called(ctx, tx, order.Number, c.note, c.cause, sally, noon); !slices.Equal(fieldNames(err), []string{c.field}) {
			t.Errorf("closed with %q, %q: %v", c.note, c.cause, err)
		}
	}
	must(t, orders.Called(ctx, tx, order.Number, "Sent a new one", "packing", sally, noon))
	if f := read(t, tx, order.Number).Feedback; f == nil || f.Cause != "packing" || f.CallBack != "done" || f.CalledBy != "Sally" {
		t.Errorf("the closed case is %+v", f)
	}
	all, err := orders.FeedbackReport(ctx, tx, s.warehouse, noon, noon.AddDate(0, 0, 1))
	if err != nil || all[len(all)-1].By != "cause" || all[len(all)-1].Rows[0].Key != "packing" {
		t.Errorf("the report says %+v (%v)", all, err)
	}
}
