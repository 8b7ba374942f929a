package mastodon

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/test/real"
)

// bridge stands in front of a real server: it passes our connector's calls on,
// disturbs them when the suite asks, and answers the suite's questions about
// what is there with the server's own API, as its two people.
type bridge struct {
	t      *testing.T
	f      real.Fediverse
	mu     sync.Mutex
	faults []*trouble
	ours   []string        // ids of what our connector published
	said   map[string]bool // by the citizen to us, whose notification may be on its way
}

// trouble is one fault the suite asked for (see sandbox.Fault).
type trouble struct {
	Op, Kind         string
	Count, After, MS int
	Commit           bool
}

// fresh dials for every call, because snac2 closes connections without a word.
func (b *bridge) client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
}

// bridged is a fresh server and the suite's way to it.
func bridged(t *testing.T) platformtest.Setup {
	t.Helper()
	f := real.Snac2(t)
	b := &bridge{t: t, f: f, said: map[string]bool{}}
	server := httptest.NewServer(b)
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close() })
	c := New(client)
	a := platform.Account{Platform: Name, BaseURL: server.URL, RemoteID: f.Humas.ID, Handle: f.Humas.Name,
		App: platform.App{ClientID: f.ClientID, ClientSecret: f.ClientSecret}, Token: platform.Token{Access: f.Humas.Token}}
	if _, err := c.Verify(t.Context(), a); err != nil { // also learns the server's limits
		t.Fatal(err)
	}
	return platformtest.Setup{Connector: c, Control: server.URL, Account: a}
}

// opOf names a call as the suite's faults do.
func opOf(r *http.Request) string {
	p := strings.TrimPrefix(r.URL.Path, "/api/")
	switch {
	case r.Method == http.MethodPost && p == "v1/statuses", r.Method == http.MethodPut && strings.HasPrefix(p, "v1/statuses/"):
		return "publish"
	case r.Method == http.MethodDelete:
		return "delete"
	case strings.Contains(p, "/media"):
		return "stage"
	case strings.HasPrefix(p, "v1/accounts/") && strings.HasSuffix(p, "/statuses"):
		return "find"
	case strings.HasPrefix(p, "v1/notifications"), strings.HasPrefix(p, "v1/conversations"), strings.HasSuffix(p, "/context"):
		return "pull"
	case strings.HasPrefix(p, "v1/statuses"):
		return "measure"
	}
	return "verify"
}

func (b *bridge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if deed, ok := strings.CutPrefix(r.URL.Path, "/sandbox/"); ok {
		b.control(w, r, deed)
		return
	}
	op := opOf(r)
	if op == "pull" {
		b.arrived()
	}
	ft := b.take(op)
	if ft == nil {
		b.pass(w, r)
		return
	}
	answer := httptest.NewRecorder()
	if ft.Commit || ft.Kind == "commit-then-drop" || ft.Kind == "slow" {
		b.pass(answer, r)
	}
	switch ft.Kind {
	case "drop", "commit-then-drop":
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			b.t.Error(err)
			return
		}
		_ = conn.Close() // that is the fault
	case "429":
		w.Header().Set("X-RateLimit-Reset", time.Now().Add(time.Second).UTC().Format(time.RFC3339))
		say(w, http.StatusTooManyRequests, "application/json", `{"error":"Too many requests"}`)
	case "5xx-html":
		say(w, http.StatusBadGateway, "text/html", "<html><body>502 Bad Gateway</body></html>")
	case "503-empty":
		say(w, http.StatusServiceUnavailable, "application/json", "{}")
	case "403-problem":
		say(w, http.StatusForbidden, "application/problem+json", `{"title":"Forbidden","status":403,"type":"about:blank"}`)
	case "revoked":
		say(w, http.StatusUnprocessableEntity, "", "") // snac2's answer to a token it does not know
	default:
		say(w, answer.Code, answer.Header().Get("Content-Type"), answer.Body.String())
	}
}

func say(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // the client may be gone
}

func (b *bridge) take(op string) *trouble {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.faults, func(f *trouble) bool { return f.Op == op || f.Op == "any" || f.Op == "" })
	if i < 0 {
		return nil
	}
	f := b.faults[i]
	if f.After > 0 {
		f.After--
		return nil
	}
	if f.Count > 0 {
		if f.Count--; f.Count == 0 {
			b.faults = slices.Delete(b.faults, i, i+1)
		}
	}
	return f
}

