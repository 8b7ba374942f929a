package safehttp

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/proxy"

	"kentongan/internal/fault"
)

// ErrProxy means that the proxy could not be reached or would not connect us.
var ErrProxy = errors.New("proxy refused")

// tunnel reaches other people's servers through an office's proxy. A proxy
// resolves names itself, where our guard cannot look. So a name that a person
// may have typed is resolved here, judged, and the proxy is asked for that very
// address; only the platforms' own names, which no stranger controls, are left
// to it. TLS is always ours, end to end.
type tunnel struct {
	guard guard
	proxy *url.URL
	own   []string // domains of the platforms themselves
	// lookup resolves a name; net.DefaultResolver unless a test says otherwise.
	lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// ParseProxy reads the setting; "" is none.
func ParseProxy(address string) (*url.URL, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err == nil && (u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5") {
		err = ErrProxy
	}
	if err != nil {
		// Not the parser's words: they repeat the address with its password.
		return nil, fault.New(fault.Invalid, "config.bad_proxy", fault.Field("network.proxy"))
	}
	return u, nil
}

func (t tunnel) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if t.guard.loopback && namesLoopback(host) {
		return t.guard.dial(ctx, network, address) // this machine is not behind its proxy
	}
	targets, err := t.targets(ctx, host)
	if err != nil {
		return nil, err
	}
	for _, target := range targets {
		var conn net.Conn
		if conn, err = t.connect(ctx, net.JoinHostPort(target, port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// targets are what the proxy is asked to connect to: the name of a platform,
// else the addresses that we have looked at. One forbidden address condemns
// the name: who controls it chooses which one the next question gets.
func (t tunnel) targets(ctx context.Context, host string) ([]string, error) {
	if t.isOwn(host) {
		return []string{host}, nil
	}
	lookup := t.lookup
	if lookup == nil {
		lookup = net.DefaultResolver.LookupNetIP
	}
	found, err := lookup(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, ip := range found {
		if !t.guard.permits(host, ip) {
			return nil, fmt.Errorf("%w: %s", ErrForbidden, ip)
		}
		all = append(all, ip.Unmap().String())
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: %s has no address", ErrForbidden, host)
	}
	return all[:min(len(all), 3)], nil
}

func (t tunnel) isOwn(host string) bool {
	host = strings.ToLower(host)
	for _, domain := range t.own {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// connect opens a connection to target through the proxy.
func (t tunnel) connect(ctx context.Context, target string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	if t.proxy.Scheme == "socks5" {
		var who *proxy.Auth
		if u := t.proxy.User; u != nil {
			password, _ := u.Password()
			who = &proxy.Auth{User: u.Username(), Password: password}
		}
		socks, err := proxy.SOCKS5("tcp", withPort(t.proxy, "1080"), who, dialer)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrProxy, err)
		}
		conn, err := socks.(proxy.ContextDialer).DialContext(ctx, "tcp", target)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrProxy, err)
		}
		return conn, nil
	}
	conn, err := dialer.DialContext(ctx, "tcp", withPort(t.proxy, map[string]string{"http": "80", "https": "443"}[t.proxy.Scheme]))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProxy, err)
	}
	if t.proxy.Scheme == "https" {
		conn = tls.Client(conn, &tls.Config{ServerName: t.proxy.Hostname(), MinVersion: tls.VersionTLS12})
	}
	if err := t.ask(ctx, conn, target); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// ask sends CONNECT (RFC 9110, 9.3.6) and waits for the yes.
func (t tunnel) ask(ctx context.Context, conn net.Conn, target string) error {
	end := time.Now().Add(15 * time.Second)
	if at, ok := ctx.Deadline(); ok && at.Before(end) {
		end = at
	}
	if err := conn.SetDeadline(end); err != nil {
		return fmt.Errorf("%w: %w", ErrProxy, err)
	}
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: target}, Host: target, Header: http.Header{}}
	if u := t.proxy.User; u != nil {
		password, _ := u.Password()
		req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	if err := req.Write(conn); err != nil {
		return fmt.Errorf("%w: %w", ErrProxy, err)
	}
	// The server behind speaks only after our TLS hello: nothing of it can be
	// in this buffer. A proxy's long speech is cut off.
	reader := bufio.NewReader(&cut{Conn: conn, left: 64 << 10})
	answer, err := http.ReadResponse(reader, req)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProxy, err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: status %d", ErrProxy, answer.StatusCode)
	}
	if reader.Buffered() > 0 {
		return fmt.Errorf("%w: it spoke out of turn", ErrProxy)
	}
	return conn.SetDeadline(time.Time{})
}

// cut reads no more than left bytes.
type cut struct {
	net.Conn
	left int
}

func (c *cut) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, ErrTooLong
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

func withPort(u *url.URL, usual string) string {
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), usual)
}
