package publisher

import (
	"context"
	"errors"
	"slices"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// lookNow lets a read-back begin once every earlier request is surely dead and
// what it may have made must be visible.
func (p *Publisher) lookNow(ctx context.Context, tx *db.Tx, j *job, now time.Time, ready **job) error {
	last, err := lastPublish(ctx, tx, j.delivery.ID)
	if err != nil {
		return err
	}
	if done, err := p.adoptHeard(ctx, tx, j, Unconfirmed, now); err != nil || done {
		return err
	}
	if last.outcome() == platform.Refused {
		return p.stop(ctx, tx, j, Unconfirmed, Failed, "delivery.refused", now)
	}
	if _, err := firstPublish(ctx, tx, j.delivery.ID); fault.KindOf(err) == fault.NotFound {
		// Late word of every attempt: none has landed.
		return p.absent(ctx, tx, j, now)
	}
	if visible := last.deadAt(j.timing).Add(j.timing.Settle); now.Before(visible) {
		return outbox.Again(ctx, tx, j.claim, visible)
	}
	if j.channel.Health == channel.AuthLost || j.channel.Health == channel.Off {
		// Nothing can be read without a credential. It is asked again when the
		// channel has been reconnected.
		return outbox.Again(ctx, tx, j.claim, now.Add(time.Minute))
	}
	if err := beginAttempt(ctx, tx, j.delivery, j.claim.Epoch, actFind, now); err != nil {
		return err
	}
	j.find = true
	*ready = j
	return nil
}

// reconcile reads back whether an earlier attempt landed.
func (p *Publisher) reconcile(ctx context.Context, j *job) error {
	connector, account, err := p.open(ctx, j)
	var finding platform.Finding
	if err == nil {
		var first attempt
		var out platform.Outgoing
		if out, err = p.addressed(ctx, j.delivery); err == nil {
			first, err = p.firstUnclear(ctx, j.delivery.ID)
		}
		if err == nil {
			callCtx, cancel := context.WithTimeout(p.Channels.Spending(ctx, j.channel.ID), j.timing.Lease)
			defer cancel()
			finding, err = connector.Find(callCtx, account, platform.Attempt{
				Out: out, Started: first.Started, Ended: first.deadAt(j.timing), Notes: p.notes(j),
			})
		}
	}
	p.step("found", j)
	err = p.recordLook(context.WithoutCancel(ctx), j, finding, err)
	if errors.Is(err, outbox.ErrLost) {
		return nil
	}
	if err == nil {
		p.step("find.recorded", j)
	}
	return err
}

func (p *Publisher) firstUnclear(ctx context.Context, id DeliveryID) (a attempt, err error) {
	err = p.DB.View(ctx, func(tx *db.Tx) (err error) {
		a, err = firstPublish(ctx, tx, id)
		return err
	})
	return a, err
}

// recordLook writes what a read-back saw and what follows from it.
func (p *Publisher) recordLook(ctx context.Context, j *job, f platform.Finding, cause error) error {
	return p.DB.Update(ctx, func(tx *db.Tx) error {
		now := p.Now()
		if cause != nil {
			return p.lookFailed(ctx, tx, j, cause, now)
		}
		found, err := unowned(ctx, tx, j.delivery, f.Receipts)
		if err != nil {
			return err
		}
		last, err := lastPublish(ctx, tx, j.delivery.ID)
		if err != nil {
			return err
		}
		late, err := heard(ctx, tx, j.delivery)
		if err != nil {
			return err
		}
		if len(late) > 0 {
			found = late[:1]
		}
		l := look{
			now: now, delivery: j.delivery, found: found, complete: f.Complete, duplicate: last.Outcome == outcomeDuplicate,
			looks: j.claim.Failures, lateness: p.lateness(j.delivery.Origin),
		}
		s, code := l.judge()
		if err := endAttempt(ctx, tx, j, actFind, attemptEnd{outcome: string(s)}, now); err != nil {
			return err
		}
		return p.afterLook(ctx, tx, j, l, s, code)
	})
}

// afterLook carries out the rule's decision.
func (p *Publisher) afterLook(ctx context.Context, tx *db.Tx, j *job, l look, s State, code string) error {
	d := j.delivery
	switch s {
	case Published:
		return p.published(ctx, tx, j, Unconfirmed, l.found[0], l.now)
	case Unconfirmed:
		if l.complete {
			d.Absent++
			if _, err := saveDelivery(ctx, tx, Unconfirmed, d, l.now); err != nil {
				return err
			}
			return outbox.Again(ctx, tx, j.claim, l.now.Add(j.timing.Settle))
		}
		return outbox.Failed(ctx, tx, j.claim, l.now.Add(outbox.Backoff(j.claim.Failures)))
	case Waiting:
		return p.absent(ctx, tx, j, l.now)
	}
	for _, r := range l.found {
		d.Evidence = append(d.Evidence, r.URL)
	}
	j.delivery = d
	return p.stop(ctx, tx, j, Unconfirmed, s, code, l.now)
}

// absent lets a delivery that is surely not there wait again.
func (p *Publisher) absent(ctx context.Context, tx *db.Tx, j *job, now time.Time) error {
	d := j.delivery
	d.State, d.Absent = Waiting, 0
	if _, err := saveDelivery(ctx, tx, Unconfirmed, d, now); err != nil {
		return err
	}
	if err := p.note(ctx, tx, d, "delivery.absent", "", now); err != nil {
		return err
	}
	return outbox.Again(ctx, tx, j.claim, now)
}

// lookFailed puts off a look that got no answer; after many a person is asked.
func (p *Publisher) lookFailed(ctx context.Context, tx *db.Tx, j *job, cause error, now time.Time) error {
	if err := endAttempt(ctx, tx, j, actFind, attemptEnd{outcome: "failed", said: said(cause)}, now); err != nil {
		return err
	}
	if r := platform.AsRefusal(cause); r != nil && r.Auth {
		if err := p.unusable(ctx, tx, j.channel, r, now); err != nil {
			return err
		}
		return outbox.Again(ctx, tx, j.claim, now.Add(time.Minute))
	}
	if _, ok := errors.AsType[*platform.Throttle](cause); ok {
		return outbox.Again(ctx, tx, j.claim, throttledUntil(cause, now))
	}
	if j.claim.Failures >= failedLooks {
		return p.stop(ctx, tx, j, Unconfirmed, NeedsPerson, "delivery.cannot_look", now)
	}
	return outbox.Failed(ctx, tx, j.claim, now.Add(outbox.Backoff(j.claim.Failures)))
}

// failedLooks without an answer (about an hour and a half with the back-off)
// before a person is asked.
const failedLooks = 14

// unowned drops what is owned already: two posts with the same words must not
// be confirmed by one, and what the platform could not deliver is no proof of a
// later try.
func unowned(ctx context.Context, tx *db.Tx, d Delivery, found []platform.Receipt) ([]platform.Receipt, error) {
	var err error
	rest := slices.DeleteFunc(slices.Clone(found), func(r platform.Receipt) bool {
		owner, e := adopted(ctx, tx, d.Channel, r.RemoteID)
		if e != nil {
			err = e
		}
		return owner != ""
	})
	return rest, err
}
