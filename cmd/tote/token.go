package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"tote/internal/pg"
	"tote/internal/staff"
)

// token is "tote token".
type token struct {
	Issue  tokenIssue  `cmd:"" help:"Make a token and print it, this once."`
	List   tokenList   `cmd:"" help:"List the tokens and as whom they act."`
	Revoke tokenRevoke `cmd:"" help:"End a token at once."`
}

// tokenIssue is "tote token issue".
type tokenIssue struct {
	Badge string `required:"" placeholder:"BADGE" env:"TOTE_TOKEN_BADGE" help:"The badge of the member of staff the token acts as; it may what the member may."`
	Name  string `arg:"" help:"Who will use it: \"web shop\"."`
}

func (t tokenIssue) Run(ctx context.Context, c *cli) error {
	return onDatabase(ctx, c, func(tx *sql.Tx) error {
		m, err := staff.ByBadge(ctx, tx, strings.ToUpper(strings.TrimSpace(t.Badge)))
		if err != nil {
			return err
		}
		secret, err := staff.IssueToken(ctx, tx, m.ID, t.Name)
		if err != nil {
			return err
		}
		_, err = fmt.Println(secret)
		return err
	})
}

// tokenList is "tote token list".
type tokenList struct{}

func (tokenList) Run(ctx context.Context, c *cli) error {
	return onDatabase(ctx, c, func(tx *sql.Tx) error {
		tokens, err := staff.Tokens(ctx, tx)
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(out, "NUMBER\tNAME\tACTS AS\tMADE\tSTATE")
		for _, t := range tokens {
			state := "valid"
			if t.Revoked {
				state = "revoked"
			}
			fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Member.Name, t.Created.UTC().Format(time.DateTime), state)
		}
		return out.Flush()
	})
}

// tokenRevoke is "tote token revoke".
type tokenRevoke struct {
	Number int64 `arg:"" help:"Its number in the list."`
}

func (t tokenRevoke) Run(ctx context.Context, c *cli) error {
	return onDatabase(ctx, c, func(tx *sql.Tx) error { return staff.RevokeToken(ctx, tx, t.Number) })
}

// onDatabase runs a sub-command's work in one transaction.
func onDatabase(ctx context.Context, c *cli, do func(tx *sql.Tx) error) error {
	db, err := c.Database.migrated(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	return pg.InTx(ctx, db.DB, do)
}
