// Package pii follows what a citizen writes about herself through the whole
// running program: it comes in by poll and by push, people look at it, decide
// and write about it, and in the end every byte that the program has kept is
// searched. Only the sealed original and the masked form may exist.
package pii

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kentongan/test/real"
)

const (
	password = "bunyi-pukul-dua-kali" // of every invented person of the demo
	patience = time.Minute
)

// town is a running demo of its own, with a Redis whose every command is kept
// in its data folder and a log of everything.
type town struct {
	base, world string
	data, log   string
	server      *real.Server
}

func builds() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("kentongan-pii-%d", os.Getpid()))
}

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(builds())
	os.Exit(code)
}

// program is the program under test: KENTONGAN_BIN, or one that is built now.
var program = sync.OnceValues(func() (string, error) {
	if bin := os.Getenv("KENTONGAN_BIN"); bin != "" {
		return bin, nil
	}
	bin := filepath.Join(builds(), "kentongan")
	out, err := exec.Command("go", "build", "-o", bin, "kentongan/cmd/kentongan").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return bin, nil
})

func openTown(t *testing.T) *town {
	t.Helper()
	bin, err := program()
	must(t, err)
	real.RedisBinary(t)
	folder := t.TempDir()
	tw := &town{data: filepath.Join(folder, "data"), log: filepath.Join(folder, "log")}
	said := filepath.Join(folder, "said")
	// The shell only points what the demo says to files and is then the demo.
	cmd := exec.Command("sh", "-c", `exec "$0" demo --data "$1" --listen 127.0.0.1:0 --log debug --redis server >"$2" 2>"$3"`, bin, tw.data, said, tw.log)
	cmd.Env = append(os.Environ(), "LANG=id_ID.UTF-8")
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	tw.server = real.Start(t, cmd, patience, func() error {
		text, err := os.ReadFile(said)
		if err != nil {
			return err
		}
		found := address.FindAllString(string(text), -1)
		if len(found) < 2 {
			return fmt.Errorf("no addresses yet")
		}
		tw.base, tw.world = found[0], found[1]
		answer, err := http.Get(tw.base + "/healthz")
		if err == nil {
			answer.Body.Close()
		}
		return err
	})
	return tw
}

// seen is a post or a citizen's message on the pretended platforms.
type seen struct {
	Platform, ID, Account, Author, Text string
	Ours, Hidden, Deleted               bool
}

// ours is a post of the first office on a platform.
func (tw *town) ours(t *testing.T, platform string) (found seen) {
	t.Helper()
	until(t, "a post on "+platform, func() bool {
		var all struct{ Posts []seen }
		tw.ask(t, http.MethodGet, "/sandbox/world?platform="+platform, nil, &all)
		for _, p := range all.Posts {
			if p.Ours && !strings.Contains(p.Account, "202") && !strings.Contains(p.Account, "protokol") {
				found = p
				return true
			}
		}
		return false
	})
	return found
}

// do makes the pretended world do something and returns its answer's id.
func (tw *town) do(t *testing.T, what string, in map[string]any) string {
	t.Helper()
	var made struct{ ID string }
	tw.ask(t, http.MethodPost, "/sandbox/"+what, in, &made)
	return made.ID
}

func (tw *town) ask(t *testing.T, method, path string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	must(t, err)
	r, err := http.NewRequest(method, tw.world+path, bytes.NewReader(body))
	must(t, err)
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	must(t, err)
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %s", path, answer.Status, raw)
	}
	must(t, json.Unmarshal(raw, out))
}

// visitor is a person with a session, without a browser.
type visitor struct {
	http.Client
	name, base string
}

func (tw *town) visitor(t *testing.T, name string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	v := &visitor{http.Client{Jar: jar, Timeout: 30 * time.Second}, name, tw.base}
	if name == "" {
		return v
	}
	if at, _ := v.send(t, "/masuk", url.Values{"username": {name}, "password": {password}}); at.Request.URL.Path != "/hari-ini" {
		t.Fatalf("%s could not sign in: %s", name, at.Status)
	}
	return v
}

func (v *visitor) send(t *testing.T, path string, form url.Values) (*http.Response, string) {
	t.Helper()
	answer, err := v.PostForm(v.base+path, form)
	must(t, err)
	return body(t, answer)
}

func (v *visitor) read(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	answer, err := v.Get(v.base + path)
	must(t, err)
	return body(t, answer)
}

func body(t *testing.T, answer *http.Response) (*http.Response, string) {
	t.Helper()
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, string(raw)
}

// until asks again and again until done says yes.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	beat := time.NewTicker(100 * time.Millisecond)
	defer beat.Stop()
	for over := time.After(patience); ; {
		if done() {
			return
		}
		select {
		case <-over:
			t.Fatalf("after %v still not: %s", patience, what)
		case <-beat.C:
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
