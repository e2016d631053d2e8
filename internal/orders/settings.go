package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"golang.org/x/text/currency"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// Settings is how this house does business. Amounts are in the minor unit of Currency.
type Settings struct {
	Company              string
	Currency             string
	BaseURL              string // where customers reach the service; links in letters begin with it
	MailFrom             string
	Contacts             map[string]Contact      // by key of a Journey stage; "" is whoever answers for the rest
	TaxPermille          int64                   // 190 is 19 %
	ShippingBase         int64                   // per order
	ShippingPerKg        int64                   // per started kilogram on top
	PromiseDays          int                     // from placing to promised delivery, unless the order says otherwise
	FeedbackDays         int                     // from delivery to the question how it was
	FeedbackFallbackDays int                     // from dispatch, when nobody reports a delivery
	ReminderDays         int                     // from that question to its one reminder; 0: none
	ReturnDays           int                     // from delivery, to start a return
	WebWarehouse         inventory.WarehouseID   // sends what customers order by themselves; 0: they cannot
	Language             Language                // of letters to customers without one of their own; see SaveLanguage
	HowToPay             string                  // what a customer reads beside an amount that is open; may have several lines
	LegalLines           string                  // what papers of money say of us: name, address, register; several lines
	TaxNumber            string                  // ours
	BankDetails          string                  // where a transfer goes; several lines
	Departments          map[Department]LeadTime // those that were set up; see Settings.LeadTime and SaveDepartments
	WarnHours            int                     // before its date a department is warned
}

// LoadSettings reads the one row of settings; a site that was not set up has none (fault.NotFound).
func LoadSettings(ctx context.Context, q pg.Querier) (s Settings, err error) {
	defer fault.Wrap(&err, "orders.LoadSettings")
	var contacts, departments []byte
	err = q.QueryRowContext(ctx, `
		select company, currency, base_url, mail_from, contact, tax_permille, shipping_base_minor,
		       shipping_per_kg_minor, promise_days, feedback_days, feedback_fallback_days, return_days,
		       coalesce(web_warehouse_id, 0), how_to_pay, reminder_days, letter_language, legal_lines, tax_number, bank_details,
		       departments, warn_hours
		from settings`).Scan(&s.Company, &s.Currency, &s.BaseURL, &s.MailFrom, &contacts, &s.TaxPermille, &s.ShippingBase,
		&s.ShippingPerKg, &s.PromiseDays, &s.FeedbackDays, &s.FeedbackFallbackDays, &s.ReturnDays,
		&s.WebWarehouse, &s.HowToPay, &s.ReminderDays, &s.Language, &s.LegalLines, &s.TaxNumber, &s.BankDetails,
		&departments, &s.WarnHours)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.NotFound, "This site is not set up yet. Set it up first: company, currency, warehouse.")
	}
	if err != nil {
		return s, err
	}
	return s, errors.Join(json.Unmarshal(contacts, &s.Contacts), json.Unmarshal(departments, &s.Departments))
}

// SaveSettings checks and stores the settings; the first call makes the row.
func SaveSettings(ctx context.Context, tx *sql.Tx, s Settings) (err error) {
	defer fault.Wrap(&err, "orders.SaveSettings")
	if err := s.check(); err != nil {
		return err
	}
	if s.WebWarehouse != 0 {
		if _, err := zoneOf(ctx, tx, s.WebWarehouse); err != nil {
			return err
		}
	}
	if s.Contacts == nil {
		s.Contacts = map[string]Contact{}
	}
	contacts, err := json.Marshal(s.Contacts)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into settings (company, currency, base_url, mail_from, contact, tax_permille, shipping_base_minor,
		                      shipping_per_kg_minor, promise_days, feedback_days, feedback_fallback_days, return_days, web_warehouse_id, how_to_pay, reminder_days,
		                      legal_lines, tax_number, bank_details)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, nullif($13, 0), $14, $15, $16, $17, $18)
		on conflict (only_row) do update set
		    company = excluded.company, currency = excluded.currency, base_url = excluded.base_url, mail_from = excluded.mail_from,
		    contact = excluded.contact, tax_permille = excluded.tax_permille, shipping_base_minor = excluded.shipping_base_minor,
		    shipping_per_kg_minor = excluded.shipping_per_kg_minor, promise_days = excluded.promise_days,
		    feedback_days = excluded.feedback_days, feedback_fallback_days = excluded.feedback_fallback_days,
		    return_days = excluded.return_days, web_warehouse_id = excluded.web_warehouse_id, how_to_pay = excluded.how_to_pay, reminder_days = excluded.reminder_days,
		    legal_lines = excluded.legal_lines, tax_number = excluded.tax_number, bank_details = excluded.bank_details`,
		s.Company, s.Currency, s.BaseURL, s.MailFrom, contacts, s.TaxPermille, s.ShippingBase,
		s.ShippingPerKg, s.PromiseDays, s.FeedbackDays, s.FeedbackFallbackDays, s.ReturnDays,
		s.WebWarehouse, s.HowToPay, s.ReminderDays, s.LegalLines, s.TaxNumber, s.BankDetails)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into tax_rates (permille) values ($1) on conflict do nothing`, s.TaxPermille)
	return err
}

// maxCharge bounds the parts of the shipping charge: a charge for the heaviest order stays far from overflow.
const maxCharge = 1_000_000

func (s Settings) check() error {
	var f fault.Fields
	for _, text := range []struct{ name, value string }{{"company", s.Company}, {"base_url", s.BaseURL}} {
		if text.value == "" {
			f.Add(text.name, "Fill in %s.", text.name)
		} else if wrong := wrongText(text.value, 200, false); wrong != "" {
			f.Add(text.name, "%s %s.", text.name, wrong)
		}
	}
	if _, err := currency.ParseISO(s.Currency); err != nil {
		f.Add("currency", "%q is not a currency. Write its three letters, like EUR.", short(s.Currency))
	}
	if !isEmail(s.MailFrom) {
		f.Add("mail_from", "%q is not an e-mail address.", short(s.MailFrom))
	}
	for _, text := range []struct {
		name, label, value string
		most               int
	}{
		{"how_to_pay", "How to pay", s.HowToPay, 1000}, {"legal_lines", "What papers say of us", s.LegalLines, 1000},
		{"tax_number", "The tax number", s.TaxNumber, 60}, {"bank_details", "The bank details", s.BankDetails, 1000},
	} {
		if wrong := wrongText(text.value, text.most, text.name != "tax_number"); wrong != "" {
			f.Add(text.name, "%s %s.", text.label, wrong)
		}
	}
	for _, number := range []struct {
		name        string
		value, most int64
	}{
		{"tax_permille", s.TaxPermille, 1000}, {"shipping_base", s.ShippingBase, maxCharge}, {"shipping_per_kg", s.ShippingPerKg, maxCharge},
		{"promise_days", int64(s.PromiseDays), 365}, {"feedback_days", int64(s.FeedbackDays), 365},
		{"feedback_fallback_days", int64(s.FeedbackFallbackDays), 365}, {"reminder_days", int64(s.ReminderDays), 365}, {"return_days", int64(s.ReturnDays), 3650},
	} {
		if number.value < 0 || number.value > number.most {
			f.Add(number.name, "%s must be between 0 and %d.", number.name, number.most)
		}
	}
	checkContacts(s.Contacts, &f)
	return f.Err()
}
