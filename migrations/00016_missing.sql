-- +goose Up

-- What of a pick was not in its tote any more when it was sorted: it was taken, is picked no longer, and is booked to lost.
alter table pick_counts add column lost bigint not null default 0,
	add constraint pick_counts_lost_check check (lost between 0 and quantity);
