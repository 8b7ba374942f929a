package inbox

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

const messageColumns = `id, agency_id, channel_id, conversation_id, remote_id, in_reply_to, kind, citizen, handle_masked, masked, spans, original, fingerprint, url, version, posted_at, received_at, edited_at, deleted_at, hidden_at, triaged_at, labels, verdict, content, files`

func readMessage(scan func(...any) error) (m Message, err error) {
	var marks, labels, files string
	err = scan(&m.ID, &m.Agency, &m.Channel, &m.Conversation, &m.RemoteID, &m.InReplyTo, &m.Kind, &m.Citizen, &m.HandleMasked, &m.Masked, &marks,
		&m.original, &m.Fingerprint, &m.URL, &m.Version, db.At(&m.PostedAt), db.At(&m.ReceivedAt), db.At(&m.EditedAt), db.At(&m.DeletedAt),
		db.At(&m.HiddenAt), db.At(&m.TriagedAt), &labels, &m.Verdict, &m.content, &files)
	if err != nil {
		return m, err
	}
	m.Labels, m.Files = strings.Fields(labels), strings.Fields(files)
	if marks != "" {
		err = json.Unmarshal([]byte(marks), &m.Marks)
	}
	return m, err
}

func marksText(marks []Mark) (string, error) {
	if len(marks) == 0 {
		return "", nil
	}
	b, err := json.Marshal(marks)
	return string(b), err
}

// insertMessage stores a message once; fresh is false when it is there already.
func insertMessage(ctx context.Context, tx *db.Tx, m Message) (fresh bool, err error) {
	marks, err := marksText(m.Marks)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO message (id, agency_id, channel_id, conversation_id, remote_id, in_reply_to, kind, citizen, handle_masked, masked, spans,
			original, fingerprint, url, posted_at, received_at, edited_at, deleted_at, hidden_at, content, files)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT (channel_id, remote_id) DO NOTHING`,
		m.ID, m.Agency, m.Channel, m.Conversation, m.RemoteID, m.InReplyTo, m.Kind, m.Citizen, m.HandleMasked, m.Masked, marks,
		m.original, m.Fingerprint, m.URL, db.Micros(m.PostedAt), db.Micros(m.ReceivedAt), db.Micros(m.EditedAt), db.Micros(m.DeletedAt),
		db.Micros(m.HiddenAt), m.content, strings.Join(m.Files, " "))
	return n == 1, err
}

// lockMessage returns a message as it stands and keeps others from changing it
// until the transaction ends; found is false when there is none.
func lockMessage(ctx context.Context, tx *db.Tx, ch channel.ID, remoteID string) (m Message, found bool, err error) {
	all, err := db.All(ctx, tx, readMessage, `
		UPDATE message SET version = version WHERE channel_id = $1 AND remote_id = $2 RETURNING `+messageColumns, ch, remoteID)
	if err != nil || len(all) == 0 {
		return m, false, err
	}
	return all[0], true, nil
}

// rewriteMessage gives a message new words and keeps the old ones as a version.
func rewriteMessage(ctx context.Context, tx *db.Tx, was, m Message, now time.Time) error {
	if err := insertVersion(ctx, tx, was, was.written(), was.ReceivedAt); err != nil {
		return err
	}
	marks, err := marksText(m.Marks)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE message SET masked = $1, spans = $2, original = $3, fingerprint = $4, content = $5, edited_at = $6, version = version + 1, triaged_at = 0, decided_at = 0
		WHERE id = $7`, m.Masked, marks, m.original, m.Fingerprint, m.content, db.Micros(m.EditedAt), m.ID)
	return err
}

// lateVersion keeps words that came after younger ones.
func lateVersion(ctx context.Context, tx *db.Tx, m Message, written, now time.Time) error {
	if err := insertVersion(ctx, tx, m, written, now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE message SET version = version + 1 WHERE id = $1`, m.ID)
	return err
}

func insertVersion(ctx context.Context, tx *db.Tx, m Message, written, seen time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO message_version (message_id, version, masked, original, content, written_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		m.ID, m.Version, m.Masked, m.original, m.content, db.Micros(written), db.Micros(seen))
	return err
}

func knowsVersion(ctx context.Context, tx *db.Tx, id MessageID, content string) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM message_version WHERE message_id = $1 AND content = $2`, id, content)
	return n > 0, err
}

