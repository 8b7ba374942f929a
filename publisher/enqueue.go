package publisher

import (
	"context"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
)

// Outgoing is a reply on its way out, signed by who answers for it under the
// agency's reply rule.
type Outgoing struct {
	Agency   identity.AgencyID
	Channel  channel.ID
	OriginID string // the reply
	Payload  Payload
	SignedBy identity.PersonID
	Urgent   bool // life safety: rung in the critical queue
	Due      time.Time
	NotAfter time.Time // the platform's own answering window; zero is none
}

// Enqueue signs a reply and promises its delivery, in the caller's
// transaction. Who may sign was decided by the caller, under the reply rule.
func (p *Publisher) Enqueue(ctx context.Context, tx *db.Tx, o Outgoing) (DeliveryID, error) {
	now := p.Now()
	if o.Due.Before(now) {
		o.Due = now
	}
	w := Window{NotBefore: now, NotAfter: o.Due.Add(ReplyLateness)}
	if !o.NotAfter.IsZero() && o.NotAfter.Before(w.NotAfter) {
		w.NotAfter = o.NotAfter
	}
	// Stored times have microseconds; the digest must be the same when read back.
	w.NotBefore, w.NotAfter = w.NotBefore.UTC().Truncate(time.Microsecond), w.NotAfter.UTC().Truncate(time.Microsecond)
	d := Delivery{
		ID: DeliveryID(db.NewID()), Agency: o.Agency, Channel: o.Channel, Origin: OriginReply, OriginID: o.OriginID,
		Digest: DigestOf(o.Channel, o.Payload, w), Payload: o.Payload, State: Waiting, Due: o.Due, Window: w, CreatedAt: now,
	}
	if err := insertDelivery(ctx, tx, d); err != nil {
		return "", err
	}
	err := sign(ctx, tx, Approval{Agency: o.Agency, Origin: OriginReply, OriginID: o.OriginID, Channel: o.Channel, Digest: d.Digest, By: o.SignedBy, At: now})
	if err != nil {
		return "", err
	}
	class := outbox.Publish
	if o.Urgent {
		class = outbox.Critical
	}
	return d.ID, outbox.Put(ctx, tx, Promise(d, class))
}

// Promise is the promise to deliver d.
func Promise(d Delivery, class outbox.Class) outbox.Promise {
	return outbox.Promise{Kind: KindDeliver, Key: string(d.ID), Agency: d.Agency, Lane: string(d.Channel), Class: class, Due: d.Due}
}
