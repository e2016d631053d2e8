package api

import (
	"context"
	"database/sql"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/inventory"
)

// Item is a thing that is stocked.
type Item struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	LengthMM int64  `json:"length_mm"`
	WidthMM  int64  `json:"width_mm"`
	HeightMM int64  `json:"height_mm"`
	WeightG  int64  `json:"weight_g"`
	BinClass string `json:"bin_class"`
	Upright  bool   `json:"upright" doc:"Its height stays up in a carton"`
	Alone    bool   `json:"ships_alone" doc:"Each unit is a parcel of its own"`
	Active   bool   `json:"active"`

	Rules stockRules `json:"rules"`
}

// stockRules is how pieces of an item are told apart and leave, and what the dock asks of it.
type stockRules struct {
	Tracking     string `json:"tracking,omitempty" doc:"none, lot or serial; none if absent"`
	Expires      bool   `json:"expires,omitempty" doc:"Each lot has a last good day"`
	Removal      string `json:"removal,omitempty" doc:"fefo, fifo or closest; absent is as the warehouse says"`
	ShelfDays    int64  `json:"shelf_days,omitempty" doc:"A lot must be good for so many days more, or it is not promised"`
	OverPercent  *int64 `json:"over_percent,omitempty" doc:"So much more than ordered is taken at the dock; absent is as the supplier says"`
	InspectEvery int64  `json:"inspect_every,omitempty" doc:"Each nth receipt is looked at before it is put away; 0 is none"`
}

func showStockRules(i inventory.Item) stockRules {
	return stockRules{string(i.Tracking), i.Expires, string(i.Removal), i.ShelfDays, i.OverPercent, i.InspectEvery}
}

func (r stockRules) on(i *inventory.Item) {
	i.Tracking, i.Expires, i.Removal = inventory.Tracking(r.Tracking), r.Expires, inventory.Removal(r.Removal)
	i.ShelfDays, i.OverPercent, i.InspectEvery = r.ShelfDays, r.OverPercent, r.InspectEvery
}

func showItem(i inventory.Item) Item {
	return Item{i.SKU, i.Name, i.LengthMM, i.WidthMM, i.HeightMM, i.WeightG, string(i.BinClass), i.Upright, i.Alone, i.Active, showStockRules(i)}
}

// ItemForm is what is said of one.
type ItemForm struct {
	Name     string `json:"name"`
	LengthMM int64  `json:"length_mm,omitempty"`
	WidthMM  int64  `json:"width_mm,omitempty"`
	HeightMM int64  `json:"height_mm,omitempty"`
	WeightG  int64  `json:"weight_g,omitempty"`
	BinClass string `json:"bin_class,omitempty" doc:"shelf, small, bulk or pallet; shelf if absent"`
	Upright  bool   `json:"upright,omitempty" doc:"Its height stays up in a carton"`
	Alone    bool   `json:"ships_alone,omitempty" doc:"Each unit is a parcel of its own"`

	Rules *stockRules `json:"rules,omitempty" doc:"Lots and the dock; absent leaves them as they are"`
}

func (f ItemForm) item(sku string) inventory.Item {
	i := inventory.Item{SKU: sku, Name: f.Name, LengthMM: f.LengthMM, WidthMM: f.WidthMM, HeightMM: f.HeightMM, WeightG: f.WeightG,
		BinClass: inventory.BinClass(f.BinClass), Upright: f.Upright, Alone: f.Alone, Active: true}
	if f.Rules != nil {
		f.Rules.on(&i)
	}
	return i
}

type Listing struct {
	Paging
	Search string `query:"search" maxLength:"200" doc:"Text that must occur"`
}

func (a *API) listItems(ctx context.Context, in *Listing) (out page[Item], err error) {
	after, err := in.after()
	if err != nil {
		return out, err
	}
	rows, err := inventory.Items(ctx, a.DB, in.Search, after, in.Limit+1)
	return paged(in.Paging, rows, func(i inventory.Item) string { return i.SKU }, showItem), err
}

type newItem struct {
	SKU string `json:"sku"`
	ItemForm
}

func (a *API) addItem(ctx context.Context, tx *sql.Tx, in *Post[newItem]) (out Item, err error) {
	id, err := inventory.AddItem(ctx, tx, in.Body.item(in.Body.SKU))
	if err != nil {
		return out, err
	}
	i, err := inventory.ItemByID(ctx, tx, id)
	return showItem(i), err
}

// OfItem is a path that names an item.
type OfItem struct {
	SKU string `path:"sku" doc:"In any case"`
}

func (o OfItem) find(ctx context.Context, q pg.Querier) (inventory.Item, error) {
	return inventory.FindItem(ctx, q, segment(o.SKU))
}

type barcode struct {
	Code     string `json:"code"`
	Quantity int64  `json:"quantity,omitempty" doc:"What one scan of it counts, 12 on a case of twelve; 1 if absent"`
}

func showBarcode(b inventory.Barcode) barcode { return barcode{b.Code, b.Quantity} }

type itemWithCodes struct {
	Item
	Barcodes []barcode    `json:"barcodes" nullable:"false"`
	Options  []itemOption `json:"options" nullable:"false" doc:"What an order may choose of it"`
}

func withCodes(ctx context.Context, q pg.Querier, i inventory.Item) (out itemWithCodes, err error) {
	codes, err := inventory.Barcodes(ctx, q, i.ID)
	if err != nil {
		return out, err
	}
	options, err := orders.OptionsOf(ctx, q, i.ID)
	return itemWithCodes{showItem(i), each(codes, showBarcode), each(options[i.ID], showOption)}, err
}

func (a *API) getItem(ctx context.Context, in *OfItem) (out itemWithCodes, err error) {
	i, err := in.find(ctx, a.DB)
	if err != nil {
		return out, err
	}
	return withCodes(ctx, a.DB, i)
}

type editedItem struct {
	ItemForm
	Active *bool `json:"active,omitempty" doc:"false takes it out of use; true if absent"`
}

func (a *API) editItem(ctx context.Context, tx *sql.Tx, in *struct {
	OfItem
	Put[editedItem]
}) (out Item, err error) {
	old, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	i := in.Body.item(old.SKU)
	if in.Body.Rules == nil {
		showStockRules(old).on(&i)
	}
	i.ID, i.Active = old.ID, in.Body.Active == nil || *in.Body.Active
	if err := inventory.EditItem(ctx, tx, i); err != nil {
		return out, err
	}
	i, err = inventory.ItemByID(ctx, tx, old.ID)
	return showItem(i), err
}

func (a *API) addBarcode(ctx context.Context, tx *sql.Tx, in *struct {
	OfItem
	Post[barcode]
}) (out itemWithCodes, err error) {
	i, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	b := inventory.Barcode{Code: in.Body.Code, Item: i.ID, Quantity: in.Body.Quantity}
	if b.Quantity == 0 {
		b.Quantity = 1
	}
	if err := inventory.AddBarcode(ctx, tx, b); err != nil {
		return out, err
	}
	return withCodes(ctx, tx, i)
}

func (a *API) dropBarcode(ctx context.Context, tx *sql.Tx, in *struct {
	OfItem
	Code string `path:"code"`
	Gone
}) (out itemWithCodes, err error) {
	i, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	if err := inventory.DropBarcode(ctx, tx, i.ID, segment(in.Code)); err != nil {
		return out, err
	}
	return withCodes(ctx, tx, i)
}
