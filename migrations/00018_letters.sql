-- +goose Up

-- Every wording of a letter that was ever saved; the newest of a kind and language is in force. Without one, and where the
-- newest has no text, it is the wording that ships.
create table letter_wordings (
    kind          text not null,           -- as in letters
    language      text not null check (language in ('en','de')),
    version       integer not null check (version > 0),
    subject       text,
    body          text,
    saved_by      bigint not null references staff,
    saved_at      timestamptz not null,
    primary key (kind, language, version),
    check ((subject is null) = (body is null))
);

-- When letters of a kind leave. Without a row: as the program ships, most at once and at any hour.
create table letter_timing (
    kind          text primary key,
    off           boolean not null default false,
    delay_hours   integer not null default 0 check (delay_hours between 0 and 720),
    from_hour     integer check (from_hour between 0 and 23),      -- of the clock where the reader lives
    to_hour       integer check (to_hour between 1 and 24),
    saved_by      bigint not null references staff,
    saved_at      timestamptz not null,
    check ((from_hour is null) = (to_hour is null)),
    check (from_hour < to_hour)
);

-- A letter keeps the hours it may leave at, so that a change of the timing is for letters to come.
alter table letters
    add column language text not null default 'en',
    add column zone text not null default 'UTC',
    add column from_hour integer,
    add column to_hour integer,
    add column unsubscribe text not null default '';               -- address of the page that ends letters like this one

-- +goose StatementBegin
-- The first moment from t on that lies between two hours of the clock in a time zone; without hours, t itself.
create function within_hours(t timestamptz, zone text, from_hour integer, to_hour integer) returns timestamptz
language sql stable as $$
    select case
        when from_hour is null then t
        when extract(hour from t at time zone zone) < from_hour
            then (date_trunc('day', t at time zone zone) + make_interval(hours => from_hour)) at time zone zone
        when extract(hour from t at time zone zone) >= to_hour
            then (date_trunc('day', t at time zone zone) + interval '1 day' + make_interval(hours => from_hour)) at time zone zone
        else t
    end
$$;
-- +goose StatementEnd

-- Letters are written in the customer's language; without one in the house's: one of ours, or by the country of the order.
alter table settings
    add column letter_language text not null default 'en' check (letter_language in ('en','de','country')),
    add column reminder_days integer not null default 7 check (reminder_days between 0 and 365);     -- 0: nobody is reminded
alter table customers
    add column language text not null default '' check (language in ('','en','de')),
    add column letters_token text not null unique default replace(gen_random_uuid()::text, '-', ''), -- of the page that ends questions
    add column questions_ended_at timestamptz;                     -- asks for no letters but those about orders

alter table feedback add column reminded_at timestamptz;
