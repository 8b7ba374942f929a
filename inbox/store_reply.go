package inbox

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// ReplyState is where an answer of ours stands before it is with the publisher.
type ReplyState string

const (
	ReplyWaiting   ReplyState = "waiting"    // for the signature of a second person
	ReplyReturned  ReplyState = "returned"   // the second person did not sign
	ReplyQueued    ReplyState = "queued"     // signed; the delivery says more
	ReplyPublished ReplyState = "published"  // the platform gave a receipt
	ReplyTakenBack ReplyState = "taken_back" // it was public, and we deleted it there
)

// Reply is one answer of ours.
type Reply struct {
	ID           ReplyID
	Agency       identity.AgencyID
	Conversation ConversationID
	Message      MessageID // that is answered
	By           identity.PersonID
	ApprovedBy   identity.PersonID
	Text         string
	State        ReplyState
	Delivery     string
	Private      bool   // to the author of a public comment alone
	Template     string // JSON of the approved template it was made of; "" for words of our own
	PublishedAt  time.Time
	CreatedAt    time.Time
}

const replyColumns = `id, agency_id, conversation_id, message_id, by_id, approved_by, text, state, delivery_id, published_at, created_at, private, template`

func readReply(scan func(...any) error) (r Reply, err error) {
	err = scan(&r.ID, &r.Agency, &r.Conversation, &r.Message, &r.By, &r.ApprovedBy, &r.Text, &r.State, &r.Delivery, db.At(&r.PublishedAt), db.At(&r.CreatedAt), &r.Private, &r.Template)
	return r, err
}

// AddReply stores an answer in the caller's transaction.
func AddReply(ctx context.Context, tx *db.Tx, r Reply) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO reply (id, agency_id, conversation_id, message_id, by_id, approved_by, text, state, delivery_id, created_at, private, template)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, r.Agency, r.Conversation, r.Message, r.By, r.ApprovedBy, r.Text, r.State, r.Delivery, db.Micros(r.CreatedAt), r.Private, r.Template)
	return err
}

// LoadReply returns an answer of the agency.
func LoadReply(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id ReplyID) (Reply, error) {
	return db.One(ctx, tx, "reply.not_found", readReply, `SELECT `+replyColumns+` FROM reply WHERE id = $1 AND agency_id = $2`, id, agency)
}

// MoveReply writes an answer's state over the one it was loaded in.
func MoveReply(ctx context.Context, tx *db.Tx, was ReplyState, r Reply) error {
	n, err := tx.Exec(ctx, `
		UPDATE reply SET state = $1, approved_by = $2, delivery_id = $3, published_at = $4 WHERE id = $5 AND state = $6`,
		r.State, r.ApprovedBy, r.Delivery, db.Micros(r.PublishedAt), r.ID, was)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "reply.changed_meanwhile")
	}
	return err
}

// Sent is an answer with what the publisher says of it.
type Sent struct {
	Reply
	DeliveryState, Code, Said, URL string
}

func replies(ctx context.Context, tx *db.Tx, c ConversationID) ([]Sent, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (s Sent, err error) {
		err = scan(&s.ID, &s.Agency, &s.Conversation, &s.Message, &s.By, &s.ApprovedBy, &s.Text, &s.State, &s.Delivery,
			db.At(&s.PublishedAt), db.At(&s.CreatedAt), &s.Private, &s.Template, &s.DeliveryState, &s.Code, &s.Said, &s.URL)
		return s, err
	}, `
		SELECT r.id, r.agency_id, r.conversation_id, r.message_id, r.by_id, r.approved_by, r.text, r.state, r.delivery_id, r.published_at, r.created_at, r.private, r.template,
			COALESCE(d.state, ''), COALESCE(d.code, ''), COALESCE(d.said, ''), COALESCE(d.remote_url, '')
		FROM reply r LEFT JOIN delivery d ON d.id = r.delivery_id
		WHERE r.conversation_id = $1 ORDER BY r.id`, c)
}

// WaitingReplies lists answers that wait for a second person, oldest first.
func WaitingReplies(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Reply, error) {
	return db.All(ctx, tx, readReply, `SELECT `+replyColumns+` FROM reply WHERE agency_id = $1 AND state = 'waiting' ORDER BY id LIMIT 200`, agency)
}

// insertResponse keeps how long a citizen waited for this answer.
func insertResponse(ctx context.Context, tx *db.Tx, c Conversation, r Reply, at time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO response (id, agency_id, channel_id, conversation_id, reply_id, class, from_at, due_at, answered_at, spent, within)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (reply_id) DO NOTHING`,
		db.NewID(), c.Agency, c.Channel, c.ID, r.ID, c.Class, db.Micros(c.From), db.Micros(c.Due), db.Micros(at), c.Spent.Microseconds(), !at.After(c.Due))
	return err
}

// dropResponse forgets a stopped clock whose answer did not arrive.
func dropResponse(ctx context.Context, tx *db.Tx, id ReplyID) error {
	_, err := tx.Exec(ctx, `DELETE FROM response WHERE reply_id = $1`, id)
	return err
}

// begun is where the clock began that an answer stopped.
type begun struct{ from, due time.Time }

// stoppedBy finds the clock that an answer stopped; none for most second ones.
func stoppedBy(ctx context.Context, tx *db.Tx, id ReplyID) (b begun, ok bool, err error) {
	all, err := db.All(ctx, tx, func(scan func(...any) error) (b begun, err error) {
		err = scan(db.At(&b.from), db.At(&b.due))
		return b, err
	}, `SELECT from_at, due_at FROM response WHERE reply_id = $1`, id)
	if err != nil || len(all) == 0 {
		return b, false, err
	}
	return all[0], true, nil
}

// firstAfter is when the citizen first wrote again after t; zero if she did not.
func firstAfter(ctx context.Context, tx *db.Tx, c ConversationID, t time.Time) (at time.Time, err error) {
	all, err := db.All(ctx, tx, func(scan func(...any) error) (at time.Time, err error) {
		err = scan(db.At(&at))
		return at, err
	}, `
		SELECT received_at FROM message WHERE conversation_id = $1 AND received_at > $2 AND deleted_at = 0
		ORDER BY received_at LIMIT 1`, c, db.Micros(t))
	if err != nil || len(all) == 0 {
		return at, err
	}
	return all[0], nil
}
