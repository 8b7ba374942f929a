package publisher

import (
	"context"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
)

// inQuestion lists the deliveries to the channel's account that an attempt
// around a moment may have published.
func inQuestion(ctx context.Context, tx *db.Tx, to channel.ID, posted time.Time) ([]Delivery, error) {
	return db.All(ctx, tx, readDelivery, `
		SELECT `+deliveryColumns+` FROM delivery
		WHERE channel_id IN (`+sameAccount+`) AND state IN ('sending', 'unconfirmed', 'needs_person') AND COALESCE(remote_id, '') = ''
		  AND EXISTS (SELECT 1 FROM attempt a WHERE a.delivery_id = delivery.id AND a.act = 'publish' AND a.started_at BETWEEN $2 AND $3)
		ORDER BY id LIMIT 20`,
		to, db.Micros(posted.Add(-attemptSpan)), db.Micros(posted.Add(attemptSpan)))
}
