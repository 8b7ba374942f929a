-- +goose Up
-- Kinds of files that came along with a message ("image video").
ALTER TABLE message ADD COLUMN files TEXT COLLATE "C" NOT NULL DEFAULT '';
-- A private answer to a public comment, and the approved template it was made of.
ALTER TABLE reply ADD COLUMN private BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE reply ADD COLUMN template TEXT COLLATE "C" NOT NULL DEFAULT '';
-- +goose Down
ALTER TABLE reply DROP COLUMN template;
ALTER TABLE reply DROP COLUMN private;
ALTER TABLE message DROP COLUMN files;
