-- +goose Up

-- What may be chosen of an item: the fields that the order form has for it beside SKU and quantity.
create table item_options (
    id            bigint generated always as identity primary key,
    item_id       bigint not null references items,
    name          text not null check (length(name) between 1 and 60),
    kind          text not null check (kind in ('choice','number','text','file')),
    help          text not null default '' check (length(help) <= 300),
    required      boolean not null,
    position      integer not null default 0,
    least         bigint not null default 0,          -- of a number
    most          bigint not null default 0,          -- of a number; characters of a text
    unit          text not null default '' check (length(unit) <= 12),
    run           boolean not null default false,     -- sizes: a quantity may be typed for each value at once
    retired_at    timestamptz,
    check (least <= most),
    check (kind = 'choice' or not run)
);
create unique index item_options_name on item_options (item_id, lower(name)) where retired_at is null;
create unique index item_options_run on item_options (item_id) where run and retired_at is null;
create index item_options_item on item_options (item_id, position, id);

create table option_choices (
    option_id       bigint not null references item_options,
    position        integer not null check (position > 0),
    value           text not null check (length(value) between 1 and 60),
    surcharge_minor bigint not null default 0 check (surcharge_minor >= 0),   -- for each piece
    currency        text not null check (currency ~ '^[A-Z]{3}$'),
    primary key (option_id, position),
    unique (option_id, value)
);

-- Files that came with an order form. A form names them by token until its order is placed.
create table option_files (
    token         text primary key check (length(token) >= 26),
    hash          text not null check (hash ~ '^[0-9a-f]{64}$'),
    preview       text not null check (preview ~ '^[0-9a-f]{64}$'),   -- a JPEG of our own
    name          text not null,                      -- as it was sent, for the eye
    media_type    text not null,
    width         integer not null check (width > 0),
    height        integer not null check (height > 0),
    bytes         bigint not null check (bytes > 0),
    kept_at       timestamptz not null
);

-- What was chosen, by value: later options change no order.
create table order_line_options (
    order_id      bigint not null,
    line          integer not null,
    position      integer not null check (position > 0),
    name          text not null,
    kind          text not null check (kind in ('choice','number','text','file')),
    value         text not null,                      -- of a file its name
    unit          text not null,
    surcharge_minor bigint not null check (surcharge_minor >= 0),   -- within the line's price
    file          text references option_files,
    primary key (order_id, line, position),
    foreign key (order_id, line) references order_lines,
    check ((kind = 'file') = (file is not null))
);
create index order_line_options_file on order_line_options (file) where file is not null;

alter table order_lines add column break_from bigint not null default 0 check (break_from >= 0);   -- pieces from which its price holds; 0: no break
alter table quote_lines add column detail text not null default '';   -- what was chosen, in words
alter table demand_lines add column notes text not null default '';
alter table work_orders add column notes text not null default '';     -- what was chosen, an option on each line

-- A customer who ordered by himself what is made for him has looked at the whole specification.
alter table orders
    add column checked_at timestamptz,
    add column checked_as text not null default '',
    add check (checked_at is not null or checked_as = '');

-- Ready-made designs, from which an order begins.
create table designs (
    id            bigint generated always as identity primary key,
    name          text not null check (length(name) between 1 and 80),
    item_id       bigint not null references items,
    preview       text not null check (preview ~ '^[0-9a-f]{64}$'),   -- a JPEG of our own
    made_at       timestamptz not null,
    retired_at    timestamptz
);
create unique index designs_name on designs (lower(name)) where retired_at is null;
create index designs_item on designs (item_id);

create table design_options (
    design_id     bigint not null references designs,
    name          text not null check (length(name) between 1 and 60),
    value         text not null check (length(value) between 1 and 1000),
    primary key (design_id, name)
);
