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
	wrong.Add(checkModeration(c.Moderation))
	wrong.Add(checkOutward(c))
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

// checkOutward looks at what concerns other people's servers.
func checkOutward(c Config) error {
	var wrong fault.List
	if c.Proxy != "" {
		// A path or a query would be ignored: better said than surprising.
		u, err := url.Parse(c.Proxy)
		if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme) || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
			wrong.Add(fault.New(fault.Invalid, "config.bad_proxy", fault.Field("network.proxy")))
		}
	}
	if c.MediaURL != "" {
		wrong.Add(checkServer("media.public_url", c.MediaURL))
	}
	if c.RupiahPerUSD < 0 || c.RupiahPerUSD > 1_000_000 {
		wrong.Add(fault.New(fault.Invalid, "config.out_of_range", fault.Field("money.rupiah_per_usd"), fault.Arg("from", "0"), fault.Arg("to", "1000000")))
	}
	for i, name := range PlatformNames() {
		p := c.Platforms[i]
		if p.BaseURL != "" {
			wrong.Add(checkServer("platform."+name+".base_url", p.BaseURL))
		}
		if p.BudgetUSD < 0 || p.BudgetUSD > 1_000_000 {
			wrong.Add(fault.New(fault.Invalid, "config.out_of_range", fault.Field("platform."+name+".budget_usd_month"), fault.Arg("from", "0"), fault.Arg("to", "1000000")))
		}
		if strings.ContainsAny(p.APIVersion, "/?# ") {
			wrong.Add(fault.New(fault.Invalid, "config.bad_version", fault.Field("platform."+name+".api_version")))
		}
	}
	return wrong.Err()
}

// checkServer wants an https address, or http on this machine: tokens must not
// travel in clear.
func checkServer(key, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return fault.New(fault.Invalid, "config.bad_server", fault.Field(key))
	}
	return nil
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
	for i, name := range PlatformNames() {
		// An attempt that may outlive its lease could be sent a second time.
		if p := c.Platforms[i]; p.CallTimeout >= p.Lease {
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

// checkModeration keeps automatic hiding within what may be asked of it: never
// below nine verdicts in ten, never without a sample.
func checkModeration(m Moderation) error {
	var wrong fault.List
	within := func(field string, n, from, to int) {
		if n < from || n > to {
			wrong.Add(fault.New(fault.Invalid, "config.out_of_range", fault.Field("moderation."+field), fault.Arg("from", strconv.Itoa(from)), fault.Arg("to", strconv.Itoa(to))))
		}
	}
	within("auto_precision", m.AutoPrecision, 90, 100)
	within("auto_decisions", m.AutoDecisions, 50, 1_000_000)
	within("auto_sample", m.AutoSample, 1, 100)
	within("quality_sample", m.QualitySample, 2, 100)
	within("copy_days", m.CopyDays, 1, 90)
	wrong.Add(oneOf("moderation.auto_measure", m.AutoMeasure, "lower", "share"))
	wrong.Add(oneOf("moderation.noncommercial_weights", m.NonCommercial, "true", "false"))
	wrong.Add(oneOf("moderation.public_notice", m.PublicNotice, "true", "false"))
	return wrong.Err()
}

// OfficialNames are the officials one by one.
func (m Moderation) OfficialNames() (all []string) {
	for name := range strings.SplitSeq(m.Officials, ",") {
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, name)
		}
	}
	return all
}
