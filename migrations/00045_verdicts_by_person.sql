-- +goose Up

-- The returns desk offers everybody to take back the last verdict of their own.
create index dispositions_staff on dispositions (staff_id, id desc);
