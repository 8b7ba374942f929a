package platformtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kentongan/internal/platform"
)

// drain pulls every feed to its end and gives items by remote id; a feed may
// not give one twice.
func (s *suite) drain(t *testing.T, cursors map[string]string) map[string]platform.Item {
	t.Helper()
	p, ok := s.Connector.(platform.Puller)
	if !ok {
		t.Fatal("every connector hears")
	}
	all := map[string]platform.Item{}
	for _, feed := range p.Feeds(s.Account) {
		seen := map[string]bool{}
		for range 50 {
			page, err := p.Pull(t.Context(), s.Account, feed, cursors[feed])
			if err != nil {
				t.Fatalf("%s: %v", feed, err)
			}
			cursors[feed] = page.Cursor
			for _, i := range page.Items {
				if seen[i.RemoteID] {
					t.Errorf("%s: %s twice", feed, i.RemoteID)
				}
				seen[i.RemoteID] = true
				all[i.RemoteID] = i
			}
			if !page.More {
				break
			}
		}
	}
	return all
}

func hearing(t *testing.T, s *suite) {
	cursors := map[string]string{}
	if got := s.drain(t, cursors); len(got) != 0 {
		t.Fatalf("nobody spoke, heard %v", got)
	}
	want := map[string]string{}
	speak := func(n int) {
		clear(want)
		for i := range n {
			text := fmt.Sprintf("@%s lampu jalan mati di RT %d <b>&amp;</b> 🙏", s.Account.Handle, i)
			want[s.say(t, map[string]any{"text": text, "kind": "mention"})] = text
		}
	}
	compare := func(round string, got map[string]platform.Item) {
		t.Helper()
		for id, text := range want {
			i, ok := got[id]
			switch {
			case !ok:
				t.Errorf("%s: lost %s", round, id)
			case !same(i.Text, text):
				t.Errorf("%s: heard %q, said %q", round, i.Text, text)
			case i.Kind != platform.Mention || i.Author == "" || i.AuthorID == "" || i.At.IsZero() || i.Thread == "":
				t.Errorf("%s: %+v", round, i)
			}
		}
		for id := range got {
			if want[id] == "" {
				t.Errorf("%s: %s again", round, id)
			}
		}
	}
	speak(230) // several pages everywhere, right after a first visit that found nothing
	compare("many", s.drain(t, cursors))
	speak(3)
	compare("three", s.drain(t, cursors))
	if got := s.drain(t, cursors); len(got) != 0 {
		t.Errorf("nobody spoke, heard %d", len(got))
	}
	speak(2)
	s.fault(t, "pull", "5xx-html", nil)
	p := s.Connector.(platform.Puller)
	feed := p.Feeds(s.Account)[slices.Index(p.Feeds(s.Account), "mentions")]
	if _, err := p.Pull(t.Context(), s.Account, feed, cursors[feed]); err == nil {
		t.Error("a failed page is no page")
	}
	compare("after a failure", s.drain(t, cursors))
}

func threads(t *testing.T, s *suite) {
	p, ok := s.Connector.(platform.ThreadPuller)
	if !ok || s.Account.Mode != "" {
		t.Skip("threads come with the feeds")
	}
	post, _ := s.sent(t, platform.Outgoing{Key: "k1", Text: "Posko banjir dibuka"})
	cursor, heard := "", map[string]platform.Item{}
	read := func() {
		for range 20 {
			page, err := p.PullThread(t.Context(), s.Account, platform.Watch{RemoteID: post.RemoteID}, cursor)
			if err != nil {
				t.Fatal(err)
			}
			cursor = page.Cursor
			for _, i := range page.Items {
				heard[i.RemoteID] = i
			}
			if !page.More {
				return
			}
		}
	}
	var said []string
	for round := range 3 {
		for i := range []int{1, 120, 2}[round] {
			said = append(said, s.say(t, map[string]any{"text": fmt.Sprintf("komentar %d.%d", round, i), "in_reply_to": post.RemoteID, "kind": "comment"}))
		}
		read()
	}
	deep := s.say(t, map[string]any{"text": "setuju", "in_reply_to": said[0], "kind": "comment"})
	answer, _ := s.sent(t, platform.Outgoing{Key: "k2", Text: "Terima kasih", InReplyTo: said[0], Thread: post.RemoteID})
	read()
	for _, id := range append(said, deep) {
		if i, ok := heard[id]; !ok || i.Kind == platform.OwnPost || i.Thread != post.RemoteID || i.Text == "" {
			t.Fatalf("%s: %v %+v", id, ok, i)
		}
	}
	if heard[deep].InReplyTo != said[0] || heard[answer.RemoteID].Kind != platform.OwnPost {
		t.Errorf("deep %+v, ours %+v", heard[deep], heard[answer.RemoteID])
	}
	if len(heard) != len(said)+2 {
		t.Errorf("%d heard, %d said", len(heard), len(said)+2)
	}
}

