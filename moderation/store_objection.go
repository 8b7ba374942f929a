package moderation

import (
	"context"
	"encoding/json"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

const objectionColumns = `o.id, o.agency_id, o.decision_id, o.state, o.filed_at, o.clock, o.decided_by, o.decided_at, o.reason, o.clause, o.undone_by`

func (o *Objection) fields(clock *string) []any {
	return []any{&o.ID, &o.Agency, &o.Decision, &o.State, db.At(&o.FiledAt), clock, &o.DecidedBy, db.At(&o.DecidedAt), &o.Reason, &o.Clause, &o.UndoneBy}
}

func readObjection(scan func(...any) error) (o Objection, err error) {
	var clock string
	if err = scan(o.fields(&clock)...); err != nil {
		return o, err
	}
	return o, o.wind(clock)
}

// wind reads the clock that the objection was filed under.
func (o *Objection) wind(clock string) error {
	if clock == "" {
		return nil
	}
	o.Timed = true
	return json.Unmarshal([]byte(clock), &o.Clock)
}

// insertObjection opens an objection; fresh is false when one is open already.
func insertObjection(ctx context.Context, tx *db.Tx, o Objection) (fresh bool, err error) {
	clock := ""
	if o.Timed {
		if clock, err = o.Clock.text(); err != nil {
			return false, err
		}
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO objection (id, agency_id, decision_id, state, filed_at, clock, due_at, other_due, certain)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (decision_id) WHERE state = 'open' DO NOTHING`,
		o.ID, o.Agency, o.Decision, o.State, db.Micros(o.FiledAt), clock, db.Micros(o.Clock.Due), db.Micros(o.Clock.OtherDue), o.Clock.Certain)
	return n == 1, err
}

// ruleObjection writes the outcome over an open objection: of two who decide
// at once, one does.
func ruleObjection(ctx context.Context, tx *db.Tx, o Objection) error {
	n, err := tx.Exec(ctx, `
		UPDATE objection SET state = $1, decided_by = $2, decided_at = $3, reason = $4, clause = $5, undone_by = $6
		WHERE id = $7 AND state = 'open'`, o.State, o.DecidedBy, db.Micros(o.DecidedAt), o.Reason, o.Clause, o.UndoneBy, o.ID)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "objection.decided")
	}
	return err
}

func loadObjection(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id ObjectionID) (Objection, error) {
	return db.One(ctx, tx, "objection.not_found", readObjection, `SELECT `+objectionColumns+` FROM objection o WHERE o.id = $1 AND o.agency_id = $2`, id, agency)
}

// objectionsTo lists the objections to a decision, the latest first.
func objectionsTo(ctx context.Context, tx *db.Tx, id DecisionID) ([]Objection, error) {
	return db.All(ctx, tx, readObjection, `SELECT `+objectionColumns+` FROM objection o WHERE o.decision_id = $1 ORDER BY o.id DESC`, id)
}

// cleared says whether an objection over the message as it stands was granted.
func cleared(ctx context.Context, tx *db.Tx, msg inbox.Message) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM decision_target t JOIN objection o ON o.decision_id = t.decision_id
		WHERE t.message_id = $1 AND o.state = 'granted' AND o.decided_at > $2`, msg.ID, db.Micros(msg.EditedAt))
	return n > 0, err
}

func readListed(scan func(...any) error) (l Listed, err error) {
	var clock string
	err = scan(append(l.fields(&clock), &l.Number, &l.Act, &l.On, &l.Message, &l.Words)...)
	if err != nil {
		return l, err
	}
	return l, l.wind(clock)
}

const listedColumns = objectionColumns + `, d.number, d.act, d.clause, d.message_id, (SELECT COUNT(*) FROM objection_word w WHERE w.objection_id = o.id)`

// openObjections lists what is to be decided, by the earlier of its two dates;
// what has no deadline comes last.
func openObjections(ctx context.Context, tx *db.Tx, agency identity.AgencyID, limit int) ([]Listed, error) {
	return db.All(ctx, tx, readListed, `
		SELECT `+listedColumns+` FROM objection o JOIN decision d ON d.id = o.decision_id
		WHERE o.agency_id = $1 AND o.state = 'open'
		ORDER BY CASE WHEN o.due_at = 0 THEN 1 ELSE 0 END, CASE WHEN o.other_due > 0 AND o.other_due < o.due_at THEN o.other_due ELSE o.due_at END, o.id LIMIT $2`, agency, limit)
}

// decidedObjections lists what was decided, the latest first.
func decidedObjections(ctx context.Context, tx *db.Tx, agency identity.AgencyID, limit int) ([]Listed, error) {
	return db.All(ctx, tx, readListed, `
		SELECT `+listedColumns+` FROM objection o JOIN decision d ON d.id = o.decision_id
		WHERE o.agency_id = $1 AND o.state <> 'open' ORDER BY o.decided_at DESC, o.id DESC LIMIT $2`, agency, limit)
}

// Words of an objection.

func insertWord(ctx context.Context, tx *db.Tx, w word) (fresh bool, err error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO objection_word (id, agency_id, objection_id, kind, receipt, form, masked, original, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (form) DO NOTHING`,
		w.ID, w.Agency, w.Objection, w.Kind, w.receipt, w.form, w.Masked, w.original, db.Micros(w.At))
	return n == 1, err
}

const wordColumns = `w.id, w.agency_id, w.objection_id, w.kind, w.receipt, w.form, w.masked, w.original, w.at`

func readWord(scan func(...any) error) (w word, err error) {
	err = scan(&w.ID, &w.Agency, &w.Objection, &w.Kind, &w.receipt, &w.form, &w.Masked, &w.original, db.At(&w.At))
	return w, err
}

func wordsOf(ctx context.Context, tx *db.Tx, id ObjectionID) ([]word, error) {
	return db.All(ctx, tx, readWord, `SELECT `+wordColumns+` FROM objection_word w WHERE w.objection_id = $1 ORDER BY w.id LIMIT 500`, id)
}

func countWords(ctx context.Context, tx *db.Tx, id ObjectionID) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM objection_word WHERE objection_id = $1`, id)
}

// wordBy finds what was filed with a receipt, or with a form that is sent again.
func wordBy(ctx context.Context, tx *db.Tx, agency identity.AgencyID, receipt, form string) (w word, found bool, err error) {
	all, err := db.All(ctx, tx, readWord, `
		SELECT `+wordColumns+` FROM objection_word w
		WHERE w.agency_id = $1 AND (($2 <> '' AND w.receipt = $2) OR ($3 <> '' AND w.form = $3)) ORDER BY w.id LIMIT 1`, agency, receipt, form)
	if err != nil || len(all) == 0 {
		return w, false, err
	}
	return all[0], true, nil
}

// lockDecision keeps others from objecting to, or undoing, the same decision
// until the transaction ends.
func lockDecision(ctx context.Context, tx *db.Tx, id DecisionID) error {
	_, err := tx.Exec(ctx, `UPDATE decision SET state = state WHERE id = $1`, id)
	return err
}

// openCase finds a restricting decision by its number. What took nothing from
// anybody is no case to the public: it is not found.
func openCase(ctx context.Context, tx *db.Tx, agency identity.AgencyID, number string) (Decision, error) {
	return db.One(ctx, tx, "objection.case_unknown", readDecision, `
		SELECT `+decisionColumns+` FROM decision d
		WHERE d.agency_id = $1 AND d.number = $2 AND d.act IN ('hide', 'remove', 'warn', 'block')`, agency, number)
}

// inSway counts the messages for which a decision still holds: hidden and not
// shown again, blocked and not unblocked. What is deleted or was warned of
// stays so.
func inSway(ctx context.Context, tx *db.Tx, d Decision) ([]inbox.MessageID, error) {
	return db.All(ctx, tx, db.Value[inbox.MessageID], `
		SELECT t.message_id FROM decision_target t JOIN message m ON m.id = t.message_id
		WHERE t.decision_id = $1 AND t.state = 'done'
			AND ($2 <> 'hide' OR m.hidden_at > 0)
			AND NOT EXISTS (SELECT 1 FROM decision_target u JOIN decision r ON r.id = u.decision_id
				WHERE u.message_id = t.message_id AND r.id > t.decision_id AND u.state = 'done'
					AND (($2 = 'hide' AND r.act = 'restore') OR ($2 = 'block' AND r.act = 'unblock')))
		ORDER BY t.message_id`, d.ID, d.Act)
}

// blockedBy is the decision that still blocks the author of a message; "" when
// none does.
func blockedBy(ctx context.Context, tx *db.Tx, id inbox.MessageID) (bool, error) {
	acts, err := db.All(ctx, tx, db.Value[Act], `
		SELECT d.act FROM decision d JOIN decision_target t ON t.decision_id = d.id
		WHERE t.message_id = $1 AND t.state = 'done' AND d.act IN ('block', 'unblock') ORDER BY d.id DESC LIMIT 1`, id)
	return len(acts) == 1 && acts[0] == Block, err
}

// ruleSwitches are those who switched the rule to automatic that made a
// decision: of a rule for copies, ordered_by is who hid the text.
const ruleSwitches = `SELECT a.actor FROM decision d JOIN audit a ON a.agency_id = d.agency_id AND a.subject = 'rule/' || d.policy || '/' || d.rule AND a.at <= d.at
	WHERE d.id = $1 AND d.rule <> '' AND a.deed = 'rule.mode' AND a.detail = d.rule || ' auto'`

func switchedOn(ctx context.Context, tx *db.Tx, id DecisionID) ([]identity.PersonID, error) {
	return db.All(ctx, tx, db.Value[identity.PersonID], ruleSwitches, id)
}

// tookPart lists the people without whom the decision would not be: who took
// it, confirmed or ratified it, gave advice on it or decided it again blind, or
// switched on the rule that made it. Opening
// the evidence and doing by hand what was decided are no part in it.
func tookPart(ctx context.Context, tx *db.Tx, id DecisionID) ([]identity.PersonID, error) {
	return db.All(ctx, tx, db.Value[identity.PersonID], `
		SELECT by_id FROM decision WHERE id = $1 AND by_id <> ''
		UNION SELECT ordered_by FROM decision WHERE id = $1 AND ordered_by <> ''
		UNION SELECT ratified_by FROM decision WHERE id = $1 AND ratified_by <> ''
		UNION SELECT second_id FROM decision WHERE id = $1 AND second_id <> ''
		UNION SELECT by_id FROM proposal WHERE decision_id = $1
		UNION SELECT by_id FROM quality_review WHERE decision_id = $1 AND by_id <> ''
		UNION `+ruleSwitches+`
		UNION SELECT e.answered_by FROM escalation e JOIN decision_target t ON t.message_id = e.message_id WHERE t.decision_id = $1 AND e.answered_by <> ''
		UNION SELECT actor FROM audit WHERE subject = 'decision/' || $1
			AND deed NOT IN ('decision.evidence_opened', 'decision.done_by_hand') AND deed LIKE 'decision.%' AND via <> 'system'`, string(id))
}

// Heard is one objection as the public may count it.
type Heard struct {
	At       time.Time // when it was filed
	DoneAt   time.Time // when it was decided; zero while it is heard
	Platform string
	Clause   string // the decision's own
	Act      Act
	State    string
}

// Objections lists an agency's objections filed since t, or decided since t,
// without anything that tells a citizen.
func Objections(ctx context.Context, tx *db.Tx, agency identity.AgencyID, since time.Time) ([]Heard, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (h Heard, err error) {
		err = scan(db.At(&h.At), db.At(&h.DoneAt), &h.Platform, &h.Clause, &h.Act, &h.State)
		return h, err
	}, `
		SELECT o.filed_at, o.decided_at, c.platform, d.clause, d.act, o.state
		FROM objection o JOIN decision d ON d.id = o.decision_id JOIN channel c ON c.id = d.channel_id
		WHERE o.agency_id = $1 AND (o.filed_at >= $2 OR o.decided_at >= $2) ORDER BY o.id`, agency, db.Micros(since))
}
