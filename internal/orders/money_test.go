package orders

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMoneyIsReadAsPeopleTypeIt(t *testing.T) {
	for text, want := range map[string]int64{"12": 1200, "12.5": 1250, "12,50": 1250, " 0.07 ": 7, "0": 0, "1000000000": 100_000_000_000} {
		if got, err := ParseMoney(text, "EUR"); err != nil || got.Minor != want {
			t.Errorf("%q = %d, %v, want %d", text, got.Minor, err, want)
		}
	}
	for _, text := range []string{"", "-1", "+1", "1.234", "1.", ".5", "1e3", "1,000.00", "½", "１２", "0x10", "9999999999999999999999", "1000000000.01"} {
		if got, err := ParseMoney(text, "EUR"); err == nil {
			t.Errorf("%q = %v, want a refusal", text, got)
		}
	}
	for code, want := range map[string]string{"EUR": "12.50 EUR", "JPY": "1250 JPY", "KWD": "1.250 KWD"} {
		if got := (Money{1250, code}).String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := (Money{-5, "EUR"}).String(); got != "-0.05 EUR" {
		t.Errorf("%s", got)
	}
}

func TestMoneySurvivesWritingAndReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Money{rapid.Int64Range(0, maxMinor).Draw(t, "minor"), rapid.SampledFrom([]string{"EUR", "JPY", "KWD"}).Draw(t, "currency")}
		if got, err := ParseMoney(m.Amount(), m.Currency); err != nil || got != m {
			t.Fatalf("%v is read back as %v, %v", m, got, err)
		}
	})
}

func TestShippingCountsStartedKilograms(t *testing.T) {
	s := Settings{ShippingBase: 400, ShippingPerKg: 100}
	for grams, want := range map[int64]int64{0: 400, 1: 500, 1000: 500, 1001: 600} {
		if got := s.shippingCharge(grams); got != want {
			t.Errorf("%d g cost %d, want %d", grams, got, want)
		}
	}
}

func TestTaxIsRoundedHalfUp(t *testing.T) {
	s := Settings{TaxPermille: 190}
	for minor, want := range map[int64]int64{0: 0, 2: 0, 3: 1, 50: 10, 100: 19} {
		if got := s.tax(minor); got != want {
			t.Errorf("tax on %d = %d, want %d", minor, got, want)
		}
	}
}

func TestAPromiseIsForTheWholeDayThere(t *testing.T) {
	sydney, err := time.LoadLocation("Australia/Sydney")
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC) // the 21st in Sydney
	if got := day(late, sydney).Format(time.RFC3339); !strings.HasPrefix(got, "2026-11-21T23:59:59") {
		t.Errorf("%s", got)
	}
}

func TestOrderNumbersAreReadAsTyped(t *testing.T) {
	for text, want := range map[string]Number{"O-1001": 1001, "o-1001": 1001, " 1001 ": 1001} {
		if got, err := ParseNumber(text); err != nil || got != want {
			t.Errorf("%q = %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "O-", "O-0", "-1", "+1", "P-1001", "1001.1", "99999999999999999999"} {
		if got, err := ParseNumber(text); err == nil {
			t.Errorf("%q = %v, want a refusal", text, got)
		}
	}
}
