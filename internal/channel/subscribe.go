package channel

import (
	"context"
	"errors"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// KindSubscribe is the promise to tell a platform where to push.
const KindSubscribe = "channel.subscribe"

// promiseSubscription puts the promise where the platform pushes and can reach
// us. It is kept by the queue: a platform that does not answer now must not
// undo the connection, nor be forgotten.
func (d *Desk) promiseSubscription(ctx context.Context, tx *db.Tx, c Channel, connector platform.Connector) error {
	if _, ok := connector.(platform.Subscriber); !ok || d.hook(c) == "" {
		return nil
	}
	return outbox.Put(ctx, tx, outbox.Promise{Kind: KindSubscribe, Key: string(c.ID), Agency: c.Agency, Class: outbox.Inbox, Due: d.Now()})
}

func (d *Desk) hook(c Channel) string {
	if d.Hook == nil || c.Manual() {
		return ""
	}
	return d.Hook(c)
}

// Subscribe keeps the promise. A clear no is shown on the page of channels and
// ends it; everything else is asked again.
func (d *Desk) Subscribe(ctx context.Context, ring outbox.Ring) error {
	var claim outbox.Claim
	var c Channel
	mine := false
	err := d.DB.Update(ctx, func(tx *db.Tx) (err error) {
		claim, mine, err = outbox.Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, d.Now(), 2*answerIn)
		if err != nil || !mine {
			return err
		}
		c, err = ByID(ctx, tx, ID(ring.Key))
		return err
	})
	if err != nil || !mine {
		return err
	}
	asked, answer := d.subscribe(ctx, c)
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if !asked {
			return outbox.Finish(ctx, tx, claim)
		}
		return d.subscribed(ctx, tx, claim, c, answer)
	})
	if errors.Is(err, outbox.ErrLost) {
		return nil
	}
	return err
}

// subscribe asks the platform. asked is false when there is nothing to ask any
// more: connecting anew puts a new promise.
func (d *Desk) subscribe(ctx context.Context, c Channel) (asked bool, err error) {
	address := d.hook(c)
	connector, err := d.Connector(c.Platform)
	if err != nil {
		return false, nil
	}
	s, ok := connector.(platform.Subscriber)
	if !ok || address == "" || c.Broken() && c.Health != Frozen {
		return false, nil
	}
	account, err := d.Account(ctx, c)
	if err != nil {
		return true, err
	}
	ctx, stop := context.WithTimeout(ctx, answerIn)
	defer stop()
	return true, s.Subscribe(d.Spending(ctx, c.ID), account, address)
}

// subscribed writes what came of it and ends or moves the promise.
func (d *Desk) subscribed(ctx context.Context, tx *db.Tx, claim outbox.Claim, c Channel, err error) error {
	at, code := d.Now(), ""
	if err != nil {
		r := platform.AsRefusal(err)
		if r == nil {
			again := d.Now().Add(outbox.Backoff(claim.Failures))
			if throttle, ok := errors.AsType[*platform.Throttle](err); ok && throttle.Until.After(again) {
				again = throttle.Until
			}
			return outbox.Failed(ctx, tx, claim, again)
		}
		at, code = time.Time{}, r.Code
		if r.Auth {
			if err := SetHealth(ctx, tx, c.ID, AuthLost, r.Code, time.Time{}); err != nil {
				return err
			}
			lost := audit.Deed{Name: "channel.auth_lost", Subject: "channel/" + string(c.ID), Detail: string(c.Platform) + " " + r.Code}
			if err := audit.Note(ctx, tx, identity.TheSystem("channel", c.Agency), d.Now(), lost); err != nil {
				return err
			}
		}
	}
	if err := savePush(ctx, tx, c.ID, at, code); err != nil {
		return err
	}
	if err := live.Tell(ctx, tx, c.Agency, "channel", string(c.ID)); err != nil {
		return err
	}
	return outbox.Finish(ctx, tx, claim)
}
