package publisher

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// result is how a publish call ended.
type result struct {
	receipt platform.Receipt
	err     error
	quota   *platform.Quota
}

// theSystem is the actor of unattended deliveries.
func theSystem(agency identity.AgencyID) identity.Actor {
	return identity.TheSystem("publisher", agency)
}

// record writes how the call ended, in its own small transaction. When the
// claim is lost by now, what is known is still kept with the attempt: the
// worker that has the claim adopts it.
func (p *Publisher) record(ctx context.Context, j *job, r result) error {
	outcome := platform.Classify(r.receipt, r.err)
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		now := p.Now()
		if err := endAttempt(ctx, tx, j, actPublish, attemptOf(outcome, r), now); err != nil {
			return err
		}
		if r.quota != nil {
			if err := channel.Pace(ctx, tx, j.channel.ID, *r.quota); err != nil {
				return err
			}
		}
		d := j.delivery
		switch outcome {
		case platform.Published:
			return p.published(ctx, tx, j, Sending, r.receipt, now)
		case platform.Refused:
			return p.refused(ctx, tx, j, platform.AsRefusal(r.err), now)
		case platform.Throttled:
			return p.waitAgain(ctx, tx, j, throttledUntil(r.err, now), throttled, now)
		case platform.Unsent:
			if err := channel.Strike(ctx, tx, j.channel, now); err != nil {
				return err
			}
			return p.waitAgain(ctx, tx, j, now.Add(outbox.Backoff(j.claim.Failures)), unsent, now)
		}
		d.State, d.Absent, d.Said = Unconfirmed, 0, said(r.err)
		if _, err := saveDelivery(ctx, tx, Sending, d, now); err != nil {
			return err
		}
		if err := channel.Strike(ctx, tx, j.channel, now); err != nil {
			return err
		}
		if err := p.note(ctx, tx, d, "delivery.unconfirmed", d.Said, now); err != nil {
			return err
		}
		return outbox.Again(ctx, tx, j.claim, now.Add(j.timing.Settle))
	})
	if errors.Is(err, outbox.ErrLost) {
		return p.keepEvidence(ctx, j, attemptOf(outcome, r))
	}
	if err == nil {
		p.step("recorded", j)
	}
	return err
}

// keepEvidence stores what a worker learned after it had lost its claim. Who
// takes the delivery next adopts it; when nobody will, because a person was
// asked or it was given up meanwhile, it is adopted here: it is public.
func (p *Publisher) keepEvidence(ctx context.Context, j *job, a attemptEnd) error {
	p.Log.Warn("delivery: answer came after the lease", slog.String("delivery", string(j.delivery.ID)), slog.String("outcome", a.outcome))
	return p.DB.Update(ctx, func(tx *db.Tx) error {
		now := p.Now()
		if err := endAttempt(ctx, tx, j, actPublish, a, now); err != nil {
			return err
		}
		d, err := deliveryByID(ctx, tx, j.delivery.ID)
		if err != nil {
			return err
		}
		switch d.State {
		case Waiting, Sending, Unconfirmed, Published:
			return nil
		}
		late, err := heard(ctx, tx, d)
		if err != nil || len(late) == 0 {
			return err
		}
		return p.confirmed(ctx, tx, d, late[0], now)
	})
}

// adoptHeard publishes a delivery whose id an earlier attempt heard, after its
// worker had lost the claim.
func (p *Publisher) adoptHeard(ctx context.Context, tx *db.Tx, j *job, was State, now time.Time) (done bool, err error) {
	late, err := heard(ctx, tx, j.delivery)
	if err != nil || len(late) == 0 {
		return false, err
	}
	return true, p.published(ctx, tx, j, was, late[0], now)
}

// notSent records that preparation failed: nothing visible was made.
func (p *Publisher) notSent(ctx context.Context, j *job, act string, cause error) error {
	err := p.DB.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		now := p.Now()
		if err := endAttempt(ctx, tx, j, act, attemptEnd{outcome: "failed", said: said(cause)}, now); err != nil {
			return err
		}
		if r := platform.AsRefusal(cause); r != nil {
			return p.refused(ctx, tx, j, r, now)
		}
		if _, ok := errors.AsType[*platform.Throttle](cause); ok {
			return p.waitAgain(ctx, tx, j, throttledUntil(cause, now), throttled, now)
		}
		if err := channel.Strike(ctx, tx, j.channel, now); err != nil {
			return err
		}
		return p.waitAgain(ctx, tx, j, now.Add(outbox.Backoff(j.claim.Failures)), unsent, now)
	})
	if errors.Is(err, outbox.ErrLost) {
		return nil
	}
	return err
}

// published adopts the platform's receipt and promises what follows.
func (p *Publisher) published(ctx context.Context, tx *db.Tx, j *job, was State, r platform.Receipt, now time.Time) error {
	d := j.delivery
	owner, err := adopted(ctx, tx, d.Channel, r.RemoteID)
	if err != nil {
		return err
	}
	if owner != "" && owner != d.ID {
		// The platform gave an id that another delivery owns: one of the two is
		// not there. A person looks.
		d.Evidence = []string{r.URL}
		j.delivery = d
		return p.stop(ctx, tx, j, was, NeedsPerson, "delivery.conflict", now)
	}
	d.State = was
	if err := p.confirmed(ctx, tx, d, r, now); err != nil {
		return err
	}
	if err := channel.Answered(ctx, tx, d.Channel); err != nil {
		return err
	}
	return outbox.Finish(ctx, tx, j.claim)
}

