package publisher

import (
	"context"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// sighted takes a sighting as the proof of a delivery whose outcome is in
// question, on a platform where nothing can be looked up (Telegram): the same
// account, the same words, the same thing continued, and the time of the
// attempt. Two deliveries that it could be of prove nothing. "" is: it is no
// proof of anything.
func (p *Publisher) sighted(ctx context.Context, tx *db.Tx, ch channel.Channel, s channel.Sighting, now time.Time) (string, error) {
	connector, err := p.Channels.Connector(ch.Platform)
	if err != nil || connector.Capabilities(nameplate(ch)).Idempotency != "sighting" {
		return "", err
	}
	all, err := inQuestion(ctx, tx, ch.ID, s.PostedAt)
	if err != nil {
		return "", err
	}
	var match []Delivery
	for _, d := range all {
		out := p.outgoing(d)
		if out.InReplyTo == s.InReplyTo && channel.Fingerprint(platform.Compose(out)) == s.Fingerprint {
			match = append(match, d)
		}
	}
	if len(match) != 1 {
		return "", nil
	}
	d, receipt := match[0], platform.Receipt{RemoteID: s.RemoteID, URL: s.URL, At: s.PostedAt}
	switch d.State {
	case Unconfirmed: // who takes it adopts it: this is the answer to its attempt
		promise := Promise(d, outbox.Publish)
		promise.Due = now
		if err := outbox.Nudge(ctx, tx, promise); err != nil {
			return "", err
		}
		return channel.SightingNew, hearLate(ctx, tx, d, receipt)
	case NeedsPerson:
		return channel.SightingOurs, p.confirmed(ctx, tx, d, receipt, now)
	}
	return channel.SightingNew, nil // its call has not ended yet
}
