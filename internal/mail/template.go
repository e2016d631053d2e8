package mail

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Template is a kind of letter as it is set up: what one may change about it.
type Template struct {
	Kind     Kind
	Slug     string
	Says     string // when it is sent
	Vars     []Var
	Must     []string
	MayBeOff bool
	Timing   Timing
	Versions map[orders.Language]int // in force; 0 or one without text: the shipped wording
	Own      map[orders.Language]bool
}

// Templates lists every kind of letter.
func Templates(ctx context.Context, q pg.Querier) (all []Template, err error) {
	defer fault.Wrap(&err, "mail.Templates")
	for _, k := range kinds {
		t, err := ReadTemplate(ctx, q, k.Kind)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// ReadTemplate reads one.
func ReadTemplate(ctx context.Context, q pg.Querier, k Kind) (t Template, err error) {
	entry, err := find(k)
	if err != nil {
		return t, err
	}
	t = Template{Kind: k, Slug: entry.Slug, Says: entry.Says, Vars: entry.Vars, Must: entry.Must, MayBeOff: entry.MayBeOff,
		Versions: map[orders.Language]int{}, Own: map[orders.Language]bool{}}
	if t.Timing, err = readTiming(ctx, q, k); err != nil {
		return t, err
	}
	rows, err := q.QueryContext(ctx, `
		select distinct on (language) language, version, subject is not null from letter_wordings where kind = $1 order by language, version desc`, k)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for rows.Next() {
		var l orders.Language
		var version int
		var own bool
		if err := rows.Scan(&l, &version, &own); err != nil {
			return t, err
		}
		t.Versions[l], t.Own[l] = version, own
	}
	return t, rows.Err()
}

// inForce is the wording that letters of a kind have now.
func inForce(ctx context.Context, q pg.Querier, k kind, l orders.Language) (Text, error) {
	versions, err := history(ctx, q, k, l, 1)
	if err != nil || len(versions) == 0 {
		return shipped[k.Kind][l], err
	}
	return versions[0].Text, nil
}

// Version is a wording that was saved once. Of version 0 and of one that went back to it, the text is the shipped one.
type Version struct {
	Number int
	Text
	Shipped bool
	By      string
	At      time.Time
}

const versionsShown = 200

// History is every version of a wording, newest first.
func History(ctx context.Context, q pg.Querier, k Kind, l orders.Language) (_ []Version, err error) {
	defer fault.Wrap(&err, "mail.History(%s, %s)", k, l)
	entry, err := findIn(k, l)
	if err != nil {
		return nil, err
	}
	return history(ctx, q, entry, l, versionsShown)
}

func history(ctx context.Context, q pg.Querier, k kind, l orders.Language, most int) ([]Version, error) {
	versions, err := pg.Collect(func(v *Version) []any {
		return []any{&v.Number, &v.Subject, &v.Body, &v.Shipped, &v.By, &v.At}
	})(q.QueryContext(ctx, `
		select w.version, coalesce(w.subject, ''), coalesce(w.body, ''), w.subject is null, s.name, w.saved_at
		from letter_wordings w join staff s on s.id = w.saved_by
		where w.kind = $1 and w.language = $2 order by w.version desc limit $3`, k.Kind, l, most))
	for i := range versions {
		if versions[i].Shipped {
			versions[i].Text = shipped[k.Kind][l]
		}
	}
	return versions, err
}

// findIn is find for a wording: the language must be one we write, too.
func findIn(k Kind, l orders.Language) (kind, error) {
	if !slices.Contains(orders.Languages, l) {
		return kind{}, fault.New(fault.NotFound, "There are no letters in %q.", clip(oneLine(string(l)), 20))
	}
	return find(k)
}

// Wording reads the one in force, or with version above 0 that one.
func Wording(ctx context.Context, q pg.Querier, k Kind, l orders.Language, version int) (v Version, err error) {
	entry, err := findIn(k, l)
	if err != nil {
		return v, err
	}
	all, err := history(ctx, q, entry, l, versionsShown)
	if err != nil {
		return v, err
	}
	if version == 0 && len(all) == 0 {
		return Version{Text: shipped[k][l], Shipped: true}, nil
	}
	for _, v := range all {
		if version == 0 || v.Number == version {
			return v, nil
		}
	}
	return v, fault.New(fault.NotFound, "There is no version %d of this letter.", version)
}

// SaveWording stores a wording as the newest version. seen is the version it was made from: when somebody saved another
// meanwhile, it is a Conflict. A wording that changes nothing stores nothing.
func SaveWording(ctx context.Context, tx *sql.Tx, k Kind, l orders.Language, t Text, seen int, by staff.ID, at time.Time) (version int, err error) {
	defer fault.Wrap(&err, "mail.SaveWording(%s, %s)", k, l)
	entry, err := findIn(k, l)
	if err != nil {
		return 0, err
	}
	if err := checkWording(entry, t.Subject, t.Body); err != nil {
		return 0, err
	}
	now, err := inForce(ctx, tx, entry, l)
	if err != nil {
		return 0, err
	}
	if t == now {
		return seen, nil
	}
	return saveVersion(ctx, tx, entry, l, sql.NullString{String: t.Subject, Valid: true}, sql.NullString{String: t.Body, Valid: true}, seen, by, at)
}

// Restore goes back to a version, or with 0 to the shipped wording; it does so by a new version, so that nothing is lost.
func Restore(ctx context.Context, tx *sql.Tx, k Kind, l orders.Language, version, seen int, by staff.ID, at time.Time) (_ int, err error) {
	defer fault.Wrap(&err, "mail.Restore(%s, %s, %d)", k, l, version)
	entry, err := findIn(k, l)
	if err != nil {
		return 0, err
	}
	if version == 0 {
		return saveVersion(ctx, tx, entry, l, sql.NullString{}, sql.NullString{}, seen, by, at)
	}
	v, err := Wording(ctx, tx, k, l, version)
	if err != nil {
		return 0, err
	}
	if v.Shipped {
		return saveVersion(ctx, tx, entry, l, sql.NullString{}, sql.NullString{}, seen, by, at)
	}
	return SaveWording(ctx, tx, k, l, v.Text, seen, by, at)
}

func saveVersion(ctx context.Context, tx *sql.Tx, k kind, l orders.Language, subject, body sql.NullString, seen int, by staff.ID, at time.Time) (version int, err error) {
	err = tx.QueryRowContext(ctx, `
		insert into letter_wordings (kind, language, version, subject, body, saved_by, saved_at)
		select $1, $2, $3 + 1, $4, $5, $6, $7
		where $3 = (select coalesce(max(version), 0) from letter_wordings where kind = $1 and language = $2)
		on conflict do nothing returning version`, k.Kind, l, seen, subject, body, by, at).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.Conflict, "Somebody has saved another version of this letter meanwhile. Load the page again and look at it.")
	}
	if err != nil {
		return 0, err
	}
	return version, staff.Audit(ctx, tx, by, "word a letter", string(k.Kind), map[string]any{"language": l, "version": version})
}

// Needs says that a letter cannot do without a placeholder.
func (t Template) Needs(name string) bool { return slices.Contains(t.Must, name) }
