-- +goose Up

-- How this house does business: one row.
create table settings (
    only_row      boolean primary key default true check (only_row),
    company       text not null,
    currency      text not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
    base_url      text not null default 'http://127.0.0.1:8080',
    mail_from     text not null default 'orders@localhost',
    contact       jsonb not null default '{}',        -- stage → {department, contact} on the journey page
    tax_permille  integer not null default 0 check (tax_permille between 0 and 1000),
    shipping_base_minor bigint not null default 0 check (shipping_base_minor >= 0),
    shipping_per_kg_minor bigint not null default 0 check (shipping_per_kg_minor >= 0),
    promise_days  integer not null default 3 check (promise_days between 0 and 365),
    feedback_days integer not null default 5 check (feedback_days between 0 and 365),
    feedback_fallback_days integer not null default 14 check (feedback_fallback_days between 0 and 365),
    return_days   integer not null default 30 check (return_days between 0 and 3650)
);

create table customers (
    id            bigint generated always as identity primary key,
    code          text not null check (code <> '' and code !~ '@'),
    name          text not null,
    email         text not null,
    phone         text not null default '',
    on_terms      boolean not null default false,
    credit_limit_minor bigint not null default 0 check (credit_limit_minor >= 0),
    created_at    timestamptz not null default now()
);
create unique index customers_code on customers (lower(code));
create unique index customers_email on customers (lower(email));

-- Codes we give: CU1001. A code brought along in that form moves it on.
create sequence customer_numbers as bigint start 1001;

create table prices (
    item_id       bigint not null references items,
    currency      text not null check (currency ~ '^[A-Z]{3}$'),
    amount_minor  bigint not null check (amount_minor >= 0),
    primary key (item_id, currency)
);

create sequence order_numbers as bigint start 1001;

create table orders (
    id            bigint generated always as identity primary key,
    number        bigint not null unique,             -- printed as O-<number>
    submission    text not null unique,               -- idempotency key of the form, API call or CSV row
    submitted     bytea not null,                     -- sha256 of what was submitted under it
    customer_id   bigint not null references customers,
    warehouse_id  bigint not null references warehouses,
    channel       text not null check (channel in ('web','phone','api','csv')),
    reference     text not null default '',           -- the customer's own
    recipient     text not null,
    company       text not null default '',
    street        text not null,
    street2       text not null default '',
    city          text not null,
    postcode      text not null,
    region        text not null default '',
    country       text not null check (country ~ '^[A-Z]{2}$'),
    phone         text not null default '',
    email         text not null,                      -- letters of this order go here
    carrier       text not null,
    service       text not null,
    notes         text not null default '',           -- for the packer
    priority      integer not null default 0 check (priority between 0 and 9),
    ship_complete boolean not null default true,
    promised_on   timestamptz not null,
    currency      text not null,
    goods_minor   bigint not null,
    shipping_minor bigint not null,
    tax_minor     bigint not null,
    total_minor   bigint not null check (total_minor = goods_minor + shipping_minor + tax_minor),
    journey_token text not null unique,
    placed_by     bigint references staff,
    placed_at     timestamptz not null,
    released_at   timestamptz,
    cancelled_at  timestamptz,
    -- for lists; recomputed by the consumer orders.Progress and proved by `tote check`
    stage         text not null default 'pending payment' check (stage in
                      ('pending payment','on hold','released','back-ordered','picking','picked','packed','shipped','delivered','cancelled'))
);
create index orders_stage on orders (stage, promised_on, number);
create index orders_customer on orders (customer_id, number desc);

create table order_lines (
    order_id      bigint not null references orders,
    line          integer not null check (line > 0),
    ref           text not null unique,               -- O-1001.2
    item_id       bigint not null references items,
    sku           text not null,
    name          text not null,
    quantity      bigint not null check (quantity between 0 and 100000),
    cancelled     bigint not null default 0 check (cancelled between 0 and quantity),
    price_minor   bigint not null check (price_minor >= 0),
    primary key (order_id, line)
);
create index order_lines_item on order_lines (item_id);

create table payments (
    id            bigint generated always as identity primary key,
    customer_id   bigint not null references customers,
    amount_minor  bigint not null check (amount_minor <> 0),      -- negative: paid back
    currency      text not null,
    method        text not null check (method in ('bank transfer','card','cash','cheque','other')),
    reference     text not null,
    submission    text not null unique,
    submitted     bytea not null,                     -- sha256 of what was submitted under it
    staff_id      bigint references staff,
    at            timestamptz not null
);
create index payments_customer on payments (customer_id, id desc);
create table payment_orders (
    payment_id    bigint not null references payments,
    order_id      bigint not null references orders,
    amount_minor  bigint not null check (amount_minor <> 0),
    primary key (payment_id, order_id)
);
create index payment_orders_order on payment_orders (order_id);

create table holds (
    id            bigint generated always as identity primary key,
    order_id      bigint not null references orders,
    kind          text not null check (kind in ('address','art','stock','fraud','manual')),
    reason        text not null,
    placed_by     bigint references staff,
    placed_at     timestamptz not null,
    cleared_by    bigint references staff,
    cleared_at    timestamptz
);
create index holds_open on holds (order_id) where cleared_at is null;

-- The order's own story: who, when, what. Append-only.
create table order_events (
    id            bigint generated always as identity primary key,
    order_id      bigint not null references orders,
    at            timestamptz not null,
    staff_id      bigint references staff,
    what          text not null,
    detail        text not null default ''
);
create index order_events_order on order_events (order_id, id);

create table feedback (
    order_id      bigint primary key references orders,
    asked_at      timestamptz not null,
    score         integer check (score between 1 and 5),
    words         text not null default '',
    answered_at   timestamptz,
    -- low scores are called back
    call_back     text not null default 'none' check (call_back in ('none','open','done')),
    called_by     bigint references staff,
    called_at     timestamptz,
    call_note     text not null default ''
);
create index feedback_call_back on feedback (call_back) where call_back = 'open';
