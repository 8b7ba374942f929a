package bluesky

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// Whatever the text, a mark lies inside it, on whole letters, and no two
// overlap.
func FuzzFacets(f *testing.F) {
	for _, seed := range []string{"", "Halo @warga.test, lihat https://a.example/x?y=(1). #tag", "ꦗꦮ #ꦗꦮ 🙏🏽@a.b", "(https://a.example/(x)) @@a.b.c ##x #1 #", "\xff#\xff https://\xff", "https://@a.b.c#d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, m := range facetsOf(text, map[string]string{"warga.test": "did:plc:x", "a.b": "did:plc:y"}) {
			if m.Index.Start < end || m.Index.End <= m.Index.Start || m.Index.End > len(text) {
				t.Fatalf("%q: %+v after %d", text, m, end)
			}
			end = m.Index.End
			if part := text[m.Index.Start:m.Index.End]; utf8.ValidString(text) && !utf8.ValidString(part) {
				t.Fatalf("%q cuts a letter: %q", text, part)
			}
			if len(m.Features) != 1 || m.Features[0].Type == "" {
				t.Fatalf("%+v", m)
			}
		}
	})
}

// Facets are somebody else's data: nothing they say may lose a word.
func FuzzUnfold(f *testing.F) {
	f.Add("lihat a.example/x...", `[{"index":{"byteStart":6,"byteEnd":20},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://a.example/xyz"}]}]`)
	f.Add("é", `[{"index":{"byteStart":1,"byteEnd":2},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"x"}]}]`)
	f.Add("abc", `[{"index":{"byteStart":-1,"byteEnd":99}},{"index":{"byteStart":2,"byteEnd":1}}]`)
	f.Fuzz(func(t *testing.T, text, raw string) {
		var facets []facet
		if json.Unmarshal([]byte(raw), &facets) != nil {
			return
		}
		got := unfold(text, facets)
		if utf8.ValidString(text) && utf8.ValidString(raw) && !utf8.ValidString(got) {
			t.Fatalf("%q %s: %q", text, raw, got)
		}
		if !strings.Contains(raw, isLink) && got != text {
			t.Fatalf("changed without a link: %q", got)
		}
	})
}

func us() platform.Account {
	return platform.Account{RemoteID: "did:plc:tirtawangikotaaaaaaaaaaa", Handle: "tirtawangikota.bsky.example"}
}

func FuzzNotifications(f *testing.F) {
	f.Add(`{"notifications":[{"uri":"at://did:plc:a/app.bsky.feed.post/3mb5xzq2abc2k","author":{"did":"did:plc:a","handle":"a.b"},"reason":"mention","record":{"text":"halo","createdAt":"2026-11-23T07:00:00Z"},"indexedAt":"2026-11-23T07:00:00Z"}]}`, "")
	f.Add(`{"notifications":[{"uri":"at://did:web:a.b/app.bsky.feed.post/x","record":{"text":1,"embed":{"$type":"app.bsky.embed.images"}},"indexedAt":"2026-11-23T07:00:00Z"},{"uri":"at://x"}]}`, `{"begun":true,"seen":["a/b"],"next":"2026-11-23T07:00:00Z"}`)
	f.Add(`{"notifications":[{"uri":"at://did:plc:a/app.bsky.feed.post/3mb5xzq2abc2k","record":{"text":"","embed":{"$type":"app.bsky.embed.recordWithMedia","media":{"$type":"app.bsky.embed.external"},"record":{"record":{"uri":"at://did:plc:b/app.bsky.feed.post/k"}}}}}]}`, "x")
	f.Fuzz(func(t *testing.T, body, cursor string) {
		var list struct{ Notifications []postView }
		if json.Unmarshal([]byte(body), &list) != nil {
			return
		}
		var m mark
		_ = json.Unmarshal([]byte(cursor), &m)
		var page platform.Page
		m.read(us(), list.Notifications, &page)
		names := map[string]bool{}
		for _, i := range page.Items {
			if i.RemoteID == "" || i.Thread == "" || i.AuthorID == "" || i.Kind == "" || names[i.RemoteID] {
				t.Fatalf("%+v", i)
			}
			names[i.RemoteID] = len(list.Notifications) <= keep // beyond that only the newest are known by name
		}
		if next := m.done(true); len(next.Seen) > len(list.Notifications)+len(m.Fresh) {
			t.Fatalf("%+v", next)
		}
	})
}

func FuzzThread(f *testing.F) {
	f.Add(`{"post":{"uri":"at://did:plc:a/app.bsky.feed.post/r","record":{"text":"x"}},"replies":[{"post":{"uri":"at://did:plc:b/app.bsky.feed.post/s","record":{"text":"y","reply":{"root":{"uri":"at://did:plc:a/app.bsky.feed.post/r"},"parent":{"uri":"at://did:plc:a/app.bsky.feed.post/r"}}}},"replies":[]},{"$type":"app.bsky.feed.defs#blockedPost","uri":"at://x/y/z"}]}`)
	f.Add(`{"replies":[1,"x",{"post":{"uri":"at://did:plc:b/app.bsky.feed.post/s","record":[]}}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		var root node
		if json.Unmarshal([]byte(body), &root) != nil {
			return
		}
		for _, i := range readThread(us(), root).items {
			if i.RemoteID == "" || i.AuthorID == "" || i.Kind == "" {
				t.Fatalf("%+v", i)
			}
		}
	})
}

func FuzzErrors(f *testing.F) {
	f.Add(400, `{"error":"InvalidToken","message":"Bad token method"}`)
	f.Add(400, `{"error":"InvalidRequest","message":"grapheme too big"}`)
	f.Add(500, `{"error":"InternalServerError","message":"Internal Server Error"}`)
	f.Add(429, `<html>`)
	f.Add(503, `{}`)
	f.Add(403, `{"title":"Forbidden","status":403}`)
	f.Add(401, "\xff")
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status/100 == 2 || status < 300 || status > 599 {
			return
		}
		const secret = "rahasia-sekali"
		err := refused(safehttp.Answer{Status: status, Header: http.Header{}, Body: []byte(body + secret)}, time.Now(), secret)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Fatalf("%v", err)
		}
		switch outcome := platform.Classify(platform.Receipt{}, err); {
		case outcome == platform.Refused && (status/100 == 5 && status != http.StatusNotImplemented || complaintOf([]byte(body+secret)).Name == ""):
			t.Fatalf("%d %q is no clear refusal: %v", status, body, err)
		case outcome == platform.Published || outcome == platform.Unsent:
			t.Fatalf("%d %q: %s", status, body, outcome)
		}
	})
}

func FuzzMessages(f *testing.F) {
	f.Add(`{"id":"3l","rev":"3l","text":"halo","sender":{"did":"did:plc:a"},"sentAt":"2026-11-23T07:00:00Z","embed":{"$type":"app.bsky.embed.record#view","record":{"uri":"at://did:plc:a/app.bsky.feed.post/k"}}}`)
	f.Add(`{"id":"","sender":null,"facets":{}}`)
	f.Fuzz(func(t *testing.T, body string) {
		var m message
		if json.Unmarshal([]byte(body), &m) != nil {
			return
		}
		if i, ok := m.item(us(), "c", nil); ok && (i.RemoteID == "" || i.AuthorID == "" || i.AuthorID == us().RemoteID) {
			t.Fatalf("%+v", i)
		}
	})
}
