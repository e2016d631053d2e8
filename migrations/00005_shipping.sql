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
    carrier_name  text not null default '',      -- of the adapter "manual": who really carries it, entered by hand
    service       text not null,
    tracking_number text,
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
    check (state in ('planned','cancelled') or tracking_number is not null)
);
create unique index shipments_tracking on shipments (carrier, tracking_number) where tracking_number is not null and state <> 'cancelled';
create index shipments_state on shipments (warehouse_id, state, id);
create index shipments_tracking_number on shipments (tracking_number);

create table shipment_orders (
    shipment_id   bigint not null references shipments,
    ref           text not null,           -- O-1001
    primary key (shipment_id, ref)
);
create index shipment_orders_ref on shipment_orders (ref);

create table shipment_cartons (
    carton_id     bigint primary key references cartons,
    shipment_id   bigint not null references shipments,
    tracking_number text not null,          -- of this package; the first one's is the shipment's
    loaded_at     timestamptz,
    loaded_by     bigint references staff,
    scan          uuid,
    void_at       timestamptz                    -- the carton was unpacked
);
create index shipment_cartons_shipment on shipment_cartons (shipment_id);
create unique index shipment_cartons_tracking on shipment_cartons (tracking_number);

create sequence own_tracking as bigint;

create table tracking_events (
    id            bigint generated always as identity primary key,
    shipment_id   bigint not null references shipments,
    at            timestamptz not null,
    kind          text not null check (kind in ('booked','dispatched','in transit','exception','delivered','note')),
    source        text not null check (source in ('hand','scan','api','carrier')),
    event_key     text not null unique,    -- the carrier's or client's own id: a repeat changes nothing
    note          text not null default '',
    staff_id      bigint references staff
);
create index tracking_events_shipment on tracking_events (shipment_id, at);

create table returns (
    id            bigint generated always as identity primary key,   -- printed as R-<id>
    warehouse_id  bigint not null references warehouses,
    ref           text not null,           -- O-1001
    state         text not null default 'authorised' check (state in ('authorised','received','inspected','closed','cancelled')),
    origin        text not null check (origin in ('customer','staff')),
    note          text not null default '',
    authorised_by bigint references staff,
    authorised_at timestamptz not null,
    received_at   timestamptz,
    closed_at     timestamptz
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

-- What became of the returned units; each row is a ledger movement.
create table dispositions (
    id            bigint generated always as identity primary key,
    line_id       bigint not null references return_lines,
    what          text not null check (what in ('restock','quarantine','scrap')),
    grade         text not null default 'A' check (grade in ('A','B','C','D')),
    quantity      bigint not null check (quantity > 0),
    note          text not null default '',
    staff_id      bigint not null references staff,
    at            timestamptz not null
);
create index dispositions_line on dispositions (line_id);
