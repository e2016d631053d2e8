package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
)

// ManifestID names what one truck took; people see M-5.
type ManifestID int64

func (id ManifestID) String() string { return fmt.Sprintf("M-%d", int64(id)) }

// ParseManifest reads M-5.
func ParseManifest(s string) (ManifestID, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "M-"), 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.NotFound, "There is no truck %q. Its number looks like M-5.", clip(s))
	}
	return ManifestID(n), nil
}

// truck is one loading job: what went on at a door since the last truck left.
type truck struct {
	id        ManifestID // 0 before the first scan
	over      bool
	door      Door
	carrier   string // code, "" before the first parcel
	loaded    int64
	waiting   int64 // closed parcels of the same carrier that are not on any truck
	begun     []obstacle
	shipments int64
}

// Load answers one scan at a door: a parcel by its SSCC, our number or the carrier's goes on the truck;
// the command OK dispatches, UNDO takes the last parcel off. What must not go on is told in words.
func Load(ctx context.Context, tx *sql.Tx, door inventory.LocationID, s scan.Scan) (scan.Step, error) {
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	return atDoor(ctx, tx, door, s, func(t *truck) (scan.Step, error) {
		switch {
		case code.Kind == labels.KindCommand && code.Value == labels.CommandOK:
			return t.dispatch(ctx, tx, s, false)
		case code.Kind == labels.KindCommand && code.Value == labels.CommandUndo:
			return t.unloadLast(ctx, tx, s)
		}
		return t.load(ctx, tx, s, code)
	})
}

// Unload takes off what an earlier scan put on, until the truck leaves.
func Unload(ctx context.Context, tx *sql.Tx, door inventory.LocationID, which scan.Key, s scan.Scan) (scan.Step, error) {
	return atDoor(ctx, tx, door, s, func(t *truck) (scan.Step, error) { return t.unload(ctx, tx, s, which) })
}

// DispatchDoor lets the truck go. Shipments that are not complete are named and asked about; with rest
// they are taken off again and the complete ones leave.
func DispatchDoor(ctx context.Context, tx *sql.Tx, door inventory.LocationID, rest bool, s scan.Scan) (scan.Step, error) {
	return atDoor(ctx, tx, door, s, func(t *truck) (scan.Step, error) { return t.dispatch(ctx, tx, s, rest) })
}

// KeepLoading answers the question with no.
func KeepLoading(ctx context.Context, tx *sql.Tx, door inventory.LocationID, s scan.Scan) (scan.Step, error) {
	return atDoor(ctx, tx, door, s, func(t *truck) (scan.Step, error) {
		return t.answer(scan.Right, "Go on loading."), nil
	})
}

// ShowLoading is the screen of a door.
func ShowLoading(ctx context.Context, q pg.Querier, door inventory.LocationID) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.ShowLoading(%d)", door)
	t := truck{door: Door{ID: door}}
	err = q.QueryRowContext(ctx, `select id from manifests where door_id = $1 and state = 'loading'`, door).Scan(&t.id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return scan.Step{}, err
	}
	if err := t.read(ctx, q); err != nil {
		return scan.Step{}, err
	}
	step := t.answer("", "")
	if t.id == 0 {
		return step, nil
	}
	step.Recent, err = scan.Last(ctx, q, t.id.String(), 5)
	return step, err
}

// atDoor locks the manifest of a door, beginning one if need be, and answers a scan of it, once. A scan
// that was answered before the truck left is answered by that truck's log.
func atDoor(ctx context.Context, tx *sql.Tx, door inventory.LocationID, s scan.Scan, do func(*truck) (scan.Step, error)) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.Load(%d, %q)", door, s.Code)
	t := truck{door: Door{ID: door}}
	for range 2 {
		var state string
		err = tx.QueryRowContext(ctx, `
			select id, state from manifests
			where door_id = $1 and (state = 'loading' or id = (
			    select substr(ref, 3)::bigint from scans where key = $2 and ref ~ '^M-[0-9]{1,18}$'))
			order by state limit 1 for no key update`, door, s.Key).Scan(&t.id, &state)
		if t.over = state == "dispatched"; err == nil {
			break
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return scan.Step{}, err
		}
		ok, err := changed(tx.ExecContext(ctx, `
			insert into manifests (warehouse_id, door_id, opened_by, opened_at)
			select warehouse_id, id, $2, $3 from locations where id = $1 and kind = 'dock' and active
			on conflict (door_id) where state = 'loading' do nothing`, door, s.Staff, s.At))
		if err != nil {
			return scan.Step{}, err
		}
		if !ok {
			if _, err := inventory.LocationByID(ctx, tx, door); err != nil {
				return scan.Step{}, err
			}
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return scan.Step{}, fault.New(fault.Invalid, "This is not a dock where trucks are loaded. Scan the dock.")
	}
	return scan.Once(ctx, tx, s, t.id.String(), func() (scan.Step, error) {
		if err := t.read(ctx, tx); err != nil {
			return scan.Step{}, err
		}
		return do(&t)
	})
}

