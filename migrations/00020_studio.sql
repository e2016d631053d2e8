-- +goose Up

-- Artwork: pictures of customers, drawn on by artists, approved by whom they are for.
alter table staff drop constraint staff_roles_check;
alter table staff add constraint staff_roles_check
    check (roles <@ array['receiver','picker','packer','shipper','image processor','artist','art control','production','fulfiller','client support','sales','clerk','manager','admin']);

-- How a custom item goes from the customer's picture to what may be made.
create table flows (
    id            bigint generated always as identity primary key,
    name          text not null check (name <> ''),
    asks          text not null default '',           -- what the customer sends, as file names end with it; '' = no picture
    image_check   boolean not null,                   -- somebody looks at the pictures first
    art           boolean not null,                   -- an artist works on them; else the picture is the artwork
    art_control   boolean not null,
    approval      boolean not null,                   -- by the customer
    approval_of   text not null default 'one' check (approval_of in ('one','all','any')),   -- of several proofs
    least_ppi     integer not null default 150 check (least_ppi between 0 and 2400),        -- pictures with less are refused
    good_ppi      integer not null default 300 check (good_ppi between least_ppi and 2400), -- with less they are warned about
    retired_at    timestamptz,
    check (art or asks <> ''),
    check (art or not art_control),
    check (asks <> '' or not image_check)
);
create unique index flows_name on flows (lower(name));

create table custom_items (
    item_id       bigint primary key references items,
    flow_id       bigint not null references flows,
    print_width_mm  integer not null default 0 check (print_width_mm between 0 and 20000),   -- 0: no print of that size
    print_height_mm integer not null default 0 check (print_height_mm between 0 and 20000)
);
create index custom_items_flow on custom_items (flow_id);

create table studio_settings (
    only_row      boolean primary key default true check (only_row),
    most_open     integer not null default 5 check (most_open between 1 and 1000),           -- jobs with one artist
    remind_hours  integer not null default 48 check (remind_hours between 1 and 2160),       -- a proof is waited for, then reminded of
    reminders     integer not null default 2 check (reminders between 0 and 20),
    link_days     integer not null default 30 check (link_days between 1 and 365)
);
insert into studio_settings default values;

create table artists (
    staff_id      bigint primary key references staff,
    most_open     integer check (most_open between 0 and 1000),   -- null: as the settings say
    away          boolean not null default false
);

create table art_jobs (
    id            bigint generated always as identity primary key,
    ref           text not null unique,               -- of the order's line: O-1001.2
    document      text not null,                      -- the order: O-1001
    warehouse_id  bigint not null references warehouses,
    item_id       bigint not null references items,
    sku           text not null,
    product       text not null,
    detail        text not null default '',           -- what the customer chose, as file names hold it
    pieces        bigint not null check (pieces > 0),
    due           timestamptz not null,
    -- the flow as it was when the job began: a changed setting changes no job under way
    flow_id       bigint not null references flows,
    asks          text not null,
    image_check   boolean not null,
    art           boolean not null,
    art_control   boolean not null,
    approval      boolean not null,
    approval_of   text not null check (approval_of in ('one','all','any')),
    least_ppi     integer not null,
    good_ppi      integer not null,
    print_width_mm  integer not null,
    print_height_mm integer not null,
    state         text not null check (state in
                      ('awaiting picture','picture check','picture refused','art','art control','approval','approved','cancelled')),
    why           text not null default 'new' check (why in ('new','control','customer')),   -- it is with the artist
    artist_id     bigint references staff,
    since         timestamptz not null,               -- in this state
    round         integer not null default 0,         -- of the customer's approval
    reminded      integer not null default 0,         -- in this round
    reminded_at   timestamptz,
    overdue_at    timestamptz,                        -- no reminder helped: somebody must call
    decision_id   bigint,                             -- by which it was approved
    approved      text generated always as (case when decision_id is not null then 'approved' end) stored,
    check ((state = 'approved') = (decision_id is not null) or state = 'cancelled'),
    check (state <> 'art control' or artist_id is not null)
);
create index art_jobs_state on art_jobs (warehouse_id, state, due, id);
create index art_jobs_document on art_jobs (document);
create index art_jobs_artist on art_jobs (artist_id, state);

-- What customers send. The file is never changed; another one takes its place.
create table art_pictures (
    job_id        bigint not null references art_jobs,
    number        integer not null check (number > 0),
    hash          text not null check (hash ~ '^[0-9a-f]{64}$'),
    preview       text not null check (preview ~ '^[0-9a-f]{64}$'),
    name          text not null,                      -- as it was sent, for the eye
    media_type    text not null,
    width         integer not null check (width > 0),
    height        integer not null check (height > 0),
    bytes         bigint not null check (bytes > 0),
    ppi           integer not null,                   -- at the size of the print; 0 = no size
    cropped       integer not null,                   -- permille lost at that size
    sent_by       bigint references staff,            -- null: the customer
    sent_at       timestamptz not null,
    replaced_at   timestamptz,
    primary key (job_id, number)
);

