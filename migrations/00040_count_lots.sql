-- +goose Up

-- A count finds lots: so many of this one and so many of that. Until now it found items, and a difference was spread over
-- the lots that lay there.
alter table counts add column by_lot boolean not null default false;        -- false: of that time
alter table counts alter column by_lot set default true;
alter table count_lines add column lot_id bigint not null default 0 references lots;
alter table count_lines alter column lot_id drop default;
alter table count_lines drop constraint count_lines_pkey;
alter table count_lines add primary key (count_id, item_id, lot_id);
alter table count_scans add column lot_id bigint not null default 0 references lots;
alter table count_scans alter column lot_id drop default;

-- Who is in the middle of counting things with lots begins that bin anew.
create temporary table anew as
select distinct c.id from counts c join count_lines n on n.count_id = c.id join items i on i.id = n.item_id
where c.state = 'open' and i.tracking <> 'none';
update count_tasks set count_id = null where state = 'open' and count_id in (select id from anew);
delete from count_scans where count_id in (select id from anew);
update counts set state = 'cancelled' where id in (select id from anew);
drop table anew;

-- What the counter has in hand: of which lot it is, and while that is not known how many pieces of what is told of it.
alter table counting add column lot_id bigint not null default 0 references lots;
alter table counting add column quantity bigint not null default 0;
alter table counting add column lot text not null default '';
alter table counting add column expires_on date;
