// Package queue is the bell. Due promises ring asynq at their instant, asynq
// wakes the verb that keeps them. SQL is the truth: asynq owns no schedule, no
// retry, no dedupe and no dead letter, and Redis may be emptied at any moment
// (docs/decisions, DESIGN §4). This is the only package that imports asynq and
// go-redis.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/hibiken/asynq"
	"golang.org/x/sync/errgroup"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
)

// Verb keeps a promise. It takes the promise itself, in its own transaction;
// an error means that nothing was recorded, and the promise is rung again.
type Verb func(ctx context.Context, ring outbox.Ring) error

// Settings of the queue.
type Settings struct {
	Workers  int
	Patience time.Duration // a ring that nobody answered is rung again after it
	Horizon  time.Duration // how far ahead the clock holds promises in memory
	Timeout  time.Duration // of one verb
}

// Queue rings and answers.
type Queue struct {
	db       *db.DB
	redis    *Redis
	log      *slog.Logger
	now      func() time.Time
	settings Settings
	verbs    map[string]Verb
	client   *asynq.Client
	beat     heartbeat
	work     underWay
	// Step is told each step between a promise and its verb; tests end the
	// process there. nil in the program.
	Step func(step string)
}

func (q *Queue) step(name string) {
	if q.Step != nil {
		q.Step(name)
	}
}

// New makes a queue on a Redis that is already open.
func New(d *db.DB, r *Redis, log *slog.Logger, now func() time.Time, s Settings) *Queue {
	if s.Workers == 0 {
		s.Workers = 10
	}
	if s.Patience == 0 {
		s.Patience = 5 * time.Second
	}
	if s.Horizon == 0 {
		s.Horizon = time.Minute
	}
	if s.Timeout == 0 {
		s.Timeout = 5 * time.Minute
	}
	return &Queue{db: d, redis: r, log: log, now: now, settings: s, verbs: map[string]Verb{}, client: asynq.NewClient(r.asynq())}
}

// Handle wires a kind of promise to the verb that keeps it.
func (q *Queue) Handle(kind string, v Verb) { q.verbs[kind] = v }

// Run rings and answers until ctx ends.
func (q *Queue) Run(ctx context.Context) error {
	defer q.client.Close()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return q.serve(ctx) })
	group.Go(func() error { return q.clock(ctx) })
	group.Go(func() error { return q.redis.Run(ctx) })
	return group.Wait()
}

// serve answers rings.
func (q *Queue) serve(ctx context.Context) error {
	server := asynq.NewServer(q.redis.asynq(), asynq.Config{
		Concurrency:              q.settings.Workers,
		Queues:                   weights(),
		TaskCheckInterval:        q.redis.checkEvery(),
		DelayedTaskCheckInterval: time.Minute, // we schedule nothing in Redis
		JanitorInterval:          time.Minute,
		ShutdownTimeout:          10 * time.Second,
		HealthCheckInterval:      time.Hour,
		BaseContext:              func() context.Context { return ctx },
		Logger:                   logger{q.log},
		LogLevel:                 asynq.ErrorLevel,
		IsFailure:                func(error) bool { return false },
	})
	if err := server.Start(asynq.HandlerFunc(q.answer)); err != nil {
		return fault.Wrap(fault.Transient, "queue.no_redis", err, fault.Field("redis.url"))
	}
	<-ctx.Done()
	server.Shutdown()
	q.work.stop()
	return nil
}

// answer wakes the verb of one ring. It always tells asynq that the task is
// done: what was not recorded is still promised in SQL and rings again.
func (q *Queue) answer(ctx context.Context, t *asynq.Task) error {
	if !q.work.enter() {
		return nil
	}
	defer q.work.leave()
	var ring outbox.Ring
	if err := json.Unmarshal(t.Payload(), &ring); err != nil {
		q.log.Error("queue: a task that is not ours", slog.String("type", t.Type()))
		return nil
	}
	q.step("woken")
	verb, ok := q.verbs[ring.Kind]
	if !ok {
		q.log.Error("queue: nobody keeps this kind of promise", slog.String("kind", ring.Kind))
		return nil
	}
	if err := verb(ctx, ring); err != nil && !errors.Is(err, context.Canceled) && !errors.Is(ctx.Err(), context.Canceled) {
		q.log.Warn("queue: not kept, will ring again", slog.String("kind", ring.Kind), slog.String("key", ring.Key), slog.Any("err", err))
		if err := q.putOff(context.WithoutCancel(ctx), ring); err != nil {
			q.log.Warn("queue: cannot put off", slog.String("kind", ring.Kind), slog.Any("err", err))
		}
	}
	return nil
}

// putOff lets a promise whose verb failed before it could record anything wait
// a little longer each time, instead of ringing at once again. A ring of an
// older epoch puts nothing off: the promise has moved on without it.
func (q *Queue) putOff(ctx context.Context, ring outbox.Ring) error {
	return q.db.Update(ctx, func(tx *db.Tx) error {
		row, err := outbox.One(ctx, tx, ring.Kind, ring.Key)
		if err != nil || row.Epoch > ring.Epoch+1 || row.State == outbox.Done || row.State == outbox.Parked {
			return err
		}
		now := q.now()
		return outbox.PutOff(ctx, tx, row, now, now.Add(outbox.Backoff(row.Failures)))
	})
}

// weights share the workers out between the classes.
func weights() map[string]int {
	return map[string]int{string(outbox.Critical): 8, string(outbox.Publish): 5, string(outbox.Inbox): 3, string(outbox.Low): 1}
}

// ring puts one task into Redis. Its id is key:ring:epoch, never the bare key:
// a dead worker's task would block every later one (QUEUE.md §0.4).
func (q *Queue) ring(ctx context.Context, r outbox.Row, number int64) error {
	payload, err := json.Marshal(outbox.Ring{Kind: r.Kind, Key: r.Key, Epoch: r.Epoch})
	if err != nil {
		return err
	}
	id := r.Kind + ":" + r.Key + ":" + strconv.FormatInt(number, 10) + ":" + strconv.FormatInt(r.Epoch, 10)
	_, err = q.client.EnqueueContext(ctx, asynq.NewTask(r.Kind, payload),
		asynq.TaskID(id), asynq.Queue(string(r.Class)), asynq.MaxRetry(1), asynq.Timeout(q.settings.Timeout))
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil // our own ring, whose answer was lost
	}
	return err
}

// logger passes asynq's errors on.
type logger struct{ log *slog.Logger }

func (l logger) Debug(...any)      {}
func (l logger) Info(...any)       {}
func (l logger) Warn(...any)       {}
func (l logger) Error(args ...any) { l.log.Warn("asynq", slog.Any("said", args)) }
func (l logger) Fatal(args ...any) { l.log.Error("asynq", slog.Any("said", args)) }
