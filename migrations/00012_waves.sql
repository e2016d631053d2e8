-- +goose Up

-- A put-wall is a shelf of totes, one for each order: its slots are the totes that stand in it.
alter table locations drop constraint locations_kind_check;
alter table locations add constraint locations_kind_check check (kind in (
    'zone','aisle','bay','level','wall',
    'bin','dock','station','quarantine','returns','tote','cart','pallet','carton',
    'supplier','customer','workshop','scrap','lost','found'));
alter table movements drop constraint movements_reason_check;
alter table movements add constraint movements_reason_check check (reason in (
    'receive','putaway','pick','sort','pack','ship','return','disposition','adjust','transfer','undo'));

-- When the truck of a carrier leaves on a working day, in the time of the warehouse; null: nobody said.
alter table carriers add column leaves_at time;

-- How a warehouse is walked and picked. No row: the defaults.
create table pick_rules (
    warehouse_id  bigint primary key references warehouses,
    cross_y       bigint[] not null default '{}',    -- the y of each cross-aisle, mm; empty: found from the gaps between bins
    depot_id      bigint references locations,       -- where walks begin and end; null: the middle of the packing stations
    policy        text not null default 'exact',     -- how a list is walked
    method        text not null default 'piece' check (method in ('piece','batch','cluster','zone')),   -- of a list somebody asks for
    cart_totes    integer not null default 8 check (cart_totes between 1 and 60),
    max_lines     integer not null default 0 check (max_lines >= 0),       -- of one list; 0: no limit, as the next three
    max_units     integer not null default 0 check (max_units >= 0),
    max_weight_g  integer not null default 0 check (max_weight_g >= 0),
    max_volume_cm3 integer not null default 0 check (max_volume_cm3 >= 0),
    urgent_from   integer not null default 8,        -- the priority from which a demand joins carts that are on their way
    zero_check    boolean not null default false,    -- ask whether a bin is empty when it should be
    walk_mm_s     integer not null default 1000 check (walk_mm_s between 100 and 10000),
    stop_s        integer not null default 8 check (stop_s between 0 and 600),    -- at a bin, beside the units
    unit_s        integer not null default 3 check (unit_s between 0 and 600)
);

-- What counts as proof of a pick in a zone: the bin's scan alone, one scan of the item, or a scan of every unit.
create table zone_rules (
    zone_id       bigint primary key references locations,
    proof         text not null default 'item' check (proof in ('bin','item','unit'))
);

-- A saved choice of orders, how they are picked, and when that happens by itself.
create table wave_templates (
    id            bigint generated always as identity primary key,
    warehouse_id  bigint not null references warehouses,
    name          text not null check (name <> ''),
    filter        jsonb not null default '{}',
    method        text not null check (method in ('piece','batch','cluster','zone')),
    limits        jsonb not null default '{}',
    shortage      text not null default 'orders' check (shortage in ('orders','lines')),   -- what a shortage takes out: the order, or what lacks
    search_ms     integer not null default 0 check (search_ms between 0 and 60000),        -- how long to look for shorter walks
    days          smallint[] not null default '{}',  -- 1 = Monday … 7 = Sunday
    times         time[] not null default '{}',      -- of the day in the time zone
    time_zone     text not null default '',          -- '' = the warehouse's
    on_holidays   boolean not null default false,
    keep_open     integer not null default 0 check (keep_open >= 0),   -- so many orders are kept on the floor without a timetable; 0: none
    sleeps_until  timestamptz,
    version       integer not null default 1,
    active        boolean not null default true,
    since         timestamptz not null default now(),   -- no slot before this is caught up
    unique (warehouse_id, name)
);

create table holidays (
    warehouse_id  bigint not null references warehouses,
    day           date not null,
    name          text not null default '',
    primary key (warehouse_id, day)
);

