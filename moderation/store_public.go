package moderation

import (
	"context"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// touched is one message that a decision has reached, as the account counts it.
type touched struct {
	Message    inbox.MessageID
	Platform   string
	Clause     string
	ReceivedAt time.Time
}

// touchedBy lists the messages for which a decision was carried out. A restore
// that names no clause counts under the one that it takes back.
func touchedBy(ctx context.Context, tx *db.Tx, id DecisionID) ([]touched, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (t touched, err error) {
		err = scan(&t.Message, &t.Platform, &t.Clause, db.At(&t.ReceivedAt))
		return t, err
	}, `
		SELECT t.message_id, c.platform, CASE WHEN d.clause <> '' THEN d.clause ELSE COALESCE((
			SELECT h.clause FROM decision h JOIN decision_target ht ON ht.decision_id = h.id
			WHERE ht.message_id = t.message_id AND ht.state = 'done' AND h.act IN ('hide', 'remove') AND h.id < d.id
			ORDER BY h.id DESC LIMIT 1), '') END, m.received_at
		FROM decision_target t JOIN decision d ON d.id = t.decision_id JOIN message m ON m.id = t.message_id JOIN channel c ON c.id = m.channel_id
		WHERE t.decision_id = $1 AND t.state = 'done' ORDER BY t.message_id`, id)
}

// afterObjection says whether a decision takes another back because an
// objection was granted.
func afterObjection(ctx context.Context, tx *db.Tx, id DecisionID) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM objection WHERE undone_by = $1`, id)
	return n > 0, err
}

// trailRow is an audit row that counts.
type trailRow struct {
	Subject, Detail string
}

const countedDeeds = `('decision.warn', 'decision.done', 'decision.failed', 'decision.by_hand', 'decision.done_by_hand', 'objection.granted', 'objection.partly', 'objection.denied')`

// trailFacts reads the rows of the trail that count, of a stretch of time.
func trailFacts(ctx context.Context, tx *db.Tx, agency identity.AgencyID, from, to time.Time) ([]trailRow, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (r trailRow, err error) {
		err = scan(&r.Subject, &r.Detail)
		return r, err
	}, `
		SELECT subject, detail FROM audit
		WHERE agency_id = $1 AND deed IN `+countedDeeds+` AND at >= $2 AND at < $3 ORDER BY id`, agency, db.Micros(from), db.Micros(to))
}

// accountMark changes whenever something moved that the account shows.
func accountMark(ctx context.Context, tx *db.Tx, agency identity.AgencyID, since time.Time) (mark [4]int64, err error) {
	return db.One(ctx, tx, "", func(scan func(...any) error) (m [4]int64, err error) {
		err = scan(&m[0], &m[1], &m[2], &m[3])
		return m, err
	}, `
		SELECT (SELECT COUNT(*) FROM audit WHERE agency_id = $1 AND deed IN `+countedDeeds+` AND at >= $2),
			(SELECT COUNT(*) FROM policy_version WHERE agency_id = $1),
			(SELECT COALESCE(SUM(CASE state WHEN 'released' THEN 1 WHEN 'withdrawn' THEN 1000000 ELSE 0 END), 0) FROM example WHERE agency_id = $1),
			(SELECT COUNT(*) FROM channel WHERE agency_id = $1 AND health <> 'off')`, agency, db.Micros(since))
}

// platformsOf lists the platforms where an agency has a channel.
func platformsOf(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `SELECT DISTINCT platform FROM channel WHERE agency_id = $1 AND health <> 'off' ORDER BY platform`, agency)
}

// tabledCounts counts from the tables what the trail should tell, by what the
// trail calls its subject: decisions that came to an end, and objections.
func tabledCounts(ctx context.Context, tx *db.Tx) ([]tabled, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (t tabled, err error) {
		err = scan(&t.Subject, &t.Number, &t.Act, &t.Clause, &t.Place, &t.By, &t.N)
		return t, err
	}, `
		SELECT subject, number, act, clause, platform, by_id, COUNT(*) FROM (
			SELECT 'decision/' || d.id AS subject, d.number, d.act, d.by_id, c.platform, CASE WHEN d.clause <> '' THEN d.clause ELSE COALESCE((
				SELECT h.clause FROM decision h JOIN decision_target ht ON ht.decision_id = h.id
				WHERE ht.message_id = t.message_id AND ht.state = 'done' AND h.act IN ('hide', 'remove') AND h.id < d.id
				ORDER BY h.id DESC LIMIT 1), '') END AS clause
			FROM decision d JOIN decision_target t ON t.decision_id = d.id AND t.state = 'done'
			JOIN message m ON m.id = t.message_id JOIN channel c ON c.id = m.channel_id
			WHERE d.state IN ('done', 'failed', 'by_hand') AND d.act IN ('hide', 'remove', 'restore', 'warn', 'block')
				AND NOT (d.act = 'restore' AND EXISTS (SELECT 1 FROM objection o WHERE o.undone_by = d.id))) done
		GROUP BY subject, number, act, clause, platform, by_id
		UNION ALL
		SELECT 'objection/' || o.id, d.number, 'objection', d.clause, o.state, o.decided_by, 1
		FROM objection o JOIN decision d ON d.id = o.decision_id WHERE o.state <> 'open' AND o.decided_at > 0
		ORDER BY 1, 4, 5`)
}

// countedTrail reads every row of the trail that counts, a page at a time.
func countedTrail(ctx context.Context, tx *db.Tx, after string, limit int) ([]trailFact, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (r trailFact, err error) {
		err = scan(&r.ID, &r.Subject, &r.Detail)
		return r, err
	}, `SELECT id, subject, detail FROM audit WHERE id > $1 AND deed IN `+countedDeeds+` ORDER BY id LIMIT $2`, after, limit)
}
