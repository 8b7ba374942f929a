package mastodon

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// snac is a real server that nobody here wrote (codeberg.org/grunfink/snac2).
type snac struct {
	binary, data, base string
}

func startSnac(t *testing.T) snac {
	t.Helper()
	s := snac{binary: os.Getenv("KENTONGAN_SNAC")}
	for _, p := range []string{os.Getenv("KENTONGAN_TOOLS") + "/snac", "../../../.cache/tools/snac"} {
		if _, err := os.Stat(p); s.binary == "" && err == nil {
			s.binary = p
		}
	}
	if p, err := exec.LookPath("snac"); s.binary == "" && err == nil {
		s.binary = p
	}
	if s.binary == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("snac2 is missing under CI: run the script that installs the servers")
		}
		t.Skip("needs snac2: set KENTONGAN_SNAC")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close() // snac takes no listener; a port once free stays free long enough
	s.base, s.data = fmt.Sprintf("http://localhost:%d", port), filepath.Join(t.TempDir(), "data")
	s.run(t, fmt.Sprintf("127.0.0.1\n%d\nlocalhost:%d\n\na@b\n", port, port), "init", s.data)
	settings := filepath.Join(s.data, "server.json")
	raw, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	var config map[string]any
	if err := json.Unmarshal(raw, &config); err != nil {
		t.Fatal(err)
	}
	config["protocol"] = "http"
	raw, _ = json.Marshal(config)
	if err := os.WriteFile(settings, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(s.binary, "httpd", s.data)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Signal(syscall.SIGTERM); server.Wait() })
	until(t, "snac answers", func() bool {
		resp, err := http.Get(s.base + "/api/v1/instance")
		if err == nil {
			resp.Body.Close()
		}
		return err == nil && resp.StatusCode == 200
	})
	return s
}