func versions(ctx context.Context, tx *db.Tx, c ConversationID) ([]Version, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (v Version, err error) {
		err = scan(&v.Message, &v.Number, &v.Masked, db.At(&v.WrittenAt), db.At(&v.SeenAt))
		return v, err
	}, `
		SELECT v.message_id, v.version, v.masked, v.written_at, v.seen_at FROM message_version v
		JOIN message m ON m.id = v.message_id
		WHERE m.conversation_id = $1 ORDER BY v.message_id, v.written_at, v.version`, c)
}

func markDeleted(ctx context.Context, tx *db.Tx, id MessageID, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE message SET deleted_at = $1 WHERE id = $2 AND deleted_at = 0`, db.Micros(at), id)
	return err
}

// countStanding is how many of a conversation's messages still stand.
func countStanding(ctx context.Context, tx *db.Tx, c ConversationID) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM message WHERE conversation_id = $1 AND deleted_at = 0`, c)
}

// countOpenings counts how often a person has opened personal data since then,
// wherever it is kept.
func countOpenings(ctx context.Context, tx *db.Tx, by identity.Actor, since time.Time) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM audit WHERE agency_id = $1 AND actor = $2 AND at >= $3
		AND deed IN ('message.unmask', 'objection.unmask', 'decision.evidence_opened')`, by.Agency, by.ID, db.Micros(since))
}

// MarkHidden writes whether the platform shows a message; zero: it does.
func MarkHidden(ctx context.Context, tx *db.Tx, id MessageID, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE message SET hidden_at = $1 WHERE id = $2`, db.Micros(at), id)
	return err
}

// putRemoved remembers a deletion of something that has not come yet.
func putRemoved(ctx context.Context, tx *db.Tx, ch channel.ID, remoteID string, at time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO message_removed (channel_id, remote_id, at) VALUES ($1, $2, $3) ON CONFLICT (channel_id, remote_id) DO NOTHING`,
		ch, remoteID, db.Micros(at))
	return err
}

// takeRemoved returns when something was deleted before it came; zero if not.
func takeRemoved(ctx context.Context, tx *db.Tx, ch channel.ID, remoteID string) (at time.Time, err error) {
	all, err := db.All(ctx, tx, func(scan func(...any) error) (at time.Time, err error) {
		err = scan(db.At(&at))
		return at, err
	}, `DELETE FROM message_removed WHERE channel_id = $1 AND remote_id = $2 RETURNING at`, ch, remoteID)
	if err != nil || len(all) == 0 {
		return at, err
	}
	return all[0], nil
}

// LoadMessage returns a message of the agency.
func LoadMessage(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id MessageID) (Message, error) {
	return db.One(ctx, tx, "message.not_found", readMessage, `SELECT `+messageColumns+` FROM message WHERE id = $1 AND agency_id = $2`, id, agency)
}

func messages(ctx context.Context, tx *db.Tx, c ConversationID) ([]Message, error) {
	return db.All(ctx, tx, readMessage, `SELECT `+messageColumns+` FROM message WHERE conversation_id = $1 ORDER BY posted_at, id`, c)
}

// Untriaged lists messages of a channel that nobody has looked at, oldest
// first. Deleted ones are among them: their text is evidence still.
func Untriaged(ctx context.Context, tx *db.Tx, ch channel.ID, limit int) ([]Message, error) {
	return db.All(ctx, tx, readMessage, `
		SELECT `+messageColumns+` FROM message WHERE channel_id = $1 AND triaged_at = 0 ORDER BY received_at, id LIMIT $2`, ch, limit)
}

// Copies lists the agency's messages with the same fingerprint, oldest first.
func Copies(ctx context.Context, tx *db.Tx, agency identity.AgencyID, fingerprint string) ([]Message, error) {
	if fingerprint == "" {
		return nil, nil
	}
	return db.All(ctx, tx, readMessage, `
		SELECT `+messageColumns+` FROM message
		WHERE agency_id = $1 AND fingerprint = $2 AND deleted_at = 0 ORDER BY posted_at, id LIMIT 1000`, agency, fingerprint)
}
