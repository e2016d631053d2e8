package mail

import (
	"bytes"
	"net/mail"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"tote/internal/fault"
)

// message puts l into the shape that goes over the wire. Two calls make the same message but for the
// MIME boundaries. A header value with a line break or another control character is refused here
// once more, whatever came before: it is the last door before the wire.
func (l Letter) message() (*gomail.Msg, error) {
	if err := l.checkHeaders(); err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&l.From)
	m.ToMailAddress(&l.To)
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.MessageID)
	m.SetDateWithValue(l.Created)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.Unsubscribe != "" {
		m.SetGenHeader("List-Unsubscribe", "<"+l.Unsubscribe+">")
		if strings.HasPrefix(l.Unsubscribe, "https://") { // RFC 8058 knows no other
			m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	for _, f := range l.Files {
		if err := m.AttachReader(f.Name, bytes.NewReader(f.Content), gomail.WithFileContentType(gomail.ContentType(f.MediaType))); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (l Letter) checkHeaders() error {
	headers := []string{l.From.Name, l.From.Address, l.To.Name, l.To.Address, l.Subject, l.MessageID, l.Unsubscribe}
	for _, f := range l.Files {
		headers = append(headers, f.Name, f.MediaType)
	}
	for _, h := range headers {
		if strings.ContainsFunc(h, unicode.IsControl) {
			return fault.New(fault.Invalid, "%q cannot stand in a letter's header.", clip(h, 80))
		}
	}
	return checkAddress(l.To.Address)
}

// parseSender reads the column sender, which write made with mail.Address.String.
func parseSender(s string) (mail.Address, error) {
	a, err := mail.ParseAddress(s)
	if err != nil {
		return mail.Address{}, fault.Because(err, fault.Invalid, "%q is not an address to send from. Correct it in the settings.", clip(s, 80))
	}
	return *a, nil
}
