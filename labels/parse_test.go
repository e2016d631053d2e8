package labels

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tote/internal/fault"
)

func TestParse(t *testing.T) {
	item := Elements{{"01", "09521234543213"}}
	with := func(more ...Element) Elements { return append(item[:1:1], more...) }
	for raw, want := range map[string]Code{
		"O-1001":             {Kind: KindOrder, Value: "1001", Number: 1001},
		" o-1001\r\n":        {Kind: KindOrder, Value: "1001", Number: 1001},
		"O-0001001":          {Kind: KindOrder, Value: "1001", Number: 1001},
		"]C0O-1001":          {Kind: KindOrder, Value: "1001", Number: 1001, Symbology: "]C0"},
		"O-1001.2":           {Kind: KindOrder, Value: "1001", Number: 1001, Line: 2},
		"w-7":                {Kind: KindWave, Value: "7", Number: 7},
		"P-104":              {Kind: KindList, Value: "104", Number: 104},
		"b-a-07-3-b":         {Kind: KindLocation, Value: "A-07-3-B"},
		"T-12":               {Kind: KindTote, Value: "12", Number: 12},
		"R-17":               {Kind: KindReturn, Value: "17", Number: 17},
		"K-3":                {Kind: KindStation, Value: "3", Number: 3},
		"J-5":                {Kind: KindWorkOrder, Value: "5", Number: 5},
		"C-88":               {Kind: KindCarton, Value: "88", Number: 88},
		"S-7kq2mwx4ab":       {Kind: KindBadge, Value: "7KQ2MWX4AB"},
		"S-7KQ2MWX4AB7KQ2MW": {Kind: KindBadge, Value: "7KQ2MWX4AB7KQ2MW"},
		"X-BOX-S2":           {Kind: KindCommand, Value: "BOX-S2"},
		"X-BOX-":             {Kind: KindUnknown, Value: "X-BOX-"},
		"X-RAY-2":            {Kind: KindUnknown, Value: "X-RAY-2"},
		"x-undo":             {Kind: KindCommand, Value: "UNDO"},
		"96385074":           {Kind: KindGTIN, Value: "00000096385074", Elements: Elements{{"01", "00000096385074"}}},
		"036000291452":       {Kind: KindGTIN, Value: "00036000291452", Elements: Elements{{"01", "00036000291452"}}},
		"4006381333931":      {Kind: KindGTIN, Value: "04006381333931", Elements: Elements{{"01", "04006381333931"}}},
		"]E04006381333931": {Kind: KindGTIN, Value: "04006381333931", Symbology: "]E0",
			Elements: Elements{{"01", "04006381333931"}}},
		"09521234543213": {Kind: KindGTIN, Value: "09521234543213", Elements: item},
		"106141411234567897": {Kind: KindSSCC, Value: "106141411234567897",
			Elements: Elements{{"00", "106141411234567897"}}},
		"00106141411234567897": {Kind: KindSSCC, Value: "106141411234567897",
			Elements: Elements{{"00", "106141411234567897"}}},
		"]C100106141411234567897": {Kind: KindSSCC, Value: "106141411234567897", Symbology: "]C1",
			Elements: Elements{{"00", "106141411234567897"}}},
		"https://id.gs1.org/00/106141411234567897": {Kind: KindSSCC, Value: "106141411234567897",
			Elements: Elements{{"00", "106141411234567897"}}},
		"]d20109521234543213" + "10AB\x1d17261200": {Kind: KindGTIN, Value: "09521234543213", Symbology: "]d2",
			Elements: with(Element{"10", "AB"}, Element{"17", "261200"})},
		"0109521234543213" + "10AB<GS>17261200": {Kind: KindGTIN, Value: "09521234543213",
			Elements: with(Element{"10", "AB"}, Element{"17", "261200"})},
		"0109521234543213" + "10AB~17261200": {Kind: KindGTIN, Value: "09521234543213",
			Elements: with(Element{"10", "AB"}, Element{"17", "261200"})},
		`^]0109521234543213` + `10AB\x1D21X`: {Kind: KindGTIN, Value: "09521234543213",
			Elements: with(Element{"10", "AB"}, Element{"21", "X"})},
		"(01)09521234543213(10)AB": {Kind: KindGTIN, Value: "09521234543213", Elements: with(Element{"10", "AB"})},
		"https://shop.example/p/01/9521234543213/10/A%2FB?17=261231&utm=x": {Kind: KindGTIN, Value: "09521234543213",
			Elements: with(Element{"10", "A/B"}, Element{"17", "261231"})},
		"]C14149521234543213": {Kind: KindGS1, Value: "(414)9521234543213", Symbology: "]C1",
			Elements: Elements{{"414", "9521234543213"}}},
		"https://a.example/414/9521234543213": {Kind: KindDigitalLink, Value: "(414)9521234543213",
			Elements: Elements{{"414", "9521234543213"}}},

		"4006381333932":                {Kind: KindUnknown, Value: "4006381333932", Damaged: true, Reason: "the check digit is wrong"},
		"106141411234567890":           {Kind: KindUnknown, Value: "106141411234567890", Damaged: true, Reason: "the check digit is wrong"},
		"]E0ABC":                       {Kind: KindUnknown, Value: "ABC", Damaged: true, Symbology: "]E0", Reason: "an EAN or UPC symbol has 8, 12 or 13 digits"},
		"1Z999AA10123456784":           {Kind: KindUnknown, Value: "1Z999AA10123456784"},
		"SKU-0012":                     {Kind: KindUnknown, Value: "SKU-0012"},
		"a~b":                          {Kind: KindUnknown, Value: "a~b"},
		"O-":                           {Kind: KindUnknown, Value: "O-"},
		"O-0":                          {Kind: KindUnknown, Value: "O-0"},
		"T-12.1":                       {Kind: KindUnknown, Value: "T-12.1"},
		"O-99999999999999999999":       {Kind: KindUnknown, Value: "O-99999999999999999999"},
		"S-17":                         {Kind: KindUnknown, Value: "S-17"},
		"B-ä":                          {Kind: KindUnknown, Value: "B-ä"},
		"😀":                            {Kind: KindUnknown, Value: "😀"},
		"https://tote.example/track/x": {Kind: KindUnknown, Value: "https://tote.example/track/x"},
	} {
		got, err := Parse(raw)
		if err != nil {
			t.Errorf("Parse(%q): %v", raw, err)
		} else if diff := cmp.Diff(want, got, noText); diff != "" {
			t.Errorf("Parse(%q): -want +got\n%s", raw, diff)
		}
	}
}

