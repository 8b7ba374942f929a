-- +goose Up
-- The public account is counted from the trail: by deed and month.
CREATE INDEX audit_deed ON audit (agency_id, deed, at);
CREATE INDEX message_received ON message (agency_id, received_at);
-- A decision told in the office's own words, as an example for everybody. Not
-- one word in a row is the citizen's, and no day is told.
CREATE TABLE example (
    id          TEXT COLLATE "C" PRIMARY KEY,
    agency_id   TEXT COLLATE "C" NOT NULL REFERENCES agency(id),
    decision_id TEXT COLLATE "C" NOT NULL REFERENCES decision(id),
    act         TEXT COLLATE "C" NOT NULL,
    clause      TEXT COLLATE "C" NOT NULL,
    policy      TEXT COLLATE "C" NOT NULL,
    month       TEXT COLLATE "C" NOT NULL,
    text        TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    by_id       TEXT COLLATE "C" NOT NULL,
    released_by TEXT COLLATE "C" NOT NULL DEFAULT '',
    ended_by    TEXT COLLATE "C" NOT NULL DEFAULT '',
    reason      TEXT COLLATE "C" NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL,
    released_at BIGINT NOT NULL DEFAULT 0,
    ended_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX example_list ON example (agency_id, state, id);
CREATE UNIQUE INDEX example_decision ON example (decision_id) WHERE state IN ('draft', 'released');
-- +goose Down
DROP TABLE example; DROP INDEX message_received; DROP INDEX audit_deed;
