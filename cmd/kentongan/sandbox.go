package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"kentongan/internal/fault"
	"kentongan/internal/sandbox"
	"kentongan/internal/telemetry"
)

// sandboxAlone runs the pretended platforms by themselves and prints, as JSON,
// where each is reached and with what credentials.
func sandboxAlone(ctx context.Context, c *call) error {
	listen, data, seed := "127.0.0.1:0", "", int64(1)
	err := c.flags("sandbox", func(f *flag.FlagSet) {
		f.StringVar(&listen, "listen", listen, c.words.T("cmd.flag.listen"))
		f.StringVar(&data, "data", data, c.words.T("cmd.flag.sandbox_data"))
		f.Int64Var(&seed, "seed", seed, c.words.T("cmd.flag.seed"))
	})
	if err != nil {
		return err
	}
	box, err := sandbox.New(sandbox.Options{Seed: seed, Path: data, Log: telemetry.Logger(c.err, "warn", "text"), Citizens: true})
	if err != nil {
		return err
	}
	defer box.Close()
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fault.Wrap(fault.Invalid, "cmd.cannot_listen", err, fault.Field("listen"), fault.Arg("address", listen))
	}
	print := json.NewEncoder(c.out)
	print.SetIndent("", "  ")
	if err := print.Encode(box.Credentials("http://" + listener.Addr().String())); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return box.Run(ctx) })
	group.Go(func() error { return serveHTTP(ctx, listener, box.Handler()) })
	return group.Wait()
}

// serveHTTP answers until ctx ends, then lets requests under way finish.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	server := newServer(h)
	server.BaseContext = func(net.Listener) context.Context { return ctx }
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err := server.Shutdown(end)
		if err != nil {
			err = server.Close() // live pages hold their connections
		}
		stopped <- err
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
}