// confirmed writes that a delivery is public, over the state it stood in.
func (p *Publisher) confirmed(ctx context.Context, tx *db.Tx, d Delivery, r platform.Receipt, now time.Time) error {
	was := d.State
	d.State, d.RemoteID, d.RemoteURL, d.PublishedAt, d.Code, d.Said = Published, r.RemoteID, r.URL, r.At, "", ""
	if d.PublishedAt.IsZero() {
		d.PublishedAt = now
	}
	if _, err := saveDelivery(ctx, tx, was, d, now); err != nil {
		return err
	}
	if err := p.promiseAfter(ctx, tx, d, now); err != nil {
		return err
	}
	return p.note(ctx, tx, d, "delivery.published", r.RemoteID, now)
}

// promiseAfter puts what follows a publication: neither can fail or repeat it.
func (p *Publisher) promiseAfter(ctx context.Context, tx *db.Tx, d Delivery, now time.Time) error {
	if d.Origin == OriginReply {
		return outbox.Put(ctx, tx, outbox.Promise{Kind: KindAnswered, Key: string(d.ID), Agency: d.Agency, Class: outbox.Inbox, Due: now})
	}
	if err := postProgress(ctx, tx, d, now); err != nil {
		return err
	}
	if err := p.callBelow(ctx, tx, d, now); err != nil {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Promise{Kind: KindMeasure, Key: string(d.ID), Agency: d.Agency, Class: outbox.Low, Due: now.Add(p.MeasureAfter)})
}

// callBelow wakes the parts that waited for this one.
func (p *Publisher) callBelow(ctx context.Context, tx *db.Tx, d Delivery, now time.Time) error {
	next, err := deliveriesAfter(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, n := range next {
		if n.State != Waiting {
			continue
		}
		promise := Promise(n, outbox.Publish)
		if promise.Due.Before(now) {
			promise.Due = now
		}
		if err := outbox.Nudge(ctx, tx, promise); err != nil {
			return err
		}
	}
	return nil
}

// refused records a definite no and what it says of the channel.
func (p *Publisher) refused(ctx context.Context, tx *db.Tx, j *job, r *platform.Refusal, now time.Time) error {
	if r.Auth || r.Block {
		if err := p.unusable(ctx, tx, j.channel, r, now); err != nil {
			return err
		}
	}
	j.delivery.Said, j.delivery.Fix = r.Said, r.Fix
	return p.stop(ctx, tx, j, Sending, Failed, r.Code, now)
}

// unusable writes what a refusal says of the channel: its later posts are held,
// or wait for the end of the block; none is tried in vain.
func (p *Publisher) unusable(ctx context.Context, tx *db.Tx, ch channel.Channel, r *platform.Refusal, now time.Time) error {
	h, until := channel.AuthLost, time.Time{}
	if !r.Auth {
		h, until = channel.Blocked, now.Add(6*time.Hour)
	}
	if err := channel.SetHealth(ctx, tx, ch.ID, h, r.Code, until); err != nil {
		return err
	}
	if err := live.Tell(ctx, tx, ch.Agency, "channel", string(ch.ID)); err != nil {
		return err
	}
	return audit.Note(ctx, tx, theSystem(ch.Agency), now, audit.Deed{
		Name: "channel." + string(h), Subject: "channel/" + string(ch.ID), Detail: string(ch.Platform) + " " + r.Code,
	})
}

// Why a delivery waits again, as the trail says it.
const (
	throttled = string(platform.Throttled)
	unsent    = string(platform.Unsent)
)

// waitAgain puts the delivery back in the queue: nothing of it was published.
func (p *Publisher) waitAgain(ctx context.Context, tx *db.Tx, j *job, at time.Time, why string, now time.Time) error {
	d := j.delivery
	d.State = Waiting
	if _, err := saveDelivery(ctx, tx, Sending, d, now); err != nil {
		return err
	}
	if err := p.note(ctx, tx, d, "delivery.waiting", why, now); err != nil {
		return err
	}
	at = d.asked(at, p.lateness(d.Origin))
	if why == unsent {
		return outbox.Failed(ctx, tx, j.claim, at)
	}
	return outbox.Again(ctx, tx, j.claim, at)
}

// stop writes a state in which nothing more happens by itself.
func (p *Publisher) stop(ctx context.Context, tx *db.Tx, j *job, was, s State, code string, now time.Time) error {
	d := j.delivery
	d.State, d.Code = s, code
	if _, err := saveDelivery(ctx, tx, was, d, now); err != nil {
		return err
	}
	if d.Origin == OriginPost {
		if err := postProgress(ctx, tx, d, now); err != nil {
			return err
		}
	}
	if err := p.note(ctx, tx, d, "delivery."+string(s), code, now); err != nil {
		return err
	}
	return outbox.Finish(ctx, tx, j.claim)
}

// note writes the audit row and wakes open pages.
func (p *Publisher) note(ctx context.Context, tx *db.Tx, d Delivery, deed, detail string, now time.Time) error {
	if err := live.Tell(ctx, tx, d.Agency, "delivery", string(d.ID)); err != nil {
		return err
	}
	return audit.Note(ctx, tx, theSystem(d.Agency), now, audit.Deed{Name: deed, Subject: "delivery/" + string(d.ID), Digest: string(d.Digest), Detail: detail})
}

func throttledUntil(err error, now time.Time) time.Time {
	if t, ok := errors.AsType[*platform.Throttle](err); ok && t.Until.After(now) {
		return t.Until
	}
	return now.Add(time.Minute)
}

// said is the short form of an error for people and the attempt's row.
// Connectors keep secrets out of their errors.
func said(err error) string {
	if err == nil {
		return ""
	}
	if f := fault.Find(err); f != nil && f.Code != "" {
		return f.Code
	}
	text := []rune(err.Error())
	if len(text) > 300 {
		text = text[:300]
	}
	return string(text)
}
