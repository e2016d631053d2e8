-- +goose Up
-- What a returned unit looked like when somebody decided about it: the content hash of the photo.
alter table dispositions add column photo text;
