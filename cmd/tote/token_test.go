package main

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/inventory/sitetest"
)

func TestATokenIsIssuedListedAndRevoked(t *testing.T) {
	ctx, tx := context.Background(), pgtest.Tx(t)
	site := sitetest.New(t, tx)
	m, err := staff.Get(ctx, tx, site.Staff)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (tokenIssue{Badge: "S-NOBODY", Name: "web shop"}).issue(ctx, tx); !errors.Is(err, fault.NotFound) {
		t.Errorf("for nobody: %v", err)
	}
	secret, err := tokenIssue{Badge: " " + strings.ToLower(m.Badge), Name: "web shop"}.issue(ctx, tx)
	if err != nil {
		t.Fatal(err)
	}
	key, err := staff.TokenOf(ctx, tx, secret)
	if err != nil || key.Member.ID != m.ID || key.Name != "web shop" {
		t.Fatalf("%+v, %v", key, err)
	}
	if got := listed(t, tx); !strings.Contains(got, "web shop") || strings.Contains(got, secret) {
		t.Errorf("the list says %q", got)
	}
	if err := (tokenRevoke{Number: key.ID}).revoke(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if _, err := staff.TokenOf(ctx, tx, secret); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the token lives: %v", err)
	}
	if got := listed(t, tx); !regexp.MustCompile(`web shop .* revoked\n`).MatchString(got) {
		t.Errorf("the list says %q", got)
	}
	var verbs string
	if err := tx.QueryRow(`select string_agg(verb, ' ' order by id) from audit`).Scan(&verbs); err != nil || verbs != "token.issued token.revoked" {
		t.Errorf("on record: %q, %v", verbs, err)
	}
}

// listed is what "tote token list" prints.
func listed(t *testing.T, q pg.Querier) string {
	t.Helper()
	tokens, err := staff.Tokens(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := printTokens(&out, tokens); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
