package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/locale"
	"kentongan/internal/platform"
)

// limited is a platform with few abilities.
type limited struct{ platform.Connector }

func (limited) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{MaxText: 500, TextUnit: "characters", ReplyDirect: true, ReplyWindow: 24 * time.Hour, ReplyNote: "cap.x.summoned", MaxMedia: 4,
		MediaTypes: []string{"image/png"}, PublicMedia: true, Metrics: []string{"likes"}, Hears: []platform.ItemKind{platform.Comment, platform.Direct}}
}

func words(t *testing.T) *Frame {
	t.Helper()
	return &Frame{Printer: locale.New("id", locale.Missing(func(key string) { t.Errorf("no text for %q", key) })), Now: galleryNow}
}

// What a platform lacks stands beside the way around it, never alone.
func TestEveryMissingAbilityHasItsWayAround(t *testing.T) {
	f := words(t)
	rows := capTable(f, limited{}, platform.Account{})
	no := 0
	for _, r := range rows {
		if r.Name == "" || r.Say == "" || strings.Contains(r.Note, "can.") {
			t.Errorf("%+v", r)
		}
		if !r.Can {
			if no++; r.Note == "" {
				t.Errorf("%s: no way around", r.Name)
			}
		}
	}
	if no < 8 {
		t.Errorf("only %d things cannot be done: the table is not read from the capabilities", no)
	}
	for _, r := range byHandTable(f) {
		if r.Can || r.Note == "" {
			t.Errorf("%+v", r)
		}
	}
}

// A permission that was not given is named together with what stops.
func TestAMissingPermissionIsNamedWithWhatItIsFor(t *testing.T) {
	f := words(t)
	for scope, want := range map[string]string{
		"tweet.write": "menerbitkan", "tweet.moderate.write": "menyembunyikan", "dm.read": "pesan langsung", "offline.access": "tetap tersambung",
		"pages_manage_posts": "menerbitkan", "pages_manage_engagement": "komentar", "pages_messaging": "pesan langsung", "read_insights": "angka",
		"instagram_business_manage_comments": "komentar", "instagram_business_content_publish": "menerbitkan", "threads_manage_replies": "komentar",
		"w_organization_social": "menerbitkan", "youtube.force-ssl": "komentar", "youtube.upload": "mengunggah", "video.publish": "menerbitkan",
		"write:statuses": "menerbitkan", "read:notifications": "komentar", "write:media": "mengunggah", "chat.bsky.convo": "pesan langsung",
		"discussion_group": "grup diskusi", "users.read": "membaca akun", "pages_show_list": "membaca akun",
	} {
		if said := missingWords(f, []string{scope}); !strings.Contains(said, want) || !strings.Contains(said, scope) {
			t.Errorf("%s: %s", scope, said)
		}
	}
}

func TestWhatAMonthCosts(t *testing.T) {
	f := words(t)
	budget := int64(0)
	p := &Pages{Budget: func(platform.Name) int64 { return budget }}
	for _, row := range []struct {
		what   string
		rate   int
		budget int64
		cost   channel.Cost
		want   string
	}{
		{"nothing costs anything", 16500, 0, channel.Cost{}, ""},
		{"some calls, in rupiah", 16500, 0, channel.Cost{Calls: 3, USDMicros: 45_000}, "Rp743 bulan ini (3 panggilan)"},
		{"beside a budget", 16500, 100_000_000, channel.Cost{Calls: 3, USDMicros: 200_000}, "Rp3.300 dari anggaran Rp1.650.000 bulan ini"},
		{"a budget of which nothing is spent", 16500, 100_000_000, channel.Cost{}, "Rp0 dari anggaran Rp1.650.000 bulan ini"},
		{"without a rate", 0, 0, channel.Cost{Calls: 1, USDMicros: 1_230_000}, "US$1,23 bulan ini (1 panggilan)"},
	} {
		p.RupiahPerUSD, budget = row.rate, row.budget
		if got := p.costLine(f, platform.X, row.cost); got != row.want {
			t.Errorf("%s: %q", row.what, got)
		}
	}
}

// renewing is a platform that changes its credentials by itself.
type renewing struct{ limited }

func (renewing) Expired(platform.Account, time.Time) bool { return false }
func (renewing) Refresh(context.Context, platform.Account) (platform.Token, error) {
	return platform.Token{}, nil
}

func TestACredentialThatEndsIsToldInTime(t *testing.T) {
	f := words(t)
	p := &Pages{Now: func() time.Time { return galleryNow }, Channels: &channel.Desk{Now: func() time.Time { return galleryNow },
		Connectors: map[platform.Name]platform.Connector{"x": renewing{}, "linkedin": limited{}}}}
	for _, row := range []struct {
		what, name string
		mode       string
		ends       time.Time
		want       int
	}{
		{"in two months", "linkedin", "", galleryNow.AddDate(0, 2, 0), 0},
		{"in a week", "linkedin", "", galleryNow.AddDate(0, 0, 7), 1},
		{"yesterday", "linkedin", "", galleryNow.AddDate(0, 0, -1), 1},
		{"never", "linkedin", "", time.Time{}, 0},
		{"in an hour, renewed by itself", "x", "", galleryNow.Add(time.Hour), 0},
		{"by hand there is none", "linkedin", platform.Manual, galleryNow.Add(time.Hour), 0},
	} {
		ch := channel.Channel{Platform: platform.Name(row.name), Mode: row.mode, TokenExpires: row.ends}
		if got := p.advice(f, ch); len(got) != row.want {
			t.Errorf("%s: %q", row.what, got)
		}
	}
}

// scoped is a platform that asks for permissions.
type scoped struct{ limited }

func (scoped) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{Connect: platform.Connect{Scopes: []string{"tweet.read", "tweet.write", "dm.read"}}}
}

// What a refusal says is somebody else's words: only our own scopes are taken
// from it.
func TestTheRefusedPermissionsAreReadFromTheRefusal(t *testing.T) {
	p := &Pages{Channels: &channel.Desk{Connectors: map[platform.Name]platform.Connector{"x": scoped{}}}}
	refuse := func(code, said string) error { return &platform.Refusal{Code: code, Said: said} }
	for _, row := range []struct {
		what string
		err  error
		want string
	}{
		{"two of three", refuse("platform.consent.missing_permission", "not granted: tweet.write, dm.read"), "tweet.write dm.read"},
		{"part of another word", refuse("platform.consent.missing_permission", "tweet.writer <script>"), ""},
		{"nothing named", refuse("platform.consent.missing_permission", "insufficient scope"), ""},
		{"another refusal", refuse("platform.consent.expired", "tweet.write"), ""},
		{"no refusal", context.Canceled, ""},
	} {
		if got := strings.Join(p.lacking("x", row.err), " "); got != row.want {
			t.Errorf("%s: %q", row.what, got)
		}
	}
	if got := p.lacking("smoke", refuse("platform.consent.missing_permission", "tweet.write")); len(got) != 0 {
		t.Errorf("an unknown platform: %q", got)
	}
}
