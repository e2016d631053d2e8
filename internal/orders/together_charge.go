package orders

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/staff"
)

// recharge shares out the shipping charge of a group anew; anew is an order that gets its share though it is agreed.
func recharge(ctx context.Context, tx *sql.Tx, group int64, anew ID, by staff.ID, at time.Time) error {
	list, err := mates(ctx, tx, `o.cancelled_at is null and o.id in (select order_id from group_orders where group_id = $1)`, group)
	if err != nil || len(list) == 0 {
		return err
	}
	return charge(ctx, tx, list, anew, by, at)
}

// shares is what each of the orders is charged when they travel together: the charge of one parcel of all their weight,
// which the first pays up to its own weight, each further one what it adds. What the agreed ones pay stays; the others pay
// the rest, so together they never pay more than the parcel, nor less once that is possible.
func (s Settings) shares(list []mate, anew ID) []int64 {
	shares := make([]int64, len(list))
	var grams, before, open int64
	for i, m := range list {
		grams += m.grams
		sum := s.shippingCharge(grams)
		shares[i], before = sum-before, sum
		if m.agreed() && m.id != anew {
			shares[i] = m.shipping
		} else {
			open += shares[i]
		}
	}
	rest := s.shippingCharge(grams)
	for i, m := range list {
		if m.agreed() && m.id != anew {
			rest -= shares[i]
		}
	}
	level(list, shares, anew, max(0, rest)-open)
	return shares
}

// level adds what is missing to the first share that is not agreed, or takes what is too much off them, the first first.
func level(list []mate, shares []int64, anew ID, missing int64) {
	for i, m := range list {
		if m.agreed() && m.id != anew || missing == 0 {
			continue
		}
		part := max(missing, -shares[i])
		shares[i], missing = shares[i]+part, missing-part
	}
}

// charge gives each order its share, unless its charge is agreed, and tells what changed.
func charge(ctx context.Context, tx *sql.Tx, list []mate, anew ID, by staff.ID, at time.Time) error {
	settings, err := LoadSettings(ctx, tx)
	if err != nil {
		return err
	}
	for i, share := range settings.shares(list, anew) {
		m := list[i]
		if m.agreed() && m.id != anew || m.cancelled || share == m.shipping {
			continue
		}
		rate, err := taxedAt(ctx, tx, m.goods+m.shipping+m.tools, m.tax, settings)
		if err != nil {
			return err
		}
		tax := Settings{TaxPermille: rate}.tax(m.goods + share + m.tools)
		if _, err := tx.ExecContext(ctx, `update orders set shipping_minor = $2, tax_minor = $3, total_minor = goods_minor + tools_minor + $2 + $3 where id = $1`, m.id, share, tax); err != nil {
			return err
		}
		words := "shipping from " + Money{m.shipping, m.total.Currency}.String() + " to " + Money{share, m.total.Currency}.String()
		if err := tell(ctx, tx, by, at, event{m.id, "charged anew", words}); err != nil {
			return err
		}
	}
	return nil
}
