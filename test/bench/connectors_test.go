package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/bluesky"
	"kentongan/internal/platform/facebook"
	"kentongan/internal/platform/instagram"
	"kentongan/internal/platform/linkedin"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/platform/telegram"
	"kentongan/internal/platform/threads"
	"kentongan/internal/platform/tiktok"
	"kentongan/internal/platform/x"
	"kentongan/internal/platform/youtube"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// connectors make all that publish. A fresh one has asked its platform nothing.
func connectors(c *safehttp.Client) []func() platform.Connector {
	return []func() platform.Connector{
		func() platform.Connector { return x.New(c) },
		func() platform.Connector { return facebook.New(c) },
		func() platform.Connector { return instagram.New(c) },
		func() platform.Connector { return threads.New(c) },
		func() platform.Connector { return youtube.New(c) },
		func() platform.Connector { return tiktok.New(c) },
		func() platform.Connector { return linkedin.New(c) },
		func() platform.Connector { return telegram.New(c) },
		func() platform.Connector { return mastodon.New(c) },
		func() platform.Connector { return bluesky.New(c) },
	}
}

// BenchmarkConnectors publishes with every connector: one post, staged and
// published, with the file that the platform takes no post without. The sandbox
// runs in a process of its own, so the allocations are the connector's and its
// HTTP client's. "ours-%" is the share of the computing time that is neither
// the network's nor the platform's: the same requests are sent by plain net/http
// to a server that only plays the answers back, and so they are by the
// connector. Time in which a connector waits for a platform is in ns/op alone.
func BenchmarkConnectors(b *testing.B) {
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	b.Cleanup(client.Close)
	credentials := sandboxApart(b)
	shelf, texts := newShelf(b), &atomic.Int64{}
	for _, fresh := range connectors(client) {
		c := fresh()
		b.Run(string(c.Name()), func(b *testing.B) {
			a := accountOf(b, credentials, c.Name())
			sender := &sender{c: c, a: a, shelf: shelf, texts: texts}
			sender.publish(b) // what is asked only once (limits) is asked now
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				sender.publish(b)
			}
			b.StopTimer()
			took := b.Elapsed()
			played := record(b, fresh(), shelf)
			sender.c = fresh()
			ours := played.share(b, sender, max(b.N, 20))
			b.ReportMetric(float64(len(played.requests)), "calls/publish")
			b.ReportMetric(float64(len(played.requests)*b.N)/took.Seconds(), "calls/s")
			b.ReportMetric(ours*100, "ours-%")
		})
	}
}

// sender publishes, another text each time.
type sender struct {
	c     platform.Connector
	a     platform.Account
	shelf *shelf
	texts *atomic.Int64 // how many were published by all senders
}

func (s *sender) publish(b testing.TB) {
	b.Helper()
	number := s.texts.Add(1)
	out := platform.Outgoing{Key: fmt.Sprintf("bench-%d", number), Text: fmt.Sprintf("Pengumuman nomor %d dari Kota Tirtawangi", number)}
	out.Media = s.shelf.needed(s.c.Capabilities(s.a))
	n := notes{}
	err := s.c.Stage(context.Background(), s.a, out, n)
	if err != nil {
		b.Fatalf("stage: %v", err)
	}
	r, err := s.c.Publish(context.Background(), s.a, out, n)
	if platform.Classify(r, err) != platform.Published {
		b.Fatalf("publish: %+v %v", r, err)
	}
}

type notes map[string]string

func (n notes) Value(name string) string { return n[name] }
func (n notes) Save(_ context.Context, name, value string) error {
	n[name] = value
	return nil
}

// shelf holds the files, also where platforms fetch them.
type shelf struct {
	picture, film []byte
	address       string
}

func newShelf(b testing.TB) *shelf {
	b.Helper()
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 400, 400)), nil); err != nil {
		b.Fatal(err)
	}
	s := &shelf{picture: picture.Bytes(), film: platformtest.Film(4*time.Second, 1)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw := s.picture
		if strings.HasSuffix(r.URL.Path, ".mp4") {
			raw = s.film
		}
		http.ServeContent(w, r, r.URL.Path, time.Time{}, bytes.NewReader(raw))
	}))
	b.Cleanup(server.Close)
	s.address = server.URL
	return s
}

func (s *shelf) needed(c platform.Capabilities) []platform.Media {
	m := platform.Media{Key: "media.0", Type: "image/jpeg", Alt: "Lambang kota", Size: int64(len(s.picture)), Width: 400, Height: 400, Open: platform.Bytes(s.picture)}
	switch c.NeedsMedia {
	case "":
		return nil
	case "video":
		m = platform.Media{Key: "media.0", Type: "video/mp4", Size: int64(len(s.film)), Width: 128, Height: 96, Length: 4 * time.Second, Open: platform.Bytes(s.film)}
		if c.PublicVideo {
			m.URL = s.address + "/film.mp4"
		}
	default:
		if c.PublicMedia {
			m.URL = s.address + "/picture.jpeg"
		}
	}
	return []platform.Media{m}
}

