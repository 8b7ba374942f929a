package moderation

import (
	"context"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// policyVersions lists what has been in force in an agency, the latest first.
func policyVersions(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]PolicyVersion, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (v PolicyVersion, err error) {
		err = scan(&v.ID, &v.Agency, &v.Name, &v.Version, &v.Digest, &v.YAML, &v.By, db.At(&v.Since))
		return v, err
	}, `
		SELECT id, agency_id, name, version, digest, yaml, by_id, in_force FROM policy_version
		WHERE agency_id = $1 ORDER BY in_force DESC, id DESC`, agency)
}

func insertPolicyVersion(ctx context.Context, tx *db.Tx, v PolicyVersion) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO policy_version (id, agency_id, name, version, digest, yaml, by_id, in_force) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		v.ID, v.Agency, v.Name, v.Version, v.Digest, v.YAML, v.By, db.Micros(v.Since))
	return err
}

// setting is how an agency has set one rule.
type setting struct {
	Rule string
	Mode Mode
	By   identity.PersonID
	Why  string
	At   time.Time
}

// ruleSettings are the settings of one policy's rules in an agency.
func ruleSettings(ctx context.Context, tx *db.Tx, agency identity.AgencyID, policy string) ([]setting, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (s setting, err error) {
		err = scan(&s.Rule, &s.Mode, &s.By, &s.Why, db.At(&s.At))
		return s, err
	}, `SELECT rule, mode, by_id, why, at FROM rule_mode WHERE agency_id = $1 AND policy = $2 ORDER BY rule`, agency, policy)
}

func saveSetting(ctx context.Context, tx *db.Tx, agency identity.AgencyID, policy string, s setting) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO rule_mode (agency_id, policy, rule, mode, by_id, why, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (agency_id, policy, rule) DO UPDATE SET mode = excluded.mode, by_id = excluded.by_id, why = excluded.why, at = excluded.at`,
		agency, policy, s.Rule, s.Mode, s.By, s.Why, db.Micros(s.At))
	return err
}

// saveHits writes which rules hold for a message. A message that was edited is
// looked at again: what is said then counts.
func saveHits(ctx context.Context, tx *db.Tx, msg inbox.Message, policy string, hits []Match, at time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM rule_hit WHERE message_id = $1`, msg.ID); err != nil {
		return err
	}
	for _, h := range hits {
		_, err := tx.Exec(ctx, `
			INSERT INTO rule_hit (agency_id, message_id, policy, rule, act, clause, mode, sampled, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			msg.Agency, msg.ID, policy, h.Rule, h.Act, h.Clause, h.Mode, h.Sampled, db.Micros(at))
		if err != nil {
			return err
		}
	}
	return nil
}

// said is what people said about the hits of one rule.
type said struct {
	Policy, Rule string
	Act          Act // of the last word a person spoke
	N            int64
}

// lastWord is the last decision about a message that is a person's, or that a
// person has ratified.
const lastWordOn = `(SELECT MAX(e.id) FROM decision_target u JOIN decision e ON e.id = u.decision_id
	WHERE u.message_id = h.message_id AND e.act IN ('hide', 'remove', 'warn', 'block', 'keep', 'restore')
		AND (e.by_id NOT LIKE 'system:%' OR e.ratify = 'ratified'))`

// verdictsOnRules counts, by rule, what people decided about what it matched.
// Many copies in one decision are one verdict: else one text would make any
// rule look precise. Who hid it for another reason than the rule's did not agree
// with the rule; and what was said of words that the citizen has changed since
// was not said of these.
func verdictsOnRules(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]said, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (s said, err error) {
		err = scan(&s.Policy, &s.Rule, &s.Act, &s.N)
		return s, err
	}, `
		SELECT policy, rule, act, COUNT(DISTINCT said) FROM (
			SELECT h.policy, h.rule, CASE WHEN d.act IN ('hide', 'remove', 'warn', 'block') AND d.clause <> h.clause THEN 'keep' ELSE d.act END AS act,
				d.id || '/' || CASE WHEN m.fingerprint = '' THEN m.id ELSE m.fingerprint END AS said
			FROM rule_hit h JOIN message m ON m.id = h.message_id JOIN decision d ON d.id = `+lastWordOn+`
			WHERE h.agency_id = $1 AND (d.at >= m.edited_at OR d.ratified_at >= m.edited_at)) words
		GROUP BY policy, rule, act`, agency)
}

// hitCounts counts the messages that each rule matched since a time.
func hitCounts(ctx context.Context, tx *db.Tx, agency identity.AgencyID, since time.Time) ([]said, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (s said, err error) {
		err = scan(&s.Policy, &s.Rule, &s.N)
		return s, err
	}, `SELECT policy, rule, COUNT(*) FROM rule_hit WHERE agency_id = $1 AND at >= $2 GROUP BY policy, rule`, agency, db.Micros(since))
}

// manyMessages is where counting ends: a rule that asks for more is no rule for
// an account, and a flood must not slow down who counts it.
const manyMessages = 500

// accountFacts is what an account wrote here before a message.
func accountFacts(ctx context.Context, tx *db.Tx, msg inbox.Message) (f AccountFacts, err error) {
	var first time.Time
	_, err = db.One(ctx, tx, "", func(scan func(...any) error) (struct{}, error) {
		return struct{}{}, scan(&f.Messages, &f.Hidden, db.At(&first))
	}, `
		SELECT COUNT(*), COALESCE(SUM(CASE WHEN hidden_at > 0 AND hidden_at < $3 THEN 1 ELSE 0 END), 0),
			COALESCE((SELECT received_at FROM message WHERE agency_id = $1 AND citizen = $2 AND received_at < $3 ORDER BY received_at LIMIT 1), 0)
		FROM (SELECT hidden_at FROM message WHERE agency_id = $1 AND citizen = $2 AND received_at < $3 ORDER BY received_at DESC LIMIT $4) before`,
		msg.Agency, msg.Citizen, db.Micros(msg.ReceivedAt), manyMessages)
	if err == nil && !first.IsZero() {
		f.Days = int(msg.ReceivedAt.Sub(first) / (24 * time.Hour))
	}
	return f, err
}

// repetitionFacts counts the copies of a text in the 24 hours up to a message.
func repetitionFacts(ctx context.Context, tx *db.Tx, msg inbox.Message) (RepetitionFacts, error) {
	if msg.Fingerprint == "" {
		return RepetitionFacts{Copies: 1, Accounts: 1}, nil
	}
	return db.One(ctx, tx, "", func(scan func(...any) error) (f RepetitionFacts, err error) {
		err = scan(&f.Copies, &f.Accounts)
		return RepetitionFacts{Copies: max(f.Copies, 1), Accounts: max(f.Accounts, 1)}, err
	}, `
		SELECT COUNT(*), COUNT(DISTINCT citizen) FROM (SELECT citizen FROM message
			WHERE agency_id = $1 AND fingerprint = $2 AND received_at > $3 AND received_at <= $4 ORDER BY received_at DESC LIMIT $5) same`,
		msg.Agency, msg.Fingerprint, db.Micros(msg.ReceivedAt.Add(-24*time.Hour)), db.Micros(msg.ReceivedAt), manyMessages)
}

// lastWordAbout is what a person last decided about a message; "" for nothing.
func lastWordAbout(ctx context.Context, tx *db.Tx, id inbox.MessageID) (Act, error) {
	all, err := db.All(ctx, tx, db.Value[Act], `
		SELECT d.act FROM (SELECT message.id AS message_id FROM message WHERE message.id = $1) h JOIN decision d ON d.id = `+lastWordOn, id)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}