create table waves (
    id            bigint generated always as identity primary key,   -- printed as W-<id>
    warehouse_id  bigint not null references warehouses,
    template_id   bigint references wave_templates,
    name          text not null,
    method        text not null check (method in ('piece','batch','cluster','zone')),
    released_by   bigint references staff,           -- null: by its timetable
    released_at   timestamptz not null,
    orders        integer not null,                  -- as released, like the next
    lines         integer not null,
    units         bigint not null,
    weight_g      bigint not null,
    planned_mm    bigint not null,                   -- walked by its lists
    named_mm      bigint not null,                   -- by one list an order, sorted by the names of the bins
    first_mm      bigint not null,                   -- by lists of the same sizes in the order of arrival, sorted by name
    left_out      jsonb not null default '[]'        -- what was not released, and why
);
create index waves_latest on waves (warehouse_id, id desc);

-- Each moment of a timetable, once: the row decides which process releases it.
create table wave_slots (
    template_id   bigint not null references wave_templates,
    slot          timestamptz not null,
    ran_at        timestamptz not null,
    wave_id       bigint references waves,           -- null: there was nothing to release
    note          text not null default '',
    primary key (template_id, slot)
);

alter table pick_lists
    add column wave_id    bigint references waves,
    add column zone_id    bigint references locations,         -- the zone it stays in, if it stays in one
    add column confirm_id bigint references locations,         -- the tote that must be scanned, for what was just taken
    add column asked_id   bigint references locations,         -- the bin of which the picker is asked whether it is empty
    add column news       text not null default '',            -- what changed on the walk since the last scan
    add column zero_check boolean not null default false,      -- ask of bins that should be empty
    -- the walk: its cross-aisles, where it begins and ends, where the picker is, all mm
    add column cross_y    bigint[] not null default '{}',
    add column depot_x    bigint not null default 0,
    add column depot_y    bigint not null default 0,
    add column at_x       bigint not null default 0,
    add column at_y       bigint not null default 0,
    add column planned_mm bigint not null default 0,
    add column named_mm   bigint not null default 0,           -- the same stops in the order of their names
    add column walked_mm  bigint not null default 0;
create index pick_lists_wave on pick_lists (wave_id) where wave_id is not null;

-- Where a stop is on the drawing of the walk: the middle of its aisle, how far along.
alter table pick_tasks
    add column x_mm bigint not null default 0,
    add column y_mm bigint not null default 0,
    add column proof text not null default 'item' check (proof in ('bin','item','unit'));   -- its zone's, when the list was made

-- The totes of a cart that carries one for each order.
create table cart_totes (
    list_id       bigint not null references pick_lists,
    position      integer not null,                  -- on the cart, from 1
    demand_id     bigint not null references demands,
    tote_id       bigint references locations,       -- null until one is scanned
    active        boolean not null default true,     -- false once the cart is unloaded
    primary key (list_id, position)
);
create unique index cart_totes_tote on cart_totes (tote_id) where active;
create unique index cart_totes_demand on cart_totes (list_id, demand_id) where active;

create table wave_demands (
    wave_id       bigint not null references waves,
    demand_id     bigint not null references demands,
    primary key (wave_id, demand_id)
);
create index wave_demands_demand on wave_demands (demand_id);

-- One scan may count units of several tasks at one bin.
alter table pick_counts drop constraint pick_counts_pkey;
alter table pick_counts add primary key (scan, task_id);

-- Who sorts at which put-wall out of which tote, and what is in his hand.
create table sorters (
    staff_id      bigint primary key references staff,
    warehouse_id  bigint not null references warehouses,
    wall_id       bigint references locations,
    tote_id       bigint references locations,
    demand_id     bigint references demands,         -- of what is in the hand; null: nothing
    ref           text references demand_lines,      -- null: the whole tote
    item_id       bigint references items,
    lot_id        bigint not null default 0 references lots,
    quantity      bigint not null default 0,
    slot_id       bigint references locations        -- where it goes
);
create index sorters_slot on sorters (slot_id) where slot_id is not null;
