package safehttp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"kentongan/internal/fault"
)

// ErrForbidden means that an address is not one we may speak to.
var ErrForbidden = errors.New("address not allowed")

// guard decides which addresses may be dialled.
type guard struct {
	loopback bool
	allow    []netip.Prefix
}

// CheckBase says whether a person may set address as a server's base address.
// What the name resolves to is looked at again at every dial.
func CheckBase(address string, o Options) error {
	u, err := url.Parse(address)
	if err == nil && (u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "") {
		err = ErrForbidden
	}
	if err == nil {
		err = guard{loopback: o.AllowLoopback, allow: o.Allow}.check(u)
	}
	if err != nil {
		return fault.Wrap(fault.Invalid, "platform.address_refused", err, fault.Field("base_url"))
	}
	return nil
}

// check looks at the address as written: TLS only, except towards ourselves.
func (g guard) check(u *url.URL) error {
	switch {
	case u.Scheme == "https" || u.Scheme == "http" && g.loopback && namesLoopback(u.Hostname()):
	default:
		return fmt.Errorf("%w: %s without TLS", ErrForbidden, u.Scheme)
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !g.permits(u.Hostname(), ip) {
		return fmt.Errorf("%w: %s", ErrForbidden, ip)
	}
	return nil
}

// namesLoopback is true for a host that says it is this machine. A name that
// merely resolves to loopback is not: that is how forged addresses work.
func namesLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// permits judges the address that is really dialled for host.
func (g guard) permits(host string, ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if ip.IsLoopback() {
		return g.loopback && namesLoopback(host)
	}
	for _, p := range g.allow {
		if p.Contains(ip) {
			return true
		}
	}
	for _, p := range reserved() {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate()
}

// reserved are networks that are global unicast by form but not the internet:
// this network, carrier NAT, protocol assignments, documentation, benchmarks,
// former class E, and the ways to write an IPv4 address inside an IPv6 one.
// https://www.iana.org/assignments/iana-ipv4-special-registry/
func reserved() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),
		netip.MustParsePrefix("100.64.0.0/10"),
		netip.MustParsePrefix("192.0.0.0/24"),
		netip.MustParsePrefix("192.0.2.0/24"),
		netip.MustParsePrefix("198.18.0.0/15"),
		netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"),
		netip.MustParsePrefix("240.0.0.0/4"),
		netip.MustParsePrefix("::/96"),
		netip.MustParsePrefix("64:ff9b::/96"),
		netip.MustParsePrefix("64:ff9b:1::/48"),
		netip.MustParsePrefix("2001::/23"),
		netip.MustParsePrefix("2001:db8::/32"),
		netip.MustParsePrefix("2002::/16"),
	}
}

// dial connects and looks at the resolved address after resolving and before
// connecting, so a name that changes its mind in between gains nothing.
func (g guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	d.Control = func(_, resolved string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(resolved)
		if err != nil {
			return fmt.Errorf("%w: %s", ErrForbidden, resolved)
		}
		if !g.permits(host, ap.Addr()) {
			return fmt.Errorf("%w: %s", ErrForbidden, ap.Addr())
		}
		return nil
	}
	return d.DialContext(ctx, network, address)
}
