package orders

import (
	"context"
	"database/sql"
	"io"
	"slices"
	"strconv"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
	"tote/inventory"
)

// Price is an item's place in the price list.
type Price struct {
	Item   inventory.ItemID
	SKU    string
	Name   string
	Amount Money
	Listed bool // false: no price in the house's currency
	Breaks []Break
	Tool   string // the kind that it may be made with; "" = none
}

// Break is a lower price of one piece from so many pieces of its item in an order on.
type Break struct {
	From   int64
	Amount Money
}

// breaksOf is the breaks of items, the largest quantity first.
func breaksOf(ctx context.Context, q pg.Querier, currency string, items []inventory.ItemID) (map[inventory.ItemID][]Break, error) {
	type row struct {
		item inventory.ItemID
		Break
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.item, &r.From, &r.Amount.Minor} })(q.QueryContext(ctx, `
		select item_id, from_quantity, amount_minor from price_breaks where currency = $1 and item_id = any($2) order by item_id, from_quantity desc`, currency, pg.Array(items)))
	found := map[inventory.ItemID][]Break{}
	for _, r := range rows {
		r.Amount.Currency = currency
		found[r.item] = append(found[r.item], r.Break)
	}
	return found, err
}

// Prices lists items and their prices whose SKU or name contains the search, by SKU, beginning after
// the SKU `after` (keyset paging).
func Prices(ctx context.Context, q pg.Querier, search, after string, limit int) (list []Price, err error) {
	defer fault.Wrap(&err, "orders.Prices(%q)", short(search))
	if wrongText(search, 200, false) != "" || wrongText(after, 200, false) != "" {
		return nil, nil // nothing is called that
	}
	list, err = pg.Collect(func(p *Price) []any {
		return []any{&p.Item, &p.SKU, &p.Name, &p.Amount.Minor, &p.Listed, &p.Amount.Currency, &p.Tool}
	})(q.QueryContext(ctx, `
		select i.id, i.sku, i.name, coalesce(p.amount_minor, 0), p.amount_minor is not null, s.currency,
		       coalesce((select k.name from item_tools t join tool_kinds k on k.id = t.kind_id and k.retired_at is null where t.item_id = i.id), '')
		from items i
		cross join settings s
		left join prices p on p.item_id = i.id and p.currency = s.currency
		where i.active and i.sku > $1 and ($2 = '' or i.sku || ' ' || i.name ilike '%' || $2 || '%')
		order by i.sku limit $3`, after, likeable(search), limit))
	if err != nil || len(list) == 0 {
		return list, err
	}
	ids := make([]inventory.ItemID, len(list))
	for i, p := range list {
		ids[i] = p.Item
	}
	breaks, err := breaksOf(ctx, q, list[0].Amount.Currency, ids)
	for i := range list {
		list[i].Breaks = breaks[list[i].Item]
	}
	return list, err
}

// mostOffered bounds the items on an order form; whoever sells more types SKUs, or sends orders through the API.
const mostOffered = 2000

// Offered lists the items that have a price, for those who choose one.
func Offered(ctx context.Context, q pg.Querier) ([]Price, error) {
	list, err := Prices(ctx, q, "", "", mostOffered)
	return slices.DeleteFunc(list, func(p Price) bool { return !p.Listed }), err
}

// PriceForm is one line of the price list as typed; an empty Amount takes it out of the list.
type PriceForm struct {
	SKU    string `json:"sku"`
	Amount string `json:"amount"`         // of one piece
	From   string `json:"from,omitempty"` // pieces of the item in an order; empty: from the first on
}

// SetPrices changes prices, all or none. Orders that were placed keep theirs.
func SetPrices(ctx context.Context, tx *sql.Tx, forms ...PriceForm) (err error) {
	defer fault.Wrap(&err, "orders.SetPrices(%d)", len(forms))
	settings, err := LoadSettings(ctx, tx)
	if err != nil {
		return err
	}
	var wrong fault.Fields
	rows, err := readPrices(ctx, tx, settings.Currency, forms, func(i int, field, sentence string) {
		wrong.Add("prices."+strconv.Itoa(i)+"."+field, "%s", sentence)
	})
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return wrong
	}
	return storePrices(ctx, tx, settings.Currency, rows)
}

// priceRow is a price that was read; nil takes it out.
type priceRow struct {
	item   inventory.ItemID
	from   int64 // 1: the price itself
	amount *int64
}

