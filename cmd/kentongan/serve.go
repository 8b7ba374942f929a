package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kentongan/cmd/kentongan/web"
	"kentongan/cmd/kentongan/webhook"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/live"
	"kentongan/internal/telemetry"
)

// serve runs the service for an office until it is told to stop.
func serve(ctx context.Context, c *call) error {
	role := ""
	cfg, err := c.settings("serve", func(f *flag.FlagSet) { f.StringVar(&role, "role", "", c.words.T("cmd.flag.role")) })
	if err != nil {
		return err
	}
	if role != "" {
		cfg.Role = role
		if err := cfg.Check(); err != nil {
			return err
		}
	}
	log := telemetry.Logger(c.err, cfg.LogLevel, cfg.LogFormat)
	a, err := build(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	if cfg.Role == "worker" {
		return a.run(ctx, nil)
	}
	listener, err := listen(cfg.Listen)
	if err != nil {
		return err
	}
	if strings.HasSuffix(cfg.Listen, ":0") {
		a.cfg.Listen = listener.Addr().String() // the system chose a port
	}
	fmt.Fprintln(c.out, c.words.T("cmd.serving", "address", a.cfg.Public()))
	return a.run(ctx, listener)
}

func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "cmd.cannot_listen", err, fault.Field("listen"), fault.Arg("address", address))
	}
	return l, nil
}

// run serves pages where there is a listener, and keeps promises unless the
// role is web, until ctx ends or a part fails; then it stops in the reverse order.
func (a *app) run(ctx context.Context, l net.Listener) error {
	a.publisher.PublicMediaBase = a.publicMedia()
	group, ctx := errgroup.WithContext(ctx)
	if a.cfg.Role != "web" {
		group.Go(func() error { return a.queue.Run(ctx) })
		group.Go(func() error { return a.forgetNotes(ctx) })
		group.Go(func() error { return a.inbox.Listen(ctx) })
	}
	if l != nil {
		group.Go(func() error { return serveHTTP(ctx, l, a.handler()) })
	}
	return group.Wait()
}

// handler puts the doors side by side: health, webhooks, pages.
func (a *app) handler() http.Handler {
	a.channels.Redirect = a.cfg.Public() + web.ReturnPath // the system may have chosen the port
	mux := http.NewServeMux()
	health := telemetry.Health(a.checks()...)
	mux.Handle("GET /healthz", health)
	mux.Handle("GET /readyz", health)
	door := &webhook.Door{DB: a.db, Channels: a.channels, Inbox: a.inbox, Log: a.log}
	mux.Handle("/webhook/", door.Handler())
	mux.Handle("/", a.pages())
	return mux
}

// publicMedia is where platforms fetch media of ours themselves. Without a
// public address only the demo's own platforms can: they are on this machine.
func (a *app) publicMedia() string {
	base := a.cfg.PublicMedia()
	if base == "" && a.ready != nil {
		base = a.cfg.Public()
	}
	if base == "" {
		return ""
	}
	return base + web.MediaPath
}

// forgetNotes drops live notes that no open page can still be waiting for, and
// consents that nobody came back from.
func (a *app) forgetNotes(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			err := a.db.Update(ctx, func(tx *db.Tx) error { return live.Forget(ctx, tx, time.Now().Add(-time.Hour)) })
			if err != nil {
				a.log.Warn("live notes not forgotten", slog.Any("err", err))
			}
			if err := a.channels.Forget(ctx); err != nil {
				a.log.Warn("consents not forgotten", slog.Any("err", err))
			}
		}
	}
}
