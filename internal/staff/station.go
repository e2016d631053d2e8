package staff

import (
	"context"
	"database/sql"
	"errors"
	"regexp"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Station is a work place: where parcels are packed, goods received, trucks loaded.
type Station struct {
	ID        StationID
	Warehouse int64
	Code      string // "K-3", printed on its label
	Name      string
	Kind      string // receiving, packing, loading, office
	Location  int64  // the location its goods stand in; 0 = none
	DPI       int    // of its label printer: 203 or 300
}

// Packs reports whether the station is a packing bench: its cartons and labels come out there.
func (s Station) Packs() bool { return s.Kind == "packing" }

const stationColumns = `st.id, st.warehouse_id, st.code, st.name, st.kind, st.location_id, st.dpi`

// stationRow is a station that a join may not have found.
type stationRow struct {
	id, warehouse, location, dpi sql.NullInt64
	code, name, kind             sql.NullString
}

func (r *stationRow) fields() []any {
	return []any{&r.id, &r.warehouse, &r.code, &r.name, &r.kind, &r.location, &r.dpi}
}

func (r *stationRow) station() *Station {
	if !r.id.Valid {
		return nil
	}
	return &Station{
		ID: StationID(r.id.Int64), Warehouse: r.warehouse.Int64, Code: r.code.String, Name: r.name.String,
		Kind: r.kind.String, Location: r.location.Int64, DPI: int(r.dpi.Int64),
	}
}

var stationShape = regexp.MustCompile(`^K-[1-9][0-9]{0,8}$`)

// AddStation sets up a station. Code, Name, Kind and Warehouse are wanted; DPI is 203 unless set.
func AddStation(ctx context.Context, tx *sql.Tx, s Station) (_ Station, err error) {
	defer fault.Wrap(&err, "staff.AddStation(%q)", s.Code)
	if s.DPI == 0 {
		s.DPI = 203
	}
	if !stationShape.MatchString(s.Code) {
		return s, fault.New(fault.Invalid, "The code of a station is K- and a number, like K-3: nothing else is read as a station.")
	}
	err = tx.QueryRowContext(ctx, `
		insert into stations (warehouse_id, code, name, kind, location_id, dpi)
		values ($1, $2, $3, $4, nullif($5::bigint, 0), $6)
		on conflict (code) do nothing
		returning id`, s.Warehouse, s.Code, s.Name, s.Kind, s.Location, s.DPI).Scan(&s.ID)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.Conflict, "There is a station %s already. Choose another code.", s.Code)
	}
	return s, err
}

// NextStation is the number after the highest of all stations of the site.
func NextStation(ctx context.Context, q pg.Querier) (n int64, err error) {
	defer fault.Wrap(&err, "staff.NextStation()")
	err = q.QueryRowContext(ctx, `select coalesce(max(substr(code, 3)::bigint), 0) + 1 from stations`).Scan(&n)
	return n, err
}

// Stations is every station of a warehouse, by code.
func Stations(ctx context.Context, q pg.Querier, warehouse int64) (_ []Station, err error) {
	defer fault.Wrap(&err, "staff.Stations(%d)", warehouse)
	rows, err := q.QueryContext(ctx, `
		select `+stationColumns+`
		from stations st
		where st.warehouse_id = $1
		order by st.code`, warehouse)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Station
	for rows.Next() {
		var r stationRow
		if err := rows.Scan(r.fields()...); err != nil {
			return nil, err
		}
		list = append(list, *r.station())
	}
	return list, rows.Err()
}

// StationByCode is the station whose label was scanned ("K-3").
func StationByCode(ctx context.Context, q pg.Querier, code string) (_ Station, err error) {
	defer fault.Wrap(&err, "staff.StationByCode(%q)", code)
	var r stationRow
	err = q.QueryRowContext(ctx, `select `+stationColumns+` from stations st where st.code = $1`, code).Scan(r.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return Station{}, fault.New(fault.NotFound, "There is no station %s.", code)
	}
	if err != nil {
		return Station{}, err
	}
	return *r.station(), nil
}
