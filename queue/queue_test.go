package queue

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/test/real"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// onEach runs f on every Redis there is, with each database.
func onEach(t *testing.T, f func(t *testing.T, d *db.DB, r *Redis)) {
	for _, mode := range []Mode{Embedded, Owned} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			if mode == Owned {
				real.RedisBinary(t)
			}
			dbtest.Both(t, func(t *testing.T, d *db.DB) {
				f(t, d, open(t, mode))
			})
		})
	}
}

func open(t *testing.T, mode Mode) *Redis {
	t.Helper()
	r, err := OpenRedis(t.Context(), quiet, "", string(mode), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	if r.Mode != mode {
		t.Fatalf("asked for %s, got %s", mode, r.Mode)
	}
	return r
}

// start runs a queue until the test ends.
func start(t *testing.T, q *Queue) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- q.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("queue ended: %v", err)
		}
	})
}

func put(t *testing.T, d *db.DB, p ...outbox.Promise) {
	t.Helper()
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		for _, one := range p {
			if err := outbox.Put(t.Context(), tx, one); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// keeper keeps promises and remembers when.
type keeper struct {
	mu   sync.Mutex
	kept map[string][]time.Time
	done chan string
}

func newKeeper(n int) *keeper {
	return &keeper{kept: map[string][]time.Time{}, done: make(chan string, 4*n)}
}

func (k *keeper) verb(d *db.DB) Verb {
	return func(ctx context.Context, ring outbox.Ring) error {
		return outbox.Once(ctx, d, time.Now(), ring, func(tx *db.Tx, c outbox.Claim) error {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.kept[ring.Key] = append(k.kept[ring.Key], time.Now())
			k.done <- ring.Key
			return nil
		})
	}
}

func (k *keeper) await(t *testing.T, n int) {
	t.Helper()
	limit := time.After(30 * time.Second)
	for i := range n {
		select {
		case <-k.done:
		case <-limit:
			t.Fatalf("only %d of %d promises were kept", i, n)
		}
	}
}

func TestEveryPromiseIsKeptOnceAndNeverEarly(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *db.DB, r *Redis) {
		const n = 60
		k := newKeeper(n)
		q := New(d, r, quiet, time.Now, Settings{Patience: time.Second})
		q.Handle("test", k.verb(d))
		start(t, q)
		due := map[string]time.Time{}
		var all []outbox.Promise
		for i := range n {
			key := fmt.Sprint("k", i)
			due[key] = time.Now().Add(time.Duration(i%30) * 40 * time.Millisecond)
			all = append(all, outbox.Promise{Kind: "test", Key: key, Agency: "a", Class: outbox.Classes[i%4], Due: due[key]})
		}
		put(t, d, all...)
		k.await(t, n)
		k.mu.Lock()
		defer k.mu.Unlock()
		for key, at := range due {
			// What is stored has microseconds: the instant itself is not early.
			if kept := k.kept[key]; len(kept) != 1 || kept[0].Before(at.Truncate(time.Microsecond)) {
				t.Errorf("%s was due at %v and kept at %v", key, at, kept)
			}
		}
	})
}

func TestNothingIsLostWhenRedisIsEmptied(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *db.DB, r *Redis) {
		const n = 80
		k := newKeeper(n)
		q := New(d, r, quiet, time.Now, Settings{Workers: 2, Patience: 300 * time.Millisecond})
		q.Handle("test", k.verb(d))
		var all []outbox.Promise
		for i := range n {
			all = append(all, outbox.Promise{Kind: "test", Key: fmt.Sprint("k", i), Agency: "a", Class: outbox.Publish, Due: time.Now()})
		}
		put(t, d, all...)
		start(t, q)
		for range 3 {
			k.await(t, n/8)
			if err := r.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		k.await(t, n-3*(n/8))
		k.mu.Lock()
		defer k.mu.Unlock()
		for key, at := range k.kept {
			if len(at) != 1 {
				t.Errorf("%s was kept %d times", key, len(at))
			}
		}
	})
}

func TestAVerbThatFailsIsRungAgainLater(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *db.DB, r *Redis) {
		k := newKeeper(1)
		keep := k.verb(d)
		q := New(d, r, quiet, time.Now, Settings{Patience: time.Second})
		failed := make(chan struct{}, 1)
		q.Handle("test", func(ctx context.Context, ring outbox.Ring) error {
			select {
			case failed <- struct{}{}:
				return fmt.Errorf("on purpose")
			default:
				return keep(ctx, ring)
			}
		})
		start(t, q)
		put(t, d, outbox.Promise{Kind: "test", Key: "k", Agency: "a", Class: outbox.Low, Due: time.Now()})
		k.await(t, 1)
	})
}

// What a verb works with is closed when Run has returned: no verb may be at
// work then, however long it takes to notice that it should stop.
func TestRunReturnsAfterItsVerbs(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *db.DB, r *Redis) {
		q := New(d, r, quiet, time.Now, Settings{Workers: 2})
		begun, finish, after := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		q.Handle("slow", func(ctx context.Context, ring outbox.Ring) error {
			close(begun)
			<-ctx.Done()
			<-finish
			err := outbox.Once(context.WithoutCancel(ctx), d, time.Now(), ring, func(*db.Tx, outbox.Claim) error { return nil })
			after <- err
			return err
		})
		put(t, d, outbox.Promise{Kind: "slow", Key: "1", Agency: identity.AgencyID(db.NewID()), Class: outbox.Low, Due: time.Now()})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- q.Run(ctx) }()
		<-begun
		stop()
		select {
		case <-ended:
			t.Error("Run returned while a verb was at work")
			ended <- nil
		case <-time.After(300 * time.Millisecond): // long enough for asynq, which waits for nothing here
		}
		close(finish)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		select {
		case err := <-after:
			if err != nil {
				t.Error(err)
			}
		default:
			t.Error("the verb had not come back")
		}
	})
}

func TestFairTurns(t *testing.T) {
	row := func(agency identity.AgencyID, key string) outbox.Row {
		return outbox.Row{Promise: outbox.Promise{Agency: agency, Key: key}}
	}
	got := fairTurns([]outbox.Row{row("a", "a1"), row("a", "a2"), row("a", "a3"), row("b", "b1")})
	want := []string{"a1", "b1", "a2", "a3"}
	for i, r := range got {
		if r.Key != want[i] {
			t.Errorf("place %d has %s, want %s", i, r.Key, want[i])
		}
	}
}

func TestOneEachLane(t *testing.T) {
	row := func(lane, key string) outbox.Row {
		return outbox.Row{Promise: outbox.Promise{Lane: lane, Key: key}}
	}
	got := oneEach([]outbox.Row{row("", "1"), row("", "2"), row("c", "3"), row("c", "4")})
	if len(got) != 3 || got[2].Key != "3" {
		t.Errorf("got %v", got)
	}
}
