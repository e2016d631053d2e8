package main

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// awaitSetting waits until a new connection sees the setting: the server reads its configuration when it gets to it.
func awaitSetting(b *testing.B, db *sql.DB, name, want string) {
	b.Helper()
	for late := time.Now().Add(10 * time.Second); time.Now().Before(late); {
		var is string
		if err := db.QueryRow(`select setting from pg_settings where name = $1`, name).Scan(&is); err != nil {
			b.Fatal(err)
		}
		if is == want {
			return
		}
	}
	b.Fatalf("%s never became %s", name, want)
}

// entry is one statement in the server's log, with its parameters.
type entry struct{ process, text, detail string }

func readLogs(b *testing.B, dir string) []entry {
	b.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", "postgres.log"))
	if err != nil {
		b.Fatal(err)
	}
	var all []entry
	for _, part := range strings.Split(string(text), "@@")[1:] {
		process, rest, _ := strings.Cut(part, "@")
		kind, said, _ := strings.Cut(rest, ":  ")
		said = strings.TrimSpace(strings.ReplaceAll(said, "\n\t", "\n"))
		switch {
		case kind == "LOG" && (strings.HasPrefix(said, "execute") || strings.HasPrefix(said, "statement")):
			all = append(all, entry{process: process, text: said})
		case kind == "DETAIL" && len(all) > 0 && all[len(all)-1].process == process:
			all[len(all)-1].detail = said
		}
	}
	return all
}

// scriptOf writes the pgbench script of the request that the scan of key went through: the question who asks, and the
// transaction that names the key. Whatever else the connection did meanwhile, such as looking for jobs, is no part of it.
func scriptOf(b *testing.B, log []entry, token string, key uuid.UUID, keys map[string]int64, first map[string]int64) string {
	b.Helper()
	var s strings.Builder
	s.WriteString("\\set r random(1, 140000000000000)\n")
	for name, value := range first {
		fmt.Fprintf(&s, "\\set %s %d + %s * :client_id\n", name, value, steps[name])
	}
	request := append(signedIn(b, log, token), transactionOf(b, log, key)...)
	for _, e := range request {
		_, statement, _ := strings.Cut(e.text, ": ")
		statement = fillIn(statement, e.detail, token, key, keys)
		fmt.Fprintf(&s, "%s;\n", strings.TrimSuffix(statement, ";"))
	}
	b.Logf("one pick is %d statements", len(request))
	return s.String()
}

// signedIn is the statement that found out whose token it is.
func signedIn(b *testing.B, log []entry, token string) []entry {
	b.Helper()
	for _, e := range log {
		if strings.Contains(e.detail, hashed(token)) {
			return []entry{e}
		}
	}
	b.Fatal("the server logged no statement with the session's token")
	return nil
}

// transactionOf is every statement from the begin before the first that names the key to the commit after it.
func transactionOf(b *testing.B, log []entry, key uuid.UUID) (statements []entry) {
	b.Helper()
	named := slices.IndexFunc(log, func(e entry) bool { return strings.Contains(e.detail, key.String()) })
	if named < 0 {
		b.Fatal("the server logged no statement with the scan's key")
	}
	for i, e := range log {
		if e.process != log[named].process {
			continue
		}
		if strings.Contains(e.text, ": BEGIN") && i < named {
			statements = nil
		}
		statements = append(statements, e)
		if strings.Contains(e.text, ": COMMIT") && i > named {
			return statements
		}
	}
	b.Fatal("the server logged no commit of the scan")
	return nil
}

func hashed(token string) string { return fmt.Sprintf(`'\x%x'`, sha256.Sum256([]byte(token))) }

// steps is how far apart the keys of two neighbouring walks are.
var steps = map[string]string{"list": "1", "task": "1", "item": "1", "picker": "1", "demand": "1", "bin": "2", "tote": "2", "order": "1", "walk": "1"}

var (
	parameter = regexp.MustCompile(`\$(\d+) = ('(?:[^']|'')*'|NULL)`)
	number    = regexp.MustCompile(`\d+`)
	moment    = regexp.MustCompile(`^'\d{4}-\d\d-\d\d[ T]\d\d:`)
)

// fillIn puts the logged parameters into a statement; what belongs to the walk becomes an expression of the client's number.
func fillIn(statement, detail, token string, key uuid.UUID, keys map[string]int64) string {
	values := map[string]string{}
	for _, m := range parameter.FindAllStringSubmatch(detail, -1) {
		values[m[1]] = expression(m[2], token, key, keys)
	}
	return regexp.MustCompile(`\$\d+`).ReplaceAllStringFunc(statement, func(p string) string { return values[p[1:]] })
}

func expression(literal, token string, key uuid.UUID, keys map[string]int64) string {
	switch {
	case literal == "NULL":
		return "NULL"
	case literal == "'"+key.String()+"'":
		return "('00000000-0000-4000-8000-' || lpad(to_hex(:r::bigint), 12, '0'))::uuid"
	case literal == hashed(token):
		return "sha256(('yard-' || :walk)::bytea)"
	case moment.MatchString(literal):
		return "now()"
	}
	text := literal[1 : len(literal)-1]
	var parts []string
	rest := 0
	for _, at := range number.FindAllStringIndex(text, -1) {
		for name, value := range keys {
			if text[at[0]:at[1]] == fmt.Sprint(value) {
				if at[0] == 0 && at[1] == len(text) {
					return ":" + name
				}
				parts = append(parts, quoted(text[rest:at[0]]), ":"+name+"::text")
				rest = at[1]
			}
		}
	}
	if len(parts) == 0 {
		return quoted(text)
	}
	joined := "(" + strings.Join(append(parts, quoted(text[rest:])), " || ") + ")"
	if strings.HasPrefix(text, `{"`) {
		joined += "::jsonb" // a literal would have become one by itself
	}
	return joined
}

// quoted keeps colons from pgbench, which would take what follows them for a variable.
func quoted(text string) string {
	if !strings.Contains(text, ":") {
		return "'" + text + "'"
	}
	return "E'" + strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), ":", `\x3A`) + "'"
}
