-- +goose Up
-- Every policy that was in force in an agency, as it was written, so that each
-- decision can be read beside the clauses it was taken by.
CREATE TABLE policy_version (
    id         TEXT COLLATE "C" PRIMARY KEY,
    agency_id  TEXT COLLATE "C" NOT NULL REFERENCES agency(id),
    name       TEXT COLLATE "C" NOT NULL,
    version    BIGINT NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    yaml       TEXT COLLATE "C" NOT NULL,
    by_id      TEXT COLLATE "C" NOT NULL,
    in_force   BIGINT NOT NULL,
    UNIQUE (agency_id, name, version)
);
CREATE INDEX policy_version_force ON policy_version (agency_id, in_force);
-- How an agency has set one rule, against what the policy's text says.
CREATE TABLE rule_mode (
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agency(id),
    policy    TEXT COLLATE "C" NOT NULL,
    rule      TEXT COLLATE "C" NOT NULL,
    mode      TEXT COLLATE "C" NOT NULL,
    by_id     TEXT COLLATE "C" NOT NULL,
    why       TEXT COLLATE "C" NOT NULL DEFAULT '',
    at        BIGINT NOT NULL,
    PRIMARY KEY (agency_id, policy, rule)
);
-- Which rules matched a message at its first look, and what each of them
-- proposed, did, or would have done.
CREATE TABLE rule_hit (
    agency_id  TEXT COLLATE "C" NOT NULL,
    message_id TEXT COLLATE "C" NOT NULL REFERENCES message(id),
    policy     TEXT COLLATE "C" NOT NULL,
    rule       TEXT COLLATE "C" NOT NULL,
    act        TEXT COLLATE "C" NOT NULL,
    clause     TEXT COLLATE "C" NOT NULL,
    mode       TEXT COLLATE "C" NOT NULL,
    sampled    BOOLEAN NOT NULL DEFAULT FALSE,
    at         BIGINT NOT NULL,
    PRIMARY KEY (message_id, policy, rule)
);
CREATE INDEX rule_hit_rule ON rule_hit (agency_id, policy, rule, at);
-- What a rule hid by itself, on whose order, and what a person said of it
-- afterwards: '' (a person decided), due, ratified, overruled.
ALTER TABLE decision ADD COLUMN rule TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN ordered_by TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN ratify TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN ratified_by TEXT COLLATE "C" NOT NULL DEFAULT '';
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
