package kill

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kentongan/internal/sandbox"
)

// world is the pretended platforms, and what is on them.
type world struct {
	t      *testing.T
	server *httptest.Server
	box    *sandbox.Sandbox
}

type seen struct {
	Platform string    `json:"platform"`
	ID       string    `json:"id"`
	Account  string    `json:"account"`
	Below    string    `json:"in_reply_to"`
	Text     string    `json:"text"`
	At       time.Time `json:"at"`
	Deleted  bool      `json:"deleted"`
	Media    []struct {
		Alt string `json:"alt"`
	} `json:"media"`
}

func newWorld(t *testing.T, seed int64) *world {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Seed: seed, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, server: httptest.NewServer(box.Handler()), box: box}
	t.Cleanup(func() { w.server.CloseClientConnections(); w.server.Close(); box.Close() })
	return w
}

// posts lists what is on the platforms now.
func (w *world) posts() []seen {
	w.t.Helper()
	r, err := http.Get(w.server.URL + "/sandbox/world")
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Body.Close()
	var all struct {
		Posts []seen `json:"posts"`
	}
	if err := json.NewDecoder(r.Body).Decode(&all); err != nil {
		w.t.Fatal(err)
	}
	return all.Posts
}

// fault makes the next call of a kind go wrong.
func (w *world) fault(f map[string]any) {
	w.t.Helper()
	body, _ := json.Marshal(f)
	r, err := http.Post(w.server.URL+"/sandbox/faults", "application/json", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode/100 != 2 {
		w.t.Fatalf("fault %v: status %d", f, r.StatusCode)
	}
}

// calm lifts every fault.
func (w *world) calm() {
	w.t.Helper()
	r, err := http.NewRequest("DELETE", w.server.URL+"/sandbox/faults", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if a, err := http.DefaultClient.Do(r); err != nil {
		w.t.Fatal(err)
	} else {
		a.Body.Close()
	}
}
