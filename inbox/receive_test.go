package inbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

var (
	wrote   = platform.Item{Kind: platform.Comment, RemoteID: "77", Thread: "10", AuthorID: "900", Author: "dewi_anggrek", Text: "Lampu jalan Melati mati sejak Jumat", At: monday}
	mended  = edited(wrote, "Lampu jalan Melati mati sejak Kamis", time.Minute)
	mended2 = edited(wrote, "Lampu jalan Melati mati sejak Rabu", 2*time.Minute)
	gone    = platform.Item{Kind: platform.Comment, RemoteID: "77", AuthorID: "900", Deleted: true}
)

func edited(it platform.Item, text string, after time.Duration) platform.Item {
	it.Text, it.Edited = text, it.At.Add(after)
	return it
}

func TestReceiveTakesEverythingTwiceLateAndOutOfOrder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		items    []platform.Item
		says     string
		versions int
		deleted  bool
	}{
		"one message":                                   {[]platform.Item{wrote}, wrote.Text, 0, false},
		"the same message twice":                        {[]platform.Item{wrote, wrote}, wrote.Text, 0, false},
		"an edit":                                       {[]platform.Item{wrote, mended}, mended.Text, 1, false},
		"an edit told twice":                            {[]platform.Item{wrote, mended, mended}, mended.Text, 1, false},
		"an edit before its message":                    {[]platform.Item{mended, wrote}, mended.Text, 1, false},
		"an older edit after a newer":                   {[]platform.Item{wrote, mended2, mended}, mended2.Text, 2, false},
		"an older edit after a newer, twice":            {[]platform.Item{wrote, mended2, mended, mended, wrote}, mended2.Text, 2, false},
		"deleted":                                       {[]platform.Item{wrote, gone}, wrote.Text, 0, true},
		"deleted before it came":                        {[]platform.Item{gone, wrote}, wrote.Text, 0, true},
		"deleted twice, then told again":                {[]platform.Item{wrote, gone, gone, wrote}, wrote.Text, 0, true},
		"an edit after the deletion is kept, not shown": {[]platform.Item{wrote, gone, mended}, wrote.Text, 1, true},
		"everything backwards":                          {[]platform.Item{gone, mended2, mended, wrote}, mended2.Text, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Both(t, func(t *testing.T, d *db.DB) {
				h := newHouse(t, d)
				for _, it := range c.items {
					h.receive(t, h.mastodon, it)
				}
				all := append(h.list(t, inbox.Unanswered), h.list(t, inbox.Done)...)
				if len(all) != 1 {
					t.Fatalf("%d conversations", len(all))
				}
				k := h.load(t, all[0].ID)
				if len(k.Messages) != 1 {
					t.Fatalf("%d messages", len(k.Messages))
				}
				m := k.Messages[0]
				if m.Masked != c.says || len(k.Versions[m.ID]) != c.versions || m.DeletedAt.IsZero() == c.deleted {
					t.Errorf("says %q, %d versions, deleted %v", m.Masked, len(k.Versions[m.ID]), m.DeletedAt)
				}
				if o, err := h.Original(m); err != nil || o.Text != c.says || o.Author != "dewi_anggrek" {
					t.Errorf("original %+v, %v", o, err)
				}
				if p := h.promise(t, inbox.KindTriage, string(h.mastodon.ID)); p.State != outbox.Open {
					t.Errorf("triage is %s", p.State)
				}
			})
		})
	}
}

