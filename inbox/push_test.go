package inbox_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// app is the registration behind a channel.
func (h *house) app(t *testing.T, ch channel.Channel) (app channel.App) {
	t.Helper()
	h.update(t, func(tx *db.Tx) (err error) {
		app, err = channel.AppByID(t.Context(), tx, ch.App)
		return err
	})
	return app
}

func (h *house) push(t *testing.T, body string) {
	t.Helper()
	if err := h.KeepPush(t.Context(), h.app(t, h.x), []byte(body)); err != nil {
		t.Fatal(err)
	}
}

// parse rings every open promise to parse.
func (h *house) parse(t *testing.T) (n int) {
	t.Helper()
	var due []outbox.Row
	h.update(t, func(tx *db.Tx) (err error) {
		due, err = outbox.Ringable(t.Context(), tx, h.Now(), h.Now(), 0, 1000)
		return err
	})
	for _, p := range due {
		if p.Kind != inbox.KindParse {
			continue
		}
		n++
		if err := h.Parse(t.Context(), outbox.Ring{Kind: p.Kind, Key: p.Key, Epoch: p.Epoch}); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func mention(account, id, text string) string {
	return fmt.Sprintf(`{"data":{"event_uuid":"u-%[2]s","event_type":"post.mention.create","filter":{"user_id":%[1]q},
		"payload":{"id":%[2]q,"text":%[3]q,"author_id":"42","conversation_id":%[2]q,"created_at":"2026-11-23T02:00:00.000Z"},
		"includes":{"users":[{"id":"42","username":"joko_w"}]}}}`, account, id, text)
}

func TestAPushSurvivesARestart(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.push(t, mention(h.x.RemoteID, "501", "Jembatan Ciliwah retak"))
		if got := h.words(t); len(got) != 0 {
			t.Fatalf("stored before it was parsed: %q", got)
		}
		// The program ends here; another one starts over the same database.
		again := *h.Inbox
		h.Inbox = &again
		if n := h.parse(t); n != 1 {
			t.Fatalf("%d promises", n)
		}
		if n := h.parse(t); n != 0 {
			t.Errorf("%d promises after the first", n)
		}
		if got := h.words(t); len(got) != 1 {
			t.Errorf("%q", got)
		}
	})
}

func TestPushesForUnknownAccountsWaitForThem(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.push(t, mention("999", "601", "Untuk kantor lain"))
		h.push(t, `{"data":`)
		h.parse(t)
		parked, err := h.Parked(t.Context(), h.admin)
		if err != nil || len(parked) != 2 || parked[0].Note != "unknown_account" || parked[1].Note != "unreadable" {
			t.Fatalf("parked %+v, %v", parked, err)
		}
		if all, err := h.Parked(t.Context(), h.officer); err == nil {
			t.Errorf("an officer sees %v", all)
		}
		h.update(t, func(tx *db.Tx) error { // the account is connected after all
			_, err := tx.Exec(t.Context(), `UPDATE channel SET remote_id = '999' WHERE id = $1`, h.x.ID)
			if err != nil {
				return err
			}
			ch, err := channel.ByID(t.Context(), tx, h.x.ID)
			if err != nil {
				return err
			}
			return h.Connected(t.Context(), tx, ch)
		})
		h.parse(t)
		if got := h.words(t); !slices.Equal(got, []string{"Untuk kantor lain"}) {
			t.Errorf("%q", got)
		}
		if parked, _ := h.Parked(t.Context(), h.admin); len(parked) != 1 {
			t.Errorf("parked %+v", parked)
		}
	})
}

// The sandbox pushes over real HTTP, some twice, some out of order and some
// not at all; polls bring what was dropped. Nothing is lost or doubled.
func TestPushesAndPollsTogether(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.poll(t, h.x)
		door := newDoor(t, h)
		stop := h.run(t)
		h.control(t, "/sandbox/webhooks", map[string]any{"platform": "x", "url": door.url})
		h.control(t, "/sandbox/faults", map[string]any{"platform": "x", "op": "any", "kind": "webhook-duplicate", "count": 3})
		h.control(t, "/sandbox/faults", map[string]any{"platform": "x", "op": "any", "kind": "webhook-unordered", "count": 3})
		door.drop(2)
		var want []string
		for i := range 8 {
			text := fmt.Sprintf("@tirtawangikota keluhan %d tentang sampah", i)
			h.say(t, "x", text)
			want = append(want, text)
		}
		door.wait(t, 6)
		stop()
		h.parse(t)
		for range 3 {
			h.poll(t, h.x)
		}
		if got := h.words(t); !slices.Equal(got, want) {
			t.Errorf("got %d of %d: %q", len(got), len(want), got)
		}
	})
}

// run lets the sandbox push until the returned function is called.
func (h *house) run(t *testing.T) (stop func()) {
	t.Helper()
	var g sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	g.Go(func() { _ = h.sandbox.Run(ctx) })
	return func() { cancel(); g.Wait() }
}

// door is where a platform pushes, as the program has one.
type door struct {
	url  string
	mu   sync.Mutex
	lose int
	came chan struct{}
}

func newDoor(t *testing.T, h *house) *door {
	t.Helper()
	return newDoorFor(t, h, h.x)
}

func newDoorFor(t *testing.T, h *house, ch channel.Channel) *door {
	t.Helper()
	d := &door{came: make(chan struct{}, 1000)}
	app := h.app(t, ch)
	secrets, err := h.Channels.Secrets(app)
	if err != nil {
		t.Fatal(err)
	}
	connector, err := h.Channels.Connector(ch.Platform)
	if err != nil {
		t.Fatal(err)
	}
	listener := connector.(platform.Listener)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer, ok := listener.Challenge(secrets, r.URL.Query()); ok {
			_, _ = io.WriteString(w, answer)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || listener.Signed(secrets, r.Header, body) != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		d.mu.Lock()
		lost := d.lose > 0
		d.lose--
		d.mu.Unlock()
		if !lost {
			if err := h.KeepPush(r.Context(), app, body); err != nil {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
		}
		d.came <- struct{}{}
	}))
	t.Cleanup(srv.Close)
	d.url = srv.URL
	return d
}

func (d *door) drop(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lose = n
}

func (d *door) wait(t *testing.T, n int) {
	t.Helper()
	for range n {
		select {
		case <-d.came:
		case <-time.After(20 * time.Second):
			t.Fatal("no push came")
		}
	}
}
