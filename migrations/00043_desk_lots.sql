-- +goose Up

-- Which lot, or which piece by its serial number, a person named at the inspection of what came back. What was decided
-- before moved under the lot that its line had been counted under.
alter table dispositions add column lot_id bigint not null default 0 references lots;
alter table return_hands add column lot_id bigint references lots;      -- null: not named yet; 0: it has none

update dispositions d set lot_id = l.lot_id from return_lines l where l.id = d.line_id and l.lot_id <> 0;
-- What is tracked is counted under no lot from now on, until somebody reads it off the piece.
update return_lines l set lot_id = 0 from items i where i.id = l.item_id and i.tracking <> 'none' and l.received = 0 and l.lot_id <> 0;
