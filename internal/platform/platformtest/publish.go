package platformtest

import (
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
)

func verify(t *testing.T, s *suite) {
	p, err := s.Connector.Verify(t.Context(), s.Account)
	if err != nil || p.RemoteID != s.Account.RemoteID || p.Handle == "" {
		t.Errorf("got %+v, %v", p, err)
	}
	wrong := s.Account
	wrong.Token.Access = "0-wrong"
	if _, err := s.Connector.Verify(t.Context(), wrong); platform.AsRefusal(err) == nil || !platform.AsRefusal(err).Auth {
		t.Errorf("a wrong token must be told as lost: %v", err)
	}
}

func publishing(t *testing.T, s *suite) {
	longest := platform.Outgoing{Key: "k5", Text: "Panjang: "}
	l := s.Connector.Count(s.Account, longest)
	longest.Text += strings.Repeat("a", l.Limit-l.Used)
	for name, out := range map[string]platform.Outgoing{
		"text":    {Key: "k1", Text: "Layanan KTP buka hari ini."},
		"lines":   {Key: "k2", Text: "Besok:\n1. Jl. Melati ditutup\n2. Jl. Kenanga dibuka\n\nTerima kasih."},
		"unicode": {Key: "k3", Text: "Sugeng énjing 🙏🏽🇮🇩 — “harga” <5% & >3% ꦗꦮ é"},
		"link":    {Key: "k4", Text: "Baca selengkapnya", Link: "https://tirtawangi.example.go.id/berita?id=7&b=2"},
		"longest": longest,
	} {
		r, at := s.sent(t, out)
		p := s.one(t, r.RemoteID)
		if want := platform.Compose(out); !same(p.Text, want) && !same(p.Text, out.Text) {
			t.Errorf("%s: published %q, want %q", name, p.Text, want)
		}
		if out.Link != "" && p.Link != out.Link && !strings.Contains(p.Text, out.Link) {
			t.Errorf("%s: the link is gone: %+v", name, p)
		}
		if r.URL == "" || r.At.IsZero() || time.Since(r.At).Abs() > time.Minute {
			t.Errorf("%s: receipt %+v", name, r)
		}
		if got := s.found(t, at); len(got) != 1 || got[0] != r.RemoteID {
			t.Errorf("%s: read back %v, want %s", name, got, r.RemoteID)
		}
	}
	if n := len(s.ours(t)); n != 5 {
		t.Errorf("5 sent, %d on the platform", n)
	}
	withPictures(t, s)
}

func withPictures(t *testing.T, s *suite) {
	out := platform.Outgoing{Key: "k6", Text: "Peta pengalihan arus", Media: pictures(t, "Peta jalan Melati", "Peta jalan Kenanga")}
	if s.caps.MaxMedia == 0 {
		err := s.Connector.Stage(t.Context(), s.Account, out, &Notes{})
		if r := platform.AsRefusal(err); r == nil || r.Fix != platform.FixAuthor {
			t.Errorf("without media ability: %v", err)
		}
		return
	}
	r, at := s.sent(t, out)
	p := s.one(t, r.RemoteID)
	if len(p.Media) != 2 || p.Media[0].Alt != "Peta jalan Melati" || p.Media[1].Alt != "Peta jalan Kenanga" || p.Media[0].Type != "image/png" {
		t.Errorf("pictures: %+v", p.Media)
	}
	if got := s.found(t, at); len(got) != 1 || got[0] != r.RemoteID {
		t.Errorf("read back %v, want %s", got, r.RemoteID)
	}
}

func tooLong(t *testing.T, s *suite) {
	l := s.Connector.Count(s.Account, platform.Outgoing{})
	r, _, err := s.send(t, platform.Outgoing{Key: "k", Text: strings.Repeat("a", l.Limit+1)})
	if platform.Classify(r, err) != platform.Refused || platform.AsRefusal(err).Fix != platform.FixAuthor {
		t.Errorf("got %+v %v", r, err)
	}
	if n := len(s.ours(t)); n != 0 {
		t.Errorf("%d published", n)
	}
}

