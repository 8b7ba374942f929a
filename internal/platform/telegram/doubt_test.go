package telegram

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// saying is a connector whose platform gives one answer to everything.
func saying(t *testing.T, status int, body string) (*Connector, platform.Account) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close() })
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "-1001", Handle: "kota", Token: platform.Token{Access: "SECRETTOKEN"}}
}

func TestWhatTelegramDoesNotConfirmIsNotDone(t *testing.T) {
	for _, body := range []string{`{"ok":true,"result":false}`, `{"ok":true}`, `{}`, `<html>`} {
		c, a := saying(t, 200, body)
		if err := c.Delete(t.Context(), a, "-1001_5"); err == nil {
			t.Errorf("%s: taken for deleted", body)
		}
		if err := c.SetBlocked(t.Context(), a, "7", "-1001_5", true); err == nil {
			t.Errorf("%s: taken for blocked", body)
		}
	}
}

func TestOneUpdateThatCannotBeReadHoldsNothingUp(t *testing.T) {
	c, a := saying(t, 200, `{"ok":true,"result":[
		{"update_id":5,"message":{"message_id":"odd"}},
		{"update_id":6,"message":{"message_id":9,"date":1760000000,"chat":{"id":7,"type":"private"},"from":{"id":7,"first_name":"W"},"text":"halo"}}]}`)
	page, err := c.Pull(t.Context(), a, feed, "")
	if err != nil || len(page.Items) != 1 || page.Items[0].Text != "halo" {
		t.Fatalf("%+v, %v", page, err)
	}
	if from := newMemory().recall(page.Cursor); from.Offset != 7 {
		t.Fatalf("offset %d", from.Offset)
	}
}
