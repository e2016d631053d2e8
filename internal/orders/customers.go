package orders

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Customer is somebody who orders. Amounts are in the minor unit of the house's currency.
type Customer struct {
	ID          CustomerID
	Code        string
	Name        string
	Email       string
	Phone       string
	OnTerms     bool  // pays later, up to the limit
	CreditLimit int64 // 0 when not on terms
	TermsDays   int   // from the invoice to the day it is due
	Debt        int64 // open on orders that were released, what was paid too much taken off
	Orders      int64 // that were not cancelled
	Language    Language
	Ended       time.Time // no questions any more, since then; zero: he may be asked
}

const customerColumns = `c.id, c.code, c.name, c.email, c.phone, c.on_terms, c.credit_limit_minor, c.terms_days, c.language, coalesce(c.questions_ended_at, '0001-01-01 00:00+00')`

// queryCustomers reads customers without their debt.
func queryCustomers(ctx context.Context, q pg.Querier, where string, args ...any) ([]Customer, error) {
	return pg.Collect(func(c *Customer) []any {
		return []any{&c.ID, &c.Code, &c.Name, &c.Email, &c.Phone, &c.OnTerms, &c.CreditLimit, &c.TermsDays, &c.Language, &c.Ended}
	})(q.QueryContext(ctx, `select `+customerColumns+` from customers c `+where, args...))
}

// CustomerByID reads one customer with his debt.
func CustomerByID(ctx context.Context, q pg.Querier, id CustomerID) (c Customer, err error) {
	defer fault.Wrap(&err, "orders.CustomerByID(%d)", id)
	found, err := queryCustomers(ctx, q, `where c.id = $1`, id)
	if err != nil {
		return c, err
	}
	if len(found) == 0 {
		return c, fault.New(fault.NotFound, "There is no such customer.")
	}
	debts, err := debts(ctx, q, id)
	if err != nil {
		return c, err
	}
	c = found[0]
	c.Debt = debts[id]
	err = q.QueryRowContext(ctx, `select count(*) from orders where customer_id = $1 and cancelled_at is null`, id).Scan(&c.Orders)
	return c, err
}

// Customers lists customers whose code, name, e-mail or phone contains the search, in the order of
// their codes, beginning after the code `after` (keyset paging).
func Customers(ctx context.Context, q pg.Querier, search, after string, limit int) (list []Customer, err error) {
	defer fault.Wrap(&err, "orders.Customers(%q)", search)
	if wrongText(search, 200, false) != "" || wrongText(after, 200, false) != "" {
		return nil, nil // nothing is called that
	}
	list, err = queryCustomers(ctx, q, `
		where c.code > $1 and ($2 = '' or c.code || ' ' || c.name || ' ' || c.email || ' ' || c.phone ilike '%' || $2 || '%')
		order by c.code limit $3`, after, likeable(search), limit)
	if err != nil {
		return nil, err
	}
	ids := make([]CustomerID, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	debts, err := debts(ctx, q, ids...)
	for i := range list {
		list[i].Debt = debts[list[i].ID]
	}
	return list, err
}

// likeable takes the meaning off the wildcards of a search.
func likeable(search string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.TrimSpace(search))
}

// CustomerForm is the form of a customer, as typed.
type CustomerForm struct {
	Code        string `json:"code" form:"code,max=40"` // empty for a new one: made by us
	Name        string `json:"name" form:"name,max=120"`
	Email       string `json:"email" form:"email,max=254"`
	Phone       string `json:"phone" form:"phone,max=40"`
	OnTerms     bool   `json:"on_terms" form:"on_terms"`
	CreditLimit string `json:"credit_limit" form:"credit_limit,max=20"` // amount as typed
	TermsDays   string `json:"terms_days" form:"terms_days,max=10"`     // empty: usualTerms
	Language    string `json:"language" form:"language,max=2"`          // of letters; empty: the house's
}

// usualTerms is how many days a customer on terms has when nobody says.
const usualTerms = 30

