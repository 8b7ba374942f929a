package inbox_test

import (
	"context"
	"testing"

	"kentongan/inbox"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/outbox"
)

// A program that ends in the middle of a poll lets go of it: the next one need
// not wait for the lease, and nothing counts as a failure.
func TestAPollThatIsStoppedIsFreeAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.poll(t, h.mastodon)
	h.say(t, "mastodon", "@tirtawangikota Kapan loket buka?")
	h.control(t, "/sandbox/faults", map[string]any{"platform": "mastodon", "op": "pull", "kind": "slow", "count": 1})
	p := h.promise(t, inbox.KindPoll, string(h.mastodon.ID))
	h.clock.Store(p.Due.UnixMicro())
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Poll(ctx, outbox.Ring{Kind: p.Kind, Key: p.Key, Epoch: p.Epoch}) }()
	for h.promise(t, inbox.KindPoll, string(h.mastodon.ID)).State != outbox.Taken {
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if p := h.promise(t, inbox.KindPoll, string(h.mastodon.ID)); p.State != outbox.Open || p.Due.After(h.Now()) || p.Failures != 0 {
		t.Errorf("%+v", p)
	}
	h.noFaults(t)
	if h.poll(t, h.mastodon); len(h.words(t)) != 1 {
		t.Errorf("%q", h.words(t))
	}
}
