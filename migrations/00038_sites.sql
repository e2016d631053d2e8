-- +goose Up

-- Where somebody may work beside his home, and where a session is now, if that is not his home.
create table staff_warehouses (
    staff_id bigint not null references staff (id),
    warehouse_id bigint not null references warehouses (id),
    primary key (staff_id, warehouse_id)
);
create index on staff_warehouses (warehouse_id);
alter table sessions add column warehouse_id bigint references warehouses (id);

-- What is on its way to another warehouse has left this one: a place of the world outside.
alter table locations drop constraint locations_kind_check;
alter table locations add constraint locations_kind_check check (kind in ('zone', 'aisle', 'bay', 'level', 'wall', 'bin', 'dock', 'station',
    'quarantine', 'returns', 'tote', 'cart', 'pallet', 'carton', 'supplier', 'customer', 'workshop', 'partner', 'transit', 'scrap', 'lost', 'found'));
drop index locations_virtual;
create unique index locations_virtual on locations (warehouse_id, kind)
    where kind in ('supplier', 'customer', 'workshop', 'partner', 'transit', 'scrap', 'lost', 'found', 'returns');
insert into locations (warehouse_id, kind, code) select id, 'transit', 'TRANSIT' from warehouses;

-- Stock that one warehouse sends to another. The other one receives it as expected_id.
create table transfers (
    id bigint generated always as identity primary key,
    warehouse_id bigint not null references warehouses (id),
    to_id bigint not null references warehouses (id),
    state text not null default 'open' check (state in ('open', 'sent', 'received', 'cancelled')),
    note text not null default '',
    asked_by bigint not null references staff (id),
    asked_at timestamptz not null,
    sent_by bigint references staff (id),
    sent_at timestamptz,
    ended_at timestamptz,
    expected_id bigint unique references expected_receipts (id),
    check (warehouse_id <> to_id),
    check ((state in ('sent', 'received')) = (expected_id is not null)),
    check ((state in ('sent', 'received')) = (sent_at is not null)),
    check ((state in ('received', 'cancelled')) = (ended_at is not null))
);
create index on transfers (warehouse_id, id desc);
create index on transfers (to_id, id desc);

-- What was asked for.
create table transfer_lines (
    transfer_id bigint not null references transfers (id),
    item_id bigint not null references items (id),
    quantity bigint not null check (quantity between 1 and 1000000),
    primary key (transfer_id, item_id)
);

-- What was taken for it, out of which bin; a take that was put back counts no more.
create table transfer_takes (
    id bigint generated always as identity primary key,
    transfer_id bigint not null,
    item_id bigint not null,
    lot_id bigint not null references lots (id),
    location_id bigint not null references locations (id),
    quantity bigint not null check (quantity > 0),
    key uuid not null unique,
    staff_id bigint not null references staff (id),
    at timestamptz not null,
    put_back_at timestamptz,
    foreign key (transfer_id, item_id) references transfer_lines (transfer_id, item_id)
);
create index on transfer_takes (transfer_id);
