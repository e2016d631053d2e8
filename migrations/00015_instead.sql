-- +goose Up

-- Planned for a stop that gave too little: what was missing there is not missing for the order.
alter table pick_tasks add column instead boolean not null default false;
