-- +goose Up

-- The mailed way of a customer to all of his orders, for a while. Only the hash of the link is kept.
create table customer_links (
    hash          bytea primary key,
    customer_id   bigint not null references customers,
    expires_at    timestamptz not null
);
create index customer_links_customer on customer_links (customer_id);
alter table customers add column link_asked_at timestamptz;
