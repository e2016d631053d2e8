package web

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/studio"
	"tote/internal/web/ui"
)

// uploadsView is a batch of finished files before it is stored.
type uploadsView struct {
	studio.Batch
	Form ui.Form
}

// ready counts the files that are matched with a line now.
func (v uploadsView) ready() (n int) {
	for i, f := range v.Files {
		if f.Fault == "" && v.chosen(i) != "" {
			n++
		}
	}
	return n
}

// chosen is the line that a file is for: what was chosen by hand, else what its name says.
func (v uploadsView) chosen(i int) string {
	if ref, typed := v.Form.Values[fmt.Sprintf("lines.%d.ref", i)]; typed {
		return ref
	}
	if f := v.Files[i]; f.Fault == "" && f.Job >= 0 && v.tooFew(i) == "" {
		return v.Jobs[f.Job].Ref
	}
	return ""
}

// line is the job that a file is chosen for, nil for none.
func (v uploadsView) line(i int) *studio.Job {
	for n := range v.Jobs {
		if v.Jobs[n].Ref == v.chosen(i) {
			return &v.Jobs[n]
		}
	}
	return nil
}

// warnings is what should be looked at before a file goes to the line it is chosen for.
func (v uploadsView) warnings(i int) []string {
	if j := v.line(i); j != nil && j.TooFew(v.Files[i].File) == "" {
		return j.Warnings(v.Files[i].File)
	}
	return nil
}

// tooFew says that a file has too few pixels for the line it is taken for; it is left out then.
func (v uploadsView) tooFew(i int) string {
	f := v.Files[i]
	if f.Fault != "" || f.Job < 0 {
		return ""
	}
	return v.Jobs[f.Job].TooFew(f.File)
}

// again tells that another file of the batch is for the same line.
func (v uploadsView) again(i int) bool {
	for k := range v.Files {
		if k != i && v.Files[k].Fault == "" && v.chosen(k) != "" && v.chosen(k) == v.chosen(i) {
			return true
		}
	}
	return false
}

func (a *App) uploadsPage(c *fiber.Ctx) error { return a.showUploads(c, ui.Form{}) }

func (a *App) showUploads(c *fiber.Ctx, form ui.Form) error {
	var v uploadsView
	err := a.inReadTx(c, func(ctx context.Context, tx *sql.Tx) error {
		id, err := studio.OpenNow(ctx, tx, a.who(c))
		if err != nil {
			return err
		}
		v.Batch, err = studio.ReadBatch(ctx, tx, a.house(c), id, a.who(c))
		return err
	})
	if err != nil {
		return err
	}
	v.Form = form
	p := a.page(c, "Upload many")
	p.Lead = "Nothing belongs to a line before you have seen what each file is taken for and pressed Store."
	p.Back = backTo("My artwork", "/studio/art")
	return a.show(c, uploadsPage(p, v))
}

// putUploads adds files to the batch. Each is kept or said to be refused by itself: one bad file stops no other.
func (a *App) putUploads(c *fiber.Ctx) error {
	form, err := c.MultipartForm()
	if err != nil || len(form.File["files"]) == 0 {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showUploads(c, ui.Form{Errors: []ui.FieldError{{Name: "files", Message: "Choose files first."}}})
	}
	var id studio.BatchID
	if err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
		id, err = studio.OpenBatch(ctx, tx, a.who(c), a.Now())
		return err
	}); err != nil {
		return err
	}
	for _, sent := range form.File["files"] {
		f, err := a.kept(c, sent)
		problem := ""
		if kind := fault.KindOf(err); kind == fault.Invalid || kind == fault.Unavailable {
			f, problem = studio.File{Name: studio.CleanName(sent.Filename)}, fault.Message(err)
		} else if err != nil {
			return err
		}
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return studio.Put(ctx, tx, id, f, problem, a.who(c)) })
		if refusal, again := refused(ui.Form{}, err); again {
			c.Status(answers[fault.KindOf(err)].Status)
			return a.showUploads(c, refusal)
		}
		if err != nil {
			return err
		}
	}
	return c.Redirect("/studio/uploads#files", fiber.StatusSeeOther)
}

func batchID(c *fiber.Ctx) studio.BatchID {
	n, err := strconv.ParseInt(c.Params("batch"), 10, 64)
	if err != nil {
		return 0 // no batch has that number
	}
	return studio.BatchID(n)
}

func (a *App) storeUploads(c *fiber.Ctx) error {
	var in struct {
		Lines []struct {
			Number int    `form:"number,max=6"`
			Ref    string `form:"ref,max=40"`
		} `form:"lines"`
	}
	form, err := decode(c, &in)
	var chosen []studio.Chosen
	for _, l := range in.Lines {
		chosen = append(chosen, studio.Chosen{Number: l.Number, Ref: l.Ref})
	}
	stored := 0
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) (err error) {
			stored, err = studio.Store(ctx, tx, a.house(c), batchID(c), chosen, a.who(c), a.Now())
			return err
		})
	}
	if fault.KindOf(err) != fault.NotFound {
		if refusal, again := refused(form, err); again {
			c.Status(answers[fault.KindOf(err)].Status)
			return a.showUploads(c, refusal)
		}
	}
	if err != nil {
		return err
	}
	return a.done(c, "/studio/art", ui.Count(int64(stored), "file is stored and goes on.", "files are stored and go on."))
}

func (a *App) dropUploads(c *fiber.Ctx) error {
	var numbers []int64
	if n, err := strconv.ParseInt(c.FormValue("number"), 10, 64); err == nil {
		numbers = append(numbers, n)
	}
	err := a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		return studio.Drop(ctx, tx, batchID(c), numbers, a.who(c))
	})
	if err != nil {
		return err
	}
	return c.Redirect("/studio/uploads#files", fiber.StatusSeeOther)
}
