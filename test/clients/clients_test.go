// Package clients runs clients that the platforms or their communities publish,
// unmodified, against the sandbox: what they do not accept is the sandbox's
// mistake. The clients come from npm and are for tests only.
package clients

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/internal/sandbox"
	"kentongan/test/real"
)

// scripts are the files beside this one, and how many calls each has at least:
// as many as were recorded of that client.
func scripts() map[string]int {
	return map[string]int{"atproto.mjs": 12, "grammy.mjs": 9, "kapso.mjs": 11, "masto.mjs": 13, "xdk.mjs": 17}
}

func TestPublishedClients(t *testing.T) {
	node := real.Binary("KENTONGAN_NODE", "node")
	if node == "" {
		real.Missing(t, "node", "install Node 20, or KENTONGAN_NODE")
	}
	if _, err := os.Stat("node_modules/.package-lock.json"); err != nil {
		real.Missing(t, "the clients of test/clients", "run make clients")
	}
	for script, least := range scripts() {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			calls := lines(t, node, "", script, "--list")
			if len(calls) < least {
				t.Fatalf("%d calls, at least %d were recorded", len(calls), least)
			}
			made := lines(t, node, served(t), script)
			for i, call := range calls {
				calls[i] = "ok " + call
			}
			if !slices.Equal(made, calls) {
				t.Errorf("made\n%s\nof\n%s", strings.Join(made, "\n"), strings.Join(calls, "\n"))
			}
			t.Logf("%d calls:\n%s", len(made), strings.Join(made, "\n"))
		})
	}
}

// TestEveryScriptIsRun: a script that nobody runs proves nothing.
func TestEveryScriptIsRun(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := f.Name()
		if _, listed := scripts()[name]; strings.HasSuffix(name, ".mjs") && name != "calls.mjs" && !listed {
			t.Errorf("%s is in no list", name)
		}
	}
}

// served starts a fresh sandbox and says where it is and who we are there.
func served(t *testing.T) string {
	t.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(world.Handler())
	credentials := world.Credentials(server.URL)
	roots := map[string]string{}
	for _, c := range credentials {
		if roots[c.Platform] == "" {
			roots[c.Platform] = rooted(t, world.Handler(), strings.TrimPrefix(c.BaseURL, server.URL))
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- world.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		server.Close()
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	raw, err := json.Marshal(map[string]any{"base": server.URL, "roots": roots, "credentials": credentials})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// rooted serves one platform at the root of an address of its own, for clients
// that know no path in front of the platform's own.
func rooted(t *testing.T, h http.Handler, mount string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, mount+"/") { // addresses in answers have it
			r.URL.Path = mount + r.URL.Path
			if r.URL.RawPath != "" {
				r.URL.RawPath = mount + r.URL.RawPath
			}
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// lines runs a script to its end and gives what it printed.
func lines(t *testing.T, node, where string, args ...string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, args...)
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	cmd.Env = os.Environ()
	if where != "" {
		cmd.Env = append(cmd.Env, "KENTONGAN_SANDBOX="+where)
	}
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", args[0], err, out.String(), words.String())
	}
	return strings.Split(strings.TrimSpace(out.String()), "\n")
}
