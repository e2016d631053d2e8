package webtest

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// NaughtyStrings is the big list of naughty strings, and some that a form should not swallow either.
func NaughtyStrings(t testing.TB) (all []string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root(), "internal", "web", "testdata", "naughty-strings", "blns.json"))
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil || len(all) < 400 {
		t.Fatalf("%d naughty strings: %v", len(all), err)
	}
	return append(all, "\x00", "a\x00b", "\x1b[2J", "\xff\xfe", strings.Repeat("🥨", 3000))
}

// Sample draws n of them.
func Sample(dice *rand.Rand, all []string, n int) (some []string) {
	for range n {
		some = append(some, all[dice.IntN(len(all))])
	}
	return some
}
