package staff_test

import (
	"database/sql"
	"slices"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
)

// second makes another warehouse.
func second(t testing.TB, tx *sql.Tx) (id int64) {
	t.Helper()
	err := tx.QueryRowContext(ctx, `
		insert into warehouses (code, name, gs1_prefix, company, street, city, postcode, country)
		values ('W2', 'Annex', '2012345', 'Tote', 'Dock Road 2', 'Hull', 'HU1 1AA', 'GB') returning id`).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Somebody who may work in two warehouses is in one at a time; a third does not exist for him, and out of one that he was
// taken out of he is at once.
func TestWorkingInTwoWarehouses(t *testing.T) {
	tx := pgtest.Tx(t)
	home, annex := warehouse(t, tx), second(t, tx)
	m := add(t, tx, home, "4711", staff.Admin)
	token, err := staff.OpenSession(ctx, tx, m, "x")
	if err != nil {
		t.Fatal(err)
	}
	at := func() staff.Session {
		t.Helper()
		s, err := staff.CurrentSession(ctx, tx, token)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if err := staff.GoTo(ctx, tx, token, annex); fault.KindOf(err) != fault.NotFound {
		t.Errorf("went where he does not work: %v", err)
	}
	if s := at(); s.Warehouse != home || s.Several {
		t.Errorf("at first in %d", s.Warehouse)
	}
	for range 2 {
		if err := staff.Admit(ctx, tx, m.ID, annex, m.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := staff.Admit(ctx, tx, m.ID, home, m.ID); err != nil {
		t.Fatal(err)
	}
	if places, err := staff.Workplaces(ctx, tx, m.ID); err != nil || !slices.Equal(places, []int64{home, annex}) {
		t.Errorf("works in %v, %v", places, err)
	}
	st, err := staff.AddStation(ctx, tx, staff.Station{Warehouse: home, Code: "K-1", Name: "One", Kind: "packing"})
	if err != nil {
		t.Fatal(err)
	}
	other, err := staff.AddStation(ctx, tx, staff.Station{Warehouse: annex, Code: "K-2", Name: "Two", Kind: "packing"})
	if err != nil {
		t.Fatal(err)
	}
	if err := staff.TakeStation(ctx, tx, token, other.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("stands in the annex while at home: %v", err)
	}
	if err := staff.TakeStation(ctx, tx, token, st.ID); err != nil {
		t.Fatal(err)
	}
	if err := staff.GoTo(ctx, tx, token, annex); err != nil {
		t.Fatal(err)
	}
	if s := at(); s.Warehouse != annex || s.House != "Annex" || s.Station != nil {
		t.Errorf("went to %d %q, station %v", s.Warehouse, s.House, s.Station)
	}
	if err := staff.TakeStation(ctx, tx, token, st.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("stands at home while in the annex: %v", err)
	}
	if err := staff.TakeStation(ctx, tx, token, other.ID); err != nil {
		t.Fatal(err)
	}
	for place, want := range map[int64]int{home: 1, annex: 1} {
		if here, err := staff.Here(ctx, tx, place); err != nil || len(here) != want {
			t.Errorf("in %d are %d, %v", place, len(here), err)
		}
	}
	if err := staff.Dismiss(ctx, tx, m.ID, annex, m.ID); err != nil {
		t.Fatal(err)
	}
	if s := at(); s.Warehouse != home || s.Station != nil || s.Several {
		t.Errorf("taken out he is in %d at %v", s.Warehouse, s.Station)
	}
}

// Who goes to another warehouse at the very moment when he is taken out of it does not get in.
func TestTakenOutWhileGoing(t *testing.T) {
	db := pgtest.DB(t)
	var m staff.Member
	var annex int64
	var token string
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
		m, annex = add(t, tx, warehouse(t, tx), "4711", staff.Picker), second(t, tx)
		if err := staff.Admit(ctx, tx, m.ID, annex, m.ID); err != nil {
			return err
		}
		token, err = staff.OpenSession(ctx, tx, m, "x")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 2)
	go func() { done <- pg.InTx(ctx, db, func(tx *sql.Tx) error { return staff.GoTo(ctx, tx, token, annex) }) }()
	go func() {
		done <- pg.InTx(ctx, db, func(tx *sql.Tx) error { return staff.Dismiss(ctx, tx, m.ID, annex, m.ID) })
	}()
	for range 2 {
		if err := <-done; err != nil && fault.KindOf(err) != fault.NotFound {
			t.Fatal(err)
		}
	}
	if s, err := staff.CurrentSession(ctx, db, token); err != nil || s.Warehouse == annex {
		t.Errorf("is in %d, %v", s.Warehouse, err)
	}
}