func accountOf(b testing.TB, credentials []sandbox.Credential, name platform.Name) platform.Account {
	b.Helper()
	for _, c := range credentials {
		if c.Platform == string(name) && c.Mode == "" {
			return platform.Account{
				Platform: name, BaseURL: c.BaseURL, RemoteID: c.AccountID, Handle: c.Handle,
				App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
				Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
			}
		}
	}
	b.Fatalf("no account on %s", name)
	return platform.Account{}
}

const apart = "KENTONGAN_BENCH_SANDBOX"

// sandboxApart starts the sandbox in another process: this program again.
func sandboxApart(b testing.TB) []sandbox.Credential {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestSandboxApart$")
	cmd.Env = append(os.Environ(), apart+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close() // that ends it
		_ = cmd.Wait()
	})
	var credentials []sandbox.Credential
	if err := json.NewDecoder(out).Decode(&credentials); err != nil {
		b.Fatalf("the sandbox said nothing: %v", err)
	}
	return credentials
}

// TestSandboxApart is the other process of sandboxApart.
func TestSandboxApart(t *testing.T) {
	if os.Getenv(apart) == "" {
		t.Skip("only as another process of BenchmarkConnectors")
	}
	world, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(world.Handler())
	defer server.Close()
	if err := json.NewEncoder(os.Stdout).Encode(world.Credentials(server.URL)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		t.Error(err)
	}
}

// exchange is one request of a publish and its answer.
type exchange struct {
	method, path string
	header       http.Header
	body         []byte
	status       int
	answer       http.Header
	said         []byte
}

// played is one whole publish, as it went over the wire.
type played struct {
	first    []exchange // with what is asked only once
	requests []exchange
	base     string // of the server that it was recorded at
	account  platform.Account
}

// record publishes twice at a sandbox of its own and keeps the second.
func record(b testing.TB, c platform.Connector, shelf *shelf) *played {
	b.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	p := &played{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			b.Error(err)
		}
		e := exchange{method: r.Method, path: r.URL.RequestURI(), header: r.Header.Clone(), body: body}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		world.Handler().ServeHTTP(answer, r)
		e.status, e.answer, e.said = answer.Code, answer.Header().Clone(), answer.Body.Bytes()
		p.requests = append(p.requests, e)
		e.play(w, "", "")
	}))
	defer server.Close()
	p.base, p.account = server.URL, accountOf(b, world.Credentials(server.URL), c.Name())
	s := &sender{c: c, a: p.account, shelf: shelf, texts: &atomic.Int64{}}
	s.publish(b)
	p.first, p.requests = p.requests, nil
	s.publish(b)
	return p
}

// play gives an answer with the addresses of another server in it.
func (e exchange) play(w http.ResponseWriter, from, to string) {
	for k, values := range e.answer {
		for _, v := range values {
			if from != "" {
				v = strings.ReplaceAll(v, from, to)
			}
			w.Header()[k] = append(w.Header()[k], v)
		}
	}
	said := e.said
	if from != "" {
		said = bytes.ReplaceAll(said, []byte(from), []byte(to))
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(said)))
	w.WriteHeader(e.status)
	_, _ = w.Write(said) // the client may be gone
}

var chosen = regexp.MustCompile(`"rkey":"[^"]+"`)

// echo is the answer with the id that this request chose (Bluesky).
func (e exchange) echo(body []byte) exchange {
	was, is := chosen.Find(e.body), chosen.Find(body)
	if was != nil && is != nil {
		e.said = bytes.ReplaceAll(e.said, was[8:len(was)-1], is[8:len(is)-1])
	}
	return e
}

// share is how much of a publish's computing is ours.
func (p *played) share(b testing.TB, like *sender, n int) float64 {
	b.Helper()
	var turn atomic.Int64
	script := p.first
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		i := int(turn.Add(1)-1) % len(script)
		script[i].echo(body).play(w, p.base, "http://"+r.Host)
	}))
	defer server.Close()
	// The same words as were recorded: TikTok's are looked for in its list.
	s := &sender{c: like.c, a: p.account, shelf: like.shelf, texts: &atomic.Int64{}}
	s.a.BaseURL = strings.Replace(p.account.BaseURL, p.base, server.URL, 1)
	s.publish(b)
	script = p.requests
	started := computed(b)
	for range n {
		turn.Store(0)
		s.texts.Store(1)
		s.publish(b)
	}
	ours := computed(b) - started
	plain := &http.Client{}
	defer plain.CloseIdleConnections()
	started = computed(b)
	for range n {
		turn.Store(0)
		for _, e := range p.requests {
			e.send(b, plain, server.URL)
		}
	}
	return max(float64(ours-(computed(b)-started))/float64(ours), 0)
}

// computed is the processor time of this process so far.
func computed(b testing.TB) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// send is one request by plain net/http.
func (e exchange) send(b testing.TB, client *http.Client, base string) {
	b.Helper()
	req, err := http.NewRequest(e.method, base+e.path, bytes.NewReader(e.body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header = e.header
	answer, err := client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		b.Fatal(err)
	}
}
