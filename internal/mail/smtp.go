package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"

	"tote/internal/fault"
)

// dialogue bounds each half of an SMTP dialogue: greeting to AUTH, MAIL to the last reply.
const dialogue = time.Minute

// SMTP is the server that takes our letters.
type SMTP struct {
	Host           string
	Port           int
	User, Password string
	TLS            TLS
	// Timeout bounds each half of the dialogue; zero is a minute.
	Timeout time.Duration
}

// TLS says how the line to the server is closed to others.
type TLS string

// Implicit speaks TLS from the first byte (port 465); the others begin in the clear.
const (
	Implicit TLS = "implicit"
	Required TLS = "required" // STARTTLS, or the letter stays here
	Optional TLS = "optional" // STARTTLS if the server offers it
	Never    TLS = "never"
)

// ParseURL reads smtp://user:password@host:port?starttls=required|optional|never or smtps://… .
// Without a word about it, STARTTLS is required as soon as there is a password to protect.
func ParseURL(s string) (SMTP, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return SMTP{}, fault.New(fault.Invalid, "SMTP_URL looks like smtp://user:password@mail.example.com:587 or smtps://… ; this is something else.")
	}
	server := SMTP{Host: u.Hostname(), Port: 25, User: u.User.Username(), TLS: Optional}
	server.Password, _ = u.User.Password()
	switch {
	case u.Scheme == "smtps":
		server.Port, server.TLS = 465, Implicit
	case server.User != "":
		server.Port, server.TLS = 587, Required
	}
	if p := u.Port(); p != "" {
		if server.Port, err = strconv.Atoi(p); err != nil || server.Port < 1 || server.Port > 65535 {
			return SMTP{}, fault.New(fault.Invalid, "SMTP_URL names port %q. A port is a number up to 65535.", p)
		}
	}
	switch policy := TLS(u.Query().Get("starttls")); policy {
	case "":
	case Required, Optional, Never:
		if server.TLS != Implicit {
			server.TLS = policy
		}
	default:
		return SMTP{}, fault.New(fault.Invalid, "SMTP_URL says starttls=%s. It can be required, optional or never.", policy)
	}
	return server, nil
}

// verdict is what became of one try.
type verdict int

const (
	accepted verdict = iota // the server took it
	later                   // not now: it said 4xx, or nothing
	never                   // it said 5xx to this letter
)

// post takes one letter through one dialogue. away says that no dialogue came about at all, so that
// there is no use in trying the next letter now.
func (s SMTP) post(ctx context.Context, l Letter) (v verdict, away bool, err error) {
	msg, err := l.message()
	if err != nil {
		return never, false, err
	}
	timeout := s.Timeout
	if timeout == 0 {
		timeout = dialogue
	}
	ctx, cancel := context.WithTimeout(ctx, 2*timeout)
	defer cancel()
	line := &line{server: s}
	defer line.close()
	defer context.AfterFunc(ctx, line.close)()
	client, err := gomail.NewClient(s.Host, append(s.options(), gomail.WithTimeout(timeout), gomail.WithDialContextFunc(line.dial))...)
	if err != nil {
		return later, true, err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return later, true, err
	}
	err = client.Send(msg)
	if msg.IsDelivered() {
		client.Close() // QUIT; the letter is theirs whatever happens to it
		return accepted, false, nil
	}
	return judge(err), false, err
}

func (s SMTP) options() []gomail.Option {
	policy := gomail.NoTLS // Never, and Implicit, where line.dial did it
	switch s.TLS {
	case Required:
		policy = gomail.TLSMandatory
	case Optional:
		policy = gomail.TLSOpportunistic
	}
	options := []gomail.Option{
		gomail.WithPort(s.Port),
		gomail.WithTLSPolicy(policy),
		gomail.WithTLSConfig(s.tlsConfig()),
		gomail.WithoutNoop(),
	}
	if s.User != "" {
		options = append(options, gomail.WithUsername(s.User), gomail.WithPassword(s.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return options
}

func (s SMTP) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
}

// judge sorts a failed dialogue. Only a 5xx to the letter itself is final; a broken line or a server
// that says nothing may or may not have taken it, and gets it again.
func judge(err error) verdict {
	var reply *gomail.SendError
	if errors.As(err, &reply) && (reply.ErrorCode()/100 == 5 ||
		reply.Reason == gomail.ErrGetSender || reply.Reason == gomail.ErrGetRcpts) {
		return never
	}
	return later
}

// line is the connection of one dialogue, kept so that it is closed whatever the dialogue came to.
type line struct {
	server SMTP
	mu     sync.Mutex
	conn   net.Conn
}

func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.conn = conn
	l.mu.Unlock()
	if l.server.TLS != Implicit {
		return conn, nil
	}
	secure := tls.Client(conn, l.server.tlsConfig())
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return secure, nil
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.conn.Close()
	}
}
