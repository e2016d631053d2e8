package trace

import "tote/labels"

// Every statement takes the value (a number for what is numbered) as $1 and the warehouse as $2 and answers (kind, id,
// ref, title). Each is an index look-up; byText asks all of them at once because typed text may be anything.

const locationColumns = `
	select case kind when 'tote' then 'tote' else 'location' end, id, code, kind || ' ' || code from locations`

const (
	orderByNumber = `
		select 'order', id, 'O-' || number, recipient from orders
		where number = $1 and warehouse_id = $2`
	listByNumber = `
		select 'pick list', id, 'P-' || id, method || ' picking, ' || state from pick_lists
		where id = $1 and warehouse_id = $2`
	waveByNumber = `
		select 'wave', id, 'W-' || id, name || ', ' || orders || ' orders' from waves
		where id = $1 and warehouse_id = $2`
	locationByCode = locationColumns + `
		where code = upper($1) and warehouse_id = $2 and physical and kind <> 'carton'
		union all
		select 'put-wall', id, code, 'put-wall ' || code from locations
		where code = upper($1) and warehouse_id = $2 and kind = 'wall' and active`
	toteByNumber = `
		select 'tote', l.id, l.code, coalesce((select 'with goods of ' || string_agg(distinct d.ref, ', ') || case when count(distinct d.ref) > 1 then ', to be sorted' else '' end
			from tote_lines t join demands d on d.id = t.demand_id where t.tote_id = l.id),
			(select 'with ' || sum(on_hand) || ' pieces from the dock, to be put away' from balances where location_id = l.id and l.inbound having sum(on_hand) > 0), 'empty')
		from locations l
		where l.code in ($1, 'T-' || $1) and l.warehouse_id = $2 and l.kind = 'tote'`
	returnByNumber = `
		select 'return', id, 'R-' || id, ref from returns
		where id = $1 and warehouse_id = $2`
	workByNumber = `
		select 'work order', id, 'J-' || id, product || ' for ' || ref || ', ' || state from work_orders
		where id = $1 and warehouse_id = $2`
	cartonByNumber = `
		select 'carton', id, 'C-' || id, ref || ', carton ' || number from cartons
		where id = $1 and warehouse_id = $2`
	cartonBySSCC = `
		select 'carton', id, sscc, ref || ', carton ' || number from cartons
		where sscc = $1 and warehouse_id = $2
		union all
		select 'pallet', p.id, p.sscc, case when p.apart_at is not null then 'a pallet that was taken apart' else 'pallet with '
			|| (select count(*) || ' parcels' || coalesce(' of ' || string_agg(distinct k.ref, ', '), '') from shipment_cartons sc join cartons k on k.id = sc.carton_id
			    where sc.pallet_id = p.id and sc.void_at is null) end
		from pallets p where p.sscc = $1 and p.warehouse_id = $2
		union all
		select 'location', id, code, kind || ' ' || code from locations
		where code = $1 and warehouse_id = $2 and kind = 'pallet'`
	stationByCode = `
		select 'station', id, code, name from stations
		where code = 'K-' || upper($1) and warehouse_id = $2`
	personByBadge = `
		select 'person', id, name, name from staff
		where badge = 'S-' || upper($1) and active and warehouse_id = $2`
	itemByBarcode = `
		select 'item', i.id, i.sku, i.name from barcodes b join items i on i.id = b.item_id
		where b.code = $1 and $2::bigint is not null`
)

