package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kentongan/configs"
	"kentongan/internal/fault"
	"kentongan/internal/insight"
	"kentongan/internal/sandbox"
	"kentongan/internal/telemetry"
	"kentongan/queue"
)

// demonstration is everything in one process: the program, and the pretended
// platforms beside it, reached over HTTP as real ones are.
type demonstration struct {
	*app
	box  *sandbox.Sandbox
	base string // where the pretended platforms answer
	line net.Listener
}

// demo runs everything on invented data, until it is told to stop.
func demo(ctx context.Context, c *call) error {
	once, address, data, seed := false, "127.0.0.1:8080", filepath.Join("data", "demo"), int64(2026)
	level, redis := "warn", string(queue.Embedded)
	err := c.flags("demo", func(f *flag.FlagSet) {
		f.BoolVar(&once, "once", once, c.words.T("cmd.flag.once"))
		f.StringVar(&address, "listen", address, c.words.T("cmd.flag.listen"))
		f.StringVar(&data, "data", data, c.words.T("cmd.flag.data"))
		f.Int64Var(&seed, "seed", seed, c.words.T("cmd.flag.seed"))
		f.StringVar(&level, "log", level, c.words.T("cmd.flag.log"))
		f.StringVar(&redis, "redis", redis, c.words.T("cmd.flag.redis"))
	})
	if err != nil {
		return err
	}
	if once {
		return demoOnce(ctx, c, seed)
	}
	listener, err := listenNear(address)
	if err != nil {
		return err
	}
	cfg := demoConfig(data)
	cfg.Listen, cfg.LogLevel, cfg.RedisMode = listener.Addr().String(), level, redis
	d, err := openDemo(ctx, c, cfg, sandbox.Options{Seed: seed, Citizens: true, Pace: 20 * time.Second})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer d.close()
	group, ctx := errgroup.WithContext(ctx)
	// The platforms answer before the offices connect to them, and until the
	// last part has stopped.
	world, end := context.WithCancel(context.WithoutCancel(ctx))
	group.Go(func() error { return serveHTTP(world, d.line, d.box.Handler()) })
	group.Go(func() error {
		defer end()
		return d.play(ctx, c, listener)
	})
	return group.Wait()
}

// play seeds an empty folder, says where to go, and runs until ctx ends.
func (d *demonstration) play(ctx context.Context, c *call, listener net.Listener) error {
	d.publisher.PublicMediaBase = d.publicMedia()
	// Not to be interrupted: half a city would pass for a whole one next time.
	if err := d.seed(context.WithoutCancel(ctx)); err != nil {
		return errors.Join(err, listener.Close())
	}
	debug.FreeOSMemory() // hashing a dozen passwords took memory that is not needed again
	d.greet(c)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.box.Run(ctx) })
	group.Go(func() error { return d.hear(ctx) })
	group.Go(func() error { return d.crowd(ctx) })
	group.Go(func() error { return d.run(ctx, listener) })
	return group.Wait()
}

// listenNear takes the address, or the next free port after it: a demo should
// not fail because something else runs on 8080.
func listenNear(address string) (net.Listener, error) {
	l, err := listen(address)
	if err == nil || !strings.HasSuffix(address, ":8080") {
		return l, err
	}
	host, _, _ := net.SplitHostPort(address)
	for port := 8081; port < 8100; port++ {
		if l, err := net.Listen("tcp", fmt.Sprintf("%s:%d", host, port)); err == nil {
			return l, nil
		}
	}
	return nil, err
}

// demoConfig is patient in seconds where an office is in minutes, so that
// whoever watches sees things happen.
func demoConfig(data string) configs.Config {
	cfg := configs.Default()
	cfg.Data, cfg.RedisMode, cfg.PollEvery, cfg.LogLevel = data, string(queue.Embedded), 3*time.Second, "warn"
	cfg.SessionIdle = cfg.SessionMax
	for i := range cfg.Platforms {
		p := &cfg.Platforms[i]
		p.Settle, p.Lease, p.CallTimeout = 2*time.Second, 15*time.Second, 10*time.Second
	}
	return cfg
}

// openDemo opens the program and the pretended platforms beside its data.
func openDemo(ctx context.Context, c *call, cfg configs.Config, world sandbox.Options) (d *demonstration, err error) {
	log := telemetry.Logger(c.err, cfg.LogLevel, cfg.LogFormat)
	a, err := build(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	d = &demonstration{app: a}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	world.Path, world.Log = filepath.Join(cfg.Data, "sandbox"), log
	if d.box, err = sandbox.New(world); err != nil {
		return d, err
	}
	a.closers = append(a.closers, d.box)
	if d.line, err = steadyListener(filepath.Join(cfg.Data, "sandbox.address")); err != nil {
		return d, err
	}
	d.base = "http://" + d.line.Addr().String()
	a.ready, a.channels.Pretended = d.offer, func(base string) bool { return strings.HasPrefix(base, d.base+"/") }
	a.insight.Cadence = insight.DemoCadence()
	a.publisher.MeasureAfter = a.insight.Cadence[0]
	return d, nil
}

// steadyListener listens where it did the last time: the channels of the data
// folder name that address.
func steadyListener(file string) (net.Listener, error) {
	address := "127.0.0.1:0"
	if known, err := os.ReadFile(file); err == nil {
		address = strings.TrimSpace(string(known))
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "cmd.sandbox_address_taken", err, fault.Field("data"), fault.Arg("address", address), fault.Arg("file", file))
	}
	return l, os.WriteFile(file, []byte(l.Addr().String()+"\n"), 0o600)
}

// hear registers our webhooks at the pretended platforms, as an administrator
// would at the real ones; what they push comes in beside what is polled.
func (d *demonstration) hear(ctx context.Context) error {
	if err := d.ready(ctx, "http://"+d.cfg.Listen+"/healthz"); err != nil {
		return nil // stopping
	}
	hooks, err := d.hooks(ctx)
	if err != nil {
		return err
	}
	for _, h := range hooks {
		if err := d.box.Register(ctx, h); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// firstReactions is how many citizens react at once to a new world's posts.
const firstReactions = 24

// crowd lets citizens react as soon as the first posts are there, so that the
// inbox is not empty when somebody opens it. Afterwards they come by themselves.
func (d *demonstration) crowd(ctx context.Context) error {
	for {
		said, posts := 0, 0
		for _, s := range d.box.World() {
			if s.Ours {
				posts++
			} else {
				said++
			}
		}
		if said >= firstReactions {
			return nil
		}
		if posts >= 6 {
			d.box.Answer(firstReactions)
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// ready waits until an address answers.
func (d *demonstration) ready(ctx context.Context, url string) error {
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// greet says where to go and who to be.
func (d *demonstration) greet(c *call) {
	fmt.Fprintln(c.out, c.words.T("demo.address", "address", "http://"+d.cfg.Listen))
	for _, p := range cast() {
		fmt.Fprintf(c.out, "  %-10s %-14s %s\n", p.username, c.words.T("role."+string(p.role)), p.name)
	}
	fmt.Fprintln(c.out, c.words.T("demo.password", "password", demoPassword))
	fmt.Fprintln(c.out, c.words.T("demo.sandbox", "address", d.base+"/sandbox/world"))
	folder, err := filepath.Abs(d.cfg.Data)
	if err != nil {
		folder = d.cfg.Data
	}
	fmt.Fprintln(c.out, c.words.T("demo.folder", "folder", folder))
}

// close stops the listener too, when nothing has served it.
func (d *demonstration) close() error {
	if d.line != nil {
		d.line.Close() // closed already when it was served
	}
	return d.app.close()
}
