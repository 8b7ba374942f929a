package configs

import (
	"slices"
	"time"
)

// Platform is what can be set for one platform: how patient Kentongan is, where
// it is asked, what may be spent.
type Platform struct {
	Settle      time.Duration // how long a new post may stay invisible to a read-back
	Lease       time.Duration // how long one attempt may take before others may look
	CallTimeout time.Duration // for one request
	APIVersion  string        // the version in the platform's addresses; "" = the connector's own
	BaseURL     string        // where the platform's API is asked instead of its own address; "" = there
	BudgetUSD   int           // what a channel's calls may cost in a month; 0 = not watched
}

const platformCount = 11

// PlatformNames lists the platforms that have settings, in their order.
func PlatformNames() [platformCount]string {
	return [...]string{"x", "facebook", "instagram", "threads", "youtube", "tiktok", "linkedin", "telegram", "mastodon", "bluesky", "whatsapp"}
}

// usualPlatforms are the defaults. Platforms that fetch or encode films
// themselves take longer to show a post, and an attempt waits for them.
func usualPlatforms() (all [platformCount]Platform) {
	for i, name := range PlatformNames() {
		p := Platform{Settle: time.Minute, Lease: 2 * time.Minute, CallTimeout: 30 * time.Second}
		switch name {
		case "x":
			p.Settle, p.APIVersion = 30*time.Second, "2"
		case "facebook":
			p.APIVersion = "v25.0"
		case "instagram":
			p.Lease, p.CallTimeout, p.APIVersion = 5*time.Minute, time.Minute, "v25.0"
		case "threads":
			p.Lease, p.CallTimeout, p.APIVersion = 5*time.Minute, time.Minute, "v1.0"
		case "whatsapp":
			p.Settle, p.APIVersion = 30*time.Second, "v25.0"
		case "youtube", "tiktok":
			p.Settle, p.Lease, p.CallTimeout = 2*time.Minute, 10*time.Minute, 2*time.Minute
		case "mastodon", "bluesky", "telegram":
			p.Settle = 20 * time.Second
		}
		all[i] = p
	}
	return all
}

// Platform returns the settings for a platform by its short name; ok is false
// for one that has none.
func (c Config) Platform(name string) (p Platform, ok bool) {
	names := PlatformNames()
	i := slices.Index(names[:], name)
	if i < 0 {
		return Platform{}, false
	}
	return c.Platforms[i], true
}

// platformSettings ties a platform's keys; what is explained once need not be
// explained eleven times.
func platformSettings(name string, p *Platform, explain bool) []setting {
	key := "platform." + name + "."
	all := []setting{
		{key + "settle", &p.Settle, "How long a new post may stay invisible to a read-back after it was accepted."},
		{key + "lease", &p.Lease, "How long one attempt may take before it counts as dead. Longer than call_timeout."},
		{key + "call_timeout", &p.CallTimeout, "For one request to the platform."},
		{key + "api_version", &p.APIVersion, "The version in the platform's addresses. Empty: the one this program was tested with.\nKanal and kentongan doctor warn 90 days before it ends."},
		{key + "base_url", &p.BaseURL, "Another address for the platform's own API (a gateway, a test server). Empty: the platform's."},
		{key + "budget_usd_month", &p.BudgetUSD, "What one channel's calls may cost in a month, in US dollars. 0: not watched."},
	}
	if !explain {
		for i := range all {
			all[i].help = ""
		}
	}
	return all
}
