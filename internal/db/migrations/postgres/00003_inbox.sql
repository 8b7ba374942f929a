-- +goose Up
CREATE TABLE conversation (
    id          TEXT COLLATE "C" PRIMARY KEY,
    agency_id   TEXT COLLATE "C" NOT NULL REFERENCES agency(id),
    channel_id  TEXT COLLATE "C" NOT NULL REFERENCES channel(id),
    thread      TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    citizen     TEXT COLLATE "C" NOT NULL,
    summary     TEXT COLLATE "C" NOT NULL DEFAULT '',
    origin_id   TEXT COLLATE "C" NOT NULL DEFAULT '',
    status      TEXT COLLATE "C" NOT NULL,
    assignee_id TEXT COLLATE "C" NOT NULL DEFAULT '',
    class       TEXT COLLATE "C" NOT NULL DEFAULT 'normal',
    priority    BIGINT NOT NULL DEFAULT 0,
    labels      TEXT COLLATE "C" NOT NULL DEFAULT '',
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
    id              TEXT COLLATE "C" PRIMARY KEY,
    agency_id       TEXT COLLATE "C" NOT NULL REFERENCES agency(id),
    channel_id      TEXT COLLATE "C" NOT NULL REFERENCES channel(id),
    conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversation(id),
    remote_id       TEXT COLLATE "C" NOT NULL,
    in_reply_to     TEXT COLLATE "C" NOT NULL DEFAULT '',
    kind            TEXT COLLATE "C" NOT NULL,
    citizen         TEXT COLLATE "C" NOT NULL,
    handle_masked   TEXT COLLATE "C" NOT NULL DEFAULT '',
    masked          TEXT COLLATE "C" NOT NULL,
    spans           TEXT COLLATE "C" NOT NULL DEFAULT '',
    original        BYTEA NOT NULL,
    fingerprint     TEXT COLLATE "C" NOT NULL DEFAULT '',
    url             TEXT COLLATE "C" NOT NULL DEFAULT '',
    version         BIGINT NOT NULL DEFAULT 1,
    posted_at       BIGINT NOT NULL,
    received_at     BIGINT NOT NULL,
    edited_at       BIGINT NOT NULL DEFAULT 0,
    deleted_at      BIGINT NOT NULL DEFAULT 0,
    hidden_at       BIGINT NOT NULL DEFAULT 0,
    triaged_at      BIGINT NOT NULL DEFAULT 0,
    labels          TEXT COLLATE "C" NOT NULL DEFAULT '',
    verdict         TEXT COLLATE "C" NOT NULL DEFAULT '',
    UNIQUE (channel_id, remote_id)
);
CREATE INDEX message_conversation ON message (conversation_id, posted_at, id);
CREATE INDEX message_triage ON message (channel_id, received_at) WHERE triaged_at = 0;
CREATE INDEX message_fingerprint ON message (agency_id, fingerprint);
CREATE TABLE message_version (
    message_id TEXT COLLATE "C" NOT NULL REFERENCES message(id),
    version    BIGINT NOT NULL,
    masked     TEXT COLLATE "C" NOT NULL,
    original   BYTEA NOT NULL,
    seen_at    BIGINT NOT NULL,
    PRIMARY KEY (message_id, version)
);
CREATE TABLE conversation_note (
    id              TEXT COLLATE "C" PRIMARY KEY,
    agency_id       TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversation(id),
    by_id           TEXT COLLATE "C" NOT NULL,
    text            TEXT COLLATE "C" NOT NULL,
    at              BIGINT NOT NULL
);
CREATE INDEX conversation_note_list ON conversation_note (conversation_id, id);
CREATE TABLE reply (
    id              TEXT COLLATE "C" PRIMARY KEY,
    agency_id       TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversation(id),
    message_id      TEXT COLLATE "C" NOT NULL REFERENCES message(id),
    by_id           TEXT COLLATE "C" NOT NULL,
    text            TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL,
    delivery_id     TEXT COLLATE "C" NOT NULL DEFAULT '',
    published_at    BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL
);
CREATE INDEX reply_conversation ON reply (conversation_id, id);
-- What a platform pushed, as it came, encrypted, until it has been parsed.
CREATE TABLE push (
    id          TEXT COLLATE "C" PRIMARY KEY,
    app_id      TEXT COLLATE "C" NOT NULL REFERENCES app(id),
    received_at BIGINT NOT NULL,
    body        BYTEA NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    note        TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX push_state ON push (state, received_at);
CREATE TABLE decision (
    id          TEXT COLLATE "C" PRIMARY KEY,
    agency_id   TEXT COLLATE "C" NOT NULL,
    number      TEXT COLLATE "C" NOT NULL,
    message_id  TEXT COLLATE "C" NOT NULL REFERENCES message(id),
    channel_id  TEXT COLLATE "C" NOT NULL,
    act         TEXT COLLATE "C" NOT NULL,
    clause      TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C" NOT NULL,
    policy      TEXT COLLATE "C" NOT NULL,
    evidence    BYTEA NOT NULL,
    by_id       TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    code        TEXT COLLATE "C" NOT NULL DEFAULT '',
    said        TEXT COLLATE "C" NOT NULL DEFAULT '',
    at          BIGINT NOT NULL,
    done_at     BIGINT NOT NULL DEFAULT 0,
    UNIQUE (agency_id, number)
);
CREATE INDEX decision_message ON decision (message_id, id);
CREATE INDEX decision_list ON decision (agency_id, at);
-- +goose Down
DROP TABLE decision; DROP TABLE push; DROP TABLE reply; DROP TABLE conversation_note; DROP TABLE message_version; DROP TABLE message; DROP TABLE conversation;
