package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"tote/picking"
)

// previewAsked shows a wave that another page leads to: of the orders it names, or of all that are ready, by the method of
// the warehouse.
func (a *App) previewAsked(c *fiber.Ctx) error {
	rules, err := picking.ReadRules(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	t := picking.Template{Name: byHand, Method: rules.Method, Shortage: picking.LeaveOrders, Active: true, Filter: picking.Filter{Orders: orderRefs(c.Query("order"))}}
	v := previewView{}
	v.Form.Values = templateValues(t)
	t, err = picking.CheckTemplate(t)
	if form, again := refused(v.Form, asTyped(err)); again {
		v.Form = form
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showPreview(c, v)
	}
	if err != nil {
		return err
	}
	s, err := a.draw(c, t.Spec())
	if err != nil {
		return err
	}
	v.Sketch = &s
	return a.showPreview(c, v)
}

// nothingWords says why a preview is empty, and where the reasons stand.
func nothingWords(s *picking.Sketch) string {
	switch {
	case len(s.LeftOut) > 0:
		return "No order that waits is for this wave and can be picked now. What is left out, and why, stands below."
	case len(s.Spec.Filter.Orders) > 0:
		return "Of " + strings.Join(s.Spec.Filter.Orders, ", ") + " nothing waits to be picked: it is on a list already, or further, or was never released to the floor."
	case s.Others > 0:
		return "No order that waits is for this wave. Choose fewer limits below, or change the template."
	}
	return "No order waits to be picked."
}
