-- +goose Up

-- Anything stock can be in, and the tree that leads to it. Zone, aisle, bay and level only give
-- structure; the virtual kinds (supplier … found) make every movement double entry.
create table locations (
    id            bigint generated always as identity primary key,
    warehouse_id  bigint not null references warehouses,
    parent_id     bigint references locations,
    kind          text not null check (kind in (
                      'zone','aisle','bay','level',
                      'bin','dock','station','quarantine','returns','tote','cart','pallet','carton',
                      'supplier','customer','workshop','scrap','lost','found')),
    code          text not null check (code ~ '^[A-Z0-9][A-Z0-9.-]{0,31}$'),
    -- what a bin is for; others are what their kind says
    use           text not null default 'pickable' check (use in ('pickable','overstock','hold','quarantine','hospital')),
    bin_class     text not null default 'shelf' check (bin_class in ('shelf','pallet','small','bulk')),
    sequence      integer not null default 0,       -- the walk order given by hand; 0 = by coordinates
    x_mm          integer not null default 0,       -- along the cross-aisles
    y_mm          integer not null default 0,       -- along the aisle
    z_mm          integer not null default 0,       -- height of the shelf
    may_go_negative boolean not null default false, -- the exception switch: work may run ahead of the books here
    negative_until bigint not null default 0,       -- the last movement made while it was on
    active        boolean not null default true,
    physical      boolean not null generated always as (kind in ('bin','dock','station','quarantine','returns','tote','cart','pallet','carton')) stored,
    -- stock here may be promised: in a bin that serves orders, or already on its way to one
    allocatable   boolean not null generated always as (kind in ('tote','cart','carton','station') or (kind = 'bin' and use in ('pickable','overstock'))) stored,
    unique (warehouse_id, kind, code),
    unique (id, warehouse_id, allocatable, may_go_negative)      -- for the copies in balances
);
create index locations_parent on locations (parent_id);
create index locations_code on locations (code);
create unique index locations_virtual on locations (warehouse_id, kind) where kind in ('supplier','customer','workshop','scrap','lost','found','returns');

alter table stations add foreign key (location_id) references locations;

