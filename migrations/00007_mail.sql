-- +goose Up

-- One row per fact and recipient: written in the transaction of the consumer that heard the fact, sent by a job of its own.
create table letters (
    id            bigint generated always as identity primary key,
    kind          text not null,           -- order confirmation, tracking, feedback …
    fact          text not null,           -- what it tells of: order.placed O-1001
    ref           text not null,           -- O-1001, for the order's story
    sender        text not null,           -- "Harbour Goods" <orders@example.com>
    recipient     text not null,           -- the bare address
    recipient_name text not null default '',
    subject       text not null,
    text          text not null,
    html          text not null,
    message_id    text not null unique,    -- derived from kind, fact and recipient: a repeat carries it again
    state         text not null default 'queued' check (state in ('queued','sending','sent','refused','cancelled')),
    attempts      integer not null default 0,
    error         text not null default '',
    next_try_at   timestamptz not null default now(),      -- while sending: until when the sender may take
    give_up_at    timestamptz not null default now() + interval '4 days',
    created_at    timestamptz not null default now(),
    sent_at       timestamptz,
    unique (kind, fact, recipient),
    check ((state = 'sent') = (sent_at is not null)),
    check (state <> 'refused' or error <> '')
);
create index letters_due on letters (next_try_at) where state in ('queued','sending');
create index letters_ref on letters (ref, id);
create index letters_state on letters (state, id desc);

-- What goes along with a letter: a return slip.
create table letter_files (
    letter_id     bigint not null references letters,
    name          text not null,
    media_type    text not null,
    content       bytea not null,
    primary key (letter_id, name)
);

-- The development inbox: what the built-in SMTP server took when there is no SMTP_URL.
create table inbox (
    id            bigint generated always as identity primary key,
    at            timestamptz not null default now(),
    sender        text not null,
    recipients    text[] not null,
    subject       text not null default '',
    raw           bytea not null
);

-- Answers of the JSON API kept under the client's idempotency key.
create table api_requests (
    token_id      bigint not null references api_tokens,
    key           text not null,
    method        text not null,
    path          text not null,
    body_sha256   bytea not null,
    status        integer not null,
    answer        bytea not null,
    at            timestamptz not null default now(),
    primary key (token_id, key)
);
