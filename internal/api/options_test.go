package api_test

import (
	"database/sql"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/staff"
	"tote/inventory"
)

// What may be chosen of an item is read with it, goes into the form and comes back with the order.
func TestOptionsGoOverTheWire(t *testing.T) {
	s := openShop(t, 10)
	s.inTx(func(tx *sql.Tx) error {
		var id, by int64
		if err := tx.QueryRow(`select i.id, (select min(id) from staff) from items i where i.sku = $1`, s.mug).Scan(&id, &by); err != nil {
			return err
		}
		for _, f := range []orders.OptionForm{
			{Name: "Colour", Kind: "choice", Required: true, Position: "1", Choices: []orders.ChoiceForm{{Value: "Red"}, {Value: "Gold", Surcharge: "2.50"}}},
			{Name: "Volume", Kind: "number", Position: "2", Least: "100", Most: "500", Unit: "ml"},
			{Name: "Photo", Kind: "file", Required: true, Position: "3"},
		} {
			if _, err := orders.SaveOption(t.Context(), tx, inventory.ItemID(id), 0, f, staff.ID(by), time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	var item struct{ Options []object }
	s.ok("GET", "/items/"+s.mug, nil, &item)
	if len(item.Options) != 3 || item.Options[0]["name"] != "Colour" || item.Options[0]["choices"].([]any)[1].(object)["surcharge"].(object)["minor"] != 250. || item.Options[1]["most"] != 500. {
		t.Fatalf("%v", item.Options)
	}
	form := s.form(2)
	form["lines"].([]object)[0]["options"] = object{"Colour": "Pink", "Volume": "9"}
	p := s.send("POST", "/orders", form).problem()
	if p.Status != 422 || len(p.Errors) != 2 || p.Errors[0].Name != "lines.0.options.Colour" || p.Errors[1].Name != "lines.0.options.Volume" {
		t.Errorf("%+v", p)
	}
	form["lines"].([]object)[0]["options"] = object{"Colour": "Gold", "Volume": "330"}
	var placed object
	s.ok("POST", "/orders", form, &placed)
	line := s.order(placed["order"].(string))["lines"].([]any)[0].(object)
	if line["price"].(object)["minor"] != 750. || line["options"].([]any)[1].(object)["value"] != "330" || line["options"].([]any)[1].(object)["unit"] != "ml" {
		t.Errorf("%v", line)
	}
	form["valid_until"] = ""
	var quote struct{ Lines []object }
	if s.ok("POST", "/quotes", form, &quote); quote.Lines[0]["detail"] != "Colour: Gold\nVolume: 330 ml" {
		t.Errorf("%v", quote.Lines)
	}
}
