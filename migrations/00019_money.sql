-- +goose Up

-- What papers of money say of the seller; every rate of tax this house has charged, so that a paper names the one that
-- an order was taxed at; how long customers on terms have.
alter table settings
    add column legal_lines text not null default '' check (length(legal_lines) <= 1000),
    add column tax_number text not null default '' check (length(tax_number) <= 60),
    add column bank_details text not null default '' check (length(bank_details) <= 1000);
create table tax_rates (
    permille      integer primary key check (permille between 0 and 1000)
);
insert into tax_rates (permille) select tax_permille from settings;
alter table customers add column terms_days integer not null default 30 check (terms_days between 0 and 365);

-- A credit is no money: it is what an order that has left costs less, as its credit note says.
alter table payments drop constraint payments_method_check;
alter table payments
    add constraint payments_method_check check (method in ('bank transfer','card','cash','cheque','other','credit')),
    add column intent text not null default '';       -- what Stripe knows a card payment by
create unique index payments_intent on payments (intent) where intent <> '' and amount_minor > 0;

-- One address where several orders of a customer are paid together.
create table pay_links (
    token         text primary key,
    submission    text not null unique,               -- idempotency key of the form
    customer_id   bigint not null references customers,
    made_by       bigint references staff,
    made_at       timestamptz not null
);
create table pay_link_orders (
    token         text not null references pay_links,
    order_id      bigint not null references orders,
    primary key (token, order_id)
);

-- A payment by card on its way: stored before Stripe is asked, so that asking again asks for the same.
create table checkouts (
    id            bigint generated always as identity primary key,
    token         text not null unique,               -- what Stripe knows it by, and the idempotency key there
    customer_id   bigint not null references customers,
    amount_minor  bigint not null check (amount_minor > 0),
    currency      text not null,
    state         text not null default 'claimed' check (state in ('claimed','open','paid','over')),
    session_id    text unique,
    url           text not null default '',
    claimed_at    timestamptz not null,
    expires_at    timestamptz not null,
    check (state <> 'open' or (session_id is not null and url <> ''))
);
create table checkout_orders (
    checkout_id   bigint not null references checkouts,
    order_id      bigint not null references orders,
    amount_minor  bigint not null check (amount_minor > 0),
    primary key (checkout_id, order_id)
);
create index checkout_orders_order on checkout_orders (order_id);

-- What Stripe told us, once each.
create table card_events (
    id            text primary key,                   -- evt_…
    kind          text not null,
    said          jsonb not null,                     -- what of it we read
    created_at    timestamptz not null,               -- there
    heard_at      timestamptz not null,
    state         text not null check (state in ('done','parked','look','seen')),
    reason        text not null default '',           -- why a person should look
    waits_for     text not null default '',           -- the order that a parked one waits for
    customer_id   bigint references customers,
    payment_id    bigint references payments,
    seen_by       bigint references staff,
    seen_at       timestamptz,
    check (state not in ('look','parked') or reason <> ''),
    check ((state = 'seen') = (seen_at is not null))
);
create index card_events_look on card_events (heard_at) where state in ('look','parked');

-- Money on its way back to a card: stored before Stripe is asked.
create table refunds (
    id            bigint generated always as identity primary key,   -- RF-<id>
    submission    text not null unique,               -- idempotency key of the form
    payment_id    bigint not null references payments, -- by card
    order_id      bigint not null references orders,
    amount_minor  bigint not null check (amount_minor > 0),
    currency      text not null,
    state         text not null default 'asked' check (state in ('asked','sent','failed')),
    because       text not null default '',           -- why it failed
    stripe_id     text unique,
    asked_by      bigint references staff,
    asked_at      timestamptz not null,
    settled_at    timestamptz,
    check ((state = 'asked') = (settled_at is null)),
    check (state <> 'sent' or stripe_id is not null)
);
create index refunds_payment on refunds (payment_id);
create index refunds_order on refunds (order_id);

-- The last number of each series. Taking one locks its row until the paper that bears it is stored with it: what is
-- rolled back gives its number back. A sequence would leave a gap, and a gap has to be explained to an auditor.
create table invoice_series (
    series        text primary key check (series in ('INV','CN')),
    last          bigint not null default 1000
);
insert into invoice_series (series) values ('INV'), ('CN');

-- Invoices and credit notes, as they were sent: never changed. Amounts are as printed, so never below zero in total.
create table invoices (
    series        text not null references invoice_series,
    number        bigint not null,
    order_id      bigint not null references orders,
    payment_id    bigint unique references payments,  -- the credit that a credit note is about, if it is about one
    issued_at     timestamptz not null,
    due_on        date,                               -- null: paid, or nothing to pay
    currency      text not null,
    goods_minor   bigint not null,
    shipping_minor bigint not null,
    tax_minor     bigint not null,
    total_minor   bigint not null check (total_minor > 0 and total_minor = goods_minor + shipping_minor + tax_minor),
    snapshot      jsonb not null,                     -- all that is printed
    primary key (series, number),
    check (series = 'CN' or payment_id is null)
);
create index invoices_order on invoices (order_id);
create index invoices_issued on invoices (issued_at);
create trigger invoices_append_only before update or delete or truncate on invoices for each statement execute function refuse_change();

-- The customer's page of each order of a shipment, printed on the labels of its own parcels.
alter table shipment_orders add column tracking_url text not null default '';

-- Orders of one customer that travel together.
create table order_groups (
    id            bigint generated always as identity primary key,
    customer_id   bigint not null references customers,
    made_by       bigint references staff,
    made_at       timestamptz not null
);
create table group_orders (
    order_id      bigint primary key references orders,
    group_id      bigint not null references order_groups
);
create index group_orders_group on group_orders (group_id);
