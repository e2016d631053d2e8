package crawl_test

import (
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"
	"unicode/utf16"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// sheets is a header and a good row for every page that takes a file: %[1]s is an item's SKU, %[2]s an empty bin, %[3]s a
// customer.
var sheets = map[string][2]string{
	"/orders/load":            {"order,customer,recipient,street,city,postcode,country,carrier,service,sku,quantity", `A-1,%[3]s,"Ann, of Leeds",Elm Road 7,Leeds,LS2 3AB,GB,own,standard,%[1]s,1`},
	"/customers/load":         {"code,name,email,on_terms,credit_limit", `NEW-1,"Ann, of Leeds",ann@example.com,no,`},
	"/prices/load":            {"sku,amount", `%[1]s,"5.00"`},
	"/setup/items/csv":        {"sku,name,length_mm,weight_g,bin_class", `NEW-1,"Mug, blue",10,10,shelf`},
	"/setup/locations/csv":    {"code,kind,parent,use,bin_class", `NEW-1,bin,,"pickable",shelf`},
	"/setup/boxes/csv":        {"code,name,inner_length_mm,inner_width_mm,inner_height_mm,outer_length_mm,outer_width_mm,outer_height_mm,weight_g,max_weight_g", `NEW1,"Box, new",100,100,100,110,110,110,50,5000`},
	"/setup/suppliers/csv":    {"code,name,over_percent", `NEW,"Potter, Sons",5`},
	"/setup/staff/csv":        {"roles,name,pin", `picker,"Nia, new",583920`},
	"/stock/opening":          {"location,sku,quantity", `%[2]s,%[1]s,"1"`},
	"/receiving/expected/csv": {"number,supplier,sku,quantity", `PO-NEW,"Potter, Sons",%[1]s,3`},
}

// badFiles sends to every page that reads a table: ten thousand bad rows, half a file, a file in the wrong letters; nothing
// is stored. Then a good row in each way that spreadsheets write it, of which the first is stored and the others say so.
func badFiles(t *testing.T, s *webtest.Site) {
	c := s.As(t, s.Member(t, "Ada", staff.Admin))
	sku, customer := one(t, s, `select sku from items join prices on prices.item_id = items.id order by items.id limit 1`), one(t, s, `select code from customers order by id limit 1`)
	bin := one(t, s, `select code from locations l where kind = 'bin' and use = 'pickable' and not exists (select from balances b where b.location_id = l.id) order by id limit 1`)
	before := rowsOf(t, s)
	for path, file := range sheets {
		head, good := file[0], strings.NewReplacer("%[1]s", sku, "%[2]s", bin, "%[3]s", customer).Replace(file[1])
		many := 10_000
		if path == "/setup/staff/csv" {
			many = 300 // as many as it takes
		}
		for name, bad := range map[string]struct{ content, says string }{
			"bad rows":      {head + "\n" + strings.Repeat(strings.Repeat("!,", strings.Count(head, ","))+"!\n", many), "Line 2"},
			"half a file":   {head + "\n" + good[:strings.Index(good, `"`)+2], "Line 2: a quotation mark is not closed"},
			"half a row":    {head + "\n" + good[:strings.Index(good, ",")], "Line 2: has 1 cells"},
			"UTF-16":        {"\xff\xfe" + wide(head+"\n"+good), "not UTF-8"},
			"an empty file": {"", "header"},
			"only a header": {head + "\n", "no rows"},
		} {
			if a := c.Upload(path, "file", []byte(bad.content)); a.Status != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(a.Body), bad.says) {
				t.Errorf("%s answers %d to %s and does not say %q: %.600s", path, a.Status, name, bad.says, words(a))
			}
		}
		if after := rowsOf(t, s); after != before {
			t.Errorf("%s: there were %s rows, now there are %s", path, before, after)
		}
		semicolons := strings.ReplaceAll(head, ",", ";") + "\r\n" + strings.Join(cells(t, good), ";") + "\r\n"
		if a := c.Upload(path, "file", []byte("\ufeff"+semicolons)); a.Status >= http.StatusBadRequest {
			t.Errorf("%s answers %d to a good file of a spreadsheet: %s", path, a.Status, words(a))
		}
		before = rowsOf(t, s)
	}
}

// words is what can be read on an answer.
func words(a webtest.Answer) string {
	page, err := webtest.ReadPage(nil, a.Status, []byte(a.Body))
	if err != nil {
		return a.Body
	}
	return page.Words
}

// wide is plain text as UTF-16, little end first.
func wide(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// cells are the cells of a row, each between quotation marks.
func cells(t *testing.T, row string) (list []string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(row)).Read()
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range all {
		list = append(list, `"`+cell+`"`)
	}
	return list
}

// rowsOf counts what a file could have stored.
func rowsOf(t *testing.T, s *webtest.Site) string {
	t.Helper()
	var n [6]int64
	if err := s.DB.QueryRow(`select (select count(*) from orders), (select count(*) from customers), (select count(*) from prices),
		(select count(*) from items), (select count(*) from locations), (select count(*) from expected_receipts)`).Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5]); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(n)
}
