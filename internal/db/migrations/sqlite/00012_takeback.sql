-- +goose Up
-- An answer of ours that is taken back at its platform: who asked for it, why,
-- and how far it has come.
CREATE TABLE takeback (
    reply_id        TEXT PRIMARY KEY REFERENCES reply(id),
    agency_id       TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversation(id),
    by_id           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    state           TEXT NOT NULL,
    code            TEXT NOT NULL DEFAULT '',
    said            TEXT NOT NULL DEFAULT '',
    at              BIGINT NOT NULL,
    done_at         BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX takeback_conversation ON takeback (conversation_id);
-- +goose Down
DROP TABLE takeback;
