-- +goose Up

-- A warehouse is a building with its own stock, people, printers and clock.
create table warehouses (
    id            bigint generated always as identity primary key,
    code          text not null unique check (code ~ '^[A-Z0-9]{1,8}$'),
    name          text not null,
    time_zone     text not null default 'UTC',
    gs1_prefix    text not null check (gs1_prefix ~ '^[0-9]{7,10}$'),
    -- ship-from, printed on every label
    company       text not null,
    street        text not null,
    city          text not null,
    postcode      text not null,
    country       text not null check (country ~ '^[A-Z]{2}$'),
    created_at    timestamptz not null default now()
);

-- Who works here. The badge identifies and is printed; the PIN proves.
create table staff (
    id            bigint generated always as identity primary key,
    name          text not null,
    badge         text not null unique check (badge ~ '^S-[A-Z2-7]{10,26}$'),
    pin_hash      text not null,
    roles         text[] not null check (roles <@ array['receiver','picker','packer','shipper','clerk','manager','admin']),
    warehouse_id  bigint not null references warehouses,
    active        boolean not null default true,
    created_at    timestamptz not null default now()
);

-- Wrong PINs, counted per badge ("badge:…") and per device ("device:…"); rows go when the lock has passed.
create table sign_in_failures (
    subject       text primary key,
    failures      integer not null check (failures > 0),
    last_at       timestamptz not null default now(),
    locked_until  timestamptz
);

create table stations (
    id            bigint generated always as identity primary key,
    warehouse_id  bigint not null references warehouses,
    code          text not null unique check (code ~ '^K-[A-Z0-9-]{1,24}$'),
    name          text not null,
    kind          text not null check (kind in ('receiving','packing','loading','office')),
    location_id   bigint,       -- where its goods stand (see 00002)
    dpi           integer not null default 203 check (dpi in (203, 300))
);

-- Who is signed in where. The token itself is in the browser alone. A session ends when it is idle or its
-- shift is over, by this clock.
create table sessions (
    token_hash    bytea primary key,
    staff_id      bigint not null references staff,
    station_id    bigint references stations,
    device        text not null,
    created_at    timestamptz not null default now(),
    seen_at       timestamptz not null default now(),
    expires_at    timestamptz not null
);
create index sessions_staff on sessions (staff_id);
create index sessions_expires on sessions (expires_at);

create table api_tokens (
    id            bigint generated always as identity primary key,
    name          text not null,
    token_hash    bytea not null unique,
    staff_id      bigint not null references staff,
    created_at    timestamptz not null default now(),
    revoked_at    timestamptz
);

-- What people with power did: sign-ins, roles, adjustments, reprints, voids.
create table audit (
    id            bigint generated always as identity primary key,
    at            timestamptz not null default now(),
    staff_id      bigint references staff,
    verb          text not null,
    subject       text not null,
    detail        jsonb not null default '{}'
);
create index audit_subject on audit (subject, id);

-- Every pull of the trigger, right or wrong. The key is made by the device at the scan;
-- a key that arrives again is answered with the stored step.
create table scans (
    key           uuid primary key,
    id            bigint generated always as identity unique,
    at            timestamptz not null,
    received_at   timestamptz not null default clock_timestamp(),
    staff_id      bigint not null references staff,
    station_id    bigint references stations,
    ref           text not null,          -- the document it was meant for: P-104, RC-7
    raw           text not null,
    result        text not null check (result in ('right','wrong','decide','done')),
    message       text not null,
    step          jsonb not null,
    undone_by     uuid                    -- the scan (key) that took it back
);
create index scans_ref on scans (ref, id desc);

-- One row decides which replica runs a job's slot.
create table job_runs (
    job           text not null,
    slot          timestamptz not null,
    started_at    timestamptz not null default now(),
    finished_at   timestamptz,
    error         text,
    primary key (job, slot)
);
