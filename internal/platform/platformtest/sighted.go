package platformtest

import (
	"testing"
	"time"

	"kentongan/internal/platform"
)

// heard is what a platform that cannot be read back has told of our own posts.
type heard struct {
	feeds map[string]string
	own   []platform.Seen
}

// sighted is what a sighting proves of an attempt: Telegram's bots cannot read
// a channel's history, but hear the copy that its discussion group gets.
func (s *suite) sighted(t *testing.T, at platform.Attempt) []string {
	t.Helper()
	if s.heard.feeds == nil {
		s.heard.feeds = map[string]string{}
	}
	for _, i := range s.pull(t, s.heard.feeds) {
		if i.Kind == platform.OwnPost && i.Edited.IsZero() && !i.Deleted {
			s.heard.own = append(s.heard.own, platform.Seen{RemoteID: i.RemoteID, URL: i.URL, Text: i.Text, InReplyTo: i.InReplyTo, At: i.At, Media: -1})
		}
	}
	var ids []string
	for _, r := range platform.Matching(at, at.Started.Add(-platform.Margin), s.heard.own, platform.Fold) {
		ids = append(ids, r.RemoteID)
	}
	return ids
}

// sightings: where a look proves nothing, what is heard must prove everything:
// each post's own id, once, with its words and what it continues.
func sightings(t *testing.T, s *suite) {
	if s.caps.Idempotency != "sighting" {
		t.Skip("it can be read back, or a person is asked")
	}
	if s.caps.NoPosts {
		s.statuses(t)
		return
	}
	first, _ := s.sent(t, platform.Outgoing{Key: "k0", Text: "Utas siaga banjir 🌧️"})
	for name, out := range map[string]platform.Outgoing{
		"words":           {Key: "k1", Text: "Sugeng énjing 🙏🏽 — “harga” <5% & >3% ꦗꦮ"},
		"a link":          {Key: "k2", Text: "Baca selengkapnya", Link: "https://tirtawangi.example.go.id/berita?id=7&b=2"},
		"an album":        {Key: "k3", Text: "Tiga peta", Media: s.pictures(t, "satu", "dua", "tiga")},
		"a film":          {Key: "k4", Text: "Simulasi evakuasi", Media: []platform.Media{s.film(t, 3)}},
		"a continuation":  {Key: "k5", Text: "2/2 Nomor darurat 112", InReplyTo: first.RemoteID, Thread: first.RemoteID},
		"the longest":     s.fill(t, "k6", "Panjang: ", "ꦗ"),
		"words only once": {Key: "k7", Text: "Utas siaga banjir"},
	} {
		at := platform.Attempt{Out: out, Started: time.Now().UTC(), Notes: &Notes{}}
		s.fault(t, "publish", "drop", nil)
		if r, err := s.Connector.Publish(t.Context(), s.Account, out, at.Notes); platform.Classify(r, err) != platform.Unknown {
			t.Fatalf("%s: %+v %v", name, r, err)
		}
		if ids := s.sighted(t, at); len(ids) != 0 {
			t.Errorf("%s: never arrived, and still sighted as %v", name, ids)
		}
		s.fault(t, "publish", "commit-then-drop", nil)
		if r, err := s.Connector.Publish(t.Context(), s.Account, out, at.Notes); platform.Classify(r, err) != platform.Unknown {
			t.Fatalf("%s: %+v %v", name, r, err)
		}
		ours := s.ours(t)
		if ids, last := s.sighted(t, at), ours[len(ours)-1].ID; len(ids) != 1 || ids[0] != last {
			t.Errorf("%s: sighted as %v, it is %s", name, ids, last)
		}
	}
	if n := len(s.ours(t)); len(s.heard.own) != n {
		t.Errorf("%d posts are there, %d were sighted: %+v", n, len(s.heard.own), s.heard.own)
	}
}

// statuses: what an inbox sent is proved by the status that comes with our own
// key; without one nothing is proved.
func (s *suite) statuses(t *testing.T) {
	t.Helper()
	in := s.listen(t)
	s.say(t, map[string]any{"text": "loket buka jam berapa", "kind": "direct"})
	asked := in.until(t, "the message", func(i platform.Item) bool { return i.Kind == platform.Direct })
	for kind, there := range map[string]bool{"drop": false, "commit-then-drop": true} {
		out := platform.Outgoing{Key: "key of " + kind, Text: "Jam 8 " + kind, InReplyTo: asked.RemoteID, Thread: asked.Thread, To: asked.AuthorID}
		s.fault(t, "publish", kind, nil)
		if r, _, err := s.send(t, out); platform.Classify(r, err) != platform.Unknown {
			t.Fatalf("%s: %+v %v", kind, r, err)
		}
		var told []platform.Item
		for _, i := range in.news(t) {
			if i.Kind == platform.Status && i.Key == out.Key {
				told = append(told, i)
			}
		}
		switch {
		case !there && len(told) > 0:
			t.Errorf("%s: never arrived, and still %+v", kind, told)
		case there && (len(told) == 0 || told[0].RemoteID != s.ours(t)[0].ID || told[0].Failed != "" || told[0].At.IsZero()):
			t.Errorf("%s: told %+v, there is %+v", kind, told, s.ours(t))
		}
	}
}
