package safehttp

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// gate is an office's proxy. Whatever it is asked for, it leads to one server,
// and remembers what it was asked and what went through in clear.
type gate struct {
	net.Listener
	mu    sync.Mutex
	asked []string
	seen  strings.Builder
}

func openGate(t *testing.T, target string, greet func(*gate, *bufio.Reader, net.Conn) bool) *gate {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go g.lead(conn, target, greet)
		}
	}()
	return g
}

func (g *gate) lead(conn net.Conn, target string, greet func(*gate, *bufio.Reader, net.Conn) bool) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	if !greet(g, in, conn) {
		return
	}
	out, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer out.Close()
	go io.Copy(conn, out)
	io.Copy(io.MultiWriter(out, g), in)
}

func (g *gate) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.seen.Write(p)
}

func (g *gate) note(what string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, what)
}

func (g *gate) was() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.asked)
}

// overHTTP takes CONNECT from who knows the password.
func overHTTP(g *gate, in *bufio.Reader, conn net.Conn) bool {
	req, err := http.ReadRequest(in)
	if err != nil || req.Method != http.MethodConnect {
		return false
	}
	g.note(req.Host)
	if req.Header.Get("Proxy-Authorization") != "Basic aHVtYXM6cmFoYXNpYQ==" { // humas:rahasia
		io.WriteString(conn, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
		return false
	}
	io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	return true
}

// overSOCKS takes one CONNECT of RFC 1928 without a password.
func overSOCKS(g *gate, in *bufio.Reader, conn net.Conn) bool {
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil {
		return false
	}
	io.ReadFull(in, make([]byte, head[1]))
	conn.Write([]byte{5, 0})
	ask := make([]byte, 4)
	if _, err := io.ReadFull(in, ask); err != nil {
		return false
	}
	host := ""
	switch ask[3] {
	case 1:
		ip := make([]byte, 4)
		io.ReadFull(in, ip)
		host = net.IP(ip).String()
	case 3:
		n, _ := in.ReadByte()
		name := make([]byte, n)
		io.ReadFull(in, name)
		host = string(name)
	}
	port := make([]byte, 2)
	io.ReadFull(in, port)
	g.note(net.JoinHostPort(host, "443"))
	if binary.BigEndian.Uint16(port) != 443 {
		return false
	}
	conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	return true
}

// through is a client behind the gate that knows these names.
func through(t *testing.T, server *httptest.Server, proxy string, names map[string][]string) *Client {
	t.Helper()
	u, err := ParseProxy(proxy)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Options{AllowLoopback: true, Proxy: u})
	t.Cleanup(c.Close)
	way := tunnel{guard: guard{loopback: true}, proxy: u, own: []string{"platform.example"},
		lookup: func(_ context.Context, _, host string) (all []netip.Addr, err error) {
			for _, ip := range names[host] {
				all = append(all, netip.MustParseAddr(ip))
			}
			return all, nil
		}}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	for _, rt := range []*http.Transport{c.http.Transport.(*transport).reads, c.http.Transport.(*transport).writes} {
		rt.DialContext = way.dial
		rt.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		rt.TLSClientConfig.RootCAs = roots
		rt.TLSClientConfig.ServerName = "example.com" // what the test's certificate says
	}
	return c
}

