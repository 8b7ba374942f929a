package inbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// streamLook is how often the channels are looked through for new ones, and
// streamPause how long a connection that ended is left alone, doubling.
const (
	streamLook  = 15 * time.Second
	streamPause = 2 * time.Second
	streamRest  = 5 * time.Minute
)

// Listen keeps a connection open to every platform that tells through one at
// once that something happened, until ctx ends. What is told only wakes the
// poll: a connection that breaks loses nothing.
func (in *Inbox) Listen(ctx context.Context) error {
	l := &listeners{in: in, open: map[channel.ID]context.CancelFunc{}}
	defer l.all.Wait()
	tick := time.NewTicker(streamLook)
	defer tick.Stop()
	for {
		if err := l.look(ctx); err != nil && ctx.Err() == nil {
			in.Log.WarnContext(ctx, "streams: channels cannot be read", slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

type listeners struct {
	in   *Inbox
	open map[channel.ID]context.CancelFunc
	all  sync.WaitGroup
}

// look opens a connection for each channel that wants one, and closes those of
// channels that are gone.
func (l *listeners) look(ctx context.Context) error {
	var channels []channel.Channel
	err := l.in.DB.View(ctx, func(tx *db.Tx) (err error) {
		channels, err = channel.All(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	wanted := map[channel.ID]bool{}
	for _, ch := range channels {
		s, ok := l.in.streamer(ch)
		if !ok || ch.Health == channel.AuthLost {
			continue
		}
		wanted[ch.ID] = true
		if l.open[ch.ID] != nil {
			continue
		}
		own, stop := context.WithCancel(ctx)
		l.open[ch.ID] = stop
		l.all.Go(func() { l.in.hold(own, ch.ID, s) })
	}
	for id, stop := range l.open {
		if !wanted[id] {
			stop()
			delete(l.open, id)
		}
	}
	return nil
}

func (in *Inbox) streamer(ch channel.Channel) (platform.Streamer, bool) {
	connector, err := in.Channels.Connector(ch.Platform)
	if err != nil || ch.Manual() {
		return nil, false
	}
	s, ok := connector.(platform.Streamer)
	account := platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode, RemoteID: ch.RemoteID}
	return s, ok && connector.Capabilities(account).Stream
}

// hold keeps one channel's connection, and opens it again when it ends.
func (in *Inbox) hold(ctx context.Context, id channel.ID, s platform.Streamer) {
	pause := streamPause
	for ctx.Err() == nil {
		begun := in.Now()
		err := in.stream(ctx, id, s)
		if in.Now().Sub(begun) > time.Minute {
			pause = streamPause
		}
		if err != nil && ctx.Err() == nil {
			in.Log.InfoContext(ctx, "stream ended", slog.String("channel", string(id)), slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, streamRest)
	}
}

func (in *Inbox) stream(ctx context.Context, id channel.ID, s platform.Streamer) error {
	var ch channel.Channel
	err := in.DB.View(ctx, func(tx *db.Tx) (err error) {
		ch, err = channel.ByID(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	account, err := in.Channels.Account(ctx, ch)
	if err != nil {
		return err
	}
	return s.Stream(ctx, account, func() { in.wake(ctx, ch) })
}

// wake rings the channel's poll now.
func (in *Inbox) wake(ctx context.Context, ch channel.Channel) {
	err := in.DB.Update(ctx, func(tx *db.Tx) error {
		return outbox.Nudge(ctx, tx, outbox.Promise{Kind: KindPoll, Key: string(ch.ID), Agency: ch.Agency, Class: outbox.Inbox, Due: in.Now()})
	})
	if err != nil && ctx.Err() == nil {
		in.Log.WarnContext(ctx, "poll cannot be woken", slog.String("channel", string(ch.ID)), slog.String("code", fault.Code(err)))
	}
}
