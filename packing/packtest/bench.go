// Package packtest packs demands at a test site's station, for tests of packing and of the trades behind it.
package packtest

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory/sitetest"
	"tote/packing"
	"tote/picking/picktest"
)

// Bench is a floor with a packing station.
type Bench struct {
	*picktest.Floor
	Station staff.StationID
}

// New builds a floor with a packing station in the transaction.
func New(t testing.TB, tx *sql.Tx) *Bench {
	t.Helper()
	b := &Bench{Floor: picktest.New(t, tx)}
	b.Station = b.AddStation()
	return b
}

// In is the same bench seen through another transaction.
func (b *Bench) In(tx *sql.Tx) *Bench { return &Bench{b.Floor.In(tx), b.Station} }

// AddStation adds a packing station.
func (b *Bench) AddStation() (id staff.StationID) {
	b.T.Helper()
	if err := b.Tx.QueryRow(`
		insert into stations (warehouse_id, code, name, kind, location_id)
		select $1, 'K-' || 1 + (select count(*) from stations), 'Packing', 'packing', $2
		returning id`, b.Warehouse, b.Floor.Site.Station).Scan(&id); err != nil {
		b.T.Fatal(err)
	}
	return id
}

// By is a scan of a code at the bench.
func (b *Bench) By(code string) scan.Scan {
	return scan.Scan{Key: uuid.New(), Code: code, Staff: b.Staff, Station: b.Station, At: sitetest.Noon}
}

// Put scans codes one after the other at a demand's bench; it returns the last answer.
func (b *Bench) Put(ref string, codes ...string) (step scan.Step) {
	b.T.Helper()
	for _, code := range codes {
		var err error
		if step, err = packing.Put(context.Background(), b.Tx, ref, b.By(code)); err != nil {
			b.T.Fatal(err)
		}
	}
	return step
}

// Pick asks for a demand and picks it into a tote.
func (b *Bench) Pick(ref, tote string, lines ...picktest.Line) {
	b.T.Helper()
	b.PickAll(b.Begin(ref, lines...), tote)
}

// PackAll packs all that lies in a demand's totes into one carton of the weight it should have, and closes it.
func (b *Bench) PackAll(ref string) packing.CartonID {
	b.T.Helper()
	for {
		var sku string
		err := b.Tx.QueryRow(`
			select i.sku from tote_lines l join demands d on d.id = l.demand_id join items i on i.id = l.item_id
			where d.ref = $1 order by l.ref limit 1`, ref).Scan(&sku)
		if err == sql.ErrNoRows {
			break
		}
		if err != nil {
			b.T.Fatal(err)
		}
		b.Put(ref, sku)
	}
	var id packing.CartonID
	var grams int64
	if err := b.Tx.QueryRow(`
		select k.id, (select sum(l.quantity * i.weight_g) from carton_lines l join items i on i.id = l.item_id where l.carton_id = k.id)
		from cartons k where k.ref = $1 and k.state = 'open'`, ref).Scan(&id, &grams); err != nil {
		b.T.Fatal(err)
	}
	b.Put(ref, fmt.Sprintf("%d g", grams))
	return id
}
