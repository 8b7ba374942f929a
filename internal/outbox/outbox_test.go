package outbox_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/outbox"
)

var noon = time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)

func update(t *testing.T, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func promise(key string, due time.Time) outbox.Promise {
	return outbox.Promise{Kind: "test", Key: key, Agency: "a", Class: outbox.Publish, Due: due}
}

func put(t *testing.T, d *db.DB, all ...outbox.Promise) {
	t.Helper()
	update(t, d, func(tx *db.Tx) error {
		for _, p := range all {
			if err := outbox.Put(t.Context(), tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func row(t *testing.T, d *db.DB, key string) (r outbox.Row) {
	t.Helper()
	update(t, d, func(tx *db.Tx) (err error) {
		r, err = outbox.One(t.Context(), tx, "test", key)
		return err
	})
	return r
}

// claim takes the promise as it stands, for a minute.
func claim(t *testing.T, d *db.DB, key string, now time.Time) (c outbox.Claim, ok bool) {
	t.Helper()
	epoch := row(t, d, key).Epoch
	update(t, d, func(tx *db.Tx) (err error) {
		c, ok, err = outbox.Take(t.Context(), tx, "test", key, epoch, now, time.Minute)
		return err
	})
	return c, ok
}

func TestTake(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		put(t, d, promise("due", noon), promise("later", noon.Add(time.Microsecond)), promise("rung before it moved", noon))
		put(t, d, promise("rung before it moved", noon))
		var ok [4]bool
		update(t, d, func(tx *db.Tx) (err error) {
			for i, c := range []struct {
				key   string
				epoch int64
				at    time.Time
			}{
				{"due", 0, noon},
				{"later", 0, noon},
				{"rung before it moved", 0, noon},
				{"no such promise", 0, noon},
			} {
				if _, ok[i], err = outbox.Take(t.Context(), tx, "test", c.key, c.epoch, c.at, time.Minute); err != nil {
					return err
				}
			}
			return nil
		})
		if ok != [4]bool{true, false, false, false} {
			t.Errorf("taken: %v", ok)
		}
		if _, ok := claim(t, d, "due", noon.Add(time.Minute-time.Microsecond)); ok {
			t.Error("taken again inside the lease")
		}
		if c, ok := claim(t, d, "due", noon.Add(time.Minute)); !ok || c.Epoch != 2 {
			t.Errorf("not taken again after the lease: %+v", c)
		}
	})
}

// Whoever holds an older epoch has lost the promise and can change nothing.
func TestALostClaimChangesNothing(t *testing.T) {
	t.Parallel()
	ends := map[string]func(tx *db.Tx, c outbox.Claim) error{
		"renew":  func(tx *db.Tx, c outbox.Claim) error { return outbox.Renew(t.Context(), tx, &c, noon.Add(time.Hour)) },
		"hold":   func(tx *db.Tx, c outbox.Claim) error { return outbox.Hold(t.Context(), tx, c, noon) },
		"again":  func(tx *db.Tx, c outbox.Claim) error { return outbox.Again(t.Context(), tx, c, noon) },
		"failed": func(tx *db.Tx, c outbox.Claim) error { return outbox.Failed(t.Context(), tx, c, noon) },
		"finish": func(tx *db.Tx, c outbox.Claim) error { return outbox.Finish(t.Context(), tx, c) },
		"park":   func(tx *db.Tx, c outbox.Claim) error { return outbox.Park(t.Context(), tx, c, "test.code") },
	}
	losses := map[string]func(t *testing.T, d *db.DB){
		"put again": func(t *testing.T, d *db.DB) { put(t, d, promise("k", noon.Add(time.Hour))) },
		"taken by another after the lease": func(t *testing.T, d *db.DB) {
			if _, ok := claim(t, d, "k", noon.Add(2*time.Minute)); !ok {
				t.Fatal("not taken")
			}
		},
	}
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		for how, lose := range losses {
			for name, end := range ends {
				put(t, d, promise("k", noon))
				c, ok := claim(t, d, "k", noon)
				if !ok {
					t.Fatal("not taken")
				}
				lose(t, d)
				before := row(t, d, "k")
				err := d.Update(t.Context(), func(tx *db.Tx) error { return end(tx, c) })
				if !errors.Is(err, outbox.ErrLost) {
					t.Errorf("%s, then %s: %v", how, name, err)
				}
				if after := row(t, d, "k"); after != before {
					t.Errorf("%s, then %s changed it: %+v", how, name, after)
				}
			}
		}
		put(t, d, promise("k", noon))
		c, _ := claim(t, d, "k", noon)
		err := d.Update(t.Context(), func(tx *db.Tx) error { return outbox.Hold(t.Context(), tx, c, noon.Add(time.Minute)) })
		if !errors.Is(err, outbox.ErrLost) {
			t.Errorf("held after the lease: %v", err)
		}
		update(t, d, func(tx *db.Tx) error { // the same claim, inside the lease, ends it
			if ok, err := outbox.Cancel(t.Context(), tx, "test", "k"); ok || err != nil {
				t.Errorf("a taken promise was withdrawn: %v", err)
			}
			return outbox.Finish(t.Context(), tx, c)
		})
	})
}

func TestNudge(t *testing.T) {
	t.Parallel()
	hour := noon.Add(time.Hour)
	for name, c := range map[string]struct {
		before func(t *testing.T, d *db.DB)
		after  func(t *testing.T, d *db.DB)
		state  string
		due    time.Time
	}{
		"a promise that is missing is put": {state: outbox.Open, due: noon},
		"a later one is moved to now": {
			before: func(t *testing.T, d *db.DB) { put(t, d, promise("k", hour)) },
			state:  outbox.Open, due: noon},
		"an earlier one stays": {
			before: func(t *testing.T, d *db.DB) { put(t, d, promise("k", noon.Add(-time.Hour))) },
			state:  outbox.Open, due: noon.Add(-time.Hour)},
		"a taken one opens again when it is kept": {
			before: take, after: finish, state: outbox.Open, due: noon},
		"a taken one opens at once, whatever its verb says": {
			before: take, after: func(t *testing.T, d *db.DB) {
				update(t, d, func(tx *db.Tx) error { return outbox.Again(t.Context(), tx, held(t, tx), hour) })
			}, state: outbox.Open, due: noon},
		"one that was kept opens": {
			before: func(t *testing.T, d *db.DB) { take(t, d); finish(t, d) },
			state:  outbox.Open, due: noon},
		"a parked one waits for its person": {
			before: func(t *testing.T, d *db.DB) {
				take(t, d)
				update(t, d, func(tx *db.Tx) error { return outbox.Park(t.Context(), tx, held(t, tx), "test.code") })
			}, state: outbox.Parked, due: noon},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Both(t, func(t *testing.T, d *db.DB) {
				if c.before != nil {
					c.before(t, d)
				}
				update(t, d, func(tx *db.Tx) error { return outbox.Nudge(t.Context(), tx, promise("k", noon)) })
				if c.after != nil {
					c.after(t, d)
				}
				r := row(t, d, "k")
				if r.State != c.state || !r.Due.Equal(c.due) || r.State == outbox.Open && (!r.RungAt.IsZero() || r.Note != "") {
					t.Errorf("%+v", r)
				}
			})
		})
	}
}

