// Package safehttp is the door through which Kentongan speaks to other
// people's servers. It is careful in four ways: it only dials public addresses
// (an address typed by a person must not reach our own network), it never
// repeats or redirects a write, it limits what it reads, and it says of every
// failure whether the request had begun to leave, because a post that may have
// arrived must not be sent again.
package safehttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Options say what a client may do. The zero value is the careful one.
type Options struct {
	Version       string         // of Kentongan, for the User-Agent
	Timeout       time.Duration  // of one whole call; 0 means 60 s
	MaxBody       int64          // of an answer; 0 means 8 MiB
	AllowLoopback bool           // a base address that names loopback may be dialled, and without TLS
	Allow         []netip.Prefix // private networks an administrator has opened
	Proxy         *url.URL       // through which other machines are reached; nil is directly
	Own           []string       // domains of the platforms themselves: a proxy may resolve them
}

// Client speaks to other people's servers.
type Client struct {
	http *http.Client
}

// New returns a client.
func New(o Options) *Client {
	if o.Timeout == 0 {
		o.Timeout = 60 * time.Second
	}
	if o.MaxBody == 0 {
		o.MaxBody = 8 << 20
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	g := guard{loopback: o.AllowLoopback, allow: o.Allow}
	dial := g.dial
	if o.Proxy != nil {
		dial = tunnel{guard: g, proxy: o.Proxy, own: o.Own}.dial
	}
	reads := &http.Transport{
		// Never a proxy from the environment: the guard looks at the address
		// that is really asked for.
		DialContext:           dial,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: o.Timeout,
		IdleConnTimeout:       60 * time.Second,
		MaxIdleConnsPerHost:   4,
	}
	// A kept connection may be closed by the server just as we write to it,
	// and then nobody knows whether the post arrived. A write dials anew.
	writes := reads.Clone()
	writes.DisableKeepAlives = true
	writes.DialContext = timely(dial)
	return &Client{http: &http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: sameOrigin,
		Transport:     &transport{reads: reads, writes: writes, guard: g, agent: "Kentongan/" + o.Version, maxBody: o.MaxBody},
	}}
}

// Transport is the guarded way out, for libraries that bring their own client.
func (c *Client) Transport() http.RoundTripper { return c.http.Transport }

// HTTP is a client over rt, which must end in Transport, with the same limits.
func (c *Client) HTTP(rt http.RoundTripper) *http.Client {
	h := *c.http
	h.Transport = rt
	return &h
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func (t *transport) CloseIdleConnections() { t.reads.CloseIdleConnections() }

// Answer is a whole response.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK says that the status is 2xx.
func (a Answer) OK() bool { return a.Status/100 == 2 }

// Fetch sends req and reads the whole answer, whatever its status. Its error
// is always a *Failure.
func (c *Client) Fetch(req *http.Request) (Answer, error) {
	return FetchWith(c.http, req)
}

// FetchWith is Fetch through a client made by HTTP.
func FetchWith(client *http.Client, req *http.Request) (Answer, error) {
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, AsFailure(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return Answer{Status: resp.StatusCode, Header: resp.Header}, AsFailure(err)
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// sameOrigin refuses every redirect that could carry a token to another host
// or a write to another place: only reads are followed, and only at home.
func sameOrigin(req *http.Request, via []*http.Request) error {
	first := via[0]
	home := req.URL.Scheme == first.URL.Scheme && req.URL.Host == first.URL.Host
	read := first.Method == http.MethodGet || first.Method == http.MethodHead
	if !home || !read || len(via) >= 3 {
		return http.ErrUseLastResponse
	}
	return nil
}

// transport checks the address, names us, limits the answer and turns every
// error into a *Failure.
type transport struct {
	reads   *http.Transport
	writes  *http.Transport
	guard   guard
	agent   string
	maxBody int64
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.guard.check(req.URL); err != nil {
		return nil, &Failure{Err: err}
	}
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	out := req.Clone(httptrace.WithClientTrace(req.Context(), trace))
	out.Header.Set("User-Agent", t.agent)
	base := t.reads
	if req.Method != http.MethodGet && req.Method != http.MethodHead {
		base = t.writes
		out = out.WithContext(withLastWrite(out.Context()))
		// net/http repeats a request by itself when a kept connection breaks
		// and it can rewind the body; with an Idempotency-Key header even a
		// POST (net/http: Request.isReplayable). Servers that ignore the key
		// would then publish twice, so a write cannot be rewound here.
		out.GetBody = nil
		// Without a body only that header makes a write repeatable. Any other
		// stays without one: an empty body of unknown length goes out chunked,
		// which a Bluesky server refuses where it expects none.
		keyed := out.Header.Get("Idempotency-Key") != "" || out.Header.Get("X-Idempotency-Key") != ""
		if keyed && (out.Body == nil || out.Body == http.NoBody) {
			out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(nil)), 0
		}
	}
	resp, err := base.RoundTrip(out)
	if err != nil {
		return nil, &Failure{Sent: connected.Load(), Err: bare(err)}
	}
	resp.Body = &limited{body: resp.Body, left: t.maxBody}
	return resp, nil
}

// limited ends an answer that is too long with an error, not quietly.
type limited struct {
	body io.ReadCloser
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		var one [1]byte
		if n, err := l.body.Read(one[:]); n == 0 && err != nil {
			return 0, failed(err)
		}
		return 0, &Failure{Sent: true, Err: ErrTooLong}
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.body.Read(p)
	l.left -= int64(n)
	return n, failed(err)
}

func (l *limited) Close() error { return l.body.Close() }

func failed(err error) error {
	if err == nil || errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return &Failure{Sent: true, Err: bare(err)}
}

// ErrTooLong means that an answer was longer than we read.
var ErrTooLong = errors.New("answer too long")

// Failure is a call that got no whole answer.
type Failure struct {
	Sent bool // a connection stood: bytes may have left
	Err  error
}

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }

// AsFailure finds the failure in an error from net/http or a library over it.
// An error nobody classified counts as sent, which is the careful reading.
func AsFailure(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Sent: true, Err: bare(err)}
}

// bare drops what net/http adds to an error: the address with its query, which
// may hold a token.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return bare(u.Err)
	}
	if errors.Is(err, context.DeadlineExceeded) || isTimeout(err) {
		return context.DeadlineExceeded
	}
	return err
}

func isTimeout(err error) bool {
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout()
}

// Said is what a server said, short enough to store and without the secrets.
func Said(body []byte, secrets ...string) string {
	text := string(bytes.ToValidUTF8(body, nil))
	for _, s := range secrets {
		if len(s) >= 4 {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	return text
}
