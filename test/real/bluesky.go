package real

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Sky is a running Bluesky network: Bluesky's own directory, personal data
// server and AppView.
type Sky struct {
	Base         string // of the personal data server
	AppView      string
	Humas, Warga SkyUser
	AppPassword  string // of Humas, without access to direct messages
}

// SkyUser is one account with a session that may everything.
type SkyUser struct {
	Handle, DID, Password, Access string
}

const skyTools = ".cache/tools/bluesky" // where .ci/servers.sh puts it

// Bluesky starts a whole network with an office, "humas.test", and a citizen,
// "warga.test".
func Bluesky(t testing.TB) Sky {
	t.Helper()
	root := projectRoot(t)
	tools := os.Getenv("KENTONGAN_BLUESKY")
	if tools == "" {
		tools = filepath.Join(root, skyTools)
	}
	node := Binary("KENTONGAN_NODE", "node")
	if _, err := os.Stat(filepath.Join(tools, "node_modules", "@atproto", "dev-env")); err != nil || node == "" {
		Missing(t, "a Bluesky network", "run .ci/servers.sh, or KENTONGAN_BLUESKY (a folder with node_modules)")
	}
	ready := filepath.Join(dir(t), "ready")
	cmd := exec.Command(node, filepath.Join(root, "test", "servers", "bluesky", "network.js"), ready)
	cmd.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(tools, "node_modules"), "NODE_ENV=test",
		"DB_POSTGRES_URL="+skyDatabase(t), "REDIS_HOST="+skyRedis(t), "LOG_ENABLED=false")
	var addresses struct{ PDS, AppView string }
	Start(t, cmd, 4*time.Minute, func() error {
		raw, err := os.ReadFile(ready)
		if err != nil {
			return err
		}
		return json.Unmarshal(raw, &addresses)
	})
	s := Sky{Base: strings.TrimRight(addresses.PDS, "/"), AppView: addresses.AppView}
	s.Humas, s.Warga = s.join(t, "humas.test"), s.join(t, "warga.test")
	var app struct{ Password string }
	s.Do(t, s.Humas, "com.atproto.server.createAppPassword", map[string]any{"name": "kentongan"}, &app)
	s.AppPassword = app.Password
	return s
}

// skyDatabase is a database of the network's own; its migrations need no other
// name than theirs.
func skyDatabase(t testing.TB) string {
	t.Helper()
	address, err := url.Parse(Postgres(t))
	if err != nil {
		t.Fatal("the database's address is not a URL")
	}
	ctx := context.Background()
	c, err := pgx.Connect(ctx, address.String())
	if err != nil {
		t.Fatal(err)
	}
	name := "sky_" + strconv.Itoa(os.Getpid())
	_, err = c.Exec(ctx, "CREATE DATABASE "+name)
	if err != nil {
		t.Fatal(err)
	}
	// It is dropped after the network has ended: cleanups run backwards.
	t.Cleanup(func() {
		_, _ = c.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") // the server may be gone already
		_ = c.Close(ctx)
	})
	address.Path = "/" + name
	return address.String()
}

// skyRedis is host and port of a Redis of the network's own: it wants TCP.
func skyRedis(t testing.TB) string {
	t.Helper()
	port := strconv.Itoa(freePort(t))
	Start(t, exec.Command(RedisBinary(t), "--bind", "127.0.0.1", "--port", port, "--dir", dir(t), "--save", ""), 10*time.Second, dials("tcp", "127.0.0.1:"+port))
	return "127.0.0.1:" + port
}

func (s Sky) join(t testing.TB, handle string) SkyUser {
	t.Helper()
	u := SkyUser{Handle: handle, Password: "rahasia-" + handle}
	var said struct {
		DID    string
		Access string `json:"accessJwt"`
	}
	s.Do(t, SkyUser{}, "com.atproto.server.createAccount", map[string]any{"handle": handle, "email": handle + "@example.org", "password": u.Password}, &said)
	u.DID, u.Access = said.DID, said.Access
	if u.DID == "" || u.Access == "" {
		t.Fatalf("no account for %s", handle)
	}
	return u
}

// Post writes a post as a user and gives its address and version. more are
// further fields of the record.
func (s Sky) Post(t testing.TB, u SkyUser, text string, more map[string]any) (uri, cid string) {
	t.Helper()
	record := map[string]any{"$type": "app.bsky.feed.post", "text": text, "createdAt": time.Now().UTC().Format("2006-01-02T15:04:05.000Z")}
	for k, v := range more {
		record[k] = v
	}
	var made struct{ URI, CID string }
	s.Do(t, u, "com.atproto.repo.createRecord", map[string]any{"repo": u.DID, "collection": "app.bsky.feed.post", "record": record}, &made)
	return made.URI, made.CID
}

// Do calls a procedure as a user.
func (s Sky) Do(t testing.TB, u SkyUser, nsid string, in, into any) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if status, said := s.Call(t, u.Access, http.MethodPost, nsid, raw); status/100 != 2 {
		t.Fatalf("%s: %d %s", nsid, status, said)
	} else if err := json.Unmarshal(said, into); err != nil && into != nil {
		t.Fatalf("%s: %v %s", nsid, err, said)
	}
}

// Call is one request, and what came back, whatever it is.
func (s Sky) Call(t testing.TB, access, method, nsid string, body []byte) (status int, said []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, s.Base+"/xrpc/"+nsid, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	if access != "" {
		r.Header.Set("Authorization", "Bearer "+access)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", nsid, err))
	}
	defer answer.Body.Close()
	said, err = io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, said
}
