package publisher

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
)

// halt ends a delivery that has not left, together with its promise. ok is
// false when a worker holds it or something of it may be public: then it
// stays as it is.
func (p *Publisher) halt(ctx context.Context, tx *db.Tx, d Delivery, to State, code string, now time.Time) (ok bool, err error) {
	switch d.State {
	case Waiting, Held, Missed, Failed, ByHand:
	default:
		return false, nil
	}
	// The promise first, as a worker does: whoever is second sees what the first
	// has done.
	free, err := outbox.Cancel(ctx, tx, KindDeliver, string(d.ID))
	if err != nil || !free {
		return false, err
	}
	was := d.State
	d.State, d.Code = to, code
	if ok, err = saveDelivery(ctx, tx, was, d, now); err != nil || !ok {
		return false, leaving(err)
	}
	return true, nil
}

// leaving undoes the transaction in which a promise was cancelled whose
// delivery had gone on meanwhile.
func leaving(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "post.leaving")
}

// voidUnderWay ends every signature and delivery of a post that is about to
// change. It refuses when a part of the post is public or may be.
func (p *Publisher) voidUnderWay(ctx context.Context, tx *db.Tx, post Post, now time.Time) error {
	if post.State != PostScheduled && post.State != PostDone {
		return nil
	}
	all, err := Deliveries(ctx, tx, post.Agency, OriginPost, string(post.ID))
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.State == Void || d.State == Cancelled {
			if err := p.retire(ctx, tx, d, now); err != nil {
				return err
			}
			continue
		}
		ok, err := p.halt(ctx, tx, d, Void, superseded, now)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.Conflict, "post.leaving")
		}
	}
	return voidApprovals(ctx, tx, OriginPost, string(post.ID), now)
}

// retire marks a delivery that had ended as one of an earlier signature.
func (p *Publisher) retire(ctx context.Context, tx *db.Tx, d Delivery, now time.Time) error {
	was := d.State
	d.State, d.Code = Void, superseded
	_, err := saveDelivery(ctx, tx, was, d, now)
	return err
}

// Move sets another instant. Inside the window that was signed the signature
// stands; outside of it the post goes back to its author.
func (p *Publisher) Move(ctx context.Context, by identity.Actor, id PostID, due time.Time) (Post, error) {
	var moved Post
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		now := p.now()
		before, err := loadPost(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.Compose, before.Agency) {
			return fault.New(fault.Denied, "post.edit.no_power")
		}
		if !due.After(now) {
			return fault.New(fault.Invalid, "post.due_past", fault.Field("due"))
		}
		after := before
		after.When = before.When.moved(due)
		if after.Due, err = after.When.Due(); err != nil {
			return err
		}
		if before.Window.Holds(after.Due) && (before.State == PostReview || before.State == PostScheduled) {
			moved, err = p.moveInside(ctx, tx, by, before, after, now)
			return err
		}
		if until, err := after.When.Until(); err != nil || !until.IsZero() && !until.After(after.Due) {
			after.When.MoveUntil = "" // it ended before the new instant
		}
		if moved, err = p.supersede(ctx, tx, by, before, after, DeedReplan, now); err != nil {
			return err
		}
		if _, err := keepRevision(ctx, tx, moved, by.ID); err != nil {
			return err
		}
		return p.tell(ctx, tx, by, moved, "post.replan", "")
	})
	return moved, err
}

func (p *Publisher) moveInside(ctx context.Context, tx *db.Tx, by identity.Actor, before, after Post, now time.Time) (Post, error) {
	after, err := after.do(DeedMove)
	if err != nil {
		return after, err
	}
	after.UpdatedAt = now
	// Promise, delivery, post: the order in which a worker locks them.
	if before.State == PostScheduled {
		if err := p.moveDeliveries(ctx, tx, after, now); err != nil {
			return after, err
		}
	}
	if err := savePost(ctx, tx, before, after); err != nil {
		return after, err
	}
	if err := addNote(ctx, tx, after, by.ID, DeedMove, "", now); err != nil {
		return after, err
	}
	return after, p.tell(ctx, tx, by, after, "post.move", after.Due.Format(time.RFC3339))
}

// moveDeliveries moves the promises; it refuses when one is leaving.
func (p *Publisher) moveDeliveries(ctx context.Context, tx *db.Tx, post Post, now time.Time) error {
	all, err := Deliveries(ctx, tx, post.Agency, OriginPost, string(post.ID))
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.State == Void {
			continue
		}
		if d.State != Waiting {
			return fault.New(fault.Conflict, "post.leaving")
		}
		free, err := outbox.Cancel(ctx, tx, KindDeliver, string(d.ID))
		if err != nil {
			return err
		}
		d.Due = post.Due
		ok := false
		if free {
			ok, err = saveDelivery(ctx, tx, Waiting, d, now)
		}
		if err != nil || !ok {
			return leaving(err)
		}
		if err := outbox.Put(ctx, tx, Promise(d, outbox.Publish)); err != nil {
			return err
		}
	}
	return nil
}

// Withdrawal says what a withdrawal could stop and what it could not.
type Withdrawal struct {
	Stopped    []Delivery
	NotStopped []Delivery // published, leaving, or perhaps there
}

// Withdraw stops what has not left. What is leaving or may be public stays as
// it is and is reported; its signature ends, so that it is not sent again.
func (p *Publisher) Withdraw(ctx context.Context, by identity.Actor, id PostID) (Withdrawal, error) {
	var w Withdrawal
	err := p.DB.Update(ctx, func(tx *db.Tx) error {
		w = Withdrawal{}
		now := p.now()
		before, err := loadPost(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.Compose, before.Agency) && !by.May(identity.Approve, before.Agency) {
			return fault.New(fault.Denied, "post.withdraw.no_power")
		}
		after, err := before.do(DeedWithdraw)
		if err != nil {
			return err
		}
		if w, err = p.stopAll(ctx, tx, before, now); err != nil {
			return err
		}
		if len(w.NotStopped) > 0 {
			if len(w.Stopped) == 0 {
				return fault.New(fault.Conflict, "post.withdraw.nothing_left")
			}
			after.State = before.State
		}
		after.UpdatedAt = now
		if err := savePost(ctx, tx, before, after); err != nil {
			return err
		}
		if err := postProgress(ctx, tx, Delivery{OriginID: string(id)}, now); err != nil {
			return err
		}
		if err := addNote(ctx, tx, after, by.ID, DeedWithdraw, "", now); err != nil {
			return err
		}
		return p.tell(ctx, tx, by, after, "post.withdraw", "")
	})
	return w, err
}

func (p *Publisher) stopAll(ctx context.Context, tx *db.Tx, post Post, now time.Time) (w Withdrawal, err error) {
	all, err := Deliveries(ctx, tx, post.Agency, OriginPost, string(post.ID))
	if err != nil {
		return w, err
	}
	for _, d := range all {
		if d.State == Void || d.State == Cancelled {
			continue
		}
		ok, err := p.halt(ctx, tx, d, Cancelled, "delivery.withdrawn", now)
		if err != nil {
			return w, err
		}
		if ok {
			w.Stopped = append(w.Stopped, d)
		} else {
			w.NotStopped = append(w.NotStopped, d)
		}
	}
	return w, voidApprovals(ctx, tx, OriginPost, string(post.ID), now)
}