func staging(t *testing.T, s *suite) {
	if s.caps.MaxMedia == 0 {
		t.Skip("this mode carries no media")
	}
	out := platform.Outgoing{Key: "k", Text: "Dua gambar", Media: pictures(t, "satu", "dua")}
	notes := &Notes{}
	for _, kind := range []string{"drop", "commit-then-drop", "5xx-html", "429"} {
		s.fault(t, "stage", kind, nil)
		if err := s.Connector.Stage(t.Context(), s.Account, out, notes); err == nil {
			t.Errorf("%s: staged in spite of it", kind)
		} else if platform.AsRefusal(err) != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if err := s.Connector.Stage(t.Context(), s.Account, out, notes); err != nil {
		t.Fatal(err)
	}
	if len(s.ours(t)) != 0 {
		t.Error("staging must be invisible")
	}
	saved := notes.Saved
	if err := s.Connector.Stage(t.Context(), s.Account, out, notes); err != nil || notes.Saved != saved {
		t.Errorf("staged again: %v, %d notes more", err, notes.Saved-saved)
	}
	r, err := s.Connector.Publish(t.Context(), s.Account, out, notes)
	if err != nil {
		t.Fatal(err)
	}
	if p := s.one(t, r.RemoteID); len(p.Media) != 2 {
		t.Errorf("pictures: %+v", p.Media)
	}
	// Without staging there is nothing to attach: the post must not go alone.
	bare, err := s.Connector.Publish(t.Context(), s.Account, out, &Notes{})
	if platform.Classify(bare, err) != platform.Unsent || len(s.ours(t)) != 1 {
		t.Errorf("unstaged: %+v %v", bare, err)
	}
}

func answering(t *testing.T, s *suite) {
	post, _ := s.sent(t, platform.Outgoing{Key: "k1", Text: "Jadwal air bersih"})
	first := s.say(t, map[string]any{"text": "@" + s.Account.Handle + " kapan di RW 03?", "in_reply_to": post.RemoteID, "kind": "comment"})
	second := s.say(t, map[string]any{"text": "@" + s.Account.Handle + " kalau RW 05?", "in_reply_to": post.RemoteID, "kind": "comment"})
	out := platform.Outgoing{Key: "k2", Text: "Mulai pukul 08.00.", InReplyTo: first, Thread: post.RemoteID}
	r, at := s.sent(t, out)
	if p := s.one(t, r.RemoteID); p.InReplyTo != first || !strings.Contains(p.Text, out.Text) {
		t.Errorf("got %+v", p)
	}
	if got := s.found(t, at); len(got) != 1 || got[0] != r.RemoteID {
		t.Errorf("read back %v, want %s", got, r.RemoteID)
	}
	// The same words to somebody else, and as a post, are other things.
	for _, other := range []string{second, ""} {
		at.Out.InReplyTo = other
		if got := s.found(t, at); len(got) != 0 {
			t.Errorf("answering %q: found %v", other, got)
		}
	}
}

func adopting(t *testing.T, s *suite) {
	r, at := s.sent(t, platform.Outgoing{Key: "k", Text: "Pengumuman libur"})
	if got := s.found(t, at); len(got) != 1 || got[0] != r.RemoteID {
		t.Fatalf("read back %v", got)
	}
	later := at
	later.Started = at.Started.Add(3 * time.Minute)
	if got := s.found(t, later); len(got) != 0 {
		t.Errorf("adopted what was there before: %v", got)
	}
	other := at
	other.Out.Text = "Pengumuman libur bersama"
	if got := s.found(t, other); len(got) != 0 {
		t.Errorf("adopted another text: %v", got)
	}
	s.fault(t, "find", "5xx-html", map[string]any{"count": 1})
	s.fault(t, "pull", "5xx-html", map[string]any{"count": 1})
	if f, err := s.Connector.Find(t.Context(), s.Account, at); err == nil {
		t.Errorf("a failed look is no look: %+v", f)
	}
}
