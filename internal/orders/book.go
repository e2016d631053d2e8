package orders

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/studio"
	"tote/inventory"
)

// book is everything a batch of forms refers to, read in a handful of statements however many forms
// there are.
type book struct {
	settings  Settings
	warehouse inventory.WarehouseID
	zone      *time.Location // of the warehouse
	at        time.Time
	items     map[string]item                      // by SKU
	customers map[string]Customer                  // by lower-case code and by lower-case e-mail
	carriers  map[string][]string                  // services by carrier's code
	tools     map[int64]map[production.KindID]bool // that customers have
	options   map[inventory.ItemID][]Option
	files     map[string]studio.File // that the forms name, by token
	charged   *int64                 // for tools, by the order that is edited; nil: none is
}

// item is what an order needs to know of an item.
type item struct {
	id      inventory.ItemID
	name    string
	weightG int64
	price   int64
	priced  bool
	active  bool
	breaks  []Break // the largest quantity first
	tool    toolNew // that it may be made with; zero: none
	custom  bool    // it goes through the studio
}

// priceOf is what one piece costs where so many are ordered, and from how many on that holds.
func (i item) priceOf(quantity int64) (price, from int64) {
	for _, b := range i.breaks {
		if quantity >= b.From {
			return b.Amount.Minor, b.From
		}
	}
	return i.price, 0
}

func openBook(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, at time.Time, forms []Form) (*book, error) {
	b := &book{warehouse: warehouse, at: at}
	var err error
	if b.settings, err = LoadSettings(ctx, q); err != nil {
		return nil, err
	}
	if b.zone, err = zoneOf(ctx, q, warehouse); err != nil {
		return nil, err
	}
	if b.carriers, err = carriers(ctx, q); err != nil {
		return nil, err
	}
	skus, people := map[string]bool{}, map[string]bool{}
	for _, f := range forms {
		people[strings.ToLower(f.Customer)], people[strings.ToLower(f.Email)] = true, true
		for _, line := range f.Lines {
			skus[line.SKU] = true
		}
	}
	if b.items, err = itemsOf(ctx, q, b.settings.Currency, askable(skus)); err != nil {
		return nil, err
	}
	if err = b.openOptions(ctx, q, forms); err != nil {
		return nil, err
	}
	if b.customers, err = customersOf(ctx, q, askable(people)); err != nil {
		return nil, err
	}
	ids := map[CustomerID]bool{}
	for _, c := range b.customers {
		ids[c.ID] = true
	}
	return b, b.readTools(ctx, q, sortedKeys(ids))
}

// askable is the keys PostgreSQL can be asked for: the others are not text, so nothing has that name.
func askable(names map[string]bool) []string {
	return slices.Sorted(func(yield func(string) bool) {
		for name := range maps.Keys(names) {
			if name != "" && wrongText(name, 254, false) == "" && !yield(name) {
				return
			}
		}
	})
}

func zoneOf(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (*time.Location, error) {
	var name string
	err := q.QueryRowContext(ctx, `select time_zone from warehouses where id = $1`, warehouse).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "There is no such warehouse. Set one up first.")
	}
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(name)
}

func carriers(ctx context.Context, q pg.Querier) (map[string][]string, error) {
	all, err := Carriers(ctx, q)
	found := map[string][]string{}
	for _, c := range all {
		found[c.Code] = c.Services
	}
	return found, err
}

func (b *book) carrierNames() string {
	return strings.Join(slices.Sorted(maps.Keys(b.carriers)), ", ")
}

func itemsOf(ctx context.Context, q pg.Querier, currency string, skus []string) (map[string]item, error) {
	rows, err := q.QueryContext(ctx, `
		select i.sku, i.id, i.name, i.weight_g, i.active, coalesce(p.amount_minor, 0), p.amount_minor is not null, coalesce(k.id, 0), coalesce(k.price_minor, 0),
		       exists (select from custom_items x where x.item_id = i.id)
		from items i
		left join item_tools t on t.item_id = i.id
		left join tool_kinds k on k.id = t.kind_id and k.retired_at is null
		left join prices p on p.item_id = i.id and p.currency = $1
		where i.sku = any($2)`, currency, pg.Array(skus))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]item{}
	for rows.Next() {
		var sku string
		var i item
		if err := rows.Scan(&sku, &i.id, &i.name, &i.weightG, &i.active, &i.price, &i.priced, &i.tool.kind, &i.tool.price, &i.custom); err != nil {
			return nil, err
		}
		found[sku] = i
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return found, addBreaks(ctx, q, currency, found)
}

func addBreaks(ctx context.Context, q pg.Querier, currency string, found map[string]item) error {
	ids := map[inventory.ItemID]string{}
	for sku, i := range found {
		ids[i.id] = sku
	}
	breaks, err := breaksOf(ctx, q, currency, sortedKeys(ids))
	for id, list := range breaks {
		i := found[ids[id]]
		i.breaks = list
		found[ids[id]] = i
	}
	return err
}

// customersOf finds customers by lower-case codes and e-mails.
func customersOf(ctx context.Context, q pg.Querier, names []string) (map[string]Customer, error) {
	found := map[string]Customer{}
	list, err := queryCustomers(ctx, q, `where lower(c.code) = any($1) or lower(c.email) = any($1)`, pg.Array(names))
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		found[strings.ToLower(c.Code)] = c
		found[strings.ToLower(c.Email)] = c
	}
	return found, nil
}
