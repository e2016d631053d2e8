package web_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// fast scans two codes 60 ms apart.
func fast(b *webtest.Browser, first, second string) {
	b.Until(`document.activeElement?.matches("[data-code]")`)
	webtest.Eval[bool](b, fmt.Sprintf(`(async () => {
		const field = document.querySelector("[data-code]");
		for (const code of [%q, %q]) {
			document.execCommand("insertText", false, code);
			field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
			await new Promise((done) => setTimeout(done, 60));
		}
		return true;
	})()`, first, second))
}

// TestAHastyHandAtTheDock scans the parcel before the page of the door is there, and the goods before the page of the return.
func TestAHastyHandAtTheDock(t *testing.T) {
	q := openQuay(t)
	b := q.Browser(t)
	b.SignIn(q.Member(t, "Sam Shipper", staff.Shipper), "")
	first, second := q.parcels["O-1001"], q.parcels["O-1002"]
	b.Go("/loading")
	fast(b, "B-D-1", first.number)
	b.Sees(".last", "O-1001, "+first.number+", is on.")
	b.Until(`/^\/loading\/\d+$/.test(location.pathname)`)
	b.Scan(second.number)
	b.Sees(".last", "O-1002, "+second.number+", is on.")
	fast(b, "X-OK", "B-D-2")
	b.Sees(".job", "Scan a parcel")
	b.Sees("body", "Loading D-2")
	token := q.Token(t, q.Member(t, "Cleo Clerk", staff.Clerk))
	if status, to := q.post(t, token, "/returns", url.Values{"key": {uuid.NewString()}, "order": {"O-1001"},
		"lines.0.ref": {"O-1001.1"}, "lines.0.quantity": {"2"}, "lines.0.reason": {"damaged"}}); to != "/returns/1" {
		t.Fatalf("announcing answers %d to %q", status, to)
	}
	b.Go("/returns/receive")
	fast(b, "O-1001", q.sku)
	b.Sees(".last", "+1 Test MUG, 1 of 2")
	b.At("/returns/1/receive")
}
