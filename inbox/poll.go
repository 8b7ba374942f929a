package inbox

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

const (
	pollLease   = 90 * time.Second // renewed with every page
	pullTimeout = 60 * time.Second // one page; a lease holds at least one
	pollSlow    = 10 * time.Minute // while a person has to mend the channel
	pollPages   = 20               // of one feed in one turn; the rest follows at once
	watchFor    = 7 * 24 * time.Hour
)

// EnsurePolls puts the promise that reads a channel, at start and whenever it
// is connected.
func (in *Inbox) EnsurePolls(ctx context.Context, tx *db.Tx, ch channel.Channel) error {
	if ch.Manual() {
		return nil
	}
	connector, err := in.Channels.Connector(ch.Platform)
	if err != nil {
		return err
	}
	if _, ok := connector.(platform.Puller); !ok {
		return nil
	}
	p := outbox.Promise{Kind: KindPoll, Key: string(ch.ID), Agency: ch.Agency, Class: outbox.Inbox, Due: in.Now()}
	if row, err := outbox.One(ctx, tx, p.Kind, p.Key); err == nil && row.State != outbox.Parked {
		return outbox.Nudge(ctx, tx, p)
	} else if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	return outbox.Put(ctx, tx, p)
}

// turn is one poll of one channel.
type turn struct {
	*Inbox
	claim   outbox.Claim
	ch      channel.Channel
	account platform.Account
	more    bool      // something was left for the next turn
	rested  time.Time // the platform answers no more before
}

// Poll reads what is new on a channel. The network is asked outside of every
// transaction; each page is stored together with the cursor that follows it,
// so that a restart reads it again or not at all.
func (in *Inbox) Poll(ctx context.Context, ring outbox.Ring) error {
	t := &turn{Inbox: in}
	mine := false
	err := in.DB.Update(ctx, func(tx *db.Tx) (err error) {
		t.claim, mine, err = outbox.Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, in.Now(), pollLease)
		if err != nil || !mine {
			return err
		}
		t.ch, err = channel.ByID(ctx, tx, channel.ID(ring.Key))
		return err
	})
	if err != nil || !mine {
		return err
	}
	switch {
	case t.ch.Health == channel.Off:
		return t.end(ctx, func(tx *db.Tx) error { return outbox.Finish(ctx, tx, t.claim) })
	case t.ch.Health == channel.AuthLost:
		return t.again(ctx, pollSlow)
	}
	// A frozen or paused channel is read all the same: what citizens say there
	// must not be lost.
	if t.account, err = in.Channels.Account(ctx, t.ch); err == nil {
		err = t.read(ctx)
	}
	return t.conclude(ctx, err)
}

func (t *turn) read(ctx context.Context) error {
	connector, err := t.Channels.Connector(t.ch.Platform)
	if err != nil {
		return err
	}
	puller, ok := connector.(platform.Puller)
	if !ok {
		return nil
	}
	// A feed that fails must not keep the others from being read: a platform's
	// private messages may be a service of their own (Bluesky).
	var failed []error
	feeds := puller.Feeds(t.account)
	for _, feed := range feeds {
		err := t.pages(ctx, feed, func(ctx context.Context, cursor string) (platform.Page, error) {
			return puller.Pull(ctx, t.account, feed, cursor)
		})
		if ends(err) || ctx.Err() != nil {
			return err
		}
		if err != nil {
			failed = append(failed, err)
		}
	}
	if below, ok := connector.(platform.ThreadPuller); ok {
		if err := t.threads(ctx, below); err != nil {
			return errors.Join(append(failed, err)...)
		}
	}
	if len(failed) > 0 && len(failed) < len(feeds) {
		t.Log.WarnContext(ctx, "poll: part of a channel cannot be read", slog.String("channel", string(t.ch.ID)),
			slog.String("platform", string(t.ch.Platform)), slog.String("error", errors.Join(failed...).Error()))
		return nil
	}
	return errors.Join(failed...)
}

// ends says that nothing more can be read in this turn: the claim or the
// credential is lost, or the platform wants to be left alone.
func ends(err error) bool {
	if r := platform.AsRefusal(err); r != nil && r.Auth {
		return true
	}
	_, throttled := errors.AsType[*platform.Throttle](err)
	return throttled || errors.Is(err, outbox.ErrLost)
}

