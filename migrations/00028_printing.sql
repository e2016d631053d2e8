-- +goose Up

-- Label printers speak ZPL, office printers IPP; a paper keeps what each is sent, and the plan that the screen shows.
alter table printers drop constraint printers_kind_check;
alter table printers add constraint printers_kind_check check (kind in ('raw', 'zpl', 'ipp', 'browser'));   -- raw: PDF on a port; zpl: ZPL on a port
alter table papers add column zpl bytea;      -- null: not for label printers
alter table papers add column plan bytea;     -- null: made before plans were kept

-- taken: the printer has all of it and was not done yet. unsure: it broke off; a person looks what came out.
alter table print_jobs drop constraint print_jobs_state_check;
alter table print_jobs add constraint print_jobs_state_check check (state in ('queued', 'sending', 'taken', 'printed', 'unsure', 'failed', 'cancelled'));
alter table print_jobs add column remote_job integer;   -- the printer's own number, while it is taken
drop index print_jobs_open;
drop index print_jobs_failed;
create index print_jobs_open on print_jobs (printer_id, id) where state in ('queued', 'sending', 'taken');
create index print_jobs_stuck on print_jobs (id) where state in ('failed', 'unsure');
