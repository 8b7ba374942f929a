-- +goose Up
CREATE TABLE agency (
    id         TEXT PRIMARY KEY,
    parent_id  TEXT NOT NULL DEFAULT '',
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    zone       TEXT NOT NULL,
    hours      TEXT NOT NULL DEFAULT '',
    reply_rule TEXT NOT NULL DEFAULT 'own',
    sla_answer BIGINT NOT NULL DEFAULT 3600000000,
    created_at BIGINT NOT NULL
);
CREATE TABLE person (
    id            TEXT PRIMARY KEY,
    agency_id     TEXT NOT NULL REFERENCES agency(id),
    username      TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    language      TEXT NOT NULL DEFAULT 'id',
    theme         TEXT NOT NULL DEFAULT '',
    disabled_at   BIGINT NOT NULL DEFAULT 0,
    created_at    BIGINT NOT NULL
);
CREATE TABLE role_grant (
    agency_id  TEXT NOT NULL REFERENCES agency(id),
    person_id  TEXT NOT NULL REFERENCES person(id),
    role       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, person_id, role)
);
CREATE INDEX role_grant_person ON role_grant (person_id);
-- id is a hash of the cookie: a stolen dump opens no session.
CREATE TABLE session (
    id         TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES person(id),
    agency_id  TEXT NOT NULL REFERENCES agency(id),
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX session_person ON session (person_id);
CREATE TABLE sign_in_failure (
    name_hash TEXT PRIMARY KEY,
    failures  BIGINT NOT NULL,
    until     BIGINT NOT NULL
);
CREATE TABLE audit (
    id           TEXT PRIMARY KEY,
    at           BIGINT NOT NULL,
    agency_id    TEXT NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL DEFAULT '',
    via          TEXT NOT NULL,
    deed         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    revision     BIGINT NOT NULL DEFAULT 0,
    digest       TEXT NOT NULL DEFAULT '',
    detail       TEXT NOT NULL DEFAULT '',
    hash         TEXT NOT NULL,
    sealed_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX audit_agency ON audit (agency_id, id);
CREATE INDEX audit_subject ON audit (agency_id, subject, id);
CREATE TABLE live (
    id        TEXT PRIMARY KEY,
    at        BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL
);
CREATE INDEX live_at ON live (at);
CREATE TABLE promise (
    kind        TEXT NOT NULL,
    key         TEXT NOT NULL,
    agency_id   TEXT NOT NULL,
    lane        TEXT NOT NULL DEFAULT '',
    class       TEXT NOT NULL,
    due_at      BIGINT NOT NULL,
    epoch       BIGINT NOT NULL DEFAULT 0,
    ring        BIGINT NOT NULL DEFAULT 0,
    rung_at     BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT NOT NULL DEFAULT 0,
    failures    BIGINT NOT NULL DEFAULT 0,
    state       TEXT NOT NULL,
    note        TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (kind, key)
);
CREATE UNIQUE INDEX promise_lane ON promise (lane) WHERE state = 'taken' AND lane <> '';
CREATE INDEX promise_rung ON promise (rung_at) WHERE state = 'open' AND lane <> '';
CREATE INDEX promise_due ON promise (due_at) WHERE state = 'open';
CREATE INDEX promise_lease ON promise (lease_until) WHERE state = 'taken';
CREATE TABLE app (
    id         TEXT PRIMARY KEY,
    agency_id  TEXT NOT NULL REFERENCES agency(id),
    platform   TEXT NOT NULL,
    name       TEXT NOT NULL,
    base_url   TEXT NOT NULL,
    secrets    BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE channel (
    id             TEXT PRIMARY KEY,
    agency_id      TEXT NOT NULL REFERENCES agency(id),
    app_id         TEXT NOT NULL REFERENCES app(id),
    platform       TEXT NOT NULL,
    mode           TEXT NOT NULL DEFAULT '',
    base_url       TEXT NOT NULL,
    remote_id      TEXT NOT NULL,
    handle         TEXT NOT NULL,
    name           TEXT NOT NULL,
    url            TEXT NOT NULL DEFAULT '',
    token          BLOB NOT NULL,
    sandbox        BOOLEAN NOT NULL DEFAULT FALSE,
    health         TEXT NOT NULL DEFAULT 'ok',
    health_note    TEXT NOT NULL DEFAULT '',
    strikes        BIGINT NOT NULL DEFAULT 0,
    pause_until    BIGINT NOT NULL DEFAULT 0,
    pace_remaining BIGINT NOT NULL DEFAULT -1,
    pace_reset     BIGINT NOT NULL DEFAULT 0,
    connected_at   BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    UNIQUE (agency_id, platform, base_url, remote_id, mode)
);
CREATE INDEX channel_account ON channel (platform, remote_id);
CREATE TABLE cursor (
    channel_id TEXT NOT NULL REFERENCES channel(id),
    feed       TEXT NOT NULL,
    value      TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (channel_id, feed)
);
-- A post or reply of our own account that the platform showed us.
CREATE TABLE sighting (
    channel_id  TEXT NOT NULL REFERENCES channel(id),
    remote_id   TEXT NOT NULL,
    url         TEXT NOT NULL DEFAULT '',
    in_reply_to TEXT NOT NULL DEFAULT '',
    fingerprint TEXT NOT NULL,
    posted_at   BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'new',
    PRIMARY KEY (channel_id, remote_id)
);
CREATE INDEX sighting_state ON sighting (state, seen_at);
CREATE TABLE media (
    id         TEXT PRIMARY KEY,
    agency_id  TEXT NOT NULL REFERENCES agency(id),
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    sha256     TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE rendition (
    media_id TEXT NOT NULL REFERENCES media(id),
    recipe   TEXT NOT NULL,
    type     TEXT NOT NULL,
    size     BIGINT NOT NULL,
    width    BIGINT NOT NULL,
    height   BIGINT NOT NULL,
    sha256   TEXT NOT NULL,
    PRIMARY KEY (media_id, recipe)
);
-- +goose Down
DROP TABLE rendition; DROP TABLE media; DROP TABLE sighting; DROP TABLE cursor; DROP TABLE channel; DROP TABLE app;
DROP TABLE promise; DROP TABLE live; DROP TABLE audit; DROP TABLE sign_in_failure; DROP TABLE session; DROP TABLE role_grant; DROP TABLE person; DROP TABLE agency;
