package pg

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tote/internal/fault"
)

// binaries are the programs of one PostgreSQL installation.
type binaries struct {
	postgres string
	initdb   string
	major    int
}

// places are where distributions put them; the PATH and pg_config are asked first.
var places = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // Red Hat
	"/usr/libexec/postgresql*",  // Alpine
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/usr/local/pgsql/bin",
}

var majorOf = regexp.MustCompile(`PostgreSQL\)? (\d+)`)

// findBinaries picks the newest installation, or the one the existing data were made with:
// PostgreSQL's files differ from one major version to the next, and only pg_upgrade may change them.
func findBinaries(data string) (binaries, error) {
	found := installations()
	made, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err != nil {
		if len(found) == 0 {
			return binaries{}, fault.New(fault.Unavailable, "PostgreSQL is not installed. Run: apt-get install postgresql-15")
		}
		return found[0], nil
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(made)))
	if err != nil {
		return binaries{}, fault.Because(err, fault.Conflict, "%s/PG_VERSION cannot be read. Nothing was touched: restore the directory from a backup, or choose another one.", data)
	}
	for _, b := range found {
		if b.major == major {
			return b, nil
		}
	}
	return binaries{}, fault.New(fault.Unavailable, "The data in %s were made by PostgreSQL %d, which is not installed. Nothing was touched. Run: apt-get install postgresql-%d (or move the data to a newer version with pg_upgrade)", data, major, major)
}

// installations are all complete ones, the newest first.
func installations() []binaries {
	var dirs []string
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, pattern := range places {
		matches, _ := filepath.Glob(pattern)
		dirs = append(dirs, matches...)
	}
	var found []binaries
	for _, dir := range dirs {
		if b, ok := installation(dir); ok && !slices.Contains(found, b) {
			found = append(found, b)
		}
	}
	slices.SortStableFunc(found, func(a, b binaries) int { return b.major - a.major })
	return found
}

func installation(dir string) (binaries, bool) {
	b := binaries{postgres: filepath.Join(dir, "postgres"), initdb: filepath.Join(dir, "initdb")}
	if _, err := os.Stat(b.initdb); err != nil {
		return binaries{}, false
	}
	out, err := exec.Command(b.postgres, "--version").Output()
	if err != nil {
		return binaries{}, false
	}
	version := majorOf.FindSubmatch(out)
	if version == nil {
		return binaries{}, false
	}
	b.major, _ = strconv.Atoi(string(version[1]))
	return b, true
}
