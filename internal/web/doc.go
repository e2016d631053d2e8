package web

// How to add a page:
//
//  1. Write a line in the table of routes.go: method, path, who may, handler. Nothing answers outside of that table,
//     and a test walks it as every role.
//  2. Write the handler in a file named by its stage: parse, one call of the trade in a transaction, show.
//
//     func (a *App) suppliersPage(c *fiber.Ctx) error {
//     list, err := inventory.Suppliers(c.UserContext(), a.DB, warehouse)
//     …
//     return a.show(c, suppliersPage(a.page(c, "Suppliers"), list))
//     }
//
//  3. Write the page beside it in a .templ file from the parts of internal/web/ui, inside ui.Office, ui.Floor or
//     ui.Customer, and generate: go run github.com/a-h/templ/cmd/templ@v0.3.977 generate.
//  4. A page of the menu gets a line in tiles, one of the office a line in sections (menu.go); both show it to whoever
//     the table lets in.
//
// A form is read by decode, which keeps what was typed; refused puts a fault's fields beside their inputs:
//
//	var in supplierForm
//	form, err := decode(c, &in)
//	if err == nil {
//		err = a.inTx(c, func(ctx context.Context, tx *sql.Tx) error { return inventory.AddSupplier(ctx, tx, …) })
//	}
//	if form, ok := refused(form, err); ok {
//		c.Status(fiber.StatusUnprocessableEntity)
//		return a.show(c, supplierPage(a.page(c, "New supplier"), form))
//	}
//	if err != nil {
//		return err
//	}
//	return a.done(c, "/setup/suppliers", "Supplier stored.")
//
// A scanning screen is two lines of the table and two handlers: GET /picking/17 shows the Step, POST /picking/17/scan
// takes the trigger. Sound, focus, queue, retry and undo come with the screen.
//
//	func (a *App) pickPage(c *fiber.Ctx) error {
//		step, err := picking.Next(c.UserContext(), a.DB, list)
//		…
//		return a.showStep(c, "/picking/17", step)
//	}
//
//	func (a *App) pickScan(c *fiber.Ctx) error {
//		return a.takeScan(c, "/picking/17", func(ctx context.Context, tx *sql.Tx, p pull) (scan.Step, error) {
//			return picking.Take(ctx, tx, list, p.Scan) // p.Action names a button of the Step's Choices, "undo" with p.Undo
//		})
//	}
//
// An error goes up as it is: errors.go turns its kind into a status and a page, or into a line on the scanning screen.
