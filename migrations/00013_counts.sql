-- +goose Up

-- One person counting one bin.
create table counts (
    id            bigint generated always as identity primary key,
    warehouse_id  bigint not null references warehouses,
    location_id   bigint not null references locations,
    whole         boolean not null,        -- all that is in the bin; else the items of its tasks
    staff_id      bigint not null references staff,
    state         text not null default 'open' check (state in ('open','counted','differs','cancelled')),
    claimed_at    timestamptz not null,
    started_at    timestamptz,             -- the bin was scanned
    finished_at   timestamptz,
    scan          uuid                     -- the scan that finished it
);
create unique index counts_bin on counts (location_id) where state = 'open';       -- no bin is counted by two at once
create unique index counts_person on counts (staff_id) where state = 'open';
create index counts_location on counts (location_id, id desc);

-- Somebody asks that a bin is counted, or one item in it.
create table count_tasks (
    id            bigint generated always as identity primary key,
    warehouse_id  bigint not null references warehouses,
    location_id   bigint not null references locations,
    item_id       bigint references items,  -- null: all that is in the bin
    reason        text not null,            -- short pick, zero check, asked
    ref           text not null default '', -- P-104
    asked_by      bigint references staff,  -- null: the system itself
    asked_at      timestamptz not null,
    again_at      timestamptz not null,     -- when it was last asked
    state         text not null default 'open' check (state in ('open','counted','cancelled')),
    count_id      bigint references counts, -- while it is open who counts it; then the count that answered it
    closed_by     bigint references staff,
    closed_at     timestamptz,
    check ((state = 'open') = (closed_at is null))
);
create unique index count_tasks_open on count_tasks (location_id, coalesce(item_id, 0)) where state = 'open';
create index count_tasks_waiting on count_tasks (warehouse_id, asked_at) where state = 'open';
create index count_tasks_count on count_tasks (count_id);
create index count_tasks_warehouse on count_tasks (warehouse_id, id desc);

-- An item that a count is about. What was found and by how much the books were wrong is known once it is finished.
create table count_lines (
    count_id      bigint not null references counts,
    item_id       bigint not null references items,
    ledger        bigint not null,         -- its last movement here when the counting began
    book          bigint not null,         -- what the books said then; in the end, when it was counted last
    counted       bigint,
    variance      bigint,
    primary key (count_id, item_id)
);

-- What a scan counted. The books as they were at that moment tell work that went on from a real difference.
create table count_scans (
    id            bigint generated always as identity primary key,
    scan          uuid not null unique,
    count_id      bigint not null references counts,
    item_id       bigint not null references items,
    quantity      bigint not null,
    whole         boolean not null,        -- so many in all, whatever was counted before
    book          bigint not null,
    ledger        bigint not null
);
create index count_scans_count on count_scans (count_id, item_id);

-- One person counting: the item in hand, and what the screen has asked.
create table counting (
    staff_id      bigint primary key references staff,
    item_id       bigint references items,
    bin_id        bigint references locations, -- count it though nobody asked? take over a colleague's count?
    question      text not null default ''
);

-- Where an item is picked from, and how much of it should lie there.
create table pick_faces (
    warehouse_id  bigint not null references warehouses,
    item_id       bigint not null references items,
    location_id   bigint not null references locations,
    min_quantity  bigint not null check (min_quantity >= 0),
    max_quantity  bigint not null check (max_quantity >= min_quantity and max_quantity > 0),
    primary key (location_id, item_id)
);
create index pick_faces_item on pick_faces (warehouse_id, item_id);

-- Bring so much to a pick face. What was taken and not yet put lies in somebody's hands, a location of theirs.
create table replenishments (
    id            bigint generated always as identity primary key,
    warehouse_id  bigint not null references warehouses,
    item_id       bigint not null references items,
    from_id       bigint not null references locations,
    face_id       bigint not null references locations check (face_id <> from_id),
    quantity      bigint not null check (quantity > 0),
    taken         bigint not null default 0 check (taken >= 0),
    done          bigint not null default 0 check (done between 0 and taken),
    reason        text not null check (reason in ('demand','minimum')),
    state         text not null default 'open' check (state in ('open','done','cancelled')),
    staff_id      bigint references staff, -- who works on it, and in the end who did
    claimed_at    timestamptz,
    created_at    timestamptz not null,
    closed_at     timestamptz,
    check ((state = 'open') = (closed_at is null))
);
create unique index replenishments_open on replenishments (face_id, item_id) where state = 'open';
create unique index replenishments_person on replenishments (staff_id) where state = 'open';
create index replenishments_waiting on replenishments (warehouse_id, created_at) where state = 'open';
create index replenishments_warehouse on replenishments (warehouse_id, id desc);

-- One person replenishing: their hands, where they stand, and what the screen has asked.
create table replenishing (
    staff_id      bigint primary key references staff,
    hand_id       bigint references locations,
    source_id     bigint references locations,      -- the bin they take from, once it was scanned
    bin_id        bigint references locations,      -- another bin, scanned once
    task_id       bigint references replenishments  -- a colleague's work: a second scan takes it over
);
