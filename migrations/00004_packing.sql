-- +goose Up

create table carton_types (
    id            bigint generated always as identity primary key,
    warehouse_id  bigint not null references warehouses,
    code          text not null,
    name          text not null,
    outer_length_mm integer not null check (outer_length_mm > 0),
    outer_width_mm  integer not null check (outer_width_mm > 0),
    outer_height_mm integer not null check (outer_height_mm > 0),
    inner_length_mm integer not null check (inner_length_mm > 0),
    inner_width_mm  integer not null check (inner_width_mm > 0),
    inner_height_mm integer not null check (inner_height_mm > 0),
    weight_g      integer not null check (weight_g >= 0),
    max_weight_g  integer not null check (max_weight_g > 0),
    active        boolean not null default true,
    unique (warehouse_id, code)
);

-- Serial references of SSCCs; never reused.
create sequence sscc_serial as bigint;

create table cartons (
    id            bigint generated always as identity primary key,   -- printed as C-<id> until it has its SSCC
    warehouse_id  bigint not null references warehouses,
    location_id   bigint not null unique references locations,        -- the carton as a place for stock
    demand_id     bigint not null references demands,
    ref           text not null,           -- O-1001
    station_id    bigint not null references stations,
    type_id       bigint references carton_types,
    number        integer not null,        -- n of this order's cartons
    state         text not null default 'open' check (state in ('open','closed','shipped','void')),
    sealing       boolean not null default false,     -- full though more is to come: its weight is asked for
    typed_g       integer check (typed_g > 0),        -- a weight that looked wrong and waits to be confirmed
    weight_g      integer check (weight_g > 0),
    expected_g    integer not null default 0,         -- what items and box should weigh, as it was closed
    sscc          text unique check (sscc ~ '^[0-9]{18}$'),
    opened_by     bigint not null references staff,
    opened_at     timestamptz not null,
    closed_by     bigint references staff,
    closed_at     timestamptz,
    check (state in ('open','void') or (sscc is not null and weight_g is not null and closed_at is not null))
);
create unique index cartons_one_open on cartons (demand_id) where state = 'open';
create index cartons_demand on cartons (demand_id);
create unique index cartons_number on cartons (demand_id, number) where state <> 'void';

create table carton_lines (
    carton_id     bigint not null references cartons,
    ref           text not null references demand_lines,
    tote_id       bigint not null references locations,     -- where it came from
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    quantity      bigint not null check (quantity >= 0),    -- of a void carton: what was in it
    primary key (carton_id, ref, tote_id, lot_id)
);

-- Which scan put how much of which line from which tote into which carton: the way back for an undo. One scan of a
-- case may fill several lines.
create table pack_counts (
    scan          uuid not null,
    leg           smallint not null,
    id            bigint generated always as identity,
    carton_id     bigint not null references cartons,
    tote_id       bigint not null references locations,
    ref           text not null references demand_lines,
    lot_id        bigint not null default 0 references lots,
    quantity      bigint not null check (quantity > 0),
    undone_by     uuid,                    -- the scan that took it back
    primary key (scan, leg)
);
create index pack_counts_carton on pack_counts (carton_id, id desc) where undone_by is null;

-- Printers stand at stations: a raw port-9100 printer, or the browser's own print.
create table printers (
    id            bigint generated always as identity primary key,
    station_id    bigint not null references stations,
    paper         text not null check (paper in ('label','sheet')),
    kind          text not null check (kind in ('raw','browser')),
    address       text not null default '',           -- host:port of a raw printer
    active        boolean not null default true,
    check (kind = 'browser' or address <> '')
);
create unique index printers_station_paper on printers (station_id, paper) where active;

-- A paper is made once and kept; printing it again prints the same bytes.
create table papers (
    id            bigint generated always as identity primary key,
    kind          text not null,           -- shipping label, packing slip, pick list, bin label …
    ref           text not null,           -- SSCC, O-1001, P-104
    dpi           integer not null default 203,
    pdf           bytea not null,
    sha256        bytea not null,
    void          boolean not null default false,
    created_at    timestamptz not null default now()
);
create unique index papers_live on papers (kind, ref, dpi) where not void;

create table print_jobs (
    id            bigint generated always as identity primary key,
    paper_id      bigint not null references papers,
    printer_id    bigint references printers,         -- null: shown in the browser of whoever asked
    station_id    bigint references stations,
    staff_id      bigint references staff,
    state         text not null default 'queued' check (state in ('queued','sending','printed','failed','cancelled')),
    reprint       boolean not null default false,
    attempts      integer not null default 0,
    error         text not null default '',
    requested_at  timestamptz not null,
    tried_at      timestamptz,             -- when the last try began, by the database's clock
    finished_at   timestamptz
);
create index print_jobs_open on print_jobs (printer_id, id) where state in ('queued','sending');
create index print_jobs_failed on print_jobs (id) where state = 'failed';
create index print_jobs_paper on print_jobs (paper_id, id desc);
