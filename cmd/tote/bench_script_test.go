package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

// entry is one line of the server's log with its continuations.
type entry struct{ process, kind, text string }

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
		all = append(all, entry{process, kind, strings.TrimSpace(strings.ReplaceAll(said, "\n\t", "\n"))})
	}
	return all
}

// scriptOf writes the pgbench script of the request that the scan of key went through: everything its connection did.
func scriptOf(b *testing.B, log []entry, key uuid.UUID, keys map[string]int64, first map[string]int64) string {
	b.Helper()
	var process string
	for _, e := range log {
		if strings.Contains(e.text, key.String()) {
			process = e.process
		}
	}
	if process == "" {
		b.Fatal("the server logged no statement with the scan's key")
	}
	var s strings.Builder
	s.WriteString("\\set r random(1, 140000000000000)\n")
	for name, value := range first {
		fmt.Fprintf(&s, "\\set %s %d + %s * :client_id\n", name, value, steps[name])
	}
	statements := 0
	for i, e := range log {
		if e.process != process || e.kind != "LOG" {
			continue
		}
		_, statement, found := strings.Cut(e.text, ": ")
		if !found || !(strings.HasPrefix(e.text, "execute") || strings.HasPrefix(e.text, "statement")) {
			continue
		}
		if i+1 < len(log) && log[i+1].process == process && log[i+1].kind == "DETAIL" {
			statement = fillIn(statement, log[i+1].text, key, keys)
		}
		statements++
		fmt.Fprintf(&s, "%s;\n", strings.TrimSuffix(statement, ";"))
	}
	b.Logf("one pick is %d statements", statements)
	return s.String()
}

// steps is how far apart the keys of two neighbouring walks are.
var steps = map[string]string{"list": "1", "task": "1", "item": "1", "picker": "1", "demand": "1", "bin": "2", "tote": "2", "order": "1", "walk": "1"}

var (
	parameter = regexp.MustCompile(`\$(\d+) = ('(?:[^']|'')*'|NULL)`)
	number    = regexp.MustCompile(`\d+`)
	moment    = regexp.MustCompile(`^'\d{4}-\d\d-\d\d[ T]\d\d:`)
)

// fillIn puts the logged parameters into a statement; what belongs to the walk becomes an expression of the client's number.
func fillIn(statement, detail string, key uuid.UUID, keys map[string]int64) string {
	values := map[string]string{}
	for _, m := range parameter.FindAllStringSubmatch(detail, -1) {
		values[m[1]] = expression(m[2], key, keys)
	}
	return regexp.MustCompile(`\$\d+`).ReplaceAllStringFunc(statement, func(p string) string { return values[p[1:]] })
}

func expression(literal string, key uuid.UUID, keys map[string]int64) string {
	switch {
	case literal == "NULL":
		return "NULL"
	case literal == "'"+key.String()+"'":
		return "('00000000-0000-4000-8000-' || lpad(to_hex(:r::bigint), 12, '0'))::uuid"
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
