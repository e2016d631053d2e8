package orders

import (
	"context"
	"database/sql"
	"slices"

	"tote/internal/fault"
)

// Language is one that letters are written in, by its code of two letters; "" is none of a customer's own.
type Language string

// The languages there are.
const (
	English Language = "en"
	German  Language = "de"
)

// Languages lists them.
var Languages = []Language{English, German}

// Name is the language's English name.
func (l Language) Name() string {
	return map[Language]string{English: "English", German: "German"}[l]
}

// ByCountry in the place of the house's language lets the country of each order decide.
const ByCountry Language = "country"

// spoken is the language of a country, where that is not English to us.
var spoken = map[string]Language{"DE": German, "AT": German, "CH": German, "LI": German}

// LanguageFor is the language to write to a customer in: his own, else the house's, else that of the country.
func LanguageFor(own, house Language, country string) Language {
	for _, l := range []Language{own, house, spoken[country]} {
		if slices.Contains(Languages, l) {
			return l
		}
	}
	return English
}

// SaveLanguage stores the language of letters to customers without one of their own; ByCountry is one, too.
func SaveLanguage(ctx context.Context, tx *sql.Tx, l Language) (err error) {
	defer fault.Wrap(&err, "orders.SaveLanguage(%s)", l)
	if l != ByCountry && !slices.Contains(Languages, l) {
		return fault.Fields{{Name: "language", Message: "Choose the language of letters."}}
	}
	_, err = tx.ExecContext(ctx, `update settings set letter_language = $1`, l)
	return err
}
