package channel_test

import (
	"slices"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
)

// A Telegram channel's discussion group, a page's second id: what is pushed
// there belongs to the channel.
func TestAnAccountIsFoundByItsOtherIDs(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		c := o.connect(t, credential("several"))
		if !slices.Equal(c.Also, []string{"-100", "-200"}) {
			t.Fatalf("also %q", c.Also)
		}
		if a, err := o.Account(t.Context(), c); err != nil || !slices.Equal(a.Also, c.Also) {
			t.Errorf("the connector is told %q, %v", a.Also, err)
		}
		for id, want := range map[string]int{"77": 1, "-100": 1, "-200": 1, "-1": 0, "%": 0, "": 0, "-100 -200": 0} {
			o.update(t, func(tx *db.Tx) error {
				found, err := channel.ByAccount(t.Context(), tx, "paper", "https://paper.example", id)
				if len(found) != want {
					t.Errorf("%q: %d found", id, len(found))
				}
				return err
			})
		}
	})
}

// The platform accepted a message and says later that it failed: whoever
// watches must look again, once.
func TestWhatAPlatformSaysLaterIsNew(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		c := o.connect(t, credential("access"))
		seen := channel.Sighting{Channel: c.ID, RemoteID: "9", PostedAt: noon, SeenAt: noon}
		for _, step := range []struct {
			what        string
			key, failed string
			fresh       bool
		}{
			{"first seen", "", "", true},
			{"seen again", "", "", false},
			{"with the key of the delivery", "k1", "", true},
			{"the same again", "k1", "", false},
			{"it failed", "k1", "platform.window_closed", true},
			{"it failed, told twice", "k1", "platform.window_closed", false},
			{"told without either", "", "", false},
		} {
			seen.DeliveryKey, seen.Failed = step.key, step.failed
			o.update(t, func(tx *db.Tx) error {
				fresh, err := channel.Saw(t.Context(), tx, seen)
				if err != nil || fresh != step.fresh {
					t.Errorf("%s: fresh %v, %v", step.what, fresh, err)
				}
				return channel.Judge(t.Context(), tx, seen, channel.SightingOurs)
			})
		}
		o.update(t, func(tx *db.Tx) error {
			all, err := channel.Sightings(t.Context(), tx, c.ID, channel.SightingOurs)
			if len(all) != 1 || all[0].DeliveryKey != "k1" || all[0].Failed != "platform.window_closed" {
				t.Errorf("%+v", all)
			}
			return err
		})
	})
}

// What the connector reports through its context is on the month's bill.
func TestSpendingIsCountedByMonth(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		c := o.connect(t, credential("access"))
		for range 3 {
			platform.Spent(o.Spending(t.Context(), c.ID), 15_000)
		}
		o.Now = func() time.Time { return noon.AddDate(0, 1, 0) }
		platform.Spent(o.Spending(t.Context(), c.ID), 200_000)
		for month, want := range map[string]channel.Cost{"2026-03": {Calls: 3, USDMicros: 45_000}, "2026-04": {Calls: 1, USDMicros: 200_000}, "2026-05": {}} {
			o.update(t, func(tx *db.Tx) error {
				got, err := channel.Spending(t.Context(), tx, c.ID, month)
				if got != want {
					t.Errorf("%s: %+v", month, got)
				}
				return err
			})
		}
	})
}