// pass sends a call on to the real server.
func (b *bridge) pass(w http.ResponseWriter, r *http.Request) {
	req, err := http.NewRequestWithContext(b.t.Context(), r.Method, b.f.Base+r.URL.RequestURI(), r.Body)
	if err != nil {
		b.t.Error(err)
		return
	}
	req.Header, req.ContentLength = r.Header.Clone(), r.ContentLength
	resp, err := b.client().Do(req)
	if err != nil {
		say(w, http.StatusBadGateway, "text/html", "<html>"+err.Error())
		return
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Error(err)
	}
	var made status
	if opOf(r) == "publish" && r.Method == http.MethodPost && json.Unmarshal(raw, &made) == nil && made.ID != "" {
		b.mu.Lock()
		b.ours = append(b.ours, made.ID)
		b.mu.Unlock()
	}
	// snac2 works minutes on a word of 100,000 letters; the suite writes such.
	raw = bytes.ReplaceAll(raw, []byte(`"max_characters": 100000`), []byte(`"max_characters": 5000`))
	if v := resp.Header.Get("Date"); v != "" {
		w.Header().Set("Date", v)
	}
	say(w, resp.StatusCode, resp.Header.Get("Content-Type"), string(raw))
}

// as is one call of the server's API as one of its people.
func (b *bridge) as(u real.FediverseUser, method, path string, form url.Values, into any) (int, error) {
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.f.Base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+u.Token)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.client().Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err == nil && into != nil && resp.StatusCode == http.StatusOK {
		err = json.Unmarshal(raw, into)
	}
	return resp.StatusCode, err
}

// arrived waits until what the citizen said to us is in our notifications:
// the server puts it there when its queue gets to it, seconds later.
func (b *bridge) arrived() {
	b.mu.Lock()
	waiting := len(b.said)
	b.mu.Unlock()
	for range 300 {
		if waiting == 0 {
			return
		}
		var list []notification
		if _, err := b.as(b.f.Humas, http.MethodGet, "/api/v1/notifications?limit=500", nil, &list); err != nil {
			b.t.Error(err)
			return
		}
		b.mu.Lock()
		for _, n := range list {
			if n.Status != nil {
				delete(b.said, n.Status.ID)
			}
		}
		waiting = len(b.said)
		b.mu.Unlock()
		if waiting > 0 {
			time.Sleep(100 * time.Millisecond) // polling another program
		}
	}
	b.t.Errorf("%d notifications never arrived", waiting)
}

// control answers the suite as the sandbox's control page would.
func (b *bridge) control(w http.ResponseWriter, r *http.Request, deed string) {
	raw, err := io.ReadAll(r.Body)
	var what struct {
		Text, Kind, Author, ID string
		InReplyTo              string `json:"in_reply_to"`
	}
	if err == nil && len(raw) > 0 {
		err = json.Unmarshal(raw, &what)
	}
	var out any = map[string]bool{"ok": true}
	if err == nil {
		switch deed {
		case "world":
			out, err = b.world()
		case "say":
			out, err = b.speak(what.Text, what.Kind, what.Author, what.InReplyTo)
		case "edit":
			err = b.change(http.MethodPut, what.ID, url.Values{"status": {what.Text}})
		case "remove":
			err = b.change(http.MethodDelete, what.ID, nil)
		case "faults":
			out, err = b.disturb(r.Method, raw)
		default:
			err = fmt.Errorf("this server has no %s", deed)
		}
	}
	if err != nil {
		say(w, http.StatusUnprocessableEntity, "text/plain", err.Error())
		return
	}
	raw, err = json.Marshal(out)
	if err != nil {
		b.t.Error(err)
	}
	say(w, http.StatusOK, "application/json", string(raw))
}

func (b *bridge) disturb(method string, raw []byte) (any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch method {
	case http.MethodGet:
		return map[string]any{"faults": b.faults}, nil
	case http.MethodDelete:
		b.faults = nil
		return map[string]bool{"ok": true}, nil
	}
	var f trouble
	err := json.NewDecoder(bytes.NewReader(raw)).Decode(&f)
	b.faults = append(b.faults, &f)
	return map[string]bool{"ok": true}, err
}

