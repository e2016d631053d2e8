-- +goose Up

-- Goods in hand whose lot or serial number the screen asks for, where their barcode does not say it.
alter table putting_away add column item_id bigint references items;
alter table moving add column lot_id bigint references lots,    -- null: whichever, or all of them
    add column asks boolean not null default false;
