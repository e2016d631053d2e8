-- +goose Up

-- What one piece costs from so many on; below the first of them the price list's price holds.
create table price_breaks (
    item_id       bigint not null references items,
    currency      text not null check (currency ~ '^[A-Z]{3}$'),
    from_quantity bigint not null check (from_quantity between 2 and 100000),
    amount_minor  bigint not null check (amount_minor >= 0),
    primary key (item_id, currency, from_quantity)
);
