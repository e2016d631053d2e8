package main

import (
	"bytes"
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tote/internal/demo"
	"tote/internal/pgtest"
)

// Three hundred of the real orders: carts are walked at least 65 % less than one list an order sorted by name, and less
// than carts filled as orders come; nothing is released by looking.
func TestADayOfRealOrdersIsWalkedLess(t *testing.T) {
	db := pgtest.DB(t)
	ctx := context.Background()
	warehouse, err := demo.Day(ctx, db, 300, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (planDay{Orders: 300, Totes: 12, Lines: 75}).compare(ctx, &out, opened{DB: db}, warehouse); err != nil {
		t.Fatal(err)
	}
	metres := map[string]int{}
	for line := range strings.Lines(out.String()) {
		if m := regexp.MustCompile(`^\s*(\d+)\s.*(elsewhere|Tote): (\S+ \S+)`).FindStringSubmatch(line); m != nil {
			metres[m[2]+" "+m[3]], _ = strconv.Atoi(m[1])
		}
	}
	named, first, exact, carts, batches := metres["elsewhere one order"], metres["elsewhere 12 orders"], metres["Tote one order"], metres["Tote carts of"], metres["Tote lists of"]
	if carts == 0 || batches == 0 || 100*carts > 35*named || carts >= first || exact > named || 100*batches > 35*named {
		t.Errorf("metres %v in\n%s", metres, out.String())
	}
	var lists int
	if err := db.QueryRow(`select count(*) from pick_lists`).Scan(&lists); err != nil || lists != 0 {
		t.Errorf("%d lists were made by looking, %v", lists, err)
	}
	if !strings.Contains(out.String(), "300 orders, ") {
		t.Errorf("the report begins with\n%s", out.String())
	}
}
