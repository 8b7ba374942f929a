package inbox

import (
	"context"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

const conversationColumns = `id, agency_id, channel_id, thread, kind, citizen, summary, origin_id, status, assignee_id, class, priority, labels, sla_from, sla_due, answered_at, spent, last_at, revision, created_at`

func readConversation(scan func(...any) error) (c Conversation, err error) {
	var labels string
	var spent int64
	err = scan(&c.ID, &c.Agency, &c.Channel, &c.Thread, &c.Kind, &c.Citizen, &c.Summary, &c.Origin, &c.Status, &c.Assignee, &c.Class, &c.Priority,
		&labels, db.At(&c.From), db.At(&c.Due), db.At(&c.AnsweredAt), &spent, db.At(&c.LastAt), &c.Revision, db.At(&c.CreatedAt))
	c.Labels, c.Spent = strings.Fields(labels), time.Duration(spent)*time.Microsecond
	return c, err
}

// keepConversation stores a conversation, or returns the one of this citizen
// below this thread, locked until the transaction ends.
func keepConversation(ctx context.Context, tx *db.Tx, c Conversation) (Conversation, error) {
	return db.One(ctx, tx, "conversation.not_found", readConversation, `
		INSERT INTO conversation (id, agency_id, channel_id, thread, kind, citizen, summary, origin_id, status, last_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (channel_id, thread, citizen) DO UPDATE SET thread = excluded.thread
		RETURNING `+conversationColumns,
		c.ID, c.Agency, c.Channel, c.Thread, c.Kind, c.Citizen, c.Summary, c.Origin, c.Status, db.Micros(c.LastAt), db.Micros(c.CreatedAt))
}

// LoadConversation returns a conversation of the agency.
func LoadConversation(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id ConversationID) (Conversation, error) {
	return db.One(ctx, tx, "conversation.not_found", readConversation, `
		SELECT `+conversationColumns+` FROM conversation WHERE id = $1 AND agency_id = $2`, id, agency)
}

// SaveConversation writes a conversation over the revision it was loaded in.
func SaveConversation(ctx context.Context, tx *db.Tx, c Conversation) error {
	n, err := tx.Exec(ctx, `
		UPDATE conversation SET summary = $1, status = $2, assignee_id = $3, class = $4, priority = $5, labels = $6, sla_from = $7, sla_due = $8,
			answered_at = $9, spent = $10, last_at = $11, revision = revision + 1
		WHERE id = $12 AND revision = $13`,
		c.Summary, c.Status, c.Assignee, c.Class, c.Priority, strings.Join(c.Labels, " "), db.Micros(c.From), db.Micros(c.Due),
		db.Micros(c.AnsweredAt), c.Spent.Microseconds(), db.Micros(c.LastAt), c.ID, c.Revision)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "conversation.changed_meanwhile")
	}
	return err
}

// lockOwn returns a conversation of the agency and keeps others from changing
// it until the transaction ends.
func lockOwn(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id ConversationID) (Conversation, error) {
	return db.One(ctx, tx, "conversation.not_found", readConversation, `
		UPDATE conversation SET revision = revision WHERE id = $1 AND agency_id = $2 RETURNING `+conversationColumns, id, agency)
}

// lockConversation returns a conversation for the system's own change.
func lockConversation(ctx context.Context, tx *db.Tx, id ConversationID) (Conversation, error) {
	return db.One(ctx, tx, "conversation.not_found", readConversation, `
		UPDATE conversation SET revision = revision WHERE id = $1 RETURNING `+conversationColumns, id)
}

