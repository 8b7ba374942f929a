package publisher

import (
	"context"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// keyed is the delivery that a key of ours names; "" for another's key.
func keyed(key string) DeliveryID {
	id, ours := strings.CutPrefix(key, "kentongan-")
	if !ours {
		return ""
	}
	return DeliveryID(id)
}

// laterWord takes what a platform says of something it had accepted: which
// delivery it was (then no read-back is needed), or that it could not be
// delivered after all. "" is: it says nothing of ours.
func (p *Publisher) laterWord(ctx context.Context, tx *db.Tx, ch channel.Channel, s channel.Sighting, now time.Time) (string, error) {
	if s.DeliveryKey == "" && s.Failed == "" {
		return "", nil
	}
	d, ok, err := p.spokenOf(ctx, tx, ch, s)
	if err != nil || !ok {
		return "", err
	}
	if owner, err := adopted(ctx, tx, d.Channel, s.RemoteID); err != nil || owner != "" && owner != d.ID {
		return channel.SightingOurs, err // one thing is not two
	}
	switch d.State {
	case Waiting, Sending, Unconfirmed:
		// Who has or takes the delivery adopts it: this is the answer to its attempt.
		if d.State == Unconfirmed { // the promise first, as a worker does
			promise := Promise(d, outbox.Publish)
			promise.Due = now
			if err := outbox.Nudge(ctx, tx, promise); err != nil {
				return "", err
			}
		}
		return channel.SightingNew, hearLate(ctx, tx, d, platform.Receipt{RemoteID: s.RemoteID, URL: s.URL})
	case Published:
		if s.Failed != "" && s.RemoteID == d.RemoteID && d.Origin == OriginReply {
			return channel.SightingOurs, p.undelivered(ctx, tx, d, s.Failed, now)
		}
	case NeedsPerson, Missed, Held, Failed, Cancelled, Void:
		if s.Failed == "" && d.RemoteID == "" {
			return channel.SightingOurs, p.confirmed(ctx, tx, d, platform.Receipt{RemoteID: s.RemoteID, URL: s.URL, At: s.PostedAt}, now)
		}
	}
	return channel.SightingOurs, nil
}

// spokenOf finds the delivery that a sighting names: by our key, which the
// platform gave back, or by the id it has there.
func (p *Publisher) spokenOf(ctx context.Context, tx *db.Tx, ch channel.Channel, s channel.Sighting) (d Delivery, ok bool, err error) {
	id := keyed(s.DeliveryKey)
	if id == "" {
		if id, err = adopted(ctx, tx, ch.ID, s.RemoteID); err != nil || id == "" {
			return d, false, err
		}
	}
	d, err = deliveryByID(ctx, tx, id)
	if fault.KindOf(err) == fault.NotFound {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	same, err := sharesAccount(ctx, tx, ch.ID, d.Channel)
	return d, same, err
}

// undelivered ends an answer that the platform had accepted and says now it
// could not deliver: the citizen has not got it, so the clock runs on.
func (p *Publisher) undelivered(ctx context.Context, tx *db.Tx, d Delivery, code string, now time.Time) error {
	// Its id stays with it: what could not be delivered must not be found as
	// the proof of a later try.
	d.State, d.Code = Failed, code
	if _, err := saveDelivery(ctx, tx, Published, d, now); err != nil {
		return err
	}
	if err := endUndelivered(ctx, tx, d); err != nil {
		return err
	}
	if err := p.note(ctx, tx, d, "delivery.undelivered", code, now); err != nil {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Promise{Kind: KindUndelivered, Key: string(d.ID), Agency: d.Agency, Class: outbox.Inbox, Due: now})
}

// fromHands adopts what a person published by hand: a task that is due and
// says the very same, or one that the person has recorded under an address
// whose id the platform writes otherwise.
func (p *Publisher) fromHands(ctx context.Context, tx *db.Tx, ch channel.Channel, s channel.Sighting, now time.Time) (DeliveryID, error) {
	hands, err := handChannels(ctx, tx, ch)
	if err != nil {
		return "", err
	}
	var all []Delivery
	for _, id := range hands {
		// Written down under the very id that the platform shows.
		if owner, err := adopted(ctx, tx, id, s.RemoteID); err != nil || owner != "" {
			return owner, err
		}
		some, err := inHands(ctx, tx, id, s.PostedAt.Add(platform.Margin))
		if err != nil {
			return "", err
		}
		all = append(all, some...)
	}
	for _, d := range all {
		if !p.saysThe(d, s) {
			continue
		}
		if d.State == ByHand {
			return d.ID, p.confirmed(ctx, tx, d, platform.Receipt{RemoteID: s.RemoteID, URL: s.URL, At: s.PostedAt}, now)
		}
		known, err := wasSeen(ctx, tx, ch.ID, d.RemoteID)
		if err != nil || known {
			return "", err // a second one that says the same is not the one recorded
		}
		d.RemoteID = s.RemoteID
		_, err = saveDelivery(ctx, tx, Published, d, now)
		return d.ID, err
	}
	return "", nil
}

// handChannels are the channel itself and those on which people publish to the
// same account by hand: they were written with its address or its name.
func handChannels(ctx context.Context, tx *db.Tx, ch channel.Channel) ([]channel.ID, error) {
	all, err := channel.All(ctx, tx)
	ids := []channel.ID{ch.ID}
	for _, c := range all {
		if c.ID == ch.ID || c.Platform != ch.Platform || !c.Manual() {
			continue
		}
		if page(c.URL) == page(ch.URL) && ch.URL != "" || c.Agency == ch.Agency && name(c.Handle) == name(ch.Handle) {
			ids = append(ids, c.ID)
		}
	}
	return ids, err
}

func page(address string) string { return strings.ToLower(strings.TrimRight(address, "/")) }
func name(handle string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(handle), "@"))
}

// saysThe says whether a sighting shows what the delivery says, or stands where
// a person said it stands.
func (p *Publisher) saysThe(d Delivery, s channel.Sighting) bool {
	if d.RemoteURL != "" && d.RemoteURL == s.URL {
		return true
	}
	for _, text := range []string{platform.Compose(p.outgoing(d)), d.Payload.Text} {
		if channel.Fingerprint(text) == s.Fingerprint {
			return true
		}
	}
	return false
}
