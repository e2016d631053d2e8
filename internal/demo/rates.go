package demo

import (
	"context"
	"database/sql"
	"strings"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/shipping"
)

// rateTables is what the carriers take: our fleet near the house, the other everywhere.
var rateTables = map[string]string{
	"own":    "service,to,up_to_g,price,days\nstandard,DE,2000,3.90,1\nstandard,DE,15000,6.40,1\n",
	"manual": "service,to,up_to_g,price,days\nstandard,DE,5000,4.60,2\nstandard,DE,30000,8.20,2\nstandard,AT BE CH FR NL,5000,9.90,4\nstandard,AT BE CH FR NL,30000,16.50,4\nstandard,*,5000,24.00,7\nstandard,*,30000,48.00,7\n",
}

// compare gives the carriers their rate tables.
func (h *house) compare(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		for _, code := range []string{"own", "manual"} {
			c, err := shipping.FindCarrier(ctx, tx, code)
			if err != nil {
				return err
			}
			amount := func(text string) (int64, error) {
				m, err := orders.ParseMoney(text, "EUR")
				return m.Minor, err
			}
			if _, err := shipping.ReadRates(ctx, tx, c, "EUR", amount, strings.NewReader(rateTables[code])); err != nil {
				return err
			}
		}
		return nil
	})
}
