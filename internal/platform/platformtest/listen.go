package platformtest

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"kentongan/internal/platform"
)

func (s *suite) hears(kind platform.ItemKind) bool { return slices.Contains(s.caps.Hears, kind) }

func (s *suite) kinds() []platform.ItemKind { return s.caps.Hears }

// incoming hears everything that reaches the office: the feeds, the threads
// below its posts, and what is pushed.
type incoming struct {
	s       *suite
	feeds   map[string]string
	threads map[string]string
	ear     *ear
	pushed  int // how much of the ear was given already
}

// listen begins at what is there now: nothing older is news.
func (s *suite) listen(t *testing.T) *incoming {
	t.Helper()
	in := &incoming{s: s, feeds: map[string]string{}, threads: map[string]string{}}
	if l, ok := s.Connector.(platform.Listener); ok && s.Deliver != nil {
		in.ear = &ear{}
		server := httptest.NewServer(in.ear.serve(l, s.Account))
		t.Cleanup(server.Close)
		s.control(t, http.MethodPost, "/sandbox/webhooks", map[string]any{"platform": s.Connector.Name(), "url": server.URL, "shape": s.shapes()[0]}, nil)
	}
	in.news(t)
	return in
}

// shapes are the webhook bodies of a platform that has more than one.
func (s *suite) shapes() []string {
	if s.Connector.Name() == platform.X {
		return []string{"activity", "account"}
	}
	return []string{""}
}

// news is everything since the last call, threads of these posts included.
func (in *incoming) news(t *testing.T, posts ...string) []platform.Item {
	t.Helper()
	var all []platform.Item
	if _, ok := in.s.Connector.(platform.Puller); ok {
		all = in.s.pull(t, in.feeds)
	}
	if p, ok := in.s.Connector.(platform.ThreadPuller); ok && in.s.Account.Mode == "" {
		for _, post := range posts {
			all = append(all, in.thread(t, p, post)...)
		}
	}
	if in.ear != nil {
		for in.s.Deliver(t.Context()) > 0 {
		}
		in.ear.mu.Lock()
		all = append(all, in.ear.items[in.pushed:]...)
		in.pushed = len(in.ear.items)
		in.ear.mu.Unlock()
	}
	return all
}

func (in *incoming) thread(t *testing.T, p platform.ThreadPuller, post string) []platform.Item {
	t.Helper()
	var all []platform.Item
	for range 20 {
		page, err := p.PullThread(t.Context(), in.s.Account, platform.Watch{RemoteID: post}, in.threads[post])
		if err != nil {
			t.Fatalf("thread %s: %v", post, err)
		}
		in.threads[post] = page.Cursor
		all = append(all, page.Items...)
		if !page.More {
			return all
		}
	}
	return all
}

// until listens until an item is the one.
func (in *incoming) until(t *testing.T, what string, is func(platform.Item) bool, posts ...string) platform.Item {
	t.Helper()
	var heard []platform.Item
	for range 3 {
		heard = append(heard, in.news(t, posts...)...)
		for _, i := range heard {
			if is(i) {
				return i
			}
		}
	}
	t.Fatalf("never heard: %s, only %+v", what, heard)
	return platform.Item{}
}

// pull reads every feed to its end; a feed may not give an item twice.
func (s *suite) pull(t *testing.T, cursors map[string]string) []platform.Item {
	t.Helper()
	p := s.Connector.(platform.Puller)
	var all []platform.Item
	for _, feed := range p.Feeds(s.Account) {
		seen := map[string]bool{}
		for range 50 {
			page, err := p.Pull(t.Context(), s.Account, feed, cursors[feed])
			if err != nil {
				t.Fatalf("%s: %v", feed, err)
			}
			cursors[feed] = page.Cursor
			for _, i := range page.Items {
				key := i.RemoteID + i.Edited.String()
				if seen[key] && !i.Deleted {
					t.Errorf("%s: %s twice", feed, i.RemoteID)
				}
				seen[key] = true
			}
			all = append(all, page.Items...)
			if !page.More {
				break
			}
		}
	}
	return all
}

// byID keeps the first item of each id.
func byID(items []platform.Item) map[string]platform.Item {
	all := map[string]platform.Item{}
	for _, i := range items {
		if _, ok := all[i.RemoteID]; !ok {
			all[i.RemoteID] = i
		}
	}
	return all
}

// citizens are items that citizens wrote.
func citizens(items []platform.Item) map[string]platform.Item {
	all := byID(items)
	maps.DeleteFunc(all, func(_ string, i platform.Item) bool { return i.Kind == platform.OwnPost || i.Kind == platform.Status })
	return all
}

func sum(t *testing.T, m platform.Media) string {
	t.Helper()
	f, err := m.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}
