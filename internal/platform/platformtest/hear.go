package platformtest

import (
	"fmt"
	"strings"
	"testing"

	"kentongan/internal/platform"
)

// hearing: every kind of word reaches us once, over many pages, and a failed
// page loses nothing.
func hearing(t *testing.T, s *suite) {
	for _, kind := range []platform.ItemKind{platform.Comment, platform.Mention, platform.Direct} {
		if !s.hears(kind) {
			s.no(string(kind), "", "")
		}
	}
	if len(s.kinds()) == 0 {
		// TikTok's Content Posting API: what is said there is answered by hand.
		if s.caps.ReplyNote == "" {
			t.Error("Capabilities.Hears is empty, and no ReplyNote says what is to be done instead")
		}
		s.no("comment", "reply", s.caps.ReplyNote)
		t.SkipNow()
	}
	post := ""
	if s.hears(platform.Comment) && !s.caps.NoPosts {
		r, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Laporkan lampu jalan mati"})
		post = r.RemoteID
	}
	in := s.listen(t)
	in.news(t, post)
	for n, kind := range s.kinds() {
		// Several pages everywhere, right after a first visit that found nothing.
		h := &hearsay{in: in, kind: kind, post: post}
		h.round(t, "many", []int{230, 30, 30}[min(n, 2)])
		h.round(t, "three", 3)
		h.round(t, "nobody", 0)
		note := ""
		if h.pushedOnly {
			note = "pushed"
		}
		s.yes(string(kind), note)
	}
	if p, ok := s.Connector.(platform.Puller); ok {
		h := &hearsay{in: in, kind: s.kinds()[0], post: post}
		want := h.speak(t, 2)
		for _, feed := range p.Feeds(s.Account) {
			s.fault(t, "pull", "5xx-html", nil)
			_, err := p.Pull(t.Context(), s.Account, feed, in.feeds[feed])
			if unused := s.calm(t); unused {
				continue // this feed is read by calls of another name
			}
			if err == nil {
				t.Errorf("%s: a failed page is no page", feed)
			}
			break
		}
		h.compare(t, "after a failure", want, in.news(t, post))
	}
}

// hearsay is one kind of word on its way to us.
type hearsay struct {
	in         *incoming
	kind       platform.ItemKind
	post       string
	said       int
	pushedOnly bool
}

func (h *hearsay) speak(t *testing.T, n int) map[string]string {
	t.Helper()
	want := map[string]string{}
	for range n {
		h.said++
		text := fmt.Sprintf("lampu jalan mati di RT %d %s <b>&amp;</b> 🙏", h.said, h.kind)
		what := map[string]any{"text": text, "kind": string(h.kind)}
		switch h.kind {
		case platform.Mention:
			what["text"] = "@" + h.in.s.Account.Handle + " " + text
		case platform.Comment:
			what["in_reply_to"] = h.post
		}
		want[h.in.s.say(t, what)] = text
	}
	return want
}

func (h *hearsay) round(t *testing.T, name string, n int) {
	t.Helper()
	want := h.speak(t, n)
	if h.in.ear != nil && n > 0 {
		// What only the push tells is told by the push; the feeds are read apart.
		polled := h.in.polled(t, h.post)
		h.pushedOnly = len(polled) == 0
		h.compare(t, string(h.kind)+", "+name, want, append(polled, h.in.news(t, h.post)...))
		return
	}
	h.compare(t, string(h.kind)+", "+name, want, h.in.news(t, h.post))
}

// polled is news without what is pushed.
func (in *incoming) polled(t *testing.T, post string) []platform.Item {
	t.Helper()
	ear := in.ear
	in.ear = nil
	defer func() { in.ear = ear }()
	var mine []platform.Item
	for _, i := range in.news(t, post) {
		if i.Kind != platform.OwnPost {
			mine = append(mine, i)
		}
	}
	return mine
}

func (h *hearsay) compare(t *testing.T, round string, want map[string]string, heard []platform.Item) {
	t.Helper()
	texts := map[string]string{} // of what was said, by what was heard
	for id, text := range want {
		texts[text] = id
	}
	var again []platform.Item
	for _, i := range citizens(heard) {
		if i.Kind == h.kind && h.kind != platform.Comment && !i.Deleted && !said(want, i.Text) {
			again = append(again, i)
		}
		for text := range texts {
			if strings.Contains(platform.Fold(i.Text), platform.Fold(text)) {
				delete(texts, text)
				if i.Kind != h.kind || i.Author == "" && i.AuthorID == "" || i.At.IsZero() || i.Thread == "" {
					t.Errorf("%s: %+v", round, i)
				}
				if h.kind == platform.Comment && i.InReplyTo != h.post && i.Thread != h.post {
					t.Errorf("%s: below what? %+v", round, i)
				}
			}
		}
	}
	if len(again) > 0 {
		t.Errorf("%s: %d heard that nobody said now, such as %+v", round, len(again), again[0])
	}
	if len(texts) > 0 {
		t.Errorf("%s: %d of %d lost: %v", round, len(texts), len(want), short(fmt.Sprint(texts)))
	}
}

