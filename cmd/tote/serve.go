package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"tote/internal/api"
	"tote/internal/demo"
	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/mail"
	"tote/internal/orders"
	"tote/internal/orders/checkout"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/web"
	"tote/shipping"
	"tote/shipping/easypost"
)

// grace is how long requests and deliveries that are under way may take once a stop was asked for.
const grace = 20 * time.Second

// keep says where pictures are kept.
type keep struct {
	Files string `env:"TOTE_FILES" placeholder:"DIR" help:"Where photos and artwork are kept (.tote-files here, or /var/lib/tote-files where /var/lib/tote keeps the data)."`
}

func (k keep) store() *files.Store {
	return files.In(cmp.Or(k.Files, pg.PrivateDir(".tote", "/var/lib/tote")+"-files"))
}

// serve is "tote serve".
type serve struct {
	Listen       string   `env:"TOTE_LISTEN" default:":8080" placeholder:"ADDRESS" help:"Address to serve on (${default})."`
	Cert         string   `name:"tls-cert" env:"TOTE_TLS_CERT" type:"existingfile" placeholder:"FILE" help:"Certificate to serve https with; handhelds need https for their cameras."`
	Key          string   `name:"tls-key" env:"TOTE_TLS_KEY" type:"existingfile" placeholder:"FILE" help:"The certificate's private key."`
	Proxies      []string `name:"trusted-proxy" env:"TOTE_TRUSTED_PROXIES" placeholder:"ADDRESS" help:"Proxies whose X-Forwarded-For names the client."`
	MetricsToken string   `name:"metrics-token" env:"TOTE_METRICS_TOKEN" placeholder:"TOKEN" help:"Who shows this token may read /metrics; without it only this machine may."`
	Demo         bool     `env:"TOTE_DEMO" help:"Lay out the demo warehouse in an empty database, and say on the sign-in page whom to be."`
	Stripe       string   `name:"stripe-key" env:"TOTE_STRIPE_KEY" placeholder:"KEY" help:"Secret key of a Stripe account: customers may pay by card. Without it they are told how to pay by transfer."`
	StripeHook   string   `name:"stripe-webhook-secret" env:"TOTE_STRIPE_WEBHOOK_SECRET" placeholder:"SECRET" help:"What the account signs its messages to /hooks/stripe with."`
	StripeURL    string   `name:"stripe-url" env:"TOTE_STRIPE_URL" hidden:"" help:"Another address than Stripe's own, to try it out."`
	EasyPost     string   `name:"easypost-key" env:"TOTE_EASYPOST_KEY" placeholder:"KEY" help:"API key of an EasyPost account: labels of carriers that are set up so are bought there. Without it they wait."`
	EasyPostHook string   `name:"easypost-webhook-secret" env:"TOTE_EASYPOST_WEBHOOK_SECRET" placeholder:"SECRET" help:"What the account signs its messages to /hooks/easypost with. Without it parcels are asked after every half hour."`
	EasyPostURL  string   `name:"easypost-url" env:"TOTE_EASYPOST_URL" hidden:"" help:"Another address than EasyPost's own, to try it out."`
	Keep         keep     `embed:""`
	SMTP         string   `name:"smtp-url" env:"SMTP_URL" placeholder:"URL" help:"Mail server, like smtp://user:password@host:587. Without it letters arrive in an inbox of our own, with a page."`
}

func (s serve) Run(ctx context.Context, c *cli) (err error) {
	if err := s.checkCards(); err != nil {
		return err
	}
	db, err := c.Database.migrated(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	if s.Demo {
		if err := s.demonstrate(ctx, db); err != nil {
			return err
		}
	}
	server, closeInbox, err := s.mailServer(ctx, db)
	if err != nil {
		return err
	}
	defer closeInbox()
	post := mail.Sender{DB: db.DB, SMTP: server}

	cards, parcels := s.cards(), s.parcels()
	systems := shipping.House(db.DB)
	if parcels != nil {
		systems[easypost.Adapter] = parcels
	}
	deliveries, err := outbox.Start(ctx, db.DB, facts(db.DB, post, cards, systems))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, within(grace, deliveries.Stop)) }()
	stopClock, err := start(context.WithoutCancel(ctx), db.DB, schedule(db.DB, post, systems))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopClock()) }()
	return s.pages(ctx, db, cards, parcels)
}

