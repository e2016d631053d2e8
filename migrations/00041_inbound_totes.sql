-- +goose Up

-- A tote that goods of a truck land in: nothing in it is on its way to an order, so nothing in it may be promised. The
-- column that says what may be promised is made anew, because its expression cannot be changed.
alter table locations add column inbound boolean not null default false check (not inbound or kind = 'tote');

alter table balances drop constraint balances_location_id_warehouse_id_allocatable_may_go_negat_fkey;
alter table locations drop column allocatable;      -- and with it the unique constraint for the copies in balances
alter table locations add column allocatable boolean not null generated always as (
    kind in ('cart','carton','station') or kind = 'tote' and not inbound or kind = 'bin' and use in ('pickable','overstock')) stored;
alter table locations add unique (id, warehouse_id, allocatable, may_go_negative);
alter table balances add foreign key (location_id, warehouse_id, allocatable, may_go_negative)
    references locations (id, warehouse_id, allocatable, may_go_negative) on update cascade;

-- The tote somebody puts away as a whole.
alter table putting_away add column tote_id bigint references locations;

-- Who said at the dock that a barcode is this item's, and when; null for what the office wrote into the item.
alter table barcodes add column given_by bigint references staff, add column given_at timestamptz;
