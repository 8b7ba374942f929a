-- +goose Up
-- An answer of ours that is taken back at its platform: who asked for it, why,
-- and how far it has come.
CREATE TABLE takeback (
    reply_id        TEXT COLLATE "C" PRIMARY KEY REFERENCES reply(id),
    agency_id       TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversation(id),
    by_id           TEXT COLLATE "C" NOT NULL,
    reason          TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL,
    code            TEXT COLLATE "C" NOT NULL DEFAULT '',
    said            TEXT COLLATE "C" NOT NULL DEFAULT '',
    at              BIGINT NOT NULL,
    done_at         BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX takeback_conversation ON takeback (conversation_id);
-- +goose Down
DROP TABLE takeback;
