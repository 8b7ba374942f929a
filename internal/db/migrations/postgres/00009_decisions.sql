-- +goose Up
-- Where a message stands in the moderators' queue: when it was posted, moved
-- forward by its risk, so that what waits rises.
ALTER TABLE message ADD COLUMN queue_at BIGINT NOT NULL DEFAULT 0;
UPDATE message SET queue_at = posted_at;
CREATE INDEX message_queue ON message (agency_id, queue_at, id) WHERE flag <> '' AND decided_at = 0;
-- What a decision takes back, and who confirmed a large one.
ALTER TABLE decision ADD COLUMN reverses TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN second_id TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX decision_reverses ON decision (reverses) WHERE reverses <> '';
CREATE INDEX decision_clause ON decision (agency_id, clause, id);
-- Who looks at a case now. Identical copies are one case.
CREATE TABLE moderation_claim (
    agency_id TEXT COLLATE "C" NOT NULL,
    case_key  TEXT COLLATE "C" NOT NULL,
    by_id     TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    until_at  BIGINT NOT NULL,
    PRIMARY KEY (agency_id, case_key)
);
CREATE INDEX moderation_claim_by ON moderation_claim (agency_id, by_id);
-- A large order that waits for a second person.
CREATE TABLE proposal (
    id          TEXT COLLATE "C" PRIMARY KEY,
    agency_id   TEXT COLLATE "C" NOT NULL,
    by_id       TEXT COLLATE "C" NOT NULL,
    act         TEXT COLLATE "C" NOT NULL,
    clause      TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C" NOT NULL,
    policy      TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    second_id   TEXT COLLATE "C" NOT NULL DEFAULT '',
    said        TEXT COLLATE "C" NOT NULL DEFAULT '',
    decision_id TEXT COLLATE "C" NOT NULL DEFAULT '',
    at          BIGINT NOT NULL,
    done_at     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX proposal_list ON proposal (agency_id, state, id);
CREATE TABLE proposal_item (
    proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposal(id),
    message_id  TEXT COLLATE "C" NOT NULL REFERENCES message(id),
    version     BIGINT NOT NULL, -- that was read: what is edited meanwhile is left out
    PRIMARY KEY (proposal_id, message_id)
);
CREATE INDEX proposal_item_message ON proposal_item (message_id);
-- The quality sample: a second person decides again without knowing the first.
CREATE TABLE quality_review (
    id          TEXT COLLATE "C" PRIMARY KEY,
    decision_id TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES decision(id),
    agency_id   TEXT COLLATE "C" NOT NULL,
    first       TEXT COLLATE "C" NOT NULL,
    sampled_at  BIGINT NOT NULL,
    by_id       TEXT COLLATE "C" NOT NULL DEFAULT '',
    second      TEXT COLLATE "C" NOT NULL DEFAULT '',
    reason      TEXT COLLATE "C" NOT NULL DEFAULT '',
    at          BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX quality_review_list ON quality_review (agency_id, at, id);
-- Words of decided messages as numbers, taken from the masked text, to find
-- what resembles them.
CREATE TABLE decided_word (
    agency_id  TEXT COLLATE "C" NOT NULL,
    word       BIGINT NOT NULL,
    message_id TEXT COLLATE "C" NOT NULL REFERENCES message(id),
    PRIMARY KEY (agency_id, word, message_id)
);
-- What was passed on to somebody who must know or advise.
CREATE TABLE escalation (
    decision_id TEXT COLLATE "C" PRIMARY KEY REFERENCES decision(id),
    agency_id   TEXT COLLATE "C" NOT NULL,
    message_id  TEXT COLLATE "C" NOT NULL REFERENCES message(id),
    to_id       TEXT COLLATE "C" NOT NULL,
    note        TEXT COLLATE "C" NOT NULL,
    answer      TEXT COLLATE "C" NOT NULL DEFAULT '',
    answered_by TEXT COLLATE "C" NOT NULL DEFAULT '',
    answered_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX escalation_list ON escalation (agency_id, answered_at, decision_id);
CREATE INDEX escalation_message ON escalation (message_id);
-- For the moderators' own good, never for judging them: the running stretch of
-- disturbing messages that a person opened. It is deleted when they rest.
CREATE TABLE exposure (
    person_id TEXT COLLATE "C" PRIMARY KEY,
    since     BIGINT NOT NULL,
    last_at   BIGINT NOT NULL,
    items     BIGINT NOT NULL,
    postponed BOOLEAN NOT NULL DEFAULT FALSE,
    rest_items BIGINT NOT NULL,
    rest_at   BIGINT NOT NULL
);
-- How often rest was offered, taken and put off in a month: of nobody by name.
CREATE TABLE rest_count (
    agency_id TEXT COLLATE "C" NOT NULL,
    month     TEXT COLLATE "C" NOT NULL,
    offered   BIGINT NOT NULL DEFAULT 0,
    taken     BIGINT NOT NULL DEFAULT 0,
    postponed BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (agency_id, month)
);
-- Whose pages veil every message, not the disturbing ones alone.
CREATE TABLE moderator_veil (
    person_id TEXT COLLATE "C" PRIMARY KEY,
    always    BOOLEAN NOT NULL
);
-- +goose Down
DROP TABLE moderator_veil; DROP TABLE rest_count; DROP TABLE exposure; DROP TABLE escalation; DROP TABLE decided_word; DROP TABLE quality_review;
DROP TABLE proposal_item; DROP TABLE proposal; DROP TABLE moderation_claim;
DROP INDEX decision_clause; DROP INDEX decision_reverses;
ALTER TABLE decision DROP COLUMN second_id;
ALTER TABLE decision DROP COLUMN reverses;
DROP INDEX message_queue;
ALTER TABLE message DROP COLUMN queue_at;