func take(t *testing.T, d *db.DB) {
	t.Helper()
	put(t, d, promise("k", noon))
	if _, ok := claim(t, d, "k", noon); !ok {
		t.Fatal("not taken")
	}
}

func held(t *testing.T, tx *db.Tx) outbox.Claim {
	t.Helper()
	r, err := outbox.One(t.Context(), tx, "test", "k")
	if err != nil {
		t.Fatal(err)
	}
	return outbox.Claim{Kind: r.Kind, Key: r.Key, Epoch: r.Epoch}
}

func finish(t *testing.T, d *db.DB) {
	t.Helper()
	update(t, d, func(tx *db.Tx) error { return outbox.Finish(t.Context(), tx, held(t, tx)) })
}

func ringable(t *testing.T, d *db.DB, now, horizon time.Time) (keys []string) {
	t.Helper()
	update(t, d, func(tx *db.Tx) error {
		rows, err := outbox.Ringable(t.Context(), tx, now, horizon, 5*time.Second, 100)
		for _, r := range rows {
			keys = append(keys, r.Key)
		}
		return err
	})
	return keys
}

func TestRingable(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		inLane := func(key string, due time.Time) outbox.Promise {
			p := promise(key, due)
			p.Lane = "channel"
			return p
		}
		at := func(s int) time.Time { return noon.Add(time.Duration(s) * time.Second) }
		put(t, d, promise("third", at(3)), promise("first", at(1)), promise("second b", at(2)), promise("second a", at(2)), promise("beyond", at(61)),
			inLane("lane 1", at(4)), inLane("lane 2", at(5)))
		want := []string{"first", "second a", "second b", "third", "lane 1", "lane 2"}
		if got := ringable(t, d, noon, at(60)); !slices.Equal(got, want) {
			t.Errorf("due until the horizon, earliest first: %q", got)
		}
		ring := func(key string, now time.Time) {
			t.Helper()
			r := row(t, d, key)
			update(t, d, func(tx *db.Tx) error {
				if n, ok, err := outbox.Rung(t.Context(), tx, r, now); err != nil || !ok || n != r.Ring+1 {
					t.Errorf("ring %d, %v, %v", n, ok, err)
				}
				if _, ok, err := outbox.Rung(t.Context(), tx, r, now); err != nil || ok {
					t.Errorf("two processes rang the same ring: %v", err)
				}
				return nil
			})
		}
		for _, key := range []string{"first", "second a", "second b", "third"} {
			ring(key, at(10))
		}
		if got := ringable(t, d, at(10), at(60)); !slices.Equal(got, []string{"lane 1", "lane 2"}) {
			t.Errorf("what was rung is not rung at once again: %q", got)
		}
		ring("lane 1", at(10))
		if got := ringable(t, d, at(10), at(60)); got != nil {
			t.Errorf("a lane waits while one of it may be taken any moment: %q", got)
		}
		if got := ringable(t, d, at(15), at(60)); !slices.Equal(got, want) {
			t.Errorf("what nobody answered is rung again after patience: %q", got)
		}
		if _, ok := claim(t, d, "lane 1", at(15)); !ok {
			t.Fatal("not taken")
		}
		if got := ringable(t, d, at(20), at(60)); !slices.Equal(got, want[:4]) {
			t.Errorf("a lane waits while one of it is taken: %q", got)
		}
		if got := ringable(t, d, at(75), at(75)); !slices.Equal(got, append(slices.Clone(want[:5]), "beyond")) {
			t.Errorf("only the one whose lease ended is rung in its lane: %q", got)
		}
		ring("beyond", at(80))
		update(t, d, func(tx *db.Tx) error { return outbox.ForgetRings(t.Context(), tx) })
		if got := ringable(t, d, at(80), at(80)); !slices.Contains(got, "beyond") {
			t.Errorf("everything is rung again after a start: %q", got)
		}
	})
}

