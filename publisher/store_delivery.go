package publisher

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

const deliveryColumns = `id, agency_id, channel_id, origin, origin_id, after_id, digest, payload, state, due_at, not_before, not_after, absent, code, said, fix, evidence, remote_id, remote_url, published_at, created_at, updated_at, below_id, root_id, hand_id`

func readDelivery(scan func(...any) error) (d Delivery, err error) {
	var payload, evidence string
	var remote *string
	err = scan(&d.ID, &d.Agency, &d.Channel, &d.Origin, &d.OriginID, &d.After, &d.Digest, &payload, &d.State, db.At(&d.Due),
		db.At(&d.Window.NotBefore), db.At(&d.Window.NotAfter), &d.Absent, &d.Code, &d.Said, &d.Fix, &evidence, &remote, &d.RemoteURL,
		db.At(&d.PublishedAt), db.At(&d.CreatedAt), db.At(&d.UpdatedAt), &d.BelowID, &d.RootID, &d.HandBy)
	if err != nil {
		return d, err
	}
	if remote != nil {
		d.RemoteID = *remote
	}
	if evidence != "" {
		if err := json.Unmarshal([]byte(evidence), &d.Evidence); err != nil {
			return d, err
		}
	}
	return d, json.Unmarshal([]byte(payload), &d.Payload)
}

func insertDelivery(ctx context.Context, tx *db.Tx, d Delivery) error {
	payload, err := json.Marshal(d.Payload)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO delivery (id, agency_id, channel_id, origin, origin_id, after_id, digest, payload, state, due_at, not_before, not_after, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
		d.ID, d.Agency, d.Channel, d.Origin, d.OriginID, d.After, d.Digest, string(payload), d.State, db.Micros(d.Due),
		db.Micros(d.Window.NotBefore), db.Micros(d.Window.NotAfter), db.Micros(d.CreatedAt))
	return err
}

// saveDelivery writes what may change of a delivery over the state it was
// loaded in; it says whether it still was in that state.
func saveDelivery(ctx context.Context, tx *db.Tx, was State, d Delivery, now time.Time) (bool, error) {
	evidence := ""
	if len(d.Evidence) > 0 {
		b, err := json.Marshal(d.Evidence)
		if err != nil {
			return false, err
		}
		evidence = string(b)
	}
	remote := sqlText(d.RemoteID)
	n, err := tx.Exec(ctx, `
		UPDATE delivery SET state = $1, due_at = $2, not_before = $3, not_after = $4, digest = $5, absent = $6, code = $7, said = $8, fix = $9,
			evidence = $10, remote_id = $11, remote_url = $12, published_at = $13, updated_at = $14,
			below_id = $15, root_id = $16, hand_id = $17
		WHERE id = $18 AND state = $19`,
		d.State, db.Micros(d.Due), db.Micros(d.Window.NotBefore), db.Micros(d.Window.NotAfter), d.Digest, d.Absent, d.Code, storable(d.Said), d.Fix,
		evidence, remote, d.RemoteURL, db.Micros(d.PublishedAt), db.Micros(now), d.BelowID, d.RootID, d.HandBy, d.ID, was)
	return n == 1, err
}

// storable is a platform's word without what PostgreSQL does not keep in a text:
// it must not undo the record of what has happened.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// sqlText is NULL for "": two deliveries without an id must not collide.
func sqlText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func deliveryByID(ctx context.Context, tx *db.Tx, id DeliveryID) (Delivery, error) {
	return db.One(ctx, tx, "delivery.not_found", readDelivery, `SELECT `+deliveryColumns+` FROM delivery WHERE id = $1`, id)
}

// deliveriesAfter lists what leaves only after d is public.
func deliveriesAfter(ctx context.Context, tx *db.Tx, id DeliveryID) ([]Delivery, error) {
	return db.All(ctx, tx, readDelivery, `SELECT `+deliveryColumns+` FROM delivery WHERE after_id = $1 ORDER BY id`, id)
}

// LoadDelivery returns a delivery of the agency.
func LoadDelivery(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id DeliveryID) (Delivery, error) {
	return db.One(ctx, tx, "delivery.not_found", readDelivery, `SELECT `+deliveryColumns+` FROM delivery WHERE id = $1 AND agency_id = $2`, id, agency)
}

// Deliveries lists those of one origin, in the order made.
func Deliveries(ctx context.Context, tx *db.Tx, agency identity.AgencyID, origin, originID string) ([]Delivery, error) {
	return db.All(ctx, tx, readDelivery, `
		SELECT `+deliveryColumns+` FROM delivery
		WHERE agency_id = $1 AND origin = $2 AND origin_id = $3 ORDER BY id`, agency, origin, originID)
}

