-- +goose Up

-- Customers may order by themselves: which warehouse their orders go to (none: nobody may), and how they pay.
alter table settings
    add column web_warehouse_id bigint references warehouses,
    add column how_to_pay text not null default '' check (length(how_to_pay) <= 1000);

-- The limit on unpaid orders of one address.
create index orders_web on orders (lower(email), placed_at) where channel = 'web';
