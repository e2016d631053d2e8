package shipping

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryLine is the last line of an address on paper: the country's name in English and capitals, as the Universal Postal
// Union asks for (S42), on what crosses a border. Within a country there is none.
func countryLine(country, other string) string {
	if country == other {
		return ""
	}
	region, err := language.ParseRegion(country)
	if err != nil {
		return country
	}
	name := display.English.Regions().Name(region)
	name, _, _ = strings.Cut(name, " (")         // Myanmar (Burma)
	name, _, _ = strings.Cut(name, " SAR China") // Hong Kong
	return strings.ToUpper(strings.TrimSpace(name))
}
