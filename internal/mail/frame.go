package mail

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"strings"

	"tote/internal/orders"
)

// style is the one style sheet of letters. It comes with each letter, which loads nothing from afar.
const style = `
body { margin: 0; padding: 0; background: #f4f4f2; color: #1b1b1b; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
.sheet { max-width: 560px; margin: 0 auto; padding: 24px; background: #ffffff; overflow-wrap: anywhere; }
.house { font-weight: 700; border-bottom: 2px solid #1b1b1b; padding-bottom: 8px; margin: 0 0 24px; }
h1 { font-size: 22px; line-height: 1.25; margin: 0 0 16px; }
h2 { font-size: 16px; margin: 24px 0 4px; }
p { margin: 0 0 12px; }
table { border-collapse: collapse; width: 100%; margin: 0 0 16px; }
td { padding: 6px 0; border-bottom: 1px solid #dddddd; vertical-align: top; }
td.n { text-align: right; white-space: nowrap; padding-right: 10px; width: 1%; }
td.m { text-align: right; white-space: nowrap; padding-left: 10px; }
tr.sum td { border-bottom: 0; padding: 2px 0; }
tr.total td { font-weight: 700; }
.act { margin: 24px 0 12px; }
.go { display: inline-block; background: #0b57d0; color: #ffffff; text-decoration: none; font-weight: 600; padding: 12px 20px; border-radius: 6px; }
.number { font: 600 18px/1.4 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.small { font-size: 13px; color: #555555; }
.end { margin-top: 32px; }
@media (prefers-color-scheme: dark) {
body { background: #111111; color: #eeeeee; }
.sheet { background: #1c1c1c; }
.house { border-color: #eeeeee; }
td { border-color: #3a3a3a; }
.go { background: #8ab4f8; color: #111111; }
.small { color: #aaaaaa; }
a { color: #8ab4f8; }
}
`

// StyleHash lets a page that shows a letter allow its style sheet and no other (Content-Security-Policy).
var StyleHash = func() string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// framed puts the body of a letter on its sheet: whose it is above, and how it ends below.
func framed(l orders.Language, company, contact, body, unsubscribe string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html>
<html lang="` + string(l) + `">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>` + html.EscapeString(oneLine(company)) + `</title>
<style>` + style + `</style>
</head>
<body>
<div class="sheet">
<p class="house">` + html.EscapeString(oneLine(company)) + "</p>\n" + body)
	if contact != "" {
		b.WriteString(`<p class="small end">` + html.EscapeString(contact) + "</p>\n")
	}
	if unsubscribe != "" {
		b.WriteString(`<p class="small end">` + html.EscapeString(tongues[l].end) + "<br>" + link(unsubscribe).anchor(unsubscribe, "") + "</p>\n")
	}
	b.WriteString("</div>\n</body>\n</html>\n")
	return b.String()
}

// signed ends a plain letter. The signature is two dashes and a blank, so that mail programs know it.
func signed(l orders.Language, company, contact, text, unsubscribe string) string {
	if contact != "" {
		text += "\n" + contact + "\n"
	}
	if unsubscribe != "" {
		text += "\n" + tongues[l].end + "\n" + oneLine(unsubscribe) + "\n"
	}
	return tidy(text + "\n-- \n" + oneLine(company) + "\n")
}
