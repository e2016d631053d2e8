package shipping

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Rule says which carrier takes what fits it. Empty conditions fit everything.
type Rule struct {
	Tag     string
	Country string
	Asked   string // the service that the order asks for
	FromG   int64
	ToG     int64  // 0: no end
	Does    string // cheapest, ordered or carrier
	Carrier string // with carrier
	Service string
}

func (r *Rule) fields() []any {
	return []any{&r.Tag, &r.Country, &r.Asked, &r.FromG, &r.ToG, &r.Does, &r.Carrier, &r.Service}
}

// Rules lists the rules in their order: the first that fits decides.
func Rules(ctx context.Context, q pg.Querier) (_ []Rule, err error) {
	defer fault.Wrap(&err, "shipping.Rules()")
	return list(ctx, q, (*Rule).fields, `
		select tag, country, asked, from_g, to_g, does, coalesce(carrier, ''), coalesce(service, '') from carrier_rules order by position`)
}

func (r Rule) fits(t Trip) bool {
	return (r.Tag == "" || slices.Contains(t.Tags, r.Tag)) && (r.Country == "" || r.Country == t.Country) && (r.Asked == "" || r.Asked == t.Service) &&
		t.Grams >= r.FromG && (r.ToG == 0 || t.Grams <= r.ToG)
}

// When is what fits the rule, in words.
func (r Rule) When() string {
	var when []string
	if r.Tag != "" {
		when = append(when, "tag "+r.Tag)
	}
	if r.Country != "" {
		when = append(when, "to "+r.Country)
	}
	if r.Asked != "" {
		when = append(when, r.Asked+" asked for")
	}
	if r.FromG > 0 {
		when = append(when, fmt.Sprintf("from %d g", r.FromG))
	}
	if r.ToG > 0 {
		when = append(when, fmt.Sprintf("up to %d g", r.ToG))
	}
	if len(when) == 0 {
		return "every order"
	}
	return strings.Join(when, ", ")
}

const mostRules = 50

// SetRules makes these the rules, in this order. Mistakes are fault.Fields named rules.N.country, … counted from 0.
func SetRules(ctx context.Context, tx *sql.Tx, rules []Rule) (err error) {
	defer fault.Wrap(&err, "shipping.SetRules(%d)", len(rules))
	all, err := Carriers(ctx, tx)
	if err != nil {
		return err
	}
	var bad fault.Fields
	if len(rules) > mostRules {
		bad.Add("rules", "There are at most %d rules.", mostRules)
	}
	for i := range rules {
		rules[i].check(all, func(field, format string, args ...any) {
			bad.Add(fmt.Sprintf("rules.%d.%s", i, field), format, args...)
		})
	}
	if len(bad) > 0 {
		return bad
	}
	if _, err := tx.ExecContext(ctx, `lock table carrier_rules in share row exclusive mode`); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from carrier_rules`); err != nil {
		return err
	}
	text := func(field func(Rule) string) any { return pg.Column(rules, field) }
	_, err = tx.ExecContext(ctx, `
		insert into carrier_rules (position, tag, country, asked, from_g, to_g, does, carrier, service)
		select n, tag, country, asked, from_g, to_g, does, nullif(carrier, ''), nullif(service, '')
		from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[])
		     with ordinality as r (tag, country, asked, from_g, to_g, does, carrier, service, n)`,
		text(func(r Rule) string { return r.Tag }), text(func(r Rule) string { return r.Country }), text(func(r Rule) string { return r.Asked }),
		pg.Column(rules, func(r Rule) int64 { return r.FromG }), pg.Column(rules, func(r Rule) int64 { return r.ToG }),
		text(func(r Rule) string { return r.Does }), text(func(r Rule) string { return r.Carrier }), text(func(r Rule) string { return r.Service }))
	return err
}

// check tidies a rule and says what is wrong with it.
func (r *Rule) check(all []Carrier, wrong func(field, format string, args ...any)) {
	r.Tag, r.Country, r.Asked = strings.TrimSpace(r.Tag), strings.ToUpper(strings.TrimSpace(r.Country)), strings.TrimSpace(r.Asked)
	if bad := wrongText(r.Tag, 40); bad != "" {
		wrong("tag", "The tag %s.", bad)
	}
	if r.Country != "" && !country(r.Country) {
		wrong("country", "Write the country as two letters: GB, DE.")
	}
	if bad := wrongText(r.Asked, 40); bad != "" {
		wrong("asked", "The service %s.", bad)
	}
	if r.FromG < 0 || r.FromG > heaviest || r.ToG < 0 || r.ToG > heaviest || r.ToG != 0 && r.ToG < r.FromG {
		wrong("to_g", "Give the weight in grams, the lower one first; leave an end open with nothing.")
	}
	if r.Does != "carrier" {
		r.Carrier, r.Service = "", ""
		if r.Does != "cheapest" && r.Does != "ordered" {
			wrong("does", "Choose what the rule does.")
		}
		return
	}
	i := slices.IndexFunc(all, func(c Carrier) bool { return c.Code == r.Carrier })
	if i < 0 || !slices.Contains(all[i].Services, r.Service) {
		wrong("does", "That carrier does not exist, or has no such service. Choose another.")
	}
}
