-- +goose Up
-- When a token last opened the API, to the minute: whoever revokes one sees whether somebody still needs it.
alter table api_tokens add column last_used_at timestamptz;
