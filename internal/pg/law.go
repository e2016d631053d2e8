package pg

import (
	"context"
	"fmt"
)

// Law is one thing that must hold always, and where it does not.
type Law struct {
	Name     string   // the law as a sentence: "balances are the sum of the movements"
	Count    int      // violations; 0 when all is well
	Examples []string // the first few, in words
}

// examples is how many violations of a law are told.
const examples = 5

// Prove tests one law: violations is a query of one text for each. It repairs nothing.
func Prove(ctx context.Context, q Querier, name, violations string) (found Law, err error) {
	found.Name = name
	err = q.QueryRowContext(ctx, `
		with violation (what) as materialized (`+violations+`)
		select (select count(*) from violation), array(select what from violation order by what limit $1)`,
		examples).Scan(&found.Count, Array(&found.Examples))
	if err != nil {
		err = fmt.Errorf("pg.Prove(%q): %w", name, err)
	}
	return found, err
}

// ProveAll tests laws in turn, each a name and its query.
func ProveAll(ctx context.Context, q Querier, laws ...[2]string) ([]Law, error) {
	var all []Law
	for _, l := range laws {
		found, err := Prove(ctx, q, l[0], l[1])
		if err != nil {
			return nil, err
		}
		all = append(all, found)
	}
	return all, nil
}
