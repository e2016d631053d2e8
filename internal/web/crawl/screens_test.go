package crawl_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// scanScreens sends a code of every kind to every screen that takes scans. What it does not want it names, and it says
// what it wants; no answer is a fault, and 4 kB or a NUL are no code at all.
func scanScreens(t *testing.T, s *webtest.Site) {
	c := s.As(t, s.Member(t, "Ada", staff.Admin))
	c.Post("/sign-in/station", "code", one(t, s, `select code from stations where kind = 'packing' order by id limit 1`))
	list := one(t, s, `select id::text from pick_lists where state <> 'cancelled' order by id desc limit 1`)
	screens := []string{"/receiving", "/receiving/" + one(t, s, `select max(id)::text from receipts`), "/putaway", "/picking", "/picking/" + list, "/packing",
		"/packing/" + one(t, s, `select ref from demands order by id desc limit 1`), "/sorting", "/loading", "/deliveries", "/returns/receive"}
	codes := map[string]string{
		"bin": "B-" + one(t, s, `select code from locations where kind = 'bin' order by warehouse_id, id desc limit 1`), "item": one(t, s, `select code from barcodes order by code limit 1`),
		"tote": "T-1", "badge": one(t, s, `select badge from staff order by id limit 1`), "order": "O-1", "list": "P-999999", "station": "K-999", "return": "R-999999",
		"parcel": "00095212340000000013", "command": "X-SHORT", "quantity": "+7", "unknown": "NO SUCH THING",
	}
	wants := regexp.MustCompile(`(?i)\b(scan|take|look|call|type|ask|weigh|finish|put|try|announce)\b`)
	names := regexp.MustCompile(`\b(is|This is) an? |\b[OPRTK]-[0-9]+|Nothing of |item first|this list`) // its kind, the document it leads to, the item it means
	for _, screen := range screens {
		for kind, code := range codes {
			a := c.Scan(screen, code)
			page, err := webtest.ReadPage(nil, a.Status, []byte(a.Body))
			if err != nil || a.Status >= http.StatusInternalServerError {
				t.Errorf("%s answers %d to %s, %v", screen, a.Status, code, err)
				continue
			}
			if said := said(a.Body); page.Result == "wrong" && (!wants.MatchString(said) || !names.MatchString(said) && !strings.Contains(said, code)) {
				t.Errorf("%s, %s: %q does not say what was scanned and what is wanted", screen, kind, said)
			}
		}
		for code, says := range map[string]string{strings.Repeat("4", 5000): "too long", "B-\x00A": "characters"} {
			if a := c.Scan(screen, code); !strings.Contains(a.Body, says) {
				t.Errorf("%s answers %d to %.10q and does not say %q", screen, a.Status, code, says)
			}
		}
	}
}

var lastSaid = regexp.MustCompile(`(?s)class="last[^>]*>(.*?)</p>`)

// said is what a scanning screen says of the last scan.
func said(body string) string {
	if m := lastSaid.FindStringSubmatch(body); m != nil {
		return webtest.Single(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[1], " ")))
	}
	return ""
}
