package main

import (
	"context"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/telemetry"
)

// overdue is how long a due promise may wait before the program is not ready.
const overdue = 30 * time.Second

// checks say what must hold for a due post to go out now.
func (a *app) checks() []telemetry.Check {
	return []telemetry.Check{
		{Name: "database", Ok: a.db.Ping},
		{Name: "redis", Ok: func(ctx context.Context) error {
			if err := a.queue.Ping(ctx); err != nil {
				return fault.Wrap(fault.Transient, "queue.no_redis", err)
			}
			return nil
		}},
		{Name: "clock", Ok: func(context.Context) error {
			if a.cfg.Role != "web" && !a.queue.Alive() {
				return fault.New(fault.Transient, "queue.clock_stopped")
			}
			return nil
		}},
		{Name: "overdue", Ok: a.nothingOverdue},
	}
}

// nothingOverdue fails when a promise has been due for long and nobody took it.
func (a *app) nothingOverdue(ctx context.Context) error {
	return a.db.View(ctx, func(tx *db.Tx) error {
		oldest, err := outbox.Oldest(ctx, tx, time.Now().Add(-overdue))
		if err == nil && !oldest.IsZero() {
			err = fault.New(fault.Transient, "queue.overdue", fault.Arg("minutes", int(time.Since(oldest).Minutes())))
		}
		return err
	})
}

// channelChecks look at every channel: its credential, its health.
func (a *app) channelChecks(ctx context.Context) (all []telemetry.Check, err error) {
	var channels []channel.Channel
	err = a.db.View(ctx, func(tx *db.Tx) (err error) {
		channels, err = channel.All(ctx, tx)
		return err
	})
	for _, ch := range channels {
		all = append(all, telemetry.Check{Name: string(ch.Platform) + " " + ch.Handle, Ok: func(ctx context.Context) error {
			if ch.Broken() {
				return fault.New(fault.Conflict, "delivery.channel_"+string(ch.Health))
			}
			return a.channels.Probe(ctx, ch)
		}})
	}
	return all, err
}

// versions tells which API versions of connected platforms end soon, have
// ended, or were never tested.
func (a *app) versions(ctx context.Context) (all []error, err error) {
	var channels []channel.Channel
	err = a.db.View(ctx, func(tx *db.Tx) (err error) {
		channels, err = channel.All(ctx, tx)
		return err
	})
	seen := map[platform.Name]bool{}
	for _, ch := range channels {
		if seen[ch.Platform] || ch.Manual() {
			continue
		}
		seen[ch.Platform] = true
		if err := a.channels.CheckVersion(ch.Platform); err != nil {
			all = append(all, err)
		}
	}
	return all, err
}
