package configs

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/fault"
)

// Check tells everything about c that would not work: for a setting that was
// changed after Load.
func (c Config) Check() error { return check(c) }

// check tells everything about c that would not work, with the field and the
// way out.
func check(c Config) error {
	var wrong fault.List
	wrong.Add(checkAddresses(c))
	wrong.Add(oneOf("role", c.Role, "all", "web", "worker"))
	wrong.Add(oneOf("redis.mode", c.RedisMode, "auto", "server", "embedded"))
	wrong.Add(oneOf("network.loopback", c.Loopback, "auto", "yes", "no"))
	wrong.Add(oneOf("log.level", c.LogLevel, "debug", "info", "warn", "error"))
	wrong.Add(oneOf("log.format", c.LogFormat, "text", "json"))
	if c.Workers < 1 || c.Workers > 256 {
		wrong.Add(fault.New(fault.Invalid, "config.out_of_range", fault.Field("workers"), fault.Arg("from", "1"), fault.Arg("to", "256")))
	}
	wrong.Add(checkRole(c))
	wrong.Add(checkTimes(c))
	return wrong.Err()
}

func checkAddresses(c Config) error {
	var wrong fault.List
	if _, port, err := net.SplitHostPort(c.Listen); err != nil || !isPort(port) {
		wrong.Add(fault.New(fault.Invalid, "config.bad_listen", fault.Field("listen")))
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
			wrong.Add(fault.New(fault.Invalid, "config.bad_public_url", fault.Field("public_url")))
		case u.Scheme == "http" && !isLoopback(u.Hostname()):
			// Cookies and citizens' data must not travel in clear.
			wrong.Add(fault.New(fault.Invalid, "config.public_url_in_clear", fault.Field("public_url")))
		}
	}
	if strings.TrimSpace(c.Data) == "" {
		wrong.Add(fault.New(fault.Invalid, "config.empty", fault.Field("data")))
	}
	if c.DatabaseURL != "" && !hasScheme(c.DatabaseURL, "postgres", "postgresql") {
		wrong.Add(fault.New(fault.Invalid, "config.bad_database_url", fault.Field("database.url")))
	}
	if c.RedisURL != "" && !hasScheme(c.RedisURL, "redis", "rediss", "unix") {
		wrong.Add(fault.New(fault.Invalid, "config.bad_redis_url", fault.Field("redis.url")))
	}
	return wrong.Err()
}

// checkRole refuses to spread over machines what only one machine can see.
func checkRole(c Config) error {
	var wrong fault.List
	if c.Role != "web" && c.Role != "worker" {
		return nil
	}
	if c.DatabaseURL == "" {
		wrong.Add(fault.New(fault.Invalid, "config.role_needs_postgres", fault.Field("database.url"), fault.Arg("role", c.Role)))
	}
	if c.RedisURL == "" {
		wrong.Add(fault.New(fault.Invalid, "config.role_needs_redis", fault.Field("redis.url"), fault.Arg("role", c.Role)))
	}
	return wrong.Err()
}

func checkTimes(c Config) error {
	var wrong fault.List
	for _, s := range settings(&c) {
		if d, ok := s.value.(*time.Duration); ok && *d <= 0 {
			wrong.Add(fault.New(fault.Invalid, "config.not_positive", fault.Field(s.key)))
		}
	}
	if c.SessionIdle > c.SessionMax {
		wrong.Add(fault.New(fault.Invalid, "config.longer_than", fault.Field("session.idle"), fault.Arg("other", "session.max")))
	}
	for _, name := range []string{"x", "facebook", "mastodon"} {
		// An attempt that may outlive its lease could be sent a second time.
		if p, _ := c.Platform(name); p.CallTimeout >= p.Lease {
			wrong.Add(fault.New(fault.Invalid, "config.longer_than",
				fault.Field("platform."+name+".call_timeout"), fault.Arg("other", "platform."+name+".lease")))
		}
	}
	return wrong.Err()
}

func oneOf(key, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fault.New(fault.Invalid, "config.not_one_of", fault.Field(key), fault.Arg("allowed", strings.Join(allowed, ", ")))
}

func hasScheme(address string, schemes ...string) bool {
	scheme, rest, ok := strings.Cut(address, "://")
	return ok && rest != "" && slices.Contains(schemes, scheme)
}

func isPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 0 && n <= 65535
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
