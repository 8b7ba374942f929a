package mastodon

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// quiet is how long a stream may say nothing. Mastodon's heart beats every 15 s.
const quiet = 90 * time.Second

// Stream implements platform.Streamer. GET /api/v1/streaming/user/notification
// at the host that the server names, as server-sent events.
func (c *Connector) Stream(ctx context.Context, a platform.Account, wake func()) error {
	if err := c.learn(ctx, a); err != nil {
		return err
	}
	host := c.limitsOf(a).stream
	if host == "" {
		return &platform.Refusal{Code: "platform.stream_unsupported", Fix: platform.FixNobody}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	req, err := wire.Request(ctx, http.MethodGet, wire.Path(host, "api", "v1", "streaming", "user", "notification"), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+a.Token.Access)
	req.Header.Set("Accept", "text/event-stream")
	// The connection is meant to stay: silence ends it, not its age.
	client := *c.client.HTTP(c.client.Transport())
	client.Timeout = 0
	resp, err := client.Do(req)
	if err != nil {
		return wire.Failed(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		raw, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
		if err != nil {
			return wire.Failed(err)
		}
		words, _ := said(raw)
		return refused(safehttp.Answer{Status: resp.StatusCode, Header: resp.Header, Body: raw}, safehttp.Said(words, a.Token.Access), time.Now())
	}
	watch := time.AfterFunc(quiet, stop)
	defer watch.Stop()
	return events(resp.Body, func() { watch.Reset(quiet) }, wake)
}

// longest is the longest line of a stream that is read; a notification with
// its status is far below.
const longest = 1 << 20

// events reads a stream to its end: alive is called for each line, wake for
// each event that says that something came. What it says is not used: the
// feeds are read, so that nothing is told twice or lost.
func events(from io.Reader, alive, wake func()) error {
	lines := bufio.NewScanner(from)
	lines.Buffer(make([]byte, 0, 4096), longest)
	name, data := "", false
	for lines.Scan() {
		alive()
		line := lines.Text()
		switch field, value, _ := strings.Cut(line, ":"); {
		case line == "":
			if data && (name == "notification" || name == "update" || name == "status.update" || name == "delete") {
				wake()
			}
			name, data = "", false
		case field == "event":
			name = strings.TrimPrefix(value, " ")
		case field == "data":
			data = true
		}
	}
	return lines.Err()
}
