package web

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/picking"
)

// house is the warehouse somebody works in.
func (a *App) house(c *fiber.Ctx) inventory.WarehouseID {
	who, _ := a.session(c)
	return inventory.WarehouseID(who.Warehouse)
}

// number is a whole number of the path, such as the receipt in /receiving/7.
func number(c *fiber.Ctx, name string) (int64, error) {
	n, err := c.ParamsInt(name)
	if err != nil || n < 1 {
		return 0, fault.New(fault.NotFound, "There is no page at this address. Look in the menu.")
	}
	return int64(n), nil
}

// receivingStart asks for the dock; below stand the receipts that are open.
func (a *App) receivingStart(c *fiber.Ctx) error {
	who, _ := a.session(c)
	step, err := inventory.ShowReceivingStart(c.UserContext(), a.DB, a.house(c), who.ID)
	if err != nil {
		return err
	}
	open, err := inventory.Receipts(c.UserContext(), a.DB, a.house(c))
	if err != nil {
		return err
	}
	return a.showStep(c, "/receiving", step, receivingPlaces(open))
}

func (a *App) receivingStartScan(c *fiber.Ctx) error {
	var open []inventory.Receipt
	return a.takeScan(c, "/receiving", func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if step, err = inventory.StartReceiving(ctx, tx, a.house(c), p.Scan); err != nil {
			return step, err
		}
		open, err = inventory.Receipts(ctx, tx, a.house(c))
		return step, err
	}, func() templ.Component { return receivingPlaces(open) })
}

// receipt reads the receipt of the path; another warehouse's does not exist here.
func (a *App) receipt(c *fiber.Ctx) (r inventory.Receipt, err error) {
	id, err := number(c, "receipt")
	if err != nil {
		return r, err
	}
	r, err = inventory.ReceiptOf(c.UserContext(), a.DB, inventory.ReceiptID(id))
	if err == nil && r.Warehouse != a.house(c) {
		err = fault.New(fault.NotFound, "%s belongs to another warehouse.", r.ID)
	}
	return r, err
}

func (a *App) receivingPage(c *fiber.Ctx) error {
	who, _ := a.session(c)
	r, err := a.receipt(c)
	if err != nil {
		return err
	}
	step, err := inventory.ShowReceipt(c.UserContext(), a.DB, r.ID, who.ID)
	if err != nil {
		return err
	}
	lines, err := inventory.ReceiptLines(c.UserContext(), a.DB, r.ID)
	if err != nil {
		return err
	}
	stranger, err := a.stranger(c, a.DB, r.ID)
	if err != nil {
		return err
	}
	tab, err := a.labelTab(c, a.DB)
	if err != nil {
		return err
	}
	return a.showStep(c, r.ID.Path(), step, strangerPanel(r.ID, stranger, lines, ui.Form{}), receiptBeside(r.ID, lines, tab))
}

// stranger is the unknown code that the person in front of the page scanned last, if they may say what it is.
func (a *App) stranger(c *fiber.Ctx, q pg.Querier, id inventory.ReceiptID) (string, error) {
	who, _ := a.session(c)
	if !office.allows(who.Member) {
		return "", nil
	}
	return inventory.Stranger(c.UserContext(), q, id, who.ID)
}

type strangerForm struct {
	Code     string `form:"code,max=80" label:"The barcode"`
	Item     int64  `form:"item" label:"The item"`
	Quantity int64  `form:"pack,max=6" label:"The pieces"`
}

// nameStranger takes a code that nobody knew as a barcode of an item that is on the order.
func (a *App) nameStranger(c *fiber.Ctx) error {
	r, err := a.receipt(c)
	if err != nil {
		return err
	}
	var f strangerForm
	form, err := decode(c, &f)
	var it inventory.Item
	if err == nil {
		err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
			it, err = inventory.NameStranger(c.UserContext(), tx, r.ID,
				inventory.Barcode{Code: f.Code, Item: inventory.ItemID(f.Item), Quantity: f.Quantity}, scan.Scan{Staff: a.who(c), At: a.Now()})
			return err
		})
	}
	form, again := refused(form, err)
	if !again && err != nil {
		return err
	}
	if !again {
		return a.done(c, r.ID.Path(), "It is a barcode of "+it.Name+" now. Scan it again to count it.")
	}
	who, _ := a.session(c)
	step, err := inventory.ShowReceipt(c.UserContext(), a.DB, r.ID, who.ID)
	if err != nil {
		return err
	}
	lines, err := inventory.ReceiptLines(c.UserContext(), a.DB, r.ID)
	if err != nil {
		return err
	}
	tab, err := a.labelTab(c, a.DB)
	if err != nil {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return a.showStep(c, r.ID.Path(), step, strangerPanel(r.ID, f.Code, lines, form), receiptBeside(r.ID, lines, tab))
}

