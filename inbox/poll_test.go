package inbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/outbox"
)

// words are the masked texts of every message, sorted.
func (h *house) words(t *testing.T) (words []string) {
	t.Helper()
	for _, v := range []inbox.View{inbox.Unanswered, inbox.Done} {
		for _, c := range h.list(t, v) {
			for _, m := range h.load(t, c.ID).Messages {
				words = append(words, m.Masked)
			}
		}
	}
	slices.Sort(words)
	return words
}

func (h *house) noFaults(t *testing.T) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, h.url+"/sandbox/faults", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
}

func TestPollsReadEverythingOnce(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.poll(t, h.mastodon)
		var want []string
		for i := range 45 { // more than a page
			text := fmt.Sprintf("Pertanyaan nomor %02d tentang jadwal air", i)
			h.say(t, "mastodon", "@tirtawangikota "+text)
			want = append(want, "@tirtawangikota "+text)
		}
		for range 4 {
			p := h.poll(t, h.mastodon)
			if p.State != outbox.Open || p.Due.Sub(h.Now()) > 40*time.Second {
				t.Fatalf("%s, due in %v", p.State, p.Due.Sub(h.Now()))
			}
		}
		if got := h.words(t); !slices.Equal(got, want) {
			t.Errorf("%d messages of %d: %q", len(got), len(want), got)
		}
	})
}

// Whatever goes wrong on the way, the next turns read what this one did not.
func TestNoFaultLosesOrDoublesAMessage(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"drop", "429", "5xx-html", "503-empty"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, dbtest.New(t))
			h.poll(t, h.mastodon)
			h.say(t, "mastodon", "@tirtawangikota Kapan loket buka?")
			h.control(t, "/sandbox/faults", map[string]any{"platform": "mastodon", "op": "pull", "kind": kind, "count": 2})
			for range 5 {
				h.poll(t, h.mastodon)
				h.pass(time.Minute)
			}
			if got := h.words(t); len(got) != 1 {
				t.Errorf("after %s: %q", kind, got)
			}
			if p := h.promise(t, inbox.KindPoll, string(h.mastodon.ID)); p.Failures != 0 || p.State != outbox.Open {
				t.Errorf("promise %+v", p)
			}
		})
	}
}

func TestARevokedTokenIsToldAndNotTriedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.poll(t, h.mastodon)
	h.control(t, "/sandbox/faults", map[string]any{"platform": "mastodon", "op": "any", "kind": "revoked", "count": 1})
	p := h.poll(t, h.mastodon)
	if p.Due.Sub(h.Now()) < 5*time.Minute {
		t.Errorf("asked again in %v", p.Due.Sub(h.Now()))
	}
	h.update(t, func(tx *db.Tx) error {
		ch, err := channel.ByID(t.Context(), tx, h.mastodon.ID)
		if err == nil && ch.Health != channel.AuthLost {
			t.Errorf("health %s", ch.Health)
		}
		return err
	})
	h.noFaults(t)
	h.say(t, "mastodon", "@tirtawangikota Masih ada orang?")
	h.connect(t, "mastodon") // mended: read at once
	if p := h.promise(t, inbox.KindPoll, string(h.mastodon.ID)); p.Due.After(h.Now()) {
		t.Errorf("after the repair it waits %v", p.Due.Sub(h.Now()))
	}
}

// A worker that lost its claim stores nothing; the one that has it does.
func TestALostClaimStoresNothing(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.say(t, "mastodon", "@tirtawangikota Air mati di Melati")
		p := h.promise(t, inbox.KindPoll, string(h.mastodon.ID))
		old := outbox.Ring{Kind: p.Kind, Key: p.Key, Epoch: p.Epoch}
		h.update(t, func(tx *db.Tx) error {
			_, ok, err := outbox.Take(t.Context(), tx, p.Kind, p.Key, p.Epoch, h.Now(), time.Minute)
			if !ok {
				t.Error("not taken")
			}
			return err
		})
		if err := h.Poll(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		if got := h.words(t); len(got) != 0 {
			t.Errorf("an old ring stored %q", got)
		}
		h.pass(2 * time.Minute) // the lease ends: the worker died
		if h.poll(t, h.mastodon); len(h.words(t)) != 1 {
			t.Errorf("%q", h.words(t))
		}
	})
}
