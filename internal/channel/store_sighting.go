package channel

import (
	"context"
	"time"

	"kentongan/internal/db"
)

// Sighting is something of our own account that the platform showed us.
type Sighting struct {
	Channel     ID
	RemoteID    string
	URL         string
	InReplyTo   string // "" for a post of its own
	Fingerprint string // of the text; the text itself is not kept
	PostedAt    time.Time
	SeenAt      time.Time
	State       string
	DeliveryKey string // what we sent along and the platform gave back; "" when it does not
	Failed      string // a refusal's code that came after it was accepted; "" when none did
}

// States of a sighting.
const (
	SightingNew     = "new"     // not looked at yet
	SightingOurs    = "ours"    // a delivery of the register
	SightingForeign = "foreign" // nobody here sent it: alarm
	SightingKnown   = "known"   // a person has looked, or it is older than the channel
)

func readSighting(scan func(...any) error) (s Sighting, err error) {
	err = scan(&s.Channel, &s.RemoteID, &s.URL, &s.InReplyTo, &s.Fingerprint, db.At(&s.PostedAt), db.At(&s.SeenAt), &s.State, &s.DeliveryKey, &s.Failed)
	return s, err
}

const sightingColumns = `channel_id, remote_id, url, in_reply_to, fingerprint, posted_at, seen_at, state, delivery_key, failed`

// Saw records a sighting once. What a platform says later of something it had
// accepted (it failed after all; which delivery it was) makes it new again.
func Saw(ctx context.Context, tx *db.Tx, s Sighting) (fresh bool, err error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO sighting (channel_id, remote_id, url, in_reply_to, fingerprint, posted_at, seen_at, state, delivery_key, failed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'new', $8, $9) ON CONFLICT (channel_id, remote_id) DO NOTHING`,
		s.Channel, s.RemoteID, s.URL, s.InReplyTo, s.Fingerprint, db.Micros(s.PostedAt), db.Micros(s.SeenAt), s.DeliveryKey, s.Failed)
	if err != nil || n == 1 || s.DeliveryKey == "" && s.Failed == "" {
		return n == 1, err
	}
	n, err = tx.Exec(ctx, `
		UPDATE sighting SET state = 'new',
			delivery_key = CASE WHEN $1 <> '' THEN $1 ELSE delivery_key END, failed = CASE WHEN $2 <> '' THEN $2 ELSE failed END
		WHERE channel_id = $3 AND remote_id = $4 AND ($1 <> '' AND delivery_key <> $1 OR $2 <> '' AND failed <> $2)`,
		s.DeliveryKey, s.Failed, s.Channel, s.RemoteID)
	return n == 1, err
}

// Sightings lists a channel's sightings in a state, oldest first.
func Sightings(ctx context.Context, tx *db.Tx, id ID, state string) ([]Sighting, error) {
	return db.All(ctx, tx, readSighting, `
		SELECT `+sightingColumns+` FROM sighting
		WHERE channel_id = $1 AND state = $2 ORDER BY posted_at, remote_id LIMIT 500`, id, state)
}

// Judge writes what a sighting turned out to be.
func Judge(ctx context.Context, tx *db.Tx, s Sighting, state string) error {
	_, err := tx.Exec(ctx, `UPDATE sighting SET state = $1 WHERE channel_id = $2 AND remote_id = $3`, state, s.Channel, s.RemoteID)
	return err
}