// read fills in what the screen of the door shows.
func (t *truck) read(ctx context.Context, q pg.Querier) error {
	var carrier, name sql.NullString
	err := q.QueryRowContext(ctx, `
		select l.code, l.warehouse_id, m.carrier, c.name,
		       (select count(*) from shipment_cartons sc where sc.manifest_id = m.id),
		       (select count(distinct sc.shipment_id) from shipment_cartons sc where sc.manifest_id = m.id),
		       (select count(*) from `+waitingSQL+` where s.warehouse_id = l.warehouse_id and (m.carrier is null or s.carrier = m.carrier))
		from locations l
		left join manifests m on m.id = $2 left join carriers c on c.code = m.carrier
		where l.id = $1`, t.door.ID, t.id).Scan(&t.door.Code, &t.door.Warehouse, &carrier, &name, &t.loaded, &t.shipments, &t.waiting)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "This dock does not exist. Scan it again.")
	}
	if err != nil {
		return err
	}
	t.carrier, t.door.Carrier = carrier.String, name.String
	t.begun, err = t.obstacles(ctx, q)
	return err
}

// answer is the screen after a scan that did not end the job.
func (t *truck) answer(r scan.Result, format string, args ...any) scan.Step {
	step := scan.Step{
		Result: r, Message: fmt.Sprintf(format, args...),
		Title: "Loading " + t.door.Code, Next: "Scan a parcel",
		Done: t.loaded, Total: t.loaded + t.waiting, Expect: []string{string(labels.KindSSCC), string(labels.KindUnknown)},
	}
	if t.door.Carrier != "" {
		step.Title += " · " + t.door.Carrier
	}
	if t.loaded > 0 {
		step.Next = "Scan the next parcel"
		step.Choices = []scan.Choice{{Label: "Dispatch", Action: "dispatch", Style: scan.Bar}}
	}
	for _, o := range first(t.begun, 4) {
		step.Detail = append(step.Detail, o.words)
	}
	if more := len(t.begun) - 4; more > 0 {
		step.Detail = append(step.Detail, fmt.Sprintf("and %d more", more))
	}
	return step
}

func first[T any](all []T, n int) []T { return all[:min(n, len(all))] }

func (t *truck) wrong(format string, args ...any) (scan.Step, error) {
	return t.answer(scan.Wrong, format, args...), nil
}

// pack is a parcel that was scanned.
type pack struct {
	carton             packing.CartonID
	location           inventory.LocationID
	state, ref, number string
	booked             bool
	shipment           ID
	warehouse          inventory.WarehouseID
}

// scanned finds the parcels that a code may mean. The raw text counts too: a carrier's number may look
// like a GTIN.
func scanned(ctx context.Context, q pg.Querier, raw string, code labels.Code) ([]pack, error) {
	carton := int64(0)
	if code.Kind == labels.KindCarton {
		carton = code.Number
	}
	return list(ctx, q, func(p *pack) []any {
		return []any{&p.carton, &p.location, &p.state, &p.ref, &p.number, &p.booked, &p.shipment, &p.warehouse}
	}, `
		select k.id, k.location_id, k.state, k.ref, coalesce(sc.package_number, ''), sc.carton_id is not null, coalesce(sc.shipment_id, 0), k.warehouse_id
		from cartons k left join shipment_cartons sc on sc.carton_id = k.id
		where k.id in (
		    select id from cartons where sscc = $1 or id = $2
		    union all select carton_id from shipment_cartons where package_number = $3 or tracking_number in ($3, $4))
		order by k.id limit 3`, code.SSCC(), carton, strings.ToUpper(code.Value), raw)
}

// load puts a parcel on, if it belongs there.
func (t *truck) load(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	found, err := scanned(ctx, tx, s.Code, code)
	if err != nil {
		return scan.Step{}, err
	}
	if len(found) == 0 {
		if id, err := palletIn(ctx, tx, t.door.Warehouse, code); err != nil || id != 0 {
			if err != nil {
				return scan.Step{}, err
			}
			return t.loadPallet(ctx, tx, s, id)
		}
		return t.unknown(ctx, tx, code)
	}
	switch {
	case len(found) > 1:
		return t.wrong("Several parcels go by %s. Scan the large barcode at the bottom of the label.", clip(s.Code))
	}
	p := found[0]
	switch {
	case p.warehouse != t.door.Warehouse:
		return t.wrong("This parcel belongs to another warehouse. Set it aside and call a manager.")
	case p.state == "open":
		return t.wrong("Carton %s is still open. Bring it back to packing.", p.carton)
	case p.state == "void":
		return t.wrong("This parcel was unpacked and its label is void. Take the label off, and bring the box to packing.")
	case !p.booked:
		return t.wrong("Carton %s of %s has no place in a shipment. Call the office.", p.carton, p.ref)
	}
	trip, err := lockTrip(ctx, tx, p.shipment)
	if err != nil {
		return scan.Step{}, err
	}
	return t.admit(ctx, tx, s, p, trip, 0)
}

