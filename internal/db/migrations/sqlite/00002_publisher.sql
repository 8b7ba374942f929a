-- +goose Up
CREATE TABLE post (
    id         TEXT PRIMARY KEY,
    agency_id  TEXT NOT NULL REFERENCES agency(id),
    author_id  TEXT NOT NULL REFERENCES person(id),
    editor_ids TEXT NOT NULL DEFAULT '',
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    link       TEXT NOT NULL DEFAULT '',
    state      TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL DEFAULT 0,
    due_wall   TEXT NOT NULL DEFAULT '',
    due_zone   TEXT NOT NULL DEFAULT '',
    move_until TEXT NOT NULL DEFAULT '',
    not_before BIGINT NOT NULL DEFAULT 0,
    not_after  BIGINT NOT NULL DEFAULT 0,
    digest     TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX post_agency ON post (agency_id, state, updated_at);
CREATE INDEX post_due ON post (agency_id, due_at);
CREATE TABLE variant (
    id         TEXT PRIMARY KEY,
    agency_id  TEXT NOT NULL,
    post_id    TEXT NOT NULL REFERENCES post(id),
    channel_id TEXT NOT NULL REFERENCES channel(id),
    own        BOOLEAN NOT NULL DEFAULT FALSE,
    text       TEXT NOT NULL DEFAULT '',
    digest     TEXT NOT NULL DEFAULT '',
    payload    TEXT NOT NULL DEFAULT '',
    UNIQUE (post_id, channel_id)
);
CREATE TABLE post_media (
    post_id  TEXT NOT NULL REFERENCES post(id),
    position BIGINT NOT NULL,
    media_id TEXT NOT NULL REFERENCES media(id),
    alt      TEXT NOT NULL DEFAULT '',
    decorative BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (post_id, position)
);
-- What each revision said, for the approver's comparison.
CREATE TABLE post_revision (
    post_id  TEXT NOT NULL REFERENCES post(id),
    revision BIGINT NOT NULL,
    by_id    TEXT NOT NULL,
    at       BIGINT NOT NULL,
    content  TEXT NOT NULL,
    PRIMARY KEY (post_id, revision)
);
CREATE TABLE post_note (
    id        TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL,
    post_id   TEXT NOT NULL REFERENCES post(id),
    revision  BIGINT NOT NULL,
    by_id     TEXT NOT NULL,
    deed      TEXT NOT NULL,
    text      TEXT NOT NULL,
    at        BIGINT NOT NULL
);
CREATE INDEX post_note_post ON post_note (post_id, id);
CREATE TABLE approval (
    id         TEXT PRIMARY KEY,
    agency_id  TEXT NOT NULL,
    origin     TEXT NOT NULL,
    origin_id  TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    revision   BIGINT NOT NULL DEFAULT 0,
    digest     TEXT NOT NULL,
    by_id      TEXT NOT NULL,
    policy     TEXT NOT NULL DEFAULT '',
    at         BIGINT NOT NULL,
    voided_at  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX approval_origin ON approval (origin, origin_id);
CREATE TABLE delivery (
    id          TEXT PRIMARY KEY,
    agency_id   TEXT NOT NULL REFERENCES agency(id),
    channel_id  TEXT NOT NULL REFERENCES channel(id),
    origin      TEXT NOT NULL,
    origin_id   TEXT NOT NULL,
    after_id    TEXT NOT NULL DEFAULT '',
    digest      TEXT NOT NULL,
    payload     TEXT NOT NULL,
    state       TEXT NOT NULL,
    due_at      BIGINT NOT NULL,
    not_before  BIGINT NOT NULL,
    not_after   BIGINT NOT NULL,
    absent      BIGINT NOT NULL DEFAULT 0,
    code        TEXT NOT NULL DEFAULT '',
    said        TEXT NOT NULL DEFAULT '',
    fix         TEXT NOT NULL DEFAULT '',
    evidence    TEXT NOT NULL DEFAULT '',
    remote_id   TEXT,
    remote_url  TEXT NOT NULL DEFAULT '',
    published_at BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (channel_id, remote_id)
);
CREATE INDEX delivery_origin ON delivery (origin, origin_id);
CREATE INDEX delivery_agency ON delivery (agency_id, state, due_at);
CREATE INDEX delivery_channel ON delivery (channel_id, state, published_at);
CREATE TABLE attempt (
    delivery_id TEXT NOT NULL REFERENCES delivery(id),
    epoch       BIGINT NOT NULL,
    act         TEXT NOT NULL,
    key         TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL DEFAULT 0,
    outcome     TEXT NOT NULL DEFAULT '',
    status      BIGINT NOT NULL DEFAULT 0,
    said        TEXT NOT NULL DEFAULT '',
    remote_id   TEXT NOT NULL DEFAULT '',
    remote_url  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (delivery_id, epoch, act)
);
CREATE TABLE stage (
    delivery_id TEXT NOT NULL REFERENCES delivery(id),
    name        TEXT NOT NULL,
    value       TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (delivery_id, name)
);
CREATE TABLE engagement (
    delivery_id TEXT NOT NULL REFERENCES delivery(id),
    at          BIGINT NOT NULL,
    counts      TEXT NOT NULL,
    PRIMARY KEY (delivery_id, at)
);
-- +goose Down
DROP TABLE engagement; DROP TABLE stage; DROP TABLE attempt; DROP TABLE delivery; DROP TABLE approval; DROP TABLE post_note; DROP TABLE post_revision; DROP TABLE post_media; DROP TABLE variant; DROP TABLE post;