func (b *bridge) speak(text, kind, author, parent string) (any, error) {
	who, form := b.f.Warga, url.Values{"status": {text}, "visibility": {"public"}}
	if author == b.f.Humas.Name {
		who = b.f.Humas
	} else if !strings.Contains(text, "@"+b.f.Humas.Name) { // as every client begins an answer
		form.Set("status", "@"+b.f.Humas.Name+" "+text)
	}
	if kind == "direct" {
		form.Set("visibility", "direct")
	}
	if parent != "" {
		form.Set("in_reply_to_id", parent)
	}
	var made status
	code, err := b.as(who, http.MethodPost, "/api/v1/statuses", form, &made)
	if err == nil && made.ID == "" {
		err = fmt.Errorf("the server answered %d", code)
	}
	if who.ID == b.f.Warga.ID && err == nil {
		b.mu.Lock()
		b.said[made.ID] = true
		b.mu.Unlock()
	}
	return map[string]string{"id": made.ID}, err
}

// change is an act of whoever wrote it.
func (b *bridge) change(method, id string, form url.Values) error {
	code := 0
	for _, u := range []real.FediverseUser{b.f.Humas, b.f.Warga} {
		var err error
		if code, err = b.as(u, method, "/api/v1/statuses/"+id, form, nil); err != nil {
			return err
		}
		if code == http.StatusOK {
			return nil
		}
	}
	return fmt.Errorf("%s of a status: the server answers %d", method, code)
}

// world is everything that both people published, the oldest first.
func (b *bridge) world() (any, error) {
	posts := []platformtest.Post{}
	for _, u := range []real.FediverseUser{b.f.Humas, b.f.Warga} {
		var list []status
		if _, err := b.as(u, http.MethodGet, "/api/v1/accounts/"+u.ID+"/statuses?limit=500", nil, &list); err != nil {
			return nil, err
		}
		for _, s := range slices.Backward(list) {
			p, err := b.post(s, u.ID == b.f.Humas.ID)
			if err != nil {
				return nil, err
			}
			posts = append(posts, p)
		}
	}
	b.mu.Lock()
	ours := slices.Clone(b.ours)
	b.mu.Unlock()
	for _, id := range ours { // private ones are in no list
		if slices.ContainsFunc(posts, func(p platformtest.Post) bool { return p.ID == id }) {
			continue
		}
		var s status
		if code, err := b.as(b.f.Humas, http.MethodGet, "/api/v1/statuses/"+id, nil, &s); err != nil || code != http.StatusOK {
			return nil, fmt.Errorf("status %s: %d %w", id, code, err)
		}
		p, err := b.post(s, true)
		if err != nil {
			return nil, err
		}
		var parent status
		if _, err := b.as(b.f.Humas, http.MethodGet, "/api/v1/statuses/"+s.InReplyTo, nil, &parent); err == nil && parent.Visibility == "public" {
			p.Private = parent.ID
		}
		posts = append(posts, p)
	}
	return map[string]any{"posts": posts}, nil
}

func (b *bridge) post(s status, ours bool) (platformtest.Post, error) {
	p := platformtest.Post{Platform: string(Name), ID: s.ID, Kind: "post", Account: b.f.Humas.ID, Ours: ours, Text: plain(s.Content), InReplyTo: s.InReplyTo}
	switch {
	case s.Visibility == "direct" || s.Visibility == "private": // snac2 has one word for both
		p.Kind = "direct"
	case s.InReplyTo != "":
		p.Kind = "comment"
	}
	raw, err := json.Marshal(s.Media)
	if err == nil {
		err = json.Unmarshal(raw, &p.Media)
	}
	for i, m := range s.Media {
		resp, err := b.client().Get(m.URL)
		if err != nil {
			return p, err
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close() // it was read to its end
		if err != nil {
			return p, err
		}
		sum := sha256.Sum256(body)
		p.Media[i].Type, p.Media[i].Alt, p.Media[i].SHA256 = http.DetectContentType(body), m.Description, hex.EncodeToString(sum[:])
	}
	return p, err
}