// checkCards refuses half of what taking cards needs.
func (s serve) checkCards() error {
	if (s.Stripe == "") != (s.StripeHook == "") {
		return fault.New(fault.Invalid, "Cards need both TOTE_STRIPE_KEY and TOTE_STRIPE_WEBHOOK_SECRET: what is paid is told by the webhook.")
	}
	return nil
}

// cards is the account that takes cards; nil without its key.
func (s serve) cards() *checkout.Stripe {
	if s.Stripe == "" {
		return nil
	}
	return checkout.Open(s.Stripe, s.StripeHook, s.StripeURL)
}

// parcels is the account that sells labels; nil without its key.
func (s serve) parcels() *easypost.Account {
	if s.EasyPost == "" {
		return nil
	}
	return easypost.Open(s.EasyPost, s.EasyPostHook, s.EasyPostURL)
}

// pages serves until ctx ends, then lets the requests that are under way finish.
func (s serve) pages(ctx context.Context, db opened, cards *checkout.Stripe, parcels *easypost.Account) error {
	deps := web.Deps{
		DB: db.DB, TLS: s.Cert != "", Proxies: s.Proxies, Inbox: s.SMTP == "",
		Files:   s.Keep.store(),
		Cards:   cards,
		Parcels: parcels,
		Ready:   db.PingContext,
		Metrics: metrics(db.DB), MetricsToken: s.MetricsToken,
		Mounts: map[string]web.Mount{api.Prefix: api.New(api.Deps{DB: db.DB, Release: release(), Files: s.Keep.store()})},
	}
	if s.Demo {
		deps.Personas = personas
	}
	app := web.New(deps)
	line, err := s.line()
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(line) }()
	slog.Info("serving", "address", s.address(line), "version", release())
	if s.Demo {
		if err := greet(ctx, db, s.address(line)); err != nil {
			return err
		}
	}
	select {
	case err := <-ended:
		return err
	case <-db.down():
		return errors.Join(db.server.Err(), within(grace, app.ShutdownWithContext))
	case <-ctx.Done():
	}
	slog.Info("stopping", "grace", grace)
	return within(grace, app.ShutdownWithContext)
}

// line listens, in the clear or not.
func (s serve) line() (net.Listener, error) {
	line, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, fault.Because(err, fault.Conflict, "The address %s cannot be listened on. Choose another one with --listen.", s.Listen)
	}
	if s.Cert == "" && s.Key == "" {
		return line, nil
	}
	pair, err := tls.LoadX509KeyPair(s.Cert, s.Key)
	if err != nil {
		line.Close()
		return nil, fault.Because(err, fault.Invalid, "The certificate %s and the key %s cannot be used together.", s.Cert, s.Key)
	}
	return tls.NewListener(line, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}), nil
}

// address is what a person types into a browser on this machine.
func (s serve) address(line net.Listener) string {
	host, port, _ := net.SplitHostPort(line.Addr().String())
	return s.url(host, port)
}

func (s serve) url(host, port string) string {
	scheme := "http"
	if s.Cert != "" {
		scheme = "https"
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return fmt.Sprintf("%s://%s", scheme, net.JoinHostPort(host, port))
}

// demonstrate lays out the demo in an empty database; one that holds a site is left alone.
func (s serve) demonstrate(ctx context.Context, db opened) error {
	empty, err := orders.Unfounded(ctx, db.DB)
	if err != nil {
		return err
	}
	if !empty {
		return whole(ctx, db)
	}
	host, port, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return fault.Because(err, fault.Invalid, "%q is no address to listen on. Write it like :8080.", s.Listen)
	}
	return layOut(ctx, db, demo.Options{Orders: openingOrders, Files: s.Keep.store(), BaseURL: s.url(host, port)})
}

// mailServer is the one letters go to: the site's, or an inbox of our own.
func (s serve) mailServer(ctx context.Context, db opened) (mail.SMTP, func(), error) {
	if s.SMTP != "" {
		server, err := mail.ParseURL(s.SMTP)
		return server, func() {}, err
	}
	inbox, err := mail.OpenInbox(ctx, db.DB)
	if err != nil {
		return mail.SMTP{}, nil, err
	}
	return inbox.SMTP(), func() { within(grace, inbox.Close) }, nil
}

// within gives stop a deadline.
func within(d time.Duration, stop func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return stop(ctx)
}
