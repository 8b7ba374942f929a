package channel

import (
	"strings"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// versionWarning is how long before a version's end people are told: an office
// needs a budget year's quarter to plan an update.
const versionWarning = 90 * 24 * time.Hour

// CheckVersion says when the version of a platform's API that the settings
// name has ended, ends soon, or was never tested; nil when all is well or the
// platform has no versions.
func (d *Desk) CheckVersion(name platform.Name) error {
	connector, err := d.Connector(name)
	if err != nil {
		return nil // by hand only: nothing is called
	}
	v, ok := connector.(platform.Versioner)
	if !ok {
		return nil
	}
	return aging(name, d.version(name), v.Versions(), d.Now())
}

// aging judges the version in use among those tested, newest first. Without a
// setting it is the one that Versions names first.
func aging(name platform.Name, used string, tested []platform.Version, now time.Time) error {
	if len(tested) == 0 {
		return nil
	}
	found := platform.Version{Name: used}
	known := false
	for _, v := range tested {
		if v.Name == used || used == "" {
			found, known = v, true
			break
		}
	}
	with := []fault.Option{fault.Arg("version", found.Name), fault.Arg("platform", titles()[name]), fault.Arg("key", string(name)), fault.Arg("date", found.Ends.UTC().Format("2006-01-02"))}
	left := found.Ends.Sub(now)
	switch {
	case !known:
		names := make([]string, len(tested))
		for i, v := range tested {
			names[i] = v.Name
		}
		return fault.New(fault.Transient, "platform.version_unknown", append(with, fault.Arg("known", strings.Join(names, ", ")))...)
	case found.Ends.IsZero() || left > versionWarning:
		return nil
	case left <= 0:
		return fault.New(fault.Conflict, "platform.version_ended", with...)
	}
	days := int((left + 24*time.Hour - 1) / (24 * time.Hour))
	return fault.New(fault.Transient, "platform.version_ending", append(with, fault.Arg("days", days))...)
}

// titles are the platforms' names as they write them, the same in every
// language.
func titles() map[platform.Name]string {
	return map[platform.Name]string{
		platform.X: "X", platform.Facebook: "Facebook", platform.Instagram: "Instagram", platform.Threads: "Threads", platform.YouTube: "YouTube",
		platform.TikTok: "TikTok", platform.LinkedIn: "LinkedIn", platform.Telegram: "Telegram", platform.Mastodon: "Mastodon",
		platform.Bluesky: "Bluesky", platform.WhatsApp: "WhatsApp",
	}
}
