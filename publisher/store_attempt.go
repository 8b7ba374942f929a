package publisher

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/platform"
)

// beginAttempt writes the attempt before any byte of it leaves.
func beginAttempt(ctx context.Context, tx *db.Tx, d Delivery, epoch int64, act string, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO attempt (delivery_id, epoch, act, key, started_at) VALUES ($1, $2, $3, $4, $5)`,
		d.ID, epoch, act, d.Key(), db.Micros(now))
	return err
}

// endAttempt writes how the job's attempt ended. It is not fenced: what was
// learned is evidence, whoever holds the claim by now.
func endAttempt(ctx context.Context, tx *db.Tx, j *job, act string, end attemptEnd, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE attempt SET ended_at = $1, outcome = $2, status = $3, said = $4, remote_id = $5, remote_url = $6
		WHERE delivery_id = $7 AND epoch = $8 AND act = $9`,
		db.Micros(now), end.outcome, end.status, storable(end.said), end.remoteID, end.remoteURL, j.delivery.ID, j.claim.Epoch, act)
	return err
}

// closeAttempts ends what a dead worker left open.
func closeAttempts(ctx context.Context, tx *db.Tx, id DeliveryID, outcome string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE attempt SET ended_at = $1, outcome = $2 WHERE delivery_id = $3 AND ended_at = 0`, db.Micros(now), outcome, id)
	return err
}

// openPublish says whether a publish attempt has begun whose end nobody wrote.
func openPublish(ctx context.Context, tx *db.Tx, id DeliveryID) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM attempt WHERE delivery_id = $1 AND act = 'publish' AND ended_at = 0`, id)
	return n > 0, err
}

func readAttempt(scan func(...any) error) (a attempt, err error) {
	err = scan(&a.Epoch, db.At(&a.Started), db.At(&a.Ended), &a.Outcome, &a.RemoteID, &a.RemoteURL)
	return a, err
}

// lastPublish is the newest publish attempt.
func lastPublish(ctx context.Context, tx *db.Tx, id DeliveryID) (attempt, error) {
	return db.One(ctx, tx, "attempt.not_found", readAttempt, `
		SELECT epoch, started_at, ended_at, outcome, remote_id, remote_url FROM attempt
		WHERE delivery_id = $1 AND act = 'publish' ORDER BY epoch DESC LIMIT 1`, id)
}

// heard lists the receipts of attempts whose worker had lost the claim when
// the answer came, and that no delivery owns; newest first. What could not be
// delivered is no proof of a later try.
func heard(ctx context.Context, tx *db.Tx, d Delivery) ([]platform.Receipt, error) {
	all, err := db.All(ctx, tx, func(scan func(...any) error) (r platform.Receipt, err error) {
		err = scan(&r.RemoteID, &r.URL, db.At(&r.At))
		return r, err
	}, `SELECT remote_id, remote_url, ended_at FROM attempt
		WHERE delivery_id = $1 AND act = 'publish' AND remote_id <> '' AND outcome <> 'undelivered' ORDER BY epoch DESC`, d.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return unowned(ctx, tx, d, all)
}

// firstPublish is the oldest publish attempt that may have landed.
func firstPublish(ctx context.Context, tx *db.Tx, id DeliveryID) (attempt, error) {
	return db.One(ctx, tx, "attempt.not_found", readAttempt, `
		SELECT epoch, started_at, ended_at, outcome, remote_id, remote_url FROM attempt
		WHERE delivery_id = $1 AND act = 'publish' AND outcome NOT IN ('refused', 'throttled', 'unsent', 'undelivered')
		ORDER BY epoch LIMIT 1`, id)
}

func stageValues(ctx context.Context, tx *db.Tx, id DeliveryID) (map[string]string, error) {
	type pair struct{ name, value string }
	all, err := db.All(ctx, tx, func(scan func(...any) error) (p pair, err error) {
		err = scan(&p.name, &p.value)
		return p, err
	}, `SELECT name, value FROM stage WHERE delivery_id = $1`, id)
	values := map[string]string{}
	for _, p := range all {
		values[p.name] = p.value
	}
	return values, err
}

func saveStage(ctx context.Context, tx *db.Tx, id DeliveryID, name, value string, now time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO stage (delivery_id, name, value, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (delivery_id, name) DO UPDATE SET value = excluded.value, at = excluded.at`, id, name, value, db.Micros(now))
	return err
}

// forgetStage drops what was prepared for a delivery at its platform.
func forgetStage(ctx context.Context, tx *db.Tx, id DeliveryID) error {
	_, err := tx.Exec(ctx, `DELETE FROM stage WHERE delivery_id = $1`, id)
	return err
}

// postProgress marks a post done once none of its deliveries can still leave.
func postProgress(ctx context.Context, tx *db.Tx, d Delivery, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE post SET state = 'done', updated_at = $1
		WHERE id = $2 AND state = 'scheduled' AND NOT EXISTS (
			SELECT 1 FROM delivery WHERE origin = 'post' AND origin_id = $2 AND state IN ('waiting', 'sending', 'unconfirmed', 'by_hand'))`,
		db.Micros(now), d.OriginID)
	return err
}

// hearLate writes the id that the platform named later into the newest publish
// attempt: from there whoever has the delivery adopts it. An id that an earlier
// attempt has is not named for this one.
func hearLate(ctx context.Context, tx *db.Tx, d Delivery, r platform.Receipt) error {
	_, err := tx.Exec(ctx, `
		UPDATE attempt SET remote_id = $1, remote_url = $2
		WHERE delivery_id = $3 AND act = 'publish' AND remote_id = '' AND epoch = (
			SELECT MAX(epoch) FROM attempt WHERE delivery_id = $3 AND act = 'publish')
		AND NOT EXISTS (SELECT 1 FROM attempt WHERE delivery_id = $3 AND act = 'publish' AND remote_id = $1)`, r.RemoteID, r.URL, d.ID)
	return err
}

// endUndelivered marks the attempts of something that could not be delivered:
// none of them has landed.
func endUndelivered(ctx context.Context, tx *db.Tx, d Delivery) error {
	_, err := tx.Exec(ctx, `UPDATE attempt SET outcome = 'undelivered' WHERE delivery_id = $1 AND act = 'publish'`, d.ID)
	return err
}
