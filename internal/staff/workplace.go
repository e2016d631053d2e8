package staff

import (
	"context"
	"database/sql"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Workplaces are the warehouses where somebody may work: his home first, then the others. What he did for a warehouse
// he does not work in any more stays; a session there goes home with its next request.
func Workplaces(ctx context.Context, q pg.Querier, id ID) (_ []int64, err error) {
	defer fault.Wrap(&err, "staff.Workplaces(%d)", id)
	return pg.Values[int64](q.QueryContext(ctx, `
		select w.id from warehouses w, staff m
		where m.id = $1 and (w.id = m.warehouse_id or exists (select from staff_warehouses s where s.staff_id = m.id and s.warehouse_id = w.id))
		order by w.id <> m.warehouse_id, w.code`, id))
}

// WorksIn is the condition, as SQL, that somebody may work in a warehouse; both are expressions.
func WorksIn(who, warehouse string) string {
	return `exists (select from staff w where w.id = ` + who + ` and (w.warehouse_id = ` + warehouse + `
		or exists (select from staff_warehouses o where o.staff_id = w.id and o.warehouse_id = ` + warehouse + `)))`
}

// Admit lets somebody work in a warehouse beside his home; twice is once.
func Admit(ctx context.Context, tx *sql.Tx, id ID, warehouse int64, by ID) (err error) {
	defer fault.Wrap(&err, "staff.Admit(%d, %d)", id, warehouse)
	done, err := tx.ExecContext(ctx, `
		insert into staff_warehouses (staff_id, warehouse_id)
		select m.id, $2 from staff m where m.id = $1 and m.active and m.warehouse_id <> $2
		on conflict do nothing`, id, warehouse)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return Audit(ctx, tx, by, "admit", "", map[string]any{"id": id, "warehouse": warehouse})
}

// Dismiss takes somebody out of a warehouse that is not his home. His sessions there are at home with their next
// request, at no station; others go on.
func Dismiss(ctx context.Context, tx *sql.Tx, id ID, warehouse int64, by ID) (err error) {
	defer fault.Wrap(&err, "staff.Dismiss(%d, %d)", id, warehouse)
	if _, err := tx.ExecContext(ctx, `delete from staff_warehouses where staff_id = $1 and warehouse_id = $2`, id, warehouse); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update sessions set warehouse_id = null, station_id = null where staff_id = $1 and warehouse_id = $2`, id, warehouse); err != nil {
		return err
	}
	return Audit(ctx, tx, by, "dismiss", "", map[string]any{"id": id, "warehouse": warehouse})
}

// GoTo takes a session to a warehouse where its member may work, to no station there. Another warehouse does not exist
// for him.
func GoTo(ctx context.Context, tx *sql.Tx, token string, warehouse int64) (err error) {
	defer fault.Wrap(&err, "staff.GoTo(%d)", warehouse)
	done, err := tx.ExecContext(ctx, `
		update sessions s set station_id = null, warehouse_id = nullif($2::bigint, m.warehouse_id)
		from staff m
		where s.token_hash = $1 and m.id = s.staff_id and `+WorksIn("m.id", "$2"), hashToken(token), warehouse)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.NotFound, "You work in no such warehouse. Choose one of the list.")
}

// Here lists everybody who may work in a warehouse and can be asked to: its own people and those from elsewhere, by name.
func Here(ctx context.Context, q pg.Querier, warehouse int64) (_ []Member, err error) {
	defer fault.Wrap(&err, "staff.Here(%d)", warehouse)
	return pg.Collect((*Member).fields)(q.QueryContext(ctx, `
		select `+memberColumns+` from staff m where m.active and `+WorksIn("m.id", "$1")+` order by m.name, m.id`, warehouse))
}

// Everybody lists who works in any warehouse of the site, by name.
func Everybody(ctx context.Context, q pg.Querier) (_ []Member, err error) {
	defer fault.Wrap(&err, "staff.Everybody()")
	return pg.Collect((*Member).fields)(q.QueryContext(ctx, `select `+memberColumns+` from staff m where m.active order by m.name, m.id`))
}
