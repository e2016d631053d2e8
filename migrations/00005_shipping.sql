-- +goose Up

create table carriers (
    code          text primary key check (code ~ '^[a-z0-9-]{2,24}$'),
    name          text not null,
    adapter       text not null check (adapter in ('own','manual')),
    services      text[] not null default '{standard}',
    transit_days  integer not null default 2 check (transit_days >= 0),
    tracking_url  text not null default '',           -- {number} is replaced
    active        boolean not null default true
);
insert into carriers (code, name, adapter, services, transit_days) values
    ('own', 'Own fleet', 'own', '{standard,express}', 1),
    ('manual', 'Other carrier', 'manual', '{standard}', 3);

-- What the office decided about the trip: a copy, never a look back at the order.
create table shipments (
    id            bigint generated always as identity primary key,   -- printed as SH-<id>
    warehouse_id  bigint not null references warehouses,
    state         text not null default 'planned' check (state in ('planned','booked','dispatched','in transit','exception','delivered','cancelled')),
    carrier       text not null references carriers,
    carrier_name  text not null default '',      -- entered by hand: who really carries it
    service       text not null,
    tracking_number text,                        -- what the customer follows it by
    numbered_at   timestamptz,                   -- since when that number is the carrier's own and not only ours
    numbered_by   bigint references staff,
    recipient     text not null,
    company       text not null default '',
    street        text not null,
    street2       text not null default '',
    city          text not null,
    postcode      text not null,
    region        text not null default '',
    country       text not null check (country ~ '^[A-Z]{2}$'),
    phone         text not null default '',
    notes         text not null default '',
    tracking_url  text not null default '',      -- the customer's page, printed on the label
    planned_at    timestamptz not null,
    booked_at     timestamptz,
    dispatched_at timestamptz,
    expected_on   date,
    delivered_at  timestamptz,
    check (state in ('planned','cancelled') or (tracking_number is not null and booked_at is not null)),
    check (state in ('planned','booked','cancelled') or (dispatched_at is not null and numbered_at is not null and expected_on is not null)),
    check ((state = 'delivered') = (delivered_at is not null))
);
create unique index shipments_tracking on shipments (carrier, tracking_number) where tracking_number is not null and state <> 'cancelled';
create index shipments_state on shipments (warehouse_id, state, id);
create index shipments_dispatched on shipments (warehouse_id, dispatched_at) where dispatched_at is not null;
create index shipments_tracking_number on shipments (tracking_number);

create table shipment_orders (
    shipment_id   bigint not null references shipments,
    ref           text not null,           -- O-1001
    primary key (shipment_id, ref)
);
create index shipment_orders_ref on shipment_orders (ref);

-- One truck at one door: what was loaded onto it, for one carrier.
create table manifests (
    id            bigint generated always as identity primary key,   -- M-<id>
    warehouse_id  bigint not null references warehouses,
    door_id       bigint not null references locations,
    carrier       text references carriers,      -- of the first parcel
    state         text not null default 'loading' check (state in ('loading','dispatched')),
    opened_by     bigint not null references staff,
    opened_at     timestamptz not null,
    dispatched_by bigint references staff,
    dispatched_at timestamptz,
    check ((state = 'dispatched') = (dispatched_at is not null)),
    check (state = 'loading' or carrier is not null)
);
create unique index manifests_loading on manifests (door_id) where state = 'loading';
create index manifests_warehouse on manifests (warehouse_id, id desc);

-- A package of a shipment. Its row stays when the carton is unpacked again, so that its number is never given twice.
create table shipment_cartons (
    carton_id     bigint primary key references cartons,
    shipment_id   bigint not null references shipments,
    package_number text not null unique,         -- ours, printed on the label
    tracking_number text not null,               -- what the customer follows this package by
    booked_at     timestamptz not null,
    manifest_id   bigint references manifests,   -- the truck it is on
    loaded_at     timestamptz,
    loaded_by     bigint references staff,
    scan          uuid,
    delivered_at  timestamptz,
    void_at       timestamptz,                   -- the carton was unpacked
    check ((manifest_id is null) = (loaded_at is null)),
    check (void_at is null or manifest_id is null)
);
create index shipment_cartons_shipment on shipment_cartons (shipment_id);
create index shipment_cartons_tracking on shipment_cartons (tracking_number);
create index shipment_cartons_manifest on shipment_cartons (manifest_id);
create unique index shipment_cartons_scan on shipment_cartons (scan);

