package arch

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "tote"

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Doc        string
}

func (p pkg) name() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

func packages(t *testing.T) []pkg {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports,Doc", module+"/...")
	command.Dir = filepath.Join("..", "..")
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}

// drawn is the package itself, or the nearest parent, that the drawing knows.
func drawn(name string) (string, bool) {
	for ; name != "." && name != "/"; name = path.Dir(name) {
		if _, ok := arrows[name]; ok {
			return name, true
		}
	}
	return "", false
}

// may reports whether the drawing lets one package import another.
func may(from, to string) bool {
	home, known := drawn(from)
	target, drawn := drawn(to)
	switch {
	case !known || !drawn:
		return false
	case slices.Contains(helpers, to):
		return slices.Contains(helpers, from)
	case slices.Contains(helpers, from) && to == "internal/pgtest":
		return true
	case within(target, []string{home}): // itself, and its own parts
		return true
	case within(home, []string{target}): // a part that is not a pure one may know its whole
		return len(arrows[home]) > 0
	}
	return within(target, arrows[home])
}

func TestThePackagesFollowTheDrawing(t *testing.T) {
	for _, p := range packages(t) {
		if _, ok := drawn(p.name()); !ok {
			t.Errorf("%s is not on the drawing: add it to docs/design.md and to arrows", p.name())
			continue
		}
		for _, to := range p.Imports {
			if to, ours := strings.CutPrefix(to, module+"/"); ours && !may(p.name(), to) {
				t.Errorf("%s imports %s: the drawing has no such arrow", p.name(), to)
			}
		}
	}
}

func TestLibrariesHaveOwners(t *testing.T) {
	for _, p := range packages(t) {
		for _, to := range p.Imports {
			for library, allowed := range owners {
				if (to == library || strings.HasPrefix(to, library+"/")) && !within(p.name(), allowed) {
					t.Errorf("%s imports %s, which belongs to %v", p.name(), to, allowed)
				}
			}
		}
	}
}

func within(name string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool { return name == a || strings.HasPrefix(name, a+"/") })
}

func TestOnlyTheCommandReadsTheEnvironment(t *testing.T) {
	for _, p := range packages(t) {
		if within(p.name(), environment) || slices.Contains(helpers, p.name()) {
			continue
		}
		for _, file := range p.GoFiles {
			for _, call := range calls(t, filepath.Join(p.Dir, file), "os") {
				if slices.Contains([]string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}, call) {
					t.Errorf("%s/%s calls os.%s: take a value from cmd/tote instead", p.name(), file, call)
				}
			}
		}
	}
}

func TestEveryPackageOpensWithItsSentence(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.name())
		}
	}
}

// calls is every selector of the package called name in a file.
func calls(t *testing.T, file, name string) (names []string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == name {
				names = append(names, s.Sel.Name)
			}
		}
		return true
	})
	return names
}

// The rules must be able to say no.
func TestTheDrawingForbids(t *testing.T) {
	for _, arrow := range [][2]string{
		{"inventory", "picking"}, {"picking", "packing"}, {"labels", "inventory"}, {"shipping", "internal/orders"},
		{"internal/pg", "internal/scan"}, {"internal/orders", "internal/web"}, {"internal/mail", "internal/web"},
		{"picking/route", "internal/pg"}, {"picking/route", "picking"}, {"inventory", "inventory/sitetest"},
		{"internal/demo", "cmd/tote"}, {"nowhere", "internal/fault"}, {"internal/web", "internal/pgtest"},
	} {
		if may(arrow[0], arrow[1]) {
			t.Errorf("%s may import %s", arrow[0], arrow[1])
		}
	}
	for _, arrow := range [][2]string{
		{"picking", "inventory"}, {"picking", "picking/route"}, {"internal/web", "internal/web/ui"}, {"internal/web/ui", "internal/scan"},
		{"inventory/sitetest", "inventory"}, {"inventory/sitetest", "internal/pgtest"}, {"picking/picktest", "inventory/sitetest"}, {"cmd/tote", "internal/demo"},
	} {
		if !may(arrow[0], arrow[1]) {
			t.Errorf("%s may not import %s", arrow[0], arrow[1])
		}
	}
}