// byText asks every table for a name: the barcodes and SKUs of items, places, what carriers and we call a parcel, the
// suppliers' numbers, an order's bare number and the address on a label that leads to its journey.
const byText = `
	select 'item' as kind, i.id, i.sku as ref, i.name as title from barcodes b join items i on i.id = b.item_id where b.code = $1
	union
	select 'item', id, sku, name from items where lower(sku) = lower($1)
	union
	select 'item', i.id, i.sku, i.name from lots l join items i on i.id = l.item_id where l.code = $1 and l.code <> ''
	union all
	select case kind when 'tote' then 'tote' else 'location' end, id, code, kind || ' ' || code from locations
	where code = upper($1) and warehouse_id = $2 and physical and kind <> 'carton'
	union all
	select 'shipment', s.id, 'SH-' || s.id, s.recipient || ', ' || s.state from shipments s
	where (s.tracking_number = $1 or s.id = case when $1 ~* '^SH-[0-9]{1,15}$' then substr($1, 4)::bigint end) and s.warehouse_id = $2
	union all
	select 'carton', c.id, coalesce(c.sscc, 'C-' || c.id), c.ref || ', carton ' || c.number from shipment_cartons sc
	join cartons c on c.id = sc.carton_id join shipments s on s.id = sc.shipment_id
	where (sc.tracking_number = $1 or sc.package_number = $1) and c.warehouse_id = $2 and s.tracking_number is distinct from $1
	union all
	select 'expected receipt', id, number, supplier from expected_receipts
	where upper(number) = upper($1) and warehouse_id = $2
	union all
	select 'receipt', id, 'RC-' || id, 'goods received, ' || state from receipts
	where id = case when $1 ~* '^RC-[0-9]{1,15}$' then substr($1, 4)::bigint end and warehouse_id = $2
	union all
	select 'order', id, 'O-' || number, recipient from orders
	where number = case when $1 ~ '^[0-9]{1,15}$' then $1::bigint end and warehouse_id = $2
	union all
	select 'order', id, 'O-' || number, recipient from orders
	where journey_token = substring($1 from '/journey/([^/?#]+)') and warehouse_id = $2
	union all
	select 'order', id, 'O-' || number, recipient from orders
	where number = case when $1 ~* '^O-[0-9]{1,15}\.[0-9]{1,4}$' then substring($1 from '[0-9]+')::bigint end and warehouse_id = $2
	union all
	select distinct 'order', o.id, 'O-' || o.number, j.product || ', artwork of ' || j.ref from (
		select job_id from art_versions where hash = lower($1) union select job_id from art_pictures where hash = lower($1)) f
	join art_jobs j on j.id = f.job_id join orders o on 'O-' || o.number = j.document
	where $1 ~* '^[0-9a-f]{64}$' and o.warehouse_id = $2
	union all
	select distinct 'order', o.id, 'O-' || o.number, k.name || ' of ' || o.recipient
	from tools t join tool_kinds k on k.id = t.kind_id join line_tools u on u.tool_id = t.id join order_lines l on l.ref = u.ref join orders o on o.id = l.order_id
	where t.id = case when $1 ~* '^TOOL-[0-9]{1,15}$' then substr($1, 6)::bigint end and o.warehouse_id = $2
	union all
	select 'order', o.id, 'O-' || o.number, o.recipient from invoices i join orders o on o.id = i.order_id
	where i.series = upper(split_part($1, '-', 1)) and i.number = case when $1 ~* '^(INV|CN)-[0-9]{1,15}$' then split_part($1, '-', 2)::bigint end and o.warehouse_id = $2`

// byPartOfName looks for a word in the names of items and of those who wait for an order, the newest orders first. It
// reads more than an index look-up and is asked last.
const byPartOfName = `
	select * from (
		select 'item', id, sku, name from items
		where position(lower($1) in lower(name)) > 0 or position(lower($1) in lower(sku)) > 0
		order by name limit 12) items
	union all
	select * from (
		select 'order', o.id, 'O-' || o.number, o.recipient || ', ' || o.city from orders o join customers c on c.id = o.customer_id
		where o.warehouse_id = $2 and (position(lower($1) in lower(o.recipient)) > 0 or position(lower($1) in lower(c.name)) > 0
			or position(lower($1) in lower(c.email)) > 0)
		order by o.number desc limit 8) orders`

var byNumber = map[labels.Kind]string{
	labels.KindOrder:  orderByNumber,
	labels.KindList:   listByNumber,
	labels.KindWave:   waveByNumber,
	labels.KindReturn: returnByNumber,
	labels.KindCarton: cartonByNumber,

	labels.KindWorkOrder: workByNumber,
}

var byName = map[labels.Kind]string{
	labels.KindLocation: locationByCode,
	labels.KindTote:     toteByNumber,
	labels.KindStation:  stationByCode,
	labels.KindBadge:    personByBadge,
}

// inTote are the orders whose goods are in a tote.
const inTote = `select distinct d.ref from tote_lines t join demands d on d.id = t.demand_id where t.tote_id = $1 order by d.ref`
