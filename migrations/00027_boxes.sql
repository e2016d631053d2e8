-- +goose Up

-- How an item travels: it keeps its height up, or shares its carton with nothing.
alter table items add column upright boolean not null default false;
alter table items add column ships_alone boolean not null default false;
