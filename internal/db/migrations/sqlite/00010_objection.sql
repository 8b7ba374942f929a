-- +goose Up
-- One objection to a decision: what everybody said about it is filed with it.
CREATE TABLE objection (
    id          TEXT PRIMARY KEY,
    agency_id   TEXT NOT NULL REFERENCES agency(id),
    decision_id TEXT NOT NULL REFERENCES decision(id),
    state       TEXT NOT NULL,
    filed_at    BIGINT NOT NULL,
    -- The clock it started with: a later change of the data does not move it.
    clock       TEXT NOT NULL DEFAULT '',
    due_at      BIGINT NOT NULL DEFAULT 0,
    other_due   BIGINT NOT NULL DEFAULT 0,
    certain     BOOLEAN NOT NULL DEFAULT FALSE,
    decided_by  TEXT NOT NULL DEFAULT '',
    decided_at  BIGINT NOT NULL DEFAULT 0,
    reason      TEXT NOT NULL DEFAULT '',
    clause      TEXT NOT NULL DEFAULT '',
    undone_by   TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX objection_open ON objection (decision_id) WHERE state = 'open';
CREATE INDEX objection_list ON objection (agency_id, state, due_at, id);
CREATE INDEX objection_decision ON objection (decision_id, id);
-- What one person wrote. Nothing says who: the receipt, of which only a keyed
-- hash is kept, is all there is to come back with.
CREATE TABLE objection_word (
    id           TEXT PRIMARY KEY,
    agency_id    TEXT NOT NULL,
    objection_id TEXT NOT NULL REFERENCES objection(id),
    kind         TEXT NOT NULL,
    receipt      TEXT NOT NULL,
    form         TEXT NOT NULL UNIQUE,
    masked       TEXT NOT NULL,
    original     BLOB NOT NULL,
    at           BIGINT NOT NULL
);
CREATE INDEX objection_word_list ON objection_word (objection_id, id);
CREATE INDEX objection_word_receipt ON objection_word (receipt);
-- What a citizen is told of a decision, and why she could not be told.
CREATE TABLE notice (
    id           TEXT PRIMARY KEY,
    agency_id    TEXT NOT NULL REFERENCES agency(id),
    decision_id  TEXT NOT NULL REFERENCES decision(id),
    objection_id TEXT NOT NULL DEFAULT '',
    after_id     TEXT NOT NULL DEFAULT '',
    message_id   TEXT NOT NULL REFERENCES message(id),
    kind         TEXT NOT NULL,
    way          TEXT NOT NULL,
    text         TEXT NOT NULL DEFAULT '',
    state        TEXT NOT NULL,
    code         TEXT NOT NULL DEFAULT '',
    reply_id     TEXT NOT NULL DEFAULT '',
    by_id        TEXT NOT NULL,
    at           BIGINT NOT NULL,
    UNIQUE (decision_id, objection_id, message_id)
);
CREATE INDEX notice_reply ON notice (reply_id) WHERE reply_id <> '';
CREATE INDEX notice_after ON notice (after_id, state);
-- +goose Down
DROP TABLE notice; DROP TABLE objection_word; DROP TABLE objection;
