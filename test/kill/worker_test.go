package kill

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/media"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/bluesky"
	"kentongan/internal/platform/facebook"
	"kentongan/internal/platform/linkedin"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/platform/x"
	"kentongan/internal/safehttp"
	"kentongan/internal/vault"
	"kentongan/publisher"
	"kentongan/queue"
)

// The test binary is its own worker: started again with these set, it works
// instead of testing, and ends itself at the point it is told.
const (
	envWorker = "KENTONGAN_KILL_WORKER"
	envDB     = "KENTONGAN_KILL_DB"
	envData   = "KENTONGAN_KILL_DATA"
	envRedis  = "KENTONGAN_KILL_REDIS" // a URL, or "" for the embedded one
	envNaive  = "KENTONGAN_KILL_NAIVE"
)

func TestMain(m *testing.M) {
	if os.Getenv(envWorker) == "" {
		os.Exit(m.Run())
	}
	if err := work(); err != nil {
		slog.Error("worker", "err", err)
		os.Exit(3)
	}
}

// office is what both the worker and the supervisor build on one database.
type office struct {
	db        *db.DB
	channels  *channel.Desk
	media     *media.Store
	publisher *publisher.Publisher
}

// timing is short, so that a dead worker's promise is taken up within a second.
// Real settings are minutes; the rules are the same.
func timing(platform.Name) publisher.Timing {
	return publisher.Timing{Lease: 700 * time.Millisecond, CallTimeout: 900 * time.Millisecond, Settle: 150 * time.Millisecond}
}

func openOffice(ctx context.Context, address, data string, log *slog.Logger, wrap func(platform.Connector) platform.Connector) (*office, error) {
	d, err := db.Open(ctx, address)
	if err != nil {
		return nil, err
	}
	v, err := vault.Open(filepath.Join(data, "key"))
	if err != nil {
		return nil, err
	}
	files, err := media.OpenStore(filepath.Join(data, "media"))
	if err != nil {
		return nil, err
	}
	out := safehttp.New(safehttp.Options{AllowLoopback: true, Timeout: 5 * time.Second})
	connectors := map[platform.Name]platform.Connector{}
	for _, c := range []platform.Connector{mastodon.New(out), x.New(out), facebook.New(out), bluesky.New(out), linkedin.New(out)} {
		connectors[c.Name()] = wrap(c)
	}
	desk := &channel.Desk{DB: d, Vault: v, Connectors: connectors, Now: time.Now}
	return &office{db: d, channels: desk, media: files, publisher: &publisher.Publisher{
		DB: d, Channels: desk, Media: files, Log: log, Now: time.Now, Timing: timing,
		Lateness: 15 * time.Minute, MeasureAfter: time.Hour,
	}}, nil
}

func asIs(c platform.Connector) platform.Connector { return c }

// work is the worker process: it ends when its standard input does.
func work() error {
	ctx, stop := context.WithCancel(context.Background())
	go func() { io.Copy(io.Discard, os.Stdin); stop() }()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	wrap := asIs
	if os.Getenv(envNaive) != "" {
		wrap = func(c platform.Connector) platform.Connector { return naive{c} }
	}
	o, err := openOffice(ctx, os.Getenv(envDB), os.Getenv(envData), log, wrap)
	if err != nil {
		return err
	}
	r, err := queue.OpenRedis(ctx, log, os.Getenv(envRedis), string(queue.Embedded), os.Getenv(envData))
	if err != nil {
		return err
	}
	die := ender(os.Getenv(envData))
	o.publisher.Step = func(step string, on platform.Name) { die(string(on) + "/" + step) }
	q := queue.New(o.db, r, log, time.Now, queue.Settings{Workers: 6, Patience: 250 * time.Millisecond})
	q.Step = func(step string) { die("queue/" + step) }
	q.Handle(publisher.KindDeliver, o.publisher.Deliver)
	q.Handle(publisher.KindMeasure, func(context.Context, outbox.Ring) error { return nil })
	return q.Run(ctx)
}

// ender ends this process with SIGKILL at a point that is still to be hit, or
// freezes it there with SIGSTOP. The points lie as files in a folder; whoever
// removes one has hit it.
func ender(data string) func(point string) {
	return func(point string) {
		folder := filepath.Join(data, "points", fileOf(point))
		open, _ := os.ReadDir(folder)
		for _, file := range open {
			if os.Remove(filepath.Join(folder, file.Name())) == nil {
				if strings.HasPrefix(file.Name(), freeze) {
					syscall.Kill(os.Getpid(), syscall.SIGSTOP)
					return
				}
				syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
		}
	}
}

// naive is the control: it sends again until it hears a yes, and finds nothing
// when asked to read back. If it made no duplicates the test would be blind.
type naive struct{ platform.Connector }

func (n naive) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, notes platform.Notes) (platform.Receipt, error) {
	out.Key = out.Key + time.Now().String() // no idempotency key either
	return n.Connector.Publish(ctx, a, out, notes)
}

func (n naive) Find(context.Context, platform.Account, platform.Attempt) (platform.Finding, error) {
	return platform.Finding{Complete: true}, nil
}
