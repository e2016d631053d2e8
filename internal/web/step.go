package web

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/scan"
	"tote/internal/web/ui"
)

// flashResult is how a scanning screen shows what was said by the page before.
var flashResult = map[ui.Tone]scan.Result{ui.Good: scan.Right, ui.Halted: scan.Wrong, ui.Asks: scan.Decide}

// showStep draws the scanning screen of the job whose page is at path job; it posts to job+"/scan". beside stands at
// the side of the instruction on a bench and below it on a handheld.
func (a *App) showStep(c *fiber.Ctx, job string, step scan.Step, beside ...templ.Component) error {
	p := a.page(c, step.Title)
	switch {
	case p.Flash == nil:
	case step.Message == "":
		step.Result, step.Message = flashResult[p.Flash.Tone], p.Flash.Message
	default: // a question stands; it keeps its colour
		step.Message = p.Flash.Message + " " + step.Message
	}
	body := templ.Join(beside...)
	ctx := templ.WithChildren(c.UserContext(), body)
	c.SetUserContext(ctx)
	if wantsPart(c) {
		return a.show(c, ui.ScanParts(p, step, job+"/scan"))
	}
	return a.show(c, ui.ScanScreen(p, step, job+"/scan"))
}
