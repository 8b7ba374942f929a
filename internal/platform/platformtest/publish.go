package platformtest

import (
	"fmt"
	"net/http"
	"sort"
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

// fill makes a text as long as the platform's own counting allows.
func (s *suite) fill(t *testing.T, key, start, letter string) platform.Outgoing {
	t.Helper()
	out := s.fit(t, platform.Outgoing{Key: key, Text: start})
	most := s.Connector.Count(s.Account, out).Limit
	n := sort.Search(most, func(n int) bool {
		longer := out
		longer.Text += strings.Repeat(letter, n+1)
		return s.Connector.Count(s.Account, longer).Used > most
	})
	out.Text += strings.Repeat(letter, n)
	return out
}

func publishing(t *testing.T, s *suite) {
	s.posts(t, "text", "link")
	for name, out := range map[string]platform.Outgoing{
		"text":            {Key: "k1", Text: "Layanan KTP buka hari ini."},
		"lines":           {Key: "k2", Text: "Besok:\n1. Jl. Melati ditutup\n2. Jl. Kenanga dibuka\n\nTerima kasih."},
		"unicode":         {Key: "k3", Text: "Sugeng énjing 🙏🏽🇮🇩 — “harga” <5% & >3% ꦗꦮ é"},
		"link":            {Key: "k4", Text: "Baca selengkapnya", Link: "https://tirtawangi.example.go.id/berita?id=7&b=2"},
		"longest":         s.fill(t, "k5", "Panjang: ", "a"),
		"longest unicode": s.fill(t, "k6", "Panjang: ", "ꦗ"),
	} {
		out = s.writable(t, out)
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
		s.reads(t, name, at, r.RemoteID)
	}
	if n := len(s.ours(t)); n != 6 {
		t.Errorf("6 sent, %d on the platform", n)
	}
	s.yes("text", fmt.Sprintf("up to %d %s", s.Connector.Count(s.Account, s.fit(t, platform.Outgoing{})).Limit, s.caps.TextUnit))
	s.yes("link", "")
}

// writable leaves out the signs that a platform does not take, after a look
// that they are refused before anything leaves.
func (s *suite) writable(t *testing.T, out platform.Outgoing) platform.Outgoing {
	t.Helper()
	c, ok := s.Connector.(platform.Checker)
	fitting := s.fit(t, out)
	if !ok || len(c.Check(s.Account, fitting)) == 0 {
		return out
	}
	if _, _, err := s.send(t, fitting); platform.AsRefusal(err) == nil {
		t.Errorf("the editor is told of what is then sent: %v", err)
	}
	out.Text = strings.NewReplacer("<", "", ">", "").Replace(out.Text)
	return out
}

func album(t *testing.T, s *suite) {
	s.posts(t, "pictures")
	if s.caps.MaxMedia == 0 || len(s.caps.MediaTypes) == 0 {
		out := platform.Outgoing{Key: "k", Text: "Peta pengalihan arus", Media: s.pictures(t, "satu")}
		_, _, err := s.send(t, out)
		if r := platform.AsRefusal(err); r == nil || r.Fix != platform.FixAuthor || len(s.ours(t)) > 0 {
			t.Errorf("without pictures: %v", err)
		}
		s.lacks(t, "pictures", "", "")
	}
	for _, n := range []int{1, min(s.caps.MaxMedia, 10)} {
		var alts []string
		for i := range n {
			alts = append(alts, fmt.Sprintf("Peta %d dari %d", i+1, n))
		}
		out := platform.Outgoing{Key: fmt.Sprint("k", n), Text: fmt.Sprintf("Peta pengalihan arus (%d)", n), Media: s.pictures(t, alts...)}
		r, at := s.sent(t, out)
		p := s.one(t, r.RemoteID)
		if len(p.Media) != n {
			t.Fatalf("%d pictures of %d: %+v", len(p.Media), n, p.Media)
		}
		for i, m := range p.Media {
			if m.Type != s.pictureType() || s.caps.MaxAlt > 0 && m.Alt != alts[i] || m.SHA256 != sum(t, out.Media[i]) {
				t.Errorf("picture %d of %d: %+v", i+1, n, m)
			}
		}
		if !same(p.Text, out.Text) {
			t.Errorf("text with %d pictures: %q", n, p.Text)
		}
		s.reads(t, "pictures", at, r.RemoteID)
	}
	note := fmt.Sprintf("up to %d", s.caps.MaxMedia)
	if s.caps.MaxAlt > 0 {
		note += ", with alt text"
	}
	s.yes("pictures", note)
}

func filming(t *testing.T, s *suite) {
	s.posts(t, "film")
	if len(s.caps.VideoTypes) == 0 {
		_, _, err := s.send(t, platform.Outgoing{Key: "k", Text: "Simulasi evakuasi", Media: []platform.Media{s.film(t, 1)}})
		if r := platform.AsRefusal(err); r == nil || r.Fix != platform.FixAuthor || len(s.ours(t)) > 0 {
			t.Errorf("without films: %v", err)
		}
		s.lacks(t, "film", "", "")
	}
	out := platform.Outgoing{Key: "k", Text: "Simulasi evakuasi", Media: []platform.Media{s.film(t, 1)}}
	r, at := s.sent(t, out)
	p := s.one(t, r.RemoteID)
	if len(p.Media) != 1 || p.Media[0].Type != "video/mp4" || p.Media[0].SHA256 != sum(t, out.Media[0]) || !same(p.Text, out.Text) {
		t.Errorf("got %+v", p)
	}
	s.reads(t, "film", at, r.RemoteID)
	s.yes("film", "")
}

// tooMuch: what is known to be refused must not leave, and the editor hears it
// beforehand from the same rules.
func tooMuch(t *testing.T, s *suite) {
	s.posts(t)
	long := s.fit(t, platform.Outgoing{Key: "k"})
	long.Text = strings.Repeat("a", s.Connector.Count(s.Account, long).Limit+1)
	cases := map[string]platform.Outgoing{"too long": long}
	if s.caps.NeedsMedia != "" {
		cases["nothing but text"] = platform.Outgoing{Key: "k", Text: "Halo", InReplyTo: ""}
	}
	if s.caps.MaxMedia > 0 && len(s.caps.MediaTypes) > 0 {
		alts := strings.Split(strings.Repeat("x,", s.caps.MaxMedia)+"x", ",")
		cases["too many pictures"] = platform.Outgoing{Key: "k", Text: "Halo", Media: s.pictures(t, alts...)}
	}
	if hidden := s.fit(t, platform.Outgoing{Key: "k", Text: "Halo", Media: s.some(t)}); len(hidden.Media) > 0 && hidden.Media[0].URL != "" {
		for i := range hidden.Media {
			hidden.Media[i].URL = ""
		}
		cases["files without a public address"] = hidden
	}
	for name, out := range cases {
		notes := &Notes{}
		err := s.Connector.Stage(t.Context(), s.Account, out, notes)
		var r platform.Receipt
		if err == nil {
			r, err = s.Connector.Publish(t.Context(), s.Account, out, notes)
		}
		if platform.Classify(r, err) != platform.Refused || platform.AsRefusal(err).Fix == platform.FixNobody {
			t.Errorf("%s: got %+v %v", name, r, err)
		}
		if c, ok := s.Connector.(platform.Checker); ok && err != nil && name != "too long" && len(c.Check(s.Account, out)) == 0 {
			t.Errorf("%s: the editor is not told", name)
		}
	}
	if c, ok := s.Connector.(platform.Checker); ok {
		if said := c.Check(s.Account, s.fit(t, platform.Outgoing{Key: "k", Text: "Halo"})); len(said) != 0 {
			t.Errorf("nothing is wrong, and still: %v", said[0])
		}
	}
	if n := len(s.ours(t)); n != 0 {
		t.Errorf("%d published", n)
	}
}

func staging(t *testing.T, s *suite) {
	s.posts(t)
	out := platform.Outgoing{Key: "k", Text: "Dua gambar", Media: s.some(t)}
	if len(out.Media) == 0 {
		t.Skip("no files here")
	}
	notes := &Notes{}
	for _, kind := range []string{"drop", "commit-then-drop", "5xx-html", "429"} {
		s.fault(t, "stage", kind, nil)
		err := s.Connector.Stage(t.Context(), s.Account, out, notes)
		switch unused := s.calm(t); {
		case unused:
			t.Skip("files go with the post itself")
		case err == nil:
			t.Errorf("%s: staged in spite of it", kind)
		case platform.AsRefusal(err) != nil:
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
	if p := s.one(t, r.RemoteID); len(p.Media) != len(out.Media) {
		t.Errorf("files: %+v", p.Media)
	}
	// Without staging there is nothing to attach: the post must not go alone.
	bare, err := s.Connector.Publish(t.Context(), s.Account, out, &Notes{})
	if platform.Classify(bare, err) != platform.Unsent || len(s.ours(t)) != 1 {
		t.Errorf("unstaged: %+v %v", bare, err)
	}
}

func adopting(t *testing.T, s *suite) {
	s.posts(t)
	r, at := s.sent(t, platform.Outgoing{Key: "k", Text: "Pengumuman libur"})
	s.reads(t, "its own", at, r.RemoteID)
	// An attempt that noted nothing of this post, and began later.
	later := at
	later.Started, later.Notes = at.Started.Add(3*time.Minute), &Notes{}
	s.reads(t, "what was there before", later)
	other := at
	other.Out.Text, other.Notes = "Pengumuman libur bersama", &Notes{}
	s.reads(t, "another text", other)
	if s.blind() {
		return
	}
	for _, op := range []string{"find", "pull", "measure", "stage"} {
		s.fault(t, op, "5xx-html", map[string]any{"count": 1})
	}
	if f, err := s.Connector.Find(t.Context(), s.Account, at); err == nil {
		t.Errorf("a failed look is no look: %+v", f)
	}
	s.control(t, http.MethodDelete, "/sandbox/faults", nil, nil)
}
