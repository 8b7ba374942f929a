package publisher

import (
	"strings"
	"testing"

	"kentongan/internal/channel"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
)

func TestChecksNameEverythingAtOnce(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	pic := o.picture(o.officer)
	variant := func(id channel.ID) string { return "variants." + string(id) + ".text" }
	for name, c := range map[string]struct {
		change func(*DraftInput)
		block  string // "code field", "" when it may be submitted
		warn   string
	}{
		"nothing is missing": {change: func(in *DraftInput) {}},
		"no text":            {change: func(in *DraftInput) { in.Text = " \n" }, block: "post.text_empty text"},
		"a channel's own text is empty": {
			change: func(in *DraftInput) { in.Variants[1] = VariantContent{Channel: o.x.ID, Own: true} }, block: "post.variant_empty " + variant(o.x.ID)},
		"too long for one channel": {
			change: func(in *DraftInput) {
				in.Variants[1] = VariantContent{Channel: o.x.ID, Own: true, Text: strings.Repeat("a", 300)}
			}, block: "post.too_long " + variant(o.x.ID)},
		"no channel": {change: func(in *DraftInput) { in.Variants = nil }, block: "post.no_channel channels"},
		"a link that is none": {
			change: func(in *DraftInput) { in.Link = "tirtawangi.example" }, block: "post.link_unusable link"},
		"a link that runs something": {
			change: func(in *DraftInput) { in.Link = "javascript:alert(1)" }, block: "post.link_unusable link"},
		"a picture without alt text": {
			change: func(in *DraftInput) { in.Media = []Attached{{Media: pic, Alt: "  "}} }, block: "post.alt_missing media.0.alt"},
		"a decorative picture": {change: func(in *DraftInput) { in.Media = []Attached{{Media: pic, Decorative: true}} }},
		"five pictures where four go": {
			change: func(in *DraftInput) {
				in.Variants = in.Variants[1:]
				for range 5 {
					in.Media = append(in.Media, Attached{Media: pic, Decorative: true})
				}
			}, block: "post.too_many_media media"},
		"a citizen's number": {
			change: func(in *DraftInput) { in.Text += " NIK 3273014507900003" }, block: "post.personal_number text"},
		"a citizen's number in the alt text": {
			change: func(in *DraftInput) { in.Media = []Attached{{Media: pic, Alt: "KTP dengan NIK 3273014507900003"}} }, block: "post.personal_number media.0.alt"},
		"a phone number": {
			change: func(in *DraftInput) { in.Text += " Hubungi 0812-3456-7890." }, warn: "post.personal_phone text"},
		"an e-mail address": {
			change: func(in *DraftInput) { in.Text += " Tulis ke warga@tirtawangi.example" }, warn: "post.personal_email text"},
		"a time that has passed": {
			change: func(in *DraftInput) { in.When.Wall = "2026-11-23T06:59" }, block: "post.due_past due"},
		"this very minute": {
			change: func(in *DraftInput) { in.When.Wall = "2026-11-23T07:00" }, block: "post.due_past due"},
		"a window that ends first": {
			change: func(in *DraftInput) { in.When.MoveUntil = "2026-11-23T08:29" }, block: "post.window_ends_early move_until"},
		"a zone that is none": {
			change: func(in *DraftInput) { in.When.Zone = "Mars/Kota" }, block: "post.zone_unknown zone"},
		"as soon as approved": {change: func(in *DraftInput) { in.When = When{} }},
	} {
		t.Run(name, func(t *testing.T) {
			in := o.input()
			c.change(&in)
			r := must(o.Check(ctx, o.officer, in))(t)
			var block, warn []string
			for _, f := range r.Findings {
				if line := f.Fault.Code + " " + f.Fault.Field; f.Warn {
					warn = append(warn, line)
				} else {
					block = append(block, line)
				}
			}
			if got := strings.Join(block, "; "); got != c.block {
				t.Errorf("blocking: %q, want %q", got, c.block)
			}
			if got := strings.Join(warn, "; "); got != c.warn {
				t.Errorf("warnings: %q, want %q", got, c.warn)
			}
		})
	}
	t.Run("everything at once", func(t *testing.T) {
		p := o.draft(o.officer, DraftInput{Link: "x", Media: []Attached{{Media: pic}}, When: When{Wall: "2026-11-22T08:00", Zone: "Asia/Jakarta"}})
		_, err := o.Submit(ctx, o.officer, p.ID, p.Revision)
		if all := fault.All(err); len(all) != 5 {
			t.Errorf("%d things named: %v", len(all), err)
		}
		if v := o.view(p.ID); v.State != PostDraft || v.Digest != "" {
			t.Errorf("it is %s all the same", v.State)
		}
	})
	t.Run("a channel that is broken", func(t *testing.T) {
		c := checking{now: dawn, post: Post{Text: "x"}, reaches: []reach{{channel: channel.Channel{Health: channel.Frozen}}}}
		if got := fault.All(c.check().Blocking()); len(got) != 1 || got[0].Code != "post.channel_broken" {
			t.Errorf("%v", got)
		}
	})
}

func TestCountersSpeakThePlatformsLanguage(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	in := DraftInput{Text: "Banjir 🌊", Link: "https://contoh.id/" + strings.Repeat("a", 200),
		Variants: []VariantContent{{Channel: o.masto.ID}, {Channel: o.x.ID}}}
	r := must(o.Check(ctx, o.officer, in))(t)
	used := map[channel.ID][2]int{}
	for _, c := range r.Channels {
		used[c.Channel] = [2]int{c.Used, c.Limit}
	}
	// Mastodon: 8 signs, two line ends, a link as 23. X: the wave weighs 2.
	if used[o.masto.ID] != [2]int{33, 500} || used[o.x.ID] != [2]int{34, 280} {
		t.Errorf("counted %v", used)
	}
	if all := must(o.ListPosts(ctx, o.auditor, PostQuery{}))(t); len(all) != 0 {
		t.Error("checking saved a post")
	}
}
