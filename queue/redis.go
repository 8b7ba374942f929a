package queue

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os/exec"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"kentongan/internal/fault"
)

// Mode is where the Redis comes from.
type Mode string

const (
	External Mode = "external" // redis.url: a server somebody else runs
	Owned    Mode = "server"   // a redis-server found here, started and stopped by us
	Embedded Mode = "embedded" // inside this process, forgotten when it ends
)

// Redis is the bell's metal: any of the three kinds.
type Redis struct {
	Mode   Mode
	client redis.UniversalClient
	mini   *miniredis.Miniredis
	owned  *ownedServer
	log    *slog.Logger
}

// OpenRedis opens a Redis: the one at url; else, unless mode is "embedded", a
// redis-server of our own below folder when one is installed; else the
// embedded one. Nothing depends on which: SQL holds what must not be lost.
func OpenRedis(ctx context.Context, log *slog.Logger, url, mode, folder string) (*Redis, error) {
	if url != "" {
		return openExternal(ctx, log, url)
	}
	if mode != string(Embedded) {
		if bin, err := exec.LookPath("redis-server"); err == nil {
			r, err := openOwned(ctx, log, bin, folder)
			if err == nil || mode == string(Owned) {
				return r, err
			}
			log.Warn("queue: redis-server does not start, the embedded one is used", slog.Any("err", err))
		} else if mode == string(Owned) {
			return nil, fault.Wrap(fault.Invalid, "queue.no_redis_server", err, fault.Field("redis.mode"))
		}
	}
	return openEmbedded(log), nil
}

func openExternal(ctx context.Context, log *slog.Logger, url string) (*Redis, error) {
	opts, err := redis.ParseURL(url)
	if err != nil {
		return nil, fault.New(fault.Invalid, "queue.bad_redis_url", fault.Field("redis.url")) // the parser's error may hold the password
	}
	client := redis.NewClient(opts)
	if err := client.Ping(ctx).Err(); err != nil {
		client.Close()
		return nil, fault.Wrap(fault.Transient, "queue.no_redis", err, fault.Field("redis.url"))
	}
	return &Redis{Mode: External, client: client, log: log}, nil
}

// openEmbedded runs miniredis over in-memory pipes: no port is opened.
func openEmbedded(log *slog.Logger) *Redis {
	mini := miniredis.NewMiniRedis()
	client := redis.NewClient(&redis.Options{
		Addr:   "embedded",
		Dialer: func(context.Context, string, string) (net.Conn, error) { return mini.Dial() },
	})
	return &Redis{Mode: Embedded, client: client, mini: mini, log: log}
}

// asynq gives every part of asynq the one client.
func (r *Redis) asynq() asynq.RedisConnOpt { return sharedClient{r.client} }

// sharedClient hands asynq our client. asynq closes what it was given, so it
// gets a face of the client whose Close does nothing: we close it ourselves.
type sharedClient struct{ client redis.UniversalClient }

func (s sharedClient) MakeRedisClient() any { return unclosed{s.client} }

type unclosed struct{ redis.UniversalClient }

func (unclosed) Close() error { return nil }

// checkEvery is how often idle workers look: 20 ms costs a real Redis about
// one percent of a core; in the process itself it costs more, so less often.
func (r *Redis) checkEvery() time.Duration {
	if r.Mode == Embedded {
		return 50 * time.Millisecond
	}
	return 20 * time.Millisecond
}

// Ping asks whether Redis answers.
func (r *Redis) Ping(ctx context.Context) error { return r.client.Ping(ctx).Err() }

// Run keeps the Redis going until ctx ends: the embedded one needs its clock
// moved, one of our own is started again when it dies.
func (r *Redis) Run(ctx context.Context) error {
	switch r.Mode {
	case Embedded:
		return r.moveClock(ctx)
	case Owned:
		return r.owned.keep(ctx)
	}
	<-ctx.Done()
	return nil
}

// moveClock lets keys of the embedded Redis expire. Its own ClockTTL would make
// every access cost as much as there are keys (QUEUE.md §0.2).
func (r *Redis) moveClock(ctx context.Context) error {
	const every = 5 * time.Second
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			r.mini.FastForward(every)
		}
	}
}

// Flush empties the Redis: tests and the sweeper's proof.
func (r *Redis) Flush(ctx context.Context) error { return r.client.FlushAll(ctx).Err() }

// Close lets the Redis go, and stops one of our own.
func (r *Redis) Close() error {
	err := r.client.Close()
	if r.mini != nil {
		r.mini.Close()
	}
	if r.owned != nil {
		err = errors.Join(err, r.owned.stop())
	}
	return err
}
