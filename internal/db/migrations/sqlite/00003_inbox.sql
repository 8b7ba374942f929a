-- +goose Up
CREATE TABLE conversation (
    id          TEXT PRIMARY KEY,
    agency_id   TEXT NOT NULL REFERENCES agency(id),
    channel_id  TEXT NOT NULL REFERENCES channel(id),
    thread      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    citizen     TEXT NOT NULL,
    summary     TEXT NOT NULL DEFAULT '',
    origin_id   TEXT NOT NULL DEFAULT '',
    status      TEXT NOT NULL,
    assignee_id TEXT NOT NULL DEFAULT '',
    class       TEXT NOT NULL DEFAULT 'normal',
    priority    BIGINT NOT NULL DEFAULT 0,
    labels      TEXT NOT NULL DEFAULT '',
    sla_from    BIGINT NOT NULL DEFAULT 0,
    sla_due     BIGINT NOT NULL DEFAULT 0,
    answered_at BIGINT NOT NULL DEFAULT 0,
    spent       BIGINT NOT NULL DEFAULT 0,
    last_at     BIGINT NOT NULL,
    revision    BIGINT NOT NULL DEFAULT 1,
    created_at  BIGINT NOT NULL,
    UNIQUE (channel_id, thread, citizen)
);
CREATE INDEX conversation_list ON conversation (agency_id, status, sla_due, id);
CREATE INDEX conversation_citizen ON conversation (agency_id, citizen, id);
CREATE TABLE message (
    id              TEXT PRIMARY KEY,
    agency_id       TEXT NOT NULL REFERENCES agency(id),
    channel_id      TEXT NOT NULL REFERENCES channel(id),
    conversation_id TEXT NOT NULL REFERENCES conversation(id),
    remote_id       TEXT NOT NULL,
    in_reply_to     TEXT NOT NULL DEFAULT '',
    kind            TEXT NOT NULL,
    citizen         TEXT NOT NULL,
    handle_masked   TEXT NOT NULL DEFAULT '',
    masked          TEXT NOT NULL,
    spans           TEXT NOT NULL DEFAULT '',
    original        BLOB NOT NULL,
    fingerprint     TEXT NOT NULL DEFAULT '',
    url             TEXT NOT NULL DEFAULT '',
    version         BIGINT NOT NULL DEFAULT 1,
    posted_at       BIGINT NOT NULL,
    received_at     BIGINT NOT NULL,
    edited_at       BIGINT NOT NULL DEFAULT 0,
    deleted_at      BIGINT NOT NULL DEFAULT 0,
    hidden_at       BIGINT NOT NULL DEFAULT 0,
    triaged_at      BIGINT NOT NULL DEFAULT 0,
    labels          TEXT NOT NULL DEFAULT '',
    verdict         TEXT NOT NULL DEFAULT '',
    UNIQUE (channel_id, remote_id)
);
CREATE INDEX message_conversation ON message (conversation_id, posted_at, id);
CREATE INDEX message_triage ON message (channel_id, received_at) WHERE triaged_at = 0;
CREATE INDEX message_fingerprint ON message (agency_id, fingerprint);
CREATE TABLE message_version (
    message_id TEXT NOT NULL REFERENCES message(id),
    version    BIGINT NOT NULL,
    masked     TEXT NOT NULL,
    original   BLOB NOT NULL,
    seen_at    BIGINT NOT NULL,
    PRIMARY KEY (message_id, version)
);
CREATE TABLE conversation_note (
    id              TEXT PRIMARY KEY,
    agency_id       TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversation(id),
    by_id           TEXT NOT NULL,
    text            TEXT NOT NULL,
    at              BIGINT NOT NULL
);
CREATE INDEX conversation_note_list ON conversation_note (conversation_id, id);
CREATE TABLE reply (
    id              TEXT PRIMARY KEY,
    agency_id       TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversation(id),
    message_id      TEXT NOT NULL REFERENCES message(id),
    by_id           TEXT NOT NULL,
    text            TEXT NOT NULL,
    state           TEXT NOT NULL,
    delivery_id     TEXT NOT NULL DEFAULT '',
    published_at    BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL
);
CREATE INDEX reply_conversation ON reply (conversation_id, id);
-- What a platform pushed, as it came, encrypted, until it has been parsed.
CREATE TABLE push (
    id          TEXT PRIMARY KEY,
    app_id      TEXT NOT NULL REFERENCES app(id),
    received_at BIGINT NOT NULL,
    body        BLOB NOT NULL,
    state       TEXT NOT NULL,
    note        TEXT NOT NULL DEFAULT ''
);
CREATE INDEX push_state ON push (state, received_at);
CREATE TABLE decision (
    id          TEXT PRIMARY KEY,
    agency_id   TEXT NOT NULL,
    number      TEXT NOT NULL,
    message_id  TEXT NOT NULL REFERENCES message(id),
    channel_id  TEXT NOT NULL,
    act         TEXT NOT NULL,
    clause      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    policy      TEXT NOT NULL,
    evidence    BLOB NOT NULL,
    by_id       TEXT NOT NULL,
    state       TEXT NOT NULL,
    code        TEXT NOT NULL DEFAULT '',
    said        TEXT NOT NULL DEFAULT '',
    at          BIGINT NOT NULL,
    done_at     BIGINT NOT NULL DEFAULT 0,
    UNIQUE (agency_id, number)
);
CREATE INDEX decision_message ON decision (message_id, id);
CREATE INDEX decision_list ON decision (agency_id, at);
-- +goose Down
DROP TABLE decision; DROP TABLE push; DROP TABLE reply; DROP TABLE conversation_note; DROP TABLE message_version; DROP TABLE message; DROP TABLE conversation;
