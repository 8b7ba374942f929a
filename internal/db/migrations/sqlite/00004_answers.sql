-- +goose Up
-- When a version was written, and a keyed hash of what it says: a push that
-- comes twice or late is told apart without opening anything.
ALTER TABLE message ADD COLUMN content TEXT NOT NULL DEFAULT '';
-- What the first look proposes to a moderator, and when one decided.
ALTER TABLE message ADD COLUMN flag TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN decided_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX message_flagged ON message (agency_id, id) WHERE flag <> '' AND decided_at = 0;
ALTER TABLE message_version ADD COLUMN content TEXT NOT NULL DEFAULT '';
ALTER TABLE message_version ADD COLUMN written_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reply ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';
CREATE INDEX reply_message ON reply (message_id, id);
-- A deletion that the platform told before it told what was deleted.
CREATE TABLE message_removed (
    channel_id TEXT NOT NULL REFERENCES channel(id),
    remote_id  TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (channel_id, remote_id)
);
-- One stopped clock: how long a citizen waited for a published answer.
CREATE TABLE response (
    id              TEXT PRIMARY KEY,
    agency_id       TEXT NOT NULL REFERENCES agency(id),
    channel_id      TEXT NOT NULL REFERENCES channel(id),
    conversation_id TEXT NOT NULL REFERENCES conversation(id),
    reply_id        TEXT NOT NULL UNIQUE,
    class           TEXT NOT NULL,
    from_at         BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    answered_at     BIGINT NOT NULL,
    spent           BIGINT NOT NULL,
    within          BOOLEAN NOT NULL
);
CREATE INDEX response_list ON response (agency_id, answered_at);
-- The messages one decision is about: identical copies are one decision.
CREATE TABLE decision_target (
    decision_id TEXT NOT NULL REFERENCES decision(id),
    message_id  TEXT NOT NULL REFERENCES message(id),
    state       TEXT NOT NULL,
    code        TEXT NOT NULL DEFAULT '',
    said        TEXT NOT NULL DEFAULT '',
    done_at     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (decision_id, message_id)
);
CREATE INDEX decision_target_message ON decision_target (message_id);
CREATE TABLE case_number (
    agency_id TEXT NOT NULL REFERENCES agency(id),
    year      BIGINT NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (agency_id, year)
);
-- +goose Down
DROP TABLE case_number; DROP TABLE decision_target; DROP TABLE response; DROP TABLE message_removed;
DROP INDEX reply_message; DROP INDEX message_flagged;
ALTER TABLE reply DROP COLUMN approved_by;
ALTER TABLE message_version DROP COLUMN written_at;
ALTER TABLE message_version DROP COLUMN content;
ALTER TABLE message DROP COLUMN content;
ALTER TABLE message DROP COLUMN decided_at;
ALTER TABLE message DROP COLUMN flag;