// noText leaves Code.Text out of a comparison: it is what was scanned.
var noText = cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Text" }, cmp.Ignore())

func TestParseKeepsTheText(t *testing.T) {
	for raw, want := range map[string]string{
		" o-0017\r": "o-0017", "]E04006381333931": "4006381333931", "]C1420921019\x1d9212345": "420921019^9212345",
		"036000291452": "036000291452", "4006381333932": "4006381333932",
	} {
		if c, err := Parse(raw); err != nil || c.Text != want {
			t.Errorf("Parse(%q).Text = %q, %v, want %q", raw, c.Text, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing": "", "blanks": " \t\r\n", "a symbology alone": "]C1",
		"NUL": "O-\x001", "escape": "a\x1b[2J", "C1 control": "a\u0085b", "broken text": "a\xff",
		"too long": strings.Repeat("1", MaxLength+1),
	} {
		if _, err := Parse(raw); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: error is %v, want fault.Invalid", name, err)
		}
	}
	if _, err := Parse(strings.Repeat("1", MaxLength)); err != nil {
		t.Errorf("the longest code is refused: %v", err)
	}
}

// A GS1 symbol with a wrong check digit is damaged however it is written.
func TestDamaged(t *testing.T) {
	for _, raw := range []string{
		"]E014006381333938", "]C100106141411234567890", "]d20109521234543214", "]C199",
		"(01)09521234543214", "https://a.example/01/09521234543214", "10AB\x1d0109521234543214",
	} {
		c, err := Parse(raw)
		if err != nil || !c.Damaged || c.Kind != KindUnknown || c.Reason == "" {
			t.Errorf("Parse(%q) = %+v, %v, want it damaged", raw, c, err)
		}
	}
}

// What is printed reads back as what it was made from.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1<<60).Draw(t, "n")
		name := rapid.StringMatching(`[A-Z0-9][A-Z0-9./_-]{0,20}`).Draw(t, "name")
		sscc, err := SSCC(rapid.IntRange(0, 9).Draw(t, "ext"),
			rapid.StringMatching(`[0-9]{7,10}`).Draw(t, "prefix"), rapid.Int64Range(0, 999999).Draw(t, "serial"))
		if err != nil {
			t.Fatal(err)
		}
		lot := rapid.StringMatching("[!\"%&'()*+,./0-9:;<=>?A-Z_a-z-]{1,20}").Draw(t, "lot")
		for _, c := range []Code{
			OrderCode(n), OrderLineCode(n, 3), WaveCode(n), ListCode(n), ToteCode(n), ReturnCode(n), StationCode(n),
			WorkOrderCode(n), CartonCode(n), LocationCode(name), CommandCode("OK"), BadgeCode("ABCDEFGH27"),
			GTINCode("4006381333931"), SSCCCode(sscc),
			{Kind: KindGTIN, Value: "04006381333931", Elements: Elements{{"01", "04006381333931"}, {"10", lot}}},
		} {
			got, err := Parse(c.String())
			if err != nil {
				t.Fatalf("Parse(%q): %v", c, err)
			}
			if diff := cmp.Diff(c, got, noText); diff != "" {
				t.Fatalf("Parse(%q): -want +got\n%s", c, diff)
			}
		}
	})
}

