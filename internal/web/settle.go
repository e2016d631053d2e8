package web

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/web/ui"
	"tote/shipping"
)

// later stands for a line that waits for another time. What nobody chose is refused, not put off.
const later = "later"

type settleForm struct {
	Lines []struct {
		Line     int64  `form:"line" label:"The line"`
		What     string `form:"what,max=20"`
		Quantity int64  `form:"quantity" label:"The quantity"`
		Amount   string `form:"amount,max=20" label:"The amount"`
		Reason   string `form:"reason,max=500" label:"The reason"`
	} `form:"lines"`
}

// settleReturn gives the customer what the form says. Lines without a remedy wait for another time.
func (a *App) settleReturn(c *fiber.Ctx) error {
	r, err := a.returnOf(c)
	if err != nil {
		return err
	}
	var in settleForm
	form, err := decode(c, &in)
	var done orders.SettledFor
	var at []int
	if err == nil {
		s := orders.Settling{Key: form.Key, Return: r.ID, By: a.who(c), At: a.Now()}
		for i, l := range in.Lines {
			if l.What != later {
				s.Lines = append(s.Lines, orders.SettlingLine{Line: l.Line, Quantity: l.Quantity, What: orders.Remedy(l.What), Amount: l.Amount, Reason: l.Reason})
				at = append(at, i)
			}
		}
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			done, err = orders.Settle(ctx, tx, s)
			return err
		})
		err = replaced(err, at)
	}
	if refusal, ok := refused(form, err); ok {
		c.Status(answers[fault.KindOf(err)].Status)
		return a.showReturn(c, refusal)
	}
	if err != nil {
		return err
	}
	says := sentence(done.String()) + "."
	if done.Refund.Minor > 0 {
		says += " Pay it back on the page of " + r.Ref + "."
	}
	return a.done(c, returnPath(r.ID), says)
}

func remedyOptions(o orders.Owed) []ui.Option {
	list := []ui.Option{{Value: "", Label: "Choose…"}, {Value: later, Label: "Decide later"}, {Value: string(orders.RemedyRefund), Label: "Money back"}}
	if !o.Custom {
		list = append(list, ui.Option{Value: string(orders.RemedyReplacement), Label: "The same again, for nothing"})
	}
	return append(list, ui.Option{Value: string(orders.RemedyNothing), Label: "Nothing"})
}

func wishOptions() []ui.Option {
	words := map[string]string{"refund": "My money back", "replacement": "The same again"}
	list := make([]ui.Option, len(shipping.Wishes))
	for i, w := range shipping.Wishes {
		list[i] = ui.Option{Value: w, Label: words[w]}
	}
	return list
}

// owedWords says what is known of goods for which the customer waits.
func owedWords(o orders.Owed) string {
	says := []string{fmt.Sprintf("%s: %s.", ui.Count(o.Owed(), "piece", "pieces"), o.Reason+wants(o.ReturnLine))}
	switch {
	case o.Wish == "":
		says = append(says, "It never reached the customer, who has not said what to do: ask, and choose.")
	case o.Suggest == "":
		says = append(says, "It is spoiled, and the customer names no fault of ours: you decide.")
	}
	if o.Custom {
		says = append(says, "It was made for this customer, so nothing on the shelf replaces it.")
	}
	return strings.Join(says, " ")
}

// wants says what was asked for, where anything was.
func wants(l shipping.ReturnLine) string {
	if l.Wish == "" {
		return ""
	}
	return ", wants a " + l.Wish
}

func settledWords(s orders.Settlement) string {
	switch s.What {
	case orders.RemedyRefund:
		return s.Amount.String() + " back"
	case orders.RemedyReplacement:
		return "replaced by"
	}
	return "nothing"
}

func settledBy(s orders.Settlement) string {
	if s.By == "" {
		return ""
	}
	return s.By + " · "
}
