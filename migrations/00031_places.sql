-- +goose Up

-- What a bin takes: as its class says, unless it says something of its own. 0 is without limit.
create table bin_classes (
    class text primary key check (class in ('shelf', 'pallet', 'small', 'bulk')),
    max_weight_g bigint not null default 0 check (max_weight_g >= 0),
    max_volume_ml bigint not null default 0 check (max_volume_ml >= 0),
    max_pieces bigint not null default 0 check (max_pieces >= 0),
    max_packages bigint not null default 0 check (max_packages >= 0),
    mixing text not null default 'mixed' check (mixing in ('empty', 'item', 'lot', 'mixed'))
);
insert into bin_classes (class, max_volume_ml) values ('shelf', 180000), ('pallet', 1728000), ('small', 36000), ('bulk', 0);

alter table locations
    add column max_weight_g bigint check (max_weight_g >= 0),      -- null: as the class says
    add column max_volume_ml bigint check (max_volume_ml >= 0),
    add column max_pieces bigint check (max_pieces >= 0),
    add column max_packages bigint check (max_packages >= 0),
    add column mixing text check (mixing in ('empty', 'item', 'lot', 'mixed'));

alter table putting_away add column overfull boolean not null default false;   -- a manager was told that the bin does not take it

-- In which order the rules of putaway propose bins.
alter table warehouses add column putaway_order text[] not null default '{home,same,empty,overflow}';

-- What somebody who moves stock about has scanned so far.
create table moving (
    staff_id bigint primary key references staff (id),
    container_id bigint references locations (id),                 -- a tote, cart, pallet or carton that goes somewhere
    from_id bigint references locations (id),                      -- or the bin goods are taken from
    everything boolean not null default false,                     -- all of them
    item_id bigint references items (id),
    quantity bigint not null default 0,
    to_id bigint references locations (id)                         -- a place that does not take it: a manager's second scan confirms
);
