-- +goose Up

-- Carriers whose own system sells the labels. theirs is what that system calls the carrier: USPS.
alter table carriers drop constraint carriers_adapter_check;
alter table carriers add constraint carriers_adapter_check check (adapter in ('own','manual','easypost'));
alter table carriers add column theirs text not null default '';

-- The label of a carton that a carrier's system sells: asked for once, whatever happens on the way. Who asks holds the claim.
create table carrier_labels (
    carton_id     bigint primary key references cartons,
    carrier       text not null references carriers,
    service       text not null,
    reference     text not null unique,          -- ours: our number of the parcel; the carrier is asked by it after a lost answer
    state         text not null default 'wanted' check (state in ('wanted','bought','refused','voiding','voided','kept','cancelled')),
    wanted_at     timestamptz not null,
    claim         uuid,
    claimed_until timestamptz,
    attempts      integer not null default 0,
    error         text not null default '',      -- why it was refused, or waits
    remote_id     text unique,                   -- the carrier's own id of it
    tracking_number text,
    cost_minor    bigint check (cost_minor >= 0),
    currency      text,
    days          integer,                       -- on the road, as the carrier promised
    bought_at     timestamptz,
    paper         bytea,                         -- the label as the carrier drew it, PDF
    refund        text not null default '' check (refund in ('','submitted','refunded','rejected')),
    settled_at    timestamptz,
    check (state <> 'bought' or (remote_id is not null and tracking_number is not null and bought_at is not null))
);
create index carrier_labels_open on carrier_labels (wanted_at) where state in ('wanted','voiding') or (state = 'bought' and paper is null) or refund = 'submitted';

-- What carriers' systems told, each once.
create table carrier_events (
    system        text not null,
    event_key     text not null,
    heard_at      timestamptz not null,
    primary key (system, event_key)
);

-- When a parcel's carrier was last asked where it is.
create table carrier_polls (
    carton_id     bigint primary key references cartons,
    at            timestamptz not null
);

-- What stands in a shipment's way until a person has acted.
create table troubles (
    id            bigint generated always as identity primary key,
    shipment_id   bigint not null references shipments,
    what          text not null check (what in ('no movement','address','returned to sender','failed delivery','label refused')),
    note          text not null default '',
    since         timestamptz not null,
    settled_at    timestamptz,
    settled_by    bigint references staff,       -- nobody: it settled itself
    how           text not null default '',
    check (settled_at is null or how <> '')
);
create unique index troubles_open on troubles (shipment_id, what) where settled_at is null;
create index troubles_since on troubles (since) where settled_at is null;
create index troubles_shipment on troubles (shipment_id);

-- What somebody did about it so far.
create table trouble_acts (
    id            bigint generated always as identity primary key,
    trouble_id    bigint not null references troubles,
    submission    text not null unique,
    what          text not null,
    note          text not null default '',
    staff_id      bigint not null references staff,
    at            timestamptz not null
);
create index trouble_acts_trouble on trouble_acts (trouble_id);

-- How the site ships; one row.
create table shipping_rules (
    only_row      boolean primary key default true check (only_row),
    still_days    integer not null default 4 check (still_days between 1 and 60)    -- without news a parcel stands still
);
insert into shipping_rules default values;

-- The own fleet: who drives, and what happened at a doorstep, with its proof.
alter table staff drop constraint staff_roles_check;
alter table staff add constraint staff_roles_check check (roles <@ array['receiver','picker','packer','shipper','driver','image processor','artist','art control',
    'production','fulfiller','client support','sales','clerk','manager','admin']);

create table doorsteps (
    id            bigint generated always as identity primary key,
    submission    text not null unique,
    shipment_id   bigint not null references shipments,
    manifest_id   bigint not null references manifests,
    outcome       text not null check (outcome in ('handed over','partly','refused','nobody home')),
    recipient     text not null default '',      -- who took it
    signature     text not null default '',      -- hash of a picture in the store of files
    photo         text not null default '',
    note          text not null default '',
    staff_id      bigint not null references staff,
    at            timestamptz not null
);
create index doorsteps_shipment on doorsteps (shipment_id);

create table doorstep_parcels (
    doorstep_id   bigint not null references doorsteps,
    carton_id     bigint not null references cartons,
    outcome       text not null check (outcome in ('delivered','refused','missing')),
    reason        text not null default '',
    primary key (doorstep_id, carton_id),
    check ((outcome = 'delivered') = (reason = ''))
);
create index doorstep_parcels_carton on doorstep_parcels (carton_id);

-- Parcels that a driver has scanned at their door and not yet handed over.
create table doorstep_scans (
    carton_id     bigint primary key references cartons,
    staff_id      bigint not null references staff,
    at            timestamptz not null
);

-- Carriers' own papers of what trucks took.
create table carrier_manifests (
    manifest_id   bigint primary key references manifests,
    asked_at      timestamptz not null,
    attempts      integer not null,
    pdf           bytea
);