func (s snac) run(t *testing.T, input string, args ...string) string {
	t.Helper()
	cmd := exec.Command(s.binary, args...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("snac %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}

var password = regexp.MustCompile(`password is (\S+)`)

// account makes a user and signs in through snac's own OAuth pages.
func (s snac) account(t *testing.T, c *Connector, name string) platform.Account {
	t.Helper()
	words := password.FindStringSubmatch(s.run(t, name+"\n", "adduser", s.data))
	if words == nil {
		t.Fatal("snac told no password")
	}
	send := func(path string, form url.Values) *http.Response {
		h := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := h.PostForm(s.base+path, form)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp
	}
	read := func(resp *http.Response) (m map[string]string) {
		raw, _ := io.ReadAll(resp.Body)
		var loose map[string]any
		if err := json.Unmarshal(raw, &loose); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		m = map[string]string{}
		for k, v := range loose {
			m[k], _ = v.(string)
		}
		return m
	}
	back := "http://localhost:1/back"
	app := read(send("/api/v1/apps", url.Values{"client_name": {"k"}, "redirect_uris": {back}, "scopes": {"read write"}}))
	login := send("/oauth/x-snac-login", url.Values{"login": {name}, "passwd": {words[1]}, "redir": {back}, "cid": {app["client_id"]}, "state": {""}})
	to, err := url.Parse(login.Header.Get("Location"))
	if err != nil || to.Query().Get("code") == "" {
		t.Fatalf("no code: %v %v", login.Status, err)
	}
	token := read(send("/oauth/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {app["client_id"]},
		"client_secret": {app["client_secret"]}, "code": {to.Query().Get("code")}, "redirect_uri": {back}}))
	a := platform.Account{Platform: Name, BaseURL: s.base, Token: platform.Token{Access: token["access_token"]}}
	who, err := c.Verify(context.Background(), a)
	if err != nil {
		t.Fatal(err)
	}
	a.RemoteID, a.Handle = who.RemoteID, who.Handle
	return a
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(50 * time.Millisecond) // polling another program
	}
}

type notes map[string]string

func (n notes) Value(name string) string { return n[name] }
func (n notes) Save(_ context.Context, name, value string) error {
	n[name] = value
	return nil
}

// The whole path on a server that ignores the idempotency key, has ids that
// are no numbers and cannot delete.
func TestSnac(t *testing.T) {
	s := startSnac(t)
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	defer client.Close()
	c, ctx := New(client), t.Context()
	office, citizen := s.account(t, c, "humas"), s.account(t, c, "warga")

	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	out := platform.Outgoing{Key: "k1", Text: "Jalan *Melati* ditutup: 08.00–12.00 WIB\n\n- lewat Jl. Kenanga\n- atau Jl. Mawar & sekitarnya #tirtawangi", Link: "https://tirtawangi.example/info?a=1&b=2",
		Media: []platform.Media{{Key: "media.0", Type: "image/png", Alt: "Peta jalan", Open: func() ([]byte, error) { return picture.Bytes(), nil }}}}
	started, n := time.Now(), notes{}
	if err := c.Stage(ctx, office, out, n); err != nil {
		t.Fatal(err)
	}
	at := platform.Attempt{Out: out, Started: started, Notes: n}
	if f, err := c.Find(ctx, office, at); err != nil || len(f.Receipts) != 0 || !f.Complete {
		t.Fatalf("before: %+v %v", f, err)
	}
	receipt, err := c.Publish(ctx, office, out, n)
	if err != nil || receipt.RemoteID == "" {
		t.Fatalf("publish: %+v %v", receipt, err)
	}
	if f, err := c.Find(ctx, office, at); err != nil || len(f.Receipts) != 1 || f.Receipts[0].RemoteID != receipt.RemoteID || !f.Complete {
		t.Fatalf("read back: %+v %v", f, err)
	}

	answer := platform.Outgoing{Key: "k2", Text: "Sampai kapan ditutup?", InReplyTo: receipt.RemoteID}
	asked := publish(t, c, citizen, answer)
	var heard platform.Item
	cursor := ""
	until(t, "the mention arrives", func() bool {
		page, err := c.Pull(ctx, office, feedMentions, cursor)
		if err != nil {
			t.Fatal(err)
		}
		cursor = page.Cursor
		for _, i := range page.Items {
			heard = i
		}
		return heard.RemoteID != ""
	})
	if heard.Kind != platform.Comment || heard.Thread != receipt.RemoteID || heard.InReplyTo != receipt.RemoteID ||
		!strings.Contains(heard.Text, "Sampai kapan") || heard.AuthorID != citizen.RemoteID {
		t.Errorf("heard %+v (asked %s)", heard, asked.RemoteID)
	}
	if page, err := c.Pull(ctx, office, feedMentions, cursor); err != nil || len(page.Items) != 0 {
		t.Errorf("twice: %+v %v", page.Items, err)
	}
	reply := platform.Outgoing{Key: "k3", Text: "Sampai pukul 12.00.", InReplyTo: heard.RemoteID}
	said := publish(t, c, office, reply)
	// snac2 tells a thread one level deep only.
	page, err := c.PullThread(ctx, office, platform.Watch{RemoteID: heard.RemoteID}, "")
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("thread: %+v %v", page, err)
	}
	if own := page.Items[0]; own.Kind != platform.OwnPost || own.RemoteID != said.RemoteID {
		t.Errorf("our answer in the thread: %+v", own)
	}
	feed, err := c.Pull(ctx, office, feedOwn, "")
	if err != nil || len(feed.Items) != 2 {
		t.Errorf("own: %+v %v", feed, err)
	}
	if again, err := c.Pull(ctx, office, feedOwn, feed.Cursor); err != nil || len(again.Items) != 0 {
		t.Errorf("own again: %+v %v", again, err)
	}
	if _, err := c.Verify(ctx, platform.Account{BaseURL: s.base, Token: platform.Token{Access: "wrong"}}); !lost(err) {
		t.Errorf("a wrong token: %v", err)
	}
	t.Logf("delete on snac: %v", c.Delete(ctx, office, said.RemoteID))
}

func publish(t *testing.T, c *Connector, a platform.Account, out platform.Outgoing) platform.Receipt {
	t.Helper()
	started, n := time.Now(), notes{}
	if err := c.Stage(t.Context(), a, out, n); err != nil {
		t.Fatal(err)
	}
	r, err := c.Publish(t.Context(), a, out, n)
	if err != nil {
		t.Fatal(err)
	}
	f, err := c.Find(t.Context(), a, platform.Attempt{Out: out, Started: started, Notes: n})
	if err != nil || len(f.Receipts) != 1 || f.Receipts[0].RemoteID != r.RemoteID || !f.Complete {
		t.Fatalf("read back of %q: %+v %v", out.Text, f, err)
	}
	return r
}