// threads reads below our own recent posts, the youngest most often.
func (t *turn) threads(ctx context.Context, below platform.ThreadPuller) error {
	var all []watched
	now := t.Now()
	err := t.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = ownPosts(ctx, tx, t.ch.ID, now.Add(-watchFor))
		return err
	})
	if err != nil {
		return err
	}
	for _, w := range all {
		if now.Sub(w.ReadAt) < rest(now.Sub(w.PostedAt), t.every()) {
			continue
		}
		err := t.pages(ctx, w.feed(), func(ctx context.Context, cursor string) (platform.Page, error) {
			return below.PullThread(ctx, t.account, platform.Watch{RemoteID: w.RemoteID, Since: w.PostedAt}, cursor)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// rest is how long a thread is left alone after a look, by the post's age:
// most comments come in the first hours.
func rest(age, every time.Duration) time.Duration {
	switch {
	case age < time.Hour:
		return 0
	case age < 6*time.Hour:
		return 4 * every
	case age < 24*time.Hour:
		return 20 * every
	}
	return 60 * every
}

// pages reads a feed to its end, or to as much as one turn may take.
func (t *turn) pages(ctx context.Context, feed string, pull func(context.Context, string) (platform.Page, error)) error {
	var cursor string
	err := t.DB.View(ctx, func(tx *db.Tx) (err error) {
		cursor, err = channel.Cursor(ctx, tx, t.ch.ID, feed)
		return err
	})
	if err != nil {
		return err
	}
	for range pollPages {
		asked := t.Now()
		call, cancel := context.WithTimeout(t.Channels.Spending(platform.WithQuota(ctx, t.heed), t.ch.ID), pullTimeout)
		page, err := pull(call, cursor)
		cancel()
		if err != nil {
			return err
		}
		if err := t.store(ctx, feed, page, asked); err != nil {
			return err
		}
		if !page.More || page.Cursor == cursor {
			return nil
		}
		cursor = page.Cursor
	}
	t.more = true
	return nil
}

// heed keeps what the platform's own headers say is left of a poll's calls.
func (t *turn) heed(q platform.Quota) {
	if q.Remaining == 0 && q.Reset.After(t.rested) {
		t.rested = q.Reset
	}
}

// store keeps a page and moves the cursor, or neither.
func (t *turn) store(ctx context.Context, feed string, page platform.Page, asked time.Time) error {
	return t.DB.Update(ctx, func(tx *db.Tx) error {
		if err := outbox.Hold(ctx, tx, t.claim, t.Now()); err != nil {
			return err
		}
		if err := outbox.Renew(ctx, tx, &t.claim, t.Now().Add(pollLease)); err != nil {
			return err
		}
		if _, err := t.Receive(ctx, tx, t.ch, page.Items, asked); err != nil {
			return err
		}
		return channel.MoveCursor(ctx, tx, t.ch.ID, feed, page.Cursor, t.Now())
	})
}

// conclude ends the turn by what happened in it.
func (t *turn) conclude(ctx context.Context, err error) error {
	if err == nil {
		if t.more {
			return t.again(ctx, t.rested.Sub(t.Now()))
		}
		return t.again(ctx, max(t.rested.Sub(t.Now()), t.pause()))
	}
	if errors.Is(err, outbox.ErrLost) {
		return nil // another worker reads it now
	}
	if ctx.Err() != nil { // the program ends: the next one goes on at once
		return t.again(context.WithoutCancel(ctx), 0)
	}
	if r := platform.AsRefusal(err); r != nil && r.Auth {
		return t.authLost(ctx, r)
	}
	if th, ok := errors.AsType[*platform.Throttle](err); ok {
		return t.again(ctx, max(th.Until.Sub(t.Now()), t.pause()))
	}
	t.Log.WarnContext(ctx, "poll failed", slog.String("channel", string(t.ch.ID)), slog.String("platform", string(t.ch.Platform)),
		slog.Int64("failures", t.claim.Failures+1), slog.String("error", err.Error()))
	return t.end(ctx, func(tx *db.Tx) error {
		return outbox.Failed(ctx, tx, t.claim, t.Now().Add(max(outbox.Backoff(t.claim.Failures), t.pause())))
	})
}

func (t *turn) authLost(ctx context.Context, r *platform.Refusal) error {
	return t.end(ctx, func(tx *db.Tx) error {
		if err := channel.SetHealth(ctx, tx, t.ch.ID, channel.AuthLost, r.Code, time.Time{}); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, t.ch.Agency, "channel", string(t.ch.ID)); err != nil {
			return err
		}
		if err := t.note(ctx, tx, identity.TheSystem("inbox", t.ch.Agency), "channel.auth_lost", "channel/"+string(t.ch.ID), r.Code); err != nil {
			return err
		}
		return outbox.Again(ctx, tx, t.claim, t.Now().Add(pollSlow))
	})
}

// pause is the time to the next turn, a little uneven: channels must not all
// be asked in the same second.
func (t *turn) pause() time.Duration {
	every := t.every()
	return every + time.Duration(rand.Int64N(int64(every)/5+1)) - every/10
}

func (in *Inbox) every() time.Duration { return cmp.Or(in.Every, 30*time.Second) }

func (t *turn) again(ctx context.Context, wait time.Duration) error {
	return t.end(ctx, func(tx *db.Tx) error { return outbox.Again(ctx, tx, t.claim, t.Now().Add(max(wait, 0))) })
}

// end writes the end of the turn; a lost claim is somebody else's to end.
func (t *turn) end(ctx context.Context, f func(*db.Tx) error) error {
	if err := t.DB.Update(ctx, f); !errors.Is(err, outbox.ErrLost) {
		return err
	}
	return nil
}
