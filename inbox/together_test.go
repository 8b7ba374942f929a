package inbox_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
)

// Polls and pushes bring the same messages at the same time: each is stored
// once, and no batch fails for it. Only a deadlock may ask for a second try.
func TestTheSameMessagesThroughManyDoorsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var items []platform.Item
		for i := range 20 {
			it := wrote
			it.RemoteID = string(rune('a' + i))
			it.Thread = string(rune('a' + i%4))
			items = append(items, it)
		}
		var g sync.WaitGroup
		for range 8 {
			g.Go(func() {
				for try := 0; ; try++ {
					err := h.DB.Update(t.Context(), func(tx *db.Tx) error {
						_, err := h.Receive(t.Context(), tx, h.mastodon, items, time.Time{})
						return err
					})
					if err == nil {
						return
					}
					if !db.IsBusy(err) || try > 5 {
						t.Error(errors.Unwrap(err), err)
						return
					}
				}
			})
		}
		g.Wait()
		if n := len(h.words(t)); n != 20 {
			t.Errorf("%d messages", n)
		}
		if n := len(h.list(t, inbox.Unanswered)); n != 4 {
			t.Errorf("%d conversations", n)
		}
	})
}

func TestACitizenWhoDeletesEverythingWaitsNoMore(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		second := wrote
		second.RemoteID = "78"
		h.arrive(t, wrote, inbox.Normal)
		c := h.arrive(t, second, inbox.Normal)
		h.receive(t, h.mastodon, gone)
		if k := h.load(t, c.ID); k.Status != inbox.Open {
			t.Errorf("one message stands: %s", k.Status)
		}
		last := gone
		last.RemoteID = "78"
		h.receive(t, h.mastodon, last)
		if k := h.load(t, c.ID); k.Status != inbox.Closed || k.History[0].Deed != "conversation.withdrawn" {
			t.Errorf("nothing stands: %s, %+v", k.Status, k.History)
		}
		plea := wrote
		plea.RemoteID, plea.Thread = "sos", "sos"
		c = h.arrive(t, plea, inbox.LifeSafety)
		last.RemoteID = "sos"
		h.receive(t, h.mastodon, last)
		if k := h.load(t, c.ID); k.Status != inbox.Open {
			t.Errorf("a plea was closed by deleting it: %s", k.Status)
		}
	})
}