// Whatever the order and however often: the same words stand in the end.
func TestEveryOrderOfPushesEndsTheSame(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		n := 0
		permute([]platform.Item{wrote, mended, mended2, gone}, func(order []platform.Item) {
			n++
			for _, it := range append(slices.Clone(order), order...) {
				it.RemoteID, it.Thread = fmt.Sprint("p", n), fmt.Sprint("t", n)
				h.receive(t, h.mastodon, it)
			}
		})
		all := append(h.list(t, inbox.Unanswered), h.list(t, inbox.Done)...)
		if n != 24 || len(all) != n {
			t.Fatalf("%d orders, %d conversations", n, len(all))
		}
		for _, c := range all {
			m := h.load(t, c.ID).Messages
			if len(m) != 1 || m[0].DeletedAt.IsZero() {
				t.Fatalf("%d messages, deleted %v", len(m), m[0].DeletedAt)
			}
			// After the deletion nothing is taken any more; all is kept.
			words := []string{m[0].Masked}
			for _, v := range h.load(t, c.ID).Versions[m[0].ID] {
				words = append(words, v.Masked)
			}
			slices.Sort(words)
			if !slices.Equal(words, []string{wrote.Text, mended.Text, mended2.Text}) && !slices.Equal(words, sorted(wrote.Text, mended.Text, mended2.Text)) {
				t.Errorf("kept %q", words)
			}
		}
	})
}

func sorted(s ...string) []string { slices.Sort(s); return s }

func permute(items []platform.Item, f func([]platform.Item)) {
	var walk func(int)
	walk = func(k int) {
		if k == len(items) {
			f(items)
			return
		}
		for i := k; i < len(items); i++ {
			items[k], items[i] = items[i], items[k]
			walk(k + 1)
			items[k], items[i] = items[i], items[k]
		}
	}
	walk(0)
}

func TestReceiveKnowsWhoseItIs(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ours := platform.Item{Kind: platform.OwnPost, RemoteID: "1", AuthorID: h.mastodon.RemoteID, Text: "Jalan Melati ditutup", At: monday}
		byID := platform.Item{Kind: platform.Comment, RemoteID: "2", Thread: "1", InReplyTo: "77", AuthorID: h.mastodon.RemoteID, Text: "Terima kasih", At: monday}
		if got := h.receive(t, h.mastodon, ours, byID, ours); got.Own != 2 || got.Known != 1 || got.New != 0 {
			t.Errorf("got %+v", got)
		}
		if n := len(h.list(t, inbox.Unanswered)); n != 0 {
			t.Errorf("our own posts are %d conversations", n)
		}
		h.update(t, func(tx *db.Tx) error {
			all, err := channel.Sightings(t.Context(), tx, h.mastodon.ID, channel.SightingNew)
			if err != nil || len(all) != 2 || all[0].Fingerprint != channel.Fingerprint("Jalan  Melati ditutup") {
				t.Errorf("sightings %+v, %v", all, err)
			}
			return err
		})
		if p := h.promise(t, inbox.KindWatch, string(h.mastodon.ID)); p.State != outbox.Open {
			t.Errorf("watch is %s", p.State)
		}
	})
}

func TestOneCitizenBelowOneThreadIsOneConversation(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	second, other, elsewhere, old := wrote, wrote, wrote, wrote
	second.RemoteID, second.Text = "78", "Mohon segera, anak-anak takut lewat"
	other.RemoteID, other.AuthorID = "79", "901"
	elsewhere.RemoteID, elsewhere.Thread = "80", "11"
	old.RemoteID, old.Thread, old.At = "81", "12", monday.Add(-48*time.Hour)
	h.receive(t, h.mastodon, wrote, second, other, elsewhere, old)
	open, done := h.list(t, inbox.Unanswered), h.list(t, inbox.Done)
	if len(open) != 3 || len(done) != 1 {
		t.Fatalf("%d open, %d done: what was there long before us is kept, but nobody waits for it", len(open), len(done))
	}
	names := map[string]int{}
	for _, c := range open {
		names[c.Name]++
		if !strings.HasPrefix(c.Name, "W-") || c.Citizen == "900" {
			t.Errorf("called %q, key %q", c.Name, c.Citizen)
		}
	}
	if len(names) != 2 {
		t.Errorf("names %v: one citizen has one name", names)
	}
	for _, c := range open {
		if k := h.load(t, c.ID); c.Thread == "10" && names[c.Name] == 2 && (len(k.Messages) != 2 || len(k.Others) != 2) {
			t.Errorf("%d messages, %d others", len(k.Messages), len(k.Others))
		}
	}
}
