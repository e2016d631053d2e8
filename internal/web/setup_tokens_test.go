package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
	"tote/picking"
)

func TestAdminsIssueAndRevokeTokens(t *testing.T) {
	s := openShop(t)
	shop := s.Member(t, "Web shop", staff.Clerk)
	admin := s.As(t, s.Member(t, "Ada", staff.Admin))
	if a := s.clerk.Get("/setup/tokens"); a.Status != http.StatusForbidden {
		t.Errorf("a manager sees the tokens: %d", a.Status)
	}
	for field, bad := range map[string][]string{"name": {"name", " ", "member", fmt.Sprint(shop.ID)}, "member": {"name", "Shop", "member", "999"}} {
		if a := admin.Post("/setup/tokens", bad...); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "f-"+field+"-error") {
			t.Errorf("a bad %s: %d", field, a.Status)
		}
	}
	a := admin.Post("/setup/tokens", "name", "Web shop <new>", "member", fmt.Sprint(shop.ID))
	secret := regexp.MustCompile(`tote_[A-Z2-7]{26}`).FindString(a.Body)
	if a.Status != http.StatusOK || secret == "" || !strings.Contains(a.Body, "Copy it now") {
		t.Fatalf("issue: %d %s", a.Status, text(a.Body))
	}
	page := admin.Get("/setup/tokens").Body
	if strings.Contains(page, secret) || !strings.Contains(page, "Web shop &lt;new&gt;") || !strings.Contains(page, "MAIN") || !strings.Contains(page, "never") {
		t.Errorf("the list: %s", text(page))
	}
	token, err := staff.TokenOf(t.Context(), s.DB, secret)
	if err != nil || token.Member.ID != shop.ID {
		t.Fatalf("the token acts as %+v, %v", token.Member, err)
	}
	s.write(t, func(tx *sql.Tx) error {
		return staff.NoteUse(t.Context(), tx, token.ID, time.Date(2026, 11, 22, 9, 5, 0, 0, time.UTC))
	})
	if page := text(admin.Get("/setup/tokens").Body); !strings.Contains(page, "22 Nov 2026, 09:05") {
		t.Errorf("when it was used last is not shown: %s", page)
	}
	revoke := regexp.MustCompile(`/setup/tokens/\d+/revoke`).FindString(page)
	if a := admin.Post(revoke); a.Status != http.StatusSeeOther {
		t.Errorf("revoke: %d", a.Status)
	}
	if _, err := staff.TokenOf(t.Context(), s.DB, secret); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a revoked token works: %v", err)
	}
	if n := s.count(t, `select count(*) from audit where verb in ('token.issued', 'token.revoked') and staff_id is not null`); n != 2 {
		t.Errorf("%d of two deeds are on record", n)
	}
}

// TestTheCommandSheetScans prints the command barcodes as anybody on the floor does, and reads them off the paper.
func TestTheCommandSheetScans(t *testing.T) {
	s := openShed(t)
	c := s.As(t, s.Member(t, "Pia", staff.Picker))
	if !strings.Contains(c.Get("/sign-in/station").Body, `href="/setup/commands.pdf"`) {
		t.Error("the start of a shift does not lead to the command sheet")
	}
	sheet := c.Get("/setup/commands.pdf")
	file := filepath.Join(t.TempDir(), "commands.pdf")
	if err := os.WriteFile(file, []byte(sheet.Body), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "pdftoppm", "-r", "203", "-gray", file, file).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	pages, err := filepath.Glob(file + "-*.pgm")
	if err != nil || len(pages) != 7 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	read, err := exec.CommandContext(t.Context(), "zbarimg", append([]string{"-q", "--raw"}, pages...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, command := range slices.Concat(labels.Commands(), inventory.ReceivingCommands(), picking.Commands(), packing.Commands(nil), inventory.CountingCommands(), inventory.MovingCommands()) {
		want = append(want, "X-"+command.Name)
	}
	got := strings.Fields(string(read))
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(slices.Compact(want), slices.Compact(got)) {
		t.Errorf("scanned %v, want %v", got, want)
	}
}
