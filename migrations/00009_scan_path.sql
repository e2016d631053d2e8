-- +goose Up

-- A scan that took another back cannot be taken back itself: asked at every scan, for each of the last ones.
create index scans_undone_by on scans (undone_by) where undone_by is not null;

-- Nothing asks for scans by their number alone; it orders those of one document.
alter table scans drop constraint scans_id_key;

-- Every movement of every person would share-lock the same two rows, the warehouse and the lot of what is in none. With
-- many scans at once that costs more than the movement. Its places belong to its warehouse, balances know their lot, and
-- check proves both.
alter table movements drop constraint movements_warehouse_id_fkey;
alter table movements drop constraint movements_lot_id_fkey;
