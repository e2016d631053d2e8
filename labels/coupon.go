package labels

import (
	"errors"
	"time"
)

// couponReader reads the digits of a coupon from the left, each field with its length before it. Once a field is wrong the rest
// is not looked at.
type couponReader struct {
	left string
	err  error
}

// coupon checks a North American coupon code, AI 8110 (GS1 General Specifications 3.9.12; GS1 US, North American
// Coupon Application Guideline): company, offer, what is saved, what must be bought, then optional fields in the order
// of their indicators.
func coupon(s string) error {
	r := couponReader{left: s}
	if !digits(s) {
		return errors.New("a coupon is all digits")
	}
	r.company(6)
	r.take(6, "the offer code")
	r.counted(1, 5, 0, "what is saved")
	r.purchase("the first purchase")
	if r.indicator('1') {
		r.oneOf("0123", "the rule of further purchases")
		r.purchase("the second purchase")
		r.maybeCompany()
	}
	if r.indicator('2') {
		r.purchase("the third purchase")
		r.maybeCompany()
	}
	var expires, starts string
	if r.indicator('3') {
		expires = r.day("the expiration date")
	}
	if r.indicator('4') {
		starts = r.day("the start date")
	}
	if expires != "" && starts > expires {
		r.fail("it expires before it starts")
	}
	if r.indicator('5') {
		r.counted(0, 9, 6, "the serial number")
	}
	if r.indicator('6') {
		r.gcp(r.counted(1, 7, 6, "the retailer"))
	}
	if r.indicator('9') {
		r.oneOf("01256", "the kind of saving")
		r.oneOf("012", "what it applies to")
		r.oneOf("0123456789", "the store coupon flag")
		r.oneOf("01", "the multiplying flag")
	}
	return r.end()
}

// positiveOffer checks a positive offer file's coupon, AI 8112: format, funder, offer, serial number.
func positiveOffer(s string) error {
	r := couponReader{left: s}
	if !digits(s) {
		return errors.New("a coupon is all digits")
	}
	r.oneOf("01", "the format")
	r.company(6)
	r.take(6, "the offer code")
	r.counted(0, 9, 6, "the serial number")
	return r.end()
}

func (r *couponReader) fail(why string) {
	if r.err == nil {
		r.err = errors.New(why)
	}
}

func (r *couponReader) end() error {
	if r.err == nil && r.left != "" {
		r.fail("there is more behind the end")
	}
	return r.err
}

func (r *couponReader) take(n int, what string) string {
	if r.err != nil || len(r.left) < n {
		r.fail(what + " is cut off")
		return ""
	}
	field := r.left[:n]
	r.left = r.left[n:]
	return field
}

func (r *couponReader) oneOf(allowed, what string) byte {
	c := r.take(1, what)
	for i := range len(allowed) {
		if c != "" && c[0] == allowed[i] {
			return c[0]
		}
	}
	r.fail(what + " is none that there is")
	return 0
}

// counted takes a field behind the digit that tells its length: from lo to hi, and so many more.
func (r *couponReader) counted(lo, hi, more int, what string) string {
	c := r.take(1, what)
	if c == "" {
		return ""
	}
	n := int(c[0] - '0')
	if n < lo || n > hi {
		r.fail("the length of " + what + " is none that there is")
		return ""
	}
	return r.take(n+more, what)
}

// company takes a GS1 company prefix behind its length less six.
func (r *couponReader) company(most int) { r.gcp(r.counted(0, most, 6, "the company")) }

// maybeCompany is a company, or 9 for the one that was named first.
func (r *couponReader) maybeCompany() {
	if r.err == nil && r.indicator('9') {
		return
	}
	r.company(6)
}

func (r *couponReader) gcp(prefix string) {
	if r.err == nil {
		r.err = companyPrefix(prefix)
	}
}

// purchase is how much of what must be bought: amount, its unit, the family of products.
func (r *couponReader) purchase(what string) {
	r.counted(1, 5, 0, what)
	r.oneOf("012349", "the unit of "+what)
	r.take(3, "the family of "+what)
}

func (r *couponReader) day(what string) string {
	day := r.take(6, what)
	if _, err := time.Parse("20060102", "20"+day); r.err == nil && err != nil {
		r.fail(what + " is no day")
	}
	return day
}

// indicator takes the digit that begins an optional field, where it is there.
func (r *couponReader) indicator(digit byte) bool {
	if r.err != nil || r.left == "" || r.left[0] != digit {
		return false
	}
	r.left = r.left[1:]
	return true
}
