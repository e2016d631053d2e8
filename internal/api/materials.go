package api

import (
	"context"
	"database/sql"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/inventory"
	"tote/packing"
)

// material is an item of the stock that others are packed with.
type material struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Per      string `json:"per" enum:"unit,carton" doc:"It is needed for each unit, or once in each carton"`
	Quantity int64  `json:"quantity"`
	Note     string `json:"note,omitempty" doc:"For the packer"`
}

// wish is a material for each carton of a customer.
type wish struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Note     string `json:"note,omitempty" doc:"For the packer"`
}

type materialForm struct {
	SKU      string `json:"sku"`
	Per      string `json:"per,omitempty" doc:"unit or carton; carton if absent"`
	Quantity int64  `json:"quantity" minimum:"1" maximum:"1000"`
	Note     string `json:"note,omitempty" maxLength:"200"`
}

type wishForm struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity" minimum:"1" maximum:"1000"`
	Note     string `json:"note,omitempty" maxLength:"200"`
}

type materials struct {
	Materials []material `json:"materials" nullable:"false"`
}

type wishes struct {
	Materials []wish `json:"materials" nullable:"false"`
}

func materialsOf(ctx context.Context, q pg.Querier, item inventory.ItemID) (out materials, err error) {
	all, err := packing.MaterialsOf(ctx, q, item)
	out.Materials = each(all, func(m packing.Material) material { return material{m.SKU, m.Name, string(m.Per), m.Quantity, m.Note} })
	return out, err
}

func (a *API) getMaterials(ctx context.Context, in *OfItem) (out materials, err error) {
	i, err := in.find(ctx, a.DB)
	if err != nil {
		return out, err
	}
	return materialsOf(ctx, a.DB, i.ID)
}

func (a *API) setMaterials(ctx context.Context, tx *sql.Tx, in *struct {
	OfItem
	Put[struct {
		Materials []materialForm `json:"materials" maxItems:"20" nullable:"false" doc:"All of them: what is not named is not needed any more"`
	}]
}) (out materials, err error) {
	i, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	forms := each(in.Body.Materials, func(f materialForm) packing.MaterialForm {
		return packing.MaterialForm{SKU: f.SKU, Per: f.Per, Quantity: f.Quantity, Note: f.Note}
	})
	if err := packing.SetMaterials(ctx, tx, i.ID, forms, who(ctx).ID); err != nil {
		return out, err
	}
	return materialsOf(ctx, tx, i.ID)
}

func wishesOf(ctx context.Context, q pg.Querier, id orders.CustomerID) (out wishes, err error) {
	if _, err := orders.CustomerByID(ctx, q, id); err != nil {
		return out, err
	}
	all, err := orders.Wishes(ctx, q, id)
	out.Materials = each(all, func(m packing.Material) wish { return wish{m.SKU, m.Name, m.Quantity, m.Note} })
	return out, err
}

func (a *API) getWishes(ctx context.Context, in *OfCustomer) (wishes, error) {
	return wishesOf(ctx, a.DB, orders.CustomerID(in.Customer))
}

func (a *API) setWishes(ctx context.Context, tx *sql.Tx, in *struct {
	OfCustomer
	Put[struct {
		Materials []wishForm `json:"materials" maxItems:"20" nullable:"false" doc:"All of them: what is not named is not wished for any more"`
	}]
}) (out wishes, err error) {
	id := orders.CustomerID(in.Customer)
	forms := each(in.Body.Materials, func(f wishForm) packing.MaterialForm {
		return packing.MaterialForm{SKU: f.SKU, Quantity: f.Quantity, Note: f.Note}
	})
	if err := orders.SetWishes(ctx, tx, id, forms, who(ctx).ID); err != nil {
		return out, err
	}
	return wishesOf(ctx, tx, id)
}

// usedMaterial is what a closed carton was packed with.
type usedMaterial struct {
	SKU   string `json:"sku"`
	Name  string `json:"name"`
	Used  int64  `json:"used"`
	Short int64  `json:"short,omitempty" doc:"Of it the books could not give so many"`
}

// wantedMaterial is what the carton on the bench is to be packed with.
type wantedMaterial struct {
	SKU      string        `json:"sku"`
	Name     string        `json:"name"`
	Proposed int64         `json:"proposed" doc:"For what lies in the carton now; taken as used where nothing else is said"`
	Why      []materialWhy `json:"why" nullable:"false"`
}

type materialWhy struct {
	For  string `json:"for,omitempty" doc:"The item or the box; absent: the customer"`
	Note string `json:"note,omitempty"`
}

func showWanted(w packing.Wanted) wantedMaterial {
	return wantedMaterial{w.SKU, w.Name, w.Proposed, each(w.Why, func(y packing.Why) materialWhy { return materialWhy{y.Of, y.Note} })}
}

// saidUsed is what of a material was used.
type saidUsed struct {
	SKU  string `json:"sku"`
	Used int64  `json:"used" minimum:"0" maximum:"100000"`
}

// sayUsed keeps what a program says of the open carton, before the weight closes it.
func sayUsed(ctx context.Context, tx *sql.Tx, ref string, all []saidUsed) error {
	if len(all) == 0 {
		return nil
	}
	view, err := packing.Read(ctx, tx, ref, who(ctx).house())
	if err != nil {
		return err
	}
	open, ok := view.Open()
	if !ok {
		return nil
	}
	used := map[string]int64{}
	for _, u := range all {
		used[u.SKU] = u.Used
	}
	return packing.SayUsed(ctx, tx, ref, open.ID, used)
}
