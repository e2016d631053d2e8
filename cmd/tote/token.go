package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
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
	Badge string `required:"" env:"TOTE_BADGE" placeholder:"BADGE" help:"The badge of the member of staff the token acts as; it may what the member may."`
	Name  string `arg:"" help:"Who will use it: \"web shop\"."`
}

func (t tokenIssue) Run(ctx context.Context, c *cli) error {
	var secret string
	err := onDatabase(ctx, c, func(tx *sql.Tx) (err error) {
		secret, err = t.issue(ctx, tx)
		return err
	})
	if err == nil {
		_, err = fmt.Println(secret)
	}
	return err
}

// issue makes the token and puts it on record.
func (t tokenIssue) issue(ctx context.Context, tx *sql.Tx) (secret string, err error) {
	m, err := staff.ByBadge(ctx, tx, strings.ToUpper(strings.TrimSpace(t.Badge)))
	if err != nil {
		return "", err
	}
	if secret, err = staff.IssueToken(ctx, tx, m.ID, t.Name); err != nil {
		return "", err
	}
	return secret, staff.Audit(ctx, tx, 0, "token.issued", m.Name, map[string]string{"name": t.Name})
}

// tokenList is "tote token list".
type tokenList struct{}

func (tokenList) Run(ctx context.Context, c *cli) error {
	var tokens []staff.Token
	err := onDatabase(ctx, c, func(tx *sql.Tx) (err error) {
		tokens, err = staff.Tokens(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	return printTokens(os.Stdout, tokens)
}

func printTokens(to io.Writer, tokens []staff.Token) error {
	out := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "NUMBER\tNAME\tACTS AS\tMADE\tLAST USED\tSTATE")
	for _, t := range tokens {
		state, used := "valid", "never"
		if !t.Valid() {
			state = "revoked"
		}
		if !t.Used.IsZero() {
			used = t.Used.UTC().Format(time.DateTime)
		}
		fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Member.Name, t.Created.UTC().Format(time.DateTime), used, state)
	}
	return out.Flush()
}

// tokenRevoke is "tote token revoke".
type tokenRevoke struct {
	Number int64 `arg:"" help:"Its number in the list."`
}

func (t tokenRevoke) Run(ctx context.Context, c *cli) error {
	return onDatabase(ctx, c, func(tx *sql.Tx) error { return t.revoke(ctx, tx) })
}

func (t tokenRevoke) revoke(ctx context.Context, tx *sql.Tx) error {
	if err := staff.RevokeToken(ctx, tx, t.Number); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, 0, "token.revoked", fmt.Sprint(t.Number), nil)
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
