package shipping_test

import (
	"testing"

	"tote/internal/pgtest"
	"tote/picking/picktest"
	"tote/shipping"
)

// The country stands on the last line of an address that crosses a border, by its English name in capitals, and on no other.
func TestTheCountryOnPaper(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.packed("O-1001", "own", picktest.Of(1, f.mug))
	for country, want := range map[string]string{"DE": "GERMANY", "US": "UNITED STATES", "HK": "HONG KONG", "CZ": "CZECHIA", "GB": ""} {
		_, err := f.Tx.ExecContext(ctx, `update shipments set country = $1`, country)
		f.must(err)
		l, err := shipping.Label(ctx, f.Tx, c.id)
		f.must(err)
		last := l.To[len(l.To)-1]
		if want == "" {
			want = "24103 Kiel"
		}
		if last != want {
			t.Errorf("%s: the last line is %q, want %q", country, last, want)
		}
	}
}
