package outbox_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/outbox"
)

const (
	workers = 8
	batch   = 50 // claims in one transaction: what is measured is the claim, not the disk
)

// tally counts who got which key.
type tally struct {
	sync.Mutex
	times map[string]int
}

func (c *tally) add(keys []string) {
	c.Lock()
	defer c.Unlock()
	for _, k := range keys {
		c.times[k]++
	}
}

func (c *tally) twice() (n int) {
	for _, times := range c.times {
		if times > 1 {
			n++
		}
	}
	return n
}

// compete runs claim on every batch of keys in eight workers at once.
func compete(t *testing.T, d *db.DB, keys []string, claim func(ctx context.Context, tx *db.Tx, keys []string) ([]string, error)) *tally {
	t.Helper()
	got := &tally{times: map[string]int{}}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for part := range slices.Chunk(keys, batch) {
				var mine []string
				err := d.Update(t.Context(), func(tx *db.Tx) (err error) {
					mine, err = claim(t.Context(), tx, part)
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				got.add(mine)
			}
		})
	}
	all.Wait()
	return got
}

func putMany(t *testing.T, d *db.DB) []string {
	t.Helper()
	all := map[string]outbox.Promise{}
	for i := range many {
		key := fmt.Sprintf("k%04d", i)
		all[key] = promise(key, noon)
	}
	put(t, d, slices.Collect(maps.Values(all))...)
	return slices.Sorted(maps.Keys(all))
}

func TestEachPromiseIsClaimedExactlyOnce(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		keys := putMany(t, d)
		got := compete(t, d, keys, func(ctx context.Context, tx *db.Tx, part []string) (mine []string, err error) {
			for _, key := range part {
				_, ok, err := outbox.Take(ctx, tx, "test", key, 0, noon, time.Minute)
				if err != nil {
					return nil, err
				}
				if ok {
					mine = append(mine, key)
				}
			}
			return mine, nil
		})
		if len(got.times) != many || got.twice() != 0 {
			t.Errorf("%d of %d claimed, %d more than once", len(got.times), many, got.twice())
		}
	})
}

