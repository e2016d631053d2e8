package web

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"mime/multipart"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/web/ui"
)

// csvTable is what a page tells about a file that can be sent.
type csvTable struct {
	Title, Path, Back string
	Columns           []csvColumn
	Example           string
}

type csvColumn struct{ Name, Means string }

func (a *App) showCSV(c *fiber.Ctx, t csvTable, errors []ui.FieldError) error {
	p := a.page(c, t.Title)
	p.Back = backTo("Back", t.Back)
	return a.show(c, csvPage(p, t, errors))
}

// takeCSV reads the uploaded file in one transaction: every row, or none and a sentence about each bad line.
func (a *App) takeCSV(c *fiber.Ctx, t csvTable, read func(ctx context.Context, tx *sql.Tx, file io.Reader) (told string, err error)) error {
	return a.takeCSVTo(c, t, func(ctx context.Context, tx *sql.Tx, file io.Reader) (to, told string, err error) {
		told, err = read(ctx, tx, file)
		return t.Back, told, err
	})
}

// takeCSVTo is takeCSV where the file decides which page comes next.
func (a *App) takeCSVTo(c *fiber.Ctx, t csvTable, read func(ctx context.Context, tx *sql.Tx, file io.Reader) (to, told string, err error)) error {
	data, err := uploaded(c, "file")
	var to, told string
	if err == nil {
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
			to, told, err = read(c.UserContext(), tx, bytes.NewReader(data))
			return err
		})
	}
	if form, again := refused(ui.Form{}, err); again {
		c.Status(fiber.StatusUnprocessableEntity)
		return a.showCSV(c, t, form.Errors)
	}
	if err != nil {
		return err
	}
	return a.done(c, to, told)
}

// uploaded is the content of a file that was sent with a form.
func uploaded(c *fiber.Ctx, name string) ([]byte, error) {
	form, err := c.MultipartForm()
	if err != nil || len(form.File[name]) == 0 {
		return nil, fault.New(fault.Invalid, "Choose a file first.")
	}
	return contentOf(form.File[name][0])
}

// contentOf reads a file that was sent.
func contentOf(sent *multipart.FileHeader) ([]byte, error) {
	f, err := sent.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// csv answers a table as a file to keep.
func (a *App) csv(c *fiber.Ctx, name string, write func(io.Writer) error) error {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return err
	}
	c.Type("csv", "utf-8")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	return c.Send(out.Bytes())
}
