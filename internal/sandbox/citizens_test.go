package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// talk publishes a post on every platform and lets citizens act.
func talk(t *testing.T, seed int64, acts int) []Seen {
	t.Helper()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	s := open(t, Options{Seed: seed, Citizens: true, Now: func() time.Time { return now }})
	for _, c := range s.Credentials(s.url) {
		if c.Mode == "" && (c.Platform == X || c.Platform == Facebook || c.Platform == Mastodon) {
			if r, err := publishOn(s, c, "Jadwal bantuan banjir untuk "+c.Handle); err != nil || r.status/100 != 2 {
				t.Fatalf("%v %s", err, r.body)
			}
		}
	}
	for range acts {
		now = now.Add(20 * time.Second)
		s.Tick()
	}
	return s.World()
}

func TestCitizensRepeatThemselvesForTheSameSeed(t *testing.T) {
	t.Parallel()
	say := func(seed int64) string {
		var b strings.Builder
		for _, p := range talk(t, seed, 60) {
			fmt.Fprintln(&b, p.Platform, p.Author, p.Text, p.Likes)
		}
		return b.String()
	}
	if first, again := say(3), say(3); first != again {
		t.Error("the same seed gave other words")
	}
	if say(3) == say(4) {
		t.Error("another seed gave the same words")
	}
}

func TestCitizensSaySomethingOfEverything(t *testing.T) {
	t.Parallel()
	total, distinct := 0, map[string]bool{}
	for _, kind := range []string{kindAsk, kindThank, kindComplain, kindCriticize, kindInsult, kindGamble, kindPrivate, kindRescue, kindJavanese, kindSundanese, kindEnglish, kindRumour, kindReport, kindChatter, kindAgain} {
		for _, l := range linesOf(kind) {
			total++
			distinct[l] = true
		}
	}
	if total < 120 || len(distinct) != total {
		t.Errorf("%d lines, %d of them different", total, len(distinct))
	}
	s := open(t, Options{Seed: 5})
	me := s.credential(t, Facebook, "")
	if _, err := publishOn(s, me, "Jadwal imunisasi"); err != nil {
		t.Fatal(err)
	}
	ids := s.Answer(16)
	want(t, "answers", len(ids), 16)
	var all strings.Builder
	for _, p := range s.World()[1:] {
		fmt.Fprintln(&all, p.Text)
	}
	if slot := regexp.MustCompile(`\{[a-z]+\}`).FindString(all.String()); slot != "" {
		t.Errorf("a slot is not filled: %s", slot)
	}
	if !regexp.MustCompile(`327399\d{10}|0812-0000-\d{4}`).MatchString(all.String()) {
		t.Error("nobody gave personal data away")
	}
	want(t, "likes came with it", s.World()[0].Likes > 0, true)
}

func TestCitizensComeBackToOurAnswers(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	s := open(t, Options{Seed: 9, Now: func() time.Time { return now }})
	me := s.credential(t, Mastodon, "")
	root, err := publishOn(s, me, "Air bersih mati di Sukamaju")
	if err != nil {
		t.Fatal(err)
	}
	answered := map[string]bool{}
	for i, id := range s.Answer(8) {
		r := send(t, request{method: "POST", url: me.BaseURL + "/api/v1/statuses", bearer: me.Token.Access, json: map[string]any{"status": fmt.Sprint("Siap ", i), "in_reply_to_id": id}})
		answered[r.str("id")] = true
	}
	for range 60 {
		now = now.Add(time.Minute)
		s.Tick()
	}
	back := slices.DeleteFunc(s.World(), func(p Seen) bool { return !answered[p.InReplyTo] })
	if len(back) < 2 || len(back) > 8 {
		t.Errorf("%d follow-ups to 8 answers", len(back))
	}
	for _, p := range back {
		want(t, "same thread", p.Thread, root.str("id"))
		want(t, "not ours", p.Ours, false)
	}
}

func TestSilentCitizensSayNothing(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1, Pace: time.Millisecond})
	me := s.credential(t, X, "")
	if _, err := publishOn(s, me, "Halo"); err != nil {
		t.Fatal(err)
	}
	want(t, "posts", len(s.World()), 1)
	want(t, "views", s.World()[0].Views, int64(0))
}

func TestDisguisedWordsAreNotPlain(t *testing.T) {
	t.Parallel()
	w := newWorld(1)
	s := &Sandbox{world: w}
	seen := map[string]bool{}
	for range 60 {
		got := disguise(s.dice(), "KLEPON88")
		if strings.Contains(got, "KLEPON88") {
			t.Errorf("%q is not disguised", got)
		}
		seen[got] = true
	}
	if len(seen) < 7 {
		t.Errorf("only %d disguises", len(seen))
	}
}
