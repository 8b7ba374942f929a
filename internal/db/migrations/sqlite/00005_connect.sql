-- +goose Up
-- Other ids a platform knows the account by (space separated): pushes name them.
ALTER TABLE channel ADD COLUMN also TEXT NOT NULL DEFAULT '';
-- Permissions that the platform did not give (space separated).
ALTER TABLE channel ADD COLUMN missing TEXT NOT NULL DEFAULT '';
-- When the credential runs out: 0 when it does not or the platform did not say.
ALTER TABLE channel ADD COLUMN token_expires BIGINT NOT NULL DEFAULT 0;
-- Where the platform pushes: since when, and what it said when it would not.
ALTER TABLE channel ADD COLUMN push_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN push_code TEXT NOT NULL DEFAULT '';
-- What the platform gave back of a delivery, and what became of it afterwards.
ALTER TABLE sighting ADD COLUMN delivery_key TEXT NOT NULL DEFAULT '';
ALTER TABLE sighting ADD COLUMN failed TEXT NOT NULL DEFAULT '';
-- What a channel's calls cost in a month ("2026-11").
CREATE TABLE spending (
    channel_id TEXT NOT NULL REFERENCES channel(id),
    month      TEXT NOT NULL,
    calls      BIGINT NOT NULL,
    usd_micros BIGINT NOT NULL,
    PRIMARY KEY (channel_id, month)
);
-- A person on the way through a platform's consent page. The id is a hash of
-- the state, which only their browser and the platform know.
CREATE TABLE consent (
    id         TEXT PRIMARY KEY,
    agency_id  TEXT NOT NULL REFERENCES agency(id),
    person_id  TEXT NOT NULL REFERENCES person(id),
    session_id TEXT NOT NULL,
    platform   TEXT NOT NULL,
    mode       TEXT NOT NULL DEFAULT '',
    base_url   TEXT NOT NULL,
    redirect   TEXT NOT NULL,
    sandbox    BOOLEAN NOT NULL DEFAULT FALSE,
    secrets    BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL DEFAULT 0,
    result     BLOB
);
CREATE INDEX consent_created ON consent (created_at);
-- +goose Down
DROP TABLE consent; DROP TABLE spending;
ALTER TABLE sighting DROP COLUMN failed;
ALTER TABLE sighting DROP COLUMN delivery_key;
ALTER TABLE channel DROP COLUMN push_code;
ALTER TABLE channel DROP COLUMN push_at;
ALTER TABLE channel DROP COLUMN token_expires;
ALTER TABLE channel DROP COLUMN missing;
ALTER TABLE channel DROP COLUMN also;
