-- +goose Up

-- What a carrier's service takes for one parcel: up to a weight, to some places. A place is a country, a country with the
-- beginning of its postcodes (DE-24), or * for everywhere else.
create table carrier_rates (
    id       bigint generated always as identity primary key,
    carrier  text not null references carriers (code),
    service  text not null,
    places   text[] not null check (cardinality(places) > 0),
    up_to_g  bigint not null check (up_to_g > 0),
    minor    bigint not null check (minor >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    days     integer check (days between 0 and 90)
);

create index on carrier_rates (carrier, service);

-- Which carrier takes what, the first rule that fits; without one, what the order names.
create table carrier_rules (
    position integer primary key,
    tag      text not null default '',
    country  text not null default '',
    asked    text not null default '',
    from_g   bigint not null default 0 check (from_g >= 0),
    to_g     bigint not null default 0 check (to_g = 0 or to_g >= from_g),
    does     text not null check (does in ('cheapest', 'ordered', 'carrier')),
    carrier  text references carriers (code),
    service  text,
    check ((does = 'carrier') = (carrier is not null and service is not null))
);

-- Why a shipment goes with its carrier, what that costs and what else there was.
create table shipment_choices (
    shipment_id bigint primary key references shipments,
    how         text not null check (how in ('ordered', 'rule', 'cheapest', 'person')),
    why         text not null,
    trip        jsonb not null,
    offers      jsonb not null,
    staff_id    bigint references staff,
    at          timestamptz not null
);
