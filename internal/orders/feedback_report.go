package orders

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
	"tote/inventory"
)

// Scores is what customers said of the orders that had one thing in common.
type Scores struct {
	Key, Name string
	Count     int64 // answers
	Sum       int64 // of the scores, 1 to 5 each
	Low       []Number
}

// Average is the middle score, to a hundredth.
func (s Scores) Average() string {
	if s.Count == 0 {
		return ""
	}
	hundredths := (s.Sum*100 + s.Count/2) / s.Count
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

// Judged are the scores of a period by one thing that orders have in common.
type Judged struct {
	By   string // "SKU", "artist", "picker", "packer", "carrier"
	Rows []Scores
}

// judges say which orders (by id) have what in common. An order counts once for each: for each of its SKUs, everybody
// who drew, picked or packed of it, every carrier that brought some of it.
var judges = []struct{ by, of string }{
	{"SKU", `select distinct order_id, sku as key, name from order_lines where quantity > cancelled`},
	{"artist", `
		select distinct l.order_id, s.id::text as key, s.name
		from art_jobs j join order_lines l on l.ref = j.ref join staff s on s.id = j.artist_id where j.state <> 'cancelled'`},
	{"picker", `
		select distinct d.order_id, s.id::text as key, s.name
		from pick_tasks t join pick_lists l on l.id = t.list_id join staff s on s.id = l.picker_id
		join order_lines d on d.ref = t.ref where t.picked > 0`},
	{"packer", `
		select distinct o.id as order_id, s.id::text as key, s.name
		from cartons c join orders o on 'O-' || o.number = c.ref join staff s on s.id = coalesce(c.closed_by, c.opened_by)
		where c.state <> 'void'`},
	{"carrier", `
		select distinct o.id as order_id, c.code as key, c.name
		from shipment_orders so join orders o on 'O-' || o.number = so.ref
		join shipments s on s.id = so.shipment_id join carriers c on c.code = s.carrier
		where s.dispatched_at is not null`},
	{"cause", `select order_id, cause as key, cause as name from feedback where cause <> ''`},
}

// Week is what customers said in one week.
type Week struct {
	Monday time.Time
	Count  int64 // answers
	Sum    int64 // of the scores
	Low    int64 // scores of 1 and 2
}

// Weeks is what customers said of a warehouse's orders week by week, in the zone of from; weeks without an answer are
// among them.
func Weeks(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, from, to time.Time) (_ []Week, err error) {
	defer fault.Wrap(&err, "orders.Weeks")
	return pg.Collect(func(w *Week) []any { return []any{&w.Monday, &w.Count, &w.Sum, &w.Low} })(q.QueryContext(ctx, `
		select w.monday::date, count(f.score), coalesce(sum(f.score), 0), count(*) filter (where f.score <= $4)
		from generate_series(date_trunc('week', $1::timestamptz at time zone $3), ($2::timestamptz at time zone $3) - interval '1 day', interval '1 week') w (monday)
		left join (feedback f join orders o on o.id = f.order_id and o.warehouse_id = $5) on f.score is not null and f.answered_at >= $1 and f.answered_at < $2
		     and date_trunc('week', f.answered_at at time zone $3) = w.monday
		group by w.monday order by w.monday`, from, to, zoneName(from), lowScore, warehouse))
}

// zoneName is what PostgreSQL calls a moment's zone.
func zoneName(t time.Time) string {
	if name := t.Location().String(); name != "Local" {
		return name
	}
	return "UTC"
}

// FeedbackReport is what customers said of a warehouse's orders in a period, from its first moment to before its last, by
// all that may have caused it; the worst stand first.
func FeedbackReport(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, from, to time.Time) (all []Judged, err error) {
	defer fault.Wrap(&err, "orders.FeedbackReport")
	for _, j := range judges {
		rows, err := pg.Collect(func(s *Scores) []any {
			return []any{&s.Key, &s.Name, &s.Count, &s.Sum, pg.Array(&s.Low)}
		})(q.QueryContext(ctx, `
			select j.key, min(j.name), count(*), sum(f.score),
			       coalesce(array_agg(o.number order by o.number) filter (where f.score <= $3), '{}')
			from feedback f join orders o on o.id = f.order_id join (`+j.of+`) j on j.order_id = f.order_id
			where f.score is not null and f.answered_at >= $1 and f.answered_at < $2 and o.warehouse_id = $4
			group by j.key order by avg(f.score), count(*) desc, min(j.name)`, from, to, lowScore, warehouse))
		if err != nil {
			return nil, err
		}
		all = append(all, Judged{j.by, rows})
	}
	return all, nil
}

// ExportFeedback writes the report as CSV.
func ExportFeedback(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, out io.Writer, from, to time.Time) error {
	all, err := FeedbackReport(ctx, q, warehouse, from, to)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, j := range all {
		for _, s := range j.Rows {
			low := make([]string, len(s.Low))
			for i, n := range s.Low {
				low[i] = n.String()
			}
			rows = append(rows, []string{j.By, s.Key, s.Name, strconv.FormatInt(s.Count, 10), s.Average(), strings.Join(low, " ")})
		}
	}
	return sheet.Write(out, []string{"by", "key", "name", "answers", "average", "low"}, rows)
}
