package staff

import (
	"context"
	"database/sql"
	"io"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
)

// staffSheet is the table of people; roles are divided by blanks, slashes or plus signs.
var staffSheet = []sheet.Column{
	{Name: "name", Required: true},
	{Name: "roles", Also: []string{"role"}, Required: true},
	{Name: "pin", Required: true},
}

// mostHired is how many people one table may hold: every PIN costs its turn at the hash.
const mostHired = 300

// Import hires everybody of a table for a warehouse and answers them in its order; by is who sends it. A name that works there already
// is refused, so that the same table sent twice hires nobody twice. All rows are checked first: if any is bad, each bad
// one is named by its line and nobody is hired.
func Import(ctx context.Context, tx *sql.Tx, warehouse int64, in io.Reader, by Member) (hired []Member, err error) {
	defer fault.Wrap(&err, "staff.Import(%d)", warehouse)
	rows, err := sheet.Read(in, staffSheet...)
	if err != nil {
		return nil, err
	}
	if len(rows) > mostHired {
		return nil, fault.New(fault.Invalid, "The file has more than %d people. Send it in parts.", mostHired)
	}
	here, err := namesHere(ctx, tx, warehouse)
	if err != nil {
		return nil, err
	}
	var bad fault.Fields
	all, seen := make([]Member, len(rows)), map[string]int{}
	for i, r := range rows {
		all[i] = readMember(&bad, r, warehouse, by)
		name := strings.ToLower(all[i].Name)
		if first := seen[name]; first > 0 {
			r.Fault(&bad, "%s is in line %d already; add an initial", all[i].Name, first)
		} else if here[name] {
			r.Fault(&bad, "%s works here already; add an initial if it is somebody else", all[i].Name)
		}
		seen[name] = r.Line
	}
	if err := sheet.Err(bad); err != nil {
		return nil, err
	}
	for i, m := range all {
		if m, err = Add(ctx, tx, m, rows[i].Get("pin")); err != nil {
			return nil, err
		}
		hired = append(hired, m)
	}
	return hired, nil
}

func namesHere(ctx context.Context, q pg.Querier, warehouse int64) (map[string]bool, error) {
	all, err := List(ctx, q, warehouse)
	here := map[string]bool{}
	for _, m := range all {
		if m.Active {
			here[strings.ToLower(m.Name)] = true
		}
	}
	return here, err
}

func readMember(bad *fault.Fields, r sheet.Row, warehouse int64, by Member) Member {
	m := Member{Name: r.Get("name"), Warehouse: warehouse}
	m.Roles = readRoles(r.Get("roles"))
	for _, f := range fault.FieldsOf(Check(m, r.Get("pin"))) {
		r.Fault(bad, "%s", strings.TrimSuffix(f.Message, "."))
	}
	if err := by.MayGrant(m.Roles...); err != nil {
		r.Fault(bad, "%s", strings.TrimSuffix(fault.Message(err), "."))
	}
	return m
}

// readRoles takes the roles out of a cell. Some have a blank in their name.
func readRoles(cell string) (roles []Role) {
	const kept = "\u00a0"
	cell = strings.ToLower(cell)
	for _, r := range Roles {
		cell = strings.ReplaceAll(cell, string(r), strings.ReplaceAll(string(r), " ", kept))
	}
	for _, word := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(" /+,;", c) }) {
		roles = append(roles, Role(strings.ReplaceAll(word, kept, " ")))
	}
	return roles
}
