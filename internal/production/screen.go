package production

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// screen is a bench with this work order on it.
func screen(ctx context.Context, q pg.Querier, w WorkOrder, bin inventory.LocationID) (scan.Step, error) {
	step := scan.Step{Title: "Workshop", Expect: []string{string(labels.KindWorkOrder), string(labels.KindCommand)}}
	if w.ID == 0 || w.State == Finished || w.State == Cancelled {
		step.Next, step.Detail = "Scan a work order", []string{"It stands on its traveller: J-…"}
		return step, nil
	}
	step.Title, step.Done, step.Total = fmt.Sprintf("%s · %s", w.ID, w.Ref), w.Good, w.Pieces
	step.Expect = append(step.Expect, string(labels.KindLocation), "item", string(labels.KindTote))
	if w.Notes != "" {
		step.Detail = strings.Split(w.Notes, "\n")
	}
	if w.Instructions != "" {
		step.Detail = append(step.Detail, w.Instructions)
	}
	tool, err := toolOf(ctx, q, w.Ref)
	if err != nil {
		return step, err
	}
	if tool.ID != 0 {
		step.Detail = append(step.Detail, tool.says())
	}
	switch {
	case w.Made > 0:
		step.Next, step.Quantity = "Look at each piece, then scan a tote for the good ones", w.Made
		step.Detail = append([]string{w.Product}, step.Detail...)
	case w.Wanted() > 0 && w.AtBench() < w.ToMake():
		err = drawing(ctx, q, &step, w, bin)
	case w.Partner != 0 && w.AtBench() > 0:
		step.Next, step.Quantity = "Count what came, then press OK", w.AtBench()
		step.Detail = append([]string{w.Product, "from " + w.PartnerName}, step.Detail...)
		step.Choices = append(step.Choices, scan.Choice{Label: fmt.Sprintf("OK: %d came", w.AtBench()), Code: "X-" + labels.CommandOK, Style: scan.Bar})
	case w.Partner != 0:
		step.Next, step.Detail = "Wait for the pieces that were asked for anew", []string{w.Product, "from " + w.PartnerName}
	default:
		step.Next, step.Quantity = "Make them, then press OK", w.AtBench()
		step.Detail = append([]string{w.Product}, step.Detail...)
		step.Choices = append(step.Choices, scan.Choice{Label: fmt.Sprintf("OK: %d made", w.AtBench()), Code: "X-" + labels.CommandOK, Style: scan.Bar})
	}
	for _, reason := range Spoils {
		if w.Made > 0 || w.Partner == 0 && w.AtBench() > 0 {
			step.Choices = append(step.Choices, scan.Choice{Label: "Scrap one: " + reason, Action: scrapping + reason, Style: scan.Problem})
		}
	}
	step.Choices = append(step.Choices,
		scan.Choice{Label: "Off my bench", Code: "X-" + labels.CommandSkip, Style: scan.Bar},
		scan.Choice{Label: "Take back my last scan", Code: "X-" + labels.CommandUndo, Style: scan.Problem})
	return step, err
}

// drawing names the bin that holds most blanks.
func drawing(ctx context.Context, q pg.Querier, step *scan.Step, w WorkOrder, bin inventory.LocationID) error {
	step.Quantity = w.Wanted()
	step.Detail = append([]string{w.BlankName, w.BlankSKU}, step.Detail...)
	if w.AtBench() > 0 {
		step.Choices = append(step.Choices, scan.Choice{Label: fmt.Sprintf("OK: %d made", w.AtBench()), Code: "X-" + labels.CommandOK, Style: scan.Bar})
	}
	var code string
	err := q.QueryRowContext(ctx, `
		select l.code from balances b join locations l on l.id = b.location_id
		where b.item_id = $1 and l.warehouse_id = $2 and l.kind = 'bin' and l.use in ('pickable', 'overstock') and b.on_hand > 0
		order by l.id = $3 desc, l.use = 'pickable' desc, b.on_hand desc, l.id limit 1`, w.Blank, w.Warehouse, bin).Scan(&code)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		step.Next = "There are no blanks on the shelf"
		step.Detail = append(step.Detail, "Put this work order aside until they arrive.")
		return nil
	case err != nil:
		return err
	case bin != 0:
		step.Next, step.Target, step.Here = "Scan each blank", code, true
		step.Choices = append([]scan.Choice{}, step.Choices...)
		return nil
	}
	step.Next, step.Target = "Scan the bin", code
	return nil
}

// tell puts the fact that a work order is further, for its order.
func tell(ctx context.Context, tx *sql.Tx, w WorkOrder) error {
	return outbox.Put(ctx, tx, changed(w))
}

// Paper is the traveller of a work order: it goes with the goods from bench to bench.
func Paper(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, id ID, zone *time.Location) (t labels.Traveller, err error) {
	w, err := Get(ctx, q, warehouse, id)
	if err != nil {
		return t, err
	}
	tool, err := toolOf(ctx, q, w.Ref)
	if err != nil {
		return t, err
	}
	list, err := Files(ctx, q, id)
	t = labels.Traveller{WorkOrder: int64(w.ID), Line: w.Ref, Product: w.Product, SKU: w.SKU, Pieces: w.Pieces, Due: w.Due.In(zone), Instructions: w.Instructions, Notes: w.Notes, Blank: w.BlankName, BlankSKU: w.BlankSKU}
	if tool.ID != 0 {
		t.Instructions = strings.TrimSpace(tool.says() + "\n" + t.Instructions)
	}
	for _, f := range list {
		t.Files = append(t.Files, labels.CertifiedFile{Name: fmt.Sprintf("%c, version %d, %s", 'A'+f.Proof-1, f.Version, f.Name), Pixels: f.Pixels, SHA256: string(f.Hash)})
	}
	return t, err
}
