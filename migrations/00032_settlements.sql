-- +goose Up

-- What the customer wants for what comes back, and a picture of it; how much of what was decided upon is settled with him.
alter table return_lines add column wish text not null default 'refund' check (wish in ('refund','replacement'));
alter table return_lines add column photo text;
alter table return_lines add column settled bigint not null default 0 check (settled between 0 and received);

-- A parcel that nobody took comes back too, announced by no one: its goods were not wanted back.
alter table returns drop constraint returns_origin_check;
alter table returns add constraint returns_origin_check check (origin in ('customer','staff','carrier'));
alter table return_lines drop constraint return_lines_reason_check;
alter table return_lines add constraint return_lines_reason_check
    check (reason in ('damaged','wrong item','not as described','changed mind','arrived late','other','undelivered'));

-- Goods may be mended, or go back to whoever made them.
alter table dispositions drop constraint dispositions_what_check;
alter table dispositions add constraint dispositions_what_check check (what in ('restock','quarantine','rework','vendor','scrap'));

-- An order may replace what came back: it costs nothing.
alter table orders drop constraint orders_channel_check;
alter table orders add constraint orders_channel_check check (channel in ('web','phone','api','csv','quote','return'));

-- What a customer got for goods that came back, line by line.
create table settlements (
    id            bigint generated always as identity primary key,
    submission    text not null,
    return_id     bigint not null references returns,
    line_id       bigint not null references return_lines,
    what          text not null check (what in ('refund','replacement','nothing')),
    quantity      bigint not null check (quantity > 0),
    amount_minor  bigint not null default 0 check (amount_minor >= 0),
    payment_id    bigint references payments,   -- the credit of a refund
    order_id      bigint references orders,     -- the one that replaces
    reason        text not null default '',
    staff_id      bigint references staff,
    at            timestamptz not null,
    unique (submission, line_id),
    check ((what = 'refund') = (payment_id is not null) and (what = 'replacement') = (order_id is not null)),
    check ((what = 'refund') = (amount_minor > 0) and (what <> 'nothing' or reason <> ''))
);
create index settlements_return on settlements (return_id);
create index settlements_line on settlements (line_id);

-- A bad score is a case: somebody's, until it is closed with what caused it and what was done.
alter table feedback add column case_owner bigint references staff;
alter table feedback add column cause text not null default '' check (cause in ('','item','artwork','picking','packing','carrier','price','other'));

-- What was inspected before settlements were written down was settled by hand.
update return_lines l set settled = l.received from returns r where r.id = l.return_id and r.state = 'inspected';
insert into settlements (submission, return_id, line_id, what, quantity, reason, at)
select 'before', l.return_id, l.id, 'nothing', l.settled, 'Settled by hand, before settlements were written down.', r.inspected_at
from return_lines l join returns r on r.id = l.return_id where l.settled > 0;
create index return_lines_unsettled on return_lines (return_id) where settled < received;