// readPrices checks forms and tells what is wrong with which.
func readPrices(ctx context.Context, q pg.Querier, currency string, forms []PriceForm, wrong func(i int, field, sentence string)) ([]priceRow, error) {
	skus := map[string]bool{}
	for _, f := range forms {
		skus[tidy(f.SKU)] = true
	}
	items, err := itemsOf(ctx, q, currency, askable(skus))
	if err != nil {
		return nil, err
	}
	type place struct {
		item inventory.ItemID
		from int64
	}
	seen := map[place]bool{}
	rows := make([]priceRow, 0, len(forms))
	for i, f := range forms {
		found, known := items[tidy(f.SKU)]
		row := priceRow{item: found.id, from: 1}
		if from := tidy(f.From); from != "" {
			n, err := strconv.ParseInt(from, 10, 64)
			if err != nil || n < 1 || n > maxQuantity {
				wrong(i, "from", "From is how many pieces: a whole number up to "+strconv.Itoa(maxQuantity)+".")
			}
			row.from = n
		}
		switch at := (place{found.id, row.from}); {
		case !known:
			wrong(i, "sku", "No item has the SKU "+strconv.Quote(short(f.SKU))+".")
		case seen[at]:
			wrong(i, "sku", short(f.SKU)+" stands twice in the list.")
		default:
			seen[at] = true
		}
		if amount := tidy(f.Amount); amount != "" {
			money, err := ParseMoney(amount, currency)
			if err != nil {
				wrong(i, "amount", fault.Message(err))
			}
			row.amount = &money.Minor
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func storePrices(ctx context.Context, tx *sql.Tx, currency string, rows []priceRow) error {
	var gone, set, amounts []int64
	for _, r := range rows {
		if r.from > 1 {
			if err := storeBreak(ctx, tx, currency, r); err != nil {
				return err
			}
			continue
		}
		if r.amount == nil {
			gone = append(gone, int64(r.item))
		} else {
			set, amounts = append(set, int64(r.item)), append(amounts, *r.amount)
		}
	}
	if _, err := tx.ExecContext(ctx, `delete from prices where currency = $1 and item_id = any($2)`, currency, pg.Array(gone)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		insert into prices (item_id, currency, amount_minor)
		select u.item, $1, u.amount from unnest($2::bigint[], $3::bigint[]) as u(item, amount) order by u.item
		on conflict (item_id, currency) do update set amount_minor = excluded.amount_minor`, currency, pg.Array(set), pg.Array(amounts))
	return err
}

func storeBreak(ctx context.Context, tx *sql.Tx, currency string, r priceRow) (err error) {
	if r.amount == nil {
		_, err = tx.ExecContext(ctx, `delete from price_breaks where item_id = $1 and currency = $2 and from_quantity = $3`, r.item, currency, r.from)
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into price_breaks (item_id, currency, from_quantity, amount_minor) values ($1, $2, $3, $4)
		on conflict (item_id, currency, from_quantity) do update set amount_minor = excluded.amount_minor`, r.item, currency, r.from, *r.amount)
	return err
}

// priceColumns is the price list as a file. "amount" is also called price, so a list of items that has
// a price column can be loaded here as it is.
var priceColumns = []sheet.Column{{Name: "sku", Required: true}, {Name: "amount", Also: []string{"price"}, Required: true}, {Name: "from", Also: []string{"from_quantity"}}}

// LoadPrices reads a price list; each bad row is named by its line and then nothing is stored.
func LoadPrices(ctx context.Context, tx *sql.Tx, file io.Reader) (n int, err error) {
	defer fault.Wrap(&err, "orders.LoadPrices")
	settings, err := LoadSettings(ctx, tx)
	if err != nil {
		return 0, err
	}
	sheetRows, err := sheet.Read(file, priceColumns...)
	if err != nil {
		return 0, err
	}
	forms := make([]PriceForm, len(sheetRows))
	for i, r := range sheetRows {
		forms[i] = PriceForm{SKU: r.Get("sku"), Amount: r.Get("amount"), From: r.Get("from")}
	}
	var wrong fault.Fields
	rows, err := readPrices(ctx, tx, settings.Currency, forms, func(i int, _, sentence string) {
		wrong.Add("line "+strconv.Itoa(sheetRows[i].Line), "Line %d: %s", sheetRows[i].Line, sentence)
	})
	if err != nil {
		return 0, err
	}
	if len(wrong) > 0 {
		return 0, wrong
	}
	return len(rows), storePrices(ctx, tx, settings.Currency, rows)
}

// ExportPrices writes the price list as LoadPrices reads it.
func ExportPrices(ctx context.Context, q pg.Querier, out io.Writer) (err error) {
	defer fault.Wrap(&err, "orders.ExportPrices")
	var rows [][]string
	for after := ""; ; {
		page, err := Prices(ctx, q, "", after, 1000)
		if err != nil {
			return err
		}
		for _, p := range page {
			amount := ""
			if p.Listed {
				amount = p.Amount.Amount()
			}
			rows = append(rows, []string{p.SKU, p.Name, amount, ""})
			for _, b := range p.Breaks {
				rows = append(rows, []string{p.SKU, p.Name, b.Amount.Amount(), strconv.FormatInt(b.From, 10)})
			}
		}
		if len(page) < 1000 {
			return sheet.Write(out, []string{"sku", "name", "amount", "from"}, rows)
		}
		after = page[len(page)-1].SKU
	}
}
