-- +goose Up
-- The public account is counted from the trail: by deed and month.
CREATE INDEX audit_deed ON audit (agency_id, deed, at);
CREATE INDEX message_received ON message (agency_id, received_at);
-- A decision told in the office's own words, as an example for everybody. Not
-- one word in a row is the citizen's, and no day is told.
CREATE TABLE example (
    id          TEXT PRIMARY KEY,
    agency_id   TEXT NOT NULL REFERENCES agency(id),
    decision_id TEXT NOT NULL REFERENCES decision(id),
    act         TEXT NOT NULL,
    clause      TEXT NOT NULL,
    policy      TEXT NOT NULL,
    month       TEXT NOT NULL,
    text        TEXT NOT NULL,
    state       TEXT NOT NULL,
    by_id       TEXT NOT NULL,
    released_by TEXT NOT NULL DEFAULT '',
    ended_by    TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL,
    released_at BIGINT NOT NULL DEFAULT 0,
    ended_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX example_list ON example (agency_id, state, id);
CREATE UNIQUE INDEX example_decision ON example (decision_id) WHERE state IN ('draft', 'released');
-- +goose Down
DROP TABLE example; DROP INDEX message_received; DROP INDEX audit_deed;
