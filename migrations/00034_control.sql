-- +goose Up

-- What tote check found, each time it was asked: one proof at a time.
create table proofs (
    id          bigint generated always as identity primary key,
    asked_by    bigint references staff, -- null: the nightly job
    asked_at    timestamptz not null,
    began_at    timestamptz,
    finished_at timestamptz,
    error       text not null default '',
    check (finished_at is not null or error = '')
);
create unique index proofs_one_at_a_time on proofs ((true)) where finished_at is null;

create table proof_laws (
    proof_id bigint not null references proofs on delete cascade,
    position integer not null,
    trade    text not null,
    law      text not null,
    broken   bigint not null check (broken >= 0),
    examples text[] not null,
    primary key (proof_id, position)
);

-- Marks over the audit log, each made of the one before it and of the entries since.
create table audit_seals (
    upto    bigint primary key,
    entries bigint not null,
    hash    bytea not null,
    at      timestamptz not null default now()
);
create trigger audit_seals_append_only before update or delete or truncate on audit_seals for each statement execute function refuse_change();