// reopen makes every promise claimable again.
func reopen(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE promise SET state = 'open'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The controls claim without the guard in the UPDATE. They must show promises
// claimed twice: else the test above is blind.
func TestWithoutTheGuardPromisesAreClaimedTwice(t *testing.T) {
	t.Parallel()
	t.Run("a guard in the subselect only", func(t *testing.T) {
		t.Parallel()
		// One writer at a time keeps SQLite safe even so; PostgreSQL is not.
		d := dbtest.NewPostgres(t)
		keys := putMany(t, d)
		// On a slow machine the workers may miss each other for a round.
		for range 30 {
			got := compete(t, d, keys, func(ctx context.Context, tx *db.Tx, part []string) ([]string, error) {
				return db.All(ctx, tx, db.Value[string], `
					UPDATE promise SET state = 'taken', epoch = epoch + 1
					WHERE key IN (SELECT key FROM promise WHERE state = 'open' AND key >= $1 AND key <= $2)
					RETURNING key`, part[0], part[len(part)-1])
			})
			if got.twice() > 0 {
				return
			}
			reopen(t, d)
		}
		t.Error("nothing was claimed twice")
	})
	t.Run("look first, write afterwards", func(t *testing.T) {
		t.Parallel()
		dbtest.Both(t, func(t *testing.T, d *db.DB) {
			put(t, d, promise("k", noon))
			var looked, all sync.WaitGroup
			var claimed atomic.Int64
			looked.Add(workers)
			for range workers {
				all.Go(func() {
					var r outbox.Row
					err := d.View(t.Context(), func(tx *db.Tx) (err error) {
						r, err = outbox.One(t.Context(), tx, "test", "k")
						return err
					})
					looked.Done()
					looked.Wait()
					if err != nil || r.State != outbox.Open {
						t.Error(r, err)
						return
					}
					err = d.Update(t.Context(), func(tx *db.Tx) error {
						n, err := tx.Exec(t.Context(), `UPDATE promise SET state = 'taken', epoch = epoch + 1 WHERE key = 'k'`)
						claimed.Add(n)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if claimed.Load() != workers {
				t.Errorf("claimed %d times", claimed.Load())
			}
		})
	})
}

// Eight workers empty four lanes; never are two promises of a lane in flight,
// and the lane keeps its order.
func TestOneAtATimeInALane(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		const lanes, each = 4, 15
		var all []outbox.Promise
		for i := range lanes * each {
			p := promise(fmt.Sprintf("k%03d", i), noon.Add(-time.Duration(lanes*each-i)*time.Second))
			p.Lane = fmt.Sprint("lane", i%lanes)
			all = append(all, p)
		}
		put(t, d, all...)
		var flying [lanes]atomic.Int64
		var mu sync.Mutex
		order := map[string][]string{}
		done := func() bool {
			mu.Lock()
			defer mu.Unlock()
			n := 0
			for _, keys := range order {
				n += len(keys)
			}
			return n == lanes*each
		}
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for !done() && t.Context().Err() == nil && !t.Failed() {
					c, lane, err := takeNext(t.Context(), d, &flying)
					if err != nil {
						t.Error(err)
						return
					}
					if c.Key == "" {
						continue
					}
					mu.Lock()
					order[fmt.Sprint(lane)] = append(order[fmt.Sprint(lane)], c.Key)
					mu.Unlock()
					err = d.Update(t.Context(), func(tx *db.Tx) error {
						flying[lane].Add(-1)
						return outbox.Finish(t.Context(), tx, c)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		for lane, keys := range order {
			if len(keys) != each || !slices.IsSorted(keys) {
				t.Errorf("lane %s: %v", lane, keys)
			}
		}
	})
}

// takeNext takes the first promise that may be rung, and fails when its lane
// is not empty.
func takeNext(ctx context.Context, d *db.DB, flying *[4]atomic.Int64) (c outbox.Claim, lane int, err error) {
	var rows []outbox.Row
	err = d.View(ctx, func(tx *db.Tx) (err error) {
		rows, err = outbox.Ringable(ctx, tx, noon, noon, time.Second, 1)
		return err
	})
	if err != nil || len(rows) == 0 {
		return c, 0, err
	}
	fmt.Sscanf(rows[0].Lane, "lane%d", &lane)
	err = d.Update(ctx, func(tx *db.Tx) error {
		got, ok, err := outbox.Take(ctx, tx, "test", rows[0].Key, rows[0].Epoch, noon, time.Minute)
		if err != nil || !ok {
			return err
		}
		if n := flying[lane].Add(1); n != 1 {
			return fmt.Errorf("%d in flight in one lane", n)
		}
		c = got
		return nil
	})
	return c, lane, err
}

// Two transactions take different promises of one lane while neither has
// committed: the unique index refuses the second, which goes on unharmed.
func TestTwoTakesInOneLaneAtTheSameInstant(t *testing.T) {
	t.Parallel()
	d := dbtest.NewPostgres(t)
	first, second := promise("first", noon), promise("second", noon)
	first.Lane, second.Lane = "lane", "lane"
	put(t, d, first, second)
	ctx := t.Context()
	var ok1, ok2 bool
	other := make(chan error, 1)
	update(t, d, func(tx *db.Tx) (err error) {
		if _, ok1, err = outbox.Take(ctx, tx, "test", "first", 0, noon, time.Minute); err != nil {
			return err
		}
		go func() {
			other <- d.Update(ctx, func(tx *db.Tx) (err error) {
				if _, ok2, err = outbox.Take(ctx, tx, "test", "second", 0, noon, time.Minute); err != nil {
					return err
				}
				return outbox.Put(ctx, tx, promise("afterwards", noon))
			})
		}()
		return waits(ctx, d)
	})
	if err := <-other; err != nil {
		t.Fatal(err)
	}
	if !ok1 || ok2 || row(t, d, "second").State != outbox.Open || row(t, d, "afterwards").State != outbox.Open {
		t.Errorf("first %v, second %v, %+v", ok1, ok2, row(t, d, "second"))
	}
}

// waits returns when a transaction of this database waits for another.
func waits(ctx context.Context, d *db.DB) error {
	for {
		var n int64
		err := d.View(ctx, func(tx *db.Tx) (err error) {
			n, err = db.One(ctx, tx, "", db.Value[int64], `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
			return err
		})
		if err != nil || n > 0 {
			return err
		}
	}
}
