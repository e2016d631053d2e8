-- +goose Up

-- What the open box looked like: pictures by their content's hash, kept for good. A house may want one of every carton.
create table carton_photos (
    id         bigint generated always as identity primary key,
    carton_id  bigint not null references cartons,
    photo      text not null check (photo ~ '^[0-9a-f]{64}$'),
    staff_id   bigint not null references staff,
    at         timestamptz not null,
    unique (carton_id, photo)
);
alter table warehouses add column photo_first boolean not null default false;