// trip is what loading has to know of a shipment, read under its lock.
type trip struct {
	state         State
	carrier, name string
	held, order   string // a hold on one of its orders
}

func lockTrip(ctx context.Context, tx *sql.Tx, id ID) (t trip, err error) {
	if _, err := tx.ExecContext(ctx, `select from shipments where id = $1 for no key update`, id); err != nil {
		return t, err
	}
	err = tx.QueryRowContext(ctx, `
		select s.state, s.carrier, c.name, coalesce(h.held_reason, ''), coalesce(h.ref, '')
		from shipments s join carriers c on c.code = s.carrier
		left join lateral (select d.ref, d.held_reason from shipment_orders so join demands d on d.ref = so.ref
		    where so.shipment_id = s.id and d.held_reason <> '' order by d.ref limit 1) h on true
		where s.id = $1`, id).Scan(&t.state, &t.carrier, &t.name, &t.held, &t.order)
	return t, err
}

// admit compares a known parcel with the truck. What stands on a pallet is loaded with it alone, by the pallet's label.
func (t *truck) admit(ctx context.Context, tx *sql.Tx, s scan.Scan, p pack, trip trip, with PalletID) (scan.Step, error) {
	var manifest sql.NullInt64
	var door, by sql.NullString
	var pallet PalletID
	var sscc string
	var loaded sql.NullTime
	var void bool
	err := tx.QueryRowContext(ctx, `
		select sc.manifest_id, d.code, b.name, sc.loaded_at, sc.void_at is not null, coalesce(o.id, 0), coalesce(right(o.sscc, 6), '')
		from shipment_cartons sc left join pallets o on o.id = sc.pallet_id left join manifests m on m.id = sc.manifest_id left join locations d on d.id = m.door_id
		left join staff b on b.id = sc.loaded_by
		where sc.carton_id = $1`, p.carton).Scan(&manifest, &door, &by, &loaded, &void, &pallet, &sscc)
	switch {
	case err != nil:
		return scan.Step{}, err
	case void:
		return t.wrong("This parcel was unpacked and its label is void. Take the label off, and bring the box to packing.")
	case trip.state.Left():
		return t.wrong("%s of %s has left already, says the book. Set this parcel aside and call a manager.", p.number, p.ref)
	case trip.state != Booked:
		return t.wrong("The shipment of %s is %s. Set this parcel aside and call the office.", p.ref, trip.state)
	case manifest.Valid && ManifestID(manifest.Int64) == t.id:
		return t.wrong("%s of %s is on this truck already.", p.number, p.ref)
	case manifest.Valid:
		return t.wrong("%s of %s was loaded at %s by %s. Take it off there first.", p.number, p.ref, door.String, by.String)
	case pallet != with:
		return t.wrong("%s of %s stands on the pallet …%s. Scan the label of the pallet, or take it apart.", p.number, p.ref, sscc)
	case trip.held != "":
		return t.wrong("%s is on hold: %s. Leave its parcels here.", trip.order, clip(trip.held))
	case t.carrier != "" && t.carrier != trip.carrier:
		return t.wrong("%s goes with %s. %s is loading for %s.", p.number, trip.name, t.door.Code, t.door.Carrier)
	}
	if err := t.put(ctx, tx, s, p, trip); err != nil {
		return scan.Step{}, err
	}
	return t.answer(scan.Right, "%s, %s, is on.", p.ref, p.number), nil
}

func (t *truck) put(ctx context.Context, tx *sql.Tx, s scan.Scan, p pack, trip trip) error {
	if _, err := tx.ExecContext(ctx, `
		with aboard as (update manifests set carrier = $2 where id = $1 and carrier is distinct from $2)
		update shipment_cartons set manifest_id = $1, loaded_at = $4, loaded_by = $5, scan = $6 where carton_id = $3`,
		t.id, trip.carrier, p.carton, s.At, s.Staff, s.Key); err != nil {
		return err
	}
	if err := inventory.Relocate(ctx, tx, inventory.Relocation{Location: p.location, To: t.door.ID, Staff: s.Staff, Scan: s.Key, At: s.At}); err != nil {
		return err
	}
	return t.read(ctx, tx)
}

