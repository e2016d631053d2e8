-- +goose Up

-- Some pieces are printed by somebody else: a partner gets the approved files, and sends the pieces to the customer or to us.
create table partners (
    id            bigint generated always as identity primary key,
    name          text not null check (name <> ''),
    email         text not null default '',
    phone         text not null default '',
    note          text not null default '',
    days          integer not null default 5 check (days between 0 and 365),   -- from handing over until the pieces are made
    retired_at    timestamptz
);
create unique index partners_name on partners (lower(name));

alter table flows drop constraint flows_making_check;
alter table flows add constraint flows_making_check check (making in ('shelf','workshop','partner'));
alter table flows add column partner_id bigint references partners;
alter table flows add column straight boolean not null default false;     -- the partner sends to the customer; else to us
alter table flows add constraint flows_partner_check check ((making = 'partner') = (partner_id is not null) and (making = 'partner' or not straight));
create index flows_partner on flows (partner_id);

-- Whoever prints for us is a place outside of the house, as suppliers are.
alter table locations drop constraint locations_kind_check;
alter table locations add constraint locations_kind_check check (kind in (
    'zone','aisle','bay','level','wall',
    'bin','dock','station','quarantine','returns','tote','cart','pallet','carton',
    'supplier','customer','workshop','partner','scrap','lost','found'));
drop index locations_virtual;
create unique index locations_virtual on locations (warehouse_id, kind) where kind in ('supplier','customer','workshop','partner','scrap','lost','found','returns');
insert into locations (warehouse_id, kind, code) select id, 'partner', 'PARTNER' from warehouses;

-- What comes straight from a partner is asked for with the rest of its order, and is nothing to pick or pack.
alter table demand_lines add column straight boolean not null default false;

-- A parcel of a partner was never on a bench of ours: nobody here weighed or labelled it.
alter table cartons add column straight boolean not null default false;
alter table cartons alter column station_id drop not null;
alter table cartons drop constraint cartons_check;
alter table cartons add constraint cartons_check check (case
    when straight then state in ('closed','shipped') and closed_at is not null
    else station_id is not null and (state in ('open','void') or (sscc is not null and weight_g is not null and closed_at is not null)) end);

-- A work order of a partner: state is 'open' until it is handed over.
alter table work_orders add column partner_id bigint references partners;
alter table work_orders add column straight boolean not null default false;
alter table work_orders add column partner_state text not null default '' check (partner_state in ('','waiting','handed','accepted','sent','over'));
alter table work_orders add column partner_number text not null default '';       -- their own order number
alter table work_orders add column partner_since timestamptz;                     -- in this state
alter table work_orders add column handed_at timestamptz;
alter table work_orders add column fulfiller_id bigint references staff;
alter table work_orders add column again bigint not null default 0 check (again >= 0);  -- spoiled, and not asked anew yet
alter table work_orders add constraint work_orders_partner_check check (
    (partner_id is null) = (partner_state = '') and (partner_id is null) = (partner_since is null) and (partner_id is not null or not straight)
    and (partner_id is null or blank_id is null));
create index work_orders_partner on work_orders (warehouse_id, partner_state, due, id) where partner_id is not null;
create index work_orders_fulfiller on work_orders (fulfiller_id) where partner_state in ('waiting','handed','accepted','sent');

-- The story of a work order with its partner.
create table partner_events (
    id            bigint generated always as identity primary key,
    work_order_id bigint not null references work_orders,
    what          text not null check (what in ('asked','given','handed over','taken back','accepted','refused','stopped','sent','spoiled','over')),
    detail        text not null default '',
    pieces        bigint not null default 0,          -- that were handed over with it
    staff_id      bigint references staff,
    at            timestamptz not null
);
create index partner_events_order on partner_events (work_order_id, id);

create table fulfillers (
    staff_id      bigint primary key references staff,
    away          boolean not null default false
);