func TestCheckDigits(t *testing.T) {
	for data, want := range map[string]byte{
		"10614141123456789": '7', "0952123454321": '3', "400638133393": '1', "9638507": '4', "0000000": '0',
	} {
		if got, ok := CheckDigit(data); !ok || got != want {
			t.Errorf("CheckDigit(%q) = %c, %v, want %c", data, got, ok, want)
		}
	}
	for _, data := range []string{"", "12a", "１２"} {
		if _, ok := CheckDigit(data); ok {
			t.Errorf("CheckDigit(%q) accepts it", data)
		}
	}
	if got, err := GTIN13("400638133393"); err != nil || got != "4006381333931" {
		t.Errorf("GTIN13 = %q, %v", got, err)
	}
	if got := ShortGTIN("04006381333931"); got != "4006381333931" {
		t.Errorf("ShortGTIN = %q", got)
	}
}

func TestSSCC(t *testing.T) {
	got, err := SSCC(1, "0614141", 123456789)
	if err != nil || got != "106141411234567897" {
		t.Errorf("SSCC = %q, %v, want 106141411234567897", got, err)
	}
	for name, make := range map[string]func() (string, error){
		"extension 10":   func() (string, error) { return SSCC(10, "0614141", 1) },
		"short prefix":   func() (string, error) { return SSCC(0, "061414", 1) },
		"letters":        func() (string, error) { return SSCC(0, "06141A1", 1) },
		"serial used up": func() (string, error) { return SSCC(0, "0614141000", 1000000) },
		"minus one":      func() (string, error) { return SSCC(0, "0614141", -1) },
	} {
		if s, err := make(); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %q, %v, want fault.Invalid", name, s, err)
		}
	}
}

func TestDate(t *testing.T) {
	today := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for in, want := range map[string]string{
		"261231": "2026-12-31", "240200": "2024-02-29", "250200": "2025-02-28", "261200": "2026-12-31",
		"760101": "2076-01-01", "770101": "1977-01-01", "000101": "2000-01-01",
	} {
		got, err := Date(in, today)
		if err != nil || got.Format(time.DateOnly) != want {
			t.Errorf("Date(%s) = %s, %v, want %s", in, got.Format(time.DateOnly), err, want)
		}
	}
	late := time.Date(2076, 1, 1, 0, 0, 0, 0, time.UTC)
	for in, want := range map[string]int{"270101": 2027, "260101": 2126} {
		if got, err := Date(in, late); err != nil || got.Year() != want {
			t.Errorf("in 2076, Date(%s) = %v, %v, want the year %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "261301", "260230", "26123", "26123a"} {
		if _, err := Date(in, today); !errors.Is(err, fault.Invalid) {
			t.Errorf("Date(%q): %v, want fault.Invalid", in, err)
		}
	}
	c, _ := Parse("]C101095212345432131726120010ABC")
	if day, ok := c.Expiry(today); !ok || day.Format(time.DateOnly) != "2026-12-31" {
		t.Errorf("Expiry = %v, %v", day, ok)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"O-1001.2", "]C100106141411234567897", "(01)09521234543213(10)A\\(B", "]E04006381333931|]e010X",
		"https://a.example/x/01/9521234543213/10/A%2FB?17=261231", "0109521234543213~10AB", "^]10AB<GS>21", "]d2", "B-\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := Parse(raw)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("Parse(%q): %v is not fault.Invalid", raw, err)
			}
			return
		}
		if c.Kind == "" || c.Damaged && c.Kind != KindUnknown || c.Damaged != (c.Reason != "") {
			t.Fatalf("Parse(%q) = %+v", raw, c)
		}
		if c.Kind == KindUnknown {
			return
		}
		again, err := Parse(c.String())
		if err != nil || again.Kind != c.Kind && c.Kind != KindDigitalLink || again.Value != c.Value {
			t.Fatalf("Parse(%q) = %+v, but %q reads as %+v, %v", raw, c, c.String(), again, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for name, raw := range map[string]string{
		"own": "B-A-07-3-B", "gtin": "4006381333931", "gs1": "]d2010952123454321310AB\x1d17261200",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