// unknown says what was scanned instead of a parcel.
func (t *truck) unknown(ctx context.Context, tx *sql.Tx, code labels.Code) (scan.Step, error) {
	switch {
	case code.Damaged || misread(strings.ToUpper(code.Value)):
		return t.wrong("The barcode was misread. Scan it again.")
	case code.Kind == labels.KindLocation:
		l, err := inventory.FindLocation(ctx, tx, t.door.Warehouse, code)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return scan.Step{}, err
		}
		if err == nil && l.Kind == inventory.Dock && l.ID != t.door.ID {
			step := t.answer(scan.Right, "You are at %s now.", l.Code)
			step.Goto = fmt.Sprintf("/loading/%d", l.ID)
			step.Finished = true
			return step, nil
		}
		return t.wrong("%s is a %s. Scan a parcel's label.", clip(code.Value), kindOf(l, code))
	case code.Kind == labels.KindSSCC, code.Kind == labels.KindUnknown, code.Kind == labels.KindCarton:
		return t.wrong("No parcel goes by %s. Look for another barcode on the label, or set it aside and call a manager.", clip(code.String()))
	}
	return t.wrong("%s is %s. Scan a parcel's label.", clip(code.String()), code.Kind.A())
}

func kindOf(l inventory.Location, code labels.Code) string {
	if l.Kind != "" {
		return string(l.Kind)
	}
	return code.Kind.Noun()
}

// unload takes one parcel off again.
func (t *truck) unload(ctx context.Context, tx *sql.Tx, s scan.Scan, which scan.Key) (scan.Step, error) {
	if t.over {
		return t.wrong("This truck has left. Nothing can be taken off any more.")
	}
	var p pack
	err := tx.QueryRowContext(ctx, `
		select k.id, k.ref, sc.package_number, sc.shipment_id from shipment_cartons sc join cartons k on k.id = sc.carton_id
		where sc.scan = $1 and sc.manifest_id = $2 order by k.id limit 1`, which, t.id).Scan(&p.carton, &p.ref, &p.number, &p.shipment)
	if errors.Is(err, sql.ErrNoRows) {
		return t.wrong("That scan put nothing on this truck, or it was taken off already.")
	}
	if err != nil {
		return scan.Step{}, err
	}
	trip, err := lockTrip(ctx, tx, p.shipment)
	if err != nil {
		return scan.Step{}, err
	}
	if trip.state != Booked {
		return t.wrong("%s of %s has left. It cannot be taken off any more.", p.number, p.ref)
	}
	if _, err := tx.ExecContext(ctx, `
		update shipment_cartons set manifest_id = null, loaded_at = null, loaded_by = null, scan = null where scan = $1 and manifest_id = $2`, which, t.id); err != nil {
		return scan.Step{}, err
	}
	if err := scan.TakeBack(ctx, tx, which, s.Key); err != nil {
		return scan.Step{}, err
	}
	if err := t.forgetCarrier(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	return t.answer(scan.Right, "%s, %s, is off again.", p.ref, p.number), nil
}

// forgetCarrier lets an empty truck be anybody's.
func (t *truck) forgetCarrier(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `
		update manifests m set carrier = null
		where m.id = $1 and m.state = 'loading' and not exists (select from shipment_cartons sc where sc.manifest_id = m.id)`, t.id); err != nil {
		return err
	}
	return t.read(ctx, tx)
}

func (t *truck) unloadLast(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	var key scan.Key
	err := tx.QueryRowContext(ctx, `
		select sc.scan from shipment_cartons sc join scans n on n.key = sc.scan
		where sc.manifest_id = $1 and sc.loaded_by = $2 order by n.id desc limit 1`, t.id, s.Staff).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return t.wrong("There is nothing of yours to take off.")
	}
	if err != nil {
		return scan.Step{}, err
	}
	return t.unload(ctx, tx, s, key)
}

// Manifest is what one truck took.
type Manifest struct {
	ID         ManifestID
	Door       string
	Carrier    string
	By         string
	Dispatched time.Time
	Parcels    int64
	Shipments  []ID
}

// Manifests lists the trucks that left a warehouse, newest first.
func Manifests(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, limit int) (_ []Manifest, err error) {
	defer fault.Wrap(&err, "shipping.Manifests(%d)", warehouse)
	return list(ctx, q, func(m *Manifest) []any {
		return []any{&m.ID, &m.Door, &m.Carrier, &m.By, &m.Dispatched, &m.Parcels, pg.Array(&m.Shipments)}
	}, `
		select m.id, l.code, c.name, coalesce(b.name, ''), m.dispatched_at,
		       (select count(*) from shipment_cartons sc where sc.manifest_id = m.id),
		       array(select distinct sc.shipment_id from shipment_cartons sc where sc.manifest_id = m.id order by 1)
		from manifests m join locations l on l.id = m.door_id join carriers c on c.code = m.carrier left join staff b on b.id = m.dispatched_by
		where m.warehouse_id = $1 and m.state = 'dispatched' order by m.id desc limit $2`, warehouse, limit)
}
