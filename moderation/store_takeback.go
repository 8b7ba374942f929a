package moderation

import (
	"context"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

const takeBackColumns = `reply_id, agency_id, conversation_id, by_id, reason, state, code, said, at, done_at`

func readTakeBack(scan func(...any) error) (b TakeBack, err error) {
	err = scan(&b.Reply, &b.Agency, &b.Conversation, &b.By, &b.Reason, &b.State, &b.Code, &b.Said, db.At(&b.At), db.At(&b.DoneAt))
	return b, err
}

// insertTakeBack asks for it, for the first time or again after a refusal.
func insertTakeBack(ctx context.Context, tx *db.Tx, b TakeBack) error {
	n, err := tx.Exec(ctx, `
		INSERT INTO takeback (reply_id, agency_id, conversation_id, by_id, reason, state, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (reply_id) DO UPDATE SET by_id = excluded.by_id, reason = excluded.reason, state = excluded.state, code = '', said = '', at = excluded.at
		WHERE takeback.state = 'failed'`,
		b.Reply, b.Agency, b.Conversation, b.By, b.Reason, b.State, db.Micros(b.At))
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "reply.take_back.under_way")
	}
	return err
}

// endTakeBack writes a state over the one it was loaded in.
func endTakeBack(ctx context.Context, tx *db.Tx, was string, b TakeBack) error {
	n, err := tx.Exec(ctx, `UPDATE takeback SET state = $1, code = $2, said = $3, done_at = $4 WHERE reply_id = $5 AND state = $6`,
		b.State, b.Code, b.Said, db.Micros(b.DoneAt), b.Reply, was)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "reply.changed_meanwhile")
	}
	return err
}

func takeBackOf(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id inbox.ReplyID) (TakeBack, error) {
	return db.One(ctx, tx, "reply.not_found", readTakeBack, `SELECT `+takeBackColumns+` FROM takeback WHERE reply_id = $1 AND agency_id = $2`, id, agency)
}

func takeBacks(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id inbox.ConversationID) ([]TakeBack, error) {
	return db.All(ctx, tx, readTakeBack, `SELECT `+takeBackColumns+` FROM takeback WHERE conversation_id = $1 AND agency_id = $2`, id, agency)
}

// answersLeft lists the other answers of a conversation that are public, in the
// order they became so. A notice of a decision is no answer.
func answersLeft(ctx context.Context, tx *db.Tx, r inbox.Reply) ([]inbox.ReplyID, error) {
	return db.All(ctx, tx, db.Value[inbox.ReplyID], `
		SELECT r.id FROM reply r
		WHERE r.conversation_id = $1 AND r.id <> $2 AND r.state = 'published' AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.reply_id = r.id)
		ORDER BY r.published_at, r.id`, r.Conversation, r.ID)
}