func said(want map[string]string, heard string) bool {
	for _, text := range want {
		if strings.Contains(platform.Fold(heard), platform.Fold(text)) {
			return true
		}
	}
	return false
}

func threads(t *testing.T, s *suite) {
	p, ok := s.Connector.(platform.ThreadPuller)
	if !ok || s.Account.Mode != "" {
		t.Skip("threads come with the feeds")
	}
	post, _ := s.sent(t, platform.Outgoing{Key: "k1", Text: "Posko banjir dibuka"})
	in, heard := &incoming{s: s, threads: map[string]string{}}, map[string]platform.Item{}
	read := func() {
		for _, i := range in.thread(t, p, post.RemoteID) {
			heard[i.RemoteID] = i
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
	want := append(said, deep)
	answer := ""
	if s.caps.Reply {
		r, _ := s.sent(t, platform.Outgoing{Key: "k2", Text: "Terima kasih", InReplyTo: said[0], Thread: post.RemoteID})
		answer = r.RemoteID
	}
	read()
	for _, id := range want {
		if i, ok := heard[id]; !ok || i.Kind == platform.OwnPost || i.Thread != post.RemoteID || i.Text == "" {
			t.Fatalf("%s: %v %+v", id, ok, i)
		}
	}
	if heard[deep].InReplyTo != said[0] {
		t.Errorf("deep %+v", heard[deep])
	}
	if i, ok := heard[answer]; ok && i.Kind != platform.OwnPost {
		t.Errorf("ours %+v", i)
	}
	delete(heard, answer)
	if len(heard) != len(want) {
		t.Errorf("%d heard, %d said", len(heard), len(want))
	}
}

// altered: what was read and then changed or taken away comes again, marked.
func altered(t *testing.T, s *suite) {
	if len(s.kinds()) == 0 {
		s.no("edits", "", "")
		s.lacks(t, "deletions", "", "")
	}
	kind := s.kinds()[0]
	post := ""
	if s.hears(platform.Comment) {
		r, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Jadwal vaksin"})
		kind, post = platform.Comment, r.RemoteID
	}
	in := s.listen(t)
	h := &hearsay{in: in, kind: kind, post: post}
	var ids []string
	for id := range h.speak(t, 2) {
		ids = append(ids, id)
	}
	if got := citizens(in.news(t, post)); len(got) != 2 {
		t.Fatalf("2 said, %d heard", len(got))
	}
	edited, deleted := false, false
	s.alter(t, "edit", map[string]any{"id": ids[0], "text": "ralat: RT 9"})
	s.alter(t, "remove", map[string]any{"id": ids[1]})
	for _, i := range append(in.news(t, post), in.news(t, post)...) {
		edited = edited || !i.Edited.IsZero() && strings.Contains(i.Text, "ralat: RT 9") && i.RemoteID != ids[1]
		deleted = deleted || i.Deleted && i.RemoteID != ids[0]
	}
	if edited != s.caps.Edits {
		t.Errorf("changes: seen %v, claimed %v", edited, s.caps.Edits)
	}
	if deleted != s.caps.Deletions {
		t.Errorf("deletions: seen %v, claimed %v", deleted, s.caps.Deletions)
	}
	for row, seen := range map[string]bool{"edits": edited, "deletions": deleted} {
		if seen {
			s.yes(row, "")
		} else {
			s.no(row, "", "")
		}
	}
}

func sighting(t *testing.T, s *suite) {
	if s.caps.NoPosts {
		s.lacks(t, "strange", "", "")
	}
	in := s.listen(t)
	ours, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Selamat pagi"})
	strange := s.say(t, map[string]any{"text": "Hadiah gratis, klik di sini", "author": s.Account.Handle})
	got := byID(in.news(t))
	if got[strange].Kind != platform.OwnPost {
		t.Errorf("a stranger's post: %+v", got[strange])
	}
	if !s.blind() && got[ours.RemoteID].Kind != platform.OwnPost {
		t.Errorf("our own: %+v", got[ours.RemoteID])
	}
	s.yes("strange", "")
}

// vanished: somebody deletes our post on the platform's own page.
func vanished(t *testing.T, s *suite) {
	s.posts(t)
	r, at := s.sent(t, platform.Outgoing{Key: "k", Text: "Akan hilang"})
	s.alter(t, "remove", map[string]any{"id": r.RemoteID})
	if m, ok := s.Connector.(platform.Measurer); ok {
		all, err := m.Measure(t.Context(), s.Account, []string{r.RemoteID})
		if _, there := all[r.RemoteID]; err != nil || there {
			t.Errorf("still counted: %v %v", all, err)
		}
	}
	// A chosen id or a container says that it was published; only a look at
	// what is there can say that it is no more.
	if s.caps.Idempotency == "read-back" || s.caps.Idempotency == "key" {
		at.Notes = &Notes{}
		s.reads(t, "after it was taken away", at)
	}
	if s.caps.Delete {
		if err := s.Connector.Delete(t.Context(), s.Account, r.RemoteID); err != nil {
			t.Errorf("deleting what is gone: %v", err)
		}
	}
}
