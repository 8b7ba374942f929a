package moderation

import (
	"context"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

const decisionColumns = `d.id, d.agency_id, d.number, d.message_id, d.channel_id, d.act, d.clause, d.reason, d.policy, d.by_id, d.state, d.code, d.said, d.at, d.done_at, d.evidence, d.reverses, d.second_id, d.rule, d.ordered_by, d.ratify, d.ratified_by, d.ratified_at,
	(SELECT COUNT(*) FROM decision_target t WHERE t.decision_id = d.id)`

func readDecision(scan func(...any) error) (d Decision, err error) {
	err = scan(&d.ID, &d.Agency, &d.Number, &d.Message, &d.Channel, &d.Act, &d.Clause, &d.Reason, &d.Policy, &d.By, &d.State, &d.Code, &d.Said,
		db.At(&d.At), db.At(&d.DoneAt), &d.evidence, &d.Reverses, &d.Second,
		&d.Rule, &d.Ordered, &d.Ratify, &d.RatifiedBy, db.At(&d.RatifiedAt), &d.Targets)
	return d, err
}

func insertDecision(ctx context.Context, tx *db.Tx, d Decision) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO decision (id, agency_id, number, message_id, channel_id, act, clause, reason, policy, evidence, by_id, state, at, done_at, reverses, second_id,
			rule, ordered_by, ratify)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		d.ID, d.Agency, d.Number, d.Message, d.Channel, d.Act, d.Clause, d.Reason, d.Policy, d.evidence, d.By, d.State, db.Micros(d.At), db.Micros(d.DoneAt), d.Reverses, d.Second,
		d.Rule, d.Ordered, d.Ratify)
	return err
}

// nextCase counts an agency's decisions of a year, without gaps.
func nextCase(ctx context.Context, tx *db.Tx, agency identity.AgencyID, year int64) (int64, error) {
	return db.One(ctx, tx, "decision.not_found", db.Value[int64], `
		INSERT INTO case_number (agency_id, year, last) VALUES ($1, $2, 1)
		ON CONFLICT (agency_id, year) DO UPDATE SET last = case_number.last + 1 RETURNING last`, agency, year)
}

// LoadDecision returns a decision of the agency.
func LoadDecision(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id DecisionID) (Decision, error) {
	return db.One(ctx, tx, "decision.not_found", readDecision, `SELECT `+decisionColumns+` FROM decision d WHERE d.id = $1 AND d.agency_id = $2`, id, agency)
}

func decisionByID(ctx context.Context, tx *db.Tx, id DecisionID) (Decision, error) {
	return db.One(ctx, tx, "decision.not_found", readDecision, `SELECT `+decisionColumns+` FROM decision d WHERE d.id = $1`, id)
}

func endDecision(ctx context.Context, tx *db.Tx, d Decision) error {
	_, err := tx.Exec(ctx, `UPDATE decision SET state = $1, code = $2, said = $3, done_at = $4 WHERE id = $5`,
		d.State, d.Code, d.Said, db.Micros(d.DoneAt), d.ID)
	return err
}

// listDecisions lists an agency's decisions, the latest first.
func listDecisions(ctx context.Context, tx *db.Tx, agency identity.AgencyID, before DecisionID, limit int) ([]Decision, error) {
	if before == "" {
		before = "~" // after every id
	}
	return db.All(ctx, tx, readDecision, `
		SELECT `+decisionColumns+` FROM decision d WHERE d.agency_id = $1 AND d.id < $2 ORDER BY d.id DESC LIMIT $3`, agency, before, limit)
}

// decisionsOn lists what was decided about a message, the latest first.
func decisionsOn(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id inbox.MessageID) ([]Decision, error) {
	return db.All(ctx, tx, readDecision, `
		SELECT `+decisionColumns+` FROM decision d
		WHERE d.agency_id = $1 AND d.id IN (SELECT decision_id FROM decision_target WHERE message_id = $2) ORDER BY d.id DESC`, agency, id)
}

// target is one message of a decision.
type target struct {
	Message      inbox.MessageID
	Conversation inbox.ConversationID
	Channel      channel.ID
	RemoteID     string
	State        string
	Code, Said   string
	DoneAt       time.Time
}

