-- +goose Up

-- What the office hands down: take these lines to a packing station. The floor never reads an order.
create table demands (
    id            bigint generated always as identity primary key,
    ref           text not null unique,    -- O-1001
    warehouse_id  bigint not null references warehouses,
    priority      integer not null default 0,
    due           timestamptz not null,
    carrier       text not null default '',
    service       text not null default '',
    cut_off       timestamptz,
    tags          text[] not null default '{}',
    notes         text not null default '',
    ship_complete boolean not null default true,
    held_reason   text not null default '',          -- a hold placed above; '' = may be picked
    state         text not null default 'open' check (state in ('open','listed','picked','packed','shipped','cancelled')),
    released_at   timestamptz not null
);
create index demands_open on demands (warehouse_id, priority desc, due, id) where state = 'open';
create index demands_state on demands (warehouse_id, state);

create table demand_lines (
    ref           text primary key,        -- O-1001.2
    demand_id     bigint not null references demands,
    line          integer not null,
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    quantity      bigint not null check (quantity >= 0),     -- still asked for (edits and cancels lower it)
    shipped       bigint not null default 0 check (shipped >= 0),
    unique (demand_id, line)
);
create index demand_lines_item on demand_lines (item_id);

create table pick_lists (
    id            bigint generated always as identity primary key,   -- printed as P-<id>
    warehouse_id  bigint not null references warehouses,
    method        text not null default 'piece' check (method in ('piece','batch','cluster','zone')),
    state         text not null default 'released' check (state in ('released','started','picked','cancelled')),
    picker_id     bigint references staff,
    tote_id       bigint references locations,        -- the tote being filled now
    at_task       bigint,                             -- the task at whose bin the picker stands (scanned), null = walk to the next bin
    priority      integer not null default 0,
    due           timestamptz not null,
    created_at    timestamptz not null,
    started_at    timestamptz,
    finished_at   timestamptz
);
create index pick_lists_open on pick_lists (warehouse_id, priority desc, due, id) where state in ('released','started');
create index pick_lists_picker on pick_lists (picker_id) where state = 'started';
create unique index pick_lists_tote on pick_lists (tote_id) where state = 'started';   -- a tote is filled by one list at a time

create table pick_tasks (
    id            bigint generated always as identity primary key,
    list_id       bigint not null references pick_lists,
    sequence      integer not null,        -- the walk
    demand_id     bigint not null references demands,
    ref           text not null references demand_lines,   -- O-1001.2
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    location_id   bigint not null references locations,
    quantity      bigint not null check (quantity > 0),
    picked        bigint not null default 0,
    short         bigint not null default 0,
    state         text not null default 'open' check (state in ('open','picked','short','cancelled')),
    reason        text not null default '',          -- of the short
    check (picked >= 0 and short >= 0 and picked + short <= quantity)
);
create index pick_tasks_list on pick_tasks (list_id, sequence);
create index pick_tasks_bin on pick_tasks (location_id, item_id) where state = 'open';
create index pick_tasks_ref on pick_tasks (ref);
create index pick_tasks_demand on pick_tasks (demand_id);

-- What lies in a tote for which order line: picked, not yet packed. Nothing there is no row.
create table tote_lines (
    tote_id       bigint not null references locations,
    ref           text not null references demand_lines,
    demand_id     bigint not null references demands,
    item_id       bigint not null references items,
    lot_id        bigint not null default 0 references lots,
    quantity      bigint not null check (quantity > 0),
    primary key (tote_id, ref, lot_id)
);
create index tote_lines_demand on tote_lines (demand_id);   -- without quantity, so that a change of it touches no index

-- Which scan counted how much of which task into which tote: the way back for an undo. A task's picked is the sum
-- of its counts that were not taken back.
create table pick_counts (
    scan          uuid primary key,
    id            bigint generated always as identity,
    list_id       bigint not null references pick_lists,
    task_id       bigint not null references pick_tasks,
    tote_id       bigint not null references locations,
    quantity      bigint not null check (quantity > 0),
    undone_by     uuid                     -- the scan that took it back
);
create index pick_counts_list on pick_counts (list_id, id desc) where undone_by is null;

-- A picker could not take this item from this bin though it lies there (damaged, out of reach). It is not planned
-- from there again until somebody has looked.
create table pick_blocks (
    id            bigint generated always as identity primary key,
    warehouse_id  bigint not null references warehouses,
    location_id   bigint not null references locations,
    item_id       bigint not null references items,
    reason        text not null,
    list_id       bigint not null references pick_lists,
    placed_by     bigint not null references staff,
    placed_at     timestamptz not null,
    cleared_by    bigint references staff,
    cleared_at    timestamptz
);
create unique index pick_blocks_open on pick_blocks (location_id, item_id) where cleared_at is null;
