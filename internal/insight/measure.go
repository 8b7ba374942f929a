package insight

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

const (
	measureLease   = 2 * time.Minute
	measureTimeout = 60 * time.Second
	measureSlow    = time.Hour // while a person has to mend the channel
)

// Measure reads the figures of one post and keeps them as history. Nothing
// that goes wrong here can touch the post.
func (in *Insight) Measure(ctx context.Context, ring outbox.Ring) error {
	var claim outbox.Claim
	var s sent
	var ch channel.Channel
	mine := false
	err := in.DB.Update(ctx, func(tx *db.Tx) (err error) {
		claim, mine, err = outbox.Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, in.Now(), measureLease)
		if err != nil || !mine {
			return err
		}
		if s, err = sentByID(ctx, tx, ring.Key); err != nil {
			return err
		}
		ch, err = channel.ByID(ctx, tx, s.Channel)
		return err
	})
	if err != nil || !mine {
		return err
	}
	connector, err := in.Channels.Connector(ch.Platform)
	if err != nil {
		return err
	}
	m, ok := connector.(platform.Measurer)
	if !ok || s.RemoteID == "" || ch.Health == channel.Off || ch.Manual() {
		return in.DB.Update(ctx, func(tx *db.Tx) error { return outbox.Finish(ctx, tx, claim) })
	}
	if ch.Health == channel.AuthLost {
		return in.end(ctx, func(tx *db.Tx) error { return outbox.Again(ctx, tx, claim, in.Now().Add(measureSlow)) })
	}
	counts, err := in.ask(ctx, m, ch, s)
	if err != nil && ctx.Err() != nil { // the program ends: the next one goes on at once
		ctx = context.WithoutCancel(ctx)
		return in.end(ctx, func(tx *db.Tx) error { return outbox.Again(ctx, tx, claim, in.Now()) })
	}
	return in.end(ctx, func(tx *db.Tx) error { return in.conclude(ctx, tx, claim, s, outcome{counts, err}) })
}

func (in *Insight) ask(ctx context.Context, m platform.Measurer, ch channel.Channel, s sent) (platform.Counts, error) {
	account, err := in.Channels.Account(ctx, ch)
	if err != nil {
		return nil, err
	}
	call, cancel := context.WithTimeout(in.Channels.Spending(ctx, ch.ID), measureTimeout)
	defer cancel()
	all, err := m.Measure(call, account, []string{s.RemoteID})
	return all[s.RemoteID], err
}

type outcome struct {
	counts platform.Counts
	err    error
}

func (in *Insight) conclude(ctx context.Context, tx *db.Tx, claim outbox.Claim, s sent, o outcome) error {
	now := in.Now()
	if th, ok := errors.AsType[*platform.Throttle](o.err); ok {
		return outbox.Again(ctx, tx, claim, th.Until)
	}
	if r := platform.AsRefusal(o.err); r != nil && r.Auth {
		// The publisher and the inbox write a lost credential; here it waits.
		return outbox.Again(ctx, tx, claim, now.Add(measureSlow))
	}
	if o.err != nil && claim.Failures < 5 && platform.AsRefusal(o.err) == nil {
		in.Log.WarnContext(ctx, "measuring failed", slog.String("delivery", s.ID), slog.String("error", o.err.Error()))
		return outbox.Failed(ctx, tx, claim, now.Add(outbox.Backoff(claim.Failures)))
	}
	if o.err == nil && len(o.counts) > 0 {
		if err := insertEngagement(ctx, tx, s.ID, o.counts, now); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, s.Agency, "engagement", s.ID); err != nil {
			return err
		}
	}
	// A post that is gone, or that kept failing, is asked for at its next time.
	if at, ok := next(in.Cadence, s.PublishedAt, now); ok {
		return outbox.Again(ctx, tx, claim, at)
	}
	return outbox.Finish(ctx, tx, claim)
}

// end writes the end of a turn; a lost claim is somebody else's to end.
func (in *Insight) end(ctx context.Context, f func(*db.Tx) error) error {
	err := in.DB.Update(ctx, f)
	if errors.Is(err, outbox.ErrLost) {
		return nil
	}
	return err
}
