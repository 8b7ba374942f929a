package mastodon

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
)

// Whatever a stream says, it ends, and wakes no more often than it has lines.
func FuzzEvents(f *testing.F) {
	for _, s := range []string{":)\n:thump\nevent: notification\ndata: {\"id\":\"1\"}\n\n", "event: notification\n\n", "data\r\n\r\nevent:update\ndata:\n\n", strings.Repeat("x", 5000), "\xff\x00\n:"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		lines, woken := 0, 0
		_ = events(bytes.NewReader(body), func() { lines++ }, func() { woken++ }) // a line that is too long is an error
		if woken > lines/2 || lines > bytes.Count(body, []byte("\n"))+1 {
			t.Errorf("woken %d times in %d lines", woken, lines)
		}
	})
}

// A cursor from an older version, or damaged, begins anew and loses nothing.
func FuzzCursors(f *testing.F) {
	f.Add(`{"id":"1","at":"2026-11-23T07:00:00Z","seen":[{"id":"2"}]}`, `{"1":"2026-11-23T07:00:00Z"}`)
	f.Add(`null`, `[]`)
	f.Fuzz(func(t *testing.T, feed, thread string) {
		m := readMark(feed)
		if again := readMark(m.String()); again.ID != m.ID && strings.ToValidUTF8(m.ID, "") == m.ID {
			t.Errorf("%q became %q", m.ID, again.ID)
		}
		now := []status{{ID: "a", CreatedAt: time.Unix(1, 0)}}
		before := readThread(thread)
		if _, known := before["a"]; known || len(before) > 0 {
			return // what is gone is asked for, and there is nobody to ask
		}
		page, err := New(nil).compare(context.Background(), platform.Account{}, "r", thread, now)
		if err != nil || len(page.Items) != 1 {
			t.Errorf("%+v %v", page, err)
		}
	})
}
