-- +goose Up

-- Where the walks of a zone begin and end: its hand-over point. Null: where all walks do.
alter table zone_rules add column hand_over_id bigint references locations;

-- Two people who change the rules at once are told of it.
alter table pick_rules add column version integer not null default 1;

-- No lists of the same orders from the same bins would be walked in less; 0: nobody knows.
alter table waves add column bound_mm bigint not null default 0;