func (a *App) receivingScan(c *fiber.Ctx) error {
	n, err := number(c, "receipt")
	if err != nil {
		return err
	}
	id := inventory.ReceiptID(n)
	var lines []inventory.ReceiptLine
	var stranger string
	var tab templ.Attributes
	return a.takeScan(c, id.Path(), func(ctx context.Context, tx *sql.Tx, p pull) (step scan.Step, err error) {
		if p.Action == "undo" {
			p.Code = "X-UNDO"
			step, err = inventory.UndoReceived(ctx, tx, id, p.Undo, p.Scan)
		} else {
			step, err = inventory.Receive(ctx, tx, id, picking.ToteUsedBy, p.Scan)
		}
		if err != nil {
			return step, err
		}
		if stranger, err = a.stranger(c, tx, id); err != nil {
			return step, err
		}
		if tab, err = a.labelTab(c, tx); err != nil {
			return step, err
		}
		lines, err = inventory.ReceiptLines(ctx, tx, id)
		return step, err
	}, func() templ.Component { return strangerPanel(id, stranger, lines, ui.Form{}) },
		func() templ.Component { return receiptBeside(id, lines, tab) })
}

// receiptPage shows what came on a receipt line by line, and takes the reasons and photos of what differs.
func (a *App) receiptPage(c *fiber.Ctx) error {
	r, err := a.receipt(c)
	if err != nil {
		return err
	}
	lines, err := inventory.ReceiptLines(c.UserContext(), a.DB, r.ID)
	if err != nil {
		return err
	}
	p := a.page(c, r.ID.String()+" at "+r.DockCode)
	p.Lead = receiptLead(r)
	p.Back = backTo("Receiving", "/receiving")
	if r.Open {
		p.Back = backTo("Go on receiving", r.ID.Path())
	}
	return a.show(c, receiptPage(p, r, lines, len(unmatched(lines)) > 0))
}

type noteForm struct {
	Line     int64  `form:"line"`
	Expected int64  `form:"expected"`
	Reason   string `form:"reason,max=500" label:"The reason"`
	Scanning bool   `form:"scanning"` // it was written between two scans
}

// noteLine keeps why a line differs, and a photo of it.
func (a *App) noteLine(c *fiber.Ctx) error {
	r, err := a.receipt(c)
	if err != nil {
		return err
	}
	var f noteForm
	if _, err := decode(c, &f); err != nil {
		return err
	}
	photo, err := a.uploadedPhoto(c)
	if err != nil {
		return err
	}
	err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) error {
		return inventory.Note(c.UserContext(), tx, r.ID, f.Line, f.Expected, f.Reason, string(photo))
	})
	if err != nil {
		return err
	}
	if f.Scanning && r.Open {
		return a.done(c, r.ID.Path(), "Noted.")
	}
	return a.done(c, fmt.Sprintf("%s/lines", r.ID.Path()), "Noted.")
}

// uploadedPhoto keeps the photo of a form, if there is one. It is stored before the transaction: a file that nobody
// names is harmless, a name without its file is not.
func (a *App) uploadedPhoto(c *fiber.Ctx) (files.Hash, error) {
	photo, err := a.sentPhoto(c, "photo")
	if err != nil || photo == nil {
		return "", err
	}
	return a.Files.Put(photo)
}

// sentPhoto is the photo in a field of a form, looked at and made anew; nil where none was sent.
func (a *App) sentPhoto(c *fiber.Ctx, field string) ([]byte, error) {
	form, err := c.MultipartForm()
	if err != nil || len(form.File[field]) == 0 || form.File[field][0].Size == 0 {
		return nil, nil
	}
	if a.Files == nil {
		return nil, fault.New(fault.Unavailable, "Photos are not kept here. Write the reason only.")
	}
	select {
	case pictureSlots <- struct{}{}:
		defer func() { <-pictureSlots }()
	case <-c.UserContext().Done():
		return nil, fault.New(fault.Unavailable, "Many pictures are being sent just now. Try again in a minute.")
	}
	raw, err := contentOf(form.File[field][0])
	if err != nil {
		return nil, err
	}
	return files.Photo(raw)
}

// photo answers a photo to somebody who is signed in.
func (a *App) photo(c *fiber.Ctx) error {
	if a.Files == nil {
		return fault.New(fault.NotFound, "There is no such photo.")
	}
	return a.sendPicture(c, files.Hash(c.Params("hash")))
}

// sendPicture answers a picture of our own making.
func (a *App) sendPicture(c *fiber.Ctx, hash files.Hash) error {
	data, err := a.Files.Get(hash)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, files.PhotoType)
	c.Set(fiber.HeaderContentDisposition, "inline")
	c.Set(fiber.HeaderCacheControl, "private, max-age=31536000, immutable") // a hash never changes its content
	return c.Send(data)
}

type matchForm struct {
	Number string `form:"number,max=40" label:"The number"`
}

// matchReceipt says which purchase order the goods belong to that came without one.
func (a *App) matchReceipt(c *fiber.Ctx) error {
	r, err := a.receipt(c)
	if err != nil {
		return err
	}
	var f matchForm
	if _, err := decode(c, &f); err != nil {
		return err
	}
	var units int64
	var over []string
	err = pg.InTx(c.UserContext(), a.DB, func(tx *sql.Tx) (err error) {
		units, over, err = inventory.Match(c.UserContext(), tx, r.ID, f.Number)
		return err
	})
	if err != nil {
		return err
	}
	return a.done(c, fmt.Sprintf("%s/lines", r.ID.Path()), strings.Join(append([]string{ui.Count(units, "piece now belongs", "pieces now belong") + " to " + f.Number + "."}, over...), " "))
}
