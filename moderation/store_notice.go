package moderation

import (
	"context"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

const noticeColumns = `n.id, n.agency_id, n.decision_id, n.objection_id, n.after_id, n.message_id, n.way, n.text, n.state, n.code, n.reply_id, n.by_id, n.at`

func (n *Notice) fields() []any {
	return []any{&n.ID, &n.Agency, &n.Decision, &n.Objection, &n.After, &n.Message, &n.Way, &n.Text, &n.State, &n.Code, &n.Reply, &n.By, db.At(&n.At)}
}

func readNotice(scan func(...any) error) (n Notice, err error) {
	err = scan(n.fields()...)
	return n, err
}

func insertNotice(ctx context.Context, tx *db.Tx, n Notice) error {
	kind := "decision"
	if n.Objection != "" {
		kind = "outcome"
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO notice (id, agency_id, decision_id, objection_id, after_id, message_id, kind, way, text, state, code, by_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		n.ID, n.Agency, n.Decision, n.Objection, n.After, n.Message, kind, n.Way, n.Text, n.State, n.Code, n.By, db.Micros(n.At))
	return err
}

func noticeByID(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id NoticeID) (Notice, error) {
	return db.One(ctx, tx, "notice.not_found", readNotice, `SELECT `+noticeColumns+` FROM notice n WHERE n.id = $1 AND n.agency_id = $2`, id, agency)
}

func heldNotices(ctx context.Context, tx *db.Tx, after DecisionID) ([]Notice, error) {
	return db.All(ctx, tx, readNotice, `SELECT `+noticeColumns+` FROM notice n WHERE n.after_id = $1 AND n.state = 'held' ORDER BY n.id`, after)
}

// moveNotice writes a notice's state over the one it was loaded in.
func moveNotice(ctx context.Context, tx *db.Tx, was string, n Notice) error {
	rows, err := tx.Exec(ctx, `UPDATE notice SET state = $1, way = $2, code = $3, reply_id = $4 WHERE id = $5 AND state = $6`, n.State, n.Way, n.Code, n.Reply, n.ID, was)
	if err == nil && rows != 1 {
		err = fault.New(fault.Conflict, "reply.changed_meanwhile")
	}
	return err
}

// noticesOf lists a decision's notices with what became of their answers.
func noticesOf(ctx context.Context, tx *db.Tx, id DecisionID) ([]Notice, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (n Notice, err error) {
		err = scan(append(n.fields(), &n.ReplyIs, &n.Delivery, &n.Said)...)
		return n, err
	}, `
		SELECT `+noticeColumns+`, COALESCE(r.state, ''), COALESCE(d.state, ''), COALESCE(d.code, '')
		FROM notice n LEFT JOIN reply r ON r.id = n.reply_id LEFT JOIN delivery d ON d.id = r.delivery_id
		WHERE n.decision_id = $1 ORDER BY n.id`, id)
}

// isNotice says that an answer of ours is a notice: it stops no clock, because
// it answers nothing that a citizen asked.
func isNotice(ctx context.Context, tx *db.Tx, id inbox.ReplyID) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM notice WHERE reply_id = $1`, id)
	return n > 0, err
}

// targetState is where one message of a decision stands; "" when it is none.
func targetState(ctx context.Context, tx *db.Tx, id DecisionID, msg inbox.MessageID) (string, error) {
	return db.One(ctx, tx, "", db.Value[string], `SELECT COALESCE(MAX(state), '') FROM decision_target WHERE decision_id = $1 AND message_id = $2`, id, msg)
}

// privateAnswers counts private answers to a message that were published or
// may still be.
func privateAnswers(ctx context.Context, tx *db.Tx, id inbox.MessageID) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM reply r LEFT JOIN delivery d ON d.id = r.delivery_id
		WHERE r.message_id = $1 AND r.private AND (r.state IN ('waiting', 'published')
			OR (r.state = 'queued' AND d.state IN ('waiting', 'sending', 'unconfirmed', 'needs_person', 'held', 'published')))`, id)
}
