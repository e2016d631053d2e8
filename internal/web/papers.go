package web

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/print"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
)

// paperPicture answers a page of a paper as a picture: what its printer prints, dot by dot.
func (a *App) paperPicture(c *fiber.Ctx) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	page, err := number(c, "page")
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	content, err := print.ReadFor(c.UserContext(), a.DB, print.PaperID(id), who.Member)
	if err != nil {
		return err
	}
	d, err := content.Drawing()
	if err != nil {
		return err
	}
	return picture(c, d, int(page))
}

// picture answers a page of a drawing.
func picture(c *fiber.Ctx, d labels.Drawing, page int) error {
	var out bytes.Buffer
	if err := d.WritePNG(&out, page); err != nil {
		return err
	}
	c.Type("png")
	c.Set(fiber.HeaderCacheControl, "private, max-age=300")
	return c.Send(out.Bytes())
}

// paperView shows a paper as its printer prints it.
func (a *App) paperView(c *fiber.Ctx) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	content, err := print.ReadFor(c.UserContext(), a.DB, print.PaperID(id), who.Member)
	if err != nil {
		return err
	}
	jobs, err := print.JobsOf(c.UserContext(), a.DB, print.PaperID(id), who.Warehouse)
	if err != nil {
		return err
	}
	pages := 0
	if d, err := content.Drawing(); err == nil {
		pages = d.Pages()
	}
	p := a.page(c, "Paper")
	if len(jobs) > 0 {
		p.Title, p.Lead = sentence(string(jobs[0].Kind)), jobs[0].Ref
	}
	p.Back = backTo("Print queue", "/print")
	p.Actions = []ui.Link{{Label: "PDF", Href: paperHref(print.PaperID(id)), Icon: "file"}}
	stations, err := staff.Stations(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	return a.show(c, paperViewPage(p, print.PaperID(id), pages, jobs, stations, who.Member, a.Now()))
}

// labelForm is how the address ends: pdf, zpl or png.
func labelForm(c *fiber.Ctx) string { return strings.TrimPrefix(path.Ext(c.Path()), ".") }

// answer answers papers in the form that the address asks for: pdf, zpl, or png, its first page.
func (a *App) answer(c *fiber.Ctx, name, form string, papers ...labels.Paper) error {
	dpi := 0
	if who, _ := a.session(c); who.Station != nil {
		dpi = who.Station.DPI
	}
	return a.answerFor(c, dpi, name, form, papers...)
}

func (a *App) answerFor(c *fiber.Ctx, dpi int, name, form string, papers ...labels.Paper) error {
	d, err := labels.Draw(dpi, papers...)
	if err != nil {
		return err
	}
	switch form {
	case "pdf":
		c.Type("pdf")
		c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("inline; filename=%q", fileName(name)+".pdf"))
		return c.Send(d.PDF())
	case "zpl":
		c.Set(fiber.HeaderContentType, "application/octet-stream")
		c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", fileName(name)+".zpl"))
		return c.Send(d.ZPL())
	case "png":
		return picture(c, d, 1)
	}
	return fault.New(fault.NotFound, "A label is there as pdf, zpl or png.")
}

// stationOf is a station of the warehouse somebody works in.
func (a *App) stationOf(c *fiber.Ctx) (staff.Station, error) {
	id, err := number(c, "id")
	if err != nil {
		return staff.Station{}, err
	}
	who, _ := a.session(c)
	all, err := staff.Stations(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return staff.Station{}, err
	}
	for _, s := range all {
		if s.ID == staff.StationID(id) {
			return s, nil
		}
	}
	return staff.Station{}, fault.New(fault.NotFound, "There is no such station here.")
}

// calibrationLabel is the label that shows how a station's printer prints.
func (a *App) calibrationLabel(c *fiber.Ctx) error {
	s, err := a.stationOf(c)
	if err != nil {
		return err
	}
	return a.answerFor(c, s.DPI, "calibration-"+s.Code, labelForm(c), labels.Calibration{Station: s.Name})
}

// stationSetUp shows a station with its printers and its calibration label.
func (a *App) stationSetUp(c *fiber.Ctx) error {
	s, err := a.stationOf(c)
	if err != nil {
		return err
	}
	who, _ := a.session(c)
	printers, err := print.Printers(c.UserContext(), a.DB, who.Warehouse)
	if err != nil {
		return err
	}
	p := a.page(c, s.Name)
	p.Lead = s.Code + ", " + s.Kind
	p.Back = backTo("Stations", "/setup/stations")
	p.Actions = append([]ui.Link{{Label: "Its sign", Href: fmt.Sprintf("/setup/stations/%d/label.pdf", s.ID), Icon: "file"}}, printHere(p.Station, fmt.Sprintf("/setup/stations/%d/label", s.ID))...)
	return a.show(c, stationSetUp(p, s, printers))
}

// printCalibration sends the label to the station's label printer.
func (a *App) printCalibration(c *fiber.Ctx) error {
	s, err := a.stationOf(c)
	if err != nil {
		return err
	}
	press, err := a.press(c)
	if err != nil {
		return err
	}
	err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
		_, err := print.TestPage(ctx, tx, s, press)
		return err
	})
	if err != nil {
		return err
	}
	return a.done(c, "/print", "The calibration label is in the print queue.")
}

