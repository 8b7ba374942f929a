package inbox

import (
	"context"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// watched is something of ours on a channel that citizens may comment on.
type watched struct {
	RemoteID string
	PostedAt time.Time
	ReadAt   time.Time // when its thread was last read; zero if never
}

func (w watched) feed() string { return "thread:" + w.RemoteID }

// ownPosts lists our posts on a channel since t, the latest first: those of
// the register, and those that were made elsewhere.
func ownPosts(ctx context.Context, tx *db.Tx, ch channel.ID, since time.Time) ([]watched, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (w watched, err error) {
		err = scan(&w.RemoteID, db.At(&w.PostedAt), db.At(&w.ReadAt))
		return w, err
	}, `
		SELECT o.remote_id, MAX(o.at), COALESCE(MAX(c.at), 0) FROM (
			SELECT remote_id, published_at AS at FROM delivery
			WHERE channel_id = $1 AND state = 'published' AND origin = 'post' AND published_at > $2
			UNION ALL
			SELECT remote_id, posted_at AS at FROM sighting
			WHERE channel_id = $1 AND in_reply_to = '' AND posted_at > $2) o
		LEFT JOIN cursor c ON c.channel_id = $1 AND c.feed = 'thread:' || o.remote_id
		GROUP BY o.remote_id ORDER BY MAX(o.at) DESC LIMIT 200`, ch, db.Micros(since))
}

// push is what a platform sent to our address.
type push struct {
	ID         string
	App        channel.AppID
	ReceivedAt time.Time
	State      string
	Note       string
	body       []byte
}

const pushColumns = `id, app_id, received_at, state, note, body`

func readPush(scan func(...any) error) (p push, err error) {
	err = scan(&p.ID, &p.App, db.At(&p.ReceivedAt), &p.State, &p.Note, &p.body)
	return p, err
}

func insertPush(ctx context.Context, tx *db.Tx, p push) error {
	_, err := tx.Exec(ctx, `INSERT INTO push (id, app_id, received_at, body, state) VALUES ($1, $2, $3, $4, 'new')`,
		p.ID, p.App, db.Micros(p.ReceivedAt), p.body)
	return err
}

func pushByID(ctx context.Context, tx *db.Tx, id string) (push, error) {
	return db.One(ctx, tx, "push.not_found", readPush, `SELECT `+pushColumns+` FROM push WHERE id = $1`, id)
}

// parkPush keeps a push that is unreadable, or for an account that nobody
// connected.
func parkPush(ctx context.Context, tx *db.Tx, p push) error {
	_, err := tx.Exec(ctx, `UPDATE push SET state = 'parked', note = $1 WHERE id = $2`, p.Note, p.ID)
	return err
}

func deletePush(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM push WHERE id = $1`, id)
	return err
}

// parkedPushes lists what waits at an app, oldest first.
// parkedAt lists the apps at which pushes are parked.
func parkedAt(ctx context.Context, tx *db.Tx) ([]channel.AppID, error) {
	return db.All(ctx, tx, db.Value[channel.AppID], `SELECT DISTINCT app_id FROM push WHERE state = 'parked' ORDER BY app_id`)
}

func parkedPushes(ctx context.Context, tx *db.Tx, app channel.AppID) ([]push, error) {
	return db.All(ctx, tx, readPush, `SELECT `+pushColumns+` FROM push WHERE app_id = $1 AND state = 'parked' ORDER BY id`, app)
}

// parkedOf counts what an agency's apps could not place.
func parkedOf(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Parked, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (p Parked, err error) {
		err = scan(&p.App, &p.Note, &p.N, db.At(&p.Oldest))
		return p, err
	}, `
		SELECT p.app_id, p.note, COUNT(*), MIN(p.received_at) FROM push p JOIN app a ON a.id = p.app_id
		WHERE a.agency_id = $1 AND p.state = 'parked' GROUP BY p.app_id, p.note ORDER BY p.app_id, p.note`, agency)
}
