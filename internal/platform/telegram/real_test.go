package telegram

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/test/real"
)

const testToken = "7100000101:AAtelegramtestapitelegramtestapi000"

// TestRealServer runs what telegram-test-api has: text, answers, edits,
// deletions, updates, webhooks. docs/platforms/telegram.md lists where it
// differs from Telegram.
func TestRealServer(t *testing.T) {
	server := real.TelegramTestAPI(t)
	client := safehttp.New(safehttp.Options{AllowLoopback: true, Version: "test"})
	t.Cleanup(client.Close)
	c := New(client)
	a := platform.Account{Platform: Name, BaseURL: server.Base, RemoteID: "-1001450000101", Also: []string{"-1002450000101"},
		App: platform.App{VerifyToken: "rahasia_webhook"}, Token: platform.Token{Access: testToken}}
	send := func(out platform.Outgoing) platform.Receipt {
		t.Helper()
		r, err := c.Publish(t.Context(), a, out, &platformtest.Notes{})
		if platform.Classify(r, err) != platform.Published || time.Since(r.At).Abs() > time.Minute {
			t.Fatalf("%+v %v", r, err)
		}
		return r
	}
	post := send(platform.Outgoing{Key: "k1", Text: "Halo warga 🙏 — “harga” <5%", Link: "https://tirtawangi.example.go.id/?a=1&b=2"})
	if !strings.HasPrefix(post.RemoteID, "-1001450000101_") {
		t.Errorf("the post is %s", post.RemoteID)
	}

	citizen := map[string]any{"id": 5001, "is_bot": false, "first_name": "Sri", "last_name": "Wahyuni"}
	server.Say(t, testToken, map[string]any{"from": citizen, "chat": map[string]any{"id": 5001, "type": "private", "first_name": "Sri"}, "text": "Lampu mati di RT 3"})
	page, err := c.Pull(t.Context(), a, feed, "")
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%+v %v", page, err)
	}
	asked := page.Items[0]
	if asked.Kind != platform.Direct || asked.Text != "Lampu mati di RT 3" || asked.Author != "Sri Wahyuni" || asked.AuthorID != "5001" {
		t.Errorf("heard %+v", asked)
	}
	if next, err := c.Pull(t.Context(), a, feed, page.Cursor); err != nil || len(next.Items) != 0 {
		t.Errorf("again %+v %v", next, err)
	}
	answer := send(platform.Outgoing{Key: "k2", Text: "Segera kami perbaiki.", InReplyTo: asked.RemoteID, Thread: asked.Thread, To: asked.AuthorID})
	if err := c.Edit(t.Context(), a, post.RemoteID, platform.Outgoing{Text: "Ralat"}); err != nil {
		t.Errorf("edit: %v", err)
	}
	for _, r := range []platform.Receipt{post, answer} {
		if err := c.Delete(t.Context(), a, r.RemoteID); err != nil {
			t.Errorf("delete %s: %v", r.RemoteID, err)
		}
	}
	if err := c.Delete(t.Context(), a, post.RemoteID); platform.AsRefusal(err) == nil {
		t.Errorf("deleting what is gone: %v", err) // Telegram has other words for it
	}
	if _, err := c.Publish(t.Context(), a, platform.Outgoing{Text: "Peta", Media: []platform.Media{{Key: "media.0", Type: "image/png", Width: 1, Height: 1, Size: 3, Open: platform.Bytes([]byte("png"))}}}, &platformtest.Notes{}); err == nil {
		t.Error("it has no sendPhoto")
	}
	webhooks(t, c, a, server, citizen)
}

// webhooks: what is pushed is read; it sends no secret, so it is not believed.
func webhooks(t *testing.T, c *Connector, a platform.Account, server real.BotAPI, citizen map[string]any) {
	t.Helper()
	type knock struct {
		header http.Header
		body   []byte
	}
	got := make(chan knock, 1)
	door := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			got <- knock{r.Header, body}
		}
	}))
	t.Cleanup(door.Close)
	if err := c.Subscribe(t.Context(), a, door.URL); err != nil {
		t.Fatal(err)
	}
	server.Say(t, testToken, map[string]any{"from": citizen, "text": "Terima kasih",
		"chat": map[string]any{"id": -1002450000101, "type": "supergroup", "title": "Diskusi"}})
	pushed := <-got
	items, err := c.Parse(pushed.body)
	if list := items[a.Also[0]]; err != nil || len(list) != 1 || list[0].Text != "Terima kasih" || list[0].Kind != platform.Mention {
		t.Errorf("pushed %+v %v", items, err)
	}
	if c.Signed(a.App, pushed.header, pushed.body) == nil {
		t.Error("it sends no secret, and is believed")
	}
	if err := c.Subscribe(t.Context(), a, ""); err != nil {
		t.Fatal(err)
	}
	server.Say(t, testToken, map[string]any{"from": citizen, "text": "lagi", "chat": map[string]any{"id": 5001, "type": "private"}})
	if page, err := c.Pull(t.Context(), a, feed, ""); err != nil || len(page.Items) != 1 {
		t.Errorf("after the webhook: %+v %v", page, err)
	}
}
