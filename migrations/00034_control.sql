-- +goose Up

-- What tote check found, each time it was asked: one proof at a time.
create table proofs (
    id          bigint generated always as identity primary key,
    asked_by    bigint references staff, -- null: the nightly job
    asked_at    timestamptz not null,
    began_at    timestamptz,
    finished_at timestamptz,
    error       text not null default '',
    check (finished_at is not null or error = '')
);
create unique index proofs_one_at_a_time on proofs ((true)) where finished_at is null;

create table proof_laws (
    proof_id bigint not null references proofs on delete cascade,
    position integer not null,
    trade    text not null,
    law      text not null,
    broken   bigint not null check (broken >= 0),
    examples text[] not null,
    primary key (proof_id, position)
);

-- Marks over the audit log, each made of the one before it and of the entries since.
create table audit_seals (
    upto    bigint primary key,
    entries bigint not null,
    hash    bytea not null,
    at      timestamptz not null default now()
);
create trigger audit_seals_append_only before update or delete or truncate on audit_seals for each statement execute function refuse_change();

-- How often a warehouse counts items of each class, and from which difference on somebody else counts again.
create table count_rules (
    warehouse_id  bigint primary key references warehouses,
    period_days   integer not null default 90 check (period_days between 1 and 730),
    a_percent     integer not null default 80 check (a_percent between 1 and 98),
    b_percent     integer not null default 15 check (b_percent between 1 and 98),
    bins_a_day    integer not null default 0 check (bins_a_day between 0 and 10000), -- 0: no schedule
    workdays      integer[] not null default '{1,2,3,4,5}' check (workdays <@ '{1,2,3,4,5,6,7}'), -- ISO, 1 is Monday
    classed_at    timestamptz,
    planned_on    date,
    version       integer not null default 1,
    check (a_percent + b_percent < 100)
);
create table count_classes (
    warehouse_id    bigint not null references warehouses,
    class           text not null check (class in ('A','B','C')),
    every_days      integer not null check (every_days between 0 and 3650), -- 0: never by itself
    recount_pieces  bigint not null check (recount_pieces between 0 and 1000000),
    recount_percent integer not null default 0 check (recount_percent between 0 and 100), -- of what is on the books; 0: pieces alone
    primary key (warehouse_id, class)
);
create table item_classes (
    warehouse_id bigint not null references warehouses,
    item_id      bigint not null references items,
    class        text not null check (class in ('A','B','C')),
    lines        bigint not null,
    primary key (warehouse_id, item_id)
);