func insertTarget(ctx context.Context, tx *db.Tx, d Decision, id inbox.MessageID) error {
	_, err := tx.Exec(ctx, `INSERT INTO decision_target (decision_id, message_id, state, done_at) VALUES ($1, $2, $3, $4)`, d.ID, id, d.State, db.Micros(d.DoneAt))
	return err
}

func saveTarget(ctx context.Context, tx *db.Tx, id DecisionID, t target) error {
	_, err := tx.Exec(ctx, `UPDATE decision_target SET state = $1, code = $2, said = $3, done_at = $4 WHERE decision_id = $5 AND message_id = $6`,
		t.State, t.Code, t.Said, db.Micros(t.DoneAt), id, t.Message)
	return err
}

func targets(ctx context.Context, tx *db.Tx, id DecisionID, state string) ([]target, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (t target, err error) {
		err = scan(&t.Message, &t.Conversation, &t.Channel, &t.RemoteID, &t.State, &t.Code, &t.Said, db.At(&t.DoneAt))
		return t, err
	}, `
		SELECT t.message_id, m.conversation_id, m.channel_id, m.remote_id, t.state, t.code, t.said, t.done_at
		FROM decision_target t JOIN message m ON m.id = t.message_id
		WHERE t.decision_id = $1 AND t.state = $2 ORDER BY t.message_id`, id, state)
}

// underWay says whether a decision about a message is on its way.
func underWay(ctx context.Context, tx *db.Tx, id inbox.MessageID) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM decision_target WHERE message_id = $1 AND state IN ('waiting', 'by_hand')`, id)
	return n > 0, err
}

// pendingReplies counts answers to a message that may still appear.
func pendingReplies(ctx context.Context, tx *db.Tx, id inbox.MessageID) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM reply r LEFT JOIN delivery d ON d.id = r.delivery_id
		WHERE r.message_id = $1 AND (r.state = 'waiting'
			OR (r.state = 'queued' AND d.state IN ('waiting', 'sending', 'unconfirmed', 'needs_person', 'held')))`, id)
}

// laterReplies counts answers to the same message that were written after r and
// are public, or may still become so.
func laterReplies(ctx context.Context, tx *db.Tx, r inbox.Reply) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM reply r LEFT JOIN delivery d ON d.id = r.delivery_id
		WHERE r.message_id = $1 AND r.id > $2 AND (r.state IN ('waiting', 'published')
			OR (r.state = 'queued' AND d.state IN ('waiting', 'sending', 'unconfirmed', 'needs_person', 'held', 'published')))`, r.Message, r.ID)
}

// counted is one decision as the public may count it.
type counted struct {
	At       time.Time
	Platform string
	Clause   string
	Act      Act
	N        int64
}

// countDecisions lists the carried-out decisions since t without anything that
// tells a citizen.
func countDecisions(ctx context.Context, tx *db.Tx, agency identity.AgencyID, since time.Time) ([]counted, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (c counted, err error) {
		err = scan(db.At(&c.At), &c.Platform, &c.Clause, &c.Act, &c.N)
		return c, err
	}, `
		SELECT d.at, c.platform, d.clause, d.act, COUNT(*)
		FROM decision d JOIN decision_target t ON t.decision_id = d.id AND t.state = 'done'
		JOIN message m ON m.id = t.message_id JOIN channel c ON c.id = m.channel_id
		WHERE d.agency_id = $1 AND d.at >= $2 AND d.act IN ('hide', 'remove', 'restore')
		GROUP BY d.id, d.at, c.platform, d.clause, d.act ORDER BY d.at`, agency, db.Micros(since))
}

// lastWord is when the citizen last wrote in a conversation.
func lastWord(ctx context.Context, tx *db.Tx, id inbox.ConversationID) (at time.Time, err error) {
	return db.One(ctx, tx, "conversation.not_found", func(scan func(...any) error) (at time.Time, err error) {
		err = scan(db.At(&at))
		return at, err
	}, `SELECT COALESCE(MAX(posted_at), 0) FROM message WHERE conversation_id = $1`, id)
}

// sameReplies counts published answers to a message in the same words.
func sameReplies(ctx context.Context, tx *db.Tx, id inbox.MessageID, words string) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM reply WHERE message_id = $1 AND state = 'published' AND text = $2`, id, words)
}