func (f CustomerForm) tidied() CustomerForm {
	f.Code, f.Name, f.Email = tidy(f.Code), tidy(f.Name), tidy(f.Email)
	f.Phone, f.CreditLimit, f.TermsDays, f.Language = tidy(f.Phone), tidy(f.CreditLimit), tidy(f.TermsDays), strings.ToLower(tidy(f.Language))
	return f
}

// read checks what can be said of the form alone.
func (f CustomerForm) read(currency string, wrong *fault.Fields) Customer {
	for _, t := range []text{
		{name: "code", label: "Code", value: &f.Code, most: 40},
		{name: "name", label: "Name", value: &f.Name, most: 120, mandatory: true},
		{name: "email", label: "E-mail", value: &f.Email, most: 254, mandatory: true},
		{name: "phone", label: "Phone", value: &f.Phone, most: 40},
	} {
		if problem := wrongText(*t.value, t.most, false); problem != "" {
			wrong.Add(t.name, "%s %s.", t.label, problem)
		} else if t.mandatory && *t.value == "" {
			wrong.Add(t.name, "%s is missing.", t.label)
		}
	}
	if f.Email != "" && wrong.Of("email") == "" && !isEmail(f.Email) {
		wrong.Add("email", "%q is not an e-mail address we can write to. It looks like ann@example.com.", short(f.Email))
	}
	if wrong.Of("code") == "" && strings.ContainsRune(f.Code, '@') {
		wrong.Add("code", "A code must not look like an e-mail address.")
	}
	c := Customer{Code: f.Code, Name: f.Name, Email: f.Email, Phone: f.Phone, OnTerms: f.OnTerms, Language: Language(f.Language)}
	if c.Language != "" && !slices.Contains(Languages, c.Language) {
		wrong.Add("language", "Letters are written in en or de, not in %q.", short(f.Language))
	}
	if f.CreditLimit != "" {
		limit, err := ParseMoney(f.CreditLimit, currency)
		if err != nil {
			wrong.Add("credit_limit", "%s", fault.Message(err))
		}
		c.CreditLimit = limit.Minor
	}
	if c.TermsDays = usualTerms; f.TermsDays != "" {
		days, err := strconv.Atoi(f.TermsDays)
		if err != nil || days < 0 || days > 365 {
			wrong.Add("terms_days", "Days to pay must be a whole number from 0 to 365.")
		}
		c.TermsDays = days
	}
	if f.OnTerms && f.CreditLimit == "" {
		wrong.Add("credit_limit", "A customer on terms needs a limit: what may be open at once.")
	}
	return c
}

// SaveCustomer changes the customer with that id, or makes a new one when it is 0. When terms or limit
// let orders go that were waiting, they are released at once.
func SaveCustomer(ctx context.Context, tx *sql.Tx, id CustomerID, f CustomerForm, by staff.ID, at time.Time) (_ CustomerID, err error) {
	defer fault.Wrap(&err, "orders.SaveCustomer(%d)", id)
	settings, err := LoadSettings(ctx, tx)
	if err != nil {
		return 0, err
	}
	f = f.tidied()
	var wrong fault.Fields
	c := f.read(settings.Currency, &wrong)
	if err := takenBy(ctx, tx, id, c, &wrong); err != nil {
		return 0, err
	}
	if len(wrong) > 0 {
		return 0, wrong
	}
	if id == 0 {
		made, err := newCustomers(ctx, tx, []Customer{c})
		if err != nil {
			return 0, err
		}
		return made[strings.ToLower(c.Email)], nil
	}
	return id, changeCustomer(ctx, tx, id, c, by, at)
}

// takenBy names the fields of c that another customer has already.
func takenBy(ctx context.Context, q pg.Querier, id CustomerID, c Customer, wrong *fault.Fields) error {
	if len(*wrong) > 0 {
		return nil
	}
	others, err := queryCustomers(ctx, q, `where c.id <> $1 and (lower(c.email) = lower($2) or lower(c.code) = lower($3)) order by c.id`, id, c.Email, c.Code)
	for _, other := range others {
		if strings.EqualFold(other.Email, c.Email) {
			wrong.Add("email", "%s has this e-mail already (code %s).", other.Name, other.Code)
		}
		if strings.EqualFold(other.Code, c.Code) {
			wrong.Add("code", "%s has this code already.", other.Name)
		}
	}
	return err
}