-- Finished art files: each upload is a version and stays one. A job may have several proofs to choose from.
create table art_versions (
    job_id        bigint not null references art_jobs,
    number        integer not null check (number > 0),
    proof         integer not null check (proof between 1 and 26),   -- A, B, C …
    hash          text not null check (hash ~ '^[0-9a-f]{64}$'),     -- SHA-256 of the file
    preview       text not null check (preview ~ '^[0-9a-f]{64}$'),
    name          text not null,
    media_type    text not null,
    width         integer not null check (width > 0),
    height        integer not null check (height > 0),
    bytes         bigint not null check (bytes > 0),
    made_by       bigint references staff,            -- null: the customer's own picture
    made_at       timestamptz not null,
    primary key (job_id, number),
    unique (job_id, number, hash)
);
create index art_versions_hash on art_versions (hash);

-- What was decided of a job, by whom, and on what evidence.
create table art_decisions (
    id            bigint generated always as identity primary key,
    job_id        bigint not null references art_jobs,
    stage         text not null check (stage in ('picture','control','customer','flow')),
    verdict       text not null check (verdict in ('approved','passed','correction','rejected')),
    round         integer not null default 0,
    name          text not null default '',           -- typed by the customer, or whom staff spoke with
    staff_id      bigint references staff,            -- who decided, or recorded what the customer said
    how           text not null default '' check (how in ('','phone','mail','in person','other')),   -- recorded by staff
    ip            text not null default '',
    ticks         jsonb not null default '[]',        -- the check-list, as it was ticked
    reason        text not null default '',           -- of a refusal: its code
    words         text not null default '',
    pins          jsonb not null default '[]',        -- [{proof, x, y, words}], x and y in permille of the picture
    evidence      text not null default '' check (evidence = '' or evidence ~ '^[0-9a-f]{64}$'),
    at            timestamptz not null,
    unique (job_id, id, verdict),
    check (how = '' or (staff_id is not null and words <> '' and name <> ''))
);
create index art_decisions_job on art_decisions (job_id, id);

-- The very files a decision was about. What was approved is what may be made, nothing else.
create table art_decision_files (
    decision_id   bigint not null,
    job_id        bigint not null,
    verdict       text not null,
    version       integer not null,
    hash          text not null,
    primary key (decision_id, version),
    foreign key (job_id, decision_id, verdict) references art_decisions (job_id, id, verdict),
    foreign key (job_id, version, hash) references art_versions (job_id, number, hash)
);
alter table art_jobs add foreign key (id, decision_id, approved) references art_decisions (job_id, id, verdict);

-- The mailed way to a proof: for one round, for a while. Only the hash of the link is kept.
create table proof_links (
    hash          bytea primary key,
    job_id        bigint not null references art_jobs,
    round         integer not null,
    expires_at    timestamptz not null
);

-- The story of each job. Append-only.
create table art_events (
    id            bigint generated always as identity primary key,
    job_id        bigint not null references art_jobs,
    at            timestamptz not null,
    staff_id      bigint references staff,
    state         text not null,                      -- that it came to
    what          text not null,
    detail        text not null default ''
);
create index art_events_job on art_events (job_id, id);

-- Many art files at once: shown with what they were taken for before any belongs to a job.
create table art_batches (
    id            bigint generated always as identity primary key,
    staff_id      bigint not null references staff,
    made_at       timestamptz not null,
    stored_at     timestamptz
);
create table art_batch_files (
    batch_id      bigint not null references art_batches,
    number        integer not null check (number > 0),
    name          text not null,
    hash          text not null default '',
    preview       text not null default '',
    media_type    text not null default '',
    width         integer not null default 0,
    height        integer not null default 0,
    bytes         bigint not null default 0,
    fault         text not null default '',           -- why it cannot be used
    job_id        bigint references art_jobs,         -- that it was stored with
    version       integer,
    primary key (batch_id, number)
);

create trigger art_versions_append_only before update or delete or truncate on art_versions for each statement execute function refuse_change();
create trigger art_decisions_append_only before update or delete or truncate on art_decisions for each statement execute function refuse_change();
create trigger art_decision_files_append_only before update or delete or truncate on art_decision_files for each statement execute function refuse_change();
create trigger art_events_append_only before update or delete or truncate on art_events for each statement execute function refuse_change();

-- Whom a customer reaches, and who signs in by password.
alter table staff add column email text not null default '';
alter table staff add column phone text not null default '';
alter table staff add column password_hash text;
create unique index staff_email on staff (lower(email)) where email <> '';

-- The one contact of an order, for everything after it was placed.
alter table orders add column contact_id bigint references staff;
create index orders_contact on orders (contact_id) where contact_id is not null;

alter table orders drop constraint orders_stage_check;
alter table orders add constraint orders_stage_check check (stage in
    ('pending payment','on hold','artwork','released','back-ordered','picking','picked','packed','shipped','delivered','cancelled'));
