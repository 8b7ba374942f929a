-- +goose Up
-- Every policy that was in force in an agency, as it was written, so that each
-- decision can be read beside the clauses it was taken by.
CREATE TABLE policy_version (
    id         TEXT PRIMARY KEY,
    agency_id  TEXT NOT NULL REFERENCES agency(id),
    name       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    digest     TEXT NOT NULL,
    yaml       TEXT NOT NULL,
    by_id      TEXT NOT NULL,
    in_force   BIGINT NOT NULL,
    UNIQUE (agency_id, name, version)
);
CREATE INDEX policy_version_force ON policy_version (agency_id, in_force);
-- How an agency has set one rule, against what the policy's text says.
CREATE TABLE rule_mode (
    agency_id TEXT NOT NULL REFERENCES agency(id),
    policy    TEXT NOT NULL,
    rule      TEXT NOT NULL,
    mode      TEXT NOT NULL,
    by_id     TEXT NOT NULL,
    why       TEXT NOT NULL DEFAULT '',
    at        BIGINT NOT NULL,
    PRIMARY KEY (agency_id, policy, rule)
);
-- Which rules matched a message at its first look, and what each of them
-- proposed, did, or would have done.
CREATE TABLE rule_hit (
    agency_id  TEXT NOT NULL,
    message_id TEXT NOT NULL REFERENCES message(id),
    policy     TEXT NOT NULL,
    rule       TEXT NOT NULL,
    act        TEXT NOT NULL,
    clause     TEXT NOT NULL,
    mode       TEXT NOT NULL,
    sampled    BOOLEAN NOT NULL DEFAULT FALSE,
    at         BIGINT NOT NULL,
    PRIMARY KEY (message_id, policy, rule)
);
CREATE INDEX rule_hit_rule ON rule_hit (agency_id, policy, rule, at);
-- What a rule hid by itself, on whose order, and what a person said of it
-- afterwards: '' (a person decided), due, ratified, overruled.
ALTER TABLE decision ADD COLUMN rule TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN ordered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN ratify TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN ratified_by TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN ratified_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX decision_ratify ON decision (agency_id, ratify) WHERE ratify = 'due';
-- What an account wrote here before, and how often one text came: asked about
-- every message, so the index alone must answer.
CREATE INDEX message_citizen ON message (agency_id, citizen, received_at, hidden_at);
CREATE INDEX message_copies ON message (agency_id, fingerprint, received_at, citizen);
-- +goose Down
DROP INDEX message_copies; DROP INDEX message_citizen; DROP INDEX decision_ratify;
ALTER TABLE decision DROP COLUMN ratified_at;
ALTER TABLE decision DROP COLUMN ratified_by;
ALTER TABLE decision DROP COLUMN ratify;
ALTER TABLE decision DROP COLUMN ordered_by;
ALTER TABLE decision DROP COLUMN rule;
DROP TABLE rule_hit; DROP TABLE rule_mode; DROP TABLE policy_version;
