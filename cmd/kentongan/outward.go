package main

import (
	"cmp"
	"strings"
	"time"

	"kentongan/cmd/kentongan/web"
	"kentongan/cmd/kentongan/webhook"
	"kentongan/configs"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
	"kentongan/internal/vault"
)

// outward is how we speak to other people's servers. The slowest platform's
// patience is the client's; each call has its platform's own.
func outward(cfg configs.Config) (safehttp.Options, error) {
	proxy, err := safehttp.ParseProxy(cfg.Proxy)
	o := safehttp.Options{Version: version, AllowLoopback: cfg.AllowsLoopback(), Proxy: proxy, Own: platformDomains(), Timeout: time.Minute}
	for _, p := range cfg.Platforms {
		o.Timeout = max(o.Timeout, p.CallTimeout)
	}
	return o, err
}

// platformDomains are the platforms' own: nobody else decides what their names
// lead to, so an office's proxy may resolve them.
func platformDomains() []string {
	return []string{
		"x.com", "twitter.com", "facebook.com", "instagram.com", "whatsapp.com", "threads.net", "threads.com",
		"googleapis.com", "google.com", "tiktok.com", "tiktokapis.com", "linkedin.com", "telegram.org", "bsky.social", "bsky.app",
	}
}

// openChannels is the desk of channels with what it needs of the settings.
func (a *app) openChannels(d *db.DB, v *vault.Vault) (*channel.Desk, error) {
	options, err := outward(a.cfg)
	if err != nil {
		return nil, err
	}
	setting := func(name platform.Name) configs.Platform {
		p, _ := a.cfg.Platform(string(name))
		return p
	}
	return &channel.Desk{
		DB: d, Vault: v, Connectors: connectors(safehttp.New(options), v), Now: time.Now,
		Version: func(name platform.Name) string {
			usual, _ := configs.Default().Platform(string(name))
			return cmp.Or(setting(name).APIVersion, usual.APIVersion)
		},
		Home:     func(name platform.Name) string { return setting(name).BaseURL },
		Allowed:  func(address string) error { return safehttp.CheckBase(address, options) },
		Hook:     a.hook,
		Redirect: a.cfg.Public() + web.ReturnPath,
	}, nil
}

// hook is where a platform pushes to an app. Platforms push over TLS only; the
// demo's sandbox, beside us on this machine, does without.
func (a *app) hook(c channel.Channel) string {
	if public := a.cfg.Public(); strings.HasPrefix(public, "https://") || c.Sandbox {
		return public + webhook.Path(c.App)
	}
	return ""
}

// monthlyBudget is what a channel's calls may cost in a month, in millionths of a US
// dollar; 0 is not watched.
func (a *app) monthlyBudget(name platform.Name) int64 {
	p, _ := a.cfg.Platform(string(name))
	return int64(p.BudgetUSD) * 1_000_000
}
