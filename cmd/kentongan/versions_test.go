package main

import (
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// What doctor and the page of channels say of a connected platform whose API
// version ends: nothing, then a warning, then that it has ended. The date is
// the connector's own; the settings' default is the version it speaks.
func TestDoctorWarns90DaysBeforeAConnectedVersionEnds(t *testing.T) {
	t.Parallel()
	o := anOffice(t, []string{"KENTONGAN_DATA=" + t.TempDir(), "KENTONGAN_REDIS_MODE=embedded"})
	_, err := o.channels.ConnectManual(t.Context(), o.member(t, "bayu", "admin"), channel.Manual{Platform: platform.Facebook, Handle: "Kota", URL: "https://www.facebook.com/kota"})
	if err != nil {
		t.Fatal(err)
	}
	told := func(now time.Time) string {
		o.channels.Now = func() time.Time { return now }
		all, err := o.versions(t.Context())
		if err != nil || len(all) > 1 {
			t.Fatal(all, err)
		}
		if len(all) == 0 {
			return ""
		}
		return fault.Code(all[0])
	}
	end := time.Date(2028, time.July, 29, 0, 0, 0, 0, time.UTC) // of Graph API v25.0
	if got := told(end.AddDate(0, 0, -1)); got != "" {
		t.Errorf("an account written by hand calls nothing, yet: %s", got)
	}
	base := ""
	for _, c := range o.box.Credentials(o.platforms) {
		if c.Platform != "facebook" || base != "" {
			continue
		}
		base = c.BaseURL
		if _, err := o.channels.ConnectSandbox(t.Context(), o.agency.ID, channel.Credential{
			Platform: platform.Facebook, BaseURL: c.BaseURL, Token: platform.Token{Access: c.Token.Access},
			App: platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		what string
		now  time.Time
		want string
	}{
		{"91 days before", end.AddDate(0, 0, -91), ""},
		{"90 days before", end.AddDate(0, 0, -90), "platform.version_ending"},
		{"the day it ends", end, "platform.version_ended"},
	} {
		if got := told(row.now); got != row.want {
			t.Errorf("%s: %q", row.what, got)
		}
	}
}
