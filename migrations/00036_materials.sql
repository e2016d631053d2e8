-- +goose Up

-- Packing materials are items of the stock. What an item needs in each carton, or for each unit of it.
create table item_materials (
    item_id bigint not null references items (id),
    material_id bigint not null references items (id),
    per text not null check (per in ('unit', 'carton')),
    quantity bigint not null check (quantity between 1 and 1000),
    note text not null default '',
    primary key (item_id, material_id),
    check (item_id <> material_id)
);

-- What a customer wants in each of his parcels.
create table customer_materials (
    customer_id bigint not null references customers (id),
    material_id bigint not null references items (id),
    quantity bigint not null check (quantity between 1 and 1000),
    note text not null default '',
    primary key (customer_id, material_id)
);

-- The same, as it was when the order went to the floor.
create table demand_materials (
    demand_id bigint not null references demands (id),
    material_id bigint not null references items (id),
    quantity bigint not null check (quantity between 1 and 1000),
    note text not null default '',
    primary key (demand_id, material_id)
);

-- What a carton used. Of an open carton it is what the packer said beforehand. What the books could not give is short.
create table carton_materials (
    carton_id bigint not null references cartons (id),
    material_id bigint not null references items (id),
    used bigint not null check (used between 0 and 100000),
    short bigint not null default 0 check (short between 0 and used),
    primary key (carton_id, material_id)
);

-- A box that lies in stock is used up with the carton it becomes.
alter table carton_types add column material_id bigint references items (id);
