package shipping

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
)

// Bracket is one line of a carrier's rate table: what one parcel up to a weight costs to some places.
type Bracket struct {
	Carrier, Service string
	Places           []string // DE, DE-24 (the beginning of its postcodes), * for everywhere else
	UpToG            int64
	Minor            int64
	Currency         string
	Days             int // working days on the road; -1: as the carrier usually takes
}

const elsewhere = "*"

func (b *Bracket) fields() []any {
	return []any{&b.Carrier, &b.Service, pg.Array(&b.Places), &b.UpToG, &b.Minor, &b.Currency, &b.Days}
}

const brackets = `select carrier, service, places, up_to_g, minor, currency, coalesce(days, -1) from carrier_rates`

// RateTable is the rate table of a carrier, by service, place and weight.
func RateTable(ctx context.Context, q pg.Querier, carrier string) (_ []Bracket, err error) {
	defer fault.Wrap(&err, "shipping.RateTable(%s)", carrier)
	return list(ctx, q, (*Bracket).fields, brackets+` where carrier = $1 order by service, places, up_to_g`, carrier)
}

// mostBrackets bounds a carrier's table: each order is compared with all of them.
const mostBrackets = 5000

var rateColumns = []sheet.Column{{Name: "service", Required: true}, {Name: "to", Also: []string{"zone", "places"}, Required: true},
	{Name: "up_to_g", Also: []string{"weight_g"}, Required: true}, {Name: "price", Required: true}, {Name: "days"}}

// ReadRates makes a file the rate table of a carrier: all of it, or nothing and a sentence about each bad line. price reads
// an amount in the currency of the site.
func ReadRates(ctx context.Context, tx *sql.Tx, carrier Carrier, currency string, price func(string) (int64, error), in io.Reader) (n int, err error) {
	defer fault.Wrap(&err, "shipping.ReadRates(%s)", carrier.Code)
	rows, err := sheet.Read(in, rateColumns...)
	if err != nil {
		return 0, err
	}
	var bad fault.Fields
	var table []Bracket
	seen := map[string]int{}
	for _, row := range rows {
		b := readBracket(row, carrier, price, &bad)
		b.Currency = currency
		for _, place := range b.Places {
			key := fmt.Sprint(b.Service, " ", place, " ", b.UpToG)
			if first := seen[key]; first != 0 {
				row.Fault(&bad, "%s to %s up to %d g stands in line %d already", b.Service, place, b.UpToG, first)
			}
			seen[key] = row.Line
		}
		table = append(table, b)
	}
	if len(table) > mostBrackets {
		return 0, fault.New(fault.Invalid, "A rate table has at most %d lines.", mostBrackets)
	}
	if err := sheet.Err(bad); err != nil {
		return 0, err
	}
	return len(table), setRates(ctx, tx, carrier.Code, table)
}

var place = regexp.MustCompile(`^([A-Z]{2}(-[A-Z0-9]{1,10})?|\*)$`)

// heaviest is the greatest weight that a bracket may reach, in grams.
const heaviest = 10_000_000

// readBracket reads a row and says what is wrong with it.
func readBracket(row sheet.Row, c Carrier, price func(string) (int64, error), bad *fault.Fields) Bracket {
	b := Bracket{Carrier: c.Code, Service: row.Get("service"), UpToG: row.Int(bad, "up_to_g", 1, heaviest, 0), Days: -1}
	if !slices.Contains(c.Services, b.Service) {
		row.Fault(bad, "%s has no service %q; it has %s", c.Name, clip(b.Service), strings.Join(c.Services, ", "))
	}
	if row.Get("days") != "" {
		b.Days = int(row.Int(bad, "days", 0, 90, 0))
	}
	b.Places = strings.Fields(strings.ToUpper(strings.NewReplacer(",", " ", ";", " ").Replace(row.Get("to"))))
	slices.Sort(b.Places)
	b.Places = slices.Compact(b.Places)
	wrong := func(p string) bool { return !place.MatchString(p) }
	if len(b.Places) == 0 || len(b.Places) > mostPlaces || slices.ContainsFunc(b.Places, wrong) {
		row.Fault(bad, "to names countries (DE AT), countries with the beginning of their postcodes (DE-24) or * for everywhere else")
	}
	var err error
	if b.Minor, err = price(row.Get("price")); err != nil {
		row.Fault(bad, "price: %s", fault.Message(err))
	}
	return b
}

