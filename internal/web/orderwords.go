package web

import (
	"fmt"
	"strconv"
	"strings"

	"tote/internal/orders"
	"tote/internal/web/ui"
)

// holdWords are the kinds of holds as people choose them.
var holdWords = map[orders.HoldKind]string{
	orders.HoldManual: "Something else", orders.HoldAddress: "The address", orders.HoldArt: "The artwork",
	orders.HoldStock: "The stock", orders.HoldFraud: "It may be fraud",
}

func holdOptions() []ui.Option {
	list := []ui.Option{{Label: "Choose"}}
	for _, k := range orders.HoldKinds {
		list = append(list, ui.Option{Value: string(k), Label: holdWords[k]})
	}
	return list
}

// whose is a department in the genitive.
func whose(department string) string {
	if strings.HasSuffix(department, "s") {
		return department + "’"
	}
	return department + "’s"
}

func methodOptions() []ui.Option {
	var list []ui.Option
	for _, m := range orders.Methods {
		list = append(list, ui.Option{Value: m, Label: sentence(m)})
	}
	return list
}

func priorityOptions() []ui.Option {
	list := []ui.Option{{Value: "0", Label: "0, usual"}}
	for n := 1; n < 9; n++ {
		list = append(list, ui.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return append(list, ui.Option{Value: "9", Label: "9, first of all"})
}

func (v orderFormView) submit() string {
	if v.Number == 0 {
		return "Place the order"
	}
	return "Store the change"
}

func (v customerView) path() string {
	if v.ID == 0 {
		return "/customers"
	}
	return customerPath(v.ID)
}

// scoreWords are what the scores from 1 to 5 mean.
var scoreWords = []string{"bad", "not good", "fair", "good", "very good"}

func journeyClass(s orders.StepState) string {
	return map[orders.StepState]string{orders.StepDone: "past", orders.StepNow: "now", orders.StepNext: "next", orders.StepSkipped: "skipped"}[s]
}

// stageWord is the stage as a customer says it; what became of the parcels is said to him as to everybody.
func stageWord(s orders.Stage, f orders.Fate) string {
	switch s {
	case orders.PendingPayment:
		return "waits for payment"
	case orders.Artwork:
		return "proof"
	case orders.Production:
		return "in production"
	case orders.OnHold:
		return "being checked"
	case orders.Released, orders.BackOrdered:
		return "in preparation"
	case orders.Picking, orders.Picked:
		return "being packed"
	case orders.Packed:
		return "ready to leave"
	case orders.Shipped:
		if f.Back == 0 {
			return "on its way"
		}
	}
	return f.Word(s)
}

// says is the sentence of the step where the order is.
func (v journeyView) says() string {
	if v.Stage == orders.Cancelled {
		return "This order was cancelled."
	}
	for _, s := range v.Steps {
		if s.State == orders.StepNow {
			return s.Says
		}
	}
	return v.Steps[len(v.Steps)-1].Says
}

func shipmentTone(state string) ui.Tone {
	switch state {
	case "delivered":
		return ui.Good
	case "exception":
		return ui.Halted
	}
	return ui.Busy
}

func shipmentWord(state string) string {
	switch state {
	case "booked":
		return "waits for the carrier"
	case "dispatched", "in transit":
		return "on its way"
	case "exception":
		return "something is in the way"
	}
	return state
}

func (v orderView) supportOptions() []ui.Option {
	list := []ui.Option{{Value: "", Label: "Choose"}}
	for _, s := range v.Supporters {
		list = append(list, ui.Option{Value: strconv.FormatInt(int64(s.ID), 10), Label: s.Name + ", " + ui.Count(int64(s.OpenOrders), "open order", "open orders")})
	}
	return list
}

// parcelWords names a parcel; one that a partner packed has neither weight nor label of ours.
func parcelWords(p orders.Parcel) string {
	if p.SSCC == "" {
		return fmt.Sprintf("Parcel %d, from a partner", p.N)
	}
	return fmt.Sprintf("Parcel %d, %.1f kg, SSCC %s", p.N, float64(p.WeightG)/1000, p.SSCC)
}
