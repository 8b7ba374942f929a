package safehttp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kentongan/internal/fault"
)

func post(t *testing.T, address, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestAddressesAPersonMayType(t *testing.T) {
	local := Options{AllowLoopback: true}
	for name, c := range map[string]struct {
		address string
		options Options
		allowed bool
	}{
		"a public server":                          {"https://mastodon.example", Options{}, true},
		"a public address in digits":               {"https://9.9.9.9", Options{}, true},
		"no TLS":                                   {"http://mastodon.example", Options{}, false},
		"no TLS although loopback is open":         {"http://mastodon.example", local, false},
		"loopback without the setting":             {"https://127.0.0.1", Options{}, false},
		"loopback with the setting":                {"http://127.0.0.1:8080/x", local, true},
		"localhost with the setting":               {"http://localhost:8080", local, true},
		"an office's own network":                  {"https://10.1.2.3", Options{}, false},
		"the cloud's metadata":                     {"https://169.254.169.254", local, false},
		"carrier NAT":                              {"https://100.64.0.1", Options{}, false},
		"loopback written as IPv6":                 {"https://[::ffff:127.0.0.1]", Options{}, false},
		"a private address inside an IPv6 one":     {"https://[64:ff9b::a01:203]", Options{}, false},
		"a private network opened by the operator": {"https://10.1.2.3", Options{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}, true},
		"a password in the address":                {"https://u:p@mastodon.example", Options{}, false},
		"another scheme":                           {"file:///etc/passwd", Options{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := CheckBase(c.address, c.options)
			if (err == nil) != c.allowed {
				t.Errorf("%s: %v", c.address, err)
			}
			if err != nil && fault.Code(err) != "platform.address_refused" {
				t.Errorf("code %q", fault.Code(err))
			}
		})
	}
}

// A name that resolves to loopback is the classic forged address: it must fail
// at the dial, even though loopback itself is open.
func TestNameThatResolvesToLoopbackIsNotDialled(t *testing.T) {
	g := guard{loopback: true}
	if g.permits("rebinding.example", netip.MustParseAddr("127.0.0.1")) {
		t.Error("a name may not lead home")
	}
	if !g.permits("localhost", netip.MustParseAddr("127.0.0.1")) {
		t.Error("localhost is open by setting")
	}
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err := New(Options{}).Fetch(post(t, server.URL, "x"))
	if f := AsFailure(err); !errors.Is(err, ErrForbidden) || f.Sent {
		t.Errorf("loopback without the setting: %v", err)
	}
	conn, err := guard{}.dial(context.Background(), "tcp", server.Listener.Addr().String())
	if !errors.Is(err, ErrForbidden) {
		t.Errorf("the dial itself must refuse: %v %v", conn, err)
	}
}

func TestNothingLeftUsIsSaidOnlyWhenTrue(t *testing.T) {
	c := New(Options{AllowLoopback: true})
	defer c.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + l.Addr().String()
	l.Close()
	if _, err := c.Fetch(post(t, nobody, "x")); err == nil || AsFailure(err).Sent {
		t.Errorf("nobody listens: %v", err)
	}
	hangsUp := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer hangsUp.Close()
	if _, err := c.Fetch(post(t, hangsUp.URL, "x")); err == nil || !AsFailure(err).Sent {
		t.Errorf("the server heard us and hung up: %v", err)
	}
}

// net/http would send a POST with an Idempotency-Key a second time over a
// fresh connection when a kept one breaks.
func TestWriteIsNeverRepeatedByTheTransport(t *testing.T) {
	var writes atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fails" {
			writes.Add(1)
			panic(http.ErrAbortHandler)
		}
	}))
	defer server.Close()
	c := New(Options{AllowLoopback: true})
	defer c.Close()
	for range 5 {
		for _, method := range []string{http.MethodGet, http.MethodPost} { // may leave kept connections
			req, _ := http.NewRequest(method, server.URL, strings.NewReader("x"))
			if _, err := c.Fetch(req); err != nil {
				t.Fatal(err)
			}
		}
		before := writes.Load()
		req := post(t, server.URL+"/fails", "status=x")
		req.Header.Set("Idempotency-Key", "k")
		if _, err := c.Fetch(req); err == nil {
			t.Fatal("the server hung up")
		}
		if n := writes.Load() - before; n != 1 {
			t.Fatalf("one call became %d writes", n)
		}
	}
}

