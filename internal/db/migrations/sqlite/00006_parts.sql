-- +goose Up
-- How long a film runs, in microseconds; 0 for a picture.
ALTER TABLE media ADD COLUMN length BIGINT NOT NULL DEFAULT 0;
-- What goes below a post: its continuations (a JSON list) and its first comment.
ALTER TABLE post ADD COLUMN parts TEXT NOT NULL DEFAULT '';
ALTER TABLE post ADD COLUMN first_comment TEXT NOT NULL DEFAULT '';
-- What was frozen of them at submission, with their digests (JSON).
ALTER TABLE variant ADD COLUMN below TEXT NOT NULL DEFAULT '';
-- Where a part went: the id it was sent below and its thread's root, as the
-- receipt of the part before named them. Not signed: unknown when people sign.
ALTER TABLE delivery ADD COLUMN below_id TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN root_id TEXT NOT NULL DEFAULT '';
-- Who published it by hand, on the platform's own page.
ALTER TABLE delivery ADD COLUMN hand_id TEXT NOT NULL DEFAULT '';
CREATE INDEX delivery_after ON delivery (after_id) WHERE after_id <> '';
-- +goose Down
DROP INDEX delivery_after;
ALTER TABLE delivery DROP COLUMN hand_id;
ALTER TABLE delivery DROP COLUMN root_id;
ALTER TABLE delivery DROP COLUMN below_id;
ALTER TABLE variant DROP COLUMN below;
ALTER TABLE post DROP COLUMN first_comment;
ALTER TABLE post DROP COLUMN parts;
ALTER TABLE media DROP COLUMN length;