// originOf finds which of our posts a thread belongs to; "" for none.
func originOf(ctx context.Context, tx *db.Tx, ch channel.ID, thread string) (string, error) {
	all, err := db.All(ctx, tx, db.Value[string], `
		SELECT origin_id FROM delivery WHERE channel_id = $1 AND remote_id = $2 AND origin = 'post'`, ch, thread)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

// Query narrows a list of conversations. After is the last one of the page
// above; its zero value begins the list.
type Query struct {
	View    View
	Channel channel.ID // "" for every channel
	After   Place
	Limit   int
}

// Place is where a page of the list ended.
type Place struct {
	Rank int64 // life safety first
	At   int64 // the deadline; of finished ones, the last message
	ID   ConversationID
}

const (
	rankOf = `CAST(CASE WHEN class = 'life_safety' THEN 0 ELSE 1 END AS BIGINT)`
	dueOf  = `CASE WHEN sla_due = 0 THEN 9223372036854775807 ELSE sla_due END`
)

// listWaiting lists open conversations by deadline, life safety first.
func listWaiting(ctx context.Context, tx *db.Tx, agency identity.AgencyID, mine identity.PersonID, q Query, near time.Time) ([]Conversation, error) {
	after := q.After
	if after.ID == "" {
		after.Rank = -1
	}
	return db.All(ctx, tx, readConversation, `
		SELECT `+conversationColumns+` FROM conversation
		WHERE agency_id = $1 AND status = 'open' AND ($2 = '' OR channel_id = $2)
		  AND ($3 <> 'milik-saya' OR assignee_id = $4)
		  AND ($3 <> 'belum-ditugaskan' OR assignee_id = '')
		  AND ($3 <> 'hampir-lewat' OR (sla_due > 0 AND sla_due <= $5))
		  AND (`+rankOf+`, `+dueOf+`, id) > ($6, $7, $8)
		ORDER BY `+rankOf+`, `+dueOf+`, id LIMIT $9`,
		agency, string(q.Channel), string(q.View), string(mine), db.Micros(near), after.Rank, after.At, string(after.ID), q.Limit)
}

// listDone lists what is answered or closed, latest first.
func listDone(ctx context.Context, tx *db.Tx, agency identity.AgencyID, q Query) ([]Conversation, error) {
	after := q.After
	if after.ID == "" {
		after.At = 1<<63 - 1
	}
	return db.All(ctx, tx, readConversation, `
		SELECT `+conversationColumns+` FROM conversation
		WHERE agency_id = $1 AND status <> 'open' AND ($2 = '' OR channel_id = $2) AND (last_at, id) < ($3, $4)
		ORDER BY last_at DESC, id DESC LIMIT $5`,
		agency, string(q.Channel), after.At, string(after.ID), q.Limit)
}

// Place is where the conversation stands in the list of a view.
func (c Conversation) Place(v View) Place {
	p := Place{At: db.Micros(c.LastAt), ID: c.ID}
	if v == Done {
		return p
	}
	p.Rank, p.At = 1, 1<<63-1
	if c.Class == LifeSafety {
		p.Rank = 0
	}
	if !c.Due.IsZero() {
		p.At = db.Micros(c.Due)
	}
	return p
}

// ofCitizen lists what else a citizen wrote to the agency, latest first.
func ofCitizen(ctx context.Context, tx *db.Tx, agency identity.AgencyID, citizen string, except ConversationID) ([]Conversation, error) {
	return db.All(ctx, tx, readConversation, `
		SELECT `+conversationColumns+` FROM conversation
		WHERE agency_id = $1 AND citizen = $2 AND id <> $3 ORDER BY id DESC LIMIT 10`, agency, citizen, except)
}

// Note is a remark among colleagues; citizens never see it.
type Note struct {
	ID   string
	By   identity.PersonID
	Text string
	At   time.Time
}

func insertNote(ctx context.Context, tx *db.Tx, c Conversation, n Note) error {
	_, err := tx.Exec(ctx, `INSERT INTO conversation_note (id, agency_id, conversation_id, by_id, text, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		n.ID, c.Agency, c.ID, n.By, n.Text, db.Micros(n.At))
	return err
}

func notes(ctx context.Context, tx *db.Tx, c ConversationID) ([]Note, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (n Note, err error) {
		err = scan(&n.ID, &n.By, &n.Text, db.At(&n.At))
		return n, err
	}, `SELECT id, by_id, text, at FROM conversation_note WHERE conversation_id = $1 ORDER BY id`, c)
}
