package live_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
	"kentongan/internal/live"
)

// both is dbtest.Both with a second door to the same database, as another
// process has.
func both(t *testing.T, f func(t *testing.T, d, other *db.DB)) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := address(t)
			f(t, open(t, a), open(t, a))
		})
	}
}

func open(t *testing.T, address string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func tell(t *testing.T, d *db.DB, agency identity.AgencyID, subjects ...string) {
	t.Helper()
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		for _, s := range subjects {
			if err := live.Tell(t.Context(), tx, agency, "post", s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// write puts a note with a time of its own, as a machine with another clock or
// a transaction that took long would.
func write(t *testing.T, d *db.DB, at time.Time, subject string) {
	t.Helper()
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO live (id, at, agency_id, kind, subject) VALUES ($1, $2, 'a', 'post', $3)`, db.NewID(), db.Micros(at), subject)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// page is an open page: what its tail has passed on so far.
type page struct {
	t     *testing.T
	notes chan string
	ended chan error
}

func openPage(t *testing.T, d *db.DB, from time.Time) *page {
	t.Helper()
	p := &page{t, make(chan string, 5000), make(chan error, 1)}
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		p.ended <- live.Tail(ctx, d, "a", from, func(notes []live.Note) error {
			for _, n := range notes {
				p.notes <- n.Subject
			}
			return nil
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-p.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the tail ended with %v", err)
		}
	})
	return p
}

// next waits for exactly these notes, in any order, and nothing else.
func (p *page) next(want ...string) {
	p.t.Helper()
	var got []string
	late := time.After(10 * time.Second)
	for range want {
		select {
		case s := <-p.notes:
			got = append(got, s)
		case <-late:
			p.t.Fatalf("got %d notes, want %d", len(got), len(want))
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		p.t.Fatalf("got %.200q", got)
	}
}

func TestAPageHearsOfEveryChangeOnce(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d, other *db.DB) {
		p := openPage(t, d, time.Now())
		tell(t, d, "b", "another agency's")
		tell(t, d, "a", "1", "2")
		p.next("1", "2")
		tell(t, other, "a", "from another process")
		p.next("from another process")
		tell(t, d, "a", "3")
		p.next("3")
	})
}

func TestALateCommitIsNotMissed(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d, other *db.DB) {
		now := time.Now()
		write(t, d, now.Add(-time.Hour), "long ago")
		write(t, d, now.Add(-2*time.Second), "open while the page was read")
		p := openPage(t, d, now)
		p.next("open while the page was read")
		write(t, d, now, "younger")
		tell(t, d, "a", "bell")
		p.next("younger", "bell")
		write(t, d, now.Add(-time.Second), "older, committed later")
		tell(t, d, "a", "bell again")
		p.next("older, committed later", "bell again")
	})
}

func TestAClockThatIsAheadHidesNothing(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d, other *db.DB) {
		p := openPage(t, d, time.Now())
		write(t, other, time.Now().Add(time.Hour), "from tomorrow")
		tell(t, d, "a", "1")
		p.next("from tomorrow", "1")
		tell(t, d, "a", "2")
		p.next("2")
	})
}

// More notes within the window than a page of any size holds must not stop the
// tail.
func TestAFloodPassesThrough(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d, _ *db.DB) {
		p := openPage(t, d, time.Now())
		var all []string
		for i := range 1500 {
			all = append(all, fmt.Sprint("n", i))
		}
		tell(t, d, "a", all...)
		p.next(all...)
		tell(t, d, "a", "after the flood")
		p.next("after the flood")
	})
}

func TestForget(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d, _ *db.DB) {
		now := time.Now()
		write(t, d, now.Add(-time.Hour), "old")
		write(t, d, now, "new")
		var left []live.Note
		err := d.Update(t.Context(), func(tx *db.Tx) (err error) {
			if err := live.Forget(t.Context(), tx, now.Add(-time.Minute)); err != nil {
				return err
			}
			left, err = live.Since(t.Context(), tx, "a", time.Time{}.Add(24*time.Hour))
			return err
		})
		if err != nil || len(left) != 1 || left[0].Subject != "new" {
			t.Errorf("%+v, %v", left, err)
		}
	})
}
