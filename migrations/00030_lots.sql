-- +goose Up

-- How pieces of an item are told apart, in which order its stock leaves, and what the dock asks about it.
alter table items add column tracking text not null default 'none' check (tracking in ('none', 'lot', 'serial'));
alter table items add column expires boolean not null default false;                                     -- each lot has a last good day
alter table items add column removal text not null default '' check (removal in ('', 'fefo', 'fifo', 'closest')); -- '': as the warehouse says
alter table items add column shelf_days integer not null default 0 check (shelf_days between 0 and 3650);  -- a lot must be good for so long when it is promised
alter table items add column over_percent integer check (over_percent between 0 and 1000);                -- more than ordered is taken up to here; null: as the supplier says
alter table items add column inspect_every integer not null default 0 check (inspect_every between 0 and 1000); -- each nth receipt is looked at first; 0 none
alter table warehouses add column removal text not null default 'fefo' check (removal in ('fefo', 'fifo', 'closest'));

alter table lots add column serial boolean not null default false;         -- one piece, of which there is one
alter table lots add column received_on date;                              -- the day the first of it came
alter table lots add column blocked boolean not null default false;        -- too old to be promised; inventory.Freshen keeps it
alter table lots add column source text not null default '';               -- on which receipt it came first
create index lots_by_code on lots (code) where code <> '';
create index lots_expires on lots (expires_on) where expires_on is not null;

-- Who sends goods, and how exact he has to be. Expected receipts name him by name or code.
create table suppliers (
    id            bigint primary key generated always as identity,
    code          text not null check (code ~ '^[A-Z0-9][A-Z0-9.-]{0,19}$'),
    name          text not null check (name <> ''),
    over_percent  integer check (over_percent between 0 and 1000),
    inspect_every integer not null default 0 check (inspect_every between 0 and 1000),
    active        boolean not null default true
);
create unique index suppliers_code on suppliers (code);
create unique index suppliers_name on suppliers (lower(name));

-- What the dock still has to learn about the item in a receiver's hand.
alter table receivers add column lot text not null default '';
alter table receivers add column expires_on date;
alter table receivers add column pallet_id bigint references locations;    -- what follows lands on it
alter table receivers drop constraint receivers_question_check;
alter table receivers add constraint receivers_question_check check (question in
    ('', 'over', 'elsewhere', 'blind', 'close', 'lot', 'serial', 'expiry', 'expired', 'dates'));

-- A pallet that the supplier announced by its SSCC comes in with one scan.
alter table expected_lines add column sscc text not null default '' check (sscc ~ '^([0-9]{18})?$');
alter table expected_lines add column lot text not null default '', add column expires_on date;   -- as the notice says
create index expected_lines_sscc on expected_lines (sscc) where sscc <> '';
create table receipt_units (                                               -- an SSCC is received once
    sscc        text primary key,
    receipt_id  bigint not null references receipts,
    scan        uuid not null
);

-- Goods that a person looks at before they may be put away.
create table inspections (
    id           bigint primary key generated always as identity,
    warehouse_id bigint not null references warehouses,
    receipt_id   bigint not null references receipts,
    item_id      bigint not null references items,
    lot_id       bigint not null default 0 references lots,
    location_id  bigint not null references locations,
    quantity     bigint not null check (quantity >= 0),
    passed       bigint not null default 0 check (passed >= 0),
    failed       bigint not null default 0 check (failed >= 0),
    opened_at    timestamptz not null,
    unique (receipt_id, item_id, lot_id, location_id),
    check (passed + failed <= quantity)
);
create index inspections_open on inspections (warehouse_id, id) where passed + failed < quantity;
create table inspection_verdicts (                                         -- append only
    id            bigint primary key generated always as identity,
    inspection_id bigint not null references inspections,
    passed        boolean not null,
    quantity      bigint not null check (quantity > 0),
    reason        text not null default '',
    photo         text,
    staff_id      bigint not null references staff,
    at            timestamptz not null
);
create index inspection_verdicts_of on inspection_verdicts (inspection_id);
