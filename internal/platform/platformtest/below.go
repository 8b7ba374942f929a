package platformtest

import (
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
)

// continuing hangs parts of a thread and a first comment below our own post.
func continuing(t *testing.T, s *suite) {
	s.posts(t, "thread", "first_comment")
	root, _ := s.sent(t, platform.Outgoing{Key: "k1", Text: "1/3 Jalur evakuasi banjir"})
	below := func(key, text, parent string) string {
		r, at := s.sent(t, platform.Outgoing{Key: key, Text: text, InReplyTo: parent, Thread: root.RemoteID})
		p := s.one(t, r.RemoteID)
		if p.InReplyTo != parent || !strings.Contains(p.Text, text) || r.URL == "" {
			t.Errorf("%s: %+v %+v", text, p, r)
		}
		s.reads(t, text, at, r.RemoteID)
		return r.RemoteID
	}
	if s.caps.Thread {
		second := below("k2", "2/3 Titik kumpul", root.RemoteID)
		below("k3", "3/3 Nomor darurat", second)
		s.yes("thread", "")
	} else {
		s.no("thread", "", "")
	}
	if s.caps.FirstComment {
		below("k4", "Tautan peta ada di sini", root.RemoteID)
		s.yes("first_comment", "")
	} else {
		s.no("first_comment", "", "")
	}
}

func answering(t *testing.T, s *suite) {
	if !s.caps.Reply || !s.hears(platform.Comment) {
		if s.caps.NoPosts {
			s.lacks(t, "reply", "", "")
		}
		post, _ := s.sent(t, platform.Outgoing{Key: "k1", Text: "Jadwal air bersih"})
		r, _, err := s.send(t, platform.Outgoing{Key: "k2", Text: "Mulai pukul 08.00.", InReplyTo: "1", Thread: post.RemoteID})
		if !s.caps.Reply && platform.Classify(r, err) != platform.Refused {
			t.Errorf("claims to answer what it cannot: %+v %v", r, err)
		}
		s.lacks(t, "reply", "reply", s.caps.ReplyNote)
	}
	post, _ := s.sent(t, platform.Outgoing{Key: "k1", Text: "Jadwal air bersih"})
	ask := func(text string) string {
		return s.say(t, map[string]any{"text": "@" + s.Account.Handle + " " + text, "in_reply_to": post.RemoteID, "kind": "comment"})
	}
	first, second := ask("kapan di RW 03?"), ask("kalau RW 05?")
	out := platform.Outgoing{Key: "k2", Text: "Mulai pukul 08.00.", InReplyTo: first, Thread: post.RemoteID}
	r, at := s.sent(t, out)
	if p := s.one(t, r.RemoteID); p.InReplyTo != first || !strings.Contains(p.Text, out.Text) {
		t.Errorf("got %+v", p)
	}
	s.reads(t, "the answer", at, r.RemoteID)
	// The same words to somebody else, and as a post, are other things.
	for _, other := range []string{second, ""} {
		at.Out.InReplyTo, at.Notes = other, &Notes{}
		s.reads(t, "answering "+other, at)
	}
	s.yes("reply", s.caps.ReplyNote)
}

// direct answers a private message.
func direct(t *testing.T, s *suite) {
	if !s.caps.ReplyDirect && !s.hears(platform.Direct) {
		s.lacks(t, "reply_direct", "", "")
	}
	if !s.caps.ReplyDirect {
		s.lacks(t, "reply_direct", "reply", "")
	}
	in := s.listen(t)
	s.say(t, map[string]any{"text": "nomor antrean saya hilang", "kind": "direct"})
	asked := in.until(t, "the message", func(i platform.Item) bool {
		return i.Kind == platform.Direct && strings.Contains(i.Text, "nomor antrean saya hilang")
	})
	if asked.Thread == "" || asked.AuthorID == "" || asked.RemoteID == "" {
		t.Fatalf("heard %+v", asked)
	}
	out := platform.Outgoing{Key: "k", Text: "Silakan ambil ulang di loket 2.", InReplyTo: asked.RemoteID, Thread: asked.Thread, To: asked.AuthorID}
	r, at := s.sent(t, out)
	p := s.one(t, r.RemoteID)
	if p.Kind != "direct" || !strings.Contains(p.Text, out.Text) || !p.Ours {
		t.Errorf("got %+v", p)
	}
	s.reads(t, "the answer", at, r.RemoteID)
	note := ""
	if s.caps.ReplyWindow > 0 {
		note = "within " + hours(s.caps.ReplyWindow)
		if s.tooLate(t, asked) {
			t.Errorf("answered after %v", s.caps.ReplyWindow)
		}
	}
	s.yes("reply_direct", note)
}

// tooLate answers after the platform's window; true means that it went out.
func (s *suite) tooLate(t *testing.T, asked platform.Item) bool {
	t.Helper()
	s.control(t, "POST", "/sandbox/clock", map[string]any{"seconds": int(s.caps.ReplyWindow.Seconds()) + 60}, nil)
	r, _, err := s.send(t, platform.Outgoing{Key: "late", Text: "Maaf terlambat.", InReplyTo: asked.RemoteID, Thread: asked.Thread, To: asked.AuthorID})
	return platform.Classify(r, err) != platform.Refused
}

func privately(t *testing.T, s *suite) {
	if s.caps.PrivateReply == 0 {
		s.lacks(t, "private_reply", "", "")
	}
	post, _ := s.sent(t, platform.Outgoing{Key: "k1", Text: "Pendaftaran bantuan sosial"})
	comment := s.say(t, map[string]any{"text": "data saya salah", "in_reply_to": post.RemoteID, "kind": "comment"})
	in := s.listen(t)
	asked := in.until(t, "the comment", func(i platform.Item) bool { return i.RemoteID == comment }, post.RemoteID)
	out := platform.Outgoing{Key: "k2", Text: "Mohon kirim nomor pendaftaran.", InReplyTo: comment, Thread: post.RemoteID, To: asked.AuthorID, Private: true}
	r, at := s.sent(t, out)
	p := s.one(t, r.RemoteID)
	if p.Private != comment || p.Kind != "direct" || !strings.Contains(p.Text, out.Text) {
		t.Errorf("got %+v", p)
	}
	s.reads(t, "the private answer", at, r.RemoteID)
	note := ""
	if s.caps.PrivateReply < 10*365*24*time.Hour {
		note = "within " + hours(s.caps.PrivateReply)
	}
	s.yes("private_reply", note)
}

func hours(d time.Duration) string {
	if d%(24*time.Hour) == 0 && d > 24*time.Hour {
		return strings.TrimSuffix((d/24).String(), "h0m0s") + " days"
	}
	return strings.TrimSuffix(d.String(), "0m0s")
}