func TestRedirectsStayAtHomeAndAreOnlyReads(t *testing.T) {
	var leaked atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { leaked.Store(true) }))
	defer other.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/home", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusTemporaryRedirect) })
	mux.HandleFunc("/ok", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
	server := httptest.NewServer(mux)
	defer server.Close()
	c := New(Options{AllowLoopback: true})
	defer c.Close()
	get, _ := http.NewRequest(http.MethodGet, server.URL+"/away", nil)
	get.Header.Set("Authorization", "Bearer secret")
	if a, err := c.Fetch(get); err != nil || a.Status != 307 || leaked.Load() {
		t.Errorf("followed to another host: %v %v", a.Status, err)
	}
	if a, err := c.Fetch(post(t, server.URL+"/home", "x")); err != nil || a.Status != 307 {
		t.Errorf("a write was redirected: %v %v", a.Status, err)
	}
	get, _ = http.NewRequest(http.MethodGet, server.URL+"/home", nil)
	if a, err := c.Fetch(get); err != nil || string(a.Body) != "ok" {
		t.Errorf("a read at home: %v %v", a.Status, err)
	}
}

func TestErrorsHoldNoAddressAndNoSecret(t *testing.T) {
	c := New(Options{AllowLoopback: true})
	_, err := c.Fetch(post(t, "http://127.0.0.1:1/?access_token=SECRET", "x"))
	if err == nil || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("got %v", err)
	}
	_, err = c.HTTP(c.Transport()).PostForm("http://127.0.0.1:1/?access_token=SECRET", url.Values{})
	if strings.Contains(AsFailure(err).Error(), "SECRET") {
		t.Errorf("got %v", AsFailure(err))
	}
	said := Said([]byte("token  EAAB123\n"+strings.Repeat("a", 500)), "EAAB123")
	if strings.Contains(said, "EAAB123") || len([]rune(said)) > 310 {
		t.Errorf("got %q", said)
	}
}

func TestLongAnswerIsAnErrorNotATruth(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.Repeat("a", 100))
		if r.UserAgent() != "Kentongan/1.2" {
			t.Errorf("we call ourselves %q", r.UserAgent())
		}
	}))
	defer server.Close()
	for limit, ok := range map[int64]bool{99: false, 100: true} {
		c := New(Options{AllowLoopback: true, MaxBody: limit, Version: "1.2"})
		get, _ := http.NewRequest(http.MethodGet, server.URL, nil)
		a, err := c.Fetch(get)
		if ok != (err == nil) || ok && len(a.Body) != 100 {
			t.Errorf("limit %d: %v", limit, err)
		}
		if !ok && (!errors.Is(err, ErrTooLong) || !AsFailure(err).Sent) {
			t.Errorf("limit %d: %v", limit, err)
		}
		c.Close()
	}
}

func TestStatusGuardStopsWhatALibraryWouldCallSuccess(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(503)
		}
		io.WriteString(w, "{}")
	}))
	defer server.Close()
	c := New(Options{AllowLoopback: true})
	defer c.Close()
	var seen []int
	h := c.HTTP(&StatusGuard{Base: c.Transport(), Saw: func(a Answer) { seen = append(seen, a.Status) }})
	if _, err := h.Get(server.URL + "/good"); err != nil {
		t.Error(err)
	}
	_, err := h.Get(server.URL + "/bad")
	if s, ok := errors.AsType[*StatusError](err); !ok || s.Status != 503 || string(s.Body) != "{}" {
		t.Errorf("got %v", err)
	}
	if len(seen) != 2 {
		t.Errorf("saw %v", seen)
	}
}

// A write without a body says so: an empty chunked body is a body to servers
// that expect none.
func TestAWriteWithoutABodyHasNone(t *testing.T) {
	t.Parallel()
	var length atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		length.Store(r.ContentLength)
		if len(r.TransferEncoding) > 0 {
			t.Errorf("sent %v", r.TransferEncoding)
		}
	}))
	t.Cleanup(server.Close)
	c := New(Options{AllowLoopback: true})
	t.Cleanup(c.Close)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		length.Store(-2)
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := c.Fetch(req); err != nil || answer.Status != http.StatusOK || length.Load() != 0 {
			t.Errorf("%s: %v, length %d", method, err, length.Load())
		}
	}
}

// A server that takes a write and says nothing: it ends, and counts as sent.
func TestASilentServerIsNotWaitedForForever(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	c := New(Options{AllowLoopback: true, Timeout: 50 * time.Millisecond})
	defer c.Close()
	_, err := c.Fetch(post(t, server.URL+"/?access_token=SECRET", "x"))
	if !errors.Is(err, context.DeadlineExceeded) || !AsFailure(err).Sent || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("got %v", err)
	}
}
