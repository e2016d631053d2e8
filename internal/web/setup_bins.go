package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/web/ui"
	"tote/inventory"
)

// limitsForm is what bins take, as it is typed: kilograms and litres.
type limitsForm struct {
	WeightKG string `form:"max_weight_kg,max=16" label:"The weight"`
	VolumeL  string `form:"max_volume_l,max=16" label:"The volume"`
	Pieces   string `form:"max_pieces,max=16" label:"The number of pieces"`
	Packages string `form:"max_packages,max=16" label:"The number of packages"`
	Mixing   string `form:"mixing,max=10" label:"What lies together"`
}

// limits reads the form; an empty field is empty.
func (f limitsForm) limits(empty int64) (inventory.Limits, error) {
	var bad fault.Fields
	l := inventory.Limits{Mixing: inventory.Mixing(f.Mixing)}
	for _, field := range []struct {
		name, typed string
		scaled      bool
		n           *int64
	}{{"max_weight_kg", f.WeightKG, true, &l.WeightG}, {"max_volume_l", f.VolumeL, true, &l.VolumeML},
		{"max_pieces", f.Pieces, false, &l.Pieces}, {"max_packages", f.Packages, false, &l.Packages}} {
		var n thousandths
		var err error
		switch {
		case field.typed == "":
			*field.n = empty
			continue
		case field.scaled:
			err = n.UnmarshalText([]byte(field.typed))
			*field.n = int64(n)
		default:
			*field.n, err = strconv.ParseInt(field.typed, 10, 64)
		}
		if err != nil || *field.n < 0 || *field.n > 1_000_000_000 {
			bad.Add(field.name, "Give a number from 0; 0 is without limit.")
		}
	}
	return l, bad.Err()
}

func limitValues(l inventory.Limits) map[string]string {
	number := func(n int64) string {
		if n == inventory.AsClass {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	scaled := func(n int64) string {
		if n == inventory.AsClass {
			return ""
		}
		return strconv.FormatFloat(float64(n)/1000, 'f', -1, 64)
	}
	return map[string]string{"max_weight_kg": scaled(l.WeightG), "max_volume_l": scaled(l.VolumeML), "max_pieces": number(l.Pieces),
		"max_packages": number(l.Packages), "mixing": string(l.Mixing)}
}

var mixings = []ui.Option{{Value: "mixed", Label: "Anything lies together"}, {Value: "item", Label: "One item only"},
	{Value: "lot", Label: "One lot of one item only"}, {Value: "empty", Label: "Filled once, then left until it is empty"}}

// binsSetup is the page of what bins take: a form for each class, and the order of the rules.
type binsSetup struct {
	Form  ui.Form
	Class string // whose form was refused
	Now   map[inventory.BinClass]inventory.Limits
	Rules []inventory.PutawayRule
}

// form is that of a class: as it was typed, or what is stored.
func (v binsSetup) form(class string) ui.Form {
	if v.Class == class {
		return v.Form
	}
	return ui.Form{Values: limitValues(v.Now[inventory.BinClass(class)])}
}

func (v binsSetup) ruleOptions() (options []ui.Option) {
	for _, r := range v.Rules {
		options = append(options, ui.Option{Value: r.Key, Label: r.Name})
	}
	return options
}

func (a *App) binsPage(c *fiber.Ctx) error { return a.showBins(c, binsSetup{}) }

func (a *App) showBins(c *fiber.Ctx, v binsSetup) (err error) {
	if v.Now, err = inventory.ClassLimits(c.UserContext(), a.DB); err != nil {
		return err
	}
	if v.Rules, err = inventory.PutawayOrder(c.UserContext(), a.DB, a.house(c)); err != nil {
		return err
	}
	p := a.page(c, "What bins take")
	p.Lead = "Putaway names no bin beyond these limits, and a scan of such a bin is refused. A single bin may say otherwise on its own page."
	p.Back = backTo("Set-up", "/setup")
	return a.show(c, binsPage(p, v))
}

func (a *App) saveBinClass(c *fiber.Ctx) error {
	class := c.Params("class")
	var f limitsForm
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			l, err := f.limits(0)
			if err != nil {
				return err
			}
			return inventory.SetClassLimits(ctx, tx, inventory.BinClass(class), l, a.who(c))
		})
	}
	if fault.KindOf(err) == fault.NotFound {
		return err
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showBins(c, binsSetup{Form: form, Class: class})
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/bins", "The limits are stored. What lies in bins already stays.")
}

func (a *App) savePutawayOrder(c *fiber.Ctx) error {
	var f struct {
		First  string `form:"first,max=10" label:"The first rule"`
		Second string `form:"second,max=10" label:"The second rule"`
		Third  string `form:"third,max=10" label:"The third rule"`
		Fourth string `form:"fourth,max=10" label:"The fourth rule"`
	}
	form, err := decode(c, &f)
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			return inventory.SetPutawayOrder(ctx, tx, a.house(c), []string{f.First, f.Second, f.Third, f.Fourth}, a.who(c))
		})
	}
	if form, again := refused(form, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showBins(c, binsSetup{Form: form, Class: "order"})
	}
	if err != nil {
		return err
	}
	return a.done(c, "/setup/bins", "Putaway follows the new order.")
}

// setOwnLimits stores what a place's own form says of limits; other kinds than bins have none.
func setOwnLimits(ctx context.Context, tx *sql.Tx, kind inventory.Kind, f limitsForm, id inventory.LocationID) error {
	if kind != inventory.Bin {
		return nil
	}
	l, err := f.limits(inventory.AsClass)
	if err != nil {
		return err
	}
	return inventory.SetOwnLimits(ctx, tx, l, id)
}

func positionName(i int) string { return []string{"first", "second", "third", "fourth"}[i] }

func positionWords(i int) string { return fmt.Sprintf("%d.", i+1) }
