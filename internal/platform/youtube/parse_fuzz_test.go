package youtube

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// FuzzThreads reads comment threads that somebody else wrote: every item has an
// id and a thread, and none is given twice in one page.
func FuzzThreads(f *testing.F) {
	f.Add([]byte(`{"items":[{"id":"Ugx","snippet":{"videoId":"abcdefghijk","totalReplyCount":2,"topLevelComment":{"id":"Ugx","snippet":{"videoId":"abcdefghijk","textDisplay":"halo","authorDisplayName":"@sri","authorChannelId":{"value":"UC1"},"publishedAt":"2026-01-02T03:04:05Z","updatedAt":"2026-01-02T03:05:05Z"}}},"replies":{"comments":[{"id":"Ugx.1","snippet":{"parentId":"Ugx","textOriginal":"ya","publishedAt":"2026-01-02T03:04:06Z"}}]}}],"nextPageToken":"x"}`))
	f.Add([]byte(`{"items":[{}]}`))
	f.Add([]byte(`{"items":[{"snippet":{"topLevelComment":{"id":"a","snippet":{"publishedAt":null,"authorChannelId":null}}}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var list threadList
		if wire.Decode(raw, &list) != nil {
			return
		}
		m := readMark("")
		for _, th := range list.Items {
			var items []platform.Item
			given := map[string]bool{}
			for _, one := range append([]comment{th.Snippet.Top}, th.Replies.Comments...) {
				items = one.give(items, m, one.item(platform.Account{RemoteID: "UC1"}, "film", false))
			}
			for _, i := range items {
				if i.Thread == "" || i.InReplyTo == "" || given[i.RemoteID+i.Text+i.At.String()+i.Edited.String()] {
					t.Fatalf("%+v", i)
				}
				given[i.RemoteID+i.Text+i.At.String()+i.Edited.String()] = true
			}
		}
		if again := readMark(m.String()); len(again.Seen) > kept || again.Seen == nil {
			t.Fatalf("a cursor of %d", len(again.Seen))
		}
	})
}

// FuzzProblem reads error bodies: whoever speaks, a class comes out, and no
// secret with it.
func FuzzProblem(f *testing.F) {
	f.Add(403, []byte(`{"error":{"code":403,"message":"ya29.rahasia quota","errors":[{"reason":"quotaExceeded","domain":"youtube.quota"}]}}`))
	f.Add(400, []byte(`{"error":{"errors":[{"reason":"invalidTitle"}],"message":"x"}}`))
	f.Add(403, []byte(`<html>`))
	f.Add(404, []byte(``))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		err := refused(safehttp.Answer{Status: status, Header: http.Header{}, Body: body}, platform.Account{Token: platform.Token{Access: "ya29.rahasia"}}, time.Now())
		if err == nil || platform.Classify(platform.Receipt{}, err) == platform.Published || strings.Contains(err.Error(), "ya29.rahasia") {
			t.Fatalf("%d %q: %v", status, body, err)
		}
		if r := platform.AsRefusal(err); r != nil && (r.Code == "" || r.Fix == "") {
			t.Fatalf("%+v", r)
		}
	})
}

func FuzzRange(f *testing.F) {
	for _, s := range []string{"", "bytes=0-0", "bytes=0-8388607", "bytes=1-2", "bytes=0--1", "bytes=0-99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if n, err := readRange(header); err == nil && n < 0 || err != nil && n != 0 {
			t.Fatalf("%q: %d %v", header, n, err)
		}
	})
}

// FuzzSplit: whatever the text, its title fits and nothing is lost.
func FuzzSplit(f *testing.F) {
	f.Add("Judul\nIsi")
	f.Add(strings.Repeat("🙏 ", 90))
	f.Add("Ditunda…\nDitunda lagi")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.TrimSpace(text) == "" {
			return
		}
		title, description := split(text)
		if len([]rune(title)) > maxTitle || platform.Fold(join(title, description)) != platform.Fold(text) {
			t.Fatalf("%q: %q, %q", text, title, description)
		}
	})
}
