-- +goose Up

-- Sales makes quotes; an accepted one is an order.
alter table staff drop constraint staff_roles_check;
alter table staff add constraint staff_roles_check
    check (roles <@ array['receiver','picker','packer','shipper','sales','clerk','manager','admin']);
alter table orders drop constraint orders_channel_check;
alter table orders add constraint orders_channel_check check (channel in ('web','phone','api','csv','quote'));

create sequence quote_numbers as bigint start 1001;

create table quotes (
    id            bigint generated always as identity primary key,
    number        bigint not null unique,             -- shown as Q-<number>
    submission    text not null unique,               -- idempotency key of the form
    submitted     bytea not null,                     -- sha256 of what was submitted under it
    warehouse_id  bigint not null references warehouses,
    form          jsonb not null,                     -- the order form as it was quoted, with the price of each line
    name          text not null,                      -- of whom it is for, as lists show it
    email         text not null,                      -- the letter goes here
    words         text not null default '',           -- to the customer
    currency      text not null,
    goods_minor   bigint not null,
    shipping_minor bigint not null,
    tax_minor     bigint not null,
    total_minor   bigint not null check (total_minor = goods_minor + shipping_minor + tax_minor),
    valid_until   timestamptz not null,               -- the end of that day in the warehouse
    token         text not null unique,               -- of the customer's page
    made_by       bigint not null references staff,
    made_at       timestamptz not null,
    accepted_at   timestamptz,
    accepted_as   text not null default '',           -- the name that was typed with it
    order_id      bigint unique references orders,
    declined_at   timestamptz,
    declined_why  text not null default '',
    withdrawn_at  timestamptz,
    withdrawn_by  bigint references staff,
    wanted_at     timestamptz,                        -- the customer asks for a new one, this one being over
    check (num_nonnulls(accepted_at, declined_at, withdrawn_at) <= 1),
    check ((accepted_at is null) = (order_id is null))
);
create index quotes_latest on quotes (warehouse_id, id desc);

create table quote_lines (
    quote_id      bigint not null references quotes,
    line          integer not null check (line > 0),
    sku           text not null,
    name          text not null,
    quantity      bigint not null check (quantity > 0),
    price_minor   bigint not null check (price_minor >= 0),
    primary key (quote_id, line)
);

-- Mock-ups.
create table quote_pictures (
    quote_id      bigint not null references quotes,
    position      integer not null check (position > 0),
    preview       text not null check (preview ~ '^[0-9a-f]{64}$'),   -- SHA-256 of a JPEG of our own
    name          text not null,                      -- of the file as it was sent, for the eye
    primary key (quote_id, position)
);
