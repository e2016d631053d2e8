// Command tote is the warehouse service: it serves, migrates, fills and checks. It wires the packages
// together, and nothing else: facts.go is the table of who hears of what, schedule.go the table of what
// happens when.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"tote/internal/fault"
)

// cli is every flag and sub-command. Each sub-command has its own file.
type cli struct {
	Database database `embed:""`
	Log      logging  `embed:"" prefix:"log-"`

	Serve   serve       `cmd:"" help:"Serve the pages and the API."`
	Migrate migrate     `cmd:"" help:"Bring the database's schema up to date."`
	Labels  papers      `cmd:"" help:"Labels and papers."`
	Init    initialise  `cmd:"" help:"Set up a site of your own in an empty database: it asks for what the flags leave open."`
	Demo    demonstrate `cmd:"" help:"Lay out the demo warehouse in an empty database."`
	Check   check       `cmd:"" help:"Prove the ledger: print every law with the number of its violations; fail if one is broken."`
	Token   token       `cmd:"" help:"Tokens for programs that use the API."`
	Plan    plan        `cmd:"" help:"What could be walked and packed: questions as JSON, one a line, answered without a database."`
	Version version     `cmd:"" help:"Say which version this is."`
}

func main() {
	var c cli
	parsed := kong.Parse(&c, kong.Name("tote"), kong.UsageOnError(),
		kong.Description("Tote runs a warehouse: it takes an order from the form to the doorstep and back. Every flag can be set by the environment variable named beside it."))
	c.Log.setUp()

	// The first signal asks for a graceful stop, the second one does not ask.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)

	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(&c); err != nil {
		slog.Debug("failed", "error", err)
		fmt.Fprintln(os.Stderr, "tote:", sentence(err))
		os.Exit(1)
	}
}

// sentence is what the person at the terminal reads: the sentence somebody wrote for a person, then
// whatever lies beneath, for at a terminal nobody is a stranger.
func sentence(err error) string {
	var kind fault.Kind
	if !errors.As(err, &kind) {
		return err.Error()
	}
	if err.Error() == fault.Message(err) {
		return err.Error()
	}
	return fault.Message(err) + "\n      (" + err.Error() + ")"
}

// logging says how the log is written.
type logging struct {
	Format string `env:"TOTE_LOG_FORMAT" enum:"text,json" default:"text" help:"How the log is written: ${enum}."`
	Level  string `env:"TOTE_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"What is worth logging: ${enum} and above."`
}

func (l logging) setUp() {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewTextHandler(os.Stderr, options)
	if l.Format == "json" {
		handler = slog.NewJSONHandler(os.Stderr, options)
	}
	slog.SetDefault(slog.New(handler))
}
