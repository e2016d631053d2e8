package api_test

import (
	"database/sql"
	"fmt"
	"reflect"
	"testing"

	"tote/inventory/sitetest"
)

// Work that waits is listed page by page in its order: every row once, whatever shares its priority, date or time.
func TestWorkHasPages(t *testing.T) {
	s := open(t, func(in *sitetest.Site) { in.Item("MUG") })
	s.inTx(func(tx *sql.Tx) error {
		for _, fill := range []struct {
			rows string
			with []any
		}{
			{`insert into receipts (warehouse_id, dock_id, opened_by, opened_at, state) select $1, $2, $3, now(), 'closed' from generate_series(1, 7)`,
				[]any{s.Warehouse, s.Dock, s.Staff}},
			{`insert into putaway_tasks (warehouse_id, item_id, from_id, quantity, ref, created_at)
				select $1, (select min(id) from items), $2, n, 'RC-1', now() - n % 3 * interval '1 minute' from generate_series(1, 7) n`,
				[]any{s.Warehouse, s.Dock}},
			{`insert into pick_lists (warehouse_id, priority, due, created_at, state, finished_at)
				select $1, n % 2, now() + n % 3 * interval '1 day', now(), case when n < 6 then 'released' else 'picked' end,
					case when n > 5 then now() - n % 2 * interval '1 hour' end from generate_series(1, 9) n`, []any{s.Warehouse}},
			{`insert into demands (ref, warehouse_id, priority, due, state, released_at)
				select format('O-%s', n), $1, n % 2, now() + n % 3 * interval '1 day', 'picked', now() from generate_series(1, 7) n`, []any{s.Warehouse}},
			{`insert into demand_lines (demand_id, ref, line, item_id, quantity) select id, ref || '.1', 1, (select min(id) from items), 1 from demands where warehouse_id = $1`, []any{s.Warehouse}},
			{`insert into locations (warehouse_id, kind, code) select $1, 'dock', format('D-%s', n) from generate_series(2, 7) n`, []any{s.Warehouse}},
		} {
			if _, err := tx.ExecContext(t.Context(), fill.rows, fill.with...); err != nil {
				return fmt.Errorf("%s: %w", fill.rows, err)
			}
		}
		return nil
	})
	for list, want := range map[string]int{"/receipts?": 7, "/putaway?": 7, "/pick-lists?": 5,
		"/pick-lists?state=released,picked&": 9, "/packing?": 7, "/doors?": 7} {
		whole, _ := s.page(list + "limit=200")
		if len(whole) != want {
			t.Errorf("%s has %d rows, want %d", list, len(whole), want)
		}
		var parts []any
		for next, turned := "", 0; turned == 0 || next != "" && turned < 20; turned++ {
			var rows []any
			if rows, next = s.page(list + "limit=2&cursor=" + next); len(rows) > 2 {
				t.Errorf("%s: a page of %d", list, len(rows))
			}
			parts = append(parts, rows...)
		}
		if !reflect.DeepEqual(parts, whole) {
			t.Errorf("%s by pages:\n%v\nat once:\n%v", list, parts, whole)
		}
	}
}

// page reads a page of a list, and the cursor of the next one.
func (s *site) page(path string) (rows []any, next string) {
	s.t.Helper()
	var page struct {
		Data, Tasks []any
		Next        string
	}
	s.ok("GET", path, nil, &page)
	return append(page.Data, page.Tasks...), page.Next
}