func sighting(t *testing.T, s *suite) {
	cursors := map[string]string{}
	s.drain(t, cursors)
	ours, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Selamat pagi"})
	strange := s.say(t, map[string]any{"text": "Hadiah gratis, klik di sini", "author": s.Account.Handle})
	got := s.drain(t, cursors)
	for _, id := range []string{ours.RemoteID, strange} {
		if got[id].Kind != platform.OwnPost {
			t.Errorf("%s: %+v", id, got[id])
		}
	}
}

func hiding(t *testing.T, s *suite) {
	h, ok := s.Connector.(platform.Hider)
	if !ok || !s.caps.Hide {
		if ok && h.SetHidden(t.Context(), s.Account, "1", true) == nil {
			t.Error("claims to hide what it cannot")
		}
		t.Skip("this platform cannot hide")
	}
	post, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Jadwal posyandu"})
	id := s.say(t, map[string]any{"text": "sl0t g4c0r", "in_reply_to": post.RemoteID, "kind": "comment"})
	for _, want := range []bool{true, true, false, false} {
		if err := h.SetHidden(t.Context(), s.Account, id, want); err != nil {
			t.Fatalf("hidden=%v: %v", want, err)
		}
		if got := s.one(t, id).Hidden; got != want {
			t.Errorf("hidden %v, want %v", got, want)
		}
	}
	s.fault(t, "hide", "503-empty", nil)
	if err := h.SetHidden(t.Context(), s.Account, id, true); err == nil || s.one(t, id).Hidden {
		t.Errorf("503 is not hidden: %v", err)
	}
}

func deleting(t *testing.T, s *suite) {
	r, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Keliru"})
	s.fault(t, "delete", "503-empty", nil)
	if err := s.Connector.Delete(t.Context(), s.Account, r.RemoteID); err == nil {
		t.Error("503 is not deleted")
	}
	for range 2 {
		if err := s.Connector.Delete(t.Context(), s.Account, r.RemoteID); err != nil {
			t.Fatal(err)
		}
	}
	if !s.one(t, r.RemoteID).Deleted {
		t.Error("still there")
	}
}

func measuring(t *testing.T, s *suite) {
	m, ok := s.Connector.(platform.Measurer)
	if !ok {
		t.Skip("this platform counts nothing")
	}
	r, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Pasar murah"})
	s.say(t, map[string]any{"text": "jam berapa?", "in_reply_to": r.RemoteID, "kind": "comment"})
	s.control(t, http.MethodPost, "/sandbox/like", map[string]any{"platform": s.Connector.Name(), "id": r.RemoteID, "likes": 3, "shares": 2}, nil)
	s.fault(t, "measure", "503-empty", nil)
	if all, err := m.Measure(t.Context(), s.Account, []string{r.RemoteID}); err == nil {
		t.Errorf("503 is no count: %v", all)
	}
	all, err := m.Measure(t.Context(), s.Account, []string{r.RemoteID, "1"})
	if err != nil {
		t.Fatal(err)
	}
	got := all[r.RemoteID]
	for _, name := range s.caps.Metrics {
		if _, ok := got[name]; !ok {
			t.Errorf("no %s in %v", name, got)
		}
	}
	if got["likes"] != 3 || got["shares"] != 2 || slices.Contains(s.caps.Metrics, "replies") && got["replies"] != 1 {
		t.Errorf("got %v", got)
	}
	if _, ok := all["1"]; ok {
		t.Error("counted what is not there")
	}
	if strings.Contains(fmt.Sprint(all), "-") {
		t.Errorf("negative counts: %v", all)
	}
}
