package real

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Fediverse is a running server that speaks the Mastodon API, with two people.
type Fediverse struct {
	Base         string // "http://localhost:PORT"
	Humas, Warga FediverseUser
	ClientID     string
	ClientSecret string
}

// FediverseUser is one account with an OAuth token for everything.
type FediverseUser struct {
	Name, ID, Token string
}

// fresh opens a connection a request: snac2 closes them after each answer
// without saying so, and a reused one would be reset.
var fresh = &http.Transport{DisableKeepAlives: true}

const tools = ".cache/tools/snac" // where .ci/servers.sh puts it

// Snac2 starts a real snac2 (a small ActivityPub server with the Mastodon API)
// with an office, "humas", and a citizen, "warga".
func Snac2(t testing.TB) Fediverse {
	t.Helper()
	bin := Binary("KENTONGAN_SNAC", "snac", filepath.Join(projectRoot(t), tools))
	if bin == "" {
		Missing(t, "snac2", "run .ci/servers.sh, or KENTONGAN_SNAC")
	}
	folder, port := filepath.Join(dir(t), "snac"), freePort(t)
	host := "localhost:" + strconv.Itoa(port)
	run(t, bin, fmt.Sprintf("127.0.0.1\n%d\n%s\n\nadmin@example.org\n", port, host), "init", folder)
	speakHTTP(t, filepath.Join(folder, "server.json"))
	f := Fediverse{Base: "http://" + host}
	passwords := map[string]string{}
	for _, name := range []string{"humas", "warga"} {
		said := run(t, bin, "", "adduser", folder, name)
		found := regexp.MustCompile(`password is (\S+)`).FindStringSubmatch(said)
		if found == nil {
			t.Fatalf("snac2 told no password: %s", said)
		}
		passwords[name] = found[1]
	}
	server := Start(t, exec.Command(bin, "httpd", folder), 10*time.Second, dials("tcp", host))
	t.Cleanup(server.Kill) // it takes seconds to end by itself, and nobody wants its data
	f.ClientID, f.ClientSecret = f.register(t)
	f.Humas = f.signIn(t, "humas", passwords["humas"])
	f.Warga = f.signIn(t, "warga", passwords["warga"])
	return f
}

func run(t testing.TB, bin, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command(bin, args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", bin, args, err, out)
	}
	return string(out)
}

// speakHTTP makes snac2 build http:// addresses: there is no certificate here.
func speakHTTP(t testing.TB, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var settings map[string]any
	if err := json.Unmarshal(raw, &settings); err != nil {
		t.Fatal(err)
	}
	settings["protocol"] = "http"
	if raw, err = json.Marshal(settings); err == nil {
		err = os.WriteFile(path, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

func (f Fediverse) register(t testing.TB) (id, secret string) {
	t.Helper()
	var app struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	f.post(t, "/api/v1/apps", url.Values{"client_name": {"Kentongan"}, "redirect_uris": {outOfBand}, "scopes": {"read write follow"}}, &app)
	return app.ID, app.Secret
}

// signIn is the OAuth code flow, with this function in the browser's place.
func (f Fediverse) signIn(t testing.TB, name, password string) FediverseUser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Transport: fresh, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	callback := f.Base + "/callback"
	answer, err := browser.PostForm(f.Base+"/oauth/x-snac-login",
		url.Values{"login": {name}, "passwd": {password}, "redir": {callback}, "cid": {f.ClientID}, "state": {"s"}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	to, err := answer.Location()
	if err != nil || to.Query().Get("code") == "" {
		t.Fatalf("snac2 gave no code: %s, %v", answer.Status, err)
	}
	var token struct {
		Access string `json:"access_token"`
	}
	f.post(t, "/oauth/token", url.Values{"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")},
		"client_id": {f.ClientID}, "client_secret": {f.ClientSecret}, "redirect_uri": {callback}}, &token)
	u := FediverseUser{Name: name, Token: token.Access}
	var account struct {
		ID string `json:"id"`
	}
	f.Get(t, u, "/api/v1/accounts/verify_credentials", &account)
	if u.ID = account.ID; u.ID == "" || u.Token == "" {
		t.Fatalf("snac2 does not know %s", name)
	}
	return u
}

// Say posts as a user and returns the new status's id.
func (f Fediverse) Say(t testing.TB, u FediverseUser, text, inReplyTo string) string {
	t.Helper()
	form := url.Values{"status": {text}, "visibility": {"public"}}
	if inReplyTo != "" {
		form.Set("in_reply_to_id", inReplyTo)
	}
	var status struct {
		ID string `json:"id"`
	}
	f.call(t, u, http.MethodPost, "/api/v1/statuses", strings.NewReader(form.Encode()), &status)
	return status.ID
}

// Get reads one JSON answer as a user.
func (f Fediverse) Get(t testing.TB, u FediverseUser, path string, into any) {
	t.Helper()
	f.call(t, u, http.MethodGet, path, nil, into)
}

func (f Fediverse) post(t testing.TB, path string, form url.Values, into any) {
	t.Helper()
	f.call(t, FediverseUser{}, http.MethodPost, path, strings.NewReader(form.Encode()), into)
}

func (f Fediverse) call(t testing.TB, u FediverseUser, method, path string, body io.Reader, into any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, f.Base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if u.Token != "" {
		r.Header.Set("Authorization", "Bearer "+u.Token)
	}
	answer, err := (&http.Client{Transport: fresh}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode/100 != 2 {
		err = errors.New(answer.Status)
	}
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", method, path, err, raw)
	}
}

// projectRoot is the folder of go.mod, above the test's own.
func projectRoot(t testing.TB) string {
	t.Helper()
	d, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d
		}
		if filepath.Dir(d) == d {
			t.Fatal("no go.mod above the test")
		}
		d = filepath.Dir(d)
	}
}
