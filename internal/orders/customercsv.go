package orders

import (
	"context"
	"database/sql"
	"io"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
	"tote/internal/staff"
)

// customerSheet is the list of customers as a file.
var customerSheet = []sheet.Column{
	{Name: "code"}, {Name: "name", Required: true}, {Name: "email", Also: []string{"e-mail"}, Required: true}, {Name: "phone"},
	{Name: "on_terms"}, {Name: "credit_limit"}, {Name: "terms_days"}, {Name: "language"},
}

// LoadCustomers reads a list of customers: one whose code or e-mail we have is changed, the others are
// new. Each bad row is named by its line and then nothing is stored.
func LoadCustomers(ctx context.Context, tx *sql.Tx, file io.Reader, by staff.ID, at time.Time) (n int, err error) {
	defer fault.Wrap(&err, "orders.LoadCustomers")
	settings, err := LoadSettings(ctx, tx)
	if err != nil {
		return 0, err
	}
	rows, err := sheet.Read(file, customerSheet...)
	if err != nil {
		return 0, err
	}
	var wrong fault.Fields
	list := make([]Customer, len(rows))
	for i, r := range rows {
		list[i] = readCustomerRow(r, settings.Currency, &wrong)
	}
	if err := known(ctx, tx, rows, list, &wrong); err != nil {
		return 0, err
	}
	if len(wrong) > 0 {
		return 0, wrong
	}
	return len(list), storeCustomers(ctx, tx, list, by, at)
}

func readCustomerRow(r sheet.Row, currency string, wrong *fault.Fields) Customer {
	var faults fault.Fields
	terms := r.OneOf(wrong, "on_terms", "no", "yes")
	c := CustomerForm{Code: r.Get("code"), Name: r.Get("name"), Email: r.Get("email"), Phone: r.Get("phone"),
		OnTerms: terms == "yes", CreditLimit: r.Get("credit_limit"), TermsDays: r.Get("terms_days"), Language: r.Get("language")}.tidied().read(currency, &faults)
	for _, f := range faults {
		wrong.Add("line "+strconv.Itoa(r.Line), "Line %d: %s", r.Line, f.Message)
	}
	return c
}

// known finds which of the customers we have, and names rows that mean two customers, or one twice.
func known(ctx context.Context, q pg.Querier, rows []sheet.Row, list []Customer, wrong *fault.Fields) error {
	names := map[string]bool{}
	for _, c := range list {
		names[strings.ToLower(c.Code)], names[strings.ToLower(c.Email)] = true, true
	}
	have, err := customersOf(ctx, q, askable(names))
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for i := range list {
		c := &list[i]
		byCode, coded := have[strings.ToLower(c.Code)]
		byEmail, mailed := have[strings.ToLower(c.Email)]
		switch {
		case coded && mailed && byCode.ID != byEmail.ID:
			rows[i].Fault(wrong, "code %s is %s, but the e-mail is that of %s", c.Code, byCode.Name, byEmail.Code)
		case coded:
			c.ID = byCode.ID
		case mailed:
			c.ID = byEmail.ID
		}
		for _, key := range []string{strings.ToLower(c.Code), strings.ToLower(c.Email)} {
			if first, twice := seen[key]; key != "" && twice {
				rows[i].Fault(wrong, "%s stands on line %d already", key, first)
			}
			seen[key] = rows[i].Line
		}
	}
	return nil
}

func storeCustomers(ctx context.Context, tx *sql.Tx, list []Customer, by staff.ID, at time.Time) error {
	var fresh []Customer
	for _, c := range list {
		if c.ID == 0 {
			fresh = append(fresh, c)
			continue
		}
		if err := changeCustomer(ctx, tx, c.ID, c, by, at); err != nil {
			return err
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	_, err := newCustomers(ctx, tx, fresh)
	return err
}

// ExportCustomers writes every customer as LoadCustomers reads them.
func ExportCustomers(ctx context.Context, q pg.Querier, out io.Writer) (err error) {
	defer fault.Wrap(&err, "orders.ExportCustomers")
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return err
	}
	list, err := queryCustomers(ctx, q, `order by c.code`)
	if err != nil {
		return err
	}
	rows := make([][]string, len(list))
	for i, c := range list {
		terms, limit, days := "no", "", ""
		if c.OnTerms {
			terms, limit, days = "yes", Money{c.CreditLimit, settings.Currency}.Amount(), strconv.Itoa(c.TermsDays)
		}
		rows[i] = []string{c.Code, c.Name, c.Email, c.Phone, terms, limit, days, string(c.Language)}
	}
	return sheet.Write(out, []string{"code", "name", "email", "phone", "on_terms", "credit_limit", "terms_days", "language"}, rows)
}
