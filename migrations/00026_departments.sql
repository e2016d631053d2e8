-- +goose Up

-- By when each department must be done with an order, so that it is kept to what was promised.
alter table settings add column departments jsonb not null default '{}';       -- {"art": {"days": 5, "email": "art@…"}}; without an entry: as the program says
alter table settings add column warn_hours integer not null default 24 check (warn_hours between 0 and 240);

alter table orders add column dates jsonb not null default '{}';               -- {"art": "2026-11-27T22:59:59Z"}, by department
alter table orders add column warned text[] not null default '{}';             -- departments that were warned of their date
alter table orders add column expected_on timestamptz;                         -- later than promised: what the customer was told

-- A job is due when the department it is with must be done with it; what was promised stays beside.
drop index art_jobs_state;
alter table art_jobs rename column due to promised;
alter table art_jobs add column due_check timestamptz, add column due_art timestamptz, add column due_control timestamptz, add column due_approval timestamptz;
alter table art_jobs add column due timestamptz not null generated always as (coalesce(case state
    when 'picture check' then due_check when 'art' then due_art when 'art control' then due_control when 'approval' then due_approval end, promised)) stored;
create index art_jobs_state on art_jobs (warehouse_id, state, due, id);
create index art_pictures_hash on art_pictures (hash);
