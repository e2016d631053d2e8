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

-- Some items may be made with a tool of their customer: a stamp with the brand, made once, kept for the next order.
create table tool_kinds (
    id            bigint generated always as identity primary key,
    name          text not null check (name <> ''),
    price_minor   bigint not null check (price_minor >= 0),   -- once, before tax, in the house's currency
    instructions  text not null default '',
    retired_at    timestamptz
);
create unique index tool_kinds_name on tool_kinds (lower(name));
create table item_tools (
    item_id       bigint primary key references items,
    kind_id       bigint not null references tool_kinds
);

create table tools (
    id            bigint generated always as identity primary key,   -- people see TOOL-<id>
    customer_id   bigint not null references customers,
    kind_id       bigint not null references tool_kinds,
    document      text not null,                      -- the order that asked for it: O-1001
    charged_minor bigint not null check (charged_minor >= 0),   -- to that order
    hash          text not null default '',           -- of the approved file it is made from, once there is one
    state         text not null default 'wanted' check (state in ('wanted','begun','made','lost','broken','retired','cancelled')),
    place         text not null default '',           -- where it is kept
    created_at    timestamptz not null,
    check ((state = 'made') = (place <> '') or state in ('lost','broken','retired'))
);
create unique index tools_one on tools (customer_id, kind_id) where state in ('wanted','begun','made');
create index tools_document on tools (document);
create table line_tools (
    ref           text primary key,                   -- of the order's line
    tool_id       bigint not null references tools
);
create index line_tools_tool on line_tools (tool_id);
create table tool_events (
    id            bigint generated always as identity primary key,
    tool_id       bigint not null references tools,
    what          text not null,
    detail        text not null default '',
    staff_id      bigint references staff,
    at            timestamptz not null
);
create index tool_events_tool on tool_events (tool_id, id);

alter table order_lines add column tool text not null default '' check (tool in ('','unlabelled','stamp'));
alter table orders add column tools_minor bigint not null default 0 check (tools_minor >= 0);
alter table orders drop constraint orders_check;
alter table orders add constraint orders_check check (total_minor = goods_minor + shipping_minor + tools_minor + tax_minor);
alter table invoices add column tools_minor bigint not null default 0;
alter table invoices drop constraint invoices_check;
alter table invoices add constraint invoices_check check (total_minor > 0 and total_minor = goods_minor + shipping_minor + tools_minor + tax_minor);