// DeliveriesIn lists the agency's deliveries in a state, by their instant.
func DeliveriesIn(ctx context.Context, tx *db.Tx, agency identity.AgencyID, s State, limit int) ([]Delivery, error) {
	return db.All(ctx, tx, readDelivery, `
		SELECT `+deliveryColumns+` FROM delivery
		WHERE agency_id = $1 AND state = $2 ORDER BY due_at, id LIMIT $3`, agency, s, limit)
}

// sameAccount lists the channels that speak for the account of channel $1: more
// than one agency, and more than one mode of a platform, may share an account.
const sameAccount = `SELECT c.id FROM channel c JOIN channel mine ON mine.platform = c.platform AND mine.base_url = c.base_url AND mine.remote_id = c.remote_id WHERE mine.id = $1`

// adopted says which delivery to the channel's account already owns a
// platform id.
func adopted(ctx context.Context, tx *db.Tx, to channel.ID, remoteID string) (DeliveryID, error) {
	all, err := db.All(ctx, tx, db.Value[DeliveryID], `SELECT id FROM delivery WHERE channel_id IN (`+sameAccount+`) AND remote_id = $2 ORDER BY id`, to, remoteID)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

// signed says whether a valid signature covers the digest.
func signed(ctx context.Context, tx *db.Tx, d Delivery, digest Digest) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM approval
		WHERE origin = $1 AND origin_id = $2 AND channel_id = $3 AND digest = $4 AND voided_at = 0`,
		d.Origin, d.OriginID, d.Channel, digest)
	return n > 0, err
}

// Approval is a signature over a digest.
type Approval struct {
	ID       string
	Agency   identity.AgencyID
	Origin   string
	OriginID string
	Channel  channel.ID
	Revision int64
	Digest   Digest
	By       identity.PersonID
	Policy   string // version of the publish policy, stored beside
	At       time.Time
	VoidedAt time.Time
}

func sign(ctx context.Context, tx *db.Tx, a Approval) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO approval (id, agency_id, origin, origin_id, channel_id, revision, digest, by_id, policy, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		db.NewID(), a.Agency, a.Origin, a.OriginID, a.Channel, a.Revision, a.Digest, a.By, a.Policy, db.Micros(a.At))
	return err
}

// voidApprovals ends every signature of an origin.
func voidApprovals(ctx context.Context, tx *db.Tx, origin, originID string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE approval SET voided_at = $1 WHERE origin = $2 AND origin_id = $3 AND voided_at = 0`,
		db.Micros(now), origin, originID)
	return err
}

// underWay says whether what was posted to the channel's account at that time
// may be a delivery whose id we do not know: one with a publish attempt around
// it.
func underWay(ctx context.Context, tx *db.Tx, to channel.ID, posted time.Time) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM delivery d JOIN attempt a ON a.delivery_id = d.id AND a.act = 'publish'
		WHERE d.channel_id IN (`+sameAccount+`) AND d.state IN ('sending', 'unconfirmed', 'needs_person')
		  AND a.started_at BETWEEN $2 AND $3`,
		to, db.Micros(posted.Add(-attemptSpan)), db.Micros(posted.Add(attemptSpan)))
	return n > 0, err
}

// attemptSpan is how far a post's time at the platform may lie from the
// attempt that made it: a call's time, and two clocks that differ.
const attemptSpan = 5 * time.Minute

// sharesAccount says whether two channels speak for the same account.
func sharesAccount(ctx context.Context, tx *db.Tx, one, other channel.ID) (bool, error) {
	all, err := db.All(ctx, tx, db.Value[channel.ID], sameAccount, one)
	for _, id := range all {
		if id == other {
			return true, err
		}
	}
	return false, err
}

// inHands lists what a person publishes by hand on a channel, or has published,
// and that was due by then; newest first.
func inHands(ctx context.Context, tx *db.Tx, to channel.ID, by time.Time) ([]Delivery, error) {
	return db.All(ctx, tx, readDelivery, `
		SELECT `+deliveryColumns+` FROM delivery
		WHERE channel_id = $1 AND (state = 'by_hand' OR (state = 'published' AND hand_id <> '')) AND due_at <= $2
		ORDER BY due_at DESC, id LIMIT 200`, to, db.Micros(by))
}

// wasSeen says whether the channel has shown us something under the id.
func wasSeen(ctx context.Context, tx *db.Tx, to channel.ID, remoteID string) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM sighting WHERE channel_id = $1 AND remote_id = $2`, to, remoteID)
	return n > 0, err
}