create table items (
    id            bigint generated always as identity primary key,
    sku           text not null check (sku ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$'),
    name          text not null check (name <> ''),
    length_mm     integer not null default 0 check (length_mm >= 0),
    width_mm      integer not null default 0 check (width_mm >= 0),
    height_mm     integer not null default 0 check (height_mm >= 0),
    weight_g      integer not null default 0 check (weight_g >= 0),
    bin_class     text not null default 'shelf' check (bin_class in ('shelf','pallet','small','bulk')),
    active        boolean not null default true,
    created_at    timestamptz not null default now()
);
create unique index items_sku on items (lower(sku));
create index items_by_sku on items (sku);

-- Every code that means this item; quantity is what one scan counts (a case of 12).
create table barcodes (
    code          text primary key,        -- GTINs as 14 digits, others as printed
    item_id       bigint not null references items,
    quantity      integer not null default 1 check (quantity between 1 and 100000)
);
create index barcodes_item on barcodes (item_id);

create table lots (
    id            bigint primary key,      -- 0 = not tracked
    item_id       bigint references items,
    code          text not null default '',
    expires_on    date
);
insert into lots (id) values (0);

-- The row one locks to change what is held of an item or what may be held of it; also the item's home here.
create table warehouse_items (
    warehouse_id  bigint not null references warehouses,
    item_id       bigint not null references items,
    home_id       bigint references locations,   -- fixed bin
    primary key (warehouse_id, item_id)
);

-- The ledger. Append-only: a correction is another movement.
create table movements (
    id            bigint generated always as identity primary key,
    at            timestamptz not null,
    warehouse_id  bigint not null references warehouses,
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    quantity      bigint not null check (quantity > 0),
    from_id       bigint not null references locations,
    to_id         bigint not null references locations check (to_id <> from_id),
    reason        text not null check (reason in ('receive','putaway','pick','pack','ship','return','disposition','adjust','transfer','undo')),
    ref           text not null,           -- document: PO-12, O-1001.2, R-17
    note          text not null default '',
    staff_id      bigint references staff,
    station_id    bigint references stations,
    scan          uuid,
    leg           smallint not null default 0,
    reverses      bigint references movements
);
create unique index movements_reverses on movements (reverses) where reverses is not null;
create unique index movements_scan on movements (scan, leg) where scan is not null;
create index movements_item on movements (item_id, id desc);
create index movements_ref on movements (ref, id);
create index movements_from on movements (from_id, id desc);
create index movements_to on movements (to_id, id desc);
create index movements_at on movements using brin (at) with (pages_per_range = 16); -- rises with the rows: what a day did

-- +goose StatementBegin
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
-- +goose StatementEnd
create trigger movements_append_only before update or delete or truncate on movements for each statement execute function refuse_change();
create trigger audit_append_only before update or delete or truncate on audit for each statement execute function refuse_change();

-- What is where now: kept in the movement's own transaction, always the sum of the movements. Physical locations only;
-- nothing left means no row. The three columns copied from the location let one row be judged by itself, and the
-- foreign key keeps them true.
create table balances (
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    location_id   bigint not null,
    warehouse_id  bigint not null,
    allocatable   boolean not null,
    may_go_negative boolean not null default false,
    on_hand       bigint not null,
    primary key (item_id, location_id, lot_id),
    foreign key (location_id, warehouse_id, allocatable, may_go_negative)
        references locations (id, warehouse_id, allocatable, may_go_negative) on update cascade,
    check (on_hand > 0 or may_go_negative)
) with (fillfactor = 80);
create index balances_location on balances (location_id);        -- without on_hand, so that a change of it touches no index

-- A tote, cart, pallet or carton that was carried somewhere: its stock goes along, no movements.
create table relocations (
    id            bigint generated always as identity primary key,
    at            timestamptz not null,
    location_id   bigint not null references locations,
    from_id       bigint references locations,
    to_id         bigint references locations,
    staff_id      bigint references staff,
    scan          uuid
);
create index relocations_location on relocations (location_id, id desc);
create trigger relocations_append_only before update or delete or truncate on relocations for each statement execute function refuse_change();

-- What an order line was promised. held < wanted is the back-order. Rank: priority, then due, then age.
create table reservations (
    ref           text primary key,        -- order line: O-1001.2
    document      text not null,           -- order: O-1001
    warehouse_id  bigint not null references warehouses,
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    wanted        bigint not null check (wanted > 0),
    held          bigint not null default 0 check (held between 0 and wanted),
    priority      integer not null default 0,        -- higher goes first
    due           timestamptz not null,
    since         timestamptz not null default clock_timestamp(),
    foreign key (warehouse_id, item_id) references warehouse_items
);
create index reservations_item on reservations (warehouse_id, item_id, priority desc, due, since);
create index reservations_short on reservations (warehouse_id, item_id) where held < wanted;
create index reservations_document on reservations (document);

-- A supplier's promise: purchase order or advance shipping notice.
create table expected_receipts (
    id            bigint generated always as identity primary key,
    number        text not null,           -- PO-1001 or the supplier's own ASN number
    kind          text not null check (kind in ('po','asn')),
    warehouse_id  bigint not null references warehouses,
    supplier      text not null,
    due_on        date,
    -- open: goods may still come · received: all came · closed: by a person, whatever came
    state         text not null default 'open' check (state in ('open','received','closed')),
    created_at    timestamptz not null default now(),
    closed_by     bigint references staff,
    closed_at     timestamptz,
    close_note    text not null default ''
);
create unique index expected_receipts_number on expected_receipts (upper(number));
create index expected_receipts_state on expected_receipts (warehouse_id, state, due_on);

create table expected_lines (
    id            bigint generated always as identity primary key,
    expected_id   bigint not null references expected_receipts,
    line          integer not null,
    item_id       bigint not null references items,
    quantity      bigint not null check (quantity > 0),
    unique (expected_id, line)
);
create index expected_lines_item on expected_lines (item_id);

-- One truck at one dock, against any number of expected receipts, or none (blind).
create table receipts (
    id            bigint generated always as identity primary key,   -- printed as RC-<id>
    warehouse_id  bigint not null references warehouses,
    dock_id       bigint not null references locations,
    state         text not null default 'open' check (state in ('open','closed')),
    blind         boolean not null default false,     -- goods without a purchase order are taken
    opened_by     bigint not null references staff,
    opened_at     timestamptz not null,
    closed_by     bigint references staff,
    closed_at     timestamptz,
    note          text not null default ''
);
create index receipts_state on receipts (warehouse_id, state, id);
create table receipt_expected (
    receipt_id    bigint not null references receipts,
    expected_id   bigint not null references expected_receipts,
    primary key (receipt_id, expected_id)
);
create index receipt_expected_expected on receipt_expected (expected_id);
-- What came: per expected line (more than it asks for is over, less is short), per item where there is none (blind).
-- A line of quantity 0 holds the reason and photo of a short.
create table receipt_lines (
    id            bigint generated always as identity primary key,
    receipt_id    bigint not null references receipts,
    expected_line_id bigint references expected_lines,               -- null: blind, or a wrong item
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    condition     text not null default 'good' check (condition in ('good','damaged','wrong')),
    quantity      bigint not null check (quantity >= 0),
    reason        text not null default '',
    photo         text,                                              -- content hash
    unique nulls not distinct (receipt_id, expected_line_id, item_id, lot_id, condition)
);
create index receipt_lines_expected on receipt_lines (expected_line_id);

-- Which scan counted how much of which line: the way back for an undo. A line is the sum of its counts.
create table receipt_counts (
    scan          uuid not null,
    line_id       bigint not null references receipt_lines,
    quantity      bigint not null check (quantity > 0),
    primary key (scan, line_id)
);
create index receipt_counts_line on receipt_counts (line_id);

-- One receiver at one receipt: what was scanned last, and what the screen has asked about it.
create table receivers (
    receipt_id    bigint not null references receipts,
    staff_id      bigint not null references staff,
    line_id       bigint references receipt_lines,                   -- '+5' counts on this line
    damaged       boolean not null default false,                    -- the next item scanned is damaged
    question      text not null default '' check (question in ('','over','elsewhere','blind','close')),
    item_id       bigint references items,                           -- the question is about this much of this
    quantity      bigint not null default 0,
    expected_id   bigint references expected_receipts,               -- and about joining this
    primary key (receipt_id, staff_id)
);

-- Carry this much from here to there. Opened by receiving and by restocking a return.
create table putaway_tasks (
    id            bigint generated always as identity primary key,
    warehouse_id  bigint not null references warehouses,
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    from_id       bigint not null references locations,
    quantity      bigint not null check (quantity > 0),
    done          bigint not null default 0 check (done between 0 and quantity),
    ref           text not null,           -- RC-7, R-17
    staff_id      bigint references staff,            -- who carries it now
    claimed_at    timestamptz,
    suggested_id  bigint references locations,        -- while it is carried: where to
    suggested     bigint not null default 0,          -- how much of it there
    reason        text not null default '',           -- why there
    created_at    timestamptz not null default now()
);
create index putaway_tasks_open on putaway_tasks (warehouse_id, created_at) where done < quantity;
create index putaway_tasks_from on putaway_tasks (from_id, item_id) where done < quantity;
create unique index putaway_tasks_carried on putaway_tasks (staff_id) where done < quantity;
create index putaway_tasks_suggested on putaway_tasks (suggested_id) where done < quantity;

-- One person putting away: what the screen has asked (another bin? take over a colleague's load?) and the amount typed.
create table putting_away (
    staff_id      bigint primary key references staff,
    bin_id        bigint references locations,
    task_id       bigint references putaway_tasks,
    quantity      bigint not null default 0
);