// A proxy resolves names where our guard cannot look. It must not become the
// way around it.
func TestTheGuardHoldsBehindAProxy(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "reached "+r.Header.Get("Authorization"))
	}))
	defer server.Close()
	names := map[string][]string{
		"mastodon.example": {"9.9.9.9"}, "intranet.example": {"10.0.0.5"}, "home.example": {"127.0.0.1"}, "metadata.example": {"169.254.169.254"},
		"both.example": {"9.9.9.9", "10.0.0.5"}, "nothing.example": nil,
	}
	for _, kind := range []struct {
		name, scheme string
		greet        func(*gate, *bufio.Reader, net.Conn) bool
	}{{"CONNECT", "http://humas:rahasia@", overHTTP}, {"SOCKS5", "socks5://", overSOCKS}} {
		t.Run(kind.name, func(t *testing.T) {
			for _, row := range []struct {
				what, host, asked string
			}{
				{"a server that a person typed is asked for by the address we judged", "mastodon.example", "9.9.9.9:443"},
				{"a platform's own name is left to the proxy", "api.platform.example", "api.platform.example:443"},
				{"a name that only ends like a platform's is not its own", "evilplatform.example", ""},
				{"a name in the office's own network", "intranet.example", ""},
				{"a name that leads home", "home.example", ""},
				{"the cloud's metadata behind a name", "metadata.example", ""},
				{"a name with one good and one bad address", "both.example", ""},
				{"a name without an address", "nothing.example", ""},
			} {
				g := openGate(t, server.Listener.Addr().String(), kind.greet)
				c := through(t, server, kind.scheme+g.Addr().String(), names)
				req := post(t, "https://"+row.host+"/x", "isi")
				req.Header.Set("Authorization", "Bearer SECRETTOKEN")
				a, err := c.Fetch(req)
				if row.asked == "" {
					if !errors.Is(err, ErrForbidden) || AsFailure(err).Sent || len(g.was()) != 0 {
						t.Errorf("%s: %v, the proxy was asked for %q", row.what, err, g.was())
					}
					continue
				}
				if err != nil || string(a.Body) != "reached Bearer SECRETTOKEN" || !slices.Equal(g.was(), []string{row.asked}) {
					t.Errorf("%s: %v, asked for %q", row.what, err, g.was())
				}
				g.mu.Lock()
				if strings.Contains(g.seen.String(), "SECRETTOKEN") {
					t.Errorf("%s: the token went through the proxy in clear", row.what)
				}
				g.mu.Unlock()
			}
		})
	}
}

func TestAProxyThatRefusesHasSentNothing(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	g := openGate(t, server.Listener.Addr().String(), overHTTP)
	c := through(t, server, "http://humas:KELIRU@"+g.Addr().String(), nil)
	_, err := c.Fetch(post(t, "https://api.platform.example/x", "isi"))
	if !errors.Is(err, ErrProxy) || AsFailure(err).Sent || strings.Contains(err.Error(), "KELIRU") || !strings.Contains(err.Error(), "407") {
		t.Errorf("got %v", err)
	}
	g.Close()
	if _, err := c.Fetch(post(t, "https://api.platform.example/x", "isi")); !errors.Is(err, ErrProxy) || AsFailure(err).Sent || strings.Contains(err.Error(), "KELIRU") {
		t.Errorf("a proxy that is not there: %v", err)
	}
}

// The sandbox and a test server on this machine are not behind the proxy.
func TestThisMachineIsNotAskedThroughTheProxy(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "home") }))
	defer server.Close()
	c := New(Options{AllowLoopback: true, Proxy: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}})
	defer c.Close()
	get, _ := http.NewRequest(http.MethodGet, server.URL, nil)
	if a, err := c.Fetch(get); err != nil || string(a.Body) != "home" {
		t.Errorf("%q, %v", a.Body, err)
	}
}

func TestAProxySettingThatIsWrongKeepsItsPassword(t *testing.T) {
	for _, address := range []string{"ftp://u:RAHASIA@proxy.example", "http://u:RAHASIA@", "http://u:RAHASIA%zz@proxy.example"} {
		if _, err := ParseProxy(address); err == nil || strings.Contains(err.Error(), "RAHASIA") {
			t.Errorf("%v", err)
		}
	}
	if u, err := ParseProxy(""); u != nil || err != nil {
		t.Errorf("none: %v %v", u, err)
	}
}

// A small answer may unpack to a big one.
func TestAPackedAnswerIsLimitedUnpacked(t *testing.T) {
	bomb := packed(t, 1<<20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb)
	}))
	defer server.Close()
	c := New(Options{AllowLoopback: true, MaxBody: 100 << 10})
	defer c.Close()
	get, _ := http.NewRequest(http.MethodGet, server.URL, nil)
	if a, err := c.Fetch(get); !errors.Is(err, ErrTooLong) || len(bomb) > 10<<10 {
		t.Errorf("%d bytes became %d: %v", len(bomb), len(a.Body), err)
	}
}

func packed(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
