package inbox_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
)

// forgetful is all the memory that one publish call needs.
type forgetful struct{}

func (forgetful) Value(string) string                        { return "" }
func (forgetful) Save(context.Context, string, string) error { return nil }

// publish puts a post of ours on a platform and into the register.
func (h *house) publish(t *testing.T, ch channel.Channel, text string) (remoteID, post string) {
	t.Helper()
	account, err := h.Channels.Account(t.Context(), ch)
	if err != nil {
		t.Fatal(err)
	}
	connector, err := h.Channels.Connector(ch.Platform)
	if err != nil {
		t.Fatal(err)
	}
	r, err := connector.Publish(t.Context(), account, platform.Outgoing{Text: text, Key: text}, forgetful{})
	if err != nil {
		t.Fatal(err)
	}
	post = db.NewID()
	h.update(t, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO delivery (id, agency_id, channel_id, origin, origin_id, digest, payload, state, due_at, not_before, not_after, remote_id, published_at, created_at, updated_at)
			VALUES ($1, $2, $3, 'post', $4, 'd', '{}', 'published', $5, $5, $5, $6, $5, $5, $5)`,
			db.NewID(), h.info.ID, ch.ID, post, db.Micros(h.Now()), r.RemoteID)
		return err
	})
	return r.RemoteID, post
}

func (h *house) comment(t *testing.T, below, text string) {
	t.Helper()
	h.pass(time.Second)
	h.control(t, "/sandbox/say", map[string]any{"platform": "facebook", "text": text, "kind": "comment", "in_reply_to": below})
}

// Facebook has no joined feed of comments: they are read below each of our
// posts, often while it is young and seldom later, and none is lost.
func TestCommentsBelowOurPostsAreRead(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		fb := h.connect(t, "facebook")
		h.poll(t, fb)
		remote, post := h.publish(t, fb, "Pasar Melati buka sampai malam")
		h.comment(t, remote, "Sampai pukul berapa?")
		h.poll(t, fb)
		all := h.list(t, inbox.Unanswered)
		if len(all) != 1 || all[0].Origin != post || all[0].Kind != platform.Comment {
			t.Fatalf("%+v", all)
		}
		h.pass(30 * time.Hour) // an old post rests half an hour between looks
		h.poll(t, fb)
		h.comment(t, remote, "Masih berlaku?")
		if h.poll(t, fb); len(h.words(t)) != 1 {
			t.Errorf("an old thread was read again at once: %q", h.words(t))
		}
		h.pass(31 * time.Minute)
		if h.poll(t, fb); len(h.words(t)) != 2 {
			t.Errorf("the late comment is lost: %q", h.words(t))
		}
	})
}

// The same citizens through pushes that come twice and out of order, with two
// that never come, and through polls.
func TestFacebookPushesAndPollsTogether(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	fb := h.connect(t, "facebook")
	h.poll(t, fb)
	remote, _ := h.publish(t, fb, "Loket pindah ke Jalan Melati")
	door := newDoorFor(t, h, fb)
	stop := h.run(t)
	h.control(t, "/sandbox/webhooks", map[string]any{"platform": "facebook", "url": door.url})
	h.control(t, "/sandbox/faults", map[string]any{"platform": "facebook", "op": "any", "kind": "webhook-duplicate", "count": 2})
	h.control(t, "/sandbox/faults", map[string]any{"platform": "facebook", "op": "any", "kind": "webhook-unordered", "count": 2})
	door.drop(2)
	var want []string
	for i := range 6 {
		want = append(want, fmt.Sprintf("komentar %d tentang loket", i))
		h.comment(t, remote, want[i])
	}
	door.wait(t, 4)
	stop()
	h.parse(t)
	for range 3 {
		h.poll(t, fb)
	}
	if got := h.words(t); !slices.Equal(got, want) {
		t.Errorf("got %d of %d: %q", len(got), len(want), got)
	}
}
