// Package browser walks the running program as people do: the built binary's
// demo in a real Chromium, with keyboard and mouse, with and without scripts.
package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"kentongan/test/real"
)

const (
	password = "bunyi-pukul-dua-kali" // of every invented person of the demo
	patience = time.Minute            // for anything a person waits for, on a busy machine
)

// town is a running demo of its own: two offices, pretended platforms.
type town struct {
	base  string // where the program answers
	world string // where the pretended platforms answer
	bin   string
	data  string
}

// builds holds the program that all tests of this run share.
func builds() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("kentongan-browser-%d", os.Getpid()))
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

// openTown starts the demo on ports that were free, on an empty data folder.
func openTown(t *testing.T) town {
	t.Helper()
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	tw := town{bin: bin, data: filepath.Join(t.TempDir(), "data")}
	said := filepath.Join(t.TempDir(), "said")
	// The shell only points the demo's greeting to a file and is then the demo.
	cmd := exec.Command("sh", "-c", `exec "$0" demo --data "$1" --listen 127.0.0.1:0 >"$2"`, bin, tw.data, said)
	cmd.Env = append(os.Environ(), "LANG=id_ID.UTF-8")
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	real.Start(t, cmd, time.Minute, func() error {
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
	InReplyTo                           string `json:"in_reply_to"`
	Ours, Hidden, Deleted               bool
	Media                               []struct{ Alt string }
}

// posts is everything on the platforms.
func (tw town) posts(t *testing.T) []seen {
	t.Helper()
	answer, err := http.Get(tw.world + "/sandbox/world")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var all struct{ Posts []seen }
	if err := json.NewDecoder(answer.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all.Posts
}

// eventually waits until a post on the platforms is as wanted.
func (tw town) eventually(t *testing.T, what string, want func(seen) bool) seen {
	t.Helper()
	var found seen
	until(t, what, func() bool {
		for _, p := range tw.posts(t) {
			if want(p) {
				found = p
				return true
			}
		}
		return false
	})
	return found
}

// say lets a citizen write below a post.
func (tw town) say(t *testing.T, below seen, text string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"platform": below.Platform, "account": below.Account, "in_reply_to": below.ID, "text": text})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(tw.world+"/sandbox/say", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(answer.Body)
		t.Fatalf("the citizen could not speak: %s %s", answer.Status, why)
	}
}

// until asks again and again until done says yes.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	beat := time.NewTicker(40 * time.Millisecond)
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
