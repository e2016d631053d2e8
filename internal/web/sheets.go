package web

import (
	"context"
	"database/sql"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/print"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/labels"
)

// sheet answers the labels that a page offers: as a PDF, or, when its button was pressed, from the printer of the station
// where somebody stands. of says what they are of: A-01, T-1 to T-12.
func (a *App) sheet(c *fiber.Ctx, kind print.Kind, name, of string, papers ...labels.Paper) error {
	if c.Method() != fiber.MethodPost {
		return a.pdf(c, name, papers...)
	}
	who, _ := a.session(c)
	if who.Station == nil {
		return fault.New(fault.Conflict, "You stand at no station, so there is no printer. Scan the label of a station first, or open the PDF.")
	}
	press, err := a.press(c)
	if err != nil {
		return err
	}
	w, err := a.warehouse(c)
	if err != nil {
		return err
	}
	dpi := dpiOf(who)
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		paper, err := print.Fresh(ctx, tx, kind, w.Code+" · "+of, dpi, func() (print.Content, error) { return print.Drawn(dpi, papers...) })
		if err != nil {
			return err
		}
		_, err = print.Request(ctx, tx, paper, press)
		return err
	})
	if err != nil {
		return err
	}
	return a.done(c, "/print", sheetWords(kind, of, len(papers))+" in the print queue of "+who.Station.Name+".")
}

// press is the button of a form that prints: once by its key, at the station where whoever pressed it stands.
func (a *App) press(c *fiber.Ctx) (scan.Scan, error) {
	key, err := formKey(ui.Form{Key: c.FormValue("key")})
	who, _ := a.session(c)
	return scan.Scan{Key: key, Staff: who.ID, Station: who.StationID(), At: a.Now()}, err
}

// sheetWords says what is printed, and how much of it.
func sheetWords(kind print.Kind, of string, n int) string {
	switch {
	case kind == print.CommandBarcodes:
		return "The command barcodes are"
	case n == 1:
		return "The " + string(kind) + " of " + of + " is"
	}
	return ui.Count(int64(n), string(kind), string(kind)+"s") + " are"
}

// printHere is the button beside a PDF that prints the same at the station where somebody stands. At none there is none.
func printHere(station, path string) []ui.Link {
	if station == "" {
		return nil
	}
	return []ui.Link{{Label: "Print at " + station, Href: path, Icon: "print", Post: true}}
}

// standsAt is the name of the station where somebody works, "" at none.
func (a *App) standsAt(c *fiber.Ctx) string {
	if who, _ := a.session(c); who.Station != nil {
		return who.Station.Name
	}
	return ""
}
