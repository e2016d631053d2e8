package orders

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Support is the one person of ours a customer reaches about an order.
type Support struct {
	ID         staff.ID // 0: nobody, the settings' contacts answer
	Name       string
	Email      string // "" = as the settings say
	Phone      string
	OpenOrders int // with this contact
}

// Reached is how the contact is reached, as one line.
func (s Support) Reached() string {
	switch {
	case s.Email != "" && s.Phone != "":
		return s.Email + ", " + s.Phone
	case s.Email != "":
		return s.Email
	}
	return s.Phone
}

// Supporters is the client support of a warehouse, the least loaded first.
func Supporters(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []Support, err error) {
	defer fault.Wrap(&err, "orders.Supporters")
	return pg.Collect(func(s *Support) []any { return []any{&s.ID, &s.Name, &s.Email, &s.Phone, &s.OpenOrders} })(q.QueryContext(ctx, `
		select s.id, s.name, s.email, s.phone, (select count(*) from orders o where o.contact_id = s.id and o.stage not in ('shipped', 'delivered', 'cancelled')) as open
		from staff s where s.active and s.warehouse_id = $1 and $2 = any(s.roles) order by open, s.id`, warehouse, staff.ClientSupport))
}

// support gives each fresh order to whoever of client support has least to do. Where nobody is, the settings' contacts answer.
func support(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := Supporters(ctx, tx, warehouse)
	if err != nil || len(list) == 0 {
		return err
	}
	chosen := make([]staff.ID, len(ids))
	for i := range ids {
		least := 0
		for k := range list {
			if list[k].OpenOrders < list[least].OpenOrders {
				least = k
			}
		}
		list[least].OpenOrders++
		chosen[i] = list[least].ID
	}
	_, err = tx.ExecContext(ctx, `
		update orders set contact_id = c.contact from unnest($1::bigint[], $2::bigint[]) as c (id, contact) where orders.id = c.id`, pg.Array(ids), pg.Array(chosen))
	return err
}

// SetContact gives an order another contact.
func SetContact(ctx context.Context, tx *sql.Tx, n Number, to staff.ID, by staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "orders.SetContact(%s)", n)
	o, err := lock(ctx, tx, n)
	if err != nil {
		return err
	}
	var name string
	err = tx.QueryRowContext(ctx, `
		select s.name from staff s join orders o on o.warehouse_id = s.warehouse_id
		where o.id = $1 and s.id = $2 and s.active and $3 = any(s.roles)`, o.id, to, staff.ClientSupport).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Fields{{Name: "contact", Message: "Choose somebody of client support."}}
	}
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `update orders set contact_id = $2 where id = $1 and contact_id is distinct from $2`, o.id, to)
	if err != nil {
		return err
	}
	if changed, err := done.RowsAffected(); err != nil || changed == 0 {
		return err
	}
	return tell(ctx, tx, by, at, event{o.id, "contact changed", name})
}

func (v *View) readSupport(ctx context.Context, q pg.Querier) error {
	err := q.QueryRowContext(ctx, `
		select s.id, s.name, s.email, s.phone from orders o join staff s on s.id = o.contact_id where o.id = $1`, v.ID).Scan(&v.Contact.ID, &v.Contact.Name, &v.Contact.Email, &v.Contact.Phone)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// ContactFor is whom a customer reaches about an order at a stage of its journey, and the clock of its warehouse.
func ContactFor(ctx context.Context, q pg.Querier, n Number, stage string) (c Contact, zone *time.Location, err error) {
	defer fault.Wrap(&err, "orders.ContactFor(%s)", n)
	v, err := readOrder(ctx, q, `o.number = $1`, int64(n))
	if err != nil {
		return c, nil, err
	}
	if err := v.readSupport(ctx, q); err != nil {
		return c, nil, err
	}
	settings, err := LoadSettings(ctx, q)
	return v.contact(settings, stage), v.Zone, err
}
