-- +goose Up

-- How often bins are counted, by how much is picked from them, and how far one person's count may change the books.
create table count_rules (
    warehouse_id    bigint primary key references warehouses,
    days            integer not null check (days between 1 and 730),                -- picks of so many days make the classes
    share_a         integer not null check (share_a between 1 and 99),              -- per cent of the pick lines
    share_b         integer not null check (share_b >= 0 and share_a + share_b <= 100),
    recount_pieces  bigint not null check (recount_pieces between 0 and 1000000),
    recount_percent integer check (recount_percent between 0 and 1000),             -- of what was expected; null: it does not matter
    version         bigint not null default 1
);
create table count_classes (
    warehouse_id    bigint not null references count_rules,
    class           text not null check (class in ('A', 'B', 'C')),
    every_days      integer not null check (every_days between 0 and 3650),         -- 0: never by plan
    a_day           integer not null check (a_day between 1 and 10000),             -- bins asked for in one night at most
    recount_pieces  bigint check (recount_pieces between 0 and 1000000),            -- null: as the warehouse says
    recount_percent integer check (recount_percent between 0 and 1000),
    primary key (warehouse_id, class)
);

-- What was picked of an item lately, and the class that makes of it. An item without a row is of class C.
create table item_classes (
    warehouse_id    bigint not null references warehouses,
    item_id         bigint not null references items,
    class           text not null check (class in ('A', 'B', 'C')),
    lines           bigint not null check (lines > 0),
    primary key (warehouse_id, item_id)
);

-- A count that the plan has asked for says for which class.
alter table count_tasks add column class text check (class in ('A', 'B', 'C'));
create index count_tasks_planned on count_tasks (warehouse_id, asked_at) where class is not null;
create index counts_finished on counts (warehouse_id, finished_at) where state = 'counted';
