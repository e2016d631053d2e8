-- +goose Up

-- What the open box looked like: pictures by their content's hash, kept for good. A house may want one of every carton.
create table carton_photos (
    id         bigint generated always as identity primary key,
    carton_id  bigint not null references cartons,
    photo      text not null check (photo ~ '^[0-9a-f]{64}$'),
    staff_id   bigint not null references staff,
    at         timestamptz not null,
    unique (carton_id, photo)
);
alter table warehouses add column photo_first boolean not null default false;

-- A pallet carries closed parcels of one shipment and has an SSCC of its own; once taken apart that is void for good.
create table pallets (
    id           bigint generated always as identity primary key,
    warehouse_id bigint not null references warehouses,
    sscc         text not null unique check (sscc ~ '^[0-9]{18}$'),
    made_by      bigint not null references staff,
    made_at      timestamptz not null,
    apart_at     timestamptz
);
alter table shipment_cartons add column pallet_id bigint references pallets;
alter table shipment_cartons add column pallet_scan uuid;
alter table shipment_cartons add constraint shipment_cartons_pallet_check check ((pallet_id is null) = (pallet_scan is null) and (pallet_id is null or void_at is null));
create index shipment_cartons_pallet on shipment_cartons (pallet_id);
create index shipment_cartons_pallet_scan on shipment_cartons (pallet_scan);
-- One scan of a pallet loads all of its parcels.
drop index shipment_cartons_scan;
create index shipment_cartons_scan on shipment_cartons (scan);