// mostPlaces bounds the places of one line.
const mostPlaces = 300

// setRates replaces a carrier's table.
func setRates(ctx context.Context, tx *sql.Tx, carrier string, table []Bracket) error {
	if _, err := tx.ExecContext(ctx, `select from carriers where code = $1 for update`, carrier); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from carrier_rates where carrier = $1`, carrier); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		insert into carrier_rates (carrier, service, places, up_to_g, minor, currency, days)
		select $1, service, string_to_array(places, ' '), up_to_g, minor, $7, nullif(days, -1)
		from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::integer[]) as r (service, places, up_to_g, minor, days)`,
		carrier, pg.Column(table, func(b Bracket) string { return b.Service }), pg.Column(table, func(b Bracket) string { return strings.Join(b.Places, " ") }),
		pg.Column(table, func(b Bracket) int64 { return b.UpToG }), pg.Column(table, func(b Bracket) int64 { return b.Minor }),
		pg.Column(table, func(b Bracket) int64 { return int64(b.Days) }), currencyOf(table))
	return err
}

func currencyOf(table []Bracket) string {
	if len(table) == 0 {
		return ""
	}
	return table[0].Currency
}

// DropRates takes a carrier's rate table away: it is not compared any more.
func DropRates(ctx context.Context, tx *sql.Tx, carrier string) (err error) {
	defer fault.Wrap(&err, "shipping.DropRates(%s)", carrier)
	_, err = tx.ExecContext(ctx, `delete from carrier_rates where carrier = $1`, carrier)
	return err
}

// WriteRates writes a carrier's rate table as ReadRates reads it; amount writes a price.
func WriteRates(ctx context.Context, q pg.Querier, carrier string, amount func(minor int64, currency string) string, out io.Writer) (err error) {
	defer fault.Wrap(&err, "shipping.WriteRates(%s)", carrier)
	table, err := RateTable(ctx, q, carrier)
	if err != nil {
		return err
	}
	cells := make([][]string, len(table))
	for i, b := range table {
		cells[i] = []string{b.Service, strings.Join(b.Places, " "), strconv.FormatInt(b.UpToG, 10), amount(b.Minor, b.Currency), ""}
		if b.Days >= 0 {
			cells[i][4] = strconv.Itoa(b.Days)
		}
	}
	return sheet.Write(out, []string{"service", "to", "up_to_g", "price", "days"}, cells)
}

// fits is how well a bracket's places name an address: the more of the postcode, the better; 0 is not at all.
func (b Bracket) fits(country, postcode string) (best int) {
	whole := country + "-" + bare(postcode)
	for _, p := range b.Places {
		switch {
		case p == elsewhere:
			best = max(best, 1)
		case p == country, strings.Contains(p, "-") && strings.HasPrefix(whole, p):
			best = max(best, len(p))
		}
	}
	return best
}

// onTheRoad are a bracket's days as a rate says them.
func (b Bracket) onTheRoad() int {
	switch b.Days {
	case -1:
		return 0
	case 0:
		return SameDay
	}
	return b.Days
}

// bare is a postcode without blanks and dashes.
func bare(postcode string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(strings.ToUpper(postcode))
}

// price is what parcels of a service cost to a place by its table: as many as the greatest weight asks for, all alike.
func price(table []Bracket, service string, parcel Consignment) (found Bracket, parcels int64, ok bool) {
	best := 0
	var zone []Bracket
	for _, b := range table {
		if fit := b.fits(parcel.To.Country, parcel.To.Postcode); b.Service == service && fit > 0 && fit >= best {
			if fit > best {
				best, zone = fit, nil
			}
			zone = append(zone, b)
		}
	}
	if len(zone) == 0 {
		return found, 0, false
	}
	slices.SortFunc(zone, func(a, b Bracket) int { return cmp.Compare(a.UpToG, b.UpToG) })
	grams, most := max(parcel.Grams, 1), zone[len(zone)-1].UpToG
	parcels = (grams + most - 1) / most
	each := (grams + parcels - 1) / parcels
	i := slices.IndexFunc(zone, func(b Bracket) bool { return b.UpToG >= each })
	return zone[i], parcels, true
}
