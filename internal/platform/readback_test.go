package platform

import (
	"net/http"
	"testing"
	"time"
)

func TestReadBackPicksOnlyWhatTheAttemptMayHaveMade(t *testing.T) {
	start := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	at := Attempt{Out: Outgoing{Text: "Jalan  ditutup", InReplyTo: "9", Media: make([]Media, 1)}, Started: start}
	good := Seen{RemoteID: "1", Text: "Jalan ditutup", InReplyTo: "9", At: start.Add(time.Second), Media: 1}
	for name, c := range map[string]struct {
		change func(*Seen)
		found  bool
	}{
		"the very thing":                     {func(*Seen) {}, true},
		"the pictures are not told":          {func(s *Seen) { s.Media = -1 }, true},
		"the clocks differ a little":         {func(s *Seen) { s.At = start.Add(-59 * time.Second) }, true},
		"it was there before":                {func(s *Seen) { s.At = start.Add(-61 * time.Second) }, false},
		"another text":                       {func(s *Seen) { s.Text = "Jalan dibuka" }, false},
		"an answer to somebody else":         {func(s *Seen) { s.InReplyTo = "8" }, false},
		"a post, not an answer":              {func(s *Seen) { s.InReplyTo = "" }, false},
		"without the picture":                {func(s *Seen) { s.Media = 0 }, false},
		"no id: nothing that could be named": {func(s *Seen) { s.RemoteID = "" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := good
			c.change(&s)
			got := Matching(at, start.Add(-Margin), []Seen{s, s}, Fold)
			if c.found != (len(got) == 1) || len(got) > 1 {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestWindowFollowsThePlatformsClock(t *testing.T) {
	now := time.Date(2026, 11, 23, 7, 10, 0, 0, time.UTC)
	at := Attempt{Started: now.Add(-5 * time.Minute)}
	h := http.Header{"Date": {now.Add(-time.Hour).Format(http.TimeFormat)}}
	if got, want := WindowStart(at, h, now), at.Started.Add(-time.Hour-Margin); !got.Equal(want) {
		t.Errorf("an hour behind: got %v, want %v", got, want)
	}
	if got := WindowStart(at, http.Header{}, now); !got.Equal(at.Started.Add(-Margin)) {
		t.Errorf("no clock told: %v", got)
	}
}

func TestComposePutsTheLinkOnce(t *testing.T) {
	for _, c := range [][3]string{
		{"a", "", "a"}, {"a", "https://x.example", "a\n\nhttps://x.example"},
		{"lihat https://x.example ya", "https://x.example", "lihat https://x.example ya"}, {"", "https://x.example", "https://x.example"},
	} {
		if got := Compose(Outgoing{Text: c[0], Link: c[1]}); got != c[2] {
			t.Errorf("got %q, want %q", got, c[2])
		}
	}
}