func changeCustomer(ctx context.Context, tx *sql.Tx, id CustomerID, c Customer, by staff.ID, at time.Time) error {
	if err := lockCustomers(ctx, tx, id); err != nil {
		return err
	}
	changed, err := tx.ExecContext(ctx, `
		update customers
		set code = coalesce(nullif($2, ''), code), name = $3, email = $4, phone = $5, on_terms = $6, credit_limit_minor = $7, language = $8, terms_days = $9
		where id = $1`, id, c.Code, c.Name, c.Email, c.Phone, c.OnTerms, c.CreditLimit, c.Language, c.TermsDays)
	if err != nil {
		return err
	}
	if n, err := changed.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, fault.New(fault.NotFound, "There is no such customer."))
	}
	return releaseWaiting(ctx, tx, by, at, id)
}

// newCustomers stores customers that were checked, each with a code of its own or one we make, and
// gives their ids by lower-case e-mail. Somebody may have stored the same e-mail a moment ago: then it
// is that customer.
func newCustomers(ctx context.Context, tx *sql.Tx, list []Customer) (map[string]CustomerID, error) {
	codes, names, emails, phones := make([]string, len(list)), make([]string, len(list)), make([]string, len(list)), make([]string, len(list))
	terms, limits, keys, languages, days := make([]bool, len(list)), make([]int64, len(list)), make([]string, len(list)), make([]string, len(list)), make([]int64, len(list))
	for i, c := range list {
		codes[i], names[i], emails[i], phones[i] = c.Code, c.Name, c.Email, c.Phone
		terms[i], limits[i], keys[i], languages[i], days[i] = c.OnTerms, c.CreditLimit, strings.ToLower(c.Email), string(c.Language), int64(c.TermsDays)
	}
	if err := skipNumbers(ctx, tx, codes); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `
		insert into customers (code, name, email, phone, on_terms, credit_limit_minor, language, terms_days)
		select coalesce(nullif(u.code, ''), 'CU' || nextval('customer_numbers')), u.name, u.email, u.phone, u.terms, u.credit, u.language, u.days
		from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::bigint[], $7::text[], $8::integer[]) as u(code, name, email, phone, terms, credit, language, days)
		on conflict (lower(email)) do nothing`,
		pg.Array(codes), pg.Array(names), pg.Array(emails), pg.Array(phones), pg.Array(terms), pg.Array(limits), pg.Array(languages), pg.Array(days)); err != nil {
		return nil, err
	}
	stored, err := queryCustomers(ctx, tx, `where lower(c.email) = any($1)`, pg.Array(keys))
	made := map[string]CustomerID{}
	for _, c := range stored {
		made[strings.ToLower(c.Email)] = c.ID
	}
	return made, err
}

// skipNumbers keeps the codes we make clear of the codes of that form that are brought along (a list
// from another site, say).
func skipNumbers(ctx context.Context, tx *sql.Tx, codes []string) error {
	var most int64
	for _, code := range codes {
		if digits, ours := strings.CutPrefix(code, "CU"); ours && digitsOnly(digits) && len(digits) < 16 {
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil {
				return err
			}
			most = max(most, n)
		}
	}
	if most == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `select setval('customer_numbers', greatest($1, (select last_value from customer_numbers)))`, most)
	return err
}

// lockCustomers is the first lock of whatever decides about money or release.
func lockCustomers(ctx context.Context, tx *sql.Tx, ids ...CustomerID) error {
	_, err := tx.ExecContext(ctx, `select from customers where id = any($1) order by id for no key update`, pg.Array(ids))
	return err
}

func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + one + "s"
}