func TestOnce(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		put(t, d, promise("k", noon))
		broken := errors.New("broken")
		work := func(fail error) (ran int, err error) {
			err = outbox.Once(t.Context(), d, noon, outbox.Ring{Kind: "test", Key: "k"}, func(tx *db.Tx, c outbox.Claim) error {
				ran++
				return errors.Join(outbox.Put(t.Context(), tx, promise("made", noon)), fail)
			})
			return ran, err
		}
		if ran, err := work(broken); ran != 1 || !errors.Is(err, broken) {
			t.Errorf("%d, %v", ran, err)
		}
		if r := row(t, d, "k"); r.State != outbox.Open || r.Epoch != 0 {
			t.Errorf("a failure left something: %+v", r)
		}
		if ran, err := work(nil); ran != 1 || err != nil {
			t.Errorf("%d, %v", ran, err)
		}
		if ran, err := work(nil); ran != 0 || err != nil {
			t.Errorf("the same ring twice ran %d times more, %v", ran, err)
		}
		if row(t, d, "k").State != outbox.Done || row(t, d, "made").State != outbox.Open {
			t.Error("not kept, or its work is missing")
		}
	})
}

func TestPutOff(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		put(t, d, promise("open", noon), promise("taken", noon))
		if _, ok := claim(t, d, "taken", noon); !ok {
			t.Fatal("not taken")
		}
		for _, key := range []string{"open", "taken"} {
			r := row(t, d, key)
			update(t, d, func(tx *db.Tx) error { return outbox.PutOff(t.Context(), tx, r, noon, noon.Add(time.Hour)) })
		}
		if got := ringable(t, d, noon.Add(30*time.Minute), noon.Add(30*time.Minute)); got != nil {
			t.Errorf("rung while put off: %q", got)
		}
		if got := ringable(t, d, noon.Add(time.Hour), noon.Add(time.Hour)); len(got) != 2 {
			t.Errorf("not rung afterwards: %q", got)
		}
	})
}

// A promise that a dead worker holds and no verb can take again must not keep
// the others of its lane waiting for ever.
func TestPutOffFreesTheLaneOfTheDead(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		stuck, next := promise("stuck", noon), promise("next", noon)
		stuck.Lane, next.Lane = "channel", "channel"
		put(t, d, stuck, next)
		dead, ok := claim(t, d, "stuck", noon)
		if !ok {
			t.Fatal("not taken")
		}
		late := noon.Add(time.Hour)
		r := row(t, d, "stuck")
		update(t, d, func(tx *db.Tx) error {
			return outbox.PutOff(t.Context(), tx, r, late, late.Add(time.Minute))
		})
		if got := ringable(t, d, late, late); len(got) != 1 || got[0] != "next" {
			t.Errorf("ringable: %q", got)
		}
		err := d.Update(t.Context(), func(tx *db.Tx) error { return outbox.Hold(t.Context(), tx, dead, noon) })
		if !errors.Is(err, outbox.ErrLost) {
			t.Errorf("the dead one still holds it: %v", err)
		}
		if c, ok := claim(t, d, "stuck", late.Add(time.Minute)); !ok || c.Epoch <= dead.Epoch {
			t.Errorf("not taken again: %v %d", ok, c.Epoch)
		}
	})
}

func TestARingFromTheFutureIsNone(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		put(t, d, promise("k", noon))
		r := row(t, d, "k")
		update(t, d, func(tx *db.Tx) error {
			_, _, err := outbox.Rung(t.Context(), tx, r, noon.Add(time.Hour))
			return err
		})
		if got := ringable(t, d, noon, noon); len(got) != 1 {
			t.Errorf("the clock was set back an hour, and nothing rings: %q", got)
		}
	})
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]time.Duration{0: 5 * time.Second, 1: 10 * time.Second, 3: 40 * time.Second, 7: 10 * time.Minute, 1 << 40: 10 * time.Minute} {
		if got := outbox.Backoff(n); got != want {
			t.Errorf("after %d failures: %v", n, got)
		}
	}
}
