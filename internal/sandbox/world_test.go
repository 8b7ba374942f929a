package sandbox

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestWorldSurvivesWithoutClose(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(t, Options{Seed: 7, Path: dir})
	me := first.credential(t, Mastodon, "")
	up := send(t, request{method: "POST", url: me.BaseURL + "/api/v1/media", bearer: me.Token.Access, file: png(), fileName: "file"})
	post := request{
		method: "POST", url: me.BaseURL + "/api/v1/statuses", bearer: me.Token.Access, header: map[string]string{"Idempotency-Key": "k"},
		json: map[string]any{"status": "Tetap ada", "media_ids": []string{up.str("id")}},
	}
	id := send(t, post).str("id")
	comment, _ := first.Say(Saying{Platform: Mastodon, InReplyTo: id, Text: "Oh", Author: "bu_sri"})
	gone, _ := first.Say(Saying{Platform: Mastodon, InReplyTo: id, Text: "Hapus", Author: "bu_sri"})
	want(t, "removed", send(t, request{method: "POST", url: first.url + "/sandbox/remove", json: map[string]any{"platform": "mastodon", "id": gone}}).status, 200)
	want(t, "edited", send(t, request{method: "POST", url: first.url + "/sandbox/edit", json: map[string]any{"platform": "mastodon", "id": comment, "text": "Oh ya"}}).status, 200)
	x := first.credential(t, X, "")
	first.mu.Lock()
	traded, err := first.world.refresh(x.Token.Refresh, time.Now())
	first.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	// A kill in the middle of a write leaves half a line behind.
	f, err := os.OpenFile(filepath.Join(dir, journalName), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"post":{"platform":"mastodon","id":"9`); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()

	second, err := New(Options{Seed: 7, Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(second.Handler())
	defer srv.Close()
	defer second.Close()
	world := second.World()
	want(t, "posts", len(world), 3)
	want(t, "picture", world[0].Media[0].ID, up.str("id"))
	want(t, "edited text", world[1].Text, "Oh ya")
	want(t, "edited", world[1].Edited, true)
	want(t, "deleted", world[2].Deleted, true)
	post.url = srv.URL + "/masto/api/v1/statuses"
	want(t, "the key is still known", send(t, post).str("id"), id)
	want(t, "the traded token works", send(t, request{method: "GET", url: srv.URL + "/x/2/users/me", bearer: traded.Access}).status, 200)
	next, _ := second.Say(Saying{Platform: Mastodon, InReplyTo: id, Text: "Lagi", Author: "bu_sri"})
	if compareIDs(next, gone) <= 0 {
		t.Error("ids went back")
	}
}

func TestEverythingAcknowledgedAtOnceIsInTheJournal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, Options{Seed: 7, Path: dir, Citizens: true, Pace: time.Millisecond})
	var g sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	for _, c := range s.Credentials(s.url) {
		if c.Mode != "" {
			continue
		}
		g.Go(func() {
			for i := range 15 {
				text := c.Handle + c.Platform + strings.Repeat("!", i)
				r, err := publishOn(s, c, text)
				if err == nil && r.status/100 == 2 {
					mu.Lock()
					acknowledged[text] = true
					mu.Unlock()
				}
				s.Tick()
			}
		})
	}
	g.Wait()
	want(t, "acknowledged", len(acknowledged), 120)
	again, err := New(Options{Seed: 7, Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for _, p := range again.World() {
		delete(acknowledged, p.Text)
	}
	want(t, "lost", len(acknowledged), 0)
}

func TestIDsGrowAndTellTheirTime(t *testing.T) {
	t.Parallel()
	w := newWorld(1)
	now := time.Date(2026, 11, 23, 8, 0, 0, 123e6, time.UTC)
	for _, platform := range []string{X, Mastodon, Facebook} {
		a, b, c := w.nextID(platform, now), w.nextID(platform, now), w.nextID(platform, now.Add(-time.Hour))
		if compareIDs(a, b) >= 0 || compareIDs(b, c) >= 0 {
			t.Errorf("%s: %s %s %s do not grow", platform, a, b, c)
		}
	}
	want(t, "snowflake", idNumber(w.nextID(X, now.Add(time.Hour)))>>xShift+xEpochMS, now.Add(time.Hour).UnixMilli())
}

func TestControlPageRefusesInWords(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	for _, row := range []struct {
		name, path string
		body       map[string]any
		says       string
	}{
		{"an unknown platform", "/say", map[string]any{"platform": "orkut", "text": "a"}, "no account"},
		{"no text", "/say", map[string]any{"platform": "x"}, "empty"},
		{"an answer to nothing", "/say", map[string]any{"platform": "x", "text": "a", "in_reply_to": "1"}, "nothing with id"},
		{"a comment on nothing", "/say", map[string]any{"platform": "x", "text": "a", "kind": "comment"}, "needs in_reply_to"},
		{"webhooks on Mastodon", "/webhooks", map[string]any{"platform": "mastodon", "url": "http://127.0.0.1:1"}, "no webhooks"},
		{"an address that is not there", "/webhooks", map[string]any{"platform": "x", "url": "http://127.0.0.1:1"}, "does not answer"},
		{"removing nothing", "/remove", map[string]any{"platform": "x", "id": "1"}, "nothing with id"},
	} {
		r := send(t, request{method: "POST", url: s.url + "/sandbox" + row.path, json: row.body})
		want(t, row.name, r.status, http.StatusUnprocessableEntity)
		if !strings.Contains(r.str("error"), row.says) {
			t.Errorf("%s: said %q", row.name, r.body)
		}
	}
	own, err := s.Say(Saying{Platform: Facebook, Author: "tirtawangikota", Text: "Bukan dari kami"})
	if err != nil {
		t.Fatal(err)
	}
	world := s.World()
	want(t, "a post of ours that nobody approved", world[0].Ours && world[0].ID == own && world[0].Kind == kindPost, true)
}
