-- +goose Up

-- The key of the form whose button asked for a job: pressed twice in haste, or sent again by a browser, it prints once.
alter table print_jobs add column press uuid;
create unique index print_jobs_press on print_jobs (press, paper_id) where press is not null;
