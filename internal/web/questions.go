package web

import (
	"context"
	"database/sql"

	"github.com/gofiber/fiber/v2"

	"tote/internal/orders"
	"tote/internal/web/ui"
)

func questionRoutes() []route {
	return []route{
		// A mail program presses here for its reader (RFC 8058): it has no session and comes from no page of ours.
		{"GET", "/questions/:token", public, (*App).questionsPage},
		{"POST", "/questions/:token", public, (*App).endQuestions},
		{"POST", "/questions/:token/again", public, (*App).resumeQuestions},
		{"POST", "/customers/:id/questions", office, (*App).setQuestions},
	}
}

// questionWords are the page in a language.
type questionWords struct{ Title, Asked, End, Ended, Resume, Orders string }

var questionsIn = map[orders.Language]questionWords{
	orders.English: {"Letters that ask", "You get letters that ask how it was.", "No more of them", "You get no more letters that ask how it was.", "I do want them", "Letters about your orders come all the same."},
	orders.German: {"E-Mails, die nachfragen", "Sie bekommen E-Mails, die fragen, wie es war.", "Keine mehr schicken", "Sie bekommen keine E-Mails mehr, die fragen, wie es war.", "Doch wieder schicken",
		"E-Mails zu Ihren Bestellungen kommen weiterhin."},
}

// questionsPage shows whether a customer is asked. Opening it changes nothing: links are opened by machines, too.
func (a *App) questionsPage(c *fiber.Ctx) error {
	asked, err := orders.ReadAsked(c.UserContext(), a.DB, c.Params("token"))
	if err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex, nofollow")
	w := questionsIn[asked.Language]
	return a.show(c, questionsPage(ui.Page{Title: w.Title, House: asked.Company}, w, asked, "/questions/"+c.Params("token")))
}

func (a *App) endQuestions(c *fiber.Ctx) error {
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return orders.EndQuestions(ctx, tx, c.Params("token"), a.Now())
	}); err != nil {
		return err
	}
	return a.questionsPage(c) // no redirect: a machine that presses needs no second request
}

func (a *App) resumeQuestions(c *fiber.Ctx) error {
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return orders.ResumeQuestions(ctx, tx, c.Params("token"))
	}); err != nil {
		return err
	}
	return c.Redirect("/questions/"+escape(c.Params("token")), fiber.StatusSeeOther)
}

// setQuestions is for customers who say so on the telephone.
func (a *App) setQuestions(c *fiber.Ctx) error {
	id, err := customerID(c)
	if err != nil {
		return err
	}
	wanted := c.FormValue("wanted") == "yes"
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return orders.SetQuestions(ctx, tx, id, wanted, a.who(c), a.Now())
	}); err != nil {
		return err
	}
	return a.done(c, customerPath(id), map[bool]string{true: "The customer is asked again how it was.", false: "The customer is asked no more questions."}[wanted])
}