create sequence own_tracking as bigint maxvalue 9999999999;

create table tracking_events (
    id            bigint generated always as identity primary key,
    shipment_id   bigint not null references shipments,
    at            timestamptz not null,
    kind          text not null check (kind in ('booked','dispatched','in transit','exception','delivered','note')),
    source        text not null check (source in ('hand','scan','api','carrier','system')),
    event_key     text not null unique,    -- the carrier's or client's own id: a repeat changes nothing
    note          text not null default '',
    staff_id      bigint references staff,
    heard_at      timestamptz not null default clock_timestamp()
);
create index tracking_events_shipment on tracking_events (shipment_id, at);

-- Goods on their way back, under the number that stands on their slip.
create table returns (
    id            bigint generated always as identity primary key,   -- printed as R-<id>
    warehouse_id  bigint not null references warehouses,
    ref           text not null,           -- O-1001
    submission    text not null unique,    -- idempotency key of the form or call
    state         text not null default 'authorised' check (state in ('authorised','received','inspected','cancelled')),
    origin        text not null check (origin in ('customer','staff')),
    note          text not null default '',
    authorised_by bigint references staff,
    authorised_at timestamptz not null,
    received_by   bigint references staff,
    received_at   timestamptz,
    inspected_at  timestamptz,
    check (state in ('authorised','cancelled') or received_at is not null),
    check (state <> 'inspected' or inspected_at is not null)
);
create index returns_ref on returns (ref);
create index returns_state on returns (warehouse_id, state, id);

create table return_lines (
    id            bigint generated always as identity primary key,
    return_id     bigint not null references returns,
    ref           text not null references demand_lines,   -- O-1001.2
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    quantity      bigint not null check (quantity > 0),
    received      bigint not null default 0 check (received >= 0),
    reason        text not null check (reason in ('damaged','wrong item','not as described','changed mind','arrived late','other')),
    note          text not null default '',
    unique (return_id, ref),
    check (received <= quantity)
);
create index return_lines_ref on return_lines (ref);

-- Which scan counted how many on which line, for undo.
create table return_counts (
    scan          uuid not null,
    line_id       bigint not null references return_lines,
    quantity      bigint not null check (quantity > 0),
    primary key (scan, line_id)
);
create index return_counts_line on return_counts (line_id);

-- What was in the parcel and nobody had announced: it stands in quarantine until somebody decides.
create table return_extras (
    id            bigint generated always as identity primary key,
    return_id     bigint not null references returns,
    item_id       bigint not null references items,
    quantity      bigint not null check (quantity > 0),
    note          text not null default '',
    staff_id      bigint not null references staff,
    scan          uuid not null unique,
    at            timestamptz not null
);
create index return_extras_return on return_extras (return_id);

-- What became of the returned units; each row is a ledger movement of the same scan.
create table dispositions (
    id            bigint generated always as identity primary key,
    line_id       bigint not null references return_lines,
    what          text not null check (what in ('restock','quarantine','scrap')),
    grade         text not null check (grade in ('A','B','C','D')),
    quantity      bigint not null check (quantity > 0),
    note          text not null default '',
    staff_id      bigint not null references staff,
    scan          uuid not null,
    at            timestamptz not null,
    unique (scan, line_id)
);
create index dispositions_line on dispositions (line_id);

-- What each person is in the middle of at a screen that asks: goods scanned and not yet decided upon.
create table return_hands (
    return_id     bigint not null references returns,
    staff_id      bigint not null references staff,
    item_id       bigint references items,
    quantity      bigint not null default 1 check (quantity > 0),
    primary key (return_id, staff_id)
);