// dots is the resolution of a station's label printer.
func dots(s staff.Station) int {
	if s.DPI == 0 {
		return labels.DPI203
	}
	return s.DPI
}

// itemLabelForm is what an item's label says besides the item.
type itemLabelForm struct {
	Lot     string `form:"lot,max=20" label:"The lot"`
	Serial  string `form:"serial,max=20" label:"The serial number"`
	Expires string `form:"expires,max=10" label:"The day"`
}

func (f itemLabelForm) query() string {
	return "lot=" + url.QueryEscape(f.Lot) + "&serial=" + url.QueryEscape(f.Serial) + "&expires=" + url.QueryEscape(f.Expires)
}

// askedLabel is the form as it stands in an address.
func askedLabel(c *fiber.Ctx) itemLabelForm {
	return itemLabelForm{Lot: c.Query("lot"), Serial: c.Query("serial"), Expires: c.Query("expires")}
}

// labelFor is the label of an item, of its piece's barcode, else of its SKU; what is wrong with it is said per field.
func (a *App) labelFor(c *fiber.Ctx, i inventory.Item, f itemLabelForm) (labels.ItemLabel, error) {
	codes, err := inventory.Barcodes(c.UserContext(), a.DB, i.ID)
	if err != nil {
		return labels.ItemLabel{}, err
	}
	l := labels.ItemLabel{Name: i.Name, SKU: i.SKU, Lot: f.Lot, Serial: f.Serial}
	for _, b := range codes {
		if code, err := labels.Parse(b.Code); err == nil && code.Kind == labels.KindGTIN && b.Quantity == 1 {
			l.GTIN = b.Code
			break
		}
	}
	if f.Expires != "" {
		if l.Expires, err = time.Parse(time.DateOnly, f.Expires); err != nil || l.Expires.Year() < 2000 || l.Expires.Year() > 2099 {
			return l, fault.Fields{{Name: "expires", Message: "Give a day of this century, as 2027-11-24."}}
		}
	}
	return l, nil
}

// itemLabel answers an item's label.
func (a *App) itemLabel(c *fiber.Ctx) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	l, err := a.labelFor(c, i, askedLabel(c))
	if err != nil {
		return err
	}
	return a.answer(c, "label-"+i.SKU, labelForm(c), l)
}

// itemLabelPage shows an item's label before it is printed, and asks for lot, day and number.
func (a *App) itemLabelPage(c *fiber.Ctx) error {
	f := askedLabel(c)
	form := ui.Form{Values: map[string]string{"lot": f.Lot, "serial": f.Serial, "expires": f.Expires}}
	return a.showItemLabel(c, form, f)
}

func (a *App) showItemLabel(c *fiber.Ctx, form ui.Form, f itemLabelForm) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	picture := itemLabelPath(i.ID) + ".png?" + f.query()
	l, err := a.labelFor(c, i, f)
	if err == nil {
		_, err = labels.Draw(0, l)
	}
	if again, bad := refused(form, err); bad {
		c.Status(fiber.StatusUnprocessableEntity)
		form, picture = again, ""
	} else if err != nil {
		return err
	}
	p := a.page(c, "Label of "+i.Name)
	p.Lead = i.SKU
	p.Back = backTo(i.Name, fmt.Sprintf("/setup/items/%d", i.ID))
	if picture != "" {
		p.Actions = []ui.Link{{Label: "PDF", Href: itemLabelPath(i.ID) + ".pdf?" + f.query(), Icon: "file"}, {Label: "ZPL", Href: itemLabelPath(i.ID) + ".zpl?" + f.query(), Icon: "file"}}
	}
	return a.show(c, itemLabelPage(p, i, form, picture))
}

// printItemLabel sends an item's label to the label printer of the station where somebody works.
func (a *App) printItemLabel(c *fiber.Ctx) error {
	i, err := a.item(c)
	if err != nil {
		return err
	}
	var f itemLabelForm
	form, err := decode(c, &f)
	var l labels.ItemLabel
	if err == nil {
		l, err = a.labelFor(c, i, f)
	}
	who, _ := a.session(c)
	press, unkeyed := a.press(c)
	if err == nil {
		err = unkeyed
	}
	if err == nil {
		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error {
			ref := strings.TrimRight(strings.Join([]string{i.SKU, f.Lot, f.Serial, f.Expires}, " · "), " ·")
			paper, err := print.Fresh(ctx, tx, print.ItemLabel, ref, dpiOf(who), func() (print.Content, error) { return print.Drawn(dpiOf(who), l) })
			if err != nil {
				return err
			}
			_, err = print.Request(ctx, tx, paper, press)
			return err
		})
	}
	if form, again := refused(form, err); again {
		return a.showItemLabel(c, form, f)
	}
	if err != nil {
		return err
	}
	return a.done(c, itemLabelPath(i.ID)+"?"+f.query(), "The label is in the print queue.")
}

func itemLabelPath(id inventory.ItemID) string { return fmt.Sprintf("/setup/items/%d/label", id) }
