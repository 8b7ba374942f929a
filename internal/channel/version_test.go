package channel_test

import (
	"testing"
	"time"

	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// dated is a platform whose versions end.
type dated struct{ *paper }

func (dated) Versions() []platform.Version {
	return []platform.Version{
		{Name: "v26.0"},
		{Name: "v25.0", Ends: time.Date(2028, 7, 29, 0, 0, 0, 0, time.UTC)},
		{Name: "v24.0", Ends: time.Date(2028, 2, 18, 0, 0, 0, 0, time.UTC)},
	}
}

func TestAVersionIsWarnedOf90DaysBeforeItEnds(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	o.Connectors["facebook"] = dated{o.paper}
	end := time.Date(2028, 7, 29, 0, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		what, used string
		now        time.Time
		want       string
		days       any
	}{
		{"91 days before", "v25.0", end.AddDate(0, 0, -91), "", nil},
		{"90 days before", "v25.0", end.AddDate(0, 0, -90), "platform.version_ending", 90},
		{"the last hour", "v25.0", end.Add(-time.Hour), "platform.version_ending", 1},
		{"the day it ends", "v25.0", end, "platform.version_ended", nil},
		{"long after", "v25.0", end.AddDate(2, 0, 0), "platform.version_ended", nil},
		{"an older version ends earlier", "v24.0", end.AddDate(0, 0, -91), "platform.version_ended", nil},
		{"a version without an announced end", "v26.0", end.AddDate(5, 0, 0), "", nil},
		{"the connector's own", "", end.AddDate(5, 0, 0), "", nil},
		{"one that was never tested", "v99.0", end, "platform.version_unknown", nil},
	} {
		o.Now = func() time.Time { return row.now }
		o.Version = func(platform.Name) string { return row.used }
		err := o.CheckVersion("facebook")
		if code(err) != row.want {
			t.Errorf("%s: %v", row.what, err)
		}
		if f := fault.Find(err); row.days != nil && (f == nil || f.Args["days"] != row.days || f.Args["date"] != "2028-07-29") {
			t.Errorf("%s: %+v", row.what, f)
		}
	}
	if err := o.CheckVersion("paper"); err != nil {
		t.Errorf("a platform without versions: %v", err)
	}
	if err := o.CheckVersion(platform.WhatsAppChannel); err != nil {
		t.Errorf("by hand: %v", err)
	}
}
